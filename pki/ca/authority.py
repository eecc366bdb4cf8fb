"""A certificate authority as pure logic: its root, and the certificates that it issues on request.

Standard     RFC 5280 §4.1, §4.2 (what a certificate of an authority must say), §5 (certificate revocation lists, CRLs);
             RFC 2986 §3 (requests).
Left out     A record of what was issued and revoked, and who may have which name: for the operator of the authority.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pki.asn1.der import STRINGS
from pki.crl import CertificateRevocationList, RevokedCertificate
from pki.csr import CertificateSigningRequest
from pki.fields.crl_extensions import CRLNumber
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Purpose,
    SubjectAltName,
    SubjectKeyIdentifier,
    Usage,
    find_extension,
)
from pki.fields.general_names import DNSName, GeneralName, IPAddress
from pki.fields.name_constraints import NameConstraints
from pki.fields.name_syntax import is_host_pattern
from pki.fields.names import Name, require_certifiable
from pki.fields.ocsp_extensions import OCSPNoCheck
from pki.fields.validity import Validity
from pki.key_formats.private_key_info import PrivateKey
from pki.key_formats.public_key_info import PublicKey, UnknownPublicKey, describe_public_key, key_identifier, rsa_key
from pki.ocsp import BasicOCSPResponse, SingleResponse
from pki.path.budget import Budget
from pki.path.name_constraints import ConstrainedNames
from pki.path.refusals import CertificateError
from pki.signatures import SignatureAlgorithm, Signer
from pki.verify import MINIMUM_RSA_BITS
from pki.x509 import Certificate
from primitives.errors import InvalidSignature
from primitives.integers import RandomBytes, os2ip
from primitives.ml_kem import EncapsulationKey
from primitives.rsa import RSAPublicKey
from primitives.x448_keys import X448PublicKey
from primitives.x25519_keys import X25519PublicKey


class RequestRefused(ValueError):  # noqa: N818 - it is what happened, and need not be an error
    """The authority does not certify what the request asks; the message says why."""


class Authority:
    """A certificate authority: a certificate, and the private key that belongs to it.

    certificate: the authority's own; its extensions must let it sign certificates.
    private_key: the key whose public half the certificate holds.
    """

    def __init__(self, certificate: Certificate, private_key: PrivateKey) -> None:
        if certificate.public_key != private_key.public_key:
            raise ValueError(f"the private key is not the one of the certificate of {certificate.subject}")
        constraints = certificate.extension(BasicConstraints)
        if constraints is None or not constraints.ca or not certificate.allows(Usage.KEY_CERT_SIGN):
            raise ValueError(f"the certificate of {certificate.subject} is not one of a certificate authority")
        self.certificate, self._private_key, self._constraints = certificate, private_key, constraints

    @classmethod
    def create_root(
        cls,
        name: Name,
        private_key: PrivateKey,
        *,
        validity: Validity,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Self:
        """Return a new authority that vouches for itself: a root.

        name: the authority's. validity: for how long the certificate holds.
        random_bytes: where the serial number comes from, and the signature's salt if it has one.
        """
        validity.require_sense()
        if not name:
            raise ValueError("the name of the authority is empty, expected at least one attribute")  # §4.1.2.4
        certificate = Certificate.build(
            serial_number=new_serial_number(random_bytes),
            issuer=name,
            validity=validity,
            subject=name,
            public_key=private_key.public_key,
            extensions=_authority_extensions(private_key.public_key, None),
            signer=Signer(private_key, signature_algorithm, random_bytes),
        )
        return cls(certificate, private_key)

    def issue(
        self,
        request: CertificateSigningRequest,
        *,
        validity: Validity,
        purposes: Iterable[Purpose],
        signature_algorithm: SignatureAlgorithm,
        subject: Name | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Certificate:
        """Return a certificate for the requester, who is not an authority.

        Of the request, it takes the name, the key, and the host names and IP addresses; the key's usages follow from
        the purposes. Whether the requester may have these names is for the caller to know beforehand.

        subject: the name to certify in place of the request's own, such as a part of it.

        Raises `RequestRefused` if the request is not signed with its own key, its key is unfit, or it asks to be an
        authority or for other kinds of names.
        """
        purposes = tuple(purposes)
        constraints = find_extension(request.extensions, BasicConstraints)
        if constraints is not None and constraints.ca:
            raise RequestRefused("the request asks to be a certificate authority")
        subject = request.subject if subject is None else subject
        names = certifiable_names(request.names, subject)
        extensions: list[Extension] = [
            BasicConstraints(ca=False),
            KeyUsage(_usages(request.public_key, purposes)),
            SubjectKeyIdentifier(key_identifier(request.public_key)),
            self._authority_key_identifier(),
        ]
        if purposes:
            extensions.append(ExtendedKeyUsage(purposes))
        if purposes == (Purpose.OCSP_SIGNING,):  # of whom should one ask about it? RFC 6960 §4.2.2.2.1
            extensions.append(OCSPNoCheck())
        if names:  # critical if it is all the name there is (§4.2.1.6)
            extensions.append(SubjectAltName(names, critical=not subject))
        return self._sign_for(request, subject, extensions, validity, signature_algorithm, random_bytes)

    def issue_unproved(
        self,
        public_key: PublicKey,
        *,
        subject: Name,
        names: Iterable[GeneralName] = (),
        validity: Validity,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Certificate:
        """Return a certificate for a key that cannot sign a request: nobody proves to have it.

        public_key: of ML-KEM, whose keyUsage is keyEncipherment alone (RFC 9935 §5); of X25519 or X448, whose keyUsage
        is keyAgreement alone (RFC 8410 §5).
        names: host names and IP addresses.

        Raises `RequestRefused` for a key that can sign, whose holder can prove it by a request, and for other names.
        """
        if isinstance(public_key, EncapsulationKey):
            usage = Usage.KEY_ENCIPHERMENT
        elif isinstance(public_key, X25519PublicKey | X448PublicKey):
            usage = Usage.KEY_AGREEMENT
        else:
            found = describe_public_key(public_key)
            raise RequestRefused(
                f"the key is {found}, expected one of ML-KEM, X25519 or X448: others are certified on request only"
            )
        found_names = certifiable_names(names, subject)
        _check_plain(subject)
        extensions: list[Extension] = [
            BasicConstraints(ca=False),
            KeyUsage(frozenset((usage,))),
            SubjectKeyIdentifier(key_identifier(public_key)),
            self._authority_key_identifier(),
        ]
        if found_names:
            extensions.append(SubjectAltName(found_names, critical=not subject))
        return self._sign(public_key, subject, extensions, validity, signature_algorithm, random_bytes)

    def issue_authority(
        self,
        request: CertificateSigningRequest,
        *,
        validity: Validity,
        path_length: int | None,
        name_constraints: NameConstraints | None = None,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Certificate:
        """Return a certificate for an authority below this one.

        path_length: how many authorities may stand below that one; None for as many as this one's own limit leaves.
        name_constraints: for which names that one may vouch; None for all.

        Raises `RequestRefused` as `issue` does, and `ValueError` if this authority's path length allows no such other.
        """
        limit = self._constraints.path_length
        if limit is not None and (limit == 0 or (path_length is not None and path_length >= limit)):
            raise ValueError(f"the path length of this authority is {limit}, expected more than that of the one below")
        extensions: list[Extension] = [
            *_authority_extensions(request.public_key, path_length),
            self._authority_key_identifier(),
        ]
        if name_constraints is not None:
            extensions.append(name_constraints)
        if not request.subject:
            raise RequestRefused("the request has no name, and an authority must have one")
        return self._sign_for(request, request.subject, extensions, validity, signature_algorithm, random_bytes)

    def issue_crl(
        self,
        revoked: Iterable[RevokedCertificate],
        *,
        number: int,
        this_update: datetime,
        next_update: datetime,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> CertificateRevocationList:
        """Return a CRL of this authority: a complete one, for all reasons.

        revoked: the certificates, as `RevokedCertificate.build` makes them; each once.
        number: larger than that of the list before, 0 to 2^159 - 1 (§5.2.3).
        this_update, next_update: now, and by when there will be another, with a time zone.

        Raises `ValueError` if this authority's key may not sign lists, a certificate is listed twice, or a number or
        time is not as above.
        """
        if not self.certificate.allows(Usage.CRL_SIGN):
            raise ValueError("the keyUsage of this authority does not allow cRLSign")
        if not 0 <= number < 1 << 159:
            raise ValueError("the number of the list is out of range, expected 0 to 2^159 - 1")
        if this_update.tzinfo is None or next_update.tzinfo is None:
            raise ValueError("a time of the list has no time zone, expected one with, such as UTC")
        if next_update <= this_update:
            raise ValueError(f"the next list is to come at {next_update}, not after this one at {this_update}")
        entries = tuple(revoked)
        if len({entry.serial_number for entry in entries}) != len(entries):
            raise ValueError("a certificate is listed twice")
        return CertificateRevocationList.build(
            issuer=self.certificate.subject,
            this_update=this_update,
            next_update=next_update,
            entries=entries,
            extensions=[self._authority_key_identifier(), CRLNumber(number)],
            signer=Signer(self._private_key, signature_algorithm, random_bytes),
        )

    def issue_ocsp_response(
        self,
        responses: Iterable[SingleResponse],
        *,
        produced_at: datetime,
        nonce: bytes | None,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> BasicOCSPResponse:
        """Return what this authority says of certificates that it issued, signed with its own key (RFC 6960 §4.2.2.2).

        produced_at: now, with a time zone. nonce: that of the request, if it has one.
        """
        return BasicOCSPResponse.build(
            responses,
            responder=self.certificate.subject,
            produced_at=produced_at,
            nonce=nonce,
            signer=Signer(self._private_key, signature_algorithm, random_bytes),
        )

    def _sign_for(
        self,
        request: CertificateSigningRequest,
        subject: Name,
        extensions: Iterable[Extension],
        validity: Validity,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes,
    ) -> Certificate:
        _check_request(request)
        return self._sign(request.public_key, subject, extensions, validity, signature_algorithm, random_bytes)

    def _sign(
        self,
        public_key: PublicKey,
        subject: Name,
        extensions: Iterable[Extension],
        validity: Validity,
        signature_algorithm: SignatureAlgorithm,
        random_bytes: RandomBytes,
    ) -> Certificate:
        validity.require_sense()
        _check_subject(subject)
        certificate = Certificate.build(
            serial_number=new_serial_number(random_bytes),
            issuer=self.certificate.subject,
            validity=validity,
            subject=subject,
            public_key=public_key,
            extensions=extensions,
            signer=Signer(self._private_key, signature_algorithm, random_bytes),
        )
        self._check_names(certificate)
        return certificate

    def _check_names(self, certificate: Certificate) -> None:
        """Raise `RequestRefused` if this authority may not vouch for the names: nobody would believe it (§4.2.1.10)."""
        constraints = self.certificate.extension(NameConstraints)
        if constraints is not None:
            allowed = ConstrainedNames(constraints.permitted, constraints.excluded)
            try:
                allowed.check(certificate, Budget())
            except CertificateError as error:
                raise RequestRefused(f"what is asked for would not hold: {error}") from None

    def _authority_key_identifier(self) -> AuthorityKeyIdentifier:
        """Return which key signs: by the identifier in this authority's own certificate (§4.2.1.1)."""
        own = self.certificate.extension(SubjectKeyIdentifier)
        return AuthorityKeyIdentifier(own.identifier if own else key_identifier(self.certificate.public_key))

    def __repr__(self) -> str:
        return f"<Authority {self.certificate.subject}>"


