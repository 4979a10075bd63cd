from dataclasses import replace

import pytest
from ui_rig import NOON_MS, packs

from kiosk.core.desk import (
    Asking,
    BoxState,
    ClockState,
    Desk,
    EvaluatorState,
    HubState,
    Link,
    PublishedState,
    SealedState,
    SoundState,
    Today,
)
from kiosk.ui.desk_facts import Clock
from kiosk.ui.desk_rows import count_rows, level_rows, not_asked_row, satisfied_share, state_rows

WORDS = packs().words("en")
CLOCK = Clock(NOON_MS, utc_offset_min=480)


def desk(link: Link = "ok", reason: str = "", fault: str = "", *evaluators: EvaluatorState) -> Desk:
    return Desk(Today("2026-11-20", {}), HubState(link, 0, None, None, reason), evaluators, storage_fault=fault)


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ({}, "—"),
        ({0: 9}, "—"),
        ({5: 1}, "100.0% (1/1)"),
        ({5: 26, 1: 1}, "96.3% (26/27)"),
        ({5: 1, 4: 1, 3: 1, 2: 1}, "75.0% (3/4)"),
        ({5: 99_999, 1: 1}, "99.9% (99999/100000)"),
        ({1: 3}, "0.0% (0/3)"),
    ],
)
def test_the_share_prints_its_denominator_and_rounds_no_bad_review_away(outcomes: dict[int, int], shown: str) -> None:
    assert satisfied_share(Today("2026-11-20", outcomes), WORDS) == shown


def test_the_hall_decides_from_which_level_on_is_satisfied() -> None:
    assert satisfied_share(Today("2026-11-20", {4: 1, 3: 1}, satisfied_from=4), WORDS) == "50.0% (1/2)"


def test_the_longest_bar_is_the_most_frequent_level() -> None:
    rows = level_rows(Today("2026-11-20", {5: 4, 4: 8, 1: 2}), WORDS)
    assert [row.share for row in rows] == [0.5, 1.0, 0, 0, 0.25]


@pytest.mark.parametrize(
    ("asking", "told"),
    [
        (Asking(), "Unknown"),
        (Asking(ended=41, not_asked=3), "3/41"),
        (Asking(ended=41), "0/41"),
    ],
)
def test_whom_nobody_asked_is_told_with_its_denominator_and_never_guessed(asking: Asking, told: str) -> None:
    assert not_asked_row(asking, WORDS).value == told
    rows = state_rows(replace(desk(), asking=asking), WORDS, CLOCK)
    assert not [row for row in rows if row.name == "changes"]


def test_levels_taken_back_are_told_for_each_clerk() -> None:
    rows = state_rows(replace(desk(), asking=Asking(changes=(("1001", 2), ("", 1)))), WORDS, CLOCK)
    assert [row.value for row in rows if row.name == "changes"] == ["1001: 2 · nobody signed in: 1"]


def test_presses_that_were_not_recorded_show_only_if_there_are_any() -> None:
    assert "notRecorded" not in {row.name for row in count_rows(Today("2026-11-20", {5: 1}), WORDS)}
    last = count_rows(Today("2026-11-20", {5: 1, -5: 1, -1: 1}), WORDS)[-1]
    assert (last.name, last.value, last.alarm) == ("notRecorded", "2", True)


def test_ratings_on_paper_and_later_have_a_line_of_their_own_where_there_are_any() -> None:
    plain = Today("2026-11-20", {5: 3, 0: 1}, channels={"window-evaluator": {5: 3, 0: 1}})
    mixed = Today("2026-11-20", {5: 3, 2: 2, 0: 1}, channels={"paper": {5: 2, 2: 2}, "later-terminal": {5: 1, 0: 1}})

    def told(today: Today) -> list[str]:
        rows = state_rows(replace(desk(), today=today), WORDS, CLOCK)
        return [row.value for row in rows if row.name == "channels"]

    assert told(plain) == []
    assert told(mixed) == ["4 on paper · 1 given later"]


@pytest.mark.parametrize("link", ["unreachable", "refused", "clock"])
def test_a_link_that_fails_is_an_alarm_with_its_reason(link: Link) -> None:
    hub = next(row for row in state_rows(desk(link, "no-token"), WORDS, CLOCK) if row.name == "hub")
    assert hub.alarm
    assert hub.value.endswith("the token is not valid")


def test_a_reason_without_words_of_its_own_is_shown_as_its_code() -> None:
    hub = next(row for row in state_rows(desk("refused", "broken-chain"), WORDS, CLOCK) if row.name == "hub")
    assert hub.value.endswith("code broken-chain")


def test_a_network_log_in_page_is_an_alarm_that_says_what_to_do() -> None:
    hub = next(row for row in state_rows(desk("portal", "portal"), WORDS, CLOCK) if row.name == "hub")
    assert (hub.alarm, hub.value) == (True, WORDS.hub_portal)


