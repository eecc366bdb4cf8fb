"""Certificates: built, read, explained, and refused where they are malformed."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from explain import trace
from explain.layout import unexplained
from pki.asn1 import der_writer
from pki.asn1.der import BIT_STRING, DERError
from pki.asn1.der_writer import Element, bit_string, integer, null, octet_string, sequence
from pki.asn1.pem import pem_encode
from pki.ca.authority import Authority
from pki.fields.extensions import (
    BasicConstraints,
    KeyUsage,
    SubjectAltName,
    SubjectKeyIdentifier,
    Usage,
    extension_element,
    extensions_element,
)
from pki.fields.general_names import DNSName
from pki.fields.names import Name
from pki.keys import UnknownPublicKey, dump_private_key, public_key_info
from pki.signatures import (
    RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384,
    RSA_PSS_SHA256,
    RSA_PSS_SHA512,
    RSAPKCS1,
    SignatureAlgorithm,
    UnknownSignatureAlgorithm,
)
from pki.x509 import EXTENSIONS, ISSUER_ID, SUBJECT_ID, VERSION, Certificate
from primitives.errors import InvalidSignature
from primitives.pkcs1v15 import pkcs1v15_verify
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha512
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections
from tests.pki.conftest import LEAF, NOW, ROOT, VALIDITY, BuildCertificate


@pytest.mark.parametrize("algorithm", [RSA_PKCS1_SHA384, RSA_PSS_SHA256], ids=lambda a: a.name)
def test_a_certificate_comes_back(
    algorithm: SignatureAlgorithm, certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]
) -> None:
    names = SubjectAltName((DNSName("a.example"), DNSName("*.b.example")))
    built = certificate(names, KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE])), signature_algorithm=algorithm)
    for again in (Certificate.from_der(built.to_der()), Certificate.from_pem(built.to_pem())):
        assert again == built
        assert hash(again) == hash(built)
        assert (again.version, again.serial_number) == (3, 7)
        assert (again.issuer, again.subject, again.is_self_issued) == (ROOT, LEAF, False)
        assert again.not_before == VALIDITY["validity"].not_before
        assert again.not_after == VALIDITY["validity"].not_after
        assert again.public_key == keys[2].public_key
        assert again.dns_names == ["a.example", "*.b.example"]
        assert again.extension(SubjectAltName) == names
        assert again.extension(BasicConstraints) is None
        assert again.allows(Usage.DIGITAL_SIGNATURE)
        assert not again.allows(Usage.KEY_ENCIPHERMENT)
        assert again.signature_algorithm == algorithm
        assert again.algorithms_agree
        assert again.tbs in again.der
        again.verify_signature_by(keys[0].public_key)
        with pytest.raises(InvalidSignature):
            again.verify_signature_by(keys[1].public_key)
    assert repr(built) == f"<Certificate {LEAF}, serial number 7, issued by {ROOT}>"
    assert built != built.der


def test_without_extensions_everything_is_allowed(certificate: BuildCertificate) -> None:
    plain = certificate(SubjectKeyIdentifier(b"x"))
    assert plain.dns_names == []
    assert all(map(plain.allows, Usage))


def test_a_certificate_does_not_change(certificate: BuildCertificate) -> None:
    with pytest.raises(AttributeError):
        certificate(SubjectKeyIdentifier(b"x")).serial_number = 8  # type: ignore[misc]  # the point of it


def test_fingerprints(certificate: BuildCertificate) -> None:
    built = certificate(SubjectKeyIdentifier(b"x"))
    theirs = x509.load_der_x509_certificate(built.der)
    assert built.fingerprint() == theirs.fingerprint(hashes.SHA256())
    assert built.fingerprint(sha512) == theirs.fingerprint(hashes.SHA512())


def test_a_signature_is_computed_once_and_never_believed_of_others(
    certificate: BuildCertificate, keys: Sequence[RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = certificate(SubjectKeyIdentifier(b"x"), serial_number=0xCACE)  # no other test has this signature
    computed = []

    def counted(self: RSAPKCS1, key: RSAPublicKey, message: bytes, signature: bytes) -> None:
        computed.append(signature)
        pkcs1v15_verify(key, message, signature, hash=self.hash)

    monkeypatch.setattr(RSAPKCS1, "verify", counted)
    for _ in range(3):
        Certificate.from_der(made.der).verify_signature_by(keys[0].public_key)
    assert len(computed) == 1
    spoilt = replace(made, signature=made.signature[:-1] + bytes([made.signature[-1] ^ 1]))
    for wrong, key in ((spoilt, keys[0]), (replace(made, tbs=made.tbs + b"x"), keys[0]), (made, keys[1])):
        for _ in range(2):
            with pytest.raises(InvalidSignature):
                wrong.verify_signature_by(key.public_key)
    assert len(computed) == 7
    with trace.recording():
        made.verify_signature_by(keys[0].public_key)
    assert len(computed) == 8


def test_every_byte_is_explained(root: Authority) -> None:
    built = root.certificate
    fields = built.layout()
    assert unexplained(fields, len(built.der)) == []
    labels = [field.label for _, field in fields[0].walk()]
    names = "Certificate tbsCertificate version serialNumber issuer validity notBefore subject subjectPublicKeyInfo "
    names += "modulus Extensions BasicConstraints cA signatureAlgorithm signatureValue"
    assert set(names.split()) <= set(labels)
    values = {field.label: field.value for _, field in fields[0].walk()}
    assert values["notBefore"] == "2026-05-31 12:00:00 UTC"
    assert values["subject"] == str(ROOT)
    assert re.fullmatch("0x[0-9a-f]{8}…[0-9a-f]{8} \\(2048 bits\\)", values["modulus"])
    assert wrong_sections(fields) == []


def test_several_in_one_file(certificate: BuildCertificate) -> None:
    one, two = certificate(SubjectKeyIdentifier(b"1")), certificate(SubjectKeyIdentifier(b"2"))
    other = pem_encode("OTHER", b"x")
    assert Certificate.all_from_pem(one.to_pem() + other + two.to_pem()) == [one, two]
    assert Certificate.from_pem(other + one.to_pem()) == one
    with pytest.raises(ValueError, match="expected one CERTIFICATE, found CERTIFICATE, CERTIFICATE"):
        Certificate.from_pem(one.to_pem() + two.to_pem())
    for load in (Certificate.from_pem, Certificate.all_from_pem):
        with pytest.raises(ValueError, match=r"expected (a|one) CERTIFICATE, found OTHER"):
            load(other)
        with pytest.raises(ValueError, match=r"expected (a|one) CERTIFICATE, found no PEM block"):
            load(b"")


def test_text_is_refused() -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        Certificate.from_der("3000")  # type: ignore[arg-type]  # the point of it


# --- Certificates that no constructor makes, field by field.

Fields = dict[str, Element | None]


def fields(key: RSAPrivateKey) -> Fields:
    return {
        "version": sequence("[0]", integer("version", 2), tag=VERSION),
        "serial": integer("serial", 7),
        "inner": RSA_PKCS1_SHA256.element("signature"),
        "issuer": ROOT.element("issuer"),
        "validity": sequence("validity", der_writer.time("b", NOW), der_writer.time("a", NOW)),
        "subject": LEAF.element("subject"),
        "key": public_key_info(key.public_key),
        "issuer_id": None,
        "subject_id": None,
        "extensions": sequence("[3]", extensions_element([BasicConstraints(ca=True)]), tag=EXTENSIONS),
        "more": None,
    }


def assemble(parts: Fields, *, outer: Element | None = None, unused: int = 0) -> bytes:
    tbs = sequence("tbs", *(part for part in parts.values() if part is not None))
    signature = bit_string("signature", bytes(256), unused=unused)
    return sequence("c", tbs, outer or RSA_PKCS1_SHA256.element("a"), signature).encoding


VERSION_2 = sequence("[0]", integer("version", 1), tag=VERSION)
UNIQUE, EMPTY = bit_string("id", b"\x80", unused=7, tag=ISSUER_ID), bit_string("id", b"", tag=SUBJECT_ID)


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, 3),
        ({"extensions": None}, 3),
        ({"version": None, "extensions": None}, 1),
        ({"version": VERSION_2, "extensions": None}, 2),
        ({"issuer_id": UNIQUE}, 3),
        ({"version": VERSION_2, "extensions": None, "issuer_id": UNIQUE, "subject_id": EMPTY}, 2),
        ({"serial": integer("serial", -5)}, 3),
        ({"serial": integer("serial", 1 << 500)}, 3),  # verification refuses it, and can show why
        ({"subject": Name(()).element("subject")}, 3),
    ],
)  # fmt: skip
def test_each_version_has_its_fields(changes: Fields, version: int, keys: Sequence[RSAPrivateKey]) -> None:
    der = assemble(fields(keys[2]) | changes)
    read = Certificate.from_der(der)
    assert read.version == version
    assert unexplained(read.layout(), len(der)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"version": sequence("[0]", integer("version", 0), tag=VERSION)},  # the default, spelled out
        {"version": sequence("[0]", integer("version", 3), tag=VERSION)},
        {"version": sequence("[0]", integer("version", -1), tag=VERSION)},
        {"version": sequence("[0]", integer("version", 1 << 20000), tag=VERSION)},
        {"version": None},  # extensions in version 1
        {"version": VERSION_2},  # extensions in version 2
        {"version": None, "extensions": None, "issuer_id": UNIQUE},
        {"subject_id": EMPTY, "extensions": None, "more": UNIQUE},
        {"serial": None},
        {"inner": None},
        {"issuer": None},
        {"validity": None},
        {"validity": sequence("validity", der_writer.time("b", NOW))},
        {"validity": sequence("validity", der_writer.time("b", NOW), der_writer.time("a", NOW), null("n"))},
        {"subject": None},
        {"key": None},
        {"extensions": sequence("[3]", sequence("Extensions"), tag=EXTENSIONS)},
        {"extensions": sequence("[3]", tag=EXTENSIONS)},
        {"more": null("more")},
        {"serial": octet_string("serial", b"\7")},
    ],
)
def test_what_is_malformed(changes: Fields, keys: Sequence[RSAPrivateKey]) -> None:
    with pytest.raises(DERError):
        Certificate.from_der(assemble(fields(keys[2]) | changes))


def test_a_signature_is_whole_octets(keys: Sequence[RSAPrivateKey]) -> None:
    with pytest.raises(DERError, match="whole number of octets"):
        Certificate.from_der(assemble(fields(keys[2]), unused=1))


def test_the_two_algorithms_are_compared(keys: Sequence[RSAPrivateKey]) -> None:
    der = assemble(fields(keys[2]), outer=RSA_PKCS1_SHA384.element("a"))
    assert not Certificate.from_der(der).algorithms_agree
    without_null = sequence("a", RSA_PKCS1_SHA256.element("a").elements[0])
    assert not Certificate.from_der(assemble(fields(keys[2]), outer=without_null)).algorithms_agree


# --- Corrupted certificates.


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_cut_longer_or_spoiled_it_gives_a_der_error(root: Authority, stride: int) -> None:
    der = root.certificate.der
    key = root.certificate.public_key
    for cut in range(len(der)):
        with pytest.raises(DERError):
            Certificate.from_der(der[:cut])
    for more in (b"\0", b"0", der):
        with pytest.raises(DERError, match="left over"):
            Certificate.from_der(der + more)
    for at in range(0, len(der), stride):
        for change in (1, 0x80, 0xFF):
            try:
                spoiled = Certificate.from_der(der[:at] + bytes([der[at] ^ change]) + der[at + 1 :])
            except DERError:
                continue
            assert unexplained(spoiled.layout(), len(der)) == []
            with pytest.raises(InvalidSignature):
                spoiled.verify_signature_by(key)


@given(st.data())
def test_any_changes_give_a_certificate_or_a_der_error(root: Authority, data: st.DataObject) -> None:
    der = bytearray(root.certificate.der)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(der) - 1))
        match data.draw(st.integers(0, 2)):
            case 0:
                der[at] = data.draw(st.integers(0, 255))
            case 1:
                del der[at : at + data.draw(st.integers(1, 8))]
            case 2:
                der[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        if not der:
            return
    try:
        read = Certificate.from_der(bytes(der))
    except DERError:
        return
    assert read.to_der() == der
    assert unexplained(read.layout(), len(der)) == []
    assert str(read.subject).isprintable()
    assert repr(read)


# --- Certificates of others.


def real_certificates() -> list[Path]:
    """The certificates in the package cryptography-vectors, those of NIST's PKITS among them."""
    folder = Path(pytest.importorskip("cryptography_vectors").__file__).parent / "x509"
    texts = [path for path in sorted(folder.rglob("*.pem")) if b"BEGIN CERTIFICATE-" in path.read_bytes()]
    return texts + sorted((folder / "PKITS_data" / "certs").glob("*.crt"))


