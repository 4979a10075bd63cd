from pathlib import Path

import msgspec
import pytest

from kiosk.settings import Settings, SettingsError, load_settings, sections
from kiosk.settings.lines import find_line

ROOT = Path(__file__).parents[2]
SEAL_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
HALL = '[hall]\nname = "大厅"\n'
WALK_UP = HALL + '[[window]]\nid = "door"\nname = "出口"\nplace = "walk-up"\n'
HUB = f'[hub]\nurl = "https://hub.example"\nseal_key = "{SEAL_KEY}"\n'
WINDOW = HALL + HUB + '[[window]]\nid = "3"\nname = "3号"\nplace = "window"\n'


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text)
    return str(caught.value).split("\n")


def test_the_example_is_accepted_as_it_stands() -> None:
    example = load_settings(ROOT / "docs/example/kiosk.toml")
    assert [window.id for window in example.windows] == ["3", "door"]
    assert example.screen_window.id == "3"
    assert example.evaluators[0].addresses == {1: "3", 2: "door"}
    assert example.window_interface is not None


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    read = settings(tmp_path, WALK_UP)
    assert read.storage.directory == tmp_path / "state"
    assert (read.hall.utc_offset, read.hall.language, read.hall.area_code) == ("+08:00", "zh-CN", "")
    assert read.windows[0].stays_open_seconds == 60
    assert (read.window_interface, read.hub, read.evaluators) == (None, None, ())
    assert read.counts.satisfied_from == 3
    assert read.screen_window.id == "door"
    assert settings(tmp_path, WALK_UP + "[window_interface]\n").window_interface == sections.WindowInterface()


def test_relative_paths_start_at_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    text = WALK_UP + '[storage]\ndirectory = "data"\n[hub]\nurl = "https://hub.example"\nca_file = "ca.pem"\n'
    text += '[[evaluator]]\nname = "a"\nprofile = "own.toml"\nport = "./tty"\naddresses = {"1" = "door"}\n'
    read = settings(tmp_path, text)
    assert read.storage.directory == tmp_path / "data"
    assert read.hub is not None
    assert read.hub.ca_file == tmp_path / "ca.pem"
    assert read.evaluators[0].profile == str(tmp_path / "own.toml")
    assert read.evaluators[0].port == str(tmp_path / "tty")


