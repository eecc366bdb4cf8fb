"""The server's certificates, as its client takes them: verified, or looked at although they do not hold.

Standard     RFC 5246 §7.4.2, RFC 9846 §4.5.1.
Left out     The verification itself: see `pki.verify`.
"""

from __future__ import annotations

from collections.abc import Sequence

from handshake.configuration import ClientConfiguration
from handshake.proofs import UnverifiedChain, look_at_server_chain, verify_server_chain
from pki.verify import VerifiedChain
from record.alerts import RemoteProtocolError


def read_server_chain(
    certificate_list: Sequence[bytes], configuration: ClientConfiguration
) -> VerifiedChain | UnverifiedChain:
    """Return the chain that a server showed.

    certificate_list: the certificates in DER, the server's own first. configuration: by which they are verified.
    Raises `RemoteProtocolError` if they do not hold, unless the configuration goes on then.
    """
    try:
        return verify_server_chain(
            certificate_list,
            roots=configuration.roots,
            crls=configuration.crls,
            require_revocation_status=configuration.require_revocation_status,
            at=configuration.clock(),
            server_name=configuration.server_name,
        )
    except RemoteProtocolError as refusal:
        if configuration.verify_server:
            raise
        return look_at_server_chain(certificate_list, refusal)
