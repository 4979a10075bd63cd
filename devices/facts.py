"""What an evaluator's listener is told. Facts arrive on the reader's thread, in the order of the line."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Cause: TypeAlias = Literal["missing", "held", "forbidden", "unusable"]
BadFrameKind: TypeAlias = Literal["checksum", "unknown-key", "foreign-address", "unknown-command", "noise"]


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A whole, checked frame said that a mapped key of a box of ours was pressed.

    `level` is 5 非常满意 … 1 非常不满意; `frame` is the frame as received, without its preamble; `profile` is the
    digest of the profile file that made the level of the key.
    """

    evaluator: str
    address: int
    level: int
    key: bytes
    frame: bytes
    profile: str


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that are no press. `address` is None where it cannot be known; of a frame with a wrong checksum it is
    the address that the frame claims, if that is one of ours. `raw` is at most 64 bytes or one frame.
    """

    evaluator: str
    kind: BadFrameKind
    address: int | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class EvaluatorFound:
    """The port is open. Whether a box is alive behind it shows only when it speaks."""

    evaluator: str
    port: str


@dataclass(frozen=True, slots=True)
class EvaluatorLost:
    """The port cannot be used; it is tried again without being told. Told again only when the cause changes.

    `cause` is for programs and translations, `reason` says the same to an engineer.
    """

    evaluator: str
    port: str
    reason: str
    cause: Cause


Fact: TypeAlias = KeyPressed | BadFrame | EvaluatorFound | EvaluatorLost
