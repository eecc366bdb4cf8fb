"""What a key of ML-DSA, SLH-DSA or ML-KEM may be used for, by what its certificate's keyUsage says.

Standard     RFC 9881 §5 (ML-DSA), RFC 9909 §6 (SLH-DSA), RFC 9935 §5 (ML-KEM).
Left out     The keys of other algorithms: verifiers have long accepted whatever usages those have.
"""

from __future__ import annotations

from pki.fields.extensions import KeyUsage, Usage
from pki.path.refusals import Reason, refusal
from pki.x509 import Certificate
from primitives.ml_dsa import MLDSAPublicKey
from primitives.ml_kem import EncapsulationKey
from primitives.slh_dsa import SLHDSAPublicKey

SIGNING = frozenset((Usage.DIGITAL_SIGNATURE, Usage.CONTENT_COMMITMENT, Usage.KEY_CERT_SIGN, Usage.CRL_SIGN))


def check_key_usage(certificate: Certificate) -> None:
    """Raise `CertificateError` if keyUsage, where there is one, allows what the algorithm of the key cannot do."""
    extension, key = certificate.extension(KeyUsage), certificate.public_key
    if extension is None:
        return
    if isinstance(key, MLDSAPublicKey | SLHDSAPublicKey) and not extension.usages <= SIGNING:
        allowed = "signatures only"
    elif isinstance(key, EncapsulationKey) and extension.usages != {Usage.KEY_ENCIPHERMENT}:
        allowed = "keyEncipherment only"
    else:
        return
    message = f"its keyUsage is {extension}, expected {allowed} with a key of {key.parameters.name}"
    raise refusal(Reason.WRONG_KEY_USAGE, certificate, message)
