"""A hub tells a person when the keys of a box in use have been given other levels."""

import pytest

from sync.records import Audit
from tests.sync.hub.pen import at


def changed(by):
    detail = {"evaluator": "bus", "digest": "0" * 16, "keys": "04=1 00=5", "windows": "1=3", "by": by}
    return Audit(at=at(), what="evaluator-map", detail=detail)


@pytest.mark.parametrize("by", ["pin", "after-salvage"])
def test_a_map_that_was_changed_is_an_alarm_with_its_keys(hub, pen, by):
    pen.add(changed(by))
    hub.send(pen)
    hub.send(pen)
    (alarm,) = hub.alarms()
    assert (alarm["kind"], alarm["times"]) == ("evaluator-map", 1)
    assert "keys 04=1 00=5, windows 1=3" in alarm["detail"]


def test_the_maps_of_a_first_start_are_no_alarm(hub, pen):
    pen.add(changed("first-start"))
    hub.send(pen)
    assert hub.alarms() == []
