"""TOTP: one-time passwords from the clock: HOTP, counting time steps.

Standard     RFC 6238.
Left out     Clock drift and the refusal of a second use (§5.2, §6): the caller's.
Timing       That of HOTP.

>>> totp(b"12345678901234567890", at=59, digits=8)     # RFC 6238 appendix B
'94287082'
"""

from __future__ import annotations

from math import floor

from explain.trace import algorithm, note
from primitives.hashes import HashFunction
from primitives.hotp import hotp
from primitives.integers import require_int
from primitives.sha1 import sha1


@algorithm("RFC 6238 §4.2", "TOTP", "the clock is a counter that both sides have already")
def totp(key: bytes, *, at: float, X: int = 30, T0: int = 0, digits: int = 6, hash: HashFunction = sha1) -> str:
    """Return the one-time password for the time `at`, `digits` decimal digits (§4.2).

    key: the shared secret K, 16 bytes or more. at: the Unix time, in seconds, not before `T0`.
    X: the time step in seconds, 1 or more. T0: the Unix time to count from.
    digits: 6 to 8. hash: the hash function of the HMAC; §1.2 allows `sha1`, `sha256` and `sha512`.
    Raises `ValueError` if something is out of its range.
    """
    if require_int(X, "totp: X") < 1:
        raise ValueError(f"totp: X is {X}, expected a time step of 1 second or more")
    if at < T0:
        raise ValueError(f"totp: at is {at}, expected {T0} (T0) or later")
    T = note("", "T = ⌊({at} − {T0}) / {X}⌋", floor((at - T0) / X), "within a time step, the password stays the same")
    return hotp(key, T, digits=digits, hash=hash)
