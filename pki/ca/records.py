"""An authority's records: what can be written into its registry and read from it, within one transaction.

Standard     None; the serial numbers, reasons and numbers of CRLs are those of RFC 5280 §4.1.2.2, §5.3.1 and §5.2.3.
Left out     Deleting: what was done stays on record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pki.ca.permission import Permission
from pki.fields.distribution_points import RevocationReason
from pki.x509 import Certificate

ALL_REQUESTS = "SELECT id, received, applicant, outcome, note, der FROM requests"
ALL_CERTIFICATES = (
    "SELECT c.der, c.issued, c.request, c.replaces, r.date, r.reason FROM certificates c"
    " LEFT JOIN revocations r ON r.serial_number = c.serial_number"
)
ALL_CODES = "SELECT applicant, hashed, permission, not_after, tries_left, request FROM codes"
TIME = "%Y-%m-%dT%H:%M:%SZ"  # text in this form sorts as the times do


class RegistryError(Exception):
    """The registry cannot be used, or does not hold what was asked for; the message says why."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request and what became of it.

    number: counts the requests.
    applicant: who asked, by the name on the enrolment code; empty for the operator.
    issued: whether it got a certificate; note: why not, or what of it was left out.
    der: the request.
    """

    number: int
    received: datetime
    applicant: str
    issued: bool
    note: str
    der: bytes


@dataclass(frozen=True, slots=True)
class Revocation:
    """When a certificate was revoked, and why."""

    serial_number: int
    date: datetime
    reason: RevocationReason


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate that was issued.

    request: the number of the request for it; None if there was none.
    replaces: the serial number of the one that it renews.
    revocation: None as long as it stands.
    """

    certificate: Certificate
    issued: datetime
    request: int | None
    replaces: int | None
    revocation: Revocation | None


@dataclass(frozen=True, slots=True)
class CRLRecord:
    """A certificate revocation list that was issued, as DER."""

    number: int
    this_update: datetime
    next_update: datetime
    der: bytes


@dataclass(frozen=True, slots=True, repr=False)
class CodeRecord:
    """An enrolment code: for whom, for what, and how it stands.

    hashed: what is kept of the code itself. tries_left: none for a code that is void.
    request: the number of the request that used it; None if it is unused.
    """

    applicant: str
    hashed: bytes
    permission: Permission
    not_after: datetime
    tries_left: int
    request: int | None


