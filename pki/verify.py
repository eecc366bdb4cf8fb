"""Path validation: whether a certificate can be believed, by way of others, because a root is trusted.

Standard     RFC 5280 §6.1; RFC 4158 §2 (finding the path); RFC 9525 (the server's name).
Left out     Name constraints, certificate policies and revocation; a certificate in which one of these is critical is
             refused. Trust anchors that are no certificates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Self

from pki.der_writer import integer
from pki.distribution_points import CRLDistributionPoints, FreshestCRL
from pki.errors import CertificateError, Reason, brief
from pki.extensions import BasicConstraints, ExtendedKeyUsage, KeyUsage, Purpose, UnknownExtension, Usage
from pki.names import Name
from pki.oids import describe
from pki.policy_extensions import CertificatePolicies, InhibitAnyPolicy, PolicyConstraints, PolicyMappings
from pki.public_key_info import UnknownPublicKey, describe_public_key, is_oversized, rsa_key
from pki.server_identity import check_server_name, parse_server_name
from pki.signatures import UnknownSignatureAlgorithm
from pki.subtrees import NameConstraints
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

__all__ = ["CertificateError", "Check", "Purpose", "Reason", "VerifiedChain", "verify_chain"]

# What hostile input can cost at most.
MAX_CHAIN = 10  # certificates in a chain, the root included
MAX_SIGNATURES = 100  # signatures checked
MAX_STEPS = 1000  # certificates put at the end of a chain, to see how it goes on
MAX_COMPLETE = 20  # chains that reach a root

MINIMUM_RSA_BITS = 2048  # SP 800-131A rev. 2 §3: shorter keys are disallowed
WEAK_HASHES = ("md2", "md4", "md5", "sha1")  # for all of these, people have made two messages with one hash
MAX_SERIAL_OCTETS = 20  # RFC 5280 §4.1.2.2

# Understood, but nothing here acts on them: critical, they are as good as unknown.
UNPROCESSED = (
    CertificatePolicies,
    PolicyMappings,
    PolicyConstraints,
    InhibitAnyPolicy,
    NameConstraints,
    CRLDistributionPoints,
    FreshestCRL,
)

# RFC 5280 §4.2.1.12: the usages that agree with each purpose. One of them must be allowed.
USAGES = {
    Purpose.SERVER_AUTH: (Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT, Usage.KEY_AGREEMENT),
    Purpose.CLIENT_AUTH: (Usage.DIGITAL_SIGNATURE, Usage.KEY_AGREEMENT),
    Purpose.CODE_SIGNING: (Usage.DIGITAL_SIGNATURE,),
    Purpose.EMAIL_PROTECTION: (
        Usage.DIGITAL_SIGNATURE,
        Usage.CONTENT_COMMITMENT,
        Usage.KEY_ENCIPHERMENT,
        Usage.KEY_AGREEMENT,
    ),
    Purpose.TIME_STAMPING: (Usage.DIGITAL_SIGNATURE, Usage.CONTENT_COMMITMENT),
    Purpose.OCSP_SIGNING: (Usage.DIGITAL_SIGNATURE, Usage.CONTENT_COMMITMENT),
}


class Check(NamedTuple):
    """A fact that was checked and held.

    name: what was checked, in a word or two; outcome: what was found; section: where the standard demands it.
    """

    name: str
    outcome: str
    section: str


class VerifiedChain(tuple[Certificate, ...]):
    """The certificates of a chain that holds: the leaf first, the root last.

    checks_by_certificate: the facts that were checked of each, in the same order.
    """

    checks_by_certificate: tuple[tuple[Check, ...], ...]

    def __new__(cls, certificates: Iterable[Certificate], checks: Iterable[Iterable[Check]]) -> Self:
        """Return the chain; only `verify_chain` has a reason to."""
        chain = super().__new__(cls, certificates)
        chain.checks_by_certificate = tuple(map(tuple, checks))
        return chain

    @property
    def checks(self) -> list[Check]:
        """All facts that were checked, the root's first, in the order of the checks."""
        return [check for checks in reversed(self.checks_by_certificate) for check in checks]


