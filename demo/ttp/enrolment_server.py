"""The TTP's enrolment server: the sockets and threads through which applicants come, over TLS, to its EST service."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable, Collection

from demo.facts.certificates import certificate_facts
from demo.failure import ERRORS, PartyError, one_line
from demo.party.configurations import ENROLMENT_SUITES
from demo.party.connections import secured
from demo.party.party import Party
from handshake.configuration import ServerConfiguration
from handshake.listener import Address, Limits, Listener, Visit
from handshake.suites.table import DEFAULT_SUITES
from pki.ca.records import CodeRecord, RegistryError
from pki.ca.registrar import Registrar
from pki.est.messages import RENEW
from pki.est.server import EnrolmentService, Outcome
from pki.keys import PrivateKey
from pki.x509 import Certificate
from record.codes import TLS_1_2

POLL = 0.05  # seconds between two looks at whether anybody is still to enrol
MAX_VISITS = 50  # at a time
SUITES = (*ENROLMENT_SUITES, *(suite for suite in DEFAULT_SUITES if suite not in ENROLMENT_SUITES))


class EnrolmentServer:
    """Takes visits, each in a thread of its own.

    key, certificate: by which the enrolment service is known.
    applicants: who is to enrol.
    """

    def __init__(
        self,
        party: Party,
        registrar: Registrar,
        key: PrivateKey,
        certificate: Certificate,
        applicants: Collection[str],
    ) -> None:
        self._party, self._registrar, self._key, self._certificate = party, registrar, key, certificate
        self._applicants = applicants
        self._service = EnrolmentService(registrar, clock=party.world.now, on_outcome=self._tell)
        self._numbers = itertools.count(1)  # of visits; counting is one step, whichever thread does it
        self._changed = threading.Event()  # whether somebody may have used a code, or tried to
        self._open = self._codes_open()

    def serve(self, listening: socket.socket, *, stay: bool, each_second: Callable[[], None]) -> None:
        """Serve until every applicant has enrolled or has lost its code; raise `PartyError` if that takes too long.

        listening: the socket, which is taken over.
        stay: serve for ever, for those who renew, and those who want to know what is revoked.
        each_second: is called that often for as long as it serves, also after it has raised a `PartyError`.
        """
        deadline = time.monotonic() + self._party.patience
        next_second = time.monotonic() + 1.0
        taken = socket.socket(fileno=listening.detach())
        limits = Limits(connections=MAX_VISITS, per_address=MAX_VISITS // 2)
        with Listener(taken, self._visit, on_error=self._dropped, limits=limits) as listener:
            while stay or self._open:
                if time.monotonic() > deadline and not stay:
                    missing = " and ".join(sorted(self._open))
                    raise PartyError(f"not enrolled within {self._party.patience:g} s: {missing}")
                self._changed.wait(1.0 if stay else POLL)
                self._changed.clear()
                if time.monotonic() >= next_second:
                    with contextlib.suppress(PartyError):  # the next second comes
                        each_second()
                    next_second = time.monotonic() + 1.0
                with contextlib.suppress(RegistryError):  # busy, or short of descriptors: the next look comes soon
                    self._open = self._codes_open()
            listener.drain()  # the last one has a certificate, and is still to be told

    def void(self) -> list[str]:
        """Return the applicants whose code is void, since too many of their requests were refused."""
        return sorted(code.applicant for code in self._codes() if code.request is None and not code.tries_left)

    def _codes(self) -> list[CodeRecord]:
        with self._registrar.registry.look() as records:
            return [code for code in records.codes() if code.applicant in self._applicants]

    def _codes_open(self) -> list[str]:
        return [code.applicant for code in self._codes() if code.request is None and code.tries_left]

    def _visit(self, visit: Visit) -> None:
        """Serve one visitor. A visit that fails is reported and changes nothing."""
        random_bytes = self._party.world.random_bytes(f"visit {next(self._numbers)}")
        configuration = ServerConfiguration(
            certificate_chain=(self._certificate,),
            private_key=self._key,
            client_roots=(self._registrar.authority.certificate,),
            require_client_certificate=False,  # only a party that renews one has one
            versions=(TLS_1_2,),
            suites=SUITES,
            clock=self._party.world.now,
            random_bytes=random_bytes,
        )
        try:
            with secured(self._party, visit.transport, configuration) as stream:
                visit.admitted()
                peer = stream.peer_chain[0] if stream.peer_chain else None
                self._service.serve(stream, peer=peer, random_bytes=random_bytes)
        except ERRORS as error:
            self._party.report("visit failed", reason=one_line(error))

    def _dropped(self, peer: Address, error: Exception) -> None:
        self._party.report("visit failed", reason=f"{peer[0]}: {one_line(error)}")

    def _tell(self, outcome: Outcome) -> None:
        """Report what a request came to."""
        if outcome.issued is not None:
            event = "renewed" if outcome.path == RENEW else "issued"
            facts = certificate_facts(outcome.issued.certificate)
            self._party.report(event, applicant=outcome.applicant, facts=facts)
        elif outcome.applicant:
            self._party.report("refused", applicant=outcome.applicant, reason=outcome.text)
        elif outcome.text:
            self._party.report("visit failed", reason=f"{outcome.text} (HTTP status {outcome.status})")
        self._changed.set()
