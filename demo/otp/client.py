"""The bank's client: it takes the OTP from the server it knows, and from nobody else, and says that it arrived."""

from __future__ import annotations

from collections.abc import Sequence

from demo.address import Address
from demo.applicant import Introduction, obtain_identity
from demo.observing import Observer
from demo.otp.delivery import collect
from demo.party import Party
from demo.session import dial, secured
from demo.subject import Subject
from handshake.configuration import ClientConfiguration
from handshake.suites import CipherSuite
from pki.crl import CertificateRevocationList


def run_client(
    party: Party,
    *,
    server: Address,
    server_name: str,
    subject: Subject,
    introduction: Introduction,
    suites: Sequence[CipherSuite],
    crls: Sequence[CertificateRevocationList],
) -> None:
    """Run the client until it has the OTP.

    server_name: the DNS name that the server's certificate must be for.
    crls: lists of revoked certificates, as the TTP has issued them.
    Raises one of `failure.ERRORS` if it could not get it.
    """
    identity = obtain_identity(party, subject, introduction)
    observer = Observer(party.report, other="server")
    configuration = ClientConfiguration(
        roots=(identity.root,),
        server_name=server_name,
        certificate_chain=(identity.certificate,),
        private_key=identity.key,
        suites=suites,
        crls=crls,
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
        key_log=observer.key_log,
    )
    transport = dial(server, whom="the server")
    with secured(transport, configuration, on_event=observer, timeout=party.step_timeout) as stream:
        collect(stream, report=party.report)
    observer.require_closed()
