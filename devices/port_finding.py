"""Which serial port a box stands behind today, by what identifies its adapter. Asked again at each opening: a hub that
renumbers its ports, or another socket, must never bring the box of one window to another.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from serial.tools.list_ports_common import ListPortInfo

from devices.port_error import PortError

_USB = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class PortChoice:
    """A port by its path, or by the USB ids of its adapter ("1a86:7523"). `serial` is the adapter's serial number,
    `location` the socket that it is plugged into ("1-1.2", as in /sys/bus/usb/devices).
    """

    path: str = ""
    usb: str = ""
    serial: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        """ValueError if this says not exactly one port, or says it in a way that no port can fit."""
        if bool(self.path) == bool(self.usb):
            raise ValueError("a port is given either by its path or by its USB ids")
        if self.path and (self.serial or self.location):
            raise ValueError("serial and location belong to USB ids, not to a path")
        if self.usb and not _USB.fullmatch(self.usb):
            raise ValueError(f'USB ids are eight hex digits in lower case, as "1a86:7523", not "{self.usb}"')

    def __str__(self) -> str:
        return self.path or " ".join(
            part
            for part in (
                f"usb {self.usb}",
                f"serial {self.serial}" if self.serial else "",
                f"at {self.location}" if self.location else "",
            )
            if part
        )


class FoundPort(NamedTuple):
    path: str
    identity: str
    """By what it was recognised: "1a86:7523 at 1-1.2", "0403:6001 serial A50285BI", or the path that was given, with
    the adapter that stands behind it now: "/dev/ttyUSB0 (1a86:7523 at 1-1.2)".
    """


def find(choice: PortChoice, comports: Callable[[], Iterable[ListPortInfo]]) -> FoundPort:
    """The port that fits. PortError "missing" where none does, "ambiguous" where several do: none of them is taken."""
    ports = _listed(comports, choice)
    if choice.path:
        return _by_path(choice.path, ports)
    found = [port for port in ports if _fits(port, choice)]
    if not found:
        raise PortError("missing", _missing(choice, ports))
    if len(found) > 1:
        raise PortError("ambiguous", f"{len(found)} ports are {choice}: {_named(found)}; {_remedy(found)}")
    return FoundPort(found[0].device, identity_of(found[0]))


def identity_of(port: ListPortInfo) -> str:
    """By what a port is recognised when it comes back: its serial number if it has one, else the socket it is in."""
    if port.vid is None or port.pid is None:
        return str(port.device)
    if port.serial_number:
        return f"{_usb_ids(port)} serial {port.serial_number}"
    return f"{_usb_ids(port)} at {port.location}" if port.location else _usb_ids(port)


def _listed(comports: Callable[[], Iterable[ListPortInfo]], choice: PortChoice) -> list[ListPortInfo]:
    try:
        return sorted(comports())
    except (OSError, TypeError, ValueError) as error:
        # pyserial reads an adapter's ids from sysfs one by one: one pulled out meanwhile has None for a number.
        raise PortError("missing", f"port {choice} was not found: the list of ports changed meanwhile") from error


def _fits(port: ListPortInfo, choice: PortChoice) -> bool:
    if port.vid is None or port.pid is None or _usb_ids(port) != choice.usb:
        return False
    location = port.location or ""
    at_place = location == choice.location or location.startswith(f"{choice.location}:")
    return (not choice.serial or port.serial_number == choice.serial) and (not choice.location or at_place)


def _by_path(path: str, ports: list[ListPortInfo]) -> FoundPort:
    """Adapters without a serial number share one name in by-id: it leads to whichever was plugged in last."""
    device = Path(path).resolve()
    behind = next((port for port in ports if port.vid is not None and Path(port.device) == device), None)
    if behind is None:
        return FoundPort(path, path)
    alike = [port for port in ports if _shares_name(port, behind)]
    if len(alike) > 1 and Path(path).parent.name == "by-id":
        raise PortError("ambiguous", f"{path} is the name of {len(alike)} ports: {_named(alike)}; {_remedy(alike)}")
    return FoundPort(path, f"{path} ({identity_of(behind)})")


def _shares_name(port: ListPortInfo, other: ListPortInfo) -> bool:
    return (port.vid, port.pid, port.serial_number, _interface(port)) == (
        other.vid,
        other.pid,
        other.serial_number,
        _interface(other),
    )


def _interface(port: ListPortInfo) -> str:
    return (port.location or "").partition(":")[2]


def _usb_ids(port: ListPortInfo) -> str:
    return f"{port.vid:04x}:{port.pid:04x}"


def _missing(choice: PortChoice, ports: list[ListPortInfo]) -> str:
    alike = [port for port in ports if port.vid is not None and _usb_ids(port) == choice.usb]
    there = f"plugged in is {_named(alike)}" if alike else "nothing with these ids is plugged in"
    return f"no port is {choice}: {there}"


def _named(ports: list[ListPortInfo]) -> str:
    return ", ".join(f"{port.device} ({_told_apart_by(port)})" for port in ports)


def _told_apart_by(port: ListPortInfo) -> str:
    serial = f"serial {port.serial_number}" if port.serial_number else "no serial number"
    return f"{serial}, at {port.location}" if port.location else serial


def _remedy(ports: list[ListPortInfo]) -> str:
    """What to write so that one of them is meant."""
    usb = f'usb = "{_usb_ids(ports[0])}"'
    serials = {port.serial_number for port in ports}
    if None not in serials and len(serials) == len(ports):
        return f'write {usb} with serial = "{ports[0].serial_number}" for the first, and so on'
    if not ports[0].location:
        return "plug in only the one that is meant"
    return f'write {usb} with location = "{ports[0].location}" for the first, and so on; each then keeps its socket'
