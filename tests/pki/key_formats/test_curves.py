"""Private keys of elliptic curves in files: their forms, their limits, and what peers make of them."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x448, x25519
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

from explain.layout import unexplained
from pki.asn1.der import DERError
from pki.asn1.der_writer import Element, bit_string, integer, null, octet_string, octets_holding, oid, sequence, set_of
from pki.asn1.oids import OIDS
from pki.asn1.pem import pem_encode
from pki.ca.authority import Authority
from pki.fields.extensions import KeyUsage, Usage
from pki.key_formats.octet_keys import OctetPrivateKey, private_octets
from pki.key_formats.private_key_info import private_key_info
from pki.key_formats.sec1 import ec_private_key_element
from pki.keys import (
    Encoding,
    PrivateKey,
    dump_private_key,
    dump_public_key,
    load_private_key,
    load_public_key,
    private_key_layout,
)
from pki.signatures import ED448
from pki.verify import verify_chain
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPrivateKey, generate_ec_private_key
from primitives.ed448_keys import Ed448PrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.x448_keys import X448PrivateKey
from primitives.x25519_keys import X25519PrivateKey
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections
from tests.pki.conftest import LEAF, NOW, ROOT, VALIDITY

SMALL = ECPrivateKey(P256, 5)  # whose number has many zeros before it
EDWARDS = Ed25519PrivateKey(bytes.fromhex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"))
OF_448 = Ed448PrivateKey(bytes(range(57)))
KEYS: list[PrivateKey] = [
    *(SMALL, ECPrivateKey(P384, 7 << 300), ECPrivateKey(P521, 9 << 500), EDWARDS, OF_448),
    *(X25519PrivateKey(bytes(range(32))), X448PrivateKey(bytes(range(56)))),
]
NAMES = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "X25519", "X448"]

# RFC 8410 §10.3: the same key, as version 1, and as version 2 with an attribute and its public key.
RFC_8410_V1 = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""
RFC_8410_V2 = b"""-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
"""


def explained(der: bytes) -> bool:
    return unexplained(private_key_layout(der), len(der)) == []


@pytest.mark.parametrize("key", KEYS, ids=NAMES)
def test_a_private_key_comes_back(key: PrivateKey) -> None:
    der = dump_private_key(key, encoding=Encoding.DER)
    assert load_private_key(der) == load_private_key(dump_private_key(key)) == key
    assert private_key_layout(der) == [private_key_info(key).layout()]
    assert explained(der)
    assert wrong_sections(private_key_layout(der)) == []


@pytest.mark.parametrize("key", KEYS[:3], ids=NAMES[:3])
def test_sec_1(key: ECPrivateKey) -> None:
    element = ec_private_key_element(key, named_curve=True)
    assert load_private_key(element.encoding) == load_private_key(pem_encode("EC PRIVATE KEY", element.encoding)) == key
    assert private_key_layout(element.encoding) == [element.layout()]
    assert explained(element.encoding)
    with pytest.raises(DERError, match="does not name its curve"):
        load_private_key(ec_private_key_element(key, named_curve=False).encoding)


def test_the_examples_of_rfc_8410() -> None:
    assert load_private_key(RFC_8410_V1) == load_private_key(RFC_8410_V2) == EDWARDS
    assert dump_private_key(EDWARDS) == RFC_8410_V1
    assert explained(dump_private_key(EDWARDS, encoding=Encoding.DER))


def with_public(key: PrivateKey, public: bytes) -> bytes:
    _, *elements = private_key_info(key).elements
    return sequence("key", integer("v", 1), *elements, bit_string("publicKey", public, tag=0x81)).encoding


def test_the_public_key_of_version_2_must_belong_to_the_private_key() -> None:
    other = ECPrivateKey(P256, 6)
    for key, public in (
        (EDWARDS, EDWARDS.public_key.key),
        (OF_448, OF_448.public_key.key),
        (SMALL, SMALL.public_key.to_bytes()),
        (SMALL, SMALL.public_key.to_bytes(compressed=True)),
    ):
        der = with_public(key, public)
        assert load_private_key(der) == key
        assert explained(der)
    for key, public in (
        (EDWARDS, bytes(32)),
        (EDWARDS, b""),
        (OF_448, EDWARDS.public_key.key),
        (SMALL, other.public_key.to_bytes()),
        (SMALL, b"\0"),
        (SMALL, b"\4" + bytes(64)),
    ):
        with pytest.raises(DERError, match="does not belong"):
            load_private_key(with_public(key, public))


def sec_1(
    *fields: Element, version: int = 1, octets: bytes = bytes(31) + b"\5", curve: str | None = "secp256r1"
) -> bytes:
    named = [sequence("[0]", oid("parameters", OIDS.get(curve, curve)), tag=0xA0)] if curve else []
    return sequence("key", integer("version", version), octet_string("k", octets), *named, *fields).encoding


def public(octets: bytes) -> Element:
    return sequence("[1]", bit_string("publicKey", octets), tag=0xA1)


def test_what_sec_1_leaves_out_or_may_say() -> None:
    for der in (
        sec_1(),
        sec_1(public(SMALL.public_key.to_bytes())),
        sec_1(public(SMALL.public_key.to_bytes(compressed=True))),
    ):
        assert load_private_key(der) == SMALL
        assert explained(der)


@pytest.mark.parametrize(
    ("der", "complaint"),
    [
        (sec_1(version=0), "of version 0, expected 1"),
        (sec_1(octets=b"\5"), "privateKey has 1 octets, expected 32 on P-256"),
        (sec_1(octets=bytes(32) + b"\5"), "privateKey has 33 octets"),
        (sec_1(octets=bytes(32)), "out of range"),
        (sec_1(octets=P256.n.to_bytes(32, "big")), "out of range"),
        (sec_1(curve=None), "does not name its curve"),
        (sec_1(curve="1.3.132.0.10"), "on the curve 1.3.132.0.10, expected P-256, P-384, P-521"),
        (sec_1(public(ECPrivateKey(P256, 6).public_key.to_bytes())), "publicKey does not belong to privateKey"),
        (sec_1(public(b"\4" + bytes(64))), "is not on P-256"),
        (sec_1(public(b"")), "DER, offset"),
        (sec_1(null("more")), "left over"),
    ],
)
def test_what_is_no_sec_1_key(der: bytes, complaint: str) -> None:
    with pytest.raises(DERError, match=complaint):
        load_private_key(der)


def info(*identifier: Element, inner: Element) -> bytes:
    algorithm = sequence("privateKeyAlgorithm", *identifier)
    return sequence("key", integer("version", 0), algorithm, octets_holding("privateKey", inner)).encoding


EC_ID, ED25519_ID = oid("algorithm", OIDS["id-ecPublicKey"]), oid("algorithm", OIDS["id-Ed25519"])


@pytest.mark.parametrize(
    ("der", "complaint"),
    [
        (info(EC_ID, inner=octet_string("k", b"")), "the data ends, expected namedCurve"),
        (info(EC_ID, null("parameters"), inner=octet_string("k", b"")), "found NULL for namedCurve"),
        (info(EC_ID, sequence("explicit"), inner=octet_string("k", b"")), "expected the identifier of a named curve"),
        (
            info(EC_ID, oid("c", OIDS["secp384r1"]), inner=ec_private_key_element(SMALL, named_curve=True)),
            "on P-256 inside and on P-384 outside",
        ),
        (info(ED25519_ID, null("parameters"), inner=octet_string("k", bytes(32))), "2 bytes left over"),
        (info(ED25519_ID, inner=octet_string("k", bytes(31))), "has 31 bytes, expected 32"),
        (info(ED25519_ID, inner=null("k")), "expected CurvePrivateKey"),
        (info(oid("algorithm", OIDS["id-X448"]), inner=octet_string("k", bytes(57))), "has 57 bytes, expected 56"),
        (info(oid("algorithm", "1.3.101.114"), inner=octet_string("k", bytes(32))), "a private key of 1.3.101.114"),
    ],
)
def test_what_is_no_private_key_info(der: bytes, complaint: str) -> None:
    with pytest.raises(DERError, match=complaint):
        load_private_key(der)


def test_the_curve_may_be_named_twice() -> None:
    der = info(EC_ID, oid("c", OIDS["secp256r1"]), inner=ec_private_key_element(SMALL, named_curve=True))
    assert load_private_key(der) == SMALL


@pytest.mark.parametrize(
    "der",
    [
        dump_private_key(SMALL, encoding=Encoding.DER),
        dump_private_key(EDWARDS, encoding=Encoding.DER),
        ec_private_key_element(SMALL, named_curve=True).encoding,
    ],
    ids=["PKCS #8, P-256", "PKCS #8, Ed25519", "SEC 1"],
)
def test_spoiled_keys_give_a_value_error(der: bytes) -> None:
    right = load_private_key(der)
    for cut in range(len(der)):
        with pytest.raises(ValueError):
            load_private_key(der[:cut])
    with pytest.raises(ValueError):
        load_private_key(der + b"\0")
    for at in range(len(der)):
        for change in (1, 0xFF):
            try:
                found = load_private_key(der[:at] + bytes([der[at] ^ change]) + der[at + 1 :])
            except ValueError:
                continue
            assert found != right


def test_a_key_of_x448_is_certified_without_proof() -> None:
    root = Authority.create_root(ROOT, OF_448, signature_algorithm=ED448, **VALIDITY)
    x448_key = KEYS[-1].public_key
    certificate = root.issue_unproved(x448_key, subject=LEAF, signature_algorithm=ED448, **VALIDITY)
    usage = certificate.extension(KeyUsage)
    assert usage is not None
    assert usage.usages == {Usage.KEY_AGREEMENT}
    assert certificate.public_key == x448_key
    verify_chain(certificate, roots=[root.certificate], at=NOW)


def test_no_secret_is_shown() -> None:
    key = ECPrivateKey(P384, 0xC0FFEE << 300)
    for shown in (repr(key), repr(private_key_layout(dump_private_key(key, encoding=Encoding.DER)))):
        assert str(key.d) not in shown
        assert f"{key.d:x}" not in shown
    for shown in (repr(EDWARDS), repr(private_key_layout(dump_private_key(EDWARDS, encoding=Encoding.DER)))):
        assert EDWARDS.key.hex() not in shown
        assert repr(EDWARDS.key) not in shown


def test_attributes_are_read_over() -> None:
    attributes = set_of("attributes", sequence("attribute", oid("type", "1.2.3")), tag=0xA0)
    der = sequence("key", *private_key_info(SMALL).elements, attributes).encoding
    assert load_private_key(der) == SMALL
    assert explained(der)


# --- Peers.


@pytest.mark.parametrize(
    ("key", "peer"),
    [(OF_448, ed448.Ed448PrivateKey), (*KEYS[5:6], x25519.X25519PrivateKey), (*KEYS[6:], x448.X448PrivateKey)],
    ids=NAMES[4:],
)
def test_cryptography_reads_and_writes_the_same_octets(key: OctetPrivateKey, peer: Any) -> None:
    theirs = peer.from_private_bytes(private_octets(key))
    encoding, spki = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    assert dump_private_key(key) == theirs.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    assert dump_public_key(key.public_key) == theirs.public_key().public_bytes(encoding, spki)
    assert load_public_key(dump_public_key(key.public_key)) == key.public_key


@pytest.mark.parametrize(
    ("ours", "theirs"), [(P256, ec.SECP256R1()), (P384, ec.SECP384R1()), (P521, ec.SECP521R1())], ids=NAMES[:3]
)
def test_cryptography_reads_and_writes_the_same_curve_keys(ours: Curve, theirs: ec.EllipticCurve) -> None:
    for number in (1, 5, ours.n - 1, generate_ec_private_key(ours).d):
        key, peer = ECPrivateKey(ours, number), ec.derive_private_key(number, theirs)
        pem = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        assert dump_private_key(key) == pem
        assert load_private_key(pem) == key
        sec1 = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        assert load_private_key(sec1) == key
        assert pem_encode("EC PRIVATE KEY", ec_private_key_element(key, named_curve=True).encoding) == sec1
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        assert dump_public_key(key.public_key) == peer.public_key().public_bytes(serialization.Encoding.PEM, spki)


def test_cryptography_reads_and_writes_the_same_ed25519_keys() -> None:
    peer = ed25519.Ed25519PrivateKey.generate()
    pem = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = load_private_key(pem)
    assert isinstance(key, Ed25519PrivateKey)
    assert key.key == peer.private_bytes_raw()
    assert dump_private_key(key) == pem


@pytest.mark.parametrize("name", NAMES)
def test_openssl_reads_and_writes_the_same_keys(name: str, peer_tool: PeerTool, tmp_path: Path) -> None:
    openssl, file = peer_tool("openssl"), tmp_path / "peer.pem"
    options = ("EC", "-pkeyopt", f"ec_paramgen_curve:{name}") if name in NAMES[:3] else (name,)
    run(openssl, "genpkey", "-algorithm", *options, "-out", file)
    key = load_private_key(file.read_bytes())
    assert dump_private_key(key) == file.read_bytes()
    assert run(openssl, "pkey", "-pubout", stdin=dump_private_key(key)).encode() == dump_public_key(key.public_key)
    assert load_public_key(run(openssl, "pkey", "-in", file, "-pubout").encode()) == key.public_key
    if name in NAMES[:3]:
        assert "Key is valid" in run(openssl, "pkey", "-check", "-noout", stdin=dump_private_key(key))
        assert load_private_key(run(openssl, "ec", "-in", file).encode()) == key  # SEC 1
        compressed = run(openssl, "ec", "-in", file, "-conv_form", "compressed").encode()
        assert load_private_key(compressed) == key
        explicit = run(openssl, "ec", "-in", file, "-param_enc", "explicit").encode()
        with pytest.raises(DERError, match="found SEQUENCE for parameters, expected the identifier of a named curve"):
            load_private_key(explicit)


def test_openssl_writes_the_curve_before_the_key(peer_tool: PeerTool) -> None:
    both = run(peer_tool("openssl"), "ecparam", "-genkey", "-name", "prime256v1").encode()
    assert both.startswith(b"-----BEGIN EC PARAMETERS-----")
    assert isinstance(load_private_key(both), ECPrivateKey)
