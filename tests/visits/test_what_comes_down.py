"""A kiosk that was let in by a code takes what its publisher signed, and goes on rating when it is shut out."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.commands.enrol import Choices, enrol
from kiosk.commands.hub_devices import enrol as make_code
from kiosk.commands.hub_devices import revoke
from kiosk.commands.publish import put_on_hub
from kiosk.demo.hall import PIN
from kiosk.published.taking_up import take_up
from kiosk.settings import load_settings
from sync.hub.server import Hub
from sync.hub.settings import load_settings as load_hub
from sync.hub.setup import init
from sync.keys import KeyStore
from tests.sync.hub.conftest import Caller
from tests.sync.publication.press import PUBLISHER, package
from tests.visits.conftest import Morning

KINDS = ["settings", "notices"]


class Introduced:
    """The kiosk of a hall at a hub of its own, which knows a publisher."""

    def __init__(self, morning: Morning, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.morning = morning
        self.config = morning.hall.config
        created = init(folder / "own-hub", "127.0.0.1:0")
        self.hub_config, self._reader = created.config, created.reader_token
        key = f'publisher_key = "{b64encode(PUBLISHER.public).decode()}"\n'
        self.hub_config.write_text(key + self.hub_config.read_text())
        self.hub = Hub(load_hub(self.hub_config))
        self.hub.start()
        self._capsys = capsys
        own = self.config.read_text(encoding="utf-8")
        self.config.write_text(own[: own.index("[hub]")], encoding="utf-8")

    def let_in(self) -> None:
        self._capsys.readouterr()
        assert make_code(self.hub_config, "示范县", 60) == 0
        code = re.search(r"((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})", self._capsys.readouterr().out)
        assert code
        assert enrol(Choices(self.config, self.hub.address, code[1])) == 0

    def publish(self, made: Path) -> None:
        assert put_on_hub(self.hub_config, made) == 0

    def at_hub(self) -> dict[str, int]:
        counts: dict[str, int] = Caller(self.hub.address).call("GET", "/v1/counts", token=self._reader)[1]["outcomes"]
        return counts

    def device(self) -> str:
        return KeyStore(self.morning.hall.state / "keys").device

    def rate(self, window: str, level: int) -> None:
        wanted = self.morning.stored() + Counter([level])
        if window in {"3", "4"}:
            (self.morning.three if window == "3" else self.morning.four).ask()
        self.morning.press_box(window, level)
        self.morning.until(lambda: self.morning.stored() == wanted)

    def desk(self, name: str, words: str) -> None:
        self.morning.shows("standby")
        self.morning.hold_corner()
        self.morning.shows("pinPad")
        for digit in PIN:
            self.morning.touch(f"pinKey{digit}")
        self.morning.touch("pinEnter")
        self.morning.until(lambda: words in self.morning.text_of(name))
        self.morning.touch("deskClose")

    def start(self) -> None:
        """As `kiosk run` does."""
        take_up(load_settings(self.config))
        self.morning.open()


@pytest.fixture
def introduced(closed_morning: Morning, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Introduced]:
    introduced = Introduced(closed_morning, tmp_path, capsys)
    yield introduced
    closed_morning.close()
    introduced.hub.stop()


def test_what_was_signed_counts_from_the_next_start(introduced: Introduced, tmp_path: Path) -> None:
    morning = introduced.morning
    pushed = {"settings.toml": '[hall]\nname = "新名称政务服务中心"\n'.encode()}
    told = {"notices.toml": '[[notice]]\ntext = "明日上午检修"\n'.encode()}
    introduced.publish(package(tmp_path, pushed, kind="settings", version=3))
    introduced.publish(package(tmp_path, told, kind="notices"))
    introduced.let_in()
    introduced.start()
    introduced.rate("4", 5)
    morning.until(lambda: [audit.detail["kind"] for audit in morning.audits("published")] == KINDS)
    introduced.desk("state-published", "设置 第3版已收到")
    assert load_settings(introduced.config).hall.name == "示范县政务服务中心"
    assert morning.text_of("notice") == ""
    morning.close()

    introduced.start()
    assert load_settings(introduced.config).hall.name == "新名称政务服务中心"
    morning.until(lambda: morning.text_of("notice") == "明日上午检修")
    introduced.rate("door", 4)


def test_a_kiosk_that_is_shut_out_keeps_every_rating_says_so_and_sends_it_once_let_in_again(
    introduced: Introduced,
) -> None:
    morning = introduced.morning
    introduced.let_in()
    introduced.start()
    introduced.rate("4", 5)
    morning.until(lambda: introduced.at_hub() == {"5": 1})
    assert revoke(introduced.hub_config, introduced.device()) == 0
    introduced.rate("door", 4)
    introduced.desk("state-hub", "已被汇聚服务器注销")
    introduced.rate("3", 1)
    assert introduced.at_hub() == {"5": 1}
    morning.close()

    introduced.let_in()
    introduced.start()

    morning.until(lambda: introduced.at_hub() == {"5": 1, "4": 1, "1": 1})
