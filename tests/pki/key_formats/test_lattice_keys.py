"""Keys of ML-DSA and ML-KEM in files and certificates: the RFCs' examples, `cryptography` both ways, refusals."""

import datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem

from explain.layout import unexplained
from pki.asn1.der import DERError
from pki.asn1.der_writer import bit_string, integer, null, octet_string, octets_holding, oid, sequence
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority, RequestRefused
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import KeyUsage, SubjectKeyIdentifier, Usage
from pki.fields.general_names import DNSName
from pki.key_formats.lattice_keys import PARAMETER_SETS, SEED, expanded_key
from pki.keys import (
    Encoding,
    PrivateKeyForm,
    describe_public_key,
    dump_private_key,
    dump_public_key,
    load_private_key,
    load_public_key,
    private_key_layout,
    public_key_layout,
)
from pki.signatures import ECDSA_SHA256, MLDSA, RSA_PKCS1_SHA256, Signer
from pki.verify import CertificateError, Reason, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.errors import InvalidSignature
from primitives.lattices.packing import ByteDecode
from primitives.ml_dsa import ML_DSA_44, ML_DSA_65, ML_DSA_87, MLDSAPrivateKey, MLDSAPublicKey
from primitives.ml_kem import ML_KEM_512, ML_KEM_768, DecapsulationKey, EncapsulationKey
from primitives.rsa import RSAPrivateKey
from primitives.sha3 import sha3_256
from tests.pki.conftest import LEAF, NOW, ROOT, VALIDITY, BuildCertificate

FILES = Path(__file__).parent / "lattice_files"
NAMES = tuple(parameters.name for parameters in PARAMETER_SETS.values())
EXPANDED = sorted(path.name for path in FILES.glob("ML-*-expanded.priv"))
BOTH = sorted(path.name for path in FILES.glob("ML-*-both.priv"))
DER, PRIVATE = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
SPKI, NO_PASSWORD = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.NoEncryption()
DSA_44, KEM_512 = ML_DSA_44.generate_private_key(bytes(32)), ML_KEM_512.generate_decapsulation_key(bytes(64))


def example(name: str) -> bytes:
    return (FILES / name).read_bytes()


def lattice_key(data: bytes) -> MLDSAPrivateKey | DecapsulationKey:
    key = load_private_key(data)
    assert isinstance(key, MLDSAPrivateKey | DecapsulationKey)
    return key


# --- The RFCs' examples.


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_of_the_rfcs_is_read_and_written(name: str) -> None:
    key = lattice_key(example(f"{name}-seed.priv"))
    assert key.seed == bytes(range(len(key.seed or b"")))
    assert key.parameters.name == name == describe_public_key(key.public_key)
    assert dump_private_key(key) == example(f"{name}-seed.priv")
    assert Certificate.from_pem(example(f"{name}.crt")).public_key == key.public_key


@pytest.mark.parametrize("name", EXPANDED + BOTH)
def test_the_other_forms_of_the_rfcs_are_read_and_written(name: str) -> None:
    stem, form = name.removesuffix(".priv").rsplit("-", 1)
    key, of_seed = lattice_key(example(name)), lattice_key(example(f"{stem}-seed.priv"))
    assert expanded_key(key) == expanded_key(of_seed)
    assert (key.seed is None) == (form == "expanded")
    assert dump_private_key(of_seed, form=PrivateKeyForm(form)) == example(name)
    assert dump_private_key(key, form=PrivateKeyForm(form)) == example(name)
    assert str(key.seed) not in repr(key)
    assert str(expanded_key(key)) not in repr(key)


@pytest.mark.parametrize("name", ["ML-DSA-44", "ML-KEM-512"])
def test_the_public_keys_of_the_rfcs(name: str) -> None:
    key = load_public_key(example(f"{name}.pub"))
    assert key == load_private_key(example(f"{name}-seed.priv")).public_key
    assert dump_public_key(key) == example(f"{name}.pub")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bad-ML-DSA-44-1", "expandedKey is not what the seed expands to"),
        ("bad-ML-DSA-44-2", "its parts do not belong together"),
        ("bad-ML-DSA-44-3", "its parts do not belong together"),
        ("bad-ML-KEM-512-1", "expandedKey is not what the seed expands to"),
        ("bad-ML-KEM-512-2", "does not belong to its encapsulation key"),
        ("bad-ML-KEM-512-3", "its hash is not that of its encapsulation key"),
        ("bad-ML-KEM-512-4", "expandedKey is not what the seed expands to"),  # only z differs
    ],
)
def test_the_bad_private_keys_of_the_rfcs_are_refused(name: str, message: str) -> None:
    with pytest.raises(DERError, match=message):
        load_private_key(example(f"{name}.priv"))


