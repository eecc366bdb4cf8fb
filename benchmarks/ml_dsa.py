"""ML-DSA, beside dilithium-py as it is, whose hashing is OpenSSL's, and beside dilithium-py that hashes in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import cycle
from typing import Any

from benchmarks.row import LIMIT, Maker, Row, Target, Work
from primitives.ml_dsa import ML_DSA_65

PEER = "dilithium-py, hashing in C"
PURE = "dilithium-py, hashing in Python"
MESSAGES = [bytes([i]) for i in range(200)]  # some take one attempt, and some twenty
ZEROS = bytes(32)


def rows() -> Iterator[Row]:
    pk, sk = ML_DSA_65.keygen(ZEROS)
    signature = ML_DSA_65.sign(sk, b"message", rnd=ZEROS)
    public, private = ML_DSA_65.public_key(pk), ML_DSA_65.private_key(sk)
    public.verify(b"message", signature)
    private.sign(b"message")

    def keygen() -> Work:
        return lambda: _oracle().generate()

    def sign() -> Work:
        theirs = _oracle().from_seed_bytes(ZEROS)
        return lambda: theirs.sign(b"message")

    def verify() -> Work:
        theirs = _oracle().from_seed_bytes(ZEROS).public_key()
        return lambda: theirs.verify(signature, b"message")

    def signing(function: Callable[[bytes], object]) -> Work:
        messages = cycle(MESSAGES)
        return lambda: function(next(messages))

    yield from _rows("keygen", 0.8, ML_DSA_65.keygen, lambda theirs: theirs.keygen, keygen)
    yield from _rows(
        "sign",
        1.5,
        signing(lambda message: ML_DSA_65.sign(sk, message, rnd=ZEROS)),
        lambda theirs: signing(lambda message: theirs.sign(sk, message, deterministic=True)),
        sign,
    )
    yield from _rows(
        "verify",
        0.8,
        lambda: ML_DSA_65.verify(pk, b"message", signature),
        lambda theirs: lambda: theirs.verify(pk, b"message", signature),
        verify,
    )
    yield Row(
        what="ML-DSA-65 sign, with a key that is kept",
        ours=signing(lambda message: private.sign(message, rnd=ZEROS)),
        peers={"with one that is not": lambda: signing(lambda message: ML_DSA_65.sign(sk, message, rnd=ZEROS))},
    )
    yield Row(
        what="ML-DSA-65 verify, with a key that is kept",
        ours=lambda: public.verify(b"message", signature),
        peers={"with one that is not": lambda: lambda: ML_DSA_65.verify(pk, b"message", signature)},
    )


def _rows(name: str, ratio: float, ours: Work, work: Callable[[Any], Work], limit: Maker) -> Iterator[Row]:
    """Yield two rows, since a row has one target."""
    what = f"ML-DSA-65 {name}"
    yield Row(what=what, ours=ours, peers={PEER: lambda: work(_theirs()), LIMIT: limit}, target=Target(ratio, PEER))
    yield Row(
        what=f"{what}, all in Python",
        ours=ours,
        peers={PURE: lambda: _hashing_in_python(work(_theirs()))},
        target=Target(3.0, PURE),
    )


def _theirs() -> Any:
    return import_module("dilithium_py.ml_dsa").ML_DSA_65


def _hashing_in_python(work: Work) -> Work:
    """Return the work, but done with the hash functions of purepycrypto: put in for it, and taken out again."""
    hashes, wrapper = import_module("purepycrypto.sha3"), import_module("dilithium_py.shake.shake_wrapper")
    both = [(wrapper.shake128, _hash(hashes.shake128)), (wrapper.shake256, _hash(hashes.shake256))]

    def in_python() -> None:
        before = [shake.algorithm for shake, _ in both]
        for shake, function in both:
            shake.algorithm = function
        work()
        for (shake, _), function in zip(both, before, strict=True):
            shake.algorithm = function

    return in_python


def _hash(function: Callable[..., bytes]) -> Callable[[bytes], Any]:
    """Return a function that looks like one of `hashlib`, and computes with `function`."""

    class Hash:
        def __init__(self, data: bytes) -> None:
            self._data = data

        def digest(self, length: int) -> bytes:
            return function(self._data, length)

    return Hash


def _oracle() -> Any:
    return import_module("cryptography.hazmat.primitives.asymmetric.mldsa").MLDSA65PrivateKey
