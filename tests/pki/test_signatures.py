"""Signature algorithms under their identifiers."""

from collections.abc import Sequence

import pytest

from explain.layout import Layout, unexplained
from pki.asn1 import der_writer
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, integer, null, octet_string, oid, sequence
from pki.asn1.oids import OIDS
from pki.key_formats.public_key_info import MAX_RSA_BITS, UnknownPublicKey
from pki.signatures import (
    ED448,
    ED25519,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSA_PSS_SHA512,
    RSAPKCS1,
    RSASSA_PSS,
    SignatureAlgorithm,
    UnknownSignatureAlgorithm,
    read_signature_algorithm,
)
from primitives.ed448 import ed448_verify
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519 import ed25519_verify
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.errors import InvalidSignature
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha384, sha512

ALL = (
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSA_PSS_SHA512,
    RSAPKCS1(sha224),
    RSASSA_PSS(sha256, sha512, 0),
    RSASSA_PSS(sha384, sha256, 20),
    UnknownSignatureAlgorithm("1.2.3", b"", ""),
    UnknownSignatureAlgorithm(OIDS["sha1WithRSAEncryption"], b"\x05\x00", "sha1"),
)


def read(element: Element) -> SignatureAlgorithm:
    reader = Reader(element.encoding)
    algorithm = read_signature_algorithm(reader, "signatureAlgorithm")
    reader.finish()
    return algorithm


@pytest.mark.parametrize("algorithm", ALL, ids=lambda algorithm: algorithm.name)
def test_an_algorithm_comes_back_and_is_explained(algorithm: SignatureAlgorithm) -> None:
    element = algorithm.element("signatureAlgorithm")
    assert read(element) == algorithm
    layout = Layout()
    read_signature_algorithm(Reader(element.encoding, layout=layout), "signatureAlgorithm")
    assert unexplained(layout.fields, len(element.encoding)) == []


def test_the_identifiers_of_the_standard() -> None:
    """RFC 8017 §A.2.4, RFC 4055 §3.1 (appendix "ASN.1 module": rSASSA-PSS-SHA256-Params and its like)."""
    assert RSA_PKCS1_SHA256.element("a").encoding.hex() == "300d06092a864886f70d01010b0500"
    assert RSA_PSS_SHA256.element("a").encoding.hex() == (
        "304106092a864886f70d01010a3034"
        "a00f300d06096086480165030402010500"
        "a11c301a06092a864886f70d010108300d06096086480165030402010500"
        "a203020120"
    )


def test_names() -> None:
    assert [a.name for a in ALL] == [
        "sha256WithRSAEncryption", "sha384WithRSAEncryption", "sha512WithRSAEncryption",
        "RSASSA-PSS (SHA-256, MGF1-SHA-256, salt 32)", "RSASSA-PSS (SHA-384, MGF1-SHA-384, salt 48)",
        "RSASSA-PSS (SHA-512, MGF1-SHA-512, salt 64)", "sha224WithRSAEncryption",
        "RSASSA-PSS (SHA-256, MGF1-SHA-512, salt 0)", "RSASSA-PSS (SHA-384, MGF1-SHA-256, salt 20)",
        "1.2.3", "sha1WithRSAEncryption",
    ]  # fmt: skip
    assert [a.hash_name for a in ALL] == [
        "sha256", "sha384", "sha512", "sha256", "sha384", "sha512", "sha224", "sha256", "sha384", "", "sha1",
    ]  # fmt: skip


