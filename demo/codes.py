"""One-time enrolment codes: how the TTP knows that a request comes from the party it is meant for.

The TTP's operator hands each applicant a code by a way that no network touches (here: a letter, which is a
file). Whoever shows the code is the applicant. The TTP keeps a code's hash alone, so that reading its
memory gives none away; a code opens one enrolment, and few wrong guesses close it.

Standard     None: the idea is the enrolment secret of RFC 7030 §3.2.3 and RFC 8995; the form is our own.
Timing       A guess is hashed and compared in constant time, also for an applicant who does not exist.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest

from primitives.integers import RandomBytes, random_below
from primitives.sha2 import sha256

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 and O, no 1 and I: codes are read and typed by people
GROUPS, GROUP_LENGTH = 4, 4  # 16 characters of 5 bits: 80 bits, beyond any guessing, so a plain hash is enough
MAX_TRIES = 5


class CodeError(Exception):
    """The code does not open an enrolment; the message says why as far as the applicant may know."""


@dataclass(slots=True)
class _Code:
    hashed: bytes
    tries: int = 0


def _hashed(applicant: str, code: str) -> bytes:
    """Hash the code as it is meant: people type small letters and leave out hyphens."""
    plain = "".join(c for c in code.upper() if c not in "- ")
    return sha256(f"{applicant}\0{plain}".encode()).digest()


class EnrolmentCodes:
    """The codes that are open. Safe to use from many threads."""

    def __init__(self) -> None:
        self._open: dict[str, _Code] = {}
        self._void: set[str] = set()
        self._lock = threading.Lock()

    def new(self, applicant: str, *, random_bytes: RandomBytes) -> str:
        """Return a fresh code for `applicant`, such as `K7QF-2MXD-9TRW-B4HS`; one it had before is void."""
        letters = "".join(ALPHABET[random_below(32, random_bytes=random_bytes)] for _ in range(GROUPS * GROUP_LENGTH))
        code = "-".join(letters[i : i + GROUP_LENGTH] for i in range(0, len(letters), GROUP_LENGTH))
        with self._lock:
            self._void.discard(applicant)
            self._open[applicant] = _Code(_hashed(applicant, code))
        return code

    @contextmanager
    def redeem(self, applicant: str, code: str) -> Iterator[None]:
        """Use up the applicant's code with what is done in this block; if that raises, the code is as before.

        Raises `CodeError` if `code` is not the applicant's. Two who come with the same code at the same time get
        one enrolment between them, since it is taken away before the block begins.
        """
        held = self._take(applicant, code)
        try:
            yield
        except BaseException:
            with self._lock:
                self._open.setdefault(applicant, held)
            raise

    def _take(self, applicant: str, code: str) -> _Code:
        guess = _hashed(applicant, code)
        with self._lock:
            held = self._open.get(applicant)
            right = compare_digest(guess, held.hashed if held else bytes(32))
            if held is None:
                raise CodeError(f"no enrolment code is open for the {applicant}")
            if right:
                return self._open.pop(applicant)
            held.tries += 1
            if held.tries < MAX_TRIES:
                raise CodeError("the enrolment code is wrong")
            del self._open[applicant]
            self._void.add(applicant)
        raise CodeError(f"the enrolment code is wrong, and after {MAX_TRIES} wrong ones it is void")

    @property
    def open(self) -> frozenset[str]:
        """The applicants whose code has not been used."""
        with self._lock:
            return frozenset(self._open)

    @property
    def void(self) -> frozenset[str]:
        """The applicants whose code was guessed at too often."""
        with self._lock:
            return frozenset(self._void)
