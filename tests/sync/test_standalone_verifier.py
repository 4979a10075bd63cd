"""The script in docs/ that checks a journal without any code of ours: what it finds, and that ours finds the same."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from sync.chain import NO_HASH, EpochText, HeadText, genesis, link
from sync.fold import Fold, add_to
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import (
    At,
    Case,
    Changed,
    Ended,
    Entry,
    Epoch,
    Head,
    Opened,
    Pressed,
    PreviousGeneration,
    Salvaged,
    VisitApologised,
    VisitAsked,
    VisitChanged,
    VisitDetailed,
    decode,
    encode,
    understood,
)
from tests.sync.conftest import Hours, Visits

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_journal.py"
STRANGER = "ab" * 16


@dataclass(frozen=True)
class Said:
    code: int
    text: str


def run(*arguments: object, python: tuple[str, ...] = (sys.executable, "-I")) -> Said:
    done = subprocess.run([*python, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout + done.stderr)


class File:
    """A journal at rest, in the hands of somebody who can do with it what they like."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def change(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        database = sqlite3.connect(self.directory / "journal.db", isolation_level=None)
        database.execute("DROP TRIGGER IF EXISTS record_never_changes")
        database.execute("DROP TRIGGER IF EXISTS record_never_goes")
        for statement in statements:
            sql, values = statement if isinstance(statement, tuple) else (statement, ())
            database.execute(sql, values)
        database.close()

    def rows(self) -> list[tuple[int, bytes, bytes]]:
        return self.ask("SELECT position, body, hash FROM record ORDER BY position")

    def ask(self, query: str) -> list:
        database = sqlite3.connect(self.directory / "journal.db")
        found = database.execute(query).fetchall()
        database.close()
        return found

    @property
    def generation(self) -> str:
        return self.ask("SELECT id FROM generation ORDER BY number")[0][0]

    def head(self, seq: int) -> str:
        """A record as somebody else has seen it."""
        return f"{self.generation}:{seq}:{self.rows()[seq][2].hex()}"

    def first(self, kind: type) -> int:
        return next(position for position, body, _ in self.rows() if isinstance(understood(body), kind))

    def last(self, kind: type) -> int:
        return [position for position, body, _ in self.rows() if isinstance(understood(body), kind)][-1]

    def chain_anew(self, bodies: dict[int, bytes]) -> None:
        """Puts other bodies in, and makes every later hash fit."""
        changes, running = [], self.ask("SELECT genesis FROM generation ORDER BY number")[0][0]
        for position, body, _ in self.rows():
            new = bodies.get(position, body)
            running = link(running, new)
            changes.append(("UPDATE record SET body = ?, hash = ? WHERE position = ?", (new, running, position)))
        self.change(*changes)

    def sign_anew(self, keys: KeyStore) -> None:
        """Makes every hash and every head fit what the records say now, with a key of one's own."""
        running, totals, fold = self.ask("SELECT genesis FROM generation")[0][0], {}, Fold(480)
        bodies = {}
        for position, old, _ in self.rows():
            record = understood(old)
            bodies[position] = old
            if isinstance(record, Head):
                text = msgspec.json.decode(record.head.text, type=HeadText)
                new = msgspec.structs.replace(text, hash=running, totals=totals)
                bodies[position] = encode(Head(at=record.at, head=keys.sign(msgspec.json.encode(new).decode())))
            for change in fold.feed(position - 1, record) if record is not None else ():
                add_to(totals, change.cell.outcome, change.visits)
            running = link(running, bodies[position])
        self.chain_anew(bodies)


def changed_and_detailed(visits: Visits, clock: Hours) -> list[Entry]:
    """The wrong face, taken back; reasons; sealed words."""
    asked, at = visits.asked(), clock.now()
    said = VisitDetailed(asked.visit, at, table="national-1", tags=("307",), words="等了很久")
    change = VisitChanged(asked.visit, 2, 3, "glass", at, at)
    return [asked, visits.pressed(asked, 2), change, said, visits.ended(asked)]


def on_item(asked: VisitAsked) -> VisitAsked:
    """As a terminal asks for an item that was chosen without a case."""
    return replace(asked, ask=replace(asked.ask, place="terminal", object="item", cases=(), item="T3"))


