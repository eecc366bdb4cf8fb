"""RSAES-OAEP: encrypting a short message to the owner of an RSA key.

Standard     RFC 8017 §7.1.
Left out     Mask generation functions other than MGF1.
Timing       Decryption makes all its checks, every time, before it looks at any of their results, so that the time
             does not tell which one failed: learning no more than whether Y is zero, Manger (2001) decrypts with
             some thousand questions. Python's own arithmetic cannot promise more than that. See rsa for RSADP.

>>> from primitives.rsa import RSAPrivateKey
>>> from primitives.sha1 import sha1
>>> p = int(
...     "eecfae81b1b9b3c908810b10a1b5600199eb9f44aef4fda493b81a9e3d84f632"
...     "124ef0236e5d1e3b7e28fae7aa040a2d5b252176459d1f397541ba2a58fb6599", 16)
>>> q = int(
...     "c97fb1f027f453f6341233eaaad1d9353f6c42d08866b1d05a0f2035028b9d86"
...     "9840b41666b42e92ea0da3b43204b5cfce3352524d0416a5a441e700af461503", 16)
>>> key = RSAPrivateKey.from_primes(p, q, e=17)     # RSA Laboratories' oaep-int.txt
>>> seed = bytes.fromhex("aafd12f659cae63489b479e5076ddec2f06cb58f")
>>> message = bytes.fromhex("d436e99569fd32a7c8a05bbc90d32c49")
>>> C = oaep_encrypt(key.public_key, message, hash=sha1, random_bytes=lambda length: seed)
>>> C.hex()[:32], oaep_decrypt(key, C, hash=sha1) == message
('1253e04dc0a5397bb44a7ab87e9bf2a0', True)
"""

from __future__ import annotations

import secrets
from hmac import compare_digest

from explain.trace import Parts, algorithm, note
from primitives.errors import DecryptionError
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes, i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.octets import require_bytes, xor
from primitives.rsa import RSADP, RSAEP, RSAPrivateKey, RSAPublicKey


@algorithm("RFC 8017 §7.1.1", "RSAES-OAEP-ENCRYPT", "nobody without the private key can read the message")
def oaep_encrypt(
    key: RSAPublicKey,
    message: bytes,
    *,
    hash: HashFunction,
    mgf_hash: HashFunction | None = None,
    label: bytes = b"",
    random_bytes: RandomBytes = secrets.token_bytes,
) -> bytes:
    """Return the ciphertext of `message`, `key.k` bytes (RSAES-OAEP-ENCRYPT, §7.1.1).

    key: the recipient's public key, of k bytes.
    message: at most k - 2·hLen - 2 bytes, hLen being the length of the hash.
    hash: hashes the label; mgf_hash: makes the masks, by default the same function.
    label: bound to the message but not sent; decryption needs the same one.
    random_bytes: where the seed comes from.

    Raises `ValueError` if the message is too long.
    """
    message = require_bytes(message, "OAEP: the message")
    label = require_bytes(label, "OAEP: the label")
    mgf_hash = mgf_hash or hash
    k, hLen, mLen = key.k, hash.digest_size, len(message)
    # Step 1.a: no label in memory reaches the hash's limit of 2^61 bytes.
    if mLen > k - 2 * hLen - 2:  # step 1.b
        raise ValueError(f"OAEP: message too long: {mLen} bytes, expected at most {k - 2 * hLen - 2} with this key")
    lHash = note("2.a", "lHash", hash(label).digest(), "stands for the label; the decryption looks for it again")
    PS = note(
        "2.b", "PS", bytes(k - mLen - 2 * hLen - 2), "zeros fill DB, whose length then tells nothing of the message's"
    )
    parts: Parts = ("lHash", hLen), ("PS", len(PS)), ("01", 1), ("M", mLen)
    DB = note("2.c", "DB", lHash + PS + b"\x01" + message, "the 01 tells where the message begins", parts=parts)
    seed = note("2.d", "seed", random_bytes(hLen), "fresh randomness: the same message never looks the same twice")
    dbMask = note("2.e", "dbMask", mgf1(seed, k - hLen - 1, hash=mgf_hash), "the seed made as long as DB, to mask it")
    maskedDB = note("2.f", "maskedDB = {DB} ⊕ {dbMask}", xor(DB, dbMask), "DB, unreadable without the seed")
    seedMask = note("2.g", "seedMask", mgf1(maskedDB, hLen, hash=mgf_hash), "depends on every bit of maskedDB")
    maskedSeed = xor(seed, seedMask)
    note("2.h", "maskedSeed = {seed} ⊕ {seedMask}", maskedSeed, "only all of the block together gives the seed back")
    parts = ("00", 1), ("maskedSeed", hLen), ("maskedDB", len(maskedDB))
    EM = b"\x00" + maskedSeed + maskedDB
    note("2.i", "EM", EM, "the leading 00 keeps the number below the modulus", parts=parts)
    return note("3.c", "C", i2osp(RSAEP(key, os2ip(EM)), k), "as many bytes as the modulus, always")  # step 4


