"""What a draft says, told piece by piece so that an engineer can agree or see what is wrong."""

from collections.abc import Iterator
from typing import assert_never

from devices.framing import Delimited, FixedFrame, Framing, Keystrokes, LengthPrefixed, SingleByte
from devices.learning.draft import Draft
from devices.learning.findings import Finding
from devices.learning.key_place import KeyPlace
from devices.learning.presses import Presses
from devices.profile_parts import KeyboardLink, SerialLink


def beliefs(draft: Draft) -> tuple[Finding, ...]:
    return (*_line(draft), *_frame(draft.framing), *_meaning(draft))


def doubts(draft: Draft, place: KeyPlace, presses: Presses, unread: int) -> tuple[Finding, ...]:
    return tuple(_doubts(draft, place, presses, unread))


def line_text(link: SerialLink) -> str:
    """As engineers say it: 9600 8N1."""
    return f"{link.baud} {link.data_bits}{link.parity[0].upper()}{link.stop_bits}"


def _line(draft: Draft) -> Iterator[Finding]:
    match draft.link:
        case SerialLink():
            yield Finding("line", (line_text(draft.link),))
        case KeyboardLink():
            yield Finding("keyboard")
        case _:
            assert_never(draft.link)


def _frame(framing: Framing) -> Iterator[Finding]:
    match framing:
        case SingleByte():
            yield Finding("single-byte")
        case Keystrokes(end):
            yield Finding("keystrokes", (_hex(end),))
        case LengthPrefixed() | FixedFrame() | Delimited():
            yield from _framed(framing)
        case _:
            assert_never(framing)


def _framed(framing: LengthPrefixed | FixedFrame | Delimited) -> Iterator[Finding]:
    match framing:
        case LengthPrefixed():
            yield Finding("length-prefixed", (str(framing.length_copies),))
        case FixedFrame():
            yield Finding("fixed-frame", (str(framing.longest),))
        case Delimited():
            yield Finding("delimited")
        case _:
            assert_never(framing)
    if framing.start:
        yield Finding("start", (_hex(framing.preamble + framing.start),))
    if framing.end:
        yield Finding("end", (_hex(framing.end),))
    if framing.checksum != "none":
        yield Finding("checksum", (framing.checksum, framing.checksum_over))


def _meaning(draft: Draft) -> Iterator[Finding]:
    if draft.evaluators and draft.shared_line:
        yield Finding("address", (f"{draft.evaluators[0]:02X}", f"{draft.evaluators[1]:02X}"))
    for key, level in draft.keys.items():
        yield Finding("key", (str(level), _hex(key), _hex(draft.examples[level])))
    for level in draft.lacks:
        yield Finding("lacks", (str(level),))
    for key in draft.timeout_keys:
        yield Finding("timeout-key", (_hex(key),))
    if "press.guard_ms" not in draft.unverified:
        yield Finding("guard", (str(draft.guard_ms),))


def _doubts(draft: Draft, place: KeyPlace, presses: Presses, unread: int) -> Iterator[Finding]:
    if isinstance(draft.link, SerialLink):
        yield from _line_doubts(draft, draft.link, presses.number)
    for at in place.counters:
        yield Finding("counter", (str(at),))
    if "press.guard_ms" in draft.unverified:
        yield Finding("guard-assumed", (str(draft.guard_ms),))
    if not presses.asked_time_out:
        yield Finding("time-out-not-heard")
    if unread:
        yield Finding("noise-heard", (str(unread),))
    if draft.lacks:
        yield Finding("lacks-levels", (", ".join(map(str, draft.lacks)),))


def _line_doubts(draft: Draft, link: SerialLink, number: int | None) -> Iterator[Finding]:
    framing = draft.framing
    if isinstance(framing, SingleByte):
        yield Finding("no-start")
    elif not isinstance(framing, Keystrokes) and framing.checksum == "none":
        yield Finding("no-checksum")
    if isinstance(framing, SingleByte | Keystrokes) or framing.checksum == "none":
        yield Finding("baud-not-proven", (line_text(link),))
    if number is None:
        yield Finding("single-box-only")
    elif not draft.shared_line:
        yield Finding("address-not-found", (str(number),))


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
