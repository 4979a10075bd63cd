"""Finds names by what is typed: Chinese, full Pinyin, initials, or any mixture.

A query is consumed from left to right, character by character of the name: by the character itself, by one of its
readings in full, by a reading's first letter (or `zh`, `ch`, `sh`), and at the query's end by any part of a reading
from its start. `gsdj`, `gshdj`, `gongshang`, `gongsdj`, `工商dj` and `gongshangd` all find 工商登记.
Pure: the readings are handed in.
"""

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

Readings = Callable[[str], frozenset[str]]

_PAIRS = ("zh", "ch", "sh")
"""Initials of two letters."""

_BETWEEN = "\n"
"""Between two names; no query can hold it."""


class NameIndex:
    """An index over names, for any number of questions. Not changed once made."""

    def __init__(self, names: Sequence[str], readings: Readings) -> None:
        plain = [_plain(name) for name in names]
        self._text = _BETWEEN.join([*plain, ""])
        self._starts = array("L")
        start = 0
        for name in plain:
            self._starts.append(start)
            start += len(name) + 1
        self._places: dict[str, array[int]] = {}
        for place, character in enumerate(self._text):
            self._places.setdefault(character, array("L")).append(place)
        self._places.pop(_BETWEEN, None)
        self._readings = {character: readings(character) for character in self._places}

    def find(self, query: str) -> list[int]:
        """Numbers of the names that match: first those that match from their start, each group in the given order.

        An empty query matches every name.
        """
        wanted = _plain(query)
        if not wanted:
            return list(range(len(self._starts)))
        first = self._matching(wanted, from_start=True)
        return [*first, *sorted(set(self._matching(wanted, from_start=False)).difference(first))]

    def _matching(self, query: str, *, from_start: bool) -> list[int]:
        """Follows all ways to consume the query at once; `reached[n]` are the places in the text after n characters."""
        reached: list[set[int]] = [set() for _ in range(len(query) + 1)]
        if from_start:
            self._step(query, 0, self._starts, reached)
        else:
            for character, places in self._places.items():
                for length in self._consumed(query, 0, character):
                    reached[length].update(place + 1 for place in places)
        for done in range(1, len(query)):
            self._step(query, done, reached[done], reached)
        return sorted({bisect_right(self._starts, place - 1) - 1 for place in reached[-1]})

    def _step(self, query: str, done: int, places: Iterable[int], reached: list[set[int]]) -> None:
        known: dict[str, tuple[int, ...]] = {_BETWEEN: ()}
        for place in places:
            character = self._text[place]
            if character not in known:
                known[character] = self._consumed(query, done, character)
            for length in known[character]:
                reached[done + length].add(place + 1)

    def _consumed(self, query: str, done: int, character: str) -> tuple[int, ...]:
        """How many characters of the query, from `done` on, this character of a name can stand for."""
        rest = query[done:]
        lengths = {1} if rest[0] == character else set()
        for reading in self._readings[character]:
            if reading[0] == rest[0]:
                lengths.add(1)
                if reading.startswith(_PAIRS) and rest.startswith(reading[:2]):
                    lengths.add(2)
                if rest.startswith(reading):
                    lengths.add(len(reading))
                elif reading.startswith(rest):
                    lengths.add(len(rest))
        return tuple(lengths)


def _plain(text: str) -> str:
    """One width, one case, no spaces, and none of the apostrophes that part syllables."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text).casefold()
        if not character.isspace() and character not in "'’"
    )
