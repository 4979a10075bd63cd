"""Guards what no compiler sees: pins, links, and what must not stand in a file of this project."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from kiosk import VERSION

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "docs/GLOSSARY.md", "docs/licences.md")]
PAPERS += sorted((ROOT / "docs/adr").glob("*.md"))

# A bracket in each pattern keeps this file from finding itself.
_FORBIDDEN = {
    "a registry's host": r"pypi[.]org|pythonhosted[.]org|debian[.]org/debian|npmjs[.]org|/[s]imple/",
    "where packages come from": r"--(extra-)?[i]ndex-url|--[f]ind-links|PIP_(EXTRA_)?[I]NDEX_URL",
    "a machine's path": r"(?<![\w.~])/([w]ork/|[r]oot/|[h]ome/[a-z]|[U]sers/[A-Za-z])",
    "how the work is organised": r"\b([d]esign|[d]urability|[h]ouse-style|BRIEF)[.]md\b",
    "an issue's number": r"(?i)\b[i]ssue #?\d",
}


def _project_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {_normal(line.split("==")[0]): line.split("==")[1] for line in lines if line}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_file_names(what: str) -> None:
    files = _project_files()
    pattern = re.compile(_FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in _lines(path)
        if pattern.search(line)
    ]
    assert len(files) >= 20, "git lists hardly any file: the scan looked at nothing"
    assert found == []


def test_constraints_pin_every_package_to_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; .+)?", line)] == []


def test_constraints_pin_the_qt_that_was_decided_on() -> None:
    pins = _pins()
    assert (pins["pyside6-essentials"], pins["shiboken6"]) == ("6.8.3", "6.8.3")


def test_every_dependency_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {_normal(re.split(r"[<>=!~\[; ]", requirement)[0]) for requirement in asked}
    assert len(names) >= 15
    assert names - _pins().keys() == set()


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_leads_to_a_file(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http:", "https:", "mailto:"))]
    assert [link for link in local if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("paper", [ROOT / "ARCHITECTURE.md", ROOT / "docs/GLOSSARY.md"], ids=lambda paper: paper.name)
def test_every_place_that_is_named_exists(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    places = re.findall(r"`((?:kiosk|devices|sync|assets|docs|setup|tests)(?:/[\w.-]+)+)`", text)
    missing = [place for place in places if not (ROOT / place).exists() and not (ROOT / f"{place}.py").exists()]
    assert len(places) >= 5
    assert missing == []


def test_every_page_that_code_points_to_exists() -> None:
    code = [path for path in _project_files() if path.suffix in {".py", ".qml", ".toml", ".sh"}]
    pages = {page for path in code for page in re.findall(r"\bdocs/[\w./-]*\w\.\w+", path.read_text(encoding="utf-8"))}
    assert len(pages) >= 5
    assert {page for page in pages if not (ROOT / page).exists()} == set()


def test_the_program_and_the_package_are_of_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_a_decision_is_dated_accepted_short_and_names_what_was_dropped() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^\d{4}-\d\d-\d\d · (accepted|superseded by )", text, re.MULTILINE), path.name
        assert "\n## Dropped\n" in text, path.name
        assert len(text.splitlines()) <= 40, path.name


class _Sender(QObject):
    happened = Signal(bool)


@pytest.mark.usefixtures("qapp")
def test_emitting_a_signal_takes_no_reference_from_true() -> None:
    """PySide6 6.12.0 on Python 3.11 takes one at each emission, until the interpreter aborts."""
    if sys.version_info >= (3, 12):
        pytest.skip("from Python 3.12 on True is immortal: its count says nothing")
    sender = _Sender()
    seen: list[bool] = []
    sender.happened.connect(lambda _value: seen.append(False))
    before = sys.getrefcount(True)
    for _ in range(200):
        for _ in range(50):
            sender.happened.emit(True)
        taken = before - sys.getrefcount(True)
        assert taken < 100, "this PySide6 ends the process after some 500 emissions: install another"
    assert len(seen) == 10_000
