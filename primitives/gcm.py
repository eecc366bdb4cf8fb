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

from collections.abc import Iterable, Iterator
from hmac import compare_digest
from typing import TypeAlias

from explain import trace
from primitives.aes import AES
from primitives.errors import InvalidTag
from primitives.lanes import ghash as lanes
from primitives.lanes.aes_planes import BLOCKS
from primitives.lanes.counters import counter_blocks
from primitives.lanes.runs import runs
from primitives.octets import BytesLike, require_bytes, xor

R = 0b11100001 << 120  # §6.3: 1 + x + x^2 + x^7, which is what x^128 is in this field

TAG_SIZE = 16
MAX_PLAINTEXT = 2**36 - 32  # bytes (§5.2.1.1): 2^32 − 2 blocks, as two of the counter's values are taken


def multiply(X: bytes, Y: bytes) -> bytes:
    """Return X • Y, the product of two blocks (§6.3, Algorithm 1): the textbook path.

    A block is a polynomial, its first bit the coefficient of x^0: so to multiply by x is to shift right.
    """
    section = "SP 800-38D §6.3 step "
    with trace.group("X • Y", "SP 800-38D §6.3", why="the product modulo x^128 + x^7 + x^2 + x + 1") as product:
        Z, V = 0, int.from_bytes(Y, "big")  # step 2
        for i, x_i in enumerate(f"{int.from_bytes(X, 'big'):0128b}"):  # step 1
            if x_i == "1":
                Z ^= V
            V = V >> 1 ^ R if V & 1 else V >> 1
            if trace.active():
                Z_i, V_i = Z.to_bytes(16, "big"), V.to_bytes(16, "big")
                trace.step(f"x_{i}, Z_{i + 1}, V_{i + 1}", (x_i, Z_i, V_i), section + "3", why="if x_i, add x^i • Y")
        product.value = Z_128 = Z.to_bytes(16, "big")  # step 4
    return Z_128


def ghash(H: bytes, X: bytes) -> bytes:
    """Return GHASH_H(X) = X_1 • H^m ⊕ … ⊕ X_m • H (§6.4, Algorithm 2): the textbook path.

    H: 16 bytes; X: a multiple of 16 bytes.
    """
    with trace.group("GHASH", "SP 800-38D §6.4", why="a polynomial with the blocks as coefficients, at H") as whole:
        Y = bytes(16)  # step 2
        for i in range(0, len(X), 16):
            with trace.group(f"Y_{i // 16 + 1}", "SP 800-38D §6.4 step 3", why="(Y ⊕ X_i) • H: Horner's rule") as turn:
                trace.step(f"X_{i // 16 + 1}", X[i : i + 16], "SP 800-38D §6.4 step 1", why="the next block")
                turn.value = Y = multiply(xor(Y, X[i : i + 16]), H)
        whole.value = Y
    return Y


