"""A visit as it stands in the store, with what was sealed of it opened: from there its reports are made.

The one place in a hub that opens sealed texts. Belongs to the store's thread, but for `seal_keys_of`.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from sync.anchors import Anchor
from sync.hub.ended_visits import salvage_of, salvaged_records
from sync.hub.schema import HubError
from sync.hub.seal_changes import private_keys
from sync.hub.setup import SEAL_KEY_FILE
from sync.hub.verify import decoded
from sync.provinces.book import VisitKey, day_of
from sync.records import NOT_RATED, Asked, Case, Record, Salvaged, completed
from sync.reports.building import Opened, Origin, UnreadableError, reports_of
from sync.reports.press_time import press_time
from sync.reports.report import Kind, Report, ReportKey
from sync.reports.visit import EndedVisit, Said, VisitRun
from sync.sealing import UnsealError, unseal

NOT_HERE: Final = "本级节点没有能解开的办件内容，无法上报；原件可能只在评价终端上"
_PUT_BACK: Final = "without it nothing can be reported; put its copy back"


def seal_keys_of(directory: Path) -> list[bytes]:
    """The private keys, 32 bytes each, the newest first. Raises `HubError`."""
    try:
        keys = private_keys(directory)
    except (OSError, ValueError) as fault:
        raise HubError(f"a seal key in {directory} cannot be read ({fault}): {_PUT_BACK}") from fault
    if not keys:
        raise HubError(f"there is no {directory / SEAL_KEY_FILE}: {_PUT_BACK}")
    return keys


@dataclass(frozen=True, slots=True)
class Unread:
    """Reports that are expected and cannot be made: what was sealed is not here, or not to this key."""

    keys: tuple[ReportKey, ...]
    level: int
    day: str
    """The hall's day of the press; empty where nobody pressed."""


@dataclass(frozen=True, slots=True)
class _Stored:
    visit: EndedVisit
    anchor: Anchor | None
    """In force where the press stands."""
    utc_offset_minutes: int


