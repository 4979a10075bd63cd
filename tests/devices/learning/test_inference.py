"""From bursts to a profile: every press heard is read rightly, or it is said plainly why not."""

import pytest
from boxes import (
    LEVELS,
    READABLE,
    Box,
    counting,
    crc16_frame,
    digit_line,
    ft12,
    heard,
    loaded,
    long_length,
    text_line,
    twice_inverted,
    words,
)
from hypothesis import given
from hypothesis import strategies as st

from devices.checksums import CHECKSUMS
from devices.framing import Delimited, FixedFrame, Keystrokes, LengthPrefixed, SingleByte
from devices.learning.findings import CannotTell, Learnt
from devices.learning.inference import infer, levels_of
from devices.learning.presses import Burst, Presses
from devices.learning.steps import KEYBOARD
from devices.profile import Profile, load_profile, shipped_profiles
from devices.profile_parts import SerialLink

LATER = (3, 77, 200, 255)
SERIAL = [name for name in shipped_profiles() if isinstance(load_profile(name).link, SerialLink)]


def learn(presses: Presses) -> Learnt | CannotTell:
    return infer(presses, name="learnt-box", title='a box "in" the hall')


def learnt(presses: Presses) -> tuple[Profile, set[str]]:
    """The profile and the codes of what is doubted."""
    result = learn(presses)
    assert isinstance(result, Learnt), result
    return loaded(result.profile), {doubt.code for doubt in result.doubts}


def reasons(presses: Presses) -> list[tuple[str, tuple[str, ...]]]:
    result = learn(presses)
    assert isinstance(result, CannotTell), result
    return [(reason.code, reason.values) for reason in result.reasons]


def with_bursts(presses: Presses, level: int, *bursts: bytes) -> Presses:
    pressed = {**presses.pressed, level: (*presses.pressed[level], *map(Burst, bursts))}
    return Presses(presses.link, pressed, presses.lacks, presses.by_itself)


@pytest.mark.parametrize("box", READABLE)
def test_presses_to_come_are_read_as_their_levels(box: Box) -> None:
    profile, _ = learnt(heard(box))

    for level in LEVELS:
        for press in LATER:
            assert levels_of(profile, Burst(box(level, press))) == [level]


@pytest.mark.parametrize("name", SERIAL)
def test_every_shipped_kind_of_box_is_learnt_from_its_own_frames(name: str) -> None:
    shipped = load_profile(name)
    address = shipped.addresses.evaluators[0]
    timeouts = tuple(Burst(shipped.key_frame(address, key)) for key in shipped.press.timeout_keys)

    profile, _ = learnt(heard(lambda level, _: shipped.press_frame(address, level), shipped.levels, by_itself=timeouts))

    assert profile.levels == shipped.levels
    assert profile.lacks == shipped.lacks
    assert profile.press.timeout_keys == shipped.press.timeout_keys
    for level in shipped.levels:
        assert levels_of(profile, Burst(shipped.press_frame(address, level))) == [level]


@pytest.mark.parametrize(
    ("box", "framing"),
    [
        (ft12, LengthPrefixed(b"\xff", b"\x68", 2, b"\x68", "sum8", b"\x16", 2, 64)),
        (long_length, LengthPrefixed(b"", b"\x7e", 1, b"", "crc8", b"", 4, 64)),
        (crc16_frame, FixedFrame(b"", b"\xaa\x55\x07\x20", 1, "crc16-modbus", b"", "frame")),
        (text_line, FixedFrame(b"", b"KEY=", 1, "none", b"\r\n")),
        (digit_line, Delimited(b"", b"\r", 64, 1, "none")),
        (lambda level, _: bytes((0x30 + level,)), SingleByte()),
    ],
)
def test_the_framing_is_the_one_that_explains_most(box: Box, framing: object) -> None:
    profile, _ = learnt(heard(box))

    if isinstance(framing, LengthPrefixed):
        assert isinstance(profile.framing, LengthPrefixed)
        assert (profile.framing.start, profile.framing.checksum) == (framing.start, framing.checksum)
        assert (profile.framing.length_copies, profile.framing.end) == (framing.length_copies, framing.end)
    else:
        assert profile.framing == framing


@pytest.mark.parametrize("kind", [kind for kind in CHECKSUMS if kind != "none"])
@pytest.mark.parametrize("over_all", [False, True])
def test_each_kind_of_checksum_is_found_with_what_it_covers(kind: str, over_all: bool) -> None:
    def box(level: int, press: int) -> bytes:
        body = bytes((0x17, press * 7 & 0xFF, 0xF0 + level))
        return b"\x3c\x7b" + body + CHECKSUMS[kind].of(b"\x3c\x7b" + body if over_all else body) + b"\x0d"

    profile, doubts = learnt(heard(box))

    assert isinstance(profile.framing, FixedFrame)
    assert (profile.framing.checksum, profile.framing.end) == (kind, b"\x0d")
    assert "no-checksum" not in doubts
    broken = bytearray(box(5, 99))
    broken[3] ^= 1
    assert levels_of(profile, Burst(bytes(broken))) == []


