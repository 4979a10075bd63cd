"""Which records commit to sealed texts, and to whose visit such a text belongs. Pure."""

from sync.records import Asked, CaseData, Details, Record


def commitments(record: Record | None) -> dict[tuple[str, str], bytes]:
    """Part and recipient to the SHA-256 of the cipher text; empty for a record that seals nothing."""
    match record:
        case Asked(cases=cases):
            parts = [(f"case:{number}", case.sealed) for number, case in enumerate(cases)]
        case Details(sealed=sealed):
            parts = [(one.part, one.boxes) for one in sealed]
        case CaseData(cases=later):
            parts = [(f"case:{case.number}", case.sealed) for case in later]
        case _:
            return {}
    return {(part, recipient): digest for part, boxes in parts for recipient, digest in boxes}


def ask_of(seq: int, record: Record | None) -> int | None:
    """Sequence of the ask whose visit a sealed text of this record belongs to; None for another kind of record."""
    match record:
        case Asked():
            return seq
        case Details(asked=asked) | CaseData(asked=asked):
            return asked
        case _:
            return None
