"""`kiosk receipt`: whether the press that a citizen's code was given for is in the journal. Never says its level."""

import json
import re
import sys
from pathlib import Path

import msgspec

from kiosk.commands import DOES_NOT_HOLD, OK, WRONG_INPUT
from kiosk.settings import SettingsError, load_settings
from sync.journal.reader import JournalReader
from sync.journal.schema import JournalError
from sync.receipts import ReceiptAnswer, ReceiptError, find_receipt, parse_code


def receipt(config: Path, code: str, *, as_json: bool, day: str | None = None) -> int:
    """Safe beside a running kiosk. `day` says where to look first. Exit code 1: not here, or not as it was."""
    if day is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        print(f"--day {day}: write yyyy-MM-dd", file=sys.stderr)
        return WRONG_INPUT
    try:
        wanted = parse_code(code)
        settings = load_settings(config)
        reader = JournalReader(settings.storage.directory)
        try:
            answer = find_receipt(reader, wanted, hub=settings.hub.name if settings.hub else None, day=day)
        finally:
            reader.close()
    except (ReceiptError, SettingsError, JournalError) as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    if as_json:
        print(json.dumps({"included": answer is not None} | (msgspec.to_builtins(answer) if answer else {})))
    else:
        print("\n".join(_lines(answer)))
    return OK if answer is not None and answer.unchanged is not False else DOES_NOT_HOLD


def _lines(answer: ReceiptAnswer | None) -> list[str]:
    if answer is None:
        return ["未收录 NOT included: no press in this journal has this code; it may be of another device"]
    if answer.unchanged is False:
        return ["已被改动 CHANGED: what stands here is not what the code was given for; keep the journal as it is"]
    hub = {True: "是 yes", False: "尚未 not yet", None: "无 there is no hub"}[answer.acknowledged]
    return [
        _stands(answer),
        f"日期 day: {answer.day}",
        f"设备 device: {answer.device}",
        f"代 generation: {answer.generation}",
        f"已签名 signed: {'自 since ' + answer.signed_since if answer.signed_since else '尚未 not yet'}",
        f"上级已收 at the hub: {hub}",
    ]


def _stands(answer: ReceiptAnswer) -> str:
    if not answer.salvaged:
        return "已收录，未被改动 Included and unchanged"
    if answer.unchanged:
        return "已收录，由损坏的记录文件抢救，未被改动 Included, salvaged from a damaged journal, and unchanged"
    return "已收录，由损坏的记录文件抢救，无法再核对 Included, salvaged from a damaged journal, past checking"
