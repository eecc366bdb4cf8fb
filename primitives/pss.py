"""RSASSA-PSS: the RSA signature whose padding is random and whose security was proved.

Standard     RFC 8017 §8.1 (RSASSA-PSS), §9.1 (EMSA-PSS).
Left out     Mask generation functions other than MGF1; trailers other than BC.
Timing       Verification handles nothing secret. For signing see rsa: the padding is public, only RSASP1 is not.

>>> from primitives.rsa import RSAPrivateKey
>>> from primitives.sha1 import sha1
>>> p = int(
...     "d17f655bf27c8b16d35462c905cc04a26f37e2a67fa9c0ce0dced472394a0df7"
...     "43fe7f929e378efdb368eddff453cf007af6d948e0ade757371f8a711e278f6b", 16)
>>> q = int(
...     "c6d92b6fee7414d1358ce1546fb62987530b90bd15e0f14963a5e2635adb6934"
...     "7ec0c01b2ab1763fd8ac1a592fb22757463a982425bb97a3a437c5bf86d03f2f", 16)
>>> key = RSAPrivateKey.from_primes(p, q, e=65537)     # RSA Laboratories' pss-int.txt
>>> salt = bytes.fromhex("e3b5d5d002c1bce50c2b65ef88a188d83bce7e61")
>>> message = bytes.fromhex(
...     "859eef2fd78aca00308bdc471193bf55bf9d78db8f8a672b484634f3c9c26e6478ae10260fe0"
...     "dd8c082e53a5293af2173cd50c6d5d354febf78b26021c25c02712e78cd4694c9f469777e451"
...     "e7f8e9e04cd3739c6bbfedae487fb55644e9ca74ff77a53cb729802f6ed4a5ffa8ba159890fc")
>>> S = pss_sign(key, message, hash=sha1, random_bytes=lambda length: salt)
>>> S.hex()[:32]
'8daa627d3de7595d63056c7ec659e544'
>>> pss_verify(key.public_key, message, S, hash=sha1)     # returns, so the signature holds
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from typing import NoReturn

from explain.trace import Parts, algorithm, note
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes, i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.octets import require_bytes, xor
from primitives.rsa import RSASP1, RSAVP1, RSAPrivateKey, RSAPublicKey


@algorithm("RFC 8017 §8.1.1", "RSASSA-PSS-SIGN", "nobody without the private key can make it")
def pss_sign(
    key: RSAPrivateKey,
    message: bytes,
    *,
    hash: HashFunction,
    mgf_hash: HashFunction | None = None,
    salt_length: int | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> bytes:
    """Return the signature of `message`, `key.k` bytes (RSASSA-PSS-SIGN, §8.1.1).

    message: any length.
    hash: hashes the message; mgf_hash: makes the mask, by default the same function.
    salt_length: in bytes; by default that of the hash. The verifier has to know it.
    random_bytes: where the salt comes from.

    Raises `ValueError` if the key is too short for this hash and salt.
    """
    message = require_bytes(message, "PSS: the message")
    sLen = hash.digest_size if salt_length is None else salt_length
    EM = EMSA_PSS_ENCODE(
        message, key.n.bit_length() - 1, sLen, hash=hash, mgf_hash=mgf_hash or hash, random_bytes=random_bytes
    )  # step 1
    return note("2.c", "S", i2osp(RSASP1(key, os2ip(EM)), key.k), "as many bytes as the modulus, always")  # step 3


@algorithm("RFC 8017 §8.1.2", "RSASSA-PSS-VERIFY", "anybody with the public key can check it", show=lambda _: True)
def pss_verify(
    key: RSAPublicKey,
    message: bytes,
    signature: bytes,
    *,
    hash: HashFunction,
    mgf_hash: HashFunction | None = None,
    salt_length: int | None = None,
) -> None:
    """Return if `signature` is that of `message` (RSASSA-PSS-VERIFY, §8.1.2); raise `InvalidSignature` if not.

    The arguments are those of `pss_sign`. A signature with a salt of another length is refused.
    """
    message = require_bytes(message, "PSS: the message")
    signature = require_bytes(signature, "PSS: the signature")
    sLen = hash.digest_size if salt_length is None else salt_length
    modBits, k, s = key.n.bit_length(), key.k, os2ip(signature)
    emLen = (modBits - 1 + 7) // 8
    if len(signature) != k or s >= key.n:
        _inconsistent("steps 1 and 2.b", "the signature is not a number below n in k bytes")
    m = RSAVP1(key, s)
    if m.bit_length() > 8 * emLen:
        _inconsistent("2.c", "the number is one byte too long for EM")
    EM = note("2.c", "EM", i2osp(m, emLen), "what the signer encoded, if it is the signer's")
    EMSA_PSS_VERIFY(message, EM, modBits - 1, sLen, hash=hash, mgf_hash=mgf_hash or hash)  # steps 3-4


@algorithm("RFC 8017 §9.1.1", "EMSA-PSS-ENCODE", "of RSA alone, the product of two signatures signs the product")
def EMSA_PSS_ENCODE(
    M: bytes, emBits: int, sLen: int, *, hash: HashFunction, mgf_hash: HashFunction, random_bytes: RandomBytes
) -> bytes:
    """Return the encoded message, ⌈emBits / 8⌉ bytes spelling a number of at most emBits bits (§9.1.1)."""
    emLen, hLen = (emBits + 7) // 8, hash.digest_size
    if sLen < 0:
        raise ValueError(f"PSS: the salt's length is {sLen}, expected 0 or more")
    # Step 1: no message in memory reaches the hash's limit of 2^61 bytes.
    mHash = note("2", "mHash", hash(M).digest(), "stands for the message")
    if emLen < hLen + sLen + 2:  # step 3
        raise ValueError(f"PSS: encoding error: EM is {emLen} bytes, expected {hLen + sLen + 2} for this hash and salt")
    salt = note("4", "salt", random_bytes(sLen), "fresh randomness: nobody can tell beforehand what number is signed")
    parts: Parts = ("00", 8), ("mHash", hLen), ("salt", sLen)
    M_ = bytes(8) + mHash + salt
    note("5", "M′", M_, "zeros: the length of a part that can be recovered, in ISO/IEC 9796-2", parts=parts)
    H = note("6", "H", hash(M_).digest(), "binds the message and the salt")
    PS = note("7", "PS", bytes(emLen - sLen - hLen - 2), "zeros fill the block")
    parts = ("PS", len(PS)), ("01", 1), ("salt", sLen)
    DB = note("8", "DB", PS + b"\x01" + salt, "the 01 tells where the salt begins", parts=parts)
    dbMask = note("9", "dbMask", mgf1(H, emLen - hLen - 1, hash=mgf_hash), "H made as long as DB, to mask it")
    maskedDB = xor(DB, dbMask)  # step 10
    maskedDB = bytes([maskedDB[0] & 0xFF >> (8 * emLen - emBits)]) + maskedDB[1:]
    note("11", "maskedDB", maskedDB, "the surplus bits are cleared: the number is below the modulus")
    parts = ("maskedDB", len(maskedDB)), ("H", hLen), ("BC", 1)
    EM = maskedDB + H + b"\xbc"
    return note("12", "EM", EM, "the trailer BC is that of ISO/IEC 9796-2", parts=parts)


@algorithm("RFC 8017 §9.1.2", "EMSA-PSS-VERIFY", "no byte of EM is left to a forger", show=lambda _: True)
def EMSA_PSS_VERIFY(M: bytes, EM: bytes, emBits: int, sLen: int, *, hash: HashFunction, mgf_hash: HashFunction) -> None:
    """Return if `EM` is an encoding of the message `M`; raise `InvalidSignature` if not (§9.1.2)."""
    emLen, hLen = (emBits + 7) // 8, hash.digest_size
    if sLen < 0:
        raise ValueError(f"PSS: the salt's length is {sLen}, expected 0 or more")
    mHash = note("2", "mHash", hash(M).digest(), "stands for the message")
    if emLen < hLen + sLen + 2:
        _inconsistent("3", "the key is too short for this hash and salt")
    if EM[-1] != 0xBC:
        _inconsistent("4", "the trailer is not BC")
    maskedDB = note("5", "maskedDB", EM[: emLen - hLen - 1], "the leftmost bytes of EM")
    H = note("5", "H", EM[emLen - hLen - 1 : -1], "the next hLen bytes")
    surplus = 8 * emLen - emBits
    if maskedDB[0] >> (8 - surplus):
        _inconsistent("6", "a surplus bit at the left is not zero")
    dbMask = note("7", "dbMask", mgf1(H, emLen - hLen - 1, hash=mgf_hash), "H made as long as DB")
    DB = xor(maskedDB, dbMask)  # step 8
    DB = bytes([DB[0] & 0xFF >> surplus]) + DB[1:]
    parts: Parts = ("PS", emLen - hLen - sLen - 2), ("01", 1), ("salt", sLen)
    note("9", "DB", DB, "PS ‖ 01 ‖ salt, if all is well", parts=parts)
    if any(DB[: emLen - hLen - sLen - 2]):
        _inconsistent("10", "the padding PS is not all zeros")
    if DB[emLen - hLen - sLen - 2] != 0x01:
        _inconsistent("10", "no 01 stands where the salt should begin")
    salt = note("11", "salt", DB[len(DB) - sLen :], "the randomness that the signer chose")
    parts = ("00", 8), ("mHash", hLen), ("salt", sLen)
    M_ = note("12", "M′", bytes(8) + mHash + salt, "what the signer hashed, if it was this message", parts=parts)
    H_ = note("13", "H′", hash(M_).digest(), "equal to H if, and only if, message and salt are the signer's")
    if not compare_digest(H, H_):
        _inconsistent("14", "H′ is not H: another message, or another key")


def _inconsistent(section: str, why: str) -> NoReturn:
    note(section, "inconsistent", False, why)
    raise InvalidSignature("PSS: the signature does not belong to this message and public key")