def test_repeats_of_a_held_key_are_one_frame_and_set_the_guard() -> None:
    pressed = {level: tuple(Burst(ft12(level, 0) * times, 210) for times in (1, 4, 2)) for level in LEVELS}
    presses = Presses(heard(ft12).link, pressed)

    profile, doubts = learnt(presses)

    assert profile.press.guard_ms == 450
    assert "guard-assumed" not in doubts
    assert levels_of(profile, Burst(ft12(2, 0) * 3)) == [2, 2, 2]


def test_noise_around_some_presses_and_missing_preambles_do_no_harm() -> None:
    presses = heard(ft12)
    for level in LEVELS:
        noisy = (b"\x00\x13" + ft12(level, 0), ft12(level, 0) + b"\x68", ft12(level, 0)[1:])
        presses = with_bursts(presses, level, *noisy)

    profile, _ = learnt(presses)

    assert all(levels_of(profile, Burst(ft12(level, 0))) == [level] for level in LEVELS)


def test_another_devices_frames_on_the_line_are_no_keys() -> None:
    keypad = bytes.fromhex("68 03 03 68 01 01 0B 0D 16")
    presses = heard(ft12)
    for level in (5, 3):
        presses = with_bursts(presses, level, keypad)

    profile, _ = learnt(presses)

    assert levels_of(profile, Burst(keypad)) == []


def test_a_heartbeat_is_no_key_and_no_fault() -> None:
    presses = with_bursts(heard(counting, by_itself=(Burst(b"\xa5\x00\x5a"),)), 4, b"\xa5\x00\x5a")

    profile, _ = learnt(presses)

    assert levels_of(profile, Burst(b"\xa5\x00\x5a")) == []
    assert levels_of(profile, Burst(counting(4, 200))) == [4]


def test_the_code_of_a_time_out_is_kept_as_one_and_never_a_level() -> None:
    def box(level: int, _: int) -> bytes:
        return bytes((0xA5, level, 0x5A))

    profile, doubts = learnt(heard(box, by_itself=(Burst(b"\xa5\x09\x5a"),), asked_time_out=True))

    assert profile.press.timeout_keys == {b"\x09"}
    assert levels_of(profile, Burst(b"\xa5\x09\x5a")) == []
    assert "time-out-not-heard" not in doubts


def test_a_key_whose_code_comes_without_a_press_too_is_refused() -> None:
    """One real box says 5 for: nobody pressed."""

    def box(level: int, _: int) -> bytes:
        return f"{level}".encode()

    assert reasons(heard(box, by_itself=(Burst(b"5"),))) == [("by-itself", ("5",))]


def test_two_keys_that_send_the_same_are_named() -> None:
    assert reasons(heard(lambda level, _: bytes((0xA5, max(level, 2), 0x5A)))) == [("same-bytes", ("2", "1"))]
    assert reasons(heard(lambda level, press: counting(min(level, 4), press))) == [("same-bytes", ("5", "4"))]


def test_a_key_that_was_not_heard_is_named() -> None:
    presses = heard(ft12)
    silent = Presses(presses.link, {**presses.pressed, 3: ()})

    assert reasons(silent) == [("key-silent", ("3",))]
    assert reasons(Presses(presses.link, dict.fromkeys(LEVELS, ()))) == [("nothing-heard", ())]


def test_frames_whose_length_depends_on_the_key_cannot_be_told() -> None:
    assert reasons(heard(words)) == [("sizes-differ", ())]


def test_bytes_that_never_repeat_are_called_so() -> None:
    presses = heard(
        lambda level, press: bytes((level * 17 + press * 29 + at * at * 7) & 0xFF for at in range(press + 3))
    )

    assert ("differs-each-time", ("5",)) in reasons(presses)


def test_fewer_keys_are_learnt_as_lacking_and_doubted() -> None:
    profile, doubts = learnt(heard(crc16_frame, (5, 4, 2, 1)))

    assert profile.lacks == (3,)
    assert profile.levels == (5, 4, 2, 1)
    assert "lacks-levels" in doubts


def test_a_number_on_a_shared_line_finds_the_address() -> None:
    profile, doubts = learnt(heard(ft12, number=1))

    assert (profile.addresses.evaluators[0], profile.addresses.evaluators[-1]) == (0x81, 0xFF)
    other = b"\xff\x68\x03\x03\x68\x85\x11\x04\x9a\x16"
    assert levels_of(profile, Burst(other)) == [5]
    assert doubts.isdisjoint({"address-not-found", "single-box-only"})
    assert "addresses" in profile.unverified


