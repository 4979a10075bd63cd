"""What can be asked of a window, without HTTP: the JSON interface and the clerk page both stand on this."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from kiosk.core.visit import (
    AskedFor,
    CaseDataGiven,
    Event,
    PauseAsked,
    PauseReason,
    Resumed,
    SignedIn,
    SignedOut,
    TicketTold,
)
from kiosk.secrets import is_token
from kiosk.slips.printed import SlipPaper
from kiosk.window.asks import Accepted, AskBook, OtherBody
from kiosk.window.case_memory import CaseMemory, NewlyKnown, OtherCase, SaidOtherwise
from kiosk.window.ports import WindowInfo, WindowPorts, WindowStatus
from sync.records import Ask, At, Case, TicketState, VisitId

AskTrigger = Literal["window-interface", "clerk-page"]

_SETTLING_S: Final = 0.5
_GLANCE_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same ask as before: its visit is open or over already, and is not opened again."""

    accepted: Accepted


@dataclass(frozen=True, slots=True)
class WalkUp:
    """A walk-up point is pressed, never asked."""


AskOutcome = Accepted | Repeated | OtherBody | WalkUp


class WindowService:
    def __init__(
        self,
        windows: Mapping[str, WindowInfo],
        tokens: Callable[[str], str | None],
        ports: WindowPorts,
        now: Callable[[], At],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self.windows = windows
        self.tokens = tokens
        self.now = now
        self.random_bytes = random_bytes
        self._ports = ports
        self._books = {window: AskBook(random_bytes(32)) for window in windows}
        self._cases = {window: CaseMemory(random_bytes(32)) for window in windows}

    def owned(self, token: str) -> frozenset[str]:
        """The windows that this token opens. Looks at every one, so that the time tells nothing."""
        return frozenset([window for window in self.windows if is_token(token, self.tokens(window))])

    def status(self, window: str) -> WindowStatus:
        return self._ports.status(window)

    def ask(
        self,
        window: str,
        cases: tuple[Case, ...],
        trigger: AskTrigger,
        ask_id: str | None = None,
        ticket: str | None = None,
    ) -> AskOutcome:
        """Always accepted, whatever the citizen is doing: the visit itself sees to whom it belongs."""
        info = self.windows[window]
        if info.place == "walk-up":
            return WalkUp()
        body = msgspec.json.encode((cases, ticket))
        if ask_id is not None and (known := self._books[window].known(ask_id, body)) is not None:
            return Repeated(known) if isinstance(known, Accepted) else known
        slip = self._ports.slip(tuple(case.project_no for case in cases)) if cases else None
        visit, code = VisitId(self.random_bytes(16)), slip.code if slip else ""
        accepted = Accepted(visit, self.now(), info.stays_open_seconds, code)
        tags = slip.tags if slip else ()
        bound = _ask(window, info, cases, trigger, ticket or "", tags)
        self._ports.dispatch(window, AskedFor(visit, bound, accepted.at))
        self._cases[window].remember(visit, cases, accepted.at)
        self._books[window].remember(ask_id, body, accepted)
        return accepted

    def visit(self, window: str, visit: str) -> Accepted | None:
        return self._books[window].visit(visit)

    def tell_more(
        self, window: str, visit: str, cases: tuple[Case, ...]
    ) -> NewlyKnown | OtherCase | SaidOtherwise | None:
        """What has become known of a visit's cases; None for a visit that is not this window's, or not known."""
        outcome, at = self._cases[window].add(visit, cases, self.now()), self.now()
        if isinstance(outcome, NewlyKnown) and outcome.cases:
            self._ports.dispatch(window, CaseDataGiven(outcome.visit, outcome.cases, at))
        return outcome

    def tell_ticket(self, window: str, ticket: str, state: TicketState) -> None:
        self._ports.dispatch(window, TicketTold(ticket, state, self.now()))

    def slip(self, window: str, visit: str) -> tuple[SlipPaper, Accepted] | None:
        """What is printed for a visit, whatever has become of it. None where there is nothing to rate it with later."""
        paper, accepted = self._ports.slip_paper, self.visit(window, visit)
        if paper is None or accepted is None or not (accepted.slip or paper.rate_later_page):
            return None
        return paper, accepted

    async def sign_in(self, window: str, clerk: str) -> None:
        await self._tell(window, SignedIn(clerk, self.now()), lambda status: status.clerk == clerk)

    async def sign_out(self, window: str) -> None:
        await self._tell(window, SignedOut(self.now()), lambda status: not status.clerk)

    async def pause(self, window: str, reason: PauseReason) -> None:
        await self._tell(window, PauseAsked(reason, self.now()), lambda status: status.pause == reason)

    async def resume(self, window: str) -> None:
        await self._tell(window, Resumed(self.now()), lambda status: status.pause is None)

    async def _tell(self, window: str, event: Event, seen: Callable[[WindowStatus], bool]) -> None:
        """Gives the window a moment to take it in, so that who looks next sees it."""
        self._ports.dispatch(window, event)
        for _ in range(round(_SETTLING_S / _GLANCE_S)):
            if seen(self._ports.status(window)):
                return
            await asyncio.sleep(_GLANCE_S)


def _ask(
    window: str, info: WindowInfo, cases: tuple[Case, ...], trigger: AskTrigger, ticket: str, slips: tuple[bytes, ...]
) -> Ask:
    return Ask(
        window=window,
        place=info.place,
        object="case" if cases else "terminal" if info.place == "terminal" else "window",
        channel="hall-terminal" if info.place == "terminal" else "window-evaluator",
        trigger=trigger,
        limit_s=info.stays_open_seconds,
        cases=cases,
        ticket=ticket,
        slips=slips,
    )
