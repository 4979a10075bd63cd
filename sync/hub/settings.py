"""hub.toml: every key is explained in `docs/hub.md`."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sync.hub.province_settings import ProvinceSettings
from sync.hub.schema import HubError

FILE_NAME: Final = "hub.toml"
Role = Literal["device", "reader"]
PublicKey = Annotated[str, Meta(pattern=r"^([A-Za-z0-9+/]{43}=)?$")]
"""32 bytes in base64, or empty."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may connect. A device's token carries batches and is no proof of who signed them."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    role: Role
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of the token, hex: the token itself is nowhere on the hub."""


class Tls(Struct, frozen=True, forbid_unknown_fields=True):
    certificate: str
    key: str


class HubSettings(Struct, frozen=True, forbid_unknown_fields=True):
    listen: str = "127.0.0.1:8640"
    directory: str = "."
    """Where the store lies; relative to hub.toml."""
    utc_offset: Annotated[str, Meta(pattern=r"^[+-]\d\d:\d\d$")] = "+08:00"
    """Which day a rating belongs to."""
    url: str = ""
    """Address under which kiosks reach this hub; empty: `listen` is."""
    seal_key: PublicKey = ""
    seal_change_key: PublicKey = ""
    publisher_key: PublicKey = ""
    """Whose publications kiosks shall believe; empty: nothing can come down."""
    behind_tls_proxy: bool = False
    tls: Tls | None = None
    token: list[Token] = field(default_factory=list)
    province: ProvinceSettings | None = None
    """None: nothing is reported, and no sealed text is opened."""

    @property
    def reached_at(self) -> str:
        """As a kiosk writes it."""
        return (self.url or f"{'https' if self.tls else 'http'}://{self.listen}").rstrip("/")

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def utc_offset_minutes(self) -> int:
        sign = -1 if self.utc_offset.startswith("-") else 1
        return sign * (int(self.utc_offset[1:3]) * 60 + int(self.utc_offset[4:]))

    def beside(self, folder: Path) -> "HubSettings":
        """The same with paths that no longer depend on where hub.toml lies."""
        tls = self.tls and Tls(str(folder / self.tls.certificate), str(folder / self.tls.key))
        province = self.province and self.province.beside(folder)
        return msgspec.structs.replace(self, directory=str(folder / self.directory), tls=tls, province=province)


def load_settings(path: Path) -> HubSettings:
    """Raises `HubError`, which names every fault that can be named at once."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = msgspec.convert(raw, HubSettings)
    except OSError as fault:
        raise HubError(f"{path} cannot be read: {fault.strerror} — make one with `kiosk hub init DIRECTORY`") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise HubError(f"{path}: {fault}") from fault
    faults = list(_faults(settings))
    if faults:
        raise HubError("\n".join(f"{path}: {fault}" for fault in faults))
    return settings.beside(path.resolve().parent)


def _faults(settings: HubSettings) -> Iterator[str]:
    if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\[\]]+):\d{1,5}", settings.listen) or settings.address[1] > 65535:
        yield f'listen: "{settings.listen}" is not host:port, for example "127.0.0.1:8640"'
    elif settings.address[0] not in _LOOPBACK and settings.tls is None and not settings.behind_tls_proxy:
        yield (
            "listen: tokens would cross the network in the clear — add [tls] with certificate and key, "
            "or set behind_tls_proxy = true where a proxy on this machine ends TLS"
        )
    if not any(token.role == "device" for token in settings.token):
        yield 'token: no device could connect — add a [[token]] with role = "device", or use `kiosk hub init DIRECTORY`'
    if len({token.sha256 for token in settings.token}) < len(settings.token):
        yield "token: two entries have the same sha256 — each token belongs to one name and role"
