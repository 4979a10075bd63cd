"""Which screen a window shows and what stands on it: a pure function of the visit's state."""

from dataclasses import dataclass
from typing import Final, Literal, assert_never

from kiosk.core.visit import Apologising, Asking, Recording, Resting, Thanking, Window
from kiosk.ui.words import FALLBACK, WordPacks, Words
from sync.records import LEVELS, VisitId

Screen = Literal["standby", "walk-up", "paused", "asking", "recording", "thanking", "apologising"]

_OTHER: Final = {FALLBACK: "en"}
"""The language of the small words under a face: the official Chinese ones, or English under Chinese."""


@dataclass(frozen=True, slots=True)
class Names:
    """Of the hall and the window. An empty English name falls back to the Chinese one."""

    hall: str
    hall_en: str
    window: str
    window_en: str


@dataclass(frozen=True, slots=True)
class Face:
    """One of the five. `word` and `other` keep their break marks."""

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
    headline: str
    note: str
    receipt: str
    faces: tuple[Face, ...]
    visit: VisitId | None
    closes_ms: int | None
    """On the clock since boot, while faces wait for a press."""

    @property
    def faces_shown(self) -> bool:
        return self.screen in {"asking", "recording", "walk-up"}

    @property
    def pressable(self) -> bool:
        return self.screen in {"asking", "walk-up"}

    @property
    def at_rest(self) -> bool:
        """Nobody is being asked: the manager may come in."""
        return self.screen in {"standby", "paused", "walk-up"}


def derive_props(window: Window, language: str, packs: WordPacks, names: Names) -> Props:
    words = packs.words(language)
    screen = _screen(window)
    headline, note = _texts(screen, window, words)
    chinese = language == FALLBACK
    return Props(
        screen=screen,
        language=language,
        hall=names.hall if chinese else names.hall_en or names.hall,
        window=names.window if chinese else names.window_en or names.window,
        clerk=words.clerk.format(clerk=window.clerk) if window.clerk else "",
        headline=headline,
        note=note,
        receipt=_receipt(window, words),
        faces=_faces(language, packs),
        visit=_visit(window),
        closes_ms=window.stage.closes_ms if isinstance(window.stage, Asking) else None,
    )


def _screen(window: Window) -> Screen:
    match window.stage:
        case Resting() if window.pause is not None:
            return "paused"
        case Resting():
            return "walk-up" if window.rules.place == "walk-up" else "standby"
        case Asking():
            return "asking"
        case Recording():
            return "recording"
        case Thanking():
            return "thanking"
        case Apologising():
            return "apologising"
        case _:
            assert_never(window.stage)


def _texts(screen: Screen, window: Window, words: Words) -> tuple[str, str]:
    match screen:
        case "standby":
            return (words.standby_serving if window.clerk else words.standby_greeting), ""
        case "paused":
            return words.paused_headline, window.pause or ""
        case "asking" | "recording" | "walk-up":
            return _question(window, words)
        case "thanking":
            return words.thanks_headline, ""
        case "apologising":
            return words.apology_headline, ""
        case _:
            assert_never(screen)


def _question(window: Window, words: Words) -> tuple[str, str]:
    """A walk-up point asks about the hall from rest to thanks, so that it never passes for a case's rating."""
    if window.rules.place == "walk-up":
        return words.walk_up_headline, words.walk_up_note
    return words.asking_headline, words.asking_note


def _receipt(window: Window, words: Words) -> str:
    if not isinstance(window.stage, Thanking):
        return ""
    return f"{words.receipt} {grouped(window.stage.receipt)}"


def grouped(receipt: str) -> str:
    """Four by four, to be read aloud or copied by hand."""
    plain = receipt.replace("-", "")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _faces(language: str, packs: WordPacks) -> tuple[Face, ...]:
    words, other = packs.words(language), packs.words(_OTHER.get(language, FALLBACK))
    return tuple(Face(level, words.level(level), other.level(level)) for level in LEVELS)


def _visit(window: Window) -> VisitId | None:
    match window.stage:
        case Asking(visit) | Recording(visit) | Thanking(visit) | Apologising(visit):
            return visit
        case Resting():
            return None
        case _:
            assert_never(window.stage)
