"""`kiosk learn`: an engineer teaches the kiosk an unknown box at a terminal. Writes a profile; adopts nothing.

Refused while a citizen may be rating: a box that is unplugged for learning could be the one under a hand.
"""

import queue
import re
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO, assert_never

from devices.learning.findings import Finding
from devices.learning.listening import Listening, ports_here
from devices.learning.session import Session, advance
from devices.learning.steps import (
    Cancelled,
    ClosePort,
    Done,
    Effect,
    Event,
    Failed,
    FindPort,
    OpenPort,
    Port,
    PortChosen,
    PressKey,
    TryLine,
    WaitTimeOut,
    Wish,
    WriteProfile,
)
from devices.profile_parts import SerialLink
from kiosk.commands import DOES_NOT_HOLD, HELD, OK, WRONG_INPUT
from kiosk.commands.learn_steps import Teller, ports_listed
from kiosk.commands.learn_words import both
from kiosk.control import ControlError, open_visits
from kiosk.settings import Settings, SettingsError, load_settings

_WISHES: Final[dict[str, Wish]] = {"": "next", "n": "next", "s": "skip", "b": "back", "q": "cancel"}
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBERS: Final = range(1, 128)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was typed behind `kiosk learn`."""

    config: Path
    name: str = "learnt-box"
    port: str = ""
    out: Path | None = None
    number: int | None = None
    force: bool = False
    folder: Path | None = None

    @property
    def file(self) -> Path:
        return (self.out or self.config.absolute().parent / "evaluators" / f"{self.name}.toml").absolute()


def learn(choices: Choices, typed: TextIO, out: TextIO) -> int:
    """Holds the conversation to its end. `typed` is read on a thread that ends with the process."""
    try:
        settings = load_settings(choices.config) if choices.config.exists() else None
        visits = open_visits(settings) if settings else None
    except (SettingsError, ControlError, OSError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if wrong := _wrong(choices):
        print(wrong, file=sys.stderr)
        return WRONG_INPUT
    if visits:
        busy = both("窗口正有人评价，请稍后再学", "a citizen is rating at a window: learn later")
        print(busy, file=sys.stderr)
        return HELD
    return _Conversation(choices, settings, out).hold(typed)


def _wrong(choices: Choices) -> str:
    if not _NAME.fullmatch(choices.name):
        return f"{choices.name!r} is no name of a profile: use small letters, digits and hyphens, as window-box"
    if choices.number is not None and choices.number not in _NUMBERS:
        return f"{choices.number} is no number of a box: give 1 to 127, as set on the box"
    if choices.file.exists() and not choices.force:
        return f"{choices.file} is there already: give another --name or --out, or --force to replace it"
    return ""


class _Conversation:
    def __init__(self, choices: Choices, settings: Settings | None, out: TextIO) -> None:
        self._choices = choices
        self._settings = settings
        self._teller = Teller(out)
        self._events: queue.SimpleQueue[tuple[int | None, Event | str]] = queue.SimpleQueue()
        self._listening = Listening(lambda turn, event: self._events.put((turn, event)), self._ports)
        self._session = Session(choices.name, choices.number)
        self._written = False

    def hold(self, typed: TextIO) -> int:
        threading.Thread(target=self._read, args=(typed,), name="learning-typed", daemon=True).start()
        self._listening.start()
        try:
            if self._choices.port:
                self._happened(PortChosen(_port_at(self._choices.port, self._ports())))
            else:
                self._teller.show(self._session)
            while not isinstance(self._session.step, Done | Cancelled):
                self._take(*self._events.get())
        finally:
            self._listening.stop()
        if self._written:
            self._say_what_next()
            return OK
        self._teller.say("没有写出配置", "no profile was written")
        return DOES_NOT_HOLD

    def _ports(self) -> tuple[Port, ...]:
        return ports_here(self._choices.folder)

    def _read(self, typed: TextIO) -> None:
        for line in typed:
            self._events.put((None, line.strip().lower()))
        self._events.put((None, "q"))

    def _take(self, turn: int | None, event: Event | str) -> None:
        if turn is None:
            self._typed(str(event))
        elif turn == self._listening.turn and not isinstance(event, str):
            self._happened(event)

    def _typed(self, line: str) -> None:
        listed = ports_listed(self._session)
        if line.isdecimal() and 0 < int(line) <= len(listed):
            self._happened(PortChosen(listed[int(line) - 1]))
        elif wish := _WISHES.get(line):
            self._happened(wish)
        else:
            self._teller.say("不明白：回车、s、b 或 q", "not understood: type Enter, s, b or q")

    def _happened(self, event: Event) -> None:
        before = self._session
        self._session, effects = advance(before, event)
        for effect in effects:
            self._do(effect)
        step = self._session.step
        if isinstance(step, FindPort) and not isinstance(before.step, FindPort):
            self._listening.list_again()
        if self._view(self._session) != self._view(before):
            self._teller.show(self._session)
            self._show_scanner()

    @staticmethod
    def _view(session: Session) -> object:
        """What a new line is said about: not each byte, nor each second."""
        match session.step:
            case WaitTimeOut():
                return (WaitTimeOut, len(session.by_itself))
            case PressKey(level):
                return (level, session.pressed.get(level, ()), session.opened)
            case TryLine() as step:
                return step, session.opened
            case step:
                return step

    def _do(self, effect: Effect) -> None:
        match effect:
            case OpenPort(port, link):
                self._listening.open(port, link)
            case ClosePort():
                self._listening.close()
            case WriteProfile(text):
                self._write(text)
            case _:
                assert_never(effect)

    def _write(self, text: str) -> None:
        file = self._choices.file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w" if self._choices.force else "x", encoding="utf-8") as written:
                written.write(text)
        except OSError as fault:
            self._teller.say(f"写不了 {file}：{fault.strerror}", f"{file} cannot be written: {fault.strerror}")
            self._teller.say("配置全文如下，请自行保存", "this is the whole profile: save it yourself")
            self._teller.line(text)
            return
        self._written = True

    def _show_scanner(self) -> None:
        """A scanner needs no profile: these lines are all."""
        step, port, link = self._session.step, self._session.port, self._session.link
        if port is None or not isinstance(step, Failed) or Finding("scanner") not in step.cannot.reasons:
            return
        baud = [f"baud = {link.baud}"] if isinstance(link, SerialLink) else []
        head = ["[[scanner]]", f'name = "{self._choices.name}"', f'window = "{self._window}"']
        self._teller.line("\n".join([*head, *_place(port), *baud]))

    @property
    def _window(self) -> str:
        return self._settings.windows[0].id if self._settings else "w1"

    def _say_what_next(self) -> None:
        choices, port = self._choices, self._session.port
        self._teller.say(f"已写出 {choices.file}", f"written: {choices.file}")
        self._teller.say("写入 kiosk.toml", "for kiosk.toml")
        lines = [
            "[[evaluator]]",
            f'name = "{choices.name}"',
            f'profile = "{choices.file}"',
            *(_place(port) if port else ()),
            f'addresses = {{ "{choices.number or 1}" = "{self._window}" }}',
        ]
        self._teller.line("\n".join(lines))
        self._teller.say(
            f"然后重启，并用管理员 PIN 运行 kiosk evaluator adopt {choices.name}：在此之前不计入评价",
            f"then restart, and run kiosk evaluator adopt {choices.name} with the manager's PIN: "
            "until then its presses are no ratings",
        )


def _port_at(path: str, ports: tuple[Port, ...]) -> Port:
    """What is known of the port at `path`, a by-id link or the device itself."""
    real = Path(path).resolve()
    known = next((port for port in ports if Path(port.path).resolve() == real), None)
    if known is not None:
        return replace(known, path=path)
    return Port(path, path, "keyboard" if path.startswith("/dev/input/") else "serial")


def _place(port: Port) -> list[str]:
    if port.kind == "keyboard":
        return [f'input = "{port.path}"']
    if not port.usb:
        return [f'port = "{port.path}"']
    told_apart = {"serial": port.serial, "location": "" if port.serial else port.location}
    return [f'usb = "{port.usb}"', *(f'{key} = "{value}"' for key, value in told_apart.items() if value)]
