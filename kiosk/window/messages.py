"""The bodies of the JSON interface. `docs/window-interface.openapi.json` is made from these."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kiosk.core.visit import PauseReason
from sync.records import Case, TicketState
from sync.records.stored import Place

Identifier = Annotated[str, Meta(min_length=1, max_length=64)]
ClerkNumber = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.-]{1,32}(?!\n)$",
        description="Number of the clerk: 1 to 32 letters, digits, `_`, `.`, `-`. Never a name.",
    ),
]
Ticket = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f\s]([^\x00-\x1f\x7f]{0,62}[^\x00-\x1f\x7f\s])?(?!\n)$",
        description="Number of the queue ticket, 1 to 64 characters; where there is no queue, one of the case. Recorded"
        " as a keyed digest alone.",
    ),
]


MOST_CASES: Final = 20
"""An ask."""


class VisitRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A rating is wanted: for these cases, or for the window where there are none."""

    cases: Annotated[tuple[Case, ...], Meta(max_length=MOST_CASES)] = ()
    ticket: (
        Annotated[Ticket, Meta(description="Whose service is rated. Left out: of the ticket told last at the window.")]
        | None
    ) = None
    ask: (
        Annotated[
            Identifier,
            Meta(
                description="An id of yours: the same id with the same cases is asked once, however often it is sent."
            ),
        ]
        | None
    ) = None


class VisitAnswer(Struct, frozen=True):
    """The same for every ask; a repeated one gets what the first one got."""

    visit: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    state: Literal["open"]
    ends_at: Annotated[
        str, Meta(description="RFC 3339, UTC: from when the visit is told as `ended`, by the kiosk's clock.")
    ]
    slip: Annotated[
        str,
        Meta(
            pattern="^([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})?$",
            description="One-time code for the citizen, with which this case can be rated later. Empty where the ask "
            "has no case, the province grants no later rating, or no terminal could take it.",
        ),
    ]


class VisitState(Struct, frozen=True):
    """`ended` at a fixed time after the ask, whether it was rated, not rated, or replaced by another ask."""

    visit: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    state: Literal["open", "ended"]


class WindowAnswer(Struct, frozen=True):
    window: str
    place: Place
    name: str
    name_en: str
    clerk: Annotated[str, Meta(description="Number of the clerk signed in, or empty.")]
    paused: bool
    reason: Annotated[Literal[PauseReason, ""], Meta(description="Why it is paused, or empty.")]


class ClerkRequest(Struct, frozen=True, forbid_unknown_fields=True):
    number: ClerkNumber


class CaseDataRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What has become known of cases that the ask named: each with its `projectNo`, `serviceNumber` and what is new."""

    cases: Annotated[tuple[Case, ...], Meta(min_length=1, max_length=MOST_CASES)]


class TicketRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a ticket is at this window. `ended`: its service is over, whether a rating was asked for or not."""

    ticket: Ticket
    state: TicketState


class PauseRequest(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[
        PauseReason, Meta(description="Citizens read it on the screen in their language; `other` shows none.")
    ]


class ProblemDocument(Struct, frozen=True, rename={"where": "field"}, omit_defaults=True):
    """RFC 9457."""

    title: str
    status: int
    detail: Annotated[str, Meta(description="What to do about it.")]
    where: Annotated[str, Meta(description="JSON path of the member that is at fault.")] = ""
