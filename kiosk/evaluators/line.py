"""One device as the settings name it: its reader, its profile, and what is known of it now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from devices.evaluator import Evaluator, evaluator_for
from devices.facts import Fact, KeyStuck
from devices.port_finding import PortChoice
from devices.profile import load_profile
from devices.profile_parts import Profile
from kiosk.core.desk import BoxState, EvaluatorState
from kiosk.evaluators.routing import addresses_of, check_levels
from kiosk.settings import EvaluatorPlace, ScannerPlace, Settings
from kiosk.settings.sections import WINDOW_KEYS


@dataclass(frozen=True, slots=True)
class Line:
    place: EvaluatorPlace
    profile: Profile
    reader: Evaluator
    windows: Mapping[int, tuple[str, ...]]
    """By address on the line."""


def lines_of(settings: Settings, listener: Callable[[Fact], None]) -> tuple[Line, ...]:
    """Raises `ProfileError` for a profile, `ValueError` for boxes that leave a window without a level or cannot be."""
    profiles = {place.name: load_profile(place.profile) for place in settings.evaluators}
    check_levels(settings, {name: frozenset(profile.levels) for name, profile in profiles.items()})
    return tuple(line_for(place, profiles[place.name], listener) for place in settings.evaluators)


def line_for(place: EvaluatorPlace, profile: Profile, listener: Callable[[Fact], None]) -> Line:
    """Raises `ValueError` for a box that its profile cannot speak with."""
    addresses = addresses_of(place, profile)
    reader = evaluator_for(
        place.name, plugged(place), profile, frozenset(addresses.values()), listener, place.acknowledge
    )
    return Line(place, profile, reader, {addresses[number]: place.windows[number] for number in addresses})


def plugged(place: EvaluatorPlace | ScannerPlace) -> PortChoice | str:
    """A serial port, or the path of an event device; empty for the window's key events."""
    if place.input:
        return "" if place.input == WINDOW_KEYS else place.input
    return PortChoice(place.port, place.usb, place.serial, place.location)


def first_state(line: Line) -> EvaluatorState:
    profile, evaluators = line.profile, line.profile.addresses.evaluators
    boxes = tuple(
        BoxState(evaluators.index(address) + 1, address, windows) for address, windows in sorted(line.windows.items())
    )
    return EvaluatorState(
        line.place.name,
        connected=False,
        port=str(plugged(line.place)) or WINDOW_KEYS,
        boxes=boxes,
        profile=profile.title,
        digest=profile.digest,
        lacks=profile.lacks,
        announces=profile.announces,
        unverified=profile.unverified,
    )


def stuck(state: EvaluatorState, fact: KeyStuck) -> EvaluatorState:
    key = fact.key.hex()

    def keys(box: BoxState) -> tuple[str, ...]:
        others = tuple(one for one in box.stuck if one != key)
        return (*others, key) if fact.stuck else others

    return with_box(state, fact.address, lambda box: replace(box, stuck=keys(box)))


def with_box(state: EvaluatorState, address: int, change: Callable[[BoxState], BoxState]) -> EvaluatorState:
    boxes = tuple(change(box) if box.address == address else box for box in state.boxes)
    return replace(state, boxes=boxes)


def heard(state: EvaluatorState, reader: Evaluator) -> EvaluatorState:
    """With what the reader has heard until now."""
    now = reader.heard
    return replace(
        state,
        boxes=tuple(replace(box, silent=box.address in now.silent) for box in state.boxes),
        identity=now.identity,
        good_frames=now.counts.good,
        last_frame=now.last_frame.hex(),
        last_raw=now.last_raw.hex(),
    )
