from pathlib import Path

import pytest

from sync.backoff import Backoff
from sync.provinces.book import Book
from sync.provinces.loading import load_profile
from sync.provinces.parts import Address, Credentials
from sync.provinces.platform import Platform
from sync.provinces.reporter import Reporter
from sync.records import Case
from sync.reports.press_time import PressTime
from sync.reports.report import Rating, Report, ReportKey
from tests.sync.hub.conftest import make_certificate
from tests.sync.provinces.conformance import FormAPlatform, PlainRestPlatform, make_sm2_key

WIRE = Path(__file__).parents[3] / "assets" / "provinces" / "wire"
PRESSED_MS = 1_795_147_200_000  # 2026-11-20 12:00:00 at +08:00
NOW_MS = PRESSED_MS + 3_600_000

NO_CREDENTIALS = Credentials()

FULL_CASE = {
    "task_code": "11370000004502000000000100001000",
    "task_name": "社会保障卡申领",
    "task_type": "11",
    "area_code": "370800",
    "orgcode": "370800_11370800004312345X",
    "org_name": "济宁市人社局",
    "pro_status": "3",
    "project_type": "1",
    "service_name": "出证办结",
    "service_time": "2026-11-20 11:50:00",
    "user_name": "张三",
    "user_prop": "1",
    "user_page_type": "111",
    "cert_key": "370800190001011234",
    "mobile": "13900000000",
}


class Clock:
    def __init__(self):
        self.ms = NOW_MS

    def __call__(self):
        return self.ms

    def pass_hours(self, hours):
        self.ms += int(hours * 3_600_000)


def case_report(number=1, *, asked=None, case_number=0, service=1, **case):
    key = ReportKey("d" * 64, "g" * 32, asked or number * 10, case_number, "case")
    values = {**FULL_CASE, **case}
    return Report(key, Case(f"T-{number}", service, **values), "window-evaluator", "3", "1001", 480)


def rating_report(number=1, level=5, *, pressed=None, tags=(), words="", **more):
    case = case_report(number, **more)
    pressed = pressed or PressTime(PRESSED_MS, 0, doubtful=False)
    rating = Rating(level, pressed, tags or ((f"{level}10",) if level < 3 else ()), words)
    return Report(case.key._replace(kind="rating"), case.case, case.channel, case.window, case.clerk, 480, rating)


def visit(number=1, level=5, **more):
    """Both reports of one visit, as they are sent."""
    said = {name: more.pop(name) for name in ("pressed", "tags", "words") if name in more}
    return [case_report(number, **more), rating_report(number, level, **said, **more)]


class Desk:
    """One destination with its book: made anew over the same file as often as a test likes."""

    def __init__(self, path, profile, address, credentials, clock):
        self.path, self.profile, self.address, self.credentials, self.clock = path, profile, address, credentials, clock
        self.open()

    def open(self):
        self.platform = Platform(self.profile, self.address, self.credentials)
        self.book = Book(self.path, self.profile.name)
        self.reporter = Reporter(
            self.platform, self.book, self.clock, lambda: 0.5, Backoff(2.0, 900.0), Backoff(60.0, 3600.0)
        )

    def close(self):
        self.platform.close()
        self.book.close()

    def send(self, *reports):
        return self.reporter.send_due(reports)

    def state(self, report):
        return self.book.entry(report.key).state

    def entry(self, report):
        return self.book.entry(report.key)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rest():
    platform = PlainRestPlatform()
    yield platform
    platform.close()


@pytest.fixture
def desk_of(tmp_path, clock):
    desks = []

    def make(profile, url, credentials=NO_CREDENTIALS, **address):
        desk = Desk(tmp_path / "reports.db", profile, Address(url, timeout_s=5.0, **address), credentials, clock)
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def plain_rest():
    return load_profile(WIRE / "plain-rest.toml")


@pytest.fixture
def desk(desk_of, plain_rest, rest):
    return desk_of(plain_rest, rest.url)


@pytest.fixture(scope="session")
def sm2_keys(tmp_path_factory):
    """Folder with `platform` and `sender` key files; their digits."""
    folder = tmp_path_factory.mktemp("sm2")
    return folder, make_sm2_key(folder / "platform"), make_sm2_key(folder / "sender")


@pytest.fixture
def form_a(sm2_keys):
    folder, _, _ = sm2_keys
    platform = FormAPlatform(folder / "platform", folder / "sender.pub", "app-word")
    yield platform
    platform.close()


@pytest.fixture
def form_a_credentials(sm2_keys):
    _, (_, platform_public), (own_private, _) = sm2_keys
    return Credentials(
        {
            "app_mark": "HALLKIOSK",
            "app_word": "app-word",
            "platform_public_key": platform_public,
            "own_private_key": own_private,
        }
    )


@pytest.fixture
def form_a_desk(desk_of, form_a, form_a_credentials):
    return desk_of(load_profile(WIRE / "shandong-form-a.toml"), form_a.url, form_a_credentials)


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path)
