"""Checks a rating kiosk's journal without the kiosk's software. Written from journal.md and records.md beside it.

    python verify_journal.py FOLDER_OR_FILE [--hub-head GENERATION:SEQ:HASH]...

Python 3.11 or newer; for signatures the package `cryptography`, else the `openssl` command (3.0 or newer). Reads only,
also beside a running kiosk. Copy a journal together with its `-wal` file, which holds the newest records. --hub-head is
a record that somebody else has seen (HASH in hex or base64): only that shows a tail cut off or an old copy put back.

Exit code: 0 everything holds · 1 something does not, the first fault of each generation is named · 2 cannot be checked.
"""

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    TOOL = "the package cryptography"
except ImportError:
    TOOL = "openssl"

WRONG_SHAPE = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError)
KNOWN_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"  # RFC 8032, 7.1, test 2: signs "r"
KNOWN_SIGNATURE = "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA=="
KINDS = {
    "opened",
    "epoch",
    "head",
    "asked",
    "pressed",
    "apologised",
    "changed",
    "details",
    "case-data",
    "service",
    "ended",
    "salvaged",
    "correction",
    "audit",
}
RECORDS = "SELECT position, body, hash FROM record WHERE position >= ? AND position < ? ORDER BY position"
EDGES = "SELECT coalesce(min(position), 1), coalesce(max(position), 0) + 1 FROM record"
BOXES = "SELECT part, recipient, cipher FROM sealed WHERE position = ?"
CELLS = "SELECT day, hour, window, clerk, item, channel, outcome, visits FROM tally"
Head = tuple[str, int, bytes]  # generation, sequence, hash: a record that somebody else has seen


class BrokenError(Exception):
    """This record does not hold; what follows in its generation cannot be judged."""


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def number(value: Any, *allowed: int) -> int:
    if type(value) is not int or (allowed and value not in allowed):
        raise ValueError(f"{value!r} is no number for this place")
    return value


def holds(key: bytes, signature: bytes, text: bytes) -> bool:
    if TOOL != "openssl":
        try:
            return Ed25519PublicKey.from_public_bytes(key).verify(signature, text) is None
        except (InvalidSignature, ValueError):
            return False
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
    with tempfile.TemporaryDirectory() as name:
        Path(name, "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + key)
        Path(name, "text").write_bytes(text)
        Path(name, "signature").write_bytes(signature)
        return subprocess.run(command.split(), cwd=name, capture_output=True, check=False).returncode == 0  # noqa: S603


def open_journal(path: Path) -> sqlite3.Connection:
    known = (bytes.fromhex(KNOWN_KEY), b64decode(KNOWN_SIGNATURE))
    if not holds(*known, b"r") or holds(*known, b"s"):
        raise OSError("install the Python package cryptography, or OpenSSL 3: this openssl does not know Ed25519")
    path = path / "journal.db" if path.is_dir() else path
    if not path.is_file():
        raise OSError(f"there is no journal at {path}")
    db = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True, isolation_level=None)
    if db.execute("PRAGMA user_version").fetchone() != (1,):
        raise OSError(f"{path} is not of version 1, which is what this script reads")
    db.execute("BEGIN")
    return db


