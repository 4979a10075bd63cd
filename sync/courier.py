"""The courier: carries records to the hub, on a thread of its own, and never loses its place.

The hub says which sequence of which generation it has; the courier sends from there, in order. Nothing is skipped: a
chain with a hole proves nothing. It sleeps until `wake`, looks in on an idle hub every quarter of an hour, and after a
failure waits (`sync.backoff`), whatever is recorded meanwhile: only a person ends a wait. Not responsible for what a
record means.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sync.backoff import Backoff
from sync.journal.schema import JournalError
from sync.line_thread import LineThread
from sync.records import At, Signed

if TYPE_CHECKING:
    from sync.anchors import ClockEvidence
    from sync.delivery import Delivery, Held, Reached, Shelf
    from sync.hub_client import HubClient
    from sync.release import Release

log = logging.getLogger(__name__)

LOOK_IN_S: Final = 900.0
Link = Literal["never", "ok", "unreachable", "portal", "refused", "resting"]
"""`resting`: outside the hours for sending."""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Where the hub is and how it is reached."""

    url: str
    """`https://host[:port][/path]`; http for loopback."""
    token: str
    ca_file: Path | None = None
    """None: the authorities that come with the program."""
    proxy: str = ""
    """`http://[user@]host:port`; empty: none."""
    proxy_password: str = ""
    timeout_s: float = 30.0
    """For sending a batch, and again for the answer."""
    connect_s: float = 10.0
    """For all addresses of the hub together."""
    idle_s: float = 60.0
    """A connection that was idle for longer is not used again: a network may have forgotten it without a word."""

    def __repr__(self) -> str:
        return f"HubAddress(url={self.url!r})"


@dataclass(frozen=True, slots=True)
class Signing:
    """The device's signature; both may be called from any thread."""

    sign: Callable[[str], Signed]
    epochs: Callable[[], list[Signed]]
    """Every change of key so far, oldest first."""


@dataclass(frozen=True, slots=True)
class CourierState:
    """What the manager sees. `code` is for translation, `reason` is plain English; both empty while all is well."""

    link: Link = "never"
    code: str = ""
    reason: str = ""
    last_contact_ms: int | None = None
    """Wall clock of the hub's last true answer."""
    generation: str = ""
    next_seq: int = 0
    """The hub has everything of `generation` below this."""
    retry_at_ms: int | None = None
    """Wall clock of the next try; None while nothing is being waited for."""
    upstream: dict[str, Any] | None = None
    """What the hub said last of the nodes behind it, as it came."""
    upstream_ms: int | None = None
    mismatch: bool = False
    """The hub counts otherwise than this device."""


