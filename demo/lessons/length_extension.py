"""hash(key ‖ message) as a MAC: anyone who has one digest goes on hashing from there, without the key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from struct import pack, unpack
from typing import NamedTuple

from demo.lessons.script import Script
from primitives import md5, sha1
from primitives.hashes import HashFunction
from primitives.hmac import HMAC, hmac_digest
from primitives.merkle_damgard import State

MESSAGE = b"to=friend&amount=1000"
EXTENSION = b"&to=attacker&amount=100000"
KEY_LENGTH = 16
BLOCK = 64


class Extendable(NamedTuple):
    """A hash of the Merkle–Damgård construction, as the attacker uses it.

    hash: the hash function. words: how its state becomes its digest. length: how it writes the length at its end.
    compress: takes its state over one more block.
    """

    hash: HashFunction
    words: str
    length: str
    compress: Callable[[State, bytes], State]


HASHES = {
    "SHA-1": Extendable(sha1.sha1, ">5I", ">Q", sha1.compress),
    "MD5": Extendable(md5.md5, "<4I", "<Q", md5.compress),
}


def lesson(script: Script) -> None:
    """Tell the lesson."""
    key = secrets.token_bytes(KEY_LENGTH)
    script.weak_form(
        "A server accepts what comes with hash(key ‖ message). Only someone who knows the key can compute that."
    )
    script.value("message", MESSAGE.decode())
    script.attack("A digest is the whole state of the hash. The attacker takes it up, and hashes a few bytes more.")
    for name, kind in HASHES.items():
        tag = kind.hash(key + MESSAGE).digest()
        longer, forged = extend(kind, tag)
        script.value(f"{name} of key ‖ message", tag)
        script.value("of something longer", forged)
        script.succeeded(
            kind.hash(key + longer).digest() == forged and longer.endswith(EXTENSION),
            f"The server accepts {EXTENSION.decode()} behind the old message and its padding.",
        )

    script.ours("The same against HMAC: the attacker has the tag, and goes on from it.")
    tag = hmac_digest(key, MESSAGE, hash=sha1.sha1)
    longer, forged = extend(HASHES["SHA-1"], tag)
    script.refused(
        lambda: HMAC(key, longer, hash=sha1.sha1).verify(forged),
        check="the inner hash is hashed once more under the key, so its state never gets out",
        where="primitives/hmac.py: HMAC.digest",
        section="RFC 2104 §2",
    )
    script.note("Even with SHA-1 inside. This stack takes SHA-256 all the same.")


def extend(kind: Extendable, tag: bytes) -> tuple[bytes, bytes]:
    """Return a longer message, and its tag, from the tag of key ‖ MESSAGE and the length of the key."""
    glue = padding(kind, KEY_LENGTH + len(MESSAGE))
    state: State = unpack(kind.words, tag)
    hashed = KEY_LENGTH + len(MESSAGE) + len(glue)
    rest = EXTENSION + padding(kind, hashed + len(EXTENSION))
    for i in range(0, len(rest), BLOCK):
        state = kind.compress(state, rest[i : i + BLOCK])
    return MESSAGE + glue + EXTENSION, pack(kind.words, *state)


def padding(kind: Extendable, length: int) -> bytes:
    """Return what the hash appends to `length` bytes (FIPS 180-4 §5.1.1, RFC 1321 §3.1 and §3.2)."""
    return b"\x80" + bytes(-(length + 9) % BLOCK) + pack(kind.length, 8 * length)
