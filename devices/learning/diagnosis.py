"""Why no profile could be made, in the order in which an engineer should look at it."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from devices.learning.findings import Finding, ReasonCode
from devices.learning.presses import Presses, looks_scanned, unit_of

_TELLING: tuple[ReasonCode, ...] = ("by-itself", "same-bytes", "differs-each-time", "sizes-differ", "profile-refused")


def reasons(presses: Presses, problems: list[Finding]) -> tuple[Finding, ...]:
    """`problems` are those of the framings that were tried: few of them are the box's own."""
    if looks_scanned(presses):
        return (Finding("scanner"),)
    if plain := tuple(_plain(presses)):
        return plain
    common = Counter(problems).most_common()
    for code in _TELLING:
        if found := [problem for problem, _ in common if problem.code == code]:
            return (found[0],)
    return (Finding("no-structure"),)


def _plain(presses: Presses) -> Iterator[Finding]:
    """What can be seen on the bursts alone."""
    alone = {unit_of(burst.data) for burst in presses.by_itself}
    usual: dict[int, bytes] = {}
    for level in presses.levels:
        seen = Counter(unit_of(burst.data) for burst in presses.pressed[level])
        unit, times = seen.most_common(1)[0]
        if times * 2 > seen.total():
            usual[level] = unit
        elif len(set(map(len, seen))) == len(seen):
            yield Finding("differs-each-time", (str(level),))
    for level, unit in usual.items():
        if unit in alone:
            yield Finding("by-itself", (str(level),))
    for one, other in combinations(usual, 2):
        if usual[one] == usual[other]:
            yield Finding("same-bytes", (str(one), str(other)))
    if len(usual) == len(presses.levels) and len({len(unit) for unit in usual.values()}) > 1:
        yield Finding("sizes-differ")
