"""The slip as a page to print, on a roll of 80 mm or on A4: hall, day, code and what to do. Neither case nor level.

Everything that did not come from this file is escaped. Codes are vectors, 56 mm wide with their quiet zone.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from kiosk.qr_code import qr_modules
from kiosk.slips.printed import SlipPaper
from kiosk.window.asks import Accepted
from kiosk.window.ports import WindowInfo

STYLE: Final = """
@page { margin: 4mm; }
body { margin: 0; color: #000; background: #fff; line-height: 1.4; font-size: 12pt;
  font-family: "Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", "WenQuanYi Micro Hei", sans-serif; }
main { width: 70mm; margin: 0 auto; text-align: center; }
h1 { margin: 0; font-size: 14pt; }
p { margin: 1.5mm 0; }
small { font-size: 9pt; }
svg { display: block; width: 56mm; height: 56mm; margin: 2mm auto; }
.code { margin: 2mm 0; font: bold 22pt "DejaVu Sans Mono", Consolas, monospace; white-space: nowrap; }
hr { border: 0; border-top: 0.3mm dashed #000; margin: 3mm 0; }
"""
STYLE_POLICY: Final = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"


def slip_page(paper: SlipPaper, info: WindowInfo, accepted: Accepted) -> HTMLResponse:
    """The same for every visit but for day and code."""
    zone = timezone(timedelta(minutes=paper.utc_offset_minutes))
    day = datetime.fromtimestamp(accepted.at.wall_ms // 1000, UTC).astimezone(zone).date().isoformat()
    parts = [
        f"<h1>{escape(paper.hall)}</h1>",
        f"<p><small>{escape(paper.hall_en)}</small></p>" if paper.hall_en else "",
        f"<p>评价凭条 <small>Rating slip</small><br>{escape(info.name)} · {day}</p>",
        _code(paper, accepted.slip) if accepted.slip else "",
        _page_code(paper.rate_later_page) if paper.rate_later_page else "",
        "<hr><p><small>评价自愿，工作人员看不到您的评价。<br>Rating is up to you; staff cannot see it.</small></p>",
    ]
    body = "\n".join(part for part in parts if part)
    return HTMLResponse(f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>评价凭条 Rating slip</title><style>{STYLE}</style></head>
<body><main>
{body}
</main></body></html>
""")


def svg(text: str) -> str:
    """One path a code: printers draw no hairlines between its modules."""
    modules = qr_modules(text)
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in modules.runs)
    side = modules.side
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"'
        f' aria-label="{escape(text)}">'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _code(paper: SlipPaper, code: str) -> str:
    if paper.supplement is None:
        return ""
    days, working = paper.supplement.days, paper.supplement.unit == "working"
    unit, unit_en = ("个工作日", "working days") if working else ("天", "days")
    period = f"如未在窗口评价，可在 {days} {unit}内，凭"
    return f"""<hr><p>{period}<b>办件编号</b>和以下<b>一次性验证码</b>在本大厅自助终端评价一次。</p>
<p><small>If you did not rate at the window: once within {days} {unit_en}, at a terminal of this hall, with your case
number and this code.</small></p>
<p class="code">{escape(code)}</p>
{svg(code)}"""


def _page_code(page: str) -> str:
    return f"""<hr><p>扫码，以后用自己的手机评价<br><small>Scan to rate later on your own phone</small></p>
{svg(page)}"""
