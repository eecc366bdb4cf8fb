"""Which extension may come in which message, and what it is read as there.

Standard     RFC 9846 §4.3 (the table at its end); RFC 5246 §7.4.1.4 (TLS 1.2 has two places only).
Left out     Extensions that are not understood here: those are kept as `UnknownExtension`.

>>> IN_CLIENT_HELLO[51].__name__, IN_SERVER_HELLO[51].__name__, IN_HELLO_RETRY_REQUEST[51].__name__
('ClientKeyShares', 'ServerKeyShare', 'SelectedGroup')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from handshake.messages.extensions import (
    ApplicationProtocols,
    ECPointFormats,
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    MaxFragmentLength,
    ReadableExtension,
    RecordSizeLimit,
    RenegotiationInfo,
    ServerName,
    ServerNameAcknowledged,
    SessionTicket,
    SessionTicketPromised,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    SupportedGroups,
)
from handshake.messages.oid_filters import OIDFilters
from handshake.messages.tls13_extensions import (
    CertificateAuthorities,
    ClientKeyShares,
    CompressCertificate,
    Cookie,
    EarlyDataIndication,
    MaximumEarlyData,
    OfferedPSKs,
    PostHandshakeAuth,
    PSKKeyExchangeModes,
    SelectedGroup,
    SelectedPSK,
    SelectedVersion,
    ServerKeyShare,
    SupportedVersions,
)
from handshake.registries import codes
from record.alerts import illegal_parameter

Place: TypeAlias = Mapping[int, type[ReadableExtension]]
"""What the extensions of one message are read as, by their numbers."""


def _place(*kinds: type[ReadableExtension]) -> Place:
    return {kind.extension_type: kind for kind in kinds}  # type: ignore[misc]  # a ClassVar in each of them


IN_CLIENT_HELLO = _place(
    ServerName,
    MaxFragmentLength,
    SupportedGroups,
    ECPointFormats,
    ApplicationProtocols,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    EncryptThenMAC,
    ExtendedMasterSecret,
    RecordSizeLimit,
    SessionTicket,
    RenegotiationInfo,
    SupportedVersions,
    Cookie,
    CertificateAuthorities,
    PostHandshakeAuth,
    ClientKeyShares,
    PSKKeyExchangeModes,
    CompressCertificate,
    EarlyDataIndication,
    OfferedPSKs,
)
IN_SERVER_HELLO = _place(  # of TLS 1.2, and the three of TLS 1.3
    ServerNameAcknowledged,
    MaxFragmentLength,
    ECPointFormats,
    ApplicationProtocols,
    EncryptThenMAC,
    ExtendedMasterSecret,
    RecordSizeLimit,
    SessionTicketPromised,
    RenegotiationInfo,
    SelectedVersion,
    ServerKeyShare,
    SelectedPSK,
)
IN_TLS13_SERVER_HELLO = _place(SelectedVersion, ServerKeyShare, SelectedPSK)
IN_HELLO_RETRY_REQUEST = _place(SelectedVersion, SelectedGroup, Cookie)
IN_ENCRYPTED_EXTENSIONS = _place(
    ServerNameAcknowledged,
    SupportedGroups,
    ApplicationProtocols,
    RecordSizeLimit,
    EarlyDataIndication,
)
IN_CERTIFICATE_REQUEST = _place(
    SignatureAlgorithms, SignatureAlgorithmsCert, CertificateAuthorities, OIDFilters, CompressCertificate
)
IN_CERTIFICATE: Place = {}
IN_NEW_SESSION_TICKET = _place(MaximumEarlyData)

PLACES: Mapping[int, str] = {
    codes.SERVER_NAME: "CH EE CR",
    codes.SUPPORTED_GROUPS: "CH EE",
    codes.SIGNATURE_ALGORITHMS: "CH CR",
    codes.ALPN: "CH EE",
    codes.RECORD_SIZE_LIMIT: "CH EE",
    codes.PRE_SHARED_KEY: "CH SH",
    codes.EARLY_DATA: "CH EE NST",
    codes.SUPPORTED_VERSIONS: "CH SH HRR",
    codes.COOKIE: "CH HRR",
    codes.PSK_KEY_EXCHANGE_MODES: "CH",
    codes.CERTIFICATE_AUTHORITIES: "CH CR",
    codes.OID_FILTERS: "CR",
    codes.POST_HANDSHAKE_AUTH: "CH",
    codes.SIGNATURE_ALGORITHMS_CERT: "CH CR",
    codes.KEY_SHARE: "CH SH HRR",
    codes.COMPRESS_CERTIFICATE: "CH CR",
}
"""The rows of §4.3's table for the extensions that are understood here; compress_certificate's is RFC 8879 §3."""


def check_places(extensions: Iterable[Extension] | None, place: str) -> None:
    """Raise `RemoteProtocolError` with illegal_parameter for an extension that is known and may not come here (§4.3).

    place: the table's abbreviation for the message, such as "EE".
    """
    for extension in extensions or ():
        kind = extension.extension_type
        if kind in PLACES and place not in PLACES[kind].split():
            raise illegal_parameter(f"the extension {codes.EXTENSION_NAMES[kind]} does not belong into this message")
