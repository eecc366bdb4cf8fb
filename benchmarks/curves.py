"""Elliptic curves: signatures and shared secrets."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any

from benchmarks.hashes import blocks_alone
from benchmarks.row import LIMIT, Row, Target, Work
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, ECPrivateKey, ECPublicKey, generate_ec_private_key
from primitives.ecdh import ecdh
from primitives.ecdsa import ecdsa_sign, ecdsa_verify
from primitives.ed25519 import ed25519_public_key, ed25519_sign, ed25519_verify
from primitives.hashes import HashFunction
from primitives.sha2 import sha256, sha384
from primitives.x25519 import x25519

MESSAGE = secrets.token_bytes(100)
HASHES: dict[str, HashFunction] = {P256.name: sha256, P384.name: sha384}


def rows() -> Iterator[Row]:
    for curve, sign, verify, agree in (P256, 1.2, 1.5, 1.2), (P384, None, None, None):
        yield _sign(curve, sign)
        yield _verify(curve, verify)
        yield _first_verification(curve)
        yield _agree(curve, agree)
    yield _x25519()
    yield _ed25519_sign()
    yield _ed25519_verify()


def _target(times: float | None, peer: str = "ecdsa") -> Target | None:
    return None if times is None else Target(times, peer)


def _theirs(key: ECPrivateKey) -> Any:
    """Return the key as `ecdsa` has it, with which gmpy2 is used if it is installed."""
    ecdsa = import_module("ecdsa")
    curve = {P256.name: ecdsa.NIST256p, P384.name: ecdsa.NIST384p}[key.curve.name]
    return ecdsa.SigningKey.from_secret_exponent(key.d, curve)


def _their_hash(hash: HashFunction) -> Any:
    return getattr(import_module("hashlib"), hash.name)


@cache
def _key(curve: Curve) -> ECPrivateKey:
    return generate_ec_private_key(curve)


@cache
def _signature(curve: Curve) -> bytes:
    return ecdsa_sign(_key(curve), MESSAGE, hash=HASHES[curve.name])


@cache
def _strangers(curve: Curve) -> list[tuple[bytes, bytes]]:
    """Return the public keys of many, each with a signature."""
    keys = [generate_ec_private_key(curve) for _ in range(100)]
    return [(key.public_key.to_bytes(), ecdsa_sign(key, MESSAGE, hash=HASHES[curve.name])) for key in keys]


def _sign(curve: Curve, times: float | None) -> Row:
    def ecdsa() -> Work:
        theirs, function = _theirs(_key(curve)), _their_hash(HASHES[curve.name])
        der = import_module("ecdsa.util").sigencode_der
        return lambda: theirs.sign_deterministic(MESSAGE, hashfunc=function, sigencode=der)

    def openssl() -> Work:
        ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        theirs, algorithm = (
            _openssl_key(_key(curve)),
            ec.ECDSA(_openssl_hash(HASHES[curve.name]), deterministic_signing=True),
        )
        return lambda: theirs.sign(MESSAGE, algorithm)

    # RFC 6979 takes 16 blocks for the nonce, the message 2. The peer's hash functions are in C.
    floor = {"our SHA-256 alone, of its 18 blocks": blocks_alone(2, *[1] * 16)} if curve is P256 else {}
    return Row(
        what=f"ECDSA {curve.name} sign",
        ours=lambda: ecdsa_sign(_key(curve), MESSAGE, hash=HASHES[curve.name]),
        peers={"ecdsa": ecdsa, LIMIT: openssl, **floor},
        target=_target(times),
        turns=101,
    )


def _verify(curve: Curve, times: float | None) -> Row:
    def ecdsa() -> Work:
        theirs, function = _theirs(_key(curve)).get_verifying_key(), _their_hash(HASHES[curve.name])
        signature, der = _signature(curve), import_module("ecdsa.util").sigdecode_der
        return lambda: theirs.verify(signature, MESSAGE, hashfunc=function, sigdecode=der)

    def openssl() -> Work:
        ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        theirs, algorithm = _openssl_key(_key(curve)).public_key(), ec.ECDSA(_openssl_hash(HASHES[curve.name]))
        signature = _signature(curve)
        return lambda: theirs.verify(signature, MESSAGE, algorithm)

    return Row(
        what=f"ECDSA {curve.name} verify",
        ours=lambda: ecdsa_verify(_key(curve).public_key, MESSAGE, _signature(curve), hash=HASHES[curve.name]),
        peers={"ecdsa": ecdsa, LIMIT: openssl},
        target=_target(times),
        turns=101,
    )


def _first_verification(curve: Curve) -> Row:
    """Each turn takes another key, of which nobody has tables yet."""
    turns = count()

    def ours() -> None:
        point, signature = _strangers(curve)[next(turns) % 100]
        ecdsa_verify(ECPublicKey.from_bytes(curve, point), MESSAGE, signature, hash=HASHES[curve.name])

    def ecdsa() -> Work:
        key, function, der = (
            import_module("ecdsa").VerifyingKey,
            _their_hash(HASHES[curve.name]),
            import_module("ecdsa.util"),
        )
        their_curve = _theirs(_key(curve)).curve

        def run() -> None:
            point, signature = _strangers(curve)[next(turns) % 100]
            theirs = key.from_string(point, their_curve)
            theirs.verify(signature, MESSAGE, hashfunc=function, sigdecode=der.sigdecode_der)

        return run

    return Row(what=f"ECDSA {curve.name} verify, a key not seen before", ours=ours, peers={"ecdsa": ecdsa})


def _agree(curve: Curve, times: float | None) -> Row:
    public = cache(lambda: generate_ec_private_key(curve).public_key)

    def ecdsa() -> Work:
        key = _theirs(_key(curve))
        theirs = import_module("ecdsa").ECDH(key.curve, key)
        theirs.load_received_public_key_bytes(public().to_bytes())
        return lambda: theirs.generate_sharedsecret_bytes()

    def openssl() -> Work:
        ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
        theirs = _openssl_key(_key(curve))
        point = ec.EllipticCurvePublicKey.from_encoded_point(theirs.curve, public().to_bytes())
        return lambda: theirs.exchange(ec.ECDH(), point)

    return Row(
        what=f"ECDH {curve.name}",
        ours=lambda: ecdh(_key(curve), public()),
        peers={"ecdsa": ecdsa, LIMIT: openssl},
        target=_target(times),
        turns=101,
    )


def _openssl_key(key: ECPrivateKey) -> Any:
    ec = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    return ec.derive_private_key(key.d, {P256.name: ec.SECP256R1, P384.name: ec.SECP384R1}[key.curve.name]())


def _openssl_hash(hash: HashFunction) -> Any:
    return getattr(import_module("cryptography.hazmat.primitives.hashes"), hash.name.upper())()


def _x25519() -> Row:
    k, u = secrets.token_bytes(32), x25519(secrets.token_bytes(32), (9).to_bytes(32, "little"))

    def tlslite() -> Work:
        function = import_module("tlslite.utils.x25519").x25519
        scalar, point = bytearray(k), bytearray(u)
        return lambda: function(scalar, point)

    def purepycrypto() -> Work:
        function = import_module("purepycrypto.x25519").x25519
        return lambda: function(k, u)

    def openssl() -> Work:
        module = import_module("cryptography.hazmat.primitives.asymmetric.x25519")
        private, public = module.X25519PrivateKey.from_private_bytes(k), module.X25519PublicKey.from_public_bytes(u)
        return lambda: private.exchange(public)

    return Row(
        what="X25519",
        ours=lambda: x25519(k, u),
        peers={"tlslite-ng": tlslite, "purepycrypto": purepycrypto, LIMIT: openssl},
        target=_target(2.5, "tlslite-ng"),
        turns=101,
    )


def _ed25519_sign() -> Row:
    key = secrets.token_bytes(32)

    def ecdsa() -> Work:
        module = import_module("ecdsa")
        theirs = module.SigningKey.from_string(key, module.Ed25519)
        return lambda: theirs.sign(MESSAGE)

    def purepycrypto() -> Work:
        sign = import_module("purepycrypto.ed25519").ed25519_sign
        return lambda: sign(MESSAGE, key)

    def openssl() -> Work:
        module = import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
        theirs = module.Ed25519PrivateKey.from_private_bytes(key)
        return lambda: theirs.sign(MESSAGE)

    return Row(
        what="Ed25519 sign",
        ours=lambda: ed25519_sign(key, MESSAGE),
        peers={"ecdsa": ecdsa, "purepycrypto": purepycrypto, LIMIT: openssl},
    )


def _ed25519_verify() -> Row:
    key = secrets.token_bytes(32)
    public, signature = ed25519_public_key(key), ed25519_sign(key, MESSAGE)

    def ecdsa() -> Work:
        module = import_module("ecdsa")
        theirs = module.VerifyingKey.from_string(public, module.Ed25519)
        return lambda: theirs.verify(signature, MESSAGE)

    def purepycrypto() -> Work:
        verify = import_module("purepycrypto.ed25519").ed25519_verify
        return lambda: verify(signature, MESSAGE, public)

    def openssl() -> Work:
        module = import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
        theirs = module.Ed25519PublicKey.from_public_bytes(public)
        return lambda: theirs.verify(signature, MESSAGE)

    return Row(
        what="Ed25519 verify",
        ours=lambda: ed25519_verify(public, MESSAGE, signature),
        peers={"ecdsa": ecdsa, "purepycrypto": purepycrypto, LIMIT: openssl},
        target=_target(1.5),
        turns=101,
    )
