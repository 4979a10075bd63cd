"""The two ends of a slip, made for one device: where its code is given, and where it is taken."""

import secrets
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.core.province import ProvinceProfile
from kiosk.settings import Hub, Settings
from kiosk.slips.hall import HallSlips
from kiosk.slips.issuing import SlipIssuer
from kiosk.slips.key import SlipKey
from kiosk.slips.later import LaterRatings
from kiosk.slips.printed import SlipPaper
from sync.clock import offset_minutes
from sync.recorder import Recorder
from sync.records import At, VisitId


@dataclass(frozen=True, slots=True)
class Slips:
    issuer: SlipIssuer
    later: LaterRatings


def slip_paper(settings: Settings, profile: ProvinceProfile, *, codes: bool) -> SlipPaper | None:
    """None where nothing can be rated later: neither by a code nor on the platform's page."""
    if not codes and not profile.rate_later_page:
        return None
    hall, offset = settings.hall, offset_minutes(settings.hall.utc_offset)
    return SlipPaper(hall.name, hall.name_en, offset, profile.supplement if codes else None, profile.rate_later_page)


def slips_of(
    settings: Settings,
    profile: ProvinceProfile,
    recorder: Recorder,
    now: Callable[[], At],
    post: Callable[[Callable[[], None]], None],
    hall: HallSlips,
) -> Slips | None:
    """None where the province's profile grants no rating by the code of a slip, or no terminal could take one: neither
    here nor, by the settings, elsewhere in the hall.
    """
    supplement, places = profile.supplement, frozenset[str](window.place for window in settings.windows)
    if (
        supplement is None
        or "slip-code" not in supplement.proofs
        or not ("terminal" in places or _is_hall_wide(settings.hub))
    ):
        return None
    salt = b64decode(settings.hub.release_key) if settings.hub and _is_hall_wide(settings.hub) else b""
    key = SlipKey(settings.storage.directory, salt)
    later = LaterRatings(
        recorder,
        settings.storage.directory,
        key,
        supplement,
        utc_offset_minutes=offset_minutes(settings.hall.utc_offset),
        now=now,
        fresh=lambda: VisitId(secrets.token_bytes(16)),
        post=post,
        hall=hall if salt else None,
    )
    return Slips(SlipIssuer(key, secrets.token_bytes), later)


def _is_hall_wide(hub: Hub | None) -> bool:
    return hub is not None and hub.slips_hall_wide