@pytest.fixture
def file(opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path) -> File:
    """Two days: every outcome, a case, an item without one, heads, two changes of key, a restart, a cursor."""
    journal = opened()
    journal.append([*visits.rated(5), *visits.rated(1), *visits.not_rated()])
    clock.pass_hours(1)
    asked = on_item(visits.asked())
    sorry = VisitApologised(asked.visit, 3, "box", "disk-full", clock.now())
    journal.append([*visits.rated(4, Case(project_no="1", task_code="T1")), asked, sorry, visits.ended(asked)])
    journal.append(changed_and_detailed(visits, clock))
    for _ in range(2):
        clock.pass_hours(25)
        journal.sign_head(clock.now())
        journal.append([*visits.rated(2), *visits.rated(3, Case(project_no="2"), Case(project_no="3"))])
    left_open = visits.asked()
    journal.append([left_open, visits.pressed(left_open, 5)])
    journal.close()
    journal = opened()
    generation = journal.connection.execute("SELECT id FROM generation").fetchone()[0]
    journal.append([], {"hub": (generation, 20)})
    journal.sign_head(clock.now(), leaving=True)
    journal.append(visits.rated(5))
    journal.close()
    return File(tmp_path)


def change_of_what_was_not_pressed(file: File) -> str:
    """Everything but the heads fits again."""
    position = file.first(Changed)
    body = file.rows()[position - 1][1].replace(b'"was":2', b'"was":5')
    file.chain_anew({position: body})
    return f"record {position - 1}: "


def level_changed(file: File) -> str:
    position = file.first(Pressed)
    body = file.rows()[position - 1][1].replace(b'"level":5', b'"level":1')
    file.change(("UPDATE record SET body = ? WHERE position = ?", (body, position)))
    return f"record {position - 1}: was changed"


def level_changed_and_chained_anew(file: File) -> str:
    position = file.first(Pressed)
    file.chain_anew({position: file.rows()[position - 1][1].replace(b'"level":5', b'"level":1')})
    return f"record {file.first(Head) - 1}: signs another chain"


def level_changed_and_signed_anew_by_a_later_key(file: File) -> str:
    """The thief of a disk has today's key, and none of yesterday's."""
    position = file.first(Pressed)
    body = file.rows()[position - 1][1].replace(b'"level":5', b'"level":1')
    file.change(("UPDATE record SET body = ? WHERE position = ?", (body, position)))
    file.sign_anew(KeyStore(file.directory / "keys"))
    return f"record {file.first(Head) - 1}: is signed under epoch 2, in force was 0"


def record_removed(file: File) -> str:
    file.change("DELETE FROM record WHERE position = 6")
    return "record 5: is missing"


def first_record_removed(file: File) -> str:
    file.change("DELETE FROM record WHERE position = 1")
    return "record 0: is missing"


def record_removed_and_the_gap_closed(file: File) -> str:
    file.change(
        "DELETE FROM record WHERE position = 6",
        *(f"UPDATE record SET position = {at - 1} WHERE position = {at}" for at in range(7, len(file.rows()) + 1)),
    )
    return "record 5: was changed"


def bodies_exchanged(file: File) -> str:
    (_, one, _), (_, other, _) = file.rows()[4:6]
    file.change(
        ("UPDATE record SET body = ? WHERE position = 5", (other,)),
        ("UPDATE record SET body = ? WHERE position = 6", (one,)),
    )
    return "record 4: is out of order: what belongs here stands in the place of 5"


def records_exchanged(file: File) -> str:
    file.change(
        "UPDATE record SET position = 0 WHERE position = 5",
        "UPDATE record SET position = 5 WHERE position = 6",
        "UPDATE record SET position = 6 WHERE position = 0",
    )
    return "record 4: is out of order: what belongs here stands in the place of 5"


def record_put_in(file: File) -> str:
    position, body, stored = file.rows()[-1]
    new = encode(Ended(at=decode(body).at, asked=3, outcome="not-rated", cause="timed-out"))
    file.change(
        ("INSERT INTO record VALUES (?, ?, ?)", (position + 1, new, link(stored, new))),
        "UPDATE tally SET visits = visits + 1 WHERE outcome = 0",
    )
    return "the records give"


def head_signed_by_another(file: File) -> str:
    position = file.first(Head)
    record = decode(file.rows()[position - 1][1])
    assert isinstance(record, Head)
    stranger = KeyStore(file.directory / "stranger")
    file.chain_anew({position: encode(Head(at=record.at, head=stranger.sign(record.head.text)))})
    return f"record {position - 1}: was signed by another"