def verify_chain(
    leaf: Certificate,
    *,
    intermediates: Sequence[Certificate] = (),
    roots: Sequence[Certificate],
    at: datetime,
    server_name: str | None = None,
    purpose: Purpose | None = None,
    minimum_rsa_bits: int = MINIMUM_RSA_BITS,
) -> VerifiedChain:
    """Return the first chain from `leaf` to one of `roots` that holds; raise `CertificateError` if none does.

    intermediates: certificates that may be of help, in any order, trusted in nothing.
    roots: those trusted to begin with; each must hold itself, but for its own signature, which proves nothing.
    at: the time at which the chain must be valid, with a time zone.
    server_name: the host name or IP address that the leaf must be for; None if it need not be a server's.
    purpose: what the leaf is shown for, such as `Purpose.SERVER_AUTH`; None for no purpose in particular.
    minimum_rsa_bits: what counts as long enough for an RSA key.

    The work is bounded, whatever the certificates are. Raises `ValueError` for a name or time that is none.
    """
    if at.tzinfo is None:
        raise ValueError("the time of verification has no time zone, expected one with, such as UTC")
    if server_name is not None:
        parse_server_name(server_name)
    search = _Search(intermediates, roots)
    validation = _Validation(at, server_name, purpose, minimum_rsa_bits)
    refusal: CertificateError | None = None
    try:
        for chain in search.chains((leaf,)):
            try:
                return VerifiedChain(chain, validation.checks(chain))
            except CertificateError as error:
                refusal = refusal or error
    except CertificateError as error:  # too much work; what was found before tells more
        search.refusals.append(error)
    # A chain that reached a root and failed tells most; then whatever else was found first.
    raise refusal or search.refusals[0]


class _Search:
    """The search for chains whose names and signatures fit, from the leaf up (RFC 4158 §2.4.1)."""

    def __init__(self, intermediates: Sequence[Certificate], roots: Sequence[Certificate]) -> None:
        self.roots = set(roots)
        self.by_subject: dict[Name, list[Certificate]] = {}
        for certificate in dict.fromkeys((*roots, *intermediates)):  # roots first: the shortest chain is the best
            self.by_subject.setdefault(certificate.subject, []).append(certificate)
        self.verdicts: dict[tuple[Certificate, Certificate], CertificateError | None] = {}
        self.refusals: list[CertificateError] = []
        self.steps = self.complete = 0

    def chains(self, chain: tuple[Certificate, ...]) -> Iterator[tuple[Certificate, ...]]:
        """Return the chains that begin with `chain` and end with a root."""
        last = chain[-1]
        is_root = last in self.roots
        self.complete += is_root
        self.steps += 1
        if self.steps > MAX_STEPS or self.complete > MAX_COMPLETE:
            raise _refusal(Reason.TOO_MUCH_WORK, last, "the search for a chain was given up")
        if is_root:
            yield chain
            return
        issuers = [
            issuer
            for issuer in self.by_subject.get(last.issuer, ())
            if not any(c.public_key == issuer.public_key and c.subject == issuer.subject for c in chain)
        ]
        if not issuers:
            self.refusals.append(_unknown_issuer(last))
        elif len(chain) == MAX_CHAIN:
            message = f"it is the {MAX_CHAIN}th in the chain, and its issuer would be one too many"
            self.refusals.append(_refusal(Reason.CHAIN_TOO_LONG, last, message))
            return
        for issuer in issuers:
            refusal = self.verdict(last, issuer)
            if refusal is None:
                yield from self.chains((*chain, issuer))
            else:
                self.refusals.append(refusal)

    def verdict(self, certificate: Certificate, issuer: Certificate) -> CertificateError | None:
        """Return why the issuer's key did not make the signature, or None if it did (RFC 5280 §6.1.3 (a)(1))."""
        edge = certificate, issuer
        if edge not in self.verdicts:
            if len(self.verdicts) == MAX_SIGNATURES:
                raise _refusal(Reason.TOO_MUCH_WORK, certificate, "the search for a chain was given up")
            self.verdicts[edge] = _check_signature(certificate, issuer)
        return self.verdicts[edge]


