"""The control socket: how a command of the same user reaches the running hub, which alone writes its store.

A Unix socket (0600) beside the store. One JSON line in, one JSON line out. Where no hub runs, the command takes the
hub's lock and writes by itself.
"""

import logging
import socket
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from sync.hub.province_control import ProvinceAsked, ProvinceControlError, ProvinceSaid
from sync.hub.province_control import carry_out as carry_out_for_province
from sync.hub.schema import HubError
from sync.hub.settlements import Settlement, SettlementError, Unsettled
from sync.hub.store import Store

if TYPE_CHECKING:
    from sync.hub.reporting import Reporting

log = logging.getLogger(__name__)

FILE_NAME: Final = "control.sock"
_MOST_BYTES: Final = 64 * 1024
_PATIENCE_S: Final = 5.0
_LONG_PATIENCE_S: Final = 60.0
"""The store may be at work on a batch, and a disk may be slow."""


class Asked(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One question: a settlement to keep, something about the reports, or else the list of what is not settled."""

    settle: Settlement | None = None
    province: ProvinceAsked | None = None


class Said(Struct, frozen=True, omit_defaults=True):
    """`error` is empty where it was done."""

    error: str = ""
    unsettled: list[Unsettled] = []
    province: ProvinceSaid | None = None


class Control:
    """Listens from `start` to `close`, on a thread of its own. `store` belongs to the one thread of `executor`."""

    def __init__(
        self,
        directory: Path,
        store: Store,
        executor: Executor,
        now_ms: Callable[[], int],
        reporting: "Reporting | None" = None,
    ) -> None:
        self._reporting = reporting
        self._path = directory / FILE_NAME
        self._store = store
        self._executor = executor
        self._now_ms = now_ms
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="hub-control", daemon=True)

    def start(self) -> None:
        """Raises `OSError` where the socket cannot be made. Only the holder of the hub's lock may call it."""
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)  # nobody can connect before `listen`
        self._socket.listen(4)
        self._thread.start()

    def close(self, deadline_s: float = 2.0) -> None:
        if self._thread.is_alive():
            self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(deadline_s)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(_PATIENCE_S)
                try:
                    caller.sendall(msgspec.json.encode(self._answer(_line(caller))) + b"\n")
                except OSError as fault:
                    log.info("a control call ended early: %s", fault)

    def _answer(self, line: bytes) -> Said:
        try:
            asked = msgspec.json.decode(line, type=Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            return Said(f"not understood: {fault}")
        if asked.province is not None:
            return self._for_province(asked.province)
        return self._executor.submit(carry_out, self._store, asked, self._now_ms()).result()

    def _for_province(self, asked: ProvinceAsked) -> Said:
        if self._reporting is None:
            return Said("this hub reports to nobody: its hub.toml has no [province]")
        try:
            if asked.do != "status":
                carry_out_for_province(self._reporting.book, asked, self._now_ms())
                self._reporting.wake(at_once=True)
        except ProvinceControlError as fault:
            return Said(str(fault))
        except sqlite3.Error as fault:
            return Said(f"the hub's disk does not take anything: {fault}")
        return Said(province=self._reporting.state)


def carry_out(store: Store, asked: Asked, now_ms: int) -> Said:
    """On the store's thread."""
    try:
        if asked.settle is None:
            return Said(unsettled=store.unsettled())
        store.settle(asked.settle, now_ms)
    except SettlementError as fault:
        return Said(str(fault))
    except sqlite3.Error as fault:
        log.exception("the store does not work")
        return Said(f"the hub's disk does not take anything: {fault}")
    log.info("device %.12s: the visit at sequence %d is settled", asked.settle.device, asked.settle.asked)
    return Said()


def ask_running_hub(directory: Path, asked: Asked) -> Said | None:
    """None where no hub runs. Raises `HubError` where one runs and does not answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_S)
        try:
            connection.connect(str(directory / FILE_NAME))
        except OSError:
            return None
        try:
            connection.sendall(msgspec.json.encode(asked) + b"\n")
            connection.settimeout(_LONG_PATIENCE_S)
            return msgspec.json.decode(_line(connection), type=Said)
        except (OSError, msgspec.MsgspecError) as fault:
            raise HubError(f"the running hub did not answer ({fault}): try again; its log says more") from fault


def _line(connection: socket.socket) -> bytes:
    """Up to the newline, or to the end of what comes."""
    line = bytearray()
    while not line.endswith(b"\n") and len(line) <= _MOST_BYTES:
        piece = connection.recv(4096)
        if not piece:
            break
        line += piece
    return bytes(line)
