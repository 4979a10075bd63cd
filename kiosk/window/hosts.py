"""Under which names the kiosk may be addressed, and from which pages.

A web page elsewhere can make a browser send requests here, even under its own name (DNS rebinding). The browser then
says so in `Host` or in `Origin`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.settings.checks import is_loopback

_HTTP_PORT = 80


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    authorities: frozenset[str]
    """`host:port`, or `host` alone for the default port."""
    names: frozenset[str]
    """Hosts with whatever port: a proxy in front may have its own."""

    @staticmethod
    def listening_on(host: str, port: int, further: Iterable[str]) -> "AllowedHosts":
        """`host` as it is bound; the wildcard address stands for loopback and what is named further."""
        named = {_bracketed(host)} if host not in {"0.0.0.0", "::"} else set()
        if not named or is_loopback(host):
            named |= {"127.0.0.1", "localhost", "[::1]"}
        authorities = {f"{name}:{port}" for name in named} | (named if port == _HTTP_PORT else set())
        lower = [one.lower() for one in further]
        with_port = {one for one in lower if _without_port(one) != one}
        return AllowedHosts(frozenset(authorities | with_port), frozenset(lower) - with_port)

    def accepts_host(self, host: str) -> bool:
        host = host.lower()
        return host in self.authorities or (bool(host) and _without_port(host) in self.names)

    def accepts_origin(self, origin: str, host: str) -> bool:
        """An origin is ours if it is the host that was addressed, or one that is named port and all."""
        authority = _authority(origin)
        return bool(authority) and (authority in {host.lower(), *self.names} or authority in self.authorities)


def _authority(origin: str) -> str:
    """Empty for what is no http(s) origin, `null` included. Also takes a whole address, as in `Referer`."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in {"http", "https"} and "@" not in parts.netloc else ""


def _without_port(authority: str) -> str:
    name, colon, port = authority.rpartition(":")
    return name if colon and port.isdigit() else authority


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
