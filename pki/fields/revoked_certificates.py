"""The entries of a CRL: read without an object for each, and found by serial number and issuer.

Standard     RFC 5280 §5.1.2.6, §5.3.
Left out     Which CRL decides about which certificate: `pki.path.revocation` tells.

A CRL may have a million entries. All of them are checked when it is read, but only their bytes and two tables of
numbers are kept, 12 bytes for each; an entry becomes a `RevokedCertificate` when somebody asks for it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import eq
from typing import Self, overload

from pki.asn1.der import INTEGER, SEQUENCE, Reader
from pki.asn1.der_writer import Element, integer, sequence, time
from pki.fields.crl_extensions import ENTRY_EXTENSIONS, CertificateIssuer, InvalidityDate, ReasonCode
from pki.fields.distribution_points import RevocationReason
from pki.fields.extensions import Extension, UnknownExtension, extensions_element, find_extension, read_extensions
from pki.fields.general_names import DirectoryName
from pki.fields.names import Name

SECTION = "RFC 5280 §5.1.2.6"
NOBODY = Name([[]])  # whose certificates those entries are whose certificateIssuer has no directory name

# What follows the serial number in almost every entry: a UTCTime, up to the 28th of a month, and perhaps a reasonCode.
# An entry of another form is not wrong for that: the `Reader` reads it, as any other DER.
_AFTER_SERIAL_NUMBER = re.compile(
    rb"\x17\x0d[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z"
    rb"(\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01[\x00-\x06\x08-\x0a])?"
)


@dataclass(frozen=True, slots=True)
class RevokedCertificate:
    """An entry: a certificate that was revoked.

    serial_number, issuer: of the certificate; the issuer is None where it is the CRL's own.
    revocation_date: since when, with a time zone.
    extensions: those of the entry.
    """

    serial_number: int
    revocation_date: datetime
    extensions: tuple[Extension, ...] = ()
    issuer: Name | None = None

    @classmethod
    def build(
        cls,
        serial_number: int,
        revocation_date: datetime,
        *,
        reason: RevocationReason = RevocationReason.UNSPECIFIED,
        invalidity_date: datetime | None = None,
    ) -> Self:
        """Return a new entry. The reason `unspecified` is not written, as §5.3.1 asks."""
        extensions: list[Extension] = []
        if reason != RevocationReason.UNSPECIFIED:
            extensions.append(ReasonCode(reason))
        if invalidity_date is not None:
            extensions.append(InvalidityDate(invalidity_date))
        return cls(serial_number, revocation_date, tuple(extensions))

    @property
    def reason(self) -> RevocationReason:
        """Why it was revoked; `unspecified` if the entry does not say."""
        found = find_extension(self.extensions, ReasonCode)
        return RevocationReason.UNSPECIFIED if found is None else found.reason

    @property
    def invalidity_date(self) -> datetime | None:
        """Since when it ought not to have been relied on; None if the entry does not say."""
        found = find_extension(self.extensions, InvalidityDate)
        return None if found is None else found.date

    def element(self) -> Element:
        """Return the entry to be written."""
        fields = [
            integer("userCertificate", self.serial_number, section=SECTION),
            time("revocationDate", self.revocation_date.astimezone(UTC), section=SECTION),
        ]
        if self.extensions:
            fields.append(extensions_element(self.extensions))
        return sequence("revokedCertificate", *fields, section=SECTION)


class RevokedCertificates(Sequence[RevokedCertificate]):
    """The entries of a CRL, in its order: a sequence whose items are made when they are asked for.

    It equals any other sequence of the same entries.
    issuer: the CRL's, whose certificates those of the entries are that name no issuer.
    has_unknown_critical: whether an extension of some entry is critical and not understood here.
    """

    __slots__ = ("_der", "_index", "_naming", "_starts", "_version", "has_unknown_critical", "issuer")

    def __init__(self, der: bytes, version: int, issuer: Name) -> None:
        self._der, self._version, self.issuer = der, version, issuer
        self._starts = array("I")  # where each entry begins
        self._naming = array("I")  # the numbers of the entries that name an issuer
        self._index = array("Q")  # 32 bits of a hash and the number of an entry, for each, in ascending order
        self.has_unknown_critical = False

    @classmethod
    def read(cls, tbs: Reader, version: int, issuer: Name) -> Self:
        """Read `revokedCertificates`, which may be absent, of a CRL of this version and issuer."""
        found = cls(tbs.data, version, issuer)
        if tbs.peek() == SEQUENCE:
            with tbs.sequence("revokedCertificates", section=SECTION) as entries:
                found._read_all(entries)
        return found

    def find(self, serial_number: int, issuer: Name) -> RevokedCertificate | None:
        """Return the entry of the certificate with this number and issuer, or None if it is not on the CRL."""
        hashed = _hash(_octets(serial_number), hash(issuer))
        for place in range(bisect_left(self._index, hashed << 32), len(self._index)):
            if self._index[place] >> 32 != hashed:
                break
            entry = self[self._index[place] & 0xFFFFFFFF]
            named = self.issuer if entry.issuer is None else entry.issuer
            if entry.serial_number == serial_number and named == issuer:
                return entry
        return None

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> RevokedCertificate: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[RevokedCertificate, ...]: ...

    def __getitem__(self, number: int | slice) -> RevokedCertificate | tuple[RevokedCertificate, ...]:
        """Return an entry, or some."""
        if isinstance(number, slice):
            return tuple(self[i] for i in range(*number.indices(len(self))))
        number = range(len(self))[number]
        entry = self._read_one(self._reader_at(number))
        naming = bisect_right(self._naming, number)
        if not naming:
            return entry
        return replace(entry, issuer=_named_issuer(self._read_one(self._reader_at(self._naming[naming - 1]))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}>"

    def _reader_at(self, number: int) -> Reader:
        """Return a reader that stands before the entry."""
        reader = Reader(self._der, max_size=len(self._der))
        reader.position = self._starts[number]
        return reader

    def _read_all(self, entries: Reader) -> None:
        """Check all entries, and take a note of where they are."""
        index: list[int] = []
        issuer = hash(self.issuer)
        while not entries.at_end():
            start = entries.position
            octets = self._usual(entries)
            if octets is None:
                entry = self._read_one(entries)
                octets = _octets(entry.serial_number)
                if find_extension(entry.extensions, CertificateIssuer) is not None:
                    self._naming.append(len(index))
                    issuer = hash(_named_issuer(entry))  # §5.3.3: of the entries that follow, too
                self.has_unknown_critical |= any(
                    isinstance(extension, UnknownExtension) and extension.critical for extension in entry.extensions
                )
            self._starts.append(start)
            index.append(_hash(octets, issuer) << 32 | len(index))
        index.sort()
        self._index = array("Q", index)

    def _usual(self, entries: Reader) -> bytes | None:
        """Read the next entry if it has the usual form; return the octets of its serial number, or None if it has not.

        This accepts nothing that `_read_one` refuses, in a fifth of the time.
        """
        data, start = entries.data, entries.position
        serial = start + 4  # after the tags and lengths of entry and serial number, if each has one octet
        if entries.layout is not None or serial >= entries.end or data[start] != SEQUENCE or data[start + 2] != INTEGER:
            return None
        date, end = serial + data[start + 3], start + 2 + data[start + 1]
        if data[start + 1] >= 0x80 or end > entries.end:
            return None
        usual = _AFTER_SERIAL_NUMBER.fullmatch(data, date, end)
        if usual is None or (self._version == 1 and usual[1] is not None):
            return None
        octets = data[serial:date]
        if not octets or (len(octets) > 1 and octets[:1] == (b"\xff" if octets[1] & 0x80 else b"\x00")):
            return None
        entries.position = end
        return octets

    def _read_one(self, entries: Reader) -> RevokedCertificate:
        """Read the next entry, of any form, without its issuer."""
        extensions: tuple[Extension, ...] = ()
        with entries.sequence("revokedCertificate", section=SECTION) as entry:
            serial_number = entry.integer("userCertificate", section=SECTION)
            date = entry.time("revocationDate", section=SECTION)
            if self._version == 2 and not entry.at_end():
                extensions = read_extensions(entry, ENTRY_EXTENSIONS)
        return RevokedCertificate(serial_number, date, extensions)


def _named_issuer(entry: RevokedCertificate) -> Name:
    """Return the issuer that an entry names (§5.3.3); one that names no directory name is nobody's."""
    named = find_extension(entry.extensions, CertificateIssuer)
    names = () if named is None else named.names
    return next((name.name for name in names if isinstance(name, DirectoryName)), NOBODY)


def _octets(serial_number: int) -> bytes:
    """Return the contents octets of the serial number, an INTEGER (X.690 §8.3)."""
    return integer("userCertificate", serial_number).contents


def _hash(octets: bytes, issuer: int) -> int:
    """Return 32 bits for a serial number and the hash of an issuer, which nobody can foresee (Python keys its hash)."""
    return hash((octets, issuer)) & 0xFFFFFFFF