class Courier(LineThread["HubClient"]):
    """`open_shelf`, `settle` and `listener` are called on the courier's thread; `settle` and `listener` must not block.

    `settle` gets the generation and the next sequence that the hub has confirmed. `wall_ms` is the wall clock, `chance`
    gives numbers in [0, 1). With `at`, the device's clocks, `clock` is told what the hub's answers say about the time;
    it must not block either, and no more must `release`, which gets what the hub lets a generation destroy. `rest_s` is
    asked before every batch for how many seconds nothing may be sent; 0: it may go.
    """

    def __init__(
        self,
        device: str,
        hub: HubAddress,
        open_shelf: Callable[[], "Shelf"],
        signing: Signing,
        settle: Callable[[str, int], None],
        listener: Callable[[CourierState], None],
        wall_ms: Callable[[], int],
        chance: Callable[[], float],
        backoff: Backoff | None = None,
        at: Callable[[], At] | None = None,
        clock: Callable[["ClockEvidence"], None] | None = None,
        release: Callable[[str, "Release"], None] | None = None,
        rest_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._device = device
        self._hub = hub
        self._open_shelf = open_shelf
        self._signing = signing
        self._settle = settle
        self._listener = listener
        self._wall_ms = wall_ms
        self._chance = chance
        self._backoff = backoff or Backoff()
        self._at = at
        self._clock = clock
        self._release = release
        self._rest_s = rest_s
        super().__init__("courier")
        self._news = False
        self._hurry = False
        self._state = CourierState()
        self._advanced = False

    @property
    def state(self) -> CourierState:
        return self._state

    def wake(self) -> None:
        """Something was recorded. Never shortens a wait after a failure. May be called from any thread."""
        with self._moved:
            self._news = True
            self._moved.notify_all()

    def send_now(self) -> None:
        """A person wants it: ends a wait, and sends what there is, whatever the hour. May be called from any thread."""
        with self._moved:
            self._hurry = True
            self._moved.notify_all()

    def _open_line(self) -> "HubClient":
        from sync.hub_client import HubClient

        return HubClient(self._hub, self._device, self._wall_ms, self._at)

    def _use(self, line: "HubClient") -> None:
        failures = 0
        while not self._stopping:
            failures = self._visit_the_shelf(line, failures)

    def _visit_the_shelf(self, client: "HubClient", failures: int) -> int:
        """Until the journal fails or the courier stops; gives the failures in a row."""
        from sync.delivery import Delivery

        try:
            shelf = self._open_shelf()
        except JournalError as fault:
            return self._wait_for_journal(fault, failures)
        delivery = Delivery(
            self._device,
            client,
            shelf,
            self._signing,
            self._wall_ms,
            self._note_reached,
            lambda: self._stopping or self._must_rest() > 0,
            self._clock,
            self._release,
        )
        try:
            while not self._stopping:
                failures = self._deliver(delivery, failures)
        except JournalError as fault:
            return self._wait_for_journal(fault, failures)
        finally:
            shelf.close()
        return failures

    def _deliver(self, delivery: "Delivery", failures: int) -> int:
        if (rest_s := self._must_rest()) > 0:
            self._rest(rest_s)
            delivery.forget_place()
            return failures
        self._news = self._advanced = False
        held = delivery.run()
        if self._stopping or (held is None and self._must_rest() > 0):
            return failures
        self._hurry = False
        if held is not None:
            failures = 1 if self._advanced else failures + 1
            self._hold(held, failures)
            return failures
        self._all_is_well(delivery.forked)
        with self._moved:
            if not self._moved.wait_for(lambda: self._news or self._hurry or self._stopping, LOOK_IN_S):
                delivery.forget_place()
        return 0

    def _must_rest(self) -> float:
        """Seconds."""
        return 0.0 if self._hurry else self._rest_s()

    def _rest(self, seconds: float) -> None:
        """Looks at the clock again in between: it may be set."""
        self._show(link="resting", code="", reason="", retry_at_ms=self._wall_ms() + int(seconds * 1000))
        self._wait(min(seconds, LOOK_IN_S))

    def _hold(self, held: "Held", failures: int) -> None:
        chance = self._chance()
        slow = held.link == "refused" and held.code != "busy"
        wait_s = self._backoff.slow_s(chance) if slow else self._backoff.delay_s(failures, chance)
        wait_s = max(wait_s, held.wait_s or 0.0)
        if self._state.code != held.code:
            log.warning("the courier waits, hub %s (%s): %s", held.link, held.code, held.reason)
        self._show(link=held.link, code=held.code, reason=held.reason, retry_at_ms=self._wall_ms() + int(wait_s * 1000))
        self._wait(wait_s)

    def _wait_for_journal(self, fault: JournalError, failures: int) -> int:
        log.warning("the courier cannot read: %s", fault)
        self._hurry = False
        wait_s = self._backoff.delay_s(failures + 1, self._chance())
        self._show(code=fault.code, reason=str(fault), retry_at_ms=self._wall_ms() + int(wait_s * 1000))
        self._wait(wait_s)
        return failures + 1

    def _wait(self, seconds: float) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._hurry or self._stopping, seconds)

    def _note_reached(self, reached: "Reached") -> None:
        self._advanced |= (reached.generation, reached.next_seq) != (self._state.generation, self._state.next_seq)
        self._settle(reached.generation, reached.next_seq)
        self._show(
            link="ok",
            code="",
            reason="",
            retry_at_ms=None,
            last_contact_ms=self._wall_ms(),
            generation=reached.generation,
            next_seq=reached.next_seq,
            upstream=reached.upstream,
            upstream_ms=self._wall_ms(),
            mismatch=self._state.mismatch if reached.mismatch is None else reached.mismatch,
        )

    def _all_is_well(self, forked: bool) -> None:
        """Also where the hub had nothing to say but that it is there."""
        code, reason = ("forked", "the hub holds other records of this device: was it copied?") if forked else ("", "")
        self._show(link="ok", code=code, reason=reason, retry_at_ms=None)

    def _show(self, **changes: object) -> None:
        state = replace(self._state, **changes)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            self._listener(state)
