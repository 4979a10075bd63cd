"""Many lives of one kiosk, each ended by SIGKILL at a moment that a seed decides; then the reckoning."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.durability.kills.ledger import Ledger
from tests.durability.kills.place import BOXES, GLASS, Place, open_place
from tests.durability.kills.process import PATIENCE_S, KioskProcess
from tests.durability.kills.reckoning import generation_ends, presses_in, reckon, records_in, starts_in

Aim = Literal["starting", "pressing", "thanked", "anywhen"]
AIMS: Final[tuple[Aim, ...]] = ("pressing", "thanked", "anywhen", "starting")
START_S: Final = 0.6
"""About as long as a start takes: a kill aimed at the start comes within it."""


@dataclass(frozen=True, slots=True)
class Result:
    kills: int
    pressed: int
    thanked: int
    kept: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.pressed} pressed, {self.thanked} thanked for, {self.kept} in the journal"


def play(folder: Path, seed: int, aims: Sequence[Aim], *options: str) -> Result:
    """A hall of its own in `folder`, one kill for each aim."""
    ledger = Ledger()
    with open_place(folder, on_acknowledged=ledger.acknowledged) as place:
        campaign = Campaign(place, ledger, random.Random(seed), options)
        for aim in aims:
            campaign.live_and_die(aim)
        faults = campaign.settle()
        return Result(len(aims), ledger.presses, ledger.thanked, len(presses_in(place.state)), tuple(faults))


class Campaign:
    def __init__(self, place: Place, ledger: Ledger, chance: random.Random, options: Sequence[str] = ()) -> None:
        self._place = place
        self._ledger = ledger
        self._chance = chance
        self._options = options

    def live_and_die(self, aim: Aim) -> None:
        """One life, from start to SIGKILL; now and then without a network."""
        if self._chance.random() < 0.2:
            self._place.relay.cut()
        else:
            self._place.relay.mend()
        with self._started(aim) as kiosk:
            if aim == "starting":
                kiosk.pass_time(self._chance.uniform(0, START_S))
            else:
                self._press_and_wait(aim, kiosk)

    def settle(self) -> list[str]:
        """A last life without fingers, until the hub has everything; then what does not hold."""
        self._place.relay.mend()
        starts = starts_in(records_in(self._place.state))
        with self._started("settling", options=()) as kiosk:
            kiosk.wait_for("lit")
            for _ in range(int(PATIENCE_S * 10)):
                if self._hub_has_everything(starts):
                    break
                kiosk.pass_time(0.1)
            else:
                return [f"after {PATIENCE_S:.0f} s the hub has not everything that the journal has"]
        return reckon(self._ledger, self._place)

    def _hub_has_everything(self, starts_before: int) -> bool:
        records = records_in(self._place.state)
        if starts_in(records) == starts_before:
            return False
        device, wanted = generation_ends(records)
        return self._place.hub_next(device) == wanted

    @contextmanager
    def _started(self, aim: str, options: Sequence[str] | None = None) -> Iterator[KioskProcess]:
        life = self._ledger.begin(aim)
        chosen = self._options if options is None else options
        kiosk = KioskProcess(self._place.config, self._place.log, life, *chosen)
        try:
            yield kiosk
        finally:
            kiosk.kill()

    def _press_and_wait(self, aim: Aim, kiosk: KioskProcess) -> None:
        """A key on each point's box or a finger on the glass, in a shuffled stream; the kill falls somewhere in it."""
        kiosk.wait_for("lit")
        windows = [GLASS, *BOXES]
        self._chance.shuffle(windows)
        gap_s = self._chance.choice((0.0, 0.001, 0.005, 0.02, 0.05))
        last = self._chance.randrange(1, len(windows) + 1) if aim == "pressing" else len(windows)
        for window in windows[:last]:
            kiosk.pass_time(self._chance.uniform(0, 2 * gap_s))
            self._press(window, kiosk, with_a_finger=aim == "thanked")
        match aim:
            case "pressing":
                kiosk.pass_time(self._chance.uniform(0, 0.015))
            case "thanked":
                kiosk.wait_for("thanks")
            case _:
                kiosk.pass_time(self._chance.uniform(0, 0.6))

    def _press(self, window: str, kiosk: KioskProcess, *, with_a_finger: bool) -> None:
        """Where thanks are waited for, the glass is touched: its box may not be open yet when the faces light."""
        level = self._chance.randint(1, 5)
        if window == GLASS and (with_a_finger or self._chance.random() < 0.7):
            self._ledger.pressed(window, level, "glass")
            kiosk.touch(f"face{level}")
        else:
            self._ledger.pressed(window, level, "box")
            self._place.press_box(window, level)
