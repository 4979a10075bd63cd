"""The catalogue of a hall: departments and items, read from a spreadsheet's export and searched by Pinyin.

`docs/catalogue.md` describes the file for whoever exports it. Loading the readings of the characters takes a moment:
read and index a catalogue where nobody waits for a frame.
"""

from kiosk.catalogue.file import load_catalogue
from kiosk.catalogue.pinyin import readings_of
from kiosk.catalogue.search import NameIndex

__all__ = ["NameIndex", "load_catalogue", "readings_of"]
