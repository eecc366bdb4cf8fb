"""Signature schemes: the algorithms that sign in a handshake, as rows of one table.

Standard     RFC 8446 §4.2.3 (the names and numbers, also for TLS 1.2); RFC 5246 §7.4.1.4.1 and appendix A.4.1
             (where a number is a hash and a signature algorithm); RFC 8017 §8.1, §8.2.
Left out     ECDSA and EdDSA; SHA-1 and MD5, which no longer sign anything.

>>> SCHEMES[0x0804].name
'rsa_pss_rsae_sha256'
"""

from __future__ import annotations

from dataclasses import dataclass

from handshake.codes import GREASE
from pki.keys import PublicKey
from pki.signatures import (
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSA_PSS_SHA512,
    SignatureAlgorithm,
)
from primitives.rsa import RSAPublicKey


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """A way to sign.

    code, name: its number and name in IANA's registry.
    public_key: the type of the public keys that it verifies with.
    algorithm: what signs and verifies.
    """

    code: int
    name: str
    public_key: type[PublicKey]
    algorithm: SignatureAlgorithm

    def __repr__(self) -> str:
        return self.name


# RFC 8446 §4.2.3: rsae is for keys whose certificate says rsaEncryption; the MGF's hash is the scheme's, and the
# salt is as long as its output.
DEFAULT_SCHEMES = (
    SignatureScheme(0x0804, "rsa_pss_rsae_sha256", RSAPublicKey, RSA_PSS_SHA256),
    SignatureScheme(0x0805, "rsa_pss_rsae_sha384", RSAPublicKey, RSA_PSS_SHA384),
    SignatureScheme(0x0806, "rsa_pss_rsae_sha512", RSAPublicKey, RSA_PSS_SHA512),
    SignatureScheme(0x0401, "rsa_pkcs1_sha256", RSAPublicKey, RSA_PKCS1_SHA256),
    SignatureScheme(0x0501, "rsa_pkcs1_sha384", RSAPublicKey, RSA_PKCS1_SHA384),
    SignatureScheme(0x0601, "rsa_pkcs1_sha512", RSAPublicKey, RSA_PKCS1_SHA512),
)
"""All that are known here, the preferred ones first."""

SCHEMES = {scheme.code: scheme for scheme in DEFAULT_SCHEMES}

# RFC 5246 §7.4.1.4.1 and RFC 8446 §4.2.3: those of others, for showing what a peer offers.
SCHEME_NAMES = {
    0x0201: "rsa_pkcs1_sha1",
    0x0202: "dsa_sha1",
    0x0203: "ecdsa_sha1",
    0x0301: "rsa_pkcs1_sha224",
    0x0302: "dsa_sha224",
    0x0303: "ecdsa_sha224",
    0x0402: "dsa_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0502: "dsa_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0602: "dsa_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    **GREASE,
    **{scheme.code: scheme.name for scheme in DEFAULT_SCHEMES},
}
