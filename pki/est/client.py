"""Enrolment over Secure Transport, the client: asks an EST server for certificates.

Standard     RFC 7030 §4.1 (/cacerts), §4.2 (/simpleenroll and /simplereenroll), with RFC 8951; RFC 2585 §3 (the CRL);
             RFC 6960 appendix A.1 (OCSP).
Left out     TLS, which is around this and belongs to the caller: the server must have proved there who it is, and
             a client that renews shows its certificate there. Answers that come later (status 202, §4.2.3): refused.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO, Protocol

from console.printable import printable
from pki.asn1.der import DERError
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.est.messages import (
    CA_CERTIFICATES,
    CERTIFICATES_TYPE,
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
from pki.ocsp import MAX_SIZE, OCSPRequest, OCSPResponse
from pki.pkcs7 import read_certs_only
from pki.x509 import Certificate

if TYPE_CHECKING:
    from http.client import HTTPResponse

MAX_SHOWN = 1000  # characters of what the server says about a refusal


class HTTPSocket(Protocol):
    """What `http.client` needs of a socket: a connection with the server that is established already."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""

    def makefile(self, mode: str) -> BinaryIO:
        """Return a file that reads what is received."""

    def close(self) -> None:
        """Close the connection."""


class EnrolmentError(Exception):
    """The server did not do what was asked.

    status: of its answer; None if the answer was not understood. The message says what it said.
    """

    def __init__(self, status: int | None, message: str) -> None:
        super().__init__(message)
        self.status = status


class EnrolmentClient:
    """A client that asks over one connection. Each method raises `EnrolmentError`, or what the stream does.

    stream: the connection. It is closed as soon as the server says that it takes no further request there.
    host: the server's name, as the certificate of its TLS has it.
    """

    def __init__(self, stream: HTTPSocket, *, host: str) -> None:
        from http.client import HTTPConnection  # imports sockets, which not every system has

        self._connection = HTTPConnection(host)
        self._connection.auto_open = 0  # there is this one connection
        self._connection.sock = stream

    def ca_certificates(self) -> tuple[Certificate, ...]:
        """Return the certificates of the authority and of those above it (RFC 7030 §4.1).

        The server's sending them is not a reason to trust them.
        """
        return self._certificates("GET", CA_CERTIFICATES)

    def enrol(self, request: CertificateSigningRequest, *, applicant: str, code: str) -> Certificate:
        """Return the certificate that is issued for this request and enrolment code (RFC 7030 §4.2.1)."""
        credentials = base64.b64encode(f"{applicant}:{code}".encode()).decode()  # RFC 7617 §2
        return self._issued(ENROL, request, {"Authorization": f"Basic {credentials}"})

    def renew(self, request: CertificateSigningRequest) -> Certificate:
        """Return the certificate that follows the one that was shown in TLS (RFC 7030 §4.2.2)."""
        return self._issued(RENEW, request, {})

    def crl(self) -> CertificateRevocationList:
        """Return the authority's certificate revocation list (CRL), whose signature is not checked here."""
        try:
            der = self._exchange("GET", CRL, CRL_TYPE, CertificateRevocationList.MAX_SIZE)
            return CertificateRevocationList.from_der(der)
        except DERError as error:
            raise EnrolmentError(None, f"the server sent something that is not a CRL: {error}") from None

    def ocsp_response(self, request: OCSPRequest, *, path: str = OCSP) -> OCSPResponse:
        """Return the responder's answer (RFC 6960 appendix A.1), whose signature and nonce are not checked here.

        path: where on the server the responder is.
        """
        try:
            fields = {"Content-Type": OCSP_REQUEST_TYPE}
            der = self._exchange("POST", path, OCSP_RESPONSE_TYPE, MAX_SIZE, request.to_der(), fields)
            return OCSPResponse.from_der(der)
        except DERError as error:
            raise EnrolmentError(None, f"the server sent something that is not an OCSP response: {error}") from None

    def _issued(self, path: str, request: CertificateSigningRequest, fields: Mapping[str, str]) -> Certificate:
        """Return the one certificate that the server sends for this request, which must be for its key."""
        fields = {"Content-Type": REQUEST_TYPE, "Content-Transfer-Encoding": "base64", **fields}
        certificates = self._certificates("POST", path, encode_body(request.to_der()), fields)
        if len(certificates) != 1 or certificates[0].public_key != request.public_key:
            raise EnrolmentError(None, "the server sent something else than a certificate for the key of the request")
        return certificates[0]

    def _certificates(
        self, method: str, path: str, body: bytes | None = None, fields: Mapping[str, str] | None = None
    ) -> tuple[Certificate, ...]:
        data = self._exchange(method, path, CERTIFICATES_TYPE, MAX_BODY, body, fields or {})
        try:
            return read_certs_only(decode_body(data))
        except ValueError as error:
            raise EnrolmentError(None, f"the server sent something that is not a certs-only message: {error}") from None

    def _exchange(
        self,
        method: str,
        path: str,
        content_type: str,
        limit: int,
        body: bytes | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the body of the server's answer, which must be one of success, of that type, and within the limit."""
        from http.client import HTTPException

        cut: OSError | None = None
        try:
            try:
                self._connection.request(method, path, body, fields or {})
            except (BrokenPipeError, ConnectionResetError) as error:  # refused before it was read: there is an answer
                cut = error
            with self._connection.getresponse() as response:  # closed also if it breaks off
                data = response.read(limit + 1)
        except HTTPException as error:
            if cut is not None:
                raise cut from None
            text = printable(f"{type(error).__name__} {error}")[:MAX_SHOWN]
            raise EnrolmentError(None, f"the server does not answer in HTTP: {text}") from None
        if response.status != HTTPStatus.OK:
            raise EnrolmentError(response.status, _said(response, data))
        if len(data) > limit:
            raise EnrolmentError(None, f"the server's answer has more than {limit} bytes")
        if response.length:  # what is still to come of the length that it announced
            raise EnrolmentError(None, f"the server's answer breaks off {response.length} bytes before its end")
        if response.headers.get_content_type() != content_type:
            raise EnrolmentError(None, f"the server's answer is not of type {content_type}")
        return data


def _said(response: HTTPResponse, data: bytes) -> str:
    """Return what the server says about a refusal: the first line of a text, or else the status (RFC 7030 §4.2.3)."""
    lines = data.decode(errors="replace").splitlines() if response.headers.get_content_type() == "text/plain" else []
    return printable(lines[0] if lines else f"status {response.status} {response.reason}")[:MAX_SHOWN]
