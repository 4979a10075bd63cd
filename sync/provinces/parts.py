"""The seams between the courier and a platform's form. Each part is chosen in the profile by its name.

A further form (XML over SOAP, SM4, a token that is refreshed) is one more part and one more name here; neither the
courier nor what judges the answers knows which parts are in use.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sync.provinces.profile import Part, Profile, Sending
from sync.provinces.sent import Message, NoReply, Reply

Fields: TypeAlias = Mapping[str, str | int]
"""The platform's own fields of one report."""


class CredentialsError(Exception):
    """A key or a secret is missing or cannot be one. The message names it, never its value."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys and secrets that a platform has given out, by name. Never in a log."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        if not self.values.get(name):
            raise CredentialsError(f"{name} is missing among the credentials of the province")
        return self.values[name]

    def __repr__(self) -> str:
        return f"Credentials({', '.join(sorted(self.values))})"


@dataclass(frozen=True, slots=True)
class Address:
    """`timeout_s` is that of the whole exchange. `ca_file`: only what it has signed is believed."""

    url: str
    ca_file: Path | None = None
    proxy: str = ""
    connect_s: float = 10.0
    timeout_s: float = 60.0


class Protection(Protocol):
    """Encrypts and signs. `encrypts`: only the platform can read what it has sealed."""

    @property
    def encrypts(self) -> bool: ...
    def seal(self, plain: bytes) -> str: ...
    def sign(self, text: str) -> str: ...


class Envelope(Protocol):
    """Wraps the fields of one report, and opens what comes back."""

    def wrap(self, sending: Sending, fields: Fields, now_ms: int) -> Message: ...
    def open(self, body: str) -> Any:
        """A tree of dicts. Raises `ValueError`, and nothing else, for what is not of this form."""


class Transport(Protocol):
    def send(self, message: Message) -> Reply | NoReply:
        """Bounded in memory and time; never raises for what a server does."""

    def end(self) -> None:
        """From any thread: the exchange under way fails at once, and every later one."""

    def close(self) -> None: ...


class Access(Protocol):
    """What opens the door: nothing, or a token."""

    def headers(self) -> Mapping[str, str]: ...
    def refresh(self) -> bool:
        """After a 401: whether another try makes sense."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part that there is, by kind and name."""

    transport: Mapping[str, Callable[[Part, Address], Transport]]
    protection: Mapping[str, Callable[[Part, Credentials], Protection]]
    access: Mapping[str, Callable[[Part, Credentials, Transport], Access]]
    envelope: Mapping[str, Callable[[Profile, Credentials, Protection], Envelope]]
    encrypting: frozenset[str]
    """Names of the protections by which the platform alone can read a report."""
    unprotected: frozenset[str]
    """Names of the envelopes that use no protection."""

    def named(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        yield from (("transport", self.transport), ("protection", self.protection))
        yield from (("access", self.access), ("envelope", self.envelope))


class NoAccess:
    """For a platform that asks for no token."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def refresh(self) -> bool:
        return False
