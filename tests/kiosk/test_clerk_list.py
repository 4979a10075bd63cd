from pathlib import Path

import pytest

from kiosk.clerk_list import FILE_NAME, LARGEST_BYTES, read_clerks
from kiosk.core.clerks import Clerk

GOOD = """
[[clerk]]
number = "1001"
name = "示例"
post = "综合受理"
department = "市场监督管理局"
photo = "1001.jpg"

[[clerk]]
number = "1002"
"""


def test_each_clerk_of_the_list_by_number(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(GOOD, encoding="utf-8")
    known = read_clerks(tmp_path)
    assert known.faults == ()
    assert known.by_number == {
        "1001": Clerk("1001", "示例", "综合受理", "市场监督管理局", "1001.jpg"),
        "1002": Clerk("1002"),
    }


@pytest.mark.parametrize(
    "entry",
    [
        'name = "no number"',
        "number = 1003",
        'number = "张三"',
        'number = "1003"\nname = 5',
        f'number = "1003"\nname = "{"长" * 61}"',
        'number = "1003"\npost = "a\\nb"',
        'number = "1003"\nphoto = "../../etc/shadow"',
        'number = "1003"\nphoto = "a\\\\b.jpg"',
        'number = "1001"',
    ],
)
def test_a_faulty_entry_is_told_by_its_place_and_the_others_hold(tmp_path: Path, entry: str) -> None:
    (tmp_path / FILE_NAME).write_text(f"{GOOD}\n[[clerk]]\n{entry}\n", encoding="utf-8")
    known = read_clerks(tmp_path)
    assert set(known.by_number) == {"1001", "1002"}
    assert known.faults == ((f"{FILE_NAME} 3", "clerk-faulty"),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"clerk = 5", "list-unreadable"),
        (b"[[clerk]", "list-unreadable"),
        (b"\xff\xfe", "list-unreadable"),
        (b"#" * (LARGEST_BYTES + 1), "list-large"),
        (None, "list-missing"),
    ],
)
def test_a_list_that_cannot_be_used_is_empty_and_says_why(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    assert read_clerks(tmp_path).by_number == {}
    assert read_clerks(tmp_path).faults == ((FILE_NAME, code),)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert read_clerks(tmp_path / "gone").faults == (("gone", "folder-missing"),)
