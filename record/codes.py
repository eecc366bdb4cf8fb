"""The numbers of the record layer: content types, versions, and how long a record may be.

Standard     RFC 5246 §6.2, §6.2.1, §6.2.3, appendix A.1; RFC 6101 and RFC 4346 for the older versions' names.
Left out     Nothing.

>>> VERSION_NAMES[TLS_1_2], ContentType(22).name
('TLS 1.2', 'HANDSHAKE')
"""

from __future__ import annotations

from enum import IntEnum

TLS_1_2 = 0x0303  # RFC 5246 §6.2.1: { 3, 3 }, as TLS 1.0 was the successor of SSL 3.0
TLS_1_3 = 0x0304  # RFC 9846 §4.3.1

VERSION_NAMES = {
    0x0002: "SSL 2.0",
    0x0300: "SSL 3.0",
    0x0301: "TLS 1.0",
    0x0302: "TLS 1.1",
    TLS_1_2: "TLS 1.2",
    TLS_1_3: "TLS 1.3",
}


class ContentType(IntEnum):
    """RFC 5246 §6.2.1: what a record carries."""

    CHANGE_CIPHER_SPEC = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION_DATA = 23


CONTENT_TYPE_NAMES = {kind.value: kind.name.lower() for kind in ContentType}

HEADER_LENGTH = 5  # RFC 5246 §6.2.1: type, version, length
MAXIMUM_PLAINTEXT = 2**14  # §6.2.1: TLSPlaintext.length
MAXIMUM_CIPHERTEXT = 2**14 + 2048  # §6.2.3: TLSCiphertext.length
