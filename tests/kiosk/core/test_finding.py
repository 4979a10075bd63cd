"""How something is found at a terminal: what must happen, and every page against every event for what never may."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from kiosk.core import finding, finding_events, finding_stages
from kiosk.core.catalogue import Item
from kiosk.core.finding import advance
from kiosk.core.finding_events import (
    Cancelled,
    CodeScanned,
    Confirmed,
    DepartmentChosen,
    Entered,
    Erased,
    ItemChosen,
    LookedUp,
    LookUp,
    NotProven,
    Open,
    Prove,
    Proved,
    Proven,
    RanOut,
    Scanned,
    Stirred,
    Typed,
    WayChosen,
    WentBack,
)
from kiosk.core.finding_stages import (
    CODE_SIGNS,
    IDLE_MS,
    KEYS,
    LONGEST_NUMBER,
    LONGEST_QUERY,
    CaseNamed,
    Choosing,
    Coding,
    Confirming,
    Finding,
    ItemNamed,
    LookingUp,
    Proving,
    Refused,
    Scanning,
    Start,
    Typing,
)
from kiosk.core.visit import AskedFor
from kiosk.slips.codes import code_from
from sync.records import Ask, At, Case, VisitId

V1 = VisitId(b"1" * 16)
ITEM = Item("EXAMPLE0000000000000000000000010" + "7", "营业执照设立登记", "市场监督管理局")
WAYS = get_args(finding_stages.Way)
TERMINAL = Finding("hall-1", 60, WAYS)
NUMBER = "370811202611230042"


def at(ms: int) -> At:
    return At(1_800_000_000_000 + ms, ms, "b00t")


def begin(way: finding_stages.Way, ms: int = 0) -> WayChosen:
    return WayChosen(way, at(ms), V1)


def run(state: Finding, *events: finding_events.Event) -> tuple[Finding, list[finding_events.Effect]]:
    effects = []
    for event in events:
        step = advance(state, event)
        state = step.finding
        effects += [step.effect] if step.effect is not None else []
    return state, effects


def typed(text: str) -> list[finding_events.Event]:
    return [Typed(key, at(1)) for key in text]


def asked(effects: list[finding_events.Effect]) -> Ask:
    (opened,) = [effect for effect in effects if isinstance(effect, Open)]
    assert opened.asked.visit == V1
    return opened.asked.ask


def test_a_typed_number_is_looked_up_confirmed_and_asked_for_as_its_case() -> None:
    state, effects = run(TERMINAL, begin("number"), *typed(NUMBER), Entered(at(2)))
    assert effects == [LookUp(NUMBER)]

    state, _ = run(state, LookedUp(NUMBER, True, at(3)))
    assert state.stage == Confirming(CaseNamed(NUMBER, "citizen"), Typing(NUMBER))
    state, effects = run(state, Confirmed(at(4), V1))
    ask = asked(effects)
    assert (ask.window, ask.place, ask.object, ask.channel) == ("hall-1", "terminal", "case", "hall-terminal")
    assert (ask.cases, ask.trigger, ask.limit_s, ask.flags) == (
        (Case(project_no=NUMBER),),
        "citizen",
        60,
        ("number-only",),
    )
    assert state == TERMINAL


def test_a_scanned_slip_is_looked_up_from_the_start_and_in_place_of_what_was_typed() -> None:
    begun, _ = run(TERMINAL, begin("number"), *typed("99"))
    for before in (TERMINAL, begun, run(TERMINAL, begin("scan"))[0], replace(TERMINAL, stage=Refused())):
        _, effects = run(before, Scanned(NUMBER, at(2)), LookedUp(NUMBER, True, at(3)), Confirmed(at(4), V1))
        assert effects[0] == LookUp(NUMBER)
        assert (asked(effects[1:]).trigger, asked(effects[1:]).cases) == ("scan", (Case(project_no=NUMBER),))


def test_what_is_no_case_number_is_said_so_and_asks_for_nothing() -> None:
    state, effects = run(TERMINAL, Scanned("", at(0)))
    assert (state.stage, effects) == (Scanning(misread=True), [])


def test_a_slip_means_nothing_where_there_is_no_scanner_and_on_other_pages() -> None:
    without = replace(TERMINAL, ways=("number", "item"))
    assert run(without, Scanned(NUMBER, at(0))) == (without, [])
    choosing, _ = run(TERMINAL, begin("item"))
    assert run(choosing, Scanned(NUMBER, at(0))) == (choosing, [])


def test_a_case_that_cannot_be_rated_by_its_number_asks_for_the_code_of_its_slip() -> None:
    state, effects = run(TERMINAL, Scanned(NUMBER, at(0)), LookedUp(NUMBER, False, at(1)))
    assert (state.stage, effects) == (Coding(NUMBER), [LookUp(NUMBER)])


def test_where_no_slip_opens_a_rating_it_is_refused_and_opens_nothing() -> None:
    without = replace(TERMINAL, ways=("scan", "number"))
    state, effects = run(without, Scanned(NUMBER, at(0)), LookedUp(NUMBER, False, at(1)), Confirmed(at(2), V1))
    assert (state.stage, effects) == (Refused(), [LookUp(NUMBER)])


def test_an_answer_for_a_number_that_is_gone_is_nobodys() -> None:
    state, _ = run(TERMINAL, Scanned(NUMBER, at(0)), Cancelled(at(1)), Scanned("B", at(2)))
    assert run(state, LookedUp(NUMBER, True, at(3)))[0].stage == LookingUp("B", "scan")
    assert run(TERMINAL, LookedUp(NUMBER, True, at(3))) == (TERMINAL, [])


PROOF = Prove("12", "7Q2M9XD04")


def later(*, code: str = "7Q2-M9XD04") -> list[finding_events.Event]:
    return [begin("later"), *typed("12"), Entered(at(1)), *typed(code), Entered(at(2))]


def test_number_and_code_together_open_the_later_rating_that_they_are_for() -> None:
    state, effects = run(TERMINAL, *later())
    assert (state.stage, effects) == (Proving("12", "7Q2M9XD04"), [Prove("12", "7Q2M9XD04")])
    ask = Ask("3", "window", "case", "later-terminal", "slip", 60, flags=("later",))
    state, effects = run(state, Proved(PROOF, Proven(V1, ask), at(3)))
    assert (state, effects) == (TERMINAL, [Open(AskedFor(V1, ask, at(3)))])


def test_whatever_is_wrong_with_a_code_the_same_is_said_and_a_misread_one_is_no_guess() -> None:
    waiting, _ = run(TERMINAL, *later())
    assert run(waiting, Proved(PROOF, NotProven(30), at(3)))[0].stage == Refused(by_code=True, seconds=30)
    assert run(waiting, Proved(PROOF, "misread", at(3)))[0].stage == Coding("12", misread=True)
    assert run(waiting, Proved(PROOF, "unreached", at(3)))[0].stage == Refused(by_code=True, unreached=True)


def test_a_grant_that_nobody_waits_for_any_more_opens_nothing() -> None:
    ask = Ask("3", "window", "case", "later-terminal", "slip", 60)
    gone, _ = run(TERMINAL, *later(), Cancelled(at(2)))
    assert run(gone, Proved(PROOF, Proven(V1, ask), at(3))) == (TERMINAL, [])
    for number, code in (("34", "7Q2M9XD04"), ("12", "7Q2M9XD05")):
        other, _ = run(TERMINAL, begin("later"), *typed(number), Entered(at(1)), *typed(code), Entered(at(2)))
        assert run(other, Proved(PROOF, Proven(V1, ask), at(3))) == (other, [])


def test_the_code_of_a_slip_is_scanned_before_its_number_or_after_it() -> None:
    first, effects = run(TERMINAL, CodeScanned("7Q2-M9X-D04", at(0)), *typed("12"), Entered(at(1)))
    assert (first.stage, effects) == (Proving("12", "7Q2-M9X-D04"), [Prove("12", "7Q2-M9X-D04")])
    second, effects = run(TERMINAL, begin("later"), *typed("12"), Entered(at(1)), CodeScanned("7Q2-M9X-D04", at(2)))
    assert (second.stage, effects) == (Proving("12", "7Q2-M9X-D04"), [Prove("12", "7Q2-M9X-D04")])


def test_a_code_has_as_many_signs_as_a_slip_and_dashes_do_not_matter() -> None:
    state, _ = run(TERMINAL, begin("later"), *typed("12"), Entered(at(1)), *typed("7-Q-2-M9XD-04-ZZZ"))
    assert state.stage == Coding("12", "7Q2M9XD04")
    assert len(code_from(bytes(5)).replace("-", "")) == CODE_SIGNS
    assert run(state, Erased(at(2)))[0].stage == Coding("12", "7Q2M9XD0")
    assert "7Q2" not in repr(Prove("12", "7Q2M9XD04"))


def test_an_item_is_asked_for_under_its_code_and_without_a_case() -> None:
    state, _ = run(TERMINAL, begin("item"), DepartmentChosen(ITEM.department, at(1)), *typed("YY"))
    assert state.stage == Choosing("yy", ITEM.department)
    state, effects = run(state, ItemChosen(ITEM, at(2)), Confirmed(at(3), V1))
    ask = asked(effects)
    assert (ask.object, ask.item, ask.cases, ask.flags) == ("item", ITEM.task_code, (), ())
    assert len(ask.item) == 31


@pytest.mark.parametrize("place", ["hall", "terminal"])
def test_hall_and_terminal_are_asked_for_at_once(place: finding_stages.Way) -> None:
    state, effects = run(TERMINAL, begin(place))
    assert (asked(effects).object, asked(effects).cases) == (place, ())
    assert state == TERMINAL


def test_a_way_that_is_not_offered_leads_nowhere() -> None:
    for way in WAYS:
        bare = replace(TERMINAL, ways=())
        assert run(bare, begin(way)) == (bare, [])


def test_back_leads_where_one_came_from() -> None:
    steps = {
        (begin("scan"),): Start(),
        (begin("number"), *typed("1")): Start(),
        (begin("item"),): Start(),
        (begin("item"), DepartmentChosen("局", at(1))): Choosing(),
        (begin("item"), *typed("YY"), ItemChosen(ITEM, at(1))): Choosing("yy"),
        (begin("number"), *typed("12"), Entered(at(1))): Typing("12"),
        (begin("number"), *typed("12"), Entered(at(1)), LookedUp("12", True, at(1))): Typing("12"),
        (Scanned("12", at(0)), LookedUp("12", True, at(1))): Start(),
        (Scanned("12", at(0)), LookedUp("12", False, at(1))): Typing("12", later=True),
        (*later(),): Typing("12", later=True),
        (*later(), Proved(PROOF, NotProven(0), at(3))): Start(),
    }
    for events, before in steps.items():
        assert run(TERMINAL, *events, WentBack(at(2)))[0].stage == before, events


def test_keys_are_taken_as_they_come_up_to_a_bound_and_nothing_else_is() -> None:
    state, _ = run(TERMINAL, begin("number"), *typed(KEYS * 20))
    assert state.stage == Typing((KEYS * 20)[:LONGEST_NUMBER])
    state, _ = run(TERMINAL, begin("number"), *[Typed(key, at(1)) for key in ("a", "", "12", "😀", "\x00", " ", "号")])
    assert state.stage == Typing()
    state, _ = run(TERMINAL, begin("item"), *typed("A" * 99))
    assert state.stage == Choosing("a" * LONGEST_QUERY)


def test_what_was_typed_is_taken_back_key_by_key_or_all_at_once() -> None:
    number, _ = run(TERMINAL, begin("number"), *typed("123"))
    assert run(number, Erased(at(2)))[0].stage == Typing("12")
    assert run(number, Erased(at(2), everything=True), Erased(at(3)))[0].stage == Typing()
    query, _ = run(TERMINAL, begin("item"), *typed("ABC"))
    assert run(query, Erased(at(2)))[0].stage == Choosing("ab")
    assert run(query, Erased(at(2), everything=True))[0].stage == Choosing()


def test_an_empty_number_is_not_looked_up() -> None:
    assert run(TERMINAL, begin("number"), Entered(at(1)))[1] == []


STAGES = (
    Start(),
    Scanning(),
    Typing("1"),
    Typing("1", later=True),
    Typing("1", later=True, code="7Q2M9XD04"),
    LookingUp("1", "citizen"),
    Coding("1", "7Q2"),
    Proving("1", "7Q2M9XD04"),
    Choosing("a"),
    Choosing("", "局"),
    Confirming(CaseNamed("1", "scan"), Start()),
    Confirming(ItemNamed(ITEM), Choosing()),
    Refused(),
)
NOW = IDLE_MS - 1
EVENTS = (
    *(begin(way, NOW) for way in WAYS),
    Scanned("1", at(NOW)),
    Scanned("", at(NOW)),
    CodeScanned("7Q2M9XD04", at(NOW)),
    Typed("1", at(NOW)),
    Erased(at(NOW)),
    Entered(at(NOW)),
    LookedUp("1", True, at(NOW)),
    LookedUp("1", False, at(NOW)),
    Proved(Prove("1", "7Q2M9XD04"), Proven(V1, Ask("3", "window", "case", "later-terminal", "slip", 60)), at(NOW)),
    Proved(Prove("1", "7Q2M9XD04"), NotProven(30), at(NOW)),
    Proved(Prove("1", "7Q2M9XD04"), "misread", at(NOW)),
    DepartmentChosen("局", at(NOW)),
    ItemChosen(ITEM, at(NOW)),
    Confirmed(at(NOW), V1),
    WentBack(at(NOW)),
    Cancelled(at(NOW)),
    Stirred(at(NOW)),
    RanOut(at(NOW)),
)


def test_every_kind_of_page_and_event_is_in_the_table() -> None:
    assert {type(stage) for stage in STAGES} == set(get_args(finding_stages.Stage))
    assert {type(event) for event in EVENTS} == set(get_args(finding_events.Event))


@pytest.mark.parametrize(("stage", "event"), list(product(STAGES, EVENTS)))
def test_no_page_stays_by_itself_and_only_what_was_confirmed_is_asked_for(
    stage: finding_stages.Stage, event: finding_events.Event
) -> None:
    before = replace(TERMINAL, stage=stage, until_ms=None if isinstance(stage, Start) else IDLE_MS)
    step = advance(before, event)

    after = step.finding
    assert (after.until_ms is None) == isinstance(after.stage, Start)
    assert after.until_ms in {None, before.until_ms, NOW + IDLE_MS}
    later = advance(after, RanOut(at(NOW + IDLE_MS)))
    assert later == finding.Step(TERMINAL), "a minute later nothing is left"
    if isinstance(step.effect, Open):
        confirmed = isinstance(stage, Confirming) and isinstance(event, Confirmed)
        proven = isinstance(stage, Proving) and isinstance(event, Proved) and isinstance(event.verdict, Proven)
        assert confirmed or proven or (isinstance(stage, Start) and isinstance(event, WayChosen))
        assert after == TERMINAL
    if isinstance(step.effect, LookUp):
        assert isinstance(after.stage, LookingUp)
        assert after.stage.number == step.effect.number


def test_a_timer_that_fires_early_changes_nothing() -> None:
    state, _ = run(TERMINAL, begin("number"))
    assert run(state, RanOut(at(IDLE_MS - 1)))[0] == state
    assert run(state, Stirred(at(5)), RanOut(at(IDLE_MS)))[0].stage == Typing()
    assert run(state, RanOut(at(IDLE_MS)))[0] == TERMINAL
