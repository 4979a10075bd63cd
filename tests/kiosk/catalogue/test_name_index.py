from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import NameIndex, load_catalogue, readings_of

ROOT = Path(__file__).parents[3]
NAMES = [item.name for item in load_catalogue(ROOT / "assets/catalogue/sample.csv").items]
NAMES += ["重庆银行开户", "音乐行业调解", "绿化工程", "ETC 办理（A类）", "儿童医保", "户口迁移"]


@cache
def index() -> NameIndex:
    return NameIndex(NAMES, readings_of)


def found(query: str) -> list[str]:
    return [NAMES[number] for number in index().find(query)]


@pytest.mark.parametrize(
    "query",
    [
        "营业执照",
        "yyzz",
        "YYZZ",
        "yingyezhizhao",
        "yingyezz",
        "yyzhzh",
        "营业zz",
        "ying ye",
        "ying'ye",
        "yingy",
        "yyzhiz",
    ],
)
def test_chinese_initials_full_pinyin_and_mixtures_find_a_name(query: str) -> None:
    assert found(query)[:2] == ["营业执照设立登记", "营业执照变更登记"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("chongqing", "重庆银行开户"),
        ("zhongxin", "养老保险待遇重新核定"),
        ("yinhang", "重庆银行开户"),
        ("yinxing", "重庆银行开户"),
        ("yinyue", "音乐行业调解"),
        ("yinle", "音乐行业调解"),
        ("lvhua", "绿化工程"),
        ("luhua", "绿化工程"),
        ("ertong", "儿童医保"),
        ("etcbl", "ETC 办理（A类）"),
        ("ＥＴＣ办理(a类)", "ETC 办理（A类）"),
        ("al", "ETC 办理（A类）"),
    ],
)
def test_any_reading_width_and_case_finds_a_name(query: str, name: str) -> None:
    assert name in found(query)


@pytest.mark.parametrize(
    "query", ["工商", "登记", "gongshang", "gong shang", "gsdj", "gshdj", "gongsdj", "工商dj", "gongsh", "gongshangd"]
)
def test_the_ways_that_the_documentation_names_work(query: str) -> None:
    assert NameIndex(["工商登记"], readings_of).find(query) == [0]


def test_names_that_begin_so_come_first_and_the_order_of_the_file_is_kept() -> None:
    assert found("养老") == ["养老保险待遇重新核定", "城乡居民养老保险参保登记"]
    assert found("户口迁移") == ["户口迁移", "户口迁移"]
    assert found("dengji") == [name for name in NAMES if "登记" in name]


def test_an_empty_question_gives_everything_and_a_strange_one_nothing() -> None:
    assert found("") == NAMES
    assert found("  '") == NAMES
    assert found("qqqq") == []
    assert found("登记\n户") == []
    assert NameIndex([], readings_of).find("a") == []


@given(data=st.data())
def test_every_way_to_type_a_part_of_a_name_finds_it(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(NAMES) - 1))
    name = NAMES[number]
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    typed = [data.draw(st.sampled_from(ways(character))) for character in part]
    last = data.draw(st.sampled_from([typed[-1][:count] for count in range(1, len(typed[-1]) + 1)]))
    assert number in index().find("".join([*typed[:-1], last]))


@given(query=st.text(max_size=5))
def test_any_question_is_answered_with_each_name_once(query: str) -> None:
    numbers = index().find(query)
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(len(NAMES)))


@given(query=st.one_of(st.text("abcghinsuyz", min_size=1, max_size=6), st.text("登记户口yhz", min_size=1, max_size=4)))
def test_what_is_found_is_exactly_what_can_be_typed_so(query: str) -> None:
    assert set(index().find(query)) == {
        number
        for number, name in enumerate(NAMES)
        if any(matches(query, plain(name)[start:]) for start in range(len(plain(name))))
    }


def ways(character: str) -> list[str]:
    readings = sorted(readings_of(character))
    pairs = [reading[:2] for reading in readings if reading.startswith(("zh", "ch", "sh"))]
    return [character, *readings, *(reading[0] for reading in readings), *pairs]


def plain(name: str) -> str:
    return name.replace(" ", "").replace("（", "(").replace("）", ")").casefold()


def matches(query: str, name: str) -> bool:
    """The rule said once more, the slow way: one character after the other, every way tried."""
    if not query:
        return True
    if not name:
        return False
    readings = readings_of(name[0])
    if any(reading.startswith(query) for reading in readings):
        return True
    return any(query.startswith(way) and matches(query[len(way) :], name[1:]) for way in ways(name[0]))
