"""What the manager's desk shows, and the verdicts of its PIN."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.core.balance import Balance
from kiosk.core.packs import PackFault
from sync.records import BAD_LEVELS, LEVELS, NOT_RATED, ClockSource, Trust, apologised
from sync.records.stored import Channel

Link = Literal["no-hub", "by-hand", "never", "ok", "unreachable", "portal", "refused", "clock", "resting"]
"""How the hub was met last: `portal` is a network log-in page, `refused` a hub that answers and says no, `resting` a
kiosk that sends at other hours."""


@dataclass(frozen=True, slots=True)
class SealedState:
    """Something about the sealed texts on this device asks for a person's hand. Nothing is destroyed meanwhile."""

    days: int
    """For how long the oldest has waited to be released, where that is too long; else 0."""
    refused: str = ""
    """Why the hub's release is not believed, as a code that the screens have words for; or empty."""
    has_key: bool = True
    """The settings name the hub's key: without it no release can be believed."""


@dataclass(frozen=True, slots=True)
class HubState:
    link: Link
    waiting: int
    """Records stored and not yet acknowledged."""
    waiting_since_ms: int | None
    """Wall clock of the oldest of them."""
    last_contact_ms: int | None
    reason: str = ""
    """Why, as a code that the screens have words for: `cut`, `timeout`, `tls`, `no-token` and others."""
    sealed: SealedState | None = None
    """None while the sealed texts ask for nobody."""
    next_try_ms: int | None = None
    """Wall clock of the next try; None while nothing is being waited for."""

    @property
    def can_hurry(self) -> bool:
        """Something waits here, and only for its time."""
        return self.waiting > 0 and self.next_try_ms is not None


@dataclass(frozen=True, slots=True)
class BoxState:
    """One box of an evaluator's line."""

    number: int
    """As set on the box and written in the settings."""
    address: int
    """As on the line."""
    windows: tuple[str, ...]
    tested: bool = True
    """Its press-each-key test has passed under the map in use."""
    stuck: tuple[str, ...] = ()
    """Key bytes, hex, that repeat without end."""
    missing: tuple[int, ...] = ()
    """Levels whose key did nothing in the last test."""
    swapped: tuple[int, ...] = ()
    """Levels whose key brought another level in the last test."""
    silent: bool = False
    """It does not answer its probe."""


@dataclass(frozen=True, slots=True)
class EvaluatorState:
    name: str
    connected: bool
    port: str
    reason: str = ""
    """Why it is not connected, as a code: `missing`, `held`, `forbidden`, `unusable`, `ambiguous`, `silent`."""
    presses: int = 0
    """Since the program started; a scanner's codes."""
    bad_frames: int = 0
    kind: Literal["evaluator", "scanner"] = "evaluator"
    boxes: tuple[BoxState, ...] = ()
    profile: str = ""
    """Its title."""
    digest: str = ""
    adopted: bool = True
    """Somebody with the PIN, or the first start, has taken its map: only then do its presses count."""
    lacks: tuple[int, ...] = ()
    """Levels that it has no key for."""
    announces: Literal["nothing", "voice", "lights", "both"] = "nothing"
    """What would tell the clerk the level of a press."""
    unverified: tuple[str, ...] = ()
    """What of its profile has not been seen on a real box."""
    identity: str = ""
    good_frames: int = 0
    last_frame: str = ""
    """Hex."""
    last_raw: str = ""
    """The last bytes of the line, hex, noise included."""

    @property
    def tested(self) -> bool:
        return all(box.tested for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Today:
    """The counts of one hall day."""

    day: str
    """`yyyy-MM-dd`, the hall's own."""
    outcomes: dict[int, int]
    """Outcome (level, `NOT_RATED`, or `apologised(level)`) to number of visits."""
    satisfied_from: int = 3
    """The lowest level that counts as satisfied."""
    channels: dict[str, dict[int, int]] = field(default_factory=dict)
    """Channel to outcome to number of visits: each of them stands in `outcomes` too."""

    def level(self, level: int) -> int:
        return self.outcomes.get(level, 0)

    @property
    def rated(self) -> int:
        return sum(self.level(level) for level in LEVELS)

    @property
    def not_rated(self) -> int:
        return self.outcomes.get(NOT_RATED, 0)

    @property
    def satisfied(self) -> int:
        return sum(self.level(level) for level in LEVELS if level >= self.satisfied_from)

    @property
    def bad(self) -> int:
        return sum(self.level(level) for level in BAD_LEVELS)

    def rated_by(self, channel: Channel) -> int:
        """How many of the rated came in this way."""
        outcomes = self.channels.get(channel, {})
        return sum(outcomes.get(level, 0) for level in LEVELS)

    @property
    def not_recorded(self) -> int:
        """Presses answered by the apology."""
        return sum(self.outcomes.get(apologised(level), 0) for level in LEVELS)


@dataclass(frozen=True, slots=True)
class ClockState:
    """The wall clock is, or was since the machine was switched on, another than the one that counts."""

    offset_s: int
    """How much the wall clock lacks now; 0 where it is right again."""
    worst_s: int
    """By how much it was off at most, without a sign."""
    source: ClockSource
    trust: Trust


@dataclass(frozen=True, slots=True)
class SoundState:
    """Of the prompts, where sound is on."""

    silent: str = ""
    """Why nothing is heard, as a code that the screens have words for; or empty."""
    refused: tuple[tuple[str, str], ...] = ()
    """File name, and why it is not played, as a code."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What can be told of how clerks ask."""

    ended: int = 0
    """Services that the queue told as ended; 0: no queue says, and nothing can be told."""
    not_asked: int = 0
    """Of these, those for which nobody was asked."""
    changes: tuple[tuple[str, int], ...] = ()
    """Clerk's number (empty: nobody signed in) to the levels taken back there, the most first."""


@dataclass(frozen=True, slots=True)
class PublishedState:
    """Something that came down and is not in use: it waits for the next start, or was refused."""

    kind: str
    """`tags`, `catalogue`, `clerks`, `slides`, `settings`, `notices`; `unknown` for what this program does not know."""
    version: int
    refused: str = ""
    """Why, as a code that the screens have words for; empty: it waits for the next start."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the manager's page shows."""

    today: Today
    hub: HubState
    evaluators: tuple[EvaluatorState, ...]
    kept_aside: int = 0
    """How often the journal was found damaged, cut off or put back on this device, ever."""
    storage_fault: str = ""
    """Why the journal cannot be written at this moment, as a code that the screens have words for; or empty."""
    clock: ClockState | None = None
    """None while nothing speaks against the wall clock."""
    sound: SoundState | None = None
    """None where sound is off."""
    asking: Asking = Asking()
    pictures: tuple[tuple[str, str], ...] = ()
    """Of the list of clerks, their photos and the slides: what cannot be used, and why, as a code."""
    published: tuple[PublishedState, ...] = ()
    balance: Balance | None = None
    """None without a hub, and while the journal cannot be read."""
    catalogue_fault: bool = False
    """The catalogue of items cannot be used: nobody can choose from it."""
    packs: tuple[PackFault, ...] = ()


@dataclass(frozen=True, slots=True)
class PinRight:
    pass


@dataclass(frozen=True, slots=True)
class PinWrong:
    tries_left: int


@dataclass(frozen=True, slots=True)
class PinLocked:
    seconds: int


@dataclass(frozen=True, slots=True)
class PinMissing:
    """No PIN has been set: the page stays shut and says how to set one."""


PinVerdict = PinRight | PinWrong | PinLocked | PinMissing