def test_the_certificates_of_the_rfcs() -> None:
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for dsa, kem in (("ML-DSA-44", "ML-KEM-512"), ("ML-DSA-65", "ML-KEM-768"), ("ML-DSA-87", "ML-KEM-1024")):
        root, leaf = (Certificate.from_pem(example(f"{name}.crt")) for name in (dsa, kem))
        assert root.signature_algorithm.name == leaf.signature_algorithm.name == dsa
        root.verify_signature_by(root.public_key)
        leaf.verify_signature_by(root.public_key)
        verify_chain(leaf, roots=[root], at=at)
        for certificate in (root, leaf):
            assert unexplained(certificate.layout(), len(certificate.der)) == []


# --- Every byte, and every fault.


@pytest.mark.parametrize("key", [DSA_44, KEM_512], ids=["ML-DSA", "ML-KEM"])
def test_every_part_of_a_key_is_explained(key: MLDSAPrivateKey | DecapsulationKey) -> None:
    for form in PrivateKeyForm:
        der = dump_private_key(key, encoding=Encoding.DER, form=form)
        assert unexplained(private_key_layout(der), len(der)) == []
    der = dump_public_key(key.public_key, encoding=Encoding.DER)
    layout = public_key_layout(der)
    assert unexplained(layout, len(der)) == []
    labels = [field.label for whole in layout for _, field in whole.walk()]
    assert labels[-2:] == (["rho", "t_1"] if key is DSA_44 else ["t_hat", "rho"])


def private_info(name: str, inner: Any, *parameters: Any) -> bytes:
    algorithm = sequence("a", oid("i", OIDS[name]), *parameters)
    return sequence("k", integer("v", 0), algorithm, octets_holding("p", inner)).encoding


@pytest.mark.parametrize(
    ("der", "message"),
    [
        (private_info("id-ml-dsa-44", octet_string("s", bytes(31), tag=SEED)), "has 31 bytes, expected 32"),
        (private_info("id-alg-ml-kem-512", octet_string("s", bytes(32), tag=SEED)), "has 32 bytes, expected 64"),
        (private_info("id-ml-dsa-44", octet_string("s", bytes(32))), "has 32 bytes, expected 2560"),
        (private_info("id-alg-ml-kem-512", octet_string("s", b"")), "has 0 bytes, expected 1632"),
        (private_info("id-ml-dsa-44", null("s")), "found NULL"),
        (private_info("id-ml-dsa-44", octet_string("s", bytes(32), tag=SEED), null("p")), "2 bytes left over"),
        (private_info("id-ml-dsa-44", sequence("b", octet_string("s", bytes(32)))), "the data ends"),
    ],
)
def test_private_keys_of_other_forms_are_refused(der: bytes, message: str) -> None:
    with pytest.raises(DERError, match=message):
        load_private_key(der)


def test_public_keys_of_other_forms_are_refused() -> None:
    t_hat = KEM_512.ek.to_bytes()
    for name, key, message in (
        ("id-ml-dsa-65", DSA_44.public_key.to_bytes(), "has 1312 bytes, expected 1952"),
        ("id-alg-ml-kem-768", t_hat, "has 800 bytes, expected 1184"),
        ("id-alg-ml-kem-512", b"\xff\xff\xff" + t_hat[3:], "a coefficient of 3329 or more"),  # FIPS 203 §7.2 check 2
    ):
        spki = sequence("s", sequence("a", oid("i", OIDS[name])), bit_string("k", key))
        with pytest.raises(DERError, match=message):
            load_public_key(spki.encoding)
    spki = sequence("s", sequence("a", oid("i", OIDS["id-ml-dsa-44"]), null("p")), bit_string("k", bytes(1312)))
    with pytest.raises(DERError, match="2 bytes left over"):
        load_public_key(spki.encoding)


def test_an_expanded_key_alone_is_checked_whole() -> None:
    for key in (DSA_44, KEM_512):
        der = dump_private_key(key, encoding=Encoding.DER, form=PrivateKeyForm.EXPANDED)
        start = len(der) - len(expanded_key(key))
        for place in (start, start + 200, len(der) - 40):  # not K nor z: nothing else depends on them
            with pytest.raises(DERError, match=r"damaged|does not belong|below −2|a coefficient of"):
                load_private_key(der[:place] + bytes([der[place] ^ 0x10]) + der[place + 1 :])