class Records:
    """The registry's contents, for the length of one transaction on `connection`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def found(self, certificate: Certificate) -> None:
        """Begin the registry of the authority with this certificate, whose serial number is taken if it is a root's."""
        self._connection.execute("INSERT INTO authority (id, certificate) VALUES (1, ?)", (certificate.to_der(),))
        if certificate.is_self_issued:
            self.add_certificate(certificate, at=certificate.not_before)

    def authority(self) -> Certificate:
        """Return the certificate of the authority when the registry was made."""
        row = self._connection.execute("SELECT certificate FROM authority").fetchone()
        return Certificate.from_der(row[0])

    def add_request(self, der: bytes, *, at: datetime, applicant: str, issued: bool, note: str) -> int:
        """Record a request and what became of it; return its number."""
        cursor = self._connection.execute(
            "INSERT INTO requests (received, applicant, outcome, note, der) VALUES (?, ?, ?, ?, ?)",
            (_text(at), applicant, "issued" if issued else "refused", note, der),
        )
        return _new_id(cursor)

    def request(self, number: int) -> RequestRecord | None:
        """Return the request with this number, or None."""
        return next(self._requests(f"{ALL_REQUESTS} WHERE id = ?", number), None)

    def requests(self) -> Iterator[RequestRecord]:
        """Give all requests, the oldest first."""
        return self._requests(f"{ALL_REQUESTS} ORDER BY id")

    def _requests(self, query: str, *values: int) -> Iterator[RequestRecord]:
        for number, received, applicant, outcome, note, der in self._connection.execute(query, values):
            yield RequestRecord(number, _moment(received), applicant, outcome == "issued", note, der)

    def add_certificate(
        self, certificate: Certificate, *, at: datetime, request: int | None = None, replaces: int | None = None
    ) -> bool:
        """Record a certificate; return False, and record nothing, if there is one of that serial number already.

        request: the number of the request for it. replaces: the serial number of the one that it renews.
        """
        cursor = self._connection.execute(
            "INSERT INTO certificates (serial_number, request, replaces, issued, not_after, der)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (serial_number) DO NOTHING",
            (
                _hex(certificate.serial_number),
                request,
                None if replaces is None else _hex(replaces),
                _text(at),
                _text(certificate.not_after),
                certificate.to_der(),
            ),
        )
        return cursor.rowcount == 1

    def certificate(self, serial_number: int) -> CertificateRecord | None:
        """Return the certificate with this serial number, or None."""
        return next(self._certificates(f"{ALL_CERTIFICATES} WHERE c.serial_number = ?", _hex(serial_number)), None)

    def certificate_for(self, request: int) -> CertificateRecord | None:
        """Return the certificate that was issued on the request with this number, or None."""
        return next(self._certificates(f"{ALL_CERTIFICATES} WHERE c.request = ?", request), None)

    def renewal(self, serial_number: int, request_der: bytes) -> CertificateRecord | None:
        """Return the certificate that this very request has got to replace the one with this serial number."""
        query = f"{ALL_CERTIFICATES} JOIN requests q ON q.id = c.request WHERE c.replaces = ? AND q.der = ?"
        return next(self._certificates(query, _hex(serial_number), request_der), None)

    def certificates(self) -> Iterator[CertificateRecord]:
        """Give all certificates, the oldest first."""
        return self._certificates(f"{ALL_CERTIFICATES} ORDER BY c.id")

    def _certificates(self, query: str, *values: str | int | bytes) -> Iterator[CertificateRecord]:
        rows = self._connection.execute(query, values)
        for der, issued, request, replaces, date, reason in rows:
            certificate = Certificate.from_der(der)
            revocation = None if date is None else _revocation(certificate.serial_number, date, reason)
            replaced = None if replaces is None else int(replaces, 16)
            yield CertificateRecord(certificate, _moment(issued), request, replaced, revocation)

    def revoke(self, revocation: Revocation) -> None:
        """Record that a certificate, which must be here and not be revoked yet, is revoked."""
        self._connection.execute(
            "INSERT INTO revocations (serial_number, date, reason) VALUES (?, ?, ?)",
            (_hex(revocation.serial_number), _text(revocation.date), revocation.reason),
        )

    def revocations(self) -> list[Revocation]:
        """Return the revocations that the next CRL has to list.

        An entry stays until it has been on a CRL that was issued after the certificate's end (RFC 5280 §3.3), so that
        lists do not grow for ever.
        """
        rows = self._connection.execute(
            "SELECT r.serial_number, r.date, r.reason FROM revocations r"
            " JOIN certificates c ON c.serial_number = r.serial_number"
            " WHERE r.crl IS NULL OR c.not_after >= (SELECT max(this_update) FROM crls) ORDER BY r.date, c.id"
        )
        return [_revocation(int(number, 16), date, reason) for number, date, reason in rows]

    def has_unlisted_revocations(self) -> bool:
        """Return whether a certificate was revoked that has not been on any CRL yet."""
        query = "SELECT EXISTS (SELECT 1 FROM revocations WHERE crl IS NULL)"
        return bool(self._connection.execute(query).fetchone()[0])

    def add_crl(self, record: CRLRecord) -> None:
        """Record a CRL, on which are all `revocations`."""
        self._connection.execute(
            "INSERT INTO crls (number, this_update, next_update, der) VALUES (?, ?, ?, ?)",
            (record.number, _text(record.this_update), _text(record.next_update), record.der),
        )
        self._connection.execute("UPDATE revocations SET crl = ? WHERE crl IS NULL", (record.number,))

    def last_crl(self) -> CRLRecord | None:
        """Return the CRL with the highest number, or None before the first."""
        row = self._connection.execute(
            "SELECT number, this_update, next_update, der FROM crls ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return None if row is None else CRLRecord(row[0], _moment(row[1]), _moment(row[2]), row[3])

    def set_code(self, code: CodeRecord) -> None:
        """Record an enrolment code, in place of the one that the applicant had, if any."""
        self._connection.execute(
            "REPLACE INTO codes (applicant, hashed, permission, not_after, tries_left, request)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                code.applicant,
                code.hashed,
                code.permission.to_json(),
                _text(code.not_after),
                code.tries_left,
                code.request,
            ),
        )

    def code(self, applicant: str) -> CodeRecord | None:
        """Return the applicant's enrolment code, or None if it never had one."""
        return next(self._codes(f"{ALL_CODES} WHERE applicant = ?", applicant), None)

    def codes(self) -> Iterator[CodeRecord]:
        """Give all enrolment codes."""
        return self._codes(f"{ALL_CODES} ORDER BY applicant")

    def _codes(self, query: str, *values: str) -> Iterator[CodeRecord]:
        for row in self._connection.execute(query, values):
            applicant, hashed, permission, not_after, tries_left, request = row
            yield CodeRecord(
                applicant, hashed, Permission.from_json(permission), _moment(not_after), tries_left, request
            )


def _hex(serial_number: int) -> str:
    """Return the serial number as it is written in the registry, and by OpenSSL: hexadecimal digits, whole octets."""
    digits = f"{serial_number:X}"
    return digits if len(digits) % 2 == 0 else "0" + digits


def _revocation(serial_number: int, date: str, reason: int) -> Revocation:
    return Revocation(serial_number, _moment(date), RevocationReason(reason))


def _text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment} has no time zone, expected one with, such as UTC")
    return moment.astimezone(UTC).strftime(TIME)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)


def _new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:
        raise RegistryError("the registry gave no number to what was written")
    return cursor.lastrowid