def test_every_fault_is_named_at_once_with_line_and_remedy(tmp_path: Path) -> None:
    text = (
        '[hall]\nnmae = "大厅"\nutc_offset = "8"\n\n'
        '[[window]]\nid = "3"\nname = "3号"\nplace = "window"\nstays_open_seconds = 400\n'
        '[[window]]\nid = "3"\nname = ""\nplace = "windw"\n'
        '[[evaluator]]\nname = "a"\nprofile = "p"\nport = "/dev/x"\naddresses = { "1" = "4", "200" = "3" }\n'
    )
    assert faults(tmp_path, text) == [
        "kiosk.toml:1: hall.name: is missing — add name = … under [hall]; write 1 to 60 characters on one line",
        "kiosk.toml:2: hall.nmae: no such key — did you mean name?",
        'kiosk.toml:3: hall.utc_offset: "8" will not do — write hours and minutes east of UTC, such as "+08:00"',
        (
            "kiosk.toml:8: window[1].place: a window's case numbers are sealed to the hub, and no hub is named"
            " — let the hub enrol this kiosk (`kiosk enrol`), add [hub] with url and seal_key, "
            'or make it a "walk-up" point'
        ),
        "kiosk.toml:9: window[1].stays_open_seconds: 400 is above 300 — choose 15 to 300 seconds",
        'kiosk.toml:11: window[2].id: "3" is also window[1].id — give each window its own id',
        "kiosk.toml:12: window[2].name: is empty — write 1 to 60 characters on one line",
        (
            'kiosk.toml:13: window[2].place: "windw" is none of terminal, walk-up, window'
            ' — choose "window" (asked for, case by case), "walk-up" (anonymous, rates the hall) or "terminal"'
            " (citizens find their case)"
        ),
        (
            'kiosk.toml:18: evaluator[1].addresses.200: "200" is no address'
            ' — map boxes, 1 to 127, to windows: { "1" = "window id" }'
        ),
        'kiosk.toml:18: evaluator[1].addresses.1: there is no window "4" — choose from: 3',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[hall\n", "kiosk.toml:1: not valid TOML: Expected ']' at the end of a table declaration"),
        (HALL + "a = \n", 'kiosk.toml:3: not valid TOML: Invalid value — write text in "quotes", one key = value a li'),
        (HALL + HALL, "Cannot declare ('hall',) twice — keep one of the two headings; each further window is another"),
        (
            HALL + 'name = "x"\n',
            "kiosk.toml:3: not valid TOML: Cannot overwrite a value — it stands here a second",
        ),
        (
            HALL + "a b\n",
            "kiosk.toml:3: not valid TOML: Expected '=' after a key in a key/value pair — write key = value",
        ),
        (
            HALL + '[storage]\ndirectory = "C:\\data"\n',
            "kiosk.toml:4: not valid TOML: Unescaped '\\' in a string —",
        ),
        (HALL + "a = [1\nb = 2\n", "kiosk.toml:4: not valid TOML: Unclosed array — end the list with ]"),
        (HALL, "kiosk.toml: window: there is no window — add [[window]] with id, name, place"),
        (WALK_UP.replace(HALL, ""), "kiosk.toml: hall: the section is missing — add [hall] with name"),
        ('hall = "x"\n' + WALK_UP.replace(HALL, ""), "kiosk.toml:1: hall: expected a section, found text"),
        (WALK_UP.replace("[[window]]", "[window]"), "kiosk.toml:3: window: window is a list of sections — write [[win"),
        (WALK_UP + "[screeen]\n", "kiosk.toml:7: screeen: no such key — did you mean screen?"),
        (WALK_UP + '[screen]\nwindow = "dor"', 'kiosk.toml:8: screen.window: there is no window "dor" — did you mean'),
        (WALK_UP + '[screen]\nwindow = ["door"]', "kiosk.toml:8: screen.window: expected text, found a list"),
        (WALK_UP + '[screen]\nelder = "yes"', "kiosk.toml:8: screen.elder: expected true or false, found text"),
        (WALK_UP + "[counts]\nsatisfied_from = 0", "kiosk.toml:8: counts.satisfied_from: 0 is below 1"),
        (WALK_UP + "[counts]\nsatisfied_from = true", "satisfied_from: expected a whole number, found true or false"),
        (WALK_UP + "[sound]\nvolume = 101", "kiosk.toml:8: sound.volume: 101 is above 100 — choose 0 to 100"),
        (
            WALK_UP + '[sound]\nquiet = ["12-14"]',
            "kiosk.toml:8: sound.quiet: [12-14] will not do — write a list of spans",
        ),
        (
            WALK_UP + '[hub]\nurl = "https://h"\nsend_between = ["22-6"]',
            "hub.send_between: [22-6] will not do — write a list of spans",
        ),
        (
            WALK_UP + '[hub]\nurl = "https://h"\nsend_between = ["22:00-22:00"]',
            'hub.send_between: "22:00-22:00" ends when it begins — to send at all hours, leave it out',
        ),
        (WALK_UP + '[sound]\nquiet = ["12:00-24:00"]', "sound.quiet: [12:00-24:00] will not do"),
        (WALK_UP + '[sound]\nquiet = "12:00-14:00"', "sound.quiet: expected a list of text, found text"),
        (WALK_UP + '[sound]\nquiet = ["12:00-12:00"]', 'kiosk.toml:8: sound.quiet: "12:00-12:00" ends when it begins'),
        (WALK_UP + "[storage]\ndirectory = 3", "kiosk.toml:8: storage.directory: expected text, found a whole number"),
        (WALK_UP.replace('"door"', '"a b"'), 'kiosk.toml:4: window[1].id: "a b" will not do'),
        (WALK_UP.replace("出口", "a\\nb"), "kiosk.toml:5: window[1].name:"),
        (HALL.replace("大厅", "　 ") + WALK_UP[len(HALL) :], "kiosk.toml:2: hall.name:"),
        (WALK_UP + '[hub]\nurl = "http://hub.example"', "hub.url: http would send the device's token in the clear"),
        (WALK_UP + '[hub]\nurl = "hub.example"', "kiosk.toml:8: hub.url: is no address of a hub"),
        (WALK_UP + '[hub]\nurl = ""', "parcels need hub.seal_key and hub.release_key"),
        (WALK_UP + "[hub]\n", "kiosk.toml:7: hub.url: is missing — add url = … under [hub]"),
        (WALK_UP + '[hub]\nurl = "https://h"\nseal_key = "AAA="', "hub.seal_key: is not base64 of 32 bytes"),
        (WINDOW.replace("[hub]", "[hub]\nslips_hall_wide = true"), "set hub.url and hub.release_key"),
        (WALK_UP + '[hub]\nurl = "https://h"\nrelease_key = "AAA="', "hub.release_key: is not base64 of 32 bytes"),
        (WALK_UP + '[hub]\nurl = "https://h"\nsealed_alarm_days = 0', "hub.sealed_alarm_days: 0 is below 1"),
        (WALK_UP + '[hub]\nurl = "https://h"\nca_file = "no.pem"', "no.pem is not a file that can be read"),
        (WALK_UP + '[hub]\nurl = "https://h"\nca_file = ""', "kiosk.toml:9: hub.ca_file: expected text"),
        (WALK_UP + '[hub]\nurl = "https://h"\nproxy = "h:1"', "hub.proxy: is no proxy"),
        (WALK_UP + '[hub]\nurl = "https://h"\nproxy = "http://u:p@h:1"', "hub.proxy: holds a password"),
        (WINDOW.replace(f'seal_key = "{SEAL_KEY}"', ""), "kiosk.toml:3: hub.seal_key: is missing"),
        (WALK_UP + '[window_interface]\nlisten = "0.0.0.0:8650"', "can be reached from other computers"),
        (WALK_UP + '[window_interface]\nlisten = "127.0.0.1"', '"127.0.0.1" is no address'),
        (WALK_UP + '[window_interface]\nlisten = "127.0.0.1:99999"', "is no address"),
        (WALK_UP + '[window_interface]\nhosts = ["http://x"]', '"http://x" is no host'),
        (WALK_UP + '[window_interface]\nhosts = "x"', "window_interface.hosts: expected a list of text, found text"),
    ],
)
def test_each_fault_has_its_words(tmp_path: Path, text: str, fault: str) -> None:
    assert any(fault in line for line in faults(tmp_path, text)), faults(tmp_path, text)


