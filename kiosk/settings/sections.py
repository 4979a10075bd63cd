"""The sections of `kiosk.toml`: every key, its type and bounds, its default, and the remedy when it is wrong."""

from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from sync.records.stored import Place

WindowId = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9_-]{1,16}(?!\n)$", extra={"remedy": 'use 1 to 16 letters, digits, "-" or "_"'}),
]
PlainName = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        max_length=60,
        extra={"remedy": "write 1 to 60 characters on one line"},
    ),
]
OptionalName = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$", max_length=60, extra={"remedy": "write at most 60 characters on one line"}
    ),
]
DaySpan = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d(?!\n)$")]
Switch = Annotated[bool, Meta(extra={"remedy": "write true or false, without quotes"})]
Address = Annotated[int, Meta(ge=1, le=127)]
"""Number of an evaluator on its line."""


class Hall(Struct, frozen=True, forbid_unknown_fields=True):
    name: PlainName
    name_en: OptionalName = ""
    area_code: Annotated[
        str,
        Meta(
            pattern=r"^(\d{12})?(?!\n)$",
            extra={"remedy": 'write the 12 digits of the area in quotes (6 digits: add "000000")'},
        ),
    ] = ""
    utc_offset: Annotated[
        str,
        Meta(
            pattern=r"^[+-](0\d|1[0-3]):[0-5]\d(?!\n)$|^\+14:00(?!\n)$",
            extra={"remedy": 'write hours and minutes east of UTC, such as "+08:00"'},
        ),
    ] = "+08:00"
    """Where the hall's day begins."""
    language: Annotated[Literal["zh-CN", "zh-TW", "en"], Meta(extra={"remedy": 'choose "zh-CN", "zh-TW" or "en"'})] = (
        "zh-CN"
    )
    packs: Annotated[Path | None, Meta(extra={"remedy": "write the path of a folder in quotes"})] = None
    """With the hall's own packs of words, for further languages."""


class Storage(Struct, frozen=True, forbid_unknown_fields=True):
    directory: Annotated[Path, Meta(extra={"remedy": 'write a directory in quotes, such as "state"'})] = Path("state")
    """Journal, keys and control socket."""


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    window: Annotated[str, Meta(extra={"remedy": "write one window's id in quotes: one window owns the screen"})] = ""
    """Empty: the first window."""
    full_screen: Switch = True
    elder: Switch = False
    scheme: Annotated[
        Literal["light", "dark", "contrast"], Meta(extra={"remedy": 'choose "light", "dark" or "contrast"'})
    ] = "light"
    low_reach: Switch = False
    """On a tall screen, all that is pressed stands in its lower part."""
    reduced_motion: Switch = False
    dpi: Annotated[int, Meta(ge=72, le=400, extra={"remedy": "choose 72 to 400 pixels an inch"})] = 96
    """Of the panel: by it a code on the screen is large enough for a phone."""
    slides: Annotated[Path | None, Meta(extra={"remedy": "write the path of a folder in quotes"})] = None
    """With the hall's own pictures; None: those that the hub has sent, where there are any."""
    slides_after_seconds: Annotated[int, Meta(ge=10, le=3600, extra={"remedy": "choose 10 to 3600 seconds"})] = 60
    slide_seconds: Annotated[int, Meta(ge=5, le=600, extra={"remedy": "choose 5 to 600 seconds"})] = 12


class Clerks(Struct, frozen=True, forbid_unknown_fields=True):
    folder: Annotated[Path | None, Meta(extra={"remedy": "write the path of a folder in quotes"})] = None
    """With `clerks.toml` and the photos; None: the list that the hub has sent, where there is one."""
    show: Annotated[Literal["name", "number"], Meta(extra={"remedy": 'choose "name" or "number"'})] = "name"
    """What the card at the window calls a clerk."""


class Province(Struct, frozen=True, forbid_unknown_fields=True):
    profile: PlainName = "national"
    """Name of a shipped profile, or the absolute path of a profile file."""


