"""RSA with 2048 bits: keys, the bare private operation, signatures, decryption."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from benchmarks.row import LIMIT, Maker, Row, Target, Work
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.pkcs1v15 import pkcs1v15_sign, pkcs1v15_verify
from primitives.primes import is_probable_prime
from primitives.pss import pss_sign
from primitives.rsa import RSADP, RSAPrivateKey, generate_private_key
from primitives.sha2 import sha256

MESSAGE = secrets.token_bytes(100)


def rows() -> Iterator[Row]:
    yield _generation()
    yield _private_operation()
    yield _signature()
    yield _verification()
    yield _pss()
    yield _oaep()
    yield _primality()


@cache
def _key() -> RSAPrivateKey:
    return generate_private_key(2048)


def _generation() -> Row:
    def openssl() -> Work:
        generate = import_module("cryptography.hazmat.primitives.asymmetric.rsa").generate_private_key
        return lambda: generate(65537, 2048)

    return Row(
        what="RSA-2048 key generation, median of 100",
        ours=lambda: generate_private_key(2048),
        peers={LIMIT: openssl},  # those of pure Python take seconds for each
        target=Target(1, LIMIT),
        turns=100,
    )


def _private_operation() -> Row:
    c = 12345

    def bare_powers() -> Work:
        gmpy2, key = import_module("gmpy2"), _key()
        p, q, d_p, d_q = (gmpy2.mpz(number) for number in (key.p, key.q, key.dP, key.dQ))
        c_p, c_q = c % p, c % q
        return lambda: (gmpy2.powmod_sec(c_p, d_p, p), gmpy2.powmod_sec(c_q, d_q, q))

    def tlslite() -> Work:
        theirs = _tlslite_key()
        return lambda: theirs._rawPrivateKeyOp(c)

    return Row(
        what="RSA-2048 private operation, blinded, checked",
        ours=lambda: RSADP(_key(), c),
        peers={"2 × powmod_sec of 1024 bits": bare_powers, "tlslite-ng (blinded)": tlslite},
        target=Target(1 / 1.15, "2 × powmod_sec of 1024 bits"),
        turns=101,
    )


def _tlslite_key() -> Any:
    key, module = _key(), import_module("tlslite.utils.python_rsakey")
    return module.Python_RSAKey(key.n, key.e, key.d, key.p, key.q, key.dP, key.dQ, key.qInv)


def _signature() -> Row:
    def tlslite() -> Work:
        theirs, message = _tlslite_key(), bytearray(MESSAGE)
        return lambda: theirs.hashAndSign(message, "PKCS1", "sha256")

    def rsa() -> Work:
        module, key = import_module("rsa"), _key()
        theirs = module.PrivateKey(key.n, key.e, key.d, key.p, key.q)
        return lambda: module.sign(MESSAGE, theirs, "SHA-256")

    return Row(
        what="RSA-2048 signature, PKCS #1 v1.5",
        ours=lambda: pkcs1v15_sign(_key(), MESSAGE, hash=sha256),
        peers={"tlslite-ng": tlslite, "rsa": rsa, LIMIT: _openssl("sign")},
    )


def _verification() -> Row:
    signature = cache(lambda: pkcs1v15_sign(_key(), MESSAGE, hash=sha256))

    def tlslite() -> Work:
        theirs, message, theirs_signature = _tlslite_key(), bytearray(MESSAGE), bytearray(signature())
        return lambda: theirs.hashAndVerify(theirs_signature, message, "PKCS1", "sha256")

    def rsa() -> Work:
        module, key = import_module("rsa"), _key()
        theirs = module.PublicKey(key.n, key.e)
        return lambda: module.verify(MESSAGE, signature(), theirs)

    return Row(
        what="RSA-2048 verification, PKCS #1 v1.5",
        ours=lambda: pkcs1v15_verify(_key().public_key, MESSAGE, signature(), hash=sha256),
        peers={"tlslite-ng": tlslite, "rsa": rsa, LIMIT: _openssl("verify")},
    )


def _pss() -> Row:
    def tlslite() -> Work:
        theirs, message = _tlslite_key(), bytearray(MESSAGE)
        return lambda: theirs.hashAndSign(message, "PSS", "sha256", 32)

    return Row(
        what="RSA-2048 signature, PSS",
        ours=lambda: pss_sign(_key(), MESSAGE, hash=sha256, salt_length=32),
        peers={"tlslite-ng": tlslite, LIMIT: _openssl("pss")},
    )


def _oaep() -> Row:
    ciphertext = cache(lambda: oaep_encrypt(_key().public_key, b"secret", hash=sha256))
    return Row(
        what="RSA-2048 decryption, OAEP",
        ours=lambda: oaep_decrypt(_key(), ciphertext(), hash=sha256),
        peers={LIMIT: _openssl("oaep")},
    )


def _openssl(operation: str) -> Maker:
    def make() -> Work:
        rsa = import_module("cryptography.hazmat.primitives.asymmetric.rsa")
        padding = import_module("cryptography.hazmat.primitives.asymmetric.padding")
        hash = import_module("cryptography.hazmat.primitives.hashes").SHA256()
        key = _key()
        public = rsa.RSAPublicNumbers(key.e, key.n)
        theirs = rsa.RSAPrivateNumbers(key.p, key.q, key.d, key.dP, key.dQ, key.qInv, public).private_key()
        pkcs1, pss = padding.PKCS1v15(), padding.PSS(padding.MGF1(hash), 32)
        oaep = padding.OAEP(padding.MGF1(hash), hash, None)
        signature, ciphertext = theirs.sign(MESSAGE, pkcs1, hash), theirs.public_key().encrypt(b"secret", oaep)
        works: dict[str, Work] = {
            "sign": lambda: theirs.sign(MESSAGE, pkcs1, hash),
            "verify": lambda: theirs.public_key().verify(signature, MESSAGE, pkcs1, hash),
            "pss": lambda: theirs.sign(MESSAGE, pss, hash),
            "oaep": lambda: theirs.decrypt(ciphertext, oaep),
        }
        return works[operation]

    return make


def _primality() -> Row:
    def rsa() -> Work:
        is_prime, prime = import_module("rsa.prime").is_prime, _key().p
        return lambda: is_prime(prime)

    return Row(
        what="primality of a prime of 1024 bits, 5 rounds",
        ours=lambda: is_probable_prime(_key().p, rounds=5),
        peers={"rsa": rsa},
    )
