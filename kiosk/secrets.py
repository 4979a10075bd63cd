"""`secrets.toml`: the manager's PIN (hashed), the windows' tokens (hashed), the hub's token and the proxy's password.

The file stands beside `kiosk.toml`, mode 0600, and is replaced as a whole. Nothing here is ever logged or shown.
"""

import hashlib
import hmac
import json
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sync.files import write_durably

FILE_NAME: Final = "secrets.toml"
_HASHED_TOKEN: Final = re.compile(r"sha256:[0-9a-f]{64}")
_TOKEN_BYTES: Final = 32
_OTHERS: Final = 0o077


class SecretsError(Exception):
    """The secrets cannot be used; `str()` names path, fault and remedy, and never a secret."""

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem} — {remedy}")
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """All fields may be empty: nothing has been set yet."""

    pin: str = field(default="", repr=False)
    """Argon2 hash, as `kiosk.pin.hash_pin` gives it."""
    window_tokens: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Window id to `token_hash` of its token."""
    hub_token: str = field(default="", repr=False)
    """Bearer token in the clear: the hub wants to see it."""
    proxy_password: str = field(default="", repr=False)
    """In the clear, of the user in `hub.proxy`."""

    @staticmethod
    def load(path: Path) -> "Secrets":
        """Empty where there is no file. Raises `SecretsError`."""
        try:
            _refuse_readable_by_others(path)
            document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return Secrets()
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
            raise SecretsError(path, problem, "let it belong to the user that runs the kiosk") from error
        except ValueError as error:
            raise SecretsError(path, "is not valid TOML", "set PIN and tokens again with the kiosk command") from error
        return _read(path, document)

    def with_pin(self, pin_hash: str) -> "Secrets":
        return replace(self, pin=pin_hash)

    def with_window_token(self, window: str, token: str) -> "Secrets":
        """Keeps the hash alone: the token itself is shown once, to whoever sets up the window's computer."""
        return replace(self, window_tokens=MappingProxyType({**self.window_tokens, window: token_hash(token)}))

    def with_hub_token(self, token: str) -> "Secrets":
        return replace(self, hub_token=token)

    def with_proxy_password(self, password: str) -> "Secrets":
        return replace(self, proxy_password=password)

    def save(self, path: Path) -> None:
        """After a power cut the file is the old one or the new one. Raises `OSError`."""
        lines = [f"pin = {json.dumps(self.pin)}"] if self.pin else []
        lines += [f"hub_token = {json.dumps(self.hub_token)}"] if self.hub_token else []
        lines += [f"proxy_password = {json.dumps(self.proxy_password)}"] if self.proxy_password else []
        lines += ["", "[window_tokens]"] if self.window_tokens else []
        lines += [f"{json.dumps(window)} = {json.dumps(stored)}" for window, stored in self.window_tokens.items()]
        write_durably(path, "\n".join([*lines, ""]).encode())


def new_token() -> str:
    """256 random bits, safe in a header and in a form."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """A token is random and long: a plain hash of it tells nothing."""
    return "sha256:" + hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def is_token(token: str, stored: str | None) -> bool:
    """In a time that does not depend on how much of it is right."""
    return hmac.compare_digest(token_hash(token), stored or "") and stored is not None


def _refuse_readable_by_others(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        raise SecretsError(path, f"other users may open it (mode {mode:04o})", f"run: chmod 600 {path}")


def _read(path: Path, document: dict[str, Any]) -> Secrets:
    known = {"pin", "window_tokens", "hub_token", "proxy_password"}
    if unknown := sorted(document.keys() - known):
        raise SecretsError(path, f"no such key: {', '.join(unknown)}", f"known are {', '.join(sorted(known))}")
    tokens = document.get("window_tokens", {})
    if not isinstance(tokens, dict):
        raise SecretsError(path, "window_tokens is no section", "write [window_tokens]")
    for window, stored in tokens.items():
        _demand(path, f"window_tokens.{window}", stored, _HASHED_TOKEN.fullmatch)
    _demand(path, "pin", document.get("pin", ""), lambda pin: not pin or pin.startswith("$argon2"))
    _demand(path, "hub_token", document.get("hub_token", ""), lambda token: token.isascii() and token.isprintable())
    _demand(path, "proxy_password", document.get("proxy_password", ""), lambda password: password.isprintable())
    return Secrets(
        pin=document.get("pin", ""),
        window_tokens=MappingProxyType(tokens),
        hub_token=document.get("hub_token", ""),
        proxy_password=document.get("proxy_password", ""),
    )


def _demand(path: Path, key: str, value: object, accepts: Callable[[str], object]) -> None:
    if not isinstance(value, str) or not accepts(value):
        raise SecretsError(path, f"{key} is damaged", "set it again with the kiosk command")
