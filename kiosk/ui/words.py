"""What the screens say, by key: one pack a language. `kiosk.ui.word_packs` reads them.

A bar `|` marks where a line may break; `{name}` is filled in by the program.
"""

from functools import lru_cache
from typing import Final

from msgspec import Struct

FALLBACK: Final = "zh-CN"
"""The pack that must be whole; its words of the levels are the official ones."""


class CitizenWords(Struct, frozen=True):
    """What citizens read, in one language. The field names are the keys of the pack."""

    language_name: str
    level5: str
    level4: str
    level3: str
    level2: str
    level1: str
    standby_serving: str
    standby_greeting: str
    asking_headline: str
    asking_note: str
    walk_up_headline: str
    walk_up_note: str
    recording_line: str
    thanks_headline: str
    start_by_oneself: str
    rate_later: str
    rechoose_headline: str
    rechoose_note: str
    keep_level: str
    change: str
    change_failed: str
    reasons_title: str
    questions_title: str
    questions_note: str
    words_title: str
    words_hint: str
    words_notice: str
    contact_name: str
    contact_phone: str
    keyboard_hide: str
    keyboard_language: str
    help: str
    help_confirm: str
    help_called: str
    skip: str
    go_on: str
    send: str
    done: str
    follow_up: str
    receipt: str
    apology_headline: str
    paused_headline: str
    pause_away: str
    pause_shift_change: str
    pause_break: str
    pause_meeting: str
    pause_fault: str
    pause_maintenance: str
    clerk: str
    one_finger: str
    slide_hint: str
    cleaning_headline: str
    cleaning_note: str
    clean: str
    find_title: str
    find_scan: str
    find_number: str
    find_item: str
    find_hall: str
    find_terminal: str
    find_scan_title: str
    find_scan_note: str
    find_misread: str
    find_number_title: str
    find_number_note: str
    find_looking: str
    find_department: str
    find_choose_note: str
    find_nothing: str
    find_confirm_case: str
    find_confirm_case_note: str
    find_confirm_item: str
    find_confirm_item_note: str
    find_confirm: str
    find_refused: str
    find_refused_note: str
    find_later: str
    find_later_note: str
    find_code_title: str
    find_code_note: str
    find_code_misread: str
    find_code_refused: str
    find_code_wait: str
    find_hall_unreached: str
    find_hall_unreached_note: str
    find_enter: str
    find_erase: str
    find_clear: str
    find_previous: str
    find_next: str
    find_cancel: str
    back: str
    terminal_headline: str
    asking_item: str
    view: str
    view_title: str
    view_language: str
    view_display: str
    view_large: str
    view_contrast: str
    view_low: str

    def level(self, level: int) -> str:
        """The word of a level, 5 to 1, with its break mark."""
        return {5: self.level5, 4: self.level4, 3: self.level3, 2: self.level2, 1: self.level1}[level]


