"""What the hub takes, and what it says: repeats, gaps, keys, sealed texts."""

from base64 import b64encode

import pytest

from sync.records import PreviousGeneration
from tests.sync.hub.pen import DAY, Pen, hashes_of


def test_a_batch_is_taken_and_the_answer_names_the_hash_of_its_last_record(hub, pen):
    pen.rating(5)
    status, reply = hub.send(pen)
    assert status == 200
    assert (reply["device"], reply["generation"]) == (pen.device, pen.generation)
    assert (reply["next"], hashes_of(reply)) == (4, pen.hashes[3])
    assert (reply["stored"], reply["repeated"], reply["branch"]) == (4, 0, 0)
    assert reply["upstream"]["province"] is None
    assert hub.counts(DAY)["outcomes"] == {"5": 1}


def test_a_batch_may_come_uncompressed(hub, pen):
    status, reply = hub.send_raw(pen.device, pen.batch())
    assert (status, reply["stored"]) == (200, 1)


def test_a_repeat_is_harmless(hub, pen):
    pen.rating(4)
    hub.send(pen)
    status, reply = hub.send(pen)
    assert (status, reply["stored"], reply["repeated"]) == (200, 0, 4)
    assert hub.counts(DAY)["outcomes"] == {"4": 1}
    assert hub.alarms() == []


def test_a_batch_that_overlaps_gives_only_what_is_new(hub, pen):
    pen.rating(4)
    hub.send(pen)
    pen.rating(2)
    status, reply = hub.send(pen, 2)
    assert (status, reply["stored"], reply["repeated"], reply["next"]) == (200, 3, 2, 7)
    assert hub.counts(DAY)["outcomes"] == {"4": 1, "2": 1}


def test_a_gap_is_refused_and_names_the_sequence_wanted(hub, pen):
    pen.rating(5)
    hub.send(pen, 0, 2)
    status, problem = hub.send(pen, 3)
    assert (status, problem["type"], problem["next"]) == (409, "/problems/gap", 2)
    assert hub.standing(pen)["generations"][0]["next"] == 2


def test_the_first_batch_of_an_unknown_device_begins_at_zero(hub, pen):
    pen.rating(5)
    status, problem = hub.send(pen, 1)
    assert (status, problem["next"]) == (409, 0)


def test_a_visit_is_counted_where_its_records_come_in_different_batches(hub, pen):
    asked = pen.ask(window="7", clerk="1001")
    hub.send(pen)
    pen.press(asked, 1)
    hub.send(pen, asked + 1)
    pen.end(asked)
    hub.send(pen, asked + 2)
    pen.rating(0, window="7")
    reply = hub.send(pen, asked + 3)[1]
    assert "mismatch" not in reply
    counts = hub.counts(DAY)
    assert counts["outcomes"] == {"1": 1, "0": 1}
    assert counts["windows"] == [{"device": pen.device, "window": "7", "outcomes": {"1": 1, "0": 1}}]


def test_another_token_may_carry_the_batch_since_the_device_is_known_by_its_signature(hub):
    one, other = Pen(1), Pen(2)
    assert hub.send(one)[0] == 200
    assert hub.send(other)[0] == 200
    status, problem = hub.send(one, device=other.device)
    assert (status, problem["type"]) == (422, "/problems/wrong-device")


def test_nobody_can_begin_under_the_name_of_another_device(hub, pen):
    impostor = Pen(9)
    impostor.device = pen.device
    impostor.open(1)
    status, problem = hub.send(impostor)
    assert (status, problem["type"]) == (422, "/problems/wrong-device")
    assert hub.send(pen)[0] == 200


def test_records_that_were_edited_break_the_chain(hub, pen):
    pen.rating(1)
    bodies = [body.replace(b'"level":1', b'"level":5') for body in pen.bodies]
    assert bodies != pen.bodies
    status, problem = hub.send(pen, bodies=bodies)
    assert (status, problem["type"]) == (422, "/problems/broken-chain")
    assert hub.standing(pen)["generations"] == []


@pytest.mark.parametrize("change", [{"seq": 7}, {"hash": b"x" * 32}])
def test_a_head_over_something_else_is_refused(hub, pen, change):
    status, problem = hub.send(pen, head=pen.head(0, 1, **change))
    assert (status, problem["type"]) == (422, "/problems/broken-chain")


@pytest.mark.parametrize("change", [{"device": "0" * 64}, {"generation": "f" * 32}])
def test_a_head_of_another_device_or_generation_is_refused(hub, pen, change):
    status, problem = hub.send(pen, head=pen.head(0, 1, **change))
    assert (status, problem["type"]) == (422, "/problems/wrong-device")


def test_a_wrong_genesis_is_refused(hub, pen):
    pen.genesis = bytes(32)
    pen.hashes, bodies, pen.bodies = [], pen.bodies, []
    for body in bodies:
        pen.add(body)
    status, problem = hub.send(pen)
    assert (status, problem["type"]) == (422, "/problems/broken-chain")


def test_a_head_that_another_key_signed_is_refused(hub, pen):
    stranger = Pen(9)
    stranger.device, stranger.generation, stranger.hashes = pen.device, pen.generation, pen.hashes
    status, problem = hub.send(pen, head=stranger.head(0, 1, totals={}))
    assert (status, problem["type"]) == (422, "/problems/bad-signature")
    assert hub.standing(pen)["generations"] == []


