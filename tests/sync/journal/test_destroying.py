"""Sealed boxes go on the hub's signed word alone, leave no byte behind, and a record says why they are gone."""

import random
import shutil
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sync.journal.destroying import MOST_BOXES, Progress, oldest_box, refused_reason
from sync.journal.reader import JournalReader
from sync.journal.salvage import salvage
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Asked, Audit, Case, VisitDetailed, decode
from sync.release import MOST_EXCEPTIONS, Release, ReleaseKey, ReleaseText
from sync.release_queue import Order, ReleaseQueue
from sync.sealing import Recipient, Sealer
from tests.sync.conftest import MORNING_MS, Hours, Visits

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_journal.py"
HUB_KEY = ReleaseKey(bytes(range(32)))
OTHER_KEY = ReleaseKey(bytes(32))


class Sealed:
    """What one journal keeps sealed, and what its files hold."""

    def __init__(self, journal: Journal, directory: Path) -> None:
        self.journal = journal
        self.directory = directory
        rows = journal.connection.execute("SELECT position, cipher FROM sealed ORDER BY position").fetchall()
        self.ciphers = {position - 1: cipher for position, cipher in rows}
        """Sequence of the ask to its cipher text."""

    @property
    def left(self) -> list[int]:
        rows = self.journal.connection.execute("SELECT position FROM sealed ORDER BY position")
        return [position - 1 for (position,) in rows]

    def text(self, **changes: object) -> ReleaseText:
        with closing(JournalReader(self.directory)) as reader:
            (generation,) = reader.generations()
            end = min(int(str(changes.get("next", generation.next_seq))), generation.next_seq)
            fields = {
                "device": self.journal._keys.device,
                "generation": generation.id,
                "next": generation.next_seq,
                "hash": reader.hash_at(generation, end - 1),
                "time_ms": MORNING_MS,
            }
        return ReleaseText(**{**fields, **changes})

    def order(self, key: ReleaseKey = HUB_KEY, **changes: object) -> Order:
        text = self.text(**changes)
        own = self.journal.connection.execute("SELECT id FROM generation").fetchone()[0]
        return Order(own, key.sign(text), HUB_KEY.public)

    def audits(self, what: str) -> list[Audit]:
        rows = self.journal.connection.execute("SELECT body FROM record ORDER BY position").fetchall()
        records = (decode(body) for (body,) in rows)
        return [one for one in records if isinstance(one, Audit) and one.what == what]

    def found_in_files(self, directory: Path | None = None) -> set[int]:
        """Asks of which a piece of the cipher text stands in any file of the folder."""
        content = b"\0".join(path.read_bytes() for path in (directory or self.directory).rglob("*") if path.is_file())
        return {
            asked
            for asked, cipher in self.ciphers.items()
            if any(cipher[at : at + 24] in content for at in range(0, len(cipher) - 24, 96))
        }


@pytest.fixture
def sealed(journal: Journal, visits: Visits, tmp_path: Path) -> Sealed:
    """60 visits with a case of one size or another, each in commits of its own."""
    for number in range(60):
        name = "长" * random.Random(number).choice([1, 100, 190])
        journal.append(visits.rated(1 + number % 5, Case(project_no=str(number), task_name=name, user_name=name)))
    return Sealed(journal, tmp_path)


def both_say(directory: Path) -> tuple[bool, int]:
    script = [sys.executable, "-I", str(SCRIPT), str(directory)]
    return verify_journal(directory).sound, subprocess.run(script, check=False, capture_output=True).returncode


def test_what_was_released_is_in_no_file_any_more_and_the_journal_is_sound(sealed: Sealed, clock: Hours) -> None:
    asks = list(sealed.ciphers)
    kept = sorted(random.Random(1).sample(asks, 7))
    assert sealed.found_in_files() == set(asks)

    progress = sealed.journal.carry_out(sealed.order(unsettled=kept), clock.now())
    sealed.journal.forget_destroyed()

    assert progress == Progress("done", len(asks) - 7, recorded=True)
    assert sealed.left == kept
    assert sealed.found_in_files() == set(kept)
    (audit,) = sealed.audits("sealed-destroyed")
    release = Release(str(audit.detail["release"]), b"")
    assert msgspec.json.decode(release.text, type=ReleaseText) == sealed.text(unsettled=kept, next=181)
    assert audit.detail["boxes"] == len(asks) - 7
    sealed.journal.sign_head(clock.now(), leaving=True)
    assert both_say(sealed.directory) == (True, 0)


