"""Long sums, done once: for tests that tell the same conversation to a party again and again, with little changes.

With the same randomness a party computes mostly what it has computed before. What it computes is the same with this and
without; only the time is not.
"""

from functools import lru_cache

import pytest

import handshake.sessions.tickets
import primitives.rsa
import primitives.x25519_keys
import record.aead
import record.cbc
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha384, sha512

MEMORY = 50_000  # results of each function
FUNCTIONS = (
    *((kind, "_compress_blocks") for kind in (sha1, sha256, sha384, sha512)),
    (primitives.rsa, "_private"),
    (primitives.rsa, "_public"),
    (primitives.x25519_keys, "x25519"),
    (handshake.sessions.tickets, "AES"),
    (record.aead, "AESGCM"),
    (record.cbc, "AES"),
)
REMEMBERING = [(where, name, lru_cache(MEMORY)(getattr(where, name))) for where, name in FUNCTIONS]


def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes, ciphers, RSA and X25519 be computed once for each input, until the end of the test."""
    for where, name, function in REMEMBERING:
        monkeypatch.setattr(where, name, staticmethod(function) if isinstance(where, type) else function)
