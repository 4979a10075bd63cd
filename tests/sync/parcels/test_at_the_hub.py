"""A parcel at a real hub: taken once, whoever brings it and however often; else refused with the reason."""

import dataclasses
import gzip
import shutil
import sqlite3
from contextlib import closing

import msgspec
import pytest

from sync.hub.control import Asked, ask_running_hub
from sync.hub.seal_changes import change_seal_key
from sync.journal.reader import JournalReader
from sync.parcels.acknowledgement import (
    Acknowledgement,
    AcknowledgementError,
    check_acknowledgement,
    reaches,
    read_acknowledgement,
)
from sync.parcels.opening import SealedContents, unseal
from sync.parcels.parcel import read_parcel, write_parcel
from sync.release import Release, ReleaseError, read_release
from sync.sealing import Recipient, Sealer
from sync.wire import Standing
from tests.sync.courier.test_an_old_copy import put_back
from tests.sync.hub.conftest import DEVICE_TOKEN, READER_TOKEN
from tests.sync.hub.pen import DAY, NOON_MS
from tests.sync.parcels.conftest import Post, Site


def counted(site):
    return site.caller.counts(DAY)["outcomes"]


def acknowledged(body):
    return read_acknowledgement(msgspec.json.encode(body))


def check(post, said, key=None):
    reader = JournalReader(post.directory)
    try:
        return check_acknowledgement(said, key or post.site.release_key, post.device, reader)
    finally:
        reader.close()


def test_what_a_parcel_brings_is_counted_once_however_often_it_comes(site, post, stick):
    post.rate_many(10)
    [content] = post.parcels(stick)

    answers = [site.take(content) for _ in range(3)]

    assert [status for status, _ in answers] == [200, 200, 200]
    assert counted(site) == {"5": 2, "4": 2, "3": 2, "2": 2, "1": 2}
    said = check(post, acknowledged(answers[0][1]))
    assert (said.last, said.head) == (post.records - 1, post.hashes()[-1])


def test_a_parcel_after_the_line_and_the_line_after_a_parcel_are_repeats(site, post, stick, send, watch):
    post.rate_many(4)
    site.take(post.parcels(stick)[0])
    post.rate_many(4)
    send(post, site.hub.address)
    watch.until_sent(post)

    status, _ = site.take(post.parcels(stick)[0])

    assert status == 200
    assert sum(counted(site).values()) == 8
    assert site.caller.alarms() == []


def test_the_line_settles_an_older_generation_before_a_later_one_that_came_by_hand(
    site, post, stick, send, watch, tmp_path
):
    """Else what is open of the older one would look settled, and be written by hand no more."""
    post.rate_many(3)
    post.journal.sign_head(post.at(), leaving=True)
    shutil.copytree(post.directory, tmp_path / "copy")
    post.rate_many(2)
    post.journal.sign_head(post.at(), leaving=True)
    put_back(post, tmp_path / "copy")
    with closing(JournalReader(post.directory)) as reader:
        older, later = reader.generations()
    post.export(stick)
    [by_hand] = stick.glob(f"*{later.id}*")
    assert site.take(by_hand.read_bytes())[0] == 200

    send(post, site.hub.address)
    watch.until(lambda state: (state.generation, state.next_seq) == (later.id, later.next_seq))

    assert post.settled[0][0] == older.id
    assert post.settled.index((older.id, older.next_seq)) < post.settled.index((later.id, later.next_seq))


def test_many_records_make_several_parcels_that_come_one_after_the_other(site, post, stick):
    post.keys.next_epoch(1, lambda change: None)
    post.rate_many(300)
    parcels = post.parcels(stick, most=18 * 1024)
    assert len(parcels) > 1
    assert all(len(content) <= 18 * 1024 for content in parcels)

    early = site.take(parcels[-1])
    answers = [site.take(content) for content in parcels]

    assert (early[0], early[1]["type"]) == (409, "/problems/gap")
    assert [status for status, _ in answers] == [200] * len(parcels)
    assert check(post, acknowledged(answers[-1][1])).last == post.records - 1
    assert sum(counted(site).values()) == 300


