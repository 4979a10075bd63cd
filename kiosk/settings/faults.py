"""What can be wrong with a file that people write, and how it is told."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    path: str
    """Dotted, as in the file; a table of a list is counted from 1: `window[2].name`. Empty: the file as a whole."""
    line: int | None
    problem: str
    remedy: str


class FaultyFileError(Exception):
    """The file cannot be used. `str()` lists every fault, one a line, in the order of the file."""

    def __init__(self, path: Path, faults: tuple[Fault, ...]) -> None:
        self.path = path
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line or 0))
        super().__init__("\n".join(self._told(fault) for fault in self.faults))

    def _told(self, fault: Fault) -> str:
        place = self.path.name if fault.line is None else f"{self.path.name}:{fault.line}"
        what = f"{fault.path}: {fault.problem}" if fault.path else fault.problem
        return f"{place}: {what} — {fault.remedy}"


class SettingsError(FaultyFileError):
    """The settings cannot be used."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A remedy for a name that is not known: the nearest one, or all that there are."""
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(given, names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"choose from: {', '.join(names)}" if names else "remove it"
