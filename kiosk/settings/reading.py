"""Reads the document of `kiosk.toml` into its sections; a `Settings` with faults never leaves this package."""

from typing import TypeVar

from msgspec import NODEFAULT
from msgspec.structs import fields, replace

from kiosk.settings.sections import (
    Clerks,
    Counts,
    EvaluatorPlace,
    Hall,
    Hub,
    Province,
    ScannerPlace,
    Screen,
    Settings,
    Sound,
    Sticks,
    Storage,
    Terminal,
    WindowInterface,
    WindowPlace,
)
from kiosk.settings.tables import Table, Tables

Plugged = TypeVar("Plugged", EvaluatorPlace, ScannerPlace)


class Reading(Tables):
    """One pass over a settings file."""

    def settings(self, document: Table) -> Settings:
        self.unknown_keys("", document, [info.encode_name for info in fields(Settings)])
        return Settings(
            hall=self.section("hall", document.get("hall", NODEFAULT), Hall),
            windows=self.sections("window", document.get("window", []), WindowPlace),
            evaluators=tuple(
                map(self._with_profile, self.sections("evaluator", document.get("evaluator", []), EvaluatorPlace))
            ),
            scanners=tuple(map(self._with_device, self.sections("scanner", document.get("scanner", []), ScannerPlace))),
            storage=self.section("storage", document.get("storage", {}), Storage),
            screen=self.section("screen", document.get("screen", {}), Screen),
            province=self._province(self.section("province", document.get("province", {}), Province)),
            terminal=self.section("terminal", document.get("terminal", {}), Terminal),
            sound=self.section("sound", document.get("sound", {}), Sound),
            window_interface=self.optional("window_interface", document, WindowInterface),
            hub=self.optional("hub", document, Hub),
            clerks=self.section("clerks", document.get("clerks", {}), Clerks),
            counts=self.section("counts", document.get("counts", {}), Counts),
            sticks=self.optional("sticks", document, Sticks),
        )

    def _province(self, province: Province) -> Province:
        """A profile is a path, or a name that is shipped (`national`)."""
        named = "/" not in province.profile and not province.profile.endswith(".toml")
        return province if named else Province(str(self._base / province.profile))

    def _with_profile(self, evaluator: EvaluatorPlace) -> EvaluatorPlace:
        """A profile is a path, or a name that the devices know (`rs485-ft12`)."""
        profile = evaluator.profile
        if "/" in profile or profile.endswith(".toml"):
            profile = str(self._base / profile)
        return replace(self._with_device(evaluator), profile=profile)

    def _with_device(self, place: Plugged) -> Plugged:
        """A port may be a name that is no path (`COM3`, `socket://…`), an input the word `window`."""
        port, device = place.port, place.input
        if "/" in port and "://" not in port:
            port = str(self._base / port)
        if "/" in device:
            device = str(self._base / device)
        return replace(place, port=port, usb=place.usb.lower(), input=device)