def head_with_other_totals(file: File) -> str:
    position = file.last(Head)
    record = decode(file.rows()[position - 1][1])
    assert isinstance(record, Head)
    text = msgspec.json.decode(record.head.text, type=HeadText)
    lying = msgspec.structs.replace(text, totals=text.totals | {"5": 77})
    keys = KeyStore(file.directory / "keys")
    file.chain_anew({position: encode(Head(at=record.at, head=keys.sign(msgspec.json.encode(lying).decode())))})
    return f"record {position - 1}: signs totals"


def key_changed_without_the_key_before(file: File) -> str:
    position = file.first(Epoch)
    record = decode(file.rows()[position - 1][1])
    assert isinstance(record, Epoch)
    stranger = KeyStore(file.directory / "stranger")
    forged = msgspec.structs.replace(record, change=stranger.sign(record.change.text))
    file.chain_anew({position: encode(forged)})
    return f"record {position - 1}: changes the signing key"


def epoch_jumped(file: File) -> str:
    position = file.last(Head)
    record = decode(file.rows()[position - 1][1])
    keys = KeyStore(file.directory / "keys")
    text = msgspec.json.encode(EpochText(keys.device, 9, keys.first_key, 0)).decode()
    file.chain_anew({position: encode(Epoch(at=record.at, change=keys.sign(text)))})
    return f"record {position - 1}: jumps from epoch 2 to 9"


def genesis_changed(file: File) -> str:
    file.change("UPDATE generation SET genesis = zeroblob(32)")
    return "record 0: was changed"


def device_renamed(file: File) -> str:
    opened = decode(file.rows()[0][1])
    assert isinstance(opened, Opened)
    file.chain_anew({1: encode(msgspec.structs.replace(opened, device="00" * 32))})
    return "record 0: names a device that is not the hash of its first key"


def generation_renamed(file: File) -> str:
    file.change(("UPDATE generation SET id = ?", (STRANGER,)), "DELETE FROM destination")
    return "record 0: does not open this generation"


def counts_lowered(file: File) -> str:
    file.change("UPDATE tally SET visits = 0 WHERE outcome = 1")
    return "outcome 1 say 0, the records give 1"


def counts_invented(file: File) -> str:
    file.change("INSERT INTO tally VALUES ('2026-11-23', 9, '3', '1001', '', 'window-evaluator', 5, 7)")
    return "the records give 0"


def counts_of_another_item(file: File) -> str:
    file.change("UPDATE tally SET item = 'T2' WHERE item = 'T1'")
    return "the records give"


def press_appended_twice(file: File) -> str:
    position, _, last = file.rows()[-1]
    pressed = decode(file.rows()[file.last(Pressed) - 1][1])
    again = encode(msgspec.structs.replace(pressed, nonce=bytes(16)))
    file.change(
        ("INSERT INTO record VALUES (?, ?, ?)", (position + 1, again, link(last, again))),
        "UPDATE tally SET visits = visits + 1 WHERE outcome = 5",
    )
    return "the records give"


def box_exchanged(file: File) -> str:
    file.change("UPDATE sealed SET cipher = zeroblob(300)")
    return "never committed to"


def box_moved_to_another_part(file: File) -> str:
    file.change("UPDATE sealed SET part = 'case:7' WHERE part = 'case:1'")
    return "never committed to"


def cursor_ahead(file: File) -> str:
    file.change("UPDATE destination SET next_seq = 9999")
    return "destination hub is said to have 9999"


def cursor_of_a_generation_that_is_not_here(file: File) -> str:
    file.change(("UPDATE destination SET generation = ?", (STRANGER,)))
    return "destination hub is said to have 20 records, there are 0"


def body_that_is_no_json(file: File) -> str:
    file.chain_anew({len(file.rows()): b"\xff{"})
    return f"record {len(file.rows()) - 1}: "


