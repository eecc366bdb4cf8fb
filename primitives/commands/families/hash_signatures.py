"""The command of SLH-DSA: keys, signing, verifying.

Standard     FIPS 205.
Left out     Keys in PEM.
Timing       That of the algorithm.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from console.command_line import checked
from primitives.commands import key_files
from primitives.commands.arguments import Arguments, Run
from primitives.commands.families.derivation import VALID
from primitives.commands.families.lattice_signatures import prehash_named
from primitives.commands.families.lattices import refuse_what_does_not_belong
from primitives.commands.families.rsa import key_file, made
from primitives.commands.inputs import FORMS
from primitives.commands.results import Result

if TYPE_CHECKING:
    from primitives.slh_dsa import SLH_DSA

SETS = tuple(
    f"SLH-DSA-{family}-{size}{kind}" for family in ("SHA2", "SHAKE") for size in (128, 192, 256) for kind in "sf"
)
DEFAULT = "SLH-DSA-SHA2-128f"
BELONGS = {
    "keygen": ("seed", "out"),
    "sign": ("key", "message", "context", "prehash", "addrnd"),
    "verify": ("key", "message", "context", "prehash", "signature"),
}


def slh_dsa(name: str, arguments: Arguments) -> Run:
    """Make the command of SLH-DSA."""
    parser = arguments.parser
    parser.add_argument("operation", choices=tuple(BELONGS), help="make keys; sign a message; verify a signature")
    parser.add_argument(
        "--parameters", metavar="SET",
        help=f"of keygen (default: {DEFAULT}), and of a key that is given as bytes: SLH-DSA-SHA2 or SLH-DSA-SHAKE with "
        "-128s, -128f, -192s, -192f, -256s or -256f; s is for short signatures, f for fast signing",
    )  # fmt: skip
    arguments.octets("--seed", "SK.seed ‖ SK.prf ‖ PK.seed, which determine the keys of keygen (default: random)")
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
    arguments.octets("--addrnd", "of sign: n bytes (default: random); PK.seed makes the deterministic variant")
    arguments.octets("--signature", f"of verify: {FORMS}")

    def run(options: argparse.Namespace) -> Result:
        refuse_what_does_not_belong(options, BELONGS, ("key", "message", "signature"))
        if options.operation == "keygen":
            parameters = _parameters(options.parameters or DEFAULT)
            pk, sk = parameters.keygen(options.seed)
            fields = {"parameters": parameters.name, "pk": pk.hex(), "sk": sk.hex()}
            return made(fields, options.out, public=("parameters", "pk"))
        context, prehash = options.context or b"", options.prehash
        if options.operation == "sign":
            parameters, sk = _key(options, "sk")
            return Result(parameters.sign(sk, options.message, context=context, prehash=prehash, addrnd=options.addrnd))
        parameters, pk = _key(options, "pk")
        parameters.verify(pk, options.message, options.signature, context=context, prehash=prehash)
        return Result(VALID)

    return run


def _parameters(name: str) -> SLH_DSA:
    from primitives import slh_dsa

    if name not in SETS:
        raise ValueError(f"{name[:40]!r} is not a parameter set here, expected one of {', '.join(SETS)}")
    return slh_dsa.PARAMETER_SETS[name]


def _key(options: argparse.Namespace, which: str) -> tuple[SLH_DSA, bytes]:
    """Return the parameter set and the key, `pk` or `sk`: of a key file, or as bytes, whose length does not tell it."""
    octets, asked = options.key, options.parameters
    if octets.startswith(b"{"):
        fields = key_files.read(octets)
        name = str(fields.get("parameters"))
        if asked not in (None, name):
            raise ValueError(f"the key is of {name[:40]}, and --parameters is {asked[:40]}")
        return _parameters(name), key_files.octets(fields, which)
    if asked is None:
        raise ValueError("--parameters is missing: a key of SLH-DSA has no name of its set in its bytes")
    return _parameters(asked), octets
