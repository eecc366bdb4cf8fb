"""AES-GCM: encryption with a counter, authenticated by a polynomial over GF(2^128).

Standard     SP 800-38D (2007).
Left out     Tags shorter than 16 bytes. Rekeying before a key was used too often (§8.3): the caller counts.
Timing       GHASH and AES show something of their keys: see the heads of `lanes/ghash.py` and `aes.py`. Tags are
             compared in constant time.

>>> sealed = AESGCM(bytes(16)).encrypt(bytes(12), bytes(16), b"")     # the GCM specification, test case 2
>>> sealed.hex(" ", 16)
'0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf'
>>> AESGCM(bytes(16)).decrypt(bytes(12), sealed, b"") == bytes(16)
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hmac import compare_digest
from typing import TypeAlias

from explain.trace import algorithm, note, steps, tracing
from primitives.aes import AES
from primitives.errors import InvalidTag
from primitives.integers import i2osp, os2ip
from primitives.lanes import ghash as lanes
from primitives.lanes.aes_planes import BLOCKS
from primitives.lanes.counters import counter_blocks
from primitives.lanes.runs import runs
from primitives.octets import BytesLike, require_bytes, xor

R = 0b11100001 << 120  # §6.3: 1 + x + x^2 + x^7, which is what x^128 is in this field

TAG_SIZE = 16
MAX_PLAINTEXT = 2**36 - 32  # bytes (§5.2.1.1): 2^32 − 2 blocks, as two of the counter's values are taken


# --- The standard's algorithms, one by one: the textbook path.


@algorithm("SP 800-38D §6.3", "X • Y", "blocks are polynomials: the product is taken modulo x^128 + x^7 + x^2 + x + 1")
def multiply(X: bytes, Y: bytes) -> bytes:
    """Return X • Y, the product of two blocks (§6.3, Algorithm 1).

    A block is a polynomial, its first bit the coefficient of x^0: so to multiply by x is to shift right.
    """
    Z, V = 0, os2ip(Y)  # step 2
    for i, x_i in enumerate(f"{os2ip(X):0128b}"):  # step 1
        if x_i == "1":
            Z ^= V
        V = V >> 1 ^ R if V & 1 else V >> 1
        shown = x_i, i2osp(Z, 16), i2osp(V, 16)
        note("3", f"x_{i}, Z_{i + 1}, V_{i + 1}", shown, "V is x^i • Y, and those for which X has the bit add up")
    return i2osp(Z, 16)  # step 4


@algorithm("SP 800-38D §6.4", "GHASH", "few H give two messages the same value: a polynomial has few roots")
def ghash(H: bytes, X: bytes) -> bytes:
    """Return GHASH_H(X) = X_1 • H^m ⊕ … ⊕ X_m • H (§6.4, Algorithm 2).

    H: 16 bytes; X: a multiple of 16 bytes.
    """
    Y = bytes(16)  # step 2
    for i in range(1, len(X) // 16 + 1):
        with steps("3", f"Y_{i}", "one product for each block: Horner's rule for polynomials") as turn:
            X_i = note("1", f"X_{i}", X[16 * i - 16 : 16 * i], "the next block is the next coefficient")
            Y = turn.gives(multiply(xor(Y, X_i), H), "({Y} ⊕ {X_i}) • {H}")
    return Y


def inc_32(X: bytes) -> bytes:
    """Return the block X with its last 32 bits counted up by one, modulo 2^32 (§6.2)."""
    return X[:12] + i2osp((os2ip(X[12:]) + 1) % 2**32, 4)


@algorithm("SP 800-38D §6.5", "GCTR", "nobody without the key can make the mask of encrypted counters")
def gctr(cipher: AES, ICB: bytes, X: bytes) -> bytes:
    """Return X masked by the encryptions of ICB, inc_32(ICB), … (§6.5, Algorithm 3)."""
    Y, CB = b"", ICB  # step 4; for an empty X, this is all (step 1)
    for i in range(1, -(-len(X) // 16) + 1):
        with steps("6", f"Y_{i}", "each block has a mask of its own") as turn:
            X_i = X[16 * i - 16 : 16 * i]
            mask = cipher.encrypt_block(note("5", f"CB_{i}", CB, "the counter never repeats, so no mask does"))
            Y += turn.gives(xor(X_i, mask[: len(X_i)]), "{X_i} ⊕ MSB(CIPH({CB}))")  # step 7: the last may be shorter
        CB = inc_32(CB)
    return Y


@algorithm("SP 800-38D §7.1", "GCM-AE", "mask, then authenticate: no forgery is ever unmasked")
def GCM_AE(cipher: AES, H: bytes, IV: bytes, P: bytes, A: bytes) -> bytes:
    """Return the ciphertext of P and its tag, which is that of A as well (§7.1, Algorithm 4)."""
    note("1", "H", H, "the encryption of zeros: a key of the authenticator, which nobody else can compute")
    J_0 = note("2", "J_0", _counter_block(IV, partial(ghash, H)), "where counting starts from: another place per nonce")
    C = note("3", "C", gctr(cipher, inc_32(J_0), P), "from the second counter on: the first one masks the tag")
    S = note("5", "S", ghash(H, _blocks(A, C)), "of A, of C, and of their lengths: bytes cannot change sides")
    return C + note("6", "T", gctr(cipher, J_0, S), "masked, or H could be computed from it")


@algorithm("SP 800-38D §7.2", "GCM-AD", "nothing is unmasked before its tag is right")
def GCM_AD(cipher: AES, H: bytes, IV: bytes, C: bytes, A: bytes, T: bytes) -> bytes:
    """Return the plaintext of C; raise `InvalidTag` if T is not the tag of C and A (§7.2, Algorithm 5)."""
    note("2", "H", H, "the encryption of zeros: a key of the authenticator, which nobody else can compute")
    J_0 = note("3", "J_0", _counter_block(IV, partial(ghash, H)), "where counting starts from: another place per nonce")
    # The standard computes P first, and then forgets it where the tag is wrong. Here P is never made.
    S = note("6", "S", ghash(H, _blocks(A, C)), "of A, of C, and of their lengths: bytes cannot change sides")
    expected = note("7", "T′", gctr(cipher, J_0, S), "masked, or H could be computed from it")
    if not note("8", "T = T′", compare_digest(expected, T), "the sender had this key, and no bit has changed since"):
        raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
    return gctr(cipher, inc_32(J_0), C)  # step 4


def _counter_block(IV: bytes, ghash: Callable[[bytes], bytes]) -> bytes:
    """Return J_0, the block that counting starts from: the IV and a 1, or where that does not fit, its hash (§7.1)."""
    if len(IV) == 12:
        return IV + b"\0\0\0\1"
    return ghash(IV + bytes(-len(IV) % 16 + 8) + i2osp(8 * len(IV), 8))


def _blocks(A: bytes, C: bytes) -> bytes:
    """Return what is authenticated of the data A and the ciphertext C, in whole blocks (§7.1 steps 4 and 5)."""
    v, u = bytes(-len(A) % 16), bytes(-len(C) % 16)
    return b"".join((A, v, C, u, i2osp(8 * len(A), 8), i2osp(8 * len(C), 8)))


# --- The same, faster.


class AESGCM:
    """AES-GCM under one key.

    key: 16, 24 or 32 bytes. Raises `TypeError` or `ValueError` for anything else.
    """

    __slots__ = ("_H", "_cipher", "_powers")

    def __init__(self, key: BytesLike) -> None:
        self._cipher = AES(key)
        self._H = self._cipher.encrypt_block(bytes(16))  # §7.1 step 1
        self._powers = lanes.Powers(self._H)

    def __repr__(self) -> str:
        return f"<{self._cipher.name}-GCM, key hidden>"

    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return the ciphertext, as long as `plaintext`, and its tag, 16 bytes (§7.1, Algorithm 4).

        nonce: 1 byte or more, 12 at best: the standard's IV. No nonce may ever be used twice under one key: that gives
        away what both messages differ in, and the key H of the authenticator.
        plaintext: at most 2^36 − 32 bytes. aad: what is authenticated, but not encrypted; bytes of any length.
        Raises `ValueError` for other lengths.
        """
        nonce, plaintext, aad = _check_plaintext(nonce, plaintext, aad)
        if tracing():
            return GCM_AE(self._cipher, self._H, nonce, plaintext, aad)
        J_0 = _counter_block(nonce, self._ghash)
        C = self._gctr(inc_32(J_0), plaintext)
        return C + self._gctr(J_0, self._ghash(_blocks(aad, C)))

    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `InvalidTag` if the tag does not belong to all of these (§7.2, Algorithm 5).

        nonce, aad: those that it was encrypted with. ciphertext: what `encrypt` returned, its tag included.
        """
        nonce, sealed, aad = _check(nonce, ciphertext, aad)
        C, T = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
        if not TAG_SIZE <= len(sealed) <= MAX_PLAINTEXT + TAG_SIZE:  # step 1
            note("SP 800-38D §7.2 step 1", "length", False, "a tag at least, and no more than can be counted")
            raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
        if tracing():
            return GCM_AD(self._cipher, self._H, nonce, C, aad, T)
        J_0 = _counter_block(nonce, self._ghash)
        if not compare_digest(self._gctr(J_0, self._ghash(_blocks(aad, C))), T):
            raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
        return self._gctr(inc_32(J_0), C)

    def encrypt_many(self, messages: Iterable[tuple[bytes, bytes, bytes]]) -> list[bytes]:
        """Return what `encrypt` would for each of the messages, with the counters of many of them encrypted together.

        messages: of each, nonce, plaintext and aad; each is taken from the iterable when it is needed.
        """
        if tracing():
            return [self.encrypt(*message) for message in messages]
        sealed = []
        for (_, P, A), mask, stream in self._with_masks(_check_plaintext(*message) for message in messages):
            C = xor(P, stream)
            sealed.append(C + xor(self._ghash(_blocks(A, C)), mask))
        return sealed

    def decrypt_many(self, messages: Iterable[tuple[bytes, BytesLike, bytes]]) -> list[bytes | None]:
        """Return what `decrypt` would for each of the messages, None for the first whose tag does not belong to it.

        What follows that one is left out.

        messages: of each, nonce, ciphertext and aad; each is taken from the iterable when it is needed.
        """
        checked = (_check(*message) for message in messages)
        opened: list[bytes | None] = []
        if tracing():
            for message in checked:
                try:
                    opened.append(self.decrypt(*message))
                except InvalidTag:
                    return [*opened, None]
            return opened
        for (_, sealed, A), mask, stream in self._with_masks(checked):
            C, T = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
            if not compare_digest(xor(self._ghash(_blocks(A, C)), mask), T):
                return [*opened, None]
            opened.append(xor(C, stream[: len(C)]))
        return opened

    def _with_masks(self, checked: Iterable[Checked]) -> Iterator[tuple[Checked, bytes, bytes]]:
        """Return each of the messages, the mask of its tag, and one as long as its data."""
        for run in runs(checked, length=_masks, at_most=BLOCKS):
            counters = [counter_blocks(_counter_block(each[0], self._ghash), _masks(each), bits=32) for each in run]
            masks = self._cipher.encrypt_blocks(b"".join(counters))
            start = 0
            for message, counter in zip(run, counters, strict=True):
                yield message, masks[start : start + 16], masks[start + 16 : start + 16 + len(message[1])]
                start += len(counter)

    def _gctr(self, ICB: bytes, X: bytes) -> bytes:
        """Return what `gctr` does, with all counters encrypted together."""
        masks = self._cipher.encrypt_blocks(counter_blocks(ICB, -(-len(X) // 16), bits=32))
        return xor(X, masks[: len(X)])

    def _ghash(self, X: bytes) -> bytes:
        """Return what `ghash` does, with many blocks at once."""
        return lanes.ghash(self._powers, X)


Checked: TypeAlias = tuple[bytes, bytes, bytes]
"""Nonce, data and aad."""


def _masks(message: Checked) -> int:
    """Return how many blocks of masks a message takes: one for the tag, and those for the data."""
    return 1 + -(-len(message[1]) // 16)


def _check_plaintext(nonce: bytes, plaintext: bytes, aad: bytes) -> Checked:
    """Return what `_check` does; raise `ValueError` if the plaintext is longer than the counter allows."""
    if len(plaintext) > MAX_PLAINTEXT:
        raise ValueError(f"AES-GCM: the plaintext has {len(plaintext)} bytes, expected at most {MAX_PLAINTEXT}")
    return _check(nonce, plaintext, aad)


def _check(nonce: bytes, data: BytesLike, aad: bytes) -> Checked:
    """Return the arguments as bytes; raise `TypeError` or `ValueError` if they are not, or the nonce is empty."""
    nonce, aad = require_bytes(nonce, "AES-GCM: nonce"), require_bytes(aad, "AES-GCM: aad")
    if not nonce:
        raise ValueError("AES-GCM: the nonce has 0 bytes, expected 1 or more, 12 at best")
    return nonce, require_bytes(data, "AES-GCM: data"), aad
