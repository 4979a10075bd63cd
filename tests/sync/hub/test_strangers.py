"""The hub and whoever connects: held to its own document, and bounded whatever a client does."""

import resource
import socket
import threading

import pytest

from sync.hub import openapi, server
from sync.hub.server import Hub
from tests.sync.hub.conftest import DEVICE_TOKEN, Caller, settings
from tests.sync.hub.pen import NOON_MS, Pen

DEADLINE_S = 20
PEN = Pen()
HEAD = f"POST /v1/devices/{PEN.device}/batches HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-ndjson\r\n"
ALLOWED = f"Authorization: Bearer {DEVICE_TOKEN}\r\n"


def test_every_answer_is_one_that_the_document_describes(hub):
    from tests.sync.hub.strangers import examine  # slow to load: by the process that runs this alone

    seen = examine(hub.address, examples=2, derandomize=True)
    assert {path for _, path in seen.answers} == set(openapi.document()["paths"]) - {"/openapi.json"}
    assert all(seen.answers.values())


@pytest.fixture
def impatient(tmp_path, monkeypatch):
    """A hub that waits a moment only."""
    monkeypatch.setattr(server._Connection, "head_s", 0.2)
    monkeypatch.setattr("sync.hub.intake.SLOWEST_S", 0.2)
    hub = Hub(settings(tmp_path / "hub"), lambda: NOON_MS)
    hub.start()
    yield Caller(hub.address)
    hub.stop()


def connect(caller):
    host, _, port = caller.host.partition(":")
    return socket.create_connection((host, int(port)), timeout=DEADLINE_S)


def all_of(line):
    """What comes until the hub ends the line."""
    content = b""
    try:
        while piece := line.recv(65536):
            content += piece
    except ConnectionResetError:
        pass
    return content


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"P",
        HEAD.encode(),
        (HEAD + ALLOWED + "X: " + "y" * 1000).encode(),
        b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\nGET /v1",
    ],
    ids=["nothing", "a letter", "half a head", "half a line", "half a second head"],
)
def test_a_client_that_does_not_say_what_it_wants_is_dropped(impatient, said):
    with connect(impatient) as line:
        line.sendall(said)
        assert all_of(line).count(b"HTTP/1.1 200") == said.count(b"health")
    assert impatient.send(PEN)[0] == 200


def test_a_head_that_drips_is_dropped_though_each_byte_is_in_time(impatient):
    dropped = threading.Event()

    def drip(line):
        try:
            while not dropped.wait(0.01):
                line.sendall(b"x")
        except OSError:
            pass

    with connect(impatient) as line:
        line.sendall(HEAD.encode() + b"X: ")
        dripping = threading.Thread(target=drip, args=(line,))
        dripping.start()
        assert all_of(line) == b""
        dropped.set()
        dripping.join(DEADLINE_S)


def test_a_body_that_drips_is_told_so_and_dropped(impatient):
    with connect(impatient) as line:
        line.sendall((HEAD + ALLOWED + "Content-Length: 1000\r\n\r\n").encode() + b"{")
        answer = all_of(line)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/too-slow" in answer


def test_a_body_that_goes_on_after_its_refusal_is_dropped(impatient):
    with connect(impatient) as line:
        line.sendall((HEAD + "Content-Length: 1000000\r\n\r\n").encode())
        said = line.recv(65536)
        line.sendall(b"x")
        said += all_of(line)
    assert said.startswith(b"HTTP/1.1 401 ")
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: hub\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: hub\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        (HEAD + ALLOWED + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n").encode(),
        (HEAD + ALLOWED + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!").encode(),
        (HEAD + ALLOWED + "Content-Length: -1\r\n\r\n").encode(),
    ],
    ids=["long header", "many headers", "long path", "TLS", "endless chunk", "two lengths", "negative length"],
)
def test_what_is_too_large_or_no_http_is_refused_and_the_hub_goes_on(hub, said):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with connect(hub) as line:
        try:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has been dropped already
        assert b"HTTP/1.1 2" not in all_of(line)
    assert hub.send(PEN)[0] == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_two_hundred_clients_that_hang_hold_up_nobody_else(impatient):
    lines = [connect(impatient) for _ in range(200)]
    try:
        for number, line in enumerate(lines):
            line.sendall([b"", HEAD.encode(), (HEAD + ALLOWED + "Content-Length: 9\r\n\r\n").encode()][number % 3])
        assert impatient.send(Pen(2))[0] == 200
        assert all(b" 200 " not in all_of(line) for line in lines)
    finally:
        for line in lines:
            line.close()
