"""The file itself: whole, or refused with the reason."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.journal.reader import JournalReader
from sync.keys import KeyStore
from sync.parcels.folder import Folder
from sync.parcels.naming import Stretch, stretch_of
from sync.parcels.opening import SealedContents
from sync.parcels.parcel import ParcelError, Sender, read_parcel, write_parcel
from tests.sync.parcels.conftest import assembled


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    keys = KeyStore(tmp_path_factory.mktemp("parcel") / "keys")
    keys.next_epoch(1, lambda _: None)
    sender = Sender(
        keys.first_key, keys.changes, keys.sign, X25519PrivateKey.generate().public_key().public_bytes_raw()
    )
    stretch = Stretch(keys.device[:8], "ab" * 16, 3, 7)
    return write_parcel(sender, stretch, bytes(32), SealedContents("token", [b"one", b"two"]), 1)


def refusal(content):
    with pytest.raises(ParcelError) as raised:
        read_parcel(content)
    return raised.value.code


def test_a_parcel_names_its_device_its_stretch_and_its_head(whole):
    header = read_parcel(whole).header

    assert header.device == hashlib.sha256(header.first_key).hexdigest()
    assert (header.first, header.last, header.head) == (3, 7, bytes(32))
    assert stretch_of(header.stretch.named("parcel"), "parcel") == header.stretch


def test_a_parcel_that_is_cut_anywhere_is_refused(whole):
    assert {refusal(whole[:length]) for length in range(len(whole))} == {"cut-short"}


def test_a_parcel_with_any_byte_changed_is_refused(whole):
    codes = set()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        codes.add(refusal(bytes(changed)))

    assert codes <= {"altered", "malformed", "cut-short"}


@given(data=st.data())
def test_a_parcel_with_bytes_put_in_left_out_or_replaced_is_refused(whole, data):
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)))
    put = data.draw(st.binary(max_size=8))
    changed = whole[:start] + put + whole[end:]
    if changed != whole:
        assert refusal(changed) in {"altered", "malformed", "cut-short"}


def test_a_parcel_signed_by_another_than_it_names_is_refused(whole, tmp_path):
    """A stranger puts the name of a device over what they signed themselves."""
    keys, parcel = KeyStore(tmp_path / "keys"), read_parcel(whole)
    forged = msgspec.structs.replace(parcel.header, first_key=keys.first_key, epochs=[])

    content = assembled(keys.sign(msgspec.json.encode(forged).decode()), parcel.sealed)

    assert refusal(content) == "wrong-device"


@pytest.mark.parametrize(
    "name",
    [
        "hall-parcel-0123abcd-{0}-5-4.parcel",
        "hall-parcel-0123abcd-{0}-00-4.parcel",
        "hall-parcel-0123abcd-{0}-0-4.parcel.part",
        "hall-parcel-0123abcd-{0}-0-4.parcel\n",
        "hall-parcel-0123ABCD-{0}-0-4.parcel",
        "../hall-parcel-0123abcd-{0}-0-4.parcel",
        "hall-parcel-0123abcd-{0}-0-4.ack",
    ],
)
def test_another_name_is_no_parcel(name):
    assert stretch_of(name.format("0" * 32), "parcel") is None


def test_a_link_a_pipe_a_folder_and_a_large_file_are_not_read(tmp_path, stick):
    names = [Stretch("0123abcd", "0" * 32, first, first) for first in range(4)]
    secret = tmp_path / "secret"
    secret.write_bytes(b"not for a stick")
    (stick / names[0].named("parcel")).symlink_to(secret)
    os.mkfifo(stick / names[1].named("parcel"))
    (stick / names[2].named("parcel")).mkdir()
    with (stick / names[3].named("parcel")).open("wb") as large:
        large.truncate(1 << 40)

    with Folder(stick) as folder:
        assert folder.stretches("parcel") == names
        for name, code in zip(names, ["no-file", "no-file", "no-file", "too-large"], strict=True):
            with pytest.raises(ParcelError) as raised:
                folder.read(name, "parcel")
            assert raised.value.code == code


def test_a_parcel_is_not_written_through_a_link(tmp_path, stick):
    """Somebody has prepared the stick."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"kept")
    stretch = Stretch("0123abcd", "0" * 32, 0, 1)
    for name in (stretch.named("parcel"), stretch.named("parcel") + ".part"):
        (stick / name).symlink_to(precious)

    with Folder(stick) as folder:
        folder.write(stretch, "parcel", b"new")
        assert folder.read(stretch, "parcel") == b"new"

    assert precious.read_bytes() == b"kept"


def test_what_was_begun_and_not_finished_is_not_there(stick, post):
    post.rate_many(3)
    [name] = post.export(stick)
    whole = stick / name.named("parcel")
    half = Path(f"{whole}.part")
    half.write_bytes(whole.read_bytes()[:500])
    whole.unlink()

    with Folder(stick) as folder:
        assert folder.stretches("parcel") == []
    post.export(stick)

    assert not half.exists()
    assert read_parcel(whole.read_bytes()).header.last == post.records - 1


def test_an_export_moves_nothing_in_the_journal_and_can_be_limited_to_what_is_new(stick, post):
    post.rate_many(5)
    before = post.hashes()
    everything = post.export(stick)
    reader = JournalReader(post.directory)
    [generation] = reader.generations()

    later = post.export(stick, since=(generation.id, 7))

    assert reader.settled("hub") is None
    reader.close()
    assert post.hashes() == before
    assert [(one.first, one.last) for one in everything] == [(0, len(before) - 1)]
    assert [(one.first, one.last) for one in later] == [(7, len(before) - 1)]
    assert post.export(stick, since=(generation.id, len(before))) == []


def test_a_kiosk_that_has_changed_its_key_signs_with_the_key_in_force(stick, post):
    post.rate(5)
    post.keys.next_epoch(1, lambda change: None)
    [content] = post.parcels(stick)

    assert len(read_parcel(content).header.epochs) == 1


PULLED = """
import resource, signal, sys
from pathlib import Path
from sync.parcels.folder import Folder
from sync.parcels.naming import Stretch

signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
with Folder(Path(sys.argv[1])) as folder:
    folder.write(Stretch("0123abcd", "0" * 32, 0, 1), "parcel", sys.stdin.buffer.read())
"""


def test_a_program_that_ends_while_it_writes_leaves_the_file_before_it_whole(stick, whole):
    """The system ends it with the byte at which a file may not grow any more."""
    stretch = Stretch("0123abcd", "0" * 32, 0, 1)
    with Folder(stick) as folder:
        folder.write(stretch, "parcel", whole)
        for most in (1, len(whole) - 1):
            ended = subprocess.run(
                [sys.executable, "-c", PULLED, str(stick), str(most)], input=whole[::-1], check=False, timeout=60
            )
            assert ended.returncode == -signal.SIGXFSZ
            assert (stick / f"{stretch.named('parcel')}.part").stat().st_size == most
            assert folder.stretches("parcel") == [stretch]
            assert folder.read(stretch, "parcel") == whole

        folder.write(stretch, "parcel", whole[::-1])

        assert folder.read(stretch, "parcel") == whole[::-1]
    assert [path.name for path in stick.iterdir()] == [stretch.named("parcel")]
