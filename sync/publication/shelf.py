"""Where publications lie on a kiosk: `published/` in the storage folder.

    KIND/VERSION/       the files of one publication, whole
    KIND/current        a link to the version in use; moved at the start of the program and never while it runs
    fetching/           what is on its way
    book.json           the highest version ever taken of each kind, what was refused, what is on trial

A version that is new goes on trial at the next start. A program that begins twice with it and never comes to serve goes
back to the version before: what comes down must not keep a hall from rating.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from sync.files import sync_directory, write_durably
from sync.publication.manifest import KINDS, PublicationError
from sync.publication.place import PUBLISHED

TRIES: Final = 2
"""Starts that a new version may fail to survive."""


class Refusal(Struct, frozen=True):
    version: int
    code: str
    detail: str
    blame: str = ""
    """Which package under which key is to blame: it is not fetched again. Empty: it is tried again."""


class Place(Struct, frozen=True):
    """One kind."""

    highest: int = 0
    refused: Refusal | None = None


class Trial(Struct, frozen=True):
    version: int
    starts: int


class Book(Struct, frozen=True):
    kinds: dict[str, Place] = {}
    trials: dict[str, Trial] = {}


class Shelf:
    """Of one storage folder. Used by one thread at a time. Every method may raise `OSError`."""

    def __init__(self, storage: Path) -> None:
        self.directory = storage / PUBLISHED

    def folder(self, kind: str) -> Path:
        """Of the version in use; there may be none."""
        return self.directory / kind / "current"

    def in_use(self, kind: str) -> int:
        """0: none."""
        try:
            target = self.folder(kind).readlink().name
        except OSError:
            return 0
        return int(target) if target.isdecimal() and (self.directory / kind / target).is_dir() else 0

    def arrived(self, kind: str) -> int:
        """The newest version that is here, whole; 0: none."""
        return max(self._versions(kind), default=0)

    def highest(self, kind: str) -> int:
        """The newest version that was ever taken here; 0: none."""
        return max(self.place(kind).highest, self.arrived(kind))

    def place(self, kind: str) -> Place:
        return self._book().kinds.get(kind, Place())

    def take(self, kind: str, version: int, fill: Callable[[Path], None]) -> None:
        """`fill` makes the folder that it is given, or raises: then nothing of it stays.

        Raises `PublicationError` for a version that does not rise.
        """
        highest = self.highest(kind)
        if version <= highest:
            raise PublicationError("older", f"version {version} is not newer than {highest}, which was taken here")
        home, new = self.directory / kind, self.directory / kind / f"{version}.new"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        try:
            fill(new)
            new.rename(home / str(version))
            sync_directory(home)
            self._note(kind, Place(version))
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def forgive(self, kind: str) -> None:
        """What was refused is no longer offered."""
        self._note(kind, Place(self.highest(kind)))

    def refuse(self, kind: str, refusal: Refusal) -> None:
        place = self.place(kind)
        if place.refused != refusal:
            self._note(kind, Place(self.highest(kind), refusal))

    def refused(self) -> dict[str, Refusal]:
        return {kind: place.refused for kind, place in self._book().kinds.items() if place.refused}

    def turn(self) -> None:
        """At the start of the program, before anything is read: puts into use what has arrived, or takes back what the
        program did not survive.
        """
        trials = dict(self._book().trials)
        for kind in KINDS:
            self._tidy(kind)
            trial = trials.get(kind)
            if trial is not None and trial.version == self.in_use(kind) and trial.starts >= TRIES:
                self._take_back(kind, trial.version)
                del trials[kind]
            newest = self.arrived(kind)
            if newest > self.in_use(kind):
                trials[kind] = Trial(newest, 0)
            if kind in trials:
                trials[kind] = Trial(trials[kind].version, trials[kind].starts + 1)
        if trials != self._book().trials:
            self._write(Book(self._book().kinds, trials))
        for kind, trial in trials.items():
            if trial.version > self.in_use(kind):
                self._point(kind, trial.version)

    def served(self) -> None:
        """The program has come to serve with what is in use: it is no longer on trial, and only one version before it
        is kept.
        """
        book = self._book()
        if book.trials:
            self._write(Book(book.kinds, {}))
        for kind in KINDS:
            now = self.in_use(kind)
            older = sorted(version for version in self._versions(kind) if version < now)
            for version in older[:-1]:
                shutil.rmtree(self.directory / kind / str(version), ignore_errors=True)

    def _take_back(self, kind: str, version: int) -> None:
        older = [one for one in self._versions(kind) if one < version]
        if older:
            self._point(kind, max(older))
        else:
            self.folder(kind).unlink(missing_ok=True)
            sync_directory(self.directory / kind)
        detail = f"the program did not come to serve with version {version}"
        self._note(kind, Place(self.highest(kind), Refusal(version, "did-not-start", detail)))
        shutil.rmtree(self.directory / kind / str(version), ignore_errors=True)

    def _point(self, kind: str, version: int) -> None:
        """A power cut leaves the old link or the new one."""
        link = self.directory / kind / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(str(version))
        link.replace(self.folder(kind))
        sync_directory(link.parent)

    def _tidy(self, kind: str) -> None:
        for path in (self.directory / kind).glob("*.new"):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            else:
                shutil.rmtree(path, ignore_errors=True)

    def _versions(self, kind: str) -> list[int]:
        home = self.directory / kind
        return [int(path.name) for path in home.iterdir() if path.name.isdecimal()] if home.is_dir() else []

    def _note(self, kind: str, place: Place) -> None:
        book = self._book()
        self._write(Book({**book.kinds, kind: place}, book.trials))

    def _book(self) -> Book:
        """A book that cannot be read is begun anew: versions that lie here still count as taken."""
        try:
            return msgspec.json.decode((self.directory / "book.json").read_bytes(), type=Book)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return Book({kind: Place(max(known)) for kind in KINDS if (known := self._versions(kind))})

    def _write(self, book: Book) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self.directory / "book.json", msgspec.json.encode(book))
