"""What must not stand in the open on the disk: sealed texts in their side table, keyed digests of cases and tickets."""

import hashlib
import hmac
import sqlite3

import msgspec

from sync.pseudonym import pseudonym
from sync.records import Case, CaseCommitment, VisitId
from sync.sealing import Sealer

_SEALED = "INSERT INTO sealed (position, part, recipient, visit, cipher) VALUES (?, ?, ?, ?, ?)"


class Boxes:
    """Writes within the transaction of the record that commits to what is sealed."""

    def __init__(self, db: sqlite3.Connection, pseudonym_key: bytes, sealer: Sealer) -> None:
        self._db = db
        self._pseudonym_key = pseudonym_key
        self._sealer = sealer

    def put(self, position: int, visit: VisitId, part: str, plain: bytes) -> list[tuple[str, bytes]]:
        """What the record at `position` commits to: for each recipient the SHA-256 of the cipher text."""
        boxes = self._sealer.seal(visit, part, plain)
        for recipient, cipher in boxes:
            self._db.execute(_SEALED, (position, part, recipient, visit, cipher))
        return [(recipient, hashlib.sha256(cipher).digest()) for recipient, cipher in boxes]

    def commit(self, position: int, visit: VisitId, number: int, case: Case, slip: bytes) -> CaseCommitment:
        """`slip`: what finds the case again by the code of its slip; empty where none was given."""
        return CaseCommitment(
            pseudonym=pseudonym(self._pseudonym_key, case.project_no, case.service_number),
            sealed=self.put(position, visit, f"case:{number}", msgspec.json.encode(case)),
            service=case.service_number,
            item=case.task_code,
            slip=slip,
        )

    def ticket(self, number: str) -> bytes:
        return hmac.digest(self._pseudonym_key, f"ticket\x00{number}".encode(), "sha256")[:16]
