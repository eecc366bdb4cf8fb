"""On what terms a party talks: which suites and signatures it accepts, and so which keys it needs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.command_line import CommandError
from demo.otp.combinations import (
    USUAL,
    Combination,
    combinations,
    scheme_names,
)
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, Authentication, SignatureScheme, scheme_by_name
from handshake.suites.table import CipherSuite, suite_by_name


@dataclass(frozen=True)
class Terms:
    """What a party accepts, the preferred ones first.

    combinations: those that the suites and the signature schemes were chosen for; empty if suites were named.
    """

    suites: tuple[CipherSuite, ...]
    signature_schemes: tuple[SignatureScheme, ...]
    combinations: tuple[Combination, ...] = ()

    @classmethod
    def of(cls, chosen: Sequence[Combination]) -> Terms:
        """Return the terms of these combinations."""
        return cls(
            tuple(map(suite_by_name, dict.fromkeys(each.suite for each in chosen))),
            tuple(map(scheme_by_name, scheme_names(chosen))),
            tuple(chosen),
        )

    @property
    def needs_rsa(self) -> bool:
        """Whether there is a suite for servers with an RSA key."""
        return any(suite.authentication is Authentication.RSA for suite in self.suites)

    @property
    def needs_ec(self) -> bool:
        """Whether there is a suite for servers with an EC key."""
        return any(suite.authentication is Authentication.ECDSA for suite in self.suites)


def terms_of(arguments: argparse.Namespace, *, choosing: bool = False) -> Terms:
    """Return the terms that the command line gives; raise `CommandError` if it contradicts itself.

    choosing: whether a person is going to choose, who then should have a choice also if the command line gives none.
    """
    parts = (arguments.kex, arguments.cipher, arguments.hash)
    if arguments.suite:
        if any(parts):
            raise CommandError("--suite says it all: give it, or some of --kex, --cipher and --hash")
        return Terms(tuple(map(suite_by_name, dict.fromkeys(arguments.suite))), DEFAULT_SCHEMES)
    if any(parts):
        return Terms.of(combinations(*parts))
    if choosing:
        return Terms.of((*USUAL, *combinations(("rsa",), None, None)))
    return Terms(tuple(suite_by_name(each.suite) for each in USUAL), DEFAULT_SCHEMES, USUAL)


def terms_of_party(arguments: argparse.Namespace, *, choosing: bool = False) -> Terms:
    """Return the terms of a server or a client, with the fault that it is to have; raise as `terms_of` does."""
    terms = terms_of(arguments, choosing=choosing)
    if arguments.fault is None:
        return terms
    from demo.otp.faults import faulty

    try:
        return replace(terms, suites=faulty(terms.suites, arguments.fault))
    except ValueError as error:
        raise CommandError(str(error)) from None
