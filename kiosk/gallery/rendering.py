"""`kiosk gallery OUT`: every screen in every language and look, as pictures, with a contact sheet."""

import html
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from kiosk.gallery.looks import LOOKS, Look
from kiosk.gallery.scenes import SCENES, Scene, languages
from kiosk.gallery.stage import Stage, settle
from kiosk.ui.keyboard import choose_keyboard


def render_gallery(out: Path, only: str = "", looks: Sequence[Look] = LOOKS) -> int:
    """Writes the pictures and a contact sheet, `index.html`, of the scenes whose name contains `only`.

    Returns the exit code: 1 where `out` cannot be written, or where no scene is called so.
    """
    scenes = [scene for scene in SCENES if only in scene[0]]
    if not scenes:
        print(f"no screen is called {only}; there are: {', '.join(name for name, _, _ in SCENES)}", file=sys.stderr)
        return 1
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    choose_keyboard()
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = [name for scene in scenes for name in _render(scene, out, looks)]
        (out / "index.html").write_text(_sheet(names), encoding="utf-8")
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{len(names)} pictures in {out}, contact sheet {out / 'index.html'}")
    del application
    return 0


def _render(scene: Scene, out: Path, looks: Sequence[Look]) -> Iterator[str]:
    name, place, act = scene
    for short, language in languages(scene).items():
        stage = Stage(place, language)
        try:
            act(stage)
            for look in looks:
                file = f"{name}-{short}-{look.name}.png"
                if not settle(stage, look).save(str(out / file)):
                    raise OSError(f"{out / file} cannot be written")
                yield file
        finally:
            stage.close()


def _sheet(names: list[str]) -> str:
    figures = "\n".join(
        f'<figure><a href="{html.escape(name)}"><img loading="lazy" src="{html.escape(name)}" alt=""></a>'
        f"<figcaption>{html.escape(name.removesuffix('.png'))}</figcaption></figure>"
        for name in names
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Every screen</title>
<style>
body {{ font: 16px/1.5 "Noto Sans CJK SC", sans-serif; margin: 2rem; background: #f4f6f3; color: #17323a }}
main {{ display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end }}
figure {{ margin: 0 }} img {{ height: 15rem; border: 1px solid #cdd8d6; border-radius: 6px }}
figcaption {{ font-size: 13px }}
</style>
<h1>Every screen</h1>
<main>
{figures}
</main></html>
"""
