"""Every screen there is, and how a stage is brought to it."""

from collections.abc import Callable
from typing import Final

from kiosk.core.desk import PinLocked, PinMissing, PinWrong
from kiosk.core.sticks import Wrote
from kiosk.gallery.pseudo import LONG, RIGHT_TO_LEFT
from kiosk.gallery.stage import (
    EMPTY,
    OFF_BALANCE,
    ORDINARY,
    PUBLISHED,
    RESTING,
    STICKS,
    TROUBLED,
    TROUBLED_STICK,
    Stage,
)
from kiosk.gallery_boxes import NEW, GalleryBoxes
from kiosk.gallery_boxes import TROUBLED as TROUBLED_BOX
from kiosk.gallery_terminal import NUMBER, GalleryTerminal
from sync.records.stored import Place

LANGUAGES: Final = {"zh": "zh-CN", "tw": "zh-TW", "en": "en", "long": LONG, "rtl": RIGHT_TO_LEFT}
Scene = tuple[str, Place, Callable[[Stage], None]]

MANAGERS: Final = ("desk", "evaluators", "key-test", "learn", "pin", "sticks")
"""How the scenes of the manager's pages begin. They are in the language that the hall rests in: a shipped one."""

SCENES: Final[tuple[Scene, ...]] = (
    ("standby", "window", lambda _stage: None),
    ("standby-clerk", "window", Stage.sign_in),
    ("standby-card", "window", lambda stage: stage.sign_in_listed(photo=True)),
    ("standby-card-initials", "window", lambda stage: stage.sign_in_listed(photo=False)),
    ("slide", "window", lambda stage: stage.visit.rest.show_now()),
    ("cleaning", "window", lambda stage: stage.visit.rest.clean()),
    ("asking", "window", Stage.ask),
    ("asking-shared", "window", Stage.ask_shared),
    ("asking-palm", "window", Stage.lay_palm),
    ("choosing", "window", Stage.choose),
    ("recording", "window", Stage.press),
    ("reasons", "window", lambda stage: stage.turn(0)),
    ("reasons-ticked", "window", Stage.tick),
    ("rechoosing", "window", Stage.rechoose),
    ("questions", "window", lambda stage: stage.turn(1)),
    ("questions-answered", "window", Stage.answer),
    ("words", "window", lambda stage: stage.turn(2)),
    ("words-writing", "window", Stage.write),
    ("thanking", "window", lambda stage: stage.turn(3)),
    ("walk-up-thanking", "walk-up", Stage.record),
    ("apologising", "window", Stage.apologise),
    ("paused", "window", Stage.pause),
    ("walk-up", "walk-up", lambda _stage: None),
    ("walk-up-recording", "walk-up", Stage.press),
    ("find", "terminal", Stage.find),
    ("find-scan", "terminal", lambda stage: stage.find(lambda at: at.scan(""))),
    ("find-number", "terminal", lambda stage: stage.find(lambda at: at.begin("number"), lambda at: at.type(NUMBER))),
    ("find-looking", "terminal", lambda stage: stage.find(lambda at: at.scan(NUMBER))),
    ("find-confirm", "terminal", lambda stage: stage.find(lambda at: at.choose_item("yyzz"))),
    ("find-code", "terminal", lambda stage: stage.find(GalleryTerminal.mistype)),
    ("find-refused", "terminal", lambda stage: stage.find(GalleryTerminal.mistype, GalleryTerminal.guess)),
    ("find-unreached", "terminal", lambda stage: stage.find(GalleryTerminal.reach_nobody)),
    ("find-departments", "terminal", lambda stage: stage.find(lambda at: at.begin("item"))),
    ("find-searching", "terminal", lambda stage: stage.find(lambda at: at.begin("item"), lambda at: at.type("DJ"))),
    ("find-terminal", "terminal", lambda stage: stage.find(lambda at: at.begin("terminal"))),
    ("standby-notice", "window", Stage.tell),
    ("pin", "window", lambda stage: stage.type_pin(None)),
    ("pin-wrong", "window", lambda stage: stage.type_pin(PinWrong(4))),
    ("pin-locked", "window", lambda stage: stage.type_pin(PinLocked(28))),
    ("pin-missing", "window", lambda stage: stage.type_pin(PinMissing())),
    ("desk", "window", lambda stage: stage.show_desk(ORDINARY)),
    ("desk-empty", "window", lambda stage: stage.show_desk(EMPTY)),
    ("desk-resting", "window", lambda stage: stage.show_desk(RESTING)),
    ("desk-trouble", "window", lambda stage: stage.show_desk(TROUBLED)),
    ("desk-balance", "window", lambda stage: stage.show_balance(OFF_BALANCE)),
    ("desk-published", "window", lambda stage: stage.show_desk(PUBLISHED)),
    ("evaluators", "window", Stage.show_boxes),
    ("evaluators-trouble", "window", lambda stage: stage.show_boxes(TROUBLED_BOX)),
    ("evaluators-new", "window", lambda stage: stage.show_boxes(NEW)),
    ("key-test", "window", lambda stage: stage.test_keys(5, 4, 2)),
    ("key-test-passed", "window", lambda stage: stage.test_keys(5, 4, 3, 2, 1)),
    ("key-test-failed", "window", lambda stage: stage.test_keys(5, 3, 4, skipped=2)),
    ("learn-begin", "window", Stage.teach),
    ("learn-find", "window", lambda stage: stage.teach(lambda _boxes: None)),
    ("learn-line", "window", lambda stage: stage.teach(GalleryBoxes.plug_in)),
    ("learn-press", "window", lambda stage: stage.teach(GalleryBoxes.press_some)),
    ("learn-wait", "window", lambda stage: stage.teach(GalleryBoxes.press_all)),
    ("learn-review", "window", lambda stage: stage.teach(GalleryBoxes.learn)),
    ("learn-check", "window", lambda stage: stage.teach(GalleryBoxes.check)),
    ("learn-failed", "window", lambda stage: stage.teach(GalleryBoxes.fail)),
    ("sticks-none", "window", Stage.show_sticks),
    ("sticks", "window", lambda stage: stage.show_sticks(*STICKS, outcome=Wrote(3, 21_480))),
    ("sticks-trouble", "window", lambda stage: stage.show_sticks(*STICKS, outcome=TROUBLED_STICK)),
    ("learn-done", "window", lambda stage: stage.teach(GalleryBoxes.finish)),
)


def languages(scene: Scene) -> dict[str, str]:
    """Short name to code: what is said from right to left is for citizens alone."""
    return {short: code for short, code in LANGUAGES.items() if code != RIGHT_TO_LEFT or not is_managers(scene)}


def is_managers(scene: Scene) -> bool:
    return scene[0].startswith(MANAGERS)
