"""The line above the PIN pad: what to do, or why not."""

from typing import assert_never

from kiosk.core.desk import PinLocked, PinMissing, PinRight, PinVerdict, PinWrong
from kiosk.ui.words import Words


def pin_notice(verdict: PinVerdict | None, words: Words, *, checking: bool) -> str:
    match verdict:
        case PinWrong(tries_left):
            return words.pin_wrong.format(tries=tries_left)
        case PinLocked(seconds):
            return words.pin_locked.format(seconds=seconds)
        case PinMissing():
            return words.pin_missing
        case PinRight() | None:
            return words.pin_checking if checking else words.pin_hint
        case _:
            assert_never(verdict)
