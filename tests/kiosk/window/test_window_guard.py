import asyncio
import http.client
import logging
import resource
import socket
import threading
from concurrent.futures import Future
from typing import Any

import pytest
from starlette.responses import Response

from kiosk.core.visit import AskedFor
from kiosk.window import guard, serving
from kiosk.window.hosts import AllowedHosts
from sync.bounded_server import BoundedConnection

VISITS = "/v1/windows/3/visits"


def raw(kiosk: Any, *parts: bytes) -> bytes:
    """Sends the parts and reads until the server closes."""
    with socket.create_connection(kiosk.address, timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def head(kiosk: Any, *lines: str, method: str = "POST") -> bytes:
    host = f"Host: {kiosk.server.address}"
    sent = [f"{method} {VISITS} HTTP/1.1", host, "Authorization: Bearer token-of-3", "Connection: close", *lines]
    return "\r\n".join([*sent, "", ""]).encode()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "kiosk.hall.example.evil.example"])
def test_a_foreign_host_is_refused(kiosk: Any, host: str) -> None:
    answer = kiosk.ask(Host=host)
    assert answer.status == 403
    assert "window_interface.hosts" in answer.json()["detail"]
    assert kiosk.hall.events == []


@pytest.mark.parametrize("host", ["localhost:{port}", "[::1]:{port}", "Kiosk.Hall.Example", "kiosk.hall.example:8080"])
def test_a_host_that_is_ours_is_taken(kiosk: Any, host: str) -> None:
    assert kiosk.ask(Host=host.format(port=kiosk.address[1])).status == 201


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "https://127.0.0.1", "http://localhost:9", "ftp://kiosk.hall.example", "x", "",
     "http://user@kiosk.hall.example", "http://kiosk.hall.example:9", "http://[::1"],
)  # fmt: skip
def test_a_page_from_elsewhere_is_refused(kiosk: Any, origin: str) -> None:
    assert kiosk.ask(Origin=origin).status == 403
    assert kiosk.hall.events == []


@pytest.mark.parametrize("origin", ["http://{address}", "https://kiosk.hall.example", "https://proxy.example:8443"])
def test_a_page_of_ours_is_taken(kiosk: Any, origin: str) -> None:
    assert kiosk.ask(Origin=origin.format(address=kiosk.server.address)).status == 201


def test_listening_on_every_address_takes_loopback_and_what_is_named() -> None:
    allowed = AllowedHosts.listening_on("0.0.0.0", 80, ["kiosk.hall.example:443"])
    assert [allowed.accepts_host(host) for host in ("localhost", "127.0.0.1:80", "kiosk.hall.example:443")] == [
        True
    ] * 3
    assert not any(allowed.accepts_host(host) for host in ("0.0.0.0", "kiosk.hall.example", "10.0.0.1", ""))
    beside = AllowedHosts.listening_on("10.0.0.1", 8650, [])
    assert beside.accepts_host("10.0.0.1:8650")
    assert not beside.accepts_host("localhost:8650")


def test_ten_megabytes_are_refused_and_the_client_gets_to_read_why(kiosk: Any) -> None:
    body = b'{"ask":"' + b"x" * 10_000_000 + b'"}'
    answer = kiosk.call("POST", VISITS, body, Content_Type="application/json")
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert kiosk.hall.events == []