def test_a_kiosk_that_sends_at_other_hours_says_when_and_alarms_nobody() -> None:
    resting = Desk(Today("2026-11-20", {}), HubState("resting", 3, NOON_MS, None, next_try_ms=NOON_MS + 36_000_000), ())
    hub = next(row for row in state_rows(resting, WORDS, CLOCK) if row.name == "hub")
    assert (hub.alarm, hub.value) == (False, "Sends at the hours that are set; next 22:00")


@pytest.mark.parametrize("link", ["no-hub", "by-hand", "never", "ok"])
def test_a_link_that_is_as_it_should_be_is_no_alarm(link: Link) -> None:
    assert not any(row.alarm for row in state_rows(desk(link), WORDS, CLOCK))


def test_a_storage_fault_comes_first() -> None:
    row = state_rows(desk("ok", "", "disk-full"), WORDS, CLOCK)[0]
    assert (row.name, row.value, row.alarm) == ("storage", "Cannot write: the disk is full", True)


def test_every_evaluator_has_its_line() -> None:
    boxes = (
        EvaluatorState("1", connected=True, port="/dev/ttyUSB0", presses=7, bad_frames=2),
        EvaluatorState("2", connected=False, port="/dev/ttyUSB1", reason="missing"),
    )
    rows = [row for row in state_rows(desk("ok", "", "", *boxes), WORDS, CLOCK) if row.name == "evaluator"]
    assert [(row.label, row.value, row.alarm) for row in rows] == [
        ("Evaluator 1", "Connected; 7 presses since start · 2 bad frames", False),
        ("Evaluator 2", "Not connected; retrying by itself · the port is gone; check the plug", True),
    ]


def test_a_time_of_another_day_carries_its_date() -> None:
    assert CLOCK.short(NOON_MS - 3_600_000) == "11:00"
    assert CLOCK.short(NOON_MS - 13 * 3_600_000) == "11-19 23:00"


def test_a_journal_that_was_kept_aside_is_told_to_the_manager() -> None:
    figures = Desk(Today("2026-11-20", {}), HubState("ok", 0, None, None), (), kept_aside=2)
    (row,) = [row for row in state_rows(figures, WORDS, CLOCK) if row.name == "kept"]
    assert (row.alarm, row.value) == (True, "2 times; tell the administrator")


@pytest.mark.parametrize(
    ("state", "alarm", "shown"),
    [
        (ClockState(-25_200, 25_200, "hub", "high"), True, "7 h off the hub's; records are corrected"),
        (ClockState(1_790_000_000, 1_790_000_000, "hub", "high"), True, "20718 days off the hub's"),
        (ClockState(90, 90, "engineer", "low"), True, "2 min off the time set by hand"),
        (ClockState(0, 7_200, "hub", "high"), False, "Was 2 h off, right again"),
        (ClockState(0, 7_200, "engineer", "low"), False, "Was 2 h off, now as set by hand"),
    ],
)
def test_a_clock_that_was_wrong_is_told_to_the_manager(state: ClockState, alarm: bool, shown: str) -> None:
    figures = Desk(Today("2026-11-20", {}), HubState("ok", 0, None, None), (), clock=state)
    (row,) = [row for row in state_rows(figures, WORDS, CLOCK) if row.name == "clock"]
    assert row.alarm is alarm
    assert row.value.startswith(shown)


def test_a_right_clock_has_no_row() -> None:
    assert "clock" not in {row.name for row in state_rows(desk(), WORDS, CLOCK)}


@pytest.mark.parametrize(
    ("sealed", "shown"),
    [
        (SealedState(61), "61 days without the recipient's receipt; nothing is destroyed"),
        (SealedState(0, "bad-signature"), "An order to destroy was refused"),
        (SealedState(61, has_key=False), "hub.release_key is not set"),
    ],
)
def test_sealed_texts_that_need_somebody_are_an_alarm(sealed: SealedState, shown: str) -> None:
    figures = Desk(Today("2026-11-20", {}), HubState("ok", 0, None, None, sealed=sealed), ())
    (row,) = [row for row in state_rows(figures, WORDS, CLOCK) if row.name == "sealed"]
    assert row.alarm
    assert shown in row.value


def test_sealed_texts_that_need_nobody_have_no_row() -> None:
    assert "sealed" not in {row.name for row in state_rows(desk(), WORDS, CLOCK)}


