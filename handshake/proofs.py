"""Proofs: what has to be verified before a connection is established, as values that only verification returns.

Standard     RFC 5246 §7.4.2, §7.4.6, §7.4.7.1, §7.4.8, §7.4.9, §7.2.2 (the alerts); RFC 9846 §4.5, §6.2. A bare § is
             RFC 5246's.
Left out     Nothing.

The state machine lets nobody into CONNECTED without an `Established`, which is made of these. So a check that
is forgotten, or jumped over by a message out of turn, is a proof that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Self, TypeAlias

from handshake.messages.keys import EncryptedPremasterSecret
from handshake.registries.codes import Role
from handshake.registries.groups import CURVE_CODES
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import Authentication, SignatureScheme, authentication_of
from handshake.sessions.state import SessionState
from handshake.sessions.tls13_state import TLS13SessionState
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.suites.secrets import PremasterSecret
from pki.asn1.der import DERError
from pki.crl import CertificateRevocationList
from pki.fields.extensions import Purpose, Usage
from pki.keys import PublicKey
from pki.path.checks import Check
from pki.path.refusals import CertificateError, Reason
from pki.verify import VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.ec import ECPublicKey
from primitives.errors import InvalidSignature
from primitives.integers import RandomBytes
from primitives.rsa import RSAPublicKey
from record.alerts import (
    AlertDescription,
    RemoteProtocolError,
    bad_certificate,
    decrypt_error,
    handshake_failure,
    illegal_parameter,
    unsupported_certificate,
)

MAXIMUM_CHAIN = 10  # certificates in a Certificate message

_MINT = object()  # code that has it can make proofs; it stays in this file

# RFC 5246 §7.2.2. For the reasons that are not in this table, bad_certificate.
ALERTS = {
    Reason.UNKNOWN_ISSUER: AlertDescription.UNKNOWN_CA,
    Reason.REVOKED: AlertDescription.CERTIFICATE_REVOKED,
    Reason.REVOCATION_UNKNOWN: AlertDescription.CERTIFICATE_UNKNOWN,  # "some other (unspecified) issue"
    Reason.EXPIRED: AlertDescription.CERTIFICATE_EXPIRED,
    Reason.NOT_YET_VALID: AlertDescription.CERTIFICATE_EXPIRED,  # "has expired or is not currently valid"
    Reason.UNSUPPORTED_ALGORITHM: AlertDescription.UNSUPPORTED_CERTIFICATE,
    Reason.UNSUPPORTED_KEY: AlertDescription.UNSUPPORTED_CERTIFICATE,
    Reason.WRONG_KEY_USAGE: AlertDescription.UNSUPPORTED_CERTIFICATE,
    Reason.WRONG_PURPOSE: AlertDescription.UNSUPPORTED_CERTIFICATE,
}


@dataclass(frozen=True, slots=True)
class _Proof:
    _mint: object = field(repr=False, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        if self._mint is not _MINT:
            raise TypeError(f"{type(self).__name__}: only the verification itself makes one")


@dataclass(frozen=True, slots=True)
class VerifiedSignature(_Proof):
    """The peer has the private key to `key`: it signed this handshake with it."""

    key: PublicKey
    scheme: SignatureScheme


@dataclass(frozen=True, slots=True)
class TransportedPremaster(_Proof):
    """The premaster secret was encrypted to `key`: a Finished that verifies shows that the peer could decrypt it."""

    key: PublicKey


@dataclass(frozen=True, slots=True)
class ResumedSession(_Proof):
    """The master secret is that of a session in which the peer showed that it has the private key to `key`.

    So a Finished that verifies shows that it is the same peer (RFC 5246 §F.1.4).
    """

    key: PublicKey


@dataclass(frozen=True, slots=True)
class VerifiedFinished(_Proof):
    """`sender` has seen the same handshake and knows the master secret."""

    sender: Role
    verify_data: bytes


@dataclass(frozen=True, slots=True)
class AdmittedAnonymous(_Proof):
    """The client showed no certificate, and this server does not insist on one."""


class UnverifiedChain(tuple[Certificate, ...]):
    """The certificates that a server showed, which do not hold; the client goes on all the same, for looking at them.

    failure: the check that failed, and those that were made before it.
    """

    failure: CertificateError

    @property
    def checks(self) -> list[Check]:
        """What was checked before the failure, and held: the root's facts first."""
        return [check for checks in reversed(self.failure.checks_by_certificate) for check in checks]

    def __new__(cls, certificates: Sequence[Certificate], failure: CertificateError) -> Self:
        """Return the chain; only `verify_server_chain` has a reason to."""
        chain = super().__new__(cls, certificates)
        chain.failure = failure
        return chain


@dataclass(frozen=True, slots=True)
class UnverifiedPeer(_Proof):
    """The configuration says that a server is let in whose certificate does not hold: nobody knows who it is."""

    chain: UnverifiedChain


