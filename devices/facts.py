"""What an evaluator's listener is told. Facts arrive on the reader's thread, in the order of the line."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Cause: TypeAlias = Literal["missing", "held", "forbidden", "unusable", "ambiguous", "silent"]
"""Why a box cannot be used. `ambiguous`: several ports fit its identity; `silent`: it does not answer its probe."""
BadFrameKind: TypeAlias = Literal["checksum", "unknown-key", "foreign-address", "unknown-command", "noise"]
KeypadOrder: TypeAlias = Literal[
    "start", "wait", "ask", "call", "recall", "cancel", "pass", "pause", "resume", "sign-in", "sign-out"
]


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
class KeyDropped:
    """A whole frame of a mapped key that is no press of its own. `guard`: another key within the guard time of the
    one before; `echo`: the same key again right behind our acknowledgement, which a box may take as an order to start.
    """

    evaluator: str
    address: int
    key: bytes
    frame: bytes
    why: Literal["guard", "echo"]


@dataclass(frozen=True, slots=True)
class KeyStuck:
    """Told once when a key has gone on repeating itself for 10 s, and once with `stuck` false when it let go: another
    key was heard, or this one after a silence.
    """

    evaluator: str
    address: int
    key: bytes
    stuck: bool


@dataclass(frozen=True, slots=True)
class KeypadUsed:
    """A caller keypad on the same line gave an order. `address` is the keypad's; `digits` what was typed before the
    function key, one character a digit.
    """

    evaluator: str
    address: int
    order: KeypadOrder
    digits: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A scanner read a slip. `text` may be a case number: it must not be logged or stored in the clear."""

    evaluator: str
    text: str


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
    """The port is open, or a silent box has spoken. Whether a box is alive behind an open port shows only when it
    speaks. `identity` is what it was known by: "1a86:7523 at 1-1.2", "0403:6001 serial A50285BI", or its path.
    """

    evaluator: str
    port: str
    identity: str


@dataclass(frozen=True, slots=True)
class EvaluatorLost:
    """The box cannot be used; it is tried again without being told. Told again only when the cause changes.

    `cause` is for programs and translations, `reason` says the same to an engineer.
    """

    evaluator: str
    port: str
    reason: str
    cause: Cause


Fact: TypeAlias = (
    KeyPressed | KeyDropped | KeyStuck | KeypadUsed | CodeScanned | BadFrame | EvaluatorFound | EvaluatorLost
)
