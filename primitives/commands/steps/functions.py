"""Sub-functions in the shape of a single step, where the algorithm has them in another one.

Standard     That of each algorithm; the functions called are the algorithm's own.
Left out     Whatever is such a function already: `table.py` names those directly.
Timing       That of the textbook path.

>>> sbox(1, 0b011011)     # FIPS 46-3: row 01, column 1101
5
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from primitives.curves.weierstrass import Curve
    from primitives.hashes import HashFunction


def sha256_schedule(block: bytes) -> list[int]:
    """Return W: the block's 16 words, and 48 made from these."""
    from primitives.sha2 import WORDS_32, message_schedule

    return message_schedule(block, WORDS_32)


def sha512_schedule(block: bytes) -> list[int]:
    """Return W: the block's 16 words, and 64 made from these."""
    from primitives.sha2 import WORDS_64, message_schedule

    return message_schedule(block, WORDS_64)


def sha256_compress(H: list[int], block: bytes) -> tuple[int, ...]:
    """Return the hash value after the block."""
    from primitives.sha2 import K_32, WORDS_32, compress

    return compress(_words(H, 8), block, words=WORDS_32, K=K_32)


def sha512_compress(H: list[int], block: bytes) -> tuple[int, ...]:
    """Return the hash value after the block."""
    from primitives.sha2 import K_64, WORDS_64, compress

    return compress(_words(H, 8), block, words=WORDS_64, K=K_64)


def sha1_f(t: int, x: int, y: int, z: int) -> int:
    """Mix three words: by choice, parity, majority, and parity again, 20 rounds each."""
    from primitives.sha1 import f

    return f(within(t, 0, 79, "t"), x, y, z)


def sha1_compress(H: list[int], block: bytes) -> tuple[int, ...]:
    """Return the hash value after the block."""
    from primitives.sha1 import compress

    return compress(_words(H, 5), block)


def md5_compress(state: list[int], block: bytes) -> tuple[int, ...]:
    """Return the four words of the state after the block."""
    from primitives.md5 import compress

    return compress(_words(state, 4), block)


def iota(A: list[int], ir: int) -> list[int]:
    """Add the round's constant, so that no two rounds are alike."""
    from primitives import sha3

    return sha3.iota(A, within(ir, 0, 23, "ir"))


def key_expansion(key: bytes) -> list[bytes]:
    """Return w, the words of Nr + 1 round keys, made from the key."""
    from primitives import aes

    if len(key) not in (16, 24, 32):
        raise ValueError(f"the key has {len(key)} bytes, expected 16, 24 or 32")
    return aes.key_expansion(key)


def cmac_subkeys(key: bytes) -> tuple[bytes, bytes]:
    """Return K1 and K2, the masks of the last block: of one that is whole, and of one that was padded."""
    from primitives.aes import AES
    from primitives.cmac import subkeys

    return subkeys(AES(key))


def ccm_control(N: bytes, a: int, p: int, t: int) -> bytes:
    """Return B_0, the first block of what is authenticated, of a nonce and the lengths of data, payload and tag."""
    from primitives.ccm import NONCE_LENGTHS, TAG_LENGTHS, format_control

    within(len(N), NONCE_LENGTHS.start, NONCE_LENGTHS.stop - 1, "the length of the nonce")
    if t not in TAG_LENGTHS:
        raise ValueError(f"t is {t}, expected 4, 6, 8, 10, 12, 14 or 16")
    return format_control(N, within(a, 0, 2**64 - 1, "a"), within(p, 0, 2 ** (8 * (15 - len(N))) - 1, "p"), t)


def ccm_counter(N: bytes, i: int) -> bytes:
    """Return Ctr_i, whose encryption masks block i of the payload; that of Ctr_0 masks the tag."""
    from primitives.ccm import NONCE_LENGTHS, counter_block

    within(len(N), NONCE_LENGTHS.start, NONCE_LENGTHS.stop - 1, "the length of the nonce")
    return counter_block(N, within(i, 0, 2 ** (8 * (15 - len(N))) - 1, "i"))


def bytepad(X: bytes, w: int) -> bytes:
    """Return X with w in front, and zeros behind up to a multiple of w bytes."""
    from primitives import cshake

    return cshake.bytepad(X, within(w, 1, 1 << 16, "w"))


def sbox(i: int, B: int) -> int:
    """Return S_i(B), four bits, for S-box `i` (1 to 8) and six bits: the only step that is not linear."""
    from primitives.des import substitute

    return substitute(within(i, 1, 8, "i"), B)


