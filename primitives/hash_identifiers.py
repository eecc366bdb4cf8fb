"""The object identifiers by which signatures name hash functions: the one table of them.

Standard     RFC 8017 §B.1, as far as SHA-512/256; for SHA-3 and SHAKE, NIST's list of identifiers.
Left out     MD2 and MD5.
Timing       Nothing here computes.

>>> identifier("sha256").hex()     # the DER of 2.16.840.1.101.3.4.2.1
'0609608648016503040201'
"""

from __future__ import annotations

NIST_HASHES = bytes.fromhex("6086480165030402")  # 2.16.840.1.101.3.4.2
IDENTIFIERS = {
    "sha1": bytes.fromhex("2b0e03021a"),  # 1.3.14.3.2.26
    "sha256": NIST_HASHES + b"\x01",
    "sha384": NIST_HASHES + b"\x02",
    "sha512": NIST_HASHES + b"\x03",
    "sha224": NIST_HASHES + b"\x04",
    "sha512_224": NIST_HASHES + b"\x05",
    "sha512_256": NIST_HASHES + b"\x06",
    "sha3_224": NIST_HASHES + b"\x07",
    "sha3_256": NIST_HASHES + b"\x08",
    "sha3_384": NIST_HASHES + b"\x09",
    "sha3_512": NIST_HASHES + b"\x0a",
    "shake_128": NIST_HASHES + b"\x0b",
    "shake_256": NIST_HASHES + b"\x0c",
}


def identifier(name: str) -> bytes:
    """Return the DER of the object identifier of the hash function of that name, such as `sha256`.

    Raises `ValueError` if it has none here.
    """
    if name not in IDENTIFIERS:
        raise ValueError(f"no object identifier is known for the hash {name}")
    return bytes([0x06, len(IDENTIFIERS[name])]) + IDENTIFIERS[name]
