"""OCSP: asking a responder how a certificate stands, and its signed answer.

Standard     RFC 6960 §4.1 (requests), §4.2 (responses); RFC 9654 (the nonce); its media types are in appendix C.
Left out     Carrying them by HTTP: `pki.est` and `pki.commands.ocsp` do. Which response decides about a certificate:
             `pki.path.ocsp_status` tells. Types of responses other than the basic one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import ClassVar, Self

from explain.layout import Field, Layout
from pki.asn1.der import ENUMERATED, DERError, Reader, context
from pki.asn1.der_writer import (
    Element,
    bit_string,
    encoded,
    generalized_time,
    integer,
    octet_string,
    octets_holding,
    oid,
    sequence,
)
from pki.asn1.oids import OIDS, describe
from pki.certificate_status import CertID, CertStatus, SingleResponse, key_octets
from pki.fields.extensions import Extension, UnknownExtension, extensions_element, find_extension, read_extensions
from pki.fields.general_names import GeneralName, general_name_element, read_general_name
from pki.fields.names import Name
from pki.fields.ocsp_extensions import OCSPNonce
from pki.key_formats.public_key_info import PublicKey
from pki.signatures import SignatureAlgorithm, Signer, read_signature_algorithm
from pki.signed import Signed, read_algorithm
from pki.x509 import Certificate
from primitives.sha1 import sha1

__all__ = [
    "BasicOCSPResponse",
    "CertID",
    "CertStatus",
    "OCSPRequest",
    "OCSPResponse",
    "ResponseStatus",
    "SingleResponse",
]

REQUEST, RESPONSE = "RFC 6960 §4.1.1", "RFC 6960 §4.2.1"
VERSION, REQUESTOR, REQUEST_EXTENSIONS = (context(number, constructed=True) for number in range(3))
FIRST, RESPONSE_EXTENSIONS = context(0, constructed=True), context(1, constructed=True)
BY_NAME, BY_KEY = context(1, constructed=True), context(2, constructed=True)
EXTENSIONS = {OCSPNonce.oid: OCSPNonce}  # those of requests and responses that are understood here
MAX_SIZE = 1 << 18  # octets: of a response with a chain of certificates with large keys
MAX_REQUESTS = 100  # certificates that one request may ask about


class ResponseStatus(IntEnum):
    """What came of a request: `OCSPResponseStatus` (RFC 6960 §4.2.1)."""

    SUCCESSFUL = 0
    MALFORMED_REQUEST = 1
    INTERNAL_ERROR = 2
    TRY_LATER = 3
    SIG_REQUIRED = 5
    UNAUTHORIZED = 6

    def __str__(self) -> str:
        """Return the standard's name, such as `malformedRequest`."""
        first, *others = self.name.lower().split("_")
        return first + "".join(map(str.capitalize, others))


