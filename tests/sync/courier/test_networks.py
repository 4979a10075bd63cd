"""Networks as they are, between a courier and a hub behind TLS. Nothing is lost, nothing is there twice."""

import contextlib
import random
import socket
import sqlite3
import threading
from base64 import b64encode
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync.backoff import Backoff
from sync.hub.schema import FILE_NAME
from sync.hub.server import Hub
from sync.hub.settings import Tls
from tests.sync.certificates import Authority
from tests.sync.courier.conftest import DEADLINE_S, answer
from tests.sync.fault_proxy import (
    Cut,
    DeadAddress,
    FaultProxy,
    Intercept,
    Line,
    Page,
    Relay,
    any_fault,
    half_open,
    hang,
    lost_reply,
    named,
    reset,
)
from tests.sync.hub.conftest import DEVICE_TOKEN, settings
from tests.sync.hub.pen import NOON_MS

NAME = "hub.hall.example"
ONCE = Backoff(600.0, 600.0)
"""After the first failure nothing more happens in a test."""


class Names:
    """A resolver that says what the test wants: name and port to places."""

    def __init__(self):
        self.known = {}
        self._asked = socket.getaddrinfo

    def __call__(self, host, port, *args, **kwargs):
        if not str(host).endswith(".example"):
            return self._asked(host, port, *args, **kwargs)
        if (host, port) not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kinds = [(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, place) for place in self.known[host, port]]
        return [(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place) for kind, place in kinds]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "the-halls-own")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "a-stranger")


@pytest.fixture
def names(monkeypatch):
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return names


@pytest.fixture
def secured(tmp_path, authority):
    """The place of a hub behind TLS, and a way to ask it that nothing stands in."""
    signed = authority.sign(NAME, "127.0.0.1")
    hub = Hub(settings(tmp_path / "hub", tls=Tls(str(signed.certificate), str(signed.key))), lambda: NOON_MS)
    hub.start()
    yield "127.0.0.1", int(hub.address.rpartition(":")[2])
    hub.stop()


@pytest.fixture
def proxy(secured, names):
    proxy = FaultProxy(secured)
    names.known[NAME, 443] = [proxy.place]
    yield proxy
    proxy.close()


@pytest.fixture
def liar(names):
    """What a name leads to that lies, or what a network puts in the hub's place."""
    liar = FaultProxy()
    names.known[NAME, 443] = [liar.place]
    yield liar
    liar.close()


@pytest.fixture
def portal(names):
    """What a network shows to whoever asks the hub's host in the clear."""
    portal = FaultProxy()
    names.known[NAME, 80] = [portal.place]
    yield portal
    portal.close()


@pytest.fixture
def send_to(send, authority):
    def start(kiosk, **address):
        return send(kiosk, address.pop("url", f"https://{NAME}"), ca_file=authority.file, **address)

    return start


def all_of_it_once(kiosk, tmp_path):
    with closing(sqlite3.connect(tmp_path / "hub" / FILE_NAME)) as db:
        assert [row[0] for row in db.execute("SELECT hash FROM record ORDER BY branch, seq")] == kiosk.hashes()


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        Page(),
        Relay(Cut("question", 1, 100)),
        Relay(Cut("answer", 1, 500)),
        Relay(Cut("question", 2, 300)),
        lost_reply(2),
        lost_reply(3),
        lost_reply(4),
        Relay(Cut("answer", 3, 50, then="close")),
        Relay(piece=7),
        Relay(one_way_s=0.02, bytes_a_second=200_000),
    ],
    ids=named,
)
def test_after_a_fault_of_the_line_the_rest_is_sent_once(fault, kiosk, proxy, send_to, watch, tmp_path):
    kiosk.rate_many(10)
    proxy.faults = [fault, fault]
    send_to(kiosk)
    watch.until_sent(kiosk)
    all_of_it_once(kiosk, tmp_path)


