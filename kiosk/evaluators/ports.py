"""What the evaluators' room is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.core.finding_events import Scanned
from kiosk.core.visit import Event, Window
from sync.records import At, Audited, VisitId


@dataclass(frozen=True, slots=True)
class EvaluatorPorts:
    """Everything runs on the GUI thread but `post`, which leads there."""

    dispatch: Callable[[str, Event], None]
    """Window id and what happened there."""
    find: Callable[[Scanned], None]
    """A slip was scanned at the terminal."""
    window: Callable[[str], Window]
    audit: Callable[[Sequence[Audited]], None]
    strays_wait: Callable[[int], None]
    """`flush_strays` wants to be called at this time, in milliseconds since boot."""
    test_ends: Callable[[int], None]
    """`KeyTests.run_out` wants to be called at this time, in milliseconds since boot."""
    changed: Callable[[], None]
    post: Callable[[Callable[[], None]], None]
    now: Callable[[], At]
    fresh: Callable[[], VisitId]
