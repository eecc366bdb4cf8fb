"""Extensions and general names: each comes back, is explained, and is refused where it is malformed."""

import ipaddress
from collections.abc import Sequence

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from pki.asn1 import der, der_writer
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, bit_string, boolean, integer, octet_string, oid, sequence, string
from pki.asn1.oids import OIDS
from pki.fields.extensions import (
    KNOWN,
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Purpose,
    SubjectAltName,
    SubjectKeyIdentifier,
    UnknownExtension,
    Usage,
    extension_element,
    extensions_element,
    find_extension,
    read_extension,
    read_extensions,
)
from pki.fields.general_names import (
    DirectoryName,
    DNSName,
    EmailAddress,
    GeneralName,
    IPAddress,
    OpaqueName,
    OtherName,
    RegisteredID,
    UniformResourceIdentifier,
    general_name_element,
    read_general_name,
)
from pki.fields.names import Name

EVERY_NAME: tuple[GeneralName, ...] = (
    DNSName("www.example"),
    IPAddress(bytes([192, 0, 2, 1])),
    IPAddress(ipaddress.ip_address("2001:db8::1").packed),
    EmailAddress("someone@example"),
    UniformResourceIdentifier("https://example/"),
    DirectoryName(Name.build(common_name="Someone")),
    RegisteredID("1.2.3"),
    OtherName("1.2.3", b"\x05\x00"),
    OpaqueName(context(3, constructed=True), b"\x05\x00"),
    OpaqueName(context(5, constructed=True), b"\x05\x00"),
)

EXAMPLES: tuple[Extension, ...] = (
    BasicConstraints(ca=True),
    BasicConstraints(ca=True, path_length=0),
    BasicConstraints(ca=False, critical=False),
    BasicConstraints(ca=False, path_length=3),
    KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE])),
    KeyUsage(frozenset([Usage.DECIPHER_ONLY]), critical=False),
    KeyUsage(frozenset(Usage)),
    ExtendedKeyUsage((Purpose.SERVER_AUTH, "1.2.3")),
    SubjectAltName(EVERY_NAME, critical=True),
    SubjectKeyIdentifier(b"key"),
    AuthorityKeyIdentifier(b"key"),
    AuthorityKeyIdentifier(None, issuer=EVERY_NAME[:1], serial_number=77),
    AuthorityKeyIdentifier(None),
    UnknownExtension("1.2.3", b"anything", critical=True),
    UnknownExtension("1.2.3", b"", critical=False),
)


def read(element: Element) -> Extension:
    reader = Reader(element.encoding)
    extension = read_extension(reader)
    reader.finish()
    return extension


@pytest.mark.parametrize("extension", EXAMPLES, ids=str)
def test_an_extension_comes_back_and_is_explained(extension: Extension) -> None:
    element = extension_element(extension)
    assert read(element) == extension
    layout = Layout()
    read_extension(Reader(element.encoding, layout=layout))
    assert unexplained(layout.fields, len(element.encoding)) == []
    assert ("critical" in layout.fields[0].value) == extension.critical


def test_the_spelling_that_the_standards_print() -> None:
    """RFC 5280 appendix C.1: the root's basicConstraints, keyUsage and subjectKeyIdentifier."""
    for extension, encoding in (
        (BasicConstraints(ca=True), "300f0603551d130101ff040530030101ff"),
        (KeyUsage(frozenset([Usage.KEY_CERT_SIGN, Usage.CRL_SIGN])), "300e0603551d0f0101ff040403020106"),
        (
            SubjectKeyIdentifier(bytes.fromhex("0868af8533c8394a7af882938e706a4a20842c32")),
            "301d0603551d0e04160414" "0868af8533c8394a7af882938e706a4a20842c32",
        ),
    ):  # fmt: skip
        assert extension_element(extension).encoding.hex() == encoding


