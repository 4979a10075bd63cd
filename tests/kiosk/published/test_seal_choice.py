"""Another seal key: named by the owner of the one before, or typed by an engineer; by nobody else."""

import json
from base64 import b64encode
from pathlib import Path

import msgspec
import pytest

from kiosk.published.seal_choice import FILE_NAME, keep_changes, seal_key
from kiosk.settings import Hub
from sync.hub.schema import HubError
from sync.hub.seal_changes import change_seal_key, private_keys, read_changes
from sync.hub.setup import SEAL_KEY_FILE
from sync.seal_keys import SealChange, SealOwner, SealPair, follow
from sync.sealing import Recipient, Sealer, unseal

FIRST, SECOND, THIRD, THIEF = (SealOwner(bytes([number]) * 32) for number in (1, 2, 3, 9))
TO_SECOND = FIRST.hand_over(SECOND, 1)
TO_THIRD = SECOND.hand_over(THIRD, 2)


def pinned(owner: SealOwner, *, follows: bool = True) -> Hub:
    change_key = owner.change_key if follows else ""
    return Hub(url="https://hub.example", seal_key=owner.seal_key, seal_change_key=change_key)


def test_a_change_leads_on_from_the_key_that_is_pinned() -> None:
    assert follow(FIRST.pair, []) == FIRST.pair
    assert follow(FIRST.pair, [TO_SECOND, TO_THIRD]) == THIRD.pair
    assert follow(SECOND.pair, [TO_SECOND, TO_THIRD]) == THIRD.pair
    assert follow(THIRD.pair, [TO_SECOND, TO_THIRD]) == THIRD.pair


def forged(by: SealOwner, before: SealOwner) -> SealChange:
    """Says that it leads on from `before`, and is signed by somebody."""
    text = json.loads(by.hand_over(THIEF, 1).text) | {"before": b64encode(before.pair.seal_key).decode()}
    encoded = json.dumps(text)
    return SealChange(encoded, by._signing.sign(encoded.encode()))


@pytest.mark.parametrize(
    "change",
    [
        THIEF.hand_over(THIEF, 1),
        forged(THIEF, FIRST),
        SealChange(TO_SECOND.text.replace("1}", "2}"), TO_SECOND.signature),
        SealChange(TO_SECOND.text, bytes(64)),
        SealChange("{", b""),
        SealChange("[" * 5000, FIRST._signing.sign(b"[" * 5000)),
        TO_THIRD,
    ],
)
def test_a_change_by_anybody_else_leads_nowhere(change: SealChange, tmp_path: Path) -> None:
    assert follow(FIRST.pair, [change]) == FIRST.pair
    assert keep_changes(pinned(FIRST), tmp_path, [change]) is None
    assert not (tmp_path / "published").exists()
    assert follow(FIRST.pair, [change, TO_SECOND]).seal_key in {SECOND.pair.seal_key, THIRD.pair.seal_key}


def test_a_kiosk_keeps_the_change_and_seals_to_the_new_key_from_then_on(tmp_path: Path) -> None:
    hub = pinned(FIRST)
    assert seal_key(hub, tmp_path) == FIRST.pair.seal_key

    assert keep_changes(hub, tmp_path, [TO_SECOND]) == SECOND.pair.seal_key

    assert seal_key(hub, tmp_path) == SECOND.pair.seal_key
    assert keep_changes(hub, tmp_path, [TO_SECOND]) is None
    assert keep_changes(hub, tmp_path, [TO_SECOND, TO_THIRD]) == THIRD.pair.seal_key
    assert seal_key(hub, tmp_path) == THIRD.pair.seal_key


def test_an_engineers_key_counts_before_every_change_that_does_not_lead_on_from_it(tmp_path: Path) -> None:
    keep_changes(pinned(FIRST), tmp_path, [TO_SECOND])
    assert seal_key(pinned(THIRD), tmp_path) == THIRD.pair.seal_key
    assert seal_key(pinned(FIRST, follows=False), tmp_path) == FIRST.pair.seal_key
    assert keep_changes(pinned(FIRST, follows=False), tmp_path, [TO_SECOND, TO_THIRD]) is None


def test_changes_that_cannot_be_read_leave_the_key_of_the_settings(tmp_path: Path) -> None:
    keep_changes(pinned(FIRST), tmp_path, [TO_SECOND])
    (tmp_path / "published" / FILE_NAME).write_bytes(b"\xff[")
    assert seal_key(pinned(FIRST), tmp_path) == FIRST.pair.seal_key


def test_the_change_key_comes_from_the_seal_key_alone() -> None:
    assert SealOwner(FIRST.private).pair == FIRST.pair
    assert FIRST.pair.change_key != SECOND.pair.change_key
    assert isinstance(FIRST.pair, SealPair)


@pytest.fixture
def hub_folder(tmp_path: Path) -> Path:
    FIRST.write(tmp_path / SEAL_KEY_FILE)
    return tmp_path


def sealed_to(key: bytes) -> bytes:
    return Sealer([Recipient("hub", key)]).seal(bytes(16), "words", b"said")[0][1]


def test_what_was_sealed_before_and_after_is_opened_with_the_keys_that_stay(hub_folder: Path) -> None:
    second = change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 1)
    third = change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 2)

    assert follow(FIRST.pair, read_changes(hub_folder)) == third.pair
    keys = private_keys(hub_folder)
    assert keys == [third.private, second.private, FIRST.private]
    for owner, key in zip((third, second, FIRST), keys, strict=True):
        assert unseal(key, bytes(16), "words", sealed_to(owner.pair.seal_key)) == b"said"
    assert {path.stat().st_mode & 0o777 for path in hub_folder.iterdir()} == {0o600}


def test_the_private_key_may_lie_elsewhere(hub_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    safe = tmp_path_factory.mktemp("safe") / "seal.key"
    (hub_folder / SEAL_KEY_FILE).rename(safe)
    assert private_keys(hub_folder) == []
    to = change_seal_key(hub_folder, safe, 1)
    assert private_keys(hub_folder)[0] == to.private


@pytest.mark.parametrize("cut", ["before-the-change", "behind-the-change"])
def test_a_change_that_was_cut_short_is_gone_on_with(hub_folder: Path, cut: str) -> None:
    to = change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 1)
    FIRST.write(hub_folder / SEAL_KEY_FILE)
    if cut == "before-the-change":
        (hub_folder / "seal-changes.jsonl").unlink()
        assert change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 1).private == to.private
    else:
        with pytest.raises(HubError, match=r"seal-1\.key"):
            change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 1)
        change_seal_key(hub_folder, hub_folder / "seal-1.key", 2)
    assert to.private in private_keys(hub_folder)


def test_a_stranger_cannot_change_it(hub_folder: Path) -> None:
    change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 1)
    THIEF.write(hub_folder / "thief.key")
    with pytest.raises(HubError, match="not the key in use"):
        change_seal_key(hub_folder, hub_folder / "thief.key", 2)
    with pytest.raises(HubError, match="not changed"):
        change_seal_key(hub_folder, hub_folder / "missing.key", 2)
    (hub_folder / "seal-changes.jsonl").write_bytes(msgspec.json.encode({}) + b"\n")
    with pytest.raises(HubError, match="damaged"):
        change_seal_key(hub_folder, hub_folder / SEAL_KEY_FILE, 2)
