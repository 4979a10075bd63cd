"""Whatever is carried to the hub, in whatever order and however often: each record is kept once."""

import tempfile
import zlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hub.store import NotNext, Store
from sync.wire import Reply, read_batch
from tests.sync.hub.pen import NOON_MS, Pen

RECORDS = 13
steps = st.lists(st.tuples(st.integers(0, 2), st.integers(0, RECORDS - 1), st.integers(1, RECORDS)), max_size=25)


def three_copies():
    """One device; a copy from sequence 7 on, and a copy of that copy from 10 on."""
    first = Pen()
    for level in (5, 4):
        first.rating(level)
    second = first.copy()
    second.rating(3)
    third = second.copy()
    for pen, level in ((first, 3), (first, 2), (second, 1), (third, 4)):
        pen.rating(level)
    return first, second, third


COPIES = three_copies()


@settings(max_examples=60, deadline=None)
@given(steps)
def test_each_record_is_kept_once_and_the_answer_is_always_true(carried):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), 480)
        given_up = set()
        for who, first, count in carried:
            pen = COPIES[who]
            end = min(first + count, RECORDS)
            batch = read_batch(zlib.decompress(pen.packed(first, end), 31))
            answer = store.take(pen.device, batch, NOON_MS)
            if isinstance(answer, Reply):
                assert (answer.next, answer.head) == (end, pen.hashes[end - 1])
                assert answer.stored + answer.repeated == end - first
                given_up.update(zip(range(first, end), pen.hashes[first:end], strict=True))
            else:
                assert isinstance(answer, NotNext)
                assert first > 0
                assert (first - 1, pen.hashes[first - 1]) not in given_up
        kept = store.connection.execute("SELECT seq, hash FROM record").fetchall()
        assert len(kept) == len(set(kept))
        assert set(kept) == given_up
        _the_counts_are_those_of_the_main_branch(store)
        store.close()


def _the_counts_are_those_of_the_main_branch(store):
    standing = store.standing(COPIES[0].device, NOON_MS).generations
    if not standing:
        return
    main = standing[0]
    pen = next(pen for pen in COPIES if pen.hashes[main.next - 1] == main.head)
    counted = {
        str(outcome): visits for outcome, visits in store.connection.execute("SELECT outcome, visits FROM tally")
    }
    assert counted == pen.totals(main.next)