def initial_permutation(block: int) -> int:
    """Return the block's bits in the order of IP, which hides nothing."""
    return _permuted("des", "IP", block, 64)


def final_permutation(block: int) -> int:
    """Return the preoutput's bits in the order of IP⁻¹, which undoes IP."""
    return _permuted("des", "IP_INVERSE", block, 64)


def expansion(R: int) -> int:
    """Return 48 bits of 32: every four bits with their neighbours on both sides."""
    return _permuted("des", "E", R, 32)


def permutation(boxed: int) -> int:
    """Return the bits of the S-boxes, spread over six boxes of the next round each."""
    return _permuted("des", "P", boxed, 32)


def permuted_choice_1(KEY: int) -> int:
    """Return C0 and D0: the key's bits but for its parity."""
    return _permuted("des", "PC1", KEY, 64)


def permuted_choice_2(CD: int) -> int:
    """Return a round key: 48 of the 56 bits."""
    return _permuted("des", "PC2", CD, 56)


def sdes_P10(key: int) -> int:
    """Return the key's bits in the order of P10."""
    return _permuted("sdes", "P10", key, 10)


def sdes_P8(halves: int) -> int:
    """Return a round key: 8 of the 10 bits, in the order of P8."""
    return _permuted("sdes", "P8", halves, 10)


def sdes_IP(block: int) -> int:
    """Return the block's bits in the order of IP."""
    return _permuted("sdes", "IP", block, 8)


def sdes_EP(R: int) -> int:
    """Return 8 bits of 4: each occurs twice."""
    return _permuted("sdes", "EP", R, 4)


def sdes_P4(boxed: int) -> int:
    """Return the bits of the two boxes, mixed."""
    return _permuted("sdes", "P4", boxed, 4)


def sdes_S0(bits: int) -> int:
    """Return the two bits that the first S-box has for four."""
    from primitives.sdes import substitute

    return substitute(0, bits)


def sdes_S1(bits: int) -> int:
    """Return the two bits that the second S-box has for four."""
    from primitives.sdes import substitute

    return substitute(1, bits)


def inner_block(state: list[int]) -> list[int]:
    """Mix the state: each column, then each diagonal."""
    from primitives import chacha20

    chacha20.inner_block(state)
    return state


def clamp(r: bytes) -> int:
    """Return r with 22 of its bits cleared, which is what let fast implementations put off carrying."""
    from primitives.poly1305 import clamp, le_bytes_to_num

    return clamp(le_bytes_to_num(r))


def miller_rabin(w: int, iterations: int) -> bool:
    """Return false if `w` is certainly composite, true if it is probably prime."""
    from primitives import primes

    if w < 5 or w % 2 == 0:
        raise ValueError("w is out of range, expected an odd number of 5 or more")
    return primes.miller_rabin(w, within(iterations, 1, 1000, "iterations"), random_bytes=secrets.token_bytes)


def has_small_factor(w: int) -> bool:
    """Return whether a prime below 65,536 divides `w`."""
    from primitives import primes

    if w < primes.SMALL_LIMIT:
        raise ValueError(f"w is {w}, expected {primes.SMALL_LIMIT} or more")
    return primes.has_small_factor(w)


def pss_encode(M: bytes, emBits: int, salt: bytes, hash: HashFunction) -> bytes:
    """Return the encoded message of a message and a salt: PS ‖ 01 ‖ salt, masked, then H and BC."""
    from primitives.pss import EMSA_PSS_ENCODE

    return EMSA_PSS_ENCODE(M, emBits, len(salt), hash=hash, mgf_hash=hash, random_bytes=lambda length: salt)


def is_on_curve(curve: Curve, x: int, y: int) -> bool:
    """Return whether (x, y) is a point of the curve: coordinates in [0, p) that satisfy its equation."""
    from primitives.curves import weierstrass

    return weierstrass.is_on_curve(curve, (x, y))


def _permuted(module: str, table: str, bits: int, width: int) -> int:
    from primitives.des import permute

    places: Sequence[int] = getattr(import_module(f"primitives.{module}"), table)
    return permute(bits, places, width=width)


def _words(words: list[int], count: int) -> tuple[int, ...]:
    if len(words) != count:
        raise ValueError(f"the hash value has {len(words)} words, expected {count}")
    return tuple(words)


def within(number: int, least: int, most: int, name: str) -> int:
    """Return `number`; raise `ValueError`, naming it by `name`, if it is less than `least` or more than `most`."""
    if not least <= number <= most:
        raise ValueError(f"{name} is {number}, expected {least} to {most}")
    return number
