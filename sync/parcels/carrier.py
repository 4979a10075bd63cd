"""Brings what lies in the carry box to the hub, on a thread of its own, and keeps what the hub says to it.

With the carrier's own token: whose records they are is told by what is in the parcel. A parcel that cannot be sent now
stays; one that the hub refuses for good makes way for the reason.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sync.backoff import Backoff
from sync.line_thread import LineThread
from sync.parcels.carry_box import CarryBox
from sync.parcels.naming import Stretch

if TYPE_CHECKING:
    from sync.answers import Failure
    from sync.courier import HubAddress
    from sync.hub_client import HubClient
    from sync.parcels.acknowledgement import Acknowledgement

log = logging.getLogger(__name__)

LOOK_IN_S: Final = 900.0
FOR_GOOD: Final = frozenset(
    {
        "altered",
        "bad-signature",
        "broken-chain",
        "cut-short",
        "malformed",
        "past-epoch",
        "stranger",
        "unknown-epoch",
        "wrong-device",
        "wrong-hub",
    }
)
"""What a hub says of a parcel that it will say again tomorrow."""


@dataclass(eq=False)
class Carrier(LineThread["HubClient"]):
    """`wall_ms` is the wall clock, `chance` gives numbers in [0, 1). `rest_s` is asked before every parcel for how many
    seconds nothing may be sent; 0: it may go.
    """

    device: str
    hub: "HubAddress"
    box: CarryBox
    wall_ms: Callable[[], int]
    chance: Callable[[], float]
    backoff: Backoff = field(default_factory=Backoff)
    rest_s: Callable[[], float] = lambda: 0.0
    _news: bool = field(default=False, init=False)
    _failures: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__("carrier")

    def wake(self) -> None:
        """A stick was here: a person wants it tried now. May be called from any thread."""
        with self._moved:
            self._news = True
            self._moved.notify_all()

    def _open_line(self) -> "HubClient":
        from sync.hub_client import HubClient

        return HubClient(self.hub, self.device, self.wall_ms)

    def _use(self, line: "HubClient") -> None:
        while not self._stopping:
            self._news = False
            wait_s = self._empty_the_box(line)
            with self._moved:
                self._moved.wait_for(lambda: self._news or self._stopping, wait_s)

    def _empty_the_box(self, client: "HubClient") -> float:
        """In order; gives the seconds to wait until the next look."""
        try:
            waiting = self.box.waiting()
            for stretch in waiting:
                if (rest_s := self.rest_s()) > 0:
                    return min(rest_s, LOOK_IN_S)
                wait_s = None if self._stopping else self._bring(client, stretch)
                if wait_s is not None:
                    return wait_s
        except OSError as fault:
            log.warning("the carry box cannot be used: %s", fault)
        self._failures = 0
        return LOOK_IN_S

    def _bring(self, client: "HubClient", stretch: Stretch) -> float | None:
        """None where the next may go; else the seconds until anything is worth a try."""
        from sync.answers import NotNext, Refused, TooLarge
        from sync.parcels.acknowledgement import Acknowledgement

        content = self.box.read(stretch)
        if content is None:
            return None
        match client.carry(content):
            case Acknowledgement() as acknowledgement:
                return self._acknowledged(stretch, acknowledgement)
            case NotNext():
                log.info("a parcel waits for one before it: %s", stretch.named("parcel"))
                return None
            case TooLarge():
                self._refused(stretch, content, "too-large", "the hub takes no parcel of this size")
                return None
            case Refused(code, detail) if code in FOR_GOOD:
                self._refused(stretch, content, code, detail)
                return None
            case failure:
                return self._hold(failure)

    def _acknowledged(self, stretch: Stretch, acknowledgement: "Acknowledgement") -> float | None:
        """Whether it is true is judged where it is taken; here, whether it answers this parcel at all."""
        from sync.parcels.acknowledgement import AcknowledgementError

        try:
            said = acknowledgement.unchecked()
        except AcknowledgementError:
            said = None
        if said is None or Stretch(said.device[:8], said.generation, stretch.first, said.last) != stretch:
            log.warning("the answer to a parcel is none: is this the hub?")
            return self.backoff.slow_s(self.chance())
        self.box.acknowledged(stretch, acknowledgement)
        log.info("the hub has acknowledged %s", stretch.named("parcel"))
        return None

    def _refused(self, stretch: Stretch, content: bytes, code: str, detail: str) -> None:
        log.warning("the hub refuses %s (%s): %s", stretch.named("parcel"), code, detail)
        self.box.refused(stretch, content, code, detail)

    def _hold(self, failure: "Failure") -> float:
        from sync.answers import Busy, Refused

        self._failures += 1
        slow = isinstance(failure, Refused)
        wait_s = self.backoff.slow_s(self.chance()) if slow else self.backoff.delay_s(self._failures, self.chance())
        log.info("parcels wait: %s", failure)
        return max(wait_s, (failure.wait_s or 0.0) if isinstance(failure, Busy) else 0.0)
