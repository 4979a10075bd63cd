"""A publication is what its publisher signed, whole, or it is nothing."""

import hashlib
import io
import shutil
from pathlib import Path

import pytest

from sync.publication.manifest import KINDS, MOST_BYTES, MOST_MANIFEST, File, Manifest, PublicationError
from sync.publication.package import Publisher, check_package, make_package, open_package, unpack
from tests.sync.publication.press import MADE_MS, PUBLISHER, STRANGER, fill, forged, package

FILES = {"a.png": b"first" * 3, "photos/1001.jpg": b"\x00\xff" * 40, "empty.txt": b""}


def opened(content: bytes, folder: Path) -> Manifest:
    """Unpacked into a new folder below."""
    stream = io.BytesIO(content)
    manifest = open_package(stream, PUBLISHER.public)
    unpack(stream, manifest, folder)
    return manifest


def code_of(content: bytes, folder: Path) -> str:
    target = folder / "unpacked"
    with pytest.raises(PublicationError) as refused:
        opened(content, target)
    shutil.rmtree(target, ignore_errors=True)
    return refused.value.code


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def entry(name: str, content: bytes = b"x") -> File:
    return File(name, len(content), hashlib.sha256(content).hexdigest())


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    made = package(tmp_path, FILES, version=7)
    manifest = opened(made.read_bytes(), tmp_path / "unpacked")
    assert (manifest.kind, manifest.version) == ("slides", 7)
    assert files_of(tmp_path / "unpacked") == FILES
    assert check_package(made, PUBLISHER.public) == manifest


def test_a_package_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    content = package(tmp_path, FILES).read_bytes()
    codes = {code_of(content[:length], tmp_path) for length in range(len(content))}
    assert codes == {"cut", "altered"}


def test_a_package_with_any_bit_changed_is_refused(tmp_path: Path) -> None:
    content = package(tmp_path, FILES).read_bytes()
    for place in range(len(content)):
        for bit in (0, 2, 7):
            changed = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
            assert code_of(changed, tmp_path) in {"altered", "unsigned", "cut"}, place


@pytest.mark.parametrize("more", [b"\n", b"x" * 1000])
def test_something_behind_the_end_is_refused(tmp_path: Path, more: bytes) -> None:
    assert code_of(package(tmp_path, FILES).read_bytes() + more, tmp_path) == "altered"


def test_a_stranger_is_refused_and_so_is_everybody_where_no_key_is_pinned(tmp_path: Path) -> None:
    content = package(tmp_path, FILES, by=STRANGER).read_bytes()
    assert code_of(content, tmp_path) == "unsigned"
    with pytest.raises(PublicationError) as refused:
        open_package(io.BytesIO(content), b"")
    assert refused.value.code == "no-publisher"


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "/etc/passwd",
        "a/../b",
        "a/b/c",
        ".hidden",
        "a/.hidden",
        "a\\b",
        "a\x00b",
        "a b",
        "图.png",
        "",
        "a" * 65,
        "a\n",
    ],
)
def test_a_signed_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert code_of(forged("slides", [entry(name)], b"x"), tmp_path) == "bad-name"
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("names", [("a", "a"), ("a", "A"), ("a/b", "a"), ("A", "a/b")])
def test_two_files_in_one_place_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    content = forged("slides", [entry(name) for name in names], b"xx")
    assert code_of(content, tmp_path) == "bad-name"


def test_a_kind_that_is_unknown_is_refused(tmp_path: Path) -> None:
    assert code_of(forged("keymap", [entry("a")], b"x"), tmp_path) == "unknown-kind"


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_a_kind_may_hold_is_refused_before_any_of_it_is_read(tmp_path: Path, kind: str) -> None:
    large = File("a", MOST_BYTES[kind] + 1, "0" * 64)
    assert code_of(forged(kind, [large], b""), tmp_path) == "too-large"


def test_a_manifest_without_an_end_is_not_held_in_memory(tmp_path: Path) -> None:
    assert code_of(b"hall-kiosk publication 1\n" + b" " * (MOST_MANIFEST + 5), tmp_path) == "cut"


@pytest.mark.parametrize("manifest", [b"{}", b"[]", b'{"what":"publication"}', b"\xff", b"[" * 5000])
def test_what_is_signed_and_no_manifest_is_refused(tmp_path: Path, manifest: bytes) -> None:
    from base64 import b64encode

    try:
        signature = PUBLISHER.sign(manifest)
    except UnicodeDecodeError:
        signature = bytes(64)
    content = b"hall-kiosk publication 1\n" + manifest + b"\n" + b64encode(signature) + b"\n"
    assert code_of(content, tmp_path) in {"altered", "unsigned"}


def test_a_publisher_is_told_what_no_kiosk_would_take(tmp_path: Path) -> None:
    def make(folder: Path, kind: str = "slides") -> None:
        make_package(PUBLISHER, folder, tmp_path / "out", kind=kind, version=1, made_ms=MADE_MS)

    with pytest.raises(PublicationError, match="letters, digits"):
        make(fill(tmp_path / "named", {"图 1.png": b""}))
    with pytest.raises(PublicationError, match="none of tags"):
        make(fill(tmp_path / "kind", {"a": b""}), "recipients")
    link = fill(tmp_path / "linked", {"a.png": b""}) / "b.png"
    link.symlink_to("/etc/passwd")
    with pytest.raises(PublicationError, match="plain file"):
        make(link.parent)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(PublicationError, match="holds no file"):
        make(tmp_path / "nothing")
    assert not (tmp_path / "out").exists()


def test_a_publishers_key_is_its_own_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "publisher.key"
    made = Publisher.make(path)
    assert Publisher.read(path).public == made.public
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError, match="choose another"):
        Publisher.make(path)
