"""The handshake's events, turned into reports: what was said, what was checked, what is agreed, and no secret."""

from __future__ import annotations

from demo.facts.certificates import common_name, objection_rows
from demo.facts.messages import message_facts, message_pem, message_title, whole_facts
from demo.failure import PartyError
from demo.party.reporting import Report
from handshake import events
from handshake.events import Event
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.keys import ChangeCipherSpec
from pki.verify import VerifiedChain
from primitives.sha2 import sha256


class Observer:
    """Reports the events of one connection.

    other: who is at the other end, such as `the client`.
    """

    def __init__(self, report: Report, *, other: str) -> None:
        self._report, self._other = report, other
        self._master_secret_fingerprint = ""
        self._closed = False

    def require_closed(self) -> None:
        """Report that the connection has ended as it should; raise `PartyError` if it was cut off instead."""
        if not self._closed:
            raise PartyError(f"the connection was cut off before the {self._other} had said that it was all")
        self._report("closed")

    def key_log(self, line: str) -> None:
        """Take the line that tells the master secret, and keep 8 bytes of its hash.

        By them people can see that both sides have the same secret; nobody can find it from them.
        """
        self._master_secret_fingerprint = sha256(line.encode()).digest()[:8].hex()

    def __call__(self, event: Event) -> None:
        """Report one event."""
        match event:
            case events.MessageSent() | events.MessageReceived():
                self._report(
                    "message",
                    direction="sent" if isinstance(event, events.MessageSent) else "received",
                    name=message_title(event.message),
                    bytes=len(event.data),
                    facts=message_facts(event.message),
                    whole=whole_facts(event.message),
                    **_pem(event.message),
                )
            case events.PeerCertificateVerified():
                self._report("certificate verified", whose=self._other, **_chain_facts(event.chain))
            case events.PremasterSecretSent():
                self._report("premaster secret sent", by=event.key_exchange, bytes=len(event.encrypted))
            case events.PremasterSecretReceived():
                self._report("premaster secret received", by=event.key_exchange, bytes=len(event.encrypted))
            case events.PremasterSecretAgreed():
                self._report("premaster secret agreed", by=event.key_exchange, group=event.group)
            case events.MasterSecretAgreed():
                self._report(
                    "master secret agreed",
                    extended="yes" if event.extended else "no",
                    protection=event.protection,
                    fingerprint=self._master_secret_fingerprint,
                )
            case events.PeerSignatureVerified():
                self._report("signature verified", whose=self._other, scheme=event.scheme.name)
            case events.FinishedVerified():
                self._report("finished verified", whose=self._other, verify_data=event.verify_data.hex())
            case events.HandshakeCompleted():
                self._report("handshake completed", suite=event.parameters.suite.name)
            case events.AlertSent():
                self._report("alert", direction="sent", description=event.description.name.lower())
            case events.AlertReceived():
                self._report("alert", direction="received", description=event.description.name.lower())
            case events.ConnectionClosed():
                self._closed = True
            case _:
                pass  # application data is the application's to report


def _pem(message: HandshakeMessage | ChangeCipherSpec) -> dict[str, str]:
    pem = message_pem(message)
    return {} if pem is None else {"pem": pem}


def _chain_facts(chain: VerifiedChain) -> dict[str, list[str] | list[list[str]]]:
    """Return the chain by its common names, what was checked of its first certificate, and what profiles object to."""
    return {
        "chain": [common_name(certificate) for certificate in chain],
        "checks": [[check.name, check.outcome, check.section] for check in chain.checks_by_certificate[0]],
        "objections": objection_rows(chain),
    }
