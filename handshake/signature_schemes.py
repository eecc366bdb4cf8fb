"""Signature schemes: the algorithms that sign in a handshake, as rows of one table.

Standard     RFC 8446 §4.2.3 (the names and numbers, also for TLS 1.2); RFC 5246 §7.4.1.4.1 and appendix A.4.1
             (where a number is a hash and a signature algorithm); RFC 8017 §8.1, §8.2.
Left out     ECDSA and EdDSA; SHA-1 and MD5, which no longer sign anything.

>>> SCHEMES[0x0804].name
'rsa_pss_rsae_sha256'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handshake.codes import GREASE
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.pkcs1v15 import pkcs1v15_sign, pkcs1v15_verify
from primitives.pss import pss_sign, pss_verify
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha256, sha384, sha512


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """A way to sign.

    code, name: its number and name in IANA's registry.
    public_key: the type of public key it is for; private_key: the type of private key.
    hash: its hash function.
    """

    code: int
    name: str
    public_key: type[RSAPublicKey]
    private_key: type[RSAPrivateKey]
    hash: HashFunction
    _sign: Callable[[RSAPrivateKey, bytes, HashFunction, RandomBytes], bytes]
    _verify: Callable[[RSAPublicKey, bytes, bytes, HashFunction], None]

    def __repr__(self) -> str:
        return self.name

    def sign(self, key: RSAPrivateKey, message: bytes, *, random_bytes: RandomBytes) -> bytes:
        """Return the signature of `message`."""
        return self._sign(key, message, self.hash, random_bytes)

    def verify(self, key: RSAPublicKey, message: bytes, *, signature: bytes) -> None:
        """Return if `signature` is that of `message`; raise `InvalidSignature` if not."""
        self._verify(key, message, signature, self.hash)


def _pss_sign(key: RSAPrivateKey, message: bytes, hash: HashFunction, random_bytes: RandomBytes) -> bytes:
    # RFC 8446 §4.2.3: the MGF's hash is the scheme's, and the salt is as long as its output.
    return pss_sign(key, message, hash=hash, salt_length=hash.digest_size, random_bytes=random_bytes)


def _pss_verify(key: RSAPublicKey, message: bytes, signature: bytes, hash: HashFunction) -> None:
    pss_verify(key, message, signature, hash=hash, salt_length=hash.digest_size)


def _pkcs1_sign(key: RSAPrivateKey, message: bytes, hash: HashFunction, random_bytes: RandomBytes) -> bytes:
    return pkcs1v15_sign(key, message, hash=hash)


def _pkcs1_verify(key: RSAPublicKey, message: bytes, signature: bytes, hash: HashFunction) -> None:
    pkcs1v15_verify(key, message, signature, hash=hash)


RSA_PSS_RSAE_SHA256 = SignatureScheme(
    0x0804, "rsa_pss_rsae_sha256", RSAPublicKey, RSAPrivateKey, sha256, _pss_sign, _pss_verify
)
RSA_PSS_RSAE_SHA384 = SignatureScheme(
    0x0805, "rsa_pss_rsae_sha384", RSAPublicKey, RSAPrivateKey, sha384, _pss_sign, _pss_verify
)
RSA_PSS_RSAE_SHA512 = SignatureScheme(
    0x0806, "rsa_pss_rsae_sha512", RSAPublicKey, RSAPrivateKey, sha512, _pss_sign, _pss_verify
)
RSA_PKCS1_SHA256 = SignatureScheme(
    0x0401, "rsa_pkcs1_sha256", RSAPublicKey, RSAPrivateKey, sha256, _pkcs1_sign, _pkcs1_verify
)
RSA_PKCS1_SHA384 = SignatureScheme(
    0x0501, "rsa_pkcs1_sha384", RSAPublicKey, RSAPrivateKey, sha384, _pkcs1_sign, _pkcs1_verify
)
RSA_PKCS1_SHA512 = SignatureScheme(
    0x0601, "rsa_pkcs1_sha512", RSAPublicKey, RSAPrivateKey, sha512, _pkcs1_sign, _pkcs1_verify
)

DEFAULT_SCHEMES = (
    RSA_PSS_RSAE_SHA256,
    RSA_PSS_RSAE_SHA384,
    RSA_PSS_RSAE_SHA512,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
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
