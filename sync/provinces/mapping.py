"""From a report's canonical fields to the platform's own, by the rules of a profile. Pure."""

from sync.provinces.parts import Fields
from sync.provinces.profile import ANY, FieldRule, Profile, Sending
from sync.provinces.zones import hall_ms, written
from sync.records import BAD_LEVELS
from sync.reports.report import TIME_FIELDS, Report, Value, canonical


class UnfitError(Exception):
    """The report cannot be written in the platform's form: it needs a person. `fields` are the platform's names."""

    def __init__(self, words: str, *fields: str) -> None:
        super().__init__(words)
        self.words = words
        self.fields = fields


def sending_of(profile: Profile, report: Report) -> Sending | None:
    """None where the platform wants no report of this kind."""
    return profile.rating if report.key.kind == "rating" else profile.case


def fields_of(profile: Profile, report: Report) -> Fields:
    """Raises `UnfitError`."""
    sending = sending_of(profile, report)
    values = _with_reason(profile, report, canonical(report))
    fields: dict[str, str | int] = {}
    missing: list[str] = []
    for name, rules in _by_field(sending.field if sending else []).items():
        text = next((text for rule in rules if (text := _text(profile, report, rule, values))), "")
        if text:
            fields[name] = _number(name, text) if rules[0].number else text
        elif any(rule.required for rule in rules):
            missing.append(name)
        elif any(rule.empty == "written" for rule in rules):
            fields[name] = ""
    if missing:
        raise UnfitError(f"缺少平台必填的字段：{'、'.join(missing)}", *missing)
    return fields


def code_of_level(profile: Profile, level: int) -> str:
    """As the platform would give it back."""
    return profile.codes.get("level", {}).get(str(level), str(level))


def _by_field(rules: list[FieldRule]) -> dict[str, list[FieldRule]]:
    found: dict[str, list[FieldRule]] = {}
    for rule in rules:
        found.setdefault(rule.to, []).append(rule)
    return found


def _with_reason(profile: Profile, report: Report, values: dict[str, Value]) -> dict[str, Value]:
    rating, instead = report.rating, profile.bad_without_reason.send
    if rating is None or not instead or rating.level not in BAD_LEVELS or rating.tags or rating.words:
        return values
    return {**values, "words": instead}


def _text(profile: Profile, report: Report, rule: FieldRule, values: dict[str, Value]) -> str:
    if not rule.source:
        return rule.constant
    value = values.get(rule.source, "")
    text = _time(profile, report, rule, value) if rule.source in TIME_FIELDS and value else _plain(rule, value)
    if not text or (rule.only_length and len(text) != rule.only_length):
        return ""
    text = _coded(profile, rule, text)
    text = rule.prefix + (text[: rule.first] if rule.first else text).ljust(rule.pad_right, "0")
    if rule.max_length and len(text) > rule.max_length:
        raise UnfitError(f"{rule.to} 超过平台允许的 {rule.max_length} 个字符", rule.to)
    return text


def _plain(rule: FieldRule, value: Value) -> str:
    return rule.join.join(value) if isinstance(value, tuple) else str(value)


def _time(profile: Profile, report: Report, rule: FieldRule, value: Value) -> str:
    try:
        ms = value if isinstance(value, int) else hall_ms(str(value), report.hall_offset_minutes)
        return written(ms, profile.time.zone, profile.time.format)
    except ValueError:
        raise UnfitError(f"{rule.to} 不是日历中的时间", rule.to) from None


def _coded(profile: Profile, rule: FieldRule, text: str) -> str:
    if not rule.codes:
        return text
    codes = profile.codes[rule.codes]
    code = codes.get(text, codes.get(ANY))
    if code is None:
        raise UnfitError(f"{rule.to} 的值在平台代码表 {rule.codes} 中没有对应的代码", rule.to)
    return text if code == ANY else code


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UnfitError(f"{name} 不是数字", name) from None
