"""Single bytes and keystrokes: codes with nothing around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.frames import Broken, Frame
from devices.framing import Keystrokes, SingleByte, parser_for
from devices.profile import load_profile
from tests.devices.framings import CALM, parse

KEY_1, KEY_5, ENTER = b"\x00\x02", b"\x00\x06", b"\x00\x1c"
TYPED = Keystrokes()
ENTERED = Keystrokes(end=ENTER, max_codes=2)


def noise(raw: bytes) -> Broken:
    return Broken("noise", raw)


WIRE = {
    "a byte": (SingleByte(), b"5", [Frame(b"5", b"5")]),
    "a key held down": (SingleByte(), b"555", [Frame(b"5", b"5")] * 3),
    "another byte right behind": (SingleByte(), b"551", [Frame(b"5", b"5")] * 2 + [noise(b"1")]),
    "the same behind another": (SingleByte(), b"515", [Frame(b"5", b"5"), noise(b"15")]),
    "a line of text": (SingleByte(), b"5" + b"1234" * 20, [
        Frame(b"5", b"5"), noise(b"1234" * 16), noise(b"1234" * 4)
    ]),
    "a keystroke": (TYPED, KEY_5, [Frame(KEY_5, KEY_5)]),
    "what a scanner types": (TYPED, KEY_5 + KEY_1 + ENTER, [Frame(KEY_5, KEY_5), noise(KEY_1 + ENTER)]),
    "half a keystroke": (TYPED, KEY_5 + b"\x00", [Frame(KEY_5, KEY_5), noise(b"\x00")]),
    "keystroke and Enter": (ENTERED, KEY_5 + ENTER, [Frame(KEY_5, KEY_5 + ENTER)]),
    "two and Enter": (ENTERED, KEY_1 + KEY_5 + ENTER, [Frame(KEY_1 + KEY_5, KEY_1 + KEY_5 + ENTER)]),
    "Enter alone": (ENTERED, ENTER + KEY_5 + ENTER, [noise(ENTER), Frame(KEY_5, KEY_5 + ENTER)]),
    "what a scanner types, with Enter": (
        ENTERED, KEY_1 * 3 + ENTER + KEY_5 + ENTER, [noise(KEY_1 * 3 + ENTER), Frame(KEY_5, KEY_5 + ENTER)],
    ),
    "no Enter": (ENTERED, KEY_5, [noise(KEY_5)]),
    "the bytes of Enter across two codes": (ENTERED, b"\x05\x00\x1c\x05" + ENTER, [
        Frame(b"\x05\x00\x1c\x05", b"\x05\x00\x1c\x05" + ENTER)
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("framing", "stream", "events"), WIRE.values(), ids=WIRE.keys())
def test_the_wire_table_holds_whole_and_byte_by_byte(framing, stream, events):
    assert parse(framing, stream) == events
    assert parse(framing, *(bytes([byte]) for byte in stream)) == events


def test_a_silence_lets_another_key_be_heard():
    parser = parser_for(SingleByte())
    assert parser.feed(b"5") == [Frame(b"5", b"5")]
    assert parser.pending
    assert parser.flush() == []
    assert not parser.pending
    assert parser.feed(b"1") == [Frame(b"1", b"1")]


@CALM
@given(garbage=st.binary(min_size=1, max_size=500))
def test_garbage_without_a_silence_is_one_key_at_most(garbage):
    """The first byte cannot be told from a key; that is why a framed box is to be preferred."""
    profile = load_profile("ascii-digit")
    heard = {event.body for event in parse(profile.framing, garbage) if isinstance(event, Frame)}
    assert heard == {garbage[:1]}
