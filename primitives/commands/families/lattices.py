"""The command of ML-KEM: keys, encapsulation, decapsulation.

Standard     FIPS 203.
Left out     Keys in PEM.
Timing       That of the algorithm.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from primitives.commands import key_files
from primitives.commands.arguments import Arguments, Run
from primitives.commands.families.rsa import key_file, made
from primitives.commands.inputs import FORMS
from primitives.commands.results import Result
from primitives.octets import require_bytes

if TYPE_CHECKING:
    from primitives.ml_kem import ML_KEM

SETS = ("ML-KEM-512", "ML-KEM-768", "ML-KEM-1024")
OPERATIONS = ("keygen", "encaps", "decaps")
BELONGS = {"keygen": ("parameters", "seed", "out"), "encaps": ("key", "m"), "decaps": ("key", "ciphertext")}


def ml_kem(name: str, arguments: Arguments) -> Run:
    """Make the command of ML-KEM."""
    parser = arguments.parser
    parser.add_argument(
        "operation", choices=OPERATIONS, help="make keys; a secret and its ciphertext; the secret again"
    )
    parser.add_argument("--parameters", choices=SETS, help="of keygen (default: ML-KEM-768); a key has its own")
    arguments.octets("--seed", "d ‖ z, 64 bytes, which determine the keys of keygen (default: random)")
    key_file(arguments)
    arguments.octets("--key", "of encaps and decaps: @FILE from keygen, or the bytes of ek or dk")
    arguments.octets("--m", "32 bytes, which determine the secret of encaps (default: random)")
    arguments.octets("--ciphertext", f"of decaps: @FILE with what encaps printed, or the bytes of c: {FORMS}")

    def run(options: argparse.Namespace) -> Result:
        refuse_what_does_not_belong(options, BELONGS, ("key", "ciphertext"))
        if options.operation == "keygen":
            parameters = _parameters(options.parameters or "ML-KEM-768")
            ek, dk = parameters.keygen(options.seed)
            fields = {"parameters": parameters.name, "ek": ek.hex(), "dk": dk.hex()}
            return made(fields, options.out, public=("parameters", "ek"))
        if options.operation == "encaps":
            parameters, ek = _key(options, "ek")
            K, c = parameters.encaps(ek, options.m)
            return Result(key_files.write({"K": K.hex(), "c": c.hex()}))
        parameters, dk = _key(options, "dk")
        return Result(parameters.decaps(dk, _ciphertext(options.ciphertext, parameters)))

    return run


def refuse_what_does_not_belong(
    options: argparse.Namespace, belongs: dict[str, tuple[str, ...]], needed: tuple[str, ...]
) -> None:
    """Raise `ValueError` if an option is missing, or is not of this operation.

    belongs: the options of each operation. needed: those that an operation cannot do without, where it has them.
    """
    for operation, names in belongs.items():
        for name in names:
            if getattr(options, name) is not None and name not in belongs[options.operation]:
                raise ValueError(f"--{name} is of {operation}, not of {options.operation}")
    for name in needed:
        if getattr(options, name) is None and name in belongs[options.operation]:
            raise ValueError(f"--{name} is missing, which {options.operation} needs")


def _parameters(name: str) -> ML_KEM:
    from primitives import ml_kem

    if name not in SETS:
        raise ValueError(f"{name[:40]!r} is not a parameter set here, expected one of {', '.join(SETS)}")
    return ml_kem.PARAMETER_SETS[name]


def _key(options: argparse.Namespace, which: str) -> tuple[ML_KEM, bytes]:
    """Return the parameter set and the key, `ek` or `dk`."""
    sets = map(_parameters, SETS)
    name, key = key_of_a_set(options.key, which, {each.name: getattr(each, f"{which}_size") for each in sets})
    return _parameters(name), key


def key_of_a_set(given: bytes, which: str, sizes: dict[str, int]) -> tuple[str, bytes]:
    """Return the name of the parameter set and the key: of a key file, or of the size that the bytes have.

    which: of the fields of a key file. sizes: of such a key, by the names of the parameter sets.
    """
    octets = require_bytes(given, "--key")
    for name, size in sizes.items():
        if len(octets) == size:
            return name, octets  # whatever its first byte is: no key file of ours has such a length
    if not octets.startswith(b"{"):
        raise ValueError(f"expected the {which} of a parameter set, got {len(octets)} bytes")
    fields = key_files.read(octets)
    return str(fields.get("parameters")), key_files.octets(fields, which)


def _ciphertext(octets: bytes, parameters: ML_KEM) -> bytes:
    """Return the ciphertext, of what `encaps` printed or by itself."""
    if octets.startswith(b"{") and len(octets) != parameters.ciphertext_size:
        return key_files.octets(key_files.read(octets), "c")
    return octets
