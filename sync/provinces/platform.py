"""One platform, made of the parts that its profile names."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from sync.provinces.forms import PARTS
from sync.provinces.judging import judge
from sync.provinces.mapping import fields_of, sending_of
from sync.provinces.outcomes import Verdict
from sync.provinces.parts import Address, Credentials, Parts
from sync.provinces.profile import Profile
from sync.provinces.sent import Message
from sync.reports.report import Report

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Platform:
    """Raises `CredentialsError`."""

    def __init__(self, profile: Profile, address: Address, credentials: Credentials, parts: Parts = PARTS) -> None:
        self.profile = profile
        protection = parts.protection[profile.protection.part](profile.protection, credentials)
        self._envelope = parts.envelope[profile.envelope.part](profile, credentials, protection)
        self._transport = parts.transport[profile.transport.part](profile.transport, address)
        self._access = parts.access[profile.access.part](profile.access, credentials, self._transport)

    def message(self, report: Report, now_ms: int) -> Message:
        """Raises `UnfitError`."""
        sending = sending_of(self.profile, report)
        assert sending is not None, "the platform wants none of this kind"  # noqa: S101
        return self._envelope.wrap(sending, fields_of(self.profile, report), now_ms)

    def ask(self, message: Message, report: Report, now_ms: int) -> Verdict:
        """Sends it once."""
        sending = sending_of(self.profile, report)
        names = tuple(dict.fromkeys(rule.to for rule in sending.field)) if sending else ()
        opened = replace(message, headers={**message.headers, **self._access.headers()})
        return judge(self._transport.send(opened), self.profile, self._envelope.open, names, now_ms)

    def refresh(self) -> bool:
        """After it has said that it does not know us: whether another try makes sense."""
        return self._access.refresh()

    def end(self) -> None:
        """From any thread: the exchange under way fails at once, and every later one."""
        self._transport.end()

    def close(self) -> None:
        self._transport.close()


def why_not(profile: Profile, address: Address, *, through_hub: bool, parts: Parts = PARTS) -> str | None:
    """The reason for which settings that join this profile and address are refused; None where they are sound.

    A kiosk without a hub holds nothing in the clear: it can only send what the platform alone can open.
    """
    encrypts = profile.protection.part in parts.encrypting
    url = urlsplit(address.url)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment or url.username:
        return f'the address "{address.url}" is not of the form https://host/path'
    if not encrypts and not through_hub:
        return (
            f"{profile.name} sends plain fields: only a hub may hold them in the clear. "
            "Set up [hub] and let it report, or choose a profile that encrypts to the platform's key"
        )
    if not encrypts and url.scheme == "http" and url.hostname not in _LOOPBACK:
        return f"{profile.name} sends plain fields: they would cross the network in the clear. Use https://"
    return None
