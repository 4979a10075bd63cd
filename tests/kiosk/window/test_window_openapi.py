import json
from pathlib import Path
from typing import Any

from kiosk.window import interface
from kiosk.window.openapi import document, openapi_json

PUBLISHED = Path(__file__).parents[3] / "docs/window-interface.openapi.json"


def test_the_published_document_is_the_one_that_is_served(kiosk: Any) -> None:
    served = kiosk.call("GET", "/openapi.json", token=None)
    assert served.status == 200
    assert served.headers["Content-Type"] == "application/json"
    assert served.text == openapi_json()
    assert PUBLISHED.read_text(encoding="utf-8") == openapi_json(), "run: python -m kiosk.window.openapi > docs/…"


def test_document_and_routes_agree() -> None:
    routes: Any = interface.routes(None)  # type: ignore[arg-type]
    served = {(route.path, method) for route in routes for method in route.methods - {"HEAD"}}
    described = {
        (path, method.upper())
        for path, item in document()["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert described == served | {("/openapi.json", "GET")}


def test_every_reference_leads_somewhere() -> None:
    text = openapi_json()
    schemas = json.loads(text)["components"]["schemas"]
    names = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(schemas)
    assert "Case" in names


def test_every_status_that_tests_meet_is_described() -> None:
    ask = document()["paths"]["/v1/windows/{window}/visits"]["post"]
    assert {"200", "201", "400", "401", "403", "404", "408", "409", "413", "415", "422"} == set(ask["responses"])


def test_nothing_in_the_document_speaks_of_a_level() -> None:
    text = openapi_json().lower()
    for word in ("satisf", "receipt", '"rated"', "满意", "stars"):
        assert word not in text
