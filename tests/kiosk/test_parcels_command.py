"""A kiosk without network, a stick, a kiosk with one, a hub: the commands on real files, and the walk between them."""

import json
import shutil
import threading
from base64 import b64encode
from contextlib import closing

import pytest

from kiosk.commands.hub import import_parcels
from kiosk.commands.parcels import export, take_and_carry
from kiosk.secrets import Secrets
from kiosk.settings import load_settings
from kiosk.sticks.carrying import FOLDER, Carrying
from sync.courier import HubAddress
from sync.journal.reader import JournalReader
from sync.parcels.carry_box import BoxFullError, CarryBox
from sync.parcels.parcel import read_parcel
from tests.kiosk.conftest import SETTINGS
from tests.sync.courier.conftest import Kiosk
from tests.sync.courier.test_an_old_copy import put_back
from tests.sync.hub.conftest import DEVICE_TOKEN, READER_TOKEN, sha
from tests.sync.hub.pen import DAY, NOON_MS
from tests.sync.parcels.conftest import Site, site, stick

__all__ = ["site", "stick"]

BY_HAND = ""
"""The address of a hub that no network leads to."""


def coded(key):
    return b64encode(key).decode()


class Place:
    """A kiosk with settings, a token and a journal; nothing of it runs but what the test calls."""

    def __init__(self, folder, site, url=BY_HAND, token=DEVICE_TOKEN):
        folder.mkdir()
        self.config = folder / "kiosk.toml"
        keys = (
            f'seal_key = "{b64encode(site.seal_key).decode()}"\nrelease_key = "{b64encode(site.release_key).decode()}"'
        )
        self.config.write_text(f'{SETTINGS}\n[hub]\nurl = "{url}"\n{keys}\n', encoding="utf-8")
        Secrets(hub_token=token).save(folder / "secrets.toml")
        self.state = load_settings(self.config).storage.directory
        self.kiosk = Kiosk(self.state)
        self._carrying = None
        self.rest_s = 0.0

    def export(self, stick, *, everything=False):
        return export(self.config, stick, everything=everything, as_json=True)

    def visit(self, stick):
        return take_and_carry(self.config, stick, as_json=True)

    def cursor(self):
        with closing(JournalReader(self.state)) as reader:
            return reader.settled("hub")

    def wake(self):
        """As the running kiosk does on its start."""
        self.sleep()
        token = Secrets.load(self.config.parent / "secrets.toml").hub_token
        address = HubAddress(load_settings(self.config).hub.url, token)
        self._carrying = Carrying(self.state, lambda: address, lambda: NOON_MS, lambda: 0.0, lambda: self.rest_s)
        self._carrying.start(self.kiosk.device)

    def sleep(self):
        if self._carrying is not None:
            self._carrying.stop()

    def files(self, ending):
        return sorted(path.name for path in (self.state / FOLDER).glob(f"*.{ending}"))


@pytest.fixture
def place(tmp_path, site):
    places = []

    def make(name, url=BY_HAND, **named):
        places.append(Place(tmp_path / name, site, url, **named))
        return places[-1]

    yield make
    for one in places:
        one.sleep()
        one.kiosk.journal.close()


@pytest.fixture
def far(place):
    """Without network."""
    far = place("far")
    far.kiosk.rate_many(10)
    return far


@pytest.fixture
def near(place, site):
    return place("near", site.hub.address)


@pytest.fixture
def said(capsys):
    """What the last command printed, as a program reads it."""
    return lambda: json.loads(capsys.readouterr().out.splitlines()[-1])


def until(qtbot, holds):
    qtbot.waitUntil(lambda: bool(holds()), timeout=20_000)


def files(stick, ending):
    return sorted(path.name for path in stick.glob(f"*.{ending}"))


def test_records_come_to_the_hub_by_hand_and_its_word_comes_back(far, near, site, stick, qtbot, said):
    assert far.export(stick) == 0
    sent = far.kiosk.records
    assert said() == {"parcels": 1, "records": sent}

    assert near.visit(stick) == 0
    assert (said()["carried"], far.cursor()) == (1, None)
    assert files(stick, "carried") != []
    near.wake()
    until(qtbot, lambda: near.files("ack"))
    near.visit(stick)
    assert said()["handed_out"] == 1
    assert far.visit(stick) == 0

    outcome = said()["acknowledgements"]
    with closing(JournalReader(far.state)) as reader:
        [generation] = reader.generations()
    assert [one["outcome"] for one in outcome] == ["moved"]
    assert far.cursor() == (generation.id, sent)
    assert sum(site.caller.counts(DAY)["outcomes"].values()) == 10
    assert list(stick.iterdir()) == []


