"""A TOML file, read as text that keeps its lines: `read_document`."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk.settings.faults import Fault, FaultyFileError
from kiosk.settings.lines import find_line


@dataclass(frozen=True, slots=True)
class Document:
    values: dict[str, Any]
    text: str

    def placed(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """The faults, each with the line that its path stands on."""
        return tuple(
            Fault(fault.path, find_line(self.text, fault.path), fault.problem, fault.remedy) for fault in faults
        )


def read_document(path: Path, absent: str, error: type[FaultyFileError] = FaultyFileError) -> Document:
    """Raises `error` where the file cannot be read (`absent` is the remedy), is not UTF-8 or no TOML."""
    text = _text(path, absent, error)
    try:
        return Document(tomllib.loads(text), text)
    except (ValueError, RecursionError) as found:  # a number of 5,000 digits and 1,000 brackets are no TOMLDecodeError
        raise error(path, (_syntax_fault(text, found),)) from found


def _text(path: Path, absent: str, error: type[FaultyFileError]) -> str:
    """Editors on Windows put a byte order mark first, which TOML does not know."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as found:
        fault = Fault("", None, "the file is not UTF-8", "save it as UTF-8 (an editor may call GBK 'ANSI')")
        raise error(path, (fault,)) from found
    except OSError as found:
        raise error(path, (Fault("", None, f"cannot be read: {found.strerror}", absent),)) from found


_REMEDIES: Final = (
    (r"^Cannot declare .* twice", "keep one of the two headings; each further window is another [[window]]"),
    (
        r"^Cannot overwrite a value|^Duplicate inline table key",
        "it stands here a second time, or once as [section] and once as [[section]]: keep one",
    ),
    (r"^Cannot (mutate|redefine)", "it is already written in another way: as [section], [[section]] or { }; keep one"),
    (r"^Expected '=' after a key", "write key = value"),
    (r"^Expected '\]\]?' at the end", "write [section], or [[window]] for each window"),
    (r"^Unescaped '\\' in a string", "put a text that holds \\ in 'single quotes'"),
    (r"^Unclosed array", "end the list with ]"),
    (r"^Unclosed inline table", "end it with }, on the same line"),
)
"""What `tomllib` finds, and what to do about it."""


def _syntax_fault(text: str, error: Exception) -> Fault:
    """`tomllib` of Python 3.11 tells the place in its words alone."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    problem = str(error)[: found.start()] if found else str(error)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    remedies = (remedy for pattern, remedy in _REMEDIES if re.search(pattern, problem))
    return Fault(
        "", line, f"not valid TOML: {problem}", next(remedies, 'write text in "quotes", one key = value a line')
    )