TAMPERINGS = [
    change_of_what_was_not_pressed,
    level_changed,
    level_changed_and_chained_anew,
    level_changed_and_signed_anew_by_a_later_key,
    record_removed,
    first_record_removed,
    record_removed_and_the_gap_closed,
    bodies_exchanged,
    records_exchanged,
    record_put_in,
    head_signed_by_another,
    head_with_other_totals,
    key_changed_without_the_key_before,
    epoch_jumped,
    genesis_changed,
    device_renamed,
    generation_renamed,
    counts_lowered,
    counts_invented,
    counts_of_another_item,
    press_appended_twice,
    box_exchanged,
    box_moved_to_another_part,
    cursor_ahead,
    cursor_of_a_generation_that_is_not_here,
    body_that_is_no_json,
]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_both_verifiers_find_the_same_record_at_fault(file: File, tamper: Callable[[File], str]) -> None:
    expected = tamper(file)

    ours = verify_journal(file.directory)
    theirs = run(file.directory)

    assert (theirs.code, ours.sound) == (1, False)
    assert expected in theirs.text
    assert "NOT sound" in theirs.text
    named = [finding.seq for finding in ours.findings if finding.seq is not None]
    assert not named or f"record {min(named)}: " in theirs.text


def test_a_sound_journal_is_sound_and_its_end_is_told(file: File) -> None:
    said = run(file.directory)

    count = len(file.rows())
    assert said.code == 0
    assert said.text.splitlines()[-1] == "sound (signatures checked with the package cryptography)"
    assert f"generation {file.generation}: {count} records, 4 heads, 3 after the last head" in said.text
    assert f"record {count - 1} has the hash {file.rows()[-1][2].hex()}" in said.text
    assert verify_journal(file.directory).head_hash in said.text


def test_the_script_uses_no_code_of_ours(file: File, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = shutil.copy(SCRIPT, tmp_path_factory.mktemp("elsewhere"))
    done = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", elsewhere, file.directory],
        capture_output=True,
        text=True,
        check=False,
    )

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "json" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"sync", "kiosk", "devices", "msgspec"}}


@pytest.mark.parametrize("tamper", [None, head_signed_by_another, key_changed_without_the_key_before])
def test_where_cryptography_is_missing_the_openssl_command_judges_the_same(
    file: File, tamper: Callable[[File], str] | None
) -> None:
    expected = tamper(file) if tamper else "sound (signatures checked with openssl)"

    said = run(file.directory, python=(sys.executable, "-I", "-S"))

    assert said.code == (1 if tamper else 0)
    assert expected in said.text
    assert "openssl" in said.text


def test_without_any_tool_for_signatures_nothing_is_said_to_be_sound(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(file.directory))

    said = run(file.directory, python=(sys.executable, "-I", "-S"))

    assert said.code == 2
    assert "sound" not in said.text


def test_an_openssl_that_cannot_do_it_accuses_nobody(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    program = file.directory / "openssl"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(file.directory))

    said = run(file.directory, python=(sys.executable, "-I", "-S"))

    assert (said.code, "OpenSSL 3" in said.text) == (2, True)


def test_a_journal_that_a_kiosk_is_writing_can_be_checked(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path
) -> None:
    journal = opened()
    journal.append(visits.rated(5))

    assert run(tmp_path / "journal.db").code == 0
    journal.append(visits.rated(2))
    assert "7 records" in run(tmp_path / "journal.db").text


def test_records_of_a_later_version_leave_a_journal_sound(file: File) -> None:
    position, _, last = file.rows()[-1]
    body = b'{"kind":"details","at":[1,2,"x"],"asked":1}'
    file.change(("INSERT INTO record VALUES (?, ?, ?)", (position + 1, body, link(last, body))))

    assert run(file.directory).code == 0
    assert verify_journal(file.directory).sound


def test_a_head_that_somebody_has_seen_is_confirmed(file: File) -> None:
    seq = len(file.rows()) - 1
    in_base64 = f"{file.generation}:{seq}:" + msgspec.json.encode(file.rows()[seq][2]).decode().strip('"')

    said = run(file.directory, "--hub-head", file.head(4), "--hub-head", in_base64)

    assert said.code == 0
    assert said.text.count("is exactly the one that another has seen") == 2


def test_a_tail_that_was_cut_off_shows_against_a_head_that_somebody_has_seen(file: File) -> None:
    count = len(file.rows())
    seen = file.head(count - 1)
    file.change(
        f"DELETE FROM record WHERE position > {count - 2}",
        "DELETE FROM tally",
    )
    rebuild_tally(file)

    alone, against = run(file.directory), run(file.directory, "--hub-head", seen)

    assert (alone.code, verify_journal(file.directory).sound) == (0, True)  # no file can prove its own end
    assert against.code == 1
    assert f"record {count - 1}: was seen by another" in against.text
    assert "cut off, or an old copy" in against.text


