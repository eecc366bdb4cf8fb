r"""The syntax of general names that are text: what is a host name, a mailbox, a URI.

Standard     RFC 5280 §4.2.1.6, which refers to RFC 1034 §3.5 with RFC 1123 §2.1 (host names), RFC 5321 §4.1.2
             (mailboxes) and RFC 3986 §3 (URIs); RFC 9525 §6.3 (wildcards).
Left out     What a scheme demands of its URIs; general address literals in mailboxes.

>>> is_host_pattern("*.example.com"), is_host_pattern("*.*.example.com"), is_mailbox('"a@b"@example.com')
(True, False, True)
"""

from __future__ import annotations

import ipaddress
import re

from pki.fields.general_names import DNSName, EmailAddress, GeneralName, UniformResourceIdentifier

MAX_HOST = 253  # characters: the 255 octets of RFC 1035 §2.3.4, without the first length and the root
MAX_LOCAL = 64  # octets before the @ of a mailbox (RFC 5321 §4.5.3.1.1)

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")  # a scheme, and what it is about


def is_host_name(text: str) -> bool:
    """Return whether this is a host name: labels of letters, digits and hyphens, with a dot between each two."""
    return len(text) <= MAX_HOST and _HOST.fullmatch(text) is not None


def is_host_pattern(text: str) -> bool:
    """Return whether a certificate may have this as dNSName: a host name, or `*.` and one of two labels or more."""
    host = text.removeprefix("*.")
    return len(text) <= MAX_HOST and is_host_name(host) and (host == text or "." in host)


def is_mailbox(text: str) -> bool:
    """Return whether this is a mailbox: a local part, `@`, and a host name or an address in brackets."""
    local, at, host = text.rpartition("@")
    if not at or len(local) > MAX_LOCAL or _LOCAL_PART.fullmatch(local) is None:
        return False
    return is_host_name(host) or (host.startswith("[") and host.endswith("]") and _is_address(host[1:-1]))


def is_uri(text: str) -> bool:
    """Return whether this is a URI that begins with its scheme, as one in a certificate must."""
    return _URI.fullmatch(text) is not None


def problem_of(name: GeneralName) -> str:
    """Return what the name would have to be, if it is malformed; nothing if it is as its kind demands."""
    match name:
        case DNSName(text) if not is_host_pattern(text):
            return "a host name (in ASCII, with xn-- for other letters), or one of two labels or more after *."
        case EmailAddress(text) if not is_mailbox(text):
            return "a mailbox such as someone@example.com"
        case UniformResourceIdentifier(text) if not is_uri(text):
            return "a URI that begins with its scheme"
    return ""


def _is_address(text: str) -> bool:
    """Return whether this is an address as RFC 5321 §4.1.3 writes it."""
    try:
        if text[:5].upper() == "IPV6:":
            ipaddress.IPv6Address(text[5:])
        else:
            ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
