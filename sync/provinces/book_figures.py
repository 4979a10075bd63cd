"""What a book of reports adds up to. Reports are counted, not visits: one ticket with three cases is three ratings."""

from typing import Literal, NamedTuple

from sync.provinces.book_file import BookFile
from sync.reports.report import Kind

State = Literal["waiting", "accepted", "another-stands", "needs-person"]


class VisitKey(NamedTuple):
    """`asked`: sequence of the ask."""

    device: str
    generation: str
    asked: int


class BookFigures:
    def __init__(self, file: BookFile) -> None:
        self._file = file

    def counts(self) -> dict[tuple[Kind, int, State], int]:
        """Reports, not visits, by kind, level (0 for a case) and state: all that are expected, and their outcomes."""
        rows = self._file.rows(
            "SELECT kind, level, state, sum(reports) FROM total GROUP BY kind, level, state HAVING sum(reports) > 0"
        )
        return {(kind, level, state): count for kind, level, state, count in rows}

    def ratings_of(self, day: str) -> list[tuple[str, int, State, int]]:
        """Device, level, state and number of the ratings pressed on one hall day."""
        rows = self._file.rows(
            "SELECT device, level, state, reports FROM tally WHERE day = ? AND kind = 'rating' AND reports > 0", (day,)
        )
        return [(device, level, state, reports) for device, level, state, reports in rows]

    def expected(self) -> dict[tuple[str, int], int]:
        """Device and level to the number of ratings that were ever enrolled."""
        rows = self._file.rows(
            "SELECT device, level, sum(reports) FROM total WHERE kind = 'rating' GROUP BY device, level"
        )
        return {(device, level): reports for device, level, reports in rows if reports}

    def set_aside_of_devices(self) -> dict[str, int]:
        """Device to the number of its reports that need a person."""
        rows = self._file.rows("SELECT device, sum(reports) FROM total WHERE state = 'needs-person' GROUP BY device")
        return {device: reports for device, reports in rows if reports}

    def oldest_unsent(self) -> tuple[str, VisitKey] | None:
        """Day and visit of the oldest rating on which the platform has not spoken, or that needs a person."""
        rows = self._file.rows(
            "SELECT day, device, generation, asked FROM report WHERE kind = 'rating' "
            "AND state IN ('waiting', 'needs-person') AND day > '' ORDER BY day, position LIMIT 1"
        )
        return (rows[0][0], VisitKey(*rows[0][1:])) if rows else None
