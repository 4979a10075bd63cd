"""What has been heard on a line since the start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames by what became of them. `repeats`: of a key held down. `dropped`: another key within the guard time, or
    an echo of the acknowledgement. `timeouts`: the box said that nobody pressed. `replies`: the box's answers to
    commands. `host_frames`: echoes and other hosts' commands. `other_devices`: a keypad's business that is not ours.
    None of these is a fault; those below them are.
    """

    presses: int = 0
    repeats: int = 0
    dropped: int = 0
    timeouts: int = 0
    replies: int = 0
    host_frames: int = 0
    keypad_orders: int = 0
    other_devices: int = 0
    wrong_checksums: int = 0
    unknown_keys: int = 0
    foreign_addresses: int = 0
    unknown_commands: int = 0
    noises: int = 0

    @property
    def good(self) -> int:
        """Whole frames of our own boxes that were understood."""
        return self.presses + self.repeats + self.dropped + self.timeouts + self.replies

    @property
    def bad(self) -> int:
        return self.wrong_checksums + self.unknown_keys + self.foreign_addresses + self.unknown_commands + self.noises
