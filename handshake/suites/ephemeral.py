"""Ephemeral Diffie–Hellman: both sides make a key pair for this one handshake, and the server signs its public key.

Standard     RFC 5246 §7.4.3, §7.4.7.2, §8.1.2; RFC 8422 §2, §5.4, §5.7, §5.10; RFC 7919 §3, §4.
Left out     Static and anonymous Diffie–Hellman: without forward secrecy the one, without knowing the peer the other.

The key pairs are forgotten after the handshake: whoever gets the server's private key later cannot read what was
recorded before (forward secrecy).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from handshake.messages.keys import (
    ClientDHPublic,
    ClientECDHPublic,
    ServerDHKeyExchange,
    ServerDHParams,
    ServerECDHKeyExchange,
    ServerECDHParams,
)
from handshake.registries.groups import FFDHE_CODES, SECP256R1, UNNAMED_GROUPS, Group, KeyPair
from handshake.tls12.key_schedule import PremasterSecret
from primitives.integers import os2ip
from record.alerts import AlertDescription, RemoteProtocolError


@dataclass(frozen=True, slots=True)
class ECDHE:
    """ECDHE (RFC 8422 §2): on a curve that the client has named."""

    name = "ECDHE"
    server_message = ServerECDHKeyExchange
    client_message = ClientECDHPublic

    def choose_group(self, groups: Sequence[Group], *, offered: Collection[int] | None) -> Group | None:
        """Return the first of the server's curves that the client has named; None if there is none.

        offered: the client's supported_groups; None if it sent none, and the server may choose (RFC 8422 §4). Who is
        so old will know secp256r1 rather than x25519.
        """
        curves = [group for group in groups if group.dh is None]
        if offered is None:
            return SECP256R1 if SECP256R1 in curves else None
        return next((group for group in curves if group.code in offered), None)

    def params(self, group: Group, pair: KeyPair) -> ServerECDHParams:
        """Return what the server signs."""
        return ServerECDHParams(group.code, pair.public)

    def group_of(self, params: ServerECDHParams | ServerDHParams, groups: Sequence[Group]) -> Group:
        """Return the group that a server chose; raise illegal_parameter if it was not offered (RFC 8422 §5.4)."""
        if not isinstance(params, ServerECDHParams):
            raise TypeError(f"the parameters are {type(params).__name__}, expected ServerECDHParams")
        for group in groups:
            if group.dh is None and group.code == params.named_curve:
                return group
        raise RemoteProtocolError(
            AlertDescription.ILLEGAL_PARAMETER,
            f"the server chose the curve {params.named_curve}, which was not offered",
        )

    def agree(self, pair: KeyPair, public: bytes) -> PremasterSecret:
        """Return the premaster secret; raise illegal_parameter if `public` is no key of the curve (RFC 8422 §5.11)."""
        try:
            return PremasterSecret(pair.agree(public))
        except ValueError as error:
            raise RemoteProtocolError(
                AlertDescription.ILLEGAL_PARAMETER, f"the peer's ephemeral key is refused: {error}"
            ) from error


@dataclass(frozen=True, slots=True)
class DHE:
    """DHE (RFC 5246 §7.4.3): modulo a prime, which is one that RFC 7919 names."""

    name = "DHE"
    server_message = ServerDHKeyExchange
    client_message = ClientDHPublic

    def choose_group(self, groups: Sequence[Group], *, offered: Collection[int] | None) -> Group | None:
        """Return the first of the server's primes that the client has named; None if there is none.

        offered: the client's supported_groups, None if it sent none. Who names no prime at all does not know RFC 7919,
        and gets what the server prefers (§4).
        """
        primes = [group for group in groups if group.dh is not None]
        if not any(code in FFDHE_CODES for code in offered or ()):
            return primes[0] if primes else None
        return next((group for group in primes if group.code in (offered or ())), None)

    def params(self, group: Group, pair: KeyPair) -> ServerDHParams:
        """Return what the server signs."""
        if group.dh is None:
            raise ValueError(f"{group} is a curve, expected a prime")
        p, g = group.dh.p, group.dh.g
        return ServerDHParams(p.to_bytes(group.dh.size, "big"), bytes([g]), pair.public)

    def group_of(self, params: ServerECDHParams | ServerDHParams, groups: Sequence[Group]) -> Group:
        """Return the group that a server chose; raise insufficient_security if it is not one of the named (§3)."""
        if not isinstance(params, ServerDHParams):
            raise TypeError(f"the parameters are {type(params).__name__}, expected ServerDHParams")
        p, g = os2ip(params.p), os2ip(params.g)
        for group in (*groups, *UNNAMED_GROUPS):
            if group.dh is not None and (group.dh.p, group.dh.g) == (p, g):
                return group
        raise RemoteProtocolError(
            AlertDescription.INSUFFICIENT_SECURITY,
            f"the server chose a prime of {p.bit_length()} bits that nobody vouches for, expected a named one",
        )

    def agree(self, pair: KeyPair, public: bytes) -> PremasterSecret:
        """Return the premaster secret; raise handshake_failure if `public` is out of range (RFC 7919 §3, §4)."""
        try:
            return PremasterSecret(pair.agree(public))
        except ValueError as error:
            raise RemoteProtocolError(
                AlertDescription.HANDSHAKE_FAILURE, f"the peer's ephemeral key is refused: {error}"
            ) from error


EphemeralKeyExchange: TypeAlias = ECDHE | DHE
