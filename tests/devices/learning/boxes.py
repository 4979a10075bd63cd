"""Made-up boxes: what each sends for the nth press of the key of a level."""

from collections.abc import Callable, Iterable

from devices.checksums import CHECKSUMS
from devices.learning.presses import Burst, Presses
from devices.learning.steps import LINES
from devices.profile import Profile
from devices.profile_file.root import read_profile

Box = Callable[[int, int], bytes]
LEVELS = (5, 4, 3, 2, 1)


def heard(box: Box, levels: Iterable[int] = LEVELS, times: int = 3, **more: object) -> Presses:
    """The bursts of so many presses of each key, one after the other."""
    numbers = iter(range(10_000))
    pressed = {level: tuple(Burst(box(level, next(numbers))) for _ in range(times)) for level in levels}
    lacks = tuple(sorted(set(LEVELS) - set(pressed)))
    return Presses(more.pop("link", LINES[0]), pressed, lacks, **more)


def loaded(text: str) -> Profile:
    profile = read_profile(text, "digest")
    assert isinstance(profile, Profile), profile
    return profile


def checked(kind: str, head: bytes, body: bytes, end: bytes = b"", *, over_all: bool = False) -> bytes:
    return head + body + CHECKSUMS[kind].of(head + body if over_all else body) + end


def crc16_frame(level: int, _: int) -> bytes:
    return checked("crc16-modbus", b"\xaa\x55", bytes((0x07, 0x20, level * 16)), over_all=True)


def text_line(level: int, _: int) -> bytes:
    return f"KEY={level}\r\n".encode()


def digit_line(level: int, _: int) -> bytes:
    return f"{level}\r".encode()


def counting(level: int, press: int) -> bytes:
    """A byte counts the presses; the checksum covers it."""
    return checked("xor8", b"\xa5", bytes((0x31, press & 0xFF, level)), b"\x5a")


def counting_sum(level: int, press: int) -> bytes:
    return checked("neg8", b"\x02", bytes((press & 0xFF, 0x40 + level, 0x00)), b"\x03", over_all=True)


def ft12(level: int, _: int) -> bytes:
    return b"\xff" + checked("sum8", b"\x68\x03\x03\x68", bytes((0x81, 0x11, level - 1)), b"\x16")


def long_length(level: int, _: int) -> bytes:
    return checked("crc8", b"\x7e\x05", bytes((0x01, 0x02, 0x03, 0x04, 9 - level)))


def twice_inverted(level: int, _: int) -> bytes:
    """Key and its inverse, without any checksum that a profile knows."""
    return bytes((0xC3, level, level ^ 0xFF, 0x3C))


def two_digit_key(level: int, _: int) -> bytes:
    """No single byte tells all keys apart: 11, 12, 21, 22, 23."""
    return b"\x02" + {5: b"11", 4: b"12", 3: b"21", 2: b"22", 1: b"33"}[level] + b"\x03"


def words(level: int, _: int) -> bytes:
    return ("BAD", "POOR", "FAIR", "GOOD", "EXCELLENT")[level - 1].encode() + b"\r\n"


READABLE = (
    crc16_frame, text_line, digit_line, counting, counting_sum, ft12, long_length, twice_inverted, two_digit_key,
)  # fmt: skip
