"""The code of a slip: what is mistyped is noticed, what is only written otherwise is understood."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.check_signs import ALPHABET, check_sign
from kiosk.slips.codes import CodeError, code_from, read_code

CODE = code_from(bytes.fromhex("0123456789"))


@given(st.binary(min_size=5, max_size=5))
def test_a_code_is_read_as_what_it_was_made_from(random: bytes) -> None:
    code = code_from(random)

    assert read_code(code) == random
    assert len(code) == len("ABC-DEF-GHJ")
    assert not set(code) & set("ILOU")


@pytest.mark.parametrize("written", [CODE.lower(), CODE.replace("-", " "), CODE.replace("-", ""), f" {CODE}\n"])
def test_case_and_gaps_do_not_matter(written: str) -> None:
    assert read_code(written) == bytes.fromhex("0123456789")


def test_full_width_and_look_alikes_are_read_as_what_they_mean() -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in CODE)
    zero = code_from(bytes(5))

    assert read_code(wide) == bytes.fromhex("0123456789")
    assert read_code(zero.replace("0", "o")) == bytes(5)


def test_every_single_wrong_sign_is_noticed() -> None:
    plain = CODE.replace("-", "")
    for place, sign in itertools.product(range(9), ALPHABET):
        wrong = plain[:place] + sign + plain[place + 1 :]
        if wrong != plain:
            with pytest.raises(CodeError):
                read_code(wrong)


def test_every_two_signs_that_changed_places_are_noticed() -> None:
    plain = "0123ABCZ"
    whole = plain + check_sign(plain)
    for first, second in itertools.combinations(range(9), 2):
        signs = list(whole)
        signs[first], signs[second] = signs[second], signs[first]
        if signs != list(whole):
            with pytest.raises(CodeError):
                read_code("".join(signs))


@pytest.mark.parametrize("nonsense", ["", "ABC", CODE + "0", "😀" * 9, "U" * 9, "测试代码测试代码测", "A" * 5000])
def test_nonsense_is_no_code(nonsense: str) -> None:
    with pytest.raises(CodeError):
        read_code(nonsense)
