"""Certificates and names in DER inside of other bytes: their own fields stand in their place."""

from collections.abc import Sequence

from explain.layout import Field, Layout
from explain.meaning import Meaning
from explain.showing.byte_view import Part, View, explained, faults
from pki.asn1.der import Reader
from pki.ca.authority import Authority
from pki.fields.names import Name
from pki.inspect.meanings import MEANINGS
from pki.inspect.nested_der import with_nested_der
from pki.pkcs7 import certs_only, certs_only_layout
from pki.signatures import RSA_PSS_SHA256
from primitives.rsa import RSAPrivateKey
from tests.pki.conftest import ROOT, VALIDITY

VOCABULARY = {label: Meaning("what", "why") for label in ("list", "length", "certificate", "distinguished_name")}


def vector(label: str, der: bytes) -> tuple[bytes, list[Part]]:
    """A vector of TLS in a list, as the presentation language labels it."""
    data = len(der).to_bytes(3, "big") + der
    inner = [Field("length", 0, 3, section="§1"), Field("contents", 3, len(data), section="§1")]
    fields = [Field("list", 0, len(data), section="§1", fields=[Field(label, 0, len(data), "", "§1", fields=inner)])]
    return data, explained(fields, VOCABULARY)


def labels(parts: Sequence[Part]) -> list[str]:
    return [part.label for top in parts for part in top.walk()]


def test_a_certificate_in_a_vector_is_explained(keys: Sequence[RSAPrivateKey]) -> None:
    der = Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PSS_SHA256, **VALIDITY).certificate.to_der()
    data, parts = vector("certificate", der)
    parts = with_nested_der(parts, data)
    assert labels(parts)[:4] == ["list", "certificate", "length", "Certificate"]
    assert {"tbsCertificate", "signatureValue"} <= set(labels(parts))
    assert faults(View("v", "", data, parts)) == []


def test_certificates_in_a_message_are_explained(keys: Sequence[RSAPrivateKey]) -> None:
    root = Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PSS_SHA256, **VALIDITY).certificate
    data = certs_only([root])
    parts = with_nested_der(explained(certs_only_layout(data), MEANINGS), data)
    assert "tbsCertificate" in labels(parts)
    assert faults(View("v", "", data, parts)) == []


def test_a_name_in_a_vector_is_explained() -> None:
    der = ROOT.element("Name").encoding
    data, parts = vector("distinguished_name", der)
    layout = Layout()
    Name.read(Reader(der, layout=layout), "Name")
    parts = with_nested_der(parts, data)
    assert labels(parts)[3:] == [field.label for top in layout.fields for _, field in top.walk()]
    assert faults(View("v", "", data, parts)) == []


def test_what_is_no_certificate_stays_as_it_is() -> None:
    data, parts = vector("certificate", b"\x30\x03abc")
    assert labels(with_nested_der(parts, data)) == ["list", "certificate", "length", "contents"]
