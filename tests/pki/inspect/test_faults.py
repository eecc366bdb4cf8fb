"""Files that are not as they should be: what can be read of them, where the fault is, and every byte all the same."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from explain.layout import unexplained
from explain.showing.byte_view import View, explained, faults
from pki.asn1.der_writer import boolean, integer, octet_string, oid, sequence, string
from pki.asn1.pem import pem_encode
from pki.fields.names import Name
from pki.inspect import explanation
from pki.inspect.file_contents import ASN1, KINDS, Item, NamedCurve, Unread, contents_of, items_of
from pki.inspect.meanings import MEANINGS
from pki.inspect.raw_values import Mark, raw_values
from pki.x509 import Certificate
from tests.pki.support.spoiling import read_spoiled
from tests.support.shares import share

FILES = Path(__file__).parent / "files"
DER = items_of((FILES / "bom.pem").read_bytes())[0].data


def check(item: Item) -> None:
    """Every byte is explained, and each field has a meaning and a section."""
    assert unexplained(item.fields, len(item.data)) == []
    assert faults(View("", "", item.data, explained(item.fields, MEANINGS))) == []


def text_of(item: Item) -> str:
    return " ".join(" ".join(explanation.tree(item)).split())


# --- Files that people have.


@pytest.mark.parametrize("name", ["bom.pem", "cms.pem", "ber.pem", "ber.p7b", "year1.pem"])
def test_one_certificate(name: str) -> None:
    [item] = items_of((FILES / name).read_bytes())
    check(item)
    [certificate] = item.content if isinstance(item.content, tuple) else [item.content]
    assert isinstance(certificate, Certificate)
    assert str(certificate.subject) == "CN=Odd Root"
    assert any("indefinite form" in mark.text for mark in item.marks) == name.startswith("ber.")


def test_one_block_of_four() -> None:
    data = (FILES / "chain.pem").read_bytes()
    found = contents_of(data)
    assert [isinstance(item.content, Certificate) for item in found] == [True, True, False, True]
    for item in found:
        check(item)
    assert found[2].where == "block 3 of 4, CERTIFICATE, line 19"
    with pytest.raises(ValueError, match=r"^block 3 of 4, CERTIFICATE, line 19: DER, offset 0: Certificate claims 297"):
        items_of(data)


def test_only_the_parameters_of_a_curve() -> None:
    data = (FILES / "ecparams.pem").read_bytes()
    [item] = items_of(data)
    check(item)
    assert item.content == NamedCurve("1.2.840.10045.3.1.7")
    assert len(items_of(data + (FILES / "bom.pem").read_bytes()[3:])) == 1  # before something else, it says nothing new


def test_a_tag_that_is_explicit_instead_of_implicit() -> None:
    """RFC 5958 §2: publicKey is [1] in the place of the tag of BIT STRING, not around it."""
    [item] = contents_of((FILES / "ed25519-v2-explicit.pem").read_bytes())
    check(item)
    fault = "found [1], constructed (0xa1), expected publicKey ([1], primitive)"
    assert item.marks == (Mark(48, fault, True),)
    assert "└─BIT STRING: 256 bits" in "\n".join(explanation.tree(item))


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("TRUSTED CERTIFICATE", "a form of OpenSSL's own: a certificate, and after it what OpenSSL may trust it for"),
        ("DH PARAMETERS", "found the PEM block DH PARAMETERS, expected one of CERTIFICATE"),
    ],
)
def test_other_labels_are_named_and_shown_as_plain_values(label: str, reason: str) -> None:
    data = pem_encode(label, DER)
    [item] = contents_of(data)
    check(item)
    assert isinstance(item.content, Unread)
    assert reason in item.content.reason
    assert "INTEGER: 2" in text_of(item)
    with pytest.raises(ValueError, match=r"TRUSTED|DH PARAMETERS"):
        items_of(data)


@pytest.mark.parametrize("label", ["X509 CERTIFICATE", "X.509 CERTIFICATE"])
def test_labels_of_others(label: str) -> None:
    assert isinstance(items_of(pem_encode(label, DER))[0].content, Certificate)


def test_a_block_that_is_no_base64() -> None:
    data = pem_encode("CERTIFICATE", DER)
    found = contents_of(data + data.replace(b"MII", b"M?I") + data)
    assert [isinstance(item.content, Certificate) for item in found] == [True, False, True]
    assert isinstance(found[1].content, Unread)
    line = data.count(b"\n") + 2
    assert found[1].content.reason == f"PEM, line {line}: the text of CERTIFICATE is not base64 (RFC 4648 §4)"
    check(found[1])


# --- Up to the fault, and on.


def test_the_fault_is_marked_and_what_follows_is_shown() -> None:
    usage = Certificate.from_der(DER).tbs.index(bytes.fromhex("0603551d13")) + 4
    spoiled = DER[: usage + 7] + b"\1" + DER[usage + 8 :]  # BOOLEAN 01, in `critical`
    [item] = contents_of(pem_encode("CERTIFICATE", spoiled))
    check(item)
    [fault] = item.marks
    assert (fault.offset, fault.is_fault) == (usage + 7, True)
    assert fault.text == "critical is 01, expected 00 (FALSE) or ff (TRUE) (X.690 §11.1)"
    tree = text_of(item)
    assert f"✗ byte {fault.offset} (0x{fault.offset:x}): critical is 01" in tree
    assert "notBefore: 2025-01-01 00:00:00 UTC" in tree
    assert "BOOLEAN: TRUE" in tree
    assert "OBJECT IDENTIFIER: ecdsa-with-SHA256" in tree
    dump = list(explanation.hex_dump(item))
    [line] = [i for i, text in enumerate(dump) if "✗" in text]
    column = dump[line].index("^^")
    assert dump[line - 1][column : column + 2] == "01"
    assert int(dump[line - 1][:5], 16) + (column - 6) // 3 == fault.offset


def test_wherever_a_certificate_breaks_off() -> None:
    for cut in range(1, len(DER)):
        [item] = contents_of(pem_encode("CERTIFICATE", DER[:cut]))
        assert isinstance(item.content, Unread)
        check(item)
        assert item.marks[0].is_fault
        assert "✗" in text_of(item)
        assert "✗" in " ".join(explanation.hex_dump(item))


def test_a_certificate_that_breaks_off_is_shown_as_far_as_it_goes() -> None:
    [item] = contents_of(pem_encode("CERTIFICATE", DER[:-40]))
    fault, *_, last = item.marks
    assert (fault.offset, last.text) == (0, "signatureValue claims 73 bytes of contents, but 33 are left")
    tree = text_of(item)
    assert "notBefore: 2025-01-01 00:00:00 UTC" in tree
    assert "40 octets" not in tree
    assert "bytes: 35 octets that are no value of ASN.1" in tree


def test_more_after_the_end() -> None:
    [item] = contents_of(pem_encode("CERTIFICATE", DER + b"\x02\1\7"))
    check(item)
    assert item.marks == (Mark(len(DER), "3 bytes left over, expected the end of the value", True),)
    assert text_of(item).count("INTEGER: 7") == 1


# --- Any DER, and BER.


ANY = sequence(
    "",
    oid("", "1.2.3.4"),
    string("", "text"),
    octet_string("", sequence("", integer("", 1 << 70)).encoding),
    octet_string("", b"\x30\x05"),
    boolean("", True),
)


def test_der_of_no_known_kind() -> None:
    [item] = contents_of(ANY.encoding)
    check(item)
    assert item.kind == "DER of a kind that is not known here"
    assert item.marks == ()
    tree = text_of(item)
    for value in ("1.2.3.4", "UTF8String: text", "INTEGER: 0x400000000000000000 (71 bits)", "OCTET STRING: 2 octets"):
        assert value in tree
    with pytest.raises(ValueError, match="a CRL, an OCSP message, a key or a signature"):
        items_of(ANY.encoding)


def test_as_another_kind() -> None:
    [plain] = contents_of(pem_encode("CERTIFICATE", DER), kind=ASN1)
    check(plain)
    assert plain.marks == ()
    for kind in KINDS:
        [item] = contents_of(DER, kind=kind)
        check(item)
        assert isinstance(item.content, Unread) == (kind != "certificate")
        assert item.kind == kind.replace("-", " ")


def longer(der: bytes) -> bytes:
    """The same value with one octet more for its length."""
    count = der[1] & 0x7F
    return der[:1] + bytes([0x81 + count]) + b"\0" + der[2:]


def test_lenient() -> None:
    spelled_out = bytes.fromhex("0603551d13") + boolean("", False).encoding
    critical = bytes.fromhex("0603551d13 0101ff")
    assert critical in DER
    spoiled = longer(DER.replace(critical, spelled_out))
    [strict] = contents_of(pem_encode("CERTIFICATE", spoiled))
    assert isinstance(strict.content, Unread)
    [item] = contents_of(pem_encode("CERTIFICATE", spoiled), is_lenient=True)
    check(item)
    assert isinstance(item.content, Certificate)
    assert not item.content.extensions[0].critical
    places = [(mark.text, mark.is_fault) for mark in item.marks]
    assert places == [
        ("length of Certificate is not in its shortest form (X.690 §10.1)", False),
        ("critical is FALSE, which is its default, and DER leaves defaults out (X.690 §11.5)", False),
    ]
    assert text_of(item).count("! byte") == 2


def test_plain_values_that_break_off() -> None:
    for data, expected in (
        (b"\x02", "the data ends"),
        (b"\x30\x03\x02\x05\x01", "claims 5 bytes of contents"),
        (b"\x30\x80\x02\x01\x05", "has no end"),
        (b"\0\0", "expected a tag number from 1 to 30"),
        (b"".join(bytes((0x30, 2 * depth)) for depth in range(39, -1, -1)), "nested more than 32 deep"),
    ):
        fields, marks = raw_values(data, 0, len(data))
        assert unexplained(fields, len(data)) == []
        assert marks[0].is_fault
        assert expected in marks[0].text


# --- Spoiled files.


def look(data: bytes) -> None:
    """Look at spoiled bytes as one kind of file or another: whatever they are, each of them is explained."""
    source = random.Random(data)
    kind = source.choice((None, None, ASN1, *KINDS))
    [item] = contents_of(data, kind=kind, is_lenient=source.random() < 0.5)
    assert unexplained(item.fields, len(data)) == []


def spoiled_files(seeds: Sequence[int]) -> None:
    samples = [DER, *(item.data for name in ("cms.pem", "ber.p7b") for item in items_of((FILES / name).read_bytes()))]
    samples += [
        ANY.encoding,
        Name.build(common_name="x").element("n").encoding,
        bytes.fromhex("3080 2480 0401 61 0000 0000"),
    ]
    samples += [contents_of((FILES / "ed25519-v2-explicit.pem").read_bytes())[0].data]
    assert read_spoiled(look, samples, seeds, declared=()) == len(seeds)


def test_some_spoiled_files() -> None:
    spoiled_files(range(600))


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4))
def test_many_spoiled_files(batch: int) -> None:
    """A share of 200,000 in all."""
    spoiled_files(share(range(50_000 * batch, 50_000 * (batch + 1)), 1500, of=f"spoiled files {batch}"))
