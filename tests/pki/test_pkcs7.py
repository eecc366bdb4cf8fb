"""PKCS #7 certs-only messages: written, read, corrupted, and exchanged with OpenSSL and `cryptography`."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import load_der_x509_certificate

from explain.layout import Field
from pki.asn1.der import DERError, context
from pki.asn1.der_writer import Element, encoded, integer, octet_string, oid, sequence, set_of
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.fields.extensions import BasicConstraints
from pki.pkcs7 import certs_only, certs_only_layout, read_certs_only
from pki.x509 import Certificate
from tests.conftest import PeerTool, run
from tests.pki.conftest import BuildCertificate


@pytest.fixture(scope="module")
def certificates(root: Authority, certificate: BuildCertificate) -> tuple[Certificate, Certificate]:
    return root.certificate, certificate(BasicConstraints(ca=False))


def message(
    *members: Element,
    outer: str = "id-signedData",
    inner: str = "id-data",
    digests: Sequence[Element] = (),
    signers: Sequence[Element] = (),
    contents: Sequence[Element] = (),
) -> bytes:
    """A message of any kind."""
    data = sequence(
        "SignedData",
        integer("version", 1),
        set_of("digestAlgorithms", *digests),
        sequence("encapContentInfo", oid("eContentType", OIDS[inner]), *contents),
        *members,
        set_of("signerInfos", *signers),
    )
    explicit = sequence("content", data, tag=context(0, constructed=True))
    return sequence("ContentInfo", oid("contentType", OIDS[outer]), explicit).encoding


def bag(*elements: Element) -> Element:
    return sequence("certificates", *elements, tag=context(0, constructed=True))


def test_what_is_written_is_read(certificates: Sequence[Certificate]) -> None:
    for some in (certificates, certificates[:1]):
        assert set(read_certs_only(certs_only(some))) == set(some)
    assert certs_only(certificates) == certs_only(certificates[::-1])  # DER: one spelling of a set
    with pytest.raises(ValueError, match="at least one"):
        certs_only([])


def test_the_shape_of_rfc_7030(certificates: Sequence[Certificate]) -> None:
    """RFC 7030 §4.1.3: certs-only; RFC 5652 §5.1: version 1, no digests, no contents, no signers."""
    only = certificates[0]
    assert certs_only([only]) == message(bag(encoded("c", only.to_der())))


def test_others_read_what_is_written_here(certificates: Sequence[Certificate], peer_tool: PeerTool) -> None:
    der = certs_only(certificates)
    loaded = pkcs7.load_der_pkcs7_certificates(der)
    assert {one.public_bytes(Encoding.DER) for one in loaded} == {one.to_der() for one in certificates}
    printed = run(peer_tool("openssl"), "pkcs7", "-inform", "DER", "-print_certs", stdin=der)
    assert set(Certificate.all_from_pem(printed.encode())) == set(certificates)


def test_what_others_write_is_read_here(
    certificates: Sequence[Certificate], peer_tool: PeerTool, tmp_path: Path
) -> None:
    openssl = peer_tool("openssl")
    bundle, out = tmp_path / "bundle.pem", tmp_path / "out.p7b"
    orders = [list(certificates), list(certificates)[::-1]]
    for order in orders:  # one of which is not DER's
        bundle.write_bytes(b"".join(one.to_pem() for one in order))
        run(openssl, "crl2pkcs7", "-nocrl", "-certfile", bundle, "-outform", "DER", "-out", out)
        assert list(read_certs_only(out.read_bytes())) == order
    oracle = [load_der_x509_certificate(one.to_der()) for one in certificates]
    assert set(read_certs_only(pkcs7.serialize_certificates(oracle, Encoding.DER))) == set(certificates)


def test_a_crl_beside_the_certificates_is_read_over(certificates: Sequence[Certificate]) -> None:
    crls = sequence("crls", sequence("crl"), tag=context(1, constructed=True))
    assert read_certs_only(message(bag(encoded("c", certificates[0].to_der())), crls)) == (certificates[0],)
    empty = sequence("crls", tag=context(1, constructed=True))
    assert read_certs_only(message(bag(encoded("c", certificates[0].to_der())), empty)) == (certificates[0],)


def test_what_is_refused(certificates: Sequence[Certificate]) -> None:
    one = encoded("c", certificates[0].to_der())
    text = sequence("eContent", octet_string("text", b"hello"), tag=context(0, constructed=True))
    nothing = sequence("eContent", octet_string("text", b""), tag=context(0, constructed=True))
    for der, complaint in (
        (message(bag(one), outer="id-data"), "a message of type id-data .*, expected id-signedData"),
        (message(bag(one), inner="id-signedData"), "contents of type id-signedData .*, expected id-data"),
        (message(bag(one), contents=[text]), "contents that are signed, expected none"),
        (message(bag(one), contents=[nothing]), "empty contents, expected none at all"),
        (message(bag(one), digests=[sequence("d")]), "left over"),
        (message(bag(one), signers=[sequence("s")]), "left over"),
        (message(bag()), "the data ends, expected certificate"),
        (message(), "expected certificates"),
        (message(bag(sequence("x", tag=context(1, constructed=True)))), r"found \[1\], expected a certificate"),
        (message(bag(one, sequence("x"))), "the data ends, expected tbsCertificate"),
    ):
        with pytest.raises(DERError, match=complaint):
            read_certs_only(der)
    with pytest.raises(TypeError, match="expected bytes"):
        read_certs_only("text")  # type: ignore[arg-type]  # the mistake under test


def test_an_error_inside_a_certificate_has_its_place_in_the_message(certificates: Sequence[Certificate]) -> None:
    der = bytearray(certs_only(certificates[:1]))
    place = der.index(certificates[0].to_der()) + 4  # the tag of tbsCertificate
    der[place] = 0x31
    with pytest.raises(DERError) as caught:
        read_certs_only(bytes(der))
    assert caught.value.offset == place


def test_cut_at_every_prefix_and_with_trailing_bytes(certificates: Sequence[Certificate]) -> None:
    der = certs_only(certificates)
    for length in range(len(der)):
        with pytest.raises(DERError):
            read_certs_only(der[:length])
    for more in (b"\0", b"0", der):
        with pytest.raises(DERError, match="left over"):
            read_certs_only(der + more)


def test_each_byte_spoiled(certificates: Sequence[Certificate]) -> None:
    """Nothing but `DERError` comes out, whatever byte is wrong."""
    der = certs_only(certificates[:1])
    for position in range(len(der)):
        for bits in (0x01, 0x20, 0x80, 0xFF):
            spoiled = der[:position] + bytes([der[position] ^ bits]) + der[position + 1 :]
            with contextlib.suppress(DERError):
                assert all(isinstance(one, Certificate) for one in read_certs_only(spoiled))


def test_each_byte_is_explained(certificates: Sequence[Certificate]) -> None:
    der = certs_only(certificates)
    (whole,) = certs_only_layout(der)
    assert (whole.start, whole.end) == (0, len(der))

    def check(field: Field) -> None:
        position = field.start
        for inner in field.fields:
            assert inner.start == position
            check(inner)
            position = inner.end
        assert not field.fields or position == field.end

    check(whole)