def test_two_evaluators_share_neither_name_nor_port(tmp_path: Path) -> None:
    box = '[[evaluator]]\nname = "a"\nprofile = "p"\nport = "/dev/x"\naddresses = { "1" = "door" }\n'
    assert faults(tmp_path, WALK_UP + box + box) == [
        'kiosk.toml:13: evaluator[2].name: "a" is also evaluator[1].name — give each evaluator its own name',
        (
            'kiosk.toml:15: evaluator[2].port: "/dev/x" is also evaluator[1].port'
            " — one [[evaluator]] a port: put all its addresses there"
        ),
    ]


def test_a_missing_name_is_told_once_and_hides_no_other_fault(tmp_path: Path) -> None:
    text = HALL + '[[window]]\nplace = "walk-up"\n[[window]]\nplace = "walk-up"\nname = "x"\nid = "x"\ncolour = 1\n'
    assert [line.split(" — ")[0] for line in faults(tmp_path, text)] == [
        "kiosk.toml:3: window[1].id: is missing",
        "kiosk.toml:3: window[1].name: is missing",
        "kiosk.toml:9: window[2].colour: no such key",
    ]


def test_listening_beyond_this_computer_takes_a_tls_proxy(tmp_path: Path) -> None:
    read = settings(tmp_path, WALK_UP + '[window_interface]\nlisten = "0.0.0.0:80"\nbehind_tls_proxy = true\n')
    assert read.window_interface is not None
    assert read.window_interface.listen == "0.0.0.0:80"


def test_a_byte_order_mark_is_no_fault_and_another_encoding_is_one(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WALK_UP.encode())
    assert load_settings(path).hall.name == "大厅"
    path.write_bytes(WALK_UP.encode("gb18030"))
    with pytest.raises(SettingsError, match="not UTF-8 — save it as UTF-8"):
        load_settings(path)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: cannot be read: No such file"):
        load_settings(tmp_path / "absent.toml")


def test_lines_are_found_past_comments_strings_and_values_over_several_lines() -> None:
    text = (
        '# [hall]\nnotes = """\n[hall]\nname = 1\n"""\nlist = [ # [\n  "[x]",\n  { a = 1 },\n]\n'
        "\"odd key\".inner = '['\n[ hall ] # [[window]]\nname = 1\n[[window]]\n[[ window ]]\nid.deep = 3\n"
    )
    assert find_line(text, "notes") == 2
    assert find_line(text, "list") == 6
    assert find_line(text, "odd key.inner") == 10
    assert find_line(text, "hall.name") == 12
    assert find_line(text, "window[1].id") == 13
    assert find_line(text, "window[2].id.deep") == 15
    assert find_line(text, "absent.key") is None


