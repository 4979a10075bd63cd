"""Which window takes a press, and which settings leave nobody without a level."""

from dataclasses import replace
from pathlib import Path

import pytest

from devices.profile import load_profile
from kiosk.core.visit import Asking, Detailing, Resting, Rules, Thanking, Window
from kiosk.evaluators.line import lines_of
from kiosk.evaluators.routing import Routes, addresses_of
from kiosk.settings import EvaluatorPlace, Settings, load_settings
from sync.records import Ask, At, VisitId

ASKING = Asking(VisitId(b"a" * 16), Ask("3", "window", "window", "window-evaluator", "keypad", 60), 60_000)
THANKING = Thanking(VisitId(b"a" * 16), "CODE", 3_000)
SHARED = ("desk", 0x81)


class Hall:
    def __init__(self, *windows: str) -> None:
        self.windows = {name: Window(Rules(name, "window")) for name in windows}
        self.routes = Routes({SHARED: windows}, self.windows.__getitem__)

    def ask(self, window: str) -> None:
        self.windows[window] = replace(self.windows[window], stage=ASKING)
        self.routes.opened(window)

    def thank(self, window: str) -> None:
        self.windows[window] = replace(self.windows[window], stage=THANKING)

    def rest(self, window: str) -> None:
        self.windows[window] = replace(self.windows[window], stage=Resting())


def test_a_press_on_a_shared_box_belongs_to_the_window_that_was_asked_last() -> None:
    hall = Hall("3", "4")
    assert hall.routes.serving(SHARED) == "3", "nobody is asking: the first"
    hall.ask("4")
    assert hall.routes.serving(SHARED) == "4"
    hall.ask("3")
    assert hall.routes.serving(SHARED) == "3"
    hall.rest("3")
    assert hall.routes.serving(SHARED) == "4", "its visit is over, the other's is not"


def test_a_second_press_of_the_same_citizen_does_not_rate_the_other_window() -> None:
    hall = Hall("3", "4")
    hall.ask("3")
    hall.ask("4")
    hall.thank("4")
    assert hall.routes.serving(SHARED) == "4"


def test_a_shared_box_pauses_with_its_last_window_and_rests_with_its_last_visit() -> None:
    hall = Hall("3", "4")
    assert not hall.routes.may_say("pause", SHARED, "3")
    hall.windows["4"] = replace(hall.windows["4"], pause="")
    assert hall.routes.may_say("pause", SHARED, "3")
    hall.ask("4")
    assert not hall.routes.may_say("reset", SHARED, "3")
    assert hall.routes.may_say("ask", SHARED, "3")


def hall(tmp_path: Path, profile: str, extra: str = "") -> Settings:
    path = tmp_path / "kiosk.toml"
    text = '[hall]\nname = "x"\n[[window]]\nid = "a"\nname = "a"\nplace = "walk-up"\n'
    text += '[[window]]\nid = "b"\nname = "b"\nplace = "walk-up"\n'
    text += f'[[evaluator]]\nname = "short"\nprofile = "{profile}"\nport = "/dev/x"\naddresses = {{ 1 = "b" }}\n'
    path.write_text(text + extra, encoding="utf-8")
    return load_settings(path)


def test_a_box_that_lacks_a_level_is_refused_as_the_only_way_to_rate(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"window b can only be rated on short, which has no key for level 1: give it"):
        lines_of(hall(tmp_path, "ascii-pjq"), lambda _: None)


@pytest.mark.parametrize(
    "extra",
    [
        '[screen]\nwindow = "b"\n',
        '[[evaluator]]\nname = "e"\nprofile = "ascii-digit"\nport = "/dev/y"\naddresses = { 1 = "b" }\n',
    ],
    ids=["the screen", "another box"],
)
def test_a_box_that_lacks_a_level_will_do_beside_another_way(tmp_path: Path, extra: str) -> None:
    lines = lines_of(hall(tmp_path, "ascii-pjq", extra), lambda _: None)
    assert lines[0].profile.lacks


def test_a_number_that_the_line_cannot_have_is_refused() -> None:
    place = EvaluatorPlace("desk", "ascii-digit", {2: "a"}, port="/dev/x")
    with pytest.raises(ValueError, match=r"profile ascii-digit has no box 2: use 1 to 1"):
        addresses_of(place, load_profile("ascii-digit"))


def test_details_on_the_glass_do_not_keep_the_box_from_the_other_window() -> None:
    hall = Hall("3", "4")
    hall.ask("3")
    hall.ask("4")
    details = Detailing(VisitId(b"a" * 16), ASKING.ask, "CODE", 5, At(0, 0, "b00t"), 0, 30_000, 180_000, 8_000)
    hall.windows["4"] = replace(hall.windows["4"], stage=details)
    assert hall.routes.serving(SHARED) == "4", "the press may still be taken back"
    hall.windows["4"] = replace(hall.windows["4"], stage=replace(details, change_until_ms=None))
    assert hall.routes.serving(SHARED) == "3"
