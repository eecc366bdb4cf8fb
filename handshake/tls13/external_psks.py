"""External PSKs: what a client offers of those that it has, and which of its offers a server takes up.

Standard     RFC 9846 §4.3.11.
Left out     Early data under such a key (§4.3.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handshake.configuration import Configuration
from handshake.messages.tls13_extensions import PSKIdentity
from handshake.sessions.external_psk import ExternalPSK
from handshake.suites.tls13 import TLS13Suite
from handshake.tls13.key_schedule import EarlySecret
from primitives.hashes import HashFunction


@dataclass(frozen=True, slots=True)
class ExternalOffer:
    """An external PSK that the client offers."""

    psk: ExternalPSK

    @property
    def is_external(self) -> bool:
        """True."""
        return True

    @property
    def hash(self) -> HashFunction:
        """The hash function that the key is for."""
        return self.psk.hash

    def identity(self, at: datetime) -> PSKIdentity:
        """Return the key's name; of an external PSK, the age is 0 (§4.3.11)."""
        return PSKIdentity(self.psk.identity, 0)

    def early_secret(self) -> EarlySecret:
        """Return the Early Secret of the key."""
        return EarlySecret.extract(self.psk.key, hash=self.psk.hash)


def external_offers(configuration: Configuration) -> list[ExternalOffer]:
    """Return the external PSKs that one of the configuration's suites can use."""
    hashes = {suite.prf_hash for suite in configuration.tls13_suites}
    return [ExternalOffer(psk) for psk in configuration.external_psks if psk.hash in hashes]


def find_external(
    identities: Sequence[PSKIdentity], configuration: Configuration, suite: TLS13Suite
) -> tuple[int, ExternalPSK] | None:
    """Return the first of the client's identities that is known here and goes with the suite, and its place."""
    known = {psk.identity: psk for psk in configuration.external_psks if psk.hash is suite.prf_hash}
    for index, identity in enumerate(identities):
        psk = known.get(identity.identity)
        if psk is not None:
            return index, psk
    return None
