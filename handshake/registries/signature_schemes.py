"""Signature schemes: the algorithms that sign in a handshake, as rows of one table.

Standard     RFC 9846 §4.3.3 (the names and numbers, also for TLS 1.2); RFC 5246 §7.4.1.4.1 and appendix A.4.1
             (where a number is a hash and a signature algorithm); RFC 8017 §8.1, §8.2.
             RFC 8422 §5.10 (ECDSA and Ed25519 in TLS 1.2).
Left out     MD5, which no longer signs anything; SHA-1 and SHA-224, but for those who must debug old peers.

>>> SCHEMES[0x0804].name
'rsa_pss_rsae_sha256'
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from handshake.registries import codes
from handshake.registries.codes import GREASE
from pki.key_formats.private_key_info import PrivateKey
from pki.key_formats.public_key_info import PublicKey, RSAPSSPublicKey
from pki.signatures import (
    ECDSA,
    ECDSA_SHA256,
    ECDSA_SHA384,
    ECDSA_SHA512,
    ED448,
    ED25519,
    MLDSA,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSA_PSS_SHA512,
    RSAPKCS1,
    RSASSA_PSS,
    SignatureAlgorithm,
)
from pki.x509 import Certificate
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPrivateKey, ECPublicKey
from primitives.ecdsa import ecdsa_sign
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.integers import RandomBytes
from primitives.ml_dsa import ML_DSA_44, ML_DSA_65, ML_DSA_87, MLDSAPublicKey
from primitives.rsa import RSAPublicKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224


class Authentication(Enum):
    """The kinds of keys that suites and certificate types tell apart; the value is the ClientCertificateType.

    Ed25519 counts as ECDSA (RFC 8422 §5.10), so that it needs no suites of its own.
    """

    RSA = codes.RSA_SIGN
    ECDSA = codes.ECDSA_SIGN


def authentication_of(key: PublicKey) -> Authentication | None:
    """Return the kind of a key; None for one that cannot authenticate anybody here."""
    match key:
        case RSAPublicKey() | RSAPSSPublicKey():
            return Authentication.RSA
        case ECPublicKey() | Ed25519PublicKey():
            return Authentication.ECDSA
        case _:
            return None


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """A way to sign.

    code, name: its number and name in IANA's registry.
    public_key: the type of the public keys that it verifies with.
    algorithm: what signs and verifies.
    curve: the curve in its name. In TLS 1.2, it goes with all others as well.
    """

    code: int
    name: str
    public_key: type[PublicKey]
    algorithm: SignatureAlgorithm
    curve: Curve | None = None

    def suits(self, key: PublicKey) -> bool:
        """Return whether it verifies with this key, which may be for certain parameters alone (RFC 4055 §3.3)."""
        if isinstance(key, RSAPSSPublicKey) and isinstance(self.algorithm, RSASSA_PSS):
            return self.public_key is RSAPSSPublicKey and key.allows(self.algorithm.parameters)
        if isinstance(self.algorithm, MLDSA):
            return isinstance(key, MLDSAPublicKey) and key.parameters == self.algorithm.parameters
        return isinstance(key, self.public_key)

    def sign(self, key: PrivateKey, message: bytes, *, random_bytes: RandomBytes) -> bytes:
        """Return the signature of a handshake's message.

        ECDSA draws its nonce, which saves the hashing of RFC 6979.
        """
        if isinstance(self.algorithm, ECDSA) and isinstance(key, ECPrivateKey):
            return ecdsa_sign(key, message, hash=self.algorithm.hash, random_bytes=random_bytes)
        return self.algorithm.sign(key, message, random_bytes=random_bytes)

    @property
    def in_tls12(self) -> bool:
        """Whether TLS 1.2 signs with it: not with ML-DSA (draft-ietf-tls-mldsa §3.3), and here not with Ed448."""
        return self.public_key not in (MLDSAPublicKey, Ed448PublicKey)

    @property
    def in_tls13(self) -> bool:
        """Whether TLS 1.3 signs with it: there, PKCS #1 v1.5 and SHA-1 are for certificates only (RFC 9846 §4.3.3)."""
        return self.curve is not None or not isinstance(self.algorithm, RSAPKCS1 | ECDSA)

    def suits_tls13(self, key: PublicKey) -> bool:
        """Return whether TLS 1.3 verifies with this key by it: a curve in its name is the key's (RFC 9846 §4.3.3)."""
        on_curve = not isinstance(key, ECPublicKey) or key.curve == self.curve
        return self.in_tls13 and on_curve and self.suits(key)

    def fits(self, key: PublicKey) -> bool:
        """Return whether the key is long enough to sign with it: hash, salt and two bytes (RFC 8017 §9.1.1 step 3)."""
        if isinstance(self.algorithm, RSASSA_PSS) and isinstance(key, RSAPublicKey | RSAPSSPublicKey):
            parameters = self.algorithm.parameters
            rsa = key.rsa if isinstance(key, RSAPSSPublicKey) else key
            encoded = -(-(rsa.n.bit_length() - 1) // 8)  # emLen
            return encoded >= parameters.hash.digest_size + parameters.salt_length + 2
        return True

    def __repr__(self) -> str:
        return self.name


# RFC 9846 §4.3.3: rsae is for keys whose certificate says rsaEncryption, pss for those that say RSASSA-PSS; the MGF's
# hash is the scheme's, and the salt is as long as its output.
DEFAULT_SCHEMES = (
    SignatureScheme(0x0403, "ecdsa_secp256r1_sha256", ECPublicKey, ECDSA_SHA256, P256),
    SignatureScheme(0x0503, "ecdsa_secp384r1_sha384", ECPublicKey, ECDSA_SHA384, P384),
    SignatureScheme(0x0603, "ecdsa_secp521r1_sha512", ECPublicKey, ECDSA_SHA512, P521),
    SignatureScheme(0x0807, "ed25519", Ed25519PublicKey, ED25519),
    SignatureScheme(0x0804, "rsa_pss_rsae_sha256", RSAPublicKey, RSA_PSS_SHA256),
    SignatureScheme(0x0805, "rsa_pss_rsae_sha384", RSAPublicKey, RSA_PSS_SHA384),
    SignatureScheme(0x0806, "rsa_pss_rsae_sha512", RSAPublicKey, RSA_PSS_SHA512),
    SignatureScheme(0x0809, "rsa_pss_pss_sha256", RSAPSSPublicKey, RSA_PSS_SHA256),
    SignatureScheme(0x080A, "rsa_pss_pss_sha384", RSAPSSPublicKey, RSA_PSS_SHA384),
    SignatureScheme(0x080B, "rsa_pss_pss_sha512", RSAPSSPublicKey, RSA_PSS_SHA512),
    SignatureScheme(0x0401, "rsa_pkcs1_sha256", RSAPublicKey, RSA_PKCS1_SHA256),
    SignatureScheme(0x0501, "rsa_pkcs1_sha384", RSAPublicKey, RSA_PKCS1_SHA384),
    SignatureScheme(0x0601, "rsa_pkcs1_sha512", RSAPublicKey, RSA_PKCS1_SHA512),
)
"""All that are known here, the preferred ones first."""

POST_QUANTUM_SCHEMES = tuple(
    SignatureScheme(code, parameters.name.lower().replace("ml-dsa-", "mldsa"), MLDSAPublicKey, MLDSA(parameters))
    for code, parameters in ((0x0904, ML_DSA_44), (0x0905, ML_DSA_65), (0x0906, ML_DSA_87))
)
"""ML-DSA (draft-ietf-tls-mldsa §3): in TLS 1.3 only."""

ED448_SCHEME = SignatureScheme(0x0808, "ed448", Ed448PublicKey, ED448)

TLS13_SCHEMES = (*DEFAULT_SCHEMES, ED448_SCHEME, *POST_QUANTUM_SCHEMES)

SCHEMES = {scheme.code: scheme for scheme in TLS13_SCHEMES}

# RFC 5246 §7.4.1.4.1. People make two messages with one SHA-1 hash (Leurent and Peyrin 2020), and so sign both.
LEGACY_SCHEMES = (
    SignatureScheme(0x0303, "ecdsa_sha224", ECPublicKey, ECDSA(sha224)),
    SignatureScheme(0x0301, "rsa_pkcs1_sha224", RSAPublicKey, RSAPKCS1(sha224)),
    SignatureScheme(0x0203, "ecdsa_sha1", ECPublicKey, ECDSA(sha1)),
    SignatureScheme(0x0201, "rsa_pkcs1_sha1", RSAPublicKey, RSAPKCS1(sha1)),
)
"""Those of old peers, which nobody should believe: only with `Configuration.legacy`, and in no certificate."""

IMPLIED_SCHEMES = (0x0201, 0x0203)
"""What a client means that names no signature schemes: those with SHA-1 (RFC 5246 §7.4.1.4.1)."""


def scheme_for(
    key: PublicKey, schemes: Sequence[SignatureScheme], *, offered: Collection[int]
) -> SignatureScheme | None:
    """Return the scheme to sign with by the key to `key`: of those offered, one that suits its curve at best."""
    fit = [scheme for scheme in schemes if scheme.code in offered and scheme.suits(key) and scheme.fits(key)]
    if isinstance(key, ECPublicKey):
        fit.sort(key=lambda scheme: scheme.curve != key.curve)  # which keeps the order of all else
    return fit[0] if fit else None


def verifiable(chain: Sequence[Certificate], schemes: Collection[int]) -> bool:
    """Return whether somebody who verifies these schemes can verify all signatures in a chain of certificates.

    The one on a certificate that is its own issuer proves nothing, so that nobody has to verify it (RFC 9846 §4.3.3).
    """
    accepted = [SCHEMES[code].algorithm for code in schemes if code in SCHEMES]
    return all(
        certificate.signature_algorithm in accepted or certificate.subject == certificate.issuer
        for certificate in chain
    )


def scheme_by_name(name: str) -> SignatureScheme:
    """Return the scheme with this name; raise `ValueError` for an unknown name."""
    for scheme in TLS13_SCHEMES:
        if name == scheme.name:
            return scheme
    known = ", ".join(scheme.name for scheme in TLS13_SCHEMES)
    raise ValueError(f"there is no signature scheme {name!r}, expected one of {known}")


# RFC 5246 §7.4.1.4.1 and RFC 9846 §4.3.3: those of others, for showing what a peer offers.
SCHEME_NAMES = {
    0x0202: "dsa_sha1",
    0x0302: "dsa_sha224",
    0x0402: "dsa_sha256",
    0x0502: "dsa_sha384",
    0x0602: "dsa_sha512",
    0x0808: "ed448",
    **GREASE,
    **{scheme.code: scheme.name for scheme in (*LEGACY_SCHEMES, *TLS13_SCHEMES)},
}
