"""The vocabulary of what is recorded: cases, visits, ratings. A leaf: imports nothing of ours.

`docs/records.md` is the same vocabulary for people. A field changes here only together with that page.
"""

from sync.records.case import Case
from sync.records.entries import (
    Ask,
    Audited,
    Entry,
    VisitApologised,
    VisitAsked,
    VisitEnded,
    VisitId,
    VisitPressed,
)
from sync.records.levels import BAD_LEVELS, LEVELS, NOT_RATED, OFFICIAL_ENGLISH, OFFICIAL_WORDS, apologised
from sync.records.stored import (
    Apologised,
    Asked,
    At,
    Audit,
    CaseCommitment,
    Ended,
    Epoch,
    Evidence,
    Head,
    Opened,
    Pressed,
    PreviousGeneration,
    Record,
    Salvaged,
    Signed,
    decode,
    encode,
    understood,
)

__all__ = [
    "BAD_LEVELS",
    "LEVELS",
    "NOT_RATED",
    "OFFICIAL_ENGLISH",
    "OFFICIAL_WORDS",
    "Apologised",
    "Ask",
    "Asked",
    "At",
    "Audit",
    "Audited",
    "Case",
    "CaseCommitment",
    "Ended",
    "Entry",
    "Epoch",
    "Evidence",
    "Head",
    "Opened",
    "Pressed",
    "PreviousGeneration",
    "Record",
    "Salvaged",
    "Signed",
    "VisitApologised",
    "VisitAsked",
    "VisitEnded",
    "VisitId",
    "VisitPressed",
    "apologised",
    "decode",
    "encode",
    "understood",
]
