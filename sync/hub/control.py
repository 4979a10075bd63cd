"""What a command of the same user asks of the running hub, which alone writes its store: over `sync.control_socket`.

One JSON line in, one JSON line out. Where no hub runs, the command takes the hub's lock and writes by itself.
"""

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

import msgspec
from msgspec import Struct

from sync.control_socket import ControlSocket, call
from sync.enrolment import EnrolmentError, Pinned
from sync.hub.enrolment import EnrolAsked, KnownDevice
from sync.hub.parcels import ParcelIntake
from sync.hub.province_control import ProvinceAsked, ProvinceControlError, ProvinceSaid
from sync.hub.province_control import carry_out as carry_out_for_province
from sync.hub.schema import HubError
from sync.hub.settlements import Settlement, SettlementError, Unsettled
from sync.hub.store import NotNext, Store
from sync.hub.verify import Refused
from sync.parcels.acknowledgement import Acknowledgement
from sync.parcels.parcel import ParcelError

if TYPE_CHECKING:
    from sync.hub.reporting import Reporting

log = logging.getLogger(__name__)

DEVICES_A_PAGE: Final = 100


class Asked(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One question: a settlement to keep, something about the reports, a parcel to take, a device to let in or to shut
    out, the devices; or else the list of what is not settled.
    """

    settle: Settlement | None = None
    province: ProvinceAsked | None = None
    parcel: bytes = b""
    enrol: EnrolAsked | None = None
    pinned: Pinned | None = None
    """With `enrol`: what the code vouches for."""
    revoke: str = ""
    devices: int = 0
    """A page of the devices, from 1: a line is bounded."""


class Said(Struct, frozen=True, omit_defaults=True):
    """`error` is empty where it was done."""

    error: str = ""
    unsettled: list[Unsettled] = []
    acknowledgement: Acknowledgement | None = None
    code: str = ""
    expires_ms: int = 0
    devices: list[KnownDevice] = []
    province: ProvinceSaid | None = None


class Control(ControlSocket):
    """`store` belongs to the one thread of `executor`. `reporting` is None where the hub reports to nobody."""

    def __init__(
        self,
        directory: Path,
        store: Store,
        executor: Executor,
        now_ms: Callable[[], int],
        parcels: ParcelIntake,
        reporting: "Reporting | None" = None,
    ) -> None:
        self._reporting = reporting
        super().__init__(directory, "hub-control", self._said)
        self._store = store
        self._executor = executor
        self._now_ms = now_ms
        self._parcels = parcels

    def _said(self, line: bytes) -> bytes:
        return msgspec.json.encode(self._understood(line))

    def _understood(self, line: bytes) -> Said:
        try:
            asked = msgspec.json.decode(line, type=Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            return Said(f"not understood: {fault}")
        if asked.province is not None:
            return self._for_province(asked.province)
        if asked.parcel:
            return take_parcel(self._parcels, asked.parcel, self._now_ms())
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
        if asked.enrol is not None and asked.pinned is not None:
            code, expires_ms = store.enrolments.make_code(asked.enrol, asked.pinned, now_ms)
            return Said(code=str(code), expires_ms=expires_ms)
        if asked.revoke:
            store.enrolments.revoke(asked.revoke, now_ms)
            return Said()
        if asked.devices:
            begins = (asked.devices - 1) * DEVICES_A_PAGE
            return Said(devices=store.enrolments.devices()[begins : begins + DEVICES_A_PAGE])
        if asked.settle is None:
            return Said(unsettled=store.unsettled())
        store.settle(asked.settle, now_ms)
    except (SettlementError, EnrolmentError) as fault:
        return Said(str(fault))
    except sqlite3.Error as fault:
        log.exception("the store does not work")
        return Said(f"the hub's disk does not take anything: {fault}")
    log.info("device %.12s: the visit at sequence %d is settled", asked.settle.device, asked.settle.asked)
    return Said()


def take_parcel(parcels: ParcelIntake, content: bytes, now_ms: int) -> Said:
    """On any thread from which the store's can be waited for."""
    try:
        outcome = parcels.take(content, now_ms)
    except (ParcelError, HubError) as fault:
        return Said(str(fault))
    except sqlite3.Error as fault:
        log.exception("the store does not work")
        return Said(f"the hub's disk does not take anything: {fault}")
    match outcome:
        case Acknowledgement():
            return Said(acknowledgement=outcome)
        case NotNext(wanted, _):
            return Said(f"a parcel of this kiosk that begins with record {wanted} or before has to come first")
        case Refused(_, detail):
            return Said(detail)
        case _:
            assert_never(outcome)


def ask_running_hub(directory: Path, asked: Asked) -> Said | None:
    """None where no hub runs. Raises `HubError` where one runs and does not answer."""
    try:
        said = call(directory, msgspec.json.encode(asked))
        return None if said is None else msgspec.json.decode(said, type=Said)
    except (OSError, msgspec.MsgspecError) as fault:
        raise HubError(f"the running hub did not answer ({fault}): try again; its log says more") from fault