def test_an_old_copy_put_back_shows_against_a_head_that_somebody_has_seen(
    file: File, opened: Callable[[], Journal], visits: Visits, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = shutil.copytree(file.directory, tmp_path_factory.mktemp("copy") / "journal")
    journal = opened()
    journal.append(visits.rated(1))
    journal.close()
    seen = file.head(len(file.rows()) - 1)

    assert run(file.directory, "--hub-head", seen).code == 0
    said = run(copy, "--hub-head", seen)
    assert (said.code, "cut off, or an old copy" in said.text) == (1, True)


def test_an_end_that_was_written_anew_shows_against_a_head_that_somebody_has_seen(file: File) -> None:
    """Today's key and the disk: everything fits again, but not with what was seen."""
    seq = len(file.rows()) - 2
    seen = file.head(seq)
    body = file.rows()[seq][1].replace(b'"level":5', b'"level":4')
    file.change(("UPDATE record SET body = ? WHERE position = ?", (body, seq + 1)))
    file.chain_anew({})
    file.change("DELETE FROM tally")
    rebuild_tally(file)

    alone, against = run(file.directory), run(file.directory, "--hub-head", seen)

    assert (alone.code, verify_journal(file.directory).sound) == (0, True)
    assert (against.code, f"record {seq}: is not the one that another has seen" in against.text) == (1, True)


def test_another_journal_in_its_place_shows_against_a_head_that_somebody_has_seen(file: File) -> None:
    said = run(file.directory, "--hub-head", f"{STRANGER}:3:{'00' * 32}")

    assert (said.code, "its whole generation is not here" in said.text) == (1, True)


COUNT = "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET visits = visits + excluded.visits"


def rebuild_tally(file: File) -> None:
    fold, first = Fold(480), 1
    for position, body, _ in file.rows():
        record = understood(body)
        if isinstance(record, Opened):
            fold, first = Fold(record.utc_offset_minutes), position
        for change in fold.feed(position - first, record) if record is not None else ():
            file.change((COUNT, (*change.cell, change.visits)))
    file.change("DELETE FROM tally WHERE visits = 0")


def add_generation(file: File, directory: Path | None = None) -> PreviousGeneration:
    """A second generation, as it begins after damage, with a visit that was salvaged and a signed head."""
    keys = KeyStore(directory or file.directory / "keys")
    position, _, last = file.rows()[-1]
    at = At(1_795_500_000_000, 1, "b007b007b007b007")
    before = PreviousGeneration(file.generation, position - 1, last)
    start = genesis(keys.first_key, STRANGER, before.hash)
    opened = Opened(
        at=at,
        suite="intl",
        device=keys.device,
        first_key=keys.first_key,
        generation=STRANGER,
        epochs=keys.changes,
        utc_offset_minutes=480,
        previous=before,
    )
    salvaged = Salvaged(
        at=at,
        generation=file.generation,
        seq=position,
        outcome=4,
        counted_at=at,
        window="3",
        clerk="1001",
        item="",
        channel="window-evaluator",
        hash=bytes(32),
        bodies=[],
    )
    running, records = start, [opened, salvaged]
    for record in records:
        running = link(running, encode(record))
    text = HeadText(keys.device, STRANGER, 1, running, {"4": 1}, at.wall_ms)
    records.append(Head(at=at, head=keys.sign(msgspec.json.encode(text).decode())))
    running = start
    for place, record in enumerate(records, position + 1):
        running = link(running, encode(record))
        file.change(("INSERT INTO record VALUES (?, ?, ?)", (place, encode(record), running)))
    file.change(
        (
            "INSERT INTO generation (id, first_position, genesis, epoch) VALUES (?, ?, ?, ?)",
            (STRANGER, position + 1, start, keys.epoch),
        ),
        "DELETE FROM tally",
    )
    rebuild_tally(file)
    return before


def test_a_second_generation_with_salvaged_visits_is_sound(file: File) -> None:
    add_generation(file)

    said = run(file.directory)

    assert (said.code, verify_journal(file.directory).findings) == (0, ())
    assert f"generation {STRANGER}: 3 records, 1 heads, 0 after the last head" in said.text


def test_the_end_of_an_earlier_generation_is_missed(file: File) -> None:
    before = add_generation(file)
    file.change(f"DELETE FROM record WHERE position = {before.seq + 1}")

    assert f"generation {before.generation[:8]} record {before.seq}: is missing" in run(file.directory).text
    assert not verify_journal(file.directory).sound


def test_a_generation_that_was_taken_out_is_missed(file: File) -> None:
    before = add_generation(file)
    seen = file.head(3)
    file.change(
        f"DELETE FROM record WHERE position <= {before.seq + 1}",
        ("DELETE FROM generation WHERE id = ?", (before.generation,)),
        "DELETE FROM sealed",
        "DELETE FROM destination",
        "DELETE FROM tally",
    )
    rebuild_tally(file)

    said = run(file.directory, "--hub-head", seen)

    assert said.code == 1
    assert "position 1 does not begin the first generation" in said.text
    assert f"follows on generation {before.generation}, which is not in this file" in said.text
    assert "its whole generation is not here" in said.text


def test_a_generation_that_was_taken_out_without_a_hole_still_lacks_what_somebody_has_seen(file: File) -> None:
    before = add_generation(file)
    seen = file.head(3)
    shift = before.seq + 1
    file.change(
        f"DELETE FROM record WHERE position <= {shift}",
        f"UPDATE record SET position = position - {shift}",
        ("DELETE FROM generation WHERE id = ?", (before.generation,)),
        "UPDATE generation SET first_position = 1",
        "DELETE FROM sealed",
        "DELETE FROM destination",
        "DELETE FROM tally",
    )
    rebuild_tally(file)

    assert run(file.directory, "--hub-head", seen).code == 1


def test_a_generation_of_another_device_is_signed_by_another(file: File) -> None:
    add_generation(file, file.directory / "stranger")

    said = run(file.directory)

    assert said.code == 1
    assert f"generation {STRANGER[:8]} record 0: names a device" in said.text


def test_a_generation_that_hangs_on_another_past_is_found(file: File) -> None:
    add_generation(file)
    position, body, _ = file.rows()[-3]
    opened = decode(body)
    other = msgspec.structs.replace(opened, previous=PreviousGeneration(file.generation, 5, NO_HASH))
    start = genesis(opened.first_key, STRANGER, NO_HASH)
    file.change(
        ("UPDATE generation SET genesis = ? WHERE id = ?", (start, STRANGER)),
        (
            "UPDATE record SET body = ?, hash = ? WHERE position = ?",
            (encode(other), link(start, encode(other)), position),
        ),
    )

    assert f"follows on another end of generation {file.generation[:8]}" in run(file.directory).text
    assert not verify_journal(file.directory).sound


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM generation",
        "UPDATE generation SET first_position = 4",
        "INSERT INTO record VALUES (-3, x'7b7d', x'00')",
        "INSERT INTO sealed SELECT 3, part, recipient, visit, cipher FROM sealed LIMIT 1",
        "UPDATE record SET body = 'text' WHERE position = 4",
        "UPDATE record SET hash = 'text' WHERE position = 4",
        "UPDATE generation SET id = 'no hex'",
        "UPDATE generation SET genesis = 'text'",
        "UPDATE destination SET next_seq = 'text'",
        "UPDATE tally SET outcome = 'text' WHERE outcome = 5",
    ],
)
def test_tables_that_no_kiosk_writes_are_not_sound(file: File, statement: str) -> None:
    file.change(statement)

    assert run(file.directory).code == 1


def test_a_first_record_that_opens_nothing_is_found(file: File) -> None:
    """Without it no key is known, and heads could be anybody's."""
    file.chain_anew({1: b'{"kind":"details","at":[1,2,"x"]}'})

    assert "record 0: does not open this generation" in run(file.directory).text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nowhere",), "there is no journal"),
        ((".", "--hub-head", "x"), "GENERATION:SEQ:HASH"),
        ((".", "--hub-head", f"{STRANGER}:1:abc"), "invalid"),
    ],
)
def test_what_cannot_be_checked_is_told_from_what_does_not_hold(
    file: File, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], reason: str
) -> None:
    monkeypatch.chdir(file.directory)

    said = run(*arguments)

    assert (said.code, reason in said.text) == (2, True)


def test_a_file_that_is_no_journal_and_a_journal_of_another_version_are_not_judged(tmp_path: Path, file: File) -> None:
    noise = tmp_path / "noise.db"
    noise.write_bytes(bytes(range(256)) * 64)
    file.change("PRAGMA user_version = 2")

    assert run(noise).code == 2
    said = run(file.directory)
    assert (said.code, "version 1" in said.text) == (2, True)
