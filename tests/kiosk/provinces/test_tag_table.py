import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.tags import TagTable
from kiosk.provinces import load_tags
from kiosk.settings.faults import FaultyFileError
from sync.records.levels import LEVELS

ROOT = Path(__file__).parents[3]
NATIONAL = ROOT / "assets/tags/national.toml"
TEXT = NATIONAL.read_text(encoding="utf-8")


def table(tmp_path: Path, text: str, before: TagTable | None = None) -> TagTable:
    path = tmp_path / "pushed.toml"
    path.write_text(text, encoding="utf-8")
    return load_tags(path, before)


def faults(tmp_path: Path, text: str, before: TagTable | None = None) -> list[str]:
    with pytest.raises(FaultyFileError) as caught:
        table(tmp_path, text, before)
    return str(caught.value).split("\n")


def test_the_national_table_offers_eight_reasons_a_level_in_the_platform_s_words_and_order() -> None:
    tags = load_tags(NATIONAL)
    first = {5: 510, 4: 406, 3: 307, 2: 207, 1: 108}
    for level in LEVELS:
        assert [tag.code for tag in tags.tags(level)] == [str(first[level] + number) for number in range(8)]
    assert [tag.text for tag in tags.tags(1)] == [
        "在办事指南之外增加新的审批条件",
        "需提供办事指南之外的申报材料",
        "无理由超过法定办理时间",
        "办事指南提供样本有错",
        "承诺在线收取申报材料实际无法收取",
        "多头跑窗口和部门",
        "跑动次数与承诺的不一致",
        "服务态度差效率低",
    ]
    assert [tags.tags(level)[-1].text for level in (5, 4, 3, 2)] == [
        "服务热情效率高",
        "服务态度较好",
        "服务态度一般",
        "服务态度生硬",
    ]


def test_a_retired_code_stays_readable_and_is_not_offered() -> None:
    tags = load_tags(NATIONAL)
    assert tags.label("204") == "办理完该事项需要到窗口2次以上"
    assert "204" not in {tag.code for level in LEVELS for tag in tags.tags(level)}
    assert set(tags.retired) == (
        {
            str(code)
            for first, last in ((501, 509), (301, 306), (201, 206), (101, 107))
            for code in range(first, last + 1)
        }
        | {"401", "402", "404", "405"}
    )


@given(code=st.one_of(st.text(max_size=5), st.from_regex(r"[0-9]{3}", fullmatch=True)))
def test_a_code_has_its_own_text_or_none(code: str) -> None:
    tags = load_tags(NATIONAL)
    assert (tags.label(code) is not None) == (code in tags.codes)


def test_a_newer_version_takes_the_place_of_the_one_in_use(tmp_path: Path) -> None:
    before = load_tags(NATIONAL)
    text = TEXT.replace("version = 1 ", "version = 2 ").replace('510 = "一窗受理一次办结"\n', '518 = "一件事一次办"\n')
    text += '510 = "一窗受理一次办结"\n'
    newer = table(tmp_path, text, before)
    assert newer.version == 2
    assert newer.tags(5)[0].code == "518"
    assert newer.label("510") == before.label("510")


def test_a_version_that_is_not_newer_or_forgets_a_code_is_refused(tmp_path: Path) -> None:
    before = load_tags(NATIONAL)
    assert faults(tmp_path, TEXT, before) == [
        "pushed.toml:6: version: version 1 is not newer than version 1, which is in use — push version 2 or later"
    ]
    text = re.sub(r"^204 = .*\n", "", TEXT.replace("version = 1 ", "version = 2 "), flags=re.MULTILINE)
    (fault,) = faults(tmp_path, text, before)
    assert "retired: 204 of version 1 is missing" in fault
    assert 'add 204 = "办理完该事项需要到窗口2次以上" under [retired]' in fault
    other = TEXT.replace('name = "national"', 'name = "hunan"').replace("version = 1 ", "version = 2 ")
    assert 'this is not the table "national"' in faults(tmp_path, other, before)[0]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('510 = "一窗受理一次办结"', '51 = "一窗受理一次办结"', '51: "51" is no tag — write 510 = "…"'),
        ('510 = "一窗受理一次办结"', '610 = "一窗受理一次办结"', '"610" is no tag'),
        ('510 = "一窗受理一次办结"', '510 = ""', '510: "510" is no tag'),
        ('510 = "一窗受理一次办结"', "510 = 3", '510: "510" is followed by a whole number'),
        ('510 = "一窗受理一次办结"\n', "", "in_use: level 5 has 7 tags, and the platform has 8 or more"),
        ('510 = "一窗受理一次办结"', '510 = "可以就近办理"', '"可以就近办理" stands twice at one level'),
        ("[retired]\n", '[retired]\n510 = "一窗受理一次办结"\n', "retired.510: 510 is also in use"),
        ("[retired]\n", '[retired]\n501 = "x"\n', "not valid TOML: Cannot overwrite a value"),
        ("version = 1 ", "version = 0 ", "version: 0 is below 1"),
        ("source = ", "# source = ", "source: is missing"),
        ("[in_use]", "[inuse]", "in_use: is missing"),
        ("[in_use]", "[inuse]", "inuse: no such key — did you mean in_use?"),
    ],
)
def test_each_fault_has_its_words(before: str, after: str, fault: str, tmp_path: Path) -> None:
    assert before in TEXT
    told = faults(tmp_path, TEXT.replace(before, after, 1))
    assert any(fault in line for line in told), told
