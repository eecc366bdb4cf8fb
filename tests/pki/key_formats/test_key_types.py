"""Certificates with keys of every kind: made here and read by peers, made by peers and verified here."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from explain.layout import Layout, unexplained
from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import bit_string, null, oid, sequence
from pki.asn1.oids import OIDS
from pki.asn1.pem import pem_decode
from pki.ca.authority import Authority
from pki.commands.option_values import algorithm_for
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import KeyUsage, Purpose, Usage
from pki.key_formats.private_key_info import PrivateKey, RSAPSSPrivateKey
from pki.key_formats.pss_parameters import PSSParameters
from pki.key_formats.public_key_info import (
    PublicKey,
    RSAPSSPublicKey,
    UnknownPublicKey,
    describe_public_key,
    is_oversized,
    public_key_info,
    read_public_key_info,
    rsa_key,
)
from pki.keys import dump_private_key, load_private_key, load_public_key, private_key_layout
from pki.signatures import (
    ECDSA,
    ECDSA_SHA256,
    ECDSA_SHA384,
    ECDSA_SHA512,
    ED448,
    ED25519,
    RSA_PKCS1_SHA256,
    RSA_PSS_SHA256,
    RSA_PSS_SHA384,
    RSASSA_PSS,
    SignatureAlgorithm,
    Signer,
    read_signature_algorithm,
)
from pki.verify import CertificateError, Reason, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, P384, P521, ECPrivateKey, ECPublicKey
from primitives.ed448_keys import Ed448PrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.errors import InvalidSignature
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha512
from tests.conftest import PeerTool, run
from tests.pki.conftest import LEAF, NOW, ROOT, VALIDITY

SIGNERS: list[tuple[PrivateKey, SignatureAlgorithm]] = [
    (ECPrivateKey(P256, 0x1234567), ECDSA_SHA256),
    (ECPrivateKey(P384, 0x1234567), ECDSA_SHA384),
    (ECPrivateKey(P521, 0x1234567), ECDSA_SHA512),
    (ECPrivateKey(P521, 0x1234567), ECDSA(sha224)),
    (Ed448PrivateKey(bytes(range(57))), ED448),
    (Ed25519PrivateKey(bytes(range(32))), ED25519),
]
IDS = [f"{describe_public_key(key.public_key)}, {algorithm.name}" for key, algorithm in SIGNERS]
DER, SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo


def read(encoding: bytes) -> PublicKey:
    """Read a key twice, the second time with a layout, which must explain every byte."""
    layout = Layout()
    key = read_public_key_info(Reader(encoding, layout=layout))
    assert unexplained(layout.fields, len(encoding)) == []
    reader = Reader(encoding)
    assert read_public_key_info(reader) == key
    reader.finish()
    return key


# --- Made here.


@pytest.mark.parametrize(("key", "algorithm"), SIGNERS, ids=IDS)
def test_a_chain_made_here_is_read_and_verified_by_peers(
    key: PrivateKey, algorithm: SignatureAlgorithm, peer_tool: PeerTool, tmp_path: Path
) -> None:
    root = Authority.create_root(ROOT, key, signature_algorithm=algorithm, **VALIDITY)
    request = CertificateSigningRequest.build(LEAF, ["leaf.example"], key, signature_algorithm=algorithm)
    request.verify()
    purposes = [Purpose.SERVER_AUTH]
    leaf = root.issue(request, purposes=purposes, signature_algorithm=algorithm, **VALIDITY)
    usage = leaf.extension(KeyUsage)
    assert usage is not None
    assert usage.usages == {Usage.DIGITAL_SIGNATURE}  # no key transport without RSA
    chain = verify_chain(leaf, roots=[root.certificate], at=NOW, server_name="leaf.example", purpose=purposes[0])
    assert ("public key", describe_public_key(key.public_key), "SP 800-131A §3") in chain.checks
    assert unexplained(leaf.layout(), len(leaf.der)) == []
    theirs = x509.load_der_x509_certificate(leaf.der)
    theirs.verify_directly_issued_by(x509.load_der_x509_certificate(root.certificate.der))
    assert x509.load_der_x509_csr(request.der).is_signature_valid
    (tmp_path / "root.pem").write_bytes(root.certificate.to_pem())
    (tmp_path / "leaf.pem").write_bytes(leaf.to_pem())
    at = str(int(NOW.timestamp()))
    openssl = peer_tool("openssl")
    run(openssl, "verify", "-x509_strict", "-attime", at, "-CAfile", tmp_path / "root.pem", tmp_path / "leaf.pem")
    run(openssl, "req", "-verify", "-noout", stdin=request.to_pem())


@pytest.mark.parametrize(("key", "algorithm"), SIGNERS, ids=IDS)
def test_signatures_and_identifiers(key: PrivateKey, algorithm: SignatureAlgorithm) -> None:
    signature = algorithm.sign(key, b"message")
    algorithm.verify(key.public_key, b"message", signature)
    for message, given in ((b"massage", signature), (b"message", signature[:-1]), (b"message", b"")):
        with pytest.raises(InvalidSignature):
            algorithm.verify(key.public_key, message, given)
    element = algorithm.element("signatureAlgorithm")
    layout = Layout()
    assert read_signature_algorithm(Reader(element.encoding, layout=layout), "signatureAlgorithm") == algorithm
    assert unexplained(layout.fields, len(element.encoding)) == []
    with_null = sequence("a", *element.elements, null("parameters"))  # RFC 5758 §3.2, RFC 8410 §3: must be absent
    with pytest.raises(DERError, match="2 bytes left over"):
        read_signature_algorithm(Reader(with_null.encoding), "signatureAlgorithm")


def test_keys_that_do_not_fit_the_algorithm(keys: list[RSAPrivateKey]) -> None:
    ec_key, ed_keys = SIGNERS[0][0], (SIGNERS[-1][0], SIGNERS[-2][0])
    algorithms: tuple[SignatureAlgorithm, ...] = (RSA_PKCS1_SHA256, RSA_PSS_SHA256, ECDSA_SHA256, ED25519, ED448)
    for algorithm, fitting in zip(algorithms, (keys[0], keys[0], ec_key, *ed_keys), strict=True):
        for key in {keys[0], ec_key, *ed_keys} - {fitting}:
            with pytest.raises(InvalidSignature, match="needs a"):
                algorithm.verify(key.public_key, b"", b"")
            with pytest.raises(ValueError, match="signs with a"):
                algorithm.sign(key, b"")


def test_private_keys_hide() -> None:
    assert "0001" not in repr(SIGNERS[-1][0])
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="expected 32"):
            Ed25519PrivateKey(wrong)
    with pytest.raises(TypeError, match="bytes"):
        Ed25519PublicKey("a" * 32)  # type: ignore[arg-type]  # the point of it


# --- Made by peers.


def test_public_keys_of_cryptography() -> None:
    for curve, ours in ((ec.SECP256R1(), P256), (ec.SECP384R1(), P384), (ec.SECP521R1(), P521)):
        theirs = ec.generate_private_key(curve).public_key()
        spki = theirs.public_bytes(DER, SPKI)
        key = read(spki)
        numbers = theirs.public_numbers()
        assert key == ECPublicKey(ours, (numbers.x, numbers.y))
        assert public_key_info(key).encoding == spki
        assert rsa_key(key) is None
        assert not is_oversized(key)
        compressed = sequence(
            "spki",
            sequence("algorithm", *public_key_info(key).elements[0].elements),
            bit_string("key", key.to_bytes(compressed=True)),
        )
        assert read(compressed.encoding) == key
    spki = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(DER, SPKI)
    key = read(spki)
    assert isinstance(key, Ed25519PublicKey)
    assert public_key_info(key).encoding == spki
    assert describe_public_key(key) == "Ed25519"


def peer_certificate(key: Any, hash: Any, **more: Any) -> Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Peer")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 77, NOW, NOW + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Certificate.from_der(builder.sign(key, hash, **more).public_bytes(DER))


def test_certificates_of_cryptography() -> None:
    rsa_private = rsa.generate_private_key(65537, 2048)
    pss = padding.PSS(padding.MGF1(hashes.SHA512()), 11)
    for made in (
        peer_certificate(ec.generate_private_key(ec.SECP256R1()), hashes.SHA384()),
        peer_certificate(ec.generate_private_key(ec.SECP384R1()), hashes.SHA256()),
        peer_certificate(ec.generate_private_key(ec.SECP521R1()), hashes.SHA512()),
        peer_certificate(ed25519.Ed25519PrivateKey.generate(), None),
        peer_certificate(ed448.Ed448PrivateKey.generate(), None),
        peer_certificate(rsa_private, hashes.SHA256(), rsa_padding=pss),
    ):
        made.verify_signature_by(made.public_key)
        assert verify_chain(made, roots=[made], at=NOW)
        spoiled = bytearray(made.der)
        spoiled[-1] ^= 1
        with pytest.raises(InvalidSignature):
            Certificate.from_der(bytes(spoiled)).verify_signature_by(made.public_key)


def test_ecdsa_with_sha1_is_named_and_refused() -> None:
    element = sequence("a", oid("algorithm", OIDS["ecdsa-with-SHA1"]))
    algorithm = read_signature_algorithm(Reader(element.encoding), "a")
    assert (algorithm.name, algorithm.hash_name) == ("ecdsa-with-SHA1", "sha1")


@pytest.mark.parametrize("limited", [False, True])
def test_keys_for_pss_alone(limited: bool, peer_tool: PeerTool, tmp_path: Path) -> None:
    openssl = peer_tool("openssl")
    options = ["-pkeyopt", "rsa_keygen_bits:2048"]
    if limited:
        for option in ("rsa_pss_keygen_md:sha256", "rsa_pss_keygen_mgf1_md:sha256", "rsa_pss_keygen_saltlen:32"):
            options += ["-pkeyopt", option]
    run(openssl, "genpkey", "-algorithm", "RSA-PSS", *options, "-out", tmp_path / "key.pem")
    salt = ["-sigopt", "rsa_pss_saltlen:40"]
    request = ["req", "-x509", "-new", "-subj", "/CN=PSS", "-days", "2", "-sha256"]
    pem = run(openssl, *request, "-key", tmp_path / "key.pem", *salt)
    made = Certificate.from_pem(pem.encode())
    key = made.public_key
    assert isinstance(key, RSAPSSPublicKey)
    assert key.parameters == (PSSParameters(sha256, sha256, 32) if limited else None)
    assert made.signature_algorithm == RSASSA_PSS(sha256, sha256, 40)
    assert verify_chain(made, roots=[made], at=made.not_before)
    made.verify_signature_by(key)
    encoding = public_key_info(key).encoding
    assert encoding in made.der
    assert read(encoding) == key
    assert "for RSASSA-PSS" in describe_public_key(key)
    assert rsa_key(key) == key.rsa
    with pytest.raises(InvalidSignature, match="needs an RSA key"):
        RSA_PKCS1_SHA256.verify(key, b"", b"")
    if limited:  # RFC 4055 §3.3
        for other in (RSA_PSS_SHA384, RSASSA_PSS(sha256, sha512, 32), RSASSA_PSS(sha256, sha256, 31)):
            with pytest.raises(InvalidSignature, match="not what the key is for"):
                other.verify(key, b"", b"")


MD, MGF1, SALT = "rsa_pss_keygen_md:", "rsa_pss_keygen_mgf1_md:", "rsa_pss_keygen_saltlen:"


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ([], None),
        ([f"{MD}sha256"], PSSParameters(sha256, sha1, 20)),  # what some versions of OpenSSL make of it
        ([f"{MD}sha256", f"{MGF1}sha256"], PSSParameters(sha256, sha256, 20)),
        ([f"{MD}sha512", f"{MGF1}sha256", f"{SALT}33"], PSSParameters(sha512, sha256, 33)),
    ],
    ids=["unlimited", "hash", "mask", "salt"],
)
def test_private_keys_for_pss_alone(
    options: list[str], parameters: PSSParameters | None, peer_tool: PeerTool, tmp_path: Path
) -> None:
    openssl = peer_tool("openssl")
    words = [word for option in ("rsa_keygen_bits:2048", *options) for word in ("-pkeyopt", option)]
    run(openssl, "genpkey", "-algorithm", "RSA-PSS", *words, "-out", tmp_path / "key.pem")
    theirs = (tmp_path / "key.pem").read_bytes()
    key = load_private_key(theirs)
    assert isinstance(key, RSAPSSPrivateKey)
    if options == [f"{MD}sha256"]:  # newer ones make the mask with the same hash
        assert key.parameters in (parameters, PSSParameters(sha256, sha256, 20), PSSParameters(sha256, sha256, 32))
    else:
        assert key.parameters == parameters
    assert dump_private_key(key) == theirs
    if f"{SALT}33" in options:  # once is enough: it takes a while
        encrypted = run(openssl, "pkcs8", "-topk8", "-passout", "pass:secret", "-iter", "9", stdin=theirs).encode()
        assert load_private_key(encrypted, password=b"secret") == key
    [pem] = pem_decode(theirs)
    assert unexplained(private_key_layout(pem.der), len(pem.der)) == []
    assert str(key.rsa.d) not in repr(key)
    assert load_public_key(run(openssl, "pkey", "-pubout", stdin=theirs).encode()) == key.public_key
    algorithm = algorithm_for(key, pss=False)
    assert isinstance(algorithm, RSASSA_PSS)
    root = Authority.create_root(ROOT, key, signature_algorithm=algorithm, **VALIDITY).certificate
    assert verify_chain(root, roots=[root], at=NOW)
    (tmp_path / "root.pem").write_bytes(root.to_pem())
    strictly = ("-x509_strict", "-check_ss_sig", "-attime", str(int(NOW.timestamp())))
    run(openssl, "verify", *strictly, "-CAfile", tmp_path / "root.pem", tmp_path / "root.pem")
    with pytest.raises(ValueError, match="signs with an RSA key, but this one is RSAPSSPrivateKey"):
        RSA_PKCS1_SHA256.sign(key, b"")
    if parameters is not None:
        with pytest.raises(ValueError, match="not what the key is for"):
            RSASSA_PSS(sha256, sha512, 64).sign(key, b"")


def test_private_keys_for_pss_with_sha1_are_refused_by_name(peer_tool: PeerTool) -> None:
    words = ["-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", f"{MD}sha1"]
    pem = run(peer_tool("openssl"), "genpkey", "-algorithm", "RSA-PSS", *words).encode()
    with pytest.raises(DERError, match="a private key for RSASSA-PSS with sha1, expected one with SHA-2"):
        load_private_key(pem)


def test_a_pss_key_too_short_is_weak() -> None:
    short = RSAPSSPublicKey(RSAPublicKey((1 << 1023) + 1, 3), None)
    root = Certificate.build(
        serial_number=1,
        issuer=ROOT,
        subject=ROOT,
        public_key=short,
        extensions=[KeyUsage(frozenset(Usage))],
        signer=Signer(SIGNERS[0][0], ECDSA_SHA256),
        **VALIDITY,
    )
    with pytest.raises(CertificateError) as caught:
        verify_chain(root, roots=[root], at=NOW)
    assert caught.value.reason is Reason.WEAK_KEY
    assert is_oversized(RSAPSSPublicKey(RSAPublicKey((1 << 10000) + 1, 3), None))


# --- Corrupted keys.


def ec_info(curve: str, point: bytes) -> bytes:
    algorithm = sequence("algorithm", oid("algorithm", OIDS["id-ecPublicKey"]), oid("namedCurve", curve))
    return sequence("spki", algorithm, bit_string("key", point)).encoding


def test_keys_that_are_none() -> None:
    G = ECPublicKey(P256, P256.G).to_bytes()
    p256 = OIDS["secp256r1"]
    for spoiled in (
        ec_info(p256, b""),
        ec_info(p256, b"\0"),
        ec_info(p256, G[:-1] + bytes([G[-1] ^ 1])),
        ec_info(p256, G[:-1]),
        ec_info(OIDS["secp384r1"], G),
        sequence("s", sequence("a", oid("o", OIDS["id-Ed25519"])), bit_string("k", bytes(31))).encoding,
        sequence("s", sequence("a", oid("o", OIDS["id-Ed25519"]), null("n")), bit_string("k", bytes(32))).encoding,
    ):
        with pytest.raises(DERError):
            read_public_key_info(Reader(spoiled))
    assert read(ec_info("1.3.132.0.10", b"\4abc")) == UnknownPublicKey(  # secp256k1
        OIDS["id-ecPublicKey"], oid("namedCurve", "1.3.132.0.10").encoding, b"\4abc"
    )
    weak = sequence("s", sequence("a", oid("o", OIDS["id-RSASSA-PSS"]), sequence("p")), bit_string("k", b"x"))
    assert read(weak.encoding) == UnknownPublicKey(OIDS["id-RSASSA-PSS"], sequence("p").encoding, b"x")  # SHA-1
