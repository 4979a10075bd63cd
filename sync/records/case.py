"""The canonical case record (办件/服务数据), in the national field names.

Sealed as a whole before it touches a disk: it names people. Only `taskCode` (which item) and `serviceNumber` (which
step) also stand in the open, in the record of the ask.
"""

from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.structs import asdict, replace

Code = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(max_length=200)]
LocalTime = Annotated[str, Meta(pattern=r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?(?!\n)$")]
"""`yyyy-MM-dd HH:mm:ss` in the hall's own time, or empty."""


class Case(Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """One service of one case. Empty means: not known yet; it may be appended later."""

    project_no: Annotated[str, Meta(min_length=1, max_length=64)]
    service_number: Annotated[int, Meta(ge=1, le=9999)] = 1
    task_code: Code = ""
    task_handle_item: Code = ""
    task_name: Name = ""
    sub_matter: Name = ""
    task_type: Code = ""
    area_code: Code = ""
    dept_code: Code = ""
    orgcode: Code = field(default="", name="orgcode")
    org_name: Name = ""
    pro_depart: Name = ""
    pro_manager: Name = ""
    pro_status: Code = ""
    project_name: Name = ""
    project_type: Code = ""
    service_name: Name = ""
    service_time: LocalTime = ""
    accept_date: LocalTime = ""
    result_date: LocalTime = ""
    promise_time: Code = ""
    promise_day: Code = ""
    promise_type: Code = ""
    anticipate_day: Code = ""
    anticipate_type: Code = ""
    pro_channel: Code = ""
    user_name: Name = ""
    user_prop: Code = ""
    user_page_type: Code = ""
    cert_key: Name = ""
    cert_key_gov: Name = field(default="", name="certKeyGOV")
    credit_type: Code = ""
    credit_num: Code = ""
    handle_user_name: Name = ""
    handle_user_page_type: Code = ""
    handle_user_page_code: Code = ""
    mobile: Code = ""


def completed(case: Case, later: Case) -> Case:
    """With what `later` knows of the same case and `case` does not: nothing that stands is replaced."""
    known = asdict(case)
    return replace(case, **{name: value for name, value in asdict(later).items() if value and not known[name]})
