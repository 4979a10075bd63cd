import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from kiosk.core.province import LEVEL_WORDS, NO_REASON_GIVEN, ProvinceProfile, Question
from kiosk.provinces import load_profile, load_tags, sections, shipped_profiles
from kiosk.provinces.profile import ProfileDocument
from kiosk.settings.faults import Fault, FaultyFileError
from sync.records.levels import LEVELS, OFFICIAL_WORDS

ROOT = Path(__file__).parents[3]
SHIPPED = shipped_profiles(ROOT / "assets/provinces")
NATIONAL = SHIPPED["national"].read_text(encoding="utf-8")
RULE = 'source = "a rule"\n'


def profile(tmp_path: Path, text: str) -> ProvinceProfile:
    path = tmp_path / "national.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(FaultyFileError) as caught:
        profile(tmp_path, text)
    return str(caught.value).split("\n")


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def without(text: str, table: str) -> str:
    return re.sub(rf"^\[{table}\]\n(?:[^\[\n].*\n|\n)*", "", text, count=1, flags=re.MULTILINE)


def test_four_profiles_ship_and_each_is_accepted_as_it_stands() -> None:
    assert set(SHIPPED) == {"national", "sichuan", "jiangsu", "shanghai"}
    for name, path in SHIPPED.items():
        assert load_profile(path).name == name


def test_each_province_asks_for_what_it_is_known_for() -> None:
    read = {name: load_profile(path) for name, path in SHIPPED.items()}
    assert {name: one.level_words for name, one in read.items()} == {
        "national": "satisfied",
        "sichuan": "satisfied",
        "jiangsu": "satisfied",
        "shanghai": "stars",
    }
    assert [name for name, one in read.items() if one.real_name] == ["sichuan"]
    assert "15 日" in read["sichuan"].promises[0]
    supplement = read["sichuan"].supplement
    assert supplement is not None
    assert (supplement.days, supplement.unit) == (7, "working")
    assert [step.id for step in read["jiangsu"].steps] == ["ticket", "guide", "handling", "result", "delivery"]
    assert {"hall", "staff"} <= set(read["jiangsu"].objects)
    assert "12345" in "".join(read["jiangsu"].promises)
    assert [one.id for one in read["shanghai"].questions] == ["guide", "convenience", "timeliness", "innovation"]
    assert [one.id for one in read["national"].questions] == ["efficiency", "skill", "attitude"]


def test_no_shipped_profile_names_an_address_or_sends_a_chosen_reason() -> None:
    for path in SHIPPED.values():
        read = load_profile(path)
        assert (read.follow_up_page, read.rate_later_page) == ("", "")
        assert read.bad_without_reason in {"", NO_REASON_GIVEN}


def test_the_tag_tables_that_profiles_name_ship_too() -> None:
    named = {load_profile(path).tag_table for path in SHIPPED.values()} - {""}
    assert named == {load_tags(path).name for path in (ROOT / "assets/tags").glob("*.toml")}


def test_a_profile_chooses_among_fixed_words_and_the_official_ones_stay() -> None:
    assert LEVEL_WORDS["satisfied"] == OFFICIAL_WORDS
    assert all(tuple(words) == LEVELS for words in LEVEL_WORDS.values())
    assert load_profile(SHIPPED["shanghai"]).level_word(1) == "一星"
    assert load_profile(SHIPPED["national"]).level_word(3) == "基本满意"


def test_the_digest_changes_with_any_byte_of_the_file(tmp_path: Path) -> None:
    before = profile(tmp_path, NATIONAL).digest
    assert re.fullmatch(r"[0-9a-f]{16}", before)
    assert profile(tmp_path, NATIONAL + "#\n").digest != before


@pytest.mark.parametrize("name", SHIPPED)
def test_no_table_stands_without_its_source(name: str, tmp_path: Path) -> None:
    text = SHIPPED[name].read_text(encoding="utf-8")
    lines = text.split("\n")
    sources = [number for number, line in enumerate(lines) if line.startswith("source = ")]
    assert len(sources) == 1 + len(re.findall(r"^\[", text, re.MULTILINE)), "each table has one, and the head"
    for number in sources:
        path = tmp_path / f"{name}.toml"
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]), encoding="utf-8")
        with pytest.raises(FaultyFileError) as caught:
            load_profile(path)
        (fault,) = caught.value.faults
        assert fault.path.endswith("source")
        assert fault.problem == "is missing"
        assert "name in words the rule" in fault.remedy


