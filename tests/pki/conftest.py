"""Keys and authorities that the tests of this room share, made once in a session."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Extension
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.key_formats.private_key_info import PrivateKey
from pki.key_formats.public_key_info import PublicKey
from pki.signatures import RSA_PKCS1_SHA256, SignatureAlgorithm, Signer
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey, generate_private_key

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
VALIDITY: dict[str, Any] = {"validity": Validity(NOW - DAY, NOW + DAY)}
ROOT, INTERMEDIATE, LEAF = (Name.build(organization="Example", common_name=name) for name in ("Root", "Sub", "Leaf"))


@pytest.fixture(scope="session")
def keys() -> tuple[RSAPrivateKey, RSAPrivateKey, RSAPrivateKey]:
    """Keys of a root, of an intermediate authority, and of a leaf."""
    return generate_private_key(2048), generate_private_key(2048), generate_private_key(2048)


@pytest.fixture(scope="session")
def root(keys: Sequence[RSAPrivateKey]) -> Authority:
    return Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)


@pytest.fixture(scope="session")
def request_for_leaf(keys: Sequence[RSAPrivateKey]) -> CertificateSigningRequest:
    return CertificateSigningRequest.build(
        LEAF, ["leaf.example", "*.wild.example"], keys[2], signature_algorithm=RSA_PKCS1_SHA256
    )


BuildCertificate = Callable[..., Certificate]


@pytest.fixture(scope="session")
def certificate(keys: Sequence[RSAPrivateKey]) -> BuildCertificate:
    """Return a function that builds a certificate, by default the leaf's under the root, with any fact changed."""

    def build(
        *extensions: Extension,
        subject: Name = LEAF,
        issuer: Name = ROOT,
        public_key: PublicKey = keys[2].public_key,
        signing_key: PrivateKey = keys[0],
        serial_number: int = 7,
        signature_algorithm: SignatureAlgorithm = RSA_PKCS1_SHA256,
        not_before: datetime = NOW - DAY,
        not_after: datetime = NOW + DAY,
    ) -> Certificate:
        return Certificate.build(
            serial_number=serial_number,
            issuer=issuer,
            subject=subject,
            public_key=public_key,
            signer=Signer(signing_key, signature_algorithm),
            extensions=extensions,
            validity=Validity(not_before, not_after),
        )

    return build
