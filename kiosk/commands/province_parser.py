"""The arguments of `kiosk hub province`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sync.provinces.book import State

_REPORT: Final = "as the list names it"


def add_province(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    province = actions.add_parser("province", help="the reports to the province").add_subparsers(
        required=True, metavar="ACTION"
    )
    status = _add(province, "status", "how many reports of each level are where", _status)
    status.add_argument("--json", action="store_true")
    for state, summary in (
        ("set-aside", "reports that the platform refuses"),
        ("another", "reports beside which somebody else's rating stands"),
        ("accepted", "reports that the platform has, with its receipts"),
    ):
        _add_state(province, state, summary)


def _add_state(province: "argparse._SubParsersAction[argparse.ArgumentParser]", state: str, summary: str) -> None:
    of_state = province.add_parser(state, help=summary).add_subparsers(required=True, metavar="ACTION")
    shown = _add(of_state, "list", summary, _list)
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(state={"set-aside": "needs-person", "another": "another-stands"}.get(state, state))
    if state == "another":
        remark = _add(of_state, "remark", "how a person settled it; the report stays as it is", _remark)
        remark.add_argument("report", help=_REPORT)
        remark.add_argument("words")
    if state == "set-aside":
        export = _add(of_state, "export", "write them as JSON", _export)
        export.add_argument("out", type=Path)
        export.add_argument("--content", action="store_true", help="with what stands in them, names included")
        mend = _add(of_state, "mend", "give fields of the case new values and send it again", _mend)
        mend.add_argument("report", help=_REPORT)
        mend.add_argument("values", nargs="+", metavar="FIELD=VALUE", help="canonical name and its new value")
        resend = _add(of_state, "resend", "send it again as it is", _resend)
        resend.add_argument("report", help=f"{_REPORT}, or: all")


def _add(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, command: object
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=command)
    parser.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="settings of the hub")
    return parser


def _status(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import status

    return status(chosen.config, as_json=chosen.json)


def _list(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import listed

    state: State = chosen.state
    return listed(chosen.config, state, as_json=chosen.json)


def _export(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import export

    return export(chosen.config, chosen.out, content=chosen.content)


def _mend(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import change
    from sync.hub.province_control import ProvinceAsked

    values = dict(one.partition("=")[::2] for one in chosen.values)
    return change(chosen.config, ProvinceAsked("mend", chosen.report, values))


def _resend(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import change
    from sync.hub.province_control import ProvinceAsked

    return change(chosen.config, ProvinceAsked("resend", chosen.report))


def _remark(chosen: argparse.Namespace) -> int:
    from kiosk.commands.province import change
    from sync.hub.province_control import ProvinceAsked

    return change(chosen.config, ProvinceAsked("remark", chosen.report, words=chosen.words))
