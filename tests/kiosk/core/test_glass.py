import pytest

from kiosk.core.clerks import Clerk
from kiosk.core.glass import is_palm


@pytest.mark.parametrize(
    ("contacts_px", "dpi", "palm"),
    [
        ([], 96, False),
        ([0.0], 96, False),
        ([45.0], 96, False),
        ([76.0], 96, False),
        ([114.0], 96, True),
        ([114.0], 149, False),
        ([180.0], 149, True),
        ([0.0, 0.0], 96, True),
        ([20.0, 12.0], 149, True),
    ],
)
def test_several_contacts_or_one_wider_than_a_finger_are_a_palm(contacts_px: list[float], dpi: int, palm: bool) -> None:
    assert is_palm(contacts_px, dpi) == palm


@pytest.mark.parametrize(
    ("name", "initials"),
    [("王芳", "王"), ("Anna Maria Berg", "AB"), ("Anna", "A"), ("阿依古丽", "阿"), ("", ""), ("  ", "")],
)
def test_initials_stand_for_a_photo_that_is_missing(name: str, initials: str) -> None:
    assert Clerk("1001", name).initials == initials
