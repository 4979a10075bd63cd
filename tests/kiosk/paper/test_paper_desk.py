"""Forms taken in on a real journal: behind the PIN, each once, and every one of them accounted for."""

import queue
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.desk import Gate
from kiosk.paper.desk import PaperDesk
from kiosk.paper.orders import Enter, Issue, Order, Spoil
from kiosk.paper.reconciling import batches
from kiosk.paper.serials import fingerprint, serial_from
from kiosk.secrets import Secrets
from sync.journal import salvage
from sync.journal.reader import JournalReader, channel_counts
from sync.journal.verify import verify_journal
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.recorder import Recorder
from sync.records import (
    Ask,
    Asked,
    At,
    Earlier,
    Ended,
    FormsIssued,
    Pressed,
    VisitAsked,
    VisitEnded,
    VisitId,
    VisitPressed,
    decode,
)
from sync.sealing import Recipient, Sealer, unseal

ROOT = Path(__file__).parents[3]
PIN = "739104"
AT = At(1_795_392_000_000, 50_000, "b007b007b007b007")
SERIALS = [serial_from(secrets.token_bytes(10)) for _ in range(4)]
ISSUE = Issue("0badcafe", "李营", sorted(map(fingerprint, SERIALS)))


class Paper:
    def __init__(self, directory: Path, pin: str) -> None:
        self.directory = directory
        self._pin = directory / "secrets.toml"
        Secrets(pin=pin).save(self._pin)
        self.hub = X25519PrivateKey.generate()
        self.stored = 0
        self.open()

    def open(self) -> None:
        self.recorder = Recorder(lambda _: self._journal(), lambda: AT, lambda: None)
        self.recorder.start()
        self.desk(words_sealed=True)

    def desk(self, *, words_sealed: bool) -> None:
        gate = Gate(self.recorder, self._pin, lambda: AT, lambda call: call())
        self._desk = PaperDesk(
            self.recorder, gate, self.directory, lambda: AT, self._note_stored, words_sealed=words_sealed
        )

    def _note_stored(self) -> None:
        self.stored += 1

    def _journal(self) -> Journal:
        hub = Recipient("hub", self.hub.public_key().public_bytes_raw())
        return Journal(self.directory, KeyStore(self.directory / "keys"), Sealer([hub]), 480, AT)

    def obey(self, order: Order, pin: str = PIN) -> str:
        return self._desk.obey(order, pin)

    def records(self, kind: type) -> list:
        with closing(JournalReader(self.directory)) as reader:
            found = [decode(body) for one in reader.generations() for body in reader.slice(one.id, 0, 1000).bodies]
        return [record for record in found if isinstance(record, kind)]

    def standing(self) -> list[tuple[str, int, int, int, int]]:
        with closing(JournalReader(self.directory)) as reader:
            return [
                (one.point, len(one.issued), len(one.returned), len(one.spoilt), one.outstanding)
                for one in batches(reader)
            ]

    def on_its_thread(self, call: Callable[[Journal], object]) -> None:
        done: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.recorder.ask(lambda journal: done.put(call(journal)), done.put)
        done.get(timeout=15)


