"""What a province's profile says, in the language of the screen: texts and nothing else, the same at every level."""

from dataclasses import dataclass

from kiosk.core.phrases import Phrases
from kiosk.core.province import ProvinceProfile, Question
from kiosk.core.tags import TagTable

WORST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    value: int
    """5 to 1, 5 the best."""
    text: str
    """Empty: as many stars as the value."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A second-level question with its answers, in the order in which they stand on the screen."""

    id: str
    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ProvinceTexts:
    profile: ProvinceProfile
    tags: TagTable | None
    """None where the profile offers no reasons."""
    phrases: Phrases

    @property
    def own_level_words(self) -> bool:
        return self.profile.level_words != "satisfied"

    def level_word(self, level: int, language: str) -> str:
        """Stars are signs with a number: the word for five of them is also how people are told what to press."""
        if self.profile.level_words == "stars":
            return f"{level} ★"
        return self.said(self.profile.level_word(level), language)

    def reasons(self, level: int, language: str) -> tuple[Reason, ...]:
        if self.tags is None:
            return ()
        return tuple(Reason(tag.code, self.said(tag.text, language)) for tag in self.tags.tags(level))

    @property
    def table(self) -> str:
        """Name and version of the table of reasons, as records have it."""
        return f"{self.tags.name}-{self.tags.version}" if self.tags else ""

    def questions(self, language: str) -> tuple[Asked, ...]:
        return tuple(
            Asked(one.id, self.said(one.text, language), self._answers(one, language)) for one in self.profile.questions
        )

    def notices(self, language: str) -> tuple[str, ...]:
        """What a name or a phone number is used for; stands beside the fields."""
        offered = [part.notice for part in (self.profile.contact, self.profile.real_name) if part is not None]
        return tuple(self.said(notice, language) for notice in offered)

    @property
    def asks_name(self) -> bool:
        return self.profile.real_name is not None or (self.profile.contact is not None and self.profile.contact.name)

    @property
    def asks_phone(self) -> bool:
        return self.profile.contact is not None and self.profile.contact.phone

    def promises(self, language: str) -> tuple[str, ...]:
        return tuple(self.said(line, language) for line in self.profile.promises)

    def said(self, text: str, language: str) -> str:
        return self.phrases.said(text, language)

    def _answers(self, question: Question, language: str) -> tuple[Answer, ...]:
        if question.kind == "stars":
            return tuple(Answer(value, "") for value in range(WORST, BEST + 1))
        return tuple(Answer(BEST - place, self.said(text, language)) for place, text in enumerate(question.options))
