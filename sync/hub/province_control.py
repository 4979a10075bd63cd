"""What an operator asks about the reports to the province: what waits for a person, mended and sent again."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sync.provinces.book import Book, BookError, Entry
from sync.provinces.set_aside import MendError, SetAside
from sync.reports.report import ReportKey

BOOK_FILE: Final = "province.db"
ALL: Final = "all"


class ProvinceAsked(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`report` as `name_of` writes it; `all` sends everything again that is set aside."""

    do: Literal["status", "mend", "resend", "remark"]
    report: str = ""
    values: dict[str, str] = {}
    """New values for fields of the case, by canonical name."""
    words: Annotated[str, Meta(max_length=2000)] = ""


class ProvinceSaid(Struct, frozen=True, omit_defaults=True):
    """How the hub fares with its platform.

    `words`: why nothing is sent, in the platform's or the way's words, or what is wrong here; empty: all is well.
    """

    words: str = ""
    last_pass_ms: int | None = None
    """Wall clock of the last time when all that was due had been sent."""
    retry_at_ms: int | None = None


class ProvinceControlError(Exception):
    """It was not done. The message says why, and what to do."""


def name_of(entry: Entry) -> str:
    """One word for a report, as the commands print and take it."""
    return "/".join(map(str, entry.key))


def carry_out(book: Book, asked: ProvinceAsked, now_ms: int) -> None:
    """Durable when it returns. Raises `ProvinceControlError`."""
    aside = SetAside(book)
    try:
        if asked.do == "mend":
            aside.mend(_key(asked.report), asked.values)
        elif asked.do == "resend" and asked.report == ALL:
            for entry in aside.entries():
                aside.send_again(entry.key)
        elif asked.do == "resend":
            aside.send_again(_key(asked.report))
        elif asked.do == "remark" and not (asked.words and book.remark(_key(asked.report), asked.words, now_ms)):
            raise ProvinceControlError("a remark has words, and stands at a report beside which another rating stands")
    except MendError as fault:
        raise ProvinceControlError(str(fault)) from fault


@contextmanager
def book_at(directory: Path, *, read_only: bool) -> Iterator[Book]:
    """Raises `ProvinceControlError`. To write to it the hub's lock is needed."""
    try:
        book = Book(directory / BOOK_FILE, None, read_only=read_only)
    except BookError as fault:
        raise ProvinceControlError(str(fault)) from fault
    with closing(book):
        yield book


def _key(name: str) -> ReportKey:
    parts = name.split("/")
    if len(parts) == 5 and parts[2].isdecimal() and parts[3].isdecimal() and parts[4] in {"case", "rating"}:
        kind: Literal["case", "rating"] = "case" if parts[4] == "case" else "rating"
        return ReportKey(parts[0], parts[1], int(parts[2]), int(parts[3]), kind)
    raise ProvinceControlError(f'"{name}" names no report: copy one from `kiosk hub province set-aside list`')
