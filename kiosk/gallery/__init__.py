"""Every screen there is, for pictures and for tests: scenes, the looks they are drawn in, the stage they stand on."""

from kiosk.gallery.looks import LOOKS, SIZES, Look
from kiosk.gallery.rendering import render_gallery
from kiosk.gallery.scenes import LANGUAGES, SCENES, Scene, is_managers, languages
from kiosk.gallery.stage import ASSETS, Stage, settle

__all__ = [
    "ASSETS",
    "LANGUAGES",
    "LOOKS",
    "SCENES",
    "SIZES",
    "Look",
    "Scene",
    "Stage",
    "is_managers",
    "languages",
    "render_gallery",
    "settle",
]
