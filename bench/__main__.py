"""Runs every benchmark here and prints its figures beside their goals: `python -m bench [MODULE ...]`.

A module of this folder takes part by having `figures() -> list[tuple[what, goal, measured]]`. Each runs in a process of
its own, so that none warms, fills or ends another's.
"""

import argparse
import importlib
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

Figure = tuple[str, str, str]
FOLDER = Path(__file__).parent
LONGEST_S = 900


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="measure, and print each figure beside its goal"
    )
    parser.add_argument("modules", nargs="*", help="only these; all by default")
    parser.add_argument("--write-to", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write_to:
        return _measure_here(options.modules[0], options.write_to)
    known = sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef figures(" in path.read_text(encoding="utf-8"))
    if unknown := set(options.modules) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    for name, value in _circumstances():
        print(f"{name:<12}{value}")
    failed = [module for module in options.modules or known if not _report(module)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measure_here(module: str, write_to: Path) -> int:
    figures = importlib.import_module(f"bench.{module}").figures()
    write_to.write_text(json.dumps(figures), encoding="utf-8")
    return 0


def _report(module: str) -> bool:
    print(f"\n{module}", flush=True)
    try:
        figures = _measure(module)
    except subprocess.CalledProcessError as fault:
        print(f"  FAILED: exit code {fault.returncode}, its last words are on standard error", flush=True)
        return False
    except (subprocess.TimeoutExpired, OSError, ValueError) as fault:
        print(f"  FAILED: {fault}", flush=True)
        return False
    for line in _table(figures):
        print(f"  {line}", flush=True)
    return True


def _measure(module: str) -> list[Figure]:
    """What the module says of itself goes to standard error, its figures come by a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "bench", module, "--write-to", str(path)]
        subprocess.run(command, check=True, stdout=sys.stderr, cwd=FOLDER.parent, timeout=LONGEST_S)
        return [(str(what), str(goal), str(measured)) for what, goal, measured in json.loads(path.read_text("utf-8"))]


def _table(figures: list[Figure]) -> list[str]:
    rows = [("what", "goal", "measured"), *figures]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return [f"{what:<{widths[0]}}  {goal:<{widths[1]}}  {measured}" for what, goal, measured in rows]


def _circumstances() -> list[tuple[str, str]]:
    return [
        ("machine", f"{_processor()}, {len(os.sched_getaffinity(0))} cores"),
        ("kernel", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("disk", f"{_filesystem(FOLDER)}, {_filesystem(Path(tempfile.gettempdir()))}"),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
        ("PySide6", version("PySide6_Essentials")),
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in {"model name", "Model", "Hardware"}:
            return value.strip()
    return platform.machine()


def _filesystem(path: Path) -> str:
    """The mount that holds `path`, by its longest prefix."""
    best, kind = Path("/"), "unknown"
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, place, name, *_ = line.split(" ")
        mount = Path(place.encode().decode("unicode_escape"))
        if path.resolve().is_relative_to(mount) and len(mount.parts) >= len(best.parts):
            best, kind = mount, name
    return f"{kind} ({path})"


if __name__ == "__main__":
    sys.exit(main())
