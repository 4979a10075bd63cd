"""The two ends of a slip, made for one device: where its code is given, and where it is taken."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.core.province import ProvinceProfile
from kiosk.settings import Settings
from kiosk.slips.issuing import SlipIssuer
from kiosk.slips.key import SlipKey
from kiosk.slips.later import LaterRatings
from sync.clock import offset_minutes
from sync.recorder import Recorder
from sync.records import At, VisitId


@dataclass(frozen=True, slots=True)
class Slips:
    issuer: SlipIssuer
    later: LaterRatings


def slips_of(
    settings: Settings,
    profile: ProvinceProfile,
    recorder: Recorder,
    now: Callable[[], At],
    post: Callable[[Callable[[], None]], None],
) -> Slips | None:
    """None where the province's profile grants no rating by the code of a slip."""
    supplement = profile.supplement
    if supplement is None or "slip-code" not in supplement.proofs:
        return None
    key = SlipKey(settings.storage.directory)
    later = LaterRatings(
        recorder,
        settings.storage.directory,
        key,
        supplement,
        utc_offset_minutes=offset_minutes(settings.hall.utc_offset),
        now=now,
        fresh=lambda: VisitId(secrets.token_bytes(16)),
        post=post,
    )
    return Slips(SlipIssuer(key, secrets.token_bytes), later)
