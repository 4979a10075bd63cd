"""How an emulated box spoils what it sends: a pure function of the frame."""

from collections.abc import Set as AbstractSet
from typing import Final, Literal, TypeAlias, get_args

Fault: TypeAlias = Literal["split", "merge", "repeat", "bounce", "drop"]
"""`split`: each byte comes by itself. `merge`: two presses come as one piece, the first waits for the second.
`repeat`: a key says its frame three times. `bounce`: another key follows at once. `drop`: the frame lacks its end.
"""
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
REPEATS: Final = 3


def pieces(
    frame: bytes, neighbour: bytes, faults: AbstractSet[Fault], unit: int, waiting: bytes
) -> tuple[tuple[bytes, ...], bytes]:
    """What is written for one press, piece by piece, and what waits for the next one.

    `unit`: bytes that a line never splits, 1 on a serial one, 2 for a keystroke. `neighbour`: the frame of another key.
    """
    sent = frame[:-unit] if "drop" in faults else frame
    if "repeat" in faults:
        sent *= REPEATS
    if "bounce" in faults:
        sent += neighbour
    if "merge" in faults and not waiting:
        return (), sent
    sent = waiting + sent
    if "split" in faults:
        return tuple(sent[at : at + unit] for at in range(0, len(sent), unit)), b""
    return (sent,) if sent else (), b""
