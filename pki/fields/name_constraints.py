"""The extension nameConstraints: for which names an authority may vouch, and for which it may not.

Standard     RFC 5280 §4.2.1.10.
Left out     What the constraints mean for a chain: `pki.path.name_constraints`.

>>> from pki.fields.general_names import DNSName
>>> network = IPRange(bytes([10, 0, 0, 0]), 8)
>>> print(NameConstraints((GeneralSubtree(DNSName("example.com")),), (GeneralSubtree(network),)))
permitted: DNS:example.com; excluded: IP:10.0.0.0/8
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self, TypeAlias

from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, integer, octet_string, sequence
from pki.asn1.oids import OIDS
from pki.fields.general_names import IP_ADDRESS, GeneralName, general_name_element, read_general_name

SECTION = "RFC 5280 §4.2.1.10"
PERMITTED, EXCLUDED = context(0, constructed=True), context(1, constructed=True)


@dataclass(frozen=True, slots=True)
class IPRange:
    """All addresses that begin as this one does.

    octets: an address, 4 or 16 octets; prefix: how many of its bits count.
    """

    octets: bytes
    prefix: int

    def __contains__(self, address: bytes) -> bool:
        """Return whether this address is one of them."""
        if len(address) != len(self.octets):
            return False
        return (int.from_bytes(address, "big") ^ int.from_bytes(self.octets, "big")) & self._mask == 0

    @property
    def _mask(self) -> int:
        bits = 8 * len(self.octets)
        return (1 << bits) - (1 << bits - self.prefix)

    @property
    def encoding(self) -> bytes:
        """The address followed by its mask, as long as the address."""
        return self.octets + self._mask.to_bytes(len(self.octets), "big")

    def __str__(self) -> str:
        return f"IP:{ipaddress.ip_address(self.octets)}/{self.prefix}"


Base: TypeAlias = GeneralName | IPRange


class GeneralSubtree(NamedTuple):
    """All names below a name, of the same kind.

    minimum, maximum: how far below; RFC 5280 allows nothing but 0 and None (no limit).
    """

    base: Base
    minimum: int = 0
    maximum: int | None = None

    def __str__(self) -> str:
        limits = "" if (self.minimum, self.maximum) == (0, None) else f" from {self.minimum} to {self.maximum}"
        return str(self.base) + limits


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """Which names all certificates below an authority must keep to, and which they must keep out of."""

    oid: ClassVar[str] = OIDS["nameConstraints"]
    permitted: tuple[GeneralSubtree, ...] = ()
    excluded: tuple[GeneralSubtree, ...] = ()
    critical: bool = True

    @classmethod
    def read(cls, reader: Reader, critical: bool) -> Self:
        """Read `NameConstraints`, which may not be empty."""
        permitted: tuple[GeneralSubtree, ...] = ()
        excluded: tuple[GeneralSubtree, ...] = ()
        start = reader.position
        with reader.sequence("NameConstraints", section=SECTION) as constraints:
            if constraints.peek() == PERMITTED:
                permitted = _read_subtrees(constraints, "permittedSubtrees", PERMITTED)
            if constraints.peek() == EXCLUDED:
                excluded = _read_subtrees(constraints, "excludedSubtrees", EXCLUDED)
        if not permitted and not excluded:
            raise DERError(start, "NameConstraints is empty, expected permittedSubtrees or excludedSubtrees")
        return cls(permitted, excluded, critical)

    def value_element(self) -> Element:
        """Return what goes into extnValue."""
        fields = []
        if self.permitted:
            fields.append(_subtrees_element("permittedSubtrees", self.permitted, PERMITTED))
        if self.excluded:
            fields.append(_subtrees_element("excludedSubtrees", self.excluded, EXCLUDED))
        return sequence("NameConstraints", *fields, section=SECTION)

    def __str__(self) -> str:
        parts = ("permitted", self.permitted), ("excluded", self.excluded)
        return "; ".join(f"{label}: {', '.join(map(str, subtrees))}" for label, subtrees in parts if subtrees)


def _read_subtrees(reader: Reader, label: str, tag: int) -> tuple[GeneralSubtree, ...]:
    """Read `GeneralSubtrees`: one or more."""
    subtrees: list[GeneralSubtree] = []
    with reader.sequence(label, section=SECTION, tag=tag) as sequence:
        while not subtrees or not sequence.at_end():
            minimum, maximum = 0, None
            with sequence.sequence("GeneralSubtree", section=SECTION) as subtree:
                base = _read_range(subtree) if subtree.peek() == IP_ADDRESS else read_general_name(subtree)
                if subtree.peek() == context(0):
                    start = subtree.position
                    minimum = subtree.natural("minimum", section=SECTION, tag=context(0))
                    if minimum == 0:
                        subtree.demand(start, "minimum is 0, its default, and DER leaves defaults out (X.690 §11.5)")
                if subtree.peek() == context(1):
                    maximum = subtree.natural("maximum", section=SECTION, tag=context(1))
            subtrees.append(GeneralSubtree(base, minimum, maximum))
    return tuple(subtrees)


def _read_range(reader: Reader) -> IPRange:
    """Read an iPAddress that stands for a range: an address and a mask, ones followed by zeros (RFC 4632 §3.1)."""
    start = reader.position
    octets = reader.octet_string("iPAddress", section=SECTION, tag=IP_ADDRESS)
    if len(octets) not in (8, 32):
        raise DERError(start, f"iPAddress of {len(octets)} octets, expected an address and a mask of 4 or 16 each")
    address, mask = octets[: len(octets) // 2], octets[len(octets) // 2 :]
    found = IPRange(address, int.from_bytes(mask, "big").bit_count())
    if found.encoding != octets:
        raise DERError(start, f"iPAddress with the mask {mask.hex()}, expected ones and then zeros")
    if reader.layout is not None:
        reader.layout.last.value = str(found)
    return found


def _subtrees_element(label: str, subtrees: Iterable[GeneralSubtree], tag: int) -> Element:
    elements = []
    for base, minimum, maximum in subtrees:
        if isinstance(base, IPRange):
            fields = [octet_string("iPAddress", base.encoding, section=SECTION, tag=IP_ADDRESS)]
        else:
            fields = [general_name_element(base)]
        if minimum:
            fields.append(integer("minimum", minimum, section=SECTION, tag=context(0)))
        if maximum is not None:
            fields.append(integer("maximum", maximum, section=SECTION, tag=context(1)))
        elements.append(sequence("GeneralSubtree", *fields, section=SECTION))
    return sequence(label, *elements, section=SECTION, tag=tag)
