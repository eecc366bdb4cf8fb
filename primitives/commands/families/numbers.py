"""The commands of numbers: primes, divisors, inverses and powers.

Standard     FIPS 186-5 appendix B.
Left out     Factoring.
Timing       That of the algorithms.
"""

from __future__ import annotations

import argparse

from console.command_line import checked
from console.waiting import waiting
from primitives.commands.arguments import Arguments, Run
from primitives.commands.results import Result


def _numbers(arguments: Arguments, **names: str) -> None:
    for name, text in names.items():
        arguments.parser.add_argument(
            name, type=checked(arguments.inputs.number), metavar=name.upper(), help=f"{text}: decimal, or 0x…"
        )


def primes(name: str, arguments: Arguments) -> Run:
    """Make the command that says whether a number is prime."""
    arguments.number("--rounds", "of Miller–Rabin", default=64)
    _numbers(arguments, n="the number")

    def run(options: argparse.Namespace) -> Result:
        from primitives.primes import is_probable_prime

        return Result("prime" if is_probable_prime(options.n, rounds=options.rounds) else "composite")

    return run


def prime(name: str, arguments: Arguments) -> Run:
    """Make the command that finds a prime."""
    arguments.number("--bits", "its length", default=256)

    def run(options: argparse.Namespace) -> Result:
        from primitives.primes import generate_prime

        if options.bits > 8192:
            raise ValueError(f"--bits is {options.bits}, expected at most 8192")
        with waiting(f"a prime of {options.bits} bits"):
            return Result(generate_prime(options.bits))

    return run


def gcd(name: str, arguments: Arguments) -> Run:
    """Make the command of Euclid's algorithm."""
    _numbers(arguments, a="a number", b="another")

    def run(options: argparse.Namespace) -> Result:
        from primitives.euclid import gcd

        return Result(gcd(options.a, options.b))

    return run


def inverse(name: str, arguments: Arguments) -> Run:
    """Make the command of the inverse modulo a number."""
    _numbers(arguments, z="the number to be inverted", a="the modulus")

    def run(options: argparse.Namespace) -> Result:
        from primitives.euclid import inverse

        return Result(inverse(options.z, options.a))

    return run


def power(name: str, arguments: Arguments) -> Run:
    """Make the command of powers modulo a number."""
    _numbers(arguments, base="the base", exponent="the exponent", modulus="the modulus")

    def run(options: argparse.Namespace) -> Result:
        from primitives.square_and_multiply import power

        return Result(power(options.base, options.exponent, options.modulus))

    return run
