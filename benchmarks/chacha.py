"""ChaCha20-Poly1305 of a record and of much data."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from benchmarks.row import LIMIT, MiB, Row, Target, Work
from primitives.chacha20_poly1305 import ChaCha20Poly1305

KEY, NONCE = secrets.token_bytes(32), secrets.token_bytes(12)


def rows() -> Iterator[Row]:
    for name, size, times in ("64 bytes", 64, None), ("16 KiB", 2**14, 12), ("1 MiB", MiB, 20):
        yield _seal(name, size, times)
    for name, size, times in ("16 KiB", 2**14, 12), ("1 MiB", MiB, 20):
        yield _open(name, size, times)


def _seal(name: str, size: int, times: float | None) -> Row:
    data, cipher = secrets.token_bytes(size), ChaCha20Poly1305(KEY)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_chacha20_poly1305").new(bytearray(KEY))
        plaintext = bytearray(data)
        return lambda: theirs.seal(bytearray(NONCE), plaintext, bytearray(b""))

    def chacha20poly1305() -> Work:
        theirs = import_module("chacha20poly1305").ChaCha20Poly1305(bytearray(KEY))
        plaintext = bytearray(data)
        return lambda: theirs.encrypt(bytearray(NONCE), plaintext)

    def purepycrypto() -> Work:
        seal = import_module("purepycrypto.chacha").chacha20poly1305_encrypt
        return lambda: seal(KEY, NONCE, data)

    def openssl() -> Work:
        theirs = import_module("cryptography.hazmat.primitives.ciphers.aead").ChaCha20Poly1305(KEY)
        return lambda: theirs.encrypt(NONCE, data, None)

    return Row(
        what=f"ChaCha20-Poly1305 seal, {name}",
        ours=lambda: cipher.encrypt(NONCE, data, b""),
        peers={
            "tlslite-ng": tlslite,
            "chacha20poly1305": chacha20poly1305,
            "purepycrypto": purepycrypto,
            LIMIT: openssl,
        },
        target=None if times is None else Target(times, "tlslite-ng"),
        size=size,
    )


def _open(name: str, size: int, times: float) -> Row:
    cipher = ChaCha20Poly1305(KEY)
    sealed = cache(lambda: cipher.encrypt(NONCE, secrets.token_bytes(size), b""))

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_chacha20_poly1305").new(bytearray(KEY))
        ciphertext = bytearray(sealed())
        return lambda: theirs.open(bytearray(NONCE), ciphertext, bytearray(b""))

    def openssl() -> Work:
        theirs = import_module("cryptography.hazmat.primitives.ciphers.aead").ChaCha20Poly1305(KEY)
        return lambda: theirs.decrypt(NONCE, sealed(), None)

    return Row(
        what=f"ChaCha20-Poly1305 open, {name}",
        ours=lambda: cipher.decrypt(NONCE, sealed(), b""),
        peers={"tlslite-ng": tlslite, LIMIT: openssl},
        target=Target(times, "tlslite-ng"),
        size=size,
    )
