"""Fetching the TTP's certificate revocation list (CRL) from its service, by HTTP inside of TLS.

The CRL needs no TLS, for it is signed; that is how the TTP's one service is reached. The CRL says nothing that is
secret, and the TTP gives it to anybody.
"""

from __future__ import annotations

from functools import partial

from demo.party.address import Address
from demo.party.configurations import ENROLMENT_SUITES
from demo.party.crl_copy import CRLCopy
from demo.party.party import Party
from demo.party.subject import TTP_NAME
from handshake.configuration import ClientConfiguration
from pki.crl import CertificateRevocationList
from pki.est.client import EnrolmentClient
from pki.x509 import Certificate
from record.codes import TLS_1_2


def crl_copy(party: Party, root: Certificate, ttp: Address) -> CRLCopy:
    """Return the party's copy of the CRL of the TTP with this root, whose service is at the address `ttp`."""
    return CRLCopy(party, root, partial(_fetch, party, root, ttp))


def _fetch(party: Party, root: Certificate, ttp: Address) -> CertificateRevocationList:
    from demo.party.connections import dial, secured

    with dial(ttp, whom="the TTP", patience=0.0) as socket:
        configuration = service_configuration(party, root, purpose="CRL")
        with secured(party, socket, configuration) as stream:
            return EnrolmentClient(stream, host=TTP_NAME).crl()


def service_configuration(party: Party, root: Certificate, *, purpose: str) -> ClientConfiguration:
    """Return how a party visits the TTP's service. purpose: for what, which gives it randomness of its own."""
    return ClientConfiguration(
        roots=(root,),
        server_name=TTP_NAME,
        versions=(TLS_1_2,),
        suites=ENROLMENT_SUITES,
        clock=party.world.now,
        random_bytes=party.world.random_bytes(purpose),
    )
