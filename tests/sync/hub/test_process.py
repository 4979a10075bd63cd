"""The hub as a process and as a folder: set up, started, stopped, killed, refused."""

import hashlib
import os
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import tomllib
from base64 import b64decode, b64encode
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sync.hub.release_key import load_release_key
from sync.hub.schema import FILE_NAME, HubError
from sync.hub.server import Hub
from sync.hub.settings import HubSettings, load_settings
from sync.hub.setup import init
from tests.sync.hub.conftest import Caller, make_certificate, settings, sha
from tests.sync.hub.pen import Pen, hashes_of

SERVE = """
import sys
from pathlib import Path
from sync.hub.server import serve
sys.exit(serve(Path(sys.argv[1]), lambda address: print(address, flush=True)))
"""


@contextmanager
def process(config):
    with subprocess.Popen([sys.executable, "-c", SERVE, config], stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running, Caller(running.stdout.readline().strip())
        finally:
            running.kill()


def test_what_init_makes_can_be_served_and_ends_well_on_sigterm(tmp_path):
    created = init(tmp_path / "hub", "127.0.0.1:0")
    with process(created.config) as (running, caller):
        pen = Pen()
        assert caller.call("GET", f"/v1/devices/{pen.device}", token=created.device_token)[0] == 200
        assert caller.call("GET", "/v1/counts", token=created.reader_token)[0] == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0


def test_sigterm_ends_the_hub_though_a_client_hangs(tmp_path):
    created = init(tmp_path / "hub", "127.0.0.1:0")
    with process(created.config) as (running, caller):
        host, _, port = caller.host.partition(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 200")
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0


def test_what_was_answered_survives_a_kill(tmp_path):
    created, pen = init(tmp_path / "hub", "127.0.0.1:0"), Pen()
    pen.rating(5)
    with process(created.config) as (running, caller):
        reply = caller.send_raw(pen.device, pen.batch(), Authorization=f"Bearer {created.device_token}")[1]
        running.kill()
        running.wait(20)
    with process(created.config) as (_, caller):
        standing = caller.call("GET", f"/v1/devices/{pen.device}", token=created.device_token)[1]
    assert standing["generations"][0]["next"] == reply["next"] == 4
    assert b64decode(standing["generations"][0]["head"]) == hashes_of(reply)


def test_init_keeps_no_token_and_shows_the_public_halves_of_its_keys(tmp_path):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    created = init(tmp_path / "hub")
    text = created.config.read_text()
    assert created.device_token not in text
    assert created.reader_token not in text
    hashes = {entry["role"]: entry["sha256"] for entry in tomllib.loads(text)["token"]}
    assert hashes == {"device": sha(created.device_token), "reader": sha(created.reader_token)}
    private = X25519PrivateKey.from_private_bytes(b64decode((tmp_path / "hub" / "seal.key").read_bytes()))
    assert private.public_key().public_bytes_raw() == b64decode(created.seal_key)
    release_key = load_release_key(tmp_path / "hub")
    assert release_key is not None
    assert b64encode(release_key.public).decode() == created.release_key
    for shown in (
        created.device_token,
        created.reader_token,
        created.seal_key,
        created.release_key,
        str(created.config),
    ):
        assert shown in created.instructions()
    assert created.device_token not in repr(created)


def test_nothing_of_the_hub_can_be_read_by_others(tmp_path):
    created = init(tmp_path / "hub", "127.0.0.1:0")
    hub = Hub(load_settings(created.config))
    hub.start()
    pen = Pen()
    Caller(hub.address).send_raw(pen.device, pen.batch(), Authorization=f"Bearer {created.device_token}")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "hub").iterdir()}
    hub.stop()
    assert set(modes) >= {"hub.toml", "seal.key", FILE_NAME, f"{FILE_NAME}-wal"}
    assert set(modes.values()) == {0o600}


def test_a_second_init_touches_nothing(tmp_path):
    created = init(tmp_path)
    before = created.config.read_bytes()
    with pytest.raises(HubError, match="exists"):
        init(tmp_path)
    assert created.config.read_bytes() == before


