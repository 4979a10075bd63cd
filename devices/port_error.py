"""Why a port or an event device cannot be used, in words for an engineer."""

import errno
import os

from devices.facts import Cause

_GONE = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO})
_HELD = frozenset({errno.EAGAIN, errno.EBUSY})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class PortError(Exception):
    """A port cannot be opened, or can no longer be used. The message is the reason in words for an engineer."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause


def opening_failed(path: str, error: Exception, *, group: str = "dialout", what: str = "a serial port") -> PortError:
    """Why `path` could not be opened, and what can be done about it. `group` is whose members may open it."""
    number = getattr(error, "errno", None)
    if number in _GONE:
        return PortError("missing", f"port {path} does not exist")
    if number in _HELD:
        return PortError("held", f"port {path} is held by another program")
    if number in _FORBIDDEN:
        return PortError("forbidden", f"no permission for port {path}: add the user to group {group}")
    why = os.strerror(number) if number else "it does not take the profile's line settings"
    return PortError("unusable", f"port {path} cannot be used as {what}: {why}")


def unplugged(path: str) -> PortError:
    return PortError("missing", f"port {path} was lost: the box or its adapter was unplugged")
