"""Codes are given where something can come of them, and nowhere else."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.province import ProvinceProfile, Supplement
from kiosk.provinces import load_profile
from kiosk.settings import Settings
from kiosk.settings.sections import Hall, Hub, WindowPlace
from kiosk.slips.giving import slip_paper, slips_of
from kiosk.slips.hall import HallSlips
from sync.clock import SystemClock
from sync.journal.schema import JournalError
from sync.recorder import Recorder

NATIONAL = load_profile(Path(__file__).parents[3] / "assets/provinces/national.toml")
PAGE = replace(NATIONAL, rate_later_page="https://hall.example/rate")
APPLICANT = replace(NATIONAL, supplement=Supplement(7, "calendar", ("applicant",)))
NONE = replace(NATIONAL, supplement=None)


HALL = Hub("https://hub.example", release_key=b64encode(bytes(32)).decode(), slips_hall_wide=True)


def settings(*places: str, hub: Hub | None = None) -> Settings:
    windows = tuple(WindowPlace(str(number), "窗口", place) for number, place in enumerate(places))
    return Settings(hall=Hall(name="政务服务大厅"), windows=windows, hub=hub)


def given(profile: ProvinceProfile, *places: str, hub: Hub | None = None) -> tuple[bool, bool]:
    """Whether codes are given, and whether there is a slip to print."""

    def open_nothing(_: str) -> None:
        raise JournalError("not needed")

    recorder = Recorder(open_nothing, SystemClock().now, lambda: None)
    hall = HallSlips(lambda: None, lambda: None, lambda: 0.0)
    made = settings(*places, hub=hub)
    slips = slips_of(made, profile, recorder, SystemClock().now, lambda call: call(), hall)
    return slips is not None, slip_paper(made, profile, codes=slips is not None) is not None


@pytest.mark.parametrize(
    ("profile", "places", "expected"),
    [
        (NATIONAL, ("window", "terminal"), (True, True)),
        (NATIONAL, ("window",), (False, False)),
        (NATIONAL, ("window", "walk-up"), (False, False)),
        (PAGE, ("window",), (False, True)),
        (APPLICANT, ("window", "terminal"), (False, False)),
        (NONE, ("window", "terminal"), (False, False)),
    ],
)
def test_a_code_needs_a_profile_that_grants_it_and_a_terminal_that_takes_it(
    profile: ProvinceProfile, places: tuple[str, ...], expected: tuple[bool, bool]
) -> None:
    assert given(profile, *places) == expected


@pytest.mark.parametrize(("profile", "expected"), [(NATIONAL, (True, True)), (NONE, (False, False))])
def test_where_slips_are_taken_in_the_whole_hall_a_window_gives_codes_without_a_terminal(
    profile: ProvinceProfile, expected: tuple[bool, bool]
) -> None:
    assert given(profile, "window", hub=HALL) == expected
    assert given(profile, "window", hub=Hub("https://hub.example")) == (False, False)
