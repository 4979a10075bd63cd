"""The province's profile that the settings name: what its screens say, and what they offer after the press."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from kiosk.core.phrases import Phrases
from kiosk.core.tags import TagTable
from kiosk.core.visit import Offer, Page
from kiosk.provinces import load_phrases, load_profile, load_tags, shipped_profiles
from kiosk.published.notices import notices_in
from kiosk.settings import Settings, published_folder
from kiosk.settings.faults import FaultyFileError
from kiosk.ui.keyboard import keyboard_installed
from kiosk.ui.province_texts import ProvinceTexts
from kiosk.ui.screens import Names, ScreenPlace
from sync.clock import offset_minutes

log = logging.getLogger(__name__)

TAGS_FILE: Final = "tags.toml"


def load_province(assets: Path, profile: str, published: Path | None = None) -> ProvinceTexts:
    """`profile` is the name of a shipped one or the path of a file; `published` a folder with a table of tags, which
    counts where it is a newer version of the one that the profile names. Raises `FaultyFileError`.
    """
    path = shipped_profiles(assets / "provinces").get(profile, Path(profile))
    read = load_profile(path)
    tags = load_tags(assets / "tags" / f"{read.tag_table}.toml") if read.tag_table else None
    return ProvinceTexts(read, tags and _newest(tags, published), load_phrases(assets / "phrases"))


def _newest(shipped: TagTable, published: Path | None) -> TagTable:
    """A table that does not follow on the shipped one is passed over: it must not keep the kiosk from starting."""
    path = None if published is None else published / TAGS_FILE
    if path is None or not path.exists():
        return shipped
    try:
        return load_tags(path, shipped)
    except FaultyFileError as fault:
        log.warning("the tags that came down are passed over: %s", fault)
        return shipped


def screen_place(
    settings: Settings, province: ProvinceTexts, translated: Mapping[str, Mapping[str, str]]
) -> ScreenPlace:
    """`translated`: what the hall's own packs say for the profile's texts; a shipped translation stays as it is."""
    phrases = Phrases({**translated, **province.phrases.by_language})
    province = replace(province, phrases=phrases)
    hall, window = settings.hall, settings.screen_window
    names = Names(hall.name, hall.name_en, window.name, window.name_en, window.department)
    notices = notices_in(published_folder(settings, "notices"))
    return ScreenPlace(names, province, offset_minutes(hall.utc_offset), settings.screen.dpi, notices)


def offer_on_screen(settings: Settings, province: ProvinceTexts) -> Offer | None:
    """At the window that owns the screen; at a walk-up point the next person waits. None: a press is thanked for."""
    if settings.screen_window.place == "walk-up":
        return None
    sealed = settings.hub is not None and settings.hub.seal_key != ""
    offer = offer_of(province, words=sealed and keyboard_installed())
    return offer if offer.pages else None


def offer_of(province: ProvinceTexts, *, words: bool) -> Offer:
    """`words`: they can be typed here, and sealed to somebody."""
    profile = province.profile
    pages: list[Page] = []
    if province.tags is not None:
        pages.append("reasons")
    if profile.questions:
        pages.append("questions")
    if words and (profile.words_limit or province.asks_name or province.asks_phone):
        pages.append("words")
    return Offer(tuple(pages), help=profile.call_for_help)