@pytest.mark.parametrize(
    ("sound", "rows"),
    [
        (None, []),
        (SoundState(), [("sound", "In order", False)]),
        (SoundState("no-sound-device"), [("sound", "Not heard: there is no audio device", True)]),
        (
            SoundState("", (("asked.wav", "sound-long"), ("recorded.wav", "sound-corrupt"))),
            [
                ("soundFile", "asked.wav is not played: longer than 10 s", True),
                ("soundFile", "recorded.wav is not played: the file is damaged", True),
            ],
        ),
    ],
)
def test_sound_has_a_row_where_it_is_on_and_one_for_each_file_that_is_not_played(
    sound: SoundState | None, rows: list[tuple[str, str, bool]]
) -> None:
    figures = Desk(Today("2026-11-20", {}), HubState("ok", 0, None, None), (), sound=sound)
    shown = [row for row in state_rows(figures, WORDS, CLOCK) if row.label == WORDS.sound]
    assert [(row.name, row.value, row.alarm) for row in shown] == rows


def test_a_catalogue_that_cannot_be_used_is_an_alarm_and_one_that_can_has_no_row() -> None:
    assert "catalogue" not in {row.name for row in state_rows(desk(), WORDS, CLOCK)}
    (row,) = [row for row in state_rows(replace(desk(), catalogue_fault=True), WORDS, CLOCK) if row.name == "catalogue"]
    assert (row.alarm, row.value) == (True, WORDS.catalogue_fault)


def rows_of(state: EvaluatorState) -> list[tuple[str, str, bool]]:
    return [(row.name, row.value, row.alarm) for row in state_rows(desk("ok", "", "", state), WORDS, CLOCK)[-9:]]


def test_a_map_that_nobody_adopted_says_what_to_type() -> None:
    state = EvaluatorState("bus", connected=True, port="/dev/x", adopted=False)
    assert ("evaluatorMap", WORDS.evaluator_unadopted.format(name="bus"), True) in rows_of(state)
    assert "kiosk evaluator adopt bus" in WORDS.evaluator_unadopted.format(name="bus")


@pytest.mark.parametrize(
    ("box", "row"),
    [
        (
            BoxState(2, 0x82, ("4",), tested=False),
            ("evaluatorTest", "Box 2 has not passed the test: press each key once"),
        ),
        (BoxState(2, 0x82, ("4",), stuck=("04",)), ("evaluatorStuck", "Box 2: a key is stuck")),
        (BoxState(2, 0x82, ("4",), silent=True), ("evaluatorSilent", "Box 2 does not answer")),
        (
            BoxState(2, 0x82, ("4",), tested=False, missing=(5, 1)),
            ("evaluatorMissing", "Box 2: no key came for Very satisfied, Very dissatisfied"),
        ),
        (
            BoxState(2, 0x82, ("4",), tested=False, swapped=(4,)),
            ("evaluatorSwapped", "Box 2: another level came for Satisfied"),
        ),
    ],
)
def test_what_a_box_needs_has_a_row_of_its_own(box: BoxState, row: tuple[str, str]) -> None:
    fine = BoxState(1, 0x81, ("3",))
    told = rows_of(EvaluatorState("bus", connected=True, port="/dev/x", boxes=(fine, box)))
    assert told[-2:] == [("evaluator", "Connected; 0 presses since start", False), (*row, True)]


def test_a_box_that_speaks_a_level_aloud_is_to_be_silenced_and_a_scanner_counts_codes() -> None:
    loud = EvaluatorState("bus", connected=True, port="/dev/x", announces="voice")
    assert ("evaluatorAnnounces", WORDS.evaluator_announces, True) in rows_of(loud)
    scanner = EvaluatorState("gun", connected=True, port="/dev/y", presses=2, kind="scanner")
    assert rows_of(scanner)[-1] == ("scanner", "Connected; 2 codes since start", False)


@pytest.mark.parametrize(
    ("reason", "told"), [("ambiguous", "several ports fit"), ("silent", "the box does not answer")]
)
def test_a_box_that_cannot_be_told_apart_or_does_not_answer_is_not_connected(reason: str, told: str) -> None:
    lost = rows_of(EvaluatorState("bus", connected=False, port="usb 1a86:7523", reason=reason))[-1]
    assert lost[2]
    assert told in lost[1]


def test_a_device_that_was_revoked_is_told_that_it_keeps_every_rating() -> None:
    hub = next(row for row in state_rows(desk("refused", "revoked"), WORDS, CLOCK) if row.name == "hub")
    assert hub.alarm
    assert "keeps every rating" in hub.value


@pytest.mark.parametrize(
    ("state", "said", "alarm"),
    [
        (PublishedState("slides", 7), "Slides 7 has come; in use from the next start", False),
        (PublishedState("tags", 8, "unsigned"), "Reasons 8 was refused: not signed by the publisher", True),
        (PublishedState("unknown", 1, "unknown-kind"), "Something unknown 1 was refused: this version", True),
    ],
)
def test_what_came_down_and_is_not_in_use_is_told(state: PublishedState, said: str, alarm: bool) -> None:
    shown = Desk(Today("2026-11-20", {}), HubState("ok", 0, None, None), (), published=(state,))
    row = next(row for row in state_rows(shown, WORDS, CLOCK) if row.name == "published")
    assert row.value.startswith(said)
    assert row.alarm == alarm
