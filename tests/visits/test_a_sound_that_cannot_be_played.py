"""A hall's sound file is damaged and there is no loudspeaker: ratings go on, and the manager reads why it is silent."""

import pytest

from kiosk.demo.hall import PIN
from tests.visits.conftest import Morning


def test_the_visit_goes_on_and_the_desk_names_the_file(
    closed_morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning, folder = closed_morning, closed_morning.hall.config.parent
    monkeypatch.setenv("PULSE_SERVER", f"unix:{folder / 'nobody'}")
    (folder / "asked.wav").write_bytes(b"RIFF, and then nothing")
    with morning.hall.config.open("a", encoding="utf-8") as file:
        file.write('\n[sound]\nenabled = true\nfolder = "."\n')
    morning.open()

    morning.three.ask()
    morning.shows("face2")
    morning.touch("face2")
    morning.pass_by()
    morning.until(lambda: morning.stored()[2] == 1)

    morning.shows("standby")
    morning.hold_corner()
    morning.shows("pinPad")
    for digit in PIN:
        morning.touch(f"pinKey{digit}")
    morning.touch("pinEnter")
    morning.shows("deskPage")
    morning.until(lambda: "没有音频设备" in morning.text_of("state-sound"))
    assert morning.text_of("state-soundFile") == "asked.wav 不能播放：文件已损坏"
