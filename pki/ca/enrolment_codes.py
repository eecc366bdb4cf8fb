"""One-time enrolment codes: how an authority knows that a request comes from whom it is meant for.

Its operator hands each applicant a code by a way that no network touches, such as a letter. Anyone who shows the code
is the applicant. The authority keeps a code's hash alone, so that its records give none away.

Standard     None: the idea is the enrolment secret of RFC 7030 §3.2.3; the form is our own.
Left out     A slow hash, as passwords need: these codes are random, and too many for anybody to try.
Timing       A guess is hashed and compared in constant time.
"""

from __future__ import annotations

from hmac import compare_digest

from primitives.integers import RandomBytes, random_below
from primitives.sha2 import sha256

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 and O, no 1 and I: codes are read and typed by people
GROUPS, GROUP_LENGTH = 4, 4  # 16 characters of 5 bits: 80 bits, beyond any guessing, so a plain hash is enough


class CodeError(Exception):
    """The code does not open an enrolment; the message says why as far as the applicant may know."""


def make_code(*, random_bytes: RandomBytes) -> str:
    """Return a fresh code, such as `K7QF-2MXD-9TRW-B4HS`."""
    letters = "".join(ALPHABET[random_below(32, random_bytes=random_bytes)] for _ in range(GROUPS * GROUP_LENGTH))
    return "-".join(letters[i : i + GROUP_LENGTH] for i in range(0, len(letters), GROUP_LENGTH))


def hash_code(applicant: str, code: str) -> bytes:
    """Return the 32 bytes that are kept of a code: people may type small letters and leave out hyphens."""
    plain = "".join(c for c in code.upper() if c not in "- ")
    return sha256(f"{applicant}\0{plain}".encode("utf-8", "surrogatepass")).digest()


def is_code(applicant: str, code: str, hashed: bytes) -> bool:
    """Return whether the code is the one of which `hashed` was kept."""
    return compare_digest(hash_code(applicant, code), hashed)
