"""Enrolment over Secure Transport, the server: certificates on request, for clients that prove who they are, over HTTP.

Standard     RFC 7030 §3.2 (HTTP), §3.2.3 (Basic authentication, RFC 7617), §4.1 (/cacerts), §4.2 (/simpleenroll and
             /simplereenroll), with RFC 8951; RFC 2585 §3 (the CRL); RFC 6960 appendix A.1 (OCSP); RFC 9110 for the
             status codes; RFC 9112 for the form of requests.
Left out     TLS, which is around this and belongs to the caller of `serve`. Linking the request to the TLS connection
             (§3.5), and answers that come later (status 202, §4.2.3): a code opens an enrolment at once or not at all.
Timing       An enrolment code is hashed and compared in constant time.
"""

from __future__ import annotations

import base64
import binascii
import io
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import Any, TypeAlias, cast
from urllib.parse import unquote_to_bytes

from console.printable import printable
from pki.ca.authority import RequestRefused
from pki.ca.enrolment_codes import CodeError
from pki.ca.records import RegistryError
from pki.ca.registrar import Issued, Registrar
from pki.csr import CertificateSigningRequest
from pki.est.messages import (
    CA_CERTIFICATES,
    CERTS_ONLY,
    CRL,
    CRL_TYPE,
    ENROL,
    MAX_BODY,
    OCSP,
    OCSP_REQUEST_TYPE,
    OCSP_RESPONSE_TYPE,
    RENEW,
    REQUEST_TYPE,
    decode_body,
    encode_body,
)
from pki.est.request_head import body_length, check_head, check_host, target_path
from pki.est.stream import Incoming, Outgoing, TimedSocket, TooLarge
from pki.pkcs7 import certs_only
from pki.x509 import Certificate
from primitives.integers import RandomBytes

MAX_HEAD = 1 << 14  # bytes of a request before its body
MAX_REQUESTS = 20  # on one connection: nobody holds one for ever
WRONG_CODE_TIME = 1.0  # seconds until somebody with a wrong code is told so: guessing is slow, and harms nobody else
REQUEST_TIME = 10.0  # seconds from the end of one request to the end of the next
CRL_LIFETIME = timedelta(days=1)  # from one certificate revocation list (CRL) until there must be another
OCSP_LIFETIME = timedelta(hours=1)  # for which an answer about a certificate may be relied on
RETRY_AFTER = 5  # seconds that a client is asked to wait when the registry is busy
MAX_SHOWN, MAX_TEXT = 200, 1000  # characters of what a client says about itself, and of what is said to it

_ALLOWED = {"GET": "GET, HEAD", "POST": "POST"}
_BASE64 = {"Content-Transfer-Encoding": "base64"}

Content: TypeAlias = tuple[str, bytes, Mapping[str, str]]
"""The type of an answer's body, the body, and further fields."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to.

    method, path, status: of HTTP. text: why it was refused, or empty.
    applicant: who asked, as far as it said so; empty if it did not, and not proved unless it succeeded.
    issued: what it got, if that was a certificate.
    """

    method: str
    path: str
    status: HTTPStatus
    text: str
    applicant: str
    issued: Issued | None


