"""What one verification may cost, whatever certificates and CRLs it is given.

There are many ways to make a verifier work: many names below many constraints, many chains that end at a root, many
keys under one name, many issuers of CRLs, and each of them within another. Every kind of work is counted over all that
one `verify_chain` does, its chains and the chains of the issuers of CRLs together, and never anew for each.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum

from pki.path.refusals import Reason, refusal
from pki.x509 import Certificate


class Work(Enum):
    """The kinds of work, each with what there is too much of."""

    SIGNATURES = "signatures of certificates to check"
    SIGNED_OCTETS = "octets under the signatures of certificates to check"
    STEPS = "certificates that may come next in a chain"
    CHAINS = "chains to a root"
    OCTETS = "octets in the certificates of its chains"
    COMPARISONS = "names to compare with constraints"
    CRL_SIGNATURES = "signatures of CRLs to check"
    OCSP_SIGNATURES = "signatures of OCSP responses to check"
    CRL_ISSUERS = "issuers of CRLs outside of its chain"


# Far more than honest certificates need. Together they cost at most some seconds, in which signatures have most part.
LIMITS = {
    Work.SIGNATURES: 100,
    Work.SIGNED_OCTETS: 1 << 19,
    Work.STEPS: 10_000,
    Work.CHAINS: 40,
    Work.OCTETS: 1 << 21,
    Work.COMPARISONS: 250_000,
    Work.CRL_SIGNATURES: 100,
    Work.OCSP_SIGNATURES: 100,
    Work.CRL_ISSUERS: 20,
}


class Budget:
    """The work that was done in one verification."""

    def __init__(self) -> None:
        self.spent: Counter[Work] = Counter()

    def spend(self, work: Work, amount: int, certificate: Certificate) -> None:
        """Count work that is about to be done; raise `CertificateError` if that would be more than the limit.

        certificate: because of which it would be done.
        """
        if self.spent[work] + amount > LIMITS[work]:
            message = f"there are more than {LIMITS[work]} {work.value}, and the verification was given up"
            raise refusal(Reason.TOO_MUCH_WORK, certificate, message)
        self.spent[work] += amount
