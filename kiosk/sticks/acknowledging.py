"""Takes the hub's acknowledgement from a stick: checked, it moves the cursor as an answer on the line would."""

import queue
from base64 import b64decode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from kiosk.pin_entry import PATIENCE_S
from kiosk.settings import Hub
from sync.chain import device_id
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.parcels.acknowledgement import (
    Acknowledgement,
    AcknowledgementError,
    check_acknowledgement,
    reaches,
    read_acknowledgement,
)
from sync.recorder import Recorder

if TYPE_CHECKING:
    from sync.journal.writer import Journal

Answer = Literal[
    "moved",
    "already",
    "early",
    "bad-signature",
    "other-device",
    "other-chain",
    "malformed",
    "no-release-key",
    "not-stored",
]
"""`early`: it waits for that of an older generation."""
GOOD: Final = frozenset({"moved", "already"})


class Acknowledging:
    """For a thread that may wait for the disk."""

    def __init__(self, hub: Hub | None, directory: Path, recorder: Recorder) -> None:
        self._hub = hub
        self._directory = directory
        self._recorder = recorder

    def take(self, acknowledgement: Acknowledgement) -> Answer:
        """On the disk when it says `moved`. Said twice, or older than what is known, it moves nothing."""
        if self._hub is None or not self._hub.release_key:
            return "no-release-key"
        hub, key = self._hub, b64decode(self._hub.release_key)
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._recorder.ask(
            lambda journal: answers.put(self._settle(journal, hub.name, key, acknowledgement)),
            lambda _: answers.put("not-stored"),
        )
        try:
            answer = answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            return "not-stored"
        if answer in GOOD and acknowledgement.release is not None:
            self._recorder.release(acknowledgement.unchecked().generation, acknowledgement.release, key)
        return answer

    def read(self, text: str) -> Answer:
        """As it stands in the file."""
        try:
            return self.take(read_acknowledgement(text.encode()))
        except AcknowledgementError:
            return "malformed"

    def _settle(self, journal: "Journal", name: str, key: bytes, acknowledgement: Acknowledgement) -> Answer:
        """On the recorder's thread: between the check and the cursor nothing else is written."""
        try:
            device = device_id((self._directory / "keys" / "first.pub").read_bytes())
            with closing(JournalReader(self._directory)) as reader:
                said = check_acknowledgement(acknowledgement, key, device, reader)
                reached = reaches(reader, said, reader.settled(name))
            if reached != "further":
                return "early" if reached == "early" else "already"
            journal.append([], {name: (said.generation, said.last + 1)})
        except AcknowledgementError as fault:
            return _code(fault)
        except (JournalError, OSError):
            return "not-stored"
        return "moved"


def _code(fault: AcknowledgementError) -> Answer:
    known: dict[str, Answer] = {
        "bad-signature": "bad-signature",
        "other-device": "other-device",
        "other-chain": "other-chain",
    }
    return known.get(fault.code, "malformed")


Take = Callable[[Acknowledgement], Answer]
