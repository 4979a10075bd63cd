"""The self-service terminal for the gallery: its finding over the sample catalogue, and the hands that move it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.catalogue import load_catalogue, readings_of
from kiosk.catalogue.index import CatalogueIndex
from kiosk.core.finding_events import (
    Entered,
    Event,
    ItemChosen,
    LookedUp,
    NotProven,
    Prove,
    Proved,
    Scanned,
    Typed,
    Verdict,
    WayChosen,
)
from kiosk.core.finding_stages import Finding, Way
from kiosk.core.visit import AskedFor
from kiosk.ui.finding_host import FindingHands, FindingHost
from sync.records import At, VisitId

WAYS: Final[tuple[Way, ...]] = ("scan", "number", "item", "later", "hall", "terminal")
NUMBER: Final = "370811202611230042"


class GalleryTerminal:
    def __init__(
        self, assets: Path, ask: Callable[[AskedFor], None], now: Callable[[], At], fresh: Callable[[], VisitId]
    ) -> None:
        self._now = now
        self._fresh = fresh
        self._index = CatalogueIndex(load_catalogue(assets / "catalogue" / "sample.csv"), readings_of)
        self.looked_up: list[str] = []
        self.proofs: list[Prove] = []
        hands = FindingHands(
            lambda number, _answer: self.looked_up.append(number),
            lambda number, code, _answer: self.proofs.append(Prove(number, code)),
            ask,
        )
        self.host = FindingHost(Finding("1", 60, WAYS), hands, now)
        self.host.take_index(self._index)

    def item_name(self, task_code: str) -> str:
        return self._index.name_of(task_code)

    def begin(self, way: Way) -> None:
        self.say(WayChosen(way, self._now(), self._fresh()))

    def type(self, keys: str) -> None:
        self.say(*[Typed(key, self._now()) for key in keys])

    def scan(self, number: str) -> None:
        self.say(Scanned(number, self._now()))

    def enter(self, *, rateable: bool | None = None) -> None:
        """Without `rateable` the look-up goes on."""
        self.say(Entered(self._now()))
        if rateable is not None:
            self.say(LookedUp(self.looked_up[-1], rateable, self._now()))

    def prove(self, verdict: Verdict) -> None:
        self.say(Entered(self._now()))
        self.say(Proved(self.proofs[-1], verdict, self._now()))

    def mistype(self) -> None:
        """The code of a slip, with a sign that is wrong."""
        self.begin("later")
        self.type(NUMBER)
        self.enter()
        self.type("7Q2M9XD05")
        self.prove("misread")

    def guess(self) -> None:
        """A code that is none of this case, for the fifth time."""
        self.type("7Q2M9XD04")
        self.prove(NotProven(30))

    def reach_nobody(self) -> None:
        """The slip is of another device, and no network leads to the hub."""
        self.begin("later")
        self.type(NUMBER)
        self.enter()
        self.type("7Q2M9XD04")
        self.prove("unreached")

    def choose_item(self, query: str) -> None:
        self.begin("item")
        self.say(ItemChosen(self._index.items("", query)[0], self._now()))

    def say(self, *events: Event) -> None:
        for event in events:
            self.host.dispatch(event)
