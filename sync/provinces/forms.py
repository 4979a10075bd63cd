"""The parts that ship, by the names under which a profile chooses them."""

from typing import Final

from sync.provinces.envelopes import JsonFormA, JsonPlain
from sync.provinces.https_post import HttpsPost
from sync.provinces.parts import NoAccess, Parts
from sync.provinces.protections import NoProtection, Sm2FormA

PARTS: Final = Parts(
    transport={"https-post": HttpsPost},
    protection={"sm2-form-a": lambda _, credentials: Sm2FormA(credentials), "none": lambda *_: NoProtection()},
    access={"none": lambda *_: NoAccess()},
    envelope={"json-form-a": JsonFormA, "json-plain": lambda profile, *_: JsonPlain(profile)},
    encrypting=frozenset({"sm2-form-a"}),
    unprotected=frozenset({"json-plain"}),
)
