from pathlib import Path

import pytest

from kiosk.pin import PinError, hash_pin, validate_pin, verify_pin
from kiosk.secrets import Secrets, SecretsError, is_token, new_token, token_hash


def test_no_file_means_that_nothing_has_been_set(tmp_path: Path) -> None:
    assert Secrets.load(tmp_path / "secrets.toml") == Secrets()


def test_what_was_saved_is_loaded_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    token = new_token()
    saved = Secrets().with_pin("$argon2id$v=19$x").with_window_token("3", token).with_hub_token('a"b\\c')
    saved = saved.with_proxy_password('密码 "x"')
    saved.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Secrets.load(path) == saved
    assert is_token(token, Secrets.load(path).window_tokens["3"])
    assert token not in path.read_text()


def test_saving_again_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    Secrets().with_window_token("3", "first").with_pin("$argon2id$x").save(path)
    loaded = Secrets.load(path).with_window_token("4", "second")
    loaded.save(path)
    assert Secrets.load(path).window_tokens == {"3": token_hash("first"), "4": token_hash("second")}
    assert Secrets.load(path).pin == "$argon2id$x"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_open_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secrets.toml"
    Secrets().with_pin("$argon2id$x").save(path)
    path.chmod(mode)
    with pytest.raises(SecretsError, match=f"run: chmod 600 {path}"):
        Secrets.load(path)


@pytest.mark.parametrize(
    "text",
    [
        'pin = "plain-secret"',
        "pin = 123456",
        'hub_token = "plain-secret\\n"',
        "hub_token = []",
        'window_tokens = "plain-secret"',
        '[window_tokens]\n3 = "plain-secret"',
        '[window_tokens]\n3 = "sha256:plain-secret"',
        'proxy_password = "plain-secret\\n"',
        'pni = "plain-secret"',
        '"plain-secret',
    ],
)
def test_a_damaged_file_is_refused_without_telling_a_secret(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SecretsError) as caught:
        Secrets.load(path)
    assert "plain-secret" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "secrets.toml").mkdir(mode=0o700)
    with pytest.raises(SecretsError, match="cannot be read: Is a directory"):
        Secrets.load(tmp_path / "secrets.toml")


def test_secrets_do_not_stand_in_a_log_line() -> None:
    secrets = Secrets().with_pin("$argon2id$x").with_window_token("3", "t").with_hub_token("hub")
    secrets = secrets.with_proxy_password("p")
    assert repr(secrets) == "Secrets()"


def test_tokens_are_random_and_only_the_right_one_matches() -> None:
    token = new_token()
    assert token != new_token()
    assert len(token) >= 43
    assert is_token(token, token_hash(token))
    assert not is_token(token, token_hash(new_token()))
    assert not is_token(token, None)
    assert not is_token("", "")
    assert not is_token("中文\udc80", token_hash(token))


def test_a_pin_is_hashed_and_checked() -> None:
    stored = hash_pin("274816")
    assert stored.startswith("$argon2id$")
    assert verify_pin(stored, "274816")
    assert not verify_pin(stored, "274817")
    assert not verify_pin(stored, "")


def test_a_damaged_hash_is_no_wrong_pin() -> None:
    with pytest.raises(PinError, match="kiosk pin set"):
        verify_pin("$argon2id$damaged", "274816")


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("", "digits only"),
        ("27481", "5 digits"),
        ("2" * 33, "33 digits"),
        ("27481a", "digits only"),
        ("２７４８１６", "digits only"),
        ("111111", "all digits are the same"),
        ("123456", "run in order"),
        ("890123", "run in order"),
        ("98765432", "run in order"),
    ],
)
def test_a_weak_pin_is_refused_with_the_reason(pin: str, why: str) -> None:
    with pytest.raises(PinError, match=why):
        validate_pin(pin)
    with pytest.raises(PinError):
        hash_pin(pin)