class VisitReading:
    """`directory`: where the seal keys lie. Raises `HubError` where there is none."""

    def __init__(self, db: sqlite3.Connection, directory: Path) -> None:
        self._db = db
        self._directory = directory
        self._seal_keys = seal_keys_of(directory)

    def reports(self, key: VisitKey, now_ms: int) -> tuple[Report, ...] | Unread:
        """Empty for a visit that is not here, or has no case."""
        stored = self._stored(key)
        if stored is None:
            return ()
        visit, offset = stored.visit, stored.utc_offset_minutes
        pressed = press_time(visit.pressed, stored.anchor, now_ms) if visit.pressed is not None else None
        try:
            opened = Opened(self._opened(key.device, visit) | self._earlier_cases(key.device, visit))
            return reports_of(Origin(key.device, key.generation, offset), visit, opened, pressed)
        except UnreadableError:
            kinds: tuple[Kind, ...] = ("case", "rating") if pressed is not None else ("case",)
            numbers = range(len(visit.asked.cases))
            keys = tuple(ReportKey(*key, number, kind) for number in numbers for kind in kinds)
            return Unread(keys, visit.level, day_of(pressed.ms, offset) if pressed is not None else "")

    def _earlier_cases(self, device: str, visit: EndedVisit) -> dict[str, bytes]:
        """A rating given later knows its case's number alone: the visit that it is for was told the rest."""
        if visit.asked.later is None:
            return {}
        at = visit.asked.later.device or device
        earlier = self._stored(VisitKey(at, visit.asked.later.generation, visit.asked.later.asked))
        if earlier is None:
            return {}
        told = {_service(text): text for part, text in self._opened(at, earlier.visit).items() if _is_case(part)}
        own = {part: _service(text) for part, text in self._opened(device, visit).items() if _is_case(part)}
        return {part: told[service] for part, service in own.items() if service is not None and service in told}

    def _stored(self, key: VisitKey) -> _Stored | None:
        """As its own branch has it; what was salvaged of it counts where that came later."""
        branch = self._main_branch(key.device, key.generation)
        run = self._run(branch, key.asked) if branch is not None else None
        place = salvage_of(self._db, key)
        if place is not None:
            salvaged = self._record(place.branch, place.seq)
            if isinstance(salvaged, Salvaged) and not (branch is not None and self._record(branch, salvaged.seq)):
                visit = _with(salvaged, run.as_it_stands if run else None, key.asked)
                return self._with_anchor(visit, place.branch) if visit is not None else None
        return self._with_anchor(run.as_it_stands, branch) if run is not None and branch is not None else None

    def _with_anchor(self, visit: EndedVisit, branch: int) -> _Stored:
        row = self._db.execute("SELECT value FROM anchor WHERE branch = ?", (branch,)).fetchone()
        offset = self._db.execute(
            "SELECT utc_offset_minutes FROM generation JOIN branch USING (device, generation) WHERE id = ?", (branch,)
        ).fetchone()[0]
        return _Stored(visit, msgspec.json.decode(row[0], type=Anchor) if row else None, offset)

    def _run(self, branch: int, asked: int) -> VisitRun | None:
        ask = self._record(branch, asked)
        if not isinstance(ask, Asked):
            return None
        run = VisitRun(asked, ask)
        for record in self._after(branch, asked):
            if run.take(record) is not None:
                break
        return run

    def _after(self, branch: int, asked: int) -> Iterator[Record]:
        rows = self._db.execute("SELECT body FROM record WHERE branch = ? AND seq > ? ORDER BY seq", (branch, asked))
        for (body,) in rows:
            if (record := decoded(body)) is not None:
                yield record

    def _record(self, branch: int, seq: int) -> Record | None:
        row = self._db.execute("SELECT body FROM record WHERE branch = ? AND seq = ?", (branch, seq)).fetchone()
        return decoded(row[0]) if row else None

    def _main_branch(self, device: str, generation: str) -> int | None:
        row = self._db.execute(
            "SELECT id FROM branch WHERE device = ? AND generation = ? AND number = 0", (device, generation)
        ).fetchone()
        return row[0] if row else None

    def _opened(self, device: str, visit: EndedVisit) -> dict[str, bytes]:
        """What the keys open of what the visit's records commit to; of a case with what became known of it later."""
        said = {(part, digest) for part, _, digest in visit.said.sealed}
        asked = {(f"case:{at}", digest) for at, case in enumerate(visit.asked.cases) for _, digest in case.sealed}
        rows = self._db.execute(
            "SELECT part, digest, cipher FROM sealed WHERE device = ? AND visit = ?", (device, visit.asked.visit)
        )
        ciphers = [(str(part), bytes(digest), bytes(cipher)) for part, digest, cipher in rows]
        parts = {part for part, _ in said | asked}
        wanted = [one for one in ciphers if one[:2] in said or (_is_case(one[0]) and one[0] in parts)]
        wanted.sort(key=lambda one: one[:2] not in asked)
        found = self._unsealed(visit.asked.visit, wanted)
        if len({part for part, _ in found}) < len({part for part, _, _ in wanted}):  # the key may have been changed
            self._seal_keys = seal_keys_of(self._directory)
            found = self._unsealed(visit.asked.visit, wanted)
        opened: dict[str, bytes] = {}
        for part, text in found:
            opened[part] = _filled(opened[part], text) if part in opened else text
        return opened

    def _unsealed(self, visit: bytes, ciphers: list[tuple[str, bytes, bytes]]) -> list[tuple[str, bytes]]:
        """Part and text, in their order."""
        found: list[tuple[str, bytes]] = []
        for part, _, cipher in ciphers:
            for key in self._seal_keys:
                try:
                    found.append((part, unseal(key, visit, part, cipher)))
                    break
                except UnsealError:
                    continue
        return found


def _filled(text: bytes, later: bytes) -> bytes:
    """What became known later fills what was empty, and replaces nothing."""
    try:
        return msgspec.json.encode(completed(*(msgspec.json.decode(one, type=Case) for one in (text, later))))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return text


def _is_case(part: str) -> bool:
    return part.startswith("case:")


def _service(text: bytes) -> tuple[str, int] | None:
    """Case number and step; None for what cannot be read."""
    try:
        case = msgspec.json.decode(text, type=Case)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return case.project_no, case.service_number


def _with(salvaged: Salvaged, known: EndedVisit | None, asked: int) -> EndedVisit | None:
    """None where neither the damaged file nor the hub has the ask: nobody knows which case it was."""
    asks = [record for record in salvaged_records(salvaged) if isinstance(record, Asked)]
    if known is None and not asks:
        return None
    visit = known or EndedVisit(asked, asks[0], NOT_RATED, None, Said())
    if salvaged.outcome <= NOT_RATED:
        return replace(visit, level=NOT_RATED, pressed=None, said=Said())
    return replace(visit, level=salvaged.outcome, pressed=salvaged.counted_at, said=Said())
