"""A device made by hand: signs what a test wants signed, also what no kiosk would."""

import hashlib
import itertools
from base64 import b64decode

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.chain import NO_HASH, SUITE, EpochText, HeadText, device_id, genesis, link
from sync.fold import add_to, counts_of
from sync.records import Asked, At, CaseCommitment, Ended, Opened, Pressed, Signed, decode, encode
from sync.wire import Envelope, SealedLine, compress, encode_batch

NOON_MS = 1_795_147_200_000  # 2026-11-20 12:00 at +08:00
DAY = "2026-11-20"


def at(ms=0):
    return At(NOON_MS + ms, ms, "00" * 8)


class Pen:
    def __init__(self, seed=1, generation=1):
        self.seed = seed
        self.keys = [Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)]
        self.first_key = self.keys[0].public_key().public_bytes_raw()
        self.device = device_id(self.first_key)
        self.changes = []
        self._nonces = itertools.count(seed * 1_000_000 + generation * 1000)
        self.bodies, self.hashes, self.sealed = [], [], {}
        self.open(generation)

    def open(self, number, previous=None):
        """Begins a generation; forgets the one before."""
        self.generation = f"{number:032x}"
        self.genesis = genesis(self.first_key, self.generation, previous.hash if previous else NO_HASH)
        self.bodies, self.hashes, self.sealed = [], [], {}
        self.add(
            Opened(
                at=at(),
                suite="intl",
                device=self.device,
                first_key=self.first_key,
                generation=self.generation,
                epochs=list(self.changes),
                utc_offset_minutes=480,
                previous=previous,
            )
        )

    def copy(self):
        """What an imaged disk gives: the same device, the same past, a future of its own."""
        other = Pen.__new__(Pen)
        other.__dict__.update(self.__dict__)
        other.keys, other.changes = list(self.keys), list(self.changes)
        other.bodies, other.hashes, other.sealed = list(self.bodies), list(self.hashes), dict(self.sealed)
        other._nonces = itertools.count(next(self._nonces) + 500_000)
        return other

    def hash_before(self, seq):
        return self.hashes[seq - 1] if seq else self.genesis

    def add(self, record):
        return self.add_body(record if isinstance(record, bytes) else encode(record))

    def add_body(self, body):
        self.hashes.append(link(self.hash_before(len(self.bodies)), body))
        self.bodies.append(body)
        return len(self.bodies) - 1

    def ask(self, window="3", clerk="1001", ciphers=()):
        visit = hashlib.sha256(str(next(self._nonces)).encode()).digest()[:16]
        cases = [
            CaseCommitment(pseudonym=b"p" * 16, sealed=[("hub", hashlib.sha256(cipher).digest())], item="T1")
            for cipher in ciphers
        ]
        asked = self.add(
            Asked(
                at=at(),
                visit=visit,
                window=window,
                place="window",
                object="case" if cases else "window",
                channel="window-evaluator",
                trigger="window-interface",
                limit_s=60,
                clerk=clerk,
                cases=cases,
            )
        )
        self.sealed[asked] = [SealedLine(visit, f"case:{n}", "hub", cipher) for n, cipher in enumerate(ciphers)]
        return asked

    def press(self, asked, level):
        nonce = hashlib.md5(str(next(self._nonces)).encode()).digest()
        return self.add(Pressed(at=at(), asked=asked, level=level, source="glass", nonce=nonce))

    def end(self, asked, outcome="rated"):
        cause = "thanked" if outcome == "rated" else "timed-out"
        return self.add(Ended(at=at(), asked=asked, outcome=outcome, cause=cause))

    def rating(self, level, **ask):
        asked = self.ask(**ask)
        if level:
            self.press(asked, level)
        self.end(asked, "rated" if level else "not-rated")

    def change_key(self, seed):
        epoch = len(self.changes)
        new = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        text = msgspec.json.encode(EpochText(self.device, epoch + 1, new.public_key().public_bytes_raw(), NOON_MS))
        self.changes.append(Signed(text.decode(), epoch, self.keys[epoch].sign(text)))
        self.keys.append(new)

    def totals(self, end):
        totals = {}
        for body in self.bodies[:end]:
            try:
                counts = counts_of(decode(body))
            except (msgspec.DecodeError, RecursionError):
                continue
            for outcome, visits in counts:
                add_to(totals, outcome, visits)
        return totals

    def head(self, first, end, epoch=None, **overrides):
        fields = {
            "device": self.device,
            "generation": self.generation,
            "seq": end - 1,
            "hash": self.hashes[end - 1],
            "totals": self.totals(end),
            "wall_ms": NOON_MS,
            **overrides,
        }
        text = msgspec.json.encode(HeadText(**fields))
        epoch = len(self.changes) if epoch is None else epoch
        return Signed(text.decode(), epoch, self.keys[epoch].sign(text))

    def batch(self, first=0, end=None, epochs=None, head=None, bodies=None, sealed=None, **overrides):
        """NDJSON, not compressed. Everything can be overridden."""
        end = len(self.bodies) if end is None else end
        bodies = self.bodies[first:end] if bodies is None else bodies
        if sealed is None:
            sealed = [line for seq in range(first, end) for line in self.sealed.get(seq, [])]
        fields = {
            "protocol": 1,
            "suite": SUITE,
            "generation": self.generation,
            "first": first,
            "records": len(bodies),
            "sealed": len(sealed),
            "previous": self.hash_before(first),
            "head": head or self.head(first, end),
            "epochs": self.changes if epochs is None else epochs,
            **overrides,
        }
        return encode_batch(Envelope(**fields), bodies, sealed)

    def packed(self, *args, **kwargs):
        return compress(self.batch(*args, **kwargs))


def hashes_of(reply):
    return b64decode(reply["head"])
