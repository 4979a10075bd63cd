"""What a citizen can choose where no case number is at hand: the hall's departments and their items."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

ITEM_CODE: Final = 31
"""Characters of a taskCode. A code of two more names a handled item (业务办理项); its first 31 are the taskCode."""


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    """31 or 33 characters, as in the catalogue."""
    name: str
    department: str

    @property
    def task_code(self) -> str:
        return self.code[:ITEM_CODE]

    @property
    def task_handle_item(self) -> str:
        """All 33 characters; empty where the code has 31."""
        return self.code if len(self.code) > ITEM_CODE else ""


@dataclass(frozen=True)
class Catalogue:
    items: tuple[Item, ...]
    """In the order of the file."""

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """Each once, in the order in which the file names them first."""
        return tuple(dict.fromkeys(item.department for item in self.items))
