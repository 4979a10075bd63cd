"""Whatever answers in the hub's place: one of the outcomes, in bounded memory and time, and the courier goes on."""

import gzip
import json
import socket
import threading
import tracemalloc
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.answers import Busy, NotNext, Portal, Refused, TooLarge, Unreachable
from sync.courier import HubAddress
from sync.hub_client import MAX_REPLY, HubClient
from sync.wire import Reply, Standing
from tests.sync.courier.conftest import answer
from tests.sync.hub.pen import NOON_MS

FAILURES = TooLarge | NotNext | Refused | Busy | Portal | Unreachable
DEVICE = "0" * 64
MIB = 1 << 20


class RawServer:
    """Reads one question and does with the line what it was told to."""

    def __init__(self):
        self.answer = lambda line: None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                line.settimeout(1)
                try:
                    self.hear(line)
                    self.answer(line)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(65536):
                        pass
                except OSError:
                    pass  # the client has seen enough

    def hear(self, line):
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(65536)
        head, _, body = head.partition(b"\r\n\r\n")
        length = next((int(row[16:]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length: ")), 0)
        while len(body) < length:
            body += line.recv(65536)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)


@pytest.fixture(scope="module")
def raw():
    server = RawServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def ask(raw):
    """What comes of an answer, to the question where the hub stands and to a batch."""
    client = HubClient(HubAddress(raw.url, "t", timeout_s=0.5, idle_s=0.0), DEVICE, lambda: NOON_MS)

    def asked(does, *, batch=True):
        raw.answer = (lambda line: line.sendall(does)) if isinstance(does, bytes) else does
        return client.finish(client.begin(b"batch")) if batch else client.standing()

    yield asked
    client.close()


problems = st.fixed_dictionaries(
    {},
    optional={
        "type": st.text(max_size=20) | st.sampled_from(["/problems/gap", "/problems/too-large"]) | st.integers(),
        "title": st.text(max_size=5) | st.none(),
        "status": st.integers() | st.text(max_size=3),
        "detail": st.text(max_size=50) | st.lists(st.none(), max_size=2),
        "next": st.integers() | st.none() | st.floats(),
    },
)
replies = st.fixed_dictionaries(
    {},
    optional={
        "device": st.just(DEVICE) | st.text(max_size=64),
        "generation": st.just("0" * 32) | st.text(max_size=32),
        "next": st.integers(-1, 1 << 70),
        "head": st.just("A" * 43 + "=") | st.text(max_size=44),
        "stored": st.integers(0, 9),
        "repeated": st.integers(0, 9),
        "epoch": st.integers(-1, 9),
        "branch": st.just(0),
        "upstream": st.dictionaries(st.text(max_size=3), st.none() | st.integers(), max_size=2),
        "time_ms": st.integers(),
        "generations": st.lists(
            st.none() | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), max_size=3
        ),
        "release": st.none() | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    },
)
contents = st.one_of(problems, replies)
bodies = st.one_of(
    st.binary(max_size=300),
    contents.map(lambda content: json.dumps(content).encode()),
    contents.map(lambda content: json.dumps(content, ensure_ascii=False).encode("gb18030", "surrogatepass")),
    contents.map(lambda content: json.dumps(content).encode("utf-16")),
    st.integers(1, 20_000).map(lambda depth: b"[" * depth),
    st.integers(1, 5_000).map(lambda digits: b'{"next": ' + b"9" * digits + b"}"),
)
statuses = st.integers(100, 999) | st.sampled_from(
    [200, 204, 301, 400, 401, 403, 404, 407, 408, 409, 413, 422, 429, 503, 511]
)
packings = st.sampled_from([bytes, gzip.compress, zlib.compress, lambda body: gzip.compress(body)[:-3]])
header_values = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=30)
kinds = st.sampled_from(
    ["application/json", "application/problem+json", "text/html", "application/json; charset=gb2312"]
)
headers = st.dictionaries(
    st.sampled_from(["Content-Length", "Content-Encoding", "Transfer-Encoding", "Retry-After", "Date", "Location"]),
    header_values | st.sampled_from(["gzip", "chunked", "0", "5", "-1", "99999999999", "http://[broken"]),
    max_size=4,
)
slow_to_draw = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=150, deadline=None, suppress_health_check=slow_to_draw)
@given(
    status=statuses,
    kind=kinds,
    headers=headers,
    body=bodies,
    packing=packings,
    kept=st.floats(0, 1) | st.just(1.0),
    batch=st.booleans(),
)
def test_any_answer_over_a_real_line_comes_to_an_outcome(ask, status, kind, headers, body, packing, kept, batch):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    whole = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n{lines}\r\n".encode("latin-1") + packing(body)
    outcome = ask(whole[: int(len(whole) * kept)], batch=batch)
    assert isinstance(outcome, FAILURES | (Reply if batch else Standing))
    if isinstance(outcome, Reply | Standing):
        assert (status, kind.partition(";")[0]) == (200, "application/json")


