"""Every screen there is, for pictures and for tests: scenes, the looks they are drawn in, the stage they stand on."""

from kiosk.gallery.looks import LOOKS, SIZES, Look
from kiosk.gallery.rendering import LANGUAGES, render_gallery
from kiosk.gallery.scenes import SCENES, Scene
from kiosk.gallery.stage import ASSETS, Stage, settle

__all__ = ["ASSETS", "LANGUAGES", "LOOKS", "SCENES", "SIZES", "Look", "Scene", "Stage", "render_gallery", "settle"]
