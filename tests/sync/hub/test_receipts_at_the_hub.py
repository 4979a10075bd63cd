"""A citizen asks the hub: open to everybody, at a bounded rate, and as silent about the level as the kiosk."""

import sqlite3

import msgspec
import pytest

from sync.chain import receipt_code
from sync.hub import openapi
from sync.hub.receipts import Patience
from sync.receipts import ReceiptAnswer
from sync.records import LEVELS
from tests.sync.hub.pen import DAY, NOON_MS


def look_up(hub, code):
    return hub.call("GET", f"/v1/receipts/{code}", token=None)


def pressed(pen, level):
    """The code that the citizen was shown."""
    asked = pen.ask()
    code = receipt_code(pen.hashes[pen.press(asked, level)])
    pen.end(asked)
    return code


def tamper(tmp_path, statement):
    database = sqlite3.connect(tmp_path / "hub" / "hub.db", isolation_level=None)
    database.execute("DROP TRIGGER record_never_changes")
    database.execute("DROP TRIGGER record_never_goes")
    database.execute(statement)
    database.close()


def test_a_press_that_arrived_is_included_for_whoever_has_its_code(hub, pen, now):
    code = pressed(pen, 2)
    now[0] = NOON_MS + 100 * 60_000
    hub.send(pen)

    status, answer, headers = look_up(hub, code)

    assert status == 200
    assert answer == {
        "device": pen.device,
        "generation": pen.generation,
        "day": DAY,
        "unchanged": True,
        "salvaged": False,
        "signed": True,
        "signed_since": f"{DAY} 13:00",
        "acknowledged": True,
    }
    assert headers["Cache-Control"] == "no-store"
    assert msgspec.convert(answer, ReceiptAnswer)
    schema = openapi.document()["components"]["schemas"]["ReceiptAnswer"]
    assert set(answer) == set(schema["properties"])


def test_the_answer_is_the_same_to_the_byte_for_all_five_levels(hub, pen):
    codes = [pressed(pen, level) for level in LEVELS]
    hub.send(pen)

    answers = [look_up(hub, code) for code in codes]

    assert len({msgspec.json.encode(answer) for _, answer, _ in answers}) == 1
    assert {headers["Content-Length"] for _, _, headers in answers} == {answers[0][2]["Content-Length"]}


def test_a_press_is_found_as_soon_as_it_has_arrived_and_not_before(hub, pen):
    first, second = pressed(pen, 1), pressed(pen, 5)
    hub.send(pen, 0, 4)
    assert (look_up(hub, first)[0], look_up(hub, second)[0]) == (200, 404)

    hub.send(pen, 4)

    assert (look_up(hub, first)[0], look_up(hub, second)[0]) == (200, 200)


def test_a_press_of_any_epoch_and_of_either_branch_of_a_fork_is_here(hub, pen):
    before = pressed(pen, 3)
    hub.send(pen)
    copy = pen.copy()
    pen.change_key(50)
    ours, theirs = pressed(pen, 4), pressed(copy, 2)
    start = 4
    assert hub.send(pen, start)[0] == 200
    assert hub.send(copy, start)[1]["branch"] == 1

    answers = [look_up(hub, code)[1] for code in (before, ours, theirs)]

    assert all(answer["signed"] and answer["unchanged"] for answer in answers)


def test_a_code_that_nobody_was_given_and_what_is_no_code_get_no_answer(hub, pen):
    pressed(pen, 3)
    hub.send(pen)

    unknown = look_up(hub, receipt_code(bytes(32)))
    of_the_ask = look_up(hub, receipt_code(pen.hashes[1]))
    wrong = look_up(hub, "ABCD-EFGH")

    assert (unknown[0], unknown[1]["type"]) == (404, "/problems/unknown-receipt")
    assert of_the_ask[1] == unknown[1]
    assert (wrong[0], wrong[1]["type"]) == (422, "/problems/bad-receipt")
    assert "16 letters and digits" in wrong[1]["detail"]


def test_a_press_that_was_changed_at_the_hub_says_so(hub, pen, tmp_path):
    code, other = pressed(pen, 1), pressed(pen, 3)
    hub.send(pen)
    assert look_up(hub, code)[1]["unchanged"]
    tamper(tmp_path, "UPDATE record SET body = replace(CAST(body AS TEXT), '\"level\":1', '\"level\":5') WHERE seq = 2")

    assert (look_up(hub, code)[1]["unchanged"], look_up(hub, code)[1]["signed"]) == (False, False)
    assert (look_up(hub, other)[1]["unchanged"], look_up(hub, other)[1]["signed"]) == (True, True)


@pytest.mark.parametrize("seq", [1, 2])
def test_a_press_that_was_taken_from_the_hub_or_has_lost_the_record_before_it_says_so(hub, pen, tmp_path, seq):
    code = pressed(pen, 1)
    hub.send(pen)
    assert look_up(hub, code)[1]["unchanged"]
    tamper(tmp_path, f"DELETE FROM record WHERE seq = {seq}")

    assert not look_up(hub, code)[1]["unchanged"]


def test_a_signature_that_was_exchanged_at_the_hub_signs_nothing(hub, pen, tmp_path):
    code = pressed(pen, 1)
    hub.send(pen)
    tamper(tmp_path, "UPDATE head SET signature = zeroblob(64)")

    assert (look_up(hub, code)[1]["unchanged"], look_up(hub, code)[1]["signed"]) == (True, False)


def test_many_new_records_are_collected_a_few_at_a_time(hub, pen, monkeypatch):
    monkeypatch.setattr("sync.hub.receipts.STEP", 2)
    monkeypatch.setattr("sync.hub.app.MOST_STEPS", 2)
    code = pressed(pen, 1)
    for level in LEVELS:
        pressed(pen, level)
    hub.send(pen)

    status, problem, headers = look_up(hub, code)
    assert (status, problem["type"], headers["Retry-After"]) == (503, "/problems/not-now", "1")
    while status == 503:
        status, answer, _ = look_up(hub, code)

    assert (status, answer["unchanged"]) == (200, True)


def test_who_asks_too_often_has_to_wait(hub, pen):
    code = pressed(pen, 1)
    hub.send(pen)
    status = 200
    while status == 200:
        status, problem, headers = look_up(hub, code)

    assert (status, problem["type"]) == (429, "/problems/too-often")
    assert int(headers["Retry-After"]) >= 1
    assert hub.call("GET", f"/v1/devices/{pen.device}")[0] == 200  # only receipts wait


@pytest.fixture
def seconds():
    return [100.0]


def test_each_caller_has_a_burst_and_then_a_steady_rate(seconds):
    patience = Patience(lambda: seconds[0], burst=3, every_s=2.0)

    assert [patience.wait_s("a") for _ in range(5)] == [0, 0, 0, 2, 2]
    assert patience.wait_s("b") == 0
    seconds[0] += 2.0
    assert [patience.wait_s("a") for _ in range(2)] == [0, 2]
    seconds[0] += 100.0
    assert [patience.wait_s("a") for _ in range(4)] == [0, 0, 0, 2]


def test_callers_are_not_remembered_without_end(seconds, monkeypatch):
    monkeypatch.setattr("sync.hub.receipts._CALLERS", 2)
    patience = Patience(lambda: seconds[0], burst=1, every_s=10.0)

    assert [patience.wait_s(caller) for caller in "abcabc"] == [0, 0, 0, 0, 0, 0]
    assert patience.wait_s("c") == 10
