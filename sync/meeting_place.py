"""Where device and hub certainly hold the same records: the place to go on from. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.wire import GenerationStanding

IsOurs = Callable[[int, bytes], bool]
"""Whether a sequence of ours has this hash."""


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    next_seq: int
    forked: bool
    """The hub's main branch holds records that the journal does not."""


def meeting_place(known: GenerationStanding, is_ours: IsOurs) -> MeetingPlace:
    """After the furthest branch whose end is ours, else after the last common record, else from the start."""
    ends = [branch for branch in known.branches if is_ours(branch.next - 1, branch.head)]
    if ends:
        furthest = max(ends, key=lambda branch: branch.next)
        return MeetingPlace(furthest.next, forked=furthest.branch != 0)
    common = (one.seq + 1 for branch in known.branches for one in branch.locator if is_ours(one.seq, one.hash))
    return MeetingPlace(max(common, default=0), forked=True)
