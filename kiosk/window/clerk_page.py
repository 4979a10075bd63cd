"""`/clerk/{window}`: the window interface for people, since most business systems will never call anybody."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.secrets import token_hash
from kiosk.window.asks import Accepted
from kiosk.window.clerk_html import ClerkView, clerk_page, login_page
from kiosk.window.clerk_sessions import LASTS_S, ClerkSessions, Session
from kiosk.window.interface import by_method
from kiosk.window.messages import MOST_CASES, ClerkRequest, PauseRequest
from kiosk.window.problems import Problem
from kiosk.window.service import WindowService
from kiosk.window.slip_html import slip_page
from sync.records import Case

COOKIE: Final = "clerk_session"
FIELDS: Final = 20

ASKED: Final = "已请求评价。A rating has been asked for."
ASKED_ONCE: Final = (
    "已请求评价，同一页面重复提交只算一次；为下一位请求，请再按一次。"
    "Sent twice, asked once. For the next citizen, press again."
)

Form = dict[str, str]
Action = Callable[[str, Form, Session], Awaitable[Response | None]]


def routes(service: WindowService) -> list[Route]:
    page = _ClerkPage(service, ClerkSessions(service.now, service.random_bytes))
    window = "/clerk/{window}"
    return [
        by_method(window, GET=page.show),
        by_method(f"{window}/session", POST=page.log_in),
        by_method(f"{window}/session/end", POST=page.log_out),
        by_method(f"{window}/visits", POST=page.acting(page.ask)),
        by_method(f"{window}/slips/{{visit}}", GET=page.slip),
        by_method(f"{window}/sign-in", POST=page.acting(page.sign_in)),
        by_method(f"{window}/sign-out", POST=page.acting(page.sign_out)),
        by_method(f"{window}/pause", POST=page.acting(page.pause)),
        by_method(f"{window}/resume", POST=page.acting(page.resume)),
    ]


class _ClerkPage:
    def __init__(self, service: WindowService, sessions: ClerkSessions) -> None:
        self._service = service
        self._sessions = sessions

    async def show(self, request: Request) -> Response:
        window = self._window(request)
        session = self._session(request)
        if session is None:
            return login_page(window, self._service.windows[window])
        notice, session.notice = session.notice, ""
        return clerk_page(self._view(window, notice=notice, slip=session.slip))

    async def slip(self, request: Request) -> Response:
        """For printing, in a page of its own."""
        window = self._window(request)
        if self._session(request) is None:
            return _back(window)
        found = self._service.slip(window, request.path_params["visit"])
        if found is None:
            raise Problem(404, "no slip: asked long ago or before a restart, or nothing to rate this visit with later")
        paper, accepted = found
        return slip_page(paper, self._service.windows[window], accepted)

    async def log_in(self, request: Request) -> Response:
        window = self._window(request)
        token = (await _form(request)).get("token", "").strip()
        owned = self._service.owned(token)
        if window not in owned:
            fault = "这是另一个窗口的令牌。This token belongs to another window." if owned else ""
            status = 403 if owned else 401
            info = self._service.windows[window]
            return login_page(window, info, fault or "令牌不正确，请核对后重新输入。This is not the token.", status)
        response = _back(window)
        response.set_cookie(
            COOKIE,
            self._sessions.open(window, token_hash(token)),
            max_age=LASTS_S,
            path=f"/clerk/{window}",
            secure=request.headers.get("origin", request.headers.get("referer", "")).startswith("https://"),
            httponly=True,
            samesite="strict",
        )
        return response

    async def log_out(self, request: Request) -> Response:
        window = self._window(request)
        self._sessions.close(request.cookies.get(COOKIE, ""))
        response = _back(window)
        response.delete_cookie(COOKIE, path=f"/clerk/{window}", httponly=True, samesite="strict")
        return response

    def acting(self, action: Action) -> Callable[[Request], Awaitable[Response]]:
        """An action of whoever has opened the page; done once a form, answered by the page itself."""

        async def endpoint(request: Request) -> Response:
            window = self._window(request)
            session = self._session(request)
            form = await _form(request)
            if session is None:
                fault = "登录已失效，操作未执行，请重新输入令牌。Nothing was done: enter the token again."
                return login_page(window, self._service.windows[window], fault, 401)
            if not form.get("form"):
                raise Problem(422, "this form is not whole: open the page anew")
            sent = (request.url.path, *sorted(f"{name}={value}" for name, value in form.items()))
            if not session.first_time(sent):
                session.notice = ASKED_ONCE if action == self.ask else session.notice
                return _back(window)
            try:
                return await action(window, form, session) or _back(window)
            except BaseException:
                session.forget(sent)
                raise

        return endpoint

    async def ask(self, window: str, form: Form, session: Session) -> Response | None:
        number, service, more = (form.get(name, "").strip() for name in ("case", "service", "more"))
        try:
            cases = _cases(number, service, more)
        except ValueError:
            fault = (
                "办件编号最多 64 个字符，第几次服务为 1 至 9999，一次最多 20 件。"
                "Case numbers have 64 characters at most, service numbers are 1 to 9999, an ask has 20 cases at most."
            )
            view = self._view(window, fault=fault, case_number=number, service_number=service, more_cases=more)
            return clerk_page(view, 422)
        self._demand_window(window)
        asked = self._service.ask(window, cases, "clerk-page")
        visit = asked.visit.hex() if isinstance(asked, Accepted) else ""
        session.slip = visit if self._service.slip(window, visit) is not None else ""
        session.notice = ASKED
        return None

    async def sign_in(self, window: str, form: Form, session: Session) -> Response | None:
        self._demand_window(window)
        try:
            clerk = msgspec.convert({"number": form.get("number", "").strip()}, ClerkRequest).number
        except msgspec.ValidationError:
            fault = "工号为 1 至 32 位字母、数字、点、下划线或连字符。A clerk number is 1 to 32 letters and digits."
            return clerk_page(self._view(window, fault=fault), 422)
        await self._service.sign_in(window, clerk)
        session.notice = "已签到。Signed in."
        return None

    async def sign_out(self, window: str, _: Form, session: Session) -> Response | None:
        self._demand_window(window)
        await self._service.sign_out(window)
        session.notice = "已签退。Signed out."
        return None

    async def pause(self, window: str, form: Form, session: Session) -> Response | None:
        try:
            reason = msgspec.convert({"reason": form.get("reason", "")}, PauseRequest).reason
        except msgspec.ValidationError as error:
            raise Problem(422, "choose one of the reasons on the page") from error
        await self._service.pause(window, reason)
        session.notice = "已暂停服务。Paused."
        return None

    async def resume(self, window: str, _: Form, session: Session) -> Response | None:
        await self._service.resume(window)
        session.notice = "已恢复服务。Resumed."
        return None

    def _view(
        self,
        window: str,
        *,
        notice: str = "",
        fault: str = "",
        case_number: str = "",
        service_number: str = "1",
        more_cases: str = "",
        slip: str = "",
    ) -> ClerkView:
        return ClerkView(
            window=window,
            info=self._service.windows[window],
            status=self._service.status(window),
            form=self._service.random_bytes(12).hex(),
            notice=notice,
            fault=fault,
            case_number=case_number,
            service_number=service_number,
            more_cases=more_cases,
            slip=slip,
        )

    def _window(self, request: Request) -> str:
        window: str = request.path_params["window"]
        if window not in self._service.windows:
            raise Problem(404, "no such window: use the id in the kiosk's settings")
        return window

    def _demand_window(self, window: str) -> None:
        if self._service.windows[window].place != "window":
            raise Problem(409, "no clerk works at a walk-up point or a terminal: its ratings are not asked for here")

    def _session(self, request: Request) -> Session | None:
        window = self._window(request)
        return self._sessions.find(request.cookies.get(COOKIE, ""), window, self._service.tokens(window))


def _cases(number: str, service: str, more: str) -> tuple[Case, ...]:
    """The first with its service number; each further line is a case number, service 1. Raises `ValueError`."""
    first = (_case(number, service),) if number else ()
    others = tuple(_case(line.strip(), "1") for line in more.splitlines() if line.strip())
    cases = tuple(dict.fromkeys((*first, *others)))
    if len(cases) > MOST_CASES:
        raise ValueError(f"{len(cases)} cases")
    return cases


def _case(number: str, service: str) -> Case:
    """Raises `ValueError`. A scanner or an input method may give digits of full width."""
    return msgspec.convert({"projectNo": number, "serviceNumber": int(service or "1")}, Case)


def _back(window: str) -> RedirectResponse:
    return RedirectResponse(f"/clerk/{window}", status_code=303)


async def _form(request: Request) -> Form:
    content_type = request.headers.get("content-type", "").lower().partition(";")[0].strip()
    if content_type != "application/x-www-form-urlencoded":
        raise Problem(415, "open the clerk page itself and use its forms")
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS))
    except ValueError as error:
        raise Problem(422, "this form cannot be read: open the page anew") from error
