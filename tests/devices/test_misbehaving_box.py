"""The emulated box at its worst, before the real readers: every shipped profile, and each way to fail on demand."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from devices.emulator import EmulatedEvaluator, serve
from devices.evaluator import Evaluator, evaluator_for
from devices.facts import BadFrame, EvaluatorFound, EvaluatorLost, KeyDropped, KeyPressed
from devices.host_frames import commands_in, described
from devices.misbehaviour import FAULTS, pieces
from devices.port_finding import PortChoice
from devices.profile import load_profile, shipped_profiles
from devices.profile_parts import KeyboardLink

START = Callable[..., tuple[EmulatedEvaluator, Evaluator]]


@pytest.fixture
def plugged(tmp_path: Path, listener) -> Iterator[START]:
    """An emulated box of a shipped profile, and the real reader before it."""
    made: list[tuple[EmulatedEvaluator, Evaluator]] = []

    def plug(name: str, *, guard_ms: int = 5000) -> tuple[EmulatedEvaluator, Evaluator]:
        shipped = load_profile(name)
        profile = replace(shipped, press=replace(shipped.press, guard_ms=guard_ms))
        box = EmulatedEvaluator(profile, tmp_path / name)
        place = box.port if isinstance(profile.link, KeyboardLink) else PortChoice(box.port)
        address = profile.addresses.evaluators[0]
        reader = evaluator_for("b1", place, profile, frozenset({address}), listener)
        made.append((box, reader))
        reader.start()
        listener.wait(EvaluatorFound)
        return box, reader

    yield plug
    for box, reader in made:
        reader.stop()
        box.close()


def first(name: str) -> int:
    return load_profile(name).addresses.evaluators[0]


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_box_can_be_pressed_pulled_out_and_put_back(name: str, plugged: START, listener) -> None:
    box, _ = plugged(name, guard_ms=0)
    best = load_profile(name).levels[0]
    box.press(first(name), best)
    assert [press.level for press in listener.wait(KeyPressed)] == [best]
    box.unplug()
    listener.wait(EvaluatorLost)
    box.plug()
    listener.wait(EvaluatorFound, 2)
    box.press(first(name), load_profile(name).levels[-1])
    assert [press.level for press in listener.wait(KeyPressed, 2)] == [best, load_profile(name).levels[-1]]


@pytest.mark.parametrize("name", ["rs485-ft12", "framed-xor", "keyboard-digits-enter"])
def test_a_frame_in_pieces_and_one_that_is_said_three_times_are_one_press(name: str, plugged: START, listener) -> None:
    box, reader = plugged(name)
    box.faults = {"split", "repeat"}
    box.press(first(name), 4)
    listener.wait(KeyPressed)
    box.faults.clear()
    box.press(first(name), 2)
    listener.wait(KeyDropped)
    assert [press.level for press in listener.of(KeyPressed)] == [4]
    assert reader.heard.counts.repeats == 2


def test_two_presses_in_one_piece_are_both_read(plugged: START, listener) -> None:
    box, _ = plugged("rs485-ft12")
    box.faults = {"merge"}
    assert box.press(0x81, 5) == b""
    box.press(0x81, 1)
    assert [press.level for press in listener.wait(KeyPressed)] == [5]
    assert [drop.why for drop in listener.wait(KeyDropped)] == ["guard"]


def test_a_key_beside_the_pressed_one_is_no_press(plugged: START, listener) -> None:
    box, _ = plugged("framed-xor")
    box.faults = {"bounce"}
    box.press(1, 3)
    assert [drop.key for drop in listener.wait(KeyDropped)] == [b"\x05"]
    assert [press.level for press in listener.of(KeyPressed)] == [3]


def test_a_frame_without_its_end_is_no_press(plugged: START, listener) -> None:
    box, _ = plugged("rs485-ft12")
    box.faults = {"drop"}
    box.press(0x81, 1)
    assert listener.wait(BadFrame)[0].kind == "noise"
    assert listener.of(KeyPressed) == []


@pytest.mark.parametrize("name", ["rs485-ft12", "keyboard-digits"])
def test_a_stuck_key_is_one_press_until_it_is_free(name: str, plugged: START, listener) -> None:
    box, _ = plugged(name)
    box.stick(first(name), 5)
    listener.wait(KeyPressed)
    assert box.stuck
    box.free()
    assert not box.stuck
    assert [press.level for press in listener.of(KeyPressed)] == [5]


def test_a_box_answers_its_probe_unless_it_is_silent() -> None:
    profile = load_profile("framed-xor")
    probe = profile.command_frame("probe", 1)
    with EmulatedEvaluator(profile, answers=True) as box, serial.Serial(box.path, timeout=5) as host:
        host.write(probe)
        assert host.read(5) == bytes.fromhex("AA 83 00 83 55")
        box.answers = False
        host.write(probe)
        assert len(box.wait_received(2, 5.0)) == 2
        box.send(b"\x00")
        assert host.read(1) == b"\x00", "nothing came before it"


def test_what_the_host_says_is_told_by_name() -> None:
    ft12, xor = load_profile("rs485-ft12"), load_profile("framed-xor")
    assert described(ft12, ft12.command_frame("show_stars", 0x83)) == "show_stars, box 83"
    assert described(xor, xor.command_frame("pause", 1)) == "pause"
    assert described(xor, bytes.fromhex("AA 77 00 77 55")) == "no command of this profile"
    assert described(xor, b"noise") == ""
    assert commands_in(xor, bytes.fromhex("02 01")) == ("acknowledge",)


def typed(name: str, *lines: str) -> list[str]:
    out = io.StringIO()
    assert serve(name, io.StringIO("\n".join(lines)), out, noise=lambda count: bytes(range(count))) == 0
    return out.getvalue().splitlines()[1:]


def test_each_way_to_misbehave_is_typed_on_and_off() -> None:
    lines = [line for fault in FAULTS for line in (fault, fault)]
    assert typed("framed-xor", *lines) == [f"{fault}: {turn}" for fault in FAULTS for turn in ("on", "off")]
    assert typed("framed-xor", "merge", "press 01 5", "press 01 4", "silent", "silent", "stuck 01 3", "free") == [
        "merge: on",
        "held back: sent with the next press",
        "sent AA 01 05 04 55 AA 01 04 05 55",
        "answers no command",
        "answers again",
        "key 3 is stuck: type free to let it go",
        "no key is stuck",
    ]


def test_a_box_that_types_is_emulated_by_keystrokes() -> None:
    assert typed("keyboard-digits", "press 01 5", "raw 00 1C", "raw 1C", "noise 2", "unplug", "stuck 01 5") == [
        "sent 00 06",
        "sent 00 1C",
        "a key is a code of two bytes: type raw 00 06 for KEY_5",
        "sent 00 01 00 02",
        "unplugged",
        "the box is unplugged: type plug first",
    ]


@given(
    st.binary(min_size=2, max_size=12),
    st.binary(min_size=1, max_size=12),
    st.sets(st.sampled_from(FAULTS)),
    st.sampled_from([1, 2]),
)
def test_pieces_keep_what_they_must(frame: bytes, other: bytes, faults: set[str], unit: int) -> None:
    first_sent, waiting = pieces(frame, other, faults, unit, b"")
    sent, left = pieces(frame, other, faults, unit, waiting)
    assert left == b""
    assert "merge" not in faults or first_sent == ()
    assert "split" not in faults or all(len(piece) <= unit for piece in sent)
    alone = frame[:-unit] if "drop" in faults else frame
    once = alone * (3 if "repeat" in faults else 1) + (other if "bounce" in faults else b"")
    assert b"".join(first_sent) + b"".join(sent) == once * 2
