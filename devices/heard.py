"""What a reader has heard, for the manager's page."""

from dataclasses import dataclass

from devices.counts import Counts

RAW_BYTES = 64


@dataclass(frozen=True, slots=True)
class Heard:
    """`last_raw` is at most the last 64 bytes of the line, noise included; `identity` is empty until the port was open
    once. `answered` and `unanswered` count the commands that a reply belongs to, probes among them; `silent` holds the
    addresses that have stopped to answer their probes.
    """

    counts: Counts
    last_frame: bytes = b""
    last_raw: bytes = b""
    identity: str = ""
    answered: int = 0
    unanswered: int = 0
    silent: tuple[int, ...] = ()
