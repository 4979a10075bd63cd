"""`[province]` of hub.toml: which platform the hub reports to, in which form, and the keys that it was given for it."""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta, Struct, field

from sync.hub.schema import HubError

if TYPE_CHECKING:
    from sync.hub.platform_clock import PlatformClock
    from sync.provinces.parts import Credentials
    from sync.provinces.platform import Platform
    from sync.provinces.profile import Profile

ASSETS: Final = Path(__file__).parents[2] / "assets"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class ProvinceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    profile: Annotated[str, Meta(min_length=1)]
    """Name of a shipped wire profile, or the path of a file."""
    url: Annotated[str, Meta(min_length=1)]
    credentials: dict[str, str] = field(default_factory=dict)
    """Name as the profile's parts ask for it, to the file (0600) that it stands in."""
    ca_file: str = ""
    proxy: str = ""
    timeout_seconds: Annotated[float, Meta(ge=1, le=600)] = 60.0
    default_clock: str = ""
    """Whose rule, of `assets/deadlines`, says when the platform writes its own default; empty: no deadline is shown."""
    holidays: str = ""
    """A file in place of the shipped `holidays.toml`."""

    def beside(self, folder: Path) -> "ProvinceSettings":
        """The same with paths that no longer depend on where hub.toml lies."""
        shipped = _shipped(self.profile).exists()
        return msgspec.structs.replace(
            self,
            profile=self.profile if shipped else str(folder / self.profile),
            credentials={name: str(folder / file) for name, file in self.credentials.items()},
            ca_file=str(folder / self.ca_file) if self.ca_file else "",
            holidays=str(folder / self.holidays) if self.holidays else "",
        )


def open_platform(settings: ProvinceSettings) -> "Platform":
    """Raises `HubError`."""
    from sync.provinces.parts import Address, CredentialsError
    from sync.provinces.platform import Platform, why_not

    profile = _profile(settings.profile)
    address = Address(
        settings.url,
        Path(settings.ca_file) if settings.ca_file else None,
        settings.proxy,
        timeout_s=settings.timeout_seconds,
    )
    if (reason := why_not(profile, address, through_hub=True)) is not None:
        raise HubError(f"province.url: {reason}")
    if address.ca_file is not None and not address.ca_file.is_file():
        raise HubError(f"province.ca_file: there is no file {address.ca_file}")
    try:
        return Platform(profile, address, _credentials(settings.credentials))
    except CredentialsError as fault:
        raise HubError(f"province.credentials: {fault}") from fault


def open_clock(settings: ProvinceSettings) -> "PlatformClock | None":
    """Raises `HubError`."""
    from sync.hub.platform_clock import load_clock

    if not settings.default_clock:
        return None
    return load_clock(settings.default_clock, Path(settings.holidays) if settings.holidays else None)


def _shipped(name: str) -> Path:
    return ASSETS / "provinces" / "wire" / f"{name}.toml"


def _profile(name: str) -> "Profile":
    from sync.provinces.loading import ProfileError, load_profile

    path = _shipped(name) if _shipped(name).exists() else Path(name)
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in _shipped("").parent.glob("*.toml")))
        raise HubError(f'province.profile: there is no "{name}"; name a shipped one ({known}) or the path of a file')
    try:
        return load_profile(path)
    except ProfileError as fault:
        raise HubError(f"province.profile: {fault}") from fault


def _credentials(files: Mapping[str, str]) -> "Credentials":
    from sync.provinces.parts import Credentials

    values: dict[str, str] = {}
    for name, file in files.items():
        path = Path(file)
        try:
            if path.stat().st_mode & _OTHERS:
                raise HubError(f"province.credentials.{name}: others can read {path}; run: chmod 600 {path}")
            values[name] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise HubError(f"province.credentials.{name}: {path} cannot be read: {fault}") from fault
    return Credentials(values)
