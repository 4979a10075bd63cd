"""What a token opens: by the settings, or as a device's own since it was enrolled."""

import hashlib
import hmac
from typing import Literal

from sync.hub.enrolment import Enrolments
from sync.hub.settings import HubSettings, Role


def device_of(enrolments: Enrolments, token: str) -> str:
    """Whose own token it is; empty for one of hub.toml. From any thread."""
    own = enrolments.token_of(hashlib.sha256(token.encode()).hexdigest())
    return own.device if own is not None else ""


def role_of(settings: HubSettings, enrolments: Enrolments, token: str) -> Role | Literal["revoked"] | None:
    """From any thread. Compares with every entry, whatever was found: the time taken tells nothing."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found: Role | Literal["revoked"] | None = None
    if (own := enrolments.token_of(digest)) is not None:
        found = "revoked" if own.ended else "device"
    for entry in settings.token:
        if hmac.compare_digest(entry.sha256, digest):
            found = entry.role
    return found
