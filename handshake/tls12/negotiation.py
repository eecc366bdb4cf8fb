"""What a server chooses of all that a client offers: certificate, suite, group and signature scheme together.

Standard     RFC 5246 §7.4.1.3, §7.4.1.4.1, §7.4.2, §7.4.3; RFC 6066 §3; RFC 7301 §3.2;
             RFC 8422 §4, §5.1; RFC 7919 §4; RFC 9846 §4.3.3, §4.5.1.2 (certificates).
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
from handshake.registries.groups import CURVE_CODES, FFDHE_CODES
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import (
    IMPLIED_SCHEMES,
    SignatureScheme,
    authentication_of,
    scheme_for,
    verifiable,
)
from handshake.server_answers import is_for
from handshake.suites.table import CipherSuite
from primitives.ec import ECPublicKey
from primitives.rsa import RSAPublicKey
from record.alerts import handshake_failure, insufficient_security


@dataclass(frozen=True, slots=True)
class Choice:
    """What the server chose.

    identity: the certificate it shows, and its key. named: whether that is for the name that the client asked for.
    group, scheme: for the ServerKeyExchange; None where the suite has none.
    """

    identity: Identity
    named: bool
    suite: CipherSuite
    group: Group | None
    scheme: SignatureScheme | None


def choose(hello: ClientHello, configuration: ServerConfiguration) -> Choice:
    """Return the best of what both sides can do.

    Raises `RemoteProtocolError`: handshake_failure if there is nothing, or insufficient_security if all that is missing
    is a prime that both accept (RFC 7919 §4).
    """
    server_name = find(hello.extensions, ServerName)
    host_name = server_name.host_name if server_name is not None else None
    identities = (configuration.identity, *configuration.more_identities)
    # 1. The certificates for the name that the client asked for; without any, it may still like another.
    named = [identity for identity in identities if is_for(identity, host_name)]
    # 2. RFC 5246 §7.4.2: with all certificates signed by what the client can verify, if it says what that is. If there
    #    is no such chain, "it SHOULD continue the handshake by sending the client a certificate chain of its choice"
    #    (RFC 9846 §4.5.1.2): the client may well trust one of these certificates by itself.
    fit = [identity for identity in named or identities if _is_verifiable(identity, hello)]
    # 3. The first suite, by the server's preference or the client's, that one of these can be used with.
    for candidates in (fit, named or identities):
        for suite in _common_suites(hello, configuration):
            for identity in candidates:
                choice = _choose_with(hello, configuration, suite, identity, named=bool(named))
                if choice is not None:
                    return choice
    common = _common_suites(hello, configuration)
    only_primes = common and all(suite.ephemeral and not suite.on_curves for suite in common)
    if only_primes and names_primes(hello) and not _accepts_primes(hello, configuration):
        raise insufficient_security("the client names no prime for Diffie-Hellman that is accepted here")
    raise handshake_failure(
        "the client offers no cipher suite that is accepted here, with a key, a group and a signature to go with it"
    )


def _is_verifiable(identity: Identity, hello: ClientHello) -> bool:
    """Return whether the client says that it can verify what the chain is signed with."""
    schemes = find(hello.extensions, SignatureAlgorithmsCert) or find(hello.extensions, SignatureAlgorithms)
    return schemes is not None and verifiable(identity.certificate_chain, schemes.schemes)


def _common_suites(hello: ClientHello, configuration: ServerConfiguration) -> Sequence[CipherSuite]:
    if configuration.prefer_client_order:
        ours = {suite.code: suite for suite in configuration.suites}
        return [ours[code] for code in dict.fromkeys(hello.cipher_suites) if code in ours]
    return [suite for suite in configuration.suites if suite.code in hello.cipher_suites]


def _choose_with(
    hello: ClientHello, configuration: ServerConfiguration, suite: CipherSuite, identity: Identity, *, named: bool
) -> Choice | None:
    """Return what would be chosen with this suite and certificate; None if they do not go together."""
    key = identity.certificate_chain[0].public_key
    if authentication_of(key) is not suite.authentication:
        return None
    if suite.ephemeral is None:
        return Choice(identity, named, suite, None, None) if isinstance(key, RSAPublicKey) else None
    offered = find(hello.extensions, SupportedGroups)
    codes = offered.groups if offered is not None else None
    # RFC 8422 §5.1: the client's curves are those of the certificates that it verifies with, too.
    if isinstance(key, ECPublicKey) and codes is not None and CURVE_CODES.get(key.curve, 25) not in codes:
        return None
    group = suite.ephemeral.choose_group(configuration.diffie_hellman_groups, offered=codes)
    # RFC 5246 §7.4.1.4.1: a client that names no algorithms means those with SHA-1, which are for old peers only.
    algorithms = find(hello.extensions, SignatureAlgorithms)
    schemes = algorithms.schemes if algorithms is not None else IMPLIED_SCHEMES
    scheme = scheme_for(key, configuration.tls12_schemes, offered=schemes)
    if group is None or scheme is None:
        return None
    return Choice(identity, named, suite, group, scheme)


def names_primes(hello: ClientHello) -> bool:
    """Return whether the client names groups of primes, as one does that knows RFC 7919 (§2)."""
    offered = find(hello.extensions, SupportedGroups)
    return offered is not None and any(code in FFDHE_CODES for code in offered.groups)


def _accepts_primes(hello: ClientHello, configuration: ServerConfiguration) -> bool:
    """Return whether the client names a prime that is accepted here."""
    offered = find(hello.extensions, SupportedGroups)
    return offered is not None and any(group.dh and group.code in offered.groups for group in configuration.groups)
