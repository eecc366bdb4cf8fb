"""The bank's server: it sends the OTP to the client it knows, and to nobody else, and learns that it arrived."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, replace

from demo.enrolling.applicant import Application
from demo.facts.certificates import common_name
from demo.facts.observing import Observer
from demo.otp.delivery import deliver
from demo.otp.identities import obtain_identities
from demo.otp.offer import offered_of
from demo.otp.peeking import peek_hello
from demo.otp.terms import Terms
from demo.party.address import Address
from demo.party.connections import secured, serve_for_ever
from demo.party.listening import accept, begin_to_listen, bound_socket
from demo.party.party import Party
from demo.party.reporting import Fact
from handshake.configuration import Identity, ServerConfiguration
from handshake.stream import Stream
from record.codes import TLS_1_2


@dataclass(frozen=True)
class Service:
    """What the server does.

    listen: where. terms: what it accepts. choosing: whether a person chooses among what the client offers.
    text: returns the message for the next client.
    """

    listen: Address
    terms: Terms
    choosing: bool
    text: Callable[[], str]


def run_server(party: Party, service: Service, *, application: Application, stay: bool) -> None:
    """Run the server until it has delivered the OTP to one client, or for ever.

    application: for its certificates; the kinds of its keys follow from the terms.
    stay: serve one client after the other, and many at a time.
    Raises one of `failure.ERRORS` if it could not.
    """
    terms = service.terms
    first, *more = obtain_identities(party, application, rsa=terms.needs_rsa, ec=terms.needs_ec)
    configuration = ServerConfiguration(
        certificate_chain=(first.certificate,),
        private_key=first.key,
        more_identities=[Identity((other.certificate,), other.key) for other in more],
        versions=(TLS_1_2,),
        suites=terms.suites,
        signature_schemes=terms.signature_schemes,
        client_roots=(first.root,),
        crls=first.crls,
        require_revocation_status=True,
        clock=party.world.now,
        random_bytes=party.world.random_bytes("connection"),
    )
    with bound_socket(service.listen) as listener, first.crls.kept_fresh():
        party.report("listening", address=str(begin_to_listen(listener, timeout=None if stay else party.patience)))
        if stay:
            _serve_all(party, service, configuration, listener)
            return
        transport = accept(listener, whom="the client")
    _serve_one(party, service, configuration, transport)


def _serve_one(party: Party, service: Service, configuration: ServerConfiguration, transport: socket.socket) -> None:
    observer = Observer(party.report, other="client")
    terms = service.terms
    with transport:
        if service.choosing:
            terms = _chosen(party, service, transport)
        if len(terms.combinations) == 1:
            party.report("combination", facts=terms.combinations[0].meaning)
        configuration = replace(
            configuration,
            versions=(TLS_1_2,),
            suites=terms.suites,
            signature_schemes=terms.signature_schemes,
            key_log=observer.key_log,
        )
        with secured(party, transport, configuration, on_event=observer) as stream:
            deliver(stream, service.text(), report=party.report)
        observer.require_closed()


def _chosen(party: Party, service: Service, transport: socket.socket) -> Terms:
    """Have a person choose among what the client offers and the server can do; return the terms of that."""
    hello = peek_hello(transport, timeout=party.step_timeout)
    offered = offered_of(hello, service.terms.combinations) if hello is not None else []
    if not offered:
        return service.terms  # the handshake fails, and tells the client why
    return Terms.of([offered[party.choose("The client offers:", [str(each) for each in offered])]])


def _serve_all(party: Party, service: Service, configuration: ServerConfiguration, listener: socket.socket) -> None:
    def handle(stream: Stream) -> None:
        deliver(stream, service.text(), report=_to_nobody)
        party.report("delivered", client=common_name(stream.peer_chain[0]) if stream.peer_chain else "")

    serve_for_ever(party, listener, configuration, handle)


def _to_nobody(event: str, /, **facts: Fact) -> None:
    """Take a report of one of many: with all of them mixed, nobody could follow."""
