"""From the presses of an unknown box to a profile that reads each of them rightly, or the reasons why there is none.

Every profile that the bursts allow is written, loaded and run over all bursts as the kiosk would; the one that
explains most of a frame is taken. None is taken that gives one burst another level than that of the key pressed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from devices.facts import Fact, KeyPressed
from devices.framing import Framing, Keystrokes, LengthPrefixed, SingleByte, parser_for
from devices.interpreter import Interpreter
from devices.learning.diagnosis import reasons
from devices.learning.draft import Draft
from devices.learning.explanation import beliefs, doubts
from devices.learning.findings import CannotTell, Finding, Learnt
from devices.learning.key_place import KeyPlace, bodies, find_key
from devices.learning.layouts import Layout, layouts
from devices.learning.presses import Burst, Presses, looks_scanned
from devices.learning.units import units
from devices.profile_file.root import read_profile
from devices.profile_parts import KeyboardLink, Profile

FEWEST_PRESSES: Final = 2
"""Of one key: a byte that was seen once may be a counter."""
FEWEST_KEYS: Final = 2
_GUARD_MS: Final = 300
_LONGEST_GUARD_MS: Final = 5000
_ENTERS: Final = (28, 96, 15)
"""What a box that types ends a line with: Enter, the keypad's Enter, Tab."""
_MOST_TRIED: Final = 400


def infer(presses: Presses, *, name: str, title: str, usb: str = "") -> Learnt | CannotTell:
    """`name` and `title` go into the profile, and `usb` ("1a86:7523") as a hint where it is known."""
    if missing := _too_little(presses):
        return CannotTell(missing)
    problems: list[Finding] = []
    for_one_box: Learnt | None = None
    for framing in _framings(presses):
        place = find_key(framing, presses)
        if isinstance(place, Finding):
            problems.append(place)
            continue
        draft = _draft(framing, place, presses, usb)
        if isinstance(draft, Finding):
            problems.append(draft)
            continue
        text = draft.text(name, title)
        profile = read_profile(text, "")
        if isinstance(profile, list):
            problems.append(Finding("profile-refused", (str(profile[0]),)))
        elif _reads_rightly(profile, presses):
            learnt = Learnt(text, beliefs(draft), doubts(draft, place, presses, unread(profile, presses)))
            if presses.number is None or draft.shared_line:
                return learnt
            for_one_box = for_one_box or learnt
    return for_one_box or CannotTell(reasons(presses, problems))


def levels_of(profile: Profile, burst: Burst) -> list[int]:
    """The levels that a kiosk with this profile takes from a burst, were each frame a press of its own."""
    return [fact.level for fact in _facts(profile, burst) if isinstance(fact, KeyPressed)]


def unread(profile: Profile, presses: Presses) -> int:
    """How many bursts of pressed keys hold nothing that the profile knows as a press."""
    return sum(not levels_of(profile, burst) for _, burst in presses.bursts())


def _facts(profile: Profile, burst: Burst) -> list[Fact]:
    parser, seconds = parser_for(profile.framing), count(step=60)
    interpreter = Interpreter(
        "learning", profile, frozenset(profile.addresses.evaluators), lambda: float(next(seconds))
    )
    events = (*parser.feed(burst.data), *parser.flush())
    return [fact for event in events for fact in interpreter.interpret(event)]


def _reads_rightly(profile: Profile, presses: Presses) -> bool:
    if any(levels_of(profile, burst) for burst in presses.by_itself):
        return False
    for level in presses.levels:
        read = [levels_of(profile, burst) for burst in presses.pressed[level]]
        right = sum(bool(levels) for levels in read)
        if any(set(levels) - {level} for levels in read) or right < FEWEST_PRESSES or right * 2 <= len(read):
            return False
    return True


def _too_little(presses: Presses) -> tuple[Finding, ...]:
    if not any(burst.data for _, burst in presses.bursts()):
        return (Finding("nothing-heard"),)
    if len(presses.levels) < FEWEST_KEYS:
        return (Finding("scanner" if looks_scanned(presses) else "too-few-keys"),)
    silent = [level for level in presses.levels if len(presses.pressed[level]) < FEWEST_PRESSES]
    return tuple(Finding("key-silent", (str(level),)) for level in silent)


def _framings(presses: Presses) -> Iterator[Framing]:
    if isinstance(presses.link, KeyboardLink):
        yield from _typed(presses)
        return
    if all(len(set(burst.data)) == 1 for _, burst in _mostly(presses)):
        yield SingleByte()
    found: dict[Framing, tuple[int, ...]] = {}
    for unit in units(presses):
        for layout in layouts(unit):
            found[layout.framing] = max(layout.rank, found.get(layout.framing, layout.rank))
    ranked = sorted((Layout(framing, rank) for framing, rank in found.items()), key=_by_rank, reverse=True)
    yield from (layout.framing for layout in ranked[:_MOST_TRIED])


