"""A citizen's code: what it finds in a journal, and that neither code, excerpt nor answer tells the level."""

import math
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.chain import link, receipt_code
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.receipts import ReceiptAnswer, ReceiptError, code_of, find_receipt, parse_code
from sync.records import LEVELS, Evidence, Head, Pressed, VisitPressed, decode, encode
from sync.sealing import Sealer
from tests.sync.conftest import MORNING_MS, Hours, Visits

HASH = bytes(range(32))


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[..., ReceiptAnswer | None]]:
    """Looks a code up in the journal of `tmp_path`, as often as the test likes."""
    readers: list[JournalReader] = []

    def look_up(code: str, **where: str | None) -> ReceiptAnswer | None:
        readers.append(JournalReader(tmp_path))
        return find_receipt(readers[-1], parse_code(code), **where)

    yield look_up
    for reader in readers:
        reader.close()


def code_from(receipts: dict[object, str]) -> str:
    (code,) = receipts.values()
    return code


def tamper(directory: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(directory / "journal.db", isolation_level=None)
    database.execute("DROP TRIGGER IF EXISTS record_never_changes")
    database.execute("DROP TRIGGER IF EXISTS record_never_goes")
    database.execute(statement, values)
    database.close()


@given(st.binary(min_size=32, max_size=32))
def test_the_code_on_the_screen_is_read_back(record_hash: bytes) -> None:
    assert parse_code(receipt_code(record_hash)) == code_of(record_hash)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " — "),
        lambda code: f"  {code}。\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
    ids=["small", "no dashes", "long dashes", "full stop", "O and l", "o and I", "full width"],
)
def test_a_code_may_be_typed_as_people_type(write: Callable[[str], str]) -> None:
    assert parse_code(write(receipt_code(HASH))) == code_of(HASH)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "16 letters and digits, these are 0"),
        ("ABCD-EFGH-JKMN", "these are 12: write all four groups"),
        ("ABCD-EFGH-JKMN-PQRS-T", "these are 17"),
        ("UBCD-EFGH-JKMN-PQRS", "a U may be a V"),
        ("ABCD-EFGH-JKMN-PQR回", "has no 回"),
        ("ABCD-EFGH-JKMN-PQR+", r"has no \+"),
    ],
)
def test_what_is_no_code_is_refused_with_what_to_do(text: str, advice: str) -> None:
    with pytest.raises(ReceiptError, match=advice):
        parse_code(text)


def test_a_press_is_included_as_soon_as_it_was_thanked_for_and_signed_an_hour_later(
    journal: Journal, visits: Visits, clock: Hours, ask: Callable[..., ReceiptAnswer]
) -> None:
    code = code_from(journal.append(visits.rated(2)))
    at_once = ask(code)

    clock.pass_hours(1.75)
    journal.sign_head(clock.now())
    later = ask(code)

    assert (at_once.day, at_once.unchanged, at_once.signed, at_once.signed_since) == ("2026-11-23", True, False, None)
    assert (later.day, later.unchanged, later.signed) == ("2026-11-23", True, True)
    assert later.signed_since == "2026-11-23 09:00"  # never to the minute
    assert (at_once.device, at_once.generation) == (later.device, later.generation)


def test_a_press_is_acknowledged_when_the_hub_has_all_before_and_itself(
    journal: Journal, visits: Visits, ask: Callable[..., ReceiptAnswer]
) -> None:
    code = code_from(journal.append(visits.rated(2)))
    generation = ask(code).generation

    assert ask(code).acknowledged is None
    assert ask(code, hub="hub").acknowledged is False
    journal.append([], {"hub": (generation, 2)})  # the ask, not yet the press
    assert ask(code, hub="hub").acknowledged is False
    journal.append([], {"hub": (generation, 3)})
    assert ask(code, hub="hub").acknowledged is True
    assert ask(code, hub="province").acknowledged is False


def test_a_press_is_found_in_any_epoch(
    journal: Journal, visits: Visits, clock: Hours, ask: Callable[..., ReceiptAnswer]
) -> None:
    codes = []
    for _ in range(4):
        codes.append(code_from(journal.append(visits.rated(3))))
        clock.pass_hours(25)
        journal.sign_head(clock.now())

    answers = [ask(code) for code in codes]

    assert [answer.day for answer in answers] == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
    assert all(answer.signed for answer in answers)