class Words(CitizenWords, frozen=True):
    """These, and what the manager reads. A pack of the hall's own has the citizen's alone."""

    pin_title: str
    pin_hint: str
    pin_checking: str
    pin_wrong: str
    pin_locked: str
    pin_missing: str
    pin_clear: str
    pin_enter: str
    close: str
    desk_title: str
    desk_loading: str
    satisfied_share: str
    satisfied_value: str
    rated: str
    not_rated: str
    bad: str
    not_recorded: str
    not_asked: str
    not_asked_value: str
    not_asked_unknown: str
    changes: str
    changes_value: str
    changes_nobody: str
    counted: str
    counted_paper: str
    counted_later: str
    waiting: str
    waiting_value: str
    waiting_none: str
    last_contact: str
    last_contact_never: str
    hub: str
    hub_no_hub: str
    hub_by_hand: str
    hub_never: str
    hub_ok: str
    hub_unreachable: str
    hub_portal: str
    hub_refused: str
    hub_resting: str
    send_now: str
    hub_clock: str
    balance: str
    balance_title: str
    balance_pressed: str
    balance_stored: str
    balance_sent: str
    balance_hub: str
    balance_expected: str
    balance_accepted: str
    balance_another: str
    balance_aside: str
    balance_next_word: str
    balance_differs: str
    hall_today: str
    hall_today_value: str
    hall_today_unknown: str
    province: str
    province_trouble: str
    deadline: str
    deadline_working: str
    deadline_calendar: str
    deadline_guessed: str
    sealed: str
    sealed_old: str
    sealed_refused: str
    sealed_no_key: str
    published: str
    published_waits: str
    published_refused: str
    published_tags: str
    published_catalogue: str
    published_clerks: str
    published_slides: str
    published_settings: str
    published_notices: str
    published_unknown: str
    evaluator: str
    evaluator_connected: str
    evaluator_lost: str
    evaluator_noise: str
    evaluator_unadopted: str
    evaluator_untested: str
    evaluator_announces: str
    evaluator_stuck: str
    evaluator_missing: str
    evaluator_swapped: str
    evaluator_silent: str
    scanner: str
    scanner_connected: str
    evaluators: str
    evaluators_none: str
    evaluators_place: str
    previous: str
    next: str
    box_title: str
    box_state: str
    box_see_to: str
    box_map: str
    box_map_tested: str
    box_lacks: str
    box_lacks_value: str
    box_port: str
    box_profile: str
    box_frames: str
    box_frames_value: str
    box_last_frame: str
    box_last_raw: str
    box_nothing: str
    key_test: str
    key_press: str
    key_note: str
    key_nothing: str
    key_right: str
    key_swapped: str
    key_missing: str
    key_skip: str
    test_again: str
    test_passed: str
    test_failed: str
    test_stopped: str
    test_run_out: str
    test_visit_asked: str
    test_advice_missing: str
    test_advice_swapped: str
    refused_no_such_box: str
    refused_visit_open: str
    refused_not_connected: str
    refused_not_adopted: str
    refused_under_way: str
    learn: str
    learn_begin_note: str
    learn_name: str
    learn_name_wrong: str
    learn_name_taken: str
    learn_window: str
    learn_start: str
    learn_looking: str
    learn_find: str
    learn_find_note: str
    learn_opening: str
    learn_press: str
    learn_press_note: str
    learn_line_note: str
    learn_heard: str
    learn_next_line: str
    learn_no_key: str
    learn_key_before: str
    learn_wait: str
    learn_wait_note: str
    learn_review: str
    learn_mind: str
    learn_right: str
    learn_again: str
    learn_check: str
    learn_check_note: str
    learn_check_again: str
    learn_checked: str
    learn_checked_note: str
    learn_adopt: str
    learn_saving: str
    learn_saved: str
    learn_saved_note: str
    learn_not_saved: str
    learn_failed: str
    learn_gave_way: str
    storage: str
    storage_fault: str
    storage_ok: str
    catalogue: str
    catalogue_fault: str
    sound: str
    sound_ok: str
    sound_silent: str
    sound_refused: str
    picture: str
    picture_refused: str
    kept: str
    kept_value: str
    pack: str
    pack_unreadable: str
    pack_nameless: str
    pack_shipped: str
    pack_unknown: str
    pack_no_text: str
    pack_places: str
    pack_begging: str
    pack_missing: str
    pack_direction: str
    pack_font: str
    pack_folder: str
    clock: str
    clock_hub: str
    clock_engineer: str
    clock_was_hub: str
    clock_was_engineer: str
    amount_minutes: str
    amount_hours: str
    amount_days: str
    reason_no_connection: str
    reason_cut: str
    reason_timeout: str
    reason_tls: str
    reason_tls_date: str
    reason_tls_name: str
    reason_dns: str
    reason_proxy: str
    reason_proxy_password: str
    reason_proxy_refused: str
    reason_no_token: str
    reason_revoked: str
    reason_busy: str
    reason_missing: str
    reason_held: str
    reason_forbidden: str
    reason_unusable: str
    reason_ambiguous: str
    reason_silent: str
    reason_disk_full: str
    reason_read_only: str
    reason_disk_error: str
    reason_damaged: str
    reason_newer: str
    reason_not_durable: str
    reason_no_sound_device: str
    reason_no_sound_library: str
    reason_sound_waiting: str
    reason_sound_failed: str
    reason_sound_ended: str
    reason_sound_folder: str
    reason_sound_unreadable: str
    reason_sound_corrupt: str
    reason_sound_format: str
    reason_sound_long: str
    reason_sound_large: str
    reason_picture_missing: str
    reason_picture_unreadable: str
    reason_picture_large: str
    reason_picture_format: str
    reason_picture_corrupt: str
    reason_picture_pixels: str
    reason_folder_missing: str
    reason_list_missing: str
    reason_list_large: str
    reason_list_unreadable: str
    reason_clerk_faulty: str
    reason_unsigned: str
    reason_no_publisher: str
    reason_altered: str
    reason_older: str
    reason_unknown_kind: str
    reason_bad_name: str
    reason_too_large: str
    reason_faulty: str
    reason_no_space: str
    reason_did_not_start: str
    reason_other: str
    sticks: str
    sticks_none: str
    sticks_note: str
    sticks_refresh: str
    stick_write: str
    stick_take: str
    stick_carry: str
    stick_found: str
    stick_unsafe: str
    stick_busy: str
    stick_wrote: str
    stick_wrote_nothing: str
    stick_took: str
    stick_took_nothing: str
    stick_took_refused: str
    stick_sent_back: str
    stick_carried: str
    stick_not_carried: str
    stick_not_done: str
    reason_no_hub: str
    reason_no_line: str
    reason_no_seal_key: str
    reason_no_release_key: str
    reason_no_journal: str
    reason_stick_full: str
    reason_stick_read_only: str
    reason_stick_gone: str
    reason_stick_unsafe: str
    reason_bad_signature: str
    reason_other_device: str
    reason_other_chain: str
    reason_malformed: str
    reason_early: str
    reason_cut_short: str
    reason_parcel_altered: str
    reason_wrong_device: str
    reason_box_full: str
    reason_not_stored: str

    def reason(self, code: str) -> str:
        """Why a hub, a port or the disk does not do its part; a code without words of its own is shown as it is."""
        own: str | None = getattr(self, f"reason_{code.replace('-', '_')}", None)
        return own or self.reason_other.format(code=code)

    def pause(self, reason: str) -> str:
        """Why a window is paused; empty where nothing is to be told."""
        own: str | None = getattr(self, f"pause_{reason.replace('-', '_')}", None)
        return own or ""

    def published_kind(self, kind: str) -> str:
        """What a kind of publication is called."""
        named: str | None = getattr(self, f"published_{kind}", None)
        return named or self.published_unknown


KEYS: Final = Words.__struct_fields__
CITIZEN_KEYS: Final = CitizenWords.__struct_fields__


@lru_cache(maxsize=8)
def by_key(words: Words) -> dict[str, str]:
    """A pack as the manager's pages take it: key to words, broken at their marks. Asked for by every page."""
    return {key: stacked(getattr(words, key)) for key in KEYS}


@lru_cache(maxsize=8)
def citizens_by_key(words: Words) -> dict[str, str]:
    """The same for the citizen's screens. A quarter of the pack: Qt copies it for every text that a screen shows."""
    return {key: stacked(getattr(words, key)) for key in CITIZEN_KEYS}


def is_chinese(language: str) -> bool:
    """In simplified or traditional characters."""
    return language.partition("-")[0] == "zh"


def whole(words: str) -> str:
    """On one line."""
    return words.replace("|", "")


def stacked(words: str) -> str:
    """Broken at its marks."""
    return "\n".join(line.strip() for line in words.split("|"))
