"""PKCS #12's way to a key out of a password: for its MAC, and for its older ciphers.

Standard     RFC 7292 appendix B.2, with the identifiers of appendix B.3.
Left out     Formatting the password (appendix B.1): the octets come in.
Timing       Depends on the lengths and on `iterations`; the hash below runs in variable time, as all of Python does.

Newer files derive the keys of their ciphers with PBKDF2 (`primitives.pbkdf2`), and only the MAC's in this way.

>>> from primitives.sha1 import sha1
>>> smeg = bytes.fromhex("0073006D006500670000")     # from S. N. Henson's test vectors for PKCS #12
>>> pkcs12_kdf(smeg, bytes.fromhex("0A58CF64530D823F"), 1, 24, id=KEY, hash=sha1).hex()
'8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, unrecorded
from primitives.hashes import HashFunction
from primitives.integers import require_int
from primitives.octets import require_bytes

KEY, IV, MAC_KEY = 1, 2, 3
"""What the octets are for (appendix B.3): the key of a cipher, its IV, the key of a MAC."""


@algorithm("RFC 7292 §B.2", "PKCS #12 key derivation", "one password and salt give a key, an IV and a MAC's key apart")
def pkcs12_kdf(password: bytes, salt: bytes, iterations: int, length: int, *, id: int, hash: HashFunction) -> bytes:
    """Return `length` octets derived from a password.

    password: in UTF-16, big-endian, with two octets of zeros at its end (appendix B.1), or no octets at all.
    salt: bytes of any length. iterations: 1 or more. length: 1 or more.
    id: `KEY`, `IV` or `MAC_KEY`. hash: the hash function, such as `sha1`.
    Raises `TypeError` or `ValueError` if an argument is not such.
    """
    password = require_bytes(password, "pkcs12_kdf: password")
    salt = require_bytes(salt, "pkcs12_kdf: salt")
    if require_int(iterations, "pkcs12_kdf: iterations") < 1:
        raise ValueError(f"pkcs12_kdf: iterations is {iterations}, expected 1 or more")
    if require_int(length, "pkcs12_kdf: length") < 1:
        raise ValueError(f"pkcs12_kdf: length is {length}, expected 1 or more")
    if id not in (KEY, IV, MAC_KEY):
        raise ValueError(f"pkcs12_kdf: id is {id}, expected 1, 2 or 3")
    u, v = hash.digest_size, hash.block_size  # in octets, where the standard counts bits
    D = note("1", "D", bytes([id]) * v, "the diversifier: the same password gives other octets for another purpose")
    S = note("2", "S", _filled(salt, v), "the salt, repeated to whole blocks of the hash")
    P = note("3", "P", _filled(password, v), "the password, repeated in the same way")
    I = note("4", "I", S + P, "the inputs, changed for each block of output")  # noqa: E741 - the standard's name
    c = -(-length // u)  # step 5
    A = b""
    for i in range(1, c + 1):  # step 6
        with steps("6.A", f"A_{i}", f"each guess at the password costs {iterations} of these hashes") as block:
            A_i = block.gives(_hash_r(D + I, iterations, hash), "H^r(D ‖ {I})")
        A += A_i
        if i < c:
            B = note("6.B", "B", (A_i * (v // u + 1))[:v], "as long as a block of I")
            I = note("6.C", "I", _changed(I, B), "B and 1, added to each block, make the next output another")  # noqa: E741
    return A[:length]  # steps 7 and 8


def _filled(octets: bytes, v: int) -> bytes:
    """Return copies of the octets, the last one cut, up to the next multiple of `v`; nothing for nothing."""
    size = -(-len(octets) // v) * v
    return (octets * (size // len(octets) + 1))[:size] if octets else b""


def _hash_r(octets: bytes, r: int, hash: HashFunction) -> bytes:
    """Return the r-th hash: H(H(… H(octets)))."""
    digest = hash(octets).digest()
    with unrecorded():  # the first one shows how it goes on
        for _ in range(1, r):
            digest = hash(digest).digest()
    return digest


def _changed(I: bytes, B: bytes) -> bytes:  # noqa: E741 - the standard's name
    """Return each block of I with B and 1 added, modulo 2^v (step 6.C)."""
    v, addend = len(B), int.from_bytes(B, "big") + 1
    blocks = [int.from_bytes(I[j : j + v], "big") for j in range(0, len(I), v)]
    return b"".join(((block + addend) % (1 << 8 * v)).to_bytes(v, "big") for block in blocks)
