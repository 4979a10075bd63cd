"""The manager's page as rows of plain text: a pure function of the desk's figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from kiosk.core.desk import (
    Asking,
    BoxState,
    ClockState,
    Desk,
    EvaluatorState,
    HubState,
    PublishedState,
    SealedState,
    SoundState,
    Today,
)
from kiosk.core.packs import PackFault
from kiosk.ui.balance_rows import balance_alarms
from kiosk.ui.desk_facts import Clock, Fact
from kiosk.ui.words import Words, whole
from sync.records import LEVELS

SHOWN_KEYS: Final = 3


@dataclass(frozen=True, slots=True)
class LevelRow:
    word: str
    count: int
    share: float
    """Of the longest bar, 0 to 1."""


def level_rows(today: Today, words: Words) -> tuple[LevelRow, ...]:
    most = max(1, *(today.level(level) for level in LEVELS))
    return tuple(LevelRow(whole(words.level(level)), today.level(level), today.level(level) / most) for level in LEVELS)


def satisfied_share(today: Today, words: Words) -> str:
    """With its denominator printed; a dash while nobody has rated."""
    if today.rated == 0:
        return "—"
    percent = _percent(today.satisfied, today.rated)
    return words.satisfied_value.format(percent=percent, satisfied=today.satisfied, rated=today.rated)


def _percent(part: int, of: int) -> str:
    """One decimal, rounded half up; 100.0 only when nothing is missing."""
    permille = (2000 * part + of) // (2 * of)
    if part < of:
        permille = min(permille, 999)
    return f"{permille // 10}.{permille % 10}"


def count_rows(today: Today, words: Words) -> tuple[Fact, ...]:
    rows = (
        Fact("rated", words.rated, str(today.rated)),
        Fact("notRated", words.not_rated, str(today.not_rated)),
        Fact("bad", words.bad, str(today.bad)),
    )
    if today.not_recorded == 0:
        return rows
    return (*rows, Fact("notRecorded", words.not_recorded, str(today.not_recorded), alarm=True))


def state_rows(desk: Desk, words: Words, clock: Clock) -> tuple[Fact, ...]:
    """Storage first when it fails: nothing else matters as much."""
    storage = _storage(desk.storage_fault, words)
    contact = () if desk.hub.link == "by-hand" else (_last_contact(desk.hub, words, clock),)
    upstream = (_waiting(desk.hub, words, clock), *contact, _hub(desk.hub, words, clock))
    sealed = (*_sealed(desk.hub.sealed, words), *balance_alarms(desk.balance, words, clock))
    evaluators = tuple(fact for state in desk.evaluators for fact in _device(state, words))
    published = tuple(_published(state, words) for state in desk.published)
    before = (storage, *_channels(desk.today, words), *_kept(desk.kept_aside, words), *_clock(desk.clock, words))
    return (
        *before,
        *upstream,
        *sealed,
        *_changes(desk.asking, words),
        *evaluators,
        *published,
        *_sound(desk.sound, words),
        *_pictures(desk.pictures, words),
        *_catalogue(desk, words),
        *_packs(desk.packs, words),
    )


def not_asked_row(asking: Asking, words: Words) -> Fact:
    """With its denominator; where no queue says which services ended, that nothing can be told, and never 0."""
    told = words.not_asked_value.format(count=asking.not_asked, ended=asking.ended)
    return Fact("notAsked", words.not_asked, told if asking.ended else words.not_asked_unknown)


def _changes(asking: Asking, words: Words) -> tuple[Fact, ...]:
    """An unusual number at one clerk is worth a question; one by itself is a finger that slipped."""
    if not asking.changes:
        return ()
    clerks = [
        words.changes_value.format(clerk=clerk or words.changes_nobody, count=count) for clerk, count in asking.changes
    ]
    return (Fact("changes", words.changes, " · ".join(clerks)),)


def _storage(fault: str, words: Words) -> Fact:
    value = words.storage_fault.format(reason=words.reason(fault)) if fault else words.storage_ok
    return Fact("storage", words.storage, value, alarm=bool(fault))


def _channels(today: Today, words: Words) -> tuple[Fact, ...]:
    """Ratings that were not given on the spot, where there are any: they stand in the figures above as well."""
    given = ((words.counted_paper, today.rated_by("paper")), (words.counted_later, today.rated_by("later-terminal")))
    texts = [text.format(count=count) for text, count in given if count]
    return (Fact("channels", words.counted, " · ".join(texts)),) if texts else ()


def _kept(count: int, words: Words) -> tuple[Fact, ...]:
    return (Fact("kept", words.kept, words.kept_value.format(count=count), alarm=True),) if count else ()


def _clock(clock: ClockState | None, words: Words) -> tuple[Fact, ...]:
    """An alarm while the clock is wrong; once it is right again, still told until the machine is switched off."""
    if clock is None:
        return ()
    by_hub = clock.source == "hub"
    if clock.offset_s:
        text = words.clock_hub if by_hub else words.clock_engineer
        return (Fact("clock", words.clock, text.format(amount=_amount(abs(clock.offset_s), words)), alarm=True),)
    text = words.clock_was_hub if by_hub else words.clock_was_engineer
    return (Fact("clock", words.clock, text.format(amount=_amount(clock.worst_s, words))),)


def _amount(seconds: int, words: Words) -> str:
    """Minutes up to two hours, hours up to two days, then days; rounded."""
    for text, unit, limit in ((words.amount_minutes, 60, 7_200), (words.amount_hours, 3_600, 172_800)):
        if seconds < limit:
            return text.format(count=(seconds + unit // 2) // unit)
    return words.amount_days.format(count=(seconds + 43_200) // 86_400)


def _waiting(hub: HubState, words: Words, clock: Clock) -> Fact:
    if hub.waiting == 0 or hub.waiting_since_ms is None:
        return Fact("waiting", words.waiting, words.waiting_none if hub.waiting == 0 else str(hub.waiting))
    value = words.waiting_value.format(count=hub.waiting, since=clock.short(hub.waiting_since_ms))
    return Fact("waiting", words.waiting, value)


def _last_contact(hub: HubState, words: Words, clock: Clock) -> Fact:
    value = words.last_contact_never if hub.last_contact_ms is None else clock.short(hub.last_contact_ms)
    return Fact("lastContact", words.last_contact, value)


def _hub(hub: HubState, words: Words, clock: Clock) -> Fact:
    reason = words.reason(hub.reason) if hub.reason and hub.link != "portal" else ""
    match hub.link:
        case "no-hub":
            return Fact("hub", words.hub, words.hub_no_hub)
        case "by-hand":
            return Fact("hub", words.hub, words.hub_by_hand)
        case "ok":
            return Fact("hub", words.hub, words.hub_ok)
        case "never":
            return Fact("hub", words.hub, _with(words.hub_never, reason))
        case "resting":
            return Fact("hub", words.hub, words.hub_resting.format(time=clock.short(hub.next_try_ms or 0)))
        case "unreachable":
            return Fact("hub", words.hub, _with(words.hub_unreachable, reason), alarm=True)
        case "portal":
            return Fact("hub", words.hub, _with(words.hub_portal, reason), alarm=True)
        case "refused":
            return Fact("hub", words.hub, _with(words.hub_refused, reason), alarm=True)
        case "clock":
            return Fact("hub", words.hub, _with(words.hub_clock, reason), alarm=True)
        case _:
            assert_never(hub.link)


def _sealed(sealed: SealedState | None, words: Words) -> tuple[Fact, ...]:
    """An alarm, and never a deletion: what is sealed here may be the only copy that somebody can open."""
    if sealed is None:
        return ()
    old = words.sealed_old.format(amount=words.amount_days.format(count=sealed.days)) if sealed.days else ""
    refused = words.sealed_refused if sealed.refused else ""
    no_key = "" if sealed.has_key else words.sealed_no_key
    return (Fact("sealed", words.sealed, " · ".join(filter(None, (old, refused, no_key))), alarm=True),)


def _published(state: PublishedState, words: Words) -> Fact:
    kind = words.published_kind(state.kind)
    if not state.refused:
        return Fact("published", words.published, words.published_waits.format(kind=kind, version=state.version))
    reason = words.reason(state.refused)
    text = words.published_refused.format(kind=kind, version=state.version, reason=reason)
    return Fact("published", words.published, text, alarm=True)


def _sound(sound: SoundState | None, words: Words) -> tuple[Fact, ...]:
    """Why prompts are not heard, and a line for each file that is not played."""
    if sound is None:
        return ()
    if not sound.silent and not sound.refused:
        return (Fact("sound", words.sound, words.sound_ok),)
    silent = [words.sound_silent.format(reason=words.reason(sound.silent))] if sound.silent else []
    refused = [words.sound_refused.format(file=file, reason=words.reason(code)) for file, code in sound.refused]
    return (
        *(Fact("sound", words.sound, text, alarm=True) for text in silent),
        *(Fact("soundFile", words.sound, text, alarm=True) for text in refused),
    )


def _packs(faults: tuple[PackFault, ...], words: Words) -> Iterator[Fact]:
    """A line for each thing that is wrong with the hall's own packs of words; the first few keys stand for all."""
    for fault in faults:
        said: str = getattr(words, f"pack_{fault.code.replace('-', '_')}")
        keys = ", ".join(fault.keys[:SHOWN_KEYS]) + (" …" if len(fault.keys) > SHOWN_KEYS else "")
        value = said.format(count=len(fault.keys), keys=keys)
        yield Fact("pack", words.pack.format(name=fault.pack), value, alarm=True)


