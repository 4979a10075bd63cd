"""A feed over a real socket, and a hub that says whatever a test likes."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kiosk.published.feed import Feed, FeedPorts
from sync.courier import HubAddress
from sync.publication.manifest import PublicationError
from sync.publication.shelf import Shelf
from tests.sync.publication.press import PUBLISHER

PATIENCE_S = 20.0
LISTED = "/v1/publications"


class Liar:
    """A hub that was taken over: `offered` is what it says it has, `files` what it gives."""

    def __init__(self) -> None:
        self.offered: list[dict[str, object]] = []
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.cut_after: list[int] = []
        """Bytes after which an answer ends early, one for each answer; used up from the front."""
        self.page: tuple[int, str, bytes] | None = None
        """What every question is answered with, by a log-in page say."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def offer(self, kind: str, version: int, content: bytes, **said: object) -> None:
        digest = hashlib.sha256(content).hexdigest()
        self.offered = [{"kind": kind, "version": version, "bytes": len(content), "sha256": digest, **said}]
        self.files = {f"{LISTED}/{kind}/{version}": content}

    def fetched(self) -> list[str]:
        """The ranges that files were asked for with."""
        return [header for path, header in self.asked if path != LISTED]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range", "")
                liar.asked.append((self.path, wanted))
                status, kind, body = liar.page or liar.answer(self.path)
                begins = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and status == 200 else 0
                self.send_response(206 if begins else status)
                self.send_header("Content-Type", kind)
                if begins:
                    self.send_header("Content-Range", f"bytes {begins}-{len(body) - 1}/{len(body)}")
                self.send_header("Content-Length", str(len(body) - begins))
                self.end_headers()
                cut = liar.cut_after.pop(0) if self.path != LISTED and liar.cut_after else len(body)
                self.wfile.write(body[begins : begins + cut])
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, path: str) -> tuple[int, str, bytes]:
        if path == LISTED:
            return 200, "application/json", json.dumps({"publications": self.offered}).encode()
        content = self.files.get(path)
        return (
            (404, "application/problem+json", b"{}") if content is None else (200, "application/octet-stream", content)
        )


class Receiver:
    """A kiosk, as far as the feed knows it."""

    def __init__(self, storage: Path) -> None:
        self.storage = storage
        self.shelf = Shelf(storage)
        self.notes: list[tuple[str, str]] = []
        self.faults: dict[str, str] = {}
        """Kind to what this kiosk has against its contents."""
        self.sent_all = self.reached = True
        self.looks = 0
        self.moved = threading.Condition()

    @contextmanager
    def feed(self, address: str, token: str = "token", reserve_bytes: int = 0) -> Iterator[Feed]:
        ports = FeedPorts(self._may_come, lambda: self.reached, self._check, self._note, lambda _: None, self._changed)
        feed = Feed(HubAddress(address, token, timeout_s=5.0), PUBLISHER.public, self.shelf, ports, reserve_bytes)
        feed.start()
        feed.wake()
        try:
            yield feed
        finally:
            feed.stop()

    def until(self, holds: Callable[[], bool]) -> None:
        """Looks when the feed says something, and every little while: a server's side is not told here."""
        ends = time.monotonic() + PATIENCE_S
        with self.moved:
            while not holds():
                assert time.monotonic() < ends
                self.moved.wait(0.01)

    def took(self, kind: str, version: int) -> None:
        self.until(lambda: ("published", f"{kind} {version}") in self.notes)

    def refused(self, kind: str, version: int) -> str:
        """Waits for a refusal, and gives its code."""
        self.until(lambda: any(said.startswith(f"{kind} {version} ") for _, said in self.notes))
        return next(said for _, said in self.notes if said.startswith(f"{kind} {version} ")).split()[2]

    def fetching(self) -> list[str]:
        folder = self.storage / "published" / "fetching"
        return [path.name for path in folder.iterdir()] if folder.exists() else []

    def _may_come(self) -> bool:
        with self.moved:
            self.looks += 1
            self.moved.notify_all()
            return self.sent_all

    def _check(self, kind: str, _folder: Path) -> None:
        if kind in self.faults:
            raise PublicationError("faulty", self.faults[kind])

    def _note(self, what: str, detail: dict[str, str | int]) -> None:
        with self.moved:
            self.notes.append(
                (what, " ".join(str(detail[key]) for key in ("kind", "version", "code") if key in detail))
            )
            self.moved.notify_all()

    def _changed(self) -> None:
        with self.moved:
            self.moved.notify_all()
