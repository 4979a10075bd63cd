"""What is wrong with a request, as RFC 9457 tells it: `application/problem+json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec
from starlette.responses import Response


@dataclass(slots=True, eq=False)
class Problem(Exception):  # noqa: N818 - the term of RFC 9457
    """Raised by whoever handles a request; `detail` says what to do about it, and repeats nothing that was sent."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    """The member of the body that is at fault, as a JSON path."""

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def problem_response(problem: Problem) -> Response:
    body: dict[str, str | int] = {"title": problem.title, "status": problem.status, "detail": problem.detail}
    if problem.where:
        body["field"] = problem.where
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type="application/problem+json",
    )
