"""Which window a press belongs to: by the box it came from; where windows share that box, by who was asked last."""

from collections.abc import Callable, Iterable, Mapping
from itertools import count

from devices.profile_parts import Profile
from kiosk.core.visit import Detailing, Resting, Window
from kiosk.settings import EvaluatorPlace, Settings
from sync.records import LEVELS

Box = tuple[str, int]
"""Evaluator's name and address on the line."""


def addresses_of(place: EvaluatorPlace, profile: Profile) -> dict[int, int]:
    """The address on the line of each box's number. Raises `ValueError` for a number that the line cannot have."""
    evaluators = profile.addresses.evaluators
    for number in place.windows:
        if number > len(evaluators):
            last = len(evaluators)
            raise ValueError(f"evaluator {place.name}: profile {profile.name} has no box {number}: use 1 to {last}")
    return {number: evaluators[number - 1] for number in place.windows}


def check_levels(settings: Settings, levels: Mapping[str, frozenset[int]]) -> None:
    """`levels`: what each evaluator has keys for. Raises `ValueError` where a window would be left without a level."""
    for window in settings.windows:
        boxes = [place for place in settings.evaluators for ids in place.windows.values() if window.id in ids]
        if window.id == settings.screen_window.id or not boxes:
            continue
        missing = sorted(set(LEVELS).difference(*(levels[place.name] for place in boxes)))
        if missing:
            names = " and ".join(dict.fromkeys(place.name for place in boxes))
            raise ValueError(
                f"window {window.id} can only be rated on {names}, which has no key for level "
                f"{', '.join(map(str, missing))}: give it a box with five keys, or the screen ([screen] window)"
            )


class Routes:
    """`window` gives a window's visit as it is now."""

    def __init__(self, boxes: Mapping[Box, tuple[str, ...]], window: Callable[[str], Window]) -> None:
        self._boxes = boxes
        self._window = window
        self._turn = count(1)
        self._opened: dict[str, int] = {}

    def add(self, boxes: Mapping[Box, tuple[str, ...]]) -> None:
        self._boxes = {**self._boxes, **boxes}

    def windows(self, box: Box) -> tuple[str, ...]:
        return self._boxes.get(box, ())

    def boxes(self, window: str) -> tuple[Box, ...]:
        return tuple(box for box, windows in self._boxes.items() if window in windows)

    def opened(self, window: str) -> None:
        """A visit is open there now: of the windows that share its box, this one was asked last."""
        self._opened[window] = next(self._turn)

    def serving(self, box: Box) -> str:
        """The window that a press belongs to now: the one of its open visits that was asked last, else its first. A
        citizen who has pressed and cannot take it back any more leaves the box to the other window.
        """
        windows = self._boxes[box]
        serving = [window for window in self._busy(windows) if not self._is_done_with_keys(window)]
        return max(serving, key=lambda window: self._opened.get(window, 0), default=windows[0])

    def is_busy(self, box: Box) -> bool:
        return any(self._busy(self._boxes[box]))

    def may_say(self, command: str, box: Box, window: str) -> bool:
        """A shared box pauses when all its windows do, and is at rest when none of them is open."""
        others = [other for other in self._boxes[box] if other != window]
        if command == "pause":
            return all(self._window(other).pause is not None for other in others)
        return command != "reset" or not any(self._busy(others))

    def _is_done_with_keys(self, window: str) -> bool:
        stage = self._window(window).stage
        return isinstance(stage, Detailing) and stage.change_until_ms is None

    def _busy(self, windows: Iterable[str]) -> list[str]:
        return [window for window in windows if not isinstance(self._window(window).stage, Resting)]
