"""What profiles, tags and catalogues say, in another language: by the Chinese text itself."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    by_language: Mapping[str, Mapping[str, str]]
    """Language code such as `en`, then Chinese text to translation."""

    def said(self, text: str, language: str) -> str:
        """The text in that language; the Chinese text where nobody has translated it, or it was changed since."""
        return self.by_language.get(language, {}).get(text, text)
