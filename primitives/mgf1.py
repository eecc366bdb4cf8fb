"""MGF1: a mask of any length from a short seed, by hashing the seed with a counter.

Standard     RFC 8017 appendix B.2.1.
Left out     Nothing.
Timing       That of the hash function: it depends on the lengths alone, as far as Python's arithmetic does.

>>> from primitives.sha1 import sha1
>>> seed = bytes.fromhex("aafd12f659cae63489b479e5076ddec2f06cb58f")
>>> mgf1(seed, 16, hash=sha1).hex()     # the first bytes of dbMask in RSA Laboratories' oaep-int.txt
'06e1deb2369aa5a5c707d82c8e4e9324'
"""

from __future__ import annotations

from explain.trace import algorithm, note
from primitives.hashes import HashFunction
from primitives.integers import i2osp, require_int
from primitives.octets import require_bytes


@algorithm("RFC 8017 §B.2.1", "MGF1", "stretches the seed into a mask as long as what it hides")
def mgf1(mgfSeed: bytes, maskLen: int, *, hash: HashFunction) -> bytes:
    """Return the mask that belongs to a seed.

    mgfSeed: any length.
    maskLen: the length of the mask in bytes, at most 2^32 times that of the hash.
    hash: the hash function, such as `sha256`.

    Raises `ValueError` for a longer mask.
    """
    mgfSeed = require_bytes(mgfSeed, "MGF1: the seed")
    hLen = hash.digest_size
    if not 0 <= require_int(maskLen, "MGF1: maskLen") <= hLen << 32:  # step 1
        raise ValueError(f"MGF1: a mask of {maskLen} bytes, expected 0 to 2^32 times the hash's {hLen}")
    T = b""  # step 2
    for counter in range(-(-maskLen // hLen)):  # step 3
        C = note("3.A", "C", i2osp(counter, 4), "the counter keeps the pieces of the mask apart")
        T += hash(mgfSeed + C).digest()  # step 3.B
    return T[:maskLen]  # step 4
