"""The one pattern of file names on a stick: whose records, of which stretch, and what kind of paper it is."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Paper = Literal["parcel", "carried", "refused", "ack"]
"""The records; who carries them on; why a hub did not take them; the hub's acknowledgement."""

_NAME: Final = re.compile(
    r"hall-parcel-([0-9a-f]{8})-([0-9a-f]{32})-(0|[1-9][0-9]{0,14})-(0|[1-9][0-9]{0,14})\.(parcel|carried|refused|ack)"
)


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Records `first` to `last` of one generation. `device` is the beginning of the device's name: for people."""

    device: str
    generation: str
    first: int
    last: int

    def named(self, paper: Paper) -> str:
        return f"hall-parcel-{self.device}-{self.generation}-{self.first}-{self.last}.{paper}"


def stretch_of(name: str, paper: Paper) -> Stretch | None:
    """None where it is no name of such a paper."""
    found = _NAME.fullmatch(name)
    if found is None or found[5] != paper:
        return None
    stretch = Stretch(found[1], found[2], int(found[3]), int(found[4]))
    return stretch if stretch.first <= stretch.last else None