def test_what_may_be_left_out_is_then_not_offered(tmp_path: Path) -> None:
    text = NATIONAL
    for table in ("reasons", "words", "contact", "supplement"):
        text = without(text, table)
    text = re.sub(r"\[\[question\]\]\n(?:[^\[\n].*\n|\n)*", "", text)
    read = profile(tmp_path, text)
    assert (read.tag_table, read.words_limit, read.contact, read.supplement) == ("", 0, None, None)
    assert read.questions == ()


@pytest.mark.parametrize(
    "table", ["levels", "bad_without_reason", "help", "objects", "thanks", "pages", "platform_default"]
)
def test_what_a_profile_must_say_is_missed(table: str, tmp_path: Path) -> None:
    assert any(f"{table}: the section is missing" in line for line in faults(tmp_path, without(NATIONAL, table)))


def test_a_province_may_want_a_fixed_text_and_questions_with_answers(tmp_path: Path) -> None:
    text = NATIONAL.replace('send = ""', f'send = "{NO_REASON_GIVEN}"')
    text += '[[question]]\nid = "visits"\ntext = "跑了几次"\nkind = "choice"\noptions = ["一次", "多次"]\n' + RULE
    read = profile(tmp_path, text)
    assert read.bad_without_reason == "评价人未填写原因"
    assert read.questions[-1] == Question("visits", "跑了几次", "choice", ("一次", "多次"))


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    text = NATIONAL.replace('words = "satisfied"', 'words = "smileys"').replace("days = 7", "days = 0")
    text = text.replace("name = true", "nmae = true").replace('kinds = ["case"', 'kinds = ["citizen"')
    assert [line.split(" — ")[0] for line in faults(tmp_path, text)] == [
        f'national.toml:{line_of(text, "words = ")}: levels.words: "smileys" is none of good, satisfied, stars',
        f"national.toml:{line_of(text, '[contact]')}: contact.name: is missing",
        f"national.toml:{line_of(text, 'nmae')}: contact.nmae: no such key",
        f"national.toml:{line_of(text, 'days')}: supplement.days: 0 is below 1",
        f"national.toml:{line_of(text, 'kinds')}: objects.kinds: [citizen, window, hall] will not do",
    ]


CHOICE = '[[question]]\nid = "more"\ntext = "问"\nkind = "{kind}"\n{options}' + RULE


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("format = 1", "format = 2", "national.toml:3: format: "),
        ('name = "national"', 'name = "other"', 'name: "other" is not the name of the file — write name = "national"'),
        ('send = ""', 'send = "510"', 'bad_without_reason.send: "510" is none of'),
        ("max_length = 200", 'max_length = "200"', "words.max_length: expected a whole number, found text"),
        ('unit = "calendar"', 'unit = "weeks"', 'choose "working" or "calendar"'),
        ('id = "skill"', 'id = "efficiency"', 'question[2].id: "efficiency" is also question[1].id'),
        (
            "[[question]]",
            CHOICE.format(kind="choice", options="") + "[[question]]",
            "a choice needs answers that differ",
        ),
        (
            "[[question]]",
            CHOICE.format(kind="choice", options='options = ["a", "a"]\n') + "[[question]]",
            "question[1].options: a choice needs answers that differ",
        ),
        (
            "[[question]]",
            CHOICE.format(kind="stars", options='options = ["a", "b"]\n') + "[[question]]",
            "question[1].options: stars have no answers of their own",
        ),
        ("name = true\nphone = true", "name = false\nphone = false", "contact: neither name nor phone is asked for"),
        ('["case", "window", "hall"]', '["case", "case"]', "objects.kinds: the same word stands here twice"),
        (
            '["slip-code", "applicant"]',
            '["slip-code", "slip-code"]',
            "supplement.show: the same word stands here twice",
        ),
        ('["slip-code", "applicant"]', "[]", "supplement.show: is empty"),
        ('follow_up = ""', 'follow_up = "http://hall.example"', '"http://hall.example" is no https address'),
        ('follow_up = ""', 'follow_up = "https://[hall"', "is no https address"),
        ('follow_up = ""', 'follow_up = "https://大厅.example"', "is no https address"),
        ('rate_later = ""', 'rate_later = "https://hall.example/?case=1"', "can carry personal data"),
        ('rate_later = ""', 'rate_later = "https://wang@hall.example/"', "can carry personal data"),
        ("[help]", "[hlep]", "hlep: no such key — did you mean help?"),
        ("[[question]]", '[question5]\nid = "only-for-5"\n[[question]]', "question5: no such key"),
    ],
)
def test_each_fault_has_its_words(before: str, after: str, fault: str, tmp_path: Path) -> None:
    assert before in NATIONAL
    told = faults(tmp_path, NATIONAL.replace(before, after, 1))
    assert any(fault in line for line in told), told


