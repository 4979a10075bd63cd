"""Reads the packs of words, those that are shipped and those that a hall adds: text only, no rules, no code.

A shipped pack with a fault stops the start. A hall's own pack never does: what is faulty in it is left out and told to
the manager, and what it lacks is said in English, or in Chinese.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeGuard

from kiosk.core.packs import PackFault
from kiosk.ui.words import CITIZEN_KEYS, FALLBACK, KEYS, Words

ENGLISH: Final = "en"
SHIPPED_ORDER: Final = (FALLBACK, "zh-TW", ENGLISH)
DIRECTIONS: Final = ("ltr", "rtl")
BEGGING: Final = ("好评", "五星", "亲", "请给予", "恶意")
"""Words that ask for a level, or speak ill of one. On no screen of a citizen, in whatever language."""
_OWN: Final = ("direction", "font", "phrases")
"""What a hall's pack may hold beside words."""


class WordsError(Exception):
    """The shipped packs cannot be used. `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class WordPacks:
    """Every pack in use, by language code such as `zh-CN` or `en`."""

    by_language: Mapping[str, Words]
    right_to_left: frozenset[str] = frozenset()
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a hall's packs say for the texts of profiles and tags: language code, Chinese text, translation."""
    fonts: Mapping[str, Path] = field(default_factory=dict)
    faults: tuple[PackFault, ...] = ()

    def words(self, language: str) -> Words:
        """The pack of that language; the Chinese one where there is none."""
        return self.by_language.get(language, self.by_language[FALLBACK])

    @property
    def languages(self) -> tuple[str, ...]:
        """As they are offered: the shipped ones first, the hall's own by their codes."""
        own = sorted(code for code in self.by_language if code not in SHIPPED_ORDER)
        return (*(code for code in SHIPPED_ORDER if code in self.by_language), *own)


def load_packs(folder: Path) -> WordPacks:
    """The shipped ones: every `*.toml` in the folder. Raises WordsError naming each fault of each pack."""
    faults: list[str] = []
    tables = {path.stem: _shipped(path, faults) for path in sorted(folder.glob("*.toml"))}
    base = tables.get(FALLBACK, {})
    faults += [f"{name}.toml: {key} is missing" for name, table in tables.items() for key in KEYS if key not in table]
    if FALLBACK not in tables:
        faults.append(f"{FALLBACK}.toml is missing")
    for language, table in tables.items():
        strange = _strange_places(table, base)
        faults += [f"{language}.toml: {key} must have the same places in braces as {FALLBACK}.toml" for key in strange]
    if faults:
        raise WordsError(faults)
    return WordPacks({language: Words(**table) for language, table in tables.items()})


def with_hall_packs(packs: WordPacks, folder: Path | None) -> WordPacks:
    """With every `*.toml` of the hall's folder that can be used. Never raises: `faults` says what is wrong."""
    if folder is None:
        return packs
    if not folder.is_dir():
        return replace(packs, faults=(PackFault(str(folder), "folder"),))
    for path in sorted(folder.glob("*.toml")):
        packs = _with_pack(packs, path)
    return packs


def _with_pack(packs: WordPacks, path: Path) -> WordPacks:
    def told(*faults: PackFault) -> WordPacks:
        return replace(packs, faults=(*packs.faults, *faults))

    language = path.stem
    if language in packs.by_language:
        return told(PackFault(path.name, "shipped"))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return told(PackFault(path.name, "unreadable"))
    if not _is_text(raw.get("language_name")):
        return told(PackFault(path.name, "nameless"))
    base = vars_of(packs.words(FALLBACK))
    good, faults = _good(path.name, {key: value for key, value in raw.items() if key not in _OWN}, base)
    phrases, wrong = _phrases(path.name, raw.get("phrases", {}))
    font, unusable = _font(path, raw.get("font"))
    direction = raw.get("direction", "ltr")
    odd = () if direction in DIRECTIONS else (PackFault(path.name, "direction"),)
    english = vars_of(packs.words(ENGLISH))
    return replace(
        packs,
        by_language={**packs.by_language, language: Words(**{**base, **english, **good})},
        right_to_left=packs.right_to_left | ({language} if direction == "rtl" else set()),
        phrases={**packs.phrases, language: phrases},
        fonts={**packs.fonts, language: font} if font else packs.fonts,
        faults=(*packs.faults, *faults, *wrong, *odd, *unusable),
    )


def _good(file: str, raw: Mapping[str, Any], base: Mapping[str, str]) -> tuple[dict[str, str], list[PackFault]]:
    """The citizen's words of a pack that can be shown, and what is wrong with the rest of it."""
    known = {key: value for key, value in raw.items() if key in CITIZEN_KEYS}
    texts = {key: value for key, value in known.items() if _is_text(value)}
    strange = set(_strange_places(texts, base))
    begging = {key for key, value in texts.items() if begs(value)}
    good = {key: value for key, value in texts.items() if key not in strange | begging}
    wrong = {
        "unknown": [key for key in raw if key not in KEYS],
        "no-text": [key for key in known if key not in texts],
        "places": [key for key in texts if key in strange],
        "begging": [key for key in texts if key in begging],
        "missing": [key for key in CITIZEN_KEYS if key not in known],
    }
    return good, [PackFault(file, code, tuple(keys)) for code, keys in wrong.items() if keys]


def _phrases(file: str, raw: Any) -> tuple[dict[str, str], list[PackFault]]:
    if not isinstance(raw, dict):
        return {}, [PackFault(file, "no-text", ("phrases",))]
    good = {text: said for text, said in raw.items() if _is_text(said) and not begs(said)}
    left_out = tuple(text for text in raw if text not in good)
    return good, [PackFault(file, "no-text", left_out)] if left_out else []


def _font(path: Path, named: object) -> tuple[Path | None, tuple[PackFault, ...]]:
    """A font lies beside its pack. Whether Qt can use it shows when the window opens."""
    if named is None:
        return None, ()
    if isinstance(named, str) and Path(named).name == named and (path.parent / named).is_file():
        return path.parent / named, ()
    return None, (PackFault(path.name, "font"),)


def begs(text: str) -> bool:
    return any(word in text for word in BEGGING)


def vars_of(words: Words) -> dict[str, str]:
    return {key: getattr(words, key) for key in KEYS}


def _shipped(path: Path, faults: list[str]) -> dict[str, str]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        faults.append(f"{path.name}: {problem}")
        return dict.fromkeys(KEYS, "")
    faults += [f"{path.name}: {key} is no key of a pack" for key in raw if key not in KEYS]
    known = {key: value for key, value in raw.items() if key in KEYS}
    faults += [f"{path.name}: {key} must be a text" for key, value in known.items() if not _is_text(value)]
    return {key: value if _is_text(value) else "" for key, value in known.items()}


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.strip() != ""


def _strange_places(table: Mapping[str, str], base: Mapping[str, str]) -> Iterator[str]:
    for key, value in table.items():
        if value and base.get(key) and (_places(value) is None or _places(value) != _places(base[key])):
            yield key


def _places(text: str) -> set[str | None] | None:
    try:
        return {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}
    except ValueError:
        return None
