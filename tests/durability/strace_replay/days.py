"""A kiosk's storage over several days, as a program of its own: keys are made, replaced and erased beside the journal.

`python -m tests.durability.strace_replay.days FOLDER FIRST LAST`: serves these days and says on standard output, after
each thing that returned, how many records are promised from then on. Ends as SIGKILL would end it.
"""

import os
import signal
import sys
from pathlib import Path

from sync.journal.writer import Journal
from sync.keys import KeyStore
from tests.durability.power_cut.stream import SEALER, UTC_OFFSET_MINUTES
from tests.sync.conftest import Hours, Visits


def serve(folder: Path, first: int, last: int) -> None:
    clock = Hours()
    clock.pass_hours(25 * first)
    visits = Visits(clock)
    keys = KeyStore(folder / "keys")
    journal = Journal(folder, keys, SEALER, UTC_OFFSET_MINUTES, clock.now())
    _promise(journal)
    for _ in range(first, last):
        journal.append(visits.rated(4))
        _promise(journal)
        clock.pass_hours(25)
        journal.sign_head(clock.now(), leaving=True)
        _promise(journal)
    journal.append([visits.asked()])
    _promise(journal)


def _promise(journal: Journal) -> None:
    print(journal.connection.execute("SELECT max(position) FROM record").fetchone()[0], flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    os.kill(os.getpid(), signal.SIGKILL)
