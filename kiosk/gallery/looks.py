"""The looks in which every screen is drawn: sizes, schemes and modes, every two of them together at least once."""

from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from kiosk.ui.main_window import Scheme

SIZES: Final = ((1024, 600), (1280, 800), (1080, 1920))


@dataclass(frozen=True, slots=True)
class Look:
    size: tuple[int, int] = SIZES[0]
    low: bool = False
    """What is pressed stands low: on an upright screen alone."""
    scheme: Scheme = "light"
    elder: bool = False

    @property
    def name(self) -> str:
        """`1080x1920-low-dark-elder`; what is ordinary is left out."""
        width, height = self.size
        modes = (("low", self.low), (self.scheme, self.scheme != "light"), ("elder", self.elder))
        return "-".join((f"{width}x{height}", *(name for name, on in modes if on)))


def pairwise(*sizes: int) -> tuple[tuple[int, ...], ...]:
    """Rows with one index below each size, so that every two indexes of different places meet in one row.

    Greedy: always the row in which most pairs meet that have not met yet. The same rows every time.
    """
    rows: list[tuple[int, ...]] = []
    candidates = list(product(*map(range, sizes)))
    unmet = set().union(*map(_pairs, candidates))
    while unmet:
        best = max(candidates, key=lambda row: len(_pairs(row) & unmet))
        unmet -= _pairs(best)
        rows.append(best)
    return tuple(rows)


def _pairs(row: tuple[int, ...]) -> set[tuple[tuple[int, int], ...]]:
    return set(combinations(enumerate(row), 2))


_SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark", "contrast")
_PLACES: Final = (*((size, False) for size in SIZES), (SIZES[-1], True))
LOOKS: Final = tuple(
    Look(*_PLACES[place], _SCHEMES[scheme], bool(elder))
    for place, scheme, elder in pairwise(len(_PLACES), len(_SCHEMES), 2)
)
