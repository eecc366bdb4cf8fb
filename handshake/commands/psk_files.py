"""External PSKs in a file: a line for each, `identity:key in hex`.

Standard     None: it is the form of GnuTLS's `--pskpasswd`.
Left out     Keys for other hash functions than SHA-256.
"""

from __future__ import annotations

from collections.abc import Sequence

from console.files import read_limited
from handshake.sessions.external_psk import ExternalPSK


def read_psks(path: str) -> Sequence[ExternalPSK]:
    """Return the keys in a file; raise `OSError`, or `ValueError` that names the line but never shows what is in it."""
    keys = []
    for number, line in enumerate(read_limited(path).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        identity, colon, digits = line.strip().rpartition(":")
        try:
            if not colon:
                raise ValueError("there is no colon in it")
            key = _key(digits)
            keys.append(ExternalPSK(identity.encode(), key))
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: expected identity:key, the key in hex: {error}") from None
    if not keys:
        raise ValueError(f"{path} holds no key, expected lines such as identity:key in hex")
    return keys


def _key(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError("the key is not in hex") from None
