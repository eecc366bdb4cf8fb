"""Private keys encrypted the old way: base64 under the headers `Proc-Type: 4,ENCRYPTED` and `DEK-Info`. Read only.

Standard     RFC 1421 §4.6.1.1, §4.6.1.3 (the headers); the key is derived as OpenSSL's EVP_BytesToKey(3) documents it.
Left out     Writing: this form is a legacy, in which a few MD5s are all that a guess at the password costs, and
             `pki.key_formats.pbes2` takes its place. Ciphers other than AES and triple DES in CBC mode.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from primitives.aes import AES
from primitives.des import TripleDES
from primitives.errors import DecryptionError
from primitives.md5 import md5
from primitives.modes import BlockCipher, cbc_decrypt
from primitives.padding import pkcs7_unpad

# The ciphers by the names that OpenSSL gives them: implementation, and the lengths of key and block in bytes.
CIPHERS: dict[str, tuple[Callable[[bytes], BlockCipher], int, int]] = {
    "AES-128-CBC": (AES, 16, 16),
    "AES-192-CBC": (AES, 24, 16),
    "AES-256-CBC": (AES, 32, 16),
    "DES-EDE3-CBC": (TripleDES, 24, 8),
}


def decrypt_traditional(headers: Mapping[str, str], encrypted: bytes, password: bytes) -> bytes:
    """Return what `encrypted` holds: DER, if the password is right; most likely not, if it is wrong.

    headers: those above the base64. Raises `ValueError` if they do not say how to decrypt, and `DecryptionError` if
    the length or the padding of what follows is not right.
    """
    cipher, key_size, iv = parse_headers(headers)
    key = bytes_to_key(password, iv[:8], key_size)
    if not encrypted or len(encrypted) % len(iv):
        raise DecryptionError
    return pkcs7_unpad(cbc_decrypt(cipher(key), iv, encrypted), len(iv))


def parse_headers(headers: Mapping[str, str]) -> tuple[Callable[[bytes], BlockCipher], int, bytes]:
    """Return the cipher, the length of its key in bytes, and the IV; raise `ValueError` if the headers name none."""
    if headers.get("Proc-Type") != "4,ENCRYPTED":  # RFC 1421 §4.6.1.1: version 4 of PEM, encrypted
        raise ValueError(f"the headers are {', '.join(headers)}, expected Proc-Type: 4,ENCRYPTED")
    name, _, iv = headers.get("DEK-Info", "").partition(",")  # §4.6.1.3: the algorithm, and its parameter
    if name not in CIPHERS:
        raise ValueError(f"DEK-Info names the cipher {name[:40]!r}, expected {', '.join(CIPHERS)}")
    cipher, key_size, block_size = CIPHERS[name]
    if not re.fullmatch(f"[0-9A-Fa-f]{{{2 * block_size}}}", iv):
        raise ValueError(f"DEK-Info gives no IV, expected {2 * block_size} hexadecimal digits for {name}")
    return cipher, key_size, bytes.fromhex(iv)


def bytes_to_key(password: bytes, salt: bytes, length: int) -> bytes:
    """Return a key of `length` bytes: D_1 ‖ D_2 ‖ …, with D_i = MD5(D_(i-1) ‖ password ‖ salt) and nothing for D_0.

    That is EVP_BytesToKey with MD5 and a count of 1.
    """
    key = digest = b""
    while len(key) < length:
        digest = md5(digest + password + salt).digest()
        key += digest
    return key[:length]
