import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from ui_rig import Rig


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    """A window with its screens, in Chinese."""
    rig = Rig(qtbot, "window")
    yield rig
    rig.close()


@pytest.fixture
def terminal(qtbot: QtBot) -> Iterator[Rig]:
    """A self-service terminal with its screens, in Chinese."""
    rig = Rig(qtbot, "terminal")
    yield rig
    rig.close()


@pytest.fixture
def walk_up(qtbot: QtBot) -> Iterator[Rig]:
    """A walk-up point with its screens, in Chinese."""
    rig = Rig(qtbot, "walk-up")
    yield rig
    rig.close()