REFUSED = {  # by their names in the package, and why strict DER refuses them
    "utf8-dnsname.pem": "dNSName is not a well-formed IA5String",
    "badasn1time.pem": "notAfter is not a time",
    "malformed-san.pem": "found UTF8String",
    "invalid_version.pem": "a certificate of version 8",
    "empty-eku.pem": "expected KeyPurposeId",
    "invalid_utf8_common_name.pem": "not a well-formed UTF8String",
    "ecdsa_null_alg.pem": "2 bytes left over",
    "ed25519-rfc8410.pem": "cA is FALSE, which is its default",
    "cp_invalid.pem": "found IA5String (0x16), expected UserNotice",
    "nc_invalid_ip_netmask.pem": "expected ones and then zeros",
    "nc_ip_invalid_length.pem": "expected an address and a mask",
    "inhibit_any_policy_negative.pem": "InhibitAnyPolicy is below 0",
    "belgian-eid-invalid-visiblestring.pem": "explicitText is not a well-formed VisibleString",
    "malformed-ian.pem": "found UTF8String (0x0c), expected value",
    "BadSignedCACert.crt": "signatureValue is not a whole number of octets",
    "InvalidDSASignatureTest6EE.crt": "signatureValue is not a whole number of octets",
}


@pytest.mark.filterwarnings("ignore")  # what `cryptography` thinks of some of them
def test_real_certificates_are_read_as_cryptography_reads_them() -> None:
    """Of some 500 certificates, all that strict DER allows; each says what `cryptography` says of it."""
    read, refused = 0, {}
    for path in real_certificates():
        data = path.read_bytes()
        try:
            ours = Certificate.from_der(data) if path.suffix == ".crt" else Certificate.all_from_pem(data)[0]
        except DERError as error:
            refused[path.name] = error.reason
            continue
        read += 1
        assert unexplained(ours.layout(), len(ours.der)) == [], path
        try:
            theirs = x509.load_der_x509_certificate(ours.der)
        except ValueError:  # it minds the parameters of algorithms that are not known here
            assert isinstance(ours.signature_algorithm, UnknownSignatureAlgorithm), path
            continue
        assert ours.tbs == theirs.tbs_certificate_bytes
        assert ours.signature == theirs.signature
        assert ours.serial_number == theirs.serial_number
        assert ours.not_before == theirs.not_valid_before_utc
        assert ours.not_after == theirs.not_valid_after_utc
        check_names(ours, theirs)
        assert public_key_info(ours.public_key).encoding in ours.der
        assert all(extension_element(extension).encoding in ours.der for extension in ours.extensions), path
        check_extensions(ours, theirs, path)
    assert refused.keys() == REFUSED.keys()
    assert all(REFUSED[name] in reason for name, reason in refused.items())
    assert read > 450


