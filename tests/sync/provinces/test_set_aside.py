"""What needs a person: shown, exported, mended, sent again."""

import json

import pytest

from sync.provinces.set_aside import MendError, SetAside
from tests.sync.provinces.conformance import says_words
from tests.sync.provinces.conftest import case_report, rating_report, visit


@pytest.fixture
def refused(desk, rest):
    """A case that the platform refused for its area."""
    rest.faults = [says_words("areaCode 不正确")]
    desk.send(*visit(area_code="37x"))
    return SetAside(desk.book)


def test_it_is_listed_with_the_platforms_words(refused):
    (entry,) = refused.entries()
    assert (entry.key.kind, entry.words, entry.fields) == ("case", "areaCode 不正确", ("areaCode",))


def test_it_is_exported_with_what_stands_in_it_for_whoever_may_see_it(refused):
    (plain,) = json.loads(refused.exported())
    assert (plain["words"], plain["asked"], plain["case"]) == ("areaCode 不正确", 10, 0)
    assert "content" not in plain
    (full,) = json.loads(refused.exported(lambda key: case_report(area_code="37x")))
    assert full["content"]["areaCode"] == "37x"


def test_a_mended_field_is_sent_and_forgotten_once_all_is_taken(desk, rest, clock, refused):
    refused.mend(case_report().key, {"areaCode": "370800"})
    clock.pass_hours(7)
    desk.send(*visit(area_code="37x"))
    sent = [fields["areaCode"] for kind, fields in rest.messages if kind == "case"]
    assert sent == ["37x000000000", "370800000000"]
    assert desk.state(rating_report()) == "accepted"
    assert desk.book.mended(case_report().key) == {}


def test_it_can_be_sent_again_as_it_is(desk, rest, clock, refused):
    refused.send_again(case_report().key)
    clock.pass_hours(7)
    desk.send(*visit(area_code="37x"))
    assert desk.state(case_report()) == "accepted"


@pytest.mark.parametrize(
    "name", ["level", "pressedAt", "words", "tags", "projectNo", "serviceNumber", "window", "clerk", "area_code"]
)
def test_what_the_citizen_gave_and_whose_case_it_is_cannot_be_mended(desk, refused, name):
    with pytest.raises(MendError, match=name):
        refused.mend(case_report().key, {name: "1"})
    assert desk.state(case_report()) == "needs-person"


def test_a_value_that_no_record_can_have_is_refused_with_its_field(refused):
    with pytest.raises(MendError, match="serviceTime"):
        refused.mend(case_report().key, {"serviceTime": "yesterday"})


def test_what_was_accepted_cannot_be_mended_nor_sent_again(desk, rest):
    desk.send(*visit())
    aside = SetAside(desk.book)
    with pytest.raises(MendError):
        aside.mend(rating_report().key, {"areaCode": "370800"})
    with pytest.raises(MendError):
        aside.send_again(rating_report().key)


def test_how_another_rating_was_settled_is_noted_beside_it(desk, rest):
    rest.cases.add(("T-1", "1"))
    rest.ratings["T-1", "1"] = {"reference": "", "satisfaction": 5}
    desk.send(*visit(level=1))
    key = rating_report().key
    assert desk.book.remark(key, "已核对：窗口与网上各评一次", 0)
    assert desk.state(rating_report()) == "another-stands"
    assert not desk.book.remark(case_report().key, "no", 0)


def test_a_report_that_does_not_fit_the_platforms_form_never_leaves(desk, rest):
    desk.send(*visit(words="字" * 501))
    entry = desk.entry(rating_report())
    assert (entry.state, entry.fields) == ("needs-person", ("writingEvaluation",))
    assert [kind for kind, _ in rest.messages] == ["case"]