def test_usages_are_shown_in_the_layout() -> None:
    layout = Layout()
    read_extension(Reader(extension_element(EXAMPLES[4]).encoding, layout=layout))
    assert {field.label: field.value for _, field in layout.fields[0].walk()}["KeyUsage"] == "digitalSignature"


def test_key_usage_bits() -> None:
    for usages, contents in (
        ([Usage.DIGITAL_SIGNATURE], "0780"),
        ([Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT], "05a0"),
        ([Usage.ENCIPHER_ONLY], "0001"),
        ([Usage.DECIPHER_ONLY], "070080"),
        (list(Usage), "07ff80"),
    ):
        assert KeyUsage(frozenset(usages)).value_element().contents.hex() == contents
    with pytest.raises(ValueError, match="without a usage"):
        KeyUsage(frozenset()).value_element()


def test_what_a_person_reads() -> None:
    assert [str(extension) for extension in EXAMPLES] == [
        "a certificate authority",
        "a certificate authority, path length 0",
        "no certificate authority",
        "no certificate authority, path length 3",
        "digitalSignature",
        "decipherOnly",
        "digitalSignature, contentCommitment, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign, "
        "encipherOnly, decipherOnly",
        "serverAuth (1.3.6.1.5.5.7.3.1), 1.2.3",
        "DNS:www.example, IP:192.0.2.1, IP:2001:db8::1, email:someone@example, URI:https://example/, "
        "directory:CN=Someone, registered ID:1.2.3, other name:1.2.3, x400Address, ediPartyName",
        "6b:65:79",
        "6b:65:79",
        "DNS:www.example, serial number 4d",
        "",
        "8 octets",
        "0 octets",
    ]
    assert str(DNSName("a\x1b[2J")) == "DNS:a\\x1b[2J"


def test_names_of_each_kind_are_found() -> None:
    names = SubjectAltName(EVERY_NAME)
    assert names.dns_names == ["www.example"]
    assert names.ip_addresses == [b"\xc0\0\2\1", ipaddress.ip_address("2001:db8::1").packed]


def value(extension_oid: str, *contents: Element, critical: Sequence[Element] = ()) -> Element:
    octets = octet_string("extnValue", b"".join(element.encoding for element in contents))
    return sequence("Extension", oid("extnID", OIDS[extension_oid]), *critical, octets)


@pytest.mark.parametrize(
    "element",
    [
        value("basicConstraints", sequence("b"), critical=[boolean("critical", False)]),  # a default spelled out
        value("basicConstraints", sequence("b", boolean("cA", False))),
        value("basicConstraints", sequence("b", integer("pathLenConstraint", -1))),
        value("basicConstraints", sequence("b", integer("pathLenConstraint", 1 << 20000))),
        value("basicConstraints", sequence("b", integer("p", 1), boolean("cA", True))),
        value("basicConstraints"),
        value("basicConstraints", sequence("b"), sequence("b")),
        value("keyUsage", bit_string("k", b"")),
        value("keyUsage", bit_string("k", b"\0")),
        value("keyUsage", bit_string("k", b"\xa0", unused=4)),  # a zero after the last one
        value("keyUsage", bit_string("k", b"\xff\xc0", unused=6)),  # a tenth bit
        value("extKeyUsage", sequence("e")),
        value("extKeyUsage", sequence("e", integer("i", 1))),
        value("subjectAltName", sequence("s")),
        value("subjectAltName", sequence("s", octet_string("iPAddress", b"abc", tag=context(7)))),
        value("subjectAltName", sequence("s", octet_string("name", b"", tag=context(9)))),
        value("subjectAltName", sequence("s", octet_string("dNSName", b"\xe9", tag=context(2)))),
        value("subjectAltName", sequence("s", string("name", "a", type=der.UTF8_STRING))),
        value("subjectAltName", sequence("s", sequence("other", oid("t", "1.2"), tag=context(0, constructed=True)))),
        value("subjectKeyIdentifier", integer("i", 1)),
        value("authorityKeyIdentifier", sequence("a", integer("serial", 1, tag=context(2)), octet_string("k", b""))),
        value("authorityKeyIdentifier", sequence("a", octet_string("k", b"", tag=context(3)))),
        sequence("Extension", oid("extnID", "1.2.3")),
        sequence("Extension", octet_string("extnValue", b"")),
        sequence("Extension", oid("extnID", "1.2.3"), boolean("c", True), octet_string("v", b""), boolean("c", True)),
    ],
)
def test_what_is_malformed(element: Element) -> None:
    with pytest.raises(DERError):
        read(element)


