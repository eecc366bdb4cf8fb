"""The commands of elliptic curves and of Diffie–Hellman.

Standard     SEC 1, FIPS 186-5, SP 800-56A, RFC 7748, RFC 8032, RFC 7919.
Left out     Keys in PEM: see `key_files.py`.
Timing       That of the algorithms.
"""

from __future__ import annotations

import argparse
import secrets

from console.command_line import checked
from primitives.commands import key_files
from primitives.commands.arguments import Arguments, Run
from primitives.commands.families.derivation import VALID
from primitives.commands.families.rsa import key_file, made
from primitives.commands.inputs import FORMS
from primitives.commands.results import Result

KEY = "the key: @FILE from ec-keygen, or such as curve=P-256,d=5"
OCTETS = "the private key: 32 bytes, or @FILE from ec-keygen"


OCTET_KEYS = {"Ed25519": 32, "X25519": 32, "Ed448": 57, "X448": 56}
"""The curves whose keys are octets, with the length of a private key."""


def keygen(name: str, arguments: Arguments) -> Run:
    """Make the command that makes keys on curves."""
    arguments.parser.add_argument(
        "--curve", choices=(*key_files.CURVES, *OCTET_KEYS), default="P-256", help="(default: P-256)"
    )
    key_file(arguments)

    def run(options: argparse.Namespace) -> Result:
        if options.curve in key_files.CURVES:
            from primitives.ec import generate_ec_private_key

            key = generate_ec_private_key(key_files.curve_named(options.curve))
            return made(key_files.ec_fields(key), options.out, public=("curve", "Q"))
        from primitives.ed448_keys import Ed448PrivateKey
        from primitives.ed25519_keys import Ed25519PrivateKey
        from primitives.x448_keys import X448PrivateKey
        from primitives.x25519_keys import X25519PrivateKey

        private = secrets.token_bytes(OCTET_KEYS[options.curve])
        kinds: dict[str, type[Ed25519PrivateKey | X25519PrivateKey | Ed448PrivateKey | X448PrivateKey]] = {
            "Ed25519": Ed25519PrivateKey,
            "X25519": X25519PrivateKey,
            "Ed448": Ed448PrivateKey,
            "X448": X448PrivateKey,
        }
        public = kinds[options.curve](private).public_key.to_bytes()
        fields = {"curve": options.curve, "private": private.hex(), "public": public.hex()}
        return made(fields, options.out, public=("curve", "public"))

    return run


def multiply(name: str, arguments: Arguments) -> Run:
    """Make the command of scalar multiplication."""
    arguments.parser.add_argument("--curve", choices=tuple(key_files.CURVES), default="P-256", help="(default: P-256)")
    arguments.octets("--point", f"the point P, as an octet string: {FORMS} (default: the base point G)")
    parser, inputs = arguments.parser, arguments.inputs
    parser.add_argument("k", type=checked(inputs.number), metavar="K", help="how many times P is added to itself")

    def run(options: argparse.Namespace) -> Result:
        from primitives.curves.weierstrass import decode_point
        from primitives.ec import multiply

        curve = key_files.curve_named(options.curve)
        if not 0 <= options.k < curve.n:
            raise ValueError(f"K is out of range, expected 0 to n − 1 of {curve.name}")
        P = curve.G if options.point is None else decode_point(curve, options.point)
        return Result(multiply(curve, options.k, P), form="point")

    return run


def ecdsa(name: str, arguments: Arguments) -> Run:
    """Make the command of ECDSA."""
    arguments.key(KEY)
    arguments.hash()
    arguments.flag("--p1363", "signatures are r ‖ s (default: DER)")
    arguments.octets("--verify", f"a signature, to be checked: {FORMS}")
    arguments.message()

    def run(options: argparse.Namespace) -> Result:
        from primitives import ecdsa

        fields, message, hash = key_files.read(options.key), options.message, options.hash
        if options.verify is not None:
            verify = ecdsa.ecdsa_verify_p1363 if options.p1363 else ecdsa.ecdsa_verify
            verify(key_files.ec_public_key(fields), message, options.verify, hash=hash)
            return Result(VALID)
        sign = ecdsa.ecdsa_sign_p1363 if options.p1363 else ecdsa.ecdsa_sign
        return Result(sign(key_files.ec_private_key(fields), message, hash=hash))

    return run


