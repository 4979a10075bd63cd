"""`POST /v1/later` as any program meets it: what finds a visit, what does not, and who may ask how often."""

import json
from base64 import b64encode

import pytest

from sync.records import Asked, CaseCommitment, Earlier, PreviousGeneration, Salvaged, encode
from sync.slip_question import GRANT_MS
from tests.sync.hub.conftest import READER_TOKEN
from tests.sync.hub.pen import DAY, NOON_MS, Pen, at

TAG = b"\x02" + bytes(16)
REFUSED = {"granted": False}


def ask_of(visit, tag=TAG, **changes):
    case = CaseCommitment(pseudonym=b"p" * 16, sealed=[], item="T1", slip=tag)
    bound = {"window": "3", "place": "window", "object": "case", "channel": "window-evaluator", "trigger": "clerk-page"}
    return Asked(at=at(), visit=visit, limit_s=60, clerk="1001", cases=[case], **{**bound, **changes})


def unrated(pen, tag=TAG, **changes):
    asked = pen.add(ask_of(b"v" * 16, tag, **changes))
    pen.end(asked, "not-rated")
    return asked


def question(pen, tag=TAG, own=False):
    return json.dumps({"device": pen.device, "tag": b64encode(tag).decode(), "own": own})


def look(hub, pen, tag=TAG, own=False):
    status, content, _ = hub.call("POST", "/v1/later", question(pen, tag, own))
    assert status == 200, content
    return content


@pytest.fixture
def terminal():
    return Pen(seed=7)


def test_a_visit_that_was_not_rated_is_found_by_its_tag_alone(hub, pen, terminal):
    asked = unrated(pen)
    hub.send(pen)

    assert look(hub, terminal, TAG[:-1] + b"x") == REFUSED
    assert look(hub, terminal) == {
        "granted": True,
        "visit": {
            "device": pen.device,
            "generation": pen.generation,
            "asked": asked,
            "window": "3",
            "place": "window",
            "clerk": "1001",
            "day": DAY,
            "cases": [{"item": "T1"}],
        },
    }
    assert look(hub, terminal) == REFUSED


@pytest.mark.parametrize("then", ["open", "rated", "rated-later", "other-tag", "branch"])
def test_whatever_is_wrong_has_the_same_answer(hub, pen, terminal, then):
    if then == "open":
        pen.add(ask_of(b"v" * 16))
    elif then == "rated":
        pen.press(pen.add(ask_of(b"v" * 16)), 3)
    elif then == "rated-later":
        asked = unrated(pen)
        pen.press(pen.add(ask_of(b"w" * 16, later=Earlier(pen.generation, asked))), 2)
    elif then == "other-tag":
        unrated(pen, bytes(16))
    else:
        copy = pen.copy()
        pen.rating(5)
        hub.send(pen)
        unrated(copy)
        hub.send(copy)
    hub.send(pen)

    assert look(hub, terminal) == REFUSED


def test_what_was_salvaged_of_a_visit_is_known_too(hub, pen, terminal):
    for outcome, expected in ((0, True), (2, False)):
        pen = Pen(seed=3 + outcome)
        tag = TAG[:-1] + bytes([outcome])
        last = PreviousGeneration(pen.generation, 0, pen.hashes[0])
        hub.send(pen)
        damaged, ended = pen.generation, pen.copy()
        asked = ended.add(ask_of(b"s" * 16, tag))
        seq = ended.press(asked, outcome) if outcome else ended.end(asked, "not-rated")
        bodies = [ended.bodies[asked].decode(), ended.bodies[seq].decode()]
        pen.open(2, last)
        bound = {"window": "3", "clerk": "1001", "item": "T1", "channel": "window-evaluator", "hash": ended.hashes[seq]}
        pen.add(
            Salvaged(at=at(), generation=damaged, seq=seq, outcome=outcome, counted_at=at(), bodies=bodies, **bound)
        )
        hub.send(pen)

        found = look(hub, terminal, tag)
        assert found["granted"] is expected
        if expected:
            assert (found["visit"]["generation"], found["visit"]["asked"]) == (damaged, asked)


def test_the_askers_own_journal_is_believed_where_its_records_are_on_their_way(hub, pen, terminal, now):
    pen.add(ask_of(b"v" * 16))
    hub.send(pen)

    assert look(hub, terminal, own=True) == REFUSED
    assert look(hub, pen, own=True)["granted"]
    now[0] += GRANT_MS
    assert look(hub, pen, TAG[:-1] + b"x", own=True) == {"granted": True}


def test_a_grant_ends_for_others_once_its_holder_was_heard(hub, pen, terminal, now):
    unrated(pen)
    hub.send(pen)
    holder = Pen(seed=9)
    assert look(hub, holder)["granted"]

    now[0] = NOON_MS + GRANT_MS + 1
    assert look(hub, terminal) == REFUSED
    hub.send(holder)
    assert look(hub, terminal)["granted"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[" * 5000,
        b"\xff\xfe",
        "号".encode() * 2000,
        json.dumps({"device": "0" * 64, "tag": b64encode(bytes(16)).decode()}),
        json.dumps({"device": "0" * 64, "tag": b64encode(TAG).decode(), "case": "A1"}),
        json.dumps({"device": "x", "tag": b64encode(TAG).decode()}),
    ],
)
def test_what_is_no_question_is_refused(hub, body):
    status, content, _ = hub.call("POST", "/v1/later", body)
    assert (status, content["type"]) == (422, "/problems/bad-slip")


def test_a_reader_may_not_ask_and_nobody_may_ask_without_end(hub, terminal):
    assert hub.call("POST", "/v1/later", question(terminal), token=READER_TOKEN)[0] == 403
    answers = [hub.call("POST", "/v1/later", question(terminal)) for _ in range(30)]
    assert [status for status, _, _ in answers[:20]] == [200] * 20
    assert answers[-1][0] == 429
    assert int(answers[-1][2]["Retry-After"]) >= 1


def test_a_reference_within_a_device_has_the_bytes_that_it_always_had():
    assert encode(Earlier("0" * 32, 4)) == b'{"generation":"' + b"0" * 32 + b'","asked":4}'
