"""Finding what is to be rated at a self-service terminal: pure. It ends in an ask, and from there the visit has it.

    Start ──▶ Scanning, Typing ──▶ LookingUp ──▶ Confirming ──▶ the visit
      │          │ later               └──▶ Coding, where this device was asked about the case before
      │          └──▶ Coding ──▶ Proving ──▶ the visit that is its later rating
      │                             └──▶ Refused
      ├──▶ Choosing a department ──▶ an item ──▶ Confirming ──▶ the visit
      └──▶ the visit of the hall, or of the terminal

Every page leads back and to the start, and goes there by itself a minute after the last touch: nothing that was typed
or chosen stays for the next person. An event that a page does not name changes nothing. Times are milliseconds of the
clock since boot.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.core.finding_events import (
    Cancelled,
    CodeScanned,
    Confirmed,
    DepartmentChosen,
    Effect,
    Entered,
    Erased,
    Event,
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
    Named,
    Proving,
    Refused,
    Scanning,
    Stage,
    Start,
    Typing,
    Way,
)
from kiosk.core.visit import AskedFor
from sync.records import Ask, At, Case, VisitId
from sync.records.stored import Trigger


@dataclass(frozen=True, slots=True)
class Step:
    finding: Finding
    effect: Effect | None = None


def advance(finding: Finding, event: Event) -> Step:
    """The next page and what must be done. Never raises."""
    match event:
        case Cancelled() | RanOut() | WentBack():
            return _left(finding, event)
        case LookedUp():
            return _looked_up(finding, event)
        case Proved():
            return _proved(finding, event)
        case CodeScanned():
            return _code_scanned(finding, event)
        case Confirmed(at, fresh):
            return _confirmed(finding, at, fresh)
        case Scanned():
            return _scanned(finding, event)
        case Stirred(at):
            return _to(finding, finding.stage, at)
        case Typed() | Erased() | Entered():
            return _keyed(finding, event)
        case WayChosen() | DepartmentChosen() | ItemChosen():
            return _chosen(finding, event)
        case _:
            assert_never(event)


def _left(finding: Finding, event: Cancelled | RanOut | WentBack) -> Step:
    match event:
        case Cancelled(at):
            return _to(finding, Start(), at)
        case RanOut(at):
            due = finding.until_ms
            return _to(finding, Start(), at) if due is not None and at.boot_ms >= due else Step(finding)
        case WentBack(at):
            return _to(finding, _before(finding.stage), at)


def _before(stage: Stage) -> Stage:
    match stage:
        case Confirming(before=before):
            return before
        case Choosing(department=department) if department:
            return Choosing()
        case LookingUp(number, trigger):
            return Typing(number) if trigger == "citizen" else Start()
        case Coding(number) | Proving(number):
            return Typing(number, later=True)
        case Start() | Scanning() | Typing() | Choosing() | Refused():
            return Start()
        case _:
            assert_never(stage)


def _chosen(finding: Finding, event: WayChosen | DepartmentChosen | ItemChosen) -> Step:
    match finding.stage, event:
        case Start(), WayChosen(way, at, fresh) if way in finding.ways:
            return _begun(finding, way, at, fresh)
        case Choosing(department=""), DepartmentChosen(department, at) if department:
            return _to(finding, Choosing(department=department), at)
        case Choosing() as stage, ItemChosen(item, at):
            return _to(finding, Confirming(ItemNamed(item), stage), at)
        case _:
            return Step(finding)


def _keyed(finding: Finding, event: Typed | Erased | Entered) -> Step:
    if isinstance(event, Entered):
        return _entered(finding, event.at)
    match finding.stage:
        case Typing(number) as stage:
            return _to(finding, replace(stage, number=_edited(number, event, LONGEST_NUMBER)), event.at)
        case Coding(number, code):
            return _to(finding, Coding(number, _edited(code, event, CODE_SIGNS).replace("-", "")), event.at)
        case Choosing(query) as stage:
            return _to(finding, replace(stage, query=_edited(query, event, LONGEST_QUERY).lower()), event.at)
        case _:
            return Step(finding)


def _edited(text: str, event: Typed | Erased, longest: int) -> str:
    if isinstance(event, Erased):
        return "" if event.everything else text[:-1]
    return text + event.key if _is_key(event.key) and len(text) < longest else text


def _begun(finding: Finding, way: Way, at: At, fresh: VisitId) -> Step:
    match way:
        case "scan":
            return _to(finding, Scanning(), at)
        case "number" | "later":
            return _to(finding, Typing(later=way == "later"), at)
        case "item":
            return _to(finding, Choosing(), at)
        case "hall" | "terminal":
            return Step(finding, Open(AskedFor(fresh, replace(_ask(finding), object=way), at)))
        case _:
            assert_never(way)


def _scanned(finding: Finding, event: Scanned) -> Step:
    """A slip is read wherever a number may be given, and in place of one that was begun."""
    if "scan" not in finding.ways or not isinstance(finding.stage, Start | Scanning | Typing | Refused):
        return Step(finding)
    if not event.number:
        return _to(finding, Scanning(misread=True), event.at)
    return _look_up(finding, event.number, "scan", event.at)


def _code_scanned(finding: Finding, event: CodeScanned) -> Step:
    """A slip has the code alone: where its case is not known yet, the number is asked for."""
    match finding.stage:
        case Coding(number):
            return _prove(finding, number, event.code, event.at)
        case Start() | Scanning() | Typing() | Refused() if {"scan", "later"} <= set(finding.ways):
            number = finding.stage.number if isinstance(finding.stage, Typing) else ""
            return _to(finding, Typing(number, later=True, code=event.code), event.at)
        case _:
            return Step(finding)


def _entered(finding: Finding, at: At) -> Step:
    match finding.stage:
        case Typing(number, later=False) if number:
            return _look_up(finding, number, "citizen", at)
        case Typing(number, code=code) | Coding(number, code) if number and code:
            return _prove(finding, number, code, at)
        case Typing(number) if number:
            return _to(finding, Coding(number), at)
        case _:
            return Step(finding)


def _prove(finding: Finding, number: str, code: str, at: At) -> Step:
    step = _to(finding, Proving(number, code), at)
    return replace(step, effect=Prove(number, code))


def _proved(finding: Finding, event: Proved) -> Step:
    """A grant that nobody waits for any more lapses by itself."""
    if finding.stage != Proving(event.proof.number, event.proof.code):
        return Step(finding)
    match event.verdict:
        case Proven(visit, ask):
            step = _to(finding, Start(), event.at)
            return replace(step, effect=Open(AskedFor(visit, ask, event.at)))
        case NotProven(seconds):
            return _to(finding, Refused(by_code=True, seconds=seconds), event.at)
        case "unreached":
            return _to(finding, Refused(by_code=True, unreached=True), event.at)
        case "misread":
            return _to(finding, Coding(event.proof.number, misread=True), event.at)
        case _:
            assert_never(event.verdict)


def _look_up(finding: Finding, number: str, trigger: Trigger, at: At) -> Step:
    step = _to(finding, LookingUp(number, trigger), at)
    return replace(step, effect=LookUp(number))


def _looked_up(finding: Finding, event: LookedUp) -> Step:
    """An answer that comes late, for a number that is gone, is nobody's."""
    match finding.stage:
        case LookingUp(number, trigger) if number == event.number:
            if not event.rateable:
                return _to(finding, Coding(number) if "later" in finding.ways else Refused(), event.at)
            confirming = Confirming(CaseNamed(number, trigger), _before(finding.stage))
            return _to(finding, confirming, event.at)
        case _:
            return Step(finding)


def _confirmed(finding: Finding, at: At, fresh: VisitId) -> Step:
    if not isinstance(finding.stage, Confirming):
        return Step(finding)
    step = _to(finding, Start(), at)
    return replace(step, effect=Open(AskedFor(fresh, _ask_for(finding, finding.stage.named), at)))


def _ask_for(finding: Finding, named: Named) -> Ask:
    ask = _ask(finding)
    match named:
        case CaseNamed(number, trigger):
            cases = (Case(project_no=number),)
            return replace(ask, object="case", trigger=trigger, cases=cases, flags=("number-only",))
        case ItemNamed(item):
            return replace(ask, object="item", item=item.task_code)
        case _:
            assert_never(named)


def _ask(finding: Finding) -> Ask:
    return Ask(
        window=finding.window,
        place="terminal",
        object="terminal",
        channel="hall-terminal",
        trigger="citizen",
        limit_s=finding.limit_s,
    )


def _to(finding: Finding, stage: Stage, at: At) -> Step:
    until_ms = None if isinstance(stage, Start) else at.boot_ms + IDLE_MS
    return Step(replace(finding, stage=stage, until_ms=until_ms))


def _is_key(key: str) -> bool:
    return len(key) == 1 and key in KEYS
