"""What to try when a handshake fails: for people, behind the sentence that says what went wrong.

Standard     RFC 9846 §6.2 (the alerts).
Left out     Hints for what a peer's own log says better.
"""

from __future__ import annotations

from handshake.configuration import Configuration
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import VERSION_NAMES


def hint(error: Exception, configuration: Configuration) -> str:
    """Return what may be the matter, and which option is about it; empty if nothing more can be said."""
    if not isinstance(error, RemoteProtocolError):
        return ""
    offered = " and ".join(VERSION_NAMES[version] for version in sorted(configuration.versions))
    if error.received:
        return {
            AlertDescription.PROTOCOL_VERSION: f"it speaks other versions than {offered}, which were offered",
            AlertDescription.HANDSHAKE_FAILURE: "it has no suite, group or signature scheme in common "
            "with us, or wants a certificate: see --suites, --groups, --schemes, --cert",
            AlertDescription.INSUFFICIENT_SECURITY: "it wants stronger suites or groups: see --suites, --groups",
            AlertDescription.CERTIFICATE_REQUIRED: "it wants a certificate: see --cert and --key",
            AlertDescription.UNKNOWN_CA: "it does not trust the authority of our certificate",
            AlertDescription.UNRECOGNIZED_NAME: "it has no such name: see --server-name",
            AlertDescription.NO_APPLICATION_PROTOCOL: "it speaks none of the protocols that --alpn names",
        }.get(error.alert, "")
    return {
        AlertDescription.UNKNOWN_CA: "--ca names who is trusted, and --no-verify goes on all the same",
        AlertDescription.PROTOCOL_VERSION: f"{offered} can be spoken here, and nothing older",
    }.get(error.alert, "")
