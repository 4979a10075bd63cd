"""`kiosk hub province`: how the reports to the province stand, and what an operator does about them."""

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.commands import OK, WRONG_INPUT
from sync.hub.schema import HubError
from sync.records import LEVELS

if TYPE_CHECKING:
    from sync.hub.province_control import ProvinceAsked, ProvinceSaid
    from sync.hub.settings import HubSettings
    from sync.provinces.book import Book, Entry, State
    from sync.reports.report import Kind, Report, ReportKey

_STATES: "Final[tuple[State, ...]]" = ("waiting", "accepted", "another-stands", "needs-person")


def status(config: Path, *, as_json: bool) -> int:
    """Prints how many reports are expected at the platform, by level, and what became of them."""
    from sync.hub.control import Asked, ask_running_hub
    from sync.hub.province_control import ProvinceAsked

    with _told() as told, _book(config) as (settings, book):
        said = ask_running_hub(Path(settings.directory), Asked(province=ProvinceAsked("status")))
        _print_status(book, said.province if said else None, as_json=as_json)
    return told[0]


def listed(config: Path, state: "State", *, as_json: bool) -> int:
    """Prints each report of one state with the platform's words, or its receipt."""
    with _told() as told, _book(config) as (_, book):
        for entry in book.of_state(state):
            print(json.dumps(_row(entry), ensure_ascii=False) if as_json else _line(entry))
    return told[0]


def export(config: Path, out: Path, *, content: bool) -> int:
    """Writes what is set aside as JSON (0600). `content`: with what stands in the reports, names included."""
    from sync.files import write_durably
    from sync.provinces.set_aside import SetAside

    with _told() as told, _book(config) as (settings, book), _reading(settings, content=content) as read:
        exported = SetAside(book).exported(read)
        write_durably(out, exported)
        print(f"{out}: {len(json.loads(exported))} reports")
    return told[0]


def change(config: Path, asked: "ProvinceAsked") -> int:
    """Mends, sends again or remarks: at the running hub, else in the book itself."""
    from sync.hub.app import wall_ms
    from sync.hub.control import Asked, ask_running_hub
    from sync.hub.province_control import book_at, carry_out
    from sync.hub.server import only_one

    with _told() as told:
        settings = _settings(config)
        directory = Path(settings.directory)
        said = ask_running_hub(directory, Asked(province=asked))
        if said is not None and said.error:
            raise HubError(said.error)
        if said is None:
            with only_one(directory), book_at(directory, read_only=False) as book:
                carry_out(book, asked, wall_ms())
        print("done")
    return told[0]


def _print_status(book: "Book", said: "ProvinceSaid | None", *, as_json: bool) -> None:
    counts = book.figures.counts()
    if as_json:
        rows = [
            {"kind": kind, "level": level, "state": state, "reports": count}
            for (kind, level, state), count in sorted(counts.items())
        ]
        running = None if said is None else {"words": said.words, "retry_at_ms": said.retry_at_ms}
        print(json.dumps({"running": running, "reports": rows}, ensure_ascii=False))
        return
    print(f"{'':10}" + "".join(f"{state:>16}" for state in _STATES))
    of_level: list[tuple[Kind, int]] = [("case", 0), *(("rating", level) for level in LEVELS)]
    for kind, level in of_level:
        name = f"rating {level}" if level else kind
        print(f"{name:10}" + "".join(f"{counts.get((kind, level, state), 0):16}" for state in _STATES))
    if said is None:
        print("no hub runs on this folder")
    elif said.words:
        print(f"nothing is sent now: {said.words}")


def _row(entry: "Entry") -> dict[str, object]:
    from sync.hub.province_control import name_of

    return {
        "report": name_of(entry),
        "state": entry.state,
        "words": entry.words,
        "fields": entry.fields,
        "receipt": entry.receipt,
        "tries": entry.tries,
        "met_ms": entry.met_ms,
    }


def _line(entry: "Entry") -> str:
    from sync.hub.province_control import name_of

    told = entry.receipt or entry.words
    return f"{name_of(entry)}  {told}{'  ' + '、'.join(entry.fields) if entry.fields else ''}"


@contextmanager
def _told() -> "Iterator[list[int]]":
    """The exit code, in a list of one; a fault is printed."""
    from sync.hub.province_control import ProvinceControlError

    code = [OK]
    try:
        yield code
    except (HubError, ProvinceControlError, OSError) as fault:
        print(fault, file=sys.stderr)
        code[0] = WRONG_INPUT


def _settings(config: Path) -> "HubSettings":
    from sync.hub.settings import load_settings

    settings = load_settings(config)
    if settings.province is None:
        raise HubError(f"{config} has no [province]: this hub reports to nobody")
    return settings


@contextmanager
def _book(config: Path) -> "Iterator[tuple[HubSettings, Book]]":
    """For reading, beside a running hub."""
    from sync.hub.province_control import book_at

    settings = _settings(config)
    with book_at(Path(settings.directory), read_only=True) as book:
        yield settings, book


@contextmanager
def _reading(settings: "HubSettings", *, content: bool) -> "Iterator[Callable[[ReportKey], Report | None]]":
    """What gives the report of a key, made anew from the hub's store; nothing without `content`."""
    from sync.hub.app import wall_ms
    from sync.hub.schema import FILE_NAME
    from sync.hub.visit_reading import Unread, VisitReading
    from sync.provinces.book import VisitKey

    if not content:
        yield lambda _: None
        return
    directory = Path(settings.directory)
    store = f"{(directory / FILE_NAME).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(store, uri=True, isolation_level=None)) as db:
        reading = VisitReading(db, directory)

        def read(key: "ReportKey") -> "Report | None":
            reports = reading.reports(VisitKey(*key[:3]), wall_ms())
            return None if isinstance(reports, Unread) else next((one for one in reports if one.key == key), None)

        yield read
