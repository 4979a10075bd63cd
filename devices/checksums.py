"""The checksums that a framing may name, each with its size and its byte order on the line."""

from binascii import crc_hqx
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import xor
from types import MappingProxyType
from typing import Literal, TypeAlias

Over: TypeAlias = Literal["body", "frame"]
"""What a checksum is taken over: the body alone, or all from the first byte of `start` up to the checksum."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """`of` gives `size` bytes as they stand on the line."""

    size: int
    of: Callable[[bytes], bytes]


def _table(polynomial: int, *, reflected: bool) -> tuple[int, ...]:
    """The remainder of each byte: reflected for CRC-16/MODBUS, plain (8 bits) for CRC-8."""
    return tuple(_remainder(byte, polynomial, reflected=reflected) for byte in range(256))


def _remainder(value: int, polynomial: int, *, reflected: bool) -> int:
    for _ in range(8):
        if reflected:
            value = (value >> 1) ^ (polynomial if value & 1 else 0)
        else:
            value = ((value << 1) & 0xFF) ^ (polynomial if value & 0x80 else 0)
    return value


_CRC8 = _table(0x07, reflected=False)
_MODBUS = _table(0xA001, reflected=True)


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


def _crc16_modbus(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _MODBUS[(crc ^ byte) & 0xFF]
    return crc


CHECKSUMS: Mapping[str, Checksum] = MappingProxyType(
    {
        "none": Checksum(0, lambda _: b""),
        "sum8": Checksum(1, lambda data: bytes((sum(data) & 0xFF,))),
        "neg8": Checksum(1, lambda data: bytes((-sum(data) & 0xFF,))),
        "xor8": Checksum(1, lambda data: bytes((reduce(xor, data, 0),))),
        "crc8": Checksum(1, lambda data: bytes((_crc8(data),))),
        "crc16-modbus": Checksum(2, lambda data: _crc16_modbus(data).to_bytes(2, "little")),
        "crc16-ccitt": Checksum(2, lambda data: crc_hqx(data, 0xFFFF).to_bytes(2, "big")),
        "crc16-xmodem": Checksum(2, lambda data: crc_hqx(data, 0).to_bytes(2, "big")),
    }
)
