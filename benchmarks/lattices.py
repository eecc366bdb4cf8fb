"""ML-KEM and ML-DSA, beside kyber-py and dilithium-py: as they are, with OpenSSL's hashing, and hashing in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

from benchmarks.row import LIMIT, Maker, Row, Target, Work
from primitives.ml_dsa import ML_DSA_65
from primitives.ml_kem import ML_KEM_768

KEM_PEER = "kyber-py, hashing in C"
KEM_PURE = "kyber-py, hashing in Python"
DSA_PEER = "dilithium-py, hashing in C"
DSA_PURE = "dilithium-py, hashing in Python"
MESSAGES = [bytes([i]) for i in range(40)]  # some take one attempt, and some twenty: each turn signs them all
ZEROS = bytes(32)


def rows() -> Iterator[Row]:
    yield from _kem_rows()
    yield from _dsa_rows()


def _kem_rows() -> Iterator[Row]:
    ek, dk = ML_KEM_768.keygen()
    _, c = ML_KEM_768.encaps(ek)
    kept, private = ML_KEM_768.encapsulation_key(ek), ML_KEM_768.decapsulation_key(dk)
    kept.encaps()
    private.decaps(c)

    def keygen() -> Work:
        return lambda: _kem_oracle().generate()

    def encapsulate() -> Work:
        theirs = _kem_oracle().from_seed_bytes(bytes(64)).public_key()
        return lambda: theirs.encapsulate()

    def decapsulate() -> Work:
        theirs = _kem_oracle().from_seed_bytes(bytes(64))
        _, ciphertext = theirs.public_key().encapsulate()
        return lambda: theirs.decapsulate(ciphertext)

    yield from _kem_pair("keygen", ML_KEM_768.keygen, lambda theirs: theirs.keygen, keygen)
    yield from _kem_pair("encaps", lambda: ML_KEM_768.encaps(ek), lambda theirs: lambda: theirs.encaps(ek), encapsulate)
    yield from _kem_pair(
        "decaps", lambda: ML_KEM_768.decaps(dk, c), lambda theirs: lambda: theirs.decaps(dk, c), decapsulate
    )
    yield Row(
        what="ML-KEM-768 encaps, with a key that is kept",
        ours=kept.encaps,
        peers={"with one that is not": lambda: lambda: ML_KEM_768.encaps(ek)},
    )
    yield Row(
        what="ML-KEM-768 decaps, with a key that is kept",
        ours=lambda: private.decaps(c),
        peers={"with one that is not": lambda: lambda: ML_KEM_768.decaps(dk, c)},
    )


def _kem_pair(name: str, ours: Work, work: Callable[[Any], Work], limit: Maker) -> Iterator[Row]:
    """Yield two rows, since a row has one target."""
    what = f"ML-KEM-768 {name}"
    yield Row(
        what=what, ours=ours, peers={KEM_PEER: lambda: work(_kem_theirs()), LIMIT: limit}, target=Target(0.7, KEM_PEER)
    )
    yield Row(
        what=f"{what}, all in Python",
        ours=ours,
        peers={KEM_PURE: lambda: work(_kem_theirs_in_python())},
        target=Target(2.5, KEM_PURE),
    )


def _kem_theirs() -> Any:
    return import_module("kyber_py.ml_kem").ML_KEM_768


def _kem_theirs_in_python() -> Any:
    """Return kyber-py's ML-KEM-768, but for its hash functions, which are those of purepycrypto."""
    hashes = import_module("purepycrypto.sha3")
    spec = find_spec("kyber_py.ml_kem.ml_kem")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name="kyber_py")
    module: Any = module_from_spec(spec)  # a copy, so that the other stays as it is
    spec.loader.exec_module(module)
    for name in ("sha3_256", "sha3_512", "shake_128", "shake_256"):
        setattr(module, name, _hash(getattr(hashes, name.replace("shake_", "shake"))))
    parameters = import_module("kyber_py.ml_kem.default_parameters").DEFAULT_PARAMETERS["ML768"]
    return module.ML_KEM(parameters)


def _hash(function: Callable[..., bytes]) -> Callable[[bytes], Any]:
    """Return a function that looks like one of `hashlib`, and computes with `function`."""

    class Hash:
        def __init__(self, data: bytes) -> None:
            self._data = data

        def digest(self, *length: int) -> bytes:
            return function(self._data, *length)

    return Hash


def _kem_oracle() -> Any:
    return import_module("cryptography.hazmat.primitives.asymmetric.mlkem").MLKEM768PrivateKey


def _dsa_rows() -> Iterator[Row]:
    pk, sk = ML_DSA_65.keygen(ZEROS)
    signature = ML_DSA_65.sign(sk, b"message", rnd=ZEROS)
    public, private = ML_DSA_65.public_key(pk), ML_DSA_65.private_key(sk)
    public.verify(b"message", signature)
    private.sign(b"message")

    def keygen() -> Work:
        return lambda: _dsa_oracle().generate()

    def sign() -> Work:
        theirs = _dsa_oracle().from_seed_bytes(ZEROS)
        return lambda: [theirs.sign(message) for message in MESSAGES]

    def verify() -> Work:
        theirs = _dsa_oracle().from_seed_bytes(ZEROS).public_key()
        return lambda: theirs.verify(signature, b"message")

    def signing(function: Callable[[bytes], object]) -> Work:
        return lambda: [function(message) for message in MESSAGES]

    yield from _dsa_pair("keygen", 0.8, ML_DSA_65.keygen, lambda theirs: theirs.keygen, keygen)
    yield from _dsa_pair(
        f"sign, {len(MESSAGES)} messages",
        1.5,
        signing(lambda message: ML_DSA_65.sign(sk, message, rnd=ZEROS)),
        lambda theirs: signing(lambda message: theirs.sign(sk, message, deterministic=True)),
        sign,
    )
    yield from _dsa_pair(
        "verify",
        0.8,
        lambda: ML_DSA_65.verify(pk, b"message", signature),
        lambda theirs: lambda: theirs.verify(pk, b"message", signature),
        verify,
    )
    yield Row(
        what=f"ML-DSA-65 sign {len(MESSAGES)}, with a key that is kept",
        ours=signing(lambda message: private.sign(message, rnd=ZEROS)),
        peers={"with one that is not": lambda: signing(lambda message: ML_DSA_65.sign(sk, message, rnd=ZEROS))},
    )
    yield Row(
        what="ML-DSA-65 verify, with a key that is kept",
        ours=lambda: public.verify(b"message", signature),
        peers={"with one that is not": lambda: lambda: ML_DSA_65.verify(pk, b"message", signature)},
    )


def _dsa_pair(name: str, ratio: float, ours: Work, work: Callable[[Any], Work], limit: Maker) -> Iterator[Row]:
    """Yield two rows, since a row has one target."""
    what = f"ML-DSA-65 {name}"
    yield Row(
        what=what,
        ours=ours,
        peers={DSA_PEER: lambda: work(_dsa_theirs()), LIMIT: limit},
        target=Target(ratio, DSA_PEER),
    )
    yield Row(
        what=f"{what}, all in Python",
        ours=ours,
        peers={DSA_PURE: lambda: _hashing_in_python(work(_dsa_theirs()))},
        target=Target(3.0, DSA_PURE),
    )


def _dsa_theirs() -> Any:
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


def _dsa_oracle() -> Any:
    return import_module("cryptography.hazmat.primitives.asymmetric.mldsa").MLDSA65PrivateKey
