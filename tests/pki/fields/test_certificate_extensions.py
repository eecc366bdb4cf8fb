"""The extensions about policies, name constraints, distribution points and access."""

from typing import Any

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from pki.asn1 import der
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, bit_string, boolean, integer, null, octet_string, oid, sequence, string
from pki.asn1.named_bits import named_bits_element, read_named_bits
from pki.asn1.oids import OIDS
from pki.fields.access import AccessDescription, AuthorityInfoAccess, SubjectInfoAccess
from pki.fields.distribution_points import (
    ALL_REASONS,
    CRLDistributionPoints,
    DistributionPoint,
    DistributionPointName,
    FreshestCRL,
    RevocationReason,
)
from pki.fields.extensions import Extension, IssuerAltName, extension_element, read_extension
from pki.fields.general_names import DirectoryName, DNSName, EmailAddress, UniformResourceIdentifier
from pki.fields.name_constraints import GeneralSubtree, IPRange, NameConstraints
from pki.fields.names import Name
from pki.fields.policy_extensions import (
    ANY_POLICY,
    CPS,
    CertificatePolicies,
    DisplayText,
    InhibitAnyPolicy,
    PolicyConstraints,
    PolicyInformation,
    PolicyMappings,
    UnknownQualifier,
    UserNotice,
)
from tests.documentation.contents import wrong_sections
from tests.pki.conftest import ROOT, BuildCertificate

HERE = UniformResourceIdentifier("http://ca.example/ca.crl")
NOTICE = UserNotice(DisplayText("Example", der.VISIBLE_STRING), (1, 2), DisplayText("Text"))
RANGES = IPRange(bytes([10, 0, 0, 0]), 8), IPRange(bytes(16), 0), IPRange(bytes([1, 2, 3, 4]), 32)

EXAMPLES: tuple[tuple[Extension, str], ...] = (
    (CertificatePolicies((PolicyInformation(ANY_POLICY),)), "anyPolicy (2.5.29.32.0)"),
    (
        CertificatePolicies((PolicyInformation("1.2.3", (CPS("http://c"), NOTICE)), PolicyInformation("1.2.4"))),
        "1.2.3 (CPS: http://c, notice: Example 1, 2; Text), 1.2.4",
    ),
    (CertificatePolicies((PolicyInformation("1.2.3", (UserNotice(),)),), critical=True), "1.2.3 (notice: )"),
    (
        CertificatePolicies((PolicyInformation("1.2.3", (UnknownQualifier("1.9", b"\5\0"),)),)),
        "1.2.3 (1.9: 2 octets)",
    ),
    (PolicyMappings((("1.2.3", "1.2.4"), ("1.2.3", "1.2.5"))), "1.2.3 is 1.2.4, 1.2.3 is 1.2.5"),
    (PolicyConstraints(0, 3), "a policy required after 0, no mapping after 3"),
    (PolicyConstraints(inhibit_policy_mapping=0, critical=False), "no mapping after 0"),
    (PolicyConstraints(require_explicit_policy=7), "a policy required after 7"),
    (InhibitAnyPolicy(2), "after 2"),
    (NameConstraints((GeneralSubtree(DNSName("example")),)), "permitted: DNS:example"),
    (
        NameConstraints(
            tuple(map(GeneralSubtree, RANGES)),
            (GeneralSubtree(DirectoryName(ROOT)), GeneralSubtree(EmailAddress("a@b"), 1, 2)),
        ),
        f"permitted: IP:10.0.0.0/8, IP:::/0, IP:1.2.3.4/32; excluded: directory:{ROOT}, email:a@b from 1 to 2",
    ),
    (
        CRLDistributionPoints(
            (
                DistributionPoint(DistributionPointName((HERE, DNSName("x")))),
                DistributionPoint(DistributionPointName(relative=ROOT.rdns[-1]), ALL_REASONS, (DirectoryName(ROOT),)),
                DistributionPoint(reasons=frozenset([RevocationReason.AA_COMPROMISE]), crl_issuer=(DNSName("y"),)),
            )
        ),
        "URI:http://ca.example/ca.crl, DNS:x | relative to the issuer: CN=Root; for keyCompromise, cACompromise, "
        "affiliationChanged, superseded, cessationOfOperation, certificateHold, privilegeWithdrawn, aACompromise; "
        f"issued by directory:{ROOT} | for aACompromise; issued by DNS:y",
    ),
    (FreshestCRL((DistributionPoint(DistributionPointName((HERE,))),)), f"{HERE}"),
    (FreshestCRL((DistributionPoint(reasons=frozenset()),)), "for no reason"),
    (
        AuthorityInfoAccess((AccessDescription(OIDS["id-ad-ocsp"], HERE), AccessDescription("1.2.3", DNSName("z")))),
        f"id-ad-ocsp ({OIDS['id-ad-ocsp']}): {HERE}, 1.2.3: DNS:z",
    ),
    (SubjectInfoAccess((AccessDescription("1.2.3", DNSName("z")),)), "1.2.3: DNS:z"),
    (IssuerAltName((DNSName("z"), HERE)), f"DNS:z, {HERE}"),
)