def test_an_expanded_key_with_a_coefficient_out_of_range_is_refused() -> None:
    """c + 3329 is c modulo q, so the pair would belong together; the hash of it is right, too."""
    dk = KEM_512.dk
    t_hat = ByteDecode(12, dk[768:1152])
    place = next(i for i, x in enumerate(t_hat) if x < 4096 - 3329)
    spelled = dk[768:1152]
    number = int.from_bytes(spelled, "little") + (3329 << 12 * place)
    ek = number.to_bytes(384, "little") + dk[1152:1568]
    damaged = dk[:768] + ek + sha3_256(ek).digest() + dk[-32:]
    with pytest.raises(DERError, match="a coefficient of 3329 or more"):
        load_private_key(private_info("id-alg-ml-kem-512", octet_string("e", damaged)))


def test_a_form_that_cannot_be_written() -> None:
    key = lattice_key(dump_private_key(DSA_44, form=PrivateKeyForm.EXPANDED))
    for form in (PrivateKeyForm.SEED, PrivateKeyForm.BOTH):
        with pytest.raises(ValueError, match="came without its seed"):
            dump_private_key(key, form=form)
    with pytest.raises(ValueError, match="one form only"):
        dump_private_key(ECPrivateKey(P256, 5), form=PrivateKeyForm.SEED)


@pytest.mark.slow
def test_encrypted_keys_keep_their_seed() -> None:
    assert load_private_key(dump_private_key(KEM_512, password=b"p"), password=b"p") == KEM_512


# --- `cryptography`, both ways.

PEERS: dict[str, Any] = {
    "ML-DSA-44": mldsa.MLDSA44PrivateKey,
    "ML-DSA-65": mldsa.MLDSA65PrivateKey,
    "ML-DSA-87": mldsa.MLDSA87PrivateKey,
    "ML-KEM-768": mlkem.MLKEM768PrivateKey,
    "ML-KEM-1024": mlkem.MLKEM1024PrivateKey,
}


@pytest.mark.parametrize("name", PEERS)
def test_cryptography_reads_and_writes_the_same_keys(name: str) -> None:
    peer = PEERS[name].generate()
    der = peer.private_bytes(DER, PRIVATE, NO_PASSWORD)
    key = load_private_key(der)
    theirs = serialization.load_der_private_key(dump_private_key(key, encoding=Encoding.DER), None)
    assert theirs.private_bytes(DER, PRIVATE, NO_PASSWORD) == der
    spki = dump_public_key(key.public_key, encoding=Encoding.DER)
    assert spki == peer.public_key().public_bytes(DER, SPKI)
    assert load_public_key(spki) == key.public_key