@pytest.mark.parametrize("algorithm", ALL[:9], ids=lambda algorithm: algorithm.name)
def test_signing_and_verifying(algorithm: SignatureAlgorithm, keys: Sequence[RSAPrivateKey]) -> None:
    signature = algorithm.sign(keys[0], b"message")
    algorithm.verify(keys[0].public_key, b"message", signature)
    spoiled = bytes([signature[0], signature[1] ^ 1]) + signature[2:]
    for key, message, given in (
        (keys[1], b"message", signature),
        (keys[0], b"massage", signature),
        (keys[0], b"message", spoiled),
        (keys[0], b"message", signature[:-1]),
        (keys[0], b"message", b""),
    ):
        with pytest.raises(InvalidSignature):
            algorithm.verify(key.public_key, message, given)
    other = ALL[1] if algorithm != ALL[1] else ALL[2]
    with pytest.raises(InvalidSignature):
        other.verify(keys[0].public_key, b"message", signature)


def test_the_salt_comes_from_the_source_given(keys: Sequence[RSAPrivateKey]) -> None:
    one, two = (RSA_PSS_SHA256.sign(keys[0], b"message", random_bytes=lambda n: bytes(n)) for _ in range(2))
    assert one == two != RSA_PSS_SHA256.sign(keys[0], b"message")


def test_what_is_unknown_neither_signs_nor_verifies(keys: Sequence[RSAPrivateKey]) -> None:
    unknown = ALL[-1]
    with pytest.raises(ValueError, match="nothing here signs with sha1WithRSAEncryption"):
        unknown.sign(keys[0], b"")
    with pytest.raises(InvalidSignature, match="nothing here verifies"):
        unknown.verify(keys[0].public_key, b"", b"")


def test_keys_that_do_not_fit() -> None:
    huge = RSAPublicKey((1 << MAX_RSA_BITS) + 1, 3)
    slow = RSAPublicKey((1 << 2048) + 1, (1 << 64) + 1)
    for algorithm in ALL[:9]:
        with pytest.raises(InvalidSignature, match="needs an RSA key"):
            algorithm.verify(UnknownPublicKey("1.2.3", b"", b""), b"", b"")
        for key in (huge, slow):
            with pytest.raises(InvalidSignature, match="too large"):
                algorithm.verify(key, b"", b"")
        with pytest.raises(ValueError, match="signs with an RSA key"):
            algorithm.sign("no key", b"")  # type: ignore[arg-type]  # the point of it


def pss(*parameters: Element) -> Element:
    return sequence("a", oid("algorithm", OIDS["id-RSASSA-PSS"]), sequence("parameters", *parameters))


def explicit(number: int, element: Element) -> Element:
    return sequence("explicit", element, tag=context(number, constructed=True))


def hash_named(name: str, *parameters: Element) -> Element:
    return sequence("hash", oid("algorithm", OIDS[name]), *parameters)


def mgf1(hash: Element) -> Element:
    return sequence("mgf", oid("algorithm", OIDS["id-mgf1"]), hash)


def test_pss_parameters_may_be_spelled_out_or_not() -> None:
    """RFC 4055 §2.1: a hash's parameters are NULL or absent; §3.1: defaults may be there."""
    sha_256, sha_256_null = hash_named("id-sha256"), hash_named("id-sha256", null("parameters"))
    for hash in (sha_256, sha_256_null):
        found = read(
            pss(
                explicit(0, hash),
                explicit(1, mgf1(hash)),
                explicit(2, integer("salt", 20)),
                explicit(3, integer("trailer", 1)),
            )
        )
        assert found == RSASSA_PSS(sha256, sha256, 20)
        assert read(pss(explicit(0, hash), explicit(1, mgf1(hash)))) == found
    # Written, they are left out, and the hash's NULL is there.
    assert RSASSA_PSS(sha256, sha256, 20).element("a").encoding == (
        pss(explicit(0, sha_256_null), explicit(1, mgf1(sha_256_null))).encoding
    )


def test_pss_with_sha_1_for_the_mask_alone() -> None:
    """RFC 4055 §3.1: it is the default there; collisions do no harm."""
    hash = hash_named("id-sha256", null("parameters"))
    found = read(pss(explicit(0, hash)))
    assert (
        found == read(pss(explicit(0, hash), explicit(1, mgf1(hash_named("id-sha1"))))) == RSASSA_PSS(sha256, sha1, 20)
    )
    assert found.element("a").encoding == pss(explicit(0, hash)).encoding


