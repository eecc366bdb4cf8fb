"""The blocks of a packet capture file, as Wireshark and its like read it.

Standard     draft-ietf-opsawg-pcapng, "PCAP Now Generic": General Block Structure, Section Header Block, Interface
             Description Block, Enhanced Packet Block and Decryption Secrets Block. They are cited by name, since their
             numbers differ between versions of the draft.
Left out     Reading; all options and other blocks; every link but Ethernet.

A file is a section header, a description of the interface, and then packets and secrets in any order, but each secret
before the packets that it opens. Each block stands for itself, so a file that ends after any of them is a good one.

>>> section_header().hex(" ", 4)
'0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000'
"""

from __future__ import annotations

import struct
from typing import Final

BYTE_ORDER_MAGIC: Final = 0x1A2B3C4D
"""Tells the reader in which byte order the section is: here, as nearly everywhere, the little end first."""

SECTION_HEADER, INTERFACE_DESCRIPTION, ENHANCED_PACKET, DECRYPTION_SECRETS = 0x0A0D0D0A, 1, 6, 0x0A
MAJOR, MINOR = 1, 0
LENGTH_NOT_SPECIFIED = -1  # of the section: it goes on until the end of the file
LINKTYPE_ETHERNET = 1
NO_SNAPLEN = 0  # packets are not cut
TLS_KEY_LOG: Final = 0x544C534B  # "TLSK": the secrets are lines of the SSLKEYLOGFILE format


def section_header() -> bytes:
    """Return the block that begins a file ("Section Header Block")."""
    return _block(SECTION_HEADER, struct.pack("<IHHq", BYTE_ORDER_MAGIC, MAJOR, MINOR, LENGTH_NOT_SPECIFIED))


def interface_description() -> bytes:
    """Return the block that describes interface 0, an Ethernet whose times are microseconds ("Interface …")."""
    return _block(INTERFACE_DESCRIPTION, struct.pack("<HHI", LINKTYPE_ETHERNET, 0, NO_SNAPLEN))


def enhanced_packet(frame: bytes, *, at: int) -> bytes:
    """Return the block of one packet of interface 0 ("Enhanced Packet Block").

    frame: the packet, from its Ethernet header on. at: when it went by, in microseconds since 1970 (UTC).
    """
    high, low = divmod(at, 2**32)
    return _block(ENHANCED_PACKET, struct.pack("<IIIII", 0, high, low, len(frame), len(frame)) + frame)


def decryption_secrets(key_log: bytes) -> bytes:
    """Return the block of secrets that opens packets which come after it ("Decryption Secrets Block").

    key_log: lines of the SSLKEYLOGFILE format, each with its line end.
    """
    return _block(DECRYPTION_SECRETS, struct.pack("<II", TLS_KEY_LOG, len(key_log)) + key_log)


def _block(kind: int, body: bytes) -> bytes:
    """Return a block: its type, its length at both ends, and a body of whole words ("General Block Structure")."""
    padded = body + bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(padded))
    return struct.pack("<I", kind) + length + padded + length
