"""The digest of a message that is hashed before it is signed, with the name of the hash function.

Standard     FIPS 204 §5.4.1 (August 2024), algorithms 4 and 5; FIPS 205 §10.2.2 (August 2024), algorithm 23.
Left out     Which hash function is strong enough for a key: the signer chooses it.
Timing       That of the hash function.

>>> from primitives.sha2 import sha256
>>> prehashed(sha256, b"abc")[:11].hex()     # the DER of 2.16.840.1.101.3.4.2.1
'0609608648016503040201'
"""

from __future__ import annotations

from typing import TypeAlias

from primitives.hash_identifiers import IDENTIFIERS, NIST_HASHES, identifier
from primitives.hashes import HashFunction
from primitives.sha3 import shake_128, shake_256

Prehash: TypeAlias = "HashFunction | type[shake_128] | type[shake_256]"
"""What may hash a message before it is signed."""

_SHAKE_BYTES = {"shake_128": 32, "shake_256": 64}


def prehashed(hash: Prehash, message: bytes) -> bytes:
    """Return OID ‖ PH_M, the hash function's object identifier in DER and the message's digest.

    hash: a hash function that has such an identifier; of SHAKE128, 32 bytes are the digest, and of SHAKE256, 64.

    Raises `ValueError` if the hash function has none.
    """
    if not IDENTIFIERS.get(hash.name, b"").startswith(NIST_HASHES):
        raise ValueError(f"prehash: {hash.name} has no object identifier of NIST's")
    if isinstance(hash, type) and issubclass(hash, shake_128 | shake_256):
        PH_M = hash(message).digest(_SHAKE_BYTES[hash.name])
    else:
        PH_M = hash(message).digest()
    return identifier(hash.name) + PH_M
