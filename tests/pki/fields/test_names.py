"""Names: read, written, shown, and matched as RFC 5280 §7.1 demands."""

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from pki.asn1 import der, der_writer
from pki.asn1.der import DERError, Reader
from pki.asn1.oids import OIDS
from pki.fields.names import BOUNDS, Attribute, Name, require_certifiable

CN, O, DC = OIDS["commonName"], OIDS["organizationName"], OIDS["domainComponent"]  # noqa: E741 - the standard's letter


def name(*rdns: list[tuple[str, int, str]]) -> Name:
    return Name([Attribute(*attribute) for attribute in rdn] for rdn in rdns)


def cn(text: str, tag: int = der.UTF8_STRING) -> Name:
    return name([(CN, tag, text)])


def reread(original: Name) -> Name:
    reader = Reader(original.element("name").encoding)
    found = Name.read(reader, "name")
    reader.finish()
    return found


def test_a_whole_name_in_the_order_of_the_bytes() -> None:
    built = Name.build(
        common_name="otp.example", country="IN", state="Maharashtra", locality="Pune", organization="Example Bank"
    )
    assert str(built) == "C=IN, ST=Maharashtra, L=Pune, O=Example Bank, CN=otp.example"
    assert repr(built) == f"<Name {built}>"
    assert (built.common_name, built.get("countryName"), built.get("serialNumber")) == ("otp.example", "IN", None)
    assert reread(built).rdns == built.rdns
    assert built.rdns[0][0].tag == der.PRINTABLE_STRING
    assert built
    assert not Name.build()
    assert reread(Name.build()).rdns == ()


def test_the_most_specific_common_name_counts() -> None:
    assert name([(CN, 12, "first")], [(CN, 12, "last")]).common_name == "last"


def test_bytes_of_a_known_name() -> None:
    """The issuer of the certificate of RFC 5280 appendix C.1: cn=Example CA, dc=example, dc=com."""
    original = name(
        [(DC, der.IA5_STRING, "com")], [(DC, der.IA5_STRING, "example")], [(CN, der.PRINTABLE_STRING, "Example CA")]
    )
    assert original.element("issuer").encoding.hex() == (
        "3043"
        "31133011060a0992268993f22c6401191603636f6d"
        "31173015060a0992268993f22c64011916076578616d706c65"
        "311330110603550403130a4578616d706c65204341"
    )
    assert str(original) == "DC=com, DC=example, CN=Example CA"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cn("Example"), cn("eXAMPLE")),
        (cn("Example", der.PRINTABLE_STRING), cn("Example", der.UTF8_STRING)),
        (cn("Example", der.BMP_STRING), cn("Example", der.T61_STRING)),
        (cn("two words"), cn("  two   words ")),
        (cn("Straße"), cn("STRASSE")),
        (cn("é"), cn("e\u0301")),
        (cn("ﬁt"), cn("FIT")),
        (name([(CN, 12, "a"), (O, 12, "b")]), name([(O, 12, "B"), (CN, 12, "A")])),
    ],
)
def test_names_that_match(one: Name, other: Name) -> None:
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (cn("a"), cn("b")),
        (cn("ab"), cn("a b")),
        (cn("a"), name([(O, 12, "a")])),
        (name([(CN, 12, "a")], [(O, 12, "b")]), name([(O, 12, "b")], [(CN, 12, "a")])),
        (name([(CN, 12, "a")], [(O, 12, "b")]), name([(CN, 12, "a"), (O, 12, "b")])),
        (cn("a"), name([(CN, 12, "a")], [(CN, 12, "a")])),
        (cn("#0500"), name([(CN, der.NULL, "#0500")])),
        (cn("e\u0301" * 1000), cn("é" * 1000)),  # too long to be normalized
        (cn("a"), Name.build()),
    ],
)
def test_names_that_do_not_match(one: Name, other: Name) -> None:
    assert one != other


def test_a_name_is_no_text() -> None:
    assert cn("a") != "CN=a"


def test_what_is_shown_is_escaped() -> None:
    """RFC 4514 §2.4, and no more power over a terminal than that."""
    for text, shown in (
        ('a,b+c"d\\e;f<g>', 'a\\,b\\+c\\"d\\\\e\\;f\\<g\\>'),
        (" a ", "\\ a\\ "),
        (" ", "\\ "),
        ("#a#", "\\#a#"),
        ("\x1b[2J\0", "\\1B[2J\\00"),
        ("\u202e", "\\E2\\80\\AE"),
        ("Bänk", "Bänk"),
    ):
        assert str(cn(text)) == f"CN={shown}"
    assert str(name([("1.2.3", 12, "x"), (OIDS["title"], 12, "y")])) == "1.2.3=x+title=y"


