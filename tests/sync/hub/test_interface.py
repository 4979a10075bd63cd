"""The hub's HTTP interface as a stranger meets it: tokens, sizes, wrong requests, and its own description."""

import gzip
import json
import re
import socket
import threading
import tracemalloc
import zlib
from base64 import b64encode
from pathlib import Path

import pytest

from sync.hub import openapi
from sync.hub.app import HubApp
from sync.wire import MAX_INFLATED
from tests.sync.hub.conftest import DEVICE_TOKEN, READER_TOKEN
from tests.sync.hub.pen import DAY, Pen

DEVICE = "0" * 64
BATCHES = f"/v1/devices/{DEVICE}/batches"

PACKED = gzip.compress(b"x", mtime=0)


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        ("POST", BATCHES, None, 401),
        ("POST", BATCHES, "wrong", 401),
        ("POST", BATCHES, READER_TOKEN, 403),
        ("GET", f"/v1/devices/{DEVICE}", None, 401),
        ("GET", f"/v1/devices/{DEVICE}", DEVICE_TOKEN, 200),
        ("GET", f"/v1/devices/{DEVICE}", READER_TOKEN, 200),
        ("GET", "/v1/counts", None, 401),
        ("GET", "/v1/counts", DEVICE_TOKEN, 403),
        ("GET", "/v1/counts", READER_TOKEN, 200),
        ("GET", "/v1/alarms", DEVICE_TOKEN, 403),
        ("GET", "/v1/alarms", READER_TOKEN, 200),
        ("GET", "/v1/health", None, 200),
        ("GET", "/openapi.json", None, 200),
        ("GET", "/", None, 401),
        ("GET", "/nowhere", READER_TOKEN, 404),
        ("GET", "/v1/devices/x", DEVICE_TOKEN, 404),
        ("POST", "/v1/devices/x/batches", DEVICE_TOKEN, 404),
        ("PUT", "/v1/counts", READER_TOKEN, 405),
        ("GET", BATCHES, DEVICE_TOKEN, 405),
    ],
)
def test_each_door_opens_to_its_own_token_only(hub, method, path, token, status):
    body = b"" if method == "POST" else None
    got, content, headers = hub.call(method, path, body, token)
    assert got == status
    assert headers["Date"]
    if status >= 400:
        assert headers["Content-Type"] == "application/problem+json"
        assert (content["status"], bool(content["title"])) == (status, True)
        assert ("WWW-Authenticate" in headers) == (status == 401)


def test_an_unknown_device_stands_nowhere(hub):
    standing = hub.call("GET", f"/v1/devices/{DEVICE}")[1]
    assert (standing["generations"], standing["epoch"], standing["upstream"]) == ([], 0, {"province": None, "day": DAY})


def test_the_counts_of_a_day_are_those_of_that_day(hub, pen):
    pen.rating(5)
    hub.send(pen)
    assert hub.counts()["outcomes"] == {"5": 1}
    assert hub.counts("2026-11-19")["outcomes"] == {}
    for wrong in ("20-11-2026", ""):
        status, problem, _ = hub.call("GET", f"/v1/counts?day={wrong}", token=READER_TOKEN)
        assert (status, problem["type"]) == (422, "/problems/bad-day")


def test_the_page_shows_counts_to_the_reader_and_escapes_what_came_from_outside(hub, pen):
    pen.rating(5, window="<script>")
    hub.send(pen)
    basic = b64encode(f"desk:{READER_TOKEN}".encode()).decode()
    status, page, _ = hub.call("GET", "/", token=None, Authorization=f"Basic {basic}")
    assert status == 200
    assert DAY in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    for wrong in ("Basic !!!", "Basic " + b64encode(b"desk:" + DEVICE_TOKEN.encode()).decode(), "Basic"):
        assert hub.call("GET", "/", token=None, Authorization=wrong)[0] == 401


@pytest.mark.parametrize(
    "headers",
    [{"Content_Type": "application/json"}, {"Content_Type": ""}, {"Content_Encoding": "br"}],
)
def test_another_type_is_refused(hub, pen, headers):
    status, problem = hub.send_raw(pen.device, pen.batch(), **headers)
    assert (status, problem["type"]) == (415, "/problems/wrong-type")


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xff", b"\n\n\n"])
def test_what_is_no_batch_is_malformed(hub, pen, body):
    assert hub.send_raw(pen.device, body)[1]["type"] == "/problems/malformed"