def test_a_carried_note_moves_nothing_at_all(far, near, stick, said):
    far.export(stick)
    near.visit(stick)
    parcels = files(stick, "parcel")

    assert far.visit(stick) == 0

    assert said()["acknowledgements"] == []
    assert far.cursor() is None
    assert files(stick, "parcel") == parcels


def test_two_carriers_and_every_step_twice_count_once(far, near, place, site, stick, qtbot, said):
    other = place("other", site.hub.address)
    far.export(stick)
    for carrier in (near, other, near, other):
        carrier.visit(stick)
    for carrier in (near, other):
        carrier.wake()
        until(qtbot, lambda carrier=carrier: carrier.files("ack"))
        carrier.visit(stick)
    for carrier in (near, other):
        carrier.visit(stick)
        assert said()["carried"] == 0
    acknowledgement = stick / files(stick, "ack")[0]
    kept = acknowledgement.read_bytes()
    far.visit(stick)
    moved = far.cursor()
    acknowledgement.write_bytes(kept)

    assert far.visit(stick) == 0

    assert [one["outcome"] for one in said()["acknowledgements"]] == ["already"]
    assert far.cursor() == moved
    assert sum(site.caller.counts(DAY)["outcomes"].values()) == 10


def test_only_what_is_not_acknowledged_is_written_again(far, near, stick, qtbot, said):
    far.export(stick)
    near.visit(stick)
    near.wake()
    until(qtbot, lambda: near.files("ack"))
    near.visit(stick)
    far.visit(stick)
    far.export(stick)
    assert said() == {"parcels": 1, "records": 1}  # the head that the command signed when it let go of the journal

    far.export(stick, everything=True)

    assert said()["records"] == far.kiosk.records


def test_a_later_generation_is_not_settled_before_the_one_before_it(far, site, stick, tmp_path, said):
    """Else records of the older one would never be written again."""
    far.kiosk.journal.sign_head(far.kiosk.at(), leaving=True)
    shutil.copytree(far.state, tmp_path / "copy")
    far.kiosk.rate_many(5)
    far.kiosk.journal.sign_head(far.kiosk.at(), leaving=True)
    put_back(far.kiosk, tmp_path / "copy")
    far.export(stick)
    with closing(JournalReader(far.state)) as reader:
        older, newer = reader.generations()
    (site.directory / "hub.toml").write_text(hub_toml(), encoding="utf-8")
    import_parcels(site.directory / "hub.toml", sorted(stick.glob("*.parcel")), as_json=True)
    [early] = stick.glob(f"*{older.id}*.ack")
    kept = early.read_bytes()
    early.unlink()

    assert far.visit(stick) == 1
    assert [one["outcome"] for one in said()["acknowledgements"]] == ["early"]
    assert far.cursor() is None
    early.write_bytes(kept)
    assert far.visit(stick) == 0

    assert sorted(one["outcome"] for one in said()["acknowledgements"]) == ["moved", "moved"]
    assert far.cursor() == (newer.id, newer.next_seq)


def test_a_parcel_makes_way_for_one_that_holds_all_of_it(far, place, stick):
    other = place("other")
    other.export(stick)
    kept = files(stick, "parcel")
    far.export(stick)
    far.kiosk.rate(5)

    far.export(stick)

    [newest] = set(files(stick, "parcel")) - set(kept)
    assert newest.endswith(f"-0-{far.kiosk.records - 1}.parcel")
    assert set(kept) <= set(files(stick, "parcel"))


def test_a_later_parcel_waits_for_the_one_before_it(far, near, stick, tmp_path, qtbot):
    first, second = stick, tmp_path / "second"
    second.mkdir()
    far.export(first)
    with closing(JournalReader(far.state)) as reader:
        [generation] = reader.generations()
    far.kiosk.journal.append([], {"hub": (generation.id, 20)})
    far.export(second)
    near.visit(second)
    near.wake()
    near.visit(first)
    near.wake()

    until(qtbot, lambda: near.files("ack") != [])
    near.wake()

    until(qtbot, lambda: near.files("parcel") == [])


@pytest.mark.parametrize("hurt", ["cut", "changed", "renamed"])
def test_a_carrier_takes_nothing_that_is_not_whole(far, near, stick, said, hurt):
    far.export(stick)
    [path] = stick.glob("*.parcel")
    content = path.read_bytes()
    if hurt == "cut":
        path.write_bytes(content[:-1])
    elif hurt == "changed":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    else:
        path.rename(path.with_name(path.name.replace("-0-", "-1-")))

    assert near.visit(stick) == 1

    assert len(said()["not_carried"]) == 1
    assert near.files("parcel") == files(stick, "carried") == []