def test_a_second_hub_on_the_same_folder_is_refused(tmp_path):
    hub = Hub(settings(tmp_path))
    hub.start()
    with pytest.raises(HubError, match="another hub"):
        Hub(settings(tmp_path)).start()
    hub.stop()


def test_an_address_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(HubError, match=listen):
            Hub(settings(tmp_path, listen=listen)).start()


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HubError, match="file"):
        Hub(settings(tmp_path / "file")).start()


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(HubError, match="version 99"):
        Hub(settings(tmp_path)).start()


def test_a_hub_whose_disk_takes_nothing_says_so_and_works_again_afterwards(tmp_path):
    hub = Hub(settings(tmp_path))
    hub.start()
    caller, pen = Caller(hub.address), Pen()
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, problem, headers = caller.call(
            "POST", f"/v1/devices/{pen.device}/batches", pen.batch(), Content_Type="application/x-ndjson"
        )
        other.execute("ROLLBACK")
    assert (status, problem["type"], headers["Retry-After"]) == (503, "/problems/not-now", "60")
    assert caller.send(pen)[0] == 200
    hub.stop()


def test_a_hub_with_a_certificate_speaks_tls(tmp_path):
    certificate = make_certificate(tmp_path)
    (tmp_path / "hub.toml").write_text(
        f'listen = "127.0.0.1:0"\n[tls]\ncertificate = "cert.pem"\nkey = "key.pem"\n'
        f'[[token]]\nname = "kiosks"\nrole = "device"\nsha256 = "{sha("t")}"\n'
    )
    hub = Hub(load_settings(tmp_path / "hub.toml"))
    hub.start()
    host, _, port = hub.address.removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=str(certificate))
    with (
        socket.create_connection((host, int(port)), 10) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    hub.stop()


GOOD = f'[[token]]\nname = "kiosks"\nrole = "device"\nsha256 = "{hashlib.sha256(b"t").hexdigest()}"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("listen = ", "hub.toml"),
        ('lisen = "127.0.0.1:1"\n' + GOOD, "lisen"),
        ('listen = "8640"\n' + GOOD, "host:port"),
        ('listen = "127.0.0.1:99999"\n' + GOOD, "host:port"),
        ('listen = "0.0.0.0:8640"\n' + GOOD, "behind_tls_proxy"),
        ('utc_offset = "8"\n' + GOOD, "utc_offset"),
        ("", "no device could connect"),
        (GOOD + GOOD, "same sha256"),
        (GOOD.replace('"device"', '"admin"'), "role"),
        (GOOD.replace('sha256 = "', 'sha256 = "x'), "sha256"),
    ],
)
def test_a_fault_in_the_settings_is_named(tmp_path, text, words):
    (tmp_path / "hub.toml").write_text(text)
    with pytest.raises(HubError, match=words):
        load_settings(tmp_path / "hub.toml")


def test_missing_settings_are_named_with_the_remedy(tmp_path):
    with pytest.raises(HubError, match="kiosk hub init"):
        load_settings(tmp_path / "hub.toml")


def test_paths_are_relative_to_the_settings_and_defaults_hold(tmp_path):
    (tmp_path / "hub.toml").write_text(GOOD)
    loaded = load_settings(tmp_path / "hub.toml")
    assert (loaded.directory, loaded.address, loaded.utc_offset_minutes) == (str(tmp_path), ("127.0.0.1", 8640), 480)
    assert HubSettings(listen="[::1]:1", utc_offset="-03:30").address == ("::1", 1)
    assert HubSettings(utc_offset="-03:30").utc_offset_minutes == -210


def test_an_idle_hub_does_not_wake_up(tmp_path):
    created = init(tmp_path / "hub", "127.0.0.1:0")
    with process(created.config) as (running, caller):
        caller.call("GET", "/v1/health", token=None)

        def switches():
            status = Path(f"/proc/{running.pid}/status").read_text().splitlines()
            return sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)

        before, idle = switches(), os.times().elapsed + 1.0
        with socket.create_connection(tuple(caller.host.split(":"))) as line:
            line.settimeout(max(0.1, idle - os.times().elapsed))
            with pytest.raises(TimeoutError):
                line.recv(1)
        assert switches() - before < 8
