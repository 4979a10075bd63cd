"""Refusals as RFC 9457 problem documents. The last part of `type` is what a program goes by."""

from typing import Final

import msgspec
from starlette.responses import Response

from sync.wire import PROBLEM_TYPE, Problem

TITLES: Final = {
    "malformed": (400, "This is not a batch"),
    "no-token": (401, "A valid token is needed"),
    "wrong-role": (403, "This token may not do that"),
    "revoked": (403, "This device was revoked"),
    "unknown-path": (404, "There is nothing here"),
    "unknown-receipt": (404, "No press here has this code"),
    "unknown-publication": (404, "This publication is not here any more"),
    "wrong-method": (405, "This method is not for this path"),
    "too-slow": (408, "The request did not arrive in time"),
    "gap": (409, "Records before this batch are missing"),
    "fork": (409, "Another record stands before this batch"),
    "too-large": (413, "The batch is too large"),
    "wrong-type": (415, "Only application/x-ndjson, plain or gzip"),
    "bad-day": (422, "This is not a day"),
    "bad-receipt": (422, "This is not a receipt's code"),
    "bad-slip": (422, "This is no question about a slip"),
    "bad-enrolment": (422, "Nobody is enrolled by this"),
    "bad-signature": (422, "A signature does not hold"),
    "broken-chain": (422, "The records are not a chain"),
    "altered": (422, "The parcel was altered"),
    "cut-short": (422, "The parcel is cut short"),
    "stranger": (422, "The parcel is of a device without a token of this hub"),
    "wrong-hub": (422, "The parcel is for another hub"),
    "unknown-epoch": (422, "The signing key is not known"),
    "past-epoch": (422, "A key that was replaced cannot sign what is new"),
    "wrong-device": (422, "The batch is of another device"),
    "too-many": (429, "Too many batches of this device at once"),
    "too-often": (429, "Too many questions in a short time"),
    "fault": (500, "The hub failed"),
    "no-key": (503, "The hub lacks a key for parcels"),
    "not-now": (503, "The hub cannot store anything now"),
}
"""Code to status and title."""


def problem(code: str, detail: str, next_seq: int | None = None, **headers: str) -> Response:
    """Header names are given with underscores."""
    status, title = TITLES[code]
    document = Problem(f"/problems/{code}", title, status, detail, next_seq)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(msgspec.json.encode(document), status, named, PROBLEM_TYPE)
