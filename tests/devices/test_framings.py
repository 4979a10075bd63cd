"""What every parser promises, for framings and streams made up at random."""

from hypothesis import assume, given
from hypothesis import strategies as st

from devices.frames import NOISE_BYTES, Broken, Frame
from devices.framing import Delimited, FixedFrame, Keystrokes, parser_for
from tests.devices.framings import CALM, FRAMINGS, bodies, cut, parse, streams


def held_bytes(parser) -> int:
    """All that a parser keeps, in whatever it keeps it."""
    return sum(len(value) for value in vars(parser).values() if isinstance(value, bytes | bytearray))


@CALM
@given(data=st.data(), framing=FRAMINGS, cuts=st.lists(st.integers(0, 400), max_size=20))
def test_any_chunking_of_any_bytes_gives_the_same_events(data, framing, cuts):
    stream = data.draw(streams(framing))
    assert parse(framing, *cut(stream, cuts)) == parse(framing, stream)
    assert parse(framing, *(bytes([byte]) for byte in stream)) == parse(framing, stream)


@CALM
@given(data=st.data(), framing=FRAMINGS, step=st.integers(1, 70))
def test_no_bytes_make_a_parser_raise_or_grow(data, framing, step):
    stream = data.draw(streams(framing)) + data.draw(st.binary(max_size=600))
    parser = parser_for(framing)
    for at in range(0, len(stream), step):
        parser.feed(stream[at : at + step])
        assert held_bytes(parser) <= framing.longest + 1
        assert len(parser._noise) < NOISE_BYTES
    parser.flush()
    assert not parser.pending
    assert held_bytes(parser) == len(parser._noise) == 0


@CALM
@given(data=st.data(), framing=FRAMINGS)
def test_every_byte_is_told_of_once_but_preambles_and_what_stands_in_a_wrong_frame(data, framing):
    stream = data.draw(streams(framing))
    events = parse(framing, stream)
    told = b"".join(event.raw for event in events)
    if not any(isinstance(event, Broken) and event.kind == "checksum" for event in events):
        assert told == stream or (framing.preamble and len(told) < len(stream))
    assert all(len(event.raw) <= max(NOISE_BYTES, framing.longest) for event in events)


@CALM
@given(data=st.data(), framing=FRAMINGS)
def test_a_frame_is_found_behind_any_noise_and_a_silence(data, framing):
    noise, body = data.draw(st.binary(max_size=300)), data.draw(bodies(framing))
    raw = framing.encode(body)
    assume(not ambiguous(framing, raw))
    parser = parser_for(framing)
    parser.feed(noise)
    parser.flush()
    assert parser.feed(raw) + parser.flush() == [Frame(body, raw)]


def ambiguous(framing, raw: bytes) -> bool:
    """A mark inside a frame between marks may end it there, or begin another."""
    match framing:
        case Delimited(start, end):
            return raw.find(end) != len(raw) - len(end) or (start != b"" and start in raw[1:])
        case Keystrokes(end) if end:
            return raw.find(end) != len(raw) - len(end)
        case _:
            return False


@CALM
@given(data=st.data(), framing=FRAMINGS)
def test_a_silence_matters_only_while_something_is_pending(data, framing):
    stream = data.draw(streams(framing))
    parser, other = parser_for(framing), parser_for(framing)
    parser.feed(stream)
    other.feed(stream)
    if not parser.pending:
        assert parser.flush() == []
        again = data.draw(streams(framing))
        assert parser.feed(again) == other.feed(again)


def test_a_preamble_is_no_noise_however_often_it_stands_there():
    framing = FixedFrame(preamble=b"\xff", start=b"\xaa", body_length=2, checksum="xor8", end=b"")
    raw = framing.encode(b"\x01\x02")
    assert parse(framing, b"\xff\xff" + raw + b"\xff" + raw) == [Frame(b"\x01\x02", raw)] * 2
