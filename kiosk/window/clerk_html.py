"""The clerk page as HTML: forms that work without a script. Knows nothing of ratings, so it cannot show any.

Everything that did not come from this file is escaped.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from kiosk.core.visit import PauseReason
from kiosk.window.clerk_style import STYLE, STYLE_POLICY
from kiosk.window.ports import WindowInfo, WindowStatus
from kiosk.window.problems import Problem

__all__ = ["STYLE_POLICY", "ClerkView", "clerk_page", "login_page", "message_page"]

_PAUSES: Final[dict[PauseReason, tuple[str, str]]] = {
    "away": ("暂时离开", "Away"),
    "shift-change": ("交接班", "Shift change"),
    "break": ("用餐休息", "Meal break"),
    "meeting": ("会议培训", "Meeting"),
    "fault": ("设备故障", "Device fault"),
    "maintenance": ("系统维护", "Maintenance"),
    "other": ("其他", "Other"),
}

_REMEDIES: Final = {
    403: "请求来源不被接受，请从本机浏览器直接打开窗口页面。",
    404: "没有这个窗口或页面，请核对网址。",
    409: "此处为自助评价点，无需签到或请求评价。",
    500: "系统出现故障，请稍后再试，并告知管理员。",
}


@dataclass(frozen=True, slots=True)
class ClerkView:
    window: str
    info: WindowInfo
    status: WindowStatus
    form: str
    """A fresh id, so that a form sent twice can be told from two forms."""
    notice: str = ""
    fault: str = ""
    case_number: str = ""
    service_number: str = "1"
    more_cases: str = ""
    slip: str = ""
    """Visit asked for last, hex, where there is a slip to print for it."""


def login_page(window: str, info: WindowInfo, fault: str = "", status: int = 200) -> HTMLResponse:
    body = f"""{_heading(info)}
<p class="state"><small>窗口人员页面 Clerk page</small></p>
{_fault(fault)}
<section><h2>打开本窗口 <small>Open this window</small></h2>
<form method="post" action="/clerk/{escape(window)}/session">
<label>窗口令牌 <small>Window token, from whoever set up the kiosk</small>
<input type="password" name="token" autocomplete="off" required autofocus></label>
<button class="main">进入<span class="en">Enter</span></button></form></section>
<footer>每台电脑输入一次，12 小时有效。Once a computer, for 12 hours.</footer>"""
    return _page(info.name, body, status)


def clerk_page(view: ClerkView, status: int = 200) -> HTMLResponse:
    parts = [_heading(view.info), _state(view), _notice(view.notice), _fault(view.fault)]
    if view.info.place == "window":
        parts += [_ask(view), _slip(view), _clerk(view)]
    parts += [_pause(view), _footer(view)]
    return _page(view.info.name, "\n".join(parts), status)


def message_page(problem: Problem) -> HTMLResponse:
    remedy = f"{_REMEDIES.get(problem.status, '请关闭本页后重新打开，再试一次。')} {problem.detail}"
    body = f"<h1>未能完成 <small>{escape(problem.title)}</small></h1>{_fault(remedy)}"
    return _page(problem.title, body, problem.status, dict(problem.headers))


def _page(title: str, body: str, status: int, headers: dict[str, str] | None = None) -> HTMLResponse:
    text = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><main>
{body}
</main></body></html>
"""
    return HTMLResponse(text, status_code=status, headers=headers)


def _heading(info: WindowInfo) -> str:
    english = f' <small lang="en">{escape(info.name_en)}</small>' if info.name_en else ""
    return f"<h1>{escape(info.name)}{english}</h1>"


def _state(view: ClerkView) -> str:
    clerk = f"工号 {escape(view.status.clerk)}" if view.status.clerk else "未签到 <small>Nobody signed in</small>"
    paused = (
        f"已暂停：{_PAUSES[view.status.pause][0]}" if view.status.pause is not None else "服务中 <small>Open</small>"
    )
    who = f"<b>{clerk}</b> " if view.info.place == "window" else ""
    return f'<p class="state">{who}<b>{paused}</b></p>'


def _notice(notice: str) -> str:
    return f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""


def _fault(fault: str) -> str:
    return f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""


def _ask(view: ClerkView) -> str:
    return f"""<section><h2>请求评价 <small>Ask for a rating</small></h2>
{_form(view, "visits")}
<label>办件编号（可不填） <small>Case number, optional</small>
<input type="text" name="case" maxlength="64" autocomplete="off" value="{escape(view.case_number)}"></label>
<label>第几次服务 <small>Service number of the case</small>
<input type="text" class="short" name="service" maxlength="4" autocomplete="off"
 value="{escape(view.service_number)}"></label>
<label>同一号的其他办件，每行一个 <small>More cases of the same ticket, one a line</small>
<textarea name="more" rows="2" cols="40" autocomplete="off">{escape(view.more_cases)}</textarea></label>
<button class="main">请求评价<span class="en">Ask for a rating</span></button></form></section>"""


def _slip(view: ClerkView) -> str:
    """After every ask alike: to be handed over before anybody rates."""
    if not view.slip:
        return ""
    return f"""<section><h2>评价凭条 <small>Rating slip</small></h2>
<p>请打印后交给群众。 <small>Print it for the citizen.</small></p>
<a class="button" href="/clerk/{escape(view.window)}/slips/{view.slip}" target="_blank">打印凭条<span
 class="en">Print the slip</span></a></section>"""


def _clerk(view: ClerkView) -> str:
    clerk = escape(view.status.clerk)
    button = f'<button>签退 {clerk}<span class="en">Sign out</span></button>'
    sign_out = f"{_form(view, 'sign-out')}{button}</form>" if clerk else ""
    return f"""<section><h2>签到 <small>Signing in</small></h2>
{_form(view, "sign-in")}
<label for="number">工号 <small>Clerk number</small></label>
<input type="text" class="beside" id="number" name="number" maxlength="32" autocomplete="off" required>
<button class="beside">签到<span class="en">Sign in</span></button></form>{sign_out}</section>"""


def _pause(view: ClerkView) -> str:
    if view.status.pause is not None:
        button = '<button class="main">恢复服务<span class="en">Resume</span></button>'
        return f"<section><h2>暂停 <small>Paused</small></h2>{_form(view, 'resume')}{button}</form></section>"
    buttons = "\n".join(
        f'<button name="reason" value="{reason}">{chinese}<span class="en">{english}</span></button>'
        for reason, (chinese, english) in _PAUSES.items()
    )
    return f"<section><h2>暂停服务 <small>Pause</small></h2>{_form(view, 'pause')}\n{buttons}</form></section>"


def _footer(view: ClerkView) -> str:
    button = '<button class="quiet">退出本页 Close on this computer</button>'
    told = "<footer>本页不显示任何评价结果。This page never shows a rating.</footer>"
    return f"{_form(view, 'session/end')}{button}</form>{told}"


def _form(view: ClerkView, action: str) -> str:
    return (
        f'<form method="post" action="/clerk/{escape(view.window)}/{action}" accept-charset="utf-8">'
        f'<input type="hidden" name="form" value="{escape(view.form)}">'
    )
