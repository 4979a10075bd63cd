"""The visit's rules: tables for what must happen, every stage against every event, random runs for what never may."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from kiosk.core import visit
from kiosk.core.visit import (
    Acknowledge,
    AnswersGiven,
    Apologising,
    Append,
    AskedFor,
    Asking,
    CaseDataGiven,
    ChangeAsked,
    Detailing,
    HelpCalled,
    NotRecorded,
    Offer,
    PageSkipped,
    PauseAsked,
    Pressed,
    ReasonsGiven,
    Rechoosing,
    Recorded,
    Recording,
    Rerecording,
    Resting,
    Resumed,
    Rules,
    SelfStarted,
    SignedIn,
    SignedOut,
    Stray,
    Thanking,
    TicketTold,
    TimedOut,
    Touched,
    Window,
    WordsGiven,
    advance,
    next_timeout_ms,
)
from sync.records import (
    Ask,
    At,
    Audited,
    Case,
    Evidence,
    TicketMoved,
    VisitAsked,
    VisitCaseData,
    VisitChanged,
    VisitEnded,
    VisitId,
    VisitPressed,
)

EVIDENCE = Evidence("box", 0x81, "04", "68030368811104961 6", "0123456789abcdef")
ASK = Ask("3", "window", "case", "window-evaluator", "clerk-page", 60)
WINDOW = Window(Rules("3", "window"))
WALK_UP = Window(Rules("lobby", "walk-up"))
TERMINAL = Window(Rules("t", "terminal"))
TALKATIVE = Window(Rules("3", "window", offer=Offer(("reasons", "questions", "words"))))
V1, V2, V3 = (VisitId(bytes([n]) * 16) for n in (1, 2, 3))


def at(ms: int) -> At:
    return At(1_800_000_000_000 + ms, ms, "b00t")


SAID = (
    Touched(at(1)),
    ReasonsGiven("national-1", ("307",), at(1)),
    AnswersGiven((("attitude", 2),), at(1)),
    WordsGiven("慢", "", "", at(1)),
    PageSkipped(at(1)),
    HelpCalled(at(1)),
    ChangeAsked(at(1)),
)


def run(window: Window, *events: visit.Event) -> tuple[Window, list[visit.Effect]]:
    effects: list[visit.Effect] = []
    for event in events:
        step = advance(window, event)
        window = step.window
        effects += step.effects
    return window, effects


def entries(effects: list[visit.Effect]) -> list[object]:
    return [entry for effect in effects if isinstance(effect, Append) for entry in effect.entries]


def test_an_asked_visit_pressed_and_recorded_is_thanked_and_ends_rated() -> None:
    window, effects = run(
        WINDOW,
        AskedFor(V1, ASK, at(0)),
        Pressed(2, "glass", at(5_000), V2),
        Recorded(V1, "CODE", at(5_010)),
        TimedOut(at(8_010)),
    )

    assert window.stage == Resting()
    assert [type(entry) for entry in entries(effects)] == [VisitAsked, VisitPressed, VisitEnded]
    assert entries(effects)[1] == VisitPressed(V1, 2, "glass", at(5_000))
    assert entries(effects)[2] == VisitEnded(V1, "rated", "thanked", at(8_010))


def test_thanks_are_shown_only_after_the_journal_has_the_press() -> None:
    window, _ = run(WINDOW, AskedFor(V1, ASK, at(0)), Pressed(5, "glass", at(1), V2))
    assert isinstance(window.stage, Recording)

    assert advance(window, TimedOut(at(600_000))).window.stage == window.stage
    assert advance(window, Recorded(V3, "CODE", at(2))).window.stage == window.stage
    assert advance(window, Recorded(V1, "CODE", at(2))).window.stage == Thanking(V1, "CODE", 3_002, 63_002)


def test_a_press_that_could_not_be_recorded_is_apologised_for_and_may_be_repeated() -> None:
    window, effects = run(
        WINDOW, AskedFor(V1, ASK, at(0)), Pressed(1, "glass", at(59_000), V2), NotRecorded(V1, at(59_001))
    )
    assert isinstance(window.stage, Apologising)

    window, more = run(
        window, TimedOut(at(63_001)), Pressed(1, "glass", at(70_000), V2), Recorded(V1, "CODE", at(70_001))
    )
    assert isinstance(window.stage, Thanking)
    assert [entry.level for entry in entries(effects + more) if isinstance(entry, VisitPressed)] == [1, 1]
    assert not [entry for entry in entries(effects + more) if isinstance(entry, VisitEnded)]


def test_no_answer_is_not_rated_and_never_a_level() -> None:
    window, effects = run(WINDOW, AskedFor(V1, ASK, at(0)), TimedOut(at(60_000)))

    assert window.stage == Resting()
    assert entries(effects)[1:] == [VisitEnded(V1, "not-rated", "timed-out", at(60_000))]


def test_touches_keep_the_faces_for_half_a_minute_each_and_for_a_minute_in_all() -> None:
    window, _ = run(WINDOW, AskedFor(V1, ASK, at(0)), Touched(at(10_000)))
    assert next_timeout_ms(window) == 60_000, "there was time enough"
    window, _ = run(window, Touched(at(50_000)))
    assert next_timeout_ms(window) == 80_000
    for second in range(51, 120):
        window, _ = run(window, Touched(at(second * 1_000)))
    window, effects = run(window, TimedOut(at(120_000)))
    assert window.stage == Resting()
    assert entries(effects) == [VisitEnded(V1, "not-rated", "timed-out", at(120_000))]


def test_touches_keep_the_receipt_unless_another_ask_waits() -> None:
    thanked, _ = run(WINDOW, AskedFor(V1, ASK, at(0)), Pressed(5, "glass", at(1), V2), Recorded(V1, "CODE", at(2)))
    touched, _ = run(thanked, Touched(at(3_000)))
    assert (next_timeout_ms(thanked), next_timeout_ms(touched)) == (3_002, 33_000)
    hurried, _ = run(thanked, AskedFor(V3, ASK, at(2_000)), Touched(at(3_000)))
    assert next_timeout_ms(hurried) == 3_002


def test_at_a_terminal_the_faces_can_be_left_and_nowhere_else() -> None:
    window, effects = run(TERMINAL, AskedFor(V1, ASK, at(0)), PageSkipped(at(5)))
    assert window.stage == Resting()
    assert entries(effects)[1:] == [VisitEnded(V1, "not-rated", "left", at(5))]
    asking, _ = run(WINDOW, AskedFor(V1, ASK, at(0)))
    assert run(asking, PageSkipped(at(5))) == (asking, [])


def test_at_a_terminal_nothing_is_rated_unasked() -> None:
    assert run(TERMINAL, Pressed(5, "glass", at(0), V1), SelfStarted(at(1), V2)) == (TERMINAL, [])


def test_a_timer_that_fires_early_changes_nothing() -> None:
    window, _ = run(WINDOW, AskedFor(V1, ASK, at(0)))

    assert advance(window, TimedOut(at(59_999))) == visit.Step(window)


def test_a_new_ask_ends_an_untouched_visit_as_not_rated() -> None:
    window, effects = run(WINDOW, AskedFor(V1, ASK, at(0)), AskedFor(V2, ASK, at(10_000)))

    assert isinstance(window.stage, Asking)
    assert window.stage.visit == V2
    assert VisitEnded(V1, "not-rated", "superseded", at(10_000)) in entries(effects)


def test_a_press_under_way_stays_with_its_own_case_and_the_new_ask_waits() -> None:
    window, effects = run(
        WINDOW,
        AskedFor(V1, ASK, at(0)),
        Pressed(1, "box", at(9_999), V3, EVIDENCE),
        AskedFor(V2, ASK, at(10_000)),
        Recorded(V1, "CODE", at(10_001)),
    )
    assert isinstance(window.stage, Thanking)
    assert VisitPressed(V1, 1, "box", at(9_999), EVIDENCE) in entries(effects)

    window, effects = run(window, TimedOut(at(13_001)))
    assert window.stage == Asking(V2, window.stage.ask, 73_001, ends_ms=133_001)
    assert entries(effects) == [VisitEnded(V1, "rated", "thanked", at(13_001))]


def test_of_several_asks_that_wait_the_last_is_shown_and_the_others_end_not_rated() -> None:
    window, effects = run(
        WINDOW,
        AskedFor(V1, ASK, at(0)),
        Pressed(4, "glass", at(1), V3),
        AskedFor(V2, ASK, at(2)),
        AskedFor(V3, ASK, at(3)),
    )

    assert window.waiting is not None
    assert window.waiting[0] == V3
    assert VisitEnded(V2, "not-rated", "superseded", at(3)) in entries(effects)


def test_ten_frantic_taps_are_one_press() -> None:
    taps = [Pressed(level, "glass", at(10 + n), V2) for n, level in enumerate([5, 1, 3, 2, 4] * 2)]
    _, effects = run(WINDOW, AskedFor(V1, ASK, at(0)), *taps)

    assert [entry.level for entry in entries(effects) if isinstance(entry, VisitPressed)] == [5]


def test_a_box_press_that_no_visit_waits_for_is_told_to_the_auditor_and_never_counted() -> None:
    window, effects = run(WINDOW, Pressed(5, "box", at(0), V1, EVIDENCE))

    assert window == WINDOW
    assert effects == [Stray(EVIDENCE, at(0))]


def test_a_walk_up_press_opens_a_visit_that_names_the_hall_and_no_case() -> None:
    window, effects = run(WALK_UP, Pressed(3, "glass", at(0), V1))

    asked, pressed = entries(effects)
    assert isinstance(window.stage, Recording)
    assert isinstance(asked, VisitAsked)
    assert (asked.ask.object, asked.ask.place, asked.ask.cases, asked.ask.channel) == (
        "hall",
        "walk-up",
        (),
        "hall-terminal",
    )
    assert pressed == VisitPressed(V1, 3, "glass", at(0))
    assert len(effects) == 1, "ask and press go to the disk in one commit"


def test_a_walk_up_point_is_free_again_three_seconds_after_the_thanks() -> None:
    window, _ = run(WALK_UP, Pressed(3, "glass", at(0), V1), Recorded(V1, "CODE", at(5)))

    assert next_timeout_ms(window) == 3_005
    assert advance(window, TimedOut(at(3_005))).window.stage == Resting()


def test_a_paused_walk_up_point_takes_no_press() -> None:
    window, effects = run(WALK_UP, PauseAsked("fault", at(0)), Pressed(5, "glass", at(1), V1))

    assert window.stage == Resting()
    assert [type(entry) for entry in entries(effects)] == [Audited]


def test_the_clerk_is_bound_when_the_rating_is_asked_for() -> None:
    _, effects = run(
        WINDOW,
        SignedIn("1001", at(0)),
        AskedFor(V1, ASK, at(1)),
        SignedOut(at(2)),
        SignedIn("1002", at(3)),
        Pressed(4, "glass", at(4), V2),
    )

    asked = next(entry for entry in entries(effects) if isinstance(entry, VisitAsked))
    assert asked.ask.clerk == "1001"
    assert asked.ask.flags == ()


def test_asking_without_a_clerk_or_while_paused_is_taken_and_flagged() -> None:
    _, effects = run(WINDOW, PauseAsked("away", at(0)), AskedFor(V1, ASK, at(1)))

    asked = next(entry for entry in entries(effects) if isinstance(entry, VisitAsked))
    assert asked.ask.flags == ("no-clerk", "paused")


def test_pausing_does_not_close_a_visit_under_the_citizens_hand() -> None:
    window, _ = run(WINDOW, AskedFor(V1, ASK, at(0)), PauseAsked("away", at(1)))

    assert isinstance(window.stage, Asking)
    assert window.pause == "away"


def test_a_ticket_that_is_called_or_ended_touches_no_visit_and_is_recorded_once() -> None:
    window, _ = run(WINDOW, SignedIn("1001", at(0)), TicketTold("A023", "served", at(0)), AskedFor(V1, ASK, at(1)))
    called, effects = run(window, TicketTold("A023", "ended", at(2)), TicketTold("A024", "called", at(3)))
    _, again = run(called, TicketTold("A024", "called", at(4)))

    assert called.stage == window.stage
    assert entries(effects) == [
        TicketMoved("3", "1001", "A023", "ended", at(2)),
        TicketMoved("3", "1001", "A024", "called", at(3)),
    ]
    assert again == []


def test_an_ask_is_for_the_ticket_told_last_unless_it_names_one() -> None:
    served, _ = run(WINDOW, TicketTold("A023", "ended", at(0)))
    _, effects = run(served, AskedFor(V1, ASK, at(1)), AskedFor(V2, replace(ASK, ticket="B7"), at(2)))

    assert [entry.ask.ticket for entry in entries(effects) if isinstance(entry, VisitAsked)] == ["A023", "B7"]


def test_what_becomes_known_of_a_case_is_recorded_for_a_visit_that_is_over_too() -> None:
    cases = ((0, Case("370800-1", task_name="登记")),)
    window, _ = run(WINDOW, AskedFor(V1, ASK, at(0)), TimedOut(at(60_000)))
    after, effects = run(window, CaseDataGiven(V1, cases, at(90_000)))

    assert after == window
    assert entries(effects) == [VisitCaseData(V1, cases, at(90_000))]


def test_one_who_signs_in_over_another_leaves_the_open_visit_with_the_clerk_it_was_asked_for() -> None:
    window, _ = run(WINDOW, SignedIn("1001", at(0)), AskedFor(V1, ASK, at(1)))
    pressed, effects = run(window, SignedIn("1002", at(3)), Pressed(4, "glass", at(4), V3))

    assert isinstance(pressed.stage, Recording)
    assert pressed.stage.ask.clerk == "1001"
    assert pressed.clerk == "1002"
    assert entries(effects)[0] == Audited("signed-in", at(3), "3", {"clerk": "1002", "before": "1001"})


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_box_is_acknowledged_after_recording_and_alike_for_every_level(level: int) -> None:
    _, effects = run(
        WINDOW, AskedFor(V1, ASK, at(0)), Pressed(level, "box", at(1), V2, EVIDENCE), Recorded(V1, "CODE", at(2))
    )

    assert effects[-1] == Acknowledge(EVIDENCE)


DETAILING = Detailing(V1, ASK, "CODE", 3, at(0), 0, 30_000, 180_000, 8_000)
STAGES = (
    Resting(),
    Asking(V1, ASK, 60_000),
    Recording(V1, ASK, 60_000, Pressed(3, "box", at(0), V3, EVIDENCE)),
    DETAILING,
    Rechoosing(DETAILING, 20_000),
    Rerecording(DETAILING, Pressed(1, "glass", at(0), V3)),
    Thanking(V1, "CODE", 3_000),
    Apologising(V1, ASK, 60_000, 4_000),
)
EVENTS = (
    AskedFor(V2, ASK, at(1)),
    Pressed(3, "box", at(1), V3, EVIDENCE),
    Recorded(V1, "CODE", at(1)),
    NotRecorded(V1, at(1)),
    TimedOut(at(90_000)),
    SelfStarted(at(1), V3),
    *SAID,
    SignedIn("1001", at(1)),
    SignedOut(at(1)),
    CaseDataGiven(V1, ((0, Case("370800-1", task_name="登记")),), at(1)),
    TicketTold("A023", "called", at(1)),
    PauseAsked("away", at(1)),
    Resumed(at(1)),
)


def test_the_tables_name_every_stage_and_every_event() -> None:
    assert {type(stage) for stage in STAGES} == set(get_args(visit.Stage))
    assert {type(event) for event in EVENTS} == set(get_args(visit.Event))


@pytest.mark.parametrize(("stage", "event"), list(product(STAGES, EVENTS)))
@pytest.mark.parametrize("base", [WINDOW, WALK_UP, TALKATIVE])
def test_every_stage_has_an_answer_to_every_event(base: Window, stage: visit.Stage, event: visit.Event) -> None:
    step = advance(replace(base, stage=stage), event)

    pressed = [entry for entry in entries(list(step.effects)) if isinstance(entry, VisitPressed)]
    assert bool(pressed) == (
        isinstance(event, Pressed)
        and (isinstance(stage, Asking) or (isinstance(stage, Resting) and base.rules.place == "walk-up"))
    )
    thanked = isinstance(event, Recorded) and isinstance(stage, Recording)
    assert isinstance(step.window.stage, Thanking | Detailing) <= (
        thanked or isinstance(stage, Thanking | Detailing | Rechoosing | Rerecording)
    ), "only what is recorded is thanked for"
    assert not thanked or isinstance(step.window.stage, Detailing if base is TALKATIVE else Thanking)
    changes = [entry for entry in entries(list(step.effects)) if isinstance(entry, VisitChanged)]
    assert bool(changes) <= (isinstance(stage, Rechoosing) and isinstance(event, Pressed))


Act = tuple[str, VisitId, At, int]


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """Anything that the outside can do, in any order, with ever new visit ids."""
    clock, acts = 0, []
    for number in range(draw(st.integers(1, 40))):
        clock += draw(st.sampled_from([0, 1, 500, 3_000, 4_000, 15_000, 60_000]))
        kind = draw(
            st.sampled_from(
                [
                    "ask",
                    "press",
                    "stored",
                    "failed",
                    "time",
                    "self",
                    "said",
                    "change",
                    "in",
                    "out",
                    "pause",
                    "resume",
                    "ticket",
                    "more",
                ]
            )
        )
        acts.append((kind, VisitId(number.to_bytes(16)), at(clock), draw(st.integers(1, 5))))
    return acts


def event_of(kind: str, fresh: VisitId, now: At, level: int, answered: VisitId) -> visit.Event:
    return {
        "ask": AskedFor(fresh, ASK, now),
        "press": Pressed(level, "box", now, fresh, EVIDENCE),
        "stored": Recorded(answered, "C", now),
        "failed": NotRecorded(answered, now),
        "time": TimedOut(now),
        "self": SelfStarted(now, fresh),
        "said": structs.replace(SAID[level], at=now),
        "change": ChangeAsked(now),
        "in": SignedIn("1001", now),
        "out": SignedOut(now),
        "pause": PauseAsked("away", now),
        "resume": Resumed(now),
        "ticket": TicketTold(f"A{level}", "ended", now),
        "more": CaseDataGiven(fresh, (), now),
    }[kind]


@given(st.sampled_from([WINDOW, WALK_UP, TALKATIVE, TERMINAL]), histories())
def test_no_history_loses_doubles_or_invents_a_rating(window: Window, history: list[Act]) -> None:
    """The journal's answers are given as the journal gives them: once for each press that awaits one."""
    awaited: list[VisitId] = []
    standing: list[VisitId] = []
    written: list[object] = []
    for kind, fresh, now, level in history:
        answers = kind in {"stored", "failed"}
        if answers and not awaited:
            continue
        answered = awaited.pop() if answers else V1
        if kind == "failed" and not isinstance(window.stage, Rerecording):
            standing.remove(answered)
        step = advance(window, event_of(kind, fresh, now, level, answered))
        window = step.window
        appends = [effect for effect in step.effects if isinstance(effect, Append)]
        written += [entry for effect in appends for entry in effect.entries]
        awaited += [effect.awaited for effect in appends if effect.awaited is not None]
        standing += [visit for visit in (effect.awaited for effect in appends if not _changes(effect)) if visit]

    asks = [entry.visit for entry in written if isinstance(entry, VisitAsked)]
    ends = {entry.visit: entry for entry in written if isinstance(entry, VisitEnded)}
    assert len(asks) == len(set(asks)), "a visit is asked once"
    assert len(ends) == len([entry for entry in written if isinstance(entry, VisitEnded)]), "and ends once"
    assert set(ends) <= set(asks)
    assert len(standing) == len(set(standing)), "of a visit at most one press stands"
    assert len(awaited) <= 1
    for ended in ends.values():
        assert (ended.outcome == "rated") == (ended.visit in standing), "rated is what was pressed and recorded"
    changed = [entry.visit for entry in written if isinstance(entry, VisitChanged)]
    held = {getattr(window.stage, "visit", None), window.waiting[0] if window.waiting else None}
    assert set(asks) - set(ends) == held - {None}, "every visit is on the screen, waiting or ended"
    assert len(changed) == len(set(changed)), "a level is changed once"


def _changes(effect: Append) -> bool:
    return any(isinstance(entry, VisitChanged) for entry in effect.entries)
