"""A citizen who calls for the person in charge is told at the hub, with window and case."""

import hashlib
from base64 import b64encode

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.hub.setup import SEAL_KEY_FILE
from sync.records import Case, Details, decode
from sync.sealing import Recipient, Sealer
from sync.wire import SealedLine
from tests.sync.hub.conftest import READER_TOKEN
from tests.sync.hub.pen import NOON_MS, Pen, at


@pytest.fixture
def key(tmp_path):
    key = X25519PrivateKey.generate()
    (tmp_path / "hub" / SEAL_KEY_FILE).write_bytes(b64encode(key.private_bytes_raw()))
    return key


def call_for_help(pen: Pen, key: X25519PrivateKey, *numbers: str) -> int:
    asked = pen.ask(ciphers=[b"replaced"] * len(numbers))
    body = decode(pen.bodies[asked])
    sealer = Sealer([Recipient("hub", key.public_key().public_bytes_raw())])
    boxes = [
        sealer.seal(body.visit, f"case:{n}", msgspec.json.encode(Case(number)))[0][1]
        for n, number in enumerate(numbers)
    ]
    pen.bodies.pop()
    pen.hashes.pop()
    cases = [
        msgspec.structs.replace(case, sealed=[("hub", _digest(box))])
        for case, box in zip(body.cases, boxes, strict=True)
    ]
    pen.add(msgspec.structs.replace(body, cases=cases))
    pen.sealed[asked] = [SealedLine(body.visit, f"case:{n}", "hub", box) for n, box in enumerate(boxes)]
    pen.press(asked, 1)
    pen.add(Details(at=at(2_000), asked=asked, help=True))
    pen.add(Details(at=at(3_000), asked=asked, table="t-1", tags=["108"]))
    pen.end(asked)
    return asked


def _digest(box: bytes) -> bytes:
    return hashlib.sha256(box).digest()


def test_a_call_for_help_names_window_clerk_and_the_cases_that_the_hub_can_open(hub, pen, key):
    pen.rating(5)
    asked = call_for_help(pen, key, "370800-1", "370800-2")
    assert hub.send(pen)[0] == 200

    assert hub.help_calls() == [
        {
            "device": pen.device,
            "generation": pen.generation,
            "asked": asked,
            "window": "3",
            "clerk": "1001",
            "called_ms": NOON_MS + 2_000,
            "cases": ["370800-1", "370800-2"],
        }
    ]
    page = hub.call("GET", "/", token=None, Authorization="Basic " + b64encode(f":{READER_TOKEN}".encode()).decode())[1]
    assert "11-20 12:00 窗口 window 3 · 工号 staff no. 1001 · 办件 case 370800-1, 370800-2" in str(page)


def test_without_the_key_the_visit_is_named_and_its_case_is_not(hub, pen):
    asked = call_for_help(pen, X25519PrivateKey.generate(), "370800-1")
    hub.send(pen)
    assert [(call["asked"], call["window"], call["cases"]) for call in hub.help_calls()] == [(asked, "3", [])]


def test_the_same_records_again_call_once(hub, pen, key):
    call_for_help(pen, key, "370800-1")
    hub.send(pen)
    hub.send(pen)
    assert len(hub.help_calls()) == 1