@dataclass(frozen=True, slots=True)
class KnownByPSK(_Proof):
    """Both sides have the PSK of this name: it has shown that in a binder, or shows it in a Finished that verifies."""

    identity: bytes


@dataclass(frozen=True, slots=True)
class AuthenticatedPeer:
    """The peer is who the chain says: the chain holds, and the peer has its key."""

    chain: VerifiedChain
    possession: VerifiedSignature | TransportedPremaster | ResumedSession

    def __post_init__(self) -> None:
        if not isinstance(self.chain, VerifiedChain):
            raise TypeError("a peer is authenticated by a verified chain")
        if not isinstance(self.possession, VerifiedSignature | TransportedPremaster | ResumedSession):
            raise TypeError("a peer is authenticated by showing that it has the private key")
        if self.possession.key != self.chain[0].public_key:
            raise ValueError("the key that the peer showed to have is not that of its certificate")


Peer: TypeAlias = AuthenticatedPeer | KnownByPSK | AdmittedAnonymous | UnverifiedPeer
"""Who the peer is: by a certificate, by a key that both have, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Established:
    """All that has to be true of a connection before data goes over it."""

    peer: Peer
    finished: VerifiedFinished

    def __post_init__(self) -> None:
        if not isinstance(self.peer, AuthenticatedPeer | KnownByPSK | AdmittedAnonymous | UnverifiedPeer):
            raise TypeError("a connection needs a peer that is authenticated or was let in without that")
        if not isinstance(self.finished, VerifiedFinished):
            raise TypeError("a connection needs the peer's Finished, verified")


def verify_server_chain(
    certificate_list: Sequence[bytes],
    *,
    roots: Sequence[Certificate],
    crls: Sequence[CertificateRevocationList],
    require_revocation_status: bool,
    at: datetime,
    server_name: str,
) -> VerifiedChain:
    """Return the chain that a server showed, if it leads from a certificate for `server_name` to one of the roots.

    Raises `RemoteProtocolError` with the alert that §7.2.2 has for what is wrong. Its cause is the `CertificateError`.
    """
    chain = _parse(certificate_list)
    try:
        return verify_chain(
            chain[0],
            intermediates=chain[1:],
            roots=roots,
            crls=crls,
            require_revocation_status=require_revocation_status,
            at=at,
            server_name=server_name,
            purpose=Purpose.SERVER_AUTH,
        )
    except CertificateError as error:
        raise _refused(error) from error


def look_at_server_chain(certificate_list: Sequence[bytes], refusal: RemoteProtocolError) -> UnverifiedChain:
    """Return the chain that was refused, for a client that wants to look at it; raise the refusal if it cannot be read.

    certificate_list: the certificates in DER. refusal: what `verify_server_chain` raised.
    """
    failure = refusal.__cause__
    if not isinstance(failure, CertificateError):
        raise refusal
    return UnverifiedChain(_parse(certificate_list), failure)


def let_in_unverified(chain: UnverifiedChain) -> UnverifiedPeer:
    """Return the proof that the client goes on with a server whose chain does not hold."""
    return UnverifiedPeer(chain, _mint=_MINT)


def verify_client_chain(
    certificate_list: Sequence[bytes],
    *,
    roots: Sequence[Certificate],
    crls: Sequence[CertificateRevocationList],
    require_revocation_status: bool,
    at: datetime,
) -> VerifiedChain:
    """Return the chain that a client showed, if it leads to one of the roots.

    Raises `RemoteProtocolError` with the alert that §7.2.2 has for what is wrong.
    """
    chain = _parse(certificate_list)
    try:
        verified = verify_chain(
            chain[0],
            intermediates=chain[1:],
            roots=roots,
            crls=crls,
            require_revocation_status=require_revocation_status,
            at=at,
            purpose=Purpose.CLIENT_AUTH,
        )
    except CertificateError as error:
        raise _refused(error) from error
    _require_usage(chain[0], Usage.DIGITAL_SIGNATURE)  # §7.4.6: the certificate must allow signing
    return verified


def admit_anonymous(
    *, certificate_required: bool, refuse: Callable[[str], RemoteProtocolError] = handshake_failure
) -> AdmittedAnonymous:
    """Return the proof that a client needs no certificate; raise an error if it does.

    refuse: makes that error: handshake_failure (§7.4.6), or certificate_required (RFC 9846 §4.5.1.3).
    """
    if certificate_required:
        raise refuse("the client showed no certificate, and this server requires one")
    return AdmittedAnonymous(_mint=_MINT)


def authenticate_resumed(chain: VerifiedChain, state: SessionState | TLS13SessionState) -> AuthenticatedPeer:
    """Return the proof that the peer is who it was in the session, whose chain was verified anew.

    Raises `ValueError` if the chain is another.
    """
    if chain[0].to_der() not in state.peer_certificates[:1]:
        raise ValueError("the chain is not that of the session")
    return AuthenticatedPeer(chain, ResumedSession(chain[0].public_key, _mint=_MINT))


def know_by_psk(identity: bytes) -> KnownByPSK:
    """Return the proof that the peer has the external PSK of this name, under whose keys its Finished will be."""
    return KnownByPSK(identity, _mint=_MINT)


def transport_premaster(
    chain: Sequence[Certificate], key_exchange: RSAKeyTransport, *, client_version: int, random_bytes: RandomBytes
) -> tuple[EncryptedPremasterSecret, PremasterSecret, TransportedPremaster]:
    """Return a new premaster secret, its encryption to the leaf of the server's chain, and the proof of that.

    Raises `RemoteProtocolError` with unsupported_certificate if the leaf's key cannot be encrypted to (§7.4.2).
    """
    key = chain[0].public_key
    if not isinstance(key, RSAPublicKey):
        raise unsupported_certificate("the server's certificate has no RSA key, which the suite needs")
    _require_usage(chain[0], Usage.KEY_ENCIPHERMENT)  # §7.4.2, the table of key types
    message, premaster = key_exchange.send(key, client_version=client_version, random_bytes=random_bytes)
    return message, premaster, TransportedPremaster(key, _mint=_MINT)


def require_signing_key(
    chain: Sequence[Certificate], authentication: Authentication, *, groups: Sequence[Group] | None = None
) -> None:
    """Raise `RemoteProtocolError` unless the leaf of the server's chain may sign for such a suite (§7.4.2, §7.4.3).

    groups: those that were offered, whose curves are those of the keys that we verify with, too (RFC 8422 §5.1).
    """
    if authentication_of(chain[0].public_key) is not authentication:
        raise unsupported_certificate(
            f"the server's certificate has no {authentication.name} key, which the suite needs"
        )
    key = chain[0].public_key
    offered = None if groups is None else {group.code for group in groups}
    if offered is not None and isinstance(key, ECPublicKey) and CURVE_CODES.get(key.curve) not in offered:
        raise illegal_parameter(f"the server's key is on {key.curve.name}, which was not offered")
    _require_usage(chain[0], Usage.DIGITAL_SIGNATURE)


def require_signature_usage(chain: Sequence[Certificate]) -> None:
    """Raise `RemoteProtocolError` with unsupported_certificate unless the leaf's key may sign (RFC 9846 §4.5.1.2)."""
    _require_usage(chain[0], Usage.DIGITAL_SIGNATURE)


