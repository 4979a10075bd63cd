"""A slip's code, given at the ask, before there is any level: the same for every visit that has a case."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.slips.codes import RANDOM_BYTES, code_from, read_code
from kiosk.slips.key import SlipKey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slip:
    code: str = field(repr=False)
    """Nine signs in three groups. Kept in memory alone, for as long as the ask is remembered."""
    tags: tuple[bytes, ...]
    """One a case of the ask, for its record."""


class SlipIssuer:
    def __init__(self, key: SlipKey, random_bytes: Callable[[int], bytes]) -> None:
        self._key = key
        self._random_bytes = random_bytes

    def issue(self, case_numbers: tuple[str, ...]) -> Slip | None:
        """None where the disk has no key and takes none: the ask itself must not wait for that."""
        code = code_from(self._random_bytes(RANDOM_BYTES))
        try:
            return Slip(code, self._key.tags(read_code(code), case_numbers))
        except OSError as fault:
            log.warning("no slip can be given: %s", fault)
            return None
