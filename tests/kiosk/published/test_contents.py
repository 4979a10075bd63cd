"""What a publication says is read by the very readers that will use it; settings by a list."""

import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import ASSETS
from kiosk.core.notices import in_effect
from kiosk.province_choice import load_province
from kiosk.published.contents import MOST_SLIDE, check_contents
from kiosk.published.notices import notices_in
from kiosk.settings import load_settings
from kiosk.settings.faults import FaultyFileError
from kiosk.settings.published import ALLOWED
from sync.publication.manifest import PublicationError
from sync.publication.shelf import Shelf

OWN = """\
[hall]
name = "大厅"
[screen]
dpi = 149
[[window]]
id = "door"
name = "出口"
place = "walk-up"
"""
Check = Callable[..., str]


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xfe\x00\x06abcd"
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def said(tmp_path: Path, config: Path) -> Check:
    """Empty where the files are taken; else what is wrong."""

    def check(kind: str, **files: bytes | str) -> str:
        folder = tmp_path / "files"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name.replace("_", ".")).write_bytes(data)
        try:
            check_contents(kind, folder, config)
        except PublicationError as fault:
            return str(fault) if fault.code == "faulty" else fault.code
        return ""

    return check


def test_tags_are_a_whole_table(said: Check) -> None:
    table = (ASSETS / "tags" / "national.toml").read_bytes().replace(b"version = 1 ", b"version = 2 ")
    assert said("tags", tags_toml=table) == ""
    assert "not newer" in said("tags", tags_toml=table.replace(b"version = 2 ", b"version = 1 "))
    assert "not the table" in said("tags", tags_toml=table.replace(b'name = "national"', b'name = "other"'))
    assert "tags.toml alone" in said("tags", tags_toml=table, more_toml=b"")
    assert "level" in said("tags", tags_toml='format = 1\nname = "national"\nversion = 9\nsource = "x"\n[in_use]\n')
    assert "tags.toml alone" in said("tags", other_toml=table)


def test_a_catalogue_is_read_row_by_row(said: Check) -> None:
    sample = (ASSETS / "catalogue" / "sample.csv").read_bytes()
    assert said("catalogue", catalogue_csv=sample) == ""
    assert "事项编码" in said("catalogue", catalogue_csv="部门,事项名称\n甲,乙\n")


@pytest.mark.parametrize("picture", [png(1920, 1080), jpeg(4096, 4096)])
def test_slides_are_bitmaps(said: Check, picture: bytes) -> None:
    assert said("slides", a_png=picture) == ""


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"GIF89a", "neither PNG nor JPEG"),
        (b"", "neither PNG nor JPEG"),
        (png(1, 1)[:20], "neither PNG nor JPEG"),
        (jpeg(8, 8)[:12], "neither PNG nor JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x00" + bytes(50), "neither PNG nor JPEG"),
        (png(100_000, 1), "pixels at most"),
        (jpeg(0, 5), "pixels at most"),
        (png(1, 1) + bytes(MOST_SLIDE), "bytes"),
    ],
)
def test_what_is_no_bitmap_or_too_large_is_refused(said: Check, picture: bytes, words: str) -> None:
    assert words in said("slides", a_png=picture)


def test_clerks_have_a_number_each_and_photos_beside_them(said: Check) -> None:
    one = '[[clerk]]\nnumber = "1001"\nname = "王芳"\npost = "综合窗口"\nphoto = "1001.png"\n'
    assert said("clerks", clerks_toml=one, **{"1001_png": png(300, 400)}) == ""
    assert "there is no 1001.png" in said("clerks", clerks_toml=one)
    assert "stands twice" in said("clerks", clerks_toml=one + one, **{"1001_png": png(3, 4)})
    assert "clerk[1].name: is missing" in said("clerks", clerks_toml='[[clerk]]\nnumber = "1"\n')
    assert "there are 0 clerks" in said("clerks", clerks_toml="")
    assert "does not belong" in said("clerks", clerks_toml=one + "[other]\n", **{"1001_png": png(3, 4)})
    assert "pixels" in said("clerks", clerks_toml=one, **{"1001_png": png(5000, 1)})
    away = one.replace("1001.png", "../../kiosk.toml")
    assert "beside this one" in said("clerks", clerks_toml=away)


def test_notices_fit_the_screen_and_have_days(said: Check) -> None:
    one = '[[notice]]\ntext = "检修"\ntext_en = "Service"\nfrom = "2026-12-01"\nuntil = "2026-12-02"\n'
    assert said("notices", notices_toml=one) == ""
    assert said("notices", notices_toml="") == ""
    for wrong, words in {
        one.replace("检修", "检" * 51): "50 characters",
        one.replace("Service", "x" * 101): "100 characters",
        one.replace("2026-12-01", "1 December"): "is no day",
        one.replace("2026-12-02", "20261202"): "is no day",
        one.replace("text_en", "txt"): "no such key",
        "notices = 3\n": "no such key",
        one * 51: "at most 50",
    }.items():
        assert words in said("notices", notices_toml=wrong)


