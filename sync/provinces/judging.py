"""What an answer means. Pure: every possible answer comes to a verdict, and HTTP 200 alone proves nothing."""

import re
from collections.abc import Callable
from typing import Any, Final, assert_never

from sync.backoff import asked_to_wait_s
from sync.provinces.outcomes import Accepted, Duplicate, Later, NeedsPerson, Taken, Unauthorised, Verdict
from sync.provinces.profile import Answer, Condition, Profile, Refusal, at_path
from sync.provinces.sent import NoReply, Reply

MOST_CHARACTERS: Final = 2000
"""Of what is kept of an answer."""
_REFUSED: Final = frozenset({400, 409, 413, 414, 415, 422})
"""A status that speaks of this message; every other one speaks of the way to the platform."""


def judge(
    answer: Reply | NoReply, profile: Profile, opened: Callable[[str], Any], names: tuple[str, ...], now_ms: int
) -> Verdict:
    """`opened` makes a tree of the text of an answer, or raises `ValueError`. `names` are those of the fields sent."""
    if isinstance(answer, NoReply):
        return Later(answer.words, "maybe" if answer.sent else "unsaid", of_platform=True)
    tree = _tree(answer, profile.answer, opened)
    words = _words(tree, profile.answer) if tree is not None else ""
    wait_s = asked_to_wait_s(answer.retry_after, answer.date, now_ms)
    if answer.status == 401:
        return Unauthorised(words or "HTTP 401")
    if answer.status == 429:
        return Later(words or "平台要求稍后再试（HTTP 429）", of_platform=True, wait_s=wait_s)
    is_ok = 200 <= answer.status < 300
    if is_ok and tree is not None and all(_holds(condition, tree) for condition in profile.answer.success):
        return Accepted(_receipt(tree, answer, profile.answer))
    if (means := _refusal(words, profile.refusal)) is not None:
        return _refused(means, words, tree, profile.answer, names, wait_s)
    if is_ok:
        return _not_a_success(tree, words, profile.answer, names)
    if answer.status == 413 or (answer.status in _REFUSED and words):
        return NeedsPerson(words or "平台拒绝：内容过大（HTTP 413）", _named(words, names))
    taken: Taken = "maybe" if answer.status >= 500 else "unsaid"
    return Later(words or f"平台答复 HTTP {answer.status}", taken, of_platform=True, wait_s=wait_s)


def kept(text: str) -> str:
    """As it can be stored and shown: no control characters, no half of a pair, not without end."""
    shown = "".join(one for one in text[:MOST_CHARACTERS] if one.isprintable() or one == "\n")
    return shown.encode(errors="replace").decode().strip()


def _tree(answer: Reply, rules: Answer, opened: Callable[[str], Any]) -> Any:
    """None for what is not the platform's form. Bytes that the character set does not have are read as \ufffd."""
    if not answer.whole:
        return None
    charset = "utf-8-sig" if rules.charset == "utf-8" else rules.charset
    try:
        return opened(answer.body.decode(charset, errors="replace"))
    except ValueError:
        return None


def _holds(condition: Condition, tree: Any) -> bool:
    value = _text(at_path(tree, condition.at))
    return value in condition.one_of if condition.one_of else value not in condition.none_of


def _text(value: Any) -> str:
    match value:
        case None | dict() | list():
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _words(tree: Any, rules: Answer) -> str:
    found = (kept(_text(at_path(tree, path))) for path in rules.message)
    return next((words for words in found if words), "")


def _receipt(tree: Any, answer: Reply, rules: Answer) -> str:
    """What the platform calls its receipt; where there is none, the whole answer."""
    receipt = kept(_text(at_path(tree, rules.receipt))) if rules.receipt else ""
    return receipt or kept(answer.body.decode(rules.charset, errors="replace"))


def _refusal(words: str, refusals: list[Refusal]) -> Refusal | None:
    if not words:
        return None
    for refusal in refusals:
        if any(text in words for text in refusal.text) or (refusal.pattern and re.search(refusal.pattern, words)):
            return refusal
    return None


def _refused(
    refusal: Refusal, words: str, tree: Any, rules: Answer, names: tuple[str, ...], wait_s: float | None
) -> Verdict:
    match refusal.means:
        case "duplicate":
            reference = _text(at_path(tree, rules.returned_reference)) if rules.returned_reference else ""
            level = _text(at_path(tree, rules.returned_level)) if rules.returned_level else ""
            return Duplicate(words, reference, level)
        case "case-unknown":
            return Later(words, "no", wait_s=wait_s)
        case "later":
            return Later(words, wait_s=wait_s)
        case "needs-person":
            return NeedsPerson(words, _named(words, names))
        case _:
            assert_never(refusal.means)


def _not_a_success(tree: Any, words: str, rules: Answer, names: tuple[str, ...]) -> Verdict:
    """A log-in page, a cut answer and another program's JSON are not the platform's word."""
    known = [*(condition.at for condition in rules.success), *rules.message]
    if tree is None or all(at_path(tree, path) is None for path in known):
        return Later("答复不是平台的格式", "maybe", of_platform=True)
    return NeedsPerson(words or "平台没有接受，也没有说明原因", _named(words, names))


def _named(words: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in words)
