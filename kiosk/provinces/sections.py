"""The tables of a profile file: every key, its type and bounds, its default, and the remedy when it is wrong."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.core.province import DayUnit, Proof, QuestionKind, RatedObject, WordSet

Source = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        max_length=400,
        extra={"remedy": "name in words the rule that this table stands on, and say unverified where it was not read"},
    ),
]
"""Read by people, and demanded; the program does nothing with it."""
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,31}(?!\n)$",
        extra={"remedy": "use 1 to 32 small letters, digits or hyphens, a letter first"},
    ),
]
Line = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        max_length=80,
        extra={"remedy": "write 1 to 80 characters of Chinese on one line"},
    ),
]
Lines = Annotated[
    tuple[Line, ...],
    Meta(max_length=4, extra={"remedy": 'write at most 4 lines of 1 to 80 characters each: ["…"]'}),
]
Switch = Annotated[bool, Meta(extra={"remedy": "write true or false, without quotes"})]
Page = Annotated[str, Meta(max_length=200, extra={"remedy": 'write "https://…", at most 200 characters, or ""'})]


class Head(Struct, frozen=True):
    format: Annotated[Literal[1], Meta(extra={"remedy": "write format = 1"})]
    name: Name
    title: Line
    source: Source


class Levels(Struct, frozen=True):
    words: Annotated[
        WordSet, Meta(extra={"remedy": 'choose "satisfied" (非常满意…), "good" (很好…) or "stars" (五星…)'})
    ]
    source: Source


class Reasons(Struct, frozen=True):
    tags: Name
    source: Source


class BadWithoutReason(Struct, frozen=True):
    send: Annotated[
        Literal["", "评价人未填写原因"],
        Meta(extra={"remedy": 'write "" (sent as it is) or "评价人未填写原因"'}),
    ]
    source: Source


class WrittenWords(Struct, frozen=True):
    source: Source
    max_length: Annotated[int, Meta(ge=20, le=500, extra={"remedy": "choose 20 to 500 characters"})] = 200


class ContactFields(Struct, frozen=True):
    name: Switch
    phone: Switch
    notice: Line
    source: Source


class RealNameOffer(Struct, frozen=True):
    notice: Line
    source: Source


class QuestionTable(Struct, frozen=True):
    id: Name
    text: Line
    kind: Annotated[QuestionKind, Meta(extra={"remedy": 'choose "stars" or "choice"'})]
    source: Source
    options: Annotated[
        tuple[Line, ...], Meta(max_length=5, extra={"remedy": 'write 2 to 5 answers, best first: ["…", "…"]'})
    ] = ()


class Help(Struct, frozen=True):
    offered: Switch
    source: Source


class SupplementPeriod(Struct, frozen=True):
    days: Annotated[int, Meta(ge=1, le=90, extra={"remedy": "choose 1 to 90 days"})]
    unit: Annotated[DayUnit, Meta(extra={"remedy": 'choose "working" or "calendar"'})]
    show: Annotated[
        tuple[Proof, ...],
        Meta(min_length=1, extra={"remedy": 'choose from "slip-code" and "applicant": ["slip-code"]'}),
    ]
    source: Source


class Objects(Struct, frozen=True):
    kinds: Annotated[
        tuple[RatedObject, ...],
        Meta(
            min_length=1, extra={"remedy": 'choose from "case", "window", "staff", "hall" and "terminal": ["case", …]'}
        ),
    ]
    source: Source


class StepTable(Struct, frozen=True):
    id: Name
    name: Line
    source: Source


class Thanks(Struct, frozen=True):
    promises: Lines
    source: Source


class Pages(Struct, frozen=True):
    follow_up: Page
    rate_later: Page
    source: Source


class PlatformDefault(Struct, frozen=True):
    """What the platform does with a case that nobody rated. For whoever reads the file: no screen, no record has it."""

    note: Source
    source: Source