def test_there_must_be_at_least_one() -> None:
    with pytest.raises(DERError, match="expected Extension"):
        read_extensions(Reader(sequence("Extensions").encoding))


@given(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=5))
def test_a_list_of_extensions(extensions: list[Extension]) -> None:
    found = read_extensions(Reader(extensions_element(extensions).encoding))
    assert list(found) == extensions
    constraints = find_extension(found, BasicConstraints)
    assert constraints == next((e for e in extensions if isinstance(e, BasicConstraints)), None)


@pytest.mark.parametrize("name", EVERY_NAME, ids=str)
def test_spoiled_general_names_give_a_der_error(name: GeneralName) -> None:
    data = general_name_element(name).encoding
    assert read_general_name(Reader(data)) == name
    for cut in range(len(data)):
        with pytest.raises(DERError):
            read_general_name(Reader(data[:cut]))
    for at in range(len(data)):
        for octet in range(256):
            try:
                read_general_name(Reader(data[:at] + bytes([octet]) + data[at + 1 :]))
            except DERError:
                continue


@pytest.mark.parametrize("kind", KNOWN.values())
@given(st.binary(max_size=40))
def test_any_contents_give_an_extension_or_a_der_error(kind: type, contents: bytes) -> None:
    element = sequence("Extension", oid("extnID", kind.oid), octet_string("extnValue", contents))  # type: ignore[attr-defined]  # every extension has one
    try:
        found = read(element)
    except DERError:
        return
    assert extension_element(found).encoding == element.encoding


PEERS: tuple[tuple[Extension, x509.ExtensionType], ...] = (
    (EXAMPLES[1], x509.BasicConstraints(ca=True, path_length=0)),
    (EXAMPLES[4], x509.KeyUsage(True, False, False, False, False, False, False, False, False)),
    (KeyUsage(frozenset(Usage)), x509.KeyUsage(*9 * [True])),
    (ExtendedKeyUsage((Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH)),
     x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])),
    (SubjectKeyIdentifier(b"key"), x509.SubjectKeyIdentifier(b"key")),
    (AuthorityKeyIdentifier(b"key"), x509.AuthorityKeyIdentifier(b"key", None, None)),
    (AuthorityKeyIdentifier(b"key", (DNSName("a"),), 77), x509.AuthorityKeyIdentifier(b"key", [x509.DNSName("a")], 77)),
    (SubjectAltName(EVERY_NAME[:8]), x509.SubjectAlternativeName([
        x509.DNSName("www.example"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
        x509.RFC822Name("someone@example"),
        x509.UniformResourceIdentifier("https://example/"),
        x509.DirectoryName(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Someone")])),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
        x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
    ])),
)  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), PEERS, ids=lambda e: type(e).__name__)
def test_cryptography_writes_the_same(ours: Extension, theirs: x509.ExtensionType) -> None:
    element = extension_element(ours)
    assert element.elements[-1].contents == theirs.public_bytes()


def test_every_usage_has_its_name() -> None:
    assert str(Usage.KEY_CERT_SIGN) == "keyCertSign"
    assert [usage.value for usage in Usage] == list(range(9))
    assert str(Purpose.SERVER_AUTH) == "1.3.6.1.5.5.7.3.1"
    assert der_writer.oid("o", Purpose.ANY).contents.hex() == "551d2500"
