"""The registrar: all that an authority does for others, each act decided and recorded before anybody hears of it.

An authority knows how to sign, a registry how to remember; the registrar lets neither happen without the other. So no
certificate is handed out that is not on record, no code opens two enrolments, and no serial number occurs twice,
whatever dies at whatever moment.

Standard     RFC 5280 §4.1.2.2 (serial numbers), §5 (CRLs); RFC 7030 §4.2.1, §4.2.2 (enrolment and re-enrolment).
Left out     Requests that wait for a person's decision: the permission that came with the code is the decision. A limit
             on how often a certificate is renewed, by those who hold a valid one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from console.printable import printable
from pki.asn1.as_text import serial_text
from pki.asn1.oids import NAMES, describe
from pki.ca.authority import Authority, RequestRefused
from pki.ca.enrolment_codes import CodeError, hash_code, is_code, make_code
from pki.ca.permission import Permission
from pki.ca.records import CodeRecord, CRLRecord, Records, RegistryError, Revocation
from pki.ca.registry import Registry
from pki.ca.responder import answer
from pki.crl import CertificateRevocationList, RevocationReason, RevokedCertificate
from pki.csr import ASKING_FOR_EXTENSIONS, CertificateSigningRequest
from pki.fields.extensions import (
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    Purpose,
    SubjectAltName,
    UnknownExtension,
    find_extension,
)
from pki.fields.general_names import GeneralName
from pki.fields.name_constraints import NameConstraints
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.key_formats.public_key_info import PublicKey
from pki.ocsp import OCSPResponse
from pki.signatures import SignatureAlgorithm
from pki.x509 import Certificate
from primitives.integers import RandomBytes

CODE_TRIES = 5  # refused requests after which a code is void
SERIAL_TRIES = 8  # serial numbers drawn before the source of randomness must be broken
SERIALS_REPEAT = "the source of randomness repeats itself: each serial number that it gives is taken already"
MAX_NOTE = 1000  # characters recorded of what a request asked for in vain


class Issued(NamedTuple):
    """A certificate, and what the request asked for beyond it, each in some words."""

    certificate: Certificate
    left_out: tuple[str, ...]


class Registrar:
    """What an authority does, with its record. Safe to use from many threads and processes.

    registry: the record. authority: signs; it is the one whose registry it is. signature_algorithm: how it signs.
    """

    def __init__(self, registry: Registry, authority: Authority, *, signature_algorithm: SignatureAlgorithm) -> None:
        known, certificate = registry.certificate, authority.certificate
        if (known.subject, known.public_key) != (certificate.subject, certificate.public_key):
            raise ValueError(f"the registry is that of {known.subject}, and not of {certificate.subject}")
        self.registry, self.authority = registry, authority
        self._signature_algorithm = signature_algorithm

    def new_code(
        self,
        applicant: str,
        permission: Permission,
        *,
        not_after: datetime,
        tries: int = CODE_TRIES,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> str:
        """Return a fresh code, with which the applicant can ask for one certificate; one it had before is void.

        applicant: a name for the recipient of the code; shown with it, and written into the record.
        not_after: when the code expires. tries: after how many refused requests it is void. Wrong guesses void nothing:
            nobody can guess 80 bits, and if guesses could void a code, an attacker could keep others from enrolling.
        """
        if not applicant.isprintable() or not applicant or ":" in applicant:  # RFC 7617 §2
            raise ValueError(f"{applicant!r} is not a name for an applicant, expected text without a colon")
        if tries < 1:
            raise ValueError(f"{tries} tries for a code, expected at least one")
        code = make_code(random_bytes=random_bytes)
        record = CodeRecord(applicant, hash_code(applicant, code), permission, not_after, tries, request=None)
        with self.registry.change() as records:
            records.set_code(record)
        return code

    def enrol(
        self,
        request: CertificateSigningRequest,
        *,
        applicant: str,
        code: str,
        at: datetime,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Issued:
        """Return the certificate that the applicant's code opens.

        The same request with the same code again gets the same certificate again: an applicant who lost the answer has
        not lost the enrolment.

        Raises `CodeError` if the code does not open an enrolment, and `RequestRefused` if it does not permit what the
        request asks; after some of these the code is void.
        """
        with self.registry.look() as records:  # who guesses does not keep others from changing the registry
            _redeem(records, applicant, code, at)
        with self._change() as records:
            held = _redeem(records, applicant, code, at)
            if held.request is not None:
                return _handed_out(records, held.request, request)
            sign = self._signing(request, held.permission, self._validity(at, held.permission.validity), random_bytes)
            try:
                number, issued = _record(records, request, sign, at=at, applicant=applicant)
            except RequestRefused:
                records.set_code(replace(held, tries_left=held.tries_left - 1))
                raise
            records.set_code(replace(held, request=number))
            return issued

    def issue(
        self,
        request: CertificateSigningRequest,
        permission: Permission,
        *,
        at: datetime,
        validity: Validity,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Issued:
        """Return a certificate for a request that the operator has at hand. Its validity is as given, whatever it is.

        Raises `RequestRefused` if the permission does not cover what the request asks.
        """
        with self._change() as records:
            sign = self._signing(request, permission, validity, random_bytes)
            _, issued = _record(records, request, sign, at=at)
            return issued

    def issue_unproved(
        self,
        public_key: PublicKey,
        *,
        subject: Name,
        names: Iterable[GeneralName] = (),
        at: datetime,
        validity: Validity,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Certificate:
        """Return a certificate for a key that cannot sign, as `Authority.issue_unproved` does, and record it."""
        names = tuple(names)
        with self._change() as records:
            for _ in range(SERIAL_TRIES):
                certificate = self.authority.issue_unproved(
                    public_key,
                    subject=subject,
                    names=names,
                    validity=validity,
                    signature_algorithm=self._signature_algorithm,
                    random_bytes=random_bytes,
                )
                if records.add_certificate(certificate, at=at):
                    return certificate
            raise RegistryError(SERIALS_REPEAT)

    def issue_authority(
        self,
        request: CertificateSigningRequest,
        *,
        at: datetime,
        validity: Validity,
        path_length: int | None,
        name_constraints: NameConstraints | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Issued:
        """Return a certificate for an authority below this one, as `Authority.issue_authority` does, and record it."""
        sign = partial(
            self.authority.issue_authority,
            request,
            validity=validity,
            path_length=path_length,
            name_constraints=name_constraints,
            signature_algorithm=self._signature_algorithm,
            random_bytes=random_bytes,
        )
        with self._change() as records:
            _, issued = _record(records, request, sign, at=at)
            return issued

    def renew(
        self,
        request: CertificateSigningRequest,
        *,
        replacing: Certificate,
        at: datetime,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> Issued:
        """Return a certificate that follows another one, for the same names and purposes and as long.

        replacing: the other one, whose holder has proved to be that. The request's key may be the same or a new one.

        Raises `RequestRefused` if this authority did not issue that one, if it is revoked or not valid, or if the
        request asks for other names (RFC 7030 §4.2.2).
        """
        with self._change() as records:
            _check_renewable(records, replacing, at)
            earlier = records.renewal(replacing.serial_number, request.to_der())
            if earlier is not None and earlier.revocation is None:  # the answer was lost, and here it is again
                return Issued(earlier.certificate, _left_out(request, earlier.certificate))
            return self._renew(records, request, replacing, at, random_bytes)

    def revoke(
        self, serial_number: int, *, at: datetime, reason: RevocationReason = RevocationReason.UNSPECIFIED
    ) -> Revocation:
        """Record that a certificate holds no longer; the next CRL says so. That is for good (RFC 5280 §5.3.1).

        Raises `RegistryError` if there is no such certificate, or it is revoked already.
        """
        if reason in (RevocationReason.CERTIFICATE_HOLD, RevocationReason.REMOVE_FROM_CRL):
            raise ValueError(f"{reason} is not a reason to revoke for good")
        revocation = Revocation(serial_number, at, reason)
        with self.registry.change() as records:
            record = records.certificate(serial_number)
            if record is None:
                raise RegistryError(f"no certificate has the serial number {serial_text(serial_number)}")
            if record.certificate.public_key == self.authority.certificate.public_key:
                raise RegistryError("no authority can revoke itself: those who trust it have to be told to stop")
            if record.revocation is not None:
                raise RegistryError(f"the certificate is revoked already, since {record.revocation.date}")
            records.revoke(revocation)
        return revocation

    def issue_crl(
        self, *, at: datetime, next_update: datetime, random_bytes: RandomBytes = secrets.token_bytes
    ) -> CertificateRevocationList:
        """Return a new list of what is revoked, with the next number.

        next_update: by when there will be another one.
        """
        with self.registry.change() as records:
            return self._issue_crl(records, at, next_update, random_bytes)

    def current_crl(
        self, *, at: datetime, lifetime: timedelta, random_bytes: RandomBytes = secrets.token_bytes
    ) -> CertificateRevocationList:
        """Return the last list, or a new one if somebody was revoked since, or half of the last one's time is over.

        lifetime: until when the new one says that there will be another.
        """

        def fresh(records: Records) -> CertificateRevocationList | None:
            last = records.last_crl()
            if last is None or records.has_unlisted_revocations():
                return None
            old = at >= last.this_update + (last.next_update - last.this_update) / 2
            return None if old else CertificateRevocationList.from_der(last.der)

        with self.registry.look() as records:
            crl = fresh(records)
        if crl is not None:
            return crl
        with self.registry.change() as records:  # in which somebody else may have been first
            return fresh(records) or self._issue_crl(records, at, at + lifetime, random_bytes)

    def answer_ocsp(
        self, request: bytes, *, at: datetime, lifetime: timedelta, random_bytes: RandomBytes = secrets.token_bytes
    ) -> OCSPResponse:
        """Return the answer to an OCSP request, as `pki.ca.responder.answer` does, signed by the authority itself."""
        return answer(
            request,
            registry=self.registry,
            signer=self.authority,
            signature_algorithm=self._signature_algorithm,
            validity=Validity(at, at + lifetime),
            random_bytes=random_bytes,
        )

    def _issue_crl(
        self, records: Records, at: datetime, next_update: datetime, random_bytes: RandomBytes
    ) -> CertificateRevocationList:
        last = records.last_crl()
        number = 1 if last is None else last.number + 1
        crl = self.authority.issue_crl(
            [RevokedCertificate.build(one.serial_number, one.date, reason=one.reason) for one in records.revocations()],
            number=number,
            this_update=at,
            next_update=next_update,
            signature_algorithm=self._signature_algorithm,
            random_bytes=random_bytes,
        )
        records.add_crl(CRLRecord(number, at, next_update, crl.to_der()))
        return crl

    def _renew(
        self,
        records: Records,
        request: CertificateSigningRequest,
        replacing: Certificate,
        at: datetime,
        random_bytes: RandomBytes,
    ) -> Issued:
        purposes = replacing.extension(ExtendedKeyUsage)

        def sign() -> Certificate:
            if request.subject != replacing.subject or _names(request.extensions) != _names(replacing.extensions):
                raise RequestRefused("the request asks for other names than the certificate that it renews has")
            return self.authority.issue(
                request,
                subject=replacing.subject,  # and not another spelling of it
                validity=self._validity(at, replacing.not_after - replacing.not_before),
                purposes=map(Purpose, purposes.purposes if purposes else ()),
                signature_algorithm=self._signature_algorithm,
                random_bytes=random_bytes,
            )

        applicant = str(replacing.subject)
        _, issued = _record(records, request, sign, at=at, applicant=applicant, replaces=replacing.serial_number)
        return issued

    def _signing(
        self, request: CertificateSigningRequest, permission: Permission, validity: Validity, random_bytes: RandomBytes
    ) -> Callable[[], Certificate]:
        """Return what issues the certificate, as far as the permission covers what the request asks."""

        def sign() -> Certificate:
            return self.authority.issue(
                request,
                subject=permission.subject_for(request),
                validity=validity,
                purposes=permission.purposes,
                signature_algorithm=self._signature_algorithm,
                random_bytes=random_bytes,
            )

        return sign

    def _validity(self, at: datetime, length: timedelta) -> Validity:
        """Return the validity of a certificate from now on: it ends with the authority's own at the latest."""
        end = self.authority.certificate.not_after
        if at > end:
            raise RequestRefused("the authority's own certificate has expired")
        return Validity(at, min(at + length, end))

    @contextmanager
    def _change(self) -> Iterator[Records]:
        """Give the records. A refusal ends the block, but what was noted of it lasts."""
        refusal: Exception | None = None
        with self.registry.change() as records:
            try:
                yield records
            except (CodeError, RequestRefused) as error:
                refusal = error
        if refusal is not None:
            raise refusal


