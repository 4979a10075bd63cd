"""Whatever a server sends: one of four outcomes, in bounded memory and time, and the courier goes on."""

import gzip
import json
import socket
import threading
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.provinces.envelopes import JsonPlain
from sync.provinces.https_post import MOST_BYTES, HttpsPost
from sync.provinces.judging import MOST_CHARACTERS, judge
from sync.provinces.outcomes import Accepted, Duplicate, Later, NeedsPerson, Unauthorised
from sync.provinces.parts import Address
from sync.provinces.sent import Message, NoReply, Reply
from tests.sync.provinces.conftest import NOW_MS

VERDICTS = Accepted | Later | NeedsPerson | Duplicate | Unauthorised


class RawServer:
    """Reads one request and sends the bytes that it was given, then cuts the line."""

    def __init__(self):
        self.answer = b""
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
                line.settimeout(5)
                received = b""
                while b"\r\n\r\n{}" not in received:
                    piece = line.recv(65536)
                    if not piece:
                        break
                    received += piece
                try:
                    line.sendall(self.answer)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(65536):
                        pass
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)


@pytest.fixture(scope="module")
def raw():
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def post(raw, plain_rest):
    transport = HttpsPost(plain_rest.transport, Address(raw.url, timeout_s=5.0))

    def ask(answer):
        raw.answer = answer
        reply = transport.send(Message("/", {"Content-Type": "application/json"}, b"{}"))
        assert isinstance(reply, Reply | NoReply)
        if isinstance(reply, Reply):
            assert len(reply.body) <= MOST_BYTES
        return judge(reply, plain_rest, JsonPlain(plain_rest).open, ("projectNo",), NOW_MS)

    yield ask
    transport.close()


statuses = st.integers(100, 999) | st.sampled_from([200, 201, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503])
words = st.text(max_size=40) | st.sampled_from(["没有对应的服务数据", "评价数据不可重复", "请稍后", "时间不正确"])
contents = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans() | st.none() | st.text(max_size=6) | st.lists(st.none(), max_size=2),
        "message": words | st.integers() | st.lists(words, max_size=2) | st.dictionaries(words, words, max_size=2),
        "receipt": words | st.integers() | st.floats(),
        "existing": st.none() | st.dictionaries(st.sampled_from(["reference", "satisfaction"]), words | st.integers()),
    },
)
bodies = st.one_of(
    st.binary(max_size=300),
    contents.map(lambda content: json.dumps(content).encode()),
    contents.map(lambda content: json.dumps(content, ensure_ascii=False).encode("gb18030", "surrogatepass")),
    st.integers(1, 20_000).map(lambda depth: b"[" * depth),
    st.integers(1, 5_000).map(lambda digits: b'{"success": ' + b"9" * digits + b"}"),
)
packings = st.sampled_from([bytes, gzip.compress, zlib.compress, lambda body: gzip.compress(body)[:-3]])
header_values = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=30)
headers = st.dictionaries(
    st.sampled_from(
        ["Content-Length", "Content-Encoding", "Transfer-Encoding", "Retry-After", "Date", "Set-Cookie", "Location"]
    ),
    header_values | st.sampled_from(["gzip", "deflate", "chunked", "0", "5", "-1", "99999999999", "identity"]),
    max_size=4,
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=statuses, headers=headers, body=bodies, packing=packings, kept=st.floats(0, 1) | st.just(1.0))
def test_any_answer_over_a_real_line_comes_to_a_verdict(post, status, headers, body, packing, kept):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    answer = f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode("latin-1") + packing(body)
    assert isinstance(post(answer[: int(len(answer) * kept)]), VERDICTS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.binary(max_size=200)
    | st.sampled_from([b"HTTP/1.1 100 C\r\n\r\n" * 50, b"HTTP/1.1 200\r\n" + b"a: b\r\n" * 300])
)
def test_any_bytes_are_no_acceptance(post, answer):
    assert isinstance(post(answer), Later)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=statuses, content=contents)
def test_only_the_success_test_of_the_profile_makes_an_acceptance(plain_rest, status, content):
    verdict = judge(
        Reply(status, json.dumps(content).encode()), plain_rest, JsonPlain(plain_rest).open, ("projectNo",), NOW_MS
    )
    is_success = 200 <= status < 300 and content.get("success") in (True, "true")
    assert isinstance(verdict, Accepted) == is_success
    if isinstance(verdict, Accepted):
        assert 0 < len(verdict.receipt) <= MOST_CHARACTERS
    else:
        assert len(verdict.words) <= MOST_CHARACTERS
