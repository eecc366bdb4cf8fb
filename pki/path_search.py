"""The search for chains: from a certificate up to a root, by names and signatures.

Standard     RFC 4158 §2.4.1 (from the leaf up); RFC 5280 §6.1.3 (a)(1), (a)(4).
Left out     Key identifiers as hints: the signature decides, and the work is bounded anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pki.errors import CertificateError, Reason, brief, refusal, who
from pki.names import Name
from pki.public_key_info import UnknownPublicKey, describe_public_key, is_oversized
from pki.signatures import WEAK_HASHES, UnknownSignatureAlgorithm
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

# What hostile input can cost at most.
MAX_CHAIN = 10  # certificates in a chain, the root included
MAX_SIGNATURES = 100  # signatures checked
MAX_STEPS = 1000  # certificates put at the end of a chain, to see how it goes on
MAX_COMPLETE = 20  # chains that reach a root
GIVEN_UP = "the search for a chain was given up"


class Search:
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
            raise self._refused(refusal(Reason.TOO_MUCH_WORK, last, GIVEN_UP), chain)
        if is_root:
            yield chain
            return
        issuers = [
            issuer
            for issuer in self.by_subject.get(last.issuer, ())
            if not any(c.public_key == issuer.public_key and c.subject == issuer.subject for c in chain)
        ]
        if not issuers:
            self._refused(unknown_issuer(last), chain)
        elif len(chain) == MAX_CHAIN:
            message = f"it is the {MAX_CHAIN}th in the chain, and its issuer would be one too many"
            self._refused(refusal(Reason.CHAIN_TOO_LONG, last, message), chain)
            return
        for issuer in issuers:
            refused = self.verdict(chain, issuer)
            if refused is None:
                yield from self.chains((*chain, issuer))
            else:
                self._refused(refused, chain)

    def _refused(self, refused: CertificateError, chain: tuple[Certificate, ...]) -> CertificateError:
        """Take a note of a refusal, at the end of this chain; return it."""
        refused.chain, refused.checks_by_certificate = chain, [()] * len(chain)
        self.refusals.append(refused)
        return refused

    def verdict(self, chain: tuple[Certificate, ...], issuer: Certificate) -> CertificateError | None:
        """Return why the issuer's key did not sign the last certificate, or None if it did (RFC 5280 §6.1.3 (a)(1))."""
        edge = chain[-1], issuer
        if edge not in self.verdicts:
            if len(self.verdicts) == MAX_SIGNATURES:
                raise self._refused(refusal(Reason.TOO_MUCH_WORK, chain[-1], GIVEN_UP), chain)
            self.verdicts[edge] = check_signature(*edge)
        return self.verdicts[edge]


def check_signature(certificate: Certificate, issuer: Certificate) -> CertificateError | None:
    """Return why the issuer's key did not make the certificate's signature, or None if it did."""
    algorithm = certificate.signature_algorithm
    if algorithm.hash_name in WEAK_HASHES:
        message = f"it is signed with {algorithm.name}, and {algorithm.hash_name} is broken"
        return refusal(Reason.WEAK_HASH, certificate, message)
    if isinstance(algorithm, UnknownSignatureAlgorithm):
        message = f"it is signed with {algorithm.name}, which is not known here"
        return refusal(Reason.UNSUPPORTED_ALGORITHM, certificate, message)
    if isinstance(issuer.public_key, UnknownPublicKey) or is_oversized(issuer.public_key):
        return unsupported_key(issuer)
    try:
        certificate.verify_signature_by(issuer.public_key)
    except InvalidSignature:
        message = f"its signature was not made with the key of {who(issuer)}, or it was altered afterwards"
        return refusal(Reason.BAD_SIGNATURE, certificate, message)
    return None


def unknown_issuer(certificate: Certificate) -> CertificateError:
    """Return the refusal of a certificate whose issuer nobody knows."""
    if certificate.is_self_issued:
        message = "it names itself as its issuer, and it is none of the roots that are trusted here"
    else:
        issuer = brief(certificate.issuer)
        message = f"its issuer is {issuer}, of whom no certificate is at hand and no root is trusted here"
    return refusal(Reason.UNKNOWN_ISSUER, certificate, message)


def unsupported_key(certificate: Certificate) -> CertificateError:
    """Return the refusal of a key that is unknown here or far too large."""
    message = f"its key cannot be used here: {describe_public_key(certificate.public_key)}"
    return refusal(Reason.UNSUPPORTED_KEY, certificate, message)
