"""A read that blocks until bytes arrive and can be woken: what each reader waits in. No polling."""

import errno
import os
import select
import time
from types import TracebackType
from typing import Self

_AT_ONCE = 4096


class BlockingRead:
    """Reads `descriptor`, which must not block and stays the caller's to close. `wake` may be called from any thread,
    all else from the reading one alone.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._poll.register(self._wake_read, select.POLLIN)
        self._last_byte_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, silence_s: float | None, wait_s: float | None = None) -> bytes | None:
        """All that waits, once there is something; b"" when woken, or after `wait_s` seconds; None once the line has
        been silent for `silence_s` seconds since its last byte. OSError when the other end is gone.
        """
        silent_in_s = None if silence_s is None else self._last_byte_at + silence_s - time.monotonic()
        limits = [limit for limit in (silent_in_s, wait_s) if limit is not None]
        ready = {descriptor for descriptor, _ in self._poll.poll(max(0.0, min(limits)) * 1000 if limits else None)}
        if self._wake_read in ready:
            os.read(self._wake_read, _AT_ONCE)
        if self._descriptor in ready and (data := self._arrived()):
            self._last_byte_at = time.monotonic()
            return data
        silent = silence_s is not None and time.monotonic() - self._last_byte_at >= silence_s
        return None if silent else b""

    def wake(self) -> None:
        """Ends the `read` under way or, if there is none, the next one."""
        try:
            os.write(self._wake_write, b"x")
        except BlockingIOError:
            return  # so many wakes wait to be read that this one adds nothing

    def close(self) -> None:
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _arrived(self) -> bytes:
        try:
            data = os.read(self._descriptor, _AT_ONCE)
        except BlockingIOError:
            return b""
        if not data:
            # A terminal that was hung up is always ready and has nothing to read.
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data
