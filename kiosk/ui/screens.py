"""Which screen a window shows and what stands on it: a pure function of the visit's state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from kiosk.core.notices import Notice, in_effect
from kiosk.core.visit import (
    Apologising,
    Asking,
    Detailing,
    Rechoosing,
    Recording,
    Rerecording,
    Resting,
    Thanking,
    Window,
)
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.word_packs import WordPacks
from kiosk.ui.words import FALLBACK, Words, is_chinese
from sync.clock import hall_day
from sync.records import LEVELS, Ask, VisitId
from sync.records.stored import Place

Screen = Literal[
    "standby", "walk-up", "finding", "paused", "asking", "recording", "details", "rechoosing", "thanking", "apologising"
]

_OTHER: Final = {FALLBACK: "en"}
"""The language of the small words under a face: the official Chinese ones, or English under Chinese."""


_AT_REST: Final[dict[Place, Screen]] = {"window": "standby", "walk-up": "walk-up", "terminal": "finding"}


@dataclass(frozen=True, slots=True)
class Names:
    """Of the hall and the window. An empty English name falls back to the Chinese one."""

    hall: str
    hall_en: str
    window: str
    window_en: str
    department: str = ""
    """Whose window it is. Empty: a shared window, which is the department's whose case is rated."""


@dataclass(frozen=True, slots=True)
class ScreenPlace:
    """Where the screen stands: what does not change while it shows."""

    names: Names
    province: ProvinceTexts
    utc_offset_minutes: int
    dpi: int
    """Pixels of the panel to an inch."""
    notices: tuple[Notice, ...] = ()
    item_name: Callable[[str], str] = lambda _task_code: ""
    """Of an item that is rated without a case."""


@dataclass(frozen=True, slots=True)
class Face:
    """One of the five. `word` and `other` keep their break marks. One of them is always the official Chinese word."""

    level: int
    word: str
    other: str


@dataclass(frozen=True, slots=True)
class Props:
    """All that the citizen's screens show. Holds no level: no screen can tell one from another."""

    screen: Screen
    language: str
    hall: str
    window: str
    clerk: str
    """Who is rated, in one line: the department of a shared window's case, the number of the clerk."""
    clerk_number: str
    headline: str
    note: str
    faces: tuple[Face, ...]
    visit: VisitId | None
    closes_ms: int | None
    """On the clock since boot, while faces wait for a press, or the receipt for whoever takes a picture of it."""
    open_ms: int
    """How long they wait in all."""
    startable: bool
    """The citizen may open a visit that nobody asked for."""
    notice: str
    """Of the hall, while the window is at rest; empty: none."""
    leavable: bool
    """The citizen may leave the faces without a press: at a terminal, which the next one waits for."""

    @property
    def faces_shown(self) -> bool:
        return self.screen in {"asking", "recording", "rechoosing", "walk-up"}

    @property
    def pressable(self) -> bool:
        return self.screen in {"asking", "rechoosing", "walk-up"}

    @property
    def at_rest(self) -> bool:
        """Nobody is being asked: the manager may come in."""
        return self.screen in {"standby", "paused", "walk-up", "finding"}


def derive_props(window: Window, language: str, packs: WordPacks, place: ScreenPlace, wall_ms: int) -> Props:
    """`wall_ms` says which day it is in the hall."""
    words, names = packs.words(language), place.names
    screen = _screen(window)
    headline, note = _texts(screen, window, words, place.item_name)
    chinese = is_chinese(language)
    return Props(
        screen=screen,
        language=language,
        hall=names.hall if chinese else names.hall_en or names.hall,
        window=names.window if chinese else names.window_en or names.window,
        clerk="  ·  ".join(filter(None, (_department(window, names), _number(_rated_clerk(window), words)))),
        clerk_number=_number(window.clerk, words),
        headline=headline,
        note=note,
        faces=_faces(language, packs, place.province),
        visit=_visit(window),
        closes_ms=_closes_ms(window),
        open_ms=_open_ms(window),
        startable=screen == "standby",
        notice=_notice(place, wall_ms, chinese=chinese) if screen == "standby" else "",
        leavable=screen == "asking" and window.rules.place == "terminal",
    )


def _notice(place: ScreenPlace, wall_ms: int, *, chinese: bool) -> str:
    notice = in_effect(place.notices, hall_day(wall_ms, place.utc_offset_minutes)[0])
    if notice is None:
        return ""
    return notice.text if chinese else notice.text_en or notice.text


