"""What a citizen may say after the press, and how a mis-press is taken back. Pure; called by `kiosk.core.visit` alone.

    Detailing: reasons ▶ questions ▶ words ──▶ Thanking with the receipt
        │ ▲ within 8 s, once
        ▼ │
    Rechoosing ──another level──▶ Rerecording

The level is on the disk before any of this begins and stands whatever becomes of it: skipped, timed out, walked away
from. Nothing here depends on the level but the words of the reasons.
"""

from dataclasses import replace

from kiosk.core.events import (
    Acknowledge,
    AnswersGiven,
    Append,
    ChangeAsked,
    HelpCalled,
    NotRecorded,
    PageSkipped,
    Pressed,
    ReasonsGiven,
    Recorded,
    Said,
    Stray,
    Touched,
    WordsGiven,
)
from kiosk.core.stages import (
    Detailing,
    Rechoosing,
    Recording,
    Rerecording,
    Step,
    Thanking,
    Window,
)
from sync.records import At, VisitChanged, VisitDetailed, VisitId


def after_recording(window: Window, recording: Recording, event: Recorded) -> Step:
    """The press is on the disk: thanks, with the offer to say more where there is one."""
    press = recording.press
    acknowledge = (Acknowledge(press.evidence),) if press.evidence else ()
    offer, now = window.rules.offer, event.at.boot_ms
    if offer is None:
        return Step(replace(window, stage=_thanking(window, event.visit, event.receipt, event.at)), acknowledge)
    longest_ms = offer.waiting_ms if window.waiting else offer.longest_ms
    stage = Detailing(
        event.visit,
        recording.ask,
        event.receipt,
        press.level,
        press.at,
        page=0,
        until_ms=now + offer.idle_ms,
        ends_ms=now + longest_ms,
        change_until_ms=now + offer.change_ms,
    )
    return Step(replace(window, stage=stage), acknowledge)


def due_ms(stage: Detailing) -> int:
    closes_ms = min(stage.until_ms, stage.ends_ms)
    return closes_ms if stage.change_until_ms is None else min(closes_ms, stage.change_until_ms)


def hurried(window: Window, at: At) -> Window:
    """Another ask waits: what is open is let finish, but not for ever."""
    offer = window.rules.offer
    match window.stage:
        case Detailing() as stage if offer:
            return replace(window, stage=_ending_by(stage, at.boot_ms + offer.waiting_ms))
        case Rechoosing(details) | Rerecording(details) as inner if offer:
            shorter = _ending_by(details, at.boot_ms + offer.waiting_ms)
            return replace(window, stage=replace(inner, details=shorter))
        case _:
            return window


def said(window: Window, stage: Detailing, event: Said) -> Step:
    match event:
        case Touched(at):
            return Step(replace(window, stage=_stirred(window, stage, at)))
        case ReasonsGiven(table, tags, at):
            entry = VisitDetailed(stage.visit, at, table=table, tags=tags)
            return _turned(window, stage, at, entry if tags else None)
        case AnswersGiven(answers, at):
            return _turned(window, stage, at, VisitDetailed(stage.visit, at, answers=answers) if answers else None)
        case WordsGiven(words, name, phone, at):
            entry = VisitDetailed(stage.visit, at, words=words, contact_name=name, contact_phone=phone)
            return _turned(window, stage, at, entry if words or name or phone else None)
        case PageSkipped(at):
            return _turned(window, stage, at, None)
        case HelpCalled(at):
            return _help_called(window, stage, at)
        case ChangeAsked(at):
            return _change_asked(window, stage, at)


def timed_out(window: Window, stage: Detailing, at: At) -> Step:
    """What was typed and not confirmed is nowhere; the level stands."""
    if at.boot_ms >= min(stage.until_ms, stage.ends_ms):
        return Step(replace(window, stage=_thanking(window, stage.visit, stage.receipt, at)))
    return Step(replace(window, stage=replace(stage, change_until_ms=None)))


def kept(window: Window, stage: Rechoosing, at: At) -> Step:
    """No other face was pressed: back to where the citizen was."""
    return Step(replace(window, stage=_stirred(window, replace(stage.details, change_until_ms=None), at)))


