"""HKDF: keys of any length out of a secret that is unpredictable, but not uniformly random.

Standard     RFC 5869.
Left out     Nothing.
Timing       Depends on the lengths; the hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> prk = hkdf_extract(bytes(range(13)), bytes.fromhex("0b" * 22), hash=sha256)     # RFC 5869 appendix A.1
>>> prk.hex()
'077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5'
>>> hkdf_expand(prk, bytes(range(0xf0, 0xfa)), 16, hash=sha256).hex()
'3cb25f25faacd57a90434f64d0362f2a'
"""

from __future__ import annotations

from explain.trace import algorithm, steps
from primitives.hashes import HashFunction
from primitives.hmac import HMAC, hmac_digest
from primitives.integers import require_int
from primitives.octets import require_bytes


@algorithm("RFC 5869 §2.2", "HKDF-Extract", "gathers into one key what is random in the secret")
def hkdf_extract(salt: bytes, ikm: bytes, *, hash: HashFunction) -> bytes:
    """Return PRK, a pseudorandom key as long as the hash's digest, out of the input keying material (§2.2).

    salt: no secret, best random, bytes of any length. ikm: the secret, such as a Diffie–Hellman result, any length.
    hash: the hash function, such as `sha256`.
    """
    salt = require_bytes(salt, "hkdf_extract: salt")
    ikm = require_bytes(ikm, "hkdf_extract: ikm")
    # §2.2 takes HashLen zeros for a missing salt: HMAC fills an empty key up with zeros all the same.
    return hmac_digest(salt, ikm, hash=hash)


def hkdf_expand(prk: bytes, info: bytes, length: int, *, hash: HashFunction) -> bytes:
    """Return OKM, `length` bytes of output keying material (§2.3).

    prk: a pseudorandom key, at least as long as the hash's digest. info: what the output is for, any length.
    length: 0 to 255 digests. hash: the hash function, such as `sha256`.
    Raises `ValueError` if the key is too short, or `length` out of its range.
    """
    return Expansion(prk, hash=hash).expand(info, length)


class Expansion:
    """HKDF-Expand under one key, which is absorbed once, for all that is derived from it (§2.3).

    prk: a pseudorandom key, at least as long as the hash's digest. hash: the hash function, such as `sha256`.
    Raises `ValueError` if the key is too short.
    """

    __slots__ = ("_hash", "_keyed", "_prk")

    def __init__(self, prk: bytes, *, hash: HashFunction) -> None:
        self._prk, self._hash = require_bytes(prk, "hkdf_expand: prk"), hash
        self._keyed: HMAC | None = None
        if len(prk) < hash.digest_size:
            raise ValueError(f"hkdf_expand: prk has {len(prk)} bytes, expected at least {hash.digest_size}")

    @algorithm("RFC 5869 §2.3", "HKDF-Expand", "one key becomes as many bytes as are needed")
    def expand(self, info: bytes, length: int) -> bytes:
        """Return OKM, `length` bytes of output keying material, as `hkdf_expand` does."""
        info = require_bytes(info, "hkdf_expand: info")
        HashLen = self._hash.digest_size
        if not 0 <= require_int(length, "hkdf_expand: length") <= 255 * HashLen:
            raise ValueError(f"hkdf_expand: length is {length}, expected 0 to {255 * HashLen}")
        if self._keyed is None:
            self._keyed = HMAC(self._prk, hash=self._hash)
        T = OKM = b""
        for i in range(1, -(-length // HashLen) + 1):
            with steps("", f"T({i})", "the block before and the number go in, so no two blocks are equal") as block:
                mac = self._keyed.copy()
                mac.update(T + info + bytes([i]))
                T = block.gives(mac.digest(), "HMAC(PRK, {T} ‖ {info} ‖ {i})")
            OKM += T
        return OKM[:length]
