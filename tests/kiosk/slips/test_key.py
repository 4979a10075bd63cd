"""What is stored of a slip tells nobody its code or its case."""

import stat
from pathlib import Path

import pytest

from kiosk.slips.key import SlipKey

CODE = bytes.fromhex("0123456789")


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    keys = tmp_path / "state"

    first = SlipKey(keys).tags(CODE, ("370800202611200001",))

    assert stat.S_IMODE((keys / "slip.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert SlipKey(keys).tags(CODE, ("370800202611200001",)) == first


def test_a_tag_takes_code_case_and_device(tmp_path: Path) -> None:
    key = SlipKey(tmp_path / "one")
    [tag] = key.tags(CODE, ("A1",))

    assert key.tags(CODE, ("A2",)) != (tag,)
    assert key.tags(bytes(5), ("A1",)) != (tag,)
    assert SlipKey(tmp_path / "other").tags(CODE, ("A1",)) != (tag,)
    assert key.tags(CODE, (" a1\t", "Ａ１")) == (tag, tag)


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "slip.key").write_bytes(b"short")

    with pytest.raises(OSError, match="delete it"):
        SlipKey(keys).tags(CODE, ("A1",))
