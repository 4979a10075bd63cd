"""The five levels of satisfaction and what else a visit can come to.

Numbers and words are the national ones: 5 is the best, the last two are bad reviews (国办发〔2019〕51号).
"""

from typing import Final

LEVELS: Final = (5, 4, 3, 2, 1)
"""From 非常满意 to 非常不满意: also the order on every screen."""

BAD_LEVELS: Final = frozenset({1, 2})
"""差评: dissatisfied and very dissatisfied."""

OFFICIAL_WORDS: Final = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
OFFICIAL_ENGLISH: Final = {
    5: "Very satisfied",
    4: "Satisfied",
    3: "Basically satisfied",
    2: "Dissatisfied",
    1: "Very dissatisfied",
}

NOT_RATED: Final = 0
"""The outcome of a visit that nobody answered. Never a level: no default is ever invented here."""


def apologised(level: int) -> int:
    """The outcome under which a press is counted that could not be recorded and was not thanked for."""
    return -level
