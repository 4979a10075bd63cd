"""Reads a wire profile and checks what no single key shows. Every fault is named with its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sync.provinces.forms import PARTS
from sync.provinces.parts import Parts
from sync.provinces.profile import Profile, Sending
from sync.provinces.toml_reading import ProfileError, Reading
from sync.records import LEVELS
from sync.reports.report import CASE_FIELDS, RATING_FIELDS, VISIT_FIELDS

__all__ = ["ProfileError", "load_profile"]


class _Found(NamedTuple):
    path: str
    problem: str


def load_profile(path: Path, parts: Parts = PARTS) -> Profile:
    """Raises `ProfileError`."""
    reading = Reading(path)
    profile = reading.struct(reading.tables(), Profile)
    if profile is not None:
        for found in _faults(profile, path, parts):
            reading.fault(*found)
    reading.done()
    assert profile is not None  # noqa: S101 - `done` has raised else
    return profile


def _faults(profile: Profile, path: Path, parts: Parts) -> Iterator[_Found]:
    if profile.name != path.stem:
        yield _Found("name", f'the file is called {path.name}; write name = "{path.stem}"')
    yield from _parts(profile, parts)
    yield from _codes(profile)
    yield from _sending("rating", profile, profile.rating, (*CASE_FIELDS, *VISIT_FIELDS, *RATING_FIELDS))
    if profile.case is not None:
        yield from _sending("case", profile, profile.case, (*CASE_FIELDS, *VISIT_FIELDS))
    yield from _answers(profile)


def _parts(profile: Profile, parts: Parts) -> Iterator[_Found]:
    for kind, known in parts.named():
        name = getattr(profile, kind).part
        if name not in known:
            yield _Found(f"{kind}.part", f'there is no {kind} "{name}"; use one of: {", ".join(known)}')
    envelope, protection = profile.envelope.part, profile.protection.part
    if envelope in parts.unprotected and protection in parts.protection and protection != "none":
        yield _Found("protection.part", f'the envelope "{envelope}" would not use it; write "none"')


def _codes(profile: Profile) -> Iterator[_Found]:
    levels = profile.codes.get("level", {})
    if levels and set(levels) != {str(level) for level in LEVELS}:
        yield _Found("codes.level", "every level has its code and there is no other; write 5, 4, 3, 2 and 1")
    if len(set(levels.values())) < len(levels):
        yield _Found("codes.level", "two levels have the same code; give each its own")


def _sending(kind: str, profile: Profile, sending: Sending, known: tuple[str, ...]) -> Iterator[_Found]:
    for number, rule in enumerate(sending.field, 1):
        path = f"{kind}.field[{number}]"
        if rule.source and rule.source not in known:
            yield _Found(f"{path}.from", f'there is no canonical field "{rule.source}"; docs/records.md names them')
        if rule.source and rule.constant:
            yield _Found(f"{path}.constant", "a field is either filled from a field or constant; leave one out")
        if rule.codes and rule.codes not in profile.codes:
            yield _Found(f"{path}.codes", f"there is no such table; write [codes.{rule.codes}]")
        if rule.source == "level" and (rule.first or rule.pad_right or rule.only_length or rule.max_length):
            yield _Found(path, "a level is written as it is, or by its code; leave the rest out")
    taken = {rule.source for rule in sending.field}
    needed = ("projectNo", "level", "pressedAt") if kind == "rating" else ("projectNo",)
    for name in (name for name in needed if name not in taken):
        yield _Found(f"{kind}.field", f'nothing is filled from {name}; add a field with from = "{name}"')


def _answers(profile: Profile) -> Iterator[_Found]:
    if not profile.answer.success:
        yield _Found("answer.success", "without a test everything would be a success; add [[answer.success]]")
    for number, condition in enumerate(profile.answer.success, 1):
        if bool(condition.one_of) == bool(condition.none_of):
            yield _Found(f"answer.success[{number}]", "write either one_of or none_of")
    if all(condition.none_of for condition in profile.answer.success):
        yield _Found("answer.success", "an empty answer would be a success; one condition needs one_of")
    for number, refusal in enumerate(profile.refusal, 1):
        if not refusal.text and not refusal.pattern:
            yield _Found(f"refusal[{number}]", "write text or pattern")
        if "" in refusal.text:
            yield _Found(f"refusal[{number}].text", "the empty text stands in every answer; leave it out")
        try:
            re.compile(refusal.pattern)
        except re.error as fault:
            yield _Found(f"refusal[{number}].pattern", f"no regular expression: {fault}")