def verify_signature(
    chain: Sequence[Certificate],
    schemes: Sequence[SignatureScheme],
    *,
    algorithm: int,
    message: bytes,
    signature: bytes,
) -> VerifiedSignature:
    """Return the proof that the owner of the chain's leaf signed `message` (§7.4.3, §7.4.8, §4.7).

    schemes: those that were offered. algorithm: the number of the one that the peer says it used.

    Raises `RemoteProtocolError`: illegal_parameter for an algorithm that was not offered or is not for this kind
    of key, decrypt_error for a signature that does not verify.
    """
    key = chain[0].public_key
    scheme = next((scheme for scheme in schemes if scheme.code == algorithm), None)
    if scheme is None or not scheme.suits(key):
        raise illegal_parameter(
            f"the signature's algorithm is 0x{algorithm:04x}, expected one that was offered and is for this key"
        )
    try:
        scheme.algorithm.verify(key, message, signature)
    except InvalidSignature as error:
        raise decrypt_error("the signature does not belong to this handshake and certificate") from error
    return VerifiedSignature(key, scheme, _mint=_MINT)


def verify_finished(sender: Role, *, received: bytes, expected: bytes) -> VerifiedFinished:
    """Return the proof that `sender` agrees on the handshake; raise decrypt_error if it does not (§7.4.9).

    What an attacker changed on the way, in whichever message, ends here at the latest.
    """
    if not compare_digest(received, expected):
        raise decrypt_error("the peer's Finished does not verify: it has seen another handshake, or has another secret")
    return VerifiedFinished(sender, received, _mint=_MINT)


def _parse(certificate_list: Sequence[bytes]) -> list[Certificate]:
    if len(certificate_list) > MAXIMUM_CHAIN:
        reason = f"the chain has {len(certificate_list)} certificates, accepted are at most {MAXIMUM_CHAIN}"
        raise RemoteProtocolError(AlertDescription.CERTIFICATE_UNKNOWN, reason)  # none is corrupt: the limit is ours
    try:
        return [Certificate.from_der(der) for der in certificate_list]
    except DERError as error:
        raise bad_certificate(f"a certificate cannot be read: {error}") from error


def _refused(error: CertificateError) -> RemoteProtocolError:
    alert = ALERTS.get(error.reason, AlertDescription.BAD_CERTIFICATE)
    return RemoteProtocolError(alert, f"the peer's certificate is refused: {error}")


def _require_usage(certificate: Certificate, usage: Usage) -> None:
    if not certificate.allows(usage):
        raise unsupported_certificate(f"the key of {certificate.subject} may not be used for {usage}")