def test_values_that_are_no_strings_are_kept() -> None:
    original = name([("2.5.4.45", der.BIT_STRING, "#03020780")])  # x500UniqueIdentifier
    assert reread(original).rdns == original.rdns
    assert str(original) == "2.5.4.45=#03020780"


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ({"country": "IND"}, "two letters"),
        ({"country": "I"}, "two letters"),
        ({"country": "I1"}, "two letters"),
        ({"country": "ÄÖ"}, "two letters"),
        ({"common_name": ""}, "0 characters"),
        ({"common_name": "a" * 65}, "65 characters, expected 1 to 64"),
        ({"state": "a\nb"}, "cannot be shown"),
        ({"locality": "a\u202eb"}, "cannot be shown"),
    ],
)
def test_new_names_keep_to_the_rules(texts: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Name.build(**texts)


def test_bytes_are_no_text() -> None:
    with pytest.raises(TypeError, match="commonName is bytes, expected str"):
        Name.build(common_name=b"x")  # type: ignore[arg-type]  # the point of it


def test_the_bounds_are_those_of_the_standard() -> None:
    assert Name.build(common_name="a" * 64, organization="a" * 64, state="a" * 128, locality="a" * 128)
    bounds = sorted(bound for _, bound in BOUNDS.values() if bound is not None)
    assert bounds == [2, 64, 64, 64, 64, 64, 128, 128, 128, 255, *[32768] * 5]


@pytest.mark.parametrize(
    ("type", "tag", "text", "complaint"),
    [
        ("commonName", der.UTF8_STRING, "", "commonName has 0 characters, expected 1 to 64"),
        ("commonName", der.T61_STRING, "a" * 65, "65 characters"),
        ("commonName", der.IA5_STRING, "a", "has the type IA5String, expected PrintableString or UTF8String or"),
        ("commonName", der.INTEGER, "#020105", "has the type INTEGER"),
        ("countryName", der.PRINTABLE_STRING, "USA", "the two letters"),
        ("countryName", der.UTF8_STRING, "US", "countryName 'US' has the type UTF8String, expected PrintableString"),
        ("serialNumber", der.UTF8_STRING, "1", "expected PrintableString"),
        ("emailAddress", der.IA5_STRING, "a" * 256, "256 characters, expected 1 to 255"),
        ("emailAddress", der.UTF8_STRING, "a", "expected IA5String"),
        ("domainComponent", der.IA5_STRING, "", "0 characters, expected one or more"),
        ("organizationalUnitName", der.UTF8_STRING, "a" * 65, "65 characters"),
        ("pseudonym", der.UTF8_STRING, "a" * 129, "expected 1 to 128"),
        ("userId", der.UTF8_STRING, "a\x1b", "cannot be shown"),
    ],
)
def test_foreign_names_are_held_to_the_bounds(type: str, tag: int, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        require_certifiable(Attribute(OIDS[type], tag, text))


def test_what_is_within_the_bounds() -> None:
    for type, tag, text in (
        ("commonName", der.BMP_STRING, "a" * 64),
        ("countryName", der.PRINTABLE_STRING, "US"),
        ("domainComponent", der.IA5_STRING, "a" * 5000),
        ("emailAddress", der.IA5_STRING, "a" * 255),
        ("dnQualifier", der.PRINTABLE_STRING, "a" * 1000),
        ("userId", der.NUMERIC_STRING, "1" * 1000),
    ):
        require_certifiable(Attribute(OIDS[type], tag, text))


@pytest.mark.parametrize(
    "encoding",
    [
        "30023100",  # an empty set
        "3009310730050603550403",  # a type without a value
        "300b3109300706035504031300" + "00",
        "301b310c300a06035504030c03610000",
        # two attributes of a set in the wrong order
        "301a3118300a06035504060c03626262300a06035504030c03616161",
    ],
)
def test_what_is_not_a_name(encoding: str) -> None:
    reader = Reader(bytes.fromhex(encoding))
    with pytest.raises(DERError):  # noqa: PT012 - either may refuse
        Name.read(reader, "name")
        reader.finish()


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
attributes = st.builds(Attribute, st.sampled_from([CN, O, "1.2.3.4"]), st.sampled_from([12, 28]), texts)
names = st.lists(st.lists(attributes, min_size=1, max_size=3, unique=True), max_size=4).map(Name)


@given(names)
def test_what_is_written_is_read_and_explained(original: Name) -> None:
    encoding = original.element("name").encoding
    layout = Layout()
    reader = Reader(encoding, layout=layout)
    found = Name.read(reader, "name")
    reader.finish()
    assert found == original
    assert found.element("name").encoding == encoding
    assert unexplained(layout.fields, len(encoding)) == []
    assert layout.fields[0].value == str(found)
    assert str(found).isprintable()


@given(names)
def test_cryptography_reads_the_same_and_writes_the_same(original: Name) -> None:
    peer = x509.Name(
        x509.RelativeDistinguishedName(
            x509.NameAttribute(
                x509.ObjectIdentifier(a.oid), a.text, x509.name._ASN1Type(a.tag), _validate=False
            )
            for a in rdn
        )
        for rdn in original.rdns
    )  # fmt: skip
    assert peer.public_bytes() == original.element("name").encoding


@given(st.text(max_size=20))
def test_matching_is_the_same_after_a_round_trip_and_does_not_mind_case_or_space(text: str) -> None:
    try:
        one = reread(cn(text))
    except ValueError:
        return
    assert one == cn(f" {text}  ")
    if text.isascii():
        assert one == cn(text.swapcase())


def test_the_text_of_an_attribute_may_be_long_and_hostile() -> None:
    """Normalizing many marks takes time that grows with the square of their number."""
    marks = "".join(chr(0x300 + i % 2 * 0x16) for i in range(30_000))
    assert cn(marks) == cn(marks)
    assert hash(cn("a" + marks)) != hash(cn("b" + marks))


def test_writing_an_attribute_of_the_wrong_type_fails() -> None:
    with pytest.raises(ValueError, match="cannot have"):
        cn("é", der.PRINTABLE_STRING).element("name")
    assert der_writer.encoded("name", cn("x").element("name").encoding).encoding == cn("x").element("name").encoding