def test_a_number_that_no_byte_fits_is_said_and_holds_the_profile_to_this_box() -> None:
    profile, doubts = learnt(heard(ft12, number=44))

    assert "address-not-found" in doubts
    other = b"\xff\x68\x03\x03\x68\x85\x11\x04\x9a\x16"
    assert levels_of(profile, Burst(other)) == []


@pytest.mark.parametrize("name", ["keyboard-digits", "keyboard-digits-enter"])
def test_boxes_that_type_are_learnt_from_their_codes(name: str) -> None:
    shipped = load_profile(name)

    profile, doubts = learnt(heard(lambda level, _: shipped.press_frame(1, level), link=KEYBOARD))

    assert isinstance(profile.framing, Keystrokes)
    assert profile.framing.end == shipped.framing.end  # type: ignore[union-attr]
    assert profile.keys == shipped.keys
    assert "baud-not-proven" not in doubts


def test_what_protects_nothing_is_doubted() -> None:
    assert {"no-start", "baud-not-proven"} <= learnt(heard(lambda level, _: f"{level}".encode()))[1]
    assert {"no-checksum", "baud-not-proven"} <= learnt(heard(twice_inverted))[1]
    assert "counter" in learnt(heard(counting))[1]


def test_the_file_says_what_was_heard_and_survives_any_title() -> None:
    result = learn(heard(ft12))

    assert isinstance(result, Learnt)
    assert "#   5: FF 68 03 03 68 81 11 04 96 16" in result.profile
    assert loaded(result.profile).title == "a box in the hall"


def test_a_scanner_is_recognised_and_is_no_box() -> None:
    slips = ("3701020260001", "3701020260002")
    assert reasons(heard(lambda _, press: f"{slips[press % 2]}\r\n".encode())) == [("scanner", ())]
    assert reasons(heard(lambda _, __: b"3701020260001\r", (5,))) == [("scanner", ())]
    assert reasons(heard(lambda _, __: bytes.fromhex("0002 0003 0004 0002 0003 0004 001C"), (5,), link=KEYBOARD)) == [
        ("scanner", ())
    ]
    assert reasons(heard(lambda _, __: b"A-17\r", (5,))) == [("too-few-keys", ())]


frames = st.builds(
    dict,
    preamble=st.sampled_from([b"", b"\xff"]),
    start=st.binary(min_size=0, max_size=3),
    before=st.binary(max_size=2),
    counter=st.sampled_from(["none", "before", "behind"]),
    keys=st.lists(st.binary(min_size=1, max_size=1), min_size=5, max_size=5),
    after=st.binary(max_size=2),
    kind=st.sampled_from([*CHECKSUMS]),
    over_all=st.booleans(),
    length=st.booleans(),
    end=st.binary(max_size=2),
    first=st.integers(0, 255),
)


def made(layout: dict, level: int, press: int) -> bytes:  # type: ignore[type-arg]
    count = bytes(((layout["first"] + press) & 0xFF,))
    before = count if layout["counter"] == "before" else b""
    behind = count if layout["counter"] == "behind" else b""
    body = layout["before"] + before + layout["keys"][level - 1] + behind + layout["after"]
    head = layout["start"] + (bytes((len(body),)) if layout["length"] else b"")
    check = CHECKSUMS[layout["kind"]].of(head + body if layout["over_all"] else body)
    return layout["preamble"] + head + body + check + layout["end"]


@given(layout=frames, repeats=st.lists(st.integers(1, 3), min_size=15, max_size=15), noise=st.binary(max_size=4))
def test_no_layout_ever_gives_a_wrong_level(layout: dict, repeats: list[int], noise: bytes) -> None:  # type: ignore[type-arg]
    times = iter(repeats)
    pressed = {
        level: tuple(
            Burst((noise if at == 1 else b"") + made(layout, level, 3 * (5 - level) + at) * next(times))
            for at in range(3)
        )
        for level in LEVELS
    }

    result = learn(Presses(heard(ft12).link, pressed))

    if isinstance(result, Learnt):
        profile = loaded(result.profile)
        assert len(set(layout["keys"])) == 5
        for level in LEVELS:
            for press in LATER:
                assert set(levels_of(profile, Burst(made(layout, level, press)))) <= {level}


@given(
    bursts=st.lists(st.lists(st.binary(max_size=40), min_size=0, max_size=5), min_size=5, max_size=5),
    alone=st.lists(st.binary(max_size=8), max_size=3),
)
def test_any_bytes_at_all_end_in_an_answer(bursts: list[list[bytes]], alone: list[bytes]) -> None:
    pressed = {level: tuple(map(Burst, some)) for level, some in zip(LEVELS, bursts, strict=True)}

    result = learn(Presses(heard(ft12).link, pressed, by_itself=tuple(map(Burst, alone))))

    if isinstance(result, Learnt):
        profile = loaded(result.profile)
        for level in LEVELS:
            assert all(set(levels_of(profile, burst)) <= {level} for burst in pressed[level])
