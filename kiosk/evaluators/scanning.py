"""What a scanned slip means: at a window, that this case is to be rated now; at a terminal, which one is looked for."""

from collections.abc import Iterator

from devices.facts import CodeScanned
from kiosk.core.finding_events import Scanned
from kiosk.core.visit import Apologising, AskedFor, Asking, Detailing, Recording, Resting, Window
from sync.records import Ask, At, Audited, Case, VisitId

_LONGEST = 64


def scanned(scan: CodeScanned, window: Window, at: At, fresh: VisitId) -> AskedFor | Audited | None:
    """None for the slip of a visit that is open or waits already: a scanner likes to read twice. The record of a
    refusal never holds the text, which may be a case number.
    """
    if window.rules.place != "window" or not _may_be_a_case_number(scan.text):
        return _refused(scan, window, at, "no-case-number" if window.rules.place == "window" else "walk-up")
    case = Case(project_no=scan.text)
    if (case,) in _open_cases(window):
        return None
    ask = Ask(
        window=window.rules.window,
        place="window",
        object="case",
        channel="window-evaluator",
        trigger="scan",
        limit_s=window.rules.stays_open_ms // 1000,
        cases=(case,),
    )
    return AskedFor(fresh, ask, at)


def scanned_at_terminal(scan: CodeScanned, window: Window, at: At) -> tuple[Scanned | None, Audited | None]:
    """For whoever looks for a case there, and for the auditor. While a visit is open, or the terminal is paused, a slip
    means nothing.
    """
    if not isinstance(window.stage, Resting) or window.pause is not None:
        return None, None
    if not _may_be_a_case_number(scan.text):
        return Scanned("", at), _refused(scan, window, at, "no-case-number")
    return Scanned(scan.text, at), None


def _refused(scan: CodeScanned, window: Window, at: At, why: str) -> Audited:
    return Audited("scan-refused", at, window.rules.window, {"scanner": scan.evaluator, "reason": why})


def _open_cases(window: Window) -> Iterator[tuple[Case, ...]]:
    match window.stage:
        case Asking(ask=ask) | Recording(ask=ask) | Apologising(ask=ask) | Detailing(ask=ask):
            yield ask.cases
        case _:
            pass
    if window.waiting is not None:
        yield window.waiting[1].cases


def _may_be_a_case_number(text: str) -> bool:
    return 1 <= len(text) <= _LONGEST and text.isprintable() and not any(letter.isspace() for letter in text)
