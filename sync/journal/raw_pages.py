"""Records straight from the bytes of a journal's pages, for a file that SQLite itself will not read any more.

Knows just enough of the SQLite file format (sqlite.org/fileformat2.html): leaf pages of a table, cells without
overflow, three columns: NULL (the row id), body, 32 bytes of hash. Old copies of a page give the same rows again.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

PAGE: Final = 1024
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_LEAF: Final = 0x0D
_HASH_TYPE: Final = 12 + 2 * 32
"""Serial type of a blob of 32 bytes."""

Row = tuple[int, bytes, bytes]


def rows_in(path: Path) -> Iterator[Row]:
    """(position, body, hash) of every record in whole pages of the file and of the write-ahead log beside it."""
    for page in (*_pages(path, 0, 0), *_pages(path.with_name(path.name + "-wal"), _WAL_HEADER, _FRAME_HEADER)):
        yield from _cells(page)


def _pages(path: Path, start: int, gap: int) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as stream:
        stream.seek(start)
        while len(chunk := stream.read(gap + PAGE)) == gap + PAGE:
            yield chunk[gap:]


def _cells(page: bytes) -> Iterator[Row]:
    if page[0] != _LEAF:
        return
    count = int.from_bytes(page[3:5])
    for index in range(min(count, (PAGE - 8) // 2)):
        offset = int.from_bytes(page[8 + 2 * index : 10 + 2 * index])
        row = _row(page, offset)
        if row is not None:
            yield row


def _row(page: bytes, offset: int) -> Row | None:
    """None for anything that is not a whole record of ours: the page may be noise."""
    try:
        length, offset = _varint(page, offset)
        position, offset = _varint(page, offset)
        payload = page[offset : offset + length]
        header, at = _varint(payload, 0)
        key_type, at = _varint(payload, at)
        body_type, at = _varint(payload, at)
        hash_type, at = _varint(payload, at)
    except IndexError:
        return None
    body_size = (body_type - 12) // 2
    ours = at == header and key_type == 0 and body_type % 2 == 0 and hash_type == _HASH_TYPE
    if not ours or len(payload) != length or length != header + body_size + 32:
        return None
    body = payload[header : header + body_size]
    return (position, body, payload[header + body_size :]) if body.startswith(b'{"kind":') else None


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    value = 0
    for place in range(9):
        byte = data[offset + place]
        if place == 8:
            return (value << 8) | byte, offset + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, offset + place + 1
    raise IndexError
