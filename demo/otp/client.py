"""The bank's client: it takes the OTP from the server it knows, and from nobody else, and says that it arrived."""

from __future__ import annotations

from collections.abc import Sequence

from demo.enrolling.applicant import Application
from demo.facts.observing import Observer
from demo.otp.combinations import USUAL
from demo.otp.delivery import collect
from demo.otp.identities import obtain_identities
from demo.otp.terms import Terms
from demo.party.address import Address
from demo.party.party import Party
from handshake.configuration import ClientConfiguration
from pki.crl import CertificateRevocationList
from record.codes import TLS_1_2


def run_client(
    party: Party,
    *,
    server: Address,
    server_name: str,
    application: Application,
    terms: Terms,
    crls: Sequence[CertificateRevocationList],
) -> None:
    """Run the client until it has the OTP.

    server_name: the DNS name that the server's certificate must be for.
    application: for its certificate; the kind of its key follows from the terms. terms: what it offers.
    crls: certificate revocation lists (CRLs) besides the one that the TTP gives.
    Raises one of `failure.ERRORS` if it could not get it.
    """
    from demo.party.connections import dial, secured

    [identity] = obtain_identities(  # one is enough: a server takes either, whatever it shows itself
        party, application, rsa=terms.needs_rsa, ec=not terms.needs_rsa
    )
    if len(terms.combinations) == 1:
        party.report("combination", facts=terms.combinations[0].meaning)
    observer = Observer(party.report, other="server")
    configuration = ClientConfiguration(
        roots=(identity.root,),
        server_name=server_name,
        certificate_chain=(identity.certificate,),
        private_key=identity.key,
        versions=(TLS_1_2,),
        suites=terms.suites,
        signature_schemes=terms.signature_schemes,
        crls=[*crls, *identity.crls],
        require_revocation_status=True,
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
        key_log=observer.key_log,
    )
    transport = dial(server, whom="the server")
    # Who leaves a choice may have to wait for a person who makes it.
    patience = party.patience if len(terms.combinations) > len(USUAL) else party.step_timeout
    with secured(
        party, transport, configuration, on_event=observer, handshake_timeout=patience, in_full=True
    ) as stream:
        collect(stream, report=party.report)
    observer.require_closed()
