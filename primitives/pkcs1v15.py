"""PKCS #1 v1.5: the older RSA signature, and the older RSA encryption.

Standard     RFC 8017 §8.2 (signature), §9.2 (its encoding), §7.2 (encryption); RFC 5246 §7.4.7.1 (its use in TLS).
Left out     MD2 and MD5; signatures whose DigestInfo leaves out the NULL parameters.
Timing       Verification handles nothing secret. Decryption makes all its checks before it looks at any result, but
             that it *fails* is told, and Bleichenbacher (1998) decrypts with nothing else: where an attacker can
             learn of the failure, only `pkcs1v15_decrypt_or_random` is safe, or OAEP. See rsa for RSADP and RSASP1.

>>> digest_info_prefix("sha256").hex()     # §9.2 note 1
'3031300d060960864801650304020105000420'
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from typing import NoReturn

from explain.trace import Parts, algorithm, note, tracing
from primitives.errors import DecryptionError, InvalidSignature
from primitives.hash_identifiers import identifier
from primitives.hash_names import hash_named
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes, i2osp, os2ip
from primitives.octets import require_bytes
from primitives.rsa import RSADP, RSAEP, RSASP1, RSAVP1, RSAPrivateKey, RSAPublicKey


def digest_info_prefix(name: str) -> bytes:
    """Return the DER encoding of a DigestInfo up to its digest (RFC 8017 §9.2 note 1).

    name: the hash function's name, such as `sha256`. Raises `ValueError` if it has no identifier here.
    """
    algorithm = identifier(name) + b"\x05\x00"  # OBJECT IDENTIFIER, then the parameters: NULL
    hLen = hash_named(name).digest_size
    algorithm = bytes([0x30, len(algorithm)]) + algorithm  # SEQUENCE
    return bytes([0x30, len(algorithm) + 2 + hLen]) + algorithm + bytes([0x04, hLen])  # SEQUENCE … OCTET STRING


@algorithm("RFC 8017 §9.2", "EMSA-PKCS1-v1_5-ENCODE", "nothing is left to choose, so a verifier can compare all of it")
def EMSA_PKCS1_v1_5_ENCODE(M: bytes, emLen: int, *, hash: HashFunction) -> bytes:
    """Return the encoded message, `emLen` bytes: 00 01 FF … FF 00 and the DigestInfo (§9.2).

    Raises `ValueError` if emLen is too short for this hash.
    """
    H = note("1", "H", hash(M).digest(), "stands for the message")
    T = digest_info_prefix(hash.name) + H
    if tracing():
        parts: Parts = ("algorithm", len(T) - len(H)), ("H", len(H))
        why = "the DigestInfo names the hash function, so that none can be passed off as another"
        note("2", "T", T, why, parts=parts)
    if emLen < len(T) + 11:  # step 3
        raise ValueError(f"PKCS #1 v1.5: EM is {emLen} bytes, expected {len(T) + 11} or more for {hash.name}")
    PS = b"\xff" * (emLen - len(T) - 3)  # step 4
    EM = b"\x00\x01" + PS + b"\x00" + T  # step 5
    if tracing():
        note("4", "PS", PS, "fills the block, so that the number is about as long as n")
        parts = ("00", 1), ("01", 1), ("PS", len(PS)), ("00", 1), ("T", len(T))
        note("5", "EM", EM, "the 01 marks a signature, where 02 marks an encryption", parts=parts)
    return EM


@algorithm("RFC 8017 §8.2.1", "RSASSA-PKCS1-V1_5-SIGN", "nobody without the private key can make it")
def pkcs1v15_sign(key: RSAPrivateKey, message: bytes, *, hash: HashFunction) -> bytes:
    """Return the signature of `message`, `key.k` bytes (RSASSA-PKCS1-V1_5-SIGN, §8.2.1).

    message: any length.
    hash: its hash function, one of those in `HASHES`.

    Raises `ValueError` if the key is too short for this hash.
    """
    message = require_bytes(message, "PKCS #1 v1.5: the message")
    EM = EMSA_PKCS1_v1_5_ENCODE(message, key.k, hash=hash)  # step 1
    return note("2.c", "S", i2osp(RSASP1(key, os2ip(EM)), key.k), "as many bytes as the modulus, always")  # step 3


@algorithm("RFC 8017 §8.2.2", "RSASSA-PKCS1-V1_5-VERIFY", "anybody can check it", show=lambda _: True)
def pkcs1v15_verify(key: RSAPublicKey, message: bytes, signature: bytes, *, hash: HashFunction) -> None:
    """Return if `signature` is that of `message` (RSASSA-PKCS1-V1_5-VERIFY, §8.2.2); raise `InvalidSignature` if not.

    What was signed is compared, as a whole, with what should have been: nothing that an attacker sent is parsed.
    Verifiers that did parse it have accepted forgeries made without the key (Bleichenbacher 2006, for e = 3).
    """
    message = require_bytes(message, "PKCS #1 v1.5: the message")
    signature = require_bytes(signature, "PKCS #1 v1.5: the signature")
    k, s = key.k, os2ip(signature)
    tLen = len(digest_info_prefix(hash.name)) + hash.digest_size
    if len(signature) != k or s >= key.n:
        _invalid("steps 1 and 2.b", "the signature is not a number below n in k bytes")
    if k < tLen + 11:
        _invalid("3", "the key is too short for this hash")
    EM = note("2.c", "EM", i2osp(RSAVP1(key, s), k), "what was signed")
    EM_ = note("3", "EM′", EMSA_PKCS1_v1_5_ENCODE(message, k, hash=hash), "what should have been signed")
    if not compare_digest(EM, EM_):
        _invalid("4", "EM is not EM′: another message, hash or key, or a forged encoding")


@algorithm("RFC 8017 §7.2.1", "RSAES-PKCS1-V1_5-ENCRYPT", "nobody without the private key can read it")
def pkcs1v15_encrypt(key: RSAPublicKey, message: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> bytes:
    """Return the ciphertext of `message`, `key.k` bytes (RSAES-PKCS1-V1_5-ENCRYPT, §7.2.1).

    message: at most k - 11 bytes.
    random_bytes: where the padding comes from.

    Raises `ValueError` if the message is too long.
    """
    message = require_bytes(message, "PKCS #1 v1.5: the message")
    k, mLen = key.k, len(message)
    if mLen > k - 11:  # step 1
        raise ValueError(f"PKCS #1 v1.5: message too long: {mLen} bytes, expected at most {k - 11} with this key")
    PS = b""
    while len(PS) < k - mLen - 3:
        PS += random_bytes(k - mLen - 3 - len(PS)).replace(b"\0", b"")  # nonzero: the first zero ends the padding
    EM = b"\x00\x02" + PS + b"\x00" + message
    if tracing():
        note("2.a", "PS", PS, "fresh randomness, 8 bytes at least: the same message never looks the same twice")
        parts = ("00", 1), ("02", 1), ("PS", len(PS)), ("00", 1), ("M", mLen)
        note("2.b", "EM", EM, "the leading 00 keeps the number below the modulus", parts=parts)
    return note("3.c", "C", i2osp(RSAEP(key, os2ip(EM)), k), "as many bytes as the modulus, always")  # step 4


@algorithm("RFC 8017 §7.2.2", "RSAES-PKCS1-V1_5-DECRYPT", "the encryption, undone step for step")
def pkcs1v15_decrypt(key: RSAPrivateKey, ciphertext: bytes) -> bytes:
    """Return the message of `ciphertext` (RSAES-PKCS1-V1_5-DECRYPT, §7.2.2).

    ciphertext: k bytes.

    Raises `DecryptionError`, always the same. Never let the answer to it reach the sender of the ciphertext.
    """
    ciphertext = require_bytes(ciphertext, "PKCS #1 v1.5: the ciphertext")
    EM = _decrypt(key, ciphertext)
    start = _after_padding(EM) if EM else 0
    if not start:
        note("3", "decryption error", False, "to be told which check failed helps an attacker even more")
        raise DecryptionError
    return note("4", "M", EM[start:], "what is left when the padding is off")


@algorithm("RFC 5246 §7.4.7.1", "decrypt or random", "to give Bleichenbacher no answer")
def pkcs1v15_decrypt_or_random(
    key: RSAPrivateKey, ciphertext: bytes, *, length: int, random_bytes: RandomBytes = secrets.token_bytes
) -> bytes:
    """Return the message of `ciphertext` if it is one of `length` bytes, else as many random bytes (RFC 5246 §7.4.7.1).

    ciphertext: k bytes.
    length: the message's length, known beforehand: 48 for TLS's premaster secret.
    random_bytes: where the substitute comes from.

    Nobody is told that it is a substitute, so there is no answer to learn from: in TLS, the Finished message will
    not verify, whatever was wrong. The caller overwrites the version in the first two bytes with the one it expects.
    """
    ciphertext = require_bytes(ciphertext, "PKCS #1 v1.5: the ciphertext")
    if not 0 <= length <= key.k - 11:
        raise ValueError(f"PKCS #1 v1.5: a message of {length} bytes, expected 0 to {key.k - 11} with this key")
    R = note("1", "R", random_bytes(length), "drawn before the decryption, needed or not: so the time is the same")
    EM = _decrypt(key, ciphertext) or bytes(key.k)
    start = _after_padding(EM)  # step 2
    M = EM[key.k - length :]
    keep = -(start == key.k - length) & 0xFF  # step 3: all ones to keep M, zeros to take R, without a branch
    note("3", "M kept", keep == 0xFF, "whether it was a message of that length")
    return bytes(m & keep | r & ~keep for m, r in zip(M, R, strict=True))


def _decrypt(key: RSAPrivateKey, ciphertext: bytes) -> bytes:
    """Return EM, or nothing if the ciphertext is not a number below n in k bytes, as all can see (steps 1 and 2)."""
    k, c = key.k, os2ip(ciphertext)
    if len(ciphertext) != k or c >= key.n or k < 11:
        note("RFC 8017 §7.2.2 steps 1 and 2.b", "C", ciphertext, "not a number below n in k bytes: refused at once")
        return b""
    why = "what was encrypted, if it was encrypted to this key"
    return note("RFC 8017 §7.2.2 step 2.c", "EM", i2osp(RSADP(key, c), k), why)


def _after_padding(EM: bytes) -> int:
    """Return where the message begins, after 00 02 PS 00, or 0 if something is amiss (step 3).

    Every byte is looked at, with arithmetic in place of branches.
    """
    start, in_PS = 0, 1
    for i in range(2, len(EM)):
        is_zero = (EM[i] - 1) >> 8 & 1  # -1 is all ones in its upper bits; 0 to 254 have none there
        start |= (i + 1) * (in_PS & is_zero)
        in_PS &= 1 - is_zero
    section = "RFC 8017 §7.2.2 step 3"
    begins = note(section, "begins 00 02", (EM[0] == 0) & (EM[1] == 2), "the mark of an encrypted message")
    note(section, "00 found", start != 0, "a zero ends the padding")
    long_enough = note(section, "PS ≥ 8 bytes", start >= 11, "so much randomness at least")
    return start * (begins & long_enough)


def _invalid(section: str, why: str) -> NoReturn:
    note(section, "invalid", False, why)
    raise InvalidSignature("PKCS #1 v1.5: the signature does not belong to this message and public key")
