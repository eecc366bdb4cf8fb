"""The bank's server: it sends the OTP to the client it knows, and to nobody else, and learns that it arrived."""

from __future__ import annotations

from collections.abc import Sequence

from demo.address import Address, accept, begin_to_listen, bound_socket
from demo.applicant import Introduction, obtain_identity
from demo.observing import Observer
from demo.otp.delivery import deliver
from demo.party import Party
from demo.session import secured
from demo.subject import Subject
from handshake.configuration import ServerConfiguration
from handshake.suites import CipherSuite


def run_server(
    party: Party,
    *,
    listen: Address,
    subject: Subject,
    introduction: Introduction,
    suites: Sequence[CipherSuite],
    text: str,
) -> None:
    """Run the server until it has delivered the OTP to one client.

    Raises one of `failure.ERRORS` if it could not.
    """
    identity = obtain_identity(party, subject, introduction)
    observer = Observer(party.report, other="client")
    configuration = ServerConfiguration(
        certificate_chain=(identity.certificate,),
        private_key=identity.key,
        suites=suites,
        client_roots=(identity.root,),
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
        key_log=observer.key_log,
    )
    with bound_socket(listen) as listener:
        party.report("listening", address=str(begin_to_listen(listener, timeout=party.patience)))
        transport = accept(listener, whom="the client")
    with secured(transport, configuration, on_event=observer, timeout=party.step_timeout) as stream:
        deliver(stream, text, report=party.report)
    observer.require_closed()