def test_a_code_that_nobody_was_given_finds_nothing(
    journal: Journal, visits: Visits, tmp_path: Path, ask: Callable[..., ReceiptAnswer | None]
) -> None:
    journal.append(visits.rated(4))
    asked = journal.connection.execute("SELECT hash FROM record WHERE position = 2").fetchone()[0]

    assert ask(receipt_code(HASH)) is None
    assert ask(receipt_code(asked)) is None  # a record, and no press


def test_a_press_that_was_changed_is_told_from_one_that_was_not(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path, ask: Callable[..., ReceiptAnswer]
) -> None:
    journal = opened()
    one, other = code_from(journal.append(visits.rated(1))), code_from(journal.append(visits.rated(1)))
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    journal.close()
    tamper(
        tmp_path,
        "UPDATE record SET body = replace(CAST(body AS TEXT), '\"level\":1', '\"level\":5') WHERE position = 3",
    )

    first, second = ask(one), ask(other)

    assert (first.unchanged, first.signed, first.day) == (False, False, "")
    assert (second.unchanged, second.signed) == (True, True)


def test_a_press_that_was_removed_or_written_anew_is_not_found(
    opened: Callable[[], Journal], visits: Visits, tmp_path: Path, ask: Callable[..., ReceiptAnswer | None]
) -> None:
    journal = opened()
    code, other = code_from(journal.append(visits.rated(1))), code_from(journal.append(visits.rated(1)))
    rows = journal.connection.execute("SELECT position, body, hash FROM record ORDER BY position").fetchall()
    journal.close()
    better = rows[2][1].replace(b'"level":1', b'"level":5')
    tamper(tmp_path, "UPDATE record SET body = ?, hash = ? WHERE position = 3", better, link(rows[1][2], better))
    tamper(tmp_path, "DELETE FROM record WHERE position = 6")

    assert ask(code) is None
    assert ask(other) is None


def test_a_signature_that_does_not_hold_signs_nothing(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path, ask: Callable[..., ReceiptAnswer]
) -> None:
    journal = opened()
    code = code_from(journal.append(visits.rated(1)))
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    position, body = journal.connection.execute("SELECT max(position), body FROM record").fetchone()
    journal.close()
    head = decode(body)
    assert isinstance(head, Head)
    forged = encode(Head(at=head.at, head=KeyStore(tmp_path / "stranger").sign(head.head.text)))
    tamper(tmp_path, "UPDATE record SET body = ? WHERE position = ?", forged, position)

    assert (ask(code).unchanged, ask(code).signed) == (True, False)


def test_a_chain_that_breaks_before_the_next_signature_is_not_signed(
    opened: Callable[[], Journal], visits: Visits, clock: Hours, tmp_path: Path, ask: Callable[..., ReceiptAnswer]
) -> None:
    journal = opened()
    code = code_from(journal.append(visits.rated(1)))
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    journal.close()
    tamper(tmp_path, "UPDATE record SET body = replace(CAST(body AS TEXT), 'thanked', 'elapsed') WHERE position = 4")

    assert (ask(code).unchanged, ask(code).signed) == (True, False)