def test_the_first_notice_in_effect_is_shown(tmp_path: Path) -> None:
    lines = (("到期", "", "2026-11-30"), ("当日", "2026-12-01", "2026-12-01"), ("总是", "", ""))
    text = "".join(
        f'[[notice]]\ntext = "{text}"\nfrom = "{begins}"\nuntil = "{ends}"\n' for text, begins, ends in lines
    )
    (tmp_path / "notices.toml").write_text(text, encoding="utf-8")
    notices = notices_in(tmp_path)
    shown = [in_effect(notices, day) for day in ("2026-11-30", "2026-12-01", "2026-12-02")]
    assert [notice and notice.text for notice in shown] == ["到期", "当日", "总是"]
    assert in_effect(notices[:2], "2026-12-02") is None
    (tmp_path / "notices.toml").write_text("[[notice", encoding="utf-8")
    assert notices_in(tmp_path) == ()
    assert notices_in(tmp_path / "missing") == ()


def test_settings_of_the_list_are_taken_and_counted_before_those_of_the_kiosk(config: Path, said: Check) -> None:
    pushed = '[hall]\nname = "新名称"\n[screen]\nelder = true\n[counts]\nsatisfied_from = 4\n'
    pushed += '[sound]\nquiet = ["12:00-13:00"]\n'
    assert said("settings", settings_toml=pushed) == ""

    shelf = Shelf(config.parent / "state")
    shelf.take("settings", 1, lambda folder: shutil.copytree(config.parent / "files", folder) and None)
    assert load_settings(config).hall.name == "大厅"
    shelf.turn()

    settings = load_settings(config)
    assert settings.hall.name == "新名称"
    assert settings.screen.elder
    assert settings.screen.dpi == 149
    assert settings.counts.satisfied_from == 4
    assert settings.sound.quiet == ("12:00-13:00",)


@pytest.mark.parametrize(
    "line",
    [
        '[hub]\nurl = "https://elsewhere.example"',
        '[hub]\nseal_key = "x"',
        '[hub]\npublisher_key = "x"',
        '[[window]]\nid = "x"',
        "[window]\nstays_open_seconds = 15",
        '[[evaluator]]\nname = "x"',
        '[province]\nprofile = "/etc/passwd"',
        '[storage]\ndirectory = "/tmp"',
        '[sound]\nfolder = "/"',
        '[screen]\nwindow = "x"',
        '[window_interface]\nlisten = "0.0.0.0:1"',
        'pin = "271828"',
        '[hall]\nutc_offset = "+00:00"',
    ],
)
def test_a_setting_that_is_not_on_the_list_is_refused(said: Check, line: str) -> None:
    assert "may not come down" in said("settings", settings_toml=line)


def test_settings_are_refused_with_every_fault_of_theirs(said: Check) -> None:
    text = said("settings", settings_toml='[screen]\ndpi = 9\n[hall]\nname = ""\n[sound]\nvolume = "loud"\n')
    assert all(key in text for key in ("screen.dpi", "hall.name", "sound.volume"))


def test_what_lies_there_and_does_not_hold_any_more_keeps_nothing_from_starting(config: Path) -> None:
    folder = config.parent / "state" / "published" / "settings" / "current"
    folder.mkdir(parents=True)
    for text in ("[hub]\nurl = 3\n", "[hall", "[screen]\ndpi = 9\n"):
        (folder / "settings.toml").write_text(text, encoding="utf-8")
        assert load_settings(config).hall.name == "大厅"
        with pytest.raises(FaultyFileError):
            load_settings(config, published=folder / "settings.toml")


def test_the_list_names_settings_that_there_are_and_none_that_could_break_a_promise() -> None:
    from msgspec.structs import fields

    from kiosk.settings import Settings

    sections = {info.encode_name: info.type for info in fields(Settings)}
    for name, keys in ALLOWED.items():
        assert keys <= {info.encode_name for info in fields(sections[name])}
    assert (
        ALLOWED.keys() & {"hub", "window", "evaluator", "scanner", "storage", "province", "window_interface"} == set()
    )


def test_tags_that_came_down_count_where_they_are_newer(tmp_path: Path) -> None:
    shipped = load_province(ASSETS, "national").tags
    assert shipped is not None
    text = (ASSETS / "tags" / "national.toml").read_text(encoding="utf-8")
    newer = text.replace(f"version = {shipped.version}", f"version = {shipped.version + 1}")
    (tmp_path / "tags.toml").write_text(newer, encoding="utf-8")
    assert load_province(ASSETS, "national", tmp_path).table.endswith(f"-{shipped.version + 1}")
    for faulty in (text, "[in_use", newer.replace('name = "national"', 'name = "other"')):
        (tmp_path / "tags.toml").write_text(faulty, encoding="utf-8")
        assert load_province(ASSETS, "national", tmp_path).tags == shipped
