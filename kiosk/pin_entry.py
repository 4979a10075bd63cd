"""The PIN, given by a command: judged by the gate of the manager's page, so that attempts count towards the same lock.

Called on a thread that may wait: the control socket's, or a command's.
"""

import queue
from typing import Final, Literal, assert_never

from kiosk.core.desk import PinLocked, PinMissing, PinRight, PinVerdict, PinWrong
from kiosk.desk import Gate

PinRefusal = Literal["pin-wrong", "pin-locked", "pin-missing"]
PATIENCE_S: Final = 15.0


def pin_refused(gate: Gate, pin: str) -> PinRefusal | None:
    """None for the right PIN. Raises `queue.Empty` where no answer comes."""
    verdicts: queue.SimpleQueue[PinVerdict] = queue.SimpleQueue()
    gate.check(pin, verdicts.put)
    verdict = verdicts.get(timeout=PATIENCE_S)
    match verdict:
        case PinRight():
            return None
        case PinWrong():
            return "pin-wrong"
        case PinLocked():
            return "pin-locked"
        case PinMissing():
            return "pin-missing"
        case _:
            assert_never(verdict)
