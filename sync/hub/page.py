"""Today's counts and where they have got to, as a page for people who hold the reader's token.

No script, nothing loaded from elsewhere.
"""

from datetime import datetime
from html import escape
from typing import Final

from sync.hub.help_calls import HelpCall
from sync.hub.questions import AlarmList, DayCounts
from sync.hub.reconciliation import WORD_OF_NEXT, LevelLine, Reconciliation
from sync.records import LEVELS, NOT_RATED, OFFICIAL_WORDS
from sync.upstream import Deadline

_COLUMNS = [(str(level), OFFICIAL_WORDS[level]) for level in LEVELS] + [(str(NOT_RATED), "未评价")]
_UNITS: Final = {"working": "个工作日", "calendar": "天"}

_OWN_LINES = (("paper", "其中纸质 on paper"), ("later-terminal", "其中事后 given later"))
"""They stand in the first line too."""


def day_page(counts: DayCounts, alarms: AlarmList, reconciled: Reconciliation | None = None) -> str:
    heads = "".join(f"<th>{escape(word)}</th>" for _, word in _COLUMNS)
    rows = [_row("全部 all", "", counts.outcomes)]
    rows += [_row(name, "", counts.channels[channel]) for channel, name in _OWN_LINES if channel in counts.channels]
    rows += [_row(one.window, one.device[:12], one.outcomes) for one in counts.windows]
    called = "".join(f"<li>{escape(_call(one, counts.utc_offset))}</li>" for one in alarms.help_calls)
    heading = "<h2>请负责人到场 calls for help</h2>" if called else ""
    told = "".join(f"<li>{escape(f'{one.day} {one.kind}: {one.detail} ({one.times}×)')}</li>" for one in alarms.alarms)
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="60">'
        f"<title>{escape(counts.day)}</title><style>body{{font:16px sans-serif;margin:2em}}"
        "td,th{padding:.4em 1em;text-align:right;border-bottom:1px solid #ccc}</style>"
        f"<h1>{escape(counts.day)} <small>{escape(counts.utc_offset)}</small></h1>"
        f"<table><tr><th>窗口</th><th></th>{heads}<th>未能记录</th></tr>{''.join(rows)}</table>"
        f"{_reconciled(reconciled) if reconciled else ''}{heading}<ul>{called}</ul><ul>{told}</ul></html>"
    )


def _call(call: HelpCall, utc_offset: str) -> str:
    zone = datetime.strptime(utc_offset, "%z").tzinfo
    when = datetime.fromtimestamp(call.called_ms / 1000, zone).strftime("%m-%d %H:%M")
    cases = ", ".join(call.cases) or "—"
    return f"{when} 窗口 window {call.window} · 工号 staff no. {call.clerk or '—'} · 办件 case {cases}"


def _row(name: str, device: str, outcomes: dict[str, int]) -> str:
    cells = "".join(f"<td>{outcomes.get(outcome, 0)}</td>" for outcome, _ in _COLUMNS)
    apologised = sum(visits for outcome, visits in outcomes.items() if int(outcome) < 0)
    return f"<tr><th>{escape(name)}</th><td>{escape(device)}</td>{cells}<td>{apologised}</td></tr>"


def _reconciled(found: Reconciliation) -> str:
    """What stands at the kiosks and here is ticked: signed heads prove it. What the province has is its own word."""
    tick = "✓" if not found.imbalances else "≠"
    heads = ["按键", "已存", f"本级 {tick}"]
    if found.province:
        heads += ["应上报", "省平台已收", "已有其他评价", "待人工处理", "待上报"]
    rows = "".join(_level(line, reports=bool(found.province)) for line in found.levels)
    notes = [f"<p>{escape(found.province)}：{WORD_OF_NEXT}</p>"] if found.province else []
    notes += [f"<p>暂不能上报：{escape(found.trouble)}</p>"] if found.trouble else []
    notes += [f"<p>不平衡：{escape(text)}</p>" for text in found.imbalances]
    notes += [f"<p>{escape(_deadline(found.deadline))}</p>"] if found.deadline else []
    columns = "".join(f"<th>{escape(head)}</th>" for head in heads)
    return f"<h2>对账</h2><table><tr><th></th>{columns}</tr>{rows}</table>{''.join(notes)}"


def _level(line: LevelLine, *, reports: bool) -> str:
    figures = [line.pressed, line.stored, line.hub]
    if reports:
        figures += [line.expected, line.accepted, line.another_stands, line.set_aside, line.waiting]
    cells = "".join(f"<td>{figure}</td>" for figure in figures)
    return f"<tr><th>{OFFICIAL_WORDS[line.level]}</th>{cells}</tr>"


def _deadline(deadline: Deadline) -> str:
    guessed = "（节假日未知，按周一至周五推算）" if deadline.guessed else ""
    return (
        f"最早未上报的评价：{deadline.day}，平台将在 {deadline.ends} 之后自行记录默认评价，"
        f"还剩 {deadline.days_left} {_UNITS[deadline.unit]}{guessed}。依据：{deadline.source}"
    )
