"""What a client's first message offers, whichever version it comes to: the extensions that both versions read.

Standard     RFC 5246 §7.4.1.4.1; RFC 5077 §3.2, RFC 5746 §3.4, RFC 6066 §3, RFC 7301 §3.1, RFC 7366 §2, RFC 7627 §5.2,
             RFC 7919 §3, RFC 8422 §5.1, RFC 8449 §4, RFC 9846 §4.3.3, §4.3.7.
Left out     What only TLS 1.3 knows: see `tls13.client`.
"""

from __future__ import annotations

from handshake.configuration import ClientConfiguration
from handshake.messages.extensions import (
    ApplicationProtocols,
    ECPointFormats,
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    RenegotiationInfo,
    ServerName,
    SessionTicket,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    SupportedGroups,
)
from handshake.record_limits import limits_to_offer
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, TLS13_SCHEMES
from record.codes import TLS_1_2, TLS_1_3


def common_extensions(configuration: ClientConfiguration, *, ticket: bytes | None) -> list[Extension]:
    """Return the extensions of a ClientHello that TLS 1.2 reads, and those that both versions do.

    ticket: of a session of TLS 1.2; empty for none yet, None if tickets are not wanted.
    """
    tls12, tls13 = TLS_1_2 in configuration.versions, TLS_1_3 in configuration.versions
    extensions: list[Extension] = []
    if tls12:
        extensions.append(RenegotiationInfo())  # RFC 5746 §3.4
    if configuration.host_name is not None:
        extensions.append(ServerName.of(configuration.host_name))  # RFC 6066 §3
    if tls12 and configuration.encrypt_then_mac:
        extensions.append(EncryptThenMAC())  # RFC 7366 §2
    if tls12 and configuration.extended_master_secret:
        extensions.append(ExtendedMasterSecret())  # RFC 7627 §5.2
    if tls13:
        extensions.append(SupportedGroups(tuple(group.code for group in configuration.groups)))  # RFC 9846 §4.3.7
    elif any(suite.ephemeral for suite in configuration.suites):
        groups = configuration.diffie_hellman_groups
        extensions.append(SupportedGroups(tuple(group.code for group in groups)))  # RFC 8422 §5.1.1
    if tls12 and any(suite.on_curves for suite in configuration.suites):
        extensions.append(ECPointFormats())  # RFC 8422 §5.1.2
    extensions += limits_to_offer(configuration.record_size_limit)
    if configuration.protocols:  # RFC 7301 §3.1
        extensions.append(ApplicationProtocols(tuple(name.encode() for name in configuration.protocols)))
    known = TLS13_SCHEMES if tls13 else DEFAULT_SCHEMES
    schemes, all_schemes = (tuple(s.code for s in some) for some in (configuration.offered_schemes, known))
    extensions.append(SignatureAlgorithms(schemes))  # RFC 5246 §7.4.1.4.1
    if set(schemes) != set(all_schemes):  # RFC 9846 §4.3.3: in certificates, we verify whatever is known here
        extensions.append(SignatureAlgorithmsCert(all_schemes))
    if tls12 and ticket is not None:  # RFC 5077 §3.2
        extensions.append(SessionTicket(ticket))
    return extensions