def new_serial_number(random_bytes: RandomBytes = secrets.token_bytes) -> int:
    """Return a random serial number above 0, of at most 20 octets (RFC 5280 §4.1.2.2).

    With 159 random bits no two will ever meet, and nobody can guess one, which is what it took to forge
    certificates by colliding hashes (Stevens et al. 2009).
    """
    while True:
        serial_number = os2ip(random_bytes(20)) >> 1  # the highest bit is the sign's
        if serial_number:
            return serial_number


def require_sense(request: CertificateSigningRequest) -> None:
    """Raise `RequestRefused` if no authority here would certify the request, no matter who asks.

    That is so if its key is unfit, it is not signed with it, or a name in it cannot be certified.
    """
    _check_request(request)
    _check_subject(request.subject)
    certifiable_names(request.names, request.subject)


def _check_request(request: CertificateSigningRequest) -> None:
    """Raise `RequestRefused` unless the requester holds the private key, and name and key are fit to be certified."""
    if isinstance(request.public_key, UnknownPublicKey):
        raise RequestRefused(f"the key of the request is {describe_public_key(request.public_key)}")
    rsa = rsa_key(request.public_key)
    if rsa is not None and rsa.n.bit_length() < MINIMUM_RSA_BITS:
        found = describe_public_key(request.public_key)
        raise RequestRefused(f"the key of the request is {found}, expected at least {MINIMUM_RSA_BITS} bits")
    try:
        request.verify()
    except InvalidSignature as error:
        raise RequestRefused(f"the request is not signed with the key that it holds: {error}") from None
    identifiers = [extension.oid for extension in request.extensions]
    if len(set(identifiers)) != len(identifiers):
        raise RequestRefused("the request asks for an extension twice")
    _check_plain(request.subject)


