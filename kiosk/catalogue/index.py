"""A catalogue with its indexes, made once and asked on every key: what is shown for what was typed."""

from kiosk.catalogue.search import NameIndex, Readings
from kiosk.core.catalogue import Catalogue, Item


class CatalogueIndex:
    """Not changed once made; reading it takes no lock. Making it takes a moment (`kiosk.catalogue`)."""

    def __init__(self, catalogue: Catalogue, readings: Readings) -> None:
        self._catalogue = catalogue
        self._departments = NameIndex(catalogue.departments, readings)
        self._items = NameIndex([item.name for item in catalogue.items], readings)

    def departments(self, query: str) -> list[str]:
        """Those whose name matches; all of them where nothing was typed."""
        return [self._catalogue.departments[number] for number in self._departments.find(query)]

    def items(self, department: str, query: str) -> list[Item]:
        """Of one department; of all of them where none is named."""
        found = (self._catalogue.items[number] for number in self._items.find(query))
        return [item for item in found if not department or item.department == department]

    def name_of(self, task_code: str) -> str:
        """Of the first item with this taskCode; empty where there is none."""
        return next((item.name for item in self._catalogue.items if item.task_code == task_code), "")
