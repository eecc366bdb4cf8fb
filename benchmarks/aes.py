"""AES-128 in the modes that TLS uses it in, of a record and of much data."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from benchmarks.row import LIMIT, Maker, MiB, Row, Target, Work
from primitives.aes import AES
from primitives.gcm import AESGCM
from primitives.modes import cbc_decrypt, cbc_encrypt, cbc_encrypt_many, ctr_xor

KEY, IV, NONCE = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(12)
RECORD, MUCH = 2**14, MiB
NAMES = {RECORD: "16 KiB", MUCH: "1 MiB"}


def rows() -> Iterator[Row]:
    yield _block()
    for size, times in (RECORD, 20), (MUCH, 45):
        yield _ctr(size, times)
    for size, times in (RECORD, 20), (MUCH, 45):
        yield _cbc_decryption(size, times)
    yield _cbc_encryption()
    yield _cbc_encryption_of_many()
    for size, times in (RECORD, 15), (MUCH, 25):
        yield _gcm_seal(size, times)
    for size, times in (RECORD, 15), (MUCH, 25):
        yield _gcm_open(size, times)


def _block() -> Row:
    cipher = AES(KEY)

    def tlslite() -> Work:
        rijndael = import_module("tlslite.utils.rijndael").Rijndael(bytearray(KEY), 16)
        block = bytearray(IV)
        return lambda: rijndael.encrypt(block)

    def pyaes() -> Work:
        theirs = import_module("pyaes").AES(KEY)
        return lambda: theirs.encrypt(IV)

    def purepycrypto() -> Work:
        theirs = import_module("purepycrypto.aes").AES(KEY)
        return lambda: theirs.encrypt_block(IV)

    return Row(
        what="AES-128, one block",
        ours=lambda: cipher.encrypt_block(IV),
        peers={"tlslite-ng": tlslite, "pyaes": pyaes, "purepycrypto": purepycrypto},
    )


def _ctr(size: int, times: float) -> Row:
    data, cipher = secrets.token_bytes(size), AES(KEY)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_aes").new(KEY, 6, bytearray(NONCE))
        plaintext = bytearray(data)
        return lambda: theirs.encrypt(plaintext)

    def pyaes() -> Work:
        module = import_module("pyaes")
        return lambda: module.AESModeOfOperationCTR(KEY).encrypt(data)

    def purepycrypto() -> Work:
        theirs = import_module("purepycrypto.aes").AES(KEY)
        return lambda: theirs.encrypt_ctr(data, NONCE[:8], n_workers=1)

    return Row(
        what=f"AES-128-CTR, {NAMES[size]}",
        ours=lambda: ctr_xor(cipher, IV, data),
        peers={
            "tlslite-ng": tlslite,
            "pyaes": pyaes,
            "purepycrypto": purepycrypto,
            LIMIT: _openssl("CTR", IV, data, encrypt=True),
        },
        target=Target(times, "tlslite-ng"),
        size=size,
    )


def _cbc_decryption(size: int, times: float) -> Row:
    data, cipher = secrets.token_bytes(size), AES(KEY)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_aes").new(KEY, 2, bytearray(IV))
        ciphertext = bytearray(data)
        return lambda: theirs.decrypt(ciphertext)

    def purepycrypto() -> Work:
        theirs = import_module("purepycrypto.aes").AES(KEY)
        return lambda: theirs._dec_blocks(data)  # its CBC wants PKCS #7 padding, which random bytes do not have

    return Row(
        what=f"AES-128-CBC decryption, {NAMES[size]}",
        ours=lambda: cbc_decrypt(cipher, IV, data),
        peers={
            "tlslite-ng": tlslite,
            "purepycrypto": purepycrypto,
            LIMIT: _openssl("CBC", IV, data, encrypt=False),
        },
        target=Target(times, "tlslite-ng"),
        size=size,
    )


def _cbc_encryption() -> Row:
    data, cipher = secrets.token_bytes(RECORD), AES(KEY)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_aes").new(KEY, 2, bytearray(IV))
        plaintext = bytearray(data)
        return lambda: theirs.encrypt(plaintext)

    def purepycrypto() -> Work:
        theirs = import_module("purepycrypto.aes").AES(KEY)
        return lambda: theirs.encrypt_cbc(data, IV)

    return Row(
        what="AES-128-CBC encryption, one record of 16 KiB",
        ours=lambda: cbc_encrypt(cipher, IV, data),
        peers={
            "tlslite-ng": tlslite,
            "purepycrypto": purepycrypto,
            LIMIT: _openssl("CBC", IV, data, encrypt=True),
        },
        target=Target(2, "tlslite-ng"),
        size=RECORD,
    )


def _cbc_encryption_of_many() -> Row:
    messages, cipher = [(secrets.token_bytes(16), secrets.token_bytes(RECORD)) for _ in range(64)], AES(KEY)

    def tlslite() -> Work:
        new = import_module("tlslite.utils.python_aes").new
        theirs = [(bytearray(iv), bytearray(data)) for iv, data in messages]
        return lambda: [new(KEY, 2, iv).encrypt(data) for iv, data in theirs]

    return Row(
        what="AES-128-CBC encryption, 64 records at once",
        ours=lambda: cbc_encrypt_many(cipher, messages),
        peers={"tlslite-ng": tlslite},
        target=Target(15, "tlslite-ng"),
        size=64 * RECORD,
    )


def _gcm_seal(size: int, times: float) -> Row:
    data, cipher = secrets.token_bytes(size), AESGCM(KEY)

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_aesgcm").new(bytearray(KEY))
        plaintext = bytearray(data)
        return lambda: theirs.seal(bytearray(NONCE), plaintext, bytearray(b""))

    def purepycrypto() -> Work:
        theirs = import_module("purepycrypto.aes").AES(KEY)
        return lambda: theirs.gcm_encrypt(NONCE, data, n_workers=1)

    def openssl() -> Work:
        theirs = import_module("cryptography.hazmat.primitives.ciphers.aead").AESGCM(KEY)
        return lambda: theirs.encrypt(NONCE, data, None)

    return Row(
        what=f"AES-128-GCM seal, {NAMES[size]}",
        ours=lambda: cipher.encrypt(NONCE, data, b""),
        peers={"tlslite-ng": tlslite, "purepycrypto": purepycrypto, LIMIT: openssl},
        target=Target(times, "tlslite-ng"),
        size=size,
    )


def _gcm_open(size: int, times: float) -> Row:
    cipher = AESGCM(KEY)
    sealed = cache(lambda: cipher.encrypt(NONCE, secrets.token_bytes(size), b""))

    def tlslite() -> Work:
        theirs = import_module("tlslite.utils.python_aesgcm").new(bytearray(KEY))
        ciphertext = bytearray(sealed())
        return lambda: theirs.open(bytearray(NONCE), ciphertext, bytearray(b""))

    def openssl() -> Work:
        theirs = import_module("cryptography.hazmat.primitives.ciphers.aead").AESGCM(KEY)
        return lambda: theirs.decrypt(NONCE, sealed(), None)

    return Row(
        what=f"AES-128-GCM open, {NAMES[size]}",
        ours=lambda: cipher.decrypt(NONCE, sealed(), b""),
        peers={"tlslite-ng": tlslite, LIMIT: openssl},
        target=Target(times, "tlslite-ng"),
        size=size,
    )


def _openssl(mode: str, iv: bytes, data: bytes, *, encrypt: bool) -> Maker:
    def make() -> Work:
        ciphers = import_module("cryptography.hazmat.primitives.ciphers")
        cipher = ciphers.Cipher(ciphers.algorithms.AES(KEY), getattr(ciphers.modes, mode)(iv))

        def run() -> None:
            context = cipher.encryptor() if encrypt else cipher.decryptor()
            context.update(data)
            context.finalize()

        return run

    return make