def _by_rank(layout: Layout) -> tuple[int, ...]:
    return layout.rank


def _mostly(presses: Presses) -> Iterable[tuple[int, Burst]]:
    """The bursts without those that came by themselves too."""
    alone = {burst.data for burst in presses.by_itself}
    return [(level, burst) for level, burst in presses.bursts() if burst.data not in alone]


def _typed(presses: Presses) -> Iterator[Framing]:
    ends = Counter(burst.data[-2:] for _, burst in presses.bursts())
    for code in _ENTERS:
        end = code.to_bytes(2, "big")
        if ends[end]:
            longest = max(
                (len(body) for _, burst in presses.bursts() for body in bodies(Keystrokes(end, 16), burst)), default=2
            )
            yield Keystrokes(end, max(1, longest // 2))
    yield Keystrokes()


def _draft(framing: Framing, place: KeyPlace, presses: Presses, usb: str) -> Draft | Finding:
    leading = _leading(place)
    address, command, evaluators = _address(leading, presses.number)
    data = max((at for at in (address, command) if at is not None), default=-1) + 1
    if isinstance(framing, Keystrokes | SingleByte):
        address, command, evaluators, data = None, None, None, 0
    timeouts = _timeouts(framing, place, presses)
    if taken := [place.keys[key] for key in timeouts if key in place.keys]:
        return Finding("by-itself", (str(taken[0]),))
    guard = _guard_ms(framing, presses)
    unverified = [
        path
        for path, doubtful in (
            ("press.guard_ms", guard is None),
            ("addresses", evaluators is not None and evaluators[0] != evaluators[1]),
        )
        if doubtful
    ]
    return Draft(
        link=presses.link,
        usb=usb,
        framing=_sized(framing, data),
        address=address,
        command=command,
        command_value=leading[command] if command is not None else 0,
        data=data,
        data_length=len(place.constants) - data,
        key=place.at - data,
        key_length=place.length,
        guard_ms=guard or _GUARD_MS,
        keys=dict(sorted(place.keys.items(), key=_by_level, reverse=True)),
        timeout_keys=timeouts,
        lacks=tuple(sorted(presses.lacks)),
        evaluators=evaluators,
        unverified=tuple(unverified),
        examples={level: _example(framing, presses.pressed[level]) for level in presses.levels},
    )


def _by_level(key: tuple[bytes, int]) -> int:
    return key[1]


def _leading(place: KeyPlace) -> bytes:
    """The constants that the body begins with."""
    first = next((at for at, value in enumerate(place.constants) if value is None), len(place.constants))
    return bytes(value for value in place.constants[:first] if value is not None)[:8]


def _address(leading: bytes, number: int | None) -> tuple[int | None, int | None, tuple[int, int] | None]:
    """Places of address and command among the constants, and the addresses that boxes can have.

    On a shared line a box with number n has the address n, or n with the high bit set; where not exactly one byte
    says so it is not guessed. Alone on its line, a box is held to all the constants that it sends.
    """
    places = [at for at, value in enumerate(leading) if value in {number, number | 0x80}] if number else []
    if len(places) == 1:
        others = [at for at in range(len(leading)) if at != places[0]]
        high = leading[places[0]] & 0x80
        return places[0], (others[0] if others else None), (high | 1, high | 0x7F)
    match len(leading):
        case 0:
            return None, None, None
        case 1:
            return None, 0, None
        case size:
            return 0, size - 1, (leading[0], leading[0])


def _timeouts(framing: Framing, place: KeyPlace, presses: Presses) -> tuple[bytes, ...]:
    """What stands in the key's place of frames that came while nobody pressed."""
    fitting = [
        body
        for burst in presses.by_itself
        for body in bodies(framing, burst)
        if len(body) == len(place.constants) and _shares_head(body, _leading(place))
    ]
    return tuple(dict.fromkeys(body[place.at : place.at + place.length] for body in fitting))


def _shares_head(body: bytes, leading: bytes) -> bool:
    return body.startswith(leading)


def _guard_ms(framing: Framing, presses: Presses) -> int | None:
    """Long enough for the repeats of a held key; None where none were heard."""
    gaps = [burst.longest_gap_ms for _, burst in presses.bursts() if len(bodies(framing, burst)) > 1]
    if not gaps:
        return None
    return min(_LONGEST_GUARD_MS, max(_GUARD_MS, -(-2 * max(gaps) // 50) * 50))


def _sized(framing: Framing, data: int) -> Framing:
    if isinstance(framing, LengthPrefixed):
        return replace(framing, min_length=max(1, data))
    return framing


def _example(framing: Framing, bursts: tuple[Burst, ...]) -> bytes:
    """The shortest burst that holds a frame."""
    return min((burst.data for burst in bursts if bodies(framing, burst)), key=len, default=b"")