@dataclass(frozen=True, slots=True)
class OCSPRequest:
    """A request, as it was read.

    cert_ids: the certificates that it asks about. requestor: who asks, if it says so.
    extensions: those of the request. has_unknown_critical: whether one, of the whole or of a certificate, is critical
        and not understood here.
    signature_algorithm, signature, certificates: of the requestor; None and nothing in most requests.
    tbs: the bytes that are signed, if any are (`tbsRequest`). der: the whole.
    """

    cert_ids: tuple[CertID, ...]
    requestor: GeneralName | None
    extensions: tuple[Extension, ...]
    has_unknown_critical: bool
    signature_algorithm: SignatureAlgorithm | None
    signature: bytes
    certificates: tuple[Certificate, ...]
    tbs: bytes
    der: bytes

    @classmethod
    def build(
        cls,
        cert_ids: Iterable[CertID],
        *,
        nonce: bytes | None = None,
        requestor: GeneralName | None = None,
        signer: Signer | None = None,
        certificates: Iterable[Certificate] = (),
    ) -> Self:
        """Return a new request.

        nonce: 1 to 128 octets, which the response must repeat; RFC 9654 §2.1 asks for 32 or more. None for none.
        requestor, signer, certificates: who signs the request, if it is to be signed.
        """
        requests = (sequence("Request", one.element("reqCert"), section=REQUEST) for one in cert_ids)
        fields = [sequence("requestList", *requests, section=REQUEST)]
        if not fields[0].elements:
            raise ValueError("a request about no certificate, expected at least one")
        if requestor is not None:
            fields.insert(0, sequence("[1]", general_name_element(requestor), section=REQUEST, tag=REQUESTOR))
        if nonce is not None:
            extensions = extensions_element([OCSPNonce(nonce)])
            fields.append(sequence("[2]", extensions, section=REQUEST, tag=REQUEST_EXTENSIONS))
        tbs = sequence("tbsRequest", *fields, section=REQUEST)
        whole = [tbs]
        if signer is not None:
            signature = sequence(
                "Signature",
                signer.algorithm.element("signatureAlgorithm"),
                bit_string("signature", signer.sign(tbs.encoding), section="RFC 6960 §4.1.2"),
                *_certificates_elements(certificates),
                section="RFC 6960 §4.1.2",
            )
            whole.append(sequence("[0]", signature, section=REQUEST, tag=FIRST))
        return cls.from_der(sequence("OCSPRequest", *whole, section=REQUEST).encoding)

    @property
    def nonce(self) -> bytes | None:
        """The nonce, or None if there is none."""
        return _nonce(self.extensions)

    def verify_signature_by(self, public_key: PublicKey) -> None:
        """Return if this key made the signature; raise `InvalidSignature` if not, `ValueError` if there is none."""
        if self.signature_algorithm is None:
            raise ValueError("the request is not signed")
        self.signature_algorithm.verify(public_key, self.tbs, self.signature)

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Return the request that these bytes are; raise `DERError` if they are something else."""
        reader = Reader(der, max_size=MAX_SIZE)
        request = cls.read(reader)
        reader.finish()
        return request

    def to_der(self) -> bytes:
        """Return it in DER, the same bytes that were read."""
        return self.der

    def layout(self) -> list[Field]:
        """Return what each byte of it is."""
        layout = Layout()
        self.read(Reader(self.der, layout=layout))
        return layout.fields

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read an `OCSPRequest`."""
        algorithm, requestor, signature = None, None, b""
        certificates: tuple[Certificate, ...] = ()
        extensions: tuple[Extension, ...] = ()
        with reader.sequence("OCSPRequest", section=REQUEST) as whole:
            with whole.sequence("tbsRequest", section=REQUEST) as tbs:
                _read_version(tbs)
                if tbs.peek() == REQUESTOR:
                    with tbs.sequence("[1]", section=REQUEST, tag=REQUESTOR) as explicit:
                        requestor = read_general_name(explicit)
                cert_ids, singles = _read_requests(tbs)
                if tbs.peek() == REQUEST_EXTENSIONS:
                    with tbs.sequence("[2]", section=REQUEST, tag=REQUEST_EXTENSIONS) as explicit:
                        extensions = read_extensions(explicit, EXTENSIONS)
                signed = tbs.encoding
            if whole.peek() == FIRST:
                with (
                    whole.sequence("[0]", section=REQUEST, tag=FIRST) as explicit,
                    explicit.sequence("Signature", section="RFC 6960 §4.1.2") as fields,
                ):
                    algorithm = read_signature_algorithm(fields, "signatureAlgorithm")
                    signature = fields.octets_in_bits("signature", section="RFC 6960 §4.1.2")
                    certificates = _read_certificates(fields)
            der = whole.encoding
        unknown = _has_unknown_critical((*extensions, *singles))
        return cls(cert_ids, requestor, extensions, unknown, algorithm, signature, certificates, signed, der)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} about {', '.join(map(str, self.cert_ids))}>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BasicOCSPResponse(Signed):
    """The basic response, as it was read: what a responder says of some certificates, and its signature.

    signature_algorithm, signature: the responder's signature of `tbs`.
    responder: who signed: a name, or the SHA-1 of the key.
    produced_at: when it was signed, in UTC.
    responses: what it says of each certificate.
    extensions: those of the response.
    certificates: those that may help to verify the signature.
    tbs: the bytes that are signed (`tbsResponseData`). der: the whole.
    """

    PEM_LABELS: ClassVar[tuple[str, ...]] = ()  # it stands in an OCSPResponse
    SECTION: ClassVar[str] = RESPONSE
    MAX_SIZE: ClassVar[int] = MAX_SIZE
    SIGNATURE: ClassVar[tuple[str, str]] = ("signature", RESPONSE)

    responder: Name | bytes
    produced_at: datetime
    responses: tuple[SingleResponse, ...]
    extensions: tuple[Extension, ...]
    certificates: tuple[Certificate, ...]

    @classmethod
    def build(
        cls,
        responses: Iterable[SingleResponse],
        *,
        responder: Name | bytes,
        produced_at: datetime,
        nonce: bytes | None,
        signer: Signer,
        certificates: Iterable[Certificate] = (),
    ) -> Self:
        """Return a new response, whatever it says: `pki.ca.responder` sees to what it should say.

        responder: the signer's name, or the SHA-1 of its key. nonce: that of the request, if it has one.
        certificates: the signer's own, unless it is the issuer of the certificates that are asked about.
        """
        if isinstance(responder, Name):
            identity = sequence("[1]", responder.element("byName", section=RESPONSE), section=RESPONSE, tag=BY_NAME)
        else:
            identity = sequence("[2]", octet_string("byKey", responder, section=RESPONSE), section=RESPONSE, tag=BY_KEY)
        fields = [
            identity,
            generalized_time("producedAt", produced_at, section="RFC 6960 §4.2.2.1"),
            sequence("responses", *(one.element() for one in responses), section=RESPONSE),
        ]
        if nonce is not None:
            extensions = extensions_element([OCSPNonce(nonce)])
            fields.append(sequence("[1]", extensions, section=RESPONSE, tag=RESPONSE_EXTENSIONS))
        tbs = sequence("tbsResponseData", *fields, section=RESPONSE)
        return cls._sign("BasicOCSPResponse", tbs, signer, *_certificates_elements(certificates))

    @property
    def nonce(self) -> bytes | None:
        """The nonce, or None if there is none."""
        return _nonce(self.extensions)

    @property
    def has_unknown_critical(self) -> bool:
        """Whether an extension, of the whole or of a single response, is critical and not understood here."""
        singles = (extension for one in self.responses for extension in one.extensions)
        return _has_unknown_critical((*self.extensions, *singles))

    def is_by(self, name: Name, key: PublicKey) -> bool:
        """Return whether the responder says that it has this name or key; that its signature does, is not checked."""
        if isinstance(self.responder, Name):
            return self.responder == name
        return self.responder == key_hash(key)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a `BasicOCSPResponse`."""
        extensions: tuple[Extension, ...] = ()
        with reader.sequence("BasicOCSPResponse", section=RESPONSE) as whole:
            with whole.sequence("tbsResponseData", section=RESPONSE) as tbs:
                _read_version(tbs)
                responder = _read_responder(tbs)
                produced_at = tbs.generalized_time("producedAt", section="RFC 6960 §4.2.2.1")
                responses = []
                with tbs.sequence("responses", section=RESPONSE) as singles:
                    while not singles.at_end():
                        responses.append(SingleResponse.read(singles))
                if tbs.peek() == RESPONSE_EXTENSIONS:
                    with tbs.sequence("[1]", section=RESPONSE, tag=RESPONSE_EXTENSIONS) as explicit:
                        extensions = read_extensions(explicit, EXTENSIONS)
                signed = tbs.encoding
            algorithm, _ = read_algorithm(whole, "signatureAlgorithm")
            signature = whole.octets_in_bits("signature", section=RESPONSE)
            certificates = _read_certificates(whole)
            der = whole.encoding
        return cls(
            responder=responder,
            produced_at=produced_at,
            responses=tuple(responses),
            extensions=extensions,
            signature_algorithm=algorithm,
            signature=signature,
            certificates=certificates,
            tbs=signed,
            der=der,
        )

    def __repr__(self) -> str:
        statuses = ", ".join(f"{one.cert_id}: {one.status.value}" for one in self.responses)
        return f"<{type(self).__name__} of {self.produced_at}: {statuses}>"


@dataclass(frozen=True, slots=True)
class OCSPResponse:
    """A responder's answer, as it was read.

    status: what came of the request. basic: the response itself, None unless the status is `SUCCESSFUL`.
    der: the whole.
    """

    status: ResponseStatus
    basic: BasicOCSPResponse | None
    der: bytes = field(repr=False)

    @classmethod
    def build(cls, response: BasicOCSPResponse | ResponseStatus) -> Self:
        """Return the answer with this response; or without one, with the status that says why."""
        if isinstance(response, ResponseStatus):
            code = integer("responseStatus", response, section=RESPONSE, tag=ENUMERATED)
            return cls.from_der(sequence("OCSPResponse", code, section=RESPONSE).encoding)
        held = sequence(
            "ResponseBytes",
            oid("responseType", OIDS["id-pkix-ocsp-basic"], section=RESPONSE),
            octets_holding("response", encoded("BasicOCSPResponse", response.der), section=RESPONSE),
            section=RESPONSE,
        )
        whole = sequence(
            "OCSPResponse",
            integer("responseStatus", ResponseStatus.SUCCESSFUL, section=RESPONSE, tag=ENUMERATED),
            sequence("[0]", held, section=RESPONSE, tag=FIRST),
            section=RESPONSE,
        )
        return cls.from_der(whole.encoding)

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Return the answer that these bytes are; raise `DERError` if they are something else."""
        reader = Reader(der, max_size=MAX_SIZE)
        response = cls.read(reader)
        reader.finish()
        return response

    def to_der(self) -> bytes:
        """Return it in DER, the same bytes that were read."""
        return self.der

    def layout(self) -> list[Field]:
        """Return what each byte of it is."""
        layout = Layout()
        self.read(Reader(self.der, layout=layout))
        return layout.fields

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read an `OCSPResponse`."""
        basic = None
        with reader.sequence("OCSPResponse", section=RESPONSE) as whole:
            start = whole.position
            number = whole.natural("responseStatus", section=RESPONSE, tag=ENUMERATED)
            if number not in list(ResponseStatus):
                raise DERError(start, f"OCSPResponseStatus {number}, expected 0 to 3, 5 or 6")
            status = ResponseStatus(number)
            whole.tell(str(status))
            start = whole.position
            if whole.at_end() == (status is ResponseStatus.SUCCESSFUL):
                expected = "a response with it" if whole.at_end() else "no response with it"
                raise DERError(start, f"the status is {status}, expected {expected}")
            if not whole.at_end():
                with (
                    whole.sequence("[0]", section=RESPONSE, tag=FIRST) as explicit,
                    explicit.sequence("ResponseBytes", section=RESPONSE) as held,
                ):
                    start = held.position
                    kind = held.oid("responseType", section=RESPONSE)
                    if kind != OIDS["id-pkix-ocsp-basic"]:
                        raise DERError(start, f"a response of type {describe(kind)}, expected id-pkix-ocsp-basic")
                    with held.octets_holding("response", section=RESPONSE) as octets:
                        basic = BasicOCSPResponse.read(octets)
            der = whole.encoding
        return cls(status, basic, der)


def key_hash(key: PublicKey) -> bytes:
    """Return the SHA-1 of the key, by which a response says who signed it (`KeyHash`)."""
    return sha1(key_octets(key)).digest()


def _nonce(extensions: Iterable[Extension]) -> bytes | None:
    found = find_extension(extensions, OCSPNonce)
    return None if found is None else found.nonce


def _has_unknown_critical(extensions: Iterable[Extension]) -> bool:
    return any(isinstance(extension, UnknownExtension) and extension.critical for extension in extensions)


def _read_version(tbs: Reader) -> None:
    """Read the version: there is only version 1, which is the default, and DER leaves it out."""
    if tbs.peek() != VERSION:
        return
    start = tbs.position
    with tbs.sequence("[0]", section=REQUEST, tag=VERSION) as explicit:
        version = explicit.natural("version", section=REQUEST) + 1
    if version != 1:
        raise DERError(start, f"OCSP of version {version}, expected 1")
    tbs.demand(start, "version 1, which is the default, and DER leaves defaults out (X.690 §11.5)")


def _read_requests(tbs: Reader) -> tuple[tuple[CertID, ...], tuple[Extension, ...]]:
    """Read `requestList`; return the certificates that it asks about, and the extensions of all of them."""
    cert_ids: list[CertID] = []
    extensions: tuple[Extension, ...] = ()
    with tbs.sequence("requestList", section=REQUEST) as requests:
        while not cert_ids or not requests.at_end():
            if len(cert_ids) == MAX_REQUESTS:
                raise DERError(requests.position, f"more than {MAX_REQUESTS} certificates are asked about")
            with requests.sequence("Request", section=REQUEST) as request:
                cert_ids.append(CertID.read(request, "reqCert"))
                if request.peek() == FIRST:
                    with request.sequence("[0]", section=REQUEST, tag=FIRST) as explicit:
                        extensions += read_extensions(explicit, {})
    return tuple(cert_ids), extensions


def _read_responder(tbs: Reader) -> Name | bytes:
    """Read a `ResponderID`."""
    if tbs.peek() == BY_KEY:
        with tbs.sequence("[2]", section=RESPONSE, tag=BY_KEY) as explicit:
            return explicit.octet_string("byKey", section=RESPONSE)
    with tbs.sequence("[1]", section=RESPONSE, tag=BY_NAME) as explicit:
        return Name.read(explicit, "byName", section=RESPONSE)


def _read_certificates(fields: Reader) -> tuple[Certificate, ...]:
    """Read `certs`, which may be absent."""
    certificates = []
    if fields.peek() == FIRST:
        with (
            fields.sequence("[0]", section=RESPONSE, tag=FIRST) as explicit,
            explicit.sequence("certs", section=RESPONSE) as certs,
        ):
            while not certs.at_end():
                start = certs.position
                encoding = certs.any("certificate", section=RESPONSE)
                try:
                    certificates.append(Certificate.from_der(encoding))
                except DERError as error:
                    raise DERError(start + error.offset, error.reason) from None
    return tuple(certificates)


def _certificates_elements(certificates: Iterable[Certificate]) -> Sequence[Element]:
    """Return `certs` to be written: nothing, if there are none."""
    found = [encoded("certificate", certificate.der, section=RESPONSE) for certificate in certificates]
    if not found:
        return []
    certs = sequence("certs", *found, section=RESPONSE)
    return [sequence("[0]", certs, section=RESPONSE, tag=FIRST)]
