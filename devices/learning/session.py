"""The conversation in which an engineer teaches the kiosk an unknown box; a terminal and a screen both hold it.

    FindPort ─▶ TryLine ─▶ PressKey 5 … 1 ─▶ WaitTimeOut ─▶ Review ─▶ CheckKeys ─▶ Done
                                                              └▶ Failed ◀┘
A box that types has no line settings: TryLine is left out. Pure: `advance` gives the next session and what must be
done. It knows no words and no clock; how long the line was silent is told to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from devices.learning.findings import CannotTell, Finding
from devices.learning.inference import FEWEST_PRESSES, infer, levels_of
from devices.learning.presses import LONGEST_BURST, NOTHING, Burst, Presses, agree, makes_sense, unit_of
from devices.learning.steps import (
    BURST_ENDS_MS,
    KEYBOARD,
    LINES,
    BytesHeard,
    Cancelled,
    CheckKeys,
    ClosePort,
    Done,
    Effect,
    Event,
    Failed,
    FindPort,
    OpenPort,
    Port,
    PortChosen,
    PortLost,
    PortOpened,
    PortsSeen,
    PressKey,
    Review,
    Silence,
    Step,
    TryLine,
    WaitTimeOut,
    Wish,
    WriteProfile,
)
from devices.profile_file.root import read_profile
from devices.profile_parts import KeyboardLink, SerialLink

LEVELS: Final = (5, 4, 3, 2, 1)
TESTED: Final = (3, 1, 5, 2, 4)
"""Not in the order in which the keys were learnt: what was only counting up or down is found out."""
PRESSES: Final = 3
MOST_PRESSES: Final = 6
"""Of a key whose presses do not agree."""
TIME_OUT_MS: Final = 20_000
_MISSES: Final = 3


@dataclass(frozen=True, slots=True)
class Session:
    """`number`: the box's number on a line that several boxes share; None for a box alone on its line."""

    name: str
    number: int | None = None
    step: Step = field(default_factory=FindPort)
    port: Port | None = None
    opened: bool = False
    """Whether the port is open: before, nobody should be asked to press."""
    line: int = 0
    pressed: Mapping[int, tuple[Burst, ...]] = field(default_factory=dict)
    lacks: frozenset[int] = frozenset()
    by_itself: tuple[Burst, ...] = ()
    asked_time_out: bool = False
    burst: Burst = NOTHING
    """What was heard since the last silence."""
    heard_at_ms: int = 0

    @property
    def link(self) -> SerialLink | KeyboardLink:
        if self.port is not None and self.port.kind == "keyboard":
            return KEYBOARD
        return replace(LINES[self.line], wiring="rs485" if self.number is not None else "rs232")


Moved: TypeAlias = tuple[Session, tuple[Effect, ...]]


def advance(session: Session, event: Event) -> Moved:
    """An event that a step does not name changes nothing."""
    match event:
        case "cancel" if not isinstance(session.step, Done | Cancelled):
            return replace(session, step=Cancelled()), (ClosePort(),)
        case "next" | "back" | "skip" | "cancel":
            return _wished(session, event)
        case PortsSeen(ports):
            return _ports_seen(session, ports)
        case PortChosen(port):
            return _opened(session, port) if isinstance(session.step, FindPort) else (session, ())
        case PortOpened():
            return replace(session, opened=True), ()
        case PortLost(reason, cause):
            if isinstance(session.step, FindPort | Done | Cancelled):
                return session, ()
            return _failed(replace(session, port=None), Finding("port-lost", (reason, cause)))
        case BytesHeard(data, at_ms):
            return _bytes_heard(session, data, at_ms), ()
        case Silence(for_ms):
            return _silence(session, for_ms)
        case _:
            assert_never(event)


def _ports_seen(session: Session, ports: tuple[Port, ...]) -> Moved:
    step = session.step
    if not isinstance(step, FindPort):
        return session, ()
    if step.seen is None:
        return replace(session, step=FindPort(ports)), ()
    fresh = tuple(port for port in ports if port in step.fresh or port not in step.seen)
    if len(fresh) == 1 and fresh == step.fresh:
        return _opened(session, fresh[0])
    return replace(session, step=FindPort(ports, fresh)), ()


def _opened(session: Session, port: Port) -> Moved:
    begun = replace(session, port=port, line=0)
    return _pressing(begun) if port.kind == "keyboard" else _trying(begun, 0, anything=False)


def _trying(session: Session, line: int, *, anything: bool) -> Moved:
    if line >= len(LINES):
        return _failed(session, Finding("lines-exhausted" if anything else "nothing-heard"))
    return _opening(_forgetting(replace(session, line=line, step=TryLine(line, anything=anything))))


def _pressing(session: Session) -> Moved:
    return _opening(_forgetting(replace(session, step=PressKey(LEVELS[0]))))


def _opening(session: Session) -> Moved:
    """Opens the port anew."""
    if session.port is None:
        return session, ()
    return replace(session, opened=False), (ClosePort(), OpenPort(session.port, session.link))


def _forgetting(session: Session) -> Session:
    return replace(
        session, pressed={}, lacks=frozenset(), by_itself=(), asked_time_out=False, burst=NOTHING, heard_at_ms=0
    )


def _failed(session: Session, *reasons: Finding) -> Moved:
    return replace(session, step=Failed(CannotTell(reasons))), (ClosePort(),)


