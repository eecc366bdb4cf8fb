"""Path validation: what holds, and each reason why a chain does not."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pki import verify
from pki.asn1.der import Reader
from pki.asn1.der_writer import bit_string, encoded, sequence
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import (
    BasicConstraints,
    ExtendedKeyUsage,
    KeyUsage,
    Purpose,
    SubjectAltName,
    UnknownExtension,
    Usage,
)
from pki.fields.general_names import DNSName, EmailAddress, GeneralName, UniformResourceIdentifier
from pki.fields.names import Attribute, Name
from pki.keys import UnknownPublicKey, dump_private_key
from pki.path import search
from pki.path.budget import LIMITS, Work
from pki.signatures import (
    ECDSA_SHA256,
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSA_PSS_SHA512,
    RSAPKCS1,
    SignatureAlgorithm,
    Signer,
    UnknownSignatureAlgorithm,
)
from pki.verify import CertificateError, Reason, VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.ed448_keys import Ed448PublicKey
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from primitives.sha2 import sha224
from tests.conftest import PeerTool, run
from tests.pki.conftest import DAY, INTERMEDIATE, LEAF, NOW, ROOT, VALIDITY, BuildCertificate

CA = BasicConstraints(ca=True)
SIGNS = KeyUsage(frozenset([Usage.KEY_CERT_SIGN]))
SERVER_NAMES = SubjectAltName((DNSName("leaf.example"),))
PKCS1 = (RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSAPKCS1(sha224))
PSS = (RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512)


@pytest.fixture(scope="session")
def sub(certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]) -> Certificate:
    """The intermediate authority's certificate."""
    return certificate(CA, SIGNS, subject=INTERMEDIATE, public_key=keys[1].public_key)


@pytest.fixture(scope="session")
def under_sub(keys: Sequence[RSAPrivateKey]) -> dict[str, Any]:
    return {"issuer": INTERMEDIATE, "signing_key": keys[1]}


def refused(leaf: Certificate, roots: Sequence[Certificate], **arguments: Any) -> CertificateError:
    with pytest.raises(CertificateError) as caught:
        verify_chain(leaf, roots=roots, **({"at": NOW} | arguments))
    assert caught.value.message == str(caught.value)
    assert caught.value.message.isprintable()
    return caught.value


# --- Chains that hold.


@pytest.mark.parametrize("algorithm", PKCS1 + PSS, ids=lambda a: a.name)
def test_a_leaf_under_a_root(algorithm: SignatureAlgorithm, root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES, signature_algorithm=algorithm)
    chain = verify_chain(
        leaf, roots=[root.certificate], at=NOW, server_name="leaf.example", purpose=Purpose.SERVER_AUTH
    )
    assert chain == (leaf, root.certificate)
    assert isinstance(chain, VerifiedChain)
    assert [check.name for check in chain.checks_by_certificate[0]] == [
        "signature", "form", "well-formed names", "validity", "public key", "critical extensions", "key usage",
        "purpose", "server name",
    ]  # fmt: skip
    assert [check.name for check in chain.checks_by_certificate[1]] == [
        "trust", "form", "validity", "public key", "authority", "path length", "key usage", "critical extensions",
    ]  # fmt: skip
    assert chain.checks == [*chain.checks_by_certificate[1], *chain.checks_by_certificate[0]]
    for name, outcome, section in chain.checks:
        assert name
        assert outcome
        assert section.startswith(("RFC ", "SP "))
    assert chain.checks_by_certificate[0][0].outcome == f"{algorithm.name}, made with the key of {ROOT}"


