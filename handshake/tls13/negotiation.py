"""What a server of TLS 1.3 chooses of all that a client offers: suite, group, certificate and signature scheme.

Standard     RFC 9846 §4.2.1, §4.3.7, §4.3.8, §4.5.1.2, §9.2; RFC 6066 §3.
Left out     Nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handshake.configuration import Identity, ServerConfiguration
from handshake.messages.extensions import (
    ServerName,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    SupportedGroups,
    find,
)
from handshake.messages.hello import ClientHello
from handshake.messages.tls13_extensions import ClientKeyShares, KeyShareEntry
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import SignatureScheme, verifiable
from handshake.server_answers import is_for
from handshake.suites.tls13 import TLS13Suite
from pki.keys import PublicKey
from record.alerts import handshake_failure, illegal_parameter, missing_extension


def choose_suite(hello: ClientHello, configuration: ServerConfiguration) -> TLS13Suite:
    """Return the first suite that both sides know, in the server's order or the client's.

    Raises `RemoteProtocolError` with handshake_failure if there is none.
    """
    ours = {suite.code: suite for suite in configuration.tls13_suites}
    order = hello.cipher_suites if configuration.prefer_client_order else tuple(ours)
    for code in order:
        if code in ours and code in hello.cipher_suites:
            return ours[code]
    raise handshake_failure("the client offers no cipher suite of TLS 1.3 that is accepted here")


def choose_group(hello: ClientHello, configuration: ServerConfiguration) -> tuple[Group, KeyShareEntry | None]:
    """Return the group to exchange keys in, and the client's share in it; None if it has to be asked for one.

    Of the groups that both know, the first in which there is a share, since asking costs a round trip (§4.2.1).
    Raises `RemoteProtocolError`: missing_extension (§9.2), illegal_parameter for a share in a group that is not
    listed, handshake_failure if there is no group in common.
    """
    listed, shares = find(hello.extensions, SupportedGroups), find(hello.extensions, ClientKeyShares)
    if listed is None or shares is None:
        raise missing_extension("the client sends no supported_groups, or no key_share")
    for entry in shares.entries:
        if entry.group not in listed.groups:
            raise illegal_parameter(f"key_share has a share in the group {entry.group}, which is not listed")
    common = [group for group in configuration.groups if group.code in listed.groups]
    if not common:
        raise handshake_failure("the client lists no group that is accepted here")
    offered = {entry.group: entry for entry in shares.entries}
    group = next((group for group in common if group.code in offered), common[0])
    return group, offered.get(group.code)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the server shows itself with.

    identity: the certificate, and its key. named: whether that is for the name that the client asked for.
    scheme: what CertificateVerify is signed with.
    """

    identity: Identity
    named: bool
    scheme: SignatureScheme


def choose_identity(hello: ClientHello, configuration: ServerConfiguration) -> Choice:
    """Return the certificate to show, and the scheme to sign with (§4.5.1.2).

    Raises `RemoteProtocolError`: missing_extension without signature_algorithms (§9.2), handshake_failure if no key
    here signs with any of these.
    """
    algorithms = find(hello.extensions, SignatureAlgorithms)
    if algorithms is None:
        raise missing_extension("the client sends no signature_algorithms")
    server_name = find(hello.extensions, ServerName)
    host_name = server_name.host_name if server_name is not None else None
    identities = (configuration.identity, *configuration.more_identities)
    named = [identity for identity in identities if is_for(identity, host_name)]
    for_certificates = find(hello.extensions, SignatureAlgorithmsCert) or algorithms
    candidates = named or identities
    fit = [each for each in candidates if verifiable(each.certificate_chain, for_certificates.schemes)]
    for identity in (*fit, *candidates):
        key = identity.certificate_chain[0].public_key
        scheme = signing_scheme(key, configuration.tls13_schemes, algorithms.schemes)
        if scheme is not None:
            return Choice(identity, bool(named), scheme)
    raise handshake_failure("the client verifies no signature that a key of this server can make")


def signing_scheme(
    key: PublicKey, schemes: Sequence[SignatureScheme], offered: Sequence[int]
) -> SignatureScheme | None:
    """Return the first scheme that is offered and signs with the key to `key` in TLS 1.3; None if none does."""
    for scheme in schemes:
        if scheme.code in offered and scheme.suits_tls13(key) and scheme.fits(key):
            return scheme
    return None
