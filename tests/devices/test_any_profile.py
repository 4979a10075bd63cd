"""Profile files spoilt at random: refused with faults, or a box that is understood. Never a crash or a wrong level."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from devices.checked_toml import Fault
from devices.facts import KeyPressed
from devices.framing import parser_for
from devices.interpreter import Interpreter
from devices.profile import shipped_profiles
from devices.profile_file.root import read_profile
from devices.profile_parts import Profile
from tests.devices.framings import CALM

PROFILES = Path(__file__).parents[2] / "devices" / "profiles"
TEXTS = {name: (PROFILES / f"{name}.toml").read_text(encoding="utf-8") for name in shipped_profiles()}
LINES = sorted({line for text in TEXTS.values() for line in text.splitlines() if line and line[0] != "#"})
VALUES = st.sampled_from([
    "0", "1", "2", "-1", "5", "300", "true", "1.5", "inf", "[]", "[1]", "[1, 2]", "{}", "1979-05-27", '""', '"00"',
    '"04"', '"68"', '"AA AA"', '"00 06"', '"none"', '"xor8"', '"delimited"', '"fixed-frame"', '"single-byte"',
    '"keystrokes"', '"keyboard"', '"length-prefixed"', '["35"]', '["01", "02"]', '"ask"', '"frame"', '"满意"',
])  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    lines = TEXTS[draw(st.sampled_from(sorted(TEXTS)))].splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "value", "other"])):
            case "drop":
                del lines[at]
            case "value" if " = " in lines[at]:
                lines[at] = lines[at].split(" = ")[0] + " = " + draw(VALUES)
            case _:
                lines.insert(at, draw(st.sampled_from(LINES)))
    return "\n".join(lines)


@CALM
@given(text=spoilt())
def test_a_spoilt_file_is_refused_or_still_understood(text):
    profile = read_profile(text, "0" * 16)
    if isinstance(profile, Profile):
        assert levels_heard(profile) == list(profile.levels)
        assert sorted([*profile.levels, *profile.lacks]) == [1, 2, 3, 4, 5]
    else:
        assert profile
        assert all(isinstance(fault, Fault) and fault.line >= 1 and fault.remedy for fault in profile)


def levels_heard(profile: Profile) -> list[int]:
    """What is told of each key in turn, a second apart."""
    address = profile.addresses.evaluators.start
    now = 0.0
    interpreter = Interpreter("w1", profile, frozenset({address}), lambda: now)
    heard = []
    for level in profile.levels:
        now += 10.0
        parser = parser_for(profile.framing)
        events = parser.feed(profile.press_frame(address, level)) + parser.flush()
        facts = [fact for event in events for fact in interpreter.interpret(event)]
        heard += [fact.level for fact in facts if isinstance(fact, KeyPressed)]
    return heard
