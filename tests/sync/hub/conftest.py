import hashlib
import http.client
import json
import subprocess

import pytest

from sync.hub.server import Hub
from sync.hub.settings import HubSettings, Token
from tests.sync.hub.pen import NOON_MS, Pen

DEVICE_TOKEN, READER_TOKEN = "device-token", "reader-token"


def sha(token):
    return hashlib.sha256(token.encode()).hexdigest()


def settings(directory, **changes):
    tokens = [Token("kiosks", "device", sha(DEVICE_TOKEN)), Token("desk", "reader", sha(READER_TOKEN))]
    return HubSettings(**{"listen": "127.0.0.1:0", "directory": str(directory), "token": tokens, **changes})


def make_certificate(directory):
    """cert.pem and key.pem for 127.0.0.1, signed by themselves."""
    key, certificate = directory / "key.pem", directory / "cert.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *curve, *subject, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    return certificate


class Caller:
    """Speaks plain HTTP to a hub, as a program that is not ours would."""

    def __init__(self, address):
        self.address = address
        self.host = address.partition("//")[2]

    def call(self, method, path, body=None, token=DEVICE_TOKEN, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named.setdefault("Authorization", f"Bearer {token}")
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        kind = response.headers["Content-Type"]
        return response.status, json.loads(content) if "json" in kind else content.decode(), response.headers

    def send(self, pen, *args, device=None, **kwargs):
        """Status and body of a batch that was sent in gzip."""
        body = pen.packed(*args, **kwargs)
        return self.send_raw(device or pen.device, body, Content_Encoding="gzip")

    def send_raw(self, device, body, **headers):
        headers.setdefault("Content_Type", "application/x-ndjson")
        return self.call("POST", f"/v1/devices/{device}/batches", body, **headers)[:2]

    def standing(self, pen):
        return self.call("GET", f"/v1/devices/{pen.device}")[1]

    def counts(self, day=None):
        return self.call("GET", "/v1/counts" + (f"?day={day}" if day else ""), token=READER_TOKEN)[1]

    def alarms(self):
        return self.call("GET", "/v1/alarms", token=READER_TOKEN)[1]["alarms"]

    def help_calls(self):
        return self.call("GET", "/v1/alarms", token=READER_TOKEN)[1]["help_calls"]


@pytest.fixture
def now():
    """The hub's wall clock, set by the test."""
    return [NOON_MS]


@pytest.fixture
def hub(tmp_path, now):
    hub = Hub(settings(tmp_path / "hub"), lambda: now[0])
    hub.start()
    yield Caller(hub.address)
    hub.stop()


@pytest.fixture
def pen():
    return Pen()
