"""Asks a running hub what its own OpenAPI document allows, and what it does not, and holds each answer to it."""

import contextlib
from dataclasses import dataclass, field

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from sync.wire import BATCH_TYPE
from tests.sync.hub.conftest import DEVICE_TOKEN, READER_TOKEN
from tests.sync.hub.pen import Pen

PEN = Pen()
PEN.rating(5)
BATCH = PEN.batch()

NOT_SAID = [positive_data_acceptance, negative_data_rejection]
"""Types cannot say what makes a batch true, and a question with something more in it is answered like any other."""


@schemathesis.serializer(BATCH_TYPE)
def as_it_is(_context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@st.composite
def _nearly_a_batch(draw):
    """A true one of another device with one byte changed, cut off, or lines left out."""
    match draw(st.sampled_from(["byte", "cut", "line", "whole"])):
        case "byte":
            at = draw(st.integers(0, len(BATCH) - 1))
            return BATCH[:at] + bytes([draw(st.integers(0, 255))]) + BATCH[at + 1 :]
        case "cut":
            return BATCH[: draw(st.integers(0, len(BATCH)))]
        case "line":
            lines = BATCH.splitlines(keepends=True)
            return b"".join(draw(st.lists(st.sampled_from(lines), max_size=6)))
        case _:
            return BATCH


schemathesis.openapi.media_type(BATCH_TYPE, _nearly_a_batch() | st.binary(max_size=200))


@dataclass
class Seen:
    """What the hub was asked, and how it answered."""

    answers: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    """Method and path to every status that came."""


def examine(address: str, examples: int, *, derandomize: bool) -> Seen:
    """Raises schemathesis' failure at the first answer that the document does not describe."""
    seen = Seen()
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()
        statuses = seen.answers.setdefault((operation.method.upper(), operation.path), set())
        inputs = [*operation.path_parameters.items, *operation.query.items, *operation.headers.items]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if inputs else (GenerationMode.POSITIVE,):
            with contextlib.suppress(Unsatisfiable):  # any text will do there: nothing can be wrong
                _ask(operation, mode, examples, derandomize, statuses)
    return seen


def _ask(operation, mode, examples, derandomize, statuses):
    @settings(
        max_examples=examples,
        derandomize=derandomize,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.sampled_from([DEVICE_TOKEN, READER_TOKEN, "wrong"]))
    def ask(case, token):
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses.add(response.status_code)
        case.validate_response(response, excluded_checks=NOT_SAID)

    ask()
