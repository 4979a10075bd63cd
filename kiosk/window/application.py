"""The routes put together: interface, clerk page, document; and one way to tell a problem."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from kiosk.window import clerk_page, interface
from kiosk.window.clerk_html import STYLE_POLICY, message_page
from kiosk.window.guard import Guard
from kiosk.window.hosts import AllowedHosts
from kiosk.window.openapi import openapi_json
from kiosk.window.problems import Problem, problem_response
from kiosk.window.service import WindowService
from kiosk.window.slip_html import STYLE_POLICY as SLIP_STYLE_POLICY

_REMEDIES: Final[Mapping[int, str]] = {
    404: "there is nothing at this address: see /openapi.json",
    405: "this address does not take that method: see the Allow header",
}

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": browsers would then send their forms with `Origin: null`
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {STYLE_POLICY} {SLIP_STYLE_POLICY}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
}


def application(service: WindowService, allowed: AllowedHosts) -> ASGIApp:
    app = Starlette(
        routes=[
            interface.by_method("/openapi.json", GET=_openapi),
            *interface.routes(service),
            *clerk_page.routes(service),
        ],
        exception_handlers={Problem: _problem, HTTPException: _http_exception, Exception: _bug},
    )
    app.router.redirect_slashes = False
    return Guard(app, allowed, service.now, told, HEADERS)


def told(path: str, problem: Problem) -> Response:
    """As a page where a person reads it, as a document where a program does."""
    if path.startswith("/clerk/"):
        return message_page(problem)
    return problem_response(problem)


async def _openapi(_: Request) -> Response:
    return Response(openapi_json(), media_type="application/json")


async def _problem(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    return told(request.url.path, problem)


async def _http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    remedy = _REMEDIES.get(error.status_code, HTTPStatus(error.status_code).description)
    return told(request.url.path, Problem(error.status_code, remedy, error.headers or {}))


async def _bug(request: Request, _: Exception) -> Response:
    """Starlette raises it again afterwards, so that it is logged whole."""
    return told(request.url.path, Problem(500, "the kiosk failed at this: try again, and report it with the time"))
