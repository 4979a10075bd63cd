"""How characters are read: from the tables of `pypinyin`, without tones."""

import os
from functools import cache


@cache
def readings_of(character: str) -> frozenset[str]:
    """All readings, so that a character with several is found by any: 行 gives `xing`, `hang`, `heng`.

    `lü` is typed `lv` or `lu`. Empty for what has no reading.
    """
    # Its documented switches: single characters need neither its phrases nor a second copy of the table.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin

    (readings,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    plain = {reading for reading in readings if reading.isascii() and reading.isalpha() and reading != character}
    return frozenset(plain | {reading.replace("v", "u") for reading in plain})
