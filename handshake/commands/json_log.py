"""What became of a handshake, as one line of JSON: for programs, and for comparing servers.

Standard     RFC 8259 is JSON; the names are this project's own.
Left out     The messages themselves, which `--explain` writes down.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from handshake.commands.event_log import negotiated, weaknesses
from handshake.events import (
    Event,
    HandshakeCompleted,
    PeerCertificateNotVerified,
    PeerCertificateVerified,
    PeerSignatureVerified,
)
from handshake.proofs import UnverifiedChain
from handshake.registries.codes import Role
from handshake.registries.signature_schemes import SignatureScheme
from pki.path.checks import Check
from record.alerts import RemoteProtocolError


class JSONLog:
    """Says one line for a connection: an object with "ok", and what was negotiated or why that failed.

    role: which side we are. say: is given the line.
    """

    def __init__(self, role: Role, say: Callable[[str], None]) -> None:
        self._role, self._say = role, say
        self._scheme: SignatureScheme | None = None
        self._checks: list[Check] = []
        self._unverified: UnverifiedChain | None = None

    def __call__(self, event: Event) -> None:
        """Note one event."""
        match event:
            case PeerCertificateVerified():
                self._checks = event.chain.checks
            case PeerCertificateNotVerified():
                self._checks, self._unverified = event.chain.checks, event.chain
            case PeerSignatureVerified():
                self._scheme = event.scheme
            case HandshakeCompleted():
                chain = event.peer_chain or self._unverified
                told: dict[str, Any] = {"ok": True}
                told |= dict(negotiated(event.parameters, chain, self._role, self._scheme))
                told["verified"] = event.peer_chain is not None
                if self._unverified is not None:
                    told["failed check"] = str(self._unverified.failure)
                told["weak"] = list(weaknesses(event.parameters, chain, self._scheme))
                told["chain"] = [str(certificate.subject) for certificate in chain or ()]
                self._tell(told)
            case _:
                pass

    def failed(self, error: Exception, sentence: str) -> None:
        """Say that the connection failed."""
        told: dict[str, Any] = {"ok": False, "error": sentence}
        if isinstance(error, RemoteProtocolError):
            told |= {"alert": error.alert.name.lower(), "alert from": "the peer" if error.received else "us"}
        self._tell(told)

    def _tell(self, told: dict[str, Any]) -> None:
        if self._checks:
            told["checks"] = [f"{check.name}: {check.outcome} ({check.section})" for check in self._checks]
        self._say(json.dumps(told, ensure_ascii=False))
