"""The seams carry another form: XML over SOAP, SM4, a token that is refreshed. No courier knows of it."""

import hashlib
import xml.etree.ElementTree as ET
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from sync.backoff import Backoff
from sync.provinces.book import Book
from sync.provinces.forms import PARTS
from sync.provinces.loading import load_profile
from sync.provinces.parts import Address, Credentials
from sync.provinces.platform import Platform
from sync.provinces.reporter import Reporter
from sync.provinces.sent import Message
from tests.sync.provinces.conformance import ConformancePlatform, openssl, send
from tests.sync.provinces.conftest import WIRE, case_report, rating_report, visit


class Sm4:
    """ECB under the first half of an MD5: what such a platform asks for, not what anybody should."""

    encrypts = True

    def __init__(self, code):
        self.key = hashlib.md5(code.encode()).digest()

    def seal(self, plain):
        padding = PKCS7(128).padder()
        cipher = Cipher(algorithms.SM4(self.key), modes.ECB()).encryptor()
        return b64encode(cipher.update(padding.update(plain) + padding.finalize()) + cipher.finalize()).decode()

    def sign(self, text):
        return ""


class SoapEnvelope:
    def __init__(self, protection):
        self.protection = protection

    def wrap(self, sending, fields, now_ms):
        root = ET.Element("data")
        for name, value in fields.items():
            ET.SubElement(root, name).text = str(value)
        sealed = self.protection.seal(ET.tostring(root, encoding="utf-8"))
        text = f"<Envelope><Body><{sending.element}>{sealed}</{sending.element}></Body></Envelope>"
        return Message(sending.path, {"Content-Type": "text/xml; charset=utf-8"}, text.encode())

    def open(self, body):
        try:
            root = ET.fromstring(body)
        except ET.ParseError as fault:
            raise ValueError("no XML") from fault
        return {root.tag: tree_of(root)}


def tree_of(element):
    return {child.tag: tree_of(child) for child in element} or (element.text or "")


class TokenAccess:
    def __init__(self, credentials, transport):
        self.credentials, self.transport, self.token = credentials, transport, "none yet"

    def headers(self):
        return {"Authorization": f"Basic {self.token}"}

    def refresh(self):
        given = self.transport.send(Message("/token", {}, self.credentials["app_code"].encode()))
        self.token = given.body.decode()
        return given.status == 200


XML_PARTS = replace(
    PARTS,
    protection={**PARTS.protection, "sm4": lambda _, credentials: Sm4(credentials["app_code"])},
    access={**PARTS.access, "token": lambda _, *rest: TokenAccess(*rest)},
    envelope={**PARTS.envelope, "xml-soap": lambda profile, credentials, protection: SoapEnvelope(protection)},
    encrypting=PARTS.encrypting | {"sm4"},
)


class SoapPlatform(ConformancePlatform):
    """Opens with OpenSSL. A token is good for two messages."""

    tokens = 0
    left = 0
    strict = True

    def take(self, request, body):
        if request.path == "/token":
            assert body == b"code"
            self.tokens, self.left = self.tokens + 1, 2
            send(request, 200, f"token-{self.tokens}".encode())
        elif self.strict and (request.headers["Authorization"] != f"Basic token-{self.tokens}" or not self.left):
            send(request, 401, b"")
        else:
            self.left -= 1
            super().take(request, body)

    def opened(self, request, body):
        (inner,) = ET.fromstring(body).find("Body")
        key = hashlib.md5(b"code").hexdigest()
        plain = openssl("enc", "-sm4-ecb", "-d", "-K", key, given=b64decode(inner.text))
        return {"getSaveService": "case", "getSaveEvaluation": "rating"}[inner.tag], tree_of(ET.fromstring(plain))

    def answer(self, request, is_taken, words, standing):
        code = "200" if is_taken else "500"
        data = f"<data><evaluateUnid>unid-{len(self.messages)}</evaluateUnid></data>" if is_taken else ""
        send(request, 200, f"<root><code>{code}</code><msg>{words}</msg>{data}</root>".encode())


@pytest.fixture
def platform():
    platform = SoapPlatform()
    yield platform
    platform.close()


@pytest.fixture
def reporter(tmp_path, platform, clock):
    text = (WIRE / "plain-rest.toml").read_text()
    changes = {
        'name = "plain-rest"': 'name = "xml"',
        '[envelope]\npart = "json-plain"': '[envelope]\npart = "xml-soap"',
        '[protection]\npart = "none"': '[protection]\npart = "sm4"',
        '[access]\npart = "none"': '[access]\npart = "token"',
        'path = "/cases"': 'path = "/soap"\nelement = "getSaveService"',
        'path = "/ratings"': 'path = "/soap"\nelement = "getSaveEvaluation"',
        'receipt = "receipt"\nmessage = ["message"]': 'receipt = "root.data.evaluateUnid"\nmessage = ["root.msg"]',
        'at = "success"\none_of = ["true"]': 'at = "root.code"\none_of = ["200"]',
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "xml.toml").write_text(text)
    profile = load_profile(tmp_path / "xml.toml", XML_PARTS)
    sender = Platform(profile, Address(platform.url), Credentials({"app_code": "code"}), XML_PARTS)
    book = Book(tmp_path / "xml.db", profile.name)
    yield Reporter(sender, book, clock, lambda: 0.5, Backoff(), Backoff()), book
    sender.close()
    book.close()


def test_reports_go_through_with_a_token_that_is_refreshed_on_the_way(reporter, platform):
    sender, book = reporter
    sender.send_due([*visit(), *visit(2)])
    assert book.entry(rating_report().key).receipt == "unid-2"
    assert book.entry(rating_report(2).key).receipt == "unid-4"
    assert platform.tokens == 2
    assert platform.ratings["T-1", "1"]["satisfaction"] == "5"


def test_a_token_that_does_not_help_is_later(reporter, platform):
    sender, book = reporter
    platform.left = -1
    platform.take = lambda request, body: send(request, 200 if request.path == "/token" else 401, b"")
    done = sender.send_due(visit())
    assert (done.sent, book.entry(case_report().key).state) == (1, "waiting")
    assert not book.entry(case_report().key).maybe_taken


def test_words_in_the_body_are_the_platforms(reporter, platform):
    sender, book = reporter
    platform.faults = [lambda platform, request, *_: platform.answer(request, False, "areaCode 有误", None)]
    sender.send_due(visit())
    assert book.entry(case_report().key).words == "areaCode 有误"
    assert book.entry(case_report().key).fields == ("areaCode",)
