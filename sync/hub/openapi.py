"""The hub's OpenAPI document, made from the very structs that are sent. `python -m sync.hub.openapi` prints it."""

from typing import Any, Final

import msgspec

from sync.enrolment import MOST_BYTES, Enrolled, EnrolmentAsked
from sync.hub.problems import TITLES
from sync.hub.publications import PACKAGE_TYPE
from sync.hub.questions import AlarmList, DayCounts
from sync.hub.reconciliation import Reconciliation, VisitReports
from sync.parcels.acknowledgement import Acknowledgement, AcknowledgementText
from sync.parcels.parcel import MAX_PARCEL
from sync.publication.manifest import KINDS
from sync.publication.offers import Offers
from sync.receipts import ReceiptAnswer
from sync.slip_question import MOST_BYTES as MOST_SLIP_BYTES
from sync.slip_question import SlipAnswer, SlipAsked
from sync.upstream import Upstream
from sync.wire import (
    BATCH_TYPE,
    MAX_COMPRESSED,
    MAX_INFLATED,
    PARCEL_TYPE,
    PROBLEM_TYPE,
    REPLY_TYPE,
    Envelope,
    Problem,
    Reply,
    SealedLine,
    Standing,
)

_REPORTS: Final = (Upstream, Reconciliation, VisitReports)
_SHOWN: Final = (
    Envelope,
    SealedLine,
    Reply,
    Standing,
    Problem,
    DayCounts,
    AlarmList,
    ReceiptAnswer,
    Acknowledgement,
    AcknowledgementText,
    EnrolmentAsked,
    Enrolled,
    Offers,
    SlipAsked,
    SlipAnswer,
    *_REPORTS,
)
_DAY: Final = ("bad-day",)
_PUBLICATION: Final = [
    {"name": "kind", "in": "path", "required": True, "schema": {"enum": list(KINDS)}},
    {"name": "version", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
]
_TAKE: Final = """\
A batch of records of one device and generation, as NDJSON, plain or gzip. Line 1 is an `Envelope`; then `records`
lines, each the exact bytes of a record, which never hold a newline; then `sealed` lines, each a `SealedLine`.

The hub computes `hash = SHA-256(previous hash || body)` over the records from `previous` on, compares the last with the
signed head, and keeps all of the batch or nothing. What it has already is counted as repeated. The token opens the
connection only: the device is known by its signature. The rules for repeats, gaps and forks are in
docs/sync-protocol.md.
"""
_PARCEL: Final = f"""\
A parcel as its kiosk wrote it, at most {MAX_PARCEL} bytes: docs/parcels.md. The hub opens it and takes the batches
in it as if the device had sent them. The token is the carrier's; the device's own is in the parcel.
"""
_LATER: Final = f"May the visit of a slip be rated here, in the next 30 s? A tag, in at most {MOST_SLIP_BYTES} bytes"
_PARCELS_ALONE: Final = frozenset({"altered", "cut-short", "stranger", "wrong-hub", "no-key"})


def document() -> dict[str, Any]:
    _, components = msgspec.json.schema_components(_SHOWN, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hall kiosk hub",
            "version": "1",
            "summary": "Takes the records of rating kiosks, once each.",
        },
        "paths": _paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer", "description": "A token of the role device."},
                "reader": {"type": "http", "scheme": "bearer", "description": "A token of the role reader."},
                "page": {"type": "http", "scheme": "basic", "description": "Any name; the reader's token."},
            },
        },
    }


