"""An old copy of the journal is put back on the kiosk: the hub keeps what it had, and takes every press since."""

import shutil

from sync.journal.verify import verify_journal
from tests.sync.hub.pen import DAY


def put_back(kiosk, copy):
    kiosk.journal.close()
    for path in kiosk.directory.glob("journal.db*"):
        path.unlink()
    for path in copy.glob("journal.db*"):
        shutil.copy(path, kiosk.directory)
    kiosk.open()


def generations(kiosk):
    rows = kiosk.journal.connection.execute("SELECT id FROM generation ORDER BY number")
    return [identity for (identity,) in rows]


def send_all(kiosk, hub, send, watch):
    watch.states.clear()
    courier = send(kiosk, hub.address)
    last = generations(kiosk)[-1]
    (records,) = kiosk.journal.connection.execute(
        "SELECT max(position) + 1 - (SELECT max(first_position) FROM generation) FROM record"
    ).fetchone()
    watch.until(lambda state: state.link == "ok" and (state.generation, state.next_seq) == (last, records))
    courier.stop()


def test_the_hub_keeps_both_and_is_alarmed_once_a_day(kiosk, hub, send, watch, tmp_path):
    kiosk.rate_many(5)
    kiosk.journal.sign_head(kiosk.at(), leaving=True)
    kiosk.journal.close()
    copy = tmp_path / "copy"
    shutil.copytree(kiosk.directory, copy)
    kiosk.open()
    kiosk.rate_many(5)
    kiosk.journal.sign_head(kiosk.at(), leaving=True)
    send_all(kiosk, hub, send, watch)
    had = hub.call("GET", f"/v1/devices/{kiosk.device}")[1]["generations"]

    for _ in range(2):
        put_back(kiosk, copy)
        kiosk.rate_many(5)
        kiosk.journal.sign_head(kiosk.at(), leaving=True)
        send_all(kiosk, hub, send, watch)

    standing = hub.call("GET", f"/v1/devices/{kiosk.device}")[1]["generations"]
    assert standing[0] == had[0]
    assert len(standing) == 3
    assert [len(one["branches"]) for one in standing] == [1, 1, 1]
    assert hub.counts(DAY)["outcomes"] == {str(level): 4 for level in range(1, 6)}
    alarms = hub.alarms()
    assert [(alarm["kind"], alarm["times"]) for alarm in alarms] == [("new-generation", 2)]
    assert verify_journal(kiosk.directory).sound
