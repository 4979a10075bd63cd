"""Each step of a learning session in plain words for the screen: a pure function."""

from typing import Final

from devices.learning.explanation import line_text
from devices.learning.findings import Finding
from devices.learning.presses import Burst
from devices.learning.session import PRESSES, TIME_OUT_MS, Session
from devices.learning.steps import (
    LINES,
    CheckKeys,
    Failed,
    FindPort,
    PressKey,
    Review,
    TryLine,
    WaitTimeOut,
)
from kiosk.commands.learn_words import said_in
from kiosk.ui.learn_view_model import Action, LearnView
from kiosk.ui.words import Words, whole

_SHOWN_BYTES: Final = 24
_BEST: Final = 5


def view_of(session: Session, words: Words, *, chinese: bool) -> LearnView:
    """The steps that end a session have no view of their own here."""
    match session.step:
        case FindPort(None):
            return LearnView("find", words.learn_looking)
        case FindPort(seen):
            names = tuple(f"{port.path} · {port.title}" for port in seen or ())
            return LearnView("find", words.learn_find, words.learn_find_note, ports=names)
        case TryLine() | PressKey() | CheckKeys() if not session.opened:
            return LearnView("press", words.learn_opening)
        case TryLine() as step:
            return _try_line(step, words)
        case PressKey(level):
            return _press_key(session, level, words)
        case WaitTimeOut(waited_ms, silent_ms):
            left = max(0, TIME_OUT_MS - waited_ms - silent_ms) // 1000
            note = words.learn_wait_note.format(seconds=left)
            return LearnView("wait", words.learn_wait, note, actions=(Action("next", words.skip),))
        case Review(learnt):
            findings = tuple(said_in(finding, chinese=chinese) for finding in learnt.beliefs)
            doubts = tuple(said_in(finding, chinese=chinese) for finding in learnt.doubts)
            return LearnView("review", words.learn_review, findings=findings, doubts=doubts, actions=_review(words))
        case CheckKeys(_, asked, misses):
            headline = words.learn_check.format(level=whole(words.level(asked[0])))
            note = words.learn_check_again if misses else words.learn_check_note
            return LearnView("press", headline, note, asked[0], actions=(Action("back", words.learn_again),))
        case Failed(cannot):
            reasons = tuple(_reason(finding, words, chinese=chinese) for finding in cannot.reasons)
            return LearnView("failed", words.learn_failed, doubts=reasons, actions=_failed(session, words))
        case _:
            return LearnView("failed", words.learn_failed)


def _reason(finding: Finding, words: Words, *, chinese: bool) -> str:
    """A port is spoken of as on the other pages: the engineer's own words for it are English alone."""
    if finding.code == "port-lost":
        return words.reason(finding.values[1])
    return said_in(finding, chinese=chinese)


def _try_line(step: TryLine, words: Words) -> LearnView:
    line = line_text(LINES[step.line])
    note = words.learn_line_note.format(line=line, number=step.line + 1, count=len(LINES))
    actions = (Action("next", words.learn_next_line),)
    return _press(step.bursts, _BEST, note, actions, words)


def _press_key(session: Session, level: int, words: Words) -> LearnView:
    actions = (
        Action("skip", words.learn_no_key),
        *((Action("back", words.learn_key_before),) if level < _BEST else ()),
    )
    return _press(session.pressed.get(level, ()), level, words.learn_press_note, actions, words)


def _press(bursts: tuple[Burst, ...], level: int, note: str, actions: tuple[Action, ...], words: Words) -> LearnView:
    """As many presses as there are places for; one that disagrees asks for more of them."""
    wanted = max(PRESSES, len(bursts) + 1) if len(bursts) >= PRESSES else PRESSES
    headline = words.learn_press.format(level=whole(words.level(level)), count=PRESSES)
    raw = _shown(bursts[-1].data) if bursts else ""
    return LearnView("press", headline, note, level, len(bursts), wanted, raw, actions=actions)


def _review(words: Words) -> tuple[Action, ...]:
    return (
        Action("next", words.learn_right),
        Action("back", words.learn_again),
        Action("skip", words.learn_next_line),
    )


def _failed(session: Session, words: Words) -> tuple[Action, ...]:
    """Without a port only plugging in is left."""
    if session.port is None:
        return (Action("back", words.learn_again),)
    other = (Action("skip", words.learn_next_line),) if session.port.kind == "serial" else ()
    return (Action("back", words.learn_again), *other)


def _shown(data: bytes) -> str:
    return data[:_SHOWN_BYTES].hex(" ").upper() + (" …" if len(data) > _SHOWN_BYTES else "")
