"""The display half of a province's profile, the platform's tags, and both in other languages: files, read and checked.

Not responsible for the wire: which fields a province wants, and how they are signed and sent.
`docs/province-profiles.md` describes each file for whoever writes one.
"""

from kiosk.provinces.phrases import load_phrases
from kiosk.provinces.profile import load_profile, shipped_profiles
from kiosk.provinces.tags import load_tags

__all__ = ["load_phrases", "load_profile", "load_tags", "shipped_profiles"]