def test_only_what_stands_below_the_release_goes(sealed: Sealed, clock: Hours) -> None:
    asks = list(sealed.ciphers)

    sealed.journal.carry_out(sealed.order(next=asks[20]), clock.now())

    assert sealed.left == asks[20:]


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("bad-signature", {"key": OTHER_KEY}),
        ("other-place", {"device": "0" * 64}),
        ("other-place", {"generation": "0" * 32}),
        ("other-chain", {"hash": bytes(32)}),
        ("other-chain", {"next": 5000}),
        ("other-chain", {"next": 0, "hash": bytes(32)}),
    ],
)
def test_a_release_that_is_not_for_this_chain_destroys_nothing_and_is_recorded_once(
    sealed: Sealed, clock: Hours, reason: str, change: dict[str, object]
) -> None:
    order = sealed.order(**change)

    first = sealed.journal.carry_out(order, clock.now())
    clock.pass_hours(5)
    again = sealed.journal.carry_out(order, clock.now())

    assert (first, again) == (Progress("refused", recorded=True), Progress("refused"))
    assert sealed.left == list(sealed.ciphers)
    assert [audit.detail["reason"] for audit in sealed.audits("release-refused")] == [reason]
    assert refused_reason(sealed.journal.connection) == reason


def test_a_release_whose_text_was_changed_after_signing_destroys_nothing(sealed: Sealed, clock: Hours) -> None:
    order = sealed.order(unsettled=list(sealed.ciphers)[:3])
    forged = Release(order.release.text.replace('"except":[', '"except":[9'), order.release.signature)

    progress = sealed.journal.carry_out(Order(order.generation, forged, order.hub_key), clock.now())

    assert progress.outcome == "refused"
    assert sealed.left == list(sealed.ciphers)


def test_releases_that_differ_each_time_are_recorded_no_more_than_once_an_hour(sealed: Sealed, clock: Hours) -> None:
    for time_ms in range(5):
        sealed.journal.carry_out(sealed.order(OTHER_KEY, time_ms=time_ms), clock.now())
    clock.pass_hours(1)
    sealed.journal.carry_out(sealed.order(OTHER_KEY, time_ms=9), clock.now())

    assert len(sealed.audits("release-refused")) == 2


def test_a_good_release_ends_the_alarm_about_a_bad_one(sealed: Sealed, clock: Hours) -> None:
    sealed.journal.carry_out(sealed.order(OTHER_KEY), clock.now())
    sealed.journal.carry_out(sealed.order(), clock.now())

    assert refused_reason(sealed.journal.connection) == ""
    assert sealed.left == []


def test_a_release_with_nothing_left_to_destroy_writes_nothing(sealed: Sealed, clock: Hours) -> None:
    newer, older = sealed.order(), sealed.order(unsettled=list(sealed.ciphers)[:9])
    sealed.journal.carry_out(newer, clock.now())
    log = sealed.directory / "journal.db-wal"
    before = log.read_bytes()

    assert sealed.journal.carry_out(older, clock.now()) == Progress("done")
    assert sealed.journal.carry_out(newer, clock.now()) == Progress("done")

    assert log.read_bytes() == before


def test_nothing_is_destroyed_while_a_citizen_is_answering(sealed: Sealed, visits: Visits, clock: Hours) -> None:
    order, asked = sealed.order(), visits.asked()
    sealed.journal.append([asked])

    assert sealed.journal.carry_out(order, clock.now()) == Progress("again")
    assert sealed.left == list(sealed.ciphers)

    sealed.journal.append([visits.pressed(asked, 5), visits.ended(asked)])
    assert sealed.journal.carry_out(order, clock.now()).outcome == "done"


