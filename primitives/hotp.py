"""HOTP: one-time passwords from a counter that two parties share.

Standard     RFC 4226; other hashes than SHA-1 as in RFC 6238 §1.2.
Left out     The counter's upkeep and resynchronisation (§7): the caller's. The checksum digit of appendix C.
Timing       That of HMAC. Compare passwords with `hmac.compare_digest`.

>>> [hotp(b"12345678901234567890", counter) for counter in range(3)]     # RFC 4226 appendix D
['755224', '287082', '359152']
"""

from __future__ import annotations

from explain.trace import algorithm, note
from primitives.hashes import HashFunction
from primitives.hmac import hmac_digest
from primitives.integers import require_int
from primitives.octets import require_bytes
from primitives.sha1 import sha1


@algorithm("RFC 4226 §5.3", "HOTP", "a person can type it, and it is worth nothing afterwards")
def hotp(key: bytes, counter: int, *, digits: int = 6, hash: HashFunction = sha1) -> str:
    """Return the one-time password for this value of the counter, `digits` decimal digits (§5.3).

    key: the shared secret K, 16 bytes or more. counter: C, 0 to 2^64 - 1, never used twice.
    digits: 6 to 8 (§5.3). hash: the hash function of the HMAC.
    Raises `TypeError` or `ValueError` if something is not of its type, or out of its range.
    """
    key = require_bytes(key, "hotp: key")
    if len(key) < 16:
        raise ValueError(f"hotp: the key has {len(key)} bytes, expected 16 or more")  # §4 R6
    if not 0 <= require_int(counter, "hotp: counter") < 1 << 64:
        raise ValueError(f"hotp: counter is {counter}, expected 0 to 2^64 - 1")
    if not 6 <= require_int(digits, "hotp: digits") <= 8:
        raise ValueError(f"hotp: digits is {digits}, expected 6 to 8")
    C = note("§5.1", "C", counter.to_bytes(8, "big"), "HMAC takes bytes: with 8, the counter never runs out")
    HS = note("1", "HS", hmac_digest(key, C, hash=hash), "nobody without the key can compute it")
    return str(truncate(HS) % 10**digits).zfill(digits)  # step 3


def truncate(HS: bytes) -> int:
    """Return Snum, 31 bits from a place in `HS` that its last 4 bits choose (§5.3, DT in step 2, StToNum in step 3)."""
    offset = note("2", "offset", HS[-1] & 0xF, "which 4 bytes are taken, nobody can tell beforehand")
    # Without the topmost bit, signed and unsigned arithmetic agree on the remainder.
    Snum = int.from_bytes(HS[offset : offset + 4], "big") & 0x7FFFFFFF
    return note("3", "Snum", Snum, "its last decimal digits are the password")