def test_pss_with_what_is_too_weak_or_unknown() -> None:
    for parameters, hash_name in (
        ((), "sha1"),
        ((explicit(0, hash_named("id-sha1")),), "sha1"),
        ((explicit(0, hash_named("id-sha256")), explicit(1, hash_named("id-sha256"))), "sha256"),  # another MGF
        ((explicit(0, hash_named("id-sha256")), explicit(1, hash_named("id-sha384", null("p")))), "sha256"),
        ((explicit(0, hash_named("id-sha1")), explicit(1, mgf1(hash_named("id-sha256")))), "sha1"),
        ((explicit(0, hash_named("id-md5")), explicit(1, mgf1(hash_named("id-md5")))), "md5"),
        ((explicit(0, sequence("hash", oid("algorithm", "1.2.3"))),), ""),
    ):
        element = pss(*parameters)
        found = read(element)
        assert isinstance(found, UnknownSignatureAlgorithm)
        assert found.hash_name == hash_name
        assert found.element("a").encoding == element.encoding


@pytest.mark.parametrize(
    "element",
    [
        sequence("a", oid("algorithm", OIDS["id-RSASSA-PSS"])),  # no parameters
        pss(explicit(2, integer("salt", -1))),
        pss(explicit(2, integer("salt", 1 << 20000))),
        pss(explicit(3, integer("trailer", 2))),
        pss(explicit(2, integer("salt", 20)), explicit(0, hash_named("id-sha256"))),  # in the wrong order
        pss(explicit(0, hash_named("id-sha256", integer("parameters", 0)))),
        pss(explicit(4, integer("more", 1))),
        sequence("a", oid("algorithm", OIDS["sha256WithRSAEncryption"]), octet_string("parameters", b"")),
        sequence("a"),
        der_writer.set_of("a", oid("algorithm", OIDS["sha256WithRSAEncryption"])),
    ],
)
def test_what_is_malformed(element: Element) -> None:
    with pytest.raises(DERError):
        read(element)


@pytest.mark.parametrize(
    ("name", "hash_name"),
    [
        ("sha1WithRSAEncryption", "sha1"),
        ("md5WithRSAEncryption", "md5"),
        ("ecdsa-with-SHA1", "sha1"),
        ("ecdsa-with-SHA512", "sha512"),
        ("id-X25519", ""),
    ],
)
def test_weak_hashes_are_told_by_the_name(name: str, hash_name: str) -> None:
    assert read(sequence("a", oid("algorithm", OIDS[name]))).hash_name == hash_name


def test_absent_parameters_count_as_null() -> None:
    """RFC 4055 §5."""
    assert read(sequence("a", oid("algorithm", OIDS["sha512WithRSAEncryption"]))) == RSAPKCS1(sha512)


def test_a_signature_for_an_ed25519_key_of_small_order_proves_nothing() -> None:
    """For the neutral point, the same signature belongs to every message, and nobody needs a private key to make it."""
    neutral = (1).to_bytes(32, "little")
    forged = neutral + bytes(32)
    for message in (b"one", b"another"):
        ed25519_verify(neutral, message, forged)  # which is as the RFC has it
        with pytest.raises(InvalidSignature, match="the key has small order"):
            ED25519.verify(Ed25519PublicKey(neutral), message, forged)


def test_a_signature_for_an_ed448_key_of_small_order_proves_nothing() -> None:
    neutral = (1).to_bytes(57, "little")
    forged = neutral + bytes(57)
    for message in (b"one", b"another"):
        ed448_verify(neutral, message, forged)
        with pytest.raises(InvalidSignature, match="the key has small order"):
            ED448.verify(Ed448PublicKey(neutral), message, forged)