def _pictures(refused: tuple[tuple[str, str], ...], words: Words) -> tuple[Fact, ...]:
    return tuple(
        Fact("picture", words.picture, words.picture_refused.format(file=file, reason=words.reason(code)), alarm=True)
        for file, code in refused
    )


def _catalogue(desk: Desk, words: Words) -> tuple[Fact, ...]:
    return (Fact("catalogue", words.catalogue, words.catalogue_fault, alarm=True),) if desk.catalogue_fault else ()


def _device(state: EvaluatorState, words: Words) -> tuple[Fact, ...]:
    """Its line, and one more for each thing that somebody must see to."""
    label = (words.scanner if state.kind == "scanner" else words.evaluator).format(name=state.name)
    needs = (*map_needs(state, words), *(need for box in state.boxes for need in box_needs(box, words)))
    return (device_line(state, label, words), *(Fact(name, label, text, alarm=True) for name, text in needs))


def device_line(state: EvaluatorState, label: str, words: Words) -> Fact:
    if not state.connected:
        reason = words.reason(state.reason) if state.reason else state.port
        return Fact(state.kind, label, _with(words.evaluator_lost, reason), alarm=True)
    noise = words.evaluator_noise.format(count=state.bad_frames) if state.bad_frames else ""
    connected = words.scanner_connected if state.kind == "scanner" else words.evaluator_connected
    return Fact(state.kind, label, _with(connected.format(presses=state.presses), noise))


def map_needs(state: EvaluatorState, words: Words) -> Iterator[tuple[str, str]]:
    if not state.adopted:
        yield "evaluatorMap", words.evaluator_unadopted.format(name=state.name)
    if state.announces != "nothing":
        yield "evaluatorAnnounces", words.evaluator_announces


def box_needs(box: BoxState, words: Words) -> Iterator[tuple[str, str]]:
    if box.silent:
        yield "evaluatorSilent", words.evaluator_silent.format(box=box.number)
    if box.stuck:
        yield "evaluatorStuck", words.evaluator_stuck.format(box=box.number)
    if box.missing:
        yield "evaluatorMissing", words.evaluator_missing.format(box=box.number, levels=level_names(box.missing, words))
    if box.swapped:
        yield "evaluatorSwapped", words.evaluator_swapped.format(box=box.number, levels=level_names(box.swapped, words))
    if not (box.tested or box.missing or box.swapped):
        yield "evaluatorTest", words.evaluator_untested.format(box=box.number)


def level_names(levels: tuple[int, ...], words: Words) -> str:
    return ", ".join(whole(words.level(level)) for level in levels)


def _with(text: str, more: str) -> str:
    return f"{text} · {more}" if more else text