class WindowPlace(Struct, frozen=True, forbid_unknown_fields=True):
    id: WindowId
    name: PlainName
    place: Annotated[
        Place,
        Meta(
            extra={
                "remedy": 'choose "window" (asked for, case by case), "walk-up" (anonymous, rates the hall) '
                'or "terminal" (citizens find their case)'
            }
        ),
    ]
    name_en: OptionalName = ""
    department: OptionalName = ""
    """Whose window it is. Empty: a shared window, which is the department's whose case is rated."""
    stays_open_seconds: Annotated[int, Meta(ge=15, le=300, extra={"remedy": "choose 15 to 300 seconds"})] = 60


class Terminal(Struct, frozen=True, forbid_unknown_fields=True):
    """Of the self-service terminal on the screen, where there is one."""

    catalogue: Annotated[Path | None, Meta(extra={"remedy": "write the path of a CSV file in quotes"})] = None
    """Departments and items to choose from. None: nothing is chosen so."""


ProfileName = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        max_length=1000,
        extra={"remedy": "write the name of a shipped profile, or the path of a profile file"},
    ),
]
PortPath = Annotated[str, Meta(extra={"remedy": 'write the serial port, such as "/dev/ttyUSB0"'})]
UsbId = Annotated[
    str,
    Meta(
        pattern=r"^([0-9a-fA-F]{4}:[0-9a-fA-F]{4})?(?!\n)$",
        extra={"remedy": 'write vendor and product as hex digits, such as "1a86:7523"'},
    ),
]
InputPath = Annotated[str, Meta(extra={"remedy": 'write the event device below /dev/input, or "window"'})]
WINDOW_KEYS: Final = "window"
"""`input` of a device whose keystrokes come with the window's key events."""


class EvaluatorPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one of `port`, `usb` and `input` says where it is plugged in; the others are empty."""

    name: PlainName
    profile: ProfileName
    """Name of a shipped profile, or the absolute path of a profile file."""
    addresses: Annotated[
        dict[Address, str | tuple[str, ...]],
        Meta(
            min_length=1,
            extra={"entry": "address", "remedy": 'map boxes, 1 to 127, to windows: { "1" = "window id" }'},
        ),
    ]
    port: PortPath = ""
    usb: UsbId = ""
    serial: OptionalName = ""
    location: OptionalName = ""
    input: InputPath = ""
    acknowledge: Switch = False
    talk: Switch = True
    """Whether the box is told to ask, to pause and the like, where its profile knows how."""

    @property
    def windows(self) -> dict[int, tuple[str, ...]]:
        """The windows of each box; of a shared one, the first is the one that a press outside a visit belongs to."""
        return {
            address: (windows,) if isinstance(windows, str) else windows for address, windows in self.addresses.items()
        }


class ScannerPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """A barcode scanner of one window. Exactly one of `port`, `usb` and `input` says where it is plugged in."""

    name: PlainName
    window: Annotated[str, Meta(extra={"remedy": "write the id of the window that asks with it"})]
    port: PortPath = ""
    usb: UsbId = ""
    serial: OptionalName = ""
    location: OptionalName = ""
    input: InputPath = ""
    baud: Annotated[
        Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200],
        Meta(extra={"remedy": "choose 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200"}),
    ] = 9600
    """Of a scanner on a serial line; the line is 8N1."""


class WindowInterface(Struct, frozen=True, forbid_unknown_fields=True):
    listen: Annotated[str, Meta(extra={"remedy": 'write "127.0.0.1:8650"'})] = "127.0.0.1:8650"
    hosts: Annotated[tuple[str, ...], Meta(extra={"remedy": 'write a list: ["kiosk.hall.example"]'})] = ()
    behind_tls_proxy: Switch = False


class Hub(Struct, frozen=True, forbid_unknown_fields=True):
    url: Annotated[str, Meta(extra={"remedy": 'write the address of the hub, such as "https://hub.example"'})]
    """Empty: no network leads there, and records are carried by hand."""
    seal_key: Annotated[str, Meta(extra={"remedy": "write the key in quotes, as the hub prints it"})] = ""
    """Base64 of the hub's 32-byte X25519 public key."""
    release_key: Annotated[str, Meta(extra={"remedy": "write the key in quotes, as the hub prints it"})] = ""
    """Base64 of the hub's 32-byte Ed25519 public key. Empty: nothing sealed is ever destroyed."""
    seal_change_key: Annotated[str, Meta(extra={"remedy": "write the key in quotes, as the hub prints it"})] = ""
    """Base64 of a 32-byte Ed25519 public key. Empty: the seal key changes by hand alone."""
    publisher_key: Annotated[str, Meta(extra={"remedy": "write the key in quotes, as the publisher prints it"})] = ""
    """Base64 of the publisher's 32-byte Ed25519 public key. Empty: nothing comes down."""
    sealed_alarm_days: Annotated[int, Meta(ge=1, le=3650, extra={"remedy": "choose 1 to 3650 days"})] = 60
    """After how long a sealed text that nobody has released is told to the manager."""
    name: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9_-]{1,32}(?!\n)$", extra={"remedy": 'use 1 to 32 letters, digits, "-" or "_"'}),
    ] = "hub"
    ca_file: Annotated[Path | None, Meta(extra={"remedy": "write the path of a PEM file in quotes"})] = None
    proxy: Annotated[str, Meta(extra={"remedy": 'write "http://host:port" or "http://user@host:port"'})] = ""
    send_between: Annotated[
        tuple[DaySpan, ...],
        Meta(extra={"remedy": 'write a list of spans in the hall\'s own time: ["22:00-06:00"]'}),
    ] = ()
    """Empty: always. A span that ends before it begins lasts over midnight."""
    timeout_seconds: Annotated[int, Meta(ge=1, le=600, extra={"remedy": "choose 1 to 600 seconds"})] = 30
    slips_hall_wide: Switch = False
    """Whether a slip of any device of this hub is taken at the terminal of any other."""


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    satisfied_from: Annotated[int, Meta(ge=1, le=5, extra={"remedy": "choose a level, 1 to 5"})] = 3
    """The lowest level that counts as satisfied."""


