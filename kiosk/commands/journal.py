"""`kiosk counts` and `kiosk journal verify`: read a journal, live or at rest, and say what it holds."""

import datetime as dt
import json
import sys
from pathlib import Path

from kiosk.commands import DOES_NOT_HOLD, OK, WRONG_INPUT
from kiosk.core.desk import Today
from kiosk.settings import Settings, SettingsError, load_settings
from sync.anchors import believed_ms
from sync.clock import SystemClock, hall_day, offset_minutes
from sync.journal.chain_state import clock_note
from sync.journal.reader import JournalReader, Waiting, channel_counts, day_counts, waiting, window_counts
from sync.journal.schema import JournalError
from sync.journal.verify import Verdict, verify_journal
from sync.journal.verify_since import Start, verify_since
from sync.records import LEVELS, OFFICIAL_ENGLISH, OFFICIAL_WORDS


def counts(config: Path, date: str | None, *, as_json: bool) -> int:
    """Prints one hall day. Safe beside a running kiosk."""
    try:
        settings = load_settings(config)
        if date is not None and not _is_day(date):
            print(f"--date {date}: write yyyy-MM-dd", file=sys.stderr)
            return WRONG_INPUT
        reader = JournalReader(settings.storage.directory)
    except (SettingsError, JournalError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    try:
        day = date or _today(reader, settings)
        by_channel = channel_counts(reader.connection, day)
        figures = Today(day, day_counts(reader.connection, day), settings.counts.satisfied_from, by_channel)
        windows = window_counts(reader.connection, day)
        unsent = waiting(reader.connection, reader.settled(settings.hub.name)) if settings.hub else None
    finally:
        reader.close()
    if as_json:
        print(json.dumps(_as_json(figures, windows, unsent), ensure_ascii=False))
    else:
        _print(settings, figures, unsent)
    return OK


def verify(config: Path, directory: Path | None, since: str | None = None, *, as_json: bool) -> int:
    """Prints what does not hold, first fault first. Exit code 1 if anything does not."""
    if since is not None and not _is_day(since):
        print(f"--since {since}: write yyyy-MM-dd", file=sys.stderr)
        return WRONG_INPUT
    start = None
    try:
        folder = directory or load_settings(config).storage.directory
        if since is None:
            verdict = verify_journal(folder)
        else:
            verdict, start = verify_since(folder, dt.date.fromisoformat(since))
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    except JournalError as fault:
        print(fault, file=sys.stderr)
        return DOES_NOT_HOLD if fault.code == "damaged" else WRONG_INPUT
    if as_json:
        print(json.dumps(_verdict_as_json(verdict, start), ensure_ascii=False))
    else:
        _print_verdict(verdict)
        if start is not None:
            print(
                f"NOT CHECKED: the {start.unread} records before record {start.seq} of generation "
                f"{start.generation[:8]}, and the counts of the days before {since}. The head signed there is taken at "
                "its word; leave out --since to check everything"
            )
        elif since is not None:
            print(f"everything was read: what stands before {since} could not be taken at its word")
    return OK if verdict.sound else DOES_NOT_HOLD


def _is_day(text: str) -> bool:
    try:
        return str(dt.date.fromisoformat(text)) == text  # it also reads forms that no hall writes
    except ValueError:
        return False


def _today(reader: JournalReader, settings: Settings) -> str:
    """By the clock that the records count by, as on the manager's desk."""
    generations = reader.generations()
    known = clock_note(reader.connection, generations[-1].id) if generations else None
    now_ms = believed_ms(SystemClock().now(), known.anchor if known else None)
    return hall_day(now_ms, offset_minutes(settings.hall.utc_offset))[0]


def _as_json(figures: Today, windows: dict[str, dict[int, int]], unsent: Waiting | None) -> dict[str, object]:
    return {
        "day": figures.day,
        "levels": {str(level): figures.level(level) for level in LEVELS},
        "rated": figures.rated,
        "not_rated": figures.not_rated,
        "not_recorded": figures.not_recorded,
        "satisfied": figures.satisfied,
        "bad": figures.bad,
        "windows": {window: {str(key): value for key, value in cells.items()} for window, cells in windows.items()},
        "channels": {
            channel: {str(key): value for key, value in cells.items()} for channel, cells in figures.channels.items()
        },
        "waiting": None if unsent is None else {"records": unsent.records, "since_ms": unsent.oldest_wall_ms},
    }


def _print(settings: Settings, figures: Today, unsent: Waiting | None) -> None:
    print(f"{settings.hall.name} · {figures.day}")
    for level in LEVELS:
        print(f"  {figures.level(level):>7}  {OFFICIAL_WORDS[level]} {OFFICIAL_ENGLISH[level]}")
    print(f"  {figures.not_rated:>7}  未评价 Not rated")
    if figures.not_recorded:
        print(f"  {figures.not_recorded:>7}  未能记录 Pressed, not recorded, apologised for")
    if figures.rated:
        share = 100 * figures.satisfied / figures.rated
        print(f"满意率 satisfied share {share:.1f}% ({figures.satisfied}/{figures.rated})")
    if paper := figures.rated_by("paper"):
        print(f"  {paper:>7}  其中纸质评价 of these on paper")
    if later := figures.rated_by("later-terminal"):
        print(f"  {later:>7}  其中事后评价 of these given later")
    if unsent is not None:
        print(f"stored and not yet acknowledged: {unsent.records} records")


def _print_verdict(verdict: Verdict) -> None:
    print(f"device {verdict.device}")
    print(f"{verdict.records} records, {verdict.heads} heads signed, {verdict.unsigned} records after the last head")
    print(f"last hash {verdict.head_hash}")
    for finding in verdict.findings:
        print(f"DOES NOT HOLD: {finding}")
    print("sound" if verdict.sound else "NOT sound: keep this file as it is and tell the hub's operator")


def _verdict_as_json(verdict: Verdict, start: Start | None) -> dict[str, object]:
    return {
        "device": verdict.device,
        "records": verdict.records,
        "heads": verdict.heads,
        "unsigned": verdict.unsigned,
        "head_hash": verdict.head_hash,
        "totals": verdict.totals,
        "sound": verdict.sound,
        "not_checked": None
        if start is None
        else {"records": start.unread, "before": {"generation": start.generation, "seq": start.seq}},
        "findings": [
            {"generation": one.generation, "seq": one.seq, "problem": one.problem} for one in verdict.findings
        ],
    }
