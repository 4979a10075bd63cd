"""Qt without a screen, for the whole suite, and its on-screen keyboard with a home of its own."""

import atexit
import os
import shutil
import tempfile

from kiosk.ui.keyboard import choose_keyboard

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="kiosk-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)
choose_keyboard()
