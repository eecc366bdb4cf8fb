"""ML-KEM, beside kyber-py as it is, whose hashing is OpenSSL's, and beside kyber-py that hashes in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

from benchmarks.row import LIMIT, Maker, Row, Target, Work
from primitives.ml_kem import ML_KEM_768

PEER = "kyber-py, hashing in C"
PURE = "kyber-py, hashing in Python"


def rows() -> Iterator[Row]:
    ek, dk = ML_KEM_768.keygen()
    _, c = ML_KEM_768.encaps(ek)
    kept, private = ML_KEM_768.encapsulation_key(ek), ML_KEM_768.decapsulation_key(dk)
    kept.encaps()
    private.decaps(c)

    def keygen() -> Work:
        return lambda: _oracle().generate()

    def encapsulate() -> Work:
        theirs = _oracle().from_seed_bytes(bytes(64)).public_key()
        return lambda: theirs.encapsulate()

    def decapsulate() -> Work:
        theirs = _oracle().from_seed_bytes(bytes(64))
        _, ciphertext = theirs.public_key().encapsulate()
        return lambda: theirs.decapsulate(ciphertext)

    yield from _rows("keygen", ML_KEM_768.keygen, lambda theirs: theirs.keygen, keygen)
    yield from _rows("encaps", lambda: ML_KEM_768.encaps(ek), lambda theirs: lambda: theirs.encaps(ek), encapsulate)
    yield from _rows(
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


def _rows(name: str, ours: Work, work: Callable[[Any], Work], limit: Maker) -> Iterator[Row]:
    """Yield two rows, since a row has one target."""
    what = f"ML-KEM-768 {name}"
    yield Row(what=what, ours=ours, peers={PEER: lambda: work(_theirs()), LIMIT: limit}, target=Target(0.7, PEER))
    yield Row(
        what=f"{what}, all in Python",
        ours=ours,
        peers={PURE: lambda: work(_theirs_in_python())},
        target=Target(2.5, PURE),
    )


def _theirs() -> Any:
    return import_module("kyber_py.ml_kem").ML_KEM_768


def _theirs_in_python() -> Any:
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


def _oracle() -> Any:
    return import_module("cryptography.hazmat.primitives.asymmetric.mlkem").MLKEM768PrivateKey
