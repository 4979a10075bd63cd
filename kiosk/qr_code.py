"""QR codes (ISO/IEC 18004) as modules to draw: level M, a quiet zone of four modules around."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

QUIET_ZONE: Final = 4


@dataclass(frozen=True, slots=True)
class QrModules:
    side: int
    """In modules, the quiet zone included."""
    runs: tuple[tuple[int, int, int], ...]
    """Dark modules that touch in a row: column, row, how many."""


def qr_modules(text: str) -> QrModules:
    from qrcode.constants import ERROR_CORRECT_M  # loaded with the first code, not with the first frame
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text.encode())
    code.make(fit=True)
    matrix = code.get_matrix()
    runs = tuple((column, row, length) for row, line in enumerate(matrix) for column, length in _dark(line))
    return QrModules(len(matrix), runs)


def receipt_text(code: str, follow_up_page: str) -> str:
    """The address where the citizen asks what became of the rating; where there is none, the code by itself.

    Never Chinese: without a mark that few phones read, zbar takes the UTF-8 of 回执 for Shift JIS.
    """
    if not follow_up_page:
        return code
    parts = urlsplit(follow_up_page)
    return urlunsplit(parts._replace(query=f"receipt={code}"))


def _dark(line: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(line):
        if dark and found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((column, 1))
    return found
