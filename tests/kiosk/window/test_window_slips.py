"""The code of the slip comes with the answer to the ask: at once, the same for all, and the same again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.visit import AskedFor
from kiosk.slips.codes import read_code
from kiosk.slips.issuing import SlipIssuer
from kiosk.slips.key import SlipKey

BODY = {"ask": "A-1", "cases": [{"projectNo": "370800202611200001"}, {"projectNo": "B2"}]}


@pytest.fixture
def key(tmp_path: Path) -> SlipKey:
    return SlipKey(tmp_path)


@pytest.fixture
def kiosk(start_kiosk: Callable[..., Any], key: SlipKey) -> Any:
    return start_kiosk(slip=SlipIssuer(key, lambda size: b"\x01\x23\x45\x67\x89"[:size]).issue)


def test_an_ask_with_a_case_is_given_a_code_that_its_record_can_be_found_by(kiosk: Any, key: SlipKey) -> None:
    answer = kiosk.ask(BODY)

    code = answer.json()["slip"]
    [asked] = kiosk.hall.of_kind(AskedFor)
    assert answer.status == 201
    assert asked.ask.slips == key.tags(read_code(code), ("370800202611200001", "B2"))


def test_a_repeated_ask_has_the_same_code(kiosk: Any) -> None:
    first, again = kiosk.ask(BODY), kiosk.ask(BODY)

    assert (first.status, again.status) == (201, 200)
    assert first.content == again.content


def test_without_a_case_there_is_nothing_to_find_later(kiosk: Any) -> None:
    assert kiosk.ask().json()["slip"] == ""
    [asked] = kiosk.hall.of_kind(AskedFor)
    assert asked.ask.slips == ()


def test_where_no_later_rating_is_granted_nobody_is_given_a_code(start_kiosk: Callable[..., Any]) -> None:
    assert start_kiosk().ask(BODY).json()["slip"] == ""


def test_a_disk_without_a_key_does_not_keep_a_citizen_from_being_asked(
    start_kiosk: Callable[..., Any], tmp_path: Path, key: SlipKey
) -> None:
    (tmp_path / "slip.key").write_bytes(b"torn")
    kiosk = start_kiosk(slip=SlipIssuer(key, bytes).issue)

    answer = kiosk.ask(BODY)

    assert (answer.status, answer.json()["slip"]) == (201, "")
    assert len(kiosk.hall.of_kind(AskedFor)) == 1