def _check_plain(subject: Name) -> None:
    """Raise `RequestRefused` unless the name is plain text."""
    for attribute in (attribute for rdn in subject.rdns for attribute in rdn):
        if attribute.tag not in STRINGS or not attribute.text.isprintable():
            raise RequestRefused(f"the name of the request holds {attribute}, which is not plain text")


def _check_subject(subject: Name) -> None:
    """Raise `RequestRefused` unless the name keeps to the types and sizes of RFC 5280 appendix A.1."""
    for attribute in (attribute for rdn in subject.rdns for attribute in rdn):
        try:
            require_certifiable(attribute)
        except ValueError as error:
            raise RequestRefused(f"the name of the request cannot be certified: {error}") from None


def certifiable_names(asked: Iterable[GeneralName], subject: Name) -> tuple[DNSName | IPAddress, ...]:
    """Return the names that somebody asks for in subjectAltName, if the authority certifies such names.

    Raises `RequestRefused` if one of them is neither a host name nor an IP address, or if there is none and the
    subject is empty.
    """
    names: list[DNSName | IPAddress] = []
    for name in asked:
        if not isinstance(name, DNSName | IPAddress):
            raise RequestRefused(f"the request asks for {name}: only host names and IP addresses are certified here")
        if isinstance(name, DNSName) and not is_host_pattern(name.name):
            raise RequestRefused(f"the request asks for {name}, expected a host name (in ASCII, with xn--)")
        names.append(name)
    if not names and not subject:
        raise RequestRefused("the request has no name at all")
    return tuple(names)


def _authority_extensions(key: PublicKey, path_length: int | None) -> list[Extension]:
    return [
        BasicConstraints(ca=True, path_length=path_length),
        KeyUsage(frozenset((Usage.KEY_CERT_SIGN, Usage.CRL_SIGN))),
        SubjectKeyIdentifier(key_identifier(key)),
    ]


def _usages(key: PublicKey, purposes: Iterable[Purpose]) -> frozenset[Usage]:
    """Return what a key is used for: signatures, and for a TLS server with RSA also key transport (RFC 5246 §7.4.2)."""
    usages = {Usage.DIGITAL_SIGNATURE}
    if Purpose.SERVER_AUTH in purposes and isinstance(key, RSAPublicKey):
        usages.add(Usage.KEY_ENCIPHERMENT)
    return frozenset(usages)
