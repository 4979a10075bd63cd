"""A wire profile: how one platform's format is filled, sent and understood. See `docs/province-wire-profiles.md`.

Data alone. What needs code stands in it by name: a transport, an envelope, a protection, an access (`parts.py`).
"""

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

Text = Annotated[str, Meta(min_length=1, extra_json_schema={"description": "write a text that is not empty"})]
Count = Annotated[int, Meta(ge=0, le=4000, extra_json_schema={"description": "write a whole number from 0 to 4000"})]
Zone = Annotated[str, Meta(pattern=r"^[+-]\d\d:\d\d$", extra_json_schema={"description": 'write it as "+08:00"'})]
Charset = Annotated[Literal["utf-8", "gb18030"], Meta(extra_json_schema={"description": 'write "utf-8" or "gb18030"'})]
RefusalClass = Annotated[
    Literal["duplicate", "case-unknown", "later", "needs-person"],
    Meta(extra_json_schema={"description": 'write "duplicate", "case-unknown", "later" or "needs-person"'}),
]


class FieldRule(Struct, frozen=True, kw_only=True):
    """One way to fill a field. Of several rules for one field the first that gives a value is taken."""

    to: Text
    source: str = field(default="", name="from")
    """Canonical name; empty: `constant` is written."""
    constant: str = ""
    only_length: Count = 0
    """The rule is for values of this many characters; 0: for all."""
    first: Count = 0
    """Only so many characters are written; 0: all."""
    pad_right: Count = 0
    """Filled with zeros to this many characters."""
    prefix: str = ""
    codes: str = ""
    """Name of the table under `[codes]` that translates the value."""
    join: str = ","
    max_length: Count = 0
    """A longer value is never cut: it needs a person. 0: no limit."""
    required: bool = False
    number: bool = False
    """Written as a JSON number."""
    empty: Literal["left-out", "written"] = "left-out"


class Sending(Struct, frozen=True, kw_only=True):
    """Where and as what one kind of report goes. `element` is the envelope's name for it."""

    field: list[FieldRule]
    path: str = ""
    element: str = ""
    source: str = ""


class Condition(Struct, frozen=True, kw_only=True):
    """On the value at a dotted path of the answer, as text. One that is missing is the empty text."""

    at: Text
    one_of: list[str] = []
    none_of: list[str] = []


class Answer(Struct, frozen=True, kw_only=True):
    """All of `success` have to hold. The other keys are dotted paths."""

    success: list[Condition]
    charset: Charset = "utf-8"
    receipt: str = ""
    message: list[str] = []
    returned_reference: str = ""
    returned_level: str = ""


class Refusal(Struct, frozen=True, kw_only=True):
    """What the platform means by its words: any of `text` stands in them, or `pattern` is found."""

    means: RefusalClass
    text: list[str] = []
    pattern: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """A part that needs code, by name. `charset` and `headers` are for a transport and an envelope."""

    part: Text
    charset: Charset = "utf-8"
    headers: dict[str, str] = {}


class Times(Struct, frozen=True, kw_only=True):
    zone: Zone
    """The platform's; a press is written in it."""
    format: Text = "%Y-%m-%d %H:%M:%S"
    trusted_clock_wait_h: Count = 24
    """How long a report with a doubtful time waits for a trusted clock."""


class BadWithoutReason(Struct, frozen=True, kw_only=True):
    """A platform that refuses a bad rating (差评) without a reason gets this text in place of words, never a tag."""

    send: Literal["", "评价人未填写原因"]


class Profile(Struct, frozen=True, kw_only=True):
    format: Annotated[Literal[1], Meta(extra_json_schema={"description": "write 1"})]
    name: Text
    title: Text
    source: Text
    verified: bool
    """Whether the real platform has taken reports of this form."""
    transport: Part
    envelope: Part
    protection: Part
    access: Part
    time: Times
    bad_without_reason: BadWithoutReason
    rating: Sending
    answer: Answer
    case: Sending | None = None
    """None: the platform has its cases from elsewhere, or wants none."""
    codes: dict[str, dict[str, str]] = {}
    refusal: list[Refusal] = []


ANY: Final = "*"
"""In a table of codes: what every value comes to that is not named. `"*" = "*"` leaves it as it is."""


def at_path(tree: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree
