"""Everything that can stand between a kiosk and its hub. Nothing is lost, nothing is there twice."""

import gzip
import json
import socket
import sqlite3
from base64 import b64encode
from contextlib import closing

import pytest

from sync.backoff import Backoff
from sync.hub.schema import FILE_NAME
from sync.hub.server import Hub
from sync.hub.settings import Tls
from tests.sync.courier.conftest import DEADLINE_S, Watch, answer
from tests.sync.hub.conftest import Caller, make_certificate, settings
from tests.sync.hub.pen import DAY, NOON_MS

HTML = b"<!doctype html><title>Free WLAN</title><form>log in</form>"


def portal(between, request, body):
    answer(request, 200, "text/html", HTML)


def network_authentication_required(between, request, body):
    answer(request, 511, "text/html", HTML)


def redirect(between, request, body):
    answer(request, 302, "text/html", b"", Location=f"http://{between.hub}{request.path}")


def redirect_with_a_bomb(between, request, body):
    """A captive portal's redirect whose body unpacks to far more than anybody wants to hold."""
    bomb = gzip.compress(bytes(64 << 20))
    headers = {"Location": "http://login.invalid/", "Content-Encoding": "gzip"}
    answer(request, 302, "text/html", bomb, **headers)


def redirect_that_lies_about_its_packing(between, request, body):
    headers = {"Location": "http://login.invalid/", "Content-Encoding": "gzip"}
    answer(request, 302, "text/html", b"this is not gzip", **headers)


def html_that_says_json(between, request, body):
    answer(request, 200, "application/json", HTML)


def empty_json(between, request, body):
    answer(request, 200, "application/json", b"{}")


def garbage(between, request, body):
    request.wfile.write(b"\x00\xff\x13 no HTTP at all\r\n\r\n\x00")
    request.close_connection = True


def endless_headers(between, request, body):
    request.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 500 + b"\r\n")
    request.close_connection = True


def too_much(between, request, body):
    answer(request, 200, "application/json", b"[" + b"0," * 1_000_000 + b"0]")


def cut_before_the_hub_has_it(between, request, body):
    request.close_connection = True


