"""What a report is wrapped in, and how an answer is opened: the parts that ship."""

from typing import Any

import msgspec

from sync.provinces.parts import Credentials, Fields, Protection
from sync.provinces.profile import Profile, Sending
from sync.provinces.sent import Message
from sync.provinces.zones import written


class JsonPlain:
    """The fields as one JSON object."""

    def __init__(self, profile: Profile) -> None:
        self._part = profile.envelope

    def wrap(self, sending: Sending, fields: Fields, now_ms: int) -> Message:
        del now_ms
        return _message(self._part.charset, self._part.headers, sending.path, fields)

    def open(self, body: str) -> Any:
        return _json(body)


class JsonFormA:
    """`{"txnBodyCom": {"appMark", "time", "sign", "params": {element: ["<cipher>"]}}, "txnCommCom": {}}`.

    `time` is yyyyMMddHHmmss in the platform's zone, `sign` is over time + mark + word. Credentials: `app_mark`,
    `app_word`.
    The form was read in a client of Shandong's platform: unverified against the platform itself.
    """

    def __init__(self, profile: Profile, credentials: Credentials, protection: Protection) -> None:
        self._part = profile.envelope
        self._zone = profile.time.zone
        self._mark, self._word = credentials["app_mark"], credentials["app_word"]
        self._protection = protection

    def wrap(self, sending: Sending, fields: Fields, now_ms: int) -> Message:
        time = written(now_ms, self._zone, "%Y%m%d%H%M%S")
        content = {
            "txnBodyCom": {
                "appMark": self._mark,
                "time": time,
                "sign": self._protection.sign(time + self._mark + self._word),
                "params": {sending.element: [self._protection.seal(msgspec.json.encode(fields))]},
            },
            "txnCommCom": {},
        }
        return _message(self._part.charset, self._part.headers, sending.path, content)

    def open(self, body: str) -> Any:
        return _json(body)


def _message(charset: str, headers: dict[str, str], path: str, content: Any) -> Message:
    text = msgspec.json.encode(content).decode()
    kind = {"Content-Type": f"application/json; charset={charset}"}
    return Message(path, kind | headers, text.encode(charset))


def _json(body: str) -> Any:
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as fault:
        raise ValueError("no JSON") from fault
    if not isinstance(tree, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - what an envelope raises for every wrong form
    return tree