def test_through_an_intermediate_in_any_company(
    root: Authority, sub: Certificate, certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    stranger = certificate(CA, subject=Name.build(common_name="Stranger"))
    for intermediates in itertools.permutations([sub, stranger, leaf, root.certificate]):
        chain = verify_chain(leaf, intermediates=intermediates, roots=[stranger, root.certificate], at=NOW)
        assert chain == (leaf, sub, root.certificate)


def test_an_intermediate_may_be_trusted_itself(
    sub: Certificate, certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    assert verify_chain(leaf, roots=[sub], at=NOW) == (leaf, sub)


def test_a_leaf_may_be_trusted_itself(certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    chain = verify_chain(leaf, roots=[leaf], at=NOW, server_name="leaf.example")
    assert chain == (leaf,)
    assert refused(leaf, [leaf], server_name="other.example").reason is Reason.WRONG_NAME
    assert refused(leaf, [leaf], at=NOW + 2 * DAY).reason is Reason.EXPIRED


def test_validity_includes_both_ends(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    for at in (VALIDITY["validity"].not_before, VALIDITY["validity"].not_after):
        assert verify_chain(leaf, roots=[root.certificate], at=at)


def test_the_issuers_name_need_only_match(root: Authority, certificate: BuildCertificate) -> None:
    other_case = Name.build(organization="EXAMPLE", common_name=" root")
    leaf = certificate(SERVER_NAMES, issuer=other_case)
    assert verify_chain(leaf, roots=[root.certificate], at=NOW) == (leaf, root.certificate)


def test_a_root_of_version_1(keys: Sequence[RSAPrivateKey], certificate: BuildCertificate) -> None:
    """It has no way to say that it is an authority; to be trusted is enough."""
    built = certificate(CA, issuer=ROOT, subject=ROOT, public_key=keys[0].public_key)
    version_1 = resign(built, keys[0], drop=(0, 7))
    assert version_1.version == 1
    leaf = certificate(SERVER_NAMES)
    chain = verify_chain(leaf, roots=[version_1], at=NOW)
    assert ("authority", "a root of version 1", "RFC 5280 §6.1.4 (k)") in chain.checks
    assert ("path length", "no limit", "RFC 5280 §6.1.4 (m)") in chain.checks
    assert chain == (leaf, version_1)


def test_an_intermediate_of_version_1(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    built = certificate(CA, subject=INTERMEDIATE, public_key=keys[1].public_key)
    version_1 = resign(built, keys[0], drop=(0, 7))
    error = refused(certificate(SERVER_NAMES, **under_sub), [root.certificate], intermediates=[version_1])
    assert (error.reason, error.certificate) == (Reason.NOT_A_CA, version_1)


def test_what_is_told_of_each_check(keys: Sequence[RSAPrivateKey], certificate: BuildCertificate) -> None:
    top = certificate(BasicConstraints(ca=True, path_length=3), SIGNS, subject=ROOT, public_key=keys[0].public_key)
    leaf = certificate(
        SERVER_NAMES, ExtendedKeyUsage((Purpose.SERVER_AUTH,)), UnknownExtension("1.2.3", b"", critical=False)
    )
    chain = verify_chain(leaf, roots=[top], at=NOW, server_name="leaf.example", purpose=Purpose.SERVER_AUTH)
    assert [check.outcome for check in chain.checks] == [
        "one of the roots that are trusted here",
        "version 3, every extension once",
        "from 2026-05-31 12:00:00 UTC until 2026-06-02 12:00:00 UTC",
        "RSA, 2048 bits",
        "a certificate authority, path length 3",
        "3 more authorities may follow",
        "keyCertSign",
        "all 2 are understood",
        "sha256WithRSAEncryption, made with the key of O=Example, CN=Root",
        "version 3, every extension once",
        "DNS:leaf.example",
        "from 2026-05-31 12:00:00 UTC until 2026-06-02 12:00:00 UTC",
        "RSA, 2048 bits",
        "none",
        "any",
        "serverAuth (1.3.6.1.5.5.7.3.1)",
        "leaf.example, by DNS:leaf.example",
    ]
    nameless = certificate(SERVER_NAMES, subject=Name.build(), not_after=NOW - DAY, serial_number=255)
    assert "unnamed subject (serial number ff)" in refused(nameless, [top]).message


def resign(
    certificate: Certificate,
    key: RSAPrivateKey,
    *,
    drop: Sequence[int] = (),
    outer: SignatureAlgorithm = RSA_PKCS1_SHA256,
) -> Certificate:
    """Sign the certificate anew, without some of the fields that are signed, or under another algorithm."""
    with Reader(certificate.tbs).sequence("tbs") as fields:
        parts = []
        while not fields.at_end():
            parts.append(fields.any("field"))
    tbs = sequence("tbs", *(encoded("field", part) for i, part in enumerate(parts) if i not in drop))
    signature = bit_string("signature", outer.sign(key, tbs.encoding))
    return Certificate.from_der(sequence("certificate", tbs, outer.element("algorithm"), signature).encoding)


# --- Who signed it.


def test_an_unknown_issuer(
    root: Authority, sub: Certificate, certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    error = refused(leaf, [root.certificate])
    assert (error.reason, error.certificate) == (Reason.UNKNOWN_ISSUER, leaf)
    assert "its issuer is O=Example, CN=Sub, of whom no certificate is at hand" in error.message
    error = refused(leaf, [], intermediates=[sub])
    assert (error.reason, error.certificate) == (Reason.UNKNOWN_ISSUER, sub)


def test_a_root_that_is_not_trusted(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    error = refused(leaf, [], intermediates=[root.certificate])
    assert (error.reason, error.certificate) == (Reason.UNKNOWN_ISSUER, root.certificate)
    assert "it names itself as its issuer" in error.message


def test_another_authority_of_the_same_name(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate
) -> None:
    foreign = Authority.create_root(ROOT, keys[1], signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY).certificate
    leaf = certificate(SERVER_NAMES, signing_key=keys[1])
    for intermediates in ([], [foreign]):
        error = refused(leaf, [root.certificate], intermediates=intermediates)
        assert (error.reason, error.certificate) == (Reason.BAD_SIGNATURE, leaf)


def test_a_signature_or_a_fact_altered(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    for altered in (
        leaf.der[:-1] + bytes([leaf.der[-1] ^ 1]),
        leaf.der.replace(b"leaf.example", b"evil.example"),
    ):
        error = refused(Certificate.from_der(altered), [root.certificate])
        assert error.reason is Reason.BAD_SIGNATURE
        assert "its signature was not made with the key of O=Example, CN=Root" in error.message


def test_an_intermediate_altered(
    root: Authority, sub: Certificate, certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    altered = Certificate.from_der(sub.der[:-1] + bytes([sub.der[-1] ^ 1]))
    error = refused(leaf, [root.certificate], intermediates=[altered])
    assert (error.reason, error.certificate) == (Reason.BAD_SIGNATURE, altered)
    assert verify_chain(leaf, intermediates=[altered, sub], roots=[root.certificate], at=NOW)


def test_algorithms_that_differ_inside_and_outside(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate
) -> None:
    leaf = resign(certificate(SERVER_NAMES), keys[0], outer=RSA_PKCS1_SHA384)
    assert refused(leaf, [root.certificate]).reason is Reason.ALGORITHM_MISMATCH
    other = RSA_PKCS1_SHA384.element("signatureAlgorithm")  # over a signature that this algorithm did not make
    changed = sequence("c", encoded("tbs", leaf.tbs), other, bit_string("signature", bytes(256)))
    error = refused(Certificate.from_der(changed.encoding), [root.certificate])
    assert error.reason is Reason.ALGORITHM_MISMATCH


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("1.2.840.113549.1.1.5", Reason.WEAK_HASH),  # sha1WithRSAEncryption
        ("1.2.840.113549.1.1.4", Reason.WEAK_HASH),  # md5WithRSAEncryption
        ("1.2.840.10045.4.1", Reason.WEAK_HASH),  # ecdsa-with-SHA1
        ("1.2.3", Reason.UNSUPPORTED_ALGORITHM),
    ],
)
def test_weak_and_unknown_algorithms(
    identifier: str, reason: Reason, root: Authority, certificate: BuildCertificate
) -> None:
    leaf = certificate(SERVER_NAMES)
    other = UnknownSignatureAlgorithm(identifier, b"", "").element("algorithm")
    changed = sequence("c", encoded("tbs", leaf.tbs), other, bit_string("signature", leaf.signature))
    assert refused(Certificate.from_der(changed.encoding), [root.certificate]).reason is reason


# --- Each fact.


def test_too_early_and_too_late(
    root: Authority, sub: Certificate, certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    second = timedelta(seconds=1)
    leaf = certificate(SERVER_NAMES)
    error = refused(leaf, [root.certificate], at=NOW - DAY - second)
    assert (error.reason, error.certificate) == (Reason.NOT_YET_VALID, root.certificate)
    early = certificate(SERVER_NAMES, not_before=NOW + second)
    error = refused(early, [root.certificate])
    assert (error.reason, error.certificate) == (Reason.NOT_YET_VALID, early)
    assert "it is not valid before 2026-06-01 12:00:01 UTC" in error.message
    late = certificate(SERVER_NAMES, not_after=NOW - second)
    error = refused(late, [root.certificate])
    assert (error.reason, error.certificate) == (Reason.EXPIRED, late)
    assert "it was valid until 2026-06-01 11:59:59 UTC" in error.message
    long = certificate(SERVER_NAMES, not_after=NOW + 9 * DAY, **under_sub)
    error = refused(long, [sub], at=NOW + 2 * DAY)
    assert (error.reason, error.certificate) == (Reason.EXPIRED, sub)


def test_a_second_counts_to_its_end(root: Authority, certificate: BuildCertificate) -> None:
    """RFC 5280 §4.1.2.5: times are whole seconds, and notAfter is the last of them."""
    last = timedelta(microseconds=999_999)
    leaf = certificate(SERVER_NAMES, not_before=NOW, not_after=NOW)
    for at in (NOW, NOW + last):
        assert verify_chain(leaf, roots=[root.certificate], at=at)
    early = timedelta(microseconds=1)
    assert refused(leaf, [root.certificate], at=NOW - early).reason is Reason.NOT_YET_VALID
    assert refused(leaf, [root.certificate], at=NOW + last + early).reason is Reason.EXPIRED


def test_an_issuer_without_a_name(root: Authority, certificate: BuildCertificate) -> None:
    error = refused(certificate(SERVER_NAMES, issuer=Name(())), [root.certificate])
    assert error.reason is Reason.UNKNOWN_ISSUER
    assert error.message.endswith(
        "the name of its issuer is empty, and no certificate at hand and no trusted root has an empty name"
    )


@pytest.mark.parametrize(
    "name",
    [
        DNSName("*.*.example.com"),
        DNSName("a..example.com"),
        DNSName(".example.com"),
        DNSName("example.com."),
        DNSName("xn--\x00.example.com"),
        DNSName("a_b.example.com"),
        DNSName("-a.example.com"),
        DNSName("*"),
        DNSName(" "),
        EmailAddress("a@b@example.com"),
        EmailAddress("example.com"),
        EmailAddress("a..b@example.com"),
        EmailAddress("a@[192.0.2.256]"),
        UniformResourceIdentifier("//example.com/"),
        UniformResourceIdentifier("http:"),
        UniformResourceIdentifier("http://exam\tple.com/"),
    ],
    ids=repr,
)
def test_a_malformed_name(
    name: GeneralName,
    root: Authority,
    keys: Sequence[RSAPrivateKey],
    certificate: BuildCertificate,
    under_sub: dict[str, Any],
) -> None:
    names = SubjectAltName((DNSName("leaf.example"), name))
    error = refused(certificate(names), [root.certificate], server_name="leaf.example")
    assert error.reason is Reason.MALFORMED_NAME
    assert "is malformed, expected a" in error.message
    below = certificate(CA, SIGNS, names, subject=INTERMEDIATE, public_key=keys[1].public_key)
    error = refused(certificate(SERVER_NAMES, **under_sub), [root.certificate], intermediates=[below])
    assert (error.reason, error.certificate) == (Reason.MALFORMED_NAME, below)
    # A trust anchor is its name and its key (RFC 5280 §6.1.1 (d)).
    assert verify_chain(certificate(SERVER_NAMES, **under_sub), roots=[below], at=NOW)


def test_an_issuer_that_is_no_authority(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    no_authority = (BasicConstraints(ca=False), SIGNS), (BasicConstraints(ca=False, path_length=1), SIGNS)
    for extensions in ((SIGNS,), *no_authority):
        wrong = certificate(*extensions, subject=INTERMEDIATE, public_key=keys[1].public_key)
        error = refused(leaf, [root.certificate], intermediates=[wrong])
        assert (error.reason, error.certificate) == (Reason.NOT_A_CA, wrong)
        error = refused(leaf, [wrong])
        assert (error.reason, error.certificate) == (Reason.NOT_A_CA, wrong)


def test_an_issuer_that_may_not_sign(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    every_other = KeyUsage(frozenset(Usage) - {Usage.KEY_CERT_SIGN})
    wrong = certificate(CA, every_other, subject=INTERMEDIATE, public_key=keys[1].public_key)
    error = refused(leaf, [root.certificate], intermediates=[wrong])
    assert (error.reason, error.certificate) == (Reason.CANNOT_SIGN_CERTIFICATES, wrong)
    silent = certificate(CA, subject=INTERMEDIATE, public_key=keys[1].public_key)  # RFC 5280 §6.1.4 (n): if present
    assert verify_chain(leaf, intermediates=[silent], roots=[root.certificate], at=NOW)


def authorities(
    keys: Sequence[RSAPrivateKey], limits: Sequence[int | None], names: Sequence[Name]
) -> list[Certificate]:
    """Certificates of authorities one below the other, with two keys by turns, each with its path length."""
    made = []
    for i, limit in enumerate(limits):
        made.append(
            Certificate.build(
                serial_number=i + 1,
                issuer=names[max(i - 1, 0)],
                subject=names[i],
                public_key=keys[i % 2].public_key,
                extensions=[BasicConstraints(ca=True, path_length=limit)],
                signer=Signer(keys[max(i - 1, 0) % 2], RSA_PKCS1_SHA256),
                **VALIDITY,
            )
        )
    return made


def numbered(count: int) -> list[Name]:
    return [Name.build(common_name=f"Authority {i}") for i in range(count)]


@pytest.mark.parametrize(
    ("limits", "concerned"),
    [
        ((None, None, None), None),
        ((2, None, None), None),
        ((2, 1, 0), None),
        ((2, 5, 0), None),
        ((9, 1, None), None),
        ((1, None, None), 2),
        ((0, None), 1),
        ((None, 0, None), 2),
        ((3, 0, 3), 2),
        ((2, None, None, None), 3),
        ((1, 9, 9), 2),
    ],
)
def test_path_lengths(
    limits: Sequence[int | None], concerned: int | None, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate
) -> None:
    chain = authorities(keys, limits, numbered(len(limits)))
    leaf = certificate(SERVER_NAMES, issuer=chain[-1].subject, signing_key=keys[(len(limits) - 1) % 2])
    if concerned is None:
        assert verify_chain(leaf, intermediates=chain, roots=chain[:1], at=NOW) == (leaf, *reversed(chain))
    else:
        error = refused(leaf, chain[:1], intermediates=chain)
        assert (error.reason, error.certificate) == (Reason.PATH_TOO_LONG, chain[concerned])


def test_self_issued_authorities_do_not_count(keys: Sequence[RSAPrivateKey], certificate: BuildCertificate) -> None:
    """RFC 5280 §6.1.4 (l): a new key of the same authority is not a further authority."""
    chain = authorities(keys, (0, None), [ROOT, ROOT])
    leaf = certificate(SERVER_NAMES, issuer=ROOT, signing_key=keys[1])
    assert verify_chain(leaf, intermediates=chain, roots=chain[:1], at=NOW) == (leaf, *reversed(chain))


def test_a_leaf_that_is_an_authority_does_not_count(root: Authority, certificate: BuildCertificate) -> None:
    top = certificate(BasicConstraints(ca=True, path_length=0), subject=ROOT, public_key=root.certificate.public_key)
    leaf = certificate(CA, SERVER_NAMES)
    assert verify_chain(leaf, roots=[top], at=NOW) == (leaf, top)


@pytest.mark.parametrize(
    ("usages", "purpose", "right"),
    [
        ({Usage.DIGITAL_SIGNATURE}, Purpose.SERVER_AUTH, True),
        ({Usage.KEY_ENCIPHERMENT}, Purpose.SERVER_AUTH, True),
        ({Usage.KEY_AGREEMENT}, Purpose.SERVER_AUTH, True),
        ({Usage.KEY_CERT_SIGN, Usage.DATA_ENCIPHERMENT}, Purpose.SERVER_AUTH, False),
        ({Usage.DIGITAL_SIGNATURE}, Purpose.CLIENT_AUTH, True),
        ({Usage.KEY_ENCIPHERMENT}, Purpose.CLIENT_AUTH, False),
        ({Usage.KEY_ENCIPHERMENT}, Purpose.EMAIL_PROTECTION, True),
        ({Usage.KEY_ENCIPHERMENT}, Purpose.CODE_SIGNING, False),
        ({Usage.CONTENT_COMMITMENT}, Purpose.TIME_STAMPING, True),
        ({Usage.CRL_SIGN}, Purpose.OCSP_SIGNING, False),
        ({Usage.CRL_SIGN}, Purpose.ANY, True),
        ({Usage.CRL_SIGN}, None, True),
    ],
)
def test_key_usage_by_purpose(
    usages: set[Usage], purpose: Purpose | None, right: bool, root: Authority, certificate: BuildCertificate
) -> None:
    leaf = certificate(SERVER_NAMES, KeyUsage(frozenset(usages)))
    if right:
        assert verify_chain(leaf, roots=[root.certificate], at=NOW, purpose=purpose)
    else:
        error = refused(leaf, [root.certificate], purpose=purpose)
        assert (error.reason, error.certificate) == (Reason.WRONG_KEY_USAGE, leaf)


def test_purposes_of_the_leaf(root: Authority, certificate: BuildCertificate) -> None:
    for purposes, wanted, right in (
        ([Purpose.SERVER_AUTH], Purpose.SERVER_AUTH, True),
        ([Purpose.CLIENT_AUTH, Purpose.SERVER_AUTH], Purpose.SERVER_AUTH, True),
        ([Purpose.ANY], Purpose.SERVER_AUTH, True),
        ([Purpose.CLIENT_AUTH], None, True),
        ([Purpose.CLIENT_AUTH], Purpose.SERVER_AUTH, False),
        (["1.2.3"], Purpose.CLIENT_AUTH, False),
    ):
        leaf = certificate(SERVER_NAMES, ExtendedKeyUsage(tuple(purposes), critical=True))
        if right:
            assert verify_chain(leaf, roots=[root.certificate], at=NOW, purpose=wanted)
        else:
            error = refused(leaf, [root.certificate], purpose=wanted)
            assert (error.reason, error.certificate) == (Reason.WRONG_PURPOSE, leaf)


def test_purposes_of_an_authority(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    leaf = certificate(SERVER_NAMES, **under_sub)
    limited = certificate(
        CA, ExtendedKeyUsage((Purpose.CLIENT_AUTH,)), subject=INTERMEDIATE, public_key=keys[1].public_key
    )
    arguments: dict[str, Any] = {"intermediates": [limited], "roots": [root.certificate]}
    assert verify_chain(leaf, at=NOW, purpose=Purpose.CLIENT_AUTH, **arguments)
    assert verify_chain(leaf, at=NOW, **arguments)
    error = refused(leaf, purpose=Purpose.SERVER_AUTH, **arguments)
    assert (error.reason, error.certificate) == (Reason.WRONG_PURPOSE, limited)


def test_what_is_told_of_very_long_facts_is_brief(root: Authority, certificate: BuildCertificate) -> None:
    endless = Name([[Attribute(OIDS["commonName"], 12, "x" * 5000)]])
    purposes = ExtendedKeyUsage(("1.2.3",) * 5000)
    for leaf in (certificate(purposes), certificate(purposes, subject=endless), certificate(purposes, issuer=endless)):
        error = refused(leaf, [root.certificate], purpose=Purpose.SERVER_AUTH)
        assert 100 < len(error.message) < 1000


def test_unknown_critical_extensions(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    harmless, harmful = UnknownExtension("1.2.3", b"x", critical=False), UnknownExtension("1.2.3", b"x", critical=True)
    leaf = certificate(SERVER_NAMES, harmless)
    assert verify_chain(leaf, roots=[root.certificate], at=NOW)
    leaf = certificate(SERVER_NAMES, harmful)
    error = refused(leaf, [root.certificate])
    assert (error.reason, error.certificate) == (Reason.UNKNOWN_CRITICAL_EXTENSION, leaf)
    assert "its critical extension 1.2.3 is not understood here" in error.message
    wrong = certificate(CA, harmful, subject=INTERMEDIATE, public_key=keys[1].public_key)
    leaf = certificate(SERVER_NAMES, **under_sub)
    error = refused(leaf, [root.certificate], intermediates=[wrong])
    assert (error.reason, error.certificate) == (Reason.UNKNOWN_CRITICAL_EXTENSION, wrong)
    assert refused(leaf, [wrong]).reason is Reason.UNKNOWN_CRITICAL_EXTENSION


def test_an_extension_twice(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES, SubjectAltName((DNSName("evil.example"),)))
    error = refused(leaf, [root.certificate], server_name="evil.example")
    assert (error.reason, error.certificate) == (Reason.DUPLICATE_EXTENSION, leaf)


def test_serial_numbers(root: Authority, certificate: BuildCertificate) -> None:
    """RFC 5280 §4.1.2.2: be prepared for zero and for negative ones."""
    for number in (0, -1, 1 << 158, (1 << 159) - 1, -(1 << 159)):
        assert verify_chain(certificate(SERVER_NAMES, serial_number=number), roots=[root.certificate], at=NOW)
    for number in (1 << 159, -(1 << 159) - 1, 1 << 999):
        error = refused(certificate(SERVER_NAMES, serial_number=number), [root.certificate])
        assert error.reason is Reason.BAD_SERIAL_NUMBER


def test_the_server_name(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    error = refused(leaf, [root.certificate], server_name="other.example")
    assert (error.reason, error.certificate) == (Reason.WRONG_NAME, leaf)
    assert "it is for DNS:leaf.example" in error.message


def test_weak_and_odd_keys(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, under_sub: dict[str, Any]
) -> None:
    short = generate_private_key(1024, for_tests_only=True)
    leaf = certificate(SERVER_NAMES, public_key=short.public_key)
    error = refused(leaf, [root.certificate])
    assert (error.reason, error.certificate) == (Reason.WEAK_KEY, leaf)
    assert "RSA, 1024 bits, expected at least 2048 bits" in error.message
    assert verify_chain(leaf, roots=[root.certificate], at=NOW, minimum_rsa_bits=1024)
    weak = certificate(CA, subject=INTERMEDIATE, public_key=short.public_key)
    leaf = certificate(SERVER_NAMES, issuer=INTERMEDIATE, signing_key=short)
    error = refused(leaf, [root.certificate], intermediates=[weak])
    assert (error.reason, error.certificate) == (Reason.WEAK_KEY, weak)
    points = (
        "01" + 31 * "00",
        "ec" + 30 * "ff" + "7f",
        32 * "00",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    )
    of_small_order: list[Ed25519PublicKey | Ed448PublicKey] = [Ed25519PublicKey(bytes.fromhex(y)) for y in points]
    for small in (*of_small_order, Ed448PublicKey(bytes(57))):
        assert small.has_small_order
        leaf = certificate(SERVER_NAMES, public_key=small)
        error = refused(leaf, [root.certificate])
        assert (error.reason, error.certificate) == (Reason.WEAK_KEY, leaf)
        assert "its key has small order" in error.message
    assert not Ed25519PrivateKey(bytes(32)).public_key.has_small_order
    assert not Ed25519PublicKey(b"\2" + bytes(31)).has_small_order  # no point
    for key in (UnknownPublicKey("1.2.3", b"", b"key"), RSAPublicKey((1 << 20000) + 1, 3)):
        leaf = certificate(SERVER_NAMES, public_key=key)
        error = refused(leaf, [root.certificate])
        assert (error.reason, error.certificate) == (Reason.UNSUPPORTED_KEY, leaf)
        odd = certificate(CA, subject=INTERMEDIATE, public_key=key)
        leaf = certificate(SERVER_NAMES, **under_sub)
        error = refused(leaf, [root.certificate], intermediates=[odd])
        assert (error.reason, error.certificate) == (Reason.UNSUPPORTED_KEY, odd)


# --- What hostile input costs.


def test_chains_that_are_too_long(keys: Sequence[RSAPrivateKey], certificate: BuildCertificate) -> None:
    for count, right in (
        (search.MAX_CHAIN - 1, True),
        (search.MAX_CHAIN, False),
        (search.MAX_CHAIN + 5, False),
    ):
        chain = authorities(keys, [None] * count, numbered(count))
        leaf = certificate(SERVER_NAMES, issuer=chain[-1].subject, signing_key=keys[(count - 1) % 2])
        if right:
            assert len(verify_chain(leaf, intermediates=chain, roots=chain[:1], at=NOW)) == search.MAX_CHAIN
        else:
            assert refused(leaf, chain[:1], intermediates=chain).reason is Reason.CHAIN_TOO_LONG


def same_name(keys: Sequence[RSAPrivateKey], count: int, name: Name) -> list[Certificate]:
    """Many certificates of one name, each with a key of its own kind, each signed by one key of that name."""
    return [
        Certificate.build(
            serial_number=i + 1,
            issuer=name,
            subject=name,
            public_key=RSAPublicKey(keys[1].n, 65537 + 2 * i),
            extensions=[CA],
            signer=Signer(keys[1], RSA_PKCS1_SHA256),
            **VALIDITY,
        )
        for i in range(count)
    ]


def test_signatures_are_checked_once_each_and_not_without_end(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[tuple[Certificate, Certificate]] = []

    def check(certificate: Certificate, issuer: Certificate) -> CertificateError | None:
        checked.append((certificate, issuer))
        return CertificateError(Reason.BAD_SIGNATURE, certificate, "no") if issuer.serial_number % 2 else None

    monkeypatch.setattr(search, "check_signature", check)
    leaf = certificate(SERVER_NAMES, issuer=INTERMEDIATE, signing_key=keys[1])
    crowd = same_name(keys, 120, INTERMEDIATE)
    assert refused(leaf, [root.certificate], intermediates=crowd).reason is Reason.BAD_SIGNATURE
    assert len(checked) == len(set(checked)) == LIMITS[Work.SIGNATURES]


def test_the_search_does_not_go_on_without_end(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all signatures in a crowd of 8 are right, there are 8! ways through it, and none of them leads out."""
    checked: list[tuple[Certificate, Certificate]] = []
    monkeypatch.setattr(search, "check_signature", lambda *edge: checked.append(edge))
    leaf = certificate(SERVER_NAMES, issuer=INTERMEDIATE, signing_key=keys[1])
    crowd = same_name(keys, 8, INTERMEDIATE)
    assert refused(leaf, [root.certificate], intermediates=crowd).reason is Reason.TOO_MUCH_WORK
    assert len(checked) == len(set(checked)) < LIMITS[Work.SIGNATURES]


def test_a_crowd_does_not_hide_a_short_chain(certificate: BuildCertificate) -> None:
    """Authorities of one name that certify each other in all ways, as often as they like, before the honest one."""
    keys = [ECPrivateKey(P256, 1000 + i) for i in range(12)]

    def issue(serial_number: int, subject: Name, key: ECPrivateKey, by: Name, signer: ECPrivateKey) -> Certificate:
        return certificate(
            CA,
            serial_number=serial_number,
            subject=subject,
            public_key=key.public_key,
            issuer=by,
            signing_key=signer,
            signature_algorithm=ECDSA_SHA256,
        )

    root = issue(1, ROOT, keys[0], ROOT, keys[0])
    pairs = enumerate(itertools.permutations(keys[1:], 2))
    crowd = [issue(10 + i, INTERMEDIATE, one, INTERMEDIATE, other) for i, (one, other) in pairs]
    honest = issue(2, INTERMEDIATE, keys[1], ROOT, keys[0])
    leaf = issue(3, LEAF, keys[5], INTERMEDIATE, keys[1])
    assert len(crowd) == 110
    assert verify_chain(leaf, intermediates=[*crowd, honest], roots=[root], at=NOW) == (leaf, honest, root)
    error = refused(leaf, [root], intermediates=crowd)
    assert error.reason in (Reason.BAD_SIGNATURE, Reason.TOO_MUCH_WORK)
    assert error.chain[0] == leaf


def test_many_ways_to_a_root_are_not_all_tried(
    keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ninety intermediates, all expired, all rightly signed by the root: the first refusal is told."""
    expired: dict[str, Any] = {"not_after": NOW - DAY, "subject": INTERMEDIATE, "public_key": keys[1].public_key}
    crowd = [certificate(CA, serial_number=i + 1, **expired) for i in range(90)]
    top = certificate(CA, subject=ROOT, public_key=keys[0].public_key)
    leaf = certificate(SERVER_NAMES, issuer=INTERMEDIATE, signing_key=keys[1])
    validated = []
    validate = verify._Validation.validate

    def count(self: verify._Validation, chain: tuple[Certificate, ...]) -> VerifiedChain:
        validated.append(chain)
        return validate(self, chain)

    monkeypatch.setattr(verify._Validation, "validate", count)
    error = refused(leaf, [top], intermediates=crowd)
    assert (error.reason, error.certificate) == (Reason.EXPIRED, crowd[0])
    assert len(validated) == LIMITS[Work.CHAINS]


def test_octets_under_signatures_are_hashed_only_so_often(
    root: Authority, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large leaf, and a crowd of those who might have issued it, each with another key."""
    checked: list[Certificate] = []

    def check(certificate: Certificate, issuer: Certificate) -> CertificateError:
        checked.append(certificate)
        return CertificateError(Reason.BAD_SIGNATURE, certificate, "no")

    monkeypatch.setattr(search, "check_signature", check)
    leaf = certificate(SERVER_NAMES, issuer=INTERMEDIATE, signing_key=keys[1])
    monkeypatch.setitem(LIMITS, Work.SIGNED_OCTETS, 10 * len(leaf.tbs) + 5)
    assert refused(leaf, [root.certificate], intermediates=same_name(keys, 30, INTERMEDIATE))
    assert checked == [leaf] * 10


def test_a_loop_ends(keys: Sequence[RSAPrivateKey], root: Authority, certificate: BuildCertificate) -> None:
    one, two = numbered(2)
    first = certificate(CA, issuer=one, subject=two, public_key=keys[1].public_key, signing_key=keys[0])
    second = certificate(CA, issuer=two, subject=one, public_key=keys[0].public_key, signing_key=keys[1])
    leaf = certificate(SERVER_NAMES, issuer=two, signing_key=keys[1])
    error = refused(leaf, [root.certificate], intermediates=[first, second])
    assert error.reason is Reason.UNKNOWN_ISSUER


def test_mistakes_of_the_caller(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SERVER_NAMES)
    with pytest.raises(ValueError, match="no time zone"):
        verify_chain(leaf, roots=[root.certificate], at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="neither a host name"):
        verify_chain(leaf, roots=[], at=NOW, server_name="no name")


def test_the_documentation_lists_each_reason() -> None:
    page = (Path(__file__).parents[2] / "docs" / "certificates.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{reason.name}` | {reason.value} |" for reason in Reason]


def test_reasons_explain_themselves() -> None:
    assert all(isinstance(reason.value, str) and reason.value for reason in Reason)
    assert len({reason.value for reason in Reason}) == len(Reason)


# --- OpenSSL.


def test_openssl_verifies_ours(
    peer_tool: PeerTool, tmp_path: Path, keys: Sequence[RSAPrivateKey], request_for_leaf: CertificateSigningRequest
) -> None:
    openssl = peer_tool("openssl")
    for algorithm in (RSA_PKCS1_SHA384, RSA_PSS_SHA256):
        top = Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)
        request = CertificateSigningRequest.build(INTERMEDIATE, [], keys[1], signature_algorithm=algorithm)
        arguments: dict[str, Any] = {"signature_algorithm": algorithm, **VALIDITY}
        middle = Authority(top.issue_authority(request, path_length=0, **arguments), keys[1])
        leaf = middle.issue(request_for_leaf, purposes=[Purpose.SERVER_AUTH], **arguments)
        for name, made in (("root", top.certificate), ("sub", middle.certificate), ("leaf", leaf)):
            (tmp_path / name).write_bytes(made.to_pem())
        command = [openssl, "verify", "-x509_strict", "-attime", str(int(NOW.timestamp())), "-purpose", "sslserver"]
        command += ["-CAfile", str(tmp_path / "root"), "-untrusted", str(tmp_path / "sub")]
        for host in ("leaf.example", "a.wild.example"):
            assert "OK" in run(*command, "-verify_hostname", host, tmp_path / "leaf")
            chain = verify_chain(
                leaf,
                intermediates=[middle.certificate],
                roots=[top.certificate],
                at=NOW,
                server_name=host,
                purpose=Purpose.SERVER_AUTH,
            )
            assert len(chain) == 3


def test_we_verify_openssls(peer_tool: PeerTool, tmp_path: Path, keys: Sequence[RSAPrivateKey]) -> None:
    openssl = peer_tool("openssl")
    for i, name in enumerate(("root", "sub", "leaf")):
        (tmp_path / f"{name}.key").write_bytes(dump_private_key(keys[i]))
    (tmp_path / "sub.cnf").write_text(
        "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always,issuer:always\n"
    )
    (tmp_path / "leaf.cnf").write_text(
        "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
        "subjectAltName=DNS:otp.example,DNS:*.bank.example,IP:192.0.2.1,IP:2001:db8::1,email:a@example,URI:http://x/,"
        "RID:1.2.3,dirName:directory\n[directory]\nCN=Someone\n"
    )
    pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20"]
    for options in (["-sha256"], ["-sha512"], ["-sha256", *pss], ["-sha384", *pss]):
        run(openssl, "req", "-x509", "-new", "-key", tmp_path / "root.key", "-subj", "/O=Peer/CN=Root",
            "-days", "9", "-out", tmp_path / "root.pem", *options)  # fmt: skip
        for name, issuer in (("sub", "root"), ("leaf", "sub")):
            request = run(openssl, "req", "-new", "-key", tmp_path / f"{name}.key", "-subj", f"/CN={name}").encode()
            run(openssl, "x509", "-req", "-CA", tmp_path / f"{issuer}.pem", "-CAkey", tmp_path / f"{issuer}.key",
                "-CAcreateserial", "-days", "9", "-extfile", tmp_path / f"{name}.cnf", "-out", tmp_path / f"{name}.pem",
                *options, stdin=request)  # fmt: skip
        top, sub, leaf = (Certificate.from_pem((tmp_path / f"{n}.pem").read_bytes()) for n in ("root", "sub", "leaf"))
        for host in ("otp.example", "www.bank.example", "192.0.2.1", "2001:db8::1"):
            chain = verify_chain(
                leaf,
                intermediates=[sub],
                roots=[top],
                at=leaf.not_before,
                server_name=host,
                purpose=Purpose.SERVER_AUTH,
            )
            assert chain == (leaf, sub, top)
        error = refused(leaf, [top], intermediates=[sub], at=leaf.not_before, purpose=Purpose.CLIENT_AUTH)
        assert error.reason is Reason.WRONG_PURPOSE
