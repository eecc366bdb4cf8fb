"""Long sums, done once: for tests that tell the same conversation to a party again and again, with little changes.

With the same randomness a party computes mostly what it has computed before. What it computes is the same with this and
without; only the time is not.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import pytest

import handshake.groups
import handshake.tickets
import record.aead
import record.cbc
from primitives.merkle_damgard import MerkleDamgard

MEMORY = 50_000  # results of each function
FUNCTIONS = (
    (handshake.groups, "x25519"),
    (handshake.tickets, "AES"),
    (record.aead, "AESGCM"),
    (record.cbc, "AES"),
    (record.cbc, "cbc_encrypt"),
    (record.cbc, "cbc_decrypt"),
)
FORGETFUL = [(room, name, getattr(room, name)) for room, name in FUNCTIONS]


@lru_cache(MEMORY)
def compress(kind: Any, H: tuple[int, ...], data: bytes) -> Any:
    return kind._compress_blocks(H, data)


def absorb(self: MerkleDamgard, data: bytes) -> Any:
    kind: Any = type(self)
    return compress(kind, self._H, data)


@cache
def remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    return lru_cache(MEMORY)(function)


def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes, ciphers and X25519 be computed once for each input, until the end of the test."""
    monkeypatch.setattr(MerkleDamgard, "_absorb", absorb)
    for room, name, function in FORGETFUL:
        monkeypatch.setattr(room, name, remembering(function))
