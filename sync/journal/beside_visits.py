"""What is recorded beside the visits: tickets of a queue, forms on paper, audits. None of it counts as a visit here."""

from collections.abc import Callable
from typing import assert_never

from sync.records import (
    Audit,
    Audited,
    FormsIssued,
    FormSpoilt,
    PaperIssued,
    PaperSpoilt,
    Record,
    Service,
    TicketMoved,
)

Beside = TicketMoved | PaperIssued | PaperSpoilt | Audited


def record_of(entry: Beside, ticket: Callable[[str], bytes]) -> Record:
    """`ticket` gives the keyed digest of a ticket's number."""
    match entry:
        case TicketMoved(window, clerk, number, state, at):
            return Service(at=at, window=window, state=state, ticket=ticket(number), clerk=clerk)
        case PaperIssued(batch, point, serials, at):
            return FormsIssued(at=at, batch=batch, point=point, serials=list(serials))
        case PaperSpoilt(batch, serial, at):
            return FormSpoilt(at=at, batch=batch, serial=serial)
        case Audited(what, at, window, detail):
            return Audit(at=at, what=what, window=window, detail=detail)
        case _:
            assert_never(entry)
