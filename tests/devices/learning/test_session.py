"""The conversation, without any port: what is asked for, in which order, and how it ends."""

from collections.abc import Callable

import pytest
from boxes import LEVELS, Box, crc16_frame, ft12, loaded
from hypothesis import given
from hypothesis import strategies as st

from devices.learning.findings import Finding
from devices.learning.session import MOST_PRESSES, TIME_OUT_MS, Session, advance
from devices.learning.steps import (
    BURST_ENDS_MS,
    KEYBOARD,
    LINES,
    BytesHeard,
    Cancelled,
    CheckKeys,
    ClosePort,
    Done,
    Effect,
    Event,
    Failed,
    FindPort,
    OpenPort,
    Port,
    PortChosen,
    PortLost,
    PortOpened,
    PortsSeen,
    PressKey,
    Review,
    Silence,
    TryLine,
    WaitTimeOut,
    WriteProfile,
)
from devices.profile_parts import SerialLink

BOX = Port("/dev/ttyUSB3", "1a86:7523 at 1-1.2", usb="1a86:7523")
OTHER = Port("/dev/ttyS0", "/dev/ttyS0")
TYPING = Port("/dev/input/by-id/usb-box-event-kbd", "usb-box-event-kbd", "keyboard")


class Talk:
    """Keeps the session and what it wanted done."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.effects: list[Effect] = []
        self._clock_ms = 0

    def happens(self, *events: Event) -> None:
        for event in events:
            self.session, effects = advance(self.session, event)
            self.effects += effects

    def hears(self, data: bytes) -> None:
        self._clock_ms += 5_000
        self.happens(BytesHeard(data, self._clock_ms), Silence(BURST_ENDS_MS))

    def presses(self, box: Box, levels: tuple[int, ...] = LEVELS) -> None:
        """Answers TryLine and PressKey until the box is to be left alone."""
        if isinstance(self.session.step, TryLine):
            for press in range(3):
                self.hears(box(5, 100 + press))
        while isinstance(self.session.step, PressKey):
            level = self.session.step.level
            if level in levels:
                self.hears(box(level, self._clock_ms // 5_000))
            else:
                self.happens("skip")


@pytest.fixture
def talk() -> Talk:
    return Talk(Session("learnt-box"))


@pytest.fixture
def opened(talk: Talk) -> Talk:
    talk.happens(PortChosen(BOX))
    return talk


@pytest.fixture
def reviewing(opened: Talk) -> Talk:
    opened.presses(ft12)
    opened.happens("skip")
    assert isinstance(opened.session.step, Review)
    return opened


def check_keys(talk: Talk, box: Callable[[int], bytes]) -> None:
    while isinstance(talk.session.step, CheckKeys):
        talk.hears(box(talk.session.step.asked[0]))


def reasons(talk: Talk) -> tuple[Finding, ...]:
    assert isinstance(talk.session.step, Failed), talk.session.step
    return talk.session.step.cannot.reasons


def test_the_port_that_comes_and_stays_is_the_box(talk: Talk) -> None:
    talk.happens(PortsSeen((OTHER,)), PortsSeen((OTHER, BOX)))
    assert isinstance(talk.session.step, FindPort)

    talk.happens(PortsSeen((OTHER, BOX)))

    assert talk.session.step == TryLine(0)
    assert talk.effects == [ClosePort(), OpenPort(BOX, LINES[0])]


def test_a_box_that_was_plugged_in_is_found_by_pulling_it_out_and_putting_it_back(talk: Talk) -> None:
    talk.happens(PortsSeen((OTHER, BOX)), PortsSeen((OTHER,)), PortsSeen((OTHER, BOX)), PortsSeen((OTHER, BOX)))

    assert talk.session.port == BOX


def test_two_ports_that_come_together_are_left_to_the_engineer(talk: Talk) -> None:
    talk.happens(PortsSeen(()), *[PortsSeen((OTHER, BOX))] * 3)
    assert isinstance(talk.session.step, FindPort)

    talk.happens(PortChosen(BOX))

    assert talk.session.port == BOX


def test_a_port_that_flickers_is_not_taken(talk: Talk) -> None:
    talk.happens(PortsSeen(()), PortsSeen((BOX,)), PortsSeen(()), PortsSeen((BOX,)), PortsSeen(()))

    assert isinstance(talk.session.step, FindPort)


def test_the_next_line_setting_is_tried_while_presses_make_no_sense(opened: Talk) -> None:
    for garbage in (b"\xf8\x00", b"\xe0", b"\x00\x00\x80"):
        opened.hears(garbage)
    assert opened.session.step == TryLine(1, anything=True)
    assert opened.effects[-1] == OpenPort(BOX, LINES[1])

    opened.happens("next")
    for press in range(3):
        opened.hears(ft12(5, press))

    assert opened.session.step == PressKey(5)
    assert opened.session.link == LINES[2]


@pytest.mark.parametrize(("heard", "reason"), [(b"", "nothing-heard"), (b"\xff", "lines-exhausted")])
def test_at_the_end_of_the_line_settings_it_says_so(opened: Talk, heard: bytes, reason: str) -> None:
    if heard:
        opened.hears(heard)
    for _ in LINES:
        opened.happens("next")

    assert reasons(opened) == (Finding(reason),)  # type: ignore[arg-type]
    assert opened.effects[-1] == ClosePort()


def test_a_box_that_types_needs_no_line(talk: Talk) -> None:
    talk.happens(PortChosen(TYPING))

    assert talk.session.step == PressKey(5)
    assert talk.effects == [ClosePort(), OpenPort(TYPING, KEYBOARD)]


def test_keys_are_asked_for_from_best_to_worst_and_checked_in_another_order(reviewing: Talk) -> None:
    assert list(reviewing.session.pressed) == list(LEVELS)
    assert {len(bursts) for bursts in reviewing.session.pressed.values()} == {3}

    reviewing.happens("next")
    assert isinstance(reviewing.session.step, CheckKeys)
    assert reviewing.session.step.asked == (3, 1, 5, 2, 4)
    check_keys(reviewing, lambda level: ft12(level, 0))

    assert isinstance(reviewing.session.step, Done)
    close, write = reviewing.effects[-2:]
    assert close == ClosePort()
    assert isinstance(write, WriteProfile)
    assert loaded(write.text).usb == ("1a86:7523",)


def test_nothing_is_written_before_every_key_was_read_rightly(reviewing: Talk) -> None:
    reviewing.happens("next")
    reviewing.hears(ft12(3, 0))

    reviewing.hears(ft12(2, 0))

    assert reasons(reviewing) == (Finding("test-failed", ("1", "2")),)
    assert not any(isinstance(effect, WriteProfile) for effect in reviewing.effects)


def test_a_key_that_is_not_understood_three_times_fails_the_check(reviewing: Talk) -> None:
    reviewing.happens("next")

    for _ in range(3):
        reviewing.hears(b"\x68\x00")

    assert reasons(reviewing) == (Finding("test-silent", ("3",)),)


def test_skipping_a_key_makes_it_a_level_that_the_box_lacks(opened: Talk) -> None:
    opened.presses(crc16_frame, (5, 4, 2))
    opened.happens("next", "next")

    assert isinstance(opened.session.step, CheckKeys)
    assert opened.session.step.asked == (5, 2, 4)
    assert loaded(opened.session.step.learnt.profile).lacks == (1, 3)


def test_going_back_asks_for_the_key_before_anew(opened: Talk) -> None:
    for press in range(3):
        opened.hears(ft12(5, press))
    for _ in range(3):
        opened.hears(ft12(4, 0))
    assert opened.session.step == PressKey(4)

    opened.happens("back")

    assert opened.session.step == PressKey(5)
    assert 5 not in opened.session.pressed


def test_presses_that_do_not_agree_are_asked_for_again_but_not_for_ever(opened: Talk) -> None:
    for press in range(3):
        opened.hears(ft12(5, press))
    for length in range(1, MOST_PRESSES):
        opened.hears(b"\x11" * length + b"\x12")
        assert opened.session.step == PressKey(5)

    opened.hears(b"\x13")

    assert opened.session.step == PressKey(4)


def test_the_code_of_a_time_out_is_waited_for_and_the_wait_ends(opened: Talk) -> None:
    opened.presses(ft12)
    assert opened.session.step == WaitTimeOut()

    opened.happens(Silence(5_000))
    opened.hears(b"\xff\x68\x03\x03\x68\x81\x11\x09\x9b\x16")
    opened.happens(Silence(1_000), Silence(TIME_OUT_MS - 5_000))

    assert isinstance(opened.session.step, Review)
    assert loaded(opened.session.step.learnt.profile).press.timeout_keys == {b"\x09"}


def test_a_heartbeat_that_was_taken_for_a_press_is_taken_back_and_the_key_asked_for_again(opened: Talk) -> None:
    beat = b"\xbe\xa7"
    for press in range(3):
        opened.hears(ft12(5, press))
    for burst in (ft12(5, 0), beat, beat):
        opened.hears(burst)
    opened.presses(ft12)
    opened.hears(beat)
    opened.happens("next")

    assert opened.session.step == PressKey(5)
    opened.hears(beat)
    assert opened.session.step == PressKey(5)
    opened.hears(ft12(5, 0))
    opened.hears(ft12(5, 0))

    assert isinstance(opened.session.step, PressKey | Review)
    opened.presses(ft12)
    assert isinstance(opened.session.step, Review)


def test_from_a_review_one_may_press_again_or_try_another_line(reviewing: Talk) -> None:
    again, _ = advance(reviewing.session, "back")
    assert again.step == PressKey(5)
    assert again.pressed == {}

    other, effects = advance(reviewing.session, "skip")
    assert other.step == TryLine(1, anything=True)
    assert effects[-1] == OpenPort(BOX, LINES[1])


def test_a_number_makes_a_profile_for_a_shared_line() -> None:
    talk = Talk(Session("learnt-box", number=1))
    talk.happens(PortChosen(BOX))
    talk.presses(ft12)
    talk.happens("next")

    assert isinstance(talk.session.step, Review)
    profile = loaded(talk.session.step.learnt.profile)
    assert isinstance(profile.link, SerialLink)
    assert profile.link.wiring == "rs485"
    assert len(profile.addresses.evaluators) == 127


def test_nobody_is_asked_to_press_before_the_port_is_open(opened: Talk) -> None:
    assert not opened.session.opened
    opened.happens(PortOpened())
    assert opened.session.opened

    opened.happens("next")

    assert not opened.session.opened


def test_a_lost_port_is_told_and_looked_for_anew(opened: Talk) -> None:
    opened.happens(PortLost("port /dev/ttyUSB3 was lost: the box or its adapter was unplugged", "missing"))
    assert reasons(opened)[0].code == "port-lost"

    opened.happens("back")

    assert opened.session.step == FindPort()


def test_giving_up_closes_the_port_and_writes_nothing(opened: Talk) -> None:
    opened.happens("cancel", "next", BytesHeard(b"5", 0), Silence(BURST_ENDS_MS))

    assert opened.session.step == Cancelled()
    assert opened.effects[-1] == ClosePort()


def test_the_silence_inside_a_burst_is_kept_for_the_guard(opened: Talk) -> None:
    for press in range(3):
        opened.hears(ft12(5, press))
    opened.happens(BytesHeard(ft12(5, 0), 1_000), BytesHeard(ft12(5, 0), 1_220), Silence(BURST_ENDS_MS))

    assert opened.session.pressed[5][0].longest_gap_ms == 220


events = st.one_of(
    st.sampled_from(["next", "back", "skip", "cancel"]),
    st.builds(PortsSeen, st.lists(st.sampled_from([BOX, OTHER, TYPING]), unique=True).map(tuple)),
    st.builds(PortChosen, st.sampled_from([BOX, OTHER, TYPING])),
    st.just(PortOpened()),
    st.just(PortLost("gone", "missing")),
    st.builds(BytesHeard, st.binary(max_size=12) | st.builds(ft12, st.integers(1, 5), st.just(0)), st.just(0)),
    st.builds(Silence, st.sampled_from([0, BURST_ENDS_MS, 1_000, TIME_OUT_MS])),
)


@given(st.lists(events, max_size=60))
def test_any_order_of_events_is_taken_and_only_a_check_writes(happening: list[Event]) -> None:
    session = Session("learnt-box")
    for event in happening:
        before = session
        session, effects = advance(session, event)
        if any(isinstance(effect, WriteProfile) for effect in effects):
            assert isinstance(before.step, CheckKeys)
            assert isinstance(session.step, Done)
        assert len(session.burst.data) <= 1024