@settings(max_examples=60, deadline=None, suppress_health_check=slow_to_draw)
@given(
    said=st.binary(max_size=200)
    | st.sampled_from([b"HTTP/1.1 100 C\r\n\r\n" * 50, b"HTTP/1.1 200\r\n" + b"a: b\r\n" * 300])
)
def test_any_bytes_are_nobodys_answer(ask, said):
    assert isinstance(ask(said), FAILURES)


def endlessly(start, piece, times):
    def send(line):
        line.sendall(start)
        for _ in range(times):
            line.sendall(piece)

    return send


JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(bytes(64 * MIB))


@pytest.mark.parametrize(
    "does",
    [
        endlessly(JSON + b"Content-Length: 104857600\r\n\r\n", bytes(MIB), 100),
        endlessly(JSON + b"\r\n", bytes(MIB), 100),
        endlessly(JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + bytes(MIB) + b"\r\n", 100),
        JSON + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB,
        b"HTTP/1.1 413 x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB,
        endlessly(JSON, b"X-More: %s\r\n" % (b"x" * 60_000), 2000),
        endlessly(b"HTTP/1.1 200 OK\r\nX: ", b"x" * MIB, 100),
        endlessly(b"", b"x" * MIB, 100),
    ],
    ids=["length", "no length", "chunks", "bomb", "bomb in a refusal", "headers", "one header", "status line"],
)
def test_an_answer_without_end_is_dropped_in_little_memory(ask, does):
    tracemalloc.start()
    try:
        outcome = ask(does)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, Portal | TooLarge | Unreachable)
    assert most < 4 * MAX_REPLY + 2 * MIB


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 100 Continue\r\n\r\n"],
        [JSON, b"X: y\r\n"],
        [JSON + b"\r\n", b" "],
        [JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"],
    ],
    ids=["interim answers", "headers", "body", "chunks"],
)
def test_an_answer_that_drips_is_given_up_at_the_deadline(raw, pieces):
    cut = threading.Event()

    def drip(line):
        line.sendall(b"".join(pieces[:-1]))
        try:
            while True:
                line.sendall(pieces[-1])
                cut.wait(0.02)
        finally:
            cut.set()

    raw.answer = drip
    client = HubClient(HubAddress(raw.url, "t", timeout_s=0.1, connect_s=0.1), DEVICE, lambda: NOON_MS)
    assert client.standing() == Unreachable("timeout", "the hub did not answer in time", cut=True)
    client.close()
    assert cut.wait(10)


def test_after_a_hundred_strange_answers_the_courier_sends(kiosk, between, send, watch):
    def strange(number):
        def do(between, request, body):
            kinds = ["application/json", "application/problem+json", "text/html", ""]
            content = [b"", b"[]", b"{}", b"null", b'{"next":1e400}', b"\xff\xfe{}", b"[" * 5000][number % 7]
            status = [200, 204, 302, 400, 407, 409, 413, 422, 429, 500, 511][number % 11]
            answer(request, status, kinds[number % 4], b"" if status == 204 else content)

        return do

    kiosk.rate_many(5)
    between.faults = [strange(number) for number in range(100)]
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    assert between.faults == []
