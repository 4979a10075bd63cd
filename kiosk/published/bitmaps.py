"""What a bitmap says of its own size, before anybody decodes it. Pure: bytes in, a size out."""

import struct
from typing import Final

MOST_SIDE: Final = 4096
"""Pixels. A larger one costs more memory than a kiosk has to spare."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers whose segment has the size (start of frame)."""


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is neither PNG nor JPEG, or is cut short."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in _SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        if length < 2:
            return None
        at += 2 + length
    return None