@pytest.mark.parametrize("parameters", [ML_DSA_44, ML_DSA_65, ML_DSA_87], ids=lambda each: each.name)
def test_certificates_and_requests_of_either_are_verified_by_the_other(parameters: Any) -> None:
    key = parameters.generate_private_key(bytes(range(32)))
    algorithm = MLDSA(parameters)
    root = Authority.create_root(ROOT, key, signature_algorithm=algorithm, **VALIDITY)
    request = CertificateSigningRequest.build(LEAF, ["leaf.example"], key, signature_algorithm=algorithm)
    leaf = root.issue(request, purposes=[], signature_algorithm=algorithm, **VALIDITY)
    usage = leaf.extension(KeyUsage)
    assert usage is not None
    assert usage.usages == {Usage.DIGITAL_SIGNATURE}
    theirs = x509.load_der_x509_certificate(leaf.der)
    theirs.verify_directly_issued_by(x509.load_der_x509_certificate(root.certificate.der))
    assert x509.load_der_x509_csr(request.der).is_signature_valid

    peer = PEERS[parameters.name].generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Peer")])
    builder = x509.CertificateBuilder(name, name, peer.public_key(), 77, NOW, NOW + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = Certificate.from_der(builder.sign(peer, None).public_bytes(DER))
    assert verify_chain(made, roots=[made], at=NOW)
    with pytest.raises(InvalidSignature):
        Certificate.from_der(made.der[:-1] + bytes([made.der[-1] ^ 1])).verify_signature_by(made.public_key)
    asked = x509.CertificateSigningRequestBuilder(name).sign(peer, None).public_bytes(DER)
    CertificateSigningRequest.from_der(asked).verify()


# --- Signing and issuing.


def test_a_chain_of_mixed_algorithms_verifies(keys: list[RSAPrivateKey]) -> None:
    sub_key, leaf_key = ECPrivateKey(P256, 77), keys[2]
    signers: list[Any] = [(DSA_44, MLDSA(ML_DSA_44)), (sub_key, ECDSA_SHA256), (leaf_key, RSA_PKCS1_SHA256)]
    root = Authority.create_root(ROOT, DSA_44, signature_algorithm=MLDSA(ML_DSA_44), **VALIDITY)
    authority, chain = root, [root.certificate]
    for above, (key, algorithm) in itertools.pairwise(signers):
        asked = CertificateSigningRequest.build(LEAF, ["leaf.example"], key, signature_algorithm=algorithm)
        issued = authority.issue_authority(asked, path_length=None, signature_algorithm=above[1], **VALIDITY)
        authority, chain = Authority(issued, key), [*chain, issued]
    verify_chain(chain[-1], intermediates=chain[1:-1], roots=chain[:1], at=NOW)


def test_algorithms_and_keys_that_do_not_fit() -> None:
    for key in (ML_DSA_65.generate_private_key(bytes(32)), KEM_512, ECPrivateKey(P256, 5)):
        with pytest.raises(ValueError, match="ML-DSA-44 signs with a key of its own"):
            MLDSA(ML_DSA_44).sign(key, b"m")
        with pytest.raises(InvalidSignature, match="ML-DSA-44 needs a key of its own"):
            MLDSA(ML_DSA_44).verify(key.public_key, b"m", b"")
    assert MLDSA(ML_DSA_44).hash_name == "shake256"
    deterministic = Signer(DSA_44, MLDSA(ML_DSA_44), random_bytes=bytes)
    assert deterministic.sign(b"m") == DSA_44.sign(b"m", rnd=bytes(32))


def test_a_key_of_ml_kem_is_certified_without_proof() -> None:
    root = Authority.create_root(ROOT, DSA_44, signature_algorithm=MLDSA(ML_DSA_44), **VALIDITY)
    arguments: dict[str, Any] = {"subject": LEAF, "signature_algorithm": MLDSA(ML_DSA_44), **VALIDITY}
    certificate = root.issue_unproved(KEM_512.ek, names=[DNSName("leaf.example")], **arguments)
    usage = certificate.extension(KeyUsage)
    assert usage is not None
    assert usage.usages == {Usage.KEY_ENCIPHERMENT}
    assert certificate.dns_names == ["leaf.example"]
    verify_chain(certificate, roots=[root.certificate], at=NOW, server_name="leaf.example")
    with pytest.raises(
        RequestRefused, match="expected one of ML-KEM, X25519 or X448: others are certified on request only"
    ):
        root.issue_unproved(DSA_44.public_key, **arguments)
    with pytest.raises(RequestRefused, match="expected a host name"):
        root.issue_unproved(KEM_512.ek, names=[DNSName("no host")], **arguments)


@pytest.mark.parametrize(
    ("key", "usages", "message"),
    [
        (DSA_44.public_key, {Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT}, "expected signatures only"),
        (DSA_44.public_key, {Usage.KEY_AGREEMENT}, "expected signatures only"),
        (KEM_512.ek, {Usage.KEY_ENCIPHERMENT, Usage.DIGITAL_SIGNATURE}, "expected keyEncipherment only"),
        (KEM_512.ek, {Usage.DIGITAL_SIGNATURE}, "expected keyEncipherment only"),
    ],
)
def test_usages_that_the_algorithm_does_not_have(
    root: Authority,
    certificate: BuildCertificate,
    key: MLDSAPublicKey | EncapsulationKey,
    usages: set[Usage],
    message: str,
) -> None:
    leaf = certificate(KeyUsage(frozenset(usages)), public_key=key)
    with pytest.raises(CertificateError, match=message) as caught:
        verify_chain(leaf, roots=[root.certificate], at=NOW)
    assert caught.value.reason is Reason.WRONG_KEY_USAGE
    verify_chain(certificate(SubjectKeyIdentifier(b"id"), public_key=key), roots=[root.certificate], at=NOW)


def test_a_pair_of_ml_kem_that_does_not_belong_together() -> None:
    for parameters in (ML_KEM_512, ML_KEM_768):
        one, other = (parameters.generate_decapsulation_key(bytes([i]) * 64) for i in (1, 2))
        one.check_pair()
        size = 384 * parameters.k
        with pytest.raises(ValueError, match="does not belong to its encapsulation key"):
            parameters.decapsulation_key(one.dk[:size] + other.dk[size:]).check_pair()
