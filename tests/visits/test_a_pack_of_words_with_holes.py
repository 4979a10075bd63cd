"""A hall adds a language whose pack has holes: a citizen rates in it, and the manager reads what is wrong."""

from kiosk.demo.hall import PIN
from tests.visits.conftest import Morning


def test_the_visit_goes_on_and_the_desk_names_the_holes(closed_morning: Morning) -> None:
    morning, folder = closed_morning, closed_morning.hall.config.parent
    (folder / "packs").mkdir()
    pack = 'language_name = "Deutsch"\nasking_headline = "Bitte bewerten Sie"\ndone = 7\n'
    (folder / "packs" / "de.toml").write_text(pack, encoding="utf-8")
    text = morning.hall.config.read_text(encoding="utf-8")
    morning.hall.config.write_text(text.replace("[hall]", '[hall]\npacks = "packs"', 1), encoding="utf-8")
    morning.open()

    morning.three.ask()
    morning.shows("face2")
    morning.touch("choiceButton")
    morning.shows("language-de")
    morning.touch("language-de")
    morning.shows("face2")
    assert morning.text_of("headline") == "Bitte bewerten Sie"
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
    morning.until(lambda: "未采用：done" in morning.text_of("state-pack"))