@pytest.mark.parametrize("body", [b"", b"no gzip", PACKED[:-3], PACKED + b"more", PACKED * 2])
def test_what_is_no_gzip_is_malformed(hub, pen, body):
    status, problem = hub.send_raw(pen.device, body, Content_Encoding="gzip")
    assert (status, problem["type"]) == (400, "/problems/malformed")


def test_a_gzip_bomb_is_stopped(hub, pen):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(300)) + packer.flush()
    assert len(bomb) < 2 * 1024 * 1024
    tracemalloc.start()
    try:
        status, problem = hub.send_raw(pen.device, bomb, Content_Encoding="gzip")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (status, problem["type"]) == (413, "/problems/too-large")
    assert most < 3 * MAX_INFLATED


def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(hub):
    host, _, port = hub.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            f"POST {BATCHES} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {DEVICE_TOKEN}\r\n"
            f"Content-Type: application/x-ndjson\r\nContent-Length: 10000000\r\n\r\n".encode()
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_an_end_is_stopped(hub):
    host, _, port = hub.host.partition(":")
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            f"POST {BATCHES} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {DEVICE_TOKEN}\r\n"
            f"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(33):
            line.sendall(chunk)
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_hangs_holds_up_nobody_else(hub, pen):
    host, _, port = hub.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            f"POST {BATCHES} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {DEVICE_TOKEN}\r\n"
            f"Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n{{".encode()
        )
        assert hub.send(pen)[0] == 200


def test_a_device_that_sends_many_batches_at_once_is_asked_to_wait(hub):
    pen = Pen()
    host, _, port = hub.host.partition(":")
    head = (
        f"POST /v1/devices/{pen.device}/batches HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {DEVICE_TOKEN}\r\n"
        "Content-Type: application/x-ndjson\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
    ).encode()
    lines = [socket.create_connection((host, int(port)), timeout=10) for _ in range(2)]
    try:
        for line in lines:
            line.sendall(head)
            assert line.recv(100).startswith(b"HTTP/1.1 100 ")  # it waits for the body now
        status, problem, headers = hub.call(
            "POST", f"/v1/devices/{pen.device}/batches", pen.batch(), Content_Type="application/x-ndjson"
        )
    finally:
        for line in lines:
            line.close()
    assert (status, problem["type"], headers["Retry-After"]) == (429, "/problems/too-many", "1")


def test_batches_of_many_devices_at_once_are_all_taken(hub):
    pens = [Pen(seed) for seed in range(1, 9)]
    results = []

    def work(pen):
        for level in (5, 4, 3):
            pen.rating(level)
            results.append(hub.send(pen)[0])

    threads = [threading.Thread(target=work, args=(pen,)) for pen in pens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 24
    assert hub.counts(DAY)["outcomes"] == {"5": 8, "4": 8, "3": 8}


def test_the_document_and_the_routes_agree(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    from sync.hub.store import Store
    from tests.sync.hub.conftest import settings

    with ThreadPoolExecutor(1) as executor:
        store = executor.submit(Store, tmp_path, 480).result()
        app = HubApp(settings(tmp_path), store, executor).asgi
        executor.submit(store.close).result()
    routes = {(route.path, method.lower()) for route in app.routes for method in route.methods - {"HEAD"}}
    paths = openapi.document()["paths"]
    described = {(path, method) for path, item in paths.items() for method in item if method in {"get", "post"}}
    assert described == routes


def test_every_reference_in_the_document_leads_somewhere():
    document = openapi.document()
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))
    assert len(references) > 20
    assert set(references) <= set(document["components"]["schemas"])
    schemes = {
        name
        for path in document["paths"].values()
        for one in path.values()
        if isinstance(one, dict)
        for entry in one.get("security", [])
        for name in entry
    }
    assert schemes == set(document["components"]["securitySchemes"])


def test_the_document_on_paper_is_the_one_that_is_served(hub):
    paper = Path(__file__).parents[3] / "docs" / "hub.openapi.json"
    served = hub.call("GET", "/openapi.json", token=None)[1]
    assert json.loads(paper.read_text()) == served, "python -m sync.hub.openapi > docs/hub.openapi.json"


def test_answers_have_the_fields_that_the_document_names(hub, pen):
    pen.rating(5)
    reply = hub.send(pen)[1]
    schemas = openapi.document()["components"]["schemas"]
    for name, answer in {
        "Reply": reply,
        "Standing": hub.standing(pen),
        "DayCounts": hub.counts(),
        "AlarmList": hub.call("GET", "/v1/alarms", token=READER_TOKEN)[1],
        "Problem": hub.send(Pen(2), 0, device=pen.device)[1],
    }.items():
        schema = schemas[name]
        assert set(schema["required"]) <= set(answer) <= set(schema["properties"]), name
