"""What a list shows for what was typed."""

from pathlib import Path

import pytest

from kiosk.catalogue import load_catalogue, readings_of
from kiosk.catalogue.shelf import Shelf

SAMPLE = Path(__file__).parents[3] / "assets/catalogue/sample.csv"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(load_catalogue(SAMPLE), readings_of)


def test_departments_stand_in_the_order_of_the_file_and_are_found_by_initials(shelf: Shelf) -> None:
    assert shelf.departments("")[:2] == ["市场监督管理局", "人力资源和社会保障局"]
    assert shelf.departments("gaj") == ["公安局"]
    assert shelf.departments("vvv") == []


def test_items_are_those_of_the_department_and_without_one_those_of_all(shelf: Shelf) -> None:
    assert [item.name for item in shelf.items("公安局", "")] == ["居民身份证换领", "户口迁移", "机动车行驶证补领"]
    assert [item.name for item in shelf.items("公安局", "bl")] == ["机动车行驶证补领"]
    assert [item.department for item in shelf.items("", "bl")] == ["人力资源和社会保障局", "公安局"]


def test_an_item_has_its_name_by_its_code(shelf: Shelf) -> None:
    item = shelf.items("", "hkqy")[0]
    assert shelf.name_of(item.task_code) == "户口迁移"
    assert shelf.name_of("X" * 31) == ""