def inc_32(X: bytes) -> bytes:
    """Return the block X with its last 32 bits counted up by one, modulo 2^32 (§6.2)."""
    return X[:12] + ((int.from_bytes(X[12:], "big") + 1) % 2**32).to_bytes(4, "big")


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
        if not trace.anybody:
            return self._seal(nonce, plaintext, aad)
        with trace.group("GCM-AE", "SP 800-38D §7.1", why="mask, then authenticate the masked") as whole:
            whole.value = sealed = self._seal(nonce, plaintext, aad)
        return sealed

    def _seal(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return the ciphertext and its tag (§7.1 steps 1 to 7)."""
        if trace.anybody:
            trace.step("H", self._H, "SP 800-38D §7.1 step 1", why="CIPH_K(0), the key of the authenticator")
        J_0 = self._counter_block(nonce, "SP 800-38D §7.1 step 2")
        C = self._gctr(inc_32(J_0), plaintext)  # step 3
        if trace.anybody:
            trace.step("C", C, "SP 800-38D §7.1 step 3", why="the message, masked")
        T = self._tag(J_0, C, aad, sections=("SP 800-38D §7.1 step 5", "SP 800-38D §7.1 step 6"))
        return C + T  # step 7

    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `InvalidTag` if the tag does not belong to all of these (§7.2, Algorithm 5).

        nonce, aad: those that it was encrypted with. ciphertext: what `encrypt` returned, its tag included.
        """
        nonce, sealed, aad = _check(nonce, ciphertext, aad)
        C, T = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
        if not TAG_SIZE <= len(sealed) <= MAX_PLAINTEXT + TAG_SIZE:  # step 1
            trace.step("length", False, "SP 800-38D §7.2 step 1", why="a tag at least, and no more than can be counted")
            raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
        if not trace.anybody:
            return self._open(nonce, C, T, aad)
        with trace.group("GCM-AD", "SP 800-38D §7.2", why="nothing is unmasked untested") as whole:
            whole.value = P = self._open(nonce, C, T, aad)
        return P

    def _open(self, nonce: bytes, C: bytes, T: bytes, aad: bytes) -> bytes:
        """Return the plaintext, if T is the tag (§7.2 steps 2 to 8)."""
        if trace.anybody:
            trace.step("H", self._H, "SP 800-38D §7.2 step 2", why="CIPH_K(0), the key of the authenticator")
        J_0 = self._counter_block(nonce, "SP 800-38D §7.2 step 3")
        # The standard computes P first, and then forgets it where the tag is wrong. Here P is never made.
        expected = self._tag(J_0, C, aad, sections=("SP 800-38D §7.2 step 6", "SP 800-38D §7.2 step 7"))
        is_equal = compare_digest(expected, T)  # step 8
        if trace.anybody:
            why = "the sender had this key, and no bit has changed"
            trace.step("T = T′", is_equal, "SP 800-38D §7.2 step 8", why=why)
        if not is_equal:
            raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
        return self._gctr(inc_32(J_0), C)  # step 4

    def encrypt_many(self, messages: Iterable[tuple[bytes, bytes, bytes]]) -> list[bytes]:
        """Return what `encrypt` would for each of the messages, with the counters of many of them encrypted together.

        messages: of each, nonce, plaintext and aad; each is taken from the iterable when it is needed.
        """
        if trace.active():
            return [self.encrypt(*message) for message in messages]
        sealed = []
        for (_, P, A), mask, stream in self._with_masks(_check_plaintext(*message) for message in messages):
            C = xor(P, stream)
            sealed.append(C + xor(self._S(C, A), mask))
        return sealed

    def decrypt_many(self, messages: Iterable[tuple[bytes, BytesLike, bytes]]) -> list[bytes | None]:
        """Return what `decrypt` would for each of the messages, None for the first whose tag does not belong to it.

        What follows that one is left out.

        messages: of each, nonce, ciphertext and aad; each is taken from the iterable when it is needed.
        """
        checked = (_check(*message) for message in messages)
        opened: list[bytes | None] = []
        if trace.active():
            for message in checked:
                try:
                    opened.append(self.decrypt(*message))
                except InvalidTag:
                    return [*opened, None]
            return opened
        for (_, sealed, A), mask, stream in self._with_masks(checked):
            C, T = sealed[:-TAG_SIZE], sealed[-TAG_SIZE:]
            if not compare_digest(xor(self._S(C, A), mask), T):
                return [*opened, None]
            opened.append(xor(C, stream[: len(C)]))
        return opened

    def _with_masks(self, checked: Iterable[Checked]) -> Iterator[tuple[Checked, bytes, bytes]]:
        """Return each of the messages, the mask of its tag, and one as long as its data."""
        for run in runs(checked, length=_masks, at_most=BLOCKS):
            counters = [counter_blocks(self._counter_block(each[0], ""), _masks(each), bits=32) for each in run]
            masks = self._cipher.encrypt_blocks(b"".join(counters))
            start = 0
            for message, counter in zip(run, counters, strict=True):
                yield message, masks[start : start + 16], masks[start + 16 : start + 16 + len(message[1])]
                start += len(counter)

    def _counter_block(self, IV: bytes, section: str) -> bytes:
        """Return J_0, the block that counting starts from (§7.1 step 2)."""
        if len(IV) == 12:
            J_0 = IV + b"\0\0\0\1"
        else:
            J_0 = self._ghash(IV + bytes(-len(IV) % 16 + 8) + (8 * len(IV)).to_bytes(8, "big"))
        if trace.anybody:
            trace.step("J_0", J_0, section, why="the nonce and a counter, or where it does not fit, its hash")
        return J_0

    def _gctr(self, ICB: bytes, X: bytes) -> bytes:
        """Return X masked by the encryptions of ICB, inc_32(ICB), … (§6.5, Algorithm 3)."""
        if not X:
            return b""  # step 1
        n = -(-len(X) // 16)  # step 2
        if not trace.active():
            return xor(X, self._cipher.encrypt_blocks(counter_blocks(ICB, n, bits=32))[: len(X)])
        section = "SP 800-38D §6.5"
        with trace.group("GCTR", section, why="encrypted counters are a mask that nobody else can make") as whole:
            Y = b""
            CB = ICB  # step 4
            for i in range(n):
                with trace.group(f"Y_{i + 1}", f"{section} step 6", why="a block of X, masked") as turn:
                    trace.step(f"CB_{i + 1}", CB, f"{section} step 5", why="the counter never repeats, so no mask does")
                    mask = self._cipher.encrypt_block(CB)
                    X_i = X[16 * i : 16 * i + 16]
                    turn.value = Y_i = xor(X_i, mask[: len(X_i)])  # step 7 for the last one, which may be shorter
                Y += Y_i
                CB = inc_32(CB)
            whole.value = Y
        return Y

    def _tag(self, J_0: bytes, C: bytes, A: bytes, *, sections: tuple[str, str]) -> bytes:
        """Return the tag of the ciphertext C and the data A (§7.1 steps 4 to 6; §7.2 steps 5 to 7).

        sections: of the steps that compute S and T.
        """
        S = self._S(C, A)
        if trace.anybody:
            trace.step("S", S, sections[0], why="A and C, padded, and their lengths: bytes cannot change sides")
        T = self._gctr(J_0, S)
        if trace.anybody:
            trace.step("T", T, sections[1], why="masked, or H could be computed from it")
        return T

    def _S(self, C: bytes, A: bytes) -> bytes:
        """Return GHASH of the data A and the ciphertext C (§7.1 steps 4 and 5)."""
        v, u = bytes(-len(A) % 16), bytes(-len(C) % 16)
        lengths = (8 * len(A)).to_bytes(8, "big") + (8 * len(C)).to_bytes(8, "big")
        return self._ghash(b"".join((A, v, C, u, lengths)))

    def _ghash(self, X: bytes) -> bytes:
        """Return GHASH_H(X): fast, or step by step if somebody is watching."""
        return ghash(self._H, X) if trace.active() else lanes.ghash(self._powers, X)


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
