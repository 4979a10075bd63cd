"""`kiosk paper issue`: prints a batch of forms as a PDF. The file gets its name only once the batch is recorded."""

import os
import secrets
import sys
from pathlib import Path

from kiosk.app import ASSETS
from kiosk.commands import HELD, OK, WRONG_INPUT
from kiosk.commands.paper import ANSWERS, obeyed
from kiosk.commands.secrets import ask_secretly
from kiosk.control import ControlError
from kiosk.paper.orders import MOST_FORMS, Issue
from kiosk.paper.serials import RANDOM_BYTES, fingerprint, serial_from
from kiosk.settings import SettingsError, load_settings
from sync.journal.lock import JournalHeldError
from sync.journal.schema import JournalError

LONGEST_POINT = 32


def issue(config: Path, count: int, point: str, out: Path) -> int:
    """No form is ever out that no record accounts for: a refused batch leaves no file."""
    point = " ".join(point.split())
    if not 1 <= count <= MOST_FORMS:
        print(f"--count {count}: a batch has 1 to {MOST_FORMS} forms", file=sys.stderr)
        return WRONG_INPUT
    if not 1 <= len(point) <= LONGEST_POINT or not point.isprintable():
        print(f"--point: write 1 to {LONGEST_POINT} characters on one line", file=sys.stderr)
        return WRONG_INPUT
    if out.exists():
        print(f"{out} exists: choose another name, its forms may be out already", file=sys.stderr)
        return WRONG_INPUT
    unnamed = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        settings = load_settings(config)
        batch = secrets.token_hex(4)
        serials = [serial_from(secrets.token_bytes(RANDOM_BYTES)) for _ in range(count)]
        pin = ask_secretly("manager's PIN: ")
        _print(unnamed, settings.hall.name, point, batch, serials)
        answer = obeyed(settings, config, Issue(batch, point, sorted(map(fingerprint, serials))), pin)
        if answer == "issued":
            unnamed.replace(out)
    except JournalHeldError as fault:
        print(fault, file=sys.stderr)
        return HELD
    except (SettingsError, ControlError, JournalError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    finally:
        unnamed.unlink(missing_ok=True)
    if answer != "issued":
        print(ANSWERS[answer], file=sys.stderr)
        return WRONG_INPUT
    print(f"batch {batch}: {count} forms for {point} in {out}\n{ANSWERS[answer]}")
    return OK


def _print(path: Path, hall: str, point: str, batch: str, serials: list[str]) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # printing needs fonts, not a display
    from PySide6.QtGui import QGuiApplication

    from kiosk.ui.fonts import choose_font
    from kiosk.ui.paper_forms import print_forms

    application = QGuiApplication.instance() or QGuiApplication([])
    choose_font()
    print_forms(path, ASSETS / "faces", hall, point, batch, serials)
    del application
