"""What a kiosk does with a folder of parcels: writes its own, takes what the hub said to them, carries those of others.

For a thread that may wait: each step is a file on a slow stick. Reads the journal beside whoever writes it, and signs
with the device's key; what has to be written goes through `acknowledge`.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.published.seal_choice import seal_key
from kiosk.secrets import Secrets, SecretsError
from kiosk.settings import Hub, Settings
from kiosk.sticks.acknowledging import GOOD, Answer, Take
from kiosk.sticks.carrying import FOLDER
from kiosk.sticks.stick_error import StickError, from_system
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.keys import KeyStore, KeyStoreError
from sync.parcels.acknowledgement import AcknowledgementError, read_acknowledgement
from sync.parcels.carried import carried_note
from sync.parcels.carry_box import BoxFullError, CarryBox
from sync.parcels.export import Writer
from sync.parcels.folder import Folder
from sync.parcels.naming import Paper, Stretch
from sync.parcels.parcel import ParcelError, Sender, read_parcel

_COVERED: Final[tuple[Paper, ...]] = ("parcel", "carried", "refused")


@dataclass(frozen=True, slots=True)
class Found:
    """What lies on a stick."""

    own: int
    """Parcels of this kiosk."""
    others: int
    acknowledgements: int
    """For this kiosk."""
    carried: int
    """Parcels of this kiosk that another says it carries."""


@dataclass(frozen=True, slots=True)
class Written:
    parcels: int
    records: int


@dataclass(frozen=True, slots=True)
class Taken:
    answers: tuple[tuple[str, Answer], ...]
    """Name of the file, and what came of it."""
    refusals: tuple[str, ...]
    """Parcels of this kiosk that the hub did not take: their names."""

    @property
    def good(self) -> int:
        return sum(answer in GOOD for _, answer in self.answers)


@dataclass(frozen=True, slots=True)
class Carried:
    parcels: int
    """Taken into the carry box now."""
    known: int
    """Were in it, or had been acknowledged."""
    acknowledgements: int
    """Put onto the stick now."""
    refused: "tuple[NotCarried, ...]"


@dataclass(frozen=True, slots=True)
class NotCarried:
    file: str
    code: str
    reason: str
    """In plain English."""


@dataclass(frozen=True)
class Duties:
    """Each of them raises `StickError`. `wake`: something was put into the carry box."""

    settings: Settings
    secrets: Path
    acknowledge: Take
    wake: Callable[[], None]
    wall_ms: Callable[[], int]
    stopping: Callable[[], bool] = field(default=lambda: False)

    def look(self, folder: Folder) -> Found:
        with _errors_told():
            own = self._keys().device[:8]
            parcels = folder.stretches("parcel")
            mine = sum(one.device == own for one in parcels)
            return Found(
                mine,
                len(parcels) - mine,
                sum(one.device == own for one in folder.stretches("ack")),
                sum(one.device == own for one in folder.stretches("carried")),
            )

    def write(self, folder: Folder, *, everything: bool = False) -> Written:
        """What the hub has not acknowledged; `everything`: what it has, too. Parcels wholly in it go."""
        hub = self._hub()
        if not hub.seal_key:
            raise StickError("no-seal-key", "hub.seal_key is missing in kiosk.toml: nobody could open the parcel")
        with _errors_told():
            keys = self._keys()
            sender = Sender(keys.first_key, keys.changes, keys.sign, seal_key(hub, self._directory))
            writer = Writer(sender, self._token(), self.wall_ms, self.stopping)
            with contextlib.closing(JournalReader(self._directory)) as reader:
                since = None if everything else reader.settled(hub.name)
                written = writer.export(reader, since, folder)
            _make_way(folder, written)
        return Written(len(written), sum(one.last - one.first + 1 for one in written))

    def take(self, folder: Folder) -> Taken:
        """What the hub has acknowledged is taken off the stick."""
        with _errors_told():
            own = self._keys().device[:8]
            waiting = [stretch for stretch in folder.stretches("ack") if stretch.device == own]
            answers = dict[Stretch, Answer]()
            while waiting:
                said = {stretch: self._take(folder, stretch) for stretch in waiting}
                answers |= said
                moved = "moved" in said.values()  # then one that came too early may be in time
                waiting = [stretch for stretch, answer in said.items() if answer == "early" and moved]
            refusals = [one.named("parcel") for one in folder.stretches("refused") if one.device == own]
            return Taken(tuple((one.named("ack"), answer) for one, answer in answers.items()), tuple(refusals))

    def carry(self, folder: Folder) -> Carried:
        """A parcel lies in the carry box before the stick says so."""
        if not self._hub().url:
            raise StickError("no-line", "no network leads from here to a hub: take the stick to a kiosk that has one")
        with _errors_told():
            keys, box = self._keys(), CarryBox(self._directory / FOLDER)
            taken, known, refused = 0, 0, list[NotCarried]()
            for stretch in folder.stretches("parcel"):
                if stretch.device == keys.device[:8]:
                    continue
                try:
                    new = self._put(box, folder, stretch, keys)
                except ParcelError as fault:
                    refused.append(NotCarried(stretch.named("parcel"), fault.code, str(fault)))
                except BoxFullError as fault:
                    refused.append(NotCarried(stretch.named("parcel"), "box-full", str(fault)))
                else:
                    taken, known = taken + new, known + (not new)
            return Carried(taken, known, box.hand_out(folder), tuple(refused))

    def _take(self, folder: Folder, stretch: Stretch) -> Answer:
        try:
            acknowledgement = read_acknowledgement(folder.read(stretch, "ack"))
            answer = self.acknowledge(acknowledgement)
            if answer in GOOD:
                _clear(folder, stretch, acknowledgement.unchecked().last)
        except (AcknowledgementError, ParcelError):
            return "malformed"
        return answer

    def _put(self, box: CarryBox, folder: Folder, stretch: Stretch, keys: KeyStore) -> bool:
        content = folder.read(stretch, "parcel")
        parcel = read_parcel(content)
        if parcel.header.stretch != stretch:
            raise ParcelError("malformed", "the name of the file is not that of the parcel in it")
        new = box.put(parcel, content)
        if new:
            folder.remove(stretch, "refused")
            self.wake()
        if new or stretch not in folder.stretches("carried"):
            folder.write(stretch, "carried", carried_note(keys.device, content, self.wall_ms(), keys.sign))
        return new

    @property
    def _directory(self) -> Path:
        return self.settings.storage.directory

    def _hub(self) -> Hub:
        if self.settings.hub is None:
            raise StickError("no-hub", "kiosk.toml has no [hub]: there is nobody to bring a parcel to")
        return self.settings.hub

    def _token(self) -> str:
        try:
            token = Secrets.load(self.secrets).hub_token
        except SecretsError as fault:
            raise StickError("no-token", str(fault)) from fault
        if not token:
            raise StickError("no-token", "this kiosk has no token of the hub: set it with `kiosk token hub`")
        return token

    def _keys(self) -> KeyStore:
        """Of the device; never makes any. The running kiosk may be changing its key at this moment: tried twice."""
        path = self._directory / "keys"
        if not (path / "first.pub").exists():
            raise StickError("no-journal", f"nothing was ever recorded in {self._directory}")
        try:
            return KeyStore(path)
        except KeyStoreError:
            try:
                return KeyStore(path)
            except KeyStoreError as fault:
                raise StickError("no-journal", str(fault)) from fault


def _make_way(folder: Folder, written: Sequence[Stretch]) -> None:
    """Of one generation what was written is one stretch, in pieces."""
    for generation in {one.generation for one in written}:
        pieces = [one for one in written if one.generation == generation]
        first, last = min(one.first for one in pieces), max(one.last for one in pieces)
        for old in folder.stretches("parcel"):
            same = (old.device, old.generation) == (pieces[0].device, generation)
            if same and old not in pieces and first <= old.first and old.last <= last:
                for paper in _COVERED:
                    folder.remove(old, paper)


def _clear(folder: Folder, acknowledged: Stretch, last: int) -> None:
    """What is proved to be at the hub need not stay on the stick; one that cannot be written keeps it."""
    with contextlib.suppress(OSError):
        for paper in _COVERED:
            for stretch in folder.stretches(paper):
                same = (stretch.device, stretch.generation) == (acknowledged.device, acknowledged.generation)
                if same and stretch.last <= last:
                    folder.remove(stretch, paper)
        folder.remove(acknowledged, "ack")


@contextlib.contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except JournalError as fault:
        raise StickError(fault.code, str(fault)) from fault
    except ParcelError as fault:
        raise StickError("no-journal", str(fault)) from fault
    except OSError as fault:
        raise from_system(fault) from fault