def cut_after_the_hub_took_it(between, request, body):
    status, kind, reply = between.forward(request, body)
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(reply)))
    request.end_headers()
    request.wfile.write(reply[: len(reply) // 2])
    request.close_connection = True


def lost_answer(between, request, body):
    between.forward(request, body)
    request.close_connection = True


def reset(between, request, body):
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    request.close_connection = True


def changed(between, request, body, **fields):
    status, kind, reply = between.forward(request, body)
    answer(request, status, kind, json.dumps({**json.loads(reply), **fields}).encode())


def wrong_head(between, request, body):
    changed(between, request, body, head=b64encode(b"x" * 32).decode())


def claims_more(between, request, body):
    changed(between, request, body, next=10_000)


def claims_less(between, request, body):
    changed(between, request, body, next=0)


def another_device(between, request, body):
    changed(between, request, body, device="0" * 64)


def another_generation(between, request, body):
    changed(between, request, body, generation="0" * 32)


def right_words_under_a_wrong_name(between, request, body):
    status, _, reply = between.forward(request, body)
    answer(request, status, "text/html", reply)


def refused(status):
    def refuse(between, request, body):
        answer(request, status, "text/plain", b"no")

    return refuse


FAULTS = [
    portal,
    network_authentication_required,
    redirect,
    html_that_says_json,
    empty_json,
    garbage,
    endless_headers,
    too_much,
    cut_before_the_hub_has_it,
    cut_after_the_hub_took_it,
    lost_answer,
    reset,
    wrong_head,
    claims_more,
    claims_less,
    another_device,
    another_generation,
    right_words_under_a_wrong_name,
    *map(refused, (400, 401, 403, 404, 409, 413, 418, 500, 502, 503)),
]


def nothing_lost_and_nothing_twice(kiosk, hub, tmp_path):
    with closing(sqlite3.connect(tmp_path / "hub" / FILE_NAME)) as db:
        assert [row[0] for row in db.execute("SELECT hash FROM record ORDER BY branch, seq")] == kiosk.hashes()
    assert hub.counts(DAY)["outcomes"] == {str(level): kiosk.visits // 5 for level in range(1, 6)}
    assert hub.alarms() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_the_rest_is_sent_and_nothing_is_there_twice(fault, kiosk, hub, between, send, watch, tmp_path):
    kiosk.rate_many(10)
    between.faults = [fault, fault]
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


def test_all_faults_one_after_the_other_lose_nothing(kiosk, hub, between, send, watch, tmp_path):
    kiosk.rate_many(200)
    between.faults = list(FAULTS)
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


@pytest.mark.parametrize(
    ("fault", "link", "code"),
    [
        (portal, "portal", "portal"),
        (redirect, "portal", "portal"),
        (redirect_with_a_bomb, "portal", "portal"),
        (redirect_that_lies_about_its_packing, "portal", "portal"),
        (empty_json, "portal", "portal"),
        (html_that_says_json, "portal", "portal"),
        (network_authentication_required, "portal", "portal"),
        (refused(404), "portal", "portal"),
        (refused(401), "refused", "refused"),
        (refused(403), "refused", "refused"),
        (refused(503), "refused", "busy"),
        (garbage, "unreachable", "cut"),
        (lost_answer, "unreachable", "cut"),
        (cut_after_the_hub_took_it, "unreachable", "cut"),
        (wrong_head, "refused", "wrong-answer"),
        (claims_less, "refused", "wrong-answer"),
        (another_device, "refused", "wrong-answer"),
        (another_generation, "refused", "wrong-answer"),
        (right_words_under_a_wrong_name, "portal", "portal"),
    ],
)
def test_the_manager_is_told_what_stands_in_the_way(fault, link, code, kiosk, between, send, watch):
    kiosk.rate(5)
    between.faults = [fault]
    send(kiosk, between.address)
    state = watch.until(lambda state: state.code == code)
    assert (state.link, bool(state.reason)) == (link, True)
    after = watch.until_sent(kiosk)
    assert (after.code, after.reason, after.retry_at_ms) == ("", "", None)


def test_after_a_failure_nothing_is_sent_before_the_hub_was_asked_where_it_stands(kiosk, between, send, watch):
    kiosk.rate(5)
    between.faults = [portal, cut_before_the_hub_has_it, refused(500)]
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    assert [method for method, _ in between.requests[:8]] == ["GET", "POST"] * 4


def test_a_hub_that_is_not_there_is_unreachable(kiosk, send, watch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    send(kiosk, f"http://127.0.0.1:{port}", backoff=Backoff(600.0, 600.0))
    state = watch.until(lambda state: state.link == "unreachable")
    assert (state.code, state.retry_at_ms, state.last_contact_ms) == ("no-connection", NOON_MS + 300_000, None)


def test_a_record_does_not_shorten_the_wait_after_a_failure(kiosk, between, send, watch):
    kiosk.rate(5)
    between.always = refused(500)
    courier = send(kiosk, between.address, backoff=Backoff(600.0, 600.0))
    watch.until(lambda state: state.retry_at_ms is not None)
    for _ in range(20):
        kiosk.rate(5)
        courier.wake()
    courier.stop()
    assert len(between.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "0"}, 1),
        ({"Retry_After": "999999"}, 21600),
        ({"Retry_After": "Fri, 20 Nov 2026 04:00:30 GMT"}, 30),
        ({"Retry_After": "nonsense"}, 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_that_asks_to_wait_is_left_alone_for_so_long(headers, wait_s, status, kiosk, between, send, watch):
    def busy(between, request, body):
        request.date_time_string = lambda: "Fri, 20 Nov 2026 04:00:00 GMT"
        answer(request, status, "text/plain", b"", **headers)

    kiosk.rate(5)
    between.always = busy
    send(kiosk, between.address)
    state = watch.until(lambda state: state.code == "busy")
    assert state.retry_at_ms == NOON_MS + wait_s * 1000


def test_a_batch_too_large_is_halved_until_it_passes(kiosk, hub, between, send, watch, tmp_path):
    def narrow(between, request, body):
        if request.command == "POST" and len(body) > 2000:
            answer(request, 413, "text/html", b"<h1>413 Request Entity Too Large</h1>")
        else:
            answer(request, *between.forward(request, body))

    kiosk.rate_many(100)
    between.always = narrow
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


def test_a_line_that_cuts_long_batches_is_passed_with_short_ones(kiosk, hub, between, send, watch, tmp_path):
    def narrow(between, request, body):
        if request.command == "POST" and len(body) > 2000:
            request.close_connection = True
        else:
            answer(request, *between.forward(request, body))

    kiosk.rate_many(100)
    between.always = narrow
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


@pytest.mark.parametrize("status", [413, 422])
def test_a_record_that_is_refused_alone_is_not_skipped(status, kiosk, hub, between, send, watch):
    def never(between, request, body):
        if request.command == "POST":
            problem = json.dumps({"type": "/problems/broken-chain", "title": "", "status": status}).encode()
            answer(request, status, "application/problem+json", problem)
        else:
            answer(request, *between.forward(request, body))

    kiosk.rate_many(2)
    between.always = never
    send(kiosk, between.address)
    state = watch.until(lambda state: state.link == "refused")
    assert (state.next_seq, kiosk.settled) == (0, [])
    assert hub.standing(kiosk)["generations"] == []


def test_a_hub_that_hangs_does_not_hold_up_the_stop(kiosk, between, send, watch):
    def hang(between, request, body):
        between.release.wait(DEADLINE_S)

    kiosk.rate(5)
    between.always = hang
    courier = send(kiosk, between.address, timeout_s=60.0)
    between.until_asked(1)
    courier.stop(DEADLINE_S)
    assert not courier.is_running


def test_what_is_recorded_while_a_batch_is_on_its_way_is_sent_together(kiosk, hub, between, send, watch, tmp_path):
    def slow(between, request, body):
        between.release.wait(DEADLINE_S)
        answer(request, *between.forward(request, body))

    kiosk.rate_many(5)
    between.faults = [slow]
    courier = send(kiosk, between.address)
    between.until_asked(2)
    for _ in range(10):
        kiosk.rate_many(5)
        courier.wake()
    between.release.set()
    watch.until_sent(kiosk)
    assert len([method for method, _ in between.requests if method == "POST"]) <= 4
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


def test_a_hub_that_hangs_is_given_up(kiosk, hub, between, send, watch, tmp_path):
    def hang(between, request, body):
        between.release.wait(DEADLINE_S)

    kiosk.rate_many(5)
    between.faults = [hang]
    send(kiosk, between.address, timeout_s=0.2)
    state = watch.until(lambda state: state.link == "unreachable")
    assert state.code == "timeout"
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


def test_a_hub_that_trickles_is_given_up_though_each_byte_is_in_time(kiosk, hub, between, send, watch, tmp_path):
    import contextlib

    def trickle(between, request, body):
        with contextlib.suppress(OSError):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not between.release.wait(0.05):
                request.wfile.write(b"X: y\r\n")
        request.close_connection = True

    kiosk.rate_many(5)
    between.faults = [trickle]
    send(kiosk, between.address, timeout_s=0.3, connect_s=0.5)
    assert watch.until(lambda state: state.link == "unreachable").code == "timeout"
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, hub, tmp_path)


def test_a_hub_that_dies_and_comes_back_gets_everything_once(kiosk, send, watch, tmp_path):
    first = Hub(settings(tmp_path / "hub"))
    first.start()
    port = first.address.rpartition(":")[2]
    kiosk.rate_many(5)
    courier = send(kiosk, first.address)
    watch.until_sent(kiosk)
    first.stop()
    kiosk.rate_many(5)
    courier.wake()
    watch.until(lambda state: state.link == "unreachable")
    second = Hub(settings(tmp_path / "hub", listen=f"127.0.0.1:{port}"))
    second.start()
    watch.until_sent(kiosk)
    nothing_lost_and_nothing_twice(kiosk, Caller(second.address), tmp_path)
    second.stop()


def test_proxies_and_certificates_of_the_environment_are_ignored(kiosk, hub, send, watch, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    kiosk.rate(5)
    send(kiosk, hub.address)
    watch.until_sent(kiosk)


@pytest.fixture
def tls_hub(tmp_path):
    certificate = make_certificate(tmp_path)
    hub = Hub(settings(tmp_path / "hub", tls=Tls(str(certificate), str(tmp_path / "key.pem"))))
    hub.start()
    yield hub.address, certificate
    hub.stop()


def test_a_hub_with_the_configured_certificate_is_trusted(kiosk, tls_hub, send, watch, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    kiosk.rate(5)
    send(kiosk, tls_hub[0], ca_file=tls_hub[1])
    watch.until_sent(kiosk)


def test_a_hub_with_another_certificate_is_not(kiosk, tls_hub, send, watch, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls_hub[1]))
    kiosk.rate(5)
    send(kiosk, tls_hub[0])
    state = watch.until(lambda state: state.retry_at_ms is not None)
    assert (state.link, state.code, state.last_contact_ms) == ("unreachable", "tls", None)


def test_a_certificate_file_that_is_missing_is_said(kiosk, tls_hub, send, watch, tmp_path):
    send(kiosk, tls_hub[0], ca_file=tmp_path / "missing.pem")
    assert watch.until(lambda state: state.retry_at_ms is not None).link == "unreachable"


def test_a_proxy_that_is_configured_is_used(kiosk, between, send, watch):
    kiosk.rate(5)
    send(kiosk, "http://hub.invalid", proxy=between.address)
    between.until_asked(1)


def test_a_journal_that_cannot_be_read_is_said_and_tried_again(kiosk, hub, send, watch):
    kiosk.rate(5)
    hidden = kiosk.directory / "journal.db"
    hidden.rename(kiosk.directory / "aside.db")
    send(kiosk, hub.address)
    state = watch.until(lambda state: state.code == "unusable")
    assert state.link == "never"
    (kiosk.directory / "aside.db").rename(hidden)
    watch.until_sent(kiosk)


def test_the_token_is_in_no_log_and_no_description(kiosk, between, send, caplog):
    from sync.courier import HubAddress

    kiosk.rate(5)
    between.faults = [refused(401), wrong_head, garbage]
    watch = Watch()
    with caplog.at_level("DEBUG"):
        send(kiosk, between.address, watch=watch)
        watch.until_sent(kiosk)
    assert "device-token" not in caplog.text
    assert "device-token" not in repr(HubAddress("https://hub", "device-token"))
