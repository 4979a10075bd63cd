"""`kiosk publish` at the publisher's and `kiosk hub publish` on the hub, as they are typed."""

from base64 import b64encode
from pathlib import Path

import pytest

from kiosk.__main__ import main
from sync.hub.publications import Publications
from sync.hub.setup import SEAL_KEY_FILE, init
from sync.publication.package import Publisher
from tests.kiosk.published.test_contents import png


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a publisher's key, slides, and a hub that knows the publisher."""
    assert main(["publish", "key", str(tmp_path / "publisher.key")]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("publisher_key"))
    config = init(tmp_path / "hub", "127.0.0.1:0").config
    config.write_text(f"{line}\n{config.read_text()}")
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "a.png").write_bytes(png(10, 10))
    return tmp_path


def make(house: Path, kind: str = "slides", version: int = 1) -> int:
    folder, out, key = house / "slides", house / "out", house / "publisher.key"
    return main(["publish", "make", kind, str(version), str(folder), str(out), "--key", str(key)])


def put(house: Path) -> int:
    return main(["hub", "publish", str(house / "out"), "--config", str(house / "hub" / "hub.toml")])


def test_what_is_made_and_put_there_is_offered(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(house) == 0
    assert put(house) == 0
    assert "slides 1 is offered" in capsys.readouterr().out
    key = Publisher.read(house / "publisher.key").public
    assert [offer.kind for offer in Publications(house / "hub", key).offers().publications] == ["slides"]
    assert put(house) == 2
    assert "publish 2" in capsys.readouterr().err


def test_what_cannot_be_made_is_said(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(house, kind="recipients") == 2
    assert "none of tags" in capsys.readouterr().err
    assert main(["publish", "key", str(house / "publisher.key")]) == 2
    assert "choose another" in capsys.readouterr().err
    (house / "publisher.key").write_text("nonsense")
    assert make(house) == 2
    assert "no publisher's key" in capsys.readouterr().err
    assert put(house) == 2


def test_a_hub_that_knows_no_publisher_takes_nothing(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(house)
    config = house / "hub" / "hub.toml"
    config.write_text(config.read_text().partition("\n")[2])
    assert put(house) == 2
    assert "publisher_key" in capsys.readouterr().err


def test_the_seal_keys_public_halves_are_shown_and_changed(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, private = house / "hub" / "hub.toml", house / "hub" / SEAL_KEY_FILE
    assert main(["hub", "seal-keys", str(private)]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert all(line in config.read_text() for line in lines)
    assert main(["hub", "change-seal-key", str(private), "--config", str(config)]) == 0
    assert not any(line in capsys.readouterr().out for line in lines)
    assert main(["hub", "seal-keys", str(house / "hub" / "seal-0.key")]) == 0
    assert capsys.readouterr().out.strip().splitlines() == lines
    private.write_bytes(b64encode(bytes(3)))
    assert main(["hub", "seal-keys", str(private)]) == 2
    assert main(["hub", "change-seal-key", str(private), "--config", str(config)]) == 2