def test_what_a_citizen_wrote_goes_with_the_visit_once_the_hub_has_that_too(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    asked = visits.asked(Case(project_no="1"))
    wrote = VisitDetailed(asked.visit, clock.now(), words="窗口态度好", contact_name="王", contact_phone="139")
    journal.append([asked, visits.pressed(asked, 5), wrote, visits.ended(asked)])
    sealed = Sealed(journal, tmp_path)
    boxes = sealed.left
    assert len(boxes) == 3

    journal.carry_out(sealed.order(next=boxes[1]), clock.now())
    assert sealed.left == boxes[1:]
    journal.carry_out(sealed.order(unsettled=[boxes[0]]), clock.now())
    assert sealed.left == boxes[1:]
    journal.carry_out(sealed.order(), clock.now())

    assert sealed.left == []
    assert verify_journal(tmp_path).sound


def test_a_backlog_goes_in_passes_each_with_its_record(
    journal: Journal, visits: Visits, clock: Hours, tmp_path: Path
) -> None:
    cases = [Case(project_no=str(number)) for number in range(90)]
    journal.append([entry for _ in range(7) for entry in visits.rated(5, *cases)])
    sealed = Sealed(journal, tmp_path)
    order = sealed.order()

    passes = [journal.carry_out(order, clock.now()) for _ in range(2)]

    assert [(one.outcome, one.boxes) for one in passes] == [("again", MOST_BOXES), ("done", 630 - MOST_BOXES)]
    assert [audit.detail["boxes"] for audit in sealed.audits("sealed-destroyed")] == [MOST_BOXES, 630 - MOST_BOXES]
    assert both_say(tmp_path) == (True, 0)


def test_releases_one_after_the_other_are_carried_out_an_hour_apart(sealed: Sealed, clock: Hours) -> None:
    asks, releases = list(sealed.ciphers), ReleaseQueue()
    for end, hours, left in ((10, 0.0, 50), (20, 0.9, 50), (30, 0.2, 30)):
        clock.pass_hours(hours)
        assert releases.put(sealed.order(next=asks[end]))
        releases.carry_out(sealed.journal, clock.now())
        assert len(sealed.left) == left
    assert not releases.put(sealed.order(next=asks[30]))


def test_after_a_power_cut_behind_the_commit_the_log_is_emptied_at_the_next_chance(
    sealed: Sealed, clock: Hours, tmp_path_factory: pytest.TempPathFactory, hub_key
) -> None:
    sealed.journal.carry_out(sealed.order(), clock.now())
    cut = tmp_path_factory.mktemp("cut") / "state"
    shutil.copytree(sealed.directory, cut)
    assert sealed.found_in_files(cut)

    sealer = Sealer([Recipient("hub", hub_key.public_key().public_bytes_raw())])
    with closing(Journal(cut, KeyStore(cut / "keys"), sealer, 480, clock.now())) as reopened:
        reopened.forget_destroyed()

        assert sealed.found_in_files(cut) == set()


def test_somebody_who_reads_holds_up_neither_the_recorder_nor_the_destroying(sealed: Sealed, clock: Hours) -> None:
    with closing(JournalReader(sealed.directory)) as reader:
        reader.connection.execute("BEGIN")
        reader.generations()
        sealed.journal.carry_out(sealed.order(), clock.now())
        sealed.journal.forget_destroyed()
        assert sealed.found_in_files()
        reader.connection.execute("COMMIT")

    sealed.journal.forget_destroyed()

    assert sealed.found_in_files() == set()


def test_boxes_that_went_without_a_release_are_found_by_both_verifiers(
    sealed: Sealed, opened: Callable[[], Journal], clock: Hours
) -> None:
    asks = list(sealed.ciphers)
    sealed.journal.carry_out(sealed.order(next=asks[10]), clock.now())
    sealed.journal.close()
    with closing(sqlite3.connect(sealed.directory / "journal.db", isolation_level=None)) as db:
        db.execute("DELETE FROM sealed WHERE position = ?", (asks[30] + 1,))

    (finding,) = verify_journal(sealed.directory).findings
    assert (finding.seq, finding.problem) == (asks[30], "its sealed text is gone and no record says why")
    script = [sys.executable, "-I", str(SCRIPT), str(sealed.directory)]
    said = subprocess.run(script, check=False, capture_output=True, text=True)
    assert said.returncode == 1
    assert f"record {asks[30]}: its sealed text is gone and no record says why" in said.stdout


def test_the_record_that_ordered_it_can_be_checked_with_the_hubs_key(sealed: Sealed, clock: Hours) -> None:
    order = sealed.order()
    sealed.journal.carry_out(order, clock.now())

    (audit,) = sealed.audits("sealed-destroyed")

    assert audit.detail["signature"] == b64encode(order.release.signature).decode()
    assert audit.detail["release"] == order.release.text


def test_a_release_cannot_leave_out_more_than_it_may(sealed: Sealed, clock: Hours) -> None:
    progress = sealed.journal.carry_out(sealed.order(unsettled=list(range(MOST_EXCEPTIONS + 1))), clock.now())

    assert progress.outcome == "refused"
    assert refused_reason(sealed.journal.connection) == "unreadable"


def test_the_oldest_box_is_dated_by_the_clock_that_counts(journal: Journal, visits: Visits, clock: Hours) -> None:
    assert oldest_box(journal.connection) is None
    journal.append(visits.rated(5, Case(project_no="1")))
    assert oldest_box(journal.connection) == MORNING_MS

    from sync.anchors import ClockEvidence

    true_ms = MORNING_MS + 86_400_000
    journal.correct(ClockEvidence(clock.now(), true_ms, 1000, "hub", "high"), clock.now())

    assert oldest_box(journal.connection) == true_ms


def test_asks_are_where_boxes_stood(sealed: Sealed) -> None:
    """Guards the tests above: a sequence is one less than its position in a first generation."""
    rows = sealed.journal.connection.execute("SELECT position, body FROM record").fetchall()
    asked = [position - 1 for position, body in rows if isinstance(decode(body), Asked)]
    assert asked == list(sealed.ciphers)


def test_a_journal_that_was_salvaged_after_boxes_were_destroyed_is_sound(
    sealed: Sealed, opened: Callable[[], Journal], clock: Hours
) -> None:
    sealed.journal.carry_out(sealed.order(next=list(sealed.ciphers)[30]), clock.now())
    sealed.journal.close()
    salvage(sealed.directory, "damaged", clock.now())

    journal = opened()

    assert journal.connection.execute("SELECT count(*) FROM sealed").fetchone() == (30,)
    assert both_say(sealed.directory) == (True, 0)
