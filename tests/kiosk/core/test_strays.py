"""What is no press of a visit is told once a minute and kind, however often it comes."""

from kiosk.core.strays import COALESCE_MS, FLAPPING, Strays
from sync.records import At


def at(ms: int) -> At:
    return At(1_800_000_000_000 + ms, ms, "b00t")


def test_the_first_and_the_last_of_many_stand_in_one_record() -> None:
    strays = Strays()
    for n in range(1_000):
        strays.dropped_press("3", "bus", 0x81, "guard", f"{n:04x}", at(n))
    assert strays.due_ms == COALESCE_MS
    (told,) = strays.take()
    assert (told.what, told.detail["count"], told.detail["first"], told.detail["last"]) == (
        "dropped-press",
        1_000,
        "0000",
        "03e7",
    )
    assert strays.due_ms is None


def test_each_number_that_is_called_is_told_and_a_flood_of_them_is_told_as_many() -> None:
    strays = Strays()
    for number in (41, 42, 41):
        strays.keypad_order("3", "bus", 1, "call", str(number), at(0))
    assert [(told.what, told.detail["first"], told.detail["count"]) for told in strays.take()] == [
        ("keypad-call", "41", 2),
        ("keypad-call", "42", 1),
    ]
    for number in range(5_000):
        strays.keypad_order("3", "bus", 1, "call", str(number), at(0))
    told = strays.take()
    assert len(told) <= 201
    assert sum(int(record.detail["count"]) for record in told) == 5_000


def test_a_press_under_a_map_that_nobody_adopted_is_told_apart() -> None:
    strays = Strays()
    strays.stray_press("3", "bus", 0x81, "aa", at(0))
    strays.unadopted("3", "bus", 0x81, "aa", at(0))
    assert [told.detail["kind"] for told in strays.take()] == ["key", "unadopted"]


def test_a_plug_that_shakes_is_told_at_first_and_then_once_a_minute() -> None:
    strays = Strays()
    changes = ["lost", "found"] * 150
    collected = [strays.flaps("bus", what, at(n * 200)) for n, what in enumerate(changes)]
    assert collected == [False] * FLAPPING + [True] * (300 - FLAPPING)
    assert strays.due_ms == FLAPPING * 200 + COALESCE_MS
    (told,) = strays.take()
    assert (told.what, told.detail["count"], told.detail["last"]) == ("evaluator-flapping", 300 - FLAPPING, "found")
    assert not strays.flaps("bus", "lost", at(COALESCE_MS))
    assert not strays.flaps("other", "lost", at(60_000))
