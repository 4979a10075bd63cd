"""What the pages after the press show: a pure function of the visit's state and the province's texts."""

from dataclasses import dataclass
from typing import Literal

from kiosk.core.visit import Detailing, Offer, Page, Window
from kiosk.ui.province_texts import Asked, ProvinceTexts, Reason
from sync.records import VisitId

HelpOffer = Literal["", "offered", "called"]


@dataclass(frozen=True, slots=True)
class DetailsProps:
    """Alike for every level but for the words of the reasons."""

    visit: VisitId
    page: Page
    reasons: tuple[Reason, ...]
    table: str
    questions: tuple[Asked, ...]
    words_limit: int
    asks_name: bool
    asks_phone: bool
    notices: tuple[str, ...]
    help: HelpOffer
    closes_ms: int
    """On the clock since boot: when the page closes by itself."""
    open_ms: int
    """How long it stays open untouched."""
    change_until_ms: int | None
    change_ms: int
    change_failed: bool


def derive_details(window: Window, language: str, province: ProvinceTexts) -> DetailsProps | None:
    """None while no such page is open."""
    stage, offer = window.stage, window.rules.offer
    if not isinstance(stage, Detailing) or offer is None:
        return None
    page = offer.pages[stage.page]
    return DetailsProps(
        visit=stage.visit,
        page=page,
        reasons=province.reasons(stage.level, language) if page == "reasons" else (),
        table=province.table,
        questions=province.questions(language) if page == "questions" else (),
        words_limit=province.profile.words_limit,
        asks_name=province.asks_name,
        asks_phone=province.asks_phone,
        notices=province.notices(language),
        help=_help(stage, offer),
        closes_ms=min(stage.until_ms, stage.ends_ms),
        open_ms=offer.idle_ms,
        change_until_ms=stage.change_until_ms,
        change_ms=offer.change_ms,
        change_failed=stage.change_failed,
    )


def _help(stage: Detailing, offer: Offer) -> HelpOffer:
    if not offer.help:
        return ""
    return "called" if stage.help_called else "offered"
