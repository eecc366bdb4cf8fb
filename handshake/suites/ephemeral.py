"""Ephemeral Diffie–Hellman: both sides make a key pair for this one handshake, and the server signs its public key.

Standard     RFC 5246 §7.4.3, §7.4.7.2, §8.1.2; RFC 8422 §2, §5.4, §5.7, §5.10; RFC 7919 §3, §4.
Left out     Static and anonymous Diffie–Hellman: without forward secrecy the one, without knowing the peer the other.

The key pairs are forgotten after the handshake: anyone who gets the server's private key later cannot read what was
recorded before (forward secrecy).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from handshake.messages.keys import (
    ClientDHPublic,
    ClientECDHPublic,
    ServerDHKeyExchange,
    ServerDHParams,
    ServerECDHKeyExchange,
    ServerECDHParams,
)
from handshake.registries.groups import FFDHE_CODES, SECP256R1, UNNAMED_GROUPS
from handshake.registries.key_agreement import Group, KeyPair
from handshake.suites.secrets import PremasterSecret
from primitives.integers import RandomBytes, os2ip
from record.alerts import AlertDescription, RemoteProtocolError, illegal_parameter, insufficient_security


class _Ephemeral:
    """What both kinds do alike: agree on the premaster secret, or refuse the peer's share with one alert."""

    __slots__ = ()
    refusal: ClassVar[AlertDescription]

    def agree(self, pair: KeyPair, share: bytes, *, named: bool) -> PremasterSecret:
        """Return the premaster secret of our key pair and the client's share; raise an alert if it is not one.

        named: whether the client has named groups of primes. One that has not does not know RFC 7919, nor its alert.
        """
        with self._refusing(self.refusal if named else AlertDescription.ILLEGAL_PARAMETER):
            return self.premaster(pair.agree(share))

    def answer(self, group: Group, share: bytes, *, random_bytes: RandomBytes) -> tuple[bytes, PremasterSecret]:
        """Return our share, and the premaster secret of it and the server's; raise `refusal` if that is not one."""
        with self._refusing(self.refusal):
            ours, secret = group.answer(share, random_bytes)
            return ours, self.premaster(secret)

    def premaster(self, secret: bytes) -> PremasterSecret:
        """Return what the group's shared secret is as a premaster secret."""
        return PremasterSecret(secret)

    @contextmanager
    def _refusing(self, alert: AlertDescription) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise RemoteProtocolError(alert, f"the peer's ephemeral key is refused: {error}") from error


@dataclass(frozen=True, slots=True)
class ECDHE(_Ephemeral):
    """ECDHE (RFC 8422 §2): on a curve that the client has named."""

    name = "ECDHE"
    on_curves = True
    refusal = AlertDescription.ILLEGAL_PARAMETER  # RFC 8422 §5.11
    server_message = ServerECDHKeyExchange
    client_message = ClientECDHPublic

    def choose_group(self, groups: Sequence[Group], *, offered: Collection[int] | None) -> Group | None:
        """Return the first of the server's curves that the client has named, or None.

        offered: the client's supported_groups; None if it sent none, and the server may choose (RFC 8422 §4). A
        client so old will know secp256r1 rather than x25519.
        """
        curves = [group for group in groups if group.dh is None]
        if offered is None:
            return SECP256R1 if SECP256R1 in curves else None
        return next((group for group in curves if group.code in offered), None)

    def params(self, group: Group, share: bytes) -> ServerECDHParams:
        """Return what the server signs."""
        return ServerECDHParams(group.code, share)

    def group_of(self, params: ServerECDHParams | ServerDHParams, groups: Sequence[Group]) -> Group:
        """Return the group that a server chose; raise illegal_parameter if it was not offered (RFC 8422 §5.4)."""
        if not isinstance(params, ServerECDHParams):
            raise TypeError(f"the parameters are {type(params).__name__}, expected ServerECDHParams")
        for group in groups:
            if group.dh is None and group.code == params.named_curve:
                return group
        raise illegal_parameter(f"the server chose the curve {params.named_curve}, which was not offered")


@dataclass(frozen=True, slots=True)
class DHE(_Ephemeral):
    """DHE (RFC 5246 §7.4.3): modulo a prime, which is one that RFC 7919 names."""

    name = "DHE"
    on_curves = False
    refusal = AlertDescription.HANDSHAKE_FAILURE  # RFC 7919 §3, §4
    server_message = ServerDHKeyExchange
    client_message = ClientDHPublic

    def choose_group(self, groups: Sequence[Group], *, offered: Collection[int] | None) -> Group | None:
        """Return the first of the server's primes that the client has named, or None.

        offered: the client's supported_groups, None if it sent none. A client that names no prime at all does not know
        RFC 7919, and gets what the server prefers (§4).
        """
        primes = [group for group in groups if group.dh is not None]
        if not any(code in FFDHE_CODES for code in offered or ()):
            return primes[0] if primes else None
        return next((group for group in primes if group.code in (offered or ())), None)

    def params(self, group: Group, share: bytes) -> ServerDHParams:
        """Return what the server signs."""
        if group.dh is None:
            raise ValueError(f"{group} is a curve, expected a prime")
        p, g = group.dh.p, group.dh.g
        return ServerDHParams(p.to_bytes(group.dh.size, "big"), bytes([g]), share)

    def group_of(self, params: ServerECDHParams | ServerDHParams, groups: Sequence[Group]) -> Group:
        """Return the group that a server chose; raise insufficient_security if it is not one of the named (§3)."""
        if not isinstance(params, ServerDHParams):
            raise TypeError(f"the parameters are {type(params).__name__}, expected ServerDHParams")
        p, g = os2ip(params.p), os2ip(params.g)
        for group in (*groups, *UNNAMED_GROUPS):
            if group.dh is not None and (group.dh.p, group.dh.g) == (p, g):
                return group
        raise insufficient_security(
            f"the server chose a prime of {p.bit_length()} bits that nobody vouches for, expected a named one"
        )

    def premaster(self, secret: bytes) -> PremasterSecret:
        """Return the shared secret Z without its leading zeros.

        RFC 5246 §8.1.2: "Leading bytes of Z that contain all zero bits are stripped". How long the secret is then
        shows in the time that the PRF takes, where the same key pair is used again (Raccoon, 2020): here it is not.
        """
        return PremasterSecret(secret.lstrip(b"\0"))


EphemeralKeyExchange: TypeAlias = ECDHE | DHE
