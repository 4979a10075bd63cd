"""From the window's computer to screen, journal and desk: clerks, departments, tickets, data that comes later."""

from pathlib import Path

from kiosk.core.visit import Asking
from kiosk.gallery_pictures import drawn_portrait
from sync.records import Asked, CaseData, Service
from tests.visits.conftest import Morning


def with_clerks(morning: Morning, *, photo: bytes | None = None) -> Path:
    folder = morning.hall.config.parent / "clerks"
    folder.mkdir()
    listed = '[[clerk]]\nnumber = "1001"\nname = "示例"\npost = "综合受理"\nphoto = "1001.png"\n'
    (folder / "clerks.toml").write_text(listed, encoding="utf-8")
    if photo is None:
        assert drawn_portrait().save(str(folder / "1001.png"))
    else:
        (folder / "1001.png").write_bytes(photo)
    with morning.hall.config.open("a", encoding="utf-8") as settings:
        settings.write('\n[clerks]\nfolder = "clerks"\n')
    return folder


def test_a_clerk_who_signs_in_has_a_card_and_a_visit_stays_with_the_clerk_it_was_asked_for(
    closed_morning: Morning,
) -> None:
    morning = closed_morning
    with_clerks(morning)
    morning.open()
    morning.three.sign_in("1001")
    morning.until(lambda: morning.text_of("clerkTitle") == "示例")

    morning.three.ask("370800-1")
    morning.shows("rating")
    morning.three.sign_in("1002")
    assert "工号 1001" in morning.text_of("where")
    morning.press_box("3", 4)
    morning.until(lambda: morning.stored() == {4: 1})
    [asked] = [record for record in morning.records() if isinstance(record, Asked)]
    assert asked.clerk == "1001"
    assert [audit.detail for audit in morning.audits("signed-in")][-1] == {"clerk": "1002", "before": "1001"}


def test_a_photo_of_ten_megabytes_is_told_on_the_desk_and_the_visit_goes_on(closed_morning: Morning) -> None:
    morning = closed_morning
    with_clerks(morning, photo=b"\x89PNG" + b"\0" * 10_000_000)
    morning.open()
    morning.three.sign_in("1001")
    morning.shows("clerkInitials")
    assert morning.kiosk.picture_faults == (("clerks/1001.png", "picture-large"),)
    morning.three.ask()
    morning.shows("rating")
    morning.press_box("3", 5)
    morning.until(lambda: morning.stored() == {5: 1})


def test_a_call_by_the_queue_closes_no_visit_and_what_is_learnt_of_the_case_later_is_recorded(morning: Morning) -> None:
    morning.three.tell_ticket("A023", "served")
    visit = morning.three.ask("370800-1")
    morning.shows("rating")
    morning.three.tell_ticket("A023", "ended")
    morning.three.tell_ticket("A024", "called")
    morning.until(lambda: sum(isinstance(record, Service) for record in morning.records()) == 3)
    assert isinstance(morning.kiosk.window("3").stage, Asking)

    morning.press_box("3", 2)
    morning.until(lambda: morning.stored() == {2: 1})
    morning.three.tell_more(visit, "370800-1", {"proStatus": "3"})
    morning.until(lambda: any(isinstance(record, CaseData) for record in morning.records()))
    [asked] = [record for record in morning.records() if isinstance(record, Asked)]
    services = [record for record in morning.records() if isinstance(record, Service)]
    assert asked.ticket == services[0].ticket
    assert morning.stored() == {2: 1}
    morning.until(lambda: morning.at_hub() == {2: 1})
