"""Hash functions, and what is made of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from importlib import import_module

from benchmarks.row import LIMIT, KiB, Maker, MiB, Row, Target, Work
from primitives.hashes import HashFunction
from primitives.hmac import hmac_digest
from primitives.md5 import md5
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512
from primitives.sha3 import sha3_256, shake_128

FASTEST = "purepycrypto"  # of purehash, adafruit-circuitpython-hashlib, sha256py and this one, on CPython 3.11


def rows() -> Iterator[Row]:
    yield _hash(sha256, "64 bytes", 64, times=2)
    yield _hash(sha256, "1 MiB", MiB, times=3.5)
    yield _many()
    yield _hash(sha512, "64 bytes", 64)
    yield _hash(sha512, "1 MiB", MiB)
    yield _hash(sha3_256, "16 KiB", 16 * KiB, times=1.5)
    yield _many_outputs()
    yield _hash(sha1, "16 KiB", 16 * KiB)
    yield _hash(md5, "16 KiB", 16 * KiB)
    yield _hmac()
    yield _pbkdf2()


def _hash(hash: HashFunction, name: str, size: int, *, times: float | None = None) -> Row:
    data = secrets.token_bytes(size)
    own = {"sha256": "hash", "sha512": "hash", "sha3_256": "sha3"}  # where purepycrypto has it

    def purepycrypto() -> Work:
        function = getattr(import_module(f"purepycrypto.{own[hash.name]}"), hash.name)
        return lambda: function(data)

    peers: dict[str, Maker] = {FASTEST: purepycrypto} if hash.name in own else {}
    if hash is sha256:
        peers["the operations of its rounds alone"] = _operations_alone((size + 9 + 63) // 64)
    return Row(
        what=f"{hash.name.upper().replace('SHA2', 'SHA-2').replace('SHA5', 'SHA-5').replace('_', '-')}, {name}",
        ours=lambda: hash(data).digest(),
        peers={**peers, LIMIT: _openssl(hash.name, data)},
        target=None if times is None else Target(times, FASTEST),
        size=size,
    )


def _many() -> Row:
    messages = [secrets.token_bytes(4 * KiB) for _ in range(64)]

    def purepycrypto() -> Work:
        function = import_module("purepycrypto.hash").sha256
        return lambda: [function(message) for message in messages]

    return Row(
        what="SHA-256, 64 messages of 4 KiB at once",
        ours=lambda: sha256().digest_many(messages),
        peers={FASTEST: purepycrypto},
        target=Target(30, FASTEST),
        size=64 * 4 * KiB,
    )


def _many_outputs() -> Row:
    seeds = [secrets.token_bytes(34) for _ in range(9)]

    def purepycrypto() -> Work:
        function = import_module("purepycrypto.sha3").shake128
        return lambda: [function(seed, 504) for seed in seeds]

    return Row(
        what="SHAKE128, 9 outputs of 504 bytes at once",
        ours=lambda: shake_128().digest_many(seeds, 504),
        peers={FASTEST: purepycrypto},
        target=Target(4, FASTEST),
        size=9 * 504,
    )


def _operations_alone(blocks: int) -> Maker:
    """Return what 26 operations on words take, for each of 64 rounds of so many blocks: none does with fewer.

    Σ1 and Σ0 take 6 each, one of them to write the word twice; Ch and Maj 3 each; the sums and the masks 8.
    """
    x, y = 0x9B05688C, 0x510E527F

    def run() -> None:
        for _ in range(64 * blocks):
            x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x | y | x

    return lambda: run


def blocks_alone(*numbers: int) -> Maker:
    """Return what it takes to hash messages of so many blocks with our SHA-256: a floor for what is made of that."""
    messages = [bytes(64 * number - 9) for number in numbers]  # which leaves room for the padding

    def run() -> None:
        for message in messages:
            sha256(message).digest()

    return lambda: run


def _hmac() -> Row:
    key, data = secrets.token_bytes(32), secrets.token_bytes(64)

    def purepycrypto() -> Work:
        function = import_module("purepycrypto.kdf").hmac_sha256
        return lambda: function(key, data)

    return Row(
        what="HMAC-SHA-256, 64 bytes, with a new key",
        ours=lambda: hmac_digest(key, data, hash=sha256),
        peers={FASTEST: purepycrypto},
    )


def _pbkdf2() -> Row:
    def purepycrypto() -> Work:
        function = import_module("purepycrypto.kdf2").pbkdf2_hmac
        return lambda: function(b"password", b"saltsaltsaltsalt", 100, 32, "sha256")

    def openssl() -> Work:
        kdf = import_module("cryptography.hazmat.primitives.kdf.pbkdf2")
        hashes = import_module("cryptography.hazmat.primitives.hashes")
        return lambda: kdf.PBKDF2HMAC(hashes.SHA256(), 32, b"saltsaltsaltsalt", 100).derive(b"password")

    return Row(
        what="PBKDF2-HMAC-SHA-256, 100 iterations",
        ours=lambda: pbkdf2_hmac(b"password", b"saltsaltsaltsalt", 100, 32, hash=sha256),
        peers={FASTEST: purepycrypto, LIMIT: openssl},
    )


def _openssl(name: str, data: bytes) -> Maker:
    def make() -> Work:
        hashes = import_module("cryptography.hazmat.primitives.hashes")
        algorithm = getattr(hashes, name.upper().replace("-", "_"))()

        def run() -> None:
            context = hashes.Hash(algorithm)
            context.update(data)
            context.finalize()

        return run

    return make
