"""One box's keys over time: which frame of a mapped key is a press of its own. Pure; the time is handed in."""

from typing import Literal, TypeAlias

from devices.facts import Fact, KeyDropped, KeyPressed, KeyStuck
from devices.profile_parts import Profile

STUCK_AFTER_S = 10.0
ECHO_S = 1.0

Counted: TypeAlias = Literal["presses", "repeats", "dropped"]


class KeyWatch:
    """Every frame of a key begins the guard time anew, so that a key that is held down is one press however long."""

    def __init__(self, evaluator: str, address: int, profile: Profile) -> None:
        self._evaluator = evaluator
        self._address = address
        self._profile = profile
        self._key = b""  # the one that was heard last
        self._since = self._heard_at = self._acknowledged_at = float("-inf")
        self._pressed = b""  # the one that was a press last
        self._stuck = False

    def acknowledged(self, now: float) -> None:
        self._acknowledged_at = now

    def heard(self, key: bytes, level: int, frame: bytes, now: float) -> tuple[Counted, tuple[Fact, ...]]:
        """What a frame of a mapped key is counted as, and what to tell of it. `now` in seconds, never going back."""
        within = now - self._heard_at < self._profile.guard_s
        self._heard_at = now
        if within and key == self._key:
            return "repeats", self._repeated(now)
        facts = self._let_go()
        self._key, self._since = key, now
        why: Literal["guard", "echo"] = "guard"
        if not within:
            if key != self._pressed or now - self._acknowledged_at >= ECHO_S:
                self._pressed = key
                pressed = KeyPressed(self._evaluator, self._address, level, key, frame, self._profile.digest)
                return "presses", (*facts, pressed)
            why = "echo"
        return "dropped", (*facts, KeyDropped(self._evaluator, self._address, key, frame, why))

    def _repeated(self, now: float) -> tuple[Fact, ...]:
        if self._stuck or now - self._since < STUCK_AFTER_S:
            return ()
        self._stuck = True
        return (KeyStuck(self._evaluator, self._address, self._key, stuck=True),)

    def _let_go(self) -> tuple[Fact, ...]:
        if not self._stuck:
            return ()
        self._stuck = False
        return (KeyStuck(self._evaluator, self._address, self._key, stuck=False),)
