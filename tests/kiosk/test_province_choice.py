"""What a kiosk offers after the press: what the profile has, where it can be shown, typed and sealed."""

from base64 import b64encode
from pathlib import Path

import pytest

from kiosk.app import ASSETS
from kiosk.province_choice import load_province, offer_of, offer_on_screen, screen_place
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.settings.faults import FaultyFileError
from kiosk.ui.keyboard import keyboard_installed

HALL = '[hall]\nname = "大厅"\n'
WINDOW = '[[window]]\nid = "3"\nname = "3号窗口"\nplace = "window"\n'
DOOR = '[[window]]\nid = "door"\nname = "出口"\nplace = "walk-up"\n'
HUB = f'[hub]\nurl = "http://127.0.0.1:1"\nseal_key = "{b64encode(bytes(range(32))).decode()}"\n'


def settings(folder: Path, text: str) -> Settings:
    (folder / "kiosk.toml").write_text(text, encoding="utf-8")
    return load_settings(folder / "kiosk.toml")


@pytest.mark.parametrize(
    ("profile", "pages"),
    [
        ("national", ("reasons", "questions", "words")),
        ("shanghai", ("questions", "words")),
        ("jiangsu", ("reasons", "questions", "words")),
    ],
)
def test_a_profile_says_which_pages_there_are(profile: str, pages: tuple[str, ...]) -> None:
    province = load_province(ASSETS, profile)
    assert offer_of(province, words=True).pages == pages
    assert offer_of(province, words=False).pages == pages[:-1]


def test_only_a_window_with_the_screen_has_an_offer(tmp_path: Path) -> None:
    province = load_province(ASSETS, "national")
    both = HALL + '[screen]\nwindow = "{}"\n' + WINDOW + DOOR + HUB
    offer = offer_on_screen(settings(tmp_path, both.format("3")), province)
    assert offer is not None
    assert ("words" in offer.pages) == keyboard_installed()
    assert offer_on_screen(settings(tmp_path, both.format("door")), province) is None


def test_without_settings_the_national_profile_is_in_use(tmp_path: Path) -> None:
    read = settings(tmp_path, HALL + DOOR)
    assert read.province.profile == "national"
    assert screen_place(read, load_province(ASSETS, "national"), {}).dpi == 96


def test_a_profile_of_ones_own_is_found_beside_the_settings(tmp_path: Path) -> None:
    text = (ASSETS / "provinces" / "national.toml").read_text(encoding="utf-8")
    own = text.replace('name = "national"', 'name = "own"').replace(
        'rate_later = ""', 'rate_later = "https://a.example"'
    )
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    read = settings(tmp_path, HALL + DOOR + '[province]\nprofile = "own.toml"\n')
    assert load_province(ASSETS, read.province.profile).profile.rate_later_page == "https://a.example"


def test_a_profile_that_is_not_there_is_told_with_what_to_do() -> None:
    with pytest.raises(FaultyFileError, match="national, sichuan, jiangsu, shanghai"):
        load_province(ASSETS, "atlantis")


def test_a_density_that_no_panel_has_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"screen\.dpi: 30"):
        settings(tmp_path, HALL + DOOR + "[screen]\ndpi = 30\n")