def touched_again(window: Window, stage: Rechoosing, at: At) -> Step:
    rechoose_ms = window.rules.offer.rechoose_ms if window.rules.offer else 0
    until_ms = max(stage.until_ms, min(stage.details.ends_ms, at.boot_ms + rechoose_ms))
    return Step(replace(window, stage=replace(stage, until_ms=until_ms)))


def pressed_again(window: Window, stage: Rechoosing, event: Pressed) -> Step:
    before = stage.details
    if event.level == before.level:
        return kept(window, stage, event.at)
    change = VisitChanged(
        before.visit, before.level, event.level, event.source, event.at, before.pressed_at, event.evidence
    )
    return Step(replace(window, stage=Rerecording(before, event)), (Append((change,), awaited=before.visit),))


def recorded_again(window: Window, stage: Rerecording, event: Recorded) -> Step:
    """The pages begin anew: what was said about the level before no longer counts."""
    press = stage.press
    changed = replace(
        stage.details, receipt=event.receipt, level=press.level, page=0, change_until_ms=None, change_failed=False
    )
    acknowledge = (Acknowledge(press.evidence),) if press.evidence else ()
    return Step(replace(window, stage=_stirred(window, changed, event.at)), acknowledge)


def not_recorded_again(window: Window, stage: Rerecording, event: NotRecorded) -> Step:
    unchanged = replace(stage.details, change_until_ms=None, change_failed=True)
    return Step(replace(window, stage=_stirred(window, unchanged, event.at)))


def stray(window: Window, event: Pressed) -> Step:
    """On a box a second key changes nothing: who looks at the box does not see that it would."""
    return Step(window, (Stray(event.evidence, event.at),) if event.evidence else ())


def _turned(window: Window, stage: Detailing, at: At, entry: VisitDetailed | None) -> Step:
    """To the next page, or to the receipt behind the last one."""
    effects = (Append((entry,)),) if entry else ()
    offer = window.rules.offer
    if offer is not None and stage.page + 1 < len(offer.pages):
        return Step(replace(window, stage=_stirred(window, replace(stage, page=stage.page + 1), at)), effects)
    return Step(replace(window, stage=_receipt(window, stage.visit, stage.receipt, at)), effects)


def _help_called(window: Window, stage: Detailing, at: At) -> Step:
    if stage.help_called or window.rules.offer is None or not window.rules.offer.help:
        return Step(window)
    called = _stirred(window, replace(stage, help_called=True), at)
    return Step(replace(window, stage=called), (Append((VisitDetailed(stage.visit, at, help=True),)),))


def _change_asked(window: Window, stage: Detailing, at: At) -> Step:
    offer = window.rules.offer
    if offer is None or stage.change_until_ms is None or at.boot_ms >= stage.change_until_ms:
        return Step(window)
    return Step(replace(window, stage=Rechoosing(stage, at.boot_ms + offer.rechoose_ms)))


def _stirred(window: Window, stage: Detailing, at: At) -> Detailing:
    idle_ms = window.rules.offer.idle_ms if window.rules.offer else 0
    return replace(stage, until_ms=max(stage.until_ms, at.boot_ms + idle_ms))


def _ending_by(stage: Detailing, ends_ms: int) -> Detailing:
    return replace(stage, ends_ms=min(stage.ends_ms, ends_ms))


def _thanking(window: Window, visit: VisitId, receipt: str, at: At) -> Thanking:
    return _until(window, visit, receipt, at.boot_ms + window.rules.thanks_ms)


def _receipt(window: Window, visit: VisitId, receipt: str, at: At) -> Thanking:
    """Long enough to take a picture of it, unless somebody waits."""
    offer = window.rules.offer
    if offer is None or window.waiting is not None:
        return _thanking(window, visit, receipt, at)
    return _until(window, visit, receipt, at.boot_ms + offer.receipt_ms)


def _until(window: Window, visit: VisitId, receipt: str, until_ms: int) -> Thanking:
    return Thanking(visit, receipt, until_ms, until_ms + window.rules.touched_longest_ms)
