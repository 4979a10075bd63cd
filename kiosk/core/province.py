"""What a province's profile says about the screens: the words of the levels, what is asked for, what is promised.

Nothing here has a key for a single level: whatever a profile offers, it offers at all five alike.
"""

from dataclasses import dataclass
from typing import Final, Literal

from sync.records.levels import OFFICIAL_WORDS

WordSet = Literal["satisfied", "good", "stars"]
LEVEL_WORDS: Final[dict[WordSet, dict[int, str]]] = {
    "satisfied": OFFICIAL_WORDS,
    "good": {5: "很好", 4: "好", 3: "一般", 2: "差", 1: "很差"},
    "stars": {5: "五星", 4: "四星", 3: "三星", 2: "二星", 1: "一星"},
}
"""The only words that the five levels can have (the first two sets: 国办发〔2019〕51号). A profile chooses a set."""

NO_REASON_GIVEN: Final = "评价人未填写原因"
"""What is sent for a bad rating without a reason, where the platform refuses one without."""

QuestionKind = Literal["stars", "choice"]
RatedObject = Literal["case", "window", "staff", "hall", "terminal"]
DayUnit = Literal["working", "calendar"]
Proof = Literal["slip-code", "applicant"]
"""`slip-code`: the case number and the one-time code on the slip. `applicant`: being the applicant of the case."""


@dataclass(frozen=True, slots=True)
class Question:
    """A second-level question. It can be passed over like everything after the press."""

    id: str
    text: str
    kind: QuestionKind
    options: tuple[str, ...] = ()
    """The answers of a choice, best first: 5, 4 and so on; stars have none: they go from 5 to 1."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a reply can reach the citizen: asked for, never demanded."""

    name: bool
    phone: bool
    notice: str
    """What it is used for and who sees it; stands beside the fields."""


@dataclass(frozen=True, slots=True)
class RealName:
    """The citizen may put a name to the rating."""

    notice: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """Until when a rating that was not given on the spot can be given (补评)."""

    days: int
    unit: DayUnit
    proofs: tuple[Proof, ...]
    """What is shown to give it: any one of these."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way through the hall that can be rated by itself, in the order in which it is met."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ProvinceProfile:
    name: str
    title: str
    digest: str
    """First 16 hex digits of the SHA-256 of the file: which profile was in force."""
    level_words: WordSet
    tag_table: str
    """Name of the table that the reasons come from. Empty: no reasons are offered."""
    bad_without_reason: str
    """Sent as the words of a bad rating that came without a reason. Empty: it is sent as it is."""
    words_limit: int
    """Characters that the citizen may write. 0: no words are asked for."""
    contact: Contact | None
    real_name: RealName | None
    questions: tuple[Question, ...]
    call_for_help: bool
    supplement: Supplement | None
    objects: tuple[RatedObject, ...]
    steps: tuple[Step, ...]
    promises: tuple[str, ...]
    """What happens to a rating; a line each, the same lines after every level."""
    follow_up_page: str = ""
    """Address where a citizen asks what became of a rating; holds no personal data. Empty: there is none."""
    rate_later_page: str = ""
    """Address where a rating can be given later; holds no personal data. Empty: there is none."""

    def level_word(self, level: int) -> str:
        return LEVEL_WORDS[self.level_words][level]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that a screen may show, for whoever checks that a language has them all."""
        said = [self.title, *LEVEL_WORDS[self.level_words].values(), *self.promises]
        said += [step.name for step in self.steps]
        for question in self.questions:
            said += [question.text, *question.options]
        said += [part.notice for part in (self.contact, self.real_name) if part is not None]
        return tuple(said)
