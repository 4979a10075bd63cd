"""One box of the evaluators' page, and its press-each-key test, as plain text: a pure function of their state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk.core.desk import BoxState, EvaluatorState
from kiosk.core.key_test import KeyTest
from kiosk.evaluators.key_tests import Ending
from kiosk.ui.desk_facts import Fact
from kiosk.ui.desk_rows import box_needs, device_line, level_names, map_needs
from kiosk.ui.words import Words, whole

_ENDINGS: dict[Ending, str] = {
    "passed": "test_passed",
    "failed": "test_failed",
    "stopped": "test_stopped",
    "run-out": "test_run_out",
    "visit-asked": "test_visit_asked",
}


@dataclass(frozen=True, slots=True)
class Card:
    """`wire`: how it is plugged in and read. `frame` and `raw` are bytes in hex. `address` is the box's on its line,
    None for a scanner.
    """

    name: str
    address: int | None
    title: str
    facts: tuple[Fact, ...]
    wire: tuple[Fact, ...]
    frame: str
    raw: str


def cards(states: tuple[EvaluatorState, ...], words: Words) -> tuple[Card, ...]:
    """One a box; what a line has in common stands on each of its boxes."""
    return tuple(card for state in states for card in _cards(state, words))


def _cards(state: EvaluatorState, words: Words) -> Iterator[Card]:
    boxes: tuple[BoxState | None, ...] = state.boxes or (None,)
    label = (words.scanner if state.kind == "scanner" else words.evaluator).format(name=state.name)
    for box in boxes:
        title = label
        if box is not None:
            title = words.box_title.format(evaluator=label, box=box.number, windows=", ".join(box.windows))
        facts = tuple(_facts(state, box, label, words))
        address, wire = box.address if box else None, tuple(_wire(state, words))
        yield Card(state.name, address, title, facts, wire, spaced(state.last_frame), spaced(state.last_raw))


def _facts(state: EvaluatorState, box: BoxState | None, label: str, words: Words) -> Iterator[Fact]:
    yield replace(device_line(state, label, words), label=words.box_state)
    needs = (*map_needs(state, words), *(box_needs(box, words) if box else ()))
    if needs:
        yield Fact("boxSeeTo", words.box_see_to, "\n".join(text for _, text in needs), alarm=True)
    if box is not None and state.adopted and box.tested:
        yield Fact("boxMap", words.box_map, words.box_map_tested)
    if state.lacks:
        yield Fact("boxLacks", words.box_lacks, words.box_lacks_value.format(levels=level_names(state.lacks, words)))
    frames = words.box_frames_value.format(good=state.good_frames, bad=state.bad_frames)
    yield Fact("boxFrames", words.box_frames, frames)


def _wire(state: EvaluatorState, words: Words) -> Iterator[Fact]:
    yield Fact("boxPort", words.box_port, state.identity or state.port)
    if state.profile:
        yield Fact("boxProfile", words.box_profile, f"{state.profile} · {state.digest}")


def spaced(octets: str) -> str:
    """`68 03 03`, so that a line may break between any two bytes."""
    return bytes.fromhex(octets).hex(" ").upper()


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`state`: `waiting`, `wanted`, `right`, `swapped` or `missing`."""

    level: int
    word: str
    state: str
    said: str


def key_rows(test: KeyTest, words: Words) -> tuple[KeyRow, ...]:
    """The keys in the order in which they are asked for."""
    return tuple(_key_row(test, index, level, words) for index, level in enumerate(test.levels))


def _key_row(test: KeyTest, index: int, level: int, words: Words) -> KeyRow:
    word = whole(words.level(level))
    finding = test.findings.get(level)
    if finding is None:
        state = "wanted" if test.wanted == level else "waiting"
        return KeyRow(level, word, state, words.key_nothing if state == "wanted" else "")
    came = test.heard[index]
    said = {
        "right": words.key_right,
        "missing": words.key_missing,
        "swapped": words.key_swapped.format(level=whole(words.level(came)) if came else ""),
    }[finding]
    return KeyRow(level, word, finding, said)


def ending_text(test: KeyTest | None, ending: Ending | None, words: Words) -> str:
    """What the test came to and what to do now; empty while it is under way."""
    if test is None or ending is None:
        return ""
    text = str(getattr(words, _ENDINGS[ending]))
    findings = set(test.findings.values()) if ending == "failed" else set()
    advice = (words.test_advice_missing if "missing" in findings else "", words.test_advice_swapped)
    return "\n".join(filter(None, (text, advice[0], advice[1] if "swapped" in findings else "")))
