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

from explain import trace
from primitives.errors import DecryptionError
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes, i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.octets import require_bytes, xor
from primitives.rsa import RSADP, RSAEP, RSAPrivateKey, RSAPublicKey

ENCRYPT = "RFC 8017 §7.1.1 step "
DECRYPT = "RFC 8017 §7.1.2 step "


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
    with trace.group("RSAES-OAEP-ENCRYPT", "RFC 8017 §7.1.1", why="only the private key's owner can read it") as whole:
        lHash = hash(label).digest()
        trace.step("lHash", lHash, ENCRYPT + "2.a", why="stands for the label, and for the decryption to recognise")
        PS = bytes(k - mLen - 2 * hLen - 2)
        trace.step("PS", PS, ENCRYPT + "2.b", why="zeros fill the block, whatever the message's length")
        DB = lHash + PS + b"\x01" + message
        parts: trace.Parts = ("lHash", hLen), ("PS", len(PS)), ("01", 1), ("M", mLen)
        trace.step("DB", DB, ENCRYPT + "2.c", why="the data block: 01 tells where the message begins", parts=parts)
        seed = random_bytes(hLen)
        trace.step("seed", seed, ENCRYPT + "2.d", why="fresh randomness: the same message never looks the same twice")
        dbMask = mgf1(seed, k - hLen - 1, hash=mgf_hash)
        trace.step("dbMask", dbMask, ENCRYPT + "2.e", why="the seed made as long as DB")
        maskedDB = xor(DB, dbMask)
        trace.step("maskedDB", maskedDB, ENCRYPT + "2.f", why="DB, unreadable without the seed")
        seedMask = mgf1(maskedDB, hLen, hash=mgf_hash)
        trace.step("seedMask", seedMask, ENCRYPT + "2.g", why="depends on every bit of maskedDB")
        maskedSeed = xor(seed, seedMask)
        trace.step("maskedSeed", maskedSeed, ENCRYPT + "2.h", why="so the seed is had only by who has all of the block")
        EM = b"\x00" + maskedSeed + maskedDB
        parts = ("00", 1), ("maskedSeed", hLen), ("maskedDB", len(maskedDB))
        trace.step("EM", EM, ENCRYPT + "2.i", why="the leading 00 keeps the number below the modulus", parts=parts)
        C = i2osp(RSAEP(key, os2ip(EM)), k)  # step 3
        trace.step("C", C, ENCRYPT + "3.c", why="the ciphertext")
        whole.value = C
    return C  # step 4


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
    with trace.group("RSAES-OAEP-DECRYPT", "RFC 8017 §7.1.2", why="the encryption, step for step undone") as whole:
        c = os2ip(ciphertext)  # step 2.a
        # Lengths and range are no secret, so these may refuse at once.
        if len(ciphertext) != k or k < 2 * hLen + 2 or c >= key.n:  # steps 1.b, 1.c, 2.b
            section = "RFC 8017 §7.1.2 steps 1 and 2.b"
            trace.step("decryption error", "length or range", section, why="no number below n in k bytes")
            raise DecryptionError
        EM = i2osp(RSADP(key, c), k)
        parts: trace.Parts = ("Y", 1), ("maskedSeed", hLen), ("maskedDB", k - hLen - 1)
        trace.step("EM", EM, DECRYPT + "2.c", why="what was encrypted, if it was encrypted to this key", parts=parts)
        lHash = hash(label).digest()
        trace.step("lHash", lHash, DECRYPT + "3.a", why="what the other hash of the label should be")
        Y, maskedSeed, maskedDB = EM[0], EM[1 : 1 + hLen], EM[1 + hLen :]
        trace.step("Y", Y, DECRYPT + "3.b", why="the first byte of EM: 00, if all is well")
        trace.step("maskedSeed", maskedSeed, DECRYPT + "3.b", why="the next hLen bytes")
        trace.step("maskedDB", maskedDB, DECRYPT + "3.b", why="the rest")
        seedMask = mgf1(maskedDB, hLen, hash=mgf_hash)
        trace.step("seedMask", seedMask, DECRYPT + "3.c", why="depends on every bit of maskedDB")
        seed = xor(maskedSeed, seedMask)
        trace.step("seed", seed, DECRYPT + "3.d", why="the randomness that the sender chose")
        dbMask = mgf1(seed, k - hLen - 1, hash=mgf_hash)
        trace.step("dbMask", dbMask, DECRYPT + "3.e", why="the seed made as long as DB")
        DB = xor(maskedDB, dbMask)
        parts = ("lHash′", hLen), ("PS ‖ 01 ‖ M", len(DB) - hLen)
        trace.step("DB", DB, DECRYPT + "3.f", why="lHash′ ‖ PS ‖ 01 ‖ M, if all is well", parts=parts)
        Y_is_zero = Y == 0
        lHash_is_equal = compare_digest(DB[:hLen], lHash)
        start = _after_separator(DB, hLen)
        trace.step("Y = 00", Y_is_zero, DECRYPT + "3.g", why="the sender's EM was below the modulus")
        trace.step(
            "lHash′ = lHash", lHash_is_equal, DECRYPT + "3.g", why="the same label, and all bits arrived unharmed"
        )
        trace.step("01 found", start != 0, DECRYPT + "3.g", why="only zeros, then 01, stand before the message")
        if not Y_is_zero & lHash_is_equal & (start != 0):  # one question, asked after all checks are done
            trace.step("decryption error", "see the checks above", DECRYPT + "3.g", why="the caller is not told which")
            raise DecryptionError
        trace.step("M", DB[start:], DECRYPT + "4", why="the message")
        whole.value = DB[start:]
    return DB[start:]


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
