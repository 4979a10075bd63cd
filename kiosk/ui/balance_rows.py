"""The reconciliation as the manager's page shows it: a table of the five levels, and lines beside it. Pure."""

from dataclasses import dataclass

from kiosk.core.balance import Balance, DefaultDeadline, LevelBalance
from kiosk.ui.desk_facts import Clock, Fact
from kiosk.ui.words import Words, whole
from sync.records import LEVELS, NOT_RATED


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A level, or the heads of the columns. `differs`: a figure beside it should be the same and is not."""

    word: str
    visits: tuple[str, ...]
    """Pressed, stored, sent, at the hub."""
    reports: tuple[str, ...]
    """To report, at the province, another stands, set aside; empty where the hub reports to nobody."""
    differs: bool = False


def balance_rows(balance: Balance | None, words: Words) -> tuple[BalanceRow, ...]:
    """The heads first. Empty where there is no hub."""
    if balance is None:
        return ()
    proved = f"{words.balance_hub} ✓" if not balance.differs and _is_told(balance) else words.balance_hub
    visits = (words.balance_pressed, words.balance_stored, words.balance_sent, proved)
    reports = (words.balance_expected, words.balance_accepted, words.balance_another, words.balance_aside)
    heads = BalanceRow("", visits, reports if balance.province else ())
    return (heads, *(_row(line, balance, words) for line in balance.levels))


def balance_note(balance: Balance | None, words: Words) -> str:
    """Whose word the province's columns are: nobody here can put a tick to them."""
    if balance is None or not balance.province:
        return ""
    return words.balance_next_word.format(province=balance.province)


def balance_facts(balance: Balance | None, words: Words, clock: Clock) -> tuple[Fact, ...]:
    if balance is None:
        return ()
    facts = [_hall(balance, words, clock)]
    if balance.differs:
        facts.append(Fact("balance", words.balance_title, words.balance_differs, alarm=True))
    if balance.trouble:
        text = words.province_trouble.format(reason=balance.trouble)
        facts.append(Fact("province", words.province, text, alarm=True))
    if balance.deadline is not None:
        facts.append(_deadline(balance.deadline, words))
    return tuple(facts)


def balance_alarms(balance: Balance | None, words: Words, clock: Clock) -> tuple[Fact, ...]:
    """What of it stands on the desk as well: figures that differ, and a deadline that is near."""
    return tuple(fact for fact in balance_facts(balance, words, clock) if fact.alarm and fact.name != "province")


def _is_told(balance: Balance) -> bool:
    return all(line.hub is not None for line in balance.levels)


def _row(line: LevelBalance, balance: Balance, words: Words) -> BalanceRow:
    hub = "—" if line.hub is None else str(line.hub)
    visits = (str(line.pressed), str(line.stored), str(line.sent), hub)
    there = line.reported
    counts = (there.expected, there.accepted, there.another_stands, there.set_aside) if there else (None,) * 4
    reports = tuple("—" if count is None else str(count) for count in counts) if balance.province else ()
    differs = balance.differs and line.hub not in {None, line.sent}
    return BalanceRow(whole(words.level(line.level)), visits, reports, differs)


def _hall(balance: Balance, words: Words, clock: Clock) -> Fact:
    if balance.hall is None or balance.told_ms is None:
        return Fact("hall", words.hall_today, words.hall_today_unknown)
    hall = balance.hall
    levels = " · ".join(f"{whole(words.level(level))} {hall.get(level, 0)}" for level in LEVELS)
    value = words.hall_today_value.format(
        levels=levels, not_rated=hall.get(NOT_RATED, 0), since=clock.short(balance.told_ms)
    )
    return Fact("hall", words.hall_today, value)


def _deadline(deadline: DefaultDeadline, words: Words) -> Fact:
    unit = words.deadline_working if deadline.unit == "working" else words.deadline_calendar
    text = unit.format(day=deadline.day[5:], ends=deadline.ends[5:], days=deadline.days_left)
    value = f"{text} · {words.deadline_guessed}" if deadline.guessed else text
    return Fact("deadline", words.deadline, value, alarm=deadline.near)
