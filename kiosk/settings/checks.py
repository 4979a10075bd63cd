"""What one key cannot tell: names that must differ, that must exist elsewhere, and addresses that must be safe."""

import base64
import binascii
import ipaddress
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from kiosk.settings.faults import Fault, did_you_mean
from kiosk.settings.sections import WINDOW_KEYS, EvaluatorPlace, Hub, ScannerPlace, Settings, WindowInterface

SEAL_KEY_BYTES = 32
_HUB_KEYS = {
    "seal_key": "copy the whole public key that the hub prints",
    "release_key": "copy the whole line that `kiosk hub release-key` prints",
    "seal_change_key": "copy the whole line that `kiosk hub seal-keys` prints",
    "publisher_key": "copy the whole line that `kiosk publish key` prints",
}


def check(settings: Settings) -> list[Fault]:
    faults = [
        *_windows(settings),
        *_evaluators(settings),
        *_scanners(settings),
        *_screen(settings),
        *_sealing(settings),
        *_sound(settings),
    ]
    if settings.window_interface is not None:
        faults += _window_interface(settings.window_interface)
    if settings.hub is not None:
        faults += _hub(settings.hub)
    return faults


def split_address(listen: str) -> tuple[str, int] | None:
    """Host and port of `127.0.0.1:8650` or `[::1]:8650`; None where it is neither."""
    try:
        parts = urlsplit(f"//{listen}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if host is None or port is None or parts.netloc != listen or "@" in listen:
        return None
    return host, port


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _windows(settings: Settings) -> Iterator[Fault]:
    if not settings.windows:
        yield Fault("window", None, "there is no window", "add [[window]] with id, name, place")
    yield from _repeated("window", "id", [window.id for window in settings.windows], "give each window its own id")


def _evaluators(settings: Settings) -> Iterator[Fault]:
    evaluators = settings.evaluators
    yield from _repeated("evaluator", "name", [one.name for one in evaluators], "give each evaluator its own name")
    together = "one [[evaluator]] a port: put all its addresses there"
    yield from _repeated("evaluator", "port", [one.port for one in evaluators], together)
    places = {window.id: window.place for window in settings.windows}
    for number, evaluator in enumerate(evaluators, 1):
        yield from _plugged(f"evaluator[{number}]", evaluator)
        for address, windows in evaluator.windows.items():
            path = f"evaluator[{number}].addresses.{address}"
            if not windows or len(set(windows)) < len(windows):
                yield Fault(path, None, "is no list of windows", 'name each window once: ["3", "4"]')
            for window in windows:
                if window not in places:
                    yield Fault(path, None, f'there is no window "{window}"', did_you_mean(window, places))
                elif len(windows) > 1 and places[window] == "walk-up":
                    problem = f'the walk-up point "{window}" cannot share a box: it takes any press'
                    yield Fault(path, None, problem, "give it a box of its own")


def _scanners(settings: Settings) -> Iterator[Fault]:
    scanners = settings.scanners
    devices: list[EvaluatorPlace | ScannerPlace] = [*settings.evaluators, *scanners]
    names = [one.name for one in devices]
    known = [window.id for window in settings.windows]
    for number, scanner in enumerate(scanners, 1):
        path = f"scanner[{number}]"
        yield from _plugged(path, scanner)
        if names.count(scanner.name) > 1:
            yield Fault(f"{path}.name", None, f'"{scanner.name}" is in use already', "give each device its own name")
        if scanner.window not in known:
            problem = f'there is no window "{scanner.window}"'
            yield Fault(f"{path}.window", None, problem, did_you_mean(scanner.window, known))
    typing = [one.name for one in devices if one.input == WINDOW_KEYS]
    if len(typing) > 1:
        problem = f"{' and '.join(typing)} cannot both type into the window: nobody could tell their keys apart"
        remedy = "name the event device of each, below /dev/input/by-id"
        yield Fault("scanner" if scanners else "evaluator", None, problem, remedy)


def _plugged(path: str, place: EvaluatorPlace | ScannerPlace) -> Iterator[Fault]:
    given = [key for key in ("port", "usb", "input") if getattr(place, key)]
    if len(given) != 1:
        problem = f"both {' and '.join(given)} say where it is" if given else "nothing says where it is plugged in"
        yield Fault(path, None, problem, "write one of port, usb and input")
    if (place.serial or place.location) and not place.usb:
        key = "serial" if place.serial else "location"
        yield Fault(f"{path}.{key}", None, "tells two USB devices apart, and usb is missing", 'add usb = "1a86:7523"')
    if place.input and "/" not in place.input and place.input != WINDOW_KEYS:
        problem = f'"{place.input}" is no event device'
        yield Fault(f"{path}.input", None, problem, 'write its path below /dev/input, or "window"')


def _repeated(section: str, key: str, values: list[str], remedy: str) -> Iterator[Fault]:
    for number, value in enumerate(values, 1):
        first = values.index(value) + 1
        if value and first != number:
            yield Fault(f"{section}[{number}].{key}", None, f'"{value}" is also {section}[{first}].{key}', remedy)


def _screen(settings: Settings) -> Iterator[Fault]:
    known = [window.id for window in settings.windows]
    if settings.screen.window and settings.screen.window not in known:
        window = settings.screen.window
        yield Fault("screen.window", None, f'there is no window "{window}"', did_you_mean(window, known))
    for number, place in enumerate(settings.windows, 1):
        if place.place == "terminal" and place.id != settings.screen_window.id:
            problem = "a terminal is its screen, and another window owns the screen"
            yield Fault(f"window[{number}].place", None, problem, f'write [screen] window = "{place.id}"')


def _sound(settings: Settings) -> Iterator[Fault]:
    for span in settings.sound.quiet:
        begins, _, ends = span.partition("-")
        if begins == ends:
            yield Fault("sound.quiet", None, f'"{span}" ends when it begins', "for no sound at all: enabled = false")


def _sealing(settings: Settings) -> Iterator[Fault]:
    """A case number is sealed before it touches the disk: without a hub nobody could ever open it."""
    windows = [number for number, window in enumerate(settings.windows, 1) if window.place != "walk-up"]
    if windows and settings.hub is None:
        yield Fault(
            f"window[{windows[0]}].place",
            None,
            "a window's case numbers are sealed to the hub, and no hub is named",
            "let the hub enrol this kiosk (`kiosk enrol`), add [hub] with url and seal_key, "
            'or make it a "walk-up" point',
        )
    if windows and settings.hub is not None and not settings.hub.seal_key:
        yield Fault(
            "hub.seal_key",
            None,
            "is missing, and a window's case numbers are sealed to it",
            "let the hub enrol this kiosk (`kiosk enrol`), or copy the public key that the hub prints",
        )


def _window_interface(interface: WindowInterface) -> Iterator[Fault]:
    address = split_address(interface.listen)
    if address is None:
        yield Fault("window_interface.listen", None, f'"{interface.listen}" is no address', 'write "127.0.0.1:8650"')
    elif not interface.behind_tls_proxy and not is_loopback(address[0]):
        yield Fault(
            "window_interface.listen",
            None,
            f"{address[0]} can be reached from other computers, and tokens and case numbers would travel in the clear",
            "listen on 127.0.0.1, or put a TLS proxy in front and set behind_tls_proxy = true",
        )
    for host in interface.hosts:
        if not _is_host(host):
            yield Fault("window_interface.hosts", None, f'"{host}" is no host', 'write "host" or "host:port"')


def _is_host(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and parts.netloc == host and "@" not in host and "*" not in host


def _hub(hub: Hub) -> Iterator[Fault]:
    if hub.url:
        yield from _hub_url(hub.url)
    elif not hub.seal_key or not hub.release_key:
        problem = "is empty, so records are carried by hand: parcels need hub.seal_key and hub.release_key"
        yield Fault("hub.url", None, problem, "copy both keys that the hub prints, or write its address")
    for key, remedy in _HUB_KEYS.items():
        if (text := getattr(hub, key)) and not _is_key(text):
            yield Fault(f"hub.{key}", None, f"is not base64 of {SEAL_KEY_BYTES} bytes", remedy)
    if hub.ca_file is not None and not _is_readable(hub.ca_file):
        problem = f"{hub.ca_file} is not a file that can be read"
        yield Fault("hub.ca_file", None, problem, "put the hub's CA certificate (PEM) there")
    if hub.slips_hall_wide and not (hub.url and hub.release_key):
        problem = "the terminals of a hall find each other's slips through the hub, by its release key"
        yield Fault("hub.slips_hall_wide", None, problem, "set hub.url and hub.release_key, or leave it out")
    yield from _proxy(hub.proxy)
    for span in hub.send_between:
        begins, _, ends = span.partition("-")
        if begins == ends:
            problem = f'"{span}" ends when it begins'
            yield Fault("hub.send_between", None, problem, "to send at all hours, leave it out")


def _proxy(proxy: str) -> Iterator[Fault]:
    parts = _url(proxy, ("http", "https"))
    if proxy and parts is None:
        yield Fault("hub.proxy", None, "is no proxy", 'write "http://host:port" or "http://user@host:port"')
    elif parts is not None and parts.password is not None:
        remedy = 'write "http://user@host:port", and give the password to `kiosk token proxy`'
        yield Fault("hub.proxy", None, "holds a password, and anybody may read the settings", remedy)


def _hub_url(url: str) -> Iterator[Fault]:
    parts = _url(url, ("http", "https"))
    if parts is None or parts.query or parts.fragment or parts.username is not None:
        yield Fault("hub.url", None, "is no address of a hub", 'write "https://host" or "https://host:port/path"')
    elif parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        problem = "http would send the device's token in the clear"
        yield Fault("hub.url", None, problem, "write https:// (http is for a hub on this computer)")


def _url(url: str, schemes: Iterable[str]) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in schemes and parts.hostname else None


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == SEAL_KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False