def _paths() -> dict[str, Any]:
    device = {
        "name": "device",
        "in": "path",
        "required": True,
        "description": "SHA-256 of the device's first public key.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    }
    day = {
        "name": "day",
        "in": "query",
        "description": "The hall's own day; today where it is left out.",
        "schema": {"type": "string", "format": "date"},
    }
    return {
        "/v1/devices/{device}/batches": {"parameters": [device], "post": _take()},
        "/v1/devices/{device}": {
            "parameters": [device],
            "get": _read(
                "Which sequence of which generation the hub wants next",
                "Standing",
                "device",
                "reader",
                also=("revoked", "unknown-path"),
            ),
        },
        "/v1/parcels": {"post": _take_parcel()},
        "/v1/later": {"post": _later()},
        "/v1/publications": {"get": _read("What there is for a kiosk to take", "Offers", "device", also=("revoked",))},
        "/v1/publications/{kind}/{version}": {"parameters": _PUBLICATION, "get": _package()},
        "/v1/enrolments": {"post": _enrol()},
        "/v1/counts": {
            "get": {**_read("Counts of one day", "DayCounts", "reader", also=("bad-day",)), "parameters": [day]}
        },
        "/v1/alarms": {"get": _read("What a person has to look at", "AlarmList", "reader")},
        "/v1/reconciliation": {
            "get": {
                **_read(
                    "Pressed, stored, here, at the province: level by level", "Reconciliation", "reader", also=_DAY
                ),
                "parameters": [day],
            }
        },
        "/v1/devices/{device}/reports": {"parameters": [device], "get": _reports()},
        "/v1/receipts/{code}": {"get": _receipt()},
        "/v1/health": {
            "get": _open("Whether the hub runs", {"type": "object", "properties": {"status": {"const": "ok"}}})
        },
        "/openapi.json": {"get": _open("This document", {"type": "object"})},
        "/": {"get": _page()},
    }


def _take() -> dict[str, Any]:
    others = {
        *_PARCELS_ALONE,
        "wrong-method",
        "bad-day",
        "bad-receipt",
        "unknown-receipt",
        "too-often",
        "bad-enrolment",
        "bad-slip",
        "unknown-publication",
    }
    codes = [code for code in TITLES if code not in others]
    return {
        "summary": "Send a batch",
        "description": _TAKE,
        "security": [{"device": []}],
        "parameters": [
            {
                "name": "Content-Encoding",
                "in": "header",
                "description": f"At most {MAX_COMPRESSED} bytes as sent and {MAX_INFLATED} inflated.",
                "schema": {"enum": ["identity", "gzip"]},
            }
        ],
        "requestBody": {"required": True, "content": {BATCH_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
        "responses": {"200": _success("Durable at the hub", "Reply"), **_problems(codes)},
    }


def _reports() -> dict[str, Any]:
    summary = "What the province said about each case of a device's visits, in its own words"
    generation = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
    first = {"type": "integer", "minimum": 0, "default": 0, "description": "Sequence of the first ask."}
    parameters = [
        {"name": "generation", "in": "query", "required": True, "schema": generation},
        {"name": "from", "in": "query", "schema": first},
    ]
    return {**_read(summary, "VisitReports", "reader", also=("unknown-path",)), "parameters": parameters}


def _take_parcel() -> dict[str, Any]:
    others = {"wrong-method", "bad-day", "bad-receipt", "unknown-receipt", "too-often", "unknown-path", "bad-enrolment"}
    others |= {"unknown-publication", "bad-slip"}
    return {
        "summary": "Bring a parcel of a device that has no network",
        "description": _PARCEL,
        "security": [{"device": []}],
        "requestBody": {"required": True, "content": {PARCEL_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
        "responses": {
            "200": _success("Durable at the hub", "Acknowledgement"),
            **_problems([code for code in TITLES if code not in others]),
        },
    }


def _package() -> dict[str, Any]:
    whole = {PACKAGE_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    codes = ["no-token", "wrong-role", "revoked", "unknown-publication", "fault", "not-now"]
    return {
        "summary": "One signed publication; docs/publications.md has its format",
        "description": "With `Range`, the rest of one that was cut.",
        "security": [{"device": []}],
        "responses": {
            "200": {"description": "The whole file", "content": whole},
            "206": {"description": "A part of it", "content": whole},
            **_problems(codes),
            "416": {"description": "It is not as long as that"},
        },
    }


def _enrol() -> dict[str, Any]:
    asked = {"schema": {"$ref": "#/components/schemas/EnrolmentAsked"}}
    return {
        "summary": "Let a device in by a code that is used once",
        "description": f"At most {MOST_BYTES} bytes. The rules are in docs/enrolment.md.",
        "security": [],
        "requestBody": {"required": True, "content": {REPLY_TYPE: asked}},
        "responses": {
            "200": _success("The device has a token of its own", "Enrolled"),
            **_problems(["bad-enrolment", "too-often", "fault", "not-now"]),
        },
    }


def _later() -> dict[str, Any]:
    asked = {"schema": {"$ref": "#/components/schemas/SlipAsked"}}
    return {
        **_read(_LATER, "SlipAnswer", "device", also=("revoked", "bad-slip", "too-often")),
        "requestBody": {"required": True, "content": {REPLY_TYPE: asked}},
    }


def _receipt() -> dict[str, Any]:
    code = {
        "name": "code",
        "in": "path",
        "required": True,
        "description": "16 letters and digits as the kiosk showed them; any case, any dashes.",
        "schema": {"type": "string"},
    }
    return {
        "summary": "Whether the press that a citizen's receipt was given for is here, unchanged; never its level",
        "security": [],
        "parameters": [code],
        "responses": {
            "200": _success("It is here", "ReceiptAnswer"),
            **_problems(["bad-receipt", "unknown-receipt", "too-often", "fault", "not-now"]),
        },
    }


def _read(summary: str, schema: str, *roles: str, also: tuple[str, ...] = ()) -> dict[str, Any]:
    codes = ["no-token", "wrong-role", *also, "fault", "not-now"]
    security: list[dict[str, list[str]]] = [{role: []} for role in roles]
    return {
        "summary": summary,
        "security": security,
        "responses": {"200": _success(summary, schema), **_problems(codes)},
    }


def _open(summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    success = {"description": summary, "content": {REPLY_TYPE: {"schema": schema}}}
    return {"summary": summary, "security": [], "responses": {"200": success}}


def _page() -> dict[str, Any]:
    success = {"description": "A page for people", "content": {"text/html": {"schema": {"type": "string"}}}}
    responses = {"200": success, **_problems(["no-token", "fault", "not-now"])}
    return {"summary": "Today's counts as a page", "security": [{"page": []}], "responses": responses}


def _success(description: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {REPLY_TYPE: {"schema": reference}}}


def _problems(codes: list[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(TITLES[code][0], []).append(code)
    return {str(status): _problem(status, named) for status, named in sorted(by_status.items())}


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    text = "; ".join(f"`/problems/{code}`: {TITLES[code][1]}" for code in codes)
    answer: dict[str, Any] = {
        "description": text,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in {429, 503}:
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return answer


if __name__ == "__main__":
    print(msgspec.json.format(msgspec.json.encode(document()), indent=2).decode())
