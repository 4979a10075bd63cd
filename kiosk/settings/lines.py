"""Finds the line of a dotted path in TOML text: `tomllib` gives values without their places.

Reads only as much of TOML as places need: headers, keys, and where a value goes on over several lines. The text has
been accepted by `tomllib` before.
"""

import re
from typing import Final

_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_ASSIGNMENT: Final = re.compile(rf"\s*({_DOTTED})\s*=\s*")
_QUIET: Final = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*''',
    re.DOTALL,
)
"""What may hold brackets that are none: strings and comments."""


def find_line(text: str, path: str) -> int | None:
    """Line of the path, else of the nearest part of it that stands in the text; None where nothing of it does."""
    places = key_lines(text)
    while path:
        if path in places:
            return places[path]
        path = path[:-3] if path.endswith("[1]") and path[:-3] in places else _shorter(path)
    return None


def key_lines(text: str) -> dict[str, int]:
    """Every header and key with its line, counted from 1; tables of a list are counted from 1 as well."""
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in _statements(text):
        if header := _HEADER.match(line):
            prefix = _dotted(header[2])
            if header[1] == "[[":
                counts[prefix] = counts.get(prefix, 0) + 1
                places.setdefault(prefix, number)
                prefix = f"{prefix}[{counts[prefix]}]"
            places.setdefault(prefix, number)
        elif assignment := _ASSIGNMENT.match(line):
            key = _dotted(assignment[1])
            places.setdefault(f"{prefix}.{key}" if prefix else key, number)
    return places


def _statements(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers, without those that go on with a value begun before."""
    blanked = _QUIET.sub(_blank, text)
    statements, depth = [], 0
    for number, (line, original) in enumerate(zip(blanked.split("\n"), text.split("\n"), strict=True), 1):
        if depth == 0:
            statements.append((number, original))
        value = line if depth or not _HEADER.match(original) else ""
        depth += sum(value.count(opening) for opening in "[{") - sum(value.count(closing) for closing in "]}")
    return statements


def _blank(found: re.Match[str]) -> str:
    """Keeps the line count; a text over several lines becomes one open bracket until its end."""
    lines = found[0].count("\n")
    return "[" + "\n" * lines + "]" if lines else ""


def _dotted(key: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_KEY, key))


def _shorter(path: str) -> str:
    return path.rpartition(".")[0]