class _Validation:
    """What is demanded of each certificate of a chain, from the root down (RFC 5280 §6.1)."""

    def __init__(self, at: datetime, server_name: str | None, purpose: Purpose | None, minimum_rsa_bits: int) -> None:
        self.at, self.server_name, self.purpose = at, server_name, purpose
        self.minimum_rsa_bits = minimum_rsa_bits

    def checks(self, chain: tuple[Certificate, ...]) -> list[list[Check]]:
        """Return the checks that each certificate passed; raise `CertificateError` at the first that one fails."""
        found: list[list[Check]] = [[] for _ in chain]
        authorities_left: int | None = None  # max_path_length; None while nobody has limited it
        for i in reversed(range(len(chain))):
            certificate, checks = chain[i], found[i]
            if i == len(chain) - 1:
                checks.append(Check("trust", "one of the roots that are trusted here", "RFC 5280 §6.1.1 (d)"))
            else:
                checks.append(_signature_check(certificate, chain[i + 1]))
            checks += self._every_certificate(certificate)
            if i > 0:
                passed, authorities_left = self._authority(certificate, authorities_left, root=i == len(chain) - 1)
                checks += passed
            else:
                checks += self._leaf(certificate)
        return found

    def _every_certificate(self, certificate: Certificate) -> Iterator[Check]:
        """Check what holds for all certificates of a chain."""
        yield _form_check(certificate)
        yield self._key_check(certificate)
        yield self._validity_check(certificate)
        for extension in certificate.extensions:  # §6.1.4 (o), §6.1.5 (f)
            if extension.critical and isinstance(extension, (UnknownExtension, *UNPROCESSED)):
                message = f"its critical extension {describe(extension.oid)} is not understood here"
                raise _refusal(Reason.UNKNOWN_CRITICAL_EXTENSION, certificate, message)
        critical = sum(extension.critical for extension in certificate.extensions)
        yield Check("critical extensions", f"all {critical} are understood" if critical else "none", "RFC 5280 §4.2")

    def _key_check(self, certificate: Certificate) -> Check:
        key = certificate.public_key
        if isinstance(key, UnknownPublicKey) or is_oversized(key):
            raise _unsupported_key(certificate)
        rsa = rsa_key(key)
        if rsa is not None and rsa.n.bit_length() < self.minimum_rsa_bits:
            message = f"its key is {describe_public_key(key)}, expected at least {self.minimum_rsa_bits} bits"
            raise _refusal(Reason.WEAK_KEY, certificate, message)
        return Check("public key", describe_public_key(key), "SP 800-131A §3")

    def _validity_check(self, certificate: Certificate) -> Check:
        """Check the validity (§6.1.3 (a)(2))."""
        begin, end = (f"{moment:%Y-%m-%d %H:%M:%S} UTC" for moment in (certificate.not_before, certificate.not_after))
        if self.at < certificate.not_before:
            raise _refusal(Reason.NOT_YET_VALID, certificate, f"it is not valid before {begin}")
        if self.at > certificate.not_after:
            raise _refusal(Reason.EXPIRED, certificate, f"it expired: it was valid until {end}")
        return Check("validity", f"from {begin} until {end}", "RFC 5280 §6.1.3 (a)(2)")

    def _authority(
        self, certificate: Certificate, authorities_left: int | None, *, root: bool
    ) -> tuple[list[Check], int | None]:
        """Check an issuer (§6.1.4 (k) to (n)); return how many authorities may follow it."""
        constraints = certificate.extension(BasicConstraints)
        if constraints is None and not (root and certificate.version < 3):  # older roots had no way to say it
            message = "it issued a certificate, but has no basicConstraints that say it is a certificate authority"
            raise _refusal(Reason.NOT_A_CA, certificate, message)
        if constraints is not None and not constraints.ca:
            message = "it issued a certificate, but its basicConstraints say that it is no certificate authority"
            raise _refusal(Reason.NOT_A_CA, certificate, message)
        if authorities_left is not None and not certificate.is_self_issued:  # (l)
            if authorities_left == 0:
                message = "the path length of an authority above it allows no further authority"
                raise _refusal(Reason.PATH_TOO_LONG, certificate, message)
            authorities_left -= 1
        limit = None if constraints is None else constraints.path_length
        if limit is not None and (authorities_left is None or limit < authorities_left):  # (m)
            authorities_left = limit
        if not certificate.allows(Usage.KEY_CERT_SIGN):  # (n)
            message = "it issued a certificate, but its keyUsage does not allow keyCertSign"
            raise _refusal(Reason.CANNOT_SIGN_CERTIFICATES, certificate, message)
        checks = [
            Check("authority", str(constraints or "a root of version 1"), "RFC 5280 §6.1.4 (k)"),
            Check("path length", _shown_limit(authorities_left), "RFC 5280 §6.1.4 (l)"),
            Check("key usage", _shown_usage(certificate), "RFC 5280 §6.1.4 (n)"),
        ]
        if self.purpose is not None and not root:
            checks.append(_purpose_check(certificate, self.purpose))
        return checks, authorities_left

    def _leaf(self, certificate: Certificate) -> Iterator[Check]:
        """Check what the leaf is shown for."""
        if self.purpose is not None:
            usages = USAGES.get(self.purpose, tuple(Usage))
            if not any(map(certificate.allows, usages)):
                names = " or ".join(map(str, usages))
                message = f"its keyUsage is {certificate.extension(KeyUsage)}, expected {names}"
                raise _refusal(Reason.WRONG_KEY_USAGE, certificate, message)
            yield Check("key usage", _shown_usage(certificate), "RFC 5280 §4.2.1.12")
            yield _purpose_check(certificate, self.purpose)
        if self.server_name is not None:
            found = check_server_name(certificate, self.server_name)
            yield Check("server name", f"{self.server_name}, by {found}", "RFC 9525 §6")


