"""The bits of the octets that stand before every value in DER, in words.

Standard     ITU-T X.690 (02/2021) §8.1.2.2, §8.1.3.
Left out     Tag numbers above 30, which take more octets and which no format here has.

>>> tag_bits(0x30), length_bits(0x82)
('00 universal, 1 constructed, 10000 number 16', '1 long form, 0000010 2 more octets hold the length')
"""

from __future__ import annotations


def tag_bits(tag: int) -> str:
    """Return what the bits of an identifier octet say (X.690 §8.1.2.2)."""
    classes = ("universal", "application", "context-specific", "private")
    form = "constructed" if tag & 0x20 else "primitive"
    return f"{tag >> 6:02b} {classes[tag >> 6]}, {tag >> 5 & 1} {form}, {tag & 0x1F:05b} number {tag & 0x1F}"


def length_bits(first: int) -> str:
    """Return what the bits of the first length octet say (X.690 §8.1.3)."""
    number = first & 0x7F
    if first == 0x80:
        return "1 0000000 indefinite form: two octets of zeros end the value"
    if first & 0x80:
        return f"1 long form, {number:07b} {number} more octets hold the length"
    return f"0 short form, {number:07b} {number}"