def _redeem(records: Records, applicant: str, code: str, at: datetime) -> CodeRecord:
    """Return the applicant's code if this is it, and opens an enrolment; raise `CodeError` if not."""
    held = records.code(applicant)
    right = is_code(applicant, code, held.hashed if held else bytes(32))
    if held is None or held.tries_left == 0:
        raise CodeError(f"no enrolment code is open for {applicant!r}")
    if not right:
        raise CodeError("the enrolment code is wrong")
    if at > held.not_after:
        raise CodeError("the enrolment code has expired")
    return held


def _handed_out(records: Records, number: int, request: CertificateSigningRequest) -> Issued:
    """Return what the code that was used for the request with this number has opened, if this is that request."""
    earlier, record = records.request(number), records.certificate_for(number)
    if earlier is None or record is None or earlier.der != request.to_der() or record.revocation is not None:
        raise CodeError("the enrolment code has been used")
    return Issued(record.certificate, _left_out(request, record.certificate))


def _record(
    records: Records,
    request: CertificateSigningRequest,
    sign: Callable[[], Certificate],
    *,
    at: datetime,
    applicant: str = "",
    replaces: int | None = None,
) -> tuple[int, Issued]:
    """Sign and record the certificate, or record that it was refused; return the request's number, and the result."""
    try:
        certificate = sign()
    except RequestRefused as error:
        records.add_request(request.to_der(), at=at, applicant=applicant, issued=False, note=str(error)[:MAX_NOTE])
        raise
    left_out = _left_out(request, certificate)
    note = f"left out: {'; '.join(left_out)}"[:MAX_NOTE] if left_out else ""
    number = records.add_request(request.to_der(), at=at, applicant=applicant, issued=True, note=note)
    for _ in range(SERIAL_TRIES):
        if records.add_certificate(certificate, at=at, request=number, replaces=replaces):
            return number, Issued(certificate, left_out)
        certificate = sign()  # draws another serial number
    raise RegistryError(SERIALS_REPEAT)


