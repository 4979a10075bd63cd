"""What a hub, or whatever answers in its place, can say to a terminal that asks about a slip."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kiosk.slips.hall import HallNotAskedError, HallSlips
from sync.courier import HubAddress

TAG = b"\x02" + bytes(16)
DEVICE = "0" * 64
JSON = "application/json"


class _Handler(BaseHTTPRequestHandler):
    answer = (200, JSON, b"")
    asked: list[bytes]

    def do_POST(self) -> None:
        status, kind, body = self.answer
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def handler() -> type[_Handler]:
    return type("Handler", (_Handler,), {"asked": []})


@pytest.fixture
def address(handler: type[_Handler]) -> Iterator[HubAddress]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield HubAddress(f"http://127.0.0.1:{server.server_port}", "token")
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize(
    "answer",
    [
        (200, "text/html", b"<html>log in</html>"),
        (200, JSON, b"nothing of the kind"),
        (200, JSON, b'{"granted":"yes"}'),
        (200, JSON, b'{"granted":false,' + b" " * 20_000 + b"}"),
        (200, JSON, b"\xff\xfe"),
        (200, JSON, b"[" * 10_000),
        (302, JSON, b'{"granted":true}'),
        (404, "application/problem+json", b"{}"),
        (500, JSON, b'{"granted":true}'),
    ],
)
def test_what_is_no_answer_of_a_hub_grants_nothing(
    handler: type[_Handler], address: HubAddress, answer: tuple[int, str, bytes]
) -> None:
    handler.answer = answer
    with pytest.raises(HallNotAskedError):
        HallSlips(lambda: address, lambda: DEVICE, lambda: 0.0).ask(TAG, own=False)
    assert len(handler.asked) == 1


def test_outside_the_hours_for_sending_and_before_there_are_keys_nothing_is_asked(
    handler: type[_Handler], address: HubAddress
) -> None:
    for hall in (
        HallSlips(lambda: address, lambda: DEVICE, lambda: 60.0),
        HallSlips(lambda: address, lambda: None, lambda: 0.0),
        HallSlips(lambda: None, lambda: DEVICE, lambda: 0.0),
    ):
        with pytest.raises(HallNotAskedError):
            hall.ask(TAG, own=False)
    assert handler.asked == []


def test_the_question_holds_the_tag_and_nothing_else_of_the_case(handler: type[_Handler], address: HubAddress) -> None:
    handler.answer = (200, JSON, b'{"granted":false,"of a later version":1}')
    answer = HallSlips(lambda: address, lambda: DEVICE, lambda: 0.0).ask(TAG, own=False)
    assert not answer.granted
    assert handler.asked == [b'{"device":"' + DEVICE.encode() + b'","tag":"AgAAAAAAAAAAAAAAAAAAAAA="}']
