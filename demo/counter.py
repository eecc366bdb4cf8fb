"""The TTP's enrolment counter: the sockets and threads through which applicants come to the desk."""

from __future__ import annotations

import itertools
import socket
import threading
import time

from demo.enrolment import Desk
from demo.failure import ERRORS, PartyError, one_line
from demo.party import Party
from demo.session import ENROLMENT_SUITES, secured
from handshake.configuration import ServerConfiguration
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey

POLL = 0.05  # seconds between two looks at whether anybody is still to enrol
MAX_VISITS = 50  # at a time


class Counter:
    """Takes visits, each in a thread of its own, until no code is open.

    key, certificate: by which the enrolment service is known.
    """

    def __init__(self, party: Party, desk: Desk, key: RSAPrivateKey, certificate: Certificate) -> None:
        self._party, self._desk, self._key, self._certificate = party, desk, key, certificate

    def serve(self, listener: socket.socket) -> None:
        """Serve until every applicant has enrolled or has lost its code; raise `PartyError` if that takes too long."""
        listener.settimeout(POLL)
        deadline = time.monotonic() + self._party.patience
        visits: list[threading.Thread] = []
        numbers = itertools.count(1)
        while self._is_waiting(visits):
            if time.monotonic() > deadline:
                waiting = " and ".join(sorted(self._desk.codes.open))
                raise PartyError(f"not enrolled within {self._party.patience:g} s: {waiting}")
            try:
                transport, _ = listener.accept()
            except (TimeoutError, ConnectionAbortedError):
                continue
            visits = [visit for visit in visits if visit.is_alive()]
            if len(visits) == MAX_VISITS:
                transport.close()
                continue
            visits.append(threading.Thread(target=self._visit, args=(transport, next(numbers)), daemon=True))
            visits[-1].start()

    def _is_waiting(self, visits: list[threading.Thread]) -> bool:
        """Return whether anybody is still to enrol. A visit that fails late leaves its code open."""
        if not self._desk.codes.open:
            for visit in visits:
                visit.join()
        return bool(self._desk.codes.open)

    def _visit(self, transport: socket.socket, number: int) -> None:
        """Serve one visitor. A visit that fails is reported and changes nothing."""
        random_bytes = self._party.world.random_bytes(f"visit {number}")
        configuration = ServerConfiguration(
            certificate_chain=(self._certificate,),
            private_key=self._key,
            suites=ENROLMENT_SUITES,
            clock=self._party.world.now,
            random_bytes=random_bytes,
        )
        try:
            with secured(transport, configuration, timeout=self._party.step_timeout) as stream:
                self._desk.serve(stream, random_bytes=random_bytes)
        except ERRORS as error:
            self._party.report("visit failed", reason=one_line(error))
