"""What `kiosk learn` prints at each step of a learning session."""

from typing import Final, TextIO, assert_never

from devices.learning.explanation import line_text
from devices.learning.findings import Finding
from devices.learning.presses import Burst
from devices.learning.session import PRESSES, TIME_OUT_MS, Session
from devices.learning.steps import (
    LINES,
    Cancelled,
    CheckKeys,
    Done,
    Failed,
    FindPort,
    Port,
    PressKey,
    Review,
    TryLine,
    WaitTimeOut,
)
from kiosk.commands.learn_words import both, level_name, said

_SHOWN_BYTES: Final = 32


def ports_listed(session: Session) -> tuple[Port, ...]:
    """The ports that a number may be typed for, from 1 on."""
    return session.step.seen or () if isinstance(session.step, FindPort) else ()


class Teller:
    """Whole lines, Chinese and English."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def line(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def say(self, chinese: str, english: str) -> None:
        self.line(both(chinese, english))

    def show(self, session: Session) -> None:
        match session.step:
            case FindPort(seen):
                if seen is not None:  # what is plugged in before the first list would pass for one that was there
                    self._ports(seen)
            case TryLine() | PressKey() as step:
                self._press(session, step)
            case WaitTimeOut():
                self.say(
                    f"请不要碰评价器 {TIME_OUT_MS // 1000} 秒（回车跳过）",
                    f"leave the box alone for {TIME_OUT_MS // 1000} s (Enter: skip this)",
                )
            case Review(learnt):
                self._findings("看到的是", "this is what it looks like", learnt.beliefs)
                self._findings("请注意", "mind", learnt.doubts)
                self.say(
                    "对吗？回车：逐键检验；b：重新按键；s：换线路设置；q：放弃",
                    "right? Enter: check each key; b: press all again; s: other line settings; q: give up",
                )
            case CheckKeys(_, asked, misses):
                again = both("没读懂，再来一次。", "not understood, again. ") if misses else ""
                name = level_name(asked[0])
                self.line(again + both(f"检验：请按 {name} 一次", f"check: press {name} once"))
            case Failed(cannot):
                self._findings("说不清", "it cannot be told", cannot.reasons)
                self.say("b：重新按键；s：换线路设置；q：结束", "b: press all again; s: other line settings; q: end")
            case Done():
                self.say("全部检验通过", "every key was read rightly")
            case Cancelled():
                return
            case step:
                assert_never(step)

    def _ports(self, ports: tuple[Port, ...]) -> None:
        self.say(
            "请插上评价器（已插着的，拔下再插上），或输入端口的序号；q：结束",
            "plug the box in (if it is, pull it out and plug it in again), or type a port's number; q: end",
        )
        for number, port in enumerate(ports, start=1):
            self.line(f"  {number}  {port.path}  {port.title}")

    def _press(self, session: Session, step: TryLine | PressKey) -> None:
        """Said once the port is open: what is pressed before is not heard."""
        match step:
            case _ if not session.opened:
                return
            case TryLine():
                self._try_line(session, step)
            case PressKey(level):
                self._press_key(session, level)
            case _:
                assert_never(step)

    def _try_line(self, session: Session, step: TryLine) -> None:
        line = line_text(LINES[step.line])
        if session.port is not None and not step.bursts:
            self.say(
                f"{session.port.path}，线路 {line}：请按 {level_name(5)} {PRESSES} 次，每次停一秒（没有反应按回车）",
                f"{session.port.path} at {line}: press {level_name(5)} {PRESSES} times, one a second (silent: Enter)",
            )
        else:
            self._heard(step.bursts)

    def _press_key(self, session: Session, level: int) -> None:
        if bursts := session.pressed.get(level, ()):
            self._heard(bursts)
            return
        name = level_name(level)
        self.say(
            f"请按 {name} {PRESSES} 次，每次停一秒（没有此键按 s；重来上一个按 b）",
            f"press {name} {PRESSES} times, a second apart (no such key: s; the one before again: b)",
        )

    def _heard(self, bursts: tuple[Burst, ...]) -> None:
        data = bursts[-1].data
        more = " …" if len(data) > _SHOWN_BYTES else ""
        self.say(f"听到 {len(bursts)} 次", f"heard {len(bursts)}: {data[:_SHOWN_BYTES].hex(' ').upper()}{more}")

    def _findings(self, chinese: str, english: str, findings: tuple[Finding, ...]) -> None:
        if findings:
            self.say(f"{chinese}：", f"{english}:")
        for finding in findings:
            self.line(f"  {said(finding)}")
