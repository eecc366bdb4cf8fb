"""The pseudorandom function of TLS 1.2, which makes as many key bytes as are needed out of one secret.

Standard     RFC 5246 §5.
Left out     The PRF of TLS 1.0 and 1.1 (MD5 and SHA-1 together).
Timing       Depends on the lengths; the hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> secret = bytes.fromhex("9bbe436ba940f017b17652849a71db35")
>>> seed = bytes.fromhex("a0ba9f936cda311827a6f796ffd5198c")
>>> tls12_prf(secret, label=b"test label", seed=seed, length=16, hash=sha256).hex()     # IETF TLS list, P_SHA256
'e3f229ba727be17b8d122620557cd453'
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps, tracing
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import require_int
from primitives.octets import require_bytes


def P_hash(secret: bytes, *, seed: bytes, length: int, hash: HashFunction) -> bytes:
    """Return `length` bytes of `HMAC(secret, A(1) ‖ seed) ‖ HMAC(secret, A(2) ‖ seed) ‖ …`.

    Here A(0) is the seed and A(i) is HMAC(secret, A(i - 1)), so that no block of the output gives away the next.

    secret: the HMAC key, bytes of any length. seed: bytes of any length.
    hash: the hash function, such as `sha256`.
    Raises `ValueError` if `length` is negative.
    """
    return PRF(secret, hash=hash).expand(seed=require_bytes(seed, "P_hash: seed"), length=length)


class PRF:
    """The PRF under one secret, which is absorbed once, for all that is derived from it.

    secret: bytes of any length. hash: the hash function that the cipher suite names, such as `sha256`.
    """

    __slots__ = ("_hash", "_keyed", "_secret")

    def __init__(self, secret: bytes, *, hash: HashFunction) -> None:
        self._secret, self._hash = require_bytes(secret, "P_hash: secret"), hash
        self._keyed: HMAC | None = None

    @algorithm("RFC 5246 §5", "PRF", "label and seed keep outputs for different uses apart")
    def derive(self, *, label: bytes, seed: bytes, length: int) -> bytes:
        """Return `length` bytes of PRF(secret, label, seed) = P_hash(secret, label ‖ seed), as `tls12_prf` does."""
        label = require_bytes(label, "tls12_prf: label")
        seed = require_bytes(seed, "tls12_prf: seed")
        return self.expand(
            seed=note("", "label ‖ seed", label + seed, "P_hash has one input: both go into it"), length=length
        )

    @algorithm("RFC 5246 §5", "P_{self._hash.name}", "HMAC, iterated, expands a secret to any length")
    def expand(self, *, seed: bytes, length: int) -> bytes:
        """Return what `P_hash` does."""
        if require_int(length, "P_hash: length") < 0:
            raise ValueError(f"P_hash: length is {length}, expected 0 or more")
        if self._keyed is None:
            self._keyed = HMAC(self._secret, hash=self._hash)
        blocks = -(-length // self._hash.digest_size)
        if tracing():
            return _P_hash(self._keyed, seed, blocks)[:length]  # what the last block has too much is thrown away
        return _P_hash_together(self._keyed, seed, blocks)[:length]


def _P_hash(keyed: HMAC, seed: bytes, blocks: int) -> bytes:
    """Return `HMAC(secret, A(1) ‖ seed) ‖ HMAC(secret, A(2) ‖ seed) ‖ …`, so many blocks: the textbook path."""
    output, A = b"", seed
    for i in range(1, blocks + 1):
        with steps("", f"A({i})", "nobody without the secret can make the next one from it") as link:
            A = link.gives(_mac(keyed, A), "HMAC(secret, {A})")
        with steps("", f"HMAC(secret, A({i}) ‖ seed)", "no block gives away A, from which the next is made") as block:
            output += block.gives(_mac(keyed, A + seed))
    return output


def _P_hash_together(keyed: HMAC, seed: bytes, blocks: int) -> bytes:
    """Return the same, all blocks together: only A waits for the A before it."""
    chain = [seed]
    for _ in range(blocks):
        chain.append(_mac(keyed, chain[-1]))
    return b"".join(keyed.digest_many([A + seed for A in chain[1:]]))


def _mac(keyed: HMAC, message: bytes) -> bytes:
    """Return the tag of `message` under the key that `keyed` has absorbed."""
    mac = keyed.copy()
    mac.update(message)
    return mac.digest()


def tls12_prf(secret: bytes, *, label: bytes, seed: bytes, length: int, hash: HashFunction) -> bytes:
    """Return `length` bytes of PRF(secret, label, seed) = P_hash(secret, label ‖ seed).

    secret: what the output is derived from, bytes of any length.
    label: says what the output is for, ASCII such as `b"master secret"`: other labels, unrelated outputs.
    seed: what binds it to one handshake, such as the two randoms; bytes of any length.
    hash: the hash function that the cipher suite names, such as `sha256`.
    Raises `ValueError` if `length` is negative.
    """
    return PRF(secret, hash=hash).derive(label=label, seed=seed, length=length)
