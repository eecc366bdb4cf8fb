"""An EST service for the tests, canned clients that have said everything beforehand, and what they say."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

from pki.ca.authority import Authority
from pki.ca.permission import Permission
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.est.messages import ENROL, REQUEST_TYPE, encode_body
from pki.est.server import EnrolmentService, Outcome
from pki.fields.extensions import Purpose
from pki.signatures import RSA_PKCS1_SHA256
from pki.x509 import Certificate, CertificateSigningRequest
from tests.pki.conftest import DAY, NOW

PERMISSION = Permission(
    names=("leaf",),
    attributes=("organizationName",),
    purposes=(Purpose.CLIENT_AUTH,),
    validity=timedelta(hours=1),
)


class Canned:
    """A stream whose client has said everything beforehand, in these pieces, and who then leaves or falls silent."""

    def __init__(self, *pieces: bytes, silent: bool = False) -> None:
        self.pieces, self.silent = [piece for piece in pieces if piece], silent
        self.sent = bytearray()
        self.timeouts: list[float] = []

    def recv(self, size: int, /) -> bytes:
        if not self.pieces and self.silent:
            raise TimeoutError("the peer took too long")
        piece = self.pieces.pop(0) if self.pieces else b""
        if len(piece) > size:
            self.pieces.insert(0, piece[size:])
        return piece[:size]

    def sendall(self, data: bytes, /) -> None:
        self.sent += data

    def settimeout(self, timeout: float, /) -> None:
        self.timeouts.append(timeout)


class Answer:
    """One of the server's answers."""

    def __init__(self, data: bytes) -> None:
        head, _, self.rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("ascii").split("\r\n")
        version, status, self.reason = first.split(" ", 2)
        assert version == "HTTP/1.1"
        self.status = int(status)
        self.fields = dict(line.split(": ", 1) for line in lines)
        assert len(self.fields) == len(lines)
        length = int(self.fields["Content-Length"])
        assert len(self.rest) >= length or self.rest == b""
        self.body, self.rest = self.rest[:length], self.rest[length:]

    @property
    def closes(self) -> bool:
        return self.fields.get("Connection") == "close"


class Office:
    """A service, with what it told of each request."""

    def __init__(self, registrar: Registrar) -> None:
        self.registrar = registrar
        self.outcomes: list[Outcome] = []
        self.waits: list[float] = []
        self.service = EnrolmentService(
            registrar, clock=lambda: NOW, on_outcome=self.outcomes.append, wait=self.waits.append
        )

    def code(self) -> str:
        return self.registrar.new_code("leaf", PERMISSION, not_after=NOW + DAY)

    def serve(self, *pieces: bytes, peer: Certificate | None = None, silent: bool = False) -> list[Answer]:
        """Return the answers to what a client says."""
        stream = Canned(*pieces, silent=silent)
        self.outcomes.clear()
        self.service.serve(stream, peer=peer)
        answers, rest = [], bytes(stream.sent)
        while rest:
            answers.append(Answer(rest))
            rest = answers[-1].rest
        assert [outcome.status for outcome in self.outcomes] == [answer.status for answer in answers]
        return answers

    def one(self, data: bytes, **facts: Any) -> Answer:
        (answer,) = self.serve(data, **facts)
        return answer

    def issued(self) -> list[Certificate]:
        with self.registrar.registry.look() as records:
            return [record.certificate for record in records.certificates()][1:]


def new_office(path: Path, root: Authority) -> Office:
    """A service with a new registry at this path."""
    registry = Registry.create(path, root.certificate)
    return Office(Registrar(registry, root, signature_algorithm=RSA_PKCS1_SHA256))


def http(method: str, path: str, *lines: str, body: bytes | None = None, version: str = "1.1") -> bytes:
    fields = ["Host: ttp.example", *lines]
    if body is not None:
        fields.append(f"Content-Length: {len(body)}")
    return "\r\n".join([f"{method} {path} HTTP/{version}", *fields, "", ""]).encode("latin-1") + (body or b"")


def basic(applicant: str, code: str) -> str:
    return "Authorization: Basic " + base64.b64encode(f"{applicant}:{code}".encode()).decode()


def post(request: CertificateSigningRequest | bytes, *lines: str, path: str = ENROL) -> bytes:
    body = request if isinstance(request, bytes) else encode_body(request.to_der())
    return http("POST", path, f"Content-Type: {REQUEST_TYPE}", *lines, body=body)
