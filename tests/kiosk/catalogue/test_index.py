"""What a list shows for what was typed."""

from pathlib import Path

import pytest

from kiosk.catalogue import load_catalogue, readings_of
from kiosk.catalogue.index import CatalogueIndex

SAMPLE = Path(__file__).parents[3] / "assets/catalogue/sample.csv"


@pytest.fixture(scope="module")
def index() -> CatalogueIndex:
    return CatalogueIndex(load_catalogue(SAMPLE), readings_of)


def test_departments_stand_in_the_order_of_the_file_and_are_found_by_initials(index: CatalogueIndex) -> None:
    assert index.departments("")[:2] == ["市场监督管理局", "人力资源和社会保障局"]
    assert index.departments("gaj") == ["公安局"]
    assert index.departments("vvv") == []


def test_items_are_those_of_the_department_and_without_one_those_of_all(index: CatalogueIndex) -> None:
    assert [item.name for item in index.items("公安局", "")] == ["居民身份证换领", "户口迁移", "机动车行驶证补领"]
    assert [item.name for item in index.items("公安局", "bl")] == ["机动车行驶证补领"]
    assert [item.department for item in index.items("", "bl")] == ["人力资源和社会保障局", "公安局"]


def test_an_item_has_its_name_by_its_code(index: CatalogueIndex) -> None:
    item = index.items("", "hkqy")[0]
    assert index.name_of(item.task_code) == "户口迁移"
    assert index.name_of("X" * 31) == ""
