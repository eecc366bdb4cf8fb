"""GREASE: values that mean nothing, sent so that peers keep ignoring what they do not know.

Standard     RFC 8701 §3.1 (clients), §4.1 (servers).
Left out     PSK modes, protocol names.

A server that stumbles over such a value today would stumble over a real one tomorrow; this way it is noticed at once.

>>> [f"{value:04x}" for value in grease_values(bytes.fromhex("000103070f09"))]
['0a0a', '1a1a', '3a3a', '7a7a', 'fafa', '9a9a']
"""

from __future__ import annotations

from dataclasses import replace

from handshake.messages.extensions import (
    Extension,
    SignatureAlgorithms,
    SupportedGroups,
    UnknownExtension,
)
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import ClientKeyShares, KeyShareEntry, OfferedPSKs, SupportedVersions

RANDOM_LENGTH = 6  # bytes that the values are drawn from


def grease_values(random: bytes) -> list[int]:
    """Return a GREASE value for each of these bytes, by its last four bits (RFC 8701 §2)."""
    return [(byte & 15) << 12 | 0x0A00 | (byte & 15) << 4 | 0x0A for byte in random]


def greased(hello: ClientHello, values: list[int], *, has_shares: bool) -> ClientHello:
    """Return the hello with a value that means nothing in each of its lists (RFC 8701 §3.1).

    values: six GREASE values. has_shares: whether to put one among the key shares: in the second hello of a handshake,
    only the one that was asked for may be there (RFC 9846 §4.2.2).
    """
    suite, version, group, scheme, first, last = values
    if first == last:  # no extension may come twice
        last ^= 0x1010
    extensions: list[Extension] = [UnknownExtension(first, b"")]
    for extension in hello.extensions or ():
        match extension:
            case SupportedVersions():
                extensions.append(replace(extension, versions=(version, *extension.versions)))
            case SupportedGroups():
                extensions.append(replace(extension, groups=(group, *extension.groups)))
            case SignatureAlgorithms():
                extensions.append(replace(extension, schemes=(scheme, *extension.schemes)))
            case ClientKeyShares() if has_shares:
                extensions.append(ClientKeyShares((KeyShareEntry(group, b"\0"), *extension.entries)))
            case OfferedPSKs():
                pass  # which has to be the last one
            case _:
                extensions.append(extension)
    extensions.append(UnknownExtension(last, b"\0"))
    if hello.extensions and isinstance(hello.extensions[-1], OfferedPSKs):
        extensions.append(hello.extensions[-1])
    return replace(hello, cipher_suites=(suite, *hello.cipher_suites), extensions=tuple(extensions))
