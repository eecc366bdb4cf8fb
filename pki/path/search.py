"""The search for chains: from a certificate up to a root, by names and signatures.

Standard     RFC 4158 §2.3 (from the leaf up), §2.4.2 (nobody twice); RFC 5280 §4.1.1.2, §6.1.3 (a)(1), (a)(4).
Left out     Key identifiers as hints: the signature decides, and the work is bounded anyway.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from pki.fields.names import Name
from pki.key_formats.public_key_info import PublicKey, UnknownPublicKey, describe_public_key, is_oversized
from pki.path.budget import Budget, Work
from pki.path.refusals import CertificateError, Reason, brief, refusal, who
from pki.signatures import WEAK_HASHES, UnknownSignatureAlgorithm
from pki.x509 import Certificate
from primitives.errors import InvalidSignature

MAX_CHAIN = 10  # certificates in a chain, the root included


class Search:
    """The search for chains whose names and signatures fit, from the leaf up (RFC 4158 §2.3), the shortest first.

    So a crowd of certificates that lead on and on cannot hide a chain that is short.
    """

    def __init__(self, intermediates: Sequence[Certificate], roots: Sequence[Certificate], budget: Budget) -> None:
        self.roots, self.budget = set(roots), budget
        self.by_subject: dict[Name, list[Certificate]] = {}
        names = {root.subject for root in roots}
        every = dict.fromkeys((*roots, *intermediates))
        # Those first that a root may have issued: they lead to an end, one way or the other.
        for certificate in sorted(every, key=lambda one: one not in self.roots and one.issuer not in names):
            self.by_subject.setdefault(certificate.subject, []).append(certificate)
        self.verdicts: dict[tuple[Certificate, PublicKey], CertificateError | None] = {}
        self.refusals: list[CertificateError] = []

    def chains(self, leaf: Certificate) -> Iterator[tuple[Certificate, ...]]:
        """Give the chains that begin with `leaf` and end with a root; raise `CertificateError` at too much work."""
        if leaf in self.roots:
            yield (leaf,)
            return
        waiting: deque[tuple[Certificate, ...]] = deque([(leaf,)])  # chains that reach no root yet
        while waiting:
            chain = waiting.popleft()
            for issuer in self._issuers(chain):
                refused = self._verdict(chain, issuer)
                if refused is not None:
                    self._refused(refused, chain)
                    continue
                if issuer in self.roots:
                    self._spend(Work.CHAINS, 1, chain)
                    yield (*chain, issuer)
                else:
                    waiting.append((*chain, issuer))

    def _issuers(self, chain: tuple[Certificate, ...]) -> list[Certificate]:
        """Return who may have issued the last certificate, by their names; nobody is in a chain twice.

        By RFC 4158 §2.4.2, all that have the same name and key count as one.
        """
        last = chain[-1]
        self._spend(Work.STEPS, len(self.by_subject.get(last.issuer, ())), chain)
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
            return []
        return issuers

    def _verdict(self, chain: tuple[Certificate, ...], issuer: Certificate) -> CertificateError | None:
        """Return why the issuer's key did not sign the last certificate, or None if it did (RFC 5280 §6.1.3 (a)(1))."""
        last = chain[-1]
        edge = last, issuer.public_key  # however many certificates that key has
        if edge not in self.verdicts:
            self._spend(Work.SIGNATURES, 1, chain)
            self._spend(Work.SIGNED_OCTETS, len(last.tbs), chain)
            self.verdicts[edge] = check_signature(last, issuer)
        return self.verdicts[edge]

    def _spend(self, work: Work, amount: int, chain: tuple[Certificate, ...]) -> None:
        """Count work at the end of this chain; raise `CertificateError`, which is noted, if it is too much."""
        try:
            self.budget.spend(work, amount, chain[-1])
        except CertificateError as error:
            raise self._refused(error, chain) from None

    def _refused(self, refused: CertificateError, chain: tuple[Certificate, ...]) -> CertificateError:
        """Take a note of a refusal, at the end of this chain; return it."""
        if not refused.chain:  # it was not met before
            refused.chain, refused.checks_by_certificate = chain, [()] * len(chain)
            self.refusals.append(refused)
        return refused


def check_signature(certificate: Certificate, issuer: Certificate) -> CertificateError | None:
    """Return why the issuer's key did not make the certificate's signature, or None if it did."""
    algorithm = certificate.signature_algorithm
    if algorithm.hash_name in WEAK_HASHES:
        message = f"it is signed with {algorithm.name}, and {algorithm.hash_name} is broken"
        return refusal(Reason.WEAK_HASH, certificate, message)
    if isinstance(algorithm, UnknownSignatureAlgorithm):
        message = f"it is signed with {algorithm.name}, which is not known here"
        return refusal(Reason.UNSUPPORTED_ALGORITHM, certificate, message)
    if not certificate.algorithms_agree:
        message = "its signature algorithm is named differently inside and outside of what is signed"
        return refusal(Reason.ALGORITHM_MISMATCH, certificate, message)
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
        message = "it names itself as its issuer, and it is not one of the roots that are trusted here"
    elif not certificate.issuer:
        message = "the name of its issuer is empty, and no certificate at hand and no trusted root has an empty name"
    else:
        issuer = brief(certificate.issuer)
        message = f"its issuer is {issuer}, of whom no certificate is at hand and no root is trusted here"
    return refusal(Reason.UNKNOWN_ISSUER, certificate, message)


def unsupported_key(certificate: Certificate) -> CertificateError:
    """Return the refusal of a key that is unknown here or far too large."""
    message = f"its key cannot be used here: {describe_public_key(certificate.public_key)}"
    return refusal(Reason.UNSUPPORTED_KEY, certificate, message)