class EnrolmentService:
    """The server's logic. Used for any number of connections, from many threads.

    registrar: issues and records. chain: the certificates between the authority's own and the root, and the root.
    clock: returns the time. on_outcome: is told what each request came to, before the answer is sent.
    wait: lets so many seconds go by.
    """

    def __init__(
        self,
        registrar: Registrar,
        *,
        chain: Sequence[Certificate] = (),
        clock: Callable[[], datetime],
        on_outcome: Callable[[Outcome], None] = lambda outcome: None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.registrar, self.chain, self.clock = registrar, tuple(chain), clock
        self.on_outcome, self.wait = on_outcome, wait

    def serve(
        self, stream: TimedSocket, *, peer: Certificate | None = None, random_bytes: RandomBytes = secrets.token_bytes
    ) -> None:
        """Answer the requests that come on this connection, until the client has no more; the stream stays open.

        peer: the certificate by which the client has proved who it is in TLS, if it has.
        random_bytes: where serial numbers and signatures take theirs from.

        Raises whatever the stream does; what a client says never makes anything else go wrong.
        """
        _Handler(stream, self, peer, random_bytes)


class _Refusal(Exception):  # noqa: N818 - it ends a request, and need not be an error of ours
    """The request is not done.

    status, text, fields: what the client is told. detail: what only the operator is told.
    """

    def __init__(self, status: HTTPStatus, text: str, *, detail: str = "", **fields: str) -> None:
        super().__init__(text)
        self.status, self.text, self.detail, self.fields = status, text, detail, fields


class _Handler(BaseHTTPRequestHandler):
    """One connection with a client."""

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # and not 0.9, whose answers have no status
    raw_requestline: bytes

    def __init__(
        self, stream: TimedSocket, service: EnrolmentService, peer: Certificate | None, random_bytes: RandomBytes
    ) -> None:
        self._service, self._peer, self._random_bytes = service, peer, random_bytes
        self._incoming, self._outgoing = Incoming(stream), Outgoing(stream)
        self._requests = 0
        self._applicant = ""
        self._issued: Issued | None = None
        self._unread = False  # whether the request has a body that was not read
        super().__init__(cast(Any, stream), None, cast(BaseServer, None))  # a handler asks its server for nothing

    def setup(self) -> None:
        """Read from the stream and write to it by way of files, as the base class does."""
        self.rfile = io.BufferedReader(self._incoming)
        self.wfile = cast(io.BufferedIOBase, self._outgoing)

    def finish(self) -> None:
        """Leave the stream open."""

    def handle_one_request(self) -> None:
        """Answer one request, within its budget."""
        self._requests += 1
        self._applicant, self._issued, self._unread = "", None, False
        self.command, self.path, self.requestline = "", "", ""  # until the request says them
        self.request_version = self.default_request_version
        self._incoming.begin(REQUEST_TIME)
        self._incoming.allow(MAX_HEAD)
        try:
            super().handle_one_request()
        except TooLarge:  # in the first line; later in the head, the base class answers 431
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)

    def parse_request(self) -> bool:
        """Read the head, and have it parsed by the base class if it is what it must be: that one is lenient."""
        if self.raw_requestline in (b"\r\n", b"\n"):  # RFC 9112 §2.2: one empty line before a request
            self.raw_requestline = self.rfile.readline(MAX_HEAD)
        self.close_connection = True
        lines = [self.raw_requestline]
        try:
            while lines[-1] not in (b"\r\n", b"\n"):
                lines.append(self.rfile.readline(MAX_HEAD))
                if not lines[-1]:  # the client has left
                    return False
            check_head(lines)
        except TooLarge:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return False
        except ValueError as error:
            self.send_error(HTTPStatus.BAD_REQUEST, str(error))
            return False
        body, self.rfile = self.rfile, io.BytesIO(b"".join(lines[1:]))
        try:
            return super().parse_request()
        finally:
            self.rfile = body

    def handle_expect_100(self) -> bool:
        """Ask for the body unless it is known by now that it is not wanted (RFC 9110 §10.1.1)."""
        try:
            self._body_length()
        except _Refusal as refusal:
            self._unread = True
            self._refuse(refusal)
            return False
        return super().handle_expect_100()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what the base class cannot make sense of, and end the connection."""
        self.close_connection = True
        status = HTTPStatus(code)
        self._refuse(_Refusal(status, message or status.description))

    def version_string(self) -> str:
        """Return what serves."""
        return "Cutaway"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time by the service's clock (RFC 9110 §5.6.7)."""
        return format_datetime(self._service.clock().astimezone(UTC), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Leave standard error alone: `on_outcome` is told."""

    def _do(self) -> None:
        """Answer a request whose head is read, whatever its method."""
        try:
            self._unread = bool(self._framing())
            action = self._action()
            content_type, body, fields = action()
        except _Refusal as refusal:
            self._refuse(refusal)
        else:
            self._answer(HTTPStatus.OK, "", content_type, body, fields)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _do  # noqa: N815 - named by the base class

    def _action(self) -> Callable[[], Content]:
        """Return what is done for this path and method."""
        actions = {
            CA_CERTIFICATES: ("GET", self._ca_certificates),
            ENROL: ("POST", self._enrol),
            RENEW: ("POST", self._renew),
            CRL: ("GET", self._crl),
            OCSP: ("POST", self._ocsp),
        }
        try:
            path = target_path(self.path)
        except ValueError as error:
            raise _Refusal(HTTPStatus.BAD_REQUEST, str(error)) from None
        if path.startswith(f"{OCSP}/") and self.command in ("GET", "HEAD"):
            return partial(self._ocsp_in, path.removeprefix(f"{OCSP}/"))
        if path not in actions:
            raise _Refusal(HTTPStatus.NOT_FOUND, f"nothing is at this path, expected one of {', '.join(actions)}")
        method, action = actions[path]
        if self.command != method and (self.command, method) != ("HEAD", "GET"):
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"expected {method}", Allow=_ALLOWED[method])
        return action

    def _ca_certificates(self) -> Content:
        """Return the authority's certificate and those above it (RFC 7030 §4.1)."""
        certificates = {self._service.registrar.authority.certificate, *self._service.chain}
        return CERTS_ONLY, encode_body(certs_only(certificates)), _BASE64

    def _crl(self) -> Content:
        """Return the list of the certificates that are revoked (RFC 2585 §3)."""
        try:
            crl = self._service.registrar.current_crl(
                at=self._service.clock(), lifetime=CRL_LIFETIME, random_bytes=self._random_bytes
            )
        except RegistryError as error:
            raise _busy(error) from None
        return CRL_TYPE, crl.to_der(), {}

    def _ocsp(self) -> Content:
        """Return the answer to an OCSP request in the body (RFC 6960 appendix A.1)."""
        return self._ocsp_answer(self._body(OCSP_REQUEST_TYPE))

    def _ocsp_in(self, spelled: str) -> Content:
        """Return the answer to an OCSP request in the path: its DER in base64, as a part of a URL (appendix A.1)."""
        try:
            return self._ocsp_answer(base64.b64decode(unquote_to_bytes(spelled), validate=True))
        except binascii.Error:
            raise _Refusal(HTTPStatus.BAD_REQUEST, "expected an OCSP request in base64 in the path") from None

    def _ocsp_answer(self, request: bytes) -> Content:
        answer = self._service.registrar.answer_ocsp(
            request, at=self._service.clock(), lifetime=OCSP_LIFETIME, random_bytes=self._random_bytes
        )
        return OCSP_RESPONSE_TYPE, answer.to_der(), {}

    def _enrol(self) -> Content:
        """Return a certificate to a client that has an enrolment code (RFC 7030 §4.2.1)."""
        body = self._body(REQUEST_TYPE)
        applicant, code = self._credentials()
        self._applicant = printable(applicant)[:MAX_SHOWN]
        issue = partial(self._service.registrar.enrol, _request(body), applicant=applicant, code=code)
        return self._certificate(issue)

    def _renew(self) -> Content:
        """Return a certificate to a client that has one already (RFC 7030 §4.2.2)."""
        body = self._body(REQUEST_TYPE)
        if self._peer is None:
            raise _Refusal(HTTPStatus.FORBIDDEN, "expected the certificate to be renewed, as the client's in TLS")
        self._applicant = printable(str(self._peer.subject))[:MAX_SHOWN]
        issue = partial(self._service.registrar.renew, _request(body), replacing=self._peer)
        return self._certificate(issue)

    def _certificate(self, issue: Callable[..., Issued]) -> Content:
        """Return the certificate that is issued, which is on record by then."""
        try:
            self._issued = issue(at=self._service.clock(), random_bytes=self._random_bytes)
        except CodeError as error:
            self._service.wait(WRONG_CODE_TIME)
            raise _unauthorized(str(error)) from None
        except RequestRefused as error:
            raise _Refusal(HTTPStatus.FORBIDDEN, str(error)) from None
        except RegistryError as error:
            raise _busy(error) from None
        fields = dict(_BASE64)
        if self._issued.left_out:  # a field of our own: RFC 7030 has none that says what was not granted
            left_out = "; ".join(self._issued.left_out)[:MAX_TEXT]
            fields["Left-Out"] = left_out.encode("ascii", "backslashreplace").decode()
        return CERTS_ONLY, encode_body(certs_only([self._issued.certificate])), fields

    def _credentials(self) -> tuple[str, str]:
        """Return user and password of Basic authentication (RFC 7617 §2)."""
        scheme, _, text = self.headers.get("Authorization", "").strip().partition(" ")
        try:
            user, colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
        except ValueError:
            colon = ""
        if scheme.lower() != "basic" or not colon:
            raise _unauthorized("expected the applicant and the enrolment code, by Basic authentication")
        return user, password

    def _framing(self) -> int | None:
        """Return the length that the request gives for its body, None if it gives none (RFC 9112 §6.3).

        If nobody can say where the request ends, the connection ends with it.
        """
        keep_open, self.close_connection = not self.close_connection, True
        if "Transfer-Encoding" in self.headers:
            raise _Refusal(HTTPStatus.NOT_IMPLEMENTED, "expected a body of known length, without Transfer-Encoding")
        try:
            if self.request_version != "HTTP/1.0":
                check_host(self.headers.get_all("Host", []))
            length = body_length(self.headers.get_all("Content-Length", []))
        except ValueError as error:
            raise _Refusal(HTTPStatus.BAD_REQUEST, str(error)) from None
        self.close_connection = not keep_open
        return length

    def _body_length(self) -> int:
        """Return the length of the body, which must be there."""
        length = self._framing()
        if length is None:
            raise _Refusal(HTTPStatus.LENGTH_REQUIRED, "expected the field Content-Length")
        if length > MAX_BODY:
            raise _Refusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has {length} bytes, expected {MAX_BODY} at most"
            )
        return length

    def _body(self, content_type: str) -> bytes:
        """Return the body, which is to be of this type."""
        length = self._body_length()
        self._incoming.allow(length)
        try:
            body = self.rfile.read(length)
        except TimeoutError:
            raise _Refusal(HTTPStatus.REQUEST_TIMEOUT, "the body took too long") from None
        if len(body) != length:
            raise _Refusal(HTTPStatus.BAD_REQUEST, "the body ends before its length")
        self._unread = False
        if self.headers.get_content_type() != content_type:
            raise _Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"expected a body of type {content_type}")
        return body

    def _refuse(self, refusal: _Refusal) -> None:
        """Answer that the request is not done, and why."""
        text = printable(refusal.text)[:MAX_TEXT]
        body = f"{text}\n".encode()
        self._answer(refusal.status, refusal.detail or text, "text/plain; charset=utf-8", body, refusal.fields)

    def _answer(self, status: HTTPStatus, text: str, content_type: str, body: bytes, fields: Mapping[str, str]) -> None:
        """Send an answer. What follows a body that was not read cannot be understood, and ends the connection."""
        path = printable(self.path)[:MAX_SHOWN]
        method = self.command or ""  # None while the base class has not read it
        self._service.on_outcome(Outcome(method, path, status, text, self._applicant, self._issued))
        if self._unread or self._requests == MAX_REQUESTS:
            self.close_connection = True
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **fields}.items():
            self.send_header(name.replace("_", "-"), value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _request(body: bytes) -> CertificateSigningRequest:
    """Return the request for a certificate in the body (RFC 7030 §4.2.1)."""
    try:
        return CertificateSigningRequest.from_der(decode_body(body))
    except ValueError as error:
        raise _Refusal(HTTPStatus.BAD_REQUEST, f"expected PKCS #10 in DER, as base64: {error}") from None


def _unauthorized(text: str) -> _Refusal:
    return _Refusal(HTTPStatus.UNAUTHORIZED, text, WWW_Authenticate='Basic realm="enrolment", charset="UTF-8"')


def _busy(error: RegistryError) -> _Refusal:
    text = "the registry cannot be used at this moment"
    return _Refusal(HTTPStatus.SERVICE_UNAVAILABLE, text, detail=str(error), Retry_After=str(RETRY_AFTER))