class Sound(Struct, frozen=True, forbid_unknown_fields=True):
    enabled: Switch = False
    volume: Annotated[int, Meta(ge=0, le=100, extra={"remedy": "choose 0 to 100"})] = 60
    quiet: Annotated[
        tuple[DaySpan, ...],
        Meta(extra={"remedy": 'write a list of spans in the hall\'s own time: ["12:00-14:00", "17:30-08:30"]'}),
    ] = ()
    """Without a sound. A span that ends before it begins lasts over midnight."""
    folder: Annotated[Path | None, Meta(extra={"remedy": "write the path of a folder in quotes"})] = None
    """With the hall's own files; what is missing there is played from ours."""


class Sticks(Struct, frozen=True, forbid_unknown_fields=True):
    folder: Annotated[Path, Meta(extra={"remedy": 'write the path of a folder in quotes: "/media"'})] = Path("/media")
    """Where sticks are mounted, each in a folder of its own."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    hall: Hall
    windows: tuple[WindowPlace, ...] = field(name="window")
    evaluators: tuple[EvaluatorPlace, ...] = field(default=(), name="evaluator")
    scanners: tuple[ScannerPlace, ...] = field(default=(), name="scanner")
    storage: Storage = Storage()
    screen: Screen = Screen()
    province: Province = Province()
    terminal: Terminal = Terminal()
    sound: Sound = Sound()
    clerks: Clerks = Clerks()
    window_interface: WindowInterface | None = None
    """None: no window's computer can ask, and there is no clerk page."""
    hub: Hub | None = None
    counts: Counts = Counts()
    sticks: Sticks | None = None
    """None: the manager's page knows nothing of sticks."""

    @property
    def screen_window(self) -> WindowPlace:
        """The window that owns the screen."""
        return next((window for window in self.windows if window.id == self.screen.window), self.windows[0])

    @property
    def shared(self) -> frozenset[str]:
        """Windows whose box another window is rated on, too."""
        boxes = [windows for place in self.evaluators for windows in place.windows.values()]
        return frozenset(window for windows in boxes if len(windows) > 1 for window in windows)
