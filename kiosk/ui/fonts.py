"""The families of type that the screens are set in: installed ones, and those that packs of words bring."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

from kiosk.core.packs import PackFault

FAMILIES: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
TRADITIONAL: Final = ("Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "Source Han Sans TW")
"""The same letters in the forms of traditional Chinese."""

_brought: dict[str, str] = {}


def use_fonts(fonts: Mapping[str, Path]) -> tuple[PackFault, ...]:
    """Takes the fonts of packs in, by language code; gives those that cannot be used."""
    faults = []
    for language, file in fonts.items():
        number = QFontDatabase.addApplicationFont(str(file))
        if number < 0:
            faults.append(PackFault(f"{language}.toml", "font"))
        else:
            _brought[language] = QFontDatabase.applicationFontFamilies(number)[0]
    return tuple(faults)


def choose_font() -> None:
    """One family for every text but those of a language with its own."""
    font = QFont()
    font.setFamilies(FAMILIES)
    QGuiApplication.setFont(font)


def family_of(language: str) -> str:
    """An installed family for the words of a language. Letters that it lacks Qt takes from another one."""
    if language in _brought:
        return _brought[language]
    ordinary = QFontInfo(QGuiApplication.font()).family()
    if language != "zh-TW":
        return ordinary
    installed = set(QFontDatabase.families())
    return next((family for family in TRADITIONAL if family in installed), ordinary)