def _ask(window: Window) -> Ask | None:
    match window.stage:
        case Asking(ask=ask) | Recording(ask=ask) | Detailing(ask=ask) | Apologising(ask=ask):
            return ask
        case Rechoosing(details) | Rerecording(details):
            return details.ask
        case _:
            return None


def _rated_clerk(window: Window) -> str:
    """A visit stays with the clerk it was asked for, whoever signs in meanwhile."""
    ask = _ask(window)
    return window.clerk if ask is None else ask.clerk


def _number(clerk: str, words: Words) -> str:
    return words.clerk.format(clerk=clerk) if clerk else ""


def _department(window: Window, names: Names) -> str:
    """Of a shared window while a case is rated there: the department of its cases, where they have one and the same."""
    ask = _ask(window)
    if names.department or ask is None:
        return ""
    departments = {case.org_name or case.pro_depart for case in ask.cases}
    return departments.pop() if len(departments) == 1 else ""


def _screen(window: Window) -> Screen:
    match window.stage:
        case Resting() if window.pause is not None:
            return "paused"
        case Resting():
            return _AT_REST[window.rules.place]
        case Asking():
            return "asking"
        case Recording() | Rerecording():
            return "recording"
        case Detailing():
            return "details"
        case Rechoosing():
            return "rechoosing"
        case Thanking():
            return "thanking"
        case Apologising():
            return "apologising"
        case _:
            assert_never(window.stage)


def _texts(screen: Screen, window: Window, words: Words, item_name: Callable[[str], str]) -> tuple[str, str]:
    match screen:
        case "finding":
            return "", ""
        case "standby":
            return (words.standby_serving if window.clerk else words.standby_greeting), ""
        case "paused":
            return words.paused_headline, words.pause(window.pause) if window.pause else ""
        case "asking" | "recording" | "walk-up":
            return _question(window, words, item_name)
        case "rechoosing":
            return words.rechoose_headline, words.rechoose_note
        case "thanking" | "details":
            return words.thanks_headline, ""
        case "apologising":
            return words.apology_headline, ""
        case _:
            assert_never(screen)


def _question(window: Window, words: Words, item_name: Callable[[str], str]) -> tuple[str, str]:
    """Names what is rated: a walk-up point asks about the hall from rest to thanks, and never passes for a case's."""
    match window.stage:
        case Asking(ask=ask) | Recording(ask=ask) | Rerecording(details=Detailing(ask=ask)):
            rated, item = ask.object, ask.cases[0].task_code if ask.later is not None and ask.cases else ask.item
        case _:
            rated, item = ("hall" if window.rules.place == "walk-up" else "window"), ""
    if rated == "hall":
        return words.walk_up_headline, words.walk_up_note
    if rated == "terminal":
        return words.terminal_headline, words.asking_note
    name = item_name(item) if item else ""
    return words.asking_headline, words.asking_item.format(item=name) if name else words.asking_note


def grouped(receipt: str) -> str:
    """Four by four, to be read aloud or copied by hand."""
    plain = receipt.replace("-", "")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _faces(language: str, packs: WordPacks, province: ProvinceTexts) -> tuple[Face, ...]:
    """The official words in two languages; where the province has words of its own, these over the official Chinese."""
    words, chinese = packs.words(language), packs.words(FALLBACK)
    if province.own_level_words:
        return tuple(Face(level, province.level_word(level, language), chinese.level(level)) for level in LEVELS)
    other = packs.words(_OTHER.get(language, FALLBACK))
    return tuple(Face(level, words.level(level), other.level(level)) for level in LEVELS)


def _closes_ms(window: Window) -> int | None:
    match window.stage:
        case Asking(closes_ms=due) | Rechoosing(until_ms=due) | Thanking(until_ms=due):
            return due
        case _:
            return None


def _open_ms(window: Window) -> int:
    rules, offer = window.rules, window.rules.offer
    match window.stage:
        case Rechoosing() if offer:
            return offer.rechoose_ms
        case Thanking():
            return offer.receipt_ms if offer else rules.thanks_ms
        case _:
            return rules.stays_open_ms


def _visit(window: Window) -> VisitId | None:
    match window.stage:
        case Asking(visit) | Recording(visit) | Detailing(visit) | Thanking(visit) | Apologising(visit):
            return visit
        case Rechoosing() | Rerecording() as again:
            return again.visit
        case Resting():
            return None
        case _:
            assert_never(window.stage)
