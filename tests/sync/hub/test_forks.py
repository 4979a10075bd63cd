"""A device whose disk was copied or restored: both pasts are kept, one of them counts, and somebody is told."""

from base64 import b64decode

from tests.sync.hub.pen import DAY, NOON_MS, hashes_of

DAY_MS = 86_400_000


def forked(hub, pen):
    pen.rating(5)
    twin = pen.copy()
    pen.rating(4)
    hub.send(pen)
    twin.rating(1)
    return twin


def test_a_fork_is_kept_as_a_second_branch_beside_the_first(hub, pen):
    twin = forked(hub, pen)
    status, reply = hub.send(twin)
    assert (status, reply["branch"], reply["stored"], reply["repeated"]) == (200, 1, 3, 4)
    assert hashes_of(reply) == twin.hashes[6]
    branches = hub.standing(pen)["generations"][0]["branches"]
    assert [(one["branch"], one["next"], b64decode(one["head"])) for one in branches] == [
        (0, 7, pen.hashes[6]),
        (1, 7, twin.hashes[6]),
    ]


def test_only_the_main_branch_counts(hub, pen):
    hub.send(forked(hub, pen))
    assert hub.counts(DAY)["outcomes"] == {"5": 1, "4": 1}


def test_both_branches_go_on(hub, pen):
    twin = forked(hub, pen)
    hub.send(twin)
    pen.rating(3)
    twin.rating(2)
    assert hub.send(pen, 7)[1]["branch"] == 0
    assert hub.send(twin, 7)[1]["branch"] == 1
    third = twin.copy()
    twin.rating(5)
    hub.send(twin, 10)
    third.rating(4)
    assert hub.send(third, 4)[1]["branch"] == 2
    assert hub.send(third, 10)[1]["repeated"] == 3


def test_a_fork_is_told_once_a_day(hub, pen, now):
    twin = forked(hub, pen)
    hub.send(twin)
    another = pen.copy()
    another.rating(2)
    pen.rating(3)
    hub.send(pen, 7)
    hub.send(another, 7)
    told = [(alarm["kind"], alarm["day"], alarm["times"]) for alarm in hub.alarms()]
    assert told == [("fork", DAY, 2)]
    now[0] = NOON_MS + DAY_MS
    third = pen.copy()
    third.rating(1)
    pen.rating(1)
    hub.send(pen, 10)
    hub.send(third, 10)
    assert [alarm["day"] for alarm in hub.alarms()] == ["2026-11-21", DAY]


def test_a_batch_on_another_past_is_told_to_go_further_back(hub, pen):
    twin = forked(hub, pen)
    status, problem = hub.send(twin, 6)
    assert (status, problem["type"], problem["next"]) == (409, "/problems/fork", 7)


def test_the_locator_leads_back_to_the_first_record_in_doubling_steps(hub, pen):
    for _ in range(10):
        pen.rating(5)
    hub.send(pen)
    locator = hub.standing(pen)["generations"][0]["branches"][0]["locator"]
    assert [one["seq"] for one in locator] == [30, 29, 27, 23, 15, 0]
    assert all(b64decode(one["hash"]) == pen.hashes[one["seq"]] for one in locator)


def test_copies_that_both_replaced_their_key_are_both_taken_and_told(hub, pen):
    twin = forked(hub, pen)
    pen.change_key(11)
    twin.change_key(12)
    pen.rating(3)
    assert hub.send(pen, 7)[0] == 200
    assert hub.send(twin)[0] == 200
    assert {alarm["kind"] for alarm in hub.alarms()} == {"fork", "second-key"}
