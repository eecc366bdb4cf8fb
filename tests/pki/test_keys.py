"""Keys on disk: their forms, what is not a key, and what OpenSSL and `cryptography` make of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

from explain.layout import Field, unexplained
from pki.asn1 import der_writer
from pki.asn1.der import DERError, Reader
from pki.asn1.pem import pem_encode
from pki.key_formats.pkcs1 import rsa_private_key_element, rsa_public_key_element
from pki.key_formats.private_key_info import private_key_info
from pki.key_formats.public_key_info import MAX_RSA_BITS, MAX_RSA_EXPONENT_BITS, is_oversized
from pki.keys import (
    Encoding,
    UnknownPublicKey,
    describe_public_key,
    dump_private_key,
    dump_public_key,
    key_identifier,
    load_private_key,
    load_public_key,
    private_key_layout,
    public_key_info,
    public_key_layout,
    read_public_key_info,
)
from primitives.rsa import OtherPrimeInfo, RSAPrivateKey, RSAPublicKey, generate_private_key
from primitives.sha2 import sha256
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections

SMALL = RSAPrivateKey.from_primes(61, 53, e=17)
MULTI_PRIME = RSAPrivateKey(  # of the primes 11, 7, 13, to be checked by hand
    n=1001, e=7, d=43, p=11, q=7, dP=3, dQ=1, qInv=8, otherPrimeInfos=(OtherPrimeInfo(r=13, d=7, t=12),)
)

WITH_HEADERS = b"-----BEGIN PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END PUBLIC KEY-----\n"


@pytest.fixture(scope="module")
def key(keys: Sequence[RSAPrivateKey]) -> RSAPrivateKey:
    return keys[0]


def test_a_private_key_comes_back(key: RSAPrivateKey) -> None:
    for encoding in Encoding:
        assert load_private_key(dump_private_key(key, encoding=encoding)) == key
    assert dump_private_key(key).startswith(b"-----BEGIN PRIVATE KEY-----\n")
    pkcs1 = rsa_private_key_element(key).encoding
    assert load_private_key(pkcs1) == load_private_key(pem_encode("RSA PRIVATE KEY", pkcs1)) == key


def test_a_public_key_comes_back(key: RSAPrivateKey) -> None:
    public = key.public_key
    for encoding in Encoding:
        assert load_public_key(dump_public_key(public, encoding=encoding)) == public
    assert dump_public_key(public).startswith(b"-----BEGIN PUBLIC KEY-----\n")
    pkcs1 = rsa_public_key_element(public).encoding
    assert load_public_key(pkcs1) == load_public_key(pem_encode("RSA PUBLIC KEY", pkcs1)) == public


def test_a_key_of_three_primes_comes_back() -> None:
    der = dump_private_key(MULTI_PRIME, encoding=Encoding.DER)
    assert load_private_key(der) == MULTI_PRIME
    assert unexplained(private_key_layout(der), len(der)) == []


def test_a_key_of_four_primes_comes_back_and_an_empty_list_of_them_is_refused() -> None:
    more = OtherPrimeInfo(r=17, d=3, t=8)
    four = RSAPrivateKey(
        n=17017, e=11, d=1571, p=11, q=7, dP=1, dQ=5, qInv=8, otherPrimeInfos=(OtherPrimeInfo(r=13, d=11, t=12), more)
    )
    element = rsa_private_key_element(four)
    assert load_private_key(element.encoding) == four
    none = der_writer.sequence("RSAPrivateKey", *element.elements[:-1], der_writer.sequence("otherPrimeInfos"))
    with pytest.raises(DERError, match="the data ends, expected OtherPrimeInfo"):
        load_private_key(none.encoding)


def test_every_byte_is_explained_and_no_secret_is_shown(key: RSAPrivateKey) -> None:
    for der, layout in (
        (dump_private_key(key, encoding=Encoding.DER), private_key_layout),
        (rsa_private_key_element(key).encoding, private_key_layout),
        (dump_public_key(key.public_key, encoding=Encoding.DER), public_key_layout),
        (rsa_public_key_element(key.public_key).encoding, public_key_layout),
    ):
        fields = layout(der)
        assert unexplained(fields, len(der)) == []
        text = repr(fields)
        for number in (key.d, key.p, key.q, key.dP, key.dQ, key.qInv):
            assert str(number) not in text
            assert f"{number:x}" not in text


def test_the_writer_explains_as_the_reader_does(key: RSAPrivateKey) -> None:
    info, public = private_key_info(key), public_key_info(key.public_key)
    assert private_key_layout(info.encoding) == [info.layout()]
    assert public_key_layout(public.encoding) == [public.layout()]


def test_labels_are_the_standards_names(key: RSAPrivateKey) -> None:
    [whole] = private_key_layout(dump_private_key(key, encoding=Encoding.DER))
    labels = {field.label for _, field in whole.walk()}
    assert {"OneAsymmetricKey", "version", "privateKeyAlgorithm", "RSAPrivateKey", "prime1", "coefficient"} <= labels
    assert wrong_sections([whole]) == []
    assert isinstance(whole, Field)


@pytest.mark.parametrize(
    ("load", "data", "complaint"),
    [
        (load_private_key, b"", "neither PEM nor DER"),
        (load_private_key, b"hello\n", "it is text without a PEM BEGIN line; expected a private key"),
        (load_private_key, b"\x30\x82", "neither PEM nor DER"),
        (load_private_key, dump_public_key(SMALL.public_key), "expected one private key, found PUBLIC KEY"),
        (load_private_key, dump_private_key(SMALL) * 2, "expected one private key, found PRIVATE KEY, PRIVATE KEY"),
        (load_private_key, dump_public_key(SMALL.public_key, encoding=Encoding.DER), "found a public key"),
        (load_private_key, rsa_public_key_element(SMALL.public_key).encoding, "found a public key"),
        (load_public_key, bytes.fromhex("30043000 0400"), "found an encrypted private key"),
        (load_private_key, bytes.fromhex("3007300030000301 00"), "found a certificate or the like"),
        (load_private_key, bytes.fromhex("3000"), "found other DER"),
        (load_private_key, pem_encode("CERTIFICATE", b"x"), "found CERTIFICATE"),
        (load_public_key, WITH_HEADERS, "the PUBLIC KEY has the headers Proc-Type, expected none"),
        (load_private_key, WITH_HEADERS.replace(b"PUBLIC", b"PRIVATE"), "has the headers Proc-Type, expected none"),
        (load_public_key, dump_private_key(SMALL), "expected one public key, found PRIVATE KEY"),
        (load_public_key, dump_private_key(SMALL, encoding=Encoding.DER), "found a private key"),
        (load_public_key, b"-----BEGIN PUBLIC KEY-----\n", "no END line"),
        (load_private_key, dump_private_key(SMALL, encoding=Encoding.DER) + b"\0", "1 bytes left over"),
        (load_public_key, dump_public_key(SMALL.public_key, encoding=Encoding.DER) + b"\0", "1 bytes left over"),
    ],
)
def test_a_file_that_is_not_the_key_expected(load: Callable[[bytes], object], data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        load(data)


def test_text_is_refused() -> None:
    for load in (load_private_key, load_public_key):
        with pytest.raises(TypeError, match="expected bytes"):
            load("-----BEGIN PRIVATE KEY-----")  # type: ignore[arg-type]  # the point of it


def integers(*numbers: int) -> bytes:
    return der_writer.sequence("s", *(der_writer.integer("i", number) for number in numbers)).encoding


@pytest.mark.parametrize(
    "der",
    [
        integers(0, 3233, 17, 413, 61, 53, 53, 49, 39),  # a wrong coefficient
        integers(0, 3235, 17, 413, 61, 53, 53, 49, 38),  # a wrong modulus
        integers(2, 3233, 17, 413, 61, 53, 53, 49, 38),  # an undefined version
        integers(-1, 3233, 17, 413, 61, 53, 53, 49, 38),
        integers(1 << 20000, 3233, 17, 413, 61, 53, 53, 49, 38),
        integers(1, 3233, 17, 413, 61, 53, 53, 49, 38),  # more primes promised, and none there
        integers(0, 3233, 17, 413, 61, 53, 53, 49),
        integers(0, 3233, 17, 413, 61, 53, 53, 49, 38, 1),
        integers(0, 0, 0, 0, 0, 0, 0, 0, 0),
    ],
)
def test_numbers_that_are_no_private_key(der: bytes) -> None:
    with pytest.raises(DERError) as caught:
        load_private_key(der)
    assert "413" not in str(caught.value)


@pytest.mark.parametrize("der", [integers(3234, 17), integers(3233, 2), integers(3233, -17), integers(0, 0)])
def test_numbers_that_are_no_public_key(der: bytes) -> None:
    with pytest.raises(DERError):
        load_public_key(der)


def test_keys_of_other_algorithms() -> None:
    """They are kept, shown and copied; a private one is refused by name."""
    peer = ec.generate_private_key(ec.SECP256K1())
    spki = peer.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    unknown = load_public_key(spki)
    assert isinstance(unknown, UnknownPublicKey)
    assert unknown.algorithm == "1.2.840.10045.2.1"
    assert dump_public_key(unknown, encoding=Encoding.DER) == spki
    assert "id-ecPublicKey" in describe_public_key(unknown)
    assert unexplained(public_key_layout(spki), len(spki)) == []
    pkcs8 = peer.private_bytes(serialization.Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(DERError, match=r"on the curve 1\.3\.132\.0\.10, expected P-256, P-384, P-521"):
        load_private_key(pkcs8)
    without_parameters = UnknownPublicKey("1.2.3", b"", b"key")
    assert load_public_key(dump_public_key(without_parameters)) == without_parameters


def test_attributes_and_public_key_of_version_2_are_read_over() -> None:
    elements = list(private_key_info(SMALL).elements)
    attributes = der_writer.set_of("attributes", der_writer.null("attribute"), tag=0xA0)
    public = der_writer.bit_string("publicKey", rsa_public_key_element(SMALL.public_key).encoding, tag=0x81)
    version_2 = der_writer.integer("version", 1)
    for fields, right in (
        ([*elements, attributes], True),
        ([version_2, *elements[1:], attributes, public], True),
        ([version_2, *elements[1:], public], True),
        ([version_2, *elements[1:], der_writer.bit_string("publicKey", b"x", tag=0x81)], False),  # of another key
        ([*elements, public], False),  # version 1 has none
        ([version_2, *elements[1:]], False),  # version 2 is for having one
        ([*elements, der_writer.null("more")], False),
        ([der_writer.integer("version", 2), *elements[1:]], False),
    ):
        der = der_writer.sequence("key", *fields).encoding
        if right:
            assert load_private_key(der) == SMALL
            assert unexplained(private_key_layout(der), len(der)) == []
        else:
            with pytest.raises(DERError):
                load_private_key(der)


def test_spoiled_keys_give_a_value_error() -> None:
    for der, load in (
        (dump_private_key(SMALL, encoding=Encoding.DER), load_private_key),
        (dump_public_key(SMALL.public_key, encoding=Encoding.DER), load_public_key),
    ):
        for cut in range(len(der)):
            with pytest.raises(ValueError):
                load(der[:cut])
        for at in range(len(der)):
            for change in (1, 0x80, 0xFF):
                spoiled = der[:at] + bytes([der[at] ^ change]) + der[at + 1 :]
                try:
                    found = load(spoiled)
                except ValueError:
                    continue
                assert found != SMALL.public_key
                assert found != SMALL


def test_key_identifier(key: RSAPrivateKey) -> None:
    """RFC 7093 §2 method 1: over the value of the BIT STRING subjectPublicKey, which for RSA is an RSAPublicKey."""
    expected = sha256(rsa_public_key_element(key.public_key).encoding).digest()[:20]
    assert key_identifier(key.public_key) == expected


def test_a_public_key_must_have_its_null_parameters() -> None:
    rsa_encryption = der_writer.oid("algorithm", "1.2.840.113549.1.1.1")
    bits = der_writer.bits_holding("key", rsa_public_key_element(SMALL.public_key))
    without = der_writer.sequence("info", der_writer.sequence("algorithm", rsa_encryption), bits)
    with pytest.raises(DERError, match="expected parameters"):
        read_public_key_info(Reader(without.encoding))


def test_cryptography_reads_and_writes_the_same_keys(key: RSAPrivateKey) -> None:
    peer = serialization.load_pem_private_key(dump_private_key(key), None)
    assert isinstance(peer, rsa.RSAPrivateKey)
    assert peer.private_numbers().p in (key.p, key.q)
    assert peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) == dump_private_key(key)
    traditional = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert load_private_key(traditional) == key
    public = peer.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert public == dump_public_key(key.public_key)


def test_openssl_reads_and_writes_the_same_keys(peer_tool: PeerTool, key: RSAPrivateKey, tmp_path: Path) -> None:
    openssl = peer_tool("openssl")
    for encoding in Encoding:
        data = dump_private_key(key, encoding=encoding)
        assert "Key is valid" in run(openssl, "pkey", "-inform", encoding.value, "-check", "-noout", stdin=data)
    assert run(openssl, "pkey", "-pubout", stdin=dump_private_key(key)).encode() == dump_public_key(key.public_key)
    file = tmp_path / "peer.pem"
    run(openssl, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file)
    theirs = load_private_key(file.read_bytes())
    assert dump_private_key(theirs) == file.read_bytes()
    traditional = run(openssl, "rsa", "-in", file, "-traditional").encode()
    assert load_private_key(traditional) == theirs
    public = run(openssl, "rsa", "-in", file, "-RSAPublicKey_out").encode()
    assert load_public_key(public) == theirs.public_key


def test_what_is_too_large() -> None:
    bits, exponent_bits = MAX_RSA_BITS, MAX_RSA_EXPONENT_BITS
    fits = RSAPublicKey((1 << bits) - 1, (1 << exponent_bits) - 1)
    assert not is_oversized(fits)
    assert describe_public_key(fits) == "RSA, 8192 bits"
    assert is_oversized(RSAPublicKey((1 << bits) + 1, 3))
    assert is_oversized(RSAPublicKey((1 << bits) - 1, (1 << exponent_bits) + 1))
    assert not is_oversized(UnknownPublicKey("1.2.3", b"", bytes(5000)))


def test_generated_keys_of_other_sizes_come_back() -> None:
    key = generate_private_key(1024, for_tests_only=True)
    assert load_private_key(dump_private_key(key)) == key
    assert describe_public_key(key.public_key) == "RSA, 1024 bits"
    assert describe_public_key(RSAPublicKey(key.n, (1 << 64) + 1)) == "RSA, 1024 bits, exponent of 65 bits"