@pytest.mark.parametrize("day", [None, "2026-11-23", "2026-11-24", "1999-01-01"])
def test_the_day_says_where_to_look_first_and_never_what_is_found(
    journal: Journal,
    visits: Visits,
    clock: Hours,
    ask: Callable[..., ReceiptAnswer],
    day: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sync.receipts._CHUNK", 4)
    codes = []
    for _ in range(12):
        codes.append(code_from(journal.append(visits.rated(3))))
        clock.pass_hours(4)

    assert [ask(code, day=day).day for code in codes] == ["2026-11-23"] * 4 + ["2026-11-24"] * 6 + ["2026-11-25"] * 2
    assert ask(receipt_code(HASH), day=day) is None


def test_the_answer_is_the_same_to_the_byte_for_all_five_levels(
    journal: Journal, visits: Visits, clock: Hours, ask: Callable[..., ReceiptAnswer]
) -> None:
    codes = [code_from(journal.append(visits.rated(level))) for level in LEVELS]
    unsigned = {msgspec.json.encode(ask(code, hub="hub")) for code in codes}
    clock.pass_hours(1)
    journal.sign_head(clock.now())
    signed = {msgspec.json.encode(ask(code, hub="hub")) for code in codes}

    assert (len(unsigned), len(signed)) == (1, 1)
    assert set(msgspec.json.decode(signed.pop())) == {
        "device",
        "generation",
        "day",
        "unchanged",
        "salvaged",
        "signed",
        "signed_since",
        "acknowledged",
    }


# ---- guessing the level ----------------------------------------------------------------------------------------------

KIOSKS, VISITS, TOGETHER = 20, 110, 10
CHANCE_OF_A_FALSE_ALARM = 1e-6

Bits = list[int]


def seeded_journal(directory: Path, seed: random.Random) -> list[tuple[str, int]]:
    """A kiosk's day with its own keys, all of it from the seed: code and level of each press."""
    key = Ed25519PrivateKey.from_private_bytes(seed.randbytes(32))
    (directory / "keys").mkdir(parents=True)
    (directory / "keys" / "epoch-0.key").write_bytes(key.private_bytes_raw())
    (directory / "keys" / "first.pub").write_bytes(key.public_key().public_bytes_raw())
    (directory / "keys" / "pseudonym.key").write_bytes(seed.randbytes(32))
    clock = Hours()
    visits = Visits(clock)
    journal = Journal(directory, KeyStore(directory / "keys"), Sealer([]), 480, clock.now())
    given: list[tuple[str, int]] = []
    for _ in range(VISITS // TOGETHER):
        entries, levels = [], {}
        for _ in range(TOGETHER):
            asked, level = visits.asked(), seed.choice(LEVELS)
            clock.ms += seed.randrange(1000, 40_000)
            entries += [asked, with_evidence(visits.pressed(asked, level)), visits.ended(asked)]
            levels[asked.visit] = level
            clock.ms += seed.randrange(1000, 240_000)
        given += [(code, levels[visit]) for visit, code in journal.append(entries).items()]
    journal.sign_head(clock.now(), leaving=True)
    journal.close()
    return given


def with_evidence(pressed: VisitPressed) -> VisitPressed:
    """What a real box says: the level is in it twice."""
    key = f"{pressed.level - 1:02x}"
    checksum = f"{0x81 + 0x11 + pressed.level - 1:02x}"
    evidence = Evidence("box", 0x81, key, f"ff680303688111{key}{checksum}16", "0123456789abcdef")
    return VisitPressed(pressed.visit, pressed.level, "box", pressed.at, evidence)


def bits(content: bytes) -> Bits:
    return [byte >> at & 1 for byte in content for at in range(8)]


def seen_by_a_clerk(directory: Path, codes: Sequence[str]) -> list[Bits]:
    """All that code, journal without bodies, and answer say, bit by bit."""
    reader = JournalReader(directory)
    excerpt = reader.connection.execute("SELECT position, hash FROM record ORDER BY position").fetchall()
    places = {code_of(digest): place for place, (_, digest) in enumerate(excerpt)}
    seen = []
    for code in codes:
        place = places[parse_code(code)]
        around = b"".join(digest for _, digest in excerpt[place - 1 : place + 2])
        answer = find_receipt(reader, parse_code(code), hub="hub")
        where = excerpt[place][0].to_bytes(4)
        seen.append(bits(parse_code(code) + where + around + msgspec.json.encode(answer)))
    reader.close()
    return seen


def by_the_best_bit(seen: Sequence[Bits], levels: Sequence[int]) -> Callable[[Bits], int]:
    """The one bit that told most about the level, and the level that went with it."""

    def table(at: int) -> dict[int, Counter[int]]:
        found: dict[int, Counter[int]] = {0: Counter(LEVELS), 1: Counter(LEVELS)}
        for one, level in zip(seen, levels, strict=True):
            found[one[at]][level] += 1
        return found

    tables = [table(at) for at in range(len(seen[0]))]
    best = max(range(len(tables)), key=lambda at: sum(max(one.values()) for one in tables[at].values()))
    return lambda one: tables[best][one[best]].most_common(1)[0][0]


def by_all_bits(seen: Sequence[Bits], levels: Sequence[int]) -> Callable[[Bits], int]:
    """Naive Bayes: what each bit says on its own, added up."""
    totals = Counter(levels)
    ones = {level: [1] * len(seen[0]) for level in LEVELS}
    for one, level in zip(seen, levels, strict=True):
        ones[level] = [count + bit for count, bit in zip(ones[level], one, strict=True)]
    weights = {
        level: [
            (math.log(1 - count / (totals[level] + 2)), math.log(count / (totals[level] + 2))) for count in ones[level]
        ]
        for level in LEVELS
    }

    def guess(one: Bits) -> int:
        return max(LEVELS, key=lambda level: sum(pair[bit] for pair, bit in zip(weights[level], one, strict=True)))

    return guess


def beyond_chance(
    learn: Callable[[Sequence[Bits], Sequence[int]], Callable[[Bits], int]],
    seen: Sequence[Bits],
    levels: Sequence[int],
) -> bool:
    """Learns from one half and guesses the other; Hoeffding's two-sided bound on what a blind guesser gets."""
    half = len(seen) // 2
    guess = learn(seen[:half], levels[:half])
    right = sum(guess(one) == level for one, level in zip(seen[half:], levels[half:], strict=True))
    share = right / (len(seen) - half)
    slack = math.sqrt(math.log(2 / CHANCE_OF_A_FALSE_ALARM) / (2 * (len(seen) - half)))
    return abs(share - 1 / len(LEVELS)) > slack


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Bits], list[int]]:
    """What is seen of 2,200 receipts of 20 kiosks, and their levels. Everything random comes from one seed."""
    seed = random.Random(20261123)
    monkeypatch.setattr("secrets.token_bytes", seed.randbytes)
    seen: list[Bits] = []
    levels: list[int] = []
    for kiosk in range(KIOSKS):
        given = seeded_journal(tmp_path / str(kiosk), seed)
        seen += seen_by_a_clerk(tmp_path / str(kiosk), [code for code, _ in given])
        levels += [level for _, level in given]
    return seen, levels


