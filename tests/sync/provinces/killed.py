"""Sends the reports of one visit to a platform, as a program of its own: a test kills it on the way."""

import sys
import time
from pathlib import Path

from sync.provinces.book import Book
from sync.provinces.loading import load_profile
from sync.provinces.parts import Address, Credentials
from sync.provinces.platform import Platform
from sync.provinces.reporter import Reporter
from tests.sync.provinces.conftest import WIRE, visit


def send(book_path, url):
    profile = load_profile(WIRE / "plain-rest.toml")
    platform, book = Platform(profile, Address(url), Credentials()), Book(book_path, profile.name)
    Reporter(platform, book, lambda: time.time_ns() // 1_000_000, lambda: 0.5).send_due(visit())


if __name__ == "__main__":
    send(Path(sys.argv[1]), sys.argv[2])
