"""The `kiosk` command. Every subcommand loads only what it needs.

Exit codes: 0 done · 1 done, and something does not hold · 2 wrong settings, arguments or input · 3 held by another
process · 70 a bug; a supervisor starts the program again.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk import VERSION

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="The rating kiosk of a government service hall.")
    parser.add_argument("--version", action="version", version=f"kiosk {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _add(commands, "run", "take ratings, as kiosk.toml says", _run)
    _config(run)
    run.add_argument("--windowed", action="store_true", help="in a window instead of the whole screen")
    demo = _add(commands, "demo", "try everything, with parts of its own: no settings, no hardware", _demo)
    demo.add_argument("--output", type=Path, default=Path("demo-output"), help="where pictures go")
    demo.add_argument(
        "--headless", action="store_true", help="play the morning by itself even where there is a display"
    )
    demo.add_argument("--stage", type=Path, help=argparse.SUPPRESS)
    gallery = _add(commands, "gallery", "draw every screen to PNG", _gallery)
    gallery.add_argument("out", type=Path)
    gallery.add_argument("--only", default="", metavar="NAME", help="screens whose name contains NAME")
    emulate = _add(commands, "emulate", "be an evaluator: a serial port, or a keyboard's events", _emulate)
    emulate.add_argument("profile", help="name of a shipped profile, or a file")
    emulate.add_argument("--link", type=Path, help="keep a link to the port here")
    emulate.add_argument("--window", action="store_true", help="in a small window to click on, instead of typed lines")
    _learn_parser(commands)
    sound = _add(commands, "sound", "play every prompt once, and say what is not played", _sound)
    _config(sound)
    sound.add_argument("--volume", type=int, help=argparse.SUPPRESS)
    sound.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    counts = _add(commands, "counts", "print a day's counts from the journal, live or not", _counts)
    _config(counts)
    counts.add_argument("--date", help="yyyy-MM-dd in the hall's time; today if left out")
    counts.add_argument("--json", action="store_true")
    receipt = _add(commands, "receipt", "say whether a citizen's receipt stands in the journal", _receipt)
    receipt.add_argument("code", help="the sixteen characters on the receipt")
    _config(receipt)
    receipt.add_argument("--day", help="yyyy-MM-dd, where it is known: quicker")
    receipt.add_argument("--json", action="store_true")
    _journal_parser(commands)
    _secret_parsers(commands)
    _clock_parser(commands)
    _evaluator_parser(commands)
    _paper_parser(commands)
    _hub_parser(commands)
    _enrol_parser(commands)
    _publish_parser(commands)
    return parser


def _learn_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    learn = _add(commands, "learn", "find out how an unknown evaluator speaks, and write its profile", _learn)
    _config(learn)
    learn.add_argument("--name", default="learnt-box", help="name of the profile (default: learnt-box)")
    learn.add_argument("--port", default="", help="the box's port, instead of plugging it in while it is looked for")
    learn.add_argument("--out", type=Path, help="the file (default: evaluators/NAME.toml beside the settings)")
    learn.add_argument("--number", type=int, help="the box's number, where several boxes share a line")
    learn.add_argument("--force", action="store_true", help="replace the file if there is one")
    learn.add_argument("--folder", type=Path, help=argparse.SUPPRESS)


def _journal_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    journal = commands.add_parser("journal", help="check the journal, carry it by hand").add_subparsers(
        required=True, metavar="ACTION"
    )
    verify = _add(journal, "verify", "check chain, signatures and counts, live or not", _verify)
    _config(verify)
    verify.add_argument("--directory", type=Path, help="a folder with a journal.db, instead of the one in the settings")
    export = _add(journal, "export", "write parcels onto a stick, for a hub that no network leads to", _export)
    _config(export)
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the stick is mounted")
    export.add_argument("--since", choices=("acknowledged",), help="only what the hub has not acknowledged")
    export.add_argument("--json", action="store_true")
    take = _add(journal, "import", "take what the hub said, and parcels of other kiosks to carry on", _import)
    _config(take)
    take.add_argument("folder", type=Path, help="where the stick is mounted")
    take.add_argument("--json", action="store_true")
    verify.add_argument("--since", help="yyyy-MM-dd: only from this day on, behind the last head signed before it")
    verify.add_argument("--json", action="store_true")


def _secret_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pin = commands.add_parser("pin", help="the manager's PIN").add_subparsers(required=True, metavar="ACTION")
    _config(_add(pin, "set", "ask for a new PIN and store its hash", _pin_set))
    token = commands.add_parser("token", help="tokens of windows and hub").add_subparsers(
        required=True, metavar="ACTION"
    )
    window = _add(token, "window", "make a window's token; it is printed once", _token_window)
    window.add_argument("window", help="id of the window in kiosk.toml")
    _config(window)
    _config(_add(token, "hub", "read the hub's device token from standard input", _token_hub))
    _config(_add(token, "proxy", "read the password of hub.proxy's user from standard input", _token_proxy))


def _clock_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    clock = commands.add_parser("clock", help="the time, where no hub says it").add_subparsers(
        required=True, metavar="ACTION"
    )
    setting = _add(clock, "set", "record what time it is in the hall, behind the PIN", _clock_set)
    setting.add_argument("time", help="the hall's time now, as '2026-11-20 10:32:00'")
    _config(setting)


def _evaluator_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluator = commands.add_parser("evaluator", help="the boxes").add_subparsers(required=True, metavar="ACTION")
    adopt = _add(evaluator, "adopt", "let a new or changed evaluator count, behind the PIN", _evaluator_adopt)
    adopt.add_argument("name", help="name of the evaluator in kiosk.toml")
    _config(adopt)


def _paper_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    paper = commands.add_parser("paper", help="rating forms for points without a device").add_subparsers(
        required=True, metavar="ACTION"
    )
    issue = _add(paper, "issue", "print a counted batch of forms as a PDF, behind the PIN", _paper_issue)
    issue.add_argument("--count", type=int, required=True, help="how many forms, 1 to 500")
    issue.add_argument("--point", required=True, help="where they are for; stands in the counts as a window does")
    issue.add_argument("--out", type=Path, required=True, help="the PDF")
    enter = _add(paper, "enter", "take in a form that came back, behind the PIN", _paper_enter)
    enter.add_argument("serial", nargs="?", help="the sixteen letters and digits of the form; asked for if left out")
    enter.add_argument("level", nargs="?", type=int, choices=range(1, 6), help="5 非常满意 to 1 非常不满意")
    enter.add_argument("--words-file", type=Path, help="what the citizen wrote, UTF-8")
    spoilt = _add(paper, "spoilt", "say that a form carries no rating and never will, behind the PIN", _paper_spoilt)
    spoilt.add_argument("serial", help="the sixteen letters and digits of the form")
    status = _add(paper, "status", "issued, returned, spoilt, outstanding: each batch", _paper_status)
    status.add_argument("--json", action="store_true")
    for action in (issue, enter, spoilt, status):
        _config(action)


def _hub_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from kiosk.commands.province_parser import add_province

    hub = _add(commands, "hub", "be the receiving end: verify, store once, count", _hub_serve)
    hub.add_argument("--config", type=Path, default=Path("hub.toml"), help="settings of the hub (default: hub.toml)")
    actions = hub.add_subparsers(metavar="ACTION")
    init = _add(actions, "init", "make settings, tokens and keys for a new hub", _hub_init)
    init.add_argument("directory", type=Path)
    init.add_argument("--listen", default="127.0.0.1:8640")
    key = _add(actions, "release-key", "print the release_key that kiosks pin; makes it where there is none", _hub_key)
    waiting = _add(actions, "unsettled", "list visits whose sealed texts are still needed", _hub_unsettled)
    waiting.add_argument("--json", action="store_true")
    settle = _add(actions, "settle", "keep the final recipient's receipt for a visit", _hub_settle)
    settle.add_argument("--device", required=True)
    settle.add_argument("--generation", required=True)
    settle.add_argument("--asked", type=int, required=True, help="sequence of the ask")
    settle.add_argument("--receipt", required=True, help="the final recipient's own words, such as its number")
    settle.add_argument(
        "--kind",
        required=True,
        choices=("no-rectification", "rectified"),
        help="rectified: a bad review whose rectification has ended",
    )
    take = _add(actions, "import", "take parcels from a stick, and write the acknowledgement beside each", _hub_import)
    take.add_argument("file", type=Path, nargs="+")
    take.add_argument("--json", action="store_true")
    enrol = _add(actions, "enrol", "make a code that lets one kiosk in, once", _hub_enrol)
    enrol.add_argument("--window-name", required=True, help="of the window or place, as people know it")
    enrol.add_argument("--minutes", type=int, default=60, help="for how long the code is good (default: 60)")
    devices = _add(actions, "devices", "list the devices that this hub knows", _hub_devices)
    devices.add_argument("--json", action="store_true")
    revoke = _add(actions, "revoke", "shut a device out until it is enrolled again", _hub_revoke)
    revoke.add_argument("device", help="its name, or the beginning of it")
    seal = _add(actions, "seal-keys", "print the public halves of a seal.key", _hub_seal_keys)
    seal.add_argument("private", type=Path, help="the file, wherever it is kept")
    publish = _add(actions, "publish", "let kiosks take a publication that its publisher has signed", _hub_publish)
    publish.add_argument("package", type=Path)
    change = _add(actions, "change-seal-key", "make another seal key, named by the owner of this one", _hub_change_seal)
    change.add_argument("private", type=Path, help="the seal.key in use, wherever it is kept")
    for action in (key, waiting, settle, take, enrol, devices, revoke, publish, change):
        action.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="settings of the hub")
    add_province(actions)


def _publish_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions = commands.add_parser("publish", help="make what comes down to kiosks").add_subparsers(
        required=True, metavar="ACTION"
    )
    key = _add(actions, "key", "make a publisher's key; keep it off the hub", _publish_key)
    key.add_argument("private", type=Path, help="where it is written")
    make = _add(actions, "make", "make and sign one publication", _publish_make)
    make.add_argument("kind", help="tags, catalogue, clerks, slides, settings or notices")
    make.add_argument("version", type=int, help="higher than that of the last one of this kind")
    make.add_argument("folder", type=Path, help="with its files, and nothing else")
    make.add_argument("out", type=Path)
    make.add_argument("--key", type=Path, required=True, help="the publisher's private key")


def _enrol_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    enrol = _add(commands, "enrol", "let this device in at its hub, by a code that the hub made", _enrol)
    enrol.add_argument("url", nargs="?", default="", help="address of the hub; left out: it is asked for")
    enrol.add_argument("code", nargs="?", default="", help="as `kiosk hub enrol` shows it")
    enrol.add_argument("--ca-file", type=Path, help="PEM file of the hub's own certificate authority")
    enrol.add_argument("--new-device", action="store_true", help="a copied disk becomes a device of its own")
    enrol.add_argument("--leave-unsent", action="store_true", help="with --new-device: though records were not sent")
    _config(enrol)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, command: Command
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=command)
    return parser


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=Path("kiosk.toml"), help="settings (default: kiosk.toml)")


def _run(chosen: argparse.Namespace) -> int:
    from kiosk.commands.run import run

    return run(chosen.config, windowed=chosen.windowed)


def _demo(chosen: argparse.Namespace) -> int:
    if chosen.stage is not None:
        from kiosk.demo.stage import perform

        return perform(chosen.stage)
    from kiosk.demo import play

    return play(chosen.output, headless=chosen.headless)


def _gallery(chosen: argparse.Namespace) -> int:
    from kiosk.gallery import render_gallery

    return render_gallery(chosen.out, chosen.only)


def _emulate(chosen: argparse.Namespace) -> int:
    if chosen.window:
        from kiosk.demo.box_window import show_box

        return show_box(chosen.profile, chosen.link)
    from devices.emulator import serve

    return serve(chosen.profile, sys.stdin, sys.stdout, link=chosen.link)


def _sound(chosen: argparse.Namespace) -> int:
    from kiosk.commands.sound import obey, try_sounds

    return try_sounds(chosen.config) if chosen.volume is None else obey(chosen.folder, chosen.volume)


def _learn(chosen: argparse.Namespace) -> int:
    from kiosk.commands.learn import Choices, learn

    choices = Choices(chosen.config, chosen.name, chosen.port, chosen.out, chosen.number, chosen.force, chosen.folder)
    return learn(choices, sys.stdin, sys.stdout)


def _counts(chosen: argparse.Namespace) -> int:
    from kiosk.commands.journal import counts

    return counts(chosen.config, chosen.date, as_json=chosen.json)


def _verify(chosen: argparse.Namespace) -> int:
    from kiosk.commands.journal import verify

    return verify(chosen.config, chosen.directory, chosen.since, as_json=chosen.json)


def _export(chosen: argparse.Namespace) -> int:
    from kiosk.commands.parcels import export

    return export(chosen.config, chosen.to, everything=chosen.since is None, as_json=chosen.json)


def _import(chosen: argparse.Namespace) -> int:
    from kiosk.commands.parcels import take_and_carry

    return take_and_carry(chosen.config, chosen.folder, as_json=chosen.json)


def _receipt(chosen: argparse.Namespace) -> int:
    from kiosk.commands.receipt import receipt

    return receipt(chosen.config, chosen.code, as_json=chosen.json, day=chosen.day)


def _pin_set(chosen: argparse.Namespace) -> int:
    from kiosk.commands.secrets import set_pin

    return set_pin(chosen.config)


def _token_window(chosen: argparse.Namespace) -> int:
    from kiosk.commands.secrets import make_window_token

    return make_window_token(chosen.config, chosen.window)


def _token_hub(chosen: argparse.Namespace) -> int:
    from kiosk.commands.secrets import set_hub_token

    return set_hub_token(chosen.config)


def _token_proxy(chosen: argparse.Namespace) -> int:
    from kiosk.commands.secrets import set_proxy_password

    return set_proxy_password(chosen.config)


def _clock_set(chosen: argparse.Namespace) -> int:
    from kiosk.commands.clock import set_time

    return set_time(chosen.time, chosen.config)


def _evaluator_adopt(chosen: argparse.Namespace) -> int:
    from kiosk.commands.evaluator import adopt

    return adopt(chosen.name, chosen.config)


def _paper_issue(chosen: argparse.Namespace) -> int:
    from kiosk.commands.paper_issue import issue

    return issue(chosen.config, chosen.count, chosen.point, chosen.out)


def _paper_enter(chosen: argparse.Namespace) -> int:
    from kiosk.commands.paper import enter

    return enter(chosen.config, chosen.serial, chosen.level, chosen.words_file)


def _paper_spoilt(chosen: argparse.Namespace) -> int:
    from kiosk.commands.paper import spoilt

    return spoilt(chosen.config, chosen.serial)


def _paper_status(chosen: argparse.Namespace) -> int:
    from kiosk.commands.paper import status

    return status(chosen.config, as_json=chosen.json)


def _hub_init(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import init

    return init(chosen.directory, chosen.listen)


def _hub_key(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import release_key

    return release_key(chosen.config)


def _hub_unsettled(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import unsettled

    return unsettled(chosen.config, as_json=chosen.json)


def _hub_import(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import import_parcels

    return import_parcels(chosen.config, chosen.file, as_json=chosen.json)


def _hub_settle(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import settle

    names = ("device", "generation", "asked", "receipt", "kind")
    return settle(chosen.config, {name: getattr(chosen, name) for name in names})


def _hub_enrol(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub_devices import enrol

    return enrol(chosen.config, chosen.window_name, chosen.minutes)


def _hub_devices(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub_devices import devices

    return devices(chosen.config, as_json=chosen.json)


def _hub_revoke(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub_devices import revoke

    return revoke(chosen.config, chosen.device)


def _hub_seal_keys(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub_devices import seal_keys

    return seal_keys(chosen.private)


def _hub_publish(chosen: argparse.Namespace) -> int:
    from kiosk.commands.publish import put_on_hub

    return put_on_hub(chosen.config, chosen.package)


def _hub_change_seal(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub_devices import change_seal

    return change_seal(chosen.config, chosen.private)


def _publish_key(chosen: argparse.Namespace) -> int:
    from kiosk.commands.publish import make_key

    return make_key(chosen.private)


def _publish_make(chosen: argparse.Namespace) -> int:
    from kiosk.commands.publish import make

    return make(chosen.key, chosen.kind, chosen.version, chosen.folder, chosen.out)


def _enrol(chosen: argparse.Namespace) -> int:
    from kiosk.commands.enrol import Choices, enrol

    return enrol(
        Choices(chosen.config, chosen.url, chosen.code, chosen.ca_file, chosen.new_device, chosen.leave_unsent)
    )


def _hub_serve(chosen: argparse.Namespace) -> int:
    from kiosk.commands.hub import serve

    return serve(chosen.config)


if __name__ == "__main__":
    sys.exit(main())
