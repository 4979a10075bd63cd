"""Where in a frame the key stands: the first byte (or two) that is always the same with one key, and with it alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from devices.frames import Frame
from devices.framing import Framing, Keystrokes, parser_for
from devices.learning.findings import Finding
from devices.learning.presses import Burst, Presses

_AGREED: Final = 0.8


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """`constants` has the value of each byte of the body that never changes; `keys` the level of each key; `counters`
    the places of bytes that differ between presses of one key.
    """

    constants: tuple[int | None, ...]
    at: int
    length: int
    keys: Mapping[bytes, int]
    counters: tuple[int, ...]


def find_key(framing: Framing, presses: Presses) -> KeyPlace | Finding:
    """A finding says why there is none: which two keys are the same, or which key differs from press to press."""
    by_itself = {body for burst in presses.by_itself for body in bodies(framing, burst)}
    heard = {level: _distinct(framing, presses.pressed[level]) for level in presses.levels}
    own = {level: [body for body in some if body not in by_itself] for level, some in heard.items()}
    for level, some in own.items():
        if not some:
            return Finding("by-itself" if heard[level] else "key-silent", (str(level),))
    size = _size(own)
    if size is None:
        return Finding("sizes-differ")
    sized = {level: [body for body in some if len(body) == size] for level, some in own.items()}
    constants = tuple(constant(place, sized) for place in range(size))
    fitting = {level: [body for body in some if _fits(body, constants)] for level, some in sized.items()}
    for level, some in fitting.items():
        if not some:
            return Finding("differs-each-time", (str(level),))
    return _placed(constants, fitting, 2 if isinstance(framing, Keystrokes) else 1)


def bodies(framing: Framing, burst: Burst) -> list[bytes]:
    parser = parser_for(framing)
    return [event.body for event in (*parser.feed(burst.data), *parser.flush()) if isinstance(event, Frame)]


def constant(place: int, slices: Mapping[int, list[bytes]]) -> int | None:
    """The value that this place has in four of five frames, each level having the same say; None if there is none."""
    shares: Counter[int] = Counter()
    for some in slices.values():
        for value, count in Counter(one[place] for one in some).items():
            shares[value] += _WEIGHT * count // (len(some) * len(slices))
    value, share = shares.most_common(1)[0]
    return value if share >= _AGREED * _WEIGHT else None


_WEIGHT: Final = 1_000_000


def _distinct(framing: Framing, bursts: tuple[Burst, ...]) -> list[bytes]:
    """The first and the last frame of each burst: a key that was held must not outvote the others."""
    found: list[bytes] = []
    for burst in bursts:
        some = bodies(framing, burst)
        found += list(dict.fromkeys((some[0], some[-1]))) if some else []
    return found


def _size(own: Mapping[int, list[bytes]]) -> int | None:
    """The size that the frames of every key have most often."""
    sizes = {Counter(map(len, some)).most_common(1)[0][0] for some in own.values()}
    return sizes.pop() if len(sizes) == 1 else None


def _fits(body: bytes, constants: tuple[int | None, ...]) -> bool:
    return all(value is None or byte == value for byte, value in zip(body, constants, strict=True))


def _placed(constants: tuple[int | None, ...], fitting: Mapping[int, list[bytes]], step: int) -> KeyPlace | Finding:
    for length in (step, 2):
        for at in range(0, len(constants) - length + 1, step):
            values = {level: {body[at : at + length] for body in some} for level, some in fitting.items()}
            if all(len(some) == 1 for some in values.values()):
                keys = {next(iter(some)): level for level, some in values.items()}
                if len(keys) == len(values):
                    return KeyPlace(constants, at, length, keys, _counters(fitting, len(constants)))
    return _why_not(constants, fitting)


def _counters(fitting: Mapping[int, list[bytes]], size: int) -> tuple[int, ...]:
    return tuple(
        place for place in range(size) if any(len({body[place] for body in some}) > 1 for some in fitting.values())
    )


def _why_not(constants: tuple[int | None, ...], fitting: Mapping[int, list[bytes]]) -> Finding:
    changing = [place for place, value in enumerate(constants) if value is None]
    steady = {level: _steady(some, changing) for level, some in fitting.items()}
    for one, other in combinations(steady, 2):
        if steady[one] == steady[other]:
            return Finding("same-bytes", (str(one), str(other)))
    return Finding("no-structure")


def _steady(some: list[bytes], changing: list[int]) -> tuple[int | None, ...]:
    """What this key says at each place that changes; None where it says something else each time."""
    return tuple(some[0][place] if len({body[place] for body in some}) == 1 else None for place in changing)