def test_sealed_texts_travel_along(site, post, stick, case):
    post.journal.close()
    post.sealer = Sealer([Recipient("hub", site.seal_key)])
    post.open()
    post.rate(1, cases=[case])

    site.take(post.parcels(stick)[0])

    assert site.caller.alarms() == []
    with closing(sqlite3.connect(site.directory / "hub.db")) as db:  # nothing over HTTP shows a sealed text
        assert db.execute("SELECT count(*) FROM sealed").fetchone() == (1,)


def test_two_copies_of_a_device_are_both_kept_and_one_counts(site, post, stick, tmp_path):
    post.rate_many(2)
    post.journal.close()
    shutil.copytree(post.directory, tmp_path / "copy")
    copy = Post(tmp_path / "copy")
    copy.site = site
    post.open()
    post.rate(5)
    for _ in range(2):
        copy.rate(1)
    (tmp_path / "other").mkdir()

    answers = [site.take(post.parcels(stick)[0]), site.take(copy.parcels(tmp_path / "other")[0])]
    copy.journal.close()

    assert [status for status, _ in answers] == [200, 200]
    assert [alarm["kind"] for alarm in site.caller.alarms()] == ["fork"]
    standing = msgspec.convert(site.caller.standing(post), Standing, strict=False)
    assert len(standing.generations[0].branches) == 2
    assert sum(counted(site).values()) == 3


def test_a_parcel_for_another_hub_is_refused(site, post, stick, tmp_path):
    other = Site(tmp_path / "other-hub")
    post.rate(5)
    [content] = post.parcels(stick, seal_key=other.seal_key)

    status, body = site.take(content)

    assert (status, body["type"]) == (422, "/problems/wrong-hub")


@pytest.mark.parametrize("token", ["", "made-up", READER_TOKEN])
def test_a_parcel_of_a_stranger_is_refused(site, post, stick, token):
    """Whoever knows the hub's public key can seal; who has no token of the hub is nobody it knows."""
    post.rate(5)
    [content] = post.parcels(stick, token=token)

    status, body = site.take(content)

    assert (status, body["type"]) == (422, "/problems/stranger")
    assert site.caller.standing(post)["generations"] == []


def test_a_parcel_of_a_device_that_was_shut_out_is_refused(site, post, stick):
    """Its token is shared and still good for others."""
    post.rate(5)
    [content] = post.parcels(stick)
    assert site.take(content)[0] == 200
    assert ask_running_hub(site.directory, Asked(revoke=post.device)).error == ""

    status, body = site.take(content)

    assert (status, body["type"]) == (422, "/problems/stranger")


def test_a_parcel_sealed_to_a_key_that_was_replaced_is_taken(site, post, stick):
    """Who has no network does not hear of another key."""
    post.rate(5)
    [content] = post.parcels(stick)
    change_seal_key(site.directory, site.directory / "seal.key", NOON_MS)

    status, _ = site.take(content)

    assert status == 200


def test_nobody_can_put_anothers_contents_under_a_header_of_their_own(site, post, stick, tmp_path):
    """A stranger has found a stick: the token in it must not open the hub for them."""
    post.rate(5)
    parcel = read_parcel(post.parcels(stick)[0])
    stranger = Post(tmp_path / "stranger")
    fields = {"device": stranger.device, "first_key": stranger.keys.first_key, "epochs": []}
    header = msgspec.structs.replace(parcel.header, **fields)
    signed = stranger.keys.sign(msgspec.json.encode(header).decode())
    text = signed.text.encode()
    stranger.journal.close()

    status, body = site.take(
        b"hall-parcel 1\n" + len(text).to_bytes(4) + text + bytes(4) + signed.signature + parcel.sealed
    )

    assert (status, body["type"]) == (422, "/problems/wrong-hub")


@pytest.mark.parametrize(
    "wrong", ["begins later", "ends later", "ends sooner", "no batch", "twice", "other generation"]
)
def test_what_is_inside_has_to_be_what_the_header_names(site, post, stick, wrong):
    """The device itself is not believed either: all of it signed by its own key."""
    post.rate_many(2)
    parcel = read_parcel(post.parcels(stick)[0])
    contents = unseal(site.private_key, post.device, parcel.header.stretch, parcel.sealed)
    stretch, batches = parcel.header.stretch, list(contents.batches)
    match wrong:
        case "begins later":
            stretch = dataclasses.replace(stretch, first=1)
        case "ends later":
            stretch = dataclasses.replace(stretch, last=stretch.last + 1)
        case "ends sooner":
            stretch = dataclasses.replace(stretch, last=stretch.last - 1)
        case "no batch":
            batches = [gzip.compress(b"nothing of the kind")]
        case "twice":
            batches *= 2
        case _:
            stretch = dataclasses.replace(stretch, generation="0" * 32)
    sender = post.writer().sender

    status, body = site.take(write_parcel(sender, stretch, bytes(32), SealedContents(DEVICE_TOKEN, batches), NOON_MS))

    assert (status, body["type"]) == (400, "/problems/malformed")