class Generation:
    """Walks one generation from its genesis to its end."""

    def __init__(self, db: sqlite3.Connection, row: tuple[str, int, bytes], end: int, past: dict[str, Any]) -> None:
        self.db, (self.id, self.first, self.hash), self.end = db, row, end
        self.seq = self.offset = self.heads = self.signed = self.boxes = 0
        self.device, self.faults, self.keys, self.past = "", list[str](), list[bytes](), past
        self.visits = dict[int, tuple[Any, Any]]()  # sequence of the ask: its record, level and time of what counts
        self.cells, self.totals = Counter[Any](), Counter[str]()
        # record and ask of each box that is gone; generation, end and exceptions of each release
        self.bare, self.releases, self.was_salvaged = list[tuple[int, int]](), list[tuple[str, int, list[int]]](), False
        self.boot, self.run, self.anchor = "", list[Any](), None  # this boot, what counted in it, its clock's anchor

    def walk(self) -> Iterator[tuple[str, int]]:
        """Gives the place of each record that holds, with `hash` standing at it."""
        try:
            for position, body, stored in self.db.execute(RECORDS, (self.first, self.end)):
                self.check(position, body, stored)
                yield self.id, self.seq
                self.seq += 1
            if self.seq != max(1, self.end - self.first):
                raise BrokenError("is missing")  # noqa: TRY301
        except BrokenError as fault:
            self.faults.append(f"generation {self.id[:8]} record {self.seq}: {fault}")

    def check(self, position: int, body: bytes, stored: bytes) -> None:
        if position != self.first + self.seq:
            raise BrokenError("is missing")
        if not isinstance(body, bytes) or sha(self.hash, body) != stored:
            for place, other, beside in self.db.execute(RECORDS, (self.first, self.end)):
                if isinstance(other, bytes) and sha(self.hash, other) in (stored, beside):
                    raise BrokenError(f"is out of order: what belongs here stands in the place of {place - self.first}")
            raise BrokenError("was changed, or one before it taken out: its bytes do not give the hash beside it")
        try:
            record = json.loads(body.decode())
            if (self.seq == 0) != (record["kind"] == "opened"):
                raise BrokenError("does not open this generation")
            if record["kind"] in KINDS and record["at"][2] != self.boot:
                self.boot, self.run = record["at"][2], []
            if record["kind"] in KINDS:
                getattr(self, record["kind"].replace("-", "_"))(record)
        except WRONG_SHAPE as fault:
            raise BrokenError(f"does not have the fields of its kind ({fault!r})") from fault
        self.hash = stored

    def opened(self, record: Any) -> None:
        key, previous = b64decode(record["first_key"]), record.get("previous")
        genesis = sha(b"intl\0", key, bytes.fromhex(self.id), b64decode(previous["hash"]) if previous else bytes(32))
        if (record["suite"], record["generation"], genesis) != ("intl", self.id, self.hash):
            raise BrokenError("does not open this generation")
        if record["device"] != sha(key).hex() or {one.device for one in self.past.values()} - {"", record["device"]}:
            raise BrokenError("names a device that is not the hash of its first key, or not that of the file")
        last = self.past.get(previous["generation"]) if previous else None
        if (
            last
            and not last.faults
            and (number(previous["seq"]), b64decode(previous["hash"])) != (last.seq - 1, last.hash)
        ):
            raise BrokenError(f"follows on another end of generation {last.id[:8]}")
        if previous and not last:
            print(f"generation {self.id} follows on generation {previous['generation']}, which is not in this file")
        self.device, self.offset, self.keys = record["device"], number(record["utc_offset_minutes"]), [key]
        for change in record["epochs"]:
            self.epoch({"change": change})

    def epoch(self, record: Any) -> None:
        text = self.signed_text(record["change"], "changes the signing key without the signature of the key before")
        if (text["device"], text["epoch"]) != (self.device, len(self.keys)):
            raise BrokenError(f"jumps from epoch {len(self.keys) - 1} to {text['epoch']}")
        self.keys.append(b64decode(text["key"]))

    def head(self, record: Any) -> None:
        text = self.signed_text(record["head"], "was signed by another")
        stated = (text["device"], text["generation"], text["seq"], b64decode(text["hash"]))
        if stated != (self.device, self.id, self.seq - 1, self.hash):
            raise BrokenError("signs another chain than the one before it")
        given = {outcome: visits for outcome, visits in self.totals.items() if visits}
        if text["totals"] != given:
            raise BrokenError(f"signs totals {text['totals']}, the records give {given}")
        self.heads, self.signed = self.heads + 1, self.seq + 1

    def signed_text(self, signed: Any, problem: str) -> Any:
        if number(signed["epoch"]) != len(self.keys) - 1:
            raise BrokenError(f"is signed under epoch {signed['epoch']}, in force was {len(self.keys) - 1}")
        if not holds(self.keys[-1], b64decode(signed["signature"]), signed["text"].encode()):
            raise BrokenError(problem)
        return json.loads(signed["text"])

    def asked(self, record: Any) -> None:
        self.visits[self.seq] = (record, None)
        cases = [(f"case:{n}", case["sealed"]) for n, case in enumerate(record.get("cases", []))]
        self.check_boxes(cases, self.seq)

    def details(self, record: Any) -> None:
        parts = [(one["part"], one["boxes"]) for one in record.get("sealed", [])]
        self.check_boxes(parts, number(record["asked"]))

    def service(self, record: Any) -> None:
        """How far a queue ticket is: counts for no visit."""

    def case_data(self, record: Any) -> None:
        parts = [(f"case:{number(one['number'])}", one["sealed"]) for one in record["cases"]]
        self.check_boxes(parts, number(record["asked"]))

    def check_boxes(self, parts: Any, asked: int) -> None:
        said = {(part, name): b64decode(digest) for part, boxes in parts for name, digest in boxes}
        for part, recipient, cipher in self.db.execute(BOXES, (self.first + self.seq,)):
            self.boxes += 1
            if said.pop((part, recipient), None) != sha(cipher):
                raise BrokenError(f"has a sealed {part} for {recipient} that it never committed to")
        self.bare += [(self.seq, asked)] if said else []

    def audit(self, record: Any) -> None:
        """What says why a box is gone: the hub's signed release, or the damage that a file was salvaged from."""
        if record["what"] == "sealed-destroyed":
            text = json.loads(record["detail"]["release"])
            self.releases.append((text["generation"], number(text["next"]), text.get("except", [])))
        self.was_salvaged |= record["what"] == "salvaged"

    def answered(self, record: Any) -> None:
        """A visit counts for its first press, for each press that was apologised for, and if it ends not rated."""
        kind, (asked, chosen) = record["kind"], self.visits.get(number(record["asked"]), (None, None))
        level = 0 if kind == "ended" else number(record["level"], 1, 2, 3, 4, 5)
        if asked is None:
            return
        if kind == "pressed":
            self.visits[record["asked"]] = (asked, chosen or (level, record["at"]))
        if kind == "ended":
            del self.visits[record["asked"]]
        if kind == "apologised" or (kind == "pressed" and not chosen) or record.get("outcome") == "not-rated":
            self.count(record["at"], where(asked), -level if kind == "apologised" else level)

    pressed = apologised = ended = answered

    def changed(self, record: Any) -> None:
        """A mis-press that was taken back, once: the other level counts, in the hour of the press."""
        asked, chosen = self.visits.get(number(record["asked"]), (None, None))
        if asked is None or chosen != (number(record["was"], 1, 2, 3, 4, 5), record["pressed_at"]):
            raise BrokenError("changes a level that was not pressed, or that was changed before")
        self.visits[record["asked"]] = (asked, (0, record["at"]))
        self.count(record["pressed_at"], where(asked), record["was"], -1)
        self.count(record["pressed_at"], where(asked), number(record["level"], 1, 2, 3, 4, 5))

    def salvaged(self, record: Any) -> None:
        place = (record["window"], record["clerk"], record["item"], record["channel"])
        if "replaces" in record:
            self.count(record["counted_at"], place, number(record["replaces"], *range(-5, 6)), -1)
        self.count(record["counted_at"], place, number(record["outcome"], *range(-5, 6)))

    def correction(self, record: Any) -> None:
        """At `boot_ms` of this boot it was `true_ms`: what counted in this boot moves to where that puts it."""
        boot, trust, old = record["boot"], record["trust"], self.anchor
        if boot != record["at"][2] or (old and old[0] == boot and (old[3], trust) == ("high", "low")):
            return
        self.anchor = (boot, number(record["boot_ms"]), number(record["true_ms"]), trust)
        for at, place, outcome, visits in self.run:
            self.cells[self.cell(at, place, outcome, old)] -= visits
            self.cells[self.cell(at, place, outcome, self.anchor)] += visits

    def count(self, at: Any, place: tuple[str, ...], outcome: int, visits: int = 1) -> None:
        self.run.append((at, place, outcome, visits))
        self.cells[self.cell(at, place, outcome, self.anchor)] += visits
        self.totals[str(outcome)] += visits

    def cell(self, at: Any, place: tuple[str, ...], outcome: int, anchor: Any) -> tuple[Any, ...]:
        """At the raw wall clock, unless the anchor of the same boot says that it was more than a minute off."""
        wall, since = number(at[0]), number(at[1])
        true = anchor[2] + since - anchor[1] if anchor and anchor[0] == at[2] else wall
        right = true if abs(true - wall) > 60_000 else wall
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=right, minutes=self.offset)
        return (local.date().isoformat(), local.hour, *place, outcome)


