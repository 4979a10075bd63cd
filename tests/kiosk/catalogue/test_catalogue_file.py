from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import load_catalogue
from kiosk.core.catalogue import Catalogue, Item
from kiosk.settings.faults import Fault, FaultyFileError

ROOT = Path(__file__).parents[3]
HEADING = "部门,事项编码,事项名称\n"
A, B = "A" * 31, "B" * 31


def catalogue(tmp_path: Path, content: str | bytes) -> Catalogue:
    path = tmp_path / "items.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_catalogue(path)


def faults(tmp_path: Path, content: str | bytes) -> list[str]:
    with pytest.raises(FaultyFileError) as caught:
        catalogue(tmp_path, content)
    return str(caught.value).split("\n")


def test_the_sample_is_accepted_and_its_codes_are_plainly_made_up() -> None:
    sample = load_catalogue(ROOT / "assets/catalogue/sample.csv")
    assert len(sample.items) >= 10
    assert len(sample.departments) >= 5
    assert all(item.code.startswith("EXAMPLE") for item in sample.items)


def test_departments_come_in_the_order_of_the_file_each_once(tmp_path: Path) -> None:
    read = catalogue(tmp_path, f"{HEADING}公安局,{A},户口迁移\n司法局,{B},律师执业\n公安局,{'C' * 31},补领\n")
    assert read.departments == ("公安局", "司法局")
    assert [item.name for item in read.items] == ["户口迁移", "律师执业", "补领"]


def test_a_code_of_33_characters_names_a_handled_item(tmp_path: Path) -> None:
    read = catalogue(tmp_path, f"{HEADING}公安局,{A}01,户口迁移\n公安局,{B},补领\n")
    assert [(item.task_code, item.task_handle_item) for item in read.items] == [(A, A + "01"), (B, "")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(ending: str, tmp_path: Path) -> None:
    rows = [
        "备注,事项名称,部门名称,事项编码",
        f'"一,二","变更""登记"""," 公安局 ",{A}',
        ",,,",
        f",补领,公安局,{B},多一列",
        "",
    ]
    read = catalogue(tmp_path, b"\xef\xbb\xbf" + ending.join(rows).encode())
    assert read.items == (Item(A, '变更"登记"', "公安局"), Item(B, "补领", "公安局"))


def test_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = f"{HEADING}公安局,{A},户口迁移\n"
    assert faults(tmp_path, text.encode("gb18030")) == [
        (
            "items.csv:1: the file is GB18030 (an editor may call it GBK or ANSI), not UTF-8"
            ' — save it as "CSV UTF-8" (WPS and Excel: 另存为, CSV UTF-8)'
        )
    ]
    assert "the file is UTF-16" in faults(tmp_path, text.encode("utf-16"))[0]
    assert "items.csv:2: the file is in no known encoding" in faults(tmp_path, HEADING.encode() + b"\xff\xff\n")[0]


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    rows = [
        f"公安局,{A},户口迁移",
        f"公安局,{A},户口迁移",
        ",1.1E+30,",
        f'公安局,{A[:30]},"补\n领"',
        f"公安局,{A[:30]}-,{'长' * 201}",
        "公安局",
    ]
    assert faults(tmp_path, HEADING + "\n".join(rows) + "\n") == [
        f"items.csv:3: 事项编码: {A} stands in line 2, too — keep one of the two",
        "items.csv:4: 部门: is empty — fill it in, or remove the row",
        "items.csv:4: 事项名称: is empty — fill it in, or remove the row",
        (
            'items.csv:4: 事项编码: the spreadsheet has rounded it to "1.1E+30"'
            " — format the column as text and fill it again"
        ),
        "items.csv:5: 事项名称: holds a line break or another control character — write it on one line",
        (
            f'items.csv:5: 事项编码: "{A[:30]}" has 30 characters'
            " — write its 31 digits and letters, or the 33 of a 业务办理项"
        ),
        "items.csv:7: 事项名称: has 201 characters — shorten it to 200",
        (
            f'items.csv:7: 事项编码: "{A[:30]}-" is no item code'
            " — write its 31 digits and letters, or the 33 of a 业务办理项"
        ),
        "items.csv:8: 事项名称: is empty — fill it in, or remove the row",
        "items.csv:8: 事项编码: is empty — fill it in, or remove the row",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "items.csv:1: 部门: no column has this heading — write 部门,事项编码,事项名称 in the first line"),
        ("部门;事项编码;事项名称\n", "事项名称: no column has this heading"),
        ("部门,部门,事项编码,事项名称\n", "部门: two columns have this heading"),
        (HEADING, "there is no item — export the rows"),
        (f'{HEADING}公安局,{A},"户口\n', "not a CSV file: "),
        (f"{HEADING}公安局,{A},户\x00口\n", "control character"),
    ],
)
def test_each_fault_of_the_whole_has_its_words(content: str, fault: str, tmp_path: Path) -> None:
    told = faults(tmp_path, content)
    assert any(fault in line for line in told), told


def test_a_file_that_was_exported_wrongly_as_a_whole_is_not_told_row_by_row(tmp_path: Path) -> None:
    told = faults(tmp_path, HEADING + "公安局,1,户口迁移\n" * 5000)
    assert len(told) == 51
    assert told[-1] == "items.csv:52: 4950 more faults from here on — correct those above first"


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match=r"none\.csv: cannot be read: No such file"):
        load_catalogue(tmp_path / "none.csv")


@given(content=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: (HEADING + text).encode())))
def test_any_bytes_are_read_or_told_never_anything_else(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    read, told = read_or_told(path)
    assert bool(read) != bool(told)
    assert all(fault.remedy for fault in told)


def read_or_told(path: Path) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    try:
        return load_catalogue(path).items, ()
    except FaultyFileError as error:
        return (), error.faults
