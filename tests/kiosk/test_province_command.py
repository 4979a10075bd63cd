"""`kiosk hub province`, beside a running hub and without one."""

import json

import pytest

from kiosk.__main__ import main
from sync.records import Case
from tests.sync.courier.conftest import DEADLINE_S
from tests.sync.hub.province_hall import FULL_CASE
from tests.sync.hub.province_road import Road
from tests.sync.provinces.conformance import says_words


@pytest.fixture
def road(tmp_path):
    road = Road(tmp_path)
    yield road
    road.kiosk.journal.close()
    road.platform.close()


@pytest.fixture
def province(road, capsys):
    """Exit code, and what was printed, of a command."""

    def run(*arguments):
        code = main(["hub", "province", *arguments, "--config", str(road.created.config)])
        return code, *capsys.readouterr()

    return run


def test_the_status_counts_reports_by_level_and_outcome(road, province):
    road.kiosk.rate(5, [Case("T-1", **FULL_CASE)])
    road.kiosk.rate(1, [Case("T-2", **FULL_CASE)])
    assert province("status")[0] == 2
    with road.hub() as (_, url):
        road.send(url)
        road.until(lambda counts: counts.get(("rating", 1, "accepted")) == 1)
        code, printed, _ = province("status", "--json")
        rows = {(row["kind"], row["level"], row["state"]): row["reports"] for row in json.loads(printed)["reports"]}
        assert (code, rows) == (
            0,
            {("case", 0, "accepted"): 2, ("rating", 5, "accepted"): 1, ("rating", 1, "accepted"): 1},
        )
    code, printed, _ = province("status")
    assert [line.split()[:3] for line in printed.splitlines()[2:4]] == [["rating", "5", "0"], ["rating", "4", "0"]]


def test_what_is_set_aside_is_listed_exported_mended_and_sent_again_by_commands(road, province, tmp_path):
    road.platform.faults = [says_words("userProp 代码不正确"), says_words("请联系管理员")]
    road.kiosk.rate(2, [Case("T-1", **FULL_CASE)])
    with road.hub() as (running, url):
        road.send(url)
        road.until(lambda counts: counts.get(("rating", 2, "needs-person")) == 1)
        code, printed, _ = province("set-aside", "list", "--json")
        case, rating = (json.loads(line) for line in printed.splitlines())
        assert (code, case["words"], case["fields"]) == (0, "userProp 代码不正确", ["userProp"])
        assert province("set-aside", "mend", case["report"], "level=5")[0] == 2
        assert province("set-aside", "mend", case["report"], "userProp=2")[0] == 0
        road.until(lambda counts: counts.get(("case", 0, "accepted")) == 1)
        running.kill()
        running.wait(DEADLINE_S)
    assert province("set-aside", "resend", rating["report"])[0] == 0
    assert province("set-aside", "resend", "all")[0] == 0
    with road.hub() as (_, url):
        road.until(lambda counts: counts.get(("rating", 2, "accepted")) == 1)
        assert province("accepted", "list")[1].count("回执") == 2
    assert ("T-1", "1") in road.platform.ratings


def test_an_export_has_names_only_where_they_are_asked_for(road, province, tmp_path):
    road.platform.faults = [says_words("不合格")]
    road.kiosk.rate(5, [Case("T-1", **FULL_CASE)])
    with road.hub() as (_, url):
        road.send(url)
        road.until(lambda counts: counts.get(("case", 0, "needs-person")) == 1)
        out = tmp_path / "out.json"
        assert province("set-aside", "export", str(out))[0] == 0
        assert "张三" not in out.read_text()
        assert province("set-aside", "export", str(out), "--content")[0] == 0
    assert json.loads(out.read_text())[0]["content"]["userName"] == "张三"
    assert oct(out.stat().st_mode & 0o777) == "0o600"