def check_names(ours: Certificate, theirs: x509.Certificate) -> None:
    assert ours.subject.element("subject").encoding in ours.der
    assert ours.issuer.element("issuer").encoding in ours.der
    try:
        pairs = ((ours.subject, theirs.subject), (ours.issuer, theirs.issuer))
    except ValueError:
        return  # values of other types than strings, `cryptography` does not take
    for name, peer in pairs:
        texts = [(a.oid, a.text) for rdn in name.rdns for a in rdn if a.tag != BIT_STRING]
        assert texts == [(a.oid.dotted_string, a.value) for a in peer if isinstance(a.value, str)]


def check_extensions(ours: Certificate, theirs: x509.Certificate, path: Path) -> None:
    try:
        peers = theirs.extensions
    except (ValueError, x509.DuplicateExtension):
        return  # what is wrong with them, `cryptography` finds only now
    assert [e.oid for e in ours.extensions] == [e.oid.dotted_string for e in peers], path
    assert [e.critical for e in ours.extensions] == [e.critical for e in peers], path
    alternative = ours.extension(SubjectAltName)
    if alternative is not None:
        theirs_names = peers.get_extension_for_class(x509.SubjectAlternativeName).value
        assert alternative.dns_names == theirs_names.get_values_for_type(x509.DNSName)
        addresses = theirs_names.get_values_for_type(x509.IPAddress)
        assert [str(ipaddress.ip_address(octets)) for octets in alternative.ip_addresses] == list(map(str, addresses))
    constraints = ours.extension(BasicConstraints)
    if constraints is not None:
        value = peers.get_extension_for_class(x509.BasicConstraints).value
        assert (constraints.ca, constraints.path_length) == (value.ca, value.path_length)


