"""Canonical fields to a platform's own: tables, times, zones, limits."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.provinces.loading import load_profile
from sync.provinces.mapping import UnfitError, fields_of
from sync.records import LEVELS
from sync.reports.press_time import PressTime
from tests.sync.provinces.conftest import PRESSED_MS, WIRE, case_report, rating_report


@pytest.fixture
def form_a_profile():
    return load_profile(WIRE / "shandong-form-a.toml")


@pytest.mark.parametrize("given_type", ["01", "05", "07", "08", "09", "10", "20", "11", "02", "x"])
def test_item_types_are_kept_rewritten_or_other(form_a_profile, given_type):
    wanted = {"11": "20", "02": "99", "x": "99"}.get(given_type, given_type)
    assert fields_of(form_a_profile, case_report(task_type=given_type))["taskType"] == wanted


@pytest.mark.parametrize(("area", "wanted"), [("370800", "370800000000"), ("370811001002", "370811001002")])
def test_an_area_has_twelve_digits(form_a_profile, area, wanted):
    assert fields_of(form_a_profile, case_report(area_code=area))["areaCode"] == wanted


@pytest.mark.parametrize(("promise", "wanted"), [("即办", "1"), ("承诺", "2"), ("2", "2")])
def test_kinds_of_cases_have_the_provinces_codes(form_a_profile, promise, wanted):
    assert fields_of(form_a_profile, case_report(promise_time=promise))["promiseTime"] == wanted


def test_what_has_no_code_needs_a_person_who_is_told_the_field(form_a_profile):
    with pytest.raises(UnfitError, match="promiseTime") as found:
        fields_of(form_a_profile, case_report(promise_time="特殊"))
    assert found.value.fields == ("promiseTime",)


def test_all_that_is_missing_is_told_at_once(form_a_profile):
    with pytest.raises(UnfitError, match="必填") as found:
        fields_of(form_a_profile, case_report(mobile="", org_name=""))
    assert found.value.fields == ("orgName", "mobile")


def test_a_day_that_no_calendar_has_needs_a_person(form_a_profile):
    with pytest.raises(UnfitError, match="serviceTime"):
        fields_of(form_a_profile, case_report(service_time="2026-02-30 10:00:00"))


def test_times_are_written_in_the_platforms_zone(plain_rest):
    elsewhere = msgspec.structs.replace(
        plain_rest, time=msgspec.structs.replace(plain_rest.time, zone="+06:00", format="%Y%m%d%H%M%S")
    )
    assert fields_of(elsewhere, rating_report())["assessTime"] == "20261120100000"
    assert fields_of(elsewhere, case_report())["serviceTime"] == "20261120095000"


def test_no_rule_of_a_profile_moves_a_press(form_a_profile, plain_rest):
    """Not even where the service is said to be later than its rating: the platform may refuse it."""
    late = rating_report(service_time="2026-11-20 12:30:00")
    assert {fields_of(profile, late)["assessTime"] for profile in (form_a_profile, plain_rest)} == {
        "2026-11-20 12:00:00"
    }


@pytest.mark.parametrize("level", LEVELS)
def test_the_code_of_a_level_is_that_of_the_profile(plain_rest, level):
    words = {"5": "A", "4": "B", "3": "C", "2": "D", "1": "E"}
    rules = [
        msgspec.structs.replace(rule, codes="level", number=False) if rule.source == "level" else rule
        for rule in plain_rest.rating.field
    ]
    lettered = msgspec.structs.replace(
        plain_rest,
        codes={**plain_rest.codes, "level": words},
        rating=msgspec.structs.replace(plain_rest.rating, field=rules),
    )
    assert fields_of(lettered, rating_report(level=level))["satisfaction"] == words[str(level)]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    level=st.sampled_from(LEVELS),
    words=st.text(max_size=500),
    pressed_ms=st.integers(-(1 << 62), 1 << 62) | st.just(PRESSED_MS),
    area=st.text(max_size=12),
    task=st.text(max_size=40),
)
def test_any_report_is_written_or_needs_a_person(form_a_profile, level, words, pressed_ms, area, task):
    report = rating_report(
        level=level, words=words, pressed=PressTime(pressed_ms, 0, doubtful=False), area_code=area, task_code=task
    )
    fields = fields_or_fault(form_a_profile, report)
    if isinstance(fields, UnfitError):
        assert fields.words
        assert fields.fields
        return
    assert fields["satisfaction"] == str(level)
    assert fields.get("writingEvaluation", "") == words
    assert all(isinstance(value, str) for value in fields.values())


def fields_or_fault(profile, report):
    try:
        return fields_of(profile, report)
    except UnfitError as fault:
        return fault
