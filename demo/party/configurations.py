"""How the parties speak TLS: what each shows, whom it trusts, and by which suites."""

from __future__ import annotations

from collections.abc import Sequence

from demo.party.identity import Identity
from demo.party.party import Party
from handshake.configuration import ClientConfiguration, ServerConfiguration
from handshake.suites.table import DEFAULT_SUITES, CipherSuite, suite_by_name
from record.codes import TLS_1_2

ENROLMENT_SUITES = tuple(
    map(suite_by_name, ("TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256"))
)


def client_configuration(
    party: Party, identity: Identity, *, server_name: str, suites: Sequence[CipherSuite] = DEFAULT_SUITES
) -> ClientConfiguration:
    """Return how a party of the demo connects: with its certificate, to a server that the TTP has certified, and not
    revoked.
    """
    return ClientConfiguration(
        roots=(identity.root,),
        crls=identity.crls,
        require_revocation_status=True,
        server_name=server_name,
        certificate_chain=(identity.certificate,),
        private_key=identity.key,
        versions=(TLS_1_2,),
        suites=suites,
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
    )


def server_configuration(
    party: Party, identity: Identity, *, suites: Sequence[CipherSuite] = DEFAULT_SUITES
) -> ServerConfiguration:
    """Return how a server of the demo accepts clients: those whom the TTP has certified, and not revoked."""
    return ServerConfiguration(
        certificate_chain=(identity.certificate,),
        private_key=identity.key,
        client_roots=(identity.root,),
        crls=identity.crls,
        require_revocation_status=True,
        versions=(TLS_1_2,),
        suites=suites,
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
    )
