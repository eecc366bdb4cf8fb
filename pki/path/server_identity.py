"""Server identity: whether a certificate is for the server that was meant.

Standard     RFC 9525 §6.1, §6.3, §6.5 (which replaces RFC 6125); RFC 5280 §4.2.1.6.
Left out     URI and SRV names; Unicode host names: the caller converts them to A-labels (`xn--…`). The common name:
             it never counts, as RFC 9525 §2 demands.

>>> host_matches("*.example.com", "www.example.com"), host_matches("*.example.com", "a.b.example.com")
(True, False)
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from pki.fields.extensions import SubjectAltName
from pki.fields.name_syntax import MAX_HOST
from pki.path.refusals import CertificateError, Reason, brief
from pki.x509 import Certificate

# The labels of host names, in which resolvers take underscores as well: a wildcard of a certificate may stand for one.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def parse_server_name(name: str) -> str | bytes:
    """Return the name to look for: a host name in lower case, or the 4 or 16 octets of an IP address.

    Raises `ValueError` if the name is neither.
    """
    if not isinstance(name, str):
        raise TypeError(f"the server's name is {type(name).__name__}, expected str")
    if len(name) > MAX_HOST + 1:  # with a dot at its end
        raise ValueError(f"a name of {len(name)} characters is neither a host name nor an IP address")
    return _parse(name)


@lru_cache(maxsize=256)  # every handshake asks for it several times
def _parse(name: str) -> str | bytes:
    try:
        return ipaddress.ip_address(name).packed
    except ValueError:
        host = name.removesuffix(".")  # the root of the DNS; certificates do not write it
    if len(host) > MAX_HOST or not _HOST.fullmatch(host) or host.rpartition(".")[2].isdigit():
        raise ValueError(f"{name!r} is neither a host name (in ASCII, with xn-- for other letters) nor an IP address")
    return host.lower()


def host_matches(pattern: str, host: str) -> bool:
    """Return whether a dNSName of a certificate is for this host (RFC 9525 §6.3).

    A wildcard is the whole left-most label, stands for one label exactly, and never for all names below a
    top-level domain.
    """
    pattern = pattern.lower()
    if pattern == host:
        return True
    wildcard, _, parent = pattern.partition(".")
    label, _, rest = host.partition(".")
    return wildcard == "*" and "." in parent and label != "" and rest == parent


def check_server_name(certificate: Certificate, server_name: str) -> str:
    """Return the name in the certificate by which it is for this server; raise `CertificateError` if there is none."""
    wanted = parse_server_name(server_name)
    names = certificate.extension(SubjectAltName)
    if names is not None:
        if isinstance(wanted, bytes):
            if wanted in names.ip_addresses:
                return f"IP:{server_name}"
        else:
            for pattern in names.dns_names:
                if host_matches(pattern, wanted):
                    return f"DNS:{pattern}"
    if names is None:
        found = "it has no subjectAltName, and the common name does not count"
    else:
        found = f"it is for {brief(names)}"
    raise CertificateError(Reason.WRONG_NAME, certificate, f"the certificate is not for {server_name}: {found}")
