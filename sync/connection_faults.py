"""What a failed exchange with a hub says about the network, from what requests and urllib3 raise. Pure."""

import re
import ssl
from typing import Final

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from sync.answers import Unreachable

_WRONG_DATE: Final = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""
_WRONG_NAME: Final = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""
_TUNNEL: Final = re.compile(r"Tunnel connection failed: (\d{3})")
"""What http.client says where a proxy does not let it through."""


def unreachable(fault: Exception) -> Unreachable:
    tunnel = _TUNNEL.search(str(fault))
    if tunnel:
        return _not_through(tunnel[1])
    match fault:
        case requests.exceptions.SSLError():
            return _untrusted(fault)
        case requests.exceptions.ProxyError():
            return Unreachable("proxy", "the proxy does not answer", cut=False)
        case requests.exceptions.ConnectTimeout():
            return Unreachable("timeout", "no connection in time", cut=False)
        case requests.exceptions.Timeout():
            return Unreachable("timeout", "the hub did not answer in time", cut=True)
        case _:
            return _no_exchange(fault)


def _not_through(status: str) -> Unreachable:
    if status == "407":
        return Unreachable("proxy-password", "the proxy wants another user name or password", cut=False)
    return Unreachable("proxy-refused", f"the proxy does not let it through: HTTP {status}", cut=False)


def _untrusted(fault: Exception) -> Unreachable:
    reason = _reason(fault)
    inner = reason.args[0] if isinstance(reason, Exception) and reason.args else None
    code = inner.verify_code if isinstance(inner, ssl.SSLCertVerificationError) else 0
    if code in _WRONG_DATE:
        return Unreachable("tls-date", "by this machine's clock the hub's certificate is not valid now", cut=False)
    if code in _WRONG_NAME:
        return Unreachable("tls-name", "what answers has the certificate of another name", cut=False)
    return Unreachable("tls", "what answers has no certificate that is trusted", cut=False)


def _no_exchange(fault: Exception) -> Unreachable:
    match _reason(fault):
        case NameResolutionError():
            return Unreachable("dns", "the hub's name leads to no address", cut=False)
        case NewConnectionError():
            return Unreachable("no-connection", "no connection can be made", cut=False)
        case _:
            return Unreachable("cut", "the connection was cut", cut=True)


def _reason(fault: Exception) -> object:
    """requests wraps what urllib3 says: ConnectionError(MaxRetryError(reason))."""
    inner = fault.args[0] if fault.args else None
    return getattr(inner, "reason", inner)