def _check_renewable(records: Records, certificate: Certificate, at: datetime) -> None:
    record = records.certificate(certificate.serial_number)
    if record is None or record.certificate != certificate:
        raise RequestRefused("the certificate to be renewed was not issued by this authority")
    if record.revocation is not None:
        raise RequestRefused("the certificate to be renewed is revoked")
    if not certificate.is_valid_at(at):
        raise RequestRefused("the certificate to be renewed is not valid at this time")
    constraints = certificate.extension(BasicConstraints)
    if constraints is not None and constraints.ca:
        raise RequestRefused("the certificate of an authority is renewed by the operator alone")


def _names(extensions: tuple[Extension, ...]) -> frozenset[GeneralName]:
    names = find_extension(extensions, SubjectAltName)
    return frozenset(names.names if names else ())


def _left_out(request: CertificateSigningRequest, certificate: Certificate) -> tuple[str, ...]:
    """Return what the request asks for and the certificate does not say.

    That is: attributes of the name, extensions, and attributes of the request itself.
    """
    kept = {Name([[attribute]]) for rdn in certificate.subject.rdns for attribute in rdn}  # in whatever spelling
    lost = [str(attribute) for rdn in request.subject.rdns for attribute in rdn if Name([[attribute]]) not in kept]
    given = {(extension.oid, _value(extension)) for extension in certificate.extensions}
    lost += [
        f"{NAMES.get(extension.oid, extension.oid)} ({extension})"
        for extension in request.extensions
        if (extension.oid, _value(extension)) not in given
    ]
    lost += [f"the attribute {describe(kind)}" for kind, _ in request.attributes if kind not in ASKING_FOR_EXTENSIONS]
    return tuple(printable(text)[:MAX_NOTE] for text in lost)


def _value(extension: Extension) -> bytes:
    return extension.value if isinstance(extension, UnknownExtension) else extension.value_element().encoding
