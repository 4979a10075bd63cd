"""How a report is signed and encrypted: the parts that ship."""

from sync.provinces.parts import Credentials, CredentialsError
from sync.provinces.sm2 import Sm2Error, private_key, public_key


class Sm2FormA:
    """SM2 to the platform's public key, signed with the sender's own; both written in hex.

    Credentials: `platform_public_key` (128 hex digits, or 130 with 04 first), `own_private_key` (64).
    """

    encrypts = True

    def __init__(self, credentials: Credentials) -> None:
        name = "platform_public_key"
        try:
            self._platform = public_key(credentials[name])
            name = "own_private_key"
            self._own = private_key(credentials[name])
        except Sm2Error as fault:
            raise CredentialsError(f"{name}: {fault}") from fault

    def seal(self, plain: bytes) -> str:
        return self._platform.seal(plain).hex()

    def sign(self, text: str) -> str:
        return self._own.sign(text.encode()).hex()


class NoProtection:
    """For a platform that wants plain fields: TLS is all there is, so only a hub may speak to it."""

    encrypts = False

    def seal(self, plain: bytes) -> str:
        return plain.decode()

    def sign(self, text: str) -> str:  # noqa: ARG002 - nothing is signed
        return ""
