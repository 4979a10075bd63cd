"""`kiosk enrol` against a hub that runs: an address and a code, and the kiosk knows its hub."""

import re
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.commands.enrol import Choices, enrol
from kiosk.commands.hub_devices import devices, revoke
from kiosk.commands.hub_devices import enrol as make_code
from kiosk.secrets import Secrets
from kiosk.settings import load_settings
from kiosk.settings.enrolled import enrolled_path
from sync.clock import SystemClock
from sync.hub.server import Hub
from sync.hub.settings import load_settings as load_hub
from sync.hub.setup import init
from sync.journal.kept import kept_aside
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.keys import KeyStore
from sync.records import Audit, Audited, decode
from sync.sealing import Sealer
from tests.sync.hub.conftest import Caller, make_certificate

SETTINGS = """\
[hall]
name = "大厅"
[[window]]
id = "3"
name = "3号窗口"
place = "window"
"""
Say = Callable[[], str]


class Place:
    """A hub, and a kiosk that nobody has introduced to it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.hub_config = init(folder / "hub", "127.0.0.1:0").config
        self.hub = Hub(load_hub(self.hub_config))
        self.hub.start()
        self.config = folder / "kiosk" / "kiosk.toml"
        self.config.parent.mkdir()
        self.config.write_text(SETTINGS, encoding="utf-8")
        self.secrets = self.config.with_name("secrets.toml")
        self.state = self.config.parent / "state"
        self._capsys = capsys

    def said(self) -> str:
        captured = self._capsys.readouterr()
        return captured.out + captured.err

    def code(self) -> str:
        self.said()
        assert make_code(self.hub_config, "3号窗口", 60) == 0
        found = re.search(r"((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})", self.said())
        assert found
        return found[1]

    def enrol(self, code: str, **choices: bool) -> int:
        return enrol(Choices(self.config, self.hub.address, code, **choices))

    def device(self) -> str:
        return KeyStore(self.state / "keys").device

    def status(self) -> int:
        """What the hub answers to this kiosk's own token."""
        token = Secrets.load(self.secrets).hub_token
        return Caller(self.hub.address).call("GET", f"/v1/devices/{self.device()}", token=token)[0]

    def audits(self) -> list[str]:
        reader = JournalReader(self.state)
        try:
            bodies = [body for one in reader.generations() for body in reader.slice(one.id, 0, one.next_seq).bodies]
        finally:
            reader.close()
        return [record.what for record in map(decode, bodies) if isinstance(record, Audit)]


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Place]:
    place = Place(tmp_path, capsys)
    yield place
    place.hub.stop()


def test_an_address_and_a_code_are_all_that_is_typed(place: Place) -> None:
    assert place.enrol(place.code()) == 0, place.said()

    hub = load_settings(place.config).hub
    assert hub is not None
    assert hub.url == place.hub.address
    assert f'seal_key = "{hub.seal_key}"' in place.hub_config.read_text()
    assert hub.release_key
    assert hub.seal_change_key
    assert place.config.read_text(encoding="utf-8") == SETTINGS
    assert stat.S_IMODE(place.secrets.stat().st_mode) == 0o600
    assert place.status() == 200
    assert place.audits() == ["enrolled"]


def test_a_scanned_code_brings_the_address_along(place: Place) -> None:
    chosen = Choices(place.config, f"{place.hub.address}#{place.code()}", "")
    assert enrol(chosen) == 0
    assert place.status() == 200


def test_other_secrets_stay(place: Place) -> None:
    Secrets(pin="$argon2id$x").save(place.secrets)
    place.enrol(place.code())
    assert Secrets.load(place.secrets).pin == "$argon2id$x"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('url = "https://other.example"', "hub.url"),
        (f'url = "{{address}}"\nseal_key = "{"A" * 43}="', "hub.seal_key"),
    ],
)
def test_settings_that_say_otherwise_stop_it_before_anything_is_written(place: Place, line: str, words: str) -> None:
    own = f"{SETTINGS}[hub]\n{line.format(address=place.hub.address)}\n"
    place.config.write_text(own, encoding="utf-8")
    assert place.enrol(place.code()) == 2
    assert words in place.said()
    assert not enrolled_path(place.config).exists()
    assert not place.secrets.exists()


def test_keys_that_the_code_does_not_vouch_for_are_not_taken(place: Place) -> None:
    code = place.code()
    assert place.enrol(code[:-1] + ("0" if code[-1] != "0" else "1")) == 2
    assert "vouches" in place.said()
    assert not enrolled_path(place.config).exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1", "cannot be reached"), ("http://192.0.2.1", "in the clear"), ("nonsense", "no address")],
)
def test_an_address_that_leads_nowhere_is_said(place: Place, url: str, words: str) -> None:
    assert enrol(Choices(place.config, url, place.code())) == 2
    assert words in place.said()


def test_a_hub_with_a_certificate_of_its_own_is_believed_under_its_authority_alone(place: Place) -> None:
    place.hub.stop()
    certificate = make_certificate(place.hub_config.parent)
    own = '[tls]\ncertificate = "cert.pem"\nkey = "key.pem"\n'
    place.hub_config.write_text(place.hub_config.read_text() + own)
    place.hub = Hub(load_hub(place.hub_config))
    place.hub.start()
    code = place.code()

    assert place.enrol(code) == 2
    assert "--ca-file" in place.said()
    assert enrol(Choices(place.config, place.hub.address, code, certificate)) == 0, place.said()

    hub = load_settings(place.config).hub
    assert hub is not None
    assert hub.ca_file == certificate


def test_a_revoked_kiosk_is_let_in_again_by_another_code(place: Place) -> None:
    place.enrol(place.code())
    device = place.device()
    assert revoke(place.hub_config, device[:10]) == 0
    assert place.status() == 403
    assert devices(place.hub_config, as_json=False) == 0
    assert "revoked" in place.said()

    assert place.enrol(place.code()) == 0

    assert place.device() == device
    assert place.status() == 200


def test_a_copied_disk_becomes_a_device_of_its_own(place: Place) -> None:
    place.enrol(place.code())
    original = place.device()
    code = place.code()
    assert place.enrol(code, new_device=True) == 2
    assert "records stand on this disk alone" in place.said()
    assert place.device() == original

    assert place.enrol(code, new_device=True, leave_unsent=True) == 0

    assert place.device() != original
    assert place.status() == 200
    assert not list(place.state.glob("keys-1/epoch-*.key"))
    assert len(kept_aside(place.state)) == 1
    assert "enrolled" in place.audits()


def test_a_kiosk_that_runs_is_enrolled_under_its_own_key(
    place: Place, run_kiosk: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    from sync.journal.lock import JournalLock

    lock = JournalLock(place.state)
    keys = KeyStore(place.state / "keys")
    journal = Journal(place.state, keys, Sealer([]), 480, SystemClock().now())
    journal.append([Audited("started", SystemClock().now())])
    refused = run_kiosk("enrol", place.hub.address, place.code(), "--new-device", "--config", str(place.config))
    enrolled = run_kiosk("enrol", place.hub.address, place.code(), "--config", str(place.config))
    journal.close()
    lock.release()
    assert refused.returncode == 2
    assert "stop the kiosk first" in refused.stderr
    assert place.device() == keys.device
    assert place.status() == 200
    assert "held by process" in enrolled.stderr  # nobody serves the control socket here: the record is not written
