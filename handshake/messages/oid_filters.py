"""oid_filters: what a server of TLS 1.3 wants to find in the extensions of the client's certificate.

Standard     RFC 9846 §4.3.5; RFC 5280 §4.2.1.3, §4.2.1.12 (the values).
Left out     Extensions other than keyUsage and extKeyUsage, for which no rule is known: clients ignore these.

>>> from pki.fields.extensions import Usage
>>> wanted = OIDFilters.of(KeyUsage(frozenset({Usage.DIGITAL_SIGNATURE})))
>>> writer = Writer()
>>> wanted.write(writer)
>>> writer.data.hex(), wanted.unknown
('000c050603551d0f000403020780', ())
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from handshake.registries import codes
from pki.asn1.der import DERError
from pki.asn1.der import Reader as DERReader
from pki.asn1.der_writer import oid
from pki.fields.extensions import ExtendedKeyUsage, KeyUsage
from pki.x509 import Certificate
from record.alerts import decode_error, illegal_parameter
from record.presentation import Reader, Writer

KINDS: dict[str, type[KeyUsage] | type[ExtendedKeyUsage]] = {kind.oid: kind for kind in (KeyUsage, ExtendedKeyUsage)}
ANY_PURPOSE = "2.5.29.37.0"  # anyExtendedKeyUsage, which no request may name


@dataclass(frozen=True, slots=True)
class OIDFilters:
    """oid_filters (§4.3.5).

    filters: pairs of an extension's identifier and of the values that are to be in it, both in DER.
    """

    extension_type: ClassVar[int] = codes.OID_FILTERS
    filters: tuple[tuple[bytes, bytes], ...]

    @classmethod
    def of(cls, *wanted: KeyUsage | ExtendedKeyUsage) -> Self:
        """Return the extension that asks for these usages and purposes."""
        identifiers = (oid("certificate_extension_oid", each.oid).encoding for each in wanted)
        return cls(tuple(zip(identifiers, (each.value_element().encoding for each in wanted), strict=True)))

    def write(self, writer: Writer) -> None:
        """Write OIDFilterExtension."""
        with writer.block("filters", length_bytes=2, section="RFC 9846 §4.3.5"):
            for identifier, values in self.filters:
                with writer.struct("OIDFilter", section="RFC 9846 §4.3.5"):
                    writer.vector("certificate_extension_oid", identifier, length_bytes=1, section="RFC 9846 §4.3.5")
                    writer.vector("certificate_extension_values", values, length_bytes=2, section="RFC 9846 §4.3.5")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read OIDFilterExtension.

        Raises `RemoteProtocolError`: illegal_parameter if an identifier comes twice or anyExtendedKeyUsage is asked
        for, decode_error for what is not DER.
        """
        filters = []
        with reader.block("filters", length_bytes=2, section="RFC 9846 §4.3.5") as block:
            while not block.at_end():
                with block.struct("OIDFilter", section="RFC 9846 §4.3.5") as struct:
                    identifier = struct.vector(
                        "certificate_extension_oid", length_bytes=1, minimum=1, section="RFC 9846 §4.3.5"
                    )
                    values = struct.vector("certificate_extension_values", length_bytes=2, section="RFC 9846 §4.3.5")
                    filters.append((identifier, values))
        if len({identifier for identifier, _ in filters}) < len(filters):
            raise illegal_parameter("oid_filters has an identifier twice")
        found = cls(tuple(filters))
        if any(isinstance(each, ExtendedKeyUsage) and ANY_PURPOSE in each.purposes for each in found.wanted):
            raise illegal_parameter("oid_filters asks for anyExtendedKeyUsage")
        return found

    @property
    def wanted(self) -> tuple[KeyUsage | ExtendedKeyUsage, ...]:
        """The usages and purposes that are asked for; raises `RemoteProtocolError` with decode_error if not in DER."""
        wanted = []
        for identifier, values in self.filters:
            try:
                kind = KINDS.get(_dotted(identifier))
                if kind is not None:
                    data = DERReader(values)
                    wanted.append(kind.read(data, critical=False))
                    data.finish()
            except DERError as error:
                raise decode_error(f"oid_filters cannot be read: {error}") from error
        return tuple(wanted)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The identifiers of the extensions for which no rule is known here."""
        return tuple(name for identifier, _ in self.filters if (name := _dotted(identifier)) not in KINDS)

    def match(self, certificate: Certificate) -> bool:
        """Return whether a certificate has all usages and purposes that are asked for."""
        for each in self.wanted:
            if isinstance(each, KeyUsage):
                usage = certificate.extension(KeyUsage)
                if usage is None or not each.usages <= usage.usages:
                    return False
            else:
                purposes = certificate.extension(ExtendedKeyUsage)
                if purposes is None or not set(each.purposes) <= set(purposes.purposes):
                    return False
        return True


def _dotted(identifier: bytes) -> str:
    reader = DERReader(identifier)
    dotted = reader.oid("certificate_extension_oid")
    reader.finish()
    return dotted
