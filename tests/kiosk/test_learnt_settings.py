"""`kiosk.learnt.toml`: what the screen has learnt counts beside what stands in `kiosk.toml`."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import EvaluatorPlace, SettingsError, load_settings
from kiosk.settings.learnt import add_learnt, learnt_path, section_of

OWN = """\
[hall]
name = "大厅"
[[window]]
id = "door"
name = "出口"
place = "walk-up"
[[evaluator]]
name = "bus"
profile = "rs485-ft12"
port = "/dev/ttyS0"
addresses = { 1 = "door" }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def box(name: str, **where: str) -> EvaluatorPlace:
    return EvaluatorPlace(name, "/boxes/" + name + ".toml", {1: "door"}, **where)


def test_learnt_boxes_stand_behind_those_of_the_settings(config: Path) -> None:
    add_learnt(config, box("box-1", usb="1a86:7523", location="1-1.2"))
    add_learnt(config, box("box-2", input="/dev/input/by-id/usb-box-event-kbd"))
    own, first, second = load_settings(config).evaluators
    assert own.name == "bus"
    assert first == box("box-1", usb="1a86:7523", location="1-1.2")
    assert second.input == "/dev/input/by-id/usb-box-event-kbd"
    assert config.read_text(encoding="utf-8") == OWN
    assert [path.name for path in config.parent.iterdir() if path.suffix == ".new"] == []


def test_a_section_that_was_removed_is_gone(config: Path) -> None:
    add_learnt(config, box("box-1", port="/dev/ttyS1"))
    learnt_path(config).write_text("", encoding="utf-8")
    assert [place.name for place in load_settings(config).evaluators] == ["bus"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[hall]\n", "kiosk.learnt.toml:1: hall: does not belong here"),
        ("evaluator = 3\n", "kiosk.learnt.toml:1: evaluator: is no list of sections"),
        ("[[evaluator]\n", "kiosk.learnt.toml:1: not valid TOML"),
        ('[[evaluator]]\nname = "bus"\nprofile = "x"\nport = "/dev/ttyS1"\naddresses = { 1 = "door" }\n', '"bus"'),
    ],
)
def test_what_does_not_belong_there_is_named(config: Path, text: str, fault: str) -> None:
    learnt_path(config).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(config)
    assert fault in str(raised.value)


@given(st.text(max_size=30).filter(str.strip))
def test_whatever_an_adapter_calls_itself_is_written_and_read_again(serial: str) -> None:
    import tomllib

    text = section_of(box("box-1", usb="1a86:7523", serial=serial))
    assert tomllib.loads(text)["evaluator"][0]["serial"] == serial