def test_every_key_stands_in_the_documentation_with_its_default() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for section in msgspec.structs.fields(Settings):
        kinds = [kind for kind in vars(sections).values() if isinstance(kind, type) and kind.__name__ in str(section)]
        kind = next(kind for kind in kinds if issubclass(kind, msgspec.Struct))
        for key in msgspec.structs.fields(kind):
            row = next(
                (line for line in page.split("\n") if line.startswith(f"| `{section.encode_name}.{key.name}`")), ""
            )
            assert row, f"{section.encode_name}.{key.name} is not in docs/settings.md"
            default = key.default
            if default is msgspec.NODEFAULT:
                assert "| required |" in row
            else:
                told = str(default).lower() if isinstance(default, bool | int) else str(default or "")
                assert not told or f"`{told}`" in row or f'`"{told}"`' in row or told in {"()", "None"}, row


BOX = '[[evaluator]]\nname = "a"\nprofile = "p"\naddresses = { 1 = "door" }\n'


def test_two_windows_share_a_box_and_a_line_is_found_by_its_adapter(tmp_path: Path) -> None:
    text = WINDOW + WINDOW.removeprefix(HALL + HUB).replace('"3"', '"4"')
    text += '[[evaluator]]\nname = "a"\nprofile = "p"\nusb = "1A86:7523"\nserial = "A5"\n'
    text += 'addresses = { 1 = ["3", "4"], 2 = "4" }\ntalk = false\n'
    read = settings(tmp_path, text)
    place = read.evaluators[0]
    assert (place.usb, place.serial, place.port, place.talk) == ("1a86:7523", "A5", "", False)
    assert place.windows == {1: ("3", "4"), 2: ("4",)}
    assert read.shared == {"3", "4"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (BOX, "evaluator[1]: nothing says where it is plugged in — write one of port, usb and input"),
        (BOX + 'port = "/dev/x"\nusb = "1a86:7523"\n', "evaluator[1]: both port and usb say where it is"),
        (
            BOX + 'port = "/dev/x"\nserial = "A5"\n',
            "evaluator[1].serial: tells two USB devices apart, and usb is missing",
        ),
        (BOX + 'usb = "ttyUSB0"\n', 'evaluator[1].usb: "ttyUSB0" will not do — write vendor and product as hex digits'),
        (BOX + 'input = "keyboard"\n', 'evaluator[1].input: "keyboard" is no event device'),
        (
            BOX.replace('"door"', '["door", "door"]') + 'port = "/dev/x"\n',
            "evaluator[1].addresses.1: is no list of windows — name each window once",
        ),
        (
            '[[window]]\nid = "d2"\nname = "d"\nplace = "walk-up"\n'
            + BOX.replace('"door"', '["door", "d2"]')
            + 'port = "/dev/x"\n',
            'evaluator[1].addresses.1: the walk-up point "door" cannot share a box: it takes any press',
        ),
        (
            BOX + 'input = "window"\n[[scanner]]\nname = "a"\nwindow = "dor"\ninput = "window"\n',
            "scanner: a and a cannot both type into the window",
        ),
        (
            BOX + 'input = "window"\n[[scanner]]\nname = "a"\nwindow = "dor"\ninput = "window"\n',
            'scanner[1].window: there is no window "dor" — did you mean door?',
        ),
    ],
)
def test_each_fault_of_a_box_or_scanner_has_its_words(tmp_path: Path, text: str, fault: str) -> None:
    assert any(fault in line for line in faults(tmp_path, WALK_UP + text)), faults(tmp_path, WALK_UP + text)


def test_a_terminal_owns_the_screen_and_its_case_numbers_are_sealed(tmp_path: Path) -> None:
    terminal = '[[window]]\nid = "t"\nname = "自助终端"\nplace = "terminal"\n'
    read = settings(tmp_path, HALL + HUB + terminal + '[terminal]\ncatalogue = "items.csv"\n')
    assert (read.screen_window.place, read.terminal.catalogue) == ("terminal", tmp_path / "items.csv")
    (unsealed,) = faults(tmp_path, HALL + terminal)
    assert "a window's case numbers are sealed to the hub, and no hub is named" in unsealed
    (hidden,) = faults(tmp_path, WINDOW + terminal)
    assert "window[2].place: a terminal is its screen, and another window owns the screen" in hidden
    assert 'write [screen] window = "t"' in hidden
