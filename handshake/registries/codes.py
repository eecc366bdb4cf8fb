"""The numbers of the handshake: IANA's registries of message types, extensions and the rest, by their names.

Standard     RFC 5246 §7.4, §7.4.1.4, §7.4.4, appendix A; RFC 9846 §4, §4.3; RFC 8701 (GREASE); IANA's TLS registries.
Left out     What nothing here sends or shows.

>>> HandshakeType.CLIENT_HELLO.value, EXTENSION_NAMES[23], EXTENSION_NAMES[0x0A0A]
(1, 'extended_master_secret', 'GREASE')
"""

from __future__ import annotations

from enum import Enum, IntEnum


class IdentityEnum(Enum):
    """An enumeration whose members are hashed as the objects that they are: hashing their names is slow."""

    __hash__ = object.__hash__


class Role(IdentityEnum):
    """Which side of the connection a party is."""

    CLIENT = "client"
    SERVER = "server"

    @property
    def peer(self) -> Role:
        """The other side."""
        return Role.SERVER if self is Role.CLIENT else Role.CLIENT


class Direction(IdentityEnum):
    """Who sent a message: the peer, or this party."""

    RECEIVED = "received"
    SENT = "sent"


RECEIVED, SENT = Direction.RECEIVED, Direction.SENT


class HandshakeType(IntEnum):
    """RFC 5246 §7.4, RFC 9846 §4."""

    HELLO_REQUEST = 0
    CLIENT_HELLO = 1
    SERVER_HELLO = 2
    NEW_SESSION_TICKET = 4  # RFC 5077 §3.3
    END_OF_EARLY_DATA = 5  # RFC 9846 §4.6
    ENCRYPTED_EXTENSIONS = 8  # RFC 9846 §4.4.1
    CERTIFICATE = 11
    SERVER_KEY_EXCHANGE = 12
    CERTIFICATE_REQUEST = 13
    SERVER_HELLO_DONE = 14
    CERTIFICATE_VERIFY = 15
    CLIENT_KEY_EXCHANGE = 16
    FINISHED = 20
    KEY_UPDATE = 24  # RFC 9846 §4.7.3
    COMPRESSED_CERTIFICATE = 25  # RFC 8879 §4


MESSAGE_HASH = 254  # RFC 9846 §4.1: of the message that stands for the first ClientHello, and is never sent

HANDSHAKE_TYPE_NAMES = {kind.value: kind.name.lower() for kind in HandshakeType}

GREASE = {(n << 12) | 0x0A00 | (n << 4) | 0x0A: "GREASE" for n in range(16)}
"""RFC 8701 §2: values that mean nothing, sent to see whether peers ignore what they do not know."""

SERVER_NAME = 0  # RFC 6066 §3
MAX_FRAGMENT_LENGTH = 1  # RFC 6066 §4
SUPPORTED_GROUPS = 10  # RFC 8422 §5.1.1, RFC 7919 §2
EC_POINT_FORMATS = 11  # RFC 8422 §5.1.2
SIGNATURE_ALGORITHMS = 13  # RFC 5246 §7.4.1.4.1
ALPN = 16  # RFC 7301 §3.1
ENCRYPT_THEN_MAC = 22  # RFC 7366 §2
EXTENDED_MASTER_SECRET = 23  # RFC 7627 §5.1
SESSION_TICKET = 35  # RFC 5077 §3.2
COMPRESS_CERTIFICATE = 27  # RFC 8879 §3
RECORD_SIZE_LIMIT = 28  # RFC 8449 §4
MINIMUM_RECORD_SIZE_LIMIT = 64  # RFC 8449 §4
PRE_SHARED_KEY = 41  # RFC 9846 §4.3.11
EARLY_DATA = 42  # RFC 9846 §4.3.10
SUPPORTED_VERSIONS = 43  # RFC 9846 §4.3.1
COOKIE = 44  # RFC 9846 §4.3.2
PSK_KEY_EXCHANGE_MODES = 45  # RFC 9846 §4.3.9
CERTIFICATE_AUTHORITIES = 47  # RFC 9846 §4.3.4
OID_FILTERS = 48  # RFC 9846 §4.3.5
POST_HANDSHAKE_AUTH = 49  # RFC 9846 §4.3.6
SIGNATURE_ALGORITHMS_CERT = 50  # RFC 9846 §4.3.3
KEY_SHARE = 51  # RFC 9846 §4.3.8
RENEGOTIATION_INFO = 0xFF01  # RFC 5746 §3.2

