"""Forms on paper, by way of the running kiosk and its hub."""

import secrets

from kiosk.control import paper
from kiosk.demo.hall import PIN
from kiosk.paper.orders import MOST_FORMS, Enter, Issue
from kiosk.paper.serials import fingerprint, serial_from
from kiosk.settings import load_settings
from sync.clock import SystemClock, hall_day
from tests.visits.conftest import Morning


def test_forms_are_issued_and_taken_in_by_the_running_kiosk_and_counted_at_the_hub(morning: Morning) -> None:
    settings = load_settings(morning.hall.config)
    serials = [serial_from(secrets.token_bytes(10)) for _ in range(MOST_FORMS)]
    day = hall_day(SystemClock().now().wall_ms, 480)[0]

    assert paper(settings, Issue("0badcafe", "李营便民服务站", sorted(map(fingerprint, serials))), PIN) == "issued"
    assert paper(settings, Enter(fingerprint(serials[0]), 2, "等了很久"), "000000") == "pin-wrong"
    assert paper(settings, Enter(fingerprint(serials[0]), 2, "等了很久"), PIN) == "entered"
    assert paper(settings, Enter(fingerprint(serials[0]), 2), PIN) == "returned-before"

    morning.until(lambda: "paper" in morning.hall.hub_counts(day)["channels"])
    counts = morning.hall.hub_counts(day)
    assert counts["channels"]["paper"] == {"2": 1}
    assert counts["outcomes"] == {"2": 1}