@pytest.mark.parametrize(("extension", "shown"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_an_extension_comes_back_is_explained_and_shown(extension: Extension, shown: str) -> None:
    encoding = extension_element(extension).encoding
    layout = Layout()
    assert read_extension(Reader(encoding, layout=layout)) == extension
    assert read_extension(Reader(encoding)) == extension
    assert unexplained(layout.fields, len(encoding)) == []
    assert wrong_sections(layout.fields) == []
    assert str(extension) == shown
    for cut in range(len(encoding)):
        with pytest.raises(DERError):
            read_extension(Reader(encoding[:cut]))


@given(st.sampled_from([extension for extension, _ in EXAMPLES]), st.data())
def test_what_is_spoiled_is_refused_or_means_what_it_says(extension: Extension, data: st.DataObject) -> None:
    encoding = bytearray(extension_element(extension).encoding)
    encoding[data.draw(st.integers(0, len(encoding) - 1))] = data.draw(st.integers(0, 255))
    try:
        reader = Reader(bytes(encoding))
        found = read_extension(reader)
        reader.finish()
    except DERError:
        return
    assert str(found).isprintable()
    assert extension_element(found).encoding == encoding


def test_cryptography_reads_them_all_and_writes_them_alike(certificate: BuildCertificate) -> None:
    for number, (extension, _) in enumerate(EXAMPLES):
        theirs = x509.load_der_x509_certificate(certificate(extension).der)
        try:
            (found,) = theirs.extensions
        except ValueError:
            assert number in (3, 10, 11, 13), extension  # unknown qualifiers, bounds of subtrees, few reasons
            continue
        assert found.critical == extension.critical
        assert found.oid.dotted_string == extension.oid
        value: Any = found.value
        ours = extension_element(extension).encoding.replace(b"\x1a\x07Example", b"\x0c\x07Example")
        # It has no VisibleString, and writes a UTF8String; and it drops the bounds of a subtree.
        assert value.public_bytes() in ours or number == 10, number


def extension(name: str, *fields: Element, tag: int = der.SEQUENCE) -> bytes:
    value = sequence(name, *fields, tag=tag)
    return sequence("e", oid("o", OIDS[name]), octet_string("v", value.encoding)).encoding


def policy(*fields: Element) -> Element:
    return sequence("policy", oid("o", "1.2.3"), *fields)


def qualified(kind: str, value: Element) -> bytes:
    return extension("certificatePolicies", policy(sequence("qs", sequence("q", oid("o", OIDS[kind]), value))))


def subtree(*fields: Element) -> bytes:
    return extension("nameConstraints", sequence("p", sequence("s", *fields), tag=context(0, constructed=True)))


DNS = string("d", "x", type=der.IA5_STRING, tag=context(2))


@pytest.mark.parametrize(
    "encoding",
    [
        extension("certificatePolicies"),
        extension("certificatePolicies", policy(), policy()),  # §4.2.1.4: not more than once
        extension("certificatePolicies", policy(sequence("none"))),
        extension("certificatePolicies", policy(null("n"))),
        qualified("id-qt-cps", string("s", "http://x")),  # a UTF8String
        qualified("id-qt-unotice", sequence("n", string("s", "x", type=der.PRINTABLE_STRING))),
        qualified("id-qt-unotice", sequence("n", string("s", "x"), string("s", "x"))),
        qualified("id-qt-unotice", sequence("n", sequence("r", string("s", "x")))),
        extension("policyMappings"),
        extension("policyMappings", sequence("m", oid("o", "1.2.3"))),
        extension("policyConstraints"),
        extension("policyConstraints", integer("n", -1, tag=context(0))),
        extension("policyConstraints", integer("n", 1, tag=context(1)), integer("n", 1, tag=context(0))),
        extension("policyConstraints", integer("n", 1, tag=context(2))),
        extension("inhibitAnyPolicy"),
        extension("nameConstraints"),
        extension("nameConstraints", sequence("p", tag=context(0, constructed=True))),
        subtree(),
        subtree(DNS, integer("minimum", 0, tag=context(0))),
        subtree(DNS, integer("minimum", -1, tag=context(0))),
        subtree(DNS, integer("maximum", -1, tag=context(1))),
        subtree(octet_string("ip", bytes(4), tag=context(7))),
        subtree(octet_string("ip", bytes([1, 2, 3, 4, 255, 0, 255, 0]), tag=context(7))),
        subtree(octet_string("ip", bytes(16), tag=context(7)), null("n")),
        extension("cRLDistributionPoints"),
        extension("cRLDistributionPoints", sequence("p", bit_string("r", b"\x80\x00", tag=context(1)))),
        extension("cRLDistributionPoints", sequence("p", bit_string("r", b"\x00\x40", unused=6, tag=context(1)))),
        extension("cRLDistributionPoints", sequence("p", sequence("n", tag=context(0, constructed=True)))),
        extension("cRLDistributionPoints", sequence("p", sequence("i", tag=context(2, constructed=True)))),
        extension("cRLDistributionPoints", sequence("p", DNS)),
        extension("freshestCRL"),
        extension("authorityInfoAccess"),
        extension("authorityInfoAccess", sequence("a", oid("o", "1.2.3"))),
        extension("subjectInfoAccess", sequence("a", oid("o", "1.2.3"), null("n"))),
        extension("issuerAltName"),
        sequence("e", oid("o", "1.2.3"), boolean("c", False), octet_string("v", b"")).encoding,
    ],
)
def test_what_is_malformed(encoding: bytes) -> None:
    with pytest.raises(DERError):
        read_extension(Reader(encoding))


def test_a_relative_name_is_completed() -> None:
    name = DistributionPointName(relative=Name.build(common_name="Part").rdns[0])
    assert name.names(ROOT) == (DirectoryName(Name((*ROOT.rdns, *Name.build(common_name="Part").rdns))),)
    assert DistributionPointName((HERE,)).names(ROOT) == (HERE,)


@pytest.mark.parametrize("found", RANGES)
def test_ranges_of_addresses(found: IPRange) -> None:
    assert found.octets in found
    changed = bytearray(found.octets)
    changed[-1] ^= 1
    assert (bytes(changed) in found) == (found.prefix < 32)
    changed[0] ^= 1
    assert (bytes(changed) in found) == (found.prefix == 0)
    assert bytes(20 - len(found.octets)) not in found


@given(st.frozensets(st.integers(0, 8)))
def test_named_bits(numbers: frozenset[int]) -> None:
    names = "abcdefghi"
    element = named_bits_element("bits", numbers, names, section="")
    assert read_named_bits(Reader(element.encoding), "bits", names, section="") == numbers
    if numbers:
        fewer = names[: max(numbers)]
        with pytest.raises(DERError):
            read_named_bits(Reader(element.encoding), "bits", fewer or "", section="")
        with pytest.raises(ValueError):
            named_bits_element("bits", numbers, fewer, section="")
