"""The commands of the hash functions.

Standard     FIPS 180-4, FIPS 202, SP 800-185, RFC 1321.
Left out     Names and check files, as of `sha256sum`.
Timing       That of the functions.

>>> from console.command_line import Parser
>>> from primitives.commands.inputs import Inputs
>>> arguments = Arguments(Parser(prog="example"), Inputs())
>>> fixed("sha256", arguments)(arguments.parser.parse_args(["abc"])).text("hex")[:8]
'ba7816bf'
"""

from __future__ import annotations

from primitives.commands.arguments import Arguments, Run
from primitives.commands.results import Result
from primitives.hash_names import hash_named


def fixed(name: str, arguments: Arguments) -> Run:
    """Make the command of a hash function whose digest has a fixed length."""
    arguments.message("what is hashed")
    function = hash_named(name)
    return lambda options: Result(function(options.message).digest())


def extendable(name: str, arguments: Arguments) -> Run:
    """Make the command of SHAKE128 or SHAKE256."""
    arguments.length("of the output", default=32)
    arguments.message("what is hashed")
    from primitives.sha3 import shake_128, shake_256

    function = {"shake128": shake_128, "shake256": shake_256}[name]
    return lambda options: Result(function(options.message).digest(options.length))


def cshake(name: str, arguments: Arguments) -> Run:
    """Make the command of cSHAKE128 or cSHAKE256."""
    arguments.octets("--customization", "what the output is for", default=b"")
    arguments.octets("--function-name", "of a function that NIST defines by it, such as KMAC", default=b"")
    arguments.length("of the output", default=32)
    arguments.message("what is hashed")
    from primitives.cshake import cshake128, cshake256

    function = {"cshake128": cshake128, "cshake256": cshake256}[name]
    return lambda options: Result(
        function(
            options.message,
            options.length,
            function_name=options.function_name,
            customization=options.customization,
        )
    )
