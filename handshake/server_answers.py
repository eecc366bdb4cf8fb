"""What a server answers to the name and the protocols that a client asks for, in either version.

Standard     RFC 6066 §3; RFC 7301 §3.2.
Left out     Nothing.
"""

from __future__ import annotations

from handshake.configuration import Identity, ServerConfiguration
from handshake.messages.extensions import ApplicationProtocols, find
from handshake.messages.hello import ClientHello
from pki.path.refusals import CertificateError
from pki.path.server_identity import check_server_name
from record.alerts import no_application_protocol


def choose_protocol(hello: ClientHello, configuration: ServerConfiguration) -> str | None:
    """Return the first of the server's protocols that the client offers; None if either names none.

    Raises `RemoteProtocolError` with no_application_protocol if they have none in common (RFC 7301 §3.2).
    """
    offered = find(hello.extensions, ApplicationProtocols)
    if offered is None or not configuration.protocols:
        return None
    for protocol in configuration.protocols:
        if protocol.encode() in offered.protocols:
            return protocol
    raise no_application_protocol("the client offers no protocol that is spoken here")


def is_for(identity: Identity, host_name: str | None) -> bool:
    """Return whether a certificate is for the name that the client asked for."""
    if host_name is None:
        return False
    try:
        check_server_name(identity.certificate_chain[0], host_name)
    except (CertificateError, ValueError):  # another name, or none at all: the client will see for itself
        return False
    return True
