"""`/v1/windows/…`: what a window's business system calls. JSON in UTF-8, one bearer token a window."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, TypeVar, assert_never

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.window.asks import Accepted, OtherBody
from kiosk.window.case_memory import NewlyKnown, OtherCase, SaidOtherwise
from kiosk.window.messages import (
    CaseDataRequest,
    ClerkRequest,
    PauseRequest,
    TicketRequest,
    VisitAnswer,
    VisitRequest,
    VisitState,
    WindowAnswer,
)
from kiosk.window.problems import Problem
from kiosk.window.service import Repeated, WalkUp, WindowService
from kiosk.window.slip_html import slip_page

_NO_SUCH_VISIT: Final = "no such visit: it was asked long ago, before a restart, or at another window"
Handler = Callable[[Request], Awaitable[Response]]
Body = TypeVar("Body")


def routes(service: WindowService) -> list[Route]:
    interface = _Interface(service)
    window = "/v1/windows/{window}"
    return [
        by_method(window, GET=interface.window),
        by_method(f"{window}/visits", POST=interface.ask),
        by_method(f"{window}/visits/{{visit}}", GET=interface.visit, PATCH=interface.tell_more),
        by_method(f"{window}/tickets", POST=interface.ticket),
        by_method(f"{window}/slips/{{visit}}", GET=interface.slip),
        by_method(f"{window}/clerk", PUT=interface.sign_in, DELETE=interface.sign_out),
        by_method(f"{window}/pause", PUT=interface.pause, DELETE=interface.resume),
    ]


def by_method(path: str, **handlers: Handler) -> Route:
    """One route a path, so that 405 can name every method there is."""

    async def endpoint(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, endpoint, methods=list(handlers))


class _Interface:
    def __init__(self, service: WindowService) -> None:
        self._service = service

    async def window(self, request: Request) -> Response:
        window = self._authorised(request)
        info, status = self._service.windows[window], self._service.status(window)
        return _json(
            WindowAnswer(
                window=window,
                place=info.place,
                name=info.name,
                name_en=info.name_en,
                clerk=status.clerk,
                paused=status.pause is not None,
                reason=status.pause or "",
            )
        )

    async def ask(self, request: Request) -> Response:
        window = self._authorised(request)
        asked = await _body(request, VisitRequest, empty=VisitRequest())
        outcome = self._service.ask(window, asked.cases, "window-interface", asked.ask, asked.ticket)
        match outcome:
            case Accepted():
                location = f"/v1/windows/{window}/visits/{outcome.visit.hex()}"
                return _json(_answer(outcome), 201, {"Location": location})
            case Repeated(accepted):
                return _json(_answer(accepted))
            case OtherBody():
                raise Problem(409, "this ask id came before with other cases or ticket: use a new id for a new ask")
            case WalkUp():
                raise Problem(409, "a walk-up point is not asked: citizens press there of their own accord")
            case _:
                assert_never(outcome)

    async def visit(self, request: Request) -> Response:
        window = self._authorised(request)
        accepted = self._service.visit(window, request.path_params["visit"])
        if accepted is None:
            raise Problem(404, _NO_SUCH_VISIT)
        return _json(VisitState(accepted.visit.hex(), accepted.state(self._service.now())))

    async def tell_more(self, request: Request) -> Response:
        """The same answer whatever has become of the visit."""
        window = self._authorised(request)
        told = await _body(request, CaseDataRequest)
        outcome = self._service.tell_more(window, request.path_params["visit"], told.cases)
        match outcome:
            case NewlyKnown():
                return Response(status_code=204)
            case OtherCase():
                raise Problem(409, "not a case of this visit: a rating stays with the cases that it was asked for")
            case SaidOtherwise(field):
                raise Problem(409, "this was given before, with something else: send only what is new", where=field)
            case None:
                raise Problem(404, _NO_SUCH_VISIT)
            case _:
                assert_never(outcome)

    async def ticket(self, request: Request) -> Response:
        window = self._with_clerk(request)
        told = await _body(request, TicketRequest)
        self._service.tell_ticket(window, told.ticket, told.state)
        return Response(status_code=204)

    async def slip(self, request: Request) -> Response:
        window = self._authorised(request)
        found = self._service.slip(window, request.path_params["visit"])
        if found is None:
            raise Problem(404, "no slip: asked long ago or before a restart, or nothing to rate this visit with later")
        paper, accepted = found
        return slip_page(paper, self._service.windows[window], accepted)

    async def sign_in(self, request: Request) -> Response:
        window = self._with_clerk(request)
        await self._service.sign_in(window, (await _body(request, ClerkRequest)).number)
        return Response(status_code=204)

    async def sign_out(self, request: Request) -> Response:
        await self._service.sign_out(self._with_clerk(request))
        return Response(status_code=204)

    async def pause(self, request: Request) -> Response:
        window = self._authorised(request)
        await self._service.pause(window, (await _body(request, PauseRequest)).reason)
        return Response(status_code=204)

    async def resume(self, request: Request) -> Response:
        await self._service.resume(self._authorised(request))
        return Response(status_code=204)

    def _with_clerk(self, request: Request) -> str:
        window = self._authorised(request)
        if self._service.windows[window].place != "window":
            raise Problem(409, "a walk-up point or a terminal has no clerk and no queue")
        return window

    def _authorised(self, request: Request) -> str:
        window: str = request.path_params["window"]
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        owned = self._service.owned(token.strip()) if scheme.lower() == "bearer" else frozenset()
        if not owned:
            detail = "send this window's token: Authorization: Bearer …; whoever set up the kiosk can make a new one"
            raise Problem(401, detail, {"WWW-Authenticate": 'Bearer realm="window"'})
        if window not in self._service.windows:
            raise Problem(404, "no such window: use the id in the kiosk's settings")
        if window not in owned:
            raise Problem(403, "this token belongs to another window: use the one of the window in the address")
        return window


async def _body(request: Request, kind: type[Body], empty: Body | None = None) -> Body:
    content = await request.body()
    if not content and empty is not None:
        return empty
    if not _is_json(request.headers.get("content-type", "")):
        raise Problem(415, "send JSON in UTF-8: Content-Type: application/json")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        detail, _, where = str(error).partition(" - at `")
        raise Problem(422, f"{detail}: see /openapi.json", where=where.rstrip("`") or "$") from error
    except ValueError as error:
        raise Problem(400, "the body is not valid JSON in UTF-8: check it with a JSON tool") from error


def _is_json(content_type: str) -> bool:
    kind, _, parameters = content_type.lower().partition(";")
    charset = parameters.strip().replace('"', "")
    return kind.strip() == "application/json" and charset in {"", "charset=utf-8", "charset=utf8"}


def _answer(accepted: Accepted) -> VisitAnswer:
    ends = datetime.fromtimestamp(accepted.ends_wall_ms / 1000, UTC)
    ends_at = ends.isoformat(timespec="seconds").replace("+00:00", "Z")
    return VisitAnswer(accepted.visit.hex(), "open", ends_at, accepted.slip)


def _json(answer: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = msgspec.json.encode(answer)
    return Response(content, status_code=status, headers=headers, media_type="application/json")
