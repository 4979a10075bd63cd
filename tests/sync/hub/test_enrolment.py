"""A device is let in by a code that is used once, shut out by its operator, and let in again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sync.chain import EpochText
from sync.enrolment import Enrolled, EnrolmentAsked, EnrolmentError, proof_text, read_code
from sync.hub.control import Asked, ask_running_hub
from sync.hub.enrolment import EnrolAsked
from sync.hub.pinning import pinned_keys
from sync.hub.server import Hub
from sync.hub.settings import load_settings
from sync.hub.setup import init
from sync.keys import KeyStore
from sync.slip_question import SlipAsked
from tests.sync.hub.conftest import Caller
from tests.sync.hub.pen import NOON_MS, Pen


class House:
    """A hub that was set up as an operator does, and devices that ask to be let in."""

    def __init__(self, directory: Path, now: list[int]) -> None:
        self.created = init(directory / "hub", "127.0.0.1:0")
        self.settings = load_settings(self.created.config)
        self.pinned = pinned_keys(self.settings)
        self.directory = directory
        self.hub = Hub(self.settings, lambda: now[0])
        self.hub.start()
        self.caller = Caller(self.hub.address)

    def operator(self, **asked):
        return ask_running_hub(self.directory / "hub", Asked(**asked))

    def code(self, name="3号窗口", minutes=60):
        return read_code(self.operator(enrol=EnrolAsked(name, minutes), pinned=self.pinned).code)

    def keys(self, name="device"):
        return KeyStore(self.directory / name)

    def enrol(self, code, keys, **changes):
        proof = keys.sign(proof_text(keys.device, code, NOON_MS))
        asked = EnrolmentAsked(1, code.secret, keys.first_key, keys.changes, proof)
        body = msgspec.json.encode(msgspec.structs.replace(asked, **changes))
        status, answer, _ = self.caller.call("POST", "/v1/enrolments", body, token=None)
        return status, answer

    def token(self, code, keys):
        status, answer = self.enrol(code, keys)
        assert status == 200, answer
        return answer["token"]

    def standing(self, token, device):
        status, answer, _ = self.caller.call("GET", f"/v1/devices/{device}", token=token)
        return status, answer.get("type", "")


@pytest.fixture
def house(tmp_path, now):
    house = House(tmp_path, now)
    yield house
    house.hub.stop()


def test_a_code_gives_one_device_a_token_of_its_own_and_the_keys_to_pin(house):
    code, keys = house.code(), house.keys()

    status, answer = house.enrol(code, keys)

    enrolled = msgspec.convert(answer, Enrolled)
    assert status == 200
    assert enrolled.device == keys.device
    assert enrolled.pinned == house.pinned
    assert enrolled.pinned.fingerprint == code.fingerprint
    assert house.standing(enrolled.token, keys.device)[0] == 200
    assert house.operator(devices=1).devices[0].name == "3号窗口"


def test_neither_code_nor_token_stands_on_the_hubs_disk(house):
    code = house.code()
    token = house.token(code, house.keys())
    house.hub.stop()

    written = b"".join(path.read_bytes() for path in (house.directory / "hub").iterdir() if path.is_file())

    assert code.digest.encode() in written
    assert code.secret.encode() not in written
    assert token.encode() not in written


def test_a_code_is_used_once_but_its_device_may_ask_again(house):
    code, keys = house.code(), house.keys()
    first = house.token(code, keys)

    assert house.enrol(code, house.keys("other"))[0] == 422
    second = house.token(code, keys)

    assert house.standing(second, keys.device)[0] == 200
    assert house.standing(first, keys.device) == (403, "/problems/revoked")


def test_a_code_ends_in_time(house, now):
    code = house.code(minutes=5)
    now[0] += 5 * 60_000
    status, answer = house.enrol(code, house.keys())
    assert (status, answer["type"]) == (422, "/problems/bad-enrolment")
    assert "make another" in answer["detail"]


def test_a_stranger_gets_nothing(house):
    code, keys, other = house.code(), house.keys(), house.keys("other")
    stolen = other.sign(proof_text(keys.device, code, NOON_MS))
    guessed = read_code("0" * 20)

    assert house.enrol(code, keys, proof=stolen)[0] == 422
    assert house.enrol(code, keys, first_key=other.first_key)[0] == 422
    assert house.enrol(guessed, keys)[0] == 422
    assert house.caller.call("POST", "/v1/enrolments", b"{", token=None)[0] == 422
    assert house.caller.call("POST", "/v1/enrolments", b" " * 100_000, token=None)[0] == 422
    assert house.enrol(code, keys)[0] == 200


def test_guessing_is_slowed_down(house):
    guessed, keys = read_code("0" * 20), house.keys()
    answers = [house.enrol(guessed, keys)[0] for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_revoked_device_is_refused_with_any_token_and_let_in_by_a_new_code(house):
    keys = house.keys()
    token = house.token(house.code(), keys)

    assert house.operator(revoke=keys.device[:8]).error == ""

    assert house.standing(token, keys.device) == (403, "/problems/revoked")
    assert house.standing(house.created.device_token, keys.device) == (403, "/problems/revoked")
    batch = house.caller.send_raw(keys.device, b"", Authorization=f"Bearer {house.created.device_token}")
    assert batch[0] == 403
    assert house.operator(devices=1).devices[0].revoked
    again = house.token(house.code(), keys)
    assert house.standing(again, keys.device)[0] == 200
    assert house.standing(token, keys.device) == (403, "/problems/revoked")


def test_a_device_that_came_with_a_shared_token_can_be_revoked_too(house):
    pen = Pen()
    pen.rating(5)
    shared = {"Authorization": f"Bearer {house.created.device_token}"}
    assert house.caller.send_raw(pen.device, pen.batch(), **shared)[0] == 200

    house.operator(revoke=pen.device)

    status, answer = house.caller.send_raw(pen.device, pen.batch(), **shared)
    assert (status, answer["type"]) == (403, "/problems/revoked")
    reader = house.caller.call("GET", f"/v1/devices/{pen.device}", token=house.created.reader_token)
    assert reader[0] == 200


def test_a_token_asks_about_slips_for_its_own_device_and_one_that_was_revoked_for_none(house):
    keys = house.keys()
    token = house.token(house.code(), keys)
    own, strange = (
        msgspec.json.encode(SlipAsked(device, b"\x02" + bytes(16))) for device in (keys.device, Pen().device)
    )
    assert house.caller.call("POST", "/v1/later", own, token)[:2] == (200, {"granted": False})
    assert house.caller.call("POST", "/v1/later", strange, token)[0] == 422
    house.operator(revoke=keys.device)
    for one in (token, house.created.device_token):
        status, content, _ = house.caller.call("POST", "/v1/later", own, one)
        assert (status, content["type"]) == (403, "/problems/revoked")


def test_only_one_device_is_revoked(house):
    house.token(house.code(), house.keys())
    assert "no device" in house.operator(revoke="zz").error
    assert house.operator(devices=1).devices[0].revoked is False


def test_who_was_let_in_is_known_after_a_restart(house, now):
    keys = house.keys()
    token = house.token(house.code(), keys)
    house.hub.stop()

    house.hub = Hub(house.settings, lambda: now[0])
    house.hub.start()
    house.caller = Caller(house.hub.address)

    assert house.standing(token, keys.device)[0] == 200


def test_an_old_copy_of_a_device_is_told_to_become_one_of_its_own(house):
    keys = house.keys()
    changes = []
    old = KeyStore(house.directory / "device")
    keys.next_epoch(NOON_MS, changes.append)
    text = msgspec.json.decode(changes[0].text, type=EpochText)
    house.hub.stop()
    with closing(sqlite3.connect(house.directory / "hub" / "hub.db")) as db, db:
        row = (keys.device, text.epoch, text.key, changes[0].text, changes[0].signature)
        db.execute("INSERT INTO signing_key VALUES (?, ?, ?, ?, ?)", row)
    house.hub = Hub(house.settings)
    house.hub.start()
    house.caller = Caller(house.hub.address)
    code = house.code()

    status, answer = house.enrol(code, old)

    assert status == 422
    assert "--new-device" in answer["detail"]
    assert house.enrol(code, keys)[0] == 200


def test_a_hub_whose_seal_key_lies_in_a_safe_needs_its_public_half(house):
    (house.directory / "hub" / "seal.key").unlink()
    assert house.enrol(house.code(), house.keys())[0] == 200
    config = house.created.config
    config.write_text("".join(line for line in config.read_text().splitlines(True) if not line.startswith("seal_")))
    with pytest.raises(Exception, match="seal-keys"):
        pinned_keys(load_settings(config))


def test_a_code_is_read_as_people_type_it(house):
    code = house.code()
    text = str(code)
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"})
    for form in (text, text.lower(), text.replace("-", " "), wide, text.replace("0", "o").replace("1", "l")):
        assert read_code(form) == code


@pytest.mark.parametrize(("text", "words"), [("ABCD", "20 letters"), ("U" * 20, "no U"), ("", "20 letters")])
def test_what_is_no_code_is_said(text, words):
    with pytest.raises(EnrolmentError, match=words):
        read_code(text)


def test_the_code_says_nothing_of_itself_in_a_log(house):
    code = house.code()
    assert code.secret not in repr(code)
    assert "token" not in repr(Enrolled(house.keys().device, "t" * 20, house.pinned, 0))
    assert json.dumps(str(code)).count("-") == 4
