"""Certification requests: built, read, proved, and refused where they are malformed."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from explain.layout import unexplained
from pki.asn1.der import DERError, context
from pki.asn1.der_writer import Element, bit_string, integer, null, oid, sequence, set_of, string
from pki.asn1.oids import OIDS
from pki.asn1.pem import pem_encode
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import BasicConstraints, Extension, KeyUsage, SubjectAltName, Usage, extensions_element
from pki.fields.general_names import DNSName
from pki.fields.names import Name
from pki.keys import dump_private_key, public_key_info
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, SignatureAlgorithm
from pki.x509 import CertificateSigningRequest as PublicName
from primitives.errors import InvalidSignature
from primitives.rsa import RSAPrivateKey
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections

SUBJECT = Name.build(common_name="otp.example", country="IN", state="Goa", locality="Panaji", organization="Bänk")


def request_with(
    key: RSAPrivateKey, *attributes: Element, version: int = 0, ordered: bool = True
) -> CertificateSigningRequest:
    """A request with any attributes."""
    make = set_of if ordered else sequence
    info = sequence(
        "info",
        integer("version", version),
        SUBJECT.element("subject"),
        public_key_info(key.public_key),
        make("attributes", *attributes, tag=context(0, constructed=True)),
    )
    signature = bit_string("signature", RSA_PKCS1_SHA256.sign(key, info.encoding))
    whole = sequence("request", info, RSA_PKCS1_SHA256.element("algorithm"), signature)
    return CertificateSigningRequest.from_der(whole.encoding)


def attribute(type: str, *values: Element) -> Element:
    return sequence("attribute", oid("type", OIDS.get(type, type)), set_of("values", *values))


@pytest.mark.parametrize("algorithm", [RSA_PKCS1_SHA256, RSA_PSS_SHA256], ids=lambda a: a.name)
def test_a_request_comes_back_and_proves_possession(
    algorithm: SignatureAlgorithm, keys: Sequence[RSAPrivateKey]
) -> None:
    request = PublicName.build(SUBJECT, ["otp.example", "*.otp.example"], keys[2], signature_algorithm=algorithm)
    assert PublicName is CertificateSigningRequest
    for again in (CertificateSigningRequest.from_der(request.to_der()), PublicName.from_pem(request.to_pem())):
        assert again == request
        assert hash(again) == hash(request)
        assert again.subject == SUBJECT
        assert again.public_key == keys[2].public_key
        assert again.dns_names == ["otp.example", "*.otp.example"]
        assert again.signature_algorithm == algorithm
        assert again.challenge_password is None
        again.verify()
    assert unexplained(request.layout(), len(request.to_der())) == []
    assert wrong_sections(request.layout()) == []
    assert request.to_pem().startswith(b"-----BEGIN CERTIFICATE REQUEST-----\n")
    assert PublicName.from_pem(request.to_pem().replace(b" CERTIFICATE", b" NEW CERTIFICATE")) == request
    assert "otp.example" in repr(request)


def test_without_names_there_is_no_attribute(keys: Sequence[RSAPrivateKey]) -> None:
    request = CertificateSigningRequest.build(SUBJECT, [], keys[2], signature_algorithm=RSA_PKCS1_SHA256)
    assert (request.attributes, request.extensions, request.dns_names) == ((), (), [])


def test_a_request_can_be_repeated(keys: Sequence[RSAPrivateKey]) -> None:
    one, two = (
        CertificateSigningRequest.build(
            SUBJECT, ["a"], keys[2], signature_algorithm=RSA_PSS_SHA256, random_bytes=lambda n: bytes(n)
        )
        for _ in range(2)
    )
    assert one == two


def test_a_spoiled_request_proves_nothing(request_for_leaf: CertificateSigningRequest) -> None:
    der = request_for_leaf.to_der()
    spoiled = CertificateSigningRequest.from_der(der.replace(b"leaf.example", b"loaf.example"))
    with pytest.raises(InvalidSignature):
        spoiled.verify()
    assert spoiled != request_for_leaf
    assert spoiled != der


def test_all_attributes_are_read(keys: Sequence[RSAPrivateKey]) -> None:
    requested: list[Extension] = [KeyUsage(frozenset([Usage.KEY_CERT_SIGN])), BasicConstraints(ca=True)]
    request = request_with(
        keys[2],
        attribute("extensionRequest", extensions_element(requested)),
        attribute("challengePassword", string("p", "secret word")),
        attribute("1.2.3", null("one"), integer("two", 2)),
    )
    assert request.extensions == tuple(requested)
    assert request.challenge_password == "secret word"
    assert dict(request.attributes)["1.2.3"] == set_of("values", integer("two", 2), null("one")).encoding
    assert unexplained(request.layout(), len(request.der)) == []
    assert request.dns_names == []
    values = [field.value for _, field in request.layout()[0].walk() if field.label == "Attribute"]
    assert sorted(value.split()[0] for value in values) == ["1.2.3", "challengePassword", "extensionRequest"]
    request.verify()


def test_the_attribute_of_microsoft_is_read_as_that_of_pkcs_9(keys: Sequence[RSAPrivateKey]) -> None:
    """szOID_CERT_EXTENSIONS has the same value as extensionRequest, and a request may have both."""
    names, usage = SubjectAltName((DNSName("a.example"),)), KeyUsage(frozenset([Usage.KEY_CERT_SIGN]))
    theirs = attribute("1.3.6.1.4.1.311.2.1.14", extensions_element([names]))
    request = request_with(keys[2], theirs)
    assert (request.extensions, request.dns_names) == ((names,), ["a.example"])
    assert unexplained(request.layout(), len(request.der)) == []
    both = request_with(keys[2], attribute("extensionRequest", extensions_element([usage])), theirs)
    assert set(both.extensions) == {names, usage}


def test_addresses_are_asked_for_as_addresses(keys: Sequence[RSAPrivateKey]) -> None:
    addresses = [bytes([192, 0, 2, 1]), bytes(15) + b"\1"]
    request = CertificateSigningRequest.build(
        SUBJECT, ["a.example"], keys[2], ip_addresses=addresses, signature_algorithm=RSA_PKCS1_SHA256
    )
    oracle = x509.load_der_x509_csr(request.der).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert oracle.get_values_for_type(x509.DNSName) == ["a.example"]
    assert [str(address) for address in oracle.get_values_for_type(x509.IPAddress)] == ["192.0.2.1", "::1"]


def test_what_is_malformed(keys: Sequence[RSAPrivateKey]) -> None:
    names = extensions_element([SubjectAltName(())])
    some = extensions_element([BasicConstraints(ca=False)])
    password = attribute("challengePassword", string("p", "x"))
    for attributes in (
        [attribute("extensionRequest", names)],
        [attribute("extensionRequest")],
        [attribute("extensionRequest", some, extensions_element([BasicConstraints(ca=True)]))],
        [attribute("challengePassword", integer("p", 1))],
        [attribute("challengePassword", string("p", "x"), string("p", "y"))],
        [password, password],
        [attribute("1.2.3")],
        [sequence("attribute", oid("type", "1.2.3"))],
        [sequence("attribute", oid("type", "1.2.3"), null("values"))],
    ):
        with pytest.raises(DERError):
            request_with(keys[2], *attributes)
    with pytest.raises(DERError, match="expected 0"):
        request_with(keys[2], version=1)
    one, two = attribute("1.2.3", null("x")), attribute("1.2.4", null("x"))
    assert request_with(keys[2], one, two, ordered=False)
    with pytest.raises(DERError, match="out of order"):
        request_with(keys[2], two, one, ordered=False)


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_cut_longer_or_spoiled_it_gives_a_der_error(request_for_leaf: CertificateSigningRequest, stride: int) -> None:
    der = request_for_leaf.to_der()
    for cut in range(len(der)):
        with pytest.raises(DERError):
            CertificateSigningRequest.from_der(der[:cut])
    with pytest.raises(DERError):
        CertificateSigningRequest.from_der(der + b"\0")
    for at in range(0, len(der), stride):
        for change in (1, 0x80, 0xFF):
            try:
                spoiled = CertificateSigningRequest.from_der(der[:at] + bytes([der[at] ^ change]) + der[at + 1 :])
            except DERError:
                continue
            with pytest.raises(InvalidSignature):
                spoiled.verify()


def test_pem_that_is_no_request(request_for_leaf: CertificateSigningRequest) -> None:
    for data, complaint in (
        (b"", "found no PEM block"),
        (pem_encode("CERTIFICATE", request_for_leaf.der), "found CERTIFICATE"),
        (request_for_leaf.to_pem() * 2, "found CERTIFICATE REQUEST, CERTIFICATE REQUEST"),
    ):
        with pytest.raises(ValueError, match=complaint):
            CertificateSigningRequest.from_pem(data)


def test_cryptography_reads_ours(request_for_leaf: CertificateSigningRequest) -> None:
    theirs = x509.load_der_x509_csr(request_for_leaf.to_der())
    assert theirs.is_signature_valid
    assert theirs.tbs_certrequest_bytes == request_for_leaf.tbs
    names = theirs.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == request_for_leaf.dns_names


def test_we_read_cryptographys(keys: Sequence[RSAPrivateKey]) -> None:
    key = serialization.load_pem_private_key(dump_private_key(keys[2]), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "otp.example")]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("otp.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, b"secret word")
    )
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for theirs in (builder.sign(key, hashes.SHA512()), builder.sign(key, hashes.SHA256(), rsa_padding=pss)):
        ours = CertificateSigningRequest.from_der(theirs.public_bytes(serialization.Encoding.DER))
        ours.verify()
        assert ours.subject == Name.build(common_name="otp.example")
        assert ours.dns_names == ["otp.example"]
        assert ours.challenge_password == "secret word"
        assert ours.signature_algorithm in (RSA_PKCS1_SHA512, RSA_PSS_SHA256)


def test_openssl_verifies_ours_and_we_verify_openssls(
    peer_tool: PeerTool, keys: Sequence[RSAPrivateKey], tmp_path: Path
) -> None:
    openssl = peer_tool("openssl")
    for algorithm in (RSA_PKCS1_SHA256, RSA_PSS_SHA256):
        ours = CertificateSigningRequest.build(SUBJECT, ["otp.example"], keys[2], signature_algorithm=algorithm)
        shown = run(openssl, "req", "-verify", "-text", "-noout", "-nameopt", "utf8", stdin=ours.to_pem())
        assert "DNS:otp.example" in shown
        assert "O=Bänk" in shown
        run(openssl, "asn1parse", stdin=ours.to_pem())
    key = tmp_path / "key.pem"
    key.write_bytes(dump_private_key(keys[2]))
    command = [openssl, "req", "-new", "-key", str(key), "-subj", "/C=IN/CN=otp.example", "-addext"]
    command += ["subjectAltName=DNS:otp.example,IP:192.0.2.1", "-sha512"]
    for options in ([], ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:64"]):
        theirs = CertificateSigningRequest.from_pem(run(*command, *options).encode())
        theirs.verify()
        assert theirs.dns_names == ["otp.example"]
        assert theirs.subject == Name.build(country="IN", common_name="otp.example")
        assert unexplained(theirs.layout(), len(theirs.der)) == []
