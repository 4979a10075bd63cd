"""What learning found, as codes: a terminal and a screen each have their own words for them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

BeliefCode: TypeAlias = Literal[
    "line",  # baud, data bits, parity, stop bits
    "keyboard",  # the box types
    "single-byte",
    "fixed-frame",  # size of the frame
    "length-prefixed",
    "delimited",  # hex of the end
    "keystrokes",
    "start",  # hex
    "end",  # hex
    "checksum",  # kind, what it is over
    "address",  # hex of the address byte, the box's number
    "key",  # level, hex of the key byte, hex of a burst
    "lacks",  # level
    "timeout-key",  # hex of a code that means nobody pressed
    "guard",  # milliseconds, from repeats that were heard
]
DoubtCode: TypeAlias = Literal[
    "no-checksum",  # noise can look like a press
    "no-start",  # neither start nor checksum: any byte of the line can look like a press
    "single-box-only",  # several boxes on the line could not be told apart
    "address-not-found",  # box number that no constant byte fits
    "guard-assumed",  # no repeats were heard
    "time-out-not-heard",
    "baud-not-proven",
    "counter",  # place of a byte that differs from press to press
    "noise-heard",  # how many bursts held no frame
    "lacks-levels",
]
ReasonCode: TypeAlias = Literal[
    "nothing-heard",
    "key-silent",  # level
    "same-bytes",  # two levels
    "by-itself",  # level: what it sends comes without a press too
    "differs-each-time",  # level
    "sizes-differ",  # the frame's size depends on the key
    "too-few-keys",
    "no-structure",
    "profile-refused",  # the fault
    "test-failed",  # asked level, heard level
    "test-silent",  # asked level
    "scanner",  # it is one, and needs no profile
    "lines-exhausted",
    "port-lost",  # why, in words for an engineer; its cause as a code
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say. What `values` hold stands beside each code above; all are text."""

    code: BeliefCode | DoubtCode | ReasonCode
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """`profile` is the text of a file that gives the right level for every press that was heard."""

    profile: str
    beliefs: tuple[Finding, ...]
    doubts: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CannotTell:
    reasons: tuple[Finding, ...]