def where(asked: Any) -> tuple[str, ...]:
    item = asked["cases"][0].get("item", "") if asked.get("cases") else asked.get("item", "")
    return (asked["window"], asked.get("clerk", ""), item, asked["channel"])


def without_a_reason(generations: list[Generation]) -> Iterator[str]:
    releases = [release for one in generations for release in one.releases]
    salvaged = max((at for at, one in enumerate(generations) if one.was_salvaged), default=0)
    for one in generations[salvaged:]:
        for seq, asked in one.bare:
            if not any(of == one.id and asked < end and asked not in left for of, end, left in releases):
                yield f"generation {one.id[:8]} record {seq}: its sealed text is gone and no record says why"


def beside(db: sqlite3.Connection, generations: list[Generation]) -> Iterator[str]:
    if (generations[0].first if generations else 0, db.execute(EDGES).fetchone()[0]) != (1, 1):
        yield "position 1 does not begin the first generation: what stood there is missing"
    there = {one.id: one.end - one.first for one in generations}
    for name, identity, following in db.execute("SELECT name, generation, next_seq FROM destination"):
        if number(following) > there.get(identity, 0):
            yield f"destination {name} is said to have {following} records, there are {there.get(identity, 0)}"
    if any(one.faults for one in generations):
        return  # what seals and counts should be is not known
    if db.execute("SELECT count(*) FROM sealed").fetchone()[0] != sum(one.boxes for one in generations):
        yield "a sealed box stands at a record that never committed to it"
    yield from without_a_reason(generations)
    given = sum((one.cells for one in generations), Counter[Any]())
    kept = {row[:7]: row[7] for row in db.execute(CELLS)}
    for cell in sorted((cell for cell in {*given, *kept} if kept.get(cell, 0) != given[cell]), key=repr):
        place = f"the counts of {cell[0]} {cell[1]}h, window {cell[2]}, outcome {cell[6]}"
        yield f"{place} say {kept.get(cell, 0)}, the records give {given[cell]}"