def test_ten_megabytes_in_chunks_are_refused_without_being_kept(kiosk: Any) -> None:
    kiosk.ask()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = raw(kiosk, head(kiosk, "Transfer-Encoding: chunked"), *[chunk] * 160, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 5_000


def test_a_client_that_asks_first_is_refused_before_it_sends(kiosk: Any) -> None:
    answer = raw(kiosk, head(kiosk, "Content-Length: 10000000", "Expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_beyond_all_measure_is_refused_unread(kiosk: Any) -> None:
    assert raw(kiosk, head(kiosk, "Content-Length: 99999999999")).startswith(b"HTTP/1.1 413")


def test_a_body_in_small_pieces_is_as_good_as_any(kiosk: Any) -> None:
    pieces = [bytes([byte]) for byte in b'{"ask":"A-1"}']
    sent = head(kiosk, "Content-Type: application/json", "Content-Length: 13")
    assert raw(kiosk, sent, *pieces).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    "request_line",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"nonsense\r\n\r\n", b"GET / HTTP/9\r\n\r\n"],
)
def test_what_is_no_http_is_dropped_and_nobody_else_notices(kiosk: Any, request_line: bytes) -> None:
    assert raw(kiosk, request_line).startswith(b"HTTP/1.1 400")
    assert kiosk.ask().status == 201


def test_clients_that_hang_hold_up_nobody(kiosk: Any) -> None:
    hanging = [socket.create_connection(kiosk.address, timeout=20) for _ in range(100)]
    try:
        for number, connection in enumerate(hanging):
            connection.sendall([b"", b"POST", head(kiosk, "Content-Length: 10")][number % 3])
        assert kiosk.ask().status == 201
        assert kiosk.call("GET", "/clerk/3").status == 200
    finally:
        for connection in hanging:
            connection.close()


def test_a_client_that_leaves_in_mid_body_leaves_no_trace(kiosk: Any, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(kiosk.address) as connection:
        connection.sendall(head(kiosk, "Content-Length: 10") + b"{")
    assert kiosk.ask().status == 201
    assert len(kiosk.hall.of_kind(AskedFor)) == 1
    assert not caplog.records


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, start_kiosk: Any) -> Any:
    monkeypatch.setattr(guard, "BODY_TIMEOUT_S", 0.05)
    monkeypatch.setattr(BoundedConnection, "head_s", 0.05)
    return start_kiosk()


def test_a_body_that_does_not_come_is_told_so(impatient: Any) -> None:
    answer = raw(impatient, head(impatient, "Content-Length: 10"), b"{")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("begun", [b"", b"POST /v1"])
def test_a_request_that_does_not_come_is_dropped(impatient: Any, begun: bytes) -> None:
    assert raw(impatient, begun) == b""


def test_the_second_request_of_a_connection_has_to_come_in_time_too(impatient: Any) -> None:
    connection = http.client.HTTPConnection(*impatient.address, timeout=20)
    connection.request("GET", "/openapi.json")
    assert connection.getresponse().read()
    assert connection.sock
    connection.sock.sendall(b"GET")
    assert connection.sock.recv(1) == b""
    connection.close()


def test_stopping_waits_for_nobody_who_hangs(kiosk: Any) -> None:
    with socket.create_connection(kiosk.address) as silent, socket.create_connection(kiosk.address) as sending:
        sending.sendall(head(kiosk, "Content-Length: 10"))
        assert kiosk.ask().status == 201
        kiosk.server.stop(5)
        assert not [thread for thread in threading.enumerate() if thread.name == "window"]
        assert silent.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(kiosk.address)


def test_a_connection_that_is_kept_serves_many_requests(kiosk: Any) -> None:
    connection = http.client.HTTPConnection(*kiosk.address, timeout=20)
    for _ in range(3):
        connection.request("GET", "/v1/windows/3", headers={"Authorization": "Bearer token-of-3"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()


def test_an_address_that_is_taken_is_told_in_plain_words(new_kiosk: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = new_kiosk(listen=f"127.0.0.1:{port}").server
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}: .*in use"):
            server.start()
        server.stop()


def test_an_address_that_is_none_is_told_in_plain_words(new_kiosk: Any) -> None:
    with pytest.raises(OSError, match='cannot listen on "here": write'):
        new_kiosk(listen="here").server.start()


def test_stopping_what_was_never_started_and_stopping_twice_do_nothing(new_kiosk: Any, kiosk: Any) -> None:
    new_kiosk().server.stop()
    kiosk.server.stop()
    kiosk.server.stop()


def test_idle_the_server_has_nothing_to_wake_up_for() -> None:
    """uvicorn alone looks ten times a second whether it should go on."""
    timers: list[list[asyncio.TimerHandle]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        loop: Any = asyncio.get_running_loop()
        timers.append([timer for timer in loop._scheduled if not timer.cancelled()])
        await Response()(scope, receive, send)

    stop_asked: Future[None] = Future()
    with socket.create_server(("127.0.0.1", 0)) as bound:
        address = bound.getsockname()
        thread = threading.Thread(target=serving.serve, args=(bound, app, stop_asked))
        thread.start()
        connection = http.client.HTTPConnection(*address, timeout=20)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        stop_asked.set_result(None)
        thread.join(20)
    assert timers == [[]]


def test_nothing_that_was_sent_is_logged(kiosk: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kiosk.ask({"ask": "secret-ask", "cases": [{"projectNo": "secret-case"}]})
    kiosk.ask({"secret": 1})
    kiosk.call("GET", "/secret-path", token="secret-token", Host="secret-host")
    assert "secret" not in caplog.text
