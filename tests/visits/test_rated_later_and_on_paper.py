"""What comes in after the visit: by the code of a slip, and on paper. A running kiosk and its hub."""

import json
import secrets
import urllib.request

from kiosk.control import paper
from kiosk.demo.hall import PIN
from kiosk.paper.orders import MOST_FORMS, Enter, Issue
from kiosk.paper.serials import fingerprint, serial_from
from kiosk.settings import load_settings
from kiosk.slips.later import Granted, Refused, Verdict
from sync.clock import SystemClock, hall_day
from sync.records import Asked, Ended
from tests.visits.conftest import Morning

NUMBER = "370800202611200001"


def asked_at_window_3(morning: Morning) -> str:
    """The code that the window's computer is given."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{morning.hall.window_port}/v1/windows/3/visits",
        data=json.dumps({"cases": [{"projectNo": NUMBER}]}).encode(),
        headers={"Authorization": f"Bearer {morning.hall.tokens['3']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.loads(answer.read())["slip"])


def found(morning: Morning, number: str, code: str) -> Verdict:
    later, verdicts = morning.kiosk.later, list[Verdict]()
    assert later is not None
    later.find(number, code, 60, verdicts.append)
    morning.until(lambda: bool(verdicts))
    return verdicts[0]


def test_a_visit_that_nobody_rated_is_found_by_its_slip_and_by_nothing_else(morning: Morning) -> None:
    morning.three.sign_in("1001")
    code = asked_at_window_3(morning)
    morning.until(lambda: any(isinstance(record, Asked) for record in morning.records()))
    assert found(morning, NUMBER, code) == Refused(4, 0)  # the citizen stands at the window still

    asked_at_window_3(morning)
    morning.until(lambda: any(isinstance(record, Ended) for record in morning.records()))

    assert found(morning, "370800202611200002", code) == Refused(3, 0)
    granted = found(morning, NUMBER, code)
    assert isinstance(granted, Granted)
    assert (granted.ask.window, granted.ask.clerk, granted.ask.channel) == ("3", "1001", "later-terminal")


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
