"""What a wire profile may say: every fault is named with its line, and none can treat one level differently."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.provinces.loading import ProfileError, load_profile
from sync.provinces.parts import Address
from sync.provinces.platform import why_not
from tests.sync.provinces.conftest import WIRE

SHIPPED = sorted(WIRE.glob("*.toml"))
TEXT = (WIRE / "plain-rest.toml").read_text(encoding="utf-8")


def line_of(text, part):
    """The line on which it begins, of a line that begins with it."""
    return text[: text.index("\n" + part) + 1].count("\n") + 1


def faults(folder, text, name="plain-rest.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as refused:
        load_profile(path)
    return refused.value.faults


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_profile_is_sound_and_says_that_no_platform_has_seen_it(path):
    profile = load_profile(path)
    assert profile.verified is False
    assert profile.source


WRONG = [
    ("format = 1", "format = 2", "format"),
    ('name = "plain-rest"', 'name = "other"', "name"),
    ("verified = false", 'verified = "no"', "verified"),
    ("verified = false", "verified = false\nlevel = 5", "level"),
    ('[protection]\npart = "none"', '[protection]\npart = "rot13"', "protection.part"),
    ('[protection]\npart = "none"', '[protection]\npart = "sm2-form-a"', "protection.part"),
    ('[envelope]\npart = "json-plain"', "[envelope]", "envelope.part"),
    ('zone = "+08:00"', 'zone = "UTC+8"', "time.zone"),
    ('from = "userName"', 'from = "username"', "case.field[9].from"),
    ('codes = "channel"', 'codes = "pf"', "rating.field[7].codes"),
    ('to = "mobile"\n', "", "case.field[11].to"),
    ("pad_right = 12", "pad_right = -1", "case.field[5].pad_right"),
    ('from = "pressedAt"', 'from = "serviceTime"', "rating.field"),
    ('one_of = ["true"]', "", "answer.success[1]"),
    ('one_of = ["true"]', 'none_of = ["false"]', "answer.success"),
    ('text = ["没有对应的服务数据"]', "", "refusal[2]"),
    ('text = ["没有对应的服务数据"]', 'pattern = "("', "refusal[2].pattern"),
    ('means = "case-unknown"', 'means = "ignore"', "refusal[2].means"),
    ('window-evaluator = "4"', "window-evaluator = 4", "codes.channel.window-evaluator"),
    ('send = ""', 'send = "服务热情"', "bad_without_reason.send"),
]


@pytest.mark.parametrize(
    ("old", "new", "path"), WRONG, ids=[f"{path} {number}" for number, (_, _, path) in enumerate(WRONG)]
)
def test_a_fault_is_named_with_its_line(tmp_path, old, new, path):
    assert TEXT.count(old)
    found = faults(tmp_path, TEXT.replace(old, new, 1))
    assert [fault.path for fault in found] == [path]
    assert 0 < found[0].line <= TEXT.count("\n") + 2
    assert found[0].problem


def test_the_line_is_that_of_the_key(tmp_path):
    text = TEXT.replace('from = "userName"', 'from = "username"')
    (one,) = faults(tmp_path, text)
    assert one.line == line_of(text, 'from = "username"')


def test_all_faults_of_the_shape_are_told_at_once(tmp_path):
    text = TEXT.replace("format = 1", "format = 9").replace('zone = "+08:00"', "zone = 8")
    text = text.replace("[[refusal]]", "[[refusals]]")
    found = faults(tmp_path, text)
    wrong = {"format": "format = 9", "time.zone": "zone = 8", "refusals": "[[refusals]]"}
    assert {fault.path: fault.line for fault in found} == {path: line_of(text, part) for path, part in wrong.items()}


LEVELS = [
    '"5" = "5"\n"4" = "4"\n"3" = "3"',
    '"5" = "5"\n"4" = "5"\n"3" = "3"\n"2" = "2"\n"1" = "1"',
    '"5" = "5"\n"4" = "4"\n"3" = "3"\n"2" = "2"\n"1" = "1"\n"*" = "5"',
]


@pytest.mark.parametrize("levels", LEVELS, ids=["two are missing", "two are alike", "a default"])
def test_every_level_has_a_code_of_its_own(tmp_path, levels):
    found = faults(tmp_path, TEXT.replace("[case]", f"[codes.level]\n{levels}\n\n[case]"))
    assert {fault.path for fault in found} == {"codes.level"}


@pytest.mark.parametrize("rule", ["only_length = 1", "first = 1", "pad_right = 3", "max_length = 1"])
def test_a_level_is_neither_cut_nor_chosen_by_its_length(tmp_path, rule):
    found = faults(tmp_path, TEXT.replace('from = "level"', f'from = "level"\n{rule}'))
    assert [fault.path for fault in found] == ["rating.field[4]"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a = ", b"[" * 5000, b"x = " + b"9" * 5000], ids=["bytes", "cut", "nested", "digits"]
)
def test_what_is_no_toml_is_told(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(ProfileError, match=r"x\.toml"):
        load_profile(path)


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(Path("/nowhere/x.toml"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.integers(0, TEXT.count("\n")),
    instead=st.sampled_from(
        ["", "x = 1", "[x]", "[[x]]", 'part = ["a"]', "field = 3", "[rating]", 'to = ""', "success = {}"]
    ),
)
def test_with_any_line_changed_it_loads_or_every_fault_has_a_place(tmp_path, line, instead):
    lines = TEXT.splitlines()
    lines[line : line + 1] = [instead]
    path = tmp_path / "plain-rest.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = profile_or_fault(path)
    if isinstance(loaded, ProfileError):
        assert loaded.faults
        assert all(0 <= fault.line <= len(lines) for fault in loaded.faults)
    else:
        assert loaded.name == "plain-rest"


def profile_or_fault(path):
    try:
        return load_profile(path)
    except ProfileError as fault:
        return fault


def test_a_kiosk_without_a_hub_needs_a_form_that_encrypts_to_the_platform():
    plain, form_a = (load_profile(WIRE / f"{name}.toml") for name in ("plain-rest", "shandong-form-a"))
    address = Address("https://platform/path")
    assert "hub" in (why_not(plain, address, through_hub=False) or "")
    assert why_not(plain, address, through_hub=True) is None
    assert why_not(form_a, address, through_hub=False) is None


@pytest.mark.parametrize(
    "url", ["ftp://platform", "platform", "https://", "https://name:word@platform", "https://p/?a=1"]
)
def test_an_address_that_cannot_be_one_is_told(url):
    form_a = load_profile(WIRE / "shandong-form-a.toml")
    assert "https://host/path" in (why_not(form_a, Address(url), through_hub=True) or "")


def test_plain_fields_do_not_cross_a_network_in_the_clear():
    plain = load_profile(WIRE / "plain-rest.toml")
    assert "clear" in (why_not(plain, Address("http://platform/"), through_hub=True) or "")
    assert why_not(plain, Address("http://127.0.0.1:1/"), through_hub=True) is None
