"""Named bits: a BIT STRING as a set of numbered yes-or-no answers, such as the usages of a key.

Standard     ITU-T X.690 (02/2021) §11.2.2: no zeros after the last one.
Left out     Numbers above 15, which no standard here uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pki.asn1.der import BIT_STRING, DERError, Reader
from pki.asn1.der_writer import Element, bit_string

MAX_OCTETS = 2


def read_named_bits(
    reader: Reader, label: str, names: Sequence[str], *, section: str, tag: int = BIT_STRING
) -> frozenset[int]:
    """Read a BIT STRING of named bits; return the numbers of those that are set.

    names: what the bits mean, by their numbers; a bit beyond them is refused.
    """
    start = reader.position
    octets, unused = reader.bit_string(label, section=section, tag=tag)
    if len(octets) <= MAX_OCTETS:
        numbers, ends_in_zero = _numbers(octets, unused)
    else:  # of far too many octets, the bit that is too much is enough
        numbers, ends_in_zero = frozenset((8 * MAX_OCTETS,)), False
    if ends_in_zero:
        reader.demand(start, f"{label} has zeros after its last bit, and DER leaves them out (X.690 §11.2.2)")
    if max(numbers, default=0) >= len(names):
        raise DERError(start, f"{label} has the bit {max(numbers)}, expected 0 to {len(names) - 1}")
    if reader.layout is not None:
        field = reader.layout.last
        field.value = shown(numbers, names)
        if octets:
            field.fields[-1].bits = ", ".join(
                f"{number in numbers:d} {name}" for number, name in enumerate(names[: 8 * len(octets) - unused])
            )
    return numbers


def named_bits_element(
    label: str, numbers: Iterable[int], names: Sequence[str], *, section: str, tag: int = BIT_STRING
) -> Element:
    """Return the BIT STRING with these bits set, to be written."""
    numbers = frozenset(numbers)
    if not numbers:
        return bit_string(label, b"", section=section, tag=tag)
    last = max(numbers)
    if last >= len(names):
        raise ValueError(f"{label} with bit {last}, expected 0 to {len(names) - 1}")
    length = last // 8 + 1
    octets = sum(1 << 8 * length - 1 - number for number in numbers).to_bytes(length, "big")
    return bit_string(label, octets, unused=7 - last % 8, section=section, tag=tag)


def shown(numbers: Iterable[int], names: Sequence[str]) -> str:
    """Return the names of the bits, in their order."""
    return ", ".join(names[number] for number in sorted(numbers))


@lru_cache(512)
def _numbers(octets: bytes, unused: int) -> tuple[frozenset[int], bool]:
    """Return the numbers of the bits that are set, and whether there is a zero after the last."""
    bits = f"{int.from_bytes(octets, 'big'):0{8 * len(octets)}b}"[: 8 * len(octets) - unused] if octets else ""
    return frozenset(number for number, bit in enumerate(bits) if bit == "1"), bits.endswith("0")
