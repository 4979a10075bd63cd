"""SM2 against the OpenSSL command line: what one makes the other opens."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.provinces.sm2 import PrivateKey, Sm2Error, private_key, public_key
from tests.sync.provinces.conformance import make_sm2_key, openssl_opened, openssl_sealed, openssl_verifies

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
texts = st.binary(min_size=1, max_size=400)


@few
@given(text=texts)
def test_openssl_opens_what_was_sealed(sm2_keys, text):
    folder, (_, public), _ = sm2_keys
    assert openssl_opened(folder / "platform", public_key(public).seal(text)) == text


@few
@given(text=texts)
def test_what_openssl_sealed_is_opened(sm2_keys, text):
    folder, (private, _), _ = sm2_keys
    assert private_key(private).open(openssl_sealed(folder / "platform.pub", text)) == text


@few
@given(text=texts)
def test_openssl_verifies_what_was_signed(sm2_keys, text):
    folder, _, (private, _) = sm2_keys
    assert openssl_verifies(folder / "sender.pub", text, private_key(private).sign(text))


def test_a_public_key_that_begins_with_04_is_taken_whole():
    """gmssl takes those digits away."""
    key = next(key for number in range(1, 4000) if (key := PrivateKey(number)).public.point.startswith("04"))
    assert key.open(public_key(key.public.point).seal(b"text")) == b"text"
    assert public_key("04" + key.public.point) == key.public


def test_the_public_key_is_openssls(tmp_path):
    private, public = make_sm2_key(tmp_path / "key")
    assert "04" + private_key(private).public.point == public


def test_no_two_signatures_or_boxes_are_alike():
    key = PrivateKey(77)
    assert len({key.sign(b"text") for _ in range(20)} | {key.public.seal(b"text") for _ in range(20)}) == 40


@given(place=st.integers(0, 96 + 20), bit=st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_a_box_that_was_changed_does_not_open(place, bit):
    key = PrivateKey(1234567)
    sealed = bytearray(key.public.seal(b"x" * 20))
    sealed[place] ^= 1 << bit
    with pytest.raises(Sm2Error):
        key.open(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x04", b"\x04" * 97, b"\x04" + b"\xff" * 120])
def test_what_is_no_box_does_not_open(sealed):
    with pytest.raises(Sm2Error):
        PrivateKey(5).open(sealed)