def test_what_the_hub_refuses_comes_back_with_the_reason(near, place, stick, qtbot, said):
    stranger = place("stranger", token="made-up")
    stranger.kiosk.rate(5)
    stranger.export(stick)
    near.visit(stick)
    near.wake()
    until(qtbot, lambda: near.files("refused"))
    near.visit(stick)

    near.visit(stick)
    assert near.files("parcel") == []
    assert stranger.visit(stick) == 1

    assert len(said()["refused_by_hub"]) == 1
    assert json.loads((stick / files(stick, "refused")[0]).read_bytes())["code"] == "stranger"
    assert (stranger.cursor(), near.files("parcel")) == (None, [])


def test_a_carrier_whose_own_token_is_refused_keeps_what_it_has(far, place, site, stick, qtbot, caplog):
    caplog.set_level("INFO")
    carrier = place("wrong-token", site.hub.address, token=READER_TOKEN)
    far.export(stick)
    carrier.visit(stick)
    kept = carrier.files("parcel")
    carrier.wake()
    until(qtbot, lambda: "parcels wait" in caplog.text)
    carrier.sleep()
    Secrets(hub_token=DEVICE_TOKEN).save(carrier.config.parent / "secrets.toml")

    assert carrier.files("parcel") == kept
    carrier.wake()

    until(qtbot, lambda: carrier.files("ack"))


def test_what_is_carried_for_another_waits_for_the_hours_for_sending(far, near, stick, qtbot):
    far.export(stick)
    near.visit(stick)
    asked = threading.Event()
    near.rest_s = _Hours(3600.0, asked)
    near.wake()
    assert asked.wait(20)
    near.sleep()
    assert (bool(near.files("parcel")), near.files("ack")) == (True, [])

    near.rest_s = 0.0
    near.wake()

    until(qtbot, lambda: near.files("ack"))


class _Hours(float):
    """Seconds of rest; tells that somebody compared them."""

    def __new__(cls, seconds, asked):
        made = super().__new__(cls, seconds)
        made.asked = asked
        return made

    def __gt__(self, other):
        self.asked.set()
        return super().__gt__(other)


def test_the_carry_box_is_bounded(far, near, site, tmp_path, said):
    box = CarryBox(near.state / FOLDER, most=1)
    contents = []
    for number in range(2):
        folder = tmp_path / f"stick-{number}"
        folder.mkdir()
        far.export(folder)
        contents.append(next(folder.glob("*.parcel")).read_bytes())
        far.kiosk.rate(5)

    assert box.put(read_parcel(contents[0]), contents[0])
    assert not box.put(read_parcel(contents[0]), contents[0])
    with pytest.raises(BoxFullError):
        box.put(read_parcel(contents[1]), contents[1])


def test_an_acknowledgement_of_another_hub_moves_nothing(far, stick, site, tmp_path, said):
    other = Site(tmp_path / "other-hub")
    config = far.config.read_text(encoding="utf-8")
    far.config.write_text(config.replace(coded(site.seal_key), coded(other.seal_key)), "utf-8")
    far.export(stick)
    far.config.write_text(config, "utf-8")
    (other.directory / "hub.toml").write_text(hub_toml(), encoding="utf-8")
    [parcel] = stick.glob("*.parcel")
    import_parcels(other.directory / "hub.toml", [parcel], as_json=True)
    assert said()["taken"]

    assert far.visit(stick) == 1

    assert [one["outcome"] for one in said()["acknowledgements"]] == ["bad-signature"]
    assert far.cursor() is None
    assert files(stick, "parcel") == [parcel.name]


def test_a_stick_can_go_straight_to_the_hub(far, site, stick, said):
    """To the running one; the command waits for its answer."""
    (site.directory / "hub.toml").write_text(hub_toml(), encoding="utf-8")
    far.export(stick)

    assert import_parcels(site.directory / "hub.toml", sorted(stick.glob("*.parcel")), as_json=True) == 0
    assert import_parcels(site.directory / "hub.toml", [stick / "notes.txt"], as_json=True) == 1
    far.visit(stick)

    assert sum(site.caller.counts(DAY)["outcomes"].values()) == 10
    assert far.cursor() is not None


def test_a_kiosk_that_lacks_something_says_what_to_do(far, near, stick, tmp_path, capsys):
    Secrets().save(far.config.parent / "secrets.toml")
    assert far.export(stick) == 2
    assert "kiosk token hub" in capsys.readouterr().err
    assert far.export(tmp_path / "pulled") == 2
    assert "plug it in" in capsys.readouterr().err
    near.config.write_text(SETTINGS, encoding="utf-8")
    assert near.export(stick) == 2
    assert "[hub]" in capsys.readouterr().err
    assert list(stick.iterdir()) == []


def hub_toml():
    return f"""\
listen = "127.0.0.1:0"
[[token]]
name = "kiosks"
role = "device"
sha256 = "{sha(DEVICE_TOKEN)}"
"""
