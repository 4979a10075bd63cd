"""Batches as bytes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.records import Signed
from sync.wire import Envelope, Problem, SealedLine, WireError, compress, encode_batch, read_batch

HEAD = Signed("text", 0, b"s" * 64)


def envelope(**changes):
    fields = {"protocol": 1, "suite": "intl", "generation": "0" * 32, "first": 0, "records": 1, "previous": bytes(32)}
    return Envelope(**{**fields, "head": HEAD, **changes})


@given(st.lists(st.binary(min_size=1).filter(lambda body: b"\n" not in body), min_size=1), st.binary())
def test_records_come_out_byte_for_byte_as_they_went_in(bodies, cipher):
    line = SealedLine(b"v" * 16, "case:0", "hub", cipher)
    sent = envelope(records=len(bodies), sealed=1)
    batch = read_batch(encode_batch(sent, bodies, [line]))
    assert (batch.envelope, list(batch.bodies), list(batch.sealed)) == (sent, bodies, [line])


def test_the_envelope_calls_its_first_sequence_from():
    assert b'"from":0' in encode_batch(envelope(), [b"{}"], [])


def test_the_last_newline_may_be_missing():
    content = encode_batch(envelope(), [b"{}"], [])
    assert read_batch(content) == read_batch(content.rstrip(b"\n"))


def test_the_same_batch_packs_to_the_same_bytes():
    assert compress(b"x" * 1000) == compress(b"x" * 1000)
    assert gzip.decompress(compress(b"x" * 1000)) == b"x" * 1000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"not json\n{}\n",
        b"\xff\xfe\n{}\n",
        b"[]\n{}\n",
        b"[" * 1_000_000,
        b'{"x":' * 1_000_000,
        b"\n" * 60_000,
        encode_batch(envelope(records=2), [b"{}"], []),
        encode_batch(envelope(), [b"{}", b"{}"], []),
        encode_batch(envelope(sealed=1), [b"{}"], []),
        encode_batch(envelope(sealed=1), [b"{}", b"{}"], []),
        encode_batch(envelope(), [b"{}"], []).replace(b'"protocol":1', b'"protocol":2'),
        encode_batch(envelope(), [b"{}"], []).replace(b'"intl"', b'"gm"'),
        encode_batch(envelope(records=10), [], []).replace(b'"records":10', b'"records":0'),
        encode_batch(envelope(), [b"{}"], []).replace(b'"from":0', b'"from":-1'),
        encode_batch(envelope(generation="short"), [b"{}"], []),
        encode_batch(envelope(previous=b"short"), [b"{}"], []),
    ],
)
def test_what_is_no_batch_is_named_as_such(content):
    with pytest.raises(WireError):
        read_batch(content)


@given(st.binary())
def test_any_bytes_are_a_batch_or_named_as_none(content):
    try:
        read_batch(content)
    except WireError:
        return


def test_a_problem_is_known_by_the_end_of_its_type():
    assert Problem("https://hub/problems/gap", "", 409).code == "gap"
