"""The OpenAPI document of the interface, made from its messages: what is published is what is checked."""

import json
from typing import Any, Final

import msgspec

from kiosk.window.messages import (
    CaseDataRequest,
    ClerkRequest,
    PauseRequest,
    ProblemDocument,
    TicketRequest,
    VisitAnswer,
    VisitRequest,
    VisitState,
    WindowAnswer,
)

_REF: Final = "#/components/schemas/{name}"
_PROBLEMS: Final = {
    400: "The body is not JSON.",
    401: "No token, or none that is known.",
    403: "A token of another window; a `Host` or `Origin` that is not the kiosk's.",
    404: "No such window, or no such visit (any more).",
    408: "The body did not arrive within 10 seconds.",
    409: "The same `ask` with other cases; a case that the ask did not name; a field given before with something else;"
    " something that a walk-up point or a terminal does not have.",
    413: "More than 64 KiB.",
    415: "Not `application/json` in UTF-8.",
    422: "A member is missing, unknown or of the wrong kind; `field` says which.",
}
_WITH_BODY: Final = (400, 401, 403, 404, 408, 413, 415, 422)
_WITHOUT_BODY: Final = (401, 403, 404)

Document = dict[str, Any]


def openapi_json() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def document() -> Document:
    kinds = (
        VisitRequest,
        VisitAnswer,
        VisitState,
        CaseDataRequest,
        TicketRequest,
        WindowAnswer,
        ClerkRequest,
        PauseRequest,
        ProblemDocument,
    )
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hall kiosk: window interface",
            "version": "1",
            "description": "What a window's computer calls: to ask for a rating, to sign a clerk in or out, to pause,"
            " to tell how far a ticket is."
            " No answer, and no time of an answer, depends on whether or how a citizen rated.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:8650"}],
        "security": [{"window": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"window": {"type": "http", "scheme": "bearer", "description": "One token a window."}},
        },
    }


def _paths() -> Document:
    window = {"name": "window", "in": "path", "required": True, "schema": {"type": "string"}}
    visit = {"name": "visit", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/openapi.json": {
            "get": {
                "operationId": "document",
                "summary": "This document",
                "security": [],
                "responses": {"200": {"description": "OpenAPI", "content": {"application/json": {}}}},
            }
        },
        "/v1/windows/{window}": {
            "parameters": [window],
            "get": _operation("window", "Name, clerk and pause", {200: WindowAnswer}, _WITHOUT_BODY),
        },
        "/v1/windows/{window}/visits": {
            "parameters": [window],
            "post": _operation(
                "ask",
                "Ask for a rating. 201: asked. 200: asked before under the same `ask`, and not asked again",
                {201: VisitAnswer, 200: VisitAnswer},
                (*_WITH_BODY, 409),
                VisitRequest,
                body_required=False,
            ),
        },
        "/v1/windows/{window}/visits/{visit}": {
            "parameters": [window, visit],
            "get": _operation("visit", "Open, or over", {200: VisitState}, _WITHOUT_BODY),
            "patch": _operation(
                "tellMore",
                "More has become known of the visit's cases: recorded sealed, beside what was known. For a day",
                {204: None},
                (*_WITH_BODY, 409),
                CaseDataRequest,
            ),
        },
        "/v1/windows/{window}/tickets": {
            "parameters": [window],
            "post": _operation(
                "ticket",
                "How far a queue ticket is. Closes no visit; lets the manager see for how many nobody asked",
                {204: None},
                (*_WITH_BODY, 409),
                TicketRequest,
            ),
        },
        "/v1/windows/{window}/slips/{visit}": {
            "parameters": [window, visit],
            "get": {
                "operationId": "slip",
                "summary": "A slip to print for the citizen, on 80 mm or A4: the same whatever becomes of the visit",
                "responses": {"200": {"description": "A page", "content": {"text/html": {}}}}
                | {str(status): _problem(status) for status in _WITHOUT_BODY},
            },
        },
        "/v1/windows/{window}/clerk": {
            "parameters": [window],
            "put": _operation("signIn", "A clerk signs in", {204: None}, (*_WITH_BODY, 409), ClerkRequest),
            "delete": _operation("signOut", "The clerk signs out", {204: None}, (*_WITHOUT_BODY, 409)),
        },
        "/v1/windows/{window}/pause": {
            "parameters": [window],
            "put": _operation("pause", "The window pauses", {204: None}, _WITH_BODY, PauseRequest),
            "delete": _operation("resume", "The window resumes", {204: None}, _WITHOUT_BODY),
        },
    }


def _operation(
    name: str,
    summary: str,
    answers: dict[int, type | None],
    problems: tuple[int, ...],
    body: type | None = None,
    *,
    body_required: bool = True,
) -> Document:
    responses = {str(status): _answer(kind) for status, kind in answers.items()}
    responses |= {str(status): _problem(status) for status in sorted(problems)}
    operation: Document = {"operationId": name, "summary": summary, "responses": responses}
    if body is not None:
        operation["requestBody"] = {"required": body_required, "content": {"application/json": _schema(body)}}
    return operation


def _answer(kind: type | None) -> Document:
    if kind is None:
        return {"description": "Done."}
    return {"description": kind.__name__, "content": {"application/json": _schema(kind)}}


def _problem(status: int) -> Document:
    return {"description": _PROBLEMS[status], "content": {"application/problem+json": _schema(ProblemDocument)}}


def _schema(kind: type) -> Document:
    return {"schema": {"$ref": _REF.format(name=kind.__name__)}}


if __name__ == "__main__":
    print(openapi_json(), end="")