def test_a_new_key_counts_once_the_old_one_has_signed_it(hub, pen):
    hub.send(pen)
    pen.change_key(11)
    pen.rating(3)
    status, problem = hub.send(pen, 1, epochs=[])
    assert (status, problem["type"]) == (422, "/problems/unknown-epoch")
    status, reply = hub.send(pen, 1)
    assert (status, reply["epoch"]) == (200, 1)
    pen.rating(3)
    assert hub.send(pen, 4, epochs=[])[0] == 200


def test_a_key_that_the_old_one_did_not_sign_is_refused(hub, pen):
    hub.send(pen)
    thief = Pen(9)
    thief.device = pen.device
    thief.change_key(12)
    status, problem = hub.send(pen, epochs=thief.changes)
    assert (status, problem["type"]) == (422, "/problems/bad-signature")


def test_a_key_that_was_replaced_cannot_sign_what_is_new(hub, pen):
    pen.change_key(11)
    hub.send(pen)
    pen.rating(5)
    status, problem = hub.send(pen, 1, head=pen.head(1, 4, epoch=0))
    assert (status, problem["type"]) == (422, "/problems/past-epoch")
    assert hub.send(pen, 1)[0] == 200


def test_an_old_batch_with_an_old_signature_is_still_a_harmless_repeat(hub, pen):
    old = pen.head(0, 1)
    hub.send(pen)
    pen.change_key(11)
    pen.rating(5)
    hub.send(pen, 1)
    status, reply = hub.send(pen, 0, 1, head=old)
    assert (status, reply["repeated"], reply["next"]) == (200, 1, 1)


def test_a_device_that_begins_again_links_to_its_past_and_is_told(hub, pen):
    pen.rating(5)
    hub.send(pen)
    last = PreviousGeneration(pen.generation, 3, pen.hashes[3])
    pen.open(2, last)
    pen.rating(4)
    assert hub.send(pen)[0] == 200
    generations = hub.standing(pen)["generations"]
    assert [(one["generation"][-1], one["next"]) for one in generations] == [("1", 4), ("2", 4)]
    assert [alarm["kind"] for alarm in hub.alarms()] == ["new-generation"]
    assert hub.counts(DAY)["outcomes"] == {"5": 1, "4": 1}


def test_a_record_of_an_unknown_kind_is_kept_and_chained_and_not_counted(hub, pen):
    pen.add(b'{"kind":"weather","at":[1,2,"x"],"words":"\xe6\x99\xb4"}')
    pen.add(b"not even json")
    pen.add(b'{"kind":"deep","at":' + b"[" * 100_000)
    pen.rating(5)
    status, reply = hub.send(pen)
    assert (status, reply["stored"], hashes_of(reply)) == (200, 7, pen.hashes[6])
    assert hub.counts(DAY)["outcomes"] == {"5": 1}


def test_a_record_with_an_impossible_time_is_kept_and_does_not_stop_the_hub(hub, pen):
    asked = pen.ask()
    pen.add(pen.bodies[asked].replace(b"1795147200000", b"9223372036854775807"))
    pen.end(asked + 1, "not-rated")
    pen.add(pen.bodies[-1].replace(b"1795147200000", b"9223372036854775807"))
    assert hub.send(pen)[0] == 200


def test_totals_that_differ_are_told_in_the_answer_and_as_an_alarm(hub, pen):
    pen.rating(5)
    status, reply = hub.send(pen, head=pen.head(0, 4, totals={"5": 2}))
    assert (status, reply["mismatch"]) == (200, {"head": {"5": 2}, "hub": {"5": 1}})
    assert [alarm["kind"] for alarm in hub.alarms()] == ["mismatch"]


def test_a_sealed_text_is_kept_where_a_record_commits_to_it(hub, pen):
    pen.ask(ciphers=[b"sealed to the hub"])
    status, reply = hub.send(pen)
    assert (status, reply["sealed_stored"], reply.get("sealed_refused", 0)) == (200, 1, 0)
    assert hub.send(pen)[1]["sealed_stored"] == 1


@pytest.mark.parametrize(
    "change", [{"cipher": b"forged"}, {"part": "case:1"}, {"recipient": "x"}, {"visit": b"v" * 16}]
)
def test_a_sealed_text_without_a_commitment_is_refused_and_the_records_stand(hub, pen, change):
    import msgspec

    asked = pen.ask(ciphers=[b"sealed to the hub"])
    line = msgspec.structs.replace(pen.sealed[asked][0], **change)
    status, reply = hub.send(pen, sealed=[line])
    assert (status, reply["stored"], reply["sealed_refused"]) == (200, 2, 1)
    assert [alarm["kind"] for alarm in hub.alarms()] == ["sealed-refused"]


def test_a_sealed_text_of_a_kind_of_record_yet_to_come_is_kept(hub, pen):
    import hashlib

    from sync.wire import SealedLine

    digest = b64encode(hashlib.sha256(b"words").digest())
    pen.add(b'{"kind":"words","at":[1,2,"x"],"sealed":[["hub","' + digest + b'"]]}')
    status, reply = hub.send(pen, sealed=[SealedLine(b"v" * 16, "words", "hub", b"words")])
    assert (status, reply["sealed_stored"]) == (200, 1)