def test_a_hall_s_own_address_is_taken(tmp_path: Path) -> None:
    read = profile(tmp_path, NATIONAL.replace('rate_later = ""', 'rate_later = "https://hall.example/rate"'))
    assert read.rate_later_page == "https://hall.example/rate"


def test_a_file_that_is_not_there_is_told_with_what_ships(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match=r"hunan\.toml: cannot be read: .* — name a shipped profile"):
        load_profile(tmp_path / "hunan.toml")


@given(data=st.data())
def test_a_file_that_is_cut_or_mixed_up_is_read_or_told_never_anything_else(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = NATIONAL.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.one_of(st.sampled_from(lines), st.text(max_size=20), st.sampled_from(BROKEN)))
        lines[place : place + data.draw(st.integers(0, 2))] = [other]
    folder = tmp_path_factory.mktemp("profile")
    path = folder / "national.toml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    lines_there = len(path.read_text(encoding="utf-8").split("\n"))
    read, told = read_or_told(path)
    shutil.rmtree(folder)
    assert (read is None) == bool(told)
    assert all(fault.remedy and (fault.line is None or 1 <= fault.line <= lines_there) for fault in told)
    assert read is None or (read.name == "national" and all(text.strip() for text in read.texts))


def read_or_told(path: Path) -> tuple[ProvinceProfile | None, tuple[Fault, ...]]:
    try:
        return load_profile(path), ()
    except FaultyFileError as error:
        return None, error.faults


@pytest.mark.parametrize("text", ["x = " + "[" * 2000, "x = " + "9" * 5000])
def test_what_the_reader_of_toml_chokes_on_is_a_fault_like_another(text: str, tmp_path: Path) -> None:
    assert "not valid TOML" in faults(tmp_path, text)[0]


def test_every_key_stands_in_the_documentation_with_its_default() -> None:
    page = (ROOT / "docs/province-profiles.md").read_text(encoding="utf-8")
    rows = {key: line for line in page.split("\n") if line.startswith("| `") for key in re.findall("`([^`]+)`", line)}
    kinds = {kind.__name__: kind for kind in vars(sections).values() if isinstance(kind, type)}
    tables = [
        (field.name, kinds[name]) for field in fields(ProfileDocument) for name in kinds if name in str(field.type)
    ]
    keys = [(table, key) for table, kind in tables if issubclass(kind, Struct) for key in fields(kind)]
    assert len(keys) > 25
    for table, key in keys:
        name = key.name if table == "head" else f"{table}.{key.name}"
        if key.name != "source" or table == "head":
            assert name in rows, f"{name} is not in docs/province-profiles.md"
            default = "required" if key.default is NODEFAULT else f"`{key.default}`" if key.default else "none"
            assert f"| {default} |" in rows[name]


BROKEN = [
    "levels = 3",
    "words = []",
    "days = 1e400",
    "days = 99999999999999999999999999",
    "notice = 2026-11-20",
    "options = [[[1]]]",
    'name = """',
    "[[levels]]",
    "[question]",
]