def ecdh(name: str, arguments: Arguments) -> Run:
    """Make the command of ECDH."""
    arguments.key(KEY)
    arguments.octets("--peer", "the other's public key: @FILE, or such as curve=P-256,Q=04…", required=True)

    def run(options: argparse.Namespace) -> Result:
        from primitives.ecdh import ecdh

        private = key_files.ec_private_key(key_files.read(options.key))
        return Result(ecdh(private, key_files.ec_public_key(key_files.read(options.peer))))

    return run


def x25519(name: str, arguments: Arguments) -> Run:
    """Make the command of X25519."""
    arguments.key(OCTETS)
    arguments.octets(
        "--peer", "the other's public key: 32 bytes, or @FILE (default: the base point: one's own public key)"
    )

    def run(options: argparse.Namespace) -> Result:
        from primitives.x25519 import BASE_POINT, x25519

        peer = BASE_POINT if options.peer is None else key_files.public_octets(options.peer)
        return Result(x25519(key_files.private_octets(options.key), peer))

    return run


def ed25519(name: str, arguments: Arguments) -> Run:
    """Make the command of Ed25519."""
    arguments.octets("--key", OCTETS)
    arguments.octets("--public", "the public key: 32 bytes, or @FILE; to verify with")
    arguments.octets("--verify", f"a signature, to be checked: {FORMS}")
    arguments.message()

    def run(options: argparse.Namespace) -> Result:
        from primitives.ed25519 import ed25519_sign, ed25519_verify

        if options.verify is None:
            if options.key is None:
                raise ValueError("--key is missing, the private key to sign with")
            return Result(ed25519_sign(key_files.private_octets(options.key), options.message))
        if options.public is None:
            raise ValueError("--public is missing, the public key to verify with")
        ed25519_verify(key_files.public_octets(options.public), options.message, options.verify)
        return Result(VALID)

    return run


def x448(name: str, arguments: Arguments) -> Run:
    """Make the command of X448."""
    arguments.key("the private key: 56 bytes, or @FILE from ec-keygen")
    arguments.octets(
        "--peer", "the other's public key: 56 bytes, or @FILE (default: the base point: one's own public key)"
    )

    def run(options: argparse.Namespace) -> Result:
        from primitives.x448 import BASE_POINT, x448

        peer = BASE_POINT if options.peer is None else key_files.public_octets(options.peer, 56)
        return Result(x448(key_files.private_octets(options.key, 56), peer))

    return run


def ed448(name: str, arguments: Arguments) -> Run:
    """Make the command of Ed448, and of Ed448ph."""
    arguments.octets("--key", "the private key: 57 bytes, or @FILE from ec-keygen")
    arguments.octets("--public", "the public key: 57 bytes, or @FILE; to verify with")
    arguments.octets("--context", "what the signature is for, at most 255 bytes", default=b"")
    arguments.flag("--prehash", "sign the message's digest, as Ed448ph")
    arguments.octets("--verify", f"a signature, to be checked: {FORMS}")
    arguments.message()

    def run(options: argparse.Namespace) -> Result:
        from primitives.ed448 import ed448_sign, ed448_verify

        message, context, prehash = options.message, options.context, options.prehash
        if options.verify is None:
            if options.key is None:
                raise ValueError("--key is missing, the private key to sign with")
            key = key_files.private_octets(options.key, 57)
            return Result(ed448_sign(key, message, context=context, prehash=prehash))
        if options.public is None:
            raise ValueError("--public is missing, the public key to verify with")
        public = key_files.public_octets(options.public, 57)
        ed448_verify(public, message, options.verify, context=context, prehash=prehash)
        return Result(VALID)

    return run


def dh_keygen(name: str, arguments: Arguments) -> Run:
    """Make the command that makes Diffie–Hellman keys."""
    arguments.parser.add_argument(
        "--group", choices=tuple(key_files.GROUPS), default="ffdhe2048", help="(default: ffdhe2048)"
    )
    key_file(arguments)

    def run(options: argparse.Namespace) -> Result:
        from primitives.dh import generate_dh_private_key

        key = generate_dh_private_key(key_files.group_named(options.group))
        return made(key_files.dh_fields(key), options.out, public=("group", "y"))

    return run


def dh(name: str, arguments: Arguments) -> Run:
    """Make the command of Diffie–Hellman."""
    arguments.key("the private key: @FILE from dh-keygen, or such as group=ffdhe2048,x=5")
    arguments.octets("--peer", "the other's public key: @FILE, or such as group=ffdhe2048,y=4", required=True)

    def run(options: argparse.Namespace) -> Result:
        from primitives.dh import dh

        private = key_files.dh_private_key(key_files.read(options.key))
        return Result(dh(private, key_files.dh_public_key(key_files.read(options.peer))))

    return run
