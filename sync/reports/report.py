"""A report: one case of one ended visit, for a province. `case` says that there is one, `rating` what it was given.

Its canonical fields are those of `docs/records.md`; a province's own names and codes come in `sync.provinces`.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from sync.records import Case
from sync.reports.press_time import PressTime

Kind = Literal["case", "rating"]
Value: TypeAlias = str | int | tuple[str, ...]


class ReportKey(NamedTuple):
    """Names a report for good."""

    device: str
    generation: str
    asked: int
    """Sequence of the visit's ask."""
    case: int
    """Which of the visit's cases, from 0."""
    kind: Kind

    @property
    def reference(self) -> str:
        """One line that a platform may keep and give back."""
        return f"{self.device[:16]}-{self.generation[:8]}-{self.asked}-{self.case}"


@dataclass(frozen=True, slots=True)
class Rating:
    level: int
    pressed: PressTime
    tags: tuple[str, ...] = ()
    words: str = ""
    contact_name: str = ""
    contact_phone: str = ""

    def __repr__(self) -> str:
        return "Rating()"


@dataclass(frozen=True, slots=True)
class Report:
    """`hall_offset_minutes`: the zone of the hall's own times in `case`."""

    key: ReportKey
    case: Case
    channel: str
    window: str
    clerk: str
    hall_offset_minutes: int
    rating: Rating | None = None

    def __repr__(self) -> str:
        return f"Report({self.key})"

    @property
    def natural_key(self) -> tuple[str, int]:
        """What a platform takes one rating for."""
        return self.case.project_no, self.case.service_number


CASE_FIELDS = tuple(field.encode_name for field in msgspec.structs.fields(Case))
VISIT_FIELDS = ("reference", "device", "channel", "window", "clerk")
RATING_FIELDS = ("level", "pressedAt", "tags", "words", "contactName", "contactPhone", "timeCorrected")
TIME_FIELDS = frozenset({"pressedAt", "serviceTime", "acceptDate", "resultDate"})


def canonical(report: Report) -> dict[str, Value]:
    """Every canonical field of the report that is known, by name. `pressedAt` is ms since 1970-01-01 UTC."""
    values: dict[str, Value] = {
        "reference": report.key.reference,
        "device": report.key.device,
        "channel": report.channel,
        "window": report.window,
        "clerk": report.clerk,
    }
    values |= msgspec.to_builtins(report.case)
    values["serviceNumber"] = report.case.service_number
    if report.rating is not None:
        values |= {
            "level": report.rating.level,
            "pressedAt": report.rating.pressed.ms,
            "timeCorrected": "1" if report.rating.pressed.corrected else "0",
            "tags": report.rating.tags,
            "words": report.rating.words,
            "contactName": report.rating.contact_name,
            "contactPhone": report.rating.contact_phone,
        }
    return {name: value for name, value in values.items() if value not in ("", ())}
