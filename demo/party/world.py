"""What a party takes from the world around it: randomness and the time.

With a seed both are made up from it, so that a whole run repeats byte for byte. Anyone who knows the seed
knows every key of the run: it is for studying and testing, and INSECURE for anything else.

>>> first, again = (World("client", seed=1).random_bytes("key") for _ in range(2))
>>> first(20) + first(0) + first(40_000) == again(40_020)
True
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from explain.trace import unrecorded
from primitives.chacha20 import chacha20_xor
from primitives.hmac_drbg import HMAC_DRBG
from primitives.integers import RandomBytes

SEEDED_TIME = datetime(2025, 1, 1, tzinfo=UTC)
CHUNK = 16_384  # bytes of key stream that are made at once
BLOCK = 64  # bytes that ChaCha20's counter counts (RFC 8439 §2.4)


class World:
    """The world of one party.

    party: its name; parties with the same seed still have randomness of their own.
    seed: repeats a run; None takes the system's randomness and clock.
    at: the time the party takes for now, whatever the clock says.
    """

    def __init__(self, party: str, *, seed: int | None = None, at: datetime | None = None) -> None:
        self._party, self._seed = party, seed
        self._at = SEEDED_TIME + timedelta(seconds=seed % 86_400) if at is None and seed is not None else at

    def now(self) -> datetime:
        """Return the time, in UTC and whole seconds."""
        return (self._at or datetime.now(UTC)).replace(microsecond=0)

    def random_bytes(self, purpose: str) -> RandomBytes:
        """Return a source of randomness for one purpose, such as `key` or `connection`.

        Each purpose has its own, so that what one thread draws does not depend on what another one draws.
        """
        if self._seed is None:
            return secrets.token_bytes
        generator = HMAC_DRBG(
            entropy_input=self._seed.to_bytes(32, "big"),  # no entropy at all, which is why this is INSECURE
            nonce=b"cutaway seeded run",
            personalization_string=f"{self._party}/{purpose}".encode(),
        )
        return _KeyStream(generator(32))


class _KeyStream:
    """ChaCha20's key stream as a source of bytes. Looking for a prime takes a quarter of a million of them, and
    straight from the DRBG they would take seconds.
    """

    def __init__(self, key: bytes) -> None:
        self._key, self._counter, self._buffer = key, 0, b""

    def __call__(self, n: int) -> bytes:
        while len(self._buffer) < n:
            with unrecorded():  # how the seed makes up randomness is not a step of what draws it
                self._buffer += chacha20_xor(self._key, self._counter, bytes(12), bytes(CHUNK))
            self._counter += CHUNK // BLOCK
        taken, self._buffer = self._buffer[:n], self._buffer[n:]
        return taken