@pytest.fixture(scope="module")
def hashed() -> str:
    """As the kiosk stores it, made quick to check."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PIN)


@pytest.fixture
def paper(tmp_path: Path, hashed: str) -> Iterator[Paper]:
    paper = Paper(tmp_path, hashed)
    yield paper
    paper.recorder.stop()


def test_every_form_of_a_batch_comes_back_is_spoilt_or_is_outstanding(paper: Paper) -> None:
    assert paper.obey(ISSUE) == "issued"
    assert paper.obey(Enter(fingerprint(SERIALS[0]), 2)) == "entered"
    assert paper.obey(Spoil(fingerprint(SERIALS[1]))) == "spoilt"

    assert paper.standing() == [("李营", 4, 1, 1, 2)]
    assert paper.stored == 3
    [asked] = paper.records(Asked)
    assert (asked.channel, asked.object, asked.window, asked.trigger) == ("paper", "hall", "李营", "paper")
    assert asked.paper.batch == "0badcafe"
    assert [(press.level, press.source) for press in paper.records(Pressed)] == [(2, "paper")]
    assert [(end.outcome, end.cause) for end in paper.records(Ended)] == [("rated", "taken-in")]
    assert verify_journal(paper.directory).sound


def test_a_serial_counts_once_also_after_a_restart(paper: Paper) -> None:
    paper.obey(ISSUE)
    first, second = (fingerprint(serial) for serial in SERIALS[:2])
    assert paper.obey(Enter(first, 5)) == "entered"
    assert paper.obey(Spoil(second)) == "spoilt"
    paper.recorder.stop()
    paper.open()

    assert paper.obey(Enter(first, 1)) == "returned-before"
    assert paper.obey(Spoil(first)) == "returned-before"
    assert paper.obey(Enter(second, 5)) == "spoilt-before"
    assert paper.obey(Enter(fingerprint(serial_from(bytes(10))), 5)) == "never-issued"
    assert [press.level for press in paper.records(Pressed)] == [5]


def test_nothing_goes_without_the_pin(paper: Paper) -> None:
    assert paper.obey(ISSUE, "000000") == "pin-wrong"
    assert paper.records(FormsIssued) == []
    paper.obey(ISSUE)
    assert paper.obey(Enter(fingerprint(SERIALS[0]), 5), "000000") == "pin-wrong"
    assert paper.obey(Spoil(fingerprint(SERIALS[0])), "000000") == "pin-wrong"
    assert paper.standing() == [("李营", 4, 0, 0, 4)]


def test_words_are_sealed_and_refused_where_they_have_no_place(paper: Paper) -> None:
    paper.obey(ISSUE)
    words = "窗口少，等了很久"
    paper.desk(words_sealed=False)
    assert paper.obey(Enter(fingerprint(SERIALS[0]), 2, words)) == "no-place-for-words"
    paper.desk(words_sealed=True)
    assert paper.obey(Enter(fingerprint(SERIALS[0]), 2, words)) == "entered"

    with closing(JournalReader(paper.directory)) as reader:
        [one] = reader.generations()
        [box] = reader.slice(one.id, 0, 1000).sealed
    assert unseal(paper.hub.private_bytes_raw(), box.visit, "words", box.cipher).decode() == words
    assert words.encode() not in b"".join(path.read_bytes() for path in paper.directory.glob("journal*"))


def test_a_disk_that_fails_takes_no_half_and_the_form_is_entered_again(paper: Paper) -> None:
    paper.obey(ISSUE)
    fail = "CREATE TEMP TRIGGER disk_fails BEFORE INSERT ON main.record BEGIN SELECT RAISE(ABORT, 'disk error'); END"
    paper.on_its_thread(lambda journal: journal.connection.execute(fail) and None)

    assert paper.obey(Enter(fingerprint(SERIALS[0]), 4)) == "not-recorded"

    paper.on_its_thread(lambda journal: journal.connection.execute("DROP TRIGGER disk_fails") and None)
    assert paper.records(Asked) == []
    assert paper.obey(Enter(fingerprint(SERIALS[0]), 4)) == "entered"
    assert [press.level for press in paper.records(Pressed)] == [4]


def test_the_journal_holds_no_serial(paper: Paper) -> None:
    paper.obey(ISSUE)
    paper.obey(Enter(fingerprint(SERIALS[0]), 4))
    paper.recorder.stop()

    stored = b"".join(path.read_bytes() for path in paper.directory.rglob("*") if path.is_file())
    for serial in SERIALS:
        assert serial.encode() not in stored
        assert serial.replace("-", "").encode() not in stored
    paper.open()


def test_a_form_that_was_salvaged_from_a_damaged_journal_counts_once_all_the_same(paper: Paper) -> None:
    paper.obey(ISSUE)
    paper.obey(Enter(fingerprint(SERIALS[0]), 3))
    [(position,)] = damage_before_the_ask(paper)
    assert position > 0
    paper.recorder.stop()
    salvage.salvage(paper.directory, "damaged", AT)
    paper.open()

    assert paper.obey(Enter(fingerprint(SERIALS[0]), 3)) == "returned-before"


def damage_before_the_ask(paper: Paper) -> list[tuple[int]]:
    """A byte of the batch's record, so that all behind it is loose."""
    found: list[list[tuple[int]]] = []

    def damage(journal: Journal) -> None:
        connection = journal.connection
        where = 'WHERE instr(body, \'"kind":"forms-issued"\')'
        found.append(connection.execute(f"SELECT position FROM record {where}").fetchall())
        connection.execute("DROP TRIGGER record_never_changes")
        connection.execute(
            f"UPDATE record SET body = CAST(replace(CAST(body AS TEXT), '李营', '李菅') AS BLOB) {where}"
        )

    paper.on_its_thread(damage)
    return found[0]


def test_a_journal_with_forms_and_a_later_rating_is_checked_without_this_software(paper: Paper) -> None:
    paper.obey(ISSUE)
    paper.obey(Enter(fingerprint(SERIALS[0]), 2))
    paper.obey(Spoil(fingerprint(SERIALS[1])))
    first, later = VisitId(b"1" * 16), VisitId(b"2" * 16)
    ask = Ask("3", "window", "window", "window-evaluator", "clerk-page", 60)
    again = replace(ask, channel="later-terminal", trigger="slip", later=Earlier("ab" * 16, 1))
    paper.on_its_thread(
        lambda journal: journal.append(
            [
                VisitAsked(first, ask, AT),
                VisitEnded(first, "not-rated", "timed-out", AT),
                VisitAsked(later, again, AT),
                VisitPressed(later, 4, "glass", AT),
                VisitEnded(later, "rated", "thanked", AT),
            ]
        )
    )
    paper.recorder.stop()

    checked = subprocess.run(
        [sys.executable, str(ROOT / "docs/verify_journal.py"), str(paper.directory / "journal.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    paper.open()

    assert checked.returncode == 0, checked.stdout + checked.stderr
    with closing(JournalReader(paper.directory)) as reader:
        assert channel_counts(reader.connection, "2026-11-23") == {
            "paper": {2: 1},
            "window-evaluator": {0: 1},
            "later-terminal": {4: 1},
        }
