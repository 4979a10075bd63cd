"""Codes from bytes and from keys, without a scanner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.input_events import EventsDropped, KeyMoved
from devices.key_codes import PLAIN, SHIFTED
from devices.scanned_text import LONGEST_BYTES, Code, SentText, TypedText, Unreadable

ENTER, LEFT_SHIFT, RIGHT_SHIFT, CTRL, KP_5, KP_ENTER = 28, 42, 54, 29, 76, 96
PLAIN_CODES = {text: code for code, text in PLAIN.items()}
SHIFTED_CODES = {text: code for code, text in SHIFTED.items()}


def sent(*chunks):
    text = SentText()
    scans = [scan for chunk in chunks for scan in text.feed(chunk)]
    return scans + text.flush()


def typed(*events):
    text = TypedText()
    scans = [scan for event in events for scan in text.feed(event)]
    return scans + text.flush()


def keys(text):
    """The keys that a scanner presses for `text`, Enter included."""
    events = []
    for character in text:
        if character in PLAIN_CODES:
            events += [KeyMoved(PLAIN_CODES[character], move) for move in ("down", "up")]
        else:
            key = SHIFTED_CODES[character]
            events += [KeyMoved(LEFT_SHIFT, "down"), KeyMoved(key, "down"), KeyMoved(key, "up")]
            events += [KeyMoved(LEFT_SHIFT, "up")]
    return [*events, KeyMoved(ENTER, "down"), KeyMoved(ENTER, "up")]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r", b"\r\n\r\n"])
def test_a_code_ends_with_its_line_whatever_ends_lines(end):
    assert sent(b"510000-2026-001" + end + b"A2" + end) == [Code("510000-2026-001"), Code("A2")]


def test_chinese_is_read_in_both_encodings():
    assert sent("办件12\n".encode()) == [Code("办件12")]
    assert sent("办件12\n".encode("gb18030")) == [Code("办件12")]


@pytest.mark.parametrize("line", [b"A\x1dB\n", b"A\tB\n", b"\xff\xff\xff\n", b"A\x00\n", "A\u200bB\n".encode()])
def test_control_characters_and_unknown_encodings_are_refused(line):
    assert sent(line, b"A1\n") == [Unreadable(), Code("A1")]


def test_a_code_that_never_ends_is_refused_once_and_the_next_is_read():
    assert sent(b"X" * (LONGEST_BYTES + 1), b"X" * 10_000, b"\nA1\n") == [Unreadable(), Code("A1")]
    assert sent(b"X" * LONGEST_BYTES + b"\n") == [Code("X" * LONGEST_BYTES)]


def test_a_code_cut_short_by_silence_is_refused_and_not_joined_to_the_next():
    text = SentText()
    assert text.feed(b"5100") == []
    assert text.pending
    assert text.flush() == [Unreadable()]
    assert not text.pending
    assert text.feed(b"0026\n") == [Code("0026")]


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\r\n", b"A1\n"])).map(b"".join), st.integers(1, 9))
def test_any_chunking_of_any_bytes_gives_the_same_codes_in_bounded_memory(stream, size):
    text = SentText()
    scans = []
    for at in range(0, len(stream), size):
        scans += text.feed(stream[at : at + size])
        assert len(text._line) <= LONGEST_BYTES
    assert scans + text.flush() == sent(stream)


@given(st.text("".join({**PLAIN_CODES, **SHIFTED_CODES}), max_size=30))
def test_what_a_scanner_types_is_read_as_it_was_printed(text):
    code = text.strip(" ")
    assert typed(*keys(text)) == ([Code(code)] if code else [])


def test_either_shift_the_keypad_and_its_enter_are_understood():
    events = [KeyMoved(RIGHT_SHIFT, "down"), KeyMoved(30, "down"), KeyMoved(RIGHT_SHIFT, "up"), KeyMoved(KP_5, "down")]
    assert typed(*events, KeyMoved(KP_ENTER, "down")) == [Code("A5")]


def test_a_held_key_types_once():
    assert typed(KeyMoved(2, "down"), *[KeyMoved(2, "held")] * 50, KeyMoved(ENTER, "down")) == [Code("1")]


@pytest.mark.parametrize("lost", [EventsDropped(), KeyMoved(CTRL, "down"), KeyMoved(500, "down")])
def test_a_code_with_something_lost_or_unknown_in_it_is_refused(lost):
    assert typed(KeyMoved(2, "down"), lost, KeyMoved(3, "down"), *keys(""), *keys("12")) == [Unreadable(), Code("12")]


def test_typing_that_never_ends_is_refused_in_bounded_memory():
    text = TypedText()
    for _ in range(LONGEST_BYTES * 2):
        assert text.feed(KeyMoved(2, "down")) == []
        assert len(text._text) <= LONGEST_BYTES
    assert text.feed(KeyMoved(ENTER, "down")) == [Unreadable()]