def test_cryptography_reads_ours(root: Authority, certificate: BuildCertificate) -> None:
    theirs_root = x509.load_der_x509_certificate(root.certificate.der)
    for algorithm in (RSA_PKCS1_SHA384, RSA_PSS_SHA512):
        ours = certificate(SubjectAltName((DNSName("a.example"),)), signature_algorithm=algorithm)
        theirs = x509.load_der_x509_certificate(ours.der)
        theirs.verify_directly_issued_by(theirs_root)
        assert theirs.subject.rfc4514_string({}) == "CN=Leaf,O=Example"
        assert theirs.not_valid_after_utc == ours.not_after


def test_we_read_cryptographys(keys: Sequence[RSAPrivateKey]) -> None:
    key = serialization.load_pem_private_key(dump_private_key(keys[0]), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Röot")])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), 99)
        .not_valid_before(datetime(1960, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    )
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for theirs, algorithm in (
        (builder.sign(key, hashes.SHA384()), RSA_PKCS1_SHA384),
        (builder.sign(key, hashes.SHA256(), rsa_padding=pss), RSA_PSS_SHA256),
    ):
        ours = Certificate.from_der(theirs.public_bytes(serialization.Encoding.DER))
        assert ours.signature_algorithm == algorithm
        assert (ours.not_before.year, ours.not_after.year) == (1960, 2060)
        assert ours.extensions == (BasicConstraints(ca=True, path_length=1),)
        ours.verify_signature_by(keys[0].public_key)


def test_openssl_prints_ours(peer_tool: PeerTool, root: Authority, certificate: BuildCertificate) -> None:
    openssl = peer_tool("openssl")
    for algorithm in (RSA_PKCS1_SHA384, RSA_PSS_SHA256):
        names = SubjectAltName((DNSName("a.example"),))
        ours = certificate(names, signature_algorithm=algorithm, serial_number=1 << 150)
        shown = run(openssl, "x509", "-text", "-noout", "-nameopt", "RFC2253", stdin=ours.to_pem())
        for wanted in ("Version: 3", "DNS:a.example", "Subject: CN=Leaf,O=Example", "Issuer: CN=Root,O=Example"):
            assert wanted in shown
        der = run(openssl, "asn1parse", "-inform", "DER", stdin=ours.to_der())
        assert "X509v3 Subject Alternative Name" in der
    assert "CA:TRUE" in run(openssl, "x509", "-text", "-noout", stdin=root.certificate.to_pem())


def test_a_key_of_another_kind_is_kept(certificate: BuildCertificate) -> None:
    built = certificate(SubjectKeyIdentifier(b"x"), public_key=UnknownPublicKey("1.2.3", b"\x05\x00", b"key"))
    assert Certificate.from_der(built.der).public_key == UnknownPublicKey("1.2.3", b"\x05\x00", b"key")


def test_a_large_certificate_is_read_whole(certificate: BuildCertificate) -> None:
    names = tuple(DNSName(f"{i:05}.example") for i in range(4000))
    built = certificate(SubjectAltName(names))
    assert len(built.der) > 60_000
    assert built.dns_names == [name.name for name in names]