def _check_signature(certificate: Certificate, issuer: Certificate) -> CertificateError | None:
    """Return why the issuer's key did not make the certificate's signature, or None if it did."""
    algorithm = certificate.signature_algorithm
    if algorithm.hash_name in WEAK_HASHES:
        message = f"it is signed with {algorithm.name}, and {algorithm.hash_name} is broken"
        return _refusal(Reason.WEAK_HASH, certificate, message)
    if isinstance(algorithm, UnknownSignatureAlgorithm):
        message = f"it is signed with {algorithm.name}, which is not known here"
        return _refusal(Reason.UNSUPPORTED_ALGORITHM, certificate, message)
    if isinstance(issuer.public_key, UnknownPublicKey) or is_oversized(issuer.public_key):
        return _unsupported_key(issuer)
    try:
        certificate.verify_signature_by(issuer.public_key)
    except InvalidSignature:
        message = f"its signature was not made with the key of {_who(issuer)}, or it was altered afterwards"
        return _refusal(Reason.BAD_SIGNATURE, certificate, message)
    return None


def _signature_check(certificate: Certificate, issuer: Certificate) -> Check:
    """Check that the algorithm is the same inside and outside; the signature itself was checked on the way up."""
    if not certificate.algorithms_agree:
        message = "its signature algorithm is named differently inside and outside of what is signed"
        raise _refusal(Reason.ALGORITHM_MISMATCH, certificate, message)
    made = f"{certificate.signature_algorithm.name}, made with the key of {_who(issuer)}"
    return Check("signature", made, "RFC 5280 §6.1.3 (a)(1), (a)(4)")


def _form_check(certificate: Certificate) -> Check:
    """Check what RFC 5280 §4 demands of the form and the parser lets pass, so that it can be shown."""
    octets = len(integer("serialNumber", certificate.serial_number).contents)
    if octets > MAX_SERIAL_OCTETS:
        message = f"its serial number has {octets} octets, expected at most {MAX_SERIAL_OCTETS}"
        raise _refusal(Reason.BAD_SERIAL_NUMBER, certificate, message)
    identifiers = set()
    for extension in certificate.extensions:
        if extension.oid in identifiers:
            message = f"its extension {describe(extension.oid)} occurs twice"
            raise _refusal(Reason.DUPLICATE_EXTENSION, certificate, message)
        identifiers.add(extension.oid)
    return Check("form", f"version {certificate.version}, every extension once", "RFC 5280 §4.1, §4.2")


def _purpose_check(certificate: Certificate, purpose: Purpose) -> Check:
    """Check extKeyUsage. An authority that has it vouches for no other purposes, as all implementations hold it."""
    extended = certificate.extension(ExtendedKeyUsage)
    if extended is None:
        return Check("purpose", "any", "RFC 5280 §4.2.1.12")
    if purpose not in extended.purposes and Purpose.ANY not in extended.purposes:
        message = f"it may be used for {brief(extended)}, expected {describe(purpose)}"
        raise _refusal(Reason.WRONG_PURPOSE, certificate, message)
    return Check("purpose", brief(extended), "RFC 5280 §4.2.1.12")


def _unknown_issuer(certificate: Certificate) -> CertificateError:
    if certificate.is_self_issued:
        message = "it names itself as its issuer, and it is none of the roots that are trusted here"
    else:
        issuer = brief(certificate.issuer)
        message = f"its issuer is {issuer}, of whom no certificate is at hand and no root is trusted here"
    return _refusal(Reason.UNKNOWN_ISSUER, certificate, message)


def _unsupported_key(certificate: Certificate) -> CertificateError:
    message = f"its key cannot be used here: {describe_public_key(certificate.public_key)}"
    return _refusal(Reason.UNSUPPORTED_KEY, certificate, message)


def _refusal(reason: Reason, certificate: Certificate, message: str) -> CertificateError:
    return CertificateError(reason, certificate, f"the certificate of {_who(certificate)}: {message}")


def _who(certificate: Certificate) -> str:
    return brief(certificate.subject) or f"an unnamed subject (serial number {certificate.serial_number:x})"


def _shown_limit(authorities_left: int | None) -> str:
    return "no limit" if authorities_left is None else f"{authorities_left} more authorities may follow"


def _shown_usage(certificate: Certificate) -> str:
    return str(certificate.extension(KeyUsage) or "any")
