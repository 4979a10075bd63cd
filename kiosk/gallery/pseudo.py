"""Two languages that nobody speaks, made from English: one with long words, one from right to left.

They prove that every layout holds whatever a hall's own pack brings. No citizen is ever offered them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from kiosk.core.phrases import Phrases
from kiosk.ui.word_packs import ENGLISH, WordPacks, vars_of
from kiosk.ui.words import Words

LONG: Final = "qps-long"
RIGHT_TO_LEFT: Final = "qps-rtl"
_PLACES: Final = re.compile(r"(\{\w+\})")
_STRESSED: Final = str.maketrans("aeiouAEIOUcnsz", "áéíöúÁÉÍÖÚçñšž")
_SOFT: Final = {letter: letter * 2 for letter in "aeos"}


def with_pseudo_packs(packs: WordPacks) -> WordPacks:
    by_language = {
        LONG: _made(packs.words(ENGLISH), lengthened),
        RIGHT_TO_LEFT: _made(packs.words(ENGLISH), turned),
    }
    return replace(
        packs, by_language={**packs.by_language, **by_language}, right_to_left=packs.right_to_left | {RIGHT_TO_LEFT}
    )


def with_pseudo_phrases(phrases: Phrases) -> Phrases:
    english = phrases.by_language[ENGLISH]
    made: Mapping[str, Mapping[str, str]] = {
        LONG: {text: lengthened(said) for text, said in english.items()},
        RIGHT_TO_LEFT: {text: turned(said) for text, said in english.items()},
    }
    return Phrases({**phrases.by_language, **made})


def lengthened(text: str) -> str:
    """Three tenths longer than English, as a rule of thumb for translations has it, with accents above the letters."""
    return "".join(part if _PLACES.fullmatch(part) else _stressed(part) for part in _PLACES.split(text))


def _stressed(text: str) -> str:
    return "".join(_SOFT.get(letter, letter).translate(_STRESSED) for letter in text)


def turned(text: str) -> str:
    """The same letters from right to left: an override before each run of them, a mark of direction before all."""
    parts = re.split(r"(\||\{\w+\})", text)
    return "".join(part if re.fullmatch(r"\||\{\w+\}", part) else _overridden(part) for part in parts)


def _overridden(text: str) -> str:
    return f"\u200f\u202e{text}\u202c" if text else ""


def _made(words: Words, change: Callable[[str], str]) -> Words:
    return Words(**{key: change(said) for key, said in vars_of(words).items()})
