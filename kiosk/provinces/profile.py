"""Reads a profile file into what the screens need: `load_profile`."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from kiosk.core.province import Contact, ProvinceProfile, Question, RealName, Step, Supplement
from kiosk.provinces.sections import (
    BadWithoutReason,
    ContactFields,
    Head,
    Help,
    Levels,
    Objects,
    Pages,
    PlatformDefault,
    QuestionTable,
    RealNameOffer,
    Reasons,
    StepTable,
    SupplementPeriod,
    Thanks,
    WrittenWords,
)
from kiosk.settings.document import read_document
from kiosk.settings.faults import Fault, FaultyFileError
from kiosk.settings.tables import Table, Tables

_ABSENT = "name a shipped profile (national, sichuan, jiangsu, shanghai) or the path of a profile file"


class ProfileDocument(Struct, frozen=True):
    """All tables of the file; None where a table that may be left out is left out."""

    head: Head
    levels: Levels
    bad_without_reason: BadWithoutReason
    help: Help
    objects: Objects
    thanks: Thanks
    pages: Pages
    platform_default: PlatformDefault
    reasons: Reasons | None
    words: WrittenWords | None
    contact: ContactFields | None
    real_name: RealNameOffer | None
    supplement: SupplementPeriod | None
    question: tuple[QuestionTable, ...]
    step: tuple[StepTable, ...]


def shipped_profiles(folder: Path) -> dict[str, Path]:
    """The profiles of a folder by name."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_profile(path: Path) -> ProvinceProfile:
    """Raises `FaultyFileError` with every fault of the file."""
    document = read_document(path, _ABSENT)
    tables = Tables(path.parent)
    read = _read(tables, document.values)
    faults = [*tables.faults, *_checks(read, path.stem)]
    if faults:
        raise FaultyFileError(path, document.placed(faults))
    return _profile(read, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


def _read(tables: Tables, values: Table) -> ProfileDocument:
    head = [info.name for info in fields(Head)]
    names = [info.name for info in fields(ProfileDocument) if info.name != "head"]
    tables.unknown_keys("", values, [*head, *names])
    return ProfileDocument(
        head=tables.section("", {key: value for key, value in values.items() if key in head}, Head),
        levels=tables.section("levels", values.get("levels", NODEFAULT), Levels),
        bad_without_reason=tables.section(
            "bad_without_reason", values.get("bad_without_reason", NODEFAULT), BadWithoutReason
        ),
        help=tables.section("help", values.get("help", NODEFAULT), Help),
        objects=tables.section("objects", values.get("objects", NODEFAULT), Objects),
        thanks=tables.section("thanks", values.get("thanks", NODEFAULT), Thanks),
        pages=tables.section("pages", values.get("pages", NODEFAULT), Pages),
        platform_default=tables.section("platform_default", values.get("platform_default", NODEFAULT), PlatformDefault),
        reasons=tables.optional("reasons", values, Reasons),
        words=tables.optional("words", values, WrittenWords),
        contact=tables.optional("contact", values, ContactFields),
        real_name=tables.optional("real_name", values, RealNameOffer),
        supplement=tables.optional("supplement", values, SupplementPeriod),
        question=tables.sections("question", values.get("question", []), QuestionTable),
        step=tables.sections("step", values.get("step", []), StepTable),
    )


def _checks(read: ProfileDocument, stem: str) -> Iterator[Fault]:
    if read.head.name and read.head.name != stem:
        yield Fault("name", None, f'"{read.head.name}" is not the name of the file', f'write name = "{stem}"')
    yield from _repeated("question", [question.id for question in read.question])
    yield from _repeated("step", [step.id for step in read.step])
    for number, question in enumerate(read.question, 1):
        path = f"question[{number}].options"
        if question.kind == "choice" and (len(set(question.options)) < max(2, len(question.options))):
            yield Fault(path, None, "a choice needs answers that differ", 'write 2 to 5 of them: ["…", "…"]')
        elif question.kind == "stars" and question.options:
            yield Fault(path, None, "stars have no answers of their own", 'remove the line, or write kind = "choice"')
    if read.contact is not None and not (read.contact.name or read.contact.phone):
        problem = "neither name nor phone is asked for"
        yield Fault("contact", None, problem, "set one of them to true, or remove the table")
    yield from _once("objects.kinds", read.objects.kinds)
    if read.supplement is not None:
        yield from _once("supplement.show", read.supplement.show)
    yield from _page("pages.follow_up", read.pages.follow_up)
    yield from _page("pages.rate_later", read.pages.rate_later)


def _repeated(section: str, ids: Sequence[str]) -> Iterator[Fault]:
    for number, one in enumerate(ids, 1):
        first = ids.index(one) + 1
        if one and first != number:
            yield Fault(
                f"{section}[{number}].id", None, f'"{one}" is also {section}[{first}].id', "give each its own id"
            )


def _once(path: str, values: Sequence[str]) -> Iterator[Fault]:
    if len(set(values)) < len(values):
        yield Fault(path, None, "the same word stands here twice", "name each once")


def _page(path: str, page: str) -> Iterator[Fault]:
    """Such an address stands in a QR code on a screen that everybody sees."""
    if not page:
        return
    try:
        parts = urlsplit(page)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme != "https" or not page.isascii() or not page.isprintable() or " " in page:
        yield Fault(path, None, f'"{page}" is no https address', 'write "https://host/path", or "" where there is none')
    elif parts.username is not None or parts.query:
        problem = "an address with a name, a password or a question mark can carry personal data"
        yield Fault(path, None, problem, "write the plain address of the page: what is shown there is asked for there")


def _profile(read: ProfileDocument, digest: str) -> ProvinceProfile:
    contact, supplement = read.contact, read.supplement
    return ProvinceProfile(
        name=read.head.name,
        title=read.head.title,
        digest=digest,
        level_words=read.levels.words,
        tag_table=read.reasons.tags if read.reasons else "",
        bad_without_reason=read.bad_without_reason.send,
        words_limit=read.words.max_length if read.words else 0,
        contact=Contact(contact.name, contact.phone, contact.notice) if contact else None,
        real_name=RealName(read.real_name.notice) if read.real_name else None,
        questions=tuple(Question(one.id, one.text, one.kind, one.options) for one in read.question),
        call_for_help=read.help.offered,
        supplement=Supplement(supplement.days, supplement.unit, supplement.show) if supplement else None,
        objects=read.objects.kinds,
        steps=tuple(Step(one.id, one.name) for one in read.step),
        promises=read.thanks.promises,
        follow_up_page=read.pages.follow_up,
        rate_later_page=read.pages.rate_later,
    )
