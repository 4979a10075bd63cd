"""Looks for words in every byte of every file of a folder, in each form that a program may have written them in.

`python -m tests.durability.canary.search FOLDER WORD...` prints what it found. A process that reads a journal must not
do it itself, since closing a file that SQLite has open drops SQLite's locks.
"""

import contextlib
import json
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

ROOT: Final = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Found:
    path: Path
    word: str
    form: str


def forms(word: str) -> dict[str, bytes]:
    """Name of the form to the bytes that a file would have."""
    plain = word.encode()
    given = {
        "utf-8": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "gb18030": word.encode("gb18030"),
        "json": json.dumps(word)[1:-1].encode(),
        "url": quote(word).encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
    }
    for before in range(3):
        given[f"base64 behind {before}"] = _base64(plain, before)
        given[f"url base64 behind {before}"] = _base64(plain, before).translate(bytes.maketrans(b"+/", b"-_"))
    return given


def written(word: str, form: str) -> bytes:
    """A piece of a file that has the word in this form, with other text around it."""
    if "base64" in form:
        around = b"x" * int(form[-1]) + word.encode() + b"yz"
        return urlsafe_b64encode(around) if form.startswith("url") else b64encode(around)
    return b"before " + forms(word)[form] + b" behind"


def search(root: Path, words: Sequence[str]) -> list[Found]:
    """In a process of its own. Names of files included; left out is only what has no bytes: links, sockets, pipes."""
    command = [sys.executable, "-m", "tests.durability.canary.search", str(root), *words]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [Found(Path(path), word, form) for path, word, form in json.loads(done.stdout)]


def _search(root: Path, words: Sequence[str]) -> list[Found]:
    wanted = [(word, form, needle) for word in words for form, needle in forms(word).items()]
    return [
        Found(path, word, form) for path, content in _files(root) for word, form, needle in wanted if needle in content
    ]


def _files(root: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(root.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # a running program has removed it since
            if path.is_file() and not path.is_symlink():
                yield path, str(path.relative_to(root)).encode() + b"\n" + path.read_bytes()


def _base64(plain: bytes, before: int) -> bytes:
    """What is the same whatever stands around: without the signs at both ends that other bytes have a part in."""
    return b64encode(bytes(before) + plain)[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6]


if __name__ == "__main__":
    found = _search(Path(sys.argv[1]), sys.argv[2:])
    print(json.dumps([(str(one.path), one.word, one.form) for one in found]))