def _wished(session: Session, wish: Wish) -> Moved:
    match session.step, wish:
        case TryLine(line, _, anything), "next":
            return _trying(session, line + 1, anything=anything or bool(session.burst.data))
        case PressKey(level), "skip":
            lacking = replace(_again(session, level), lacks=session.lacks | {level})
            return _after_key(lacking)
        case PressKey(level), "back":
            return _again(session, LEVELS[max(0, LEVELS.index(level) - 1)]), ()
        case WaitTimeOut(), "next" | "skip":
            return _reviewing(session)
        case Review(learnt), "next":
            asked = tuple(level for level in TESTED if level not in session.lacks)
            return replace(session, step=CheckKeys(learnt, asked), burst=NOTHING), ()
        case ((Review() | Failed() | CheckKeys()), "back"):
            return _pressing(session) if session.port else (replace(session, step=FindPort()), ())
        case ((Review() | Failed()), "skip") if session.port is not None and session.port.kind == "serial":
            return _trying(session, session.line + 1, anything=True)
        case _:
            return session, ()


def _bytes_heard(session: Session, data: bytes, at_ms: int) -> Session:
    if isinstance(session.step, FindPort | Review | Done | Failed | Cancelled):
        return session
    before = session.burst
    gap = at_ms - session.heard_at_ms if before.data else 0
    burst = Burst((before.data + data)[:LONGEST_BURST], max(before.longest_gap_ms, gap))
    step = session.step
    if isinstance(step, WaitTimeOut):
        step = WaitTimeOut(step.waited_ms + step.silent_ms)
    return replace(session, burst=burst, heard_at_ms=at_ms, step=step)


def _silence(session: Session, for_ms: int) -> Moved:
    if for_ms < BURST_ENDS_MS:
        return session, ()
    burst, session = session.burst, replace(session, burst=NOTHING)
    match session.step:
        case TryLine() if burst.data:
            return _tried(session, session.step, burst)
        case PressKey(level) if burst.data:
            return _key_heard(session, level, burst)
        case WaitTimeOut() as waiting:
            by_itself = (*session.by_itself, burst) if burst.data else session.by_itself
            waited = replace(session, by_itself=by_itself, step=replace(waiting, silent_ms=for_ms))
            return _reviewing(waited) if waiting.waited_ms + for_ms >= TIME_OUT_MS else (waited, ())
        case CheckKeys() as testing if burst.data:
            return _tested(session, testing, burst)
        case _:
            return session, ()


def _tried(session: Session, step: TryLine, burst: Burst) -> Moved:
    bursts = (*step.bursts, burst)
    if len(bursts) < PRESSES:
        return replace(session, step=replace(step, bursts=bursts, anything=True)), ()
    if not makes_sense(bursts):
        return _trying(session, step.line + 1, anything=True)
    return _forgetting(replace(session, step=PressKey(LEVELS[0]))), ()


def _key_heard(session: Session, level: int, burst: Burst) -> Moved:
    if unit_of(burst.data) in {unit_of(alone.data) for alone in session.by_itself}:
        return session, ()
    bursts = (*session.pressed.get(level, ()), burst)
    heard = replace(session, pressed={**session.pressed, level: bursts})
    enough = len(bursts) >= PRESSES and (agree(bursts) or len(bursts) >= MOST_PRESSES)
    return _after_key(heard) if enough else (heard, ())


def _after_key(session: Session) -> Moved:
    """The next key that has not been pressed yet; after the last one the box is left alone."""
    for level in LEVELS:
        if len(session.pressed.get(level, ())) < FEWEST_PRESSES and level not in session.lacks:
            return replace(session, step=PressKey(level)), ()
    if session.asked_time_out:
        return _inferred(session)
    return replace(session, step=WaitTimeOut()), ()


def _again(session: Session, level: int) -> Session:
    return replace(
        session,
        pressed=_without(session.pressed, level),
        lacks=session.lacks - {level},
        step=PressKey(level),
        burst=NOTHING,
    )


def _without(pressed: Mapping[int, tuple[Burst, ...]], level: int) -> dict[int, tuple[Burst, ...]]:
    return {one: bursts for one, bursts in pressed.items() if one != level}


def _reviewing(session: Session) -> Moved:
    """A heartbeat that was taken for a press is taken back, and the key asked for again."""
    alone = {unit_of(burst.data) for burst in session.by_itself}
    pressed = {
        level: tuple(burst for burst in bursts if unit_of(burst.data) not in alone)
        for level, bursts in session.pressed.items()
    }
    waited = replace(session, asked_time_out=True)
    for level, bursts in pressed.items():
        if 0 < len(bursts) < FEWEST_PRESSES:
            return _again(waited, level), ()
    return _inferred(waited)


def _inferred(session: Session) -> Moved:
    presses = Presses(
        session.link,
        session.pressed,
        tuple(sorted(session.lacks)),
        session.by_itself,
        session.asked_time_out,
        session.number,
    )
    port = session.port
    learnt = infer(presses, name=session.name, title=port.title if port else "", usb=port.usb if port else "")
    if isinstance(learnt, CannotTell):
        return _failed(session, *learnt.reasons)
    return replace(session, step=Review(learnt)), ()


def _tested(session: Session, step: CheckKeys, burst: Burst) -> Moved:
    """A press is read by the very profile that is to be written."""
    asked, *later = step.asked
    profile = read_profile(step.learnt.profile, "")
    levels = set() if isinstance(profile, list) else set(levels_of(profile, burst))
    if levels - {asked}:
        return _failed(session, Finding("test-failed", (str(asked), str(min(levels - {asked})))))
    if not levels and step.misses + 1 < _MISSES:
        return replace(session, step=replace(step, misses=step.misses + 1)), ()
    if not levels:
        return _failed(session, Finding("test-silent", (str(asked),)))
    if later:
        return replace(session, step=CheckKeys(step.learnt, tuple(later))), ()
    return replace(session, step=Done(step.learnt)), (ClosePort(), WriteProfile(step.learnt.profile))
