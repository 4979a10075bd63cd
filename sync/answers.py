"""What an answer means: every possible one sorted into what the courier can do about it. Pure.

HTTP 200 alone proves nothing: a captive portal gives it too. Only JSON with the hub's own fields counts.
"""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from sync.backoff import asked_to_wait_s
from sync.parcels.acknowledgement import Acknowledgement
from sync.wire import PROBLEM_TYPE, REPLY_TYPE, UNREADABLE, Problem, Reply, Standing


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Send fewer records at once."""


@dataclass(frozen=True, slots=True)
class NotNext:
    """The hub wants another sequence than the one sent: ask where it stands."""

    next: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The hub answered and will not take it. `code` is the problem's, or ours for an answer that cannot be true."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Busy:
    """The hub asks to wait, `wait_s` seconds if it said how long."""

    wait_s: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Portal:
    """Something answered that is not the hub."""

    detail: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """`cut`: it was reached and the exchange did not come to its end; a smaller batch may pass."""

    code: str
    detail: str
    cut: bool


Failure = TooLarge | NotNext | Refused | Busy | Portal | Unreachable
T = TypeVar("T", Reply, Standing, Acknowledgement)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    kind: str
    retry_after: str | None
    date: str | None
    body: bytes
    location: str | None = None


def judge(answer: Answer, shape: type[T], now_ms: int) -> T | Failure:
    wait_s = asked_to_wait_s(answer.retry_after, answer.date, now_ms)
    problem = _problem(answer)
    detail = problem.detail if problem else f"HTTP {answer.status}"
    match answer.status:
        case 200:
            return _decoded(answer, shape)
        case 413:
            return TooLarge()
        case 401 | 403:
            return Refused(problem.code if problem else "refused", detail)
        case 429 | 503:
            return Busy(wait_s, detail)
        case 409 if problem:
            return NotNext(problem.next)
        case 407:
            return Unreachable("proxy-password", "the proxy wants another user name or password", cut=False)
        case 408:
            return Unreachable("timeout", detail, cut=True)
        case status if status >= 500 and status != 511:
            return Busy(wait_s, detail)
        case _ if problem:
            return Refused(problem.code, detail)
        case _:
            return Portal(f"HTTP {answer.status} {answer.kind} is no answer of a hub")


def is_log_in_page(answer: Answer, host: str) -> bool:
    """Whether this answer to a plain question of `host` came from the network itself.

    The question is for a path that a hub has, and no web server beside it: that one says 404, or points to itself.
    """
    if answer.status == 511:
        return True
    if 300 <= answer.status < 400:
        return _host_of(answer.location) not in {None, host}
    return answer.status == 200 and answer.kind == "text/html"


def _host_of(location: str | None) -> str | None:
    """None where it leads nowhere else."""
    try:
        return urlsplit(location or "").hostname
    except ValueError:
        return None


def _decoded(answer: Answer, shape: type[T]) -> T | Failure:
    if answer.kind != REPLY_TYPE:
        return Portal(f"{answer.kind or 'an answer without type'} instead of JSON: is there a log-in page?")
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except UNREADABLE:
        return Portal("JSON without the fields of a hub")


def _problem(answer: Answer) -> Problem | None:
    if answer.kind != PROBLEM_TYPE:
        return None
    try:
        return msgspec.json.decode(answer.body, type=Problem)
    except UNREADABLE:
        return None
