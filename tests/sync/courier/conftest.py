import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync.backoff import Backoff
from sync.courier import Courier, HubAddress, Signing
from sync.hub.server import Hub
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Ask, At, Case, VisitAsked, VisitEnded, VisitId, VisitPressed
from sync.sealing import Recipient, Sealer
from tests.sync.hub.conftest import DEVICE_TOKEN, Caller, settings
from tests.sync.hub.pen import NOON_MS

DEADLINE_S = 20


class Kiosk:
    """A real journal with its keys; ratings without a screen."""

    def __init__(self, directory, recipients=()):
        self.directory = directory
        self.keys = KeyStore(directory / "keys")
        self.device = self.keys.device
        self.sealer = Sealer(recipients)
        self.visits = 0
        self.settled = []
        self.open()

    def open(self):
        self.journal = Journal(self.directory, self.keys, self.sealer, 480, self.at())

    def at(self):
        return At(NOON_MS + self.visits, self.visits, "00" * 8)

    def rate(self, level=5, cases=()):
        self.visits += 1
        visit = VisitId(self.visits.to_bytes(8) + self.directory.name.encode()[:8].ljust(8))
        kind = "case" if cases else "window"
        ask = Ask("3", "window", kind, "window-evaluator", "window-interface", 60, clerk="1001", cases=tuple(cases))
        run = [VisitAsked(visit, ask, self.at())]
        if level:
            run.append(VisitPressed(visit, level, "glass", self.at()))
        run.append(VisitEnded(visit, "rated" if level else "not-rated", "thanked", self.at()))
        self.journal.append(run)

    def rate_many(self, count):
        for number in range(count):
            self.rate(number % 5 + 1)

    def hashes(self):
        return [row[0] for row in self.journal.connection.execute("SELECT hash FROM record ORDER BY position")]

    @property
    def records(self):
        return len(self.hashes())


class Watch:
    """Collects what the courier says; a test waits for what it wants to see."""

    def __init__(self):
        self.states = []
        self._changed = threading.Condition()

    def __call__(self, state):
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def until(self, wanted):
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(wanted, self.states), None), DEADLINE_S)
        assert found, f"never seen; last: {self.states[-3:]}"
        return found

    def until_sent(self, kiosk):
        return self.until(lambda state: state.link == "ok" and state.next_seq == kiosk.records)


class Between:
    """Stands between courier and hub. Does one fault after the other, then passes everything on."""

    def __init__(self, hub_address):
        self.hub = hub_address.partition("//")[2]
        self.faults = []
        self.always = None
        self.requests = []
        self.release = threading.Event()
        self._seen = threading.Condition()
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                between.handle(self, b"")

            def do_POST(self):
                between.handle(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # the courier cut the line, as some tests want

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def handle(self, request, body):
        with self._seen:
            self.requests.append((request.command, len(body)))
            fault = self.always or (self.faults.pop(0) if request.command == "POST" and self.faults else None)
            self._seen.notify_all()
        if fault is None:
            answer(request, *self.forward(request, body))
        else:
            fault(self, request, body)

    def forward(self, request, body):
        connection = HTTPConnection(self.hub, timeout=10)
        try:
            connection.request(request.command, request.path, body or None, dict(request.headers))
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    def until_asked(self, times):
        with self._seen:
            assert self._seen.wait_for(lambda: len(self.requests) >= times, DEADLINE_S)

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(DEADLINE_S)


def answer(request, status, kind, body, **headers):
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def hub(tmp_path):
    hub = Hub(settings(tmp_path / "hub"), lambda: NOON_MS)
    hub.start()
    yield Caller(hub.address)
    hub.stop()


@pytest.fixture
def between(hub):
    between = Between(hub.address)
    yield between
    between.close()


@pytest.fixture
def kiosk(tmp_path):
    kiosk = Kiosk(tmp_path / "kiosk")
    yield kiosk
    kiosk.journal.close()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def send(watch):
    """Starts a courier; every one is stopped when the test ends."""
    couriers = []

    def start(kiosk, url, backoff=None, watch=watch, at=None, clock=None, rest_s=lambda: 0.0, **address):
        courier = Courier(
            kiosk.device,
            HubAddress(url, address.pop("token", DEVICE_TOKEN), **{"timeout_s": 10.0, **address}),
            lambda: JournalReader(kiosk.directory),
            Signing(kiosk.keys.sign, lambda: kiosk.keys.changes),
            lambda generation, next_seq: kiosk.settled.append((generation, next_seq)),
            watch,
            lambda: NOON_MS,
            lambda: 0.5,
            backoff or Backoff(0.0, 0.0),
            at,
            clock,
            rest_s=rest_s,
        )
        couriers.append(courier)
        courier.start()
        return courier

    yield start
    for courier in couriers:
        courier.stop()


@pytest.fixture
def hub_recipient():
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return Recipient("hub", X25519PrivateKey.generate().public_key().public_bytes_raw())


@pytest.fixture
def case():
    return Case(project_no="T-2026-1", task_code="T1")
