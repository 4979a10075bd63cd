"""Codes are given where something can come of them, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.province import ProvinceProfile, Supplement
from kiosk.provinces import load_profile
from kiosk.settings import Settings
from kiosk.settings.sections import Hall, WindowPlace
from kiosk.slips.giving import slip_paper, slips_of
from sync.clock import SystemClock
from sync.journal.schema import JournalError
from sync.recorder import Recorder

NATIONAL = load_profile(Path(__file__).parents[3] / "assets/provinces/national.toml")
PAGE = replace(NATIONAL, rate_later_page="https://hall.example/rate")
APPLICANT = replace(NATIONAL, supplement=Supplement(7, "calendar", ("applicant",)))
NONE = replace(NATIONAL, supplement=None)


def settings(*places: str) -> Settings:
    windows = tuple(WindowPlace(str(number), "窗口", place) for number, place in enumerate(places))
    return Settings(hall=Hall(name="政务服务大厅"), windows=windows)


def given(profile: ProvinceProfile, *places: str) -> tuple[bool, bool]:
    """Whether codes are given, and whether there is a slip to print."""

    def open_nothing(_: str) -> None:
        raise JournalError("not needed")

    recorder = Recorder(open_nothing, SystemClock().now, lambda: None)
    slips = slips_of(settings(*places), profile, recorder, SystemClock().now, lambda call: call())
    return slips is not None, slip_paper(settings(*places), profile, codes=slips is not None) is not None


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