def seen_head(argument: str) -> Head:
    generation, seq, text = argument.split(":")
    return (
        bytes.fromhex(generation).hex(),
        int(seq),
        bytes.fromhex(text) if len(text) == 64 else b64decode(text, validate=True),
    )


def seen(head: Head, found: dict[tuple[str, int], bytes], ends: dict[str, int]) -> Iterator[str]:
    name = f"generation {head[0][:8]} record {head[1]}"
    if head[0] not in ends:
        yield f"{name}: was seen by another, and its whole generation is not here"
    elif head[:2] not in found:
        yield f"{name}: was seen by another, and what holds here ends before {ends[head[0]]}: cut off, or an old copy"
    elif found[head[:2]] != head[2]:
        yield f"{name}: is not the one that another has seen: written anew, here or before"
    else:
        print(f"{name} is exactly the one that another has seen, and so is everything before it")


def verify(db: sqlite3.Connection, heads: list[Head]) -> Iterator[str]:
    rows = db.execute("SELECT id, first_position, genesis FROM generation ORDER BY number").fetchall()
    ends = [*(row[1] for row in rows[1:]), db.execute(EDGES).fetchone()[1]]
    walked, found = dict[str, Generation](), dict[tuple[str, int], bytes]()
    for at, row in enumerate(rows):
        one = Generation(db, row, ends[at], dict(walked))
        found.update({place: one.hash for place in one.walk() if place in {head[:2] for head in heads}})
        walked[one.id] = one
        print(f"generation {one.id}: {one.seq} records, {one.heads} heads, {one.seq - one.signed} after the last head")
        print(f"  device {one.device or 'unknown'}; record {one.seq - 1} has the hash {one.hash.hex()}")
        yield from one.faults
    yield from beside(db, list(walked.values()))
    for head in heads:
        yield from seen(head, found, {one.id: one.seq for one in walked.values()})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("journal", type=Path)
    parser.add_argument("--hub-head", action="append", default=[], type=seen_head, metavar="GENERATION:SEQ:HASH")
    chosen, faults = parser.parse_args(), list[str]()
    try:
        faults.extend(verify(open_journal(chosen.journal), chosen.hub_head))
    except (OSError, sqlite3.Error) as fault:
        print(f"cannot be checked: {fault}", file=sys.stderr)
        return 2
    except WRONG_SHAPE as fault:
        faults.append(f"the tables hold what no journal holds: {fault!r}")
    print(*(f"DOES NOT HOLD: {line}\n" for line in faults), end="", sep="")
    print(f"{'NOT sound: keep this file as it is' if faults else 'sound'} (signatures checked with {TOOL})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
