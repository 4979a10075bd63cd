"""What can be found at a terminal: what the settings, the province and what has come down allow."""

from base64 import b64encode
from pathlib import Path

from kiosk.app import ASSETS
from kiosk.province_choice import load_province
from kiosk.settings import Settings, load_settings, published_folder
from kiosk.terminal import catalogue_file, ways

TERMINAL = f"""\
[hall]
name = "大厅"
[[window]]
id = "t"
name = "自助终端"
place = "terminal"
[hub]
url = "http://127.0.0.1:1"
seal_key = "{b64encode(bytes(range(32))).decode()}"
"""
SCANNER = '[[scanner]]\nname = "gun"\nwindow = "t"\nport = "/dev/ttyS9"\n'
CATALOGUE = '[terminal]\ncatalogue = "items.csv"\n'


def settings(folder: Path, text: str) -> Settings:
    (folder / "kiosk.toml").write_text(text, encoding="utf-8")
    return load_settings(folder / "kiosk.toml")


def test_only_what_is_there_is_offered(tmp_path: Path) -> None:
    national = load_province(ASSETS, "national").profile
    jiangsu = load_province(ASSETS, "jiangsu").profile
    bare = settings(tmp_path, TERMINAL)
    assert ways(bare, national, later=False) == ("number", "hall")
    assert ways(bare, jiangsu, later=True) == ("number", "later", "hall", "terminal")
    full = settings(tmp_path, TERMINAL + SCANNER + CATALOGUE)
    assert ways(full, national, later=True) == ("scan", "number", "item", "later", "hall")


def test_a_catalogue_that_came_down_is_used_in_the_place_of_the_halls_own(tmp_path: Path) -> None:
    own = settings(tmp_path, TERMINAL + CATALOGUE)
    assert catalogue_file(own) == tmp_path / "items.csv"
    folder = published_folder(own, "catalogue")
    folder.mkdir(parents=True)
    (folder / "catalogue.csv").write_text("")
    assert catalogue_file(own) == catalogue_file(settings(tmp_path, TERMINAL)) == folder / "catalogue.csv"
