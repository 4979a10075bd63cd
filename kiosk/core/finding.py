"""Finding what is to be rated at a self-service terminal: pure. It ends in an ask, and from there the visit has it.

    Start ──▶ Scanning, Typing ──▶ LookingUp ──▶ Confirming ──▶ the visit
      │                                └──▶ Refused
      ├──▶ Choosing a department ──▶ an item ──▶ Confirming ──▶ the visit
      └──▶ the visit of the hall, or of the terminal

Every page leads back and to the start, and goes there by itself a minute after the last touch: nothing that was typed
or chosen stays for the next person. An event that a page does not name changes nothing. Times are milliseconds of the
clock since boot.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, assert_never

from kiosk.core.catalogue import Item
from kiosk.core.visit import AskedFor
from sync.records import Ask, At, Case, VisitId
from sync.records.stored import Trigger

Way = Literal["scan", "number", "item", "hall", "terminal"]
"""What can be chosen at the start: a case by its number, an item of the catalogue, the hall, the terminal itself."""

KEYS: Final = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
"""What the screen's own keypad types: all that case numbers and tickets were seen to hold."""
LONGEST_NUMBER: Final = 64
LONGEST_QUERY: Final = 24
IDLE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Start:
    pass


@dataclass(frozen=True, slots=True)
class Scanning:
    misread: bool = False
    """What was scanned last was no case number."""


@dataclass(frozen=True, slots=True)
class Typing:
    number: str = ""


@dataclass(frozen=True, slots=True)
class LookingUp:
    number: str
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class Choosing:
    """Of the departments, or of the items of one."""

    query: str = ""
    """Letters typed so far: Pinyin in full or its initials."""
    department: str = ""
    """Empty: the departments are shown."""


@dataclass(frozen=True, slots=True)
class CaseNamed:
    """A case by its number, and nothing else: whose it is, nobody here knows."""

    number: str
    trigger: Trigger


@dataclass(frozen=True, slots=True)
class ItemNamed:
    item: Item


Named = CaseNamed | ItemNamed


@dataclass(frozen=True, slots=True)
class Confirming:
    named: Named
    before: "Stage"
    """Where the way back leads."""


@dataclass(frozen=True, slots=True)
class Refused:
    """This case cannot be rated here by its number. Says the same whatever the reason."""


Stage = Start | Scanning | Typing | LookingUp | Choosing | Confirming | Refused


@dataclass(frozen=True, slots=True)
class Finding:
    window: str
    limit_s: int
    """How long the visit stays open that this ends in."""
    ways: tuple[Way, ...]
    stage: Stage = Start()
    until_ms: int | None = None
    """When all of it is forgotten; None at the start."""


@dataclass(frozen=True, slots=True)
class WayChosen:
    way: Way
    at: At
    fresh: VisitId
    """The id of the visit that this opens, where nothing more is to be found."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """`number` is empty where what was scanned is no case number."""

    number: str
    at: At


@dataclass(frozen=True, slots=True)
class Typed:
    key: str
    at: At


@dataclass(frozen=True, slots=True)
class Erased:
    """The last key, or all of them."""

    at: At
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """The number is complete."""

    at: At


@dataclass(frozen=True, slots=True)
class LookedUp:
    number: str
    rateable: bool
    """By its number alone."""
    at: At


@dataclass(frozen=True, slots=True)
class DepartmentChosen:
    department: str
    at: At


@dataclass(frozen=True, slots=True)
class ItemChosen:
    item: Item
    at: At


@dataclass(frozen=True, slots=True)
class Confirmed:
    at: At
    fresh: VisitId


@dataclass(frozen=True, slots=True)
class WentBack:
    at: At


@dataclass(frozen=True, slots=True)
class Cancelled:
    at: At


@dataclass(frozen=True, slots=True)
class Stirred:
    """Somebody is there."""

    at: At


@dataclass(frozen=True, slots=True)
class RanOut:
    at: At


Event = (
    WayChosen
    | Scanned
    | Typed
    | Erased
    | Entered
    | LookedUp
    | DepartmentChosen
    | ItemChosen
    | Confirmed
    | WentBack
    | Cancelled
    | Stirred
    | RanOut
)


@dataclass(frozen=True, slots=True)
class LookUp:
    """May the case of this number be rated by its number alone? Answer with `LookedUp`."""

    number: str


@dataclass(frozen=True, slots=True)
class Open:
    """It is known what is to be rated: ask for it."""

    asked: AskedFor


Effect = LookUp | Open


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
        case Confirmed(at, fresh):
            return _confirmed(finding, at, fresh)
        case Scanned():
            return _scanned(finding, event)
        case Stirred(at):
            return _to(finding, finding.stage, at)
        case WayChosen() | Typed() | Erased() | Entered() | DepartmentChosen() | ItemChosen():
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
        case Start() | Scanning() | Typing() | Choosing() | Refused():
            return Start()
        case _:
            assert_never(stage)


def _chosen(finding: Finding, event: WayChosen | Typed | Erased | Entered | DepartmentChosen | ItemChosen) -> Step:
    match finding.stage, event:
        case Start(), WayChosen(way, at, fresh) if way in finding.ways:
            return _begun(finding, way, at, fresh)
        case Typing(number), Typed(key, at) if _is_key(key) and len(number) < LONGEST_NUMBER:
            return _to(finding, Typing(number + key), at)
        case Typing(number), Erased(at, everything):
            return _to(finding, Typing("" if everything else number[:-1]), at)
        case Typing(number), Entered(at) if number:
            return _look_up(finding, number, "citizen", at)
        case Choosing(query) as stage, Typed(key, at) if _is_key(key) and len(query) < LONGEST_QUERY:
            return _to(finding, replace(stage, query=query + key.lower()), at)
        case Choosing(query) as stage, Erased(at, everything):
            return _to(finding, replace(stage, query="" if everything else query[:-1]), at)
        case Choosing(department=""), DepartmentChosen(department, at) if department:
            return _to(finding, Choosing(department=department), at)
        case Choosing() as stage, ItemChosen(item, at):
            return _to(finding, Confirming(ItemNamed(item), stage), at)
        case _:
            return Step(finding)


def _begun(finding: Finding, way: Way, at: At, fresh: VisitId) -> Step:
    match way:
        case "scan":
            return _to(finding, Scanning(), at)
        case "number":
            return _to(finding, Typing(), at)
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


def _look_up(finding: Finding, number: str, trigger: Trigger, at: At) -> Step:
    step = _to(finding, LookingUp(number, trigger), at)
    return replace(step, effect=LookUp(number))


def _looked_up(finding: Finding, event: LookedUp) -> Step:
    """An answer that comes late, for a number that is gone, is nobody's."""
    match finding.stage:
        case LookingUp(number, trigger) if number == event.number:
            if not event.rateable:
                return _to(finding, Refused(), event.at)
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
