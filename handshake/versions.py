"""Which version a server speaks with a client.

Standard     RFC 9846 §4.3.1, §4.2.2, appendix E.2; RFC 5246 appendix E.1; RFC 7507 §3 (a retry with less).
Left out     Every version before TLS 1.2 (RFC 8996).
"""

from __future__ import annotations

from handshake.configuration import ServerConfiguration
from handshake.messages.extensions import find
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import SupportedVersions
from handshake.registries.cipher_suites import FALLBACK_SCSV
from record.alerts import inappropriate_fallback, protocol_version
from record.codes import TLS_1_2, TLS_1_3, VERSION_NAMES


def choose_version(hello: ClientHello, configuration: ServerConfiguration) -> int:
    """Return the highest version that both sides speak.

    Raises `RemoteProtocolError`: protocol_version if there is none, inappropriate_fallback if the client says that it
    has tried a higher one before, and that is spoken here.
    """
    supported = find(hello.extensions, SupportedVersions)
    # 1. What the client speaks. Without the extension, its legacy_version says what it speaks at most, and nothing
    #    above TLS 1.2: "servers [...] MUST negotiate TLS 1.2 or prior" (RFC 9846 §4.3.1).
    if supported is not None:
        offered = [version for version in supported.versions if version in configuration.versions]
    else:
        offered = [version for version in configuration.versions if version == TLS_1_2 <= hello.client_version]
    if not offered:
        known = " or ".join(VERSION_NAMES[version] for version in sorted(configuration.versions))
        most = max(supported.versions) if supported is not None else hello.client_version
        raise protocol_version(
            f"the client offers {VERSION_NAMES.get(most, f'0x{most:04x}')} at most, expected {known}"
        )
    version = max(offered)
    # 2. RFC 7507 §3: a client that tries again with less says so, and here is more.
    if FALLBACK_SCSV in hello.cipher_suites and version < max(configuration.versions):
        raise inappropriate_fallback("the client falls back to a lower version, where a higher one is spoken")
    # 3. RFC 9846 §4.2.2: of TLS 1.3 the extension tells.
    if version == TLS_1_3 and hello.client_version != TLS_1_2:
        raise protocol_version(f"the legacy_version is 0x{hello.client_version:04x}, expected 0x0303 with TLS 1.3")
    return version
