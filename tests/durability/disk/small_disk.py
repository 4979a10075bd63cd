"""A small file system of its own: a tmpfs in a mount namespace that an unprivileged user may make too.

Nothing is patched: when it is full the kernel says so, when it is read-only the kernel says so. Programs run on it
through `command`; plain files are reached from outside through `inside`. SQLite is not: it follows links by itself.
"""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.durability.kills.process import ROOT

_HOLDER: Final = 'mount -t tmpfs -o size="$1",mode=700 small-disk "$2" && echo mounted && read -r _'
_FILLER: Final = "somebody-else"
_BLOCK: Final = 4096


class NoSmallDiskError(Exception):
    """This machine does not allow a file system of one's own; the message says what is missing."""


class SmallDisk:
    """Mounted on `path` for whoever is started through `command`, and for nobody else."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        tools = [tool for tool in ("unshare", "nsenter", "mount") if shutil.which(tool) is None]
        if tools:
            raise NoSmallDiskError(f"missing: {', '.join(tools)} (Debian: util-linux, mount)")
        self._own_user = [] if os.geteuid() == 0 else ["--user"]
        user = ["--user", "--map-root-user"] if self._own_user else []
        self._holder = subprocess.Popen(
            ["unshare", *user, "--mount", "sh", "-c", _HOLDER, "sh", str(size_bytes), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "mounted\n":
            _, said = self._holder.communicate()
            raise NoSmallDiskError(
                f"no mount namespace: {said.strip()} (allow unprivileged user namespaces: "
                "sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0; or run as root)"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder.communicate("done\n", timeout=10)

    def command(self, *arguments: str) -> list[str]:
        """The same command, on this disk."""
        user = [*self._own_user, "--preserve-credentials"] if self._own_user else []
        return ["nsenter", "--target", str(self._holder.pid), *user, "--mount", "--root", f"--wd={ROOT}", *arguments]

    def inside(self, *names: str) -> Path:
        """The same file, as it is reached from outside. For plain files."""
        return Path(f"/proc/{self._holder.pid}/root{self.path}", *names)

    @property
    def free_bytes(self) -> int:
        return shutil.disk_usage(self.inside()).free

    def fill(self) -> int:
        """Somebody else takes all that is left, to the last byte. Gives how much that was."""
        taken = 0
        with self.inside(_FILLER).open("ab", buffering=0) as stream:
            try:
                while True:
                    taken += stream.write(bytes(_BLOCK))
            except OSError:
                return taken

    def free(self) -> None:
        """Somebody else deletes what they had."""
        self.inside(_FILLER).unlink()

    def make_read_only(self) -> None:
        """`CalledProcessError` while anybody has a file open for writing."""
        self._remount("ro")

    def make_writable(self) -> None:
        self._remount("rw")

    def _remount(self, how: str) -> None:
        subprocess.run(
            self.command("mount", "-o", f"remount,bind,{how}", str(self.path)), check=True, capture_output=True
        )
