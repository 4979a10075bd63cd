"""Asks a hub for a token with a code that is used once: one question, one answer."""

import time
from collections.abc import Callable
from typing import Final

import msgspec
import requests
from urllib3.exceptions import HTTPError

from sync.courier import HubAddress
from sync.enrolment import (
    ENROLMENT_TYPE,
    MOST_BYTES,
    Code,
    Enrolled,
    EnrolmentAsked,
    EnrolmentError,
    proof_text,
)
from sync.hub_client import hub_session
from sync.interruptible import InterruptibleAdapter
from sync.keys import KeyStore
from sync.wire import PROBLEM_TYPE, PROTOCOL, REPLY_TYPE, UNREADABLE, Problem

_LONGEST_S: Final = 60.0


def enrol(address: HubAddress, code: Code, keys: KeyStore, now_ms: Callable[[], int]) -> Enrolled:
    """Raises `EnrolmentError`; with the same code it may be tried again on this device."""
    proof = keys.sign(proof_text(keys.device, code, now_ms()))
    asked = EnrolmentAsked(PROTOCOL, code.secret, keys.first_key, keys.changes, proof)
    status, kind, body = _post(address, msgspec.json.encode(asked))
    if status == 200 and kind == REPLY_TYPE:
        return _checked(body, code, keys.device)
    if kind != PROBLEM_TYPE:
        raise EnrolmentError(
            f"{address.url} answers (HTTP {status}), and not as a hub does: check the address; "
            "is there a log-in page of the network in between?"
        )
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except UNREADABLE as fault:
        raise EnrolmentError(f"{address.url} does not answer as a hub does: check the address") from fault
    raise EnrolmentError(f"the hub refuses: {problem.detail}")


def _checked(body: bytes, code: Code, device: str) -> Enrolled:
    try:
        enrolled = msgspec.json.decode(body, type=Enrolled)
    except UNREADABLE as fault:
        raise EnrolmentError(f"the hub's answer cannot be read ({fault}): are kiosk and hub of one version?") from fault
    if enrolled.pinned.fingerprint != code.fingerprint:
        raise EnrolmentError(
            "the keys that came are not those that the code vouches for: nothing was taken. "
            "Compare the code; if it is right, somebody answers in the hub's place, or its keys have changed since"
        )
    if enrolled.device != device:
        raise EnrolmentError("the hub has enrolled another device: tell its operator")
    return enrolled


def _post(address: HubAddress, body: bytes) -> tuple[int, str, bytes]:
    """Status, content type, content; bounded in size and time."""
    adapter = InterruptibleAdapter(address.timeout_s)
    ends = time.monotonic() + _LONGEST_S
    headers = {"Content-Type": ENROLMENT_TYPE, "Authorization": None}
    try:
        with (
            hub_session(address, adapter) as session,
            session.post(
                f"{address.url.rstrip('/')}/v1/enrolments",
                data=body,
                headers=headers,
                timeout=(address.connect_s, address.timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            read = bytearray()
            while chunk := response.raw.read1(8192, decode_content=False):
                read += chunk
                if len(read) > MOST_BYTES or time.monotonic() > ends:
                    raise EnrolmentError(f"{address.url} does not come to the end of its answer: try again")
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return response.status_code, kind, bytes(read)
    except requests.exceptions.SSLError as fault:
        raise EnrolmentError(
            f"the certificate of {address.url} does not hold: give the hub's own authority with --ca-file"
        ) from fault
    except (requests.RequestException, HTTPError, OSError) as fault:
        raise EnrolmentError(f"{address.url} cannot be reached: check address and network, then try again") from fault