@algorithm("RFC 8017 §7.1.2", "RSAES-OAEP-DECRYPT", "the encryption, undone step for step")
def oaep_decrypt(
    key: RSAPrivateKey,
    ciphertext: bytes,
    *,
    hash: HashFunction,
    mgf_hash: HashFunction | None = None,
    label: bytes = b"",
) -> bytes:
    """Return the message of `ciphertext` (RSAES-OAEP-DECRYPT, §7.1.2).

    key: the private key, of k bytes. ciphertext: k bytes. hash, mgf_hash, label: those of the encryption.

    Raises `DecryptionError`, always the same, whatever is wrong with the ciphertext or the label.
    """
    ciphertext = require_bytes(ciphertext, "OAEP: the ciphertext")
    label = require_bytes(label, "OAEP: the label")
    mgf_hash = mgf_hash or hash
    k, hLen = key.k, hash.digest_size
    c = os2ip(ciphertext)  # step 2.a
    # Lengths and range are not secret, so these may refuse at once.
    if len(ciphertext) != k or k < 2 * hLen + 2 or c >= key.n:  # steps 1.b, 1.c, 2.b
        note("steps 1 and 2.b", "decryption error", "length or range", "not a number below n in k bytes")
        raise DecryptionError
    parts: Parts = ("Y", 1), ("maskedSeed", hLen), ("maskedDB", k - hLen - 1)
    EM = note("2.c", "EM", i2osp(RSADP(key, c), k), "what was encrypted, if it was encrypted to this key", parts=parts)
    lHash = note("3.a", "lHash", hash(label).digest(), "what the other hash of the label should be")
    Y = note("3.b", "Y", EM[0], "the first byte of EM: 00, if all is well")
    maskedSeed = note("3.b", "maskedSeed", EM[1 : 1 + hLen], "the next hLen bytes")
    maskedDB = note("3.b", "maskedDB", EM[1 + hLen :], "the rest")
    seedMask = note("3.c", "seedMask", mgf1(maskedDB, hLen, hash=mgf_hash), "depends on every bit of maskedDB")
    seed = xor(maskedSeed, seedMask)
    note("3.d", "seed = {maskedSeed} ⊕ {seedMask}", seed, "the randomness that the sender chose")
    dbMask = note("3.e", "dbMask", mgf1(seed, k - hLen - 1, hash=mgf_hash), "the seed made as long as DB")
    parts = ("lHash′", hLen), ("PS ‖ 01 ‖ M", k - 2 * hLen - 1)
    DB = xor(maskedDB, dbMask)
    note("3.f", "DB = {maskedDB} ⊕ {dbMask}", DB, "lHash′ ‖ PS ‖ 01 ‖ M, if all is well", parts=parts)
    start = _after_separator(DB, hLen)
    Y_is_zero = note("3.g", "Y = 00", Y == 0, "the sender's EM was below the modulus")
    lHash_is_equal = compare_digest(DB[:hLen], lHash)
    note("3.g", "lHash′ = lHash", lHash_is_equal, "the same label, and all bits arrived unharmed")
    is_found = note("3.g", "01 found", start != 0, "only zeros, then 01, stand before the message")
    if not Y_is_zero & lHash_is_equal & is_found:  # one question, asked after all checks are done
        note("3.g", "decryption error", "see the checks above", "anyone who learns which one can decrypt (Manger 2001)")
        raise DecryptionError
    return note("4", "M", DB[start:], "what is left when all padding is off")


def _after_separator(DB: bytes, hLen: int) -> int:
    """Return where the message begins, after zeros and one 01, or 0 if something else stands there.

    Every byte is looked at, with arithmetic in place of branches: the padding's length is the message's.
    """
    start, in_PS = 0, 1
    for i in range(hLen, len(DB)):
        is_zero = (DB[i] - 1) >> 8 & 1  # -1 is all ones in its upper bits; 0 to 254 have none there
        is_one = ((DB[i] ^ 1) - 1) >> 8 & 1
        start |= (i + 1) * (in_PS & is_one)
        in_PS &= is_zero
    return start
