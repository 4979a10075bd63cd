"""Which map of each evaluator has been adopted: its profile, by digest, and which box serves which window.

The map is evidence: swapping two numbers in a file must not turn bad into good. The maps that a device meets at its
first start are taken; any other is used only after somebody who knows the PIN has said so, and both are records.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from devices.profile import load_profile
from devices.profile_parts import Profile
from kiosk.settings import EvaluatorPlace, Settings
from sync.records import At, Audit, Audited, understood

if TYPE_CHECKING:
    from sync.journal.writer import Journal

log = logging.getLogger(__name__)

NOTE: Final = "evaluator-maps"
_BEGUN_ANEW: Final = frozenset({"journal-missing", "salvaged", "journal-older-than-known"})
AdoptedBy = Literal["first-start", "after-salvage", "pin"]


@dataclass(frozen=True, slots=True)
class EvaluatorMap:
    """What one evaluator's presses are read by now."""

    name: str
    profile: str
    digest: str
    keys: str
    """`04=5 03=4 …`: each key's bytes in hex and its level."""
    windows: str
    """`1=3 2=4,door`: each box's number and its windows."""


class Adopted(msgspec.Struct, frozen=True):
    digest: str
    windows: str
    at: At
    by: AdoptedBy
    tested: tuple[int, ...] = ()
    """Addresses, as on the line, whose press-each-key test has passed under this map."""

    def fits(self, met: EvaluatorMap) -> bool:
        return (self.digest, self.windows) == (met.digest, met.windows)


Adoptions = dict[str, Adopted]
"""By evaluator's name."""


def map_of(place: EvaluatorPlace, profile: Profile) -> EvaluatorMap:
    keys = " ".join(f"{key.hex().upper()}={level}" for key, level in profile.keys.items())
    windows = " ".join(f"{number}={','.join(place.windows[number])}" for number in sorted(place.windows))
    return EvaluatorMap(place.name, profile.name, profile.digest, keys, windows)


def maps_of(settings: Settings) -> dict[str, EvaluatorMap]:
    """By evaluator's name. Raises `ProfileError`."""
    return {place.name: map_of(place, load_profile(place.profile)) for place in settings.evaluators}


def read_adoptions(journal: "Journal", met: Mapping[str, EvaluatorMap], at: At) -> Adoptions:
    """What stands in the journal. Where nothing does, these maps are the first: they are adopted here. On the
    recorder's thread; raises `JournalError`.
    """
    known = _adoptions(journal)
    if known is not None:
        return known
    by: AdoptedBy = "after-salvage" if _had_a_journal_before(journal) else "first-start"
    adoptions = {name: Adopted(one.digest, one.windows, at, by) for name, one in met.items()}
    _write(journal, adoptions, [adoption_record(one, by, at) for one in met.values()])
    return adoptions


def adopt(journal: "Journal", met: EvaluatorMap, at: At) -> Adoptions:
    """On the recorder's thread; raises `JournalError`."""
    adoptions = {**(_adoptions(journal) or {}), met.name: Adopted(met.digest, met.windows, at, "pin")}
    _write(journal, adoptions, [adoption_record(met, "pin", at)])
    return adoptions


def note_test(journal: "Journal", met: EvaluatorMap, address: int, tested: Audited, *, passed: bool) -> Adoptions:
    """A test that fails takes back what an earlier one has shown. On the recorder's thread; raises `JournalError`."""
    adoptions = _adoptions(journal) or {}
    known = adoptions.get(met.name)
    if known is not None and known.fits(met):
        others = tuple(one for one in known.tested if one != address)
        now_tested = (*others, address) if passed else others
        adoptions[met.name] = msgspec.structs.replace(known, tested=now_tested)
    _write(journal, adoptions, [tested])
    return adoptions


def adoption_record(met: EvaluatorMap, by: AdoptedBy, at: At) -> Audited:
    detail: dict[str, str | int] = {
        "evaluator": met.name,
        "profile": met.profile,
        "digest": met.digest,
        "keys": met.keys,
        "windows": met.windows,
        "by": by,
    }
    return Audited("evaluator-map", at, "", detail)


def _had_a_journal_before(journal: "Journal") -> bool:
    """Whether this file took the place of one that was lost or damaged: its first records say so."""
    if journal.connection.execute("SELECT count(*) FROM generation").fetchone()[0] > 1:
        return True
    rows = journal.connection.execute("SELECT body FROM record ORDER BY position LIMIT 10")
    first = [understood(body) for (body,) in rows]
    return any(isinstance(record, Audit) and record.what in _BEGUN_ANEW for record in first)


def _adoptions(journal: "Journal") -> Adoptions | None:
    """None before the first; nothing is adopted by a note that cannot be read."""
    text = journal.read_note(NOTE)
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=Adoptions)
    except msgspec.MsgspecError as fault:
        log.warning("the note of the evaluators' maps cannot be read: %s", fault)
        return {}


def _write(journal: "Journal", adoptions: Adoptions, records: list[Audited]) -> None:
    journal.append(records, notes={NOTE: msgspec.json.encode(adoptions).decode()})