def test_code_excerpt_and_answer_let_nobody_guess_a_level_better_than_chance(
    evening: tuple[list[Bits], list[int]],
) -> None:
    seen, levels = evening

    assert len(seen) >= 2000
    assert len({len(one) for one in seen}) == 1  # nor does a length
    assert not beyond_chance(by_the_best_bit, seen, levels)
    assert not beyond_chance(by_all_bits, seen, levels)

    # the same guessers see a leak where there is one: a single bit that is 1 for bad reviews, three times in four
    noise = random.Random(1)
    leaking = [[*one, (level <= 2) ^ (noise.random() < 0.25)] for one, level in zip(seen, levels, strict=True)]
    assert beyond_chance(by_the_best_bit, leaking, levels)


def test_who_knows_everything_but_the_nonce_cannot_try_the_levels_out(
    journal: Journal, visits: Visits, clock: Hours
) -> None:
    """Times, box and place are known to a clerk: without the nonce, five tries would do."""
    asked = visits.asked()
    journal.append([asked, with_evidence(visits.pressed(asked, 2))])
    (before,), (body, stored) = (
        journal.connection.execute("SELECT hash FROM record WHERE position = 2").fetchone(),
        journal.connection.execute("SELECT body, hash FROM record WHERE position = 3").fetchone(),
    )
    pressed = decode(body)
    assert isinstance(pressed, Pressed)

    def tries(nonce: bytes) -> list[int]:
        candidates = {level: with_evidence(visits.pressed(asked, level)).evidence for level in LEVELS}
        return [
            level
            for level, evidence in candidates.items()
            if link(before, encode(msgspec.structs.replace(pressed, level=level, evidence=evidence, nonce=nonce)))
            == stored
        ]

    assert tries(pressed.nonce) == [2]
    assert [tries(guess) for guess in (bytes(16), asked.visit, before[:16], stored[:16])] == [[], [], [], []]
    assert (len(pressed.nonce), pressed.at.wall_ms) == (16, MORNING_MS)
