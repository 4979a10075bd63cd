"""What a terminal asks its hub about a slip, and the answer: which visit of the hall a tag finds.

Neither case number nor code goes to the hub; the tag takes both (`docs/slips.md`).
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from sync.records import Earlier
from sync.records.stored import Place

PATH: Final = "/v1/later"
HALL_TAG: Final = 2
"""First byte of a tag that every device of a hall can make; those from before have none, and 16 bytes."""
HALL_TAG_BYTES: Final = 17
GRANT_MS: Final = 30_000
"""A grant that nobody used by then is no longer in the way of the next."""
MOST_BYTES: Final = 1024
"""Of a question."""


class SlipAsked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    device: Annotated[str, Meta(pattern="^[0-9a-f]{64}(?!\\n)$", description="Who asks.")]
    tag: Annotated[bytes, Meta(min_length=HALL_TAG_BYTES, max_length=HALL_TAG_BYTES)]
    own: Annotated[
        bool,
        Meta(description="The asker has the visit in its own journal, ended and not rated: may it be rated there now?"),
    ] = False


class SlipCase(Struct, frozen=True, omit_defaults=True):
    """One service of the case, in the open as its ask has it."""

    service: int = 1
    item: str = ""


class SlipVisit(Struct, frozen=True):
    """A visit of the hall that was not rated on the spot."""

    device: str
    generation: str
    asked: int
    window: str
    place: Place
    clerk: str
    day: Annotated[str, Meta(description="The hall's day of the ask, yyyy-MM-dd: the asker judges the period by it.")]
    cases: list[SlipCase]

    @property
    def reference(self) -> Earlier:
        return Earlier(self.generation, self.asked, self.device)


class SlipAnswer(Struct, frozen=True, omit_defaults=True):
    granted: Annotated[
        bool,
        Meta(description="False, and nothing more, for whatever is wrong: unknown, open, rated, granted to another."),
    ]
    visit: Annotated[
        SlipVisit | None, Meta(description="None also where the asker has it and it has not arrived here yet.")
    ] = None
