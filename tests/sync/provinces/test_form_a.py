"""Form A against a platform that opens every message with the OpenSSL command line."""

from dataclasses import replace

import pytest

from sync.provinces.parts import Credentials, CredentialsError
from sync.provinces.platform import Platform
from tests.sync.provinces.conformance import DUPLICATE, UNKNOWN_CASE, says_words
from tests.sync.provinces.conftest import case_report, rating_report, visit

LONG_CODE = "113700000045020000000000001000010"
FIXED_TEXT = "评价人未填写原因"


def test_case_and_rating_arrive_as_the_platform_wants_them(form_a_desk, form_a):
    form_a_desk.send(*visit(words="谢谢", tags=("510", "517")))
    (first, case), (second, rating) = form_a.messages
    assert (first, second) == ("case", "rating")
    assert (case["projectNo"], case["areaCode"], case["taskType"]) == ("37T-1", "370800000000", "20")
    assert (rating["projectNo"], rating["serviceNumber"], rating["satisfaction"]) == ("37T-1", "1", "5")
    assert (rating["pf"], rating["assessTime"]) == ("4", "2026-11-20 12:00:00")
    assert (rating["evalDetail"], rating["writingEvaluation"]) == ("510,517", "谢谢")
    assert form_a_desk.state(rating_report()) == "accepted"


def test_of_a_code_of_33_characters_the_first_31_are_the_item(form_a_desk, form_a):
    assert len(LONG_CODE) == 33
    form_a_desk.send(case_report(task_code=LONG_CODE))
    assert form_a.messages[0][1]["taskCode"] == LONG_CODE[:31]
    assert form_a.messages[0][1]["taskHandleItem"] == LONG_CODE


@pytest.mark.parametrize("level", [1, 2])
def test_a_bad_rating_without_a_reason_goes_with_the_fixed_text_and_no_tag(form_a_desk, form_a, level):
    silent = rating_report(level=level)
    silent = replace(silent, rating=replace(silent.rating, tags=()))
    form_a_desk.send(case_report(), silent)
    sent = form_a.messages[1][1]
    assert sent["writingEvaluation"] == FIXED_TEXT
    assert "evalDetail" not in sent
    assert form_a_desk.state(silent) == "accepted"


def test_success_false_in_a_200_sets_the_report_aside_in_the_platforms_words(form_a_desk, form_a):
    form_a.faults = [says_words("参数结构不正确：areaCode")]
    form_a_desk.send(*visit(), *visit(2))
    entry = form_a_desk.entry(case_report())
    assert (entry.state, entry.words, entry.fields) == ("needs-person", "参数结构不正确：areaCode", ("areaCode",))
    assert form_a_desk.entry(rating_report()).words == UNKNOWN_CASE
    assert form_a_desk.state(rating_report(2)) == "accepted"


def test_a_rating_that_somebody_else_gave_stands(form_a_desk, form_a):
    form_a.cases.add(("37T-1", "1"))
    form_a.ratings["37T-1", "1"] = {"satisfaction": "5"}
    form_a_desk.send(*visit(level=2))
    entry = form_a_desk.entry(rating_report(level=2))
    assert (entry.state, entry.words, entry.level) == ("another-stands", DUPLICATE, 2)
    assert form_a_desk.state(case_report()) == "accepted"
    assert form_a.ratings["37T-1", "1"] == {"satisfaction": "5"}


@pytest.mark.parametrize("name", ["app_mark", "app_word", "platform_public_key", "own_private_key"])
def test_a_key_that_is_missing_is_named_and_none_is_told(form_a_desk, form_a_credentials, name):
    values = {key: value for key, value in form_a_credentials.values.items() if key != name}
    with pytest.raises(CredentialsError, match=name) as refused:
        Platform(form_a_desk.profile, form_a_desk.address, Credentials(values))
    assert not any(value in str(refused.value) for value in values.values())


@pytest.mark.parametrize("key", ["zz" * 64, "11" * 64, "11" * 20])
def test_a_key_that_can_be_none_is_named(form_a_desk, form_a_credentials, key):
    values = {**form_a_credentials.values, "platform_public_key": key}
    with pytest.raises(CredentialsError, match="platform_public_key"):
        Platform(form_a_desk.profile, form_a_desk.address, Credentials(values))
    assert key not in repr(Credentials(values))