EXTENSION_NAMES = {
    SERVER_NAME: "server_name",
    MAX_FRAGMENT_LENGTH: "max_fragment_length",
    5: "status_request",
    SUPPORTED_GROUPS: "supported_groups",
    EC_POINT_FORMATS: "ec_point_formats",
    SIGNATURE_ALGORITHMS: "signature_algorithms",
    ALPN: "application_layer_protocol_negotiation",
    18: "signed_certificate_timestamp",
    21: "padding",
    ENCRYPT_THEN_MAC: "encrypt_then_mac",
    EXTENDED_MASTER_SECRET: "extended_master_secret",
    COMPRESS_CERTIFICATE: "compress_certificate",
    RECORD_SIZE_LIMIT: "record_size_limit",
    SESSION_TICKET: "session_ticket",
    PRE_SHARED_KEY: "pre_shared_key",
    EARLY_DATA: "early_data",
    SUPPORTED_VERSIONS: "supported_versions",
    COOKIE: "cookie",
    PSK_KEY_EXCHANGE_MODES: "psk_key_exchange_modes",
    CERTIFICATE_AUTHORITIES: "certificate_authorities",
    OID_FILTERS: "oid_filters",
    POST_HANDSHAKE_AUTH: "post_handshake_auth",
    SIGNATURE_ALGORITHMS_CERT: "signature_algorithms_cert",
    KEY_SHARE: "key_share",
    RENEGOTIATION_INFO: "renegotiation_info",
    **GREASE,
}

DOWNGRADE = b"DOWNGRD\1"
"""The last 8 bytes of the random of a server that could speak TLS 1.3, and chooses TLS 1.2 (RFC 9846 §4.2.3)."""

COMPRESSION_NULL = 0
COMPRESSION_NAMES = {COMPRESSION_NULL: "null", 1: "DEFLATE", 64: "LZS"}

RSA_SIGN = 1  # RFC 5246 §7.4.4
ECDSA_SIGN = 64  # RFC 8422 §5.5; RFC 8422 §5.10: for Ed25519, too
CERTIFICATE_TYPE_NAMES = {
    RSA_SIGN: "rsa_sign",
    2: "dss_sign",
    3: "rsa_fixed_dh",
    4: "dss_fixed_dh",
    ECDSA_SIGN: "ecdsa_sign",
    65: "rsa_fixed_ecdh",
    66: "ecdsa_fixed_ecdh",
}

ZLIB = 1  # RFC 8879 §3
COMPRESSION_ALGORITHM_NAMES = {ZLIB: "zlib", 2: "brotli", 3: "zstd"}

PSK_KE, PSK_DHE_KE = 0, 1  # RFC 9846 §4.3.9
PSK_MODE_NAMES = {PSK_KE: "psk_ke", PSK_DHE_KE: "psk_dhe_ke"}

UPDATE_NOT_REQUESTED, UPDATE_REQUESTED = 0, 1  # RFC 9846 §4.7.3
KEY_UPDATE_NAMES = {UPDATE_NOT_REQUESTED: "update_not_requested", UPDATE_REQUESTED: "update_requested"}

NAMED_CURVE = 3  # RFC 8422 §5.4
CURVE_TYPE_NAMES = {1: "explicit_prime", 2: "explicit_char2", NAMED_CURVE: "named_curve"}

UNCOMPRESSED = 0  # RFC 8422 §5.1.2
POINT_FORMAT_NAMES = {UNCOMPRESSED: "uncompressed", 1: "ansiX962_compressed_prime", 2: "ansiX962_compressed_char2"}

FRAGMENT_LENGTH_NAMES = {1: "2^9", 2: "2^10", 3: "2^11", 4: "2^12"}  # RFC 6066 §4

HOST_NAME = 0
NAME_TYPE_NAMES = {HOST_NAME: "host_name"}