@pytest.mark.parametrize(
    "fault", [hang, half_open(1), half_open(2), half_open(3), Relay(Cut("answer", 3, then="silence"))], ids=named
)
def test_a_line_that_falls_silent_is_given_up_and_the_rest_is_sent_once(fault, kiosk, proxy, send_to, watch, tmp_path):
    kiosk.rate_many(10)
    proxy.faults = [fault]
    send_to(kiosk, timeout_s=0.3, connect_s=0.3)
    assert watch.until(lambda state: state.link == "unreachable").code == "timeout"
    watch.until_sent(kiosk)
    all_of_it_once(kiosk, tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_one_fault_after_the_other_never_moves_the_cursor_past_the_hub(seed, kiosk, proxy, send_to, watch, tmp_path):
    chance = random.Random(seed)
    proxy.faults = [any_fault(chance, pages=True) for _ in range(40)]
    kiosk.rate_many(200)
    believed = []

    def compare(state):
        with closing(sqlite3.connect(tmp_path / "hub" / FILE_NAME)) as db:
            (held,) = db.execute("SELECT count(*) FROM record").fetchone()
        believed.append((state.next_seq, held))
        watch(state)

    send_to(kiosk, watch=compare)
    watch.until_sent(kiosk)

    assert all(next_seq <= held for next_seq, held in believed)
    all_of_it_once(kiosk, tmp_path)


def test_a_line_that_the_network_has_forgotten_is_not_used_again(kiosk, proxy, send_to, watch):
    """Through the handshake, the question where the hub stands and the first batch; then a home router forgets it."""
    proxy.faults = [half_open(4), half_open(5)]
    courier = send_to(kiosk, idle_s=0.0)
    watch.until_sent(kiosk)
    kiosk.rate(5)
    courier.wake()
    watch.until_sent(kiosk)
    assert {state.link for state in watch.states} == {"ok"}


def test_an_address_that_never_answers_beside_one_that_does_costs_nothing(kiosk, secured, names, send_to, watch):
    dead = [DeadAddress("::1"), DeadAddress("127.0.0.2")]
    names.known[NAME, 443] = [*(one.place for one in dead), secured]
    kiosk.rate(5)
    send_to(kiosk)
    watch.until_sent(kiosk)
    for one in dead:
        one.close()
    assert {state.link for state in watch.states} == {"ok"}


def test_addresses_that_never_answer_are_given_up_together(kiosk, names, send_to, watch):
    dead = [DeadAddress(f"127.0.0.{number}") for number in range(2, 10)]
    names.known[NAME, 443] = [one.place for one in dead]
    send_to(kiosk, connect_s=0.6, timeout_s=0.5, backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    for one in dead:
        one.close()
    assert (state.link, state.code) == ("unreachable", "timeout")


def test_a_courier_that_stops_lets_go_of_addresses_that_never_answer(kiosk, names, send_to):
    dead = DeadAddress("127.0.0.2")
    names.known[NAME, 443] = [dead.place]
    looked = threading.Event()

    class Looked(list):
        def __iter__(self):
            looked.set()
            return super().__iter__()

    names.known[NAME, 443] = Looked([dead.place])
    courier = send_to(kiosk, connect_s=60.0)
    assert looked.wait(DEADLINE_S)
    courier.stop(DEADLINE_S)
    dead.close()
    assert not courier.is_running


def test_a_name_that_leads_nowhere_is_told(kiosk, names, send_to, watch):
    send_to(kiosk, backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    assert (state.link, state.code) == ("unreachable", "dns")


@pytest.mark.parametrize(
    ("page", "link", "code"),
    [
        (Page(), "portal", "portal"),
        (Page("302 Found", "http://login.invalid/?from=hub"), "portal", "portal"),
        (Page("511 Network Authentication Required"), "portal", "portal"),
        (Page("301 Moved Permanently", f"https://{NAME}/v1/health"), "unreachable", "tls"),
        (Page("302 Found", "/elsewhere"), "unreachable", "tls"),
        (Page("302 Found", "http://[broken"), "unreachable", "tls"),
        (Page("404 Not Found"), "unreachable", "tls"),
        (hang, "unreachable", "tls"),
        (reset, "unreachable", "tls"),
    ],
    ids=named,
)
def test_whoever_breaks_into_tls_gets_nothing_and_a_log_in_page_is_told(
    page, link, code, kiosk, liar, portal, stranger, send_to, watch, monkeypatch
):
    monkeypatch.setattr("sync.hub_client.LOOK_S", 0.5)
    kiosk.rate(5)
    false = stranger.sign(NAME)
    liar.always = Intercept(str(false.certificate), str(false.key))
    portal.always = page
    send_to(kiosk, backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    assert (state.link, state.code, state.last_contact_ms) == (link, code, None)
    seen = liar.received + portal.received
    assert portal.lines
    assert portal.received.startswith(b"GET /v1/health HTTP/1.1\r\n") == isinstance(page, Page)
    for secret in (DEVICE_TOKEN, "Authorization", "Bearer", kiosk.device, "pressed"):
        assert secret.encode() not in seen


def test_a_name_that_lies_leads_to_a_log_in_page_and_afterwards_to_the_hub(
    kiosk, secured, names, liar, portal, stranger, send_to, watch, tmp_path
):
    kiosk.rate_many(5)
    false = stranger.sign("login.invalid")
    liar.always = Intercept(str(false.certificate), str(false.key))
    portal.always = Page("302 Found", "http://login.invalid/")
    send_to(kiosk)
    watch.until(lambda state: state.link == "portal")
    names.known[NAME, 443] = [secured]
    watch.until_sent(kiosk)
    all_of_it_once(kiosk, tmp_path)


@pytest.mark.parametrize(
    ("hosts", "days", "code"),
    [((NAME,), (-9, -2), "tls-date"), ((NAME,), (2, 9), "tls-date"), (("other.example",), (-1, 2), "tls-name")],
)
def test_what_is_wrong_with_a_certificate_of_the_right_authority_is_told(
    hosts, days, code, kiosk, liar, authority, send_to, watch
):
    signed = authority.sign(*hosts, days=days)
    liar.always = Intercept(str(signed.certificate), str(signed.key))
    send_to(kiosk, backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    assert (state.link, state.code) == ("unreachable", code)


class PasswordProxy:
    """An HTTP proxy that lets `clerk` with the password `p:w@ d/1` through to anywhere."""

    def __init__(self):
        allowed = b64encode(b"clerk:p:w@ d/1").decode()
        self.tunnels, self.status, tunnels = [], 407, self

        class Handler(BaseHTTPRequestHandler):
            def do_CONNECT(self):
                if self.headers["Proxy-Authorization"] != f"Basic {allowed}":
                    self.send_response(tunnels.status)
                    self.send_header("Proxy-Authenticate", 'Basic realm="hall"')
                    self.end_headers()
                    return
                tunnels.tunnels.append(self.path)
                self.send_response(200)
                self.end_headers()
                host, _, port = self.path.rpartition(":")
                with contextlib.suppress(OSError):
                    Relay()(Line(self.connection, (host, int(port)), threading.Event()))

            def do_GET(self):
                self.do_CONNECT()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(DEADLINE_S)


@pytest.fixture
def password_proxy():
    proxy = PasswordProxy()
    yield proxy
    proxy.close()


def test_a_proxy_with_a_password_lets_the_courier_through(
    kiosk, secured, password_proxy, send_to, watch, tmp_path, caplog
):
    kiosk.rate_many(5)
    with caplog.at_level("DEBUG"):
        url = f"https://{secured[0]}:{secured[1]}"
        send_to(kiosk, url=url, proxy=f"http://clerk@{password_proxy.place}", proxy_password="p:w@ d/1")
        watch.until_sent(kiosk)
    all_of_it_once(kiosk, tmp_path)
    assert set(password_proxy.tunnels) == {f"{secured[0]}:{secured[1]}"}
    assert "p:w@" not in caplog.text


@pytest.mark.parametrize(
    ("proxy", "password", "status", "code"),
    [
        ("clerk@", "wrong", 407, "proxy-password"),
        ("clerk@", "", 407, "proxy-password"),
        ("", "", 407, "proxy-password"),
        ("", "", 403, "proxy-refused"),
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_proxy_that_wants_another_password_is_told(
    scheme, proxy, password, status, code, kiosk, password_proxy, send_to, watch
):
    password_proxy.status = status
    address = f"http://{proxy}{password_proxy.place}"
    send_to(kiosk, url=f"{scheme}://{NAME}", proxy=address, proxy_password=password, backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    if (scheme, status) == ("http", 403):
        assert (state.link, state.code) == ("refused", "refused")
    else:
        assert (state.link, state.code) == ("unreachable", code)


def test_a_proxy_that_is_not_there_is_told(kiosk, send_to, watch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    send_to(kiosk, proxy=f"http://127.0.0.1:{port}", backoff=ONCE)
    state = watch.until(lambda state: state.retry_at_ms is not None)
    assert (state.link, state.code) == ("unreachable", "proxy")


def test_a_portals_cookie_goes_nowhere(kiosk, between, send, watch):
    cookies = []

    def sets_a_cookie(between, request, body):
        cookies.append(request.headers["Cookie"])
        answer(request, 200, "text/html", b"", Set_Cookie="session=1; Path=/")

    kiosk.rate(5)
    between.faults = [sets_a_cookie, sets_a_cookie, sets_a_cookie]
    send(kiosk, between.address)
    watch.until_sent(kiosk)
    assert cookies == [None] * 3
