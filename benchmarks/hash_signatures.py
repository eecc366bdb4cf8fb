"""SLH-DSA, beside its textbook path here, which computes each hash value alone, and slh-dsa, which hashes in C."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

from benchmarks.row import Row, Target, Work
from primitives.hash_based.fors import FORS
from primitives.hash_based.hypertree import Hypertree
from primitives.slh_dsa import SLH_DSA, SLH_DSA_SHA2_128F, SLH_DSA_SHAKE_128F

TEXTBOOK = "the textbook path"
PEER = "slh-dsa, compiled, hashing in C"
SEED = bytes(range(48))
ADDRND = bytes(16)


def rows() -> Iterator[Row]:
    for parameters in (SLH_DSA_SHA2_128F, SLH_DSA_SHAKE_128F):
        yield from _rows(parameters)


def _rows(parameters: SLH_DSA) -> Iterator[Row]:
    pk, sk = parameters.keygen(SEED)
    textbook = replace(parameters, hypertree=Hypertree, fors=FORS)

    def signature() -> bytes:
        return parameters.sign(sk, b"message", addrnd=ADDRND)

    def verifying(path: SLH_DSA) -> Work:
        made = signature()
        return lambda: path.verify(pk, b"message", made)

    def theirs() -> Work:
        slhdsa = import_module("slhdsa")
        family, size = parameters.name.removeprefix("SLH-DSA-").lower().split("-")
        key = slhdsa.SecretKey.from_digest(sk, getattr(slhdsa, f"{family}_{size}"))
        return lambda: key.sign_pure(b"message")

    yield Row(
        what=f"{parameters.name} keygen",
        ours=lambda: parameters.keygen(SEED),
        peers={TEXTBOOK: lambda: lambda: textbook.keygen(SEED)},
    )
    yield Row(
        what=f"{parameters.name} sign",
        ours=signature,
        peers={TEXTBOOK: lambda: lambda: textbook.sign(sk, b"message", addrnd=ADDRND), PEER: theirs},
        target=Target(10, TEXTBOOK),
    )
    made = signature()
    yield Row(
        what=f"{parameters.name} verify",
        ours=lambda: parameters.verify(pk, b"message", made),
        peers={TEXTBOOK: lambda: verifying(textbook)},
    )
