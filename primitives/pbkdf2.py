"""PBKDF2: a key out of a password, made slow on purpose.

Standard     RFC 8018 §5.2, with HMAC as the pseudorandom function (appendix B.1).
Left out     Other pseudorandom functions.
Timing       Depends on the lengths and on `iterations`; the hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> pbkdf2_hmac(b"passwd", b"salt", 1, 16, hash=sha256).hex()     # RFC 7914 §11
'55ac046e56e3089fec1691c22544b605'
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing, unrecorded
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import require_int
from primitives.octets import require_bytes

SHOWN = 3  # A recording shows the first iterations in full; thousands more would say the same again.


@algorithm("RFC 8018 §5.2", "PBKDF2", "many iterations make guessing passwords slow")
def pbkdf2_hmac(password: bytes, salt: bytes, iterations: int, length: int, *, hash: HashFunction) -> bytes:
    """Return a key of `length` bytes, derived from a password.

    password: bytes of any length. salt: best 16 random bytes or more: the same password, other keys.
    iterations: 1 or more; each costs an attacker as much for a guess as it costs you.
    length: 1 or more. hash: the hash function of the HMAC, such as `sha256`.
    Raises `TypeError` or `ValueError` if a number is not an int, or is out of its range.
    """
    password = require_bytes(password, "pbkdf2_hmac: password")
    salt = require_bytes(salt, "pbkdf2_hmac: salt")
    hLen = hash.digest_size
    if require_int(iterations, "pbkdf2_hmac: iterations") < 1:
        raise ValueError(f"pbkdf2_hmac: iterations is {iterations}, expected 1 or more")
    if not 1 <= require_int(length, "pbkdf2_hmac: length") <= (2**32 - 1) * hLen:  # step 1
        raise ValueError(f"pbkdf2_hmac: length is {length}, expected 1 to {(2**32 - 1) * hLen}")
    keyed = HMAC(password, hash=hash)  # the password is absorbed once, for all iterations
    blocks = -(-length // hLen)  # step 2
    if not tracing():
        return b"".join(_all_blocks(keyed, salt, iterations, blocks))[:length]
    DK = b"".join(_F(keyed, salt, iterations, i) for i in range(1, blocks + 1))  # step 3
    return DK[:length]  # step 4


def _all_blocks(keyed: HMAC, S: bytes, c: int, blocks: int) -> list[bytes]:
    """Return so many blocks of the key, as `_F` would, but each iteration of all blocks together."""
    U = keyed.digest_many([S + i.to_bytes(4, "big") for i in range(1, blocks + 1)])
    totals = [int.from_bytes(u, "big") for u in U]
    for _ in range(1, c):
        U = keyed.digest_many(U)
        totals = [total ^ int.from_bytes(u, "big") for total, u in zip(totals, U, strict=True)]
    return [total.to_bytes(keyed.digest_size, "big") for total in totals]


@algorithm("3", "T_{i}", "all iterations count, even if the last ones should run in a short cycle")
def _F(keyed: HMAC, S: bytes, c: int, i: int) -> bytes:
    """Return block `i` of the key: U_1 ⊕ U_2 ⊕ … ⊕ U_c."""
    U = S + i.to_bytes(4, "big")
    total = 0
    for j in range(1, min(c, SHOWN) + 1):
        with steps("", f"U_{j}", "each iteration needs the one before: they cannot run at the same time") as iteration:
            U = iteration.gives(_prf(keyed, U), "HMAC(P, {U})")
        total ^= int.from_bytes(U, "big")
    if c > SHOWN:
        with unrecorded():
            for _ in range(SHOWN, c):
                U = _prf(keyed, U)
                total ^= int.from_bytes(U, "big")
        note("", f"U_{c}", U, "the iterations up to here are made like the ones before")
    return total.to_bytes(len(U), "big")


def _prf(keyed: HMAC, message: bytes) -> bytes:
    """Return HMAC(P, message)."""
    mac = keyed.copy()
    mac.update(message)
    return mac.digest()
