"""The press-each-key test passes only where each key brought its own level."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.key_test import TEST_MS, KeyTest, begin, pressed, skipped

LEVELS = (5, 4, 3, 2, 1)


def run(levels: tuple[int, ...], *heard: int | None) -> KeyTest:
    test = begin("box", 0x81, levels, 1_000)
    for level in heard:
        test = skipped(test) if level is None else pressed(test, level)
    return test


def test_keys_are_asked_for_from_the_best_level_down() -> None:
    asked = [run((1, 3, 5, 2, 4), *LEVELS[:count]).wanted for count in range(6)]
    assert asked == [5, 4, 3, 2, 1, None]
    assert run(LEVELS).ends_ms == 1_000 + TEST_MS


def test_two_swapped_keys_and_a_dead_one_are_named() -> None:
    test = run(LEVELS, 5, 3, 4, None, 1)
    assert test.findings == {5: "right", 4: "swapped", 3: "swapped", 2: "missing", 1: "right"}
    assert not test.passed


def test_a_box_without_a_level_is_not_asked_for_it() -> None:
    test = run((5, 4, 2), 5, 4, 2)
    assert (test.passed, set(test.findings)) == (True, {5, 4, 2})


def test_what_comes_behind_the_last_key_changes_nothing() -> None:
    done = run(LEVELS, *LEVELS)
    assert pressed(done, 1) == skipped(done) == done


@given(st.lists(st.one_of(st.none(), st.sampled_from(LEVELS)), max_size=8))
def test_only_five_right_keys_pass(heard: list[int | None]) -> None:
    test = run(LEVELS, *heard)
    assert test.passed == (heard[:5] == list(LEVELS))
    assert len(test.findings) == min(len(heard), 5)