def test_a_batch_that_unpacks_without_end_is_refused(site, post, stick):
    post.rate(5)
    header = read_parcel(post.parcels(stick)[0]).header
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    content = write_parcel(post.writer().sender, header.stretch, bytes(32), SealedContents(DEVICE_TOKEN, [bomb]), 0)

    status, body = site.take(content)

    assert (status, body["type"]) == (400, "/problems/malformed")


def test_who_brings_a_parcel_needs_a_token_of_their_own(site, post, stick):
    post.rate(5)
    [content] = post.parcels(stick)

    assert site.take(content, token=READER_TOKEN)[0] == 403
    assert site.take(content, token="")[0] == 401
    assert site.take(content, Content_Type="text/plain")[0] == 415
    assert site.take(content[:-1])[1]["type"] == "/problems/cut-short"
    assert site.take(b"", Content_Length=str(4 * 1024 * 1024 + 1))[0] == 413


def test_a_hub_whose_seal_key_was_moved_away_keeps_the_parcel_waiting(site, post, stick):
    post.rate(5)
    [content] = post.parcels(stick)
    key = site.directory / "seal.key"
    key.rename(site.directory / "safe")

    status, body = site.take(content)
    (site.directory / "safe").rename(key)

    assert (status, body["type"]) == (503, "/problems/no-key")
    assert site.take(content)[0] == 200


def test_an_acknowledgement_of_anybody_else_moves_nothing(site, post, stick, tmp_path):
    post.rate_many(3)
    said = acknowledged(site.take(post.parcels(stick)[0])[1])
    other_hub = Site(tmp_path / "other-hub")
    stranger = Post(tmp_path / "stranger")
    stranger.site = site
    stranger.journal.close()
    changed = Acknowledgement(said.text.replace('"last":', '"last":1'), said.signature)

    for wrong, key, device, code in (
        (said, other_hub.release_key, post, "bad-signature"),
        (changed, None, post, "bad-signature"),
        (said, None, stranger, "other-device"),
    ):
        with pytest.raises(AcknowledgementError) as raised:
            check(device, wrong, key)
        assert raised.value.code == code


def test_an_acknowledgement_of_records_that_are_not_here_moves_nothing(site, post, stick, tmp_path):
    """The disk was set back after the parcel was written."""
    post.rate(5)
    post.journal.close()
    shutil.copytree(post.directory, tmp_path / "older")
    post.open()
    post.rate(4)
    said = acknowledged(site.take(post.parcels(stick)[0])[1])
    older = Post(tmp_path / "older")
    older.site = site

    with pytest.raises(AcknowledgementError) as raised:
        check(older, said)
    older.journal.close()

    assert raised.value.code == "other-chain"


def test_an_acknowledgement_is_no_release_and_a_release_no_acknowledgement(site, post, stick):
    post.rate(5)
    said = acknowledged(site.take(post.parcels(stick)[0])[1])

    with pytest.raises(ReleaseError, match="not a release"):
        read_release(Release(said.text, said.signature), site.release_key)


def test_an_older_acknowledgement_moves_nothing_back(site, post, stick):
    post.rate(5)
    first = check(post, acknowledged(site.take(post.parcels(stick)[0])[1]))
    post.rate(5)
    second = check(post, acknowledged(site.take(post.parcels(stick)[0])[1]))
    reader = JournalReader(post.directory)

    assert reaches(reader, second, None) == "further"
    assert reaches(reader, second, (first.generation, first.last + 1)) == "further"
    assert reaches(reader, first, (second.generation, second.last + 1)) == "no-further"
    assert reaches(reader, second, (second.generation, second.last + 1)) == "no-further"
    reader.close()
