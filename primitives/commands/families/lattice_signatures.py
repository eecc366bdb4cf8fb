"""The command of ML-DSA: keys, signing, verifying.

Standard     FIPS 204.
Left out     Keys in PEM; what stands in for a message that somebody else has hashed (the external µ).
Timing       That of the algorithm.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from console.command_line import checked
from primitives.commands.arguments import Arguments, Run
from primitives.commands.families.derivation import VALID
from primitives.commands.families.lattices import key_of_a_set, refuse_what_does_not_belong
from primitives.commands.families.rsa import key_file, made
from primitives.commands.inputs import FORMS
from primitives.commands.results import Result
from primitives.hash_names import hash_named

if TYPE_CHECKING:
    from primitives.ml_dsa import ML_DSA
    from primitives.prehash import Prehash

SETS = ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87")
BELONGS = {
    "keygen": ("parameters", "seed", "out"),
    "sign": ("key", "message", "context", "prehash", "rnd"),
    "verify": ("key", "message", "context", "prehash", "signature"),
}


def ml_dsa(name: str, arguments: Arguments) -> Run:
    """Make the command of ML-DSA."""
    parser = arguments.parser
    parser.add_argument("operation", choices=tuple(BELONGS), help="make keys; sign a message; verify a signature")
    parser.add_argument("--parameters", choices=SETS, help="of keygen (default: ML-DSA-65); a key has its own")
    arguments.octets("--seed", "32 bytes, which determine the keys of keygen (default: random)")
    key_file(arguments)
    arguments.octets("--key", "of sign and verify: @FILE from keygen, or the bytes of sk or pk")
    parser.add_argument(
        "--message", type=checked(arguments.inputs.message), metavar="MESSAGE", help=f"of sign and verify: {FORMS}"
    )
    arguments.octets("--context", "of sign and verify: what the signature is for, at most 255 bytes (default: none)")
    parser.add_argument(
        "--prehash", type=checked(prehash_named), metavar="NAME",
        help="of sign and verify: sign the message's digest; a hash function, shake128 or shake256",
    )  # fmt: skip
    arguments.octets("--rnd", "of sign: 32 bytes (default: random); zeros make the deterministic variant")
    arguments.octets("--signature", f"of verify: {FORMS}")

    def run(options: argparse.Namespace) -> Result:
        refuse_what_does_not_belong(options, BELONGS, ("key", "message", "signature"))
        if options.operation == "keygen":
            parameters = _parameters(options.parameters or "ML-DSA-65")
            pk, sk = parameters.keygen(options.seed)
            fields = {"parameters": parameters.name, "pk": pk.hex(), "sk": sk.hex()}
            return made(fields, options.out, public=("parameters", "pk"))
        context, prehash = options.context or b"", options.prehash
        if options.operation == "sign":
            parameters, sk = _key(options, "sk")
            return Result(parameters.sign(sk, options.message, context=context, prehash=prehash, rnd=options.rnd))
        parameters, pk = _key(options, "pk")
        parameters.verify(pk, options.message, options.signature, context=context, prehash=prehash)
        return Result(VALID)

    return run


def prehash_named(name: str) -> Prehash:
    """Return the hash function of that name, or SHAKE128 or SHAKE256; raise `ValueError` if there is none."""
    from primitives.sha3 import shake_128, shake_256

    shakes: dict[str, Prehash] = {"shake128": shake_128, "shake256": shake_256}
    return shakes.get(name.lower()) or hash_named(name)


def _parameters(name: str) -> ML_DSA:
    from primitives import ml_dsa

    if name not in SETS:
        raise ValueError(f"{name[:40]!r} is not a parameter set here, expected one of {', '.join(SETS)}")
    return ml_dsa.PARAMETER_SETS[name]


def _key(options: argparse.Namespace, which: str) -> tuple[ML_DSA, bytes]:
    """Return the parameter set and the key, `pk` or `sk`."""
    sets = map(_parameters, SETS)
    name, key = key_of_a_set(options.key, which, {each.name: getattr(each, f"{which}_size") for each in sets})
    return _parameters(name), key
