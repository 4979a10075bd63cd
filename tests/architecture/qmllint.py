"""Checks every screen with qmllint: knows our own types, and any warning is a failure.

Run by `make check`. The descriptions of the Python types are made anew each time, so that they cannot be stale.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
QML = ROOT / "kiosk" / "ui" / "qml"
MODELS = sorted((ROOT / "kiosk" / "ui").glob("*_view_model.py"))
TOOLS = Path(sys.executable).parent


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / name), *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def describe_models(folder: Path) -> None:
    """Writes `Kiosk/Models/` with the types that QML sees. Raises RuntimeError when a tool fails."""
    module = folder / "Kiosk" / "Models"
    module.mkdir(parents=True)
    dump = tool("pyside6-metaobjectdump", "-o", module / "metatypes.json", *MODELS)
    registrar = tool(
        "pyside6-qmltyperegistrar",
        "--generate-qmltypes",
        module / "models.qmltypes",
        "-o",
        module / "unused.cpp",
        module / "metatypes.json",
        "--import-name",
        "Kiosk.Models",
        "--major-version",
        "1",
    )
    if dump.returncode or registrar.returncode:
        raise RuntimeError(dump.stderr + registrar.stderr)
    (module / "qmldir").write_text("module Kiosk.Models\ntypeinfo models.qmltypes\n")


def main() -> int:
    files = sorted(QML.rglob("*.qml"))
    with tempfile.TemporaryDirectory() as folder:
        describe_models(Path(folder))
        lint = tool("pyside6-qmllint", "-W", "0", "-I", folder, "-I", QML, *files)
    print(lint.stdout + lint.stderr, end="")
    print(f"qmllint: {len(files)} files, {'clean' if lint.returncode == 0 else 'warnings are failures'}")
    return 1 if lint.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
