"""The computer at a window, as a business system would use the kiosk: HTTP, a token, nothing else."""

import json
import urllib.request
from typing import Any


class WindowComputer:
    def __init__(self, port: int, window: str, token: str) -> None:
        self._base = f"http://127.0.0.1:{port}/v1/windows/{window}"
        self._token = token

    def sign_in(self, number: str) -> None:
        self._call("PUT", "/clerk", {"number": number})

    def ask(self, project_no: str = "") -> str:
        """Gives the id of the visit; that is all a window ever learns."""
        cases = [{"projectNo": project_no, "serviceNumber": 1, "taskCode": "11370800MB2848"}] if project_no else []
        return str(self._call("POST", "/visits", {"cases": cases})["visit"])

    def tell_ticket(self, ticket: str, state: str) -> None:
        self._call("POST", "/tickets", {"ticket": ticket, "state": state})

    def tell_more(self, visit: str, project_no: str, known: dict[str, str]) -> None:
        """What has become known of a case that `visit` was asked for."""
        case = {"projectNo": project_no, "serviceNumber": 1, **known}
        self._call("PATCH", f"/visits/{visit}", {"cases": [case]})

    def pause(self, reason: str) -> None:
        self._call("PUT", "/pause", {"reason": reason})

    def resume(self) -> None:
        self._call("DELETE", "/pause", None)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the kiosk of this demonstration, on loopback
            self._base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            content = answer.read()
        return dict(json.loads(content)) if content else {}
