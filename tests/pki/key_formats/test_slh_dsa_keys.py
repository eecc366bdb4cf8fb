"""Keys of SLH-DSA in files and certificates: the RFC's examples, refusals, signing and issuing."""

import datetime
from pathlib import Path

import pytest

from explain.layout import unexplained
from pki.asn1.der import DERError
from pki.asn1.der_writer import bit_string, integer, null, octet_string, octets_holding, oid, sequence
from pki.asn1.oids import NAMES, OIDS
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import KeyUsage, Usage
from pki.key_formats.slh_dsa_keys import IDENTIFIERS, PARAMETER_SETS
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
from pki.signatures import ECDSA_SHA256, SLHDSA, Signer
from pki.verify import CertificateError, Reason, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.errors import InvalidSignature
from primitives.slh_dsa import SLH_DSA_SHA2_128F, SLH_DSA_SHA2_128S, SLH_DSA_SHAKE_128F, SLHDSAPrivateKey
from tests.pki.conftest import LEAF, NOW, ROOT, VALIDITY, BuildCertificate

FILES = Path(__file__).parent / "slh_dsa_files"
EXAMPLE = "id-slh-dsa-sha2-128s"  # RFC 9909 appendix C
KEY = SLH_DSA_SHA2_128F.generate_private_key(bytes(range(48)))


def example(ending: str) -> bytes:
    return (FILES / f"{EXAMPLE}.{ending}").read_bytes()


# --- The RFC's examples.


def test_the_keys_of_the_rfc_are_read_and_written() -> None:
    key = load_private_key(example("priv"))
    assert isinstance(key, SLHDSAPrivateKey)
    assert key.parameters == SLH_DSA_SHA2_128S
    assert describe_public_key(key.public_key) == "SLH-DSA-SHA2-128s"
    assert dump_private_key(key) == example("priv")
    assert load_public_key(example("pub")) == key.public_key
    assert dump_public_key(key.public_key) == example("pub")
    assert key.sk.hex() not in repr(key)
    assert repr(key.sk) not in repr(key)


def test_the_certificate_of_the_rfc() -> None:
    root = Certificate.from_pem(example("pem"))
    assert root.public_key == load_public_key(example("pub"))
    assert root.signature_algorithm == SLHDSA(SLH_DSA_SHA2_128S)
    assert root.signature_algorithm.hash_name == "sha256"
    assert unexplained(root.layout(), len(root.der)) == []
    verify_chain(root, roots=[root], at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    root.verify_signature_by(root.public_key)
    spoiled = Certificate.from_der(root.der[:-1] + bytes([root.der[-1] ^ 1]))
    with pytest.raises(InvalidSignature):
        spoiled.verify_signature_by(spoiled.public_key)


@pytest.mark.slow
def test_the_key_of_the_rfc_is_whole() -> None:
    key = load_private_key(example("priv"))
    assert isinstance(key, SLHDSAPrivateKey)
    assert SLH_DSA_SHA2_128S.keygen(key.sk[:48]) == (key.public_key.to_bytes(), key.sk)


# --- Every byte, and every fault.


def test_the_identifiers_are_those_of_the_rfc() -> None:
    assert len(PARAMETER_SETS) == 12
    assert IDENTIFIERS["SLH-DSA-SHA2-128s"] == "2.16.840.1.101.3.4.3.20"
    assert IDENTIFIERS["SLH-DSA-SHAKE-128s"] == "2.16.840.1.101.3.4.3.26"
    assert IDENTIFIERS["SLH-DSA-SHAKE-256f"] == "2.16.840.1.101.3.4.3.31"
    hashed = {f"2.16.840.1.101.3.4.3.{i}" for i in range(35, 47)}
    assert {name for name in map(NAMES.get, hashed) if name and name.startswith("id-hash-slh-dsa-")} == {
        NAMES[each] for each in hashed
    }
    assert NAMES["2.16.840.1.101.3.4.3.37"] == "id-hash-slh-dsa-sha2-192s-with-sha512"
    assert NAMES["2.16.840.1.101.3.4.3.42"] == "id-hash-slh-dsa-shake-128f-with-shake128"


def test_every_part_of_a_key_is_explained() -> None:
    der = dump_private_key(KEY, encoding=Encoding.DER)
    layout = private_key_layout(der)
    assert unexplained(layout, len(der)) == []
    labels = [field.label for whole in layout for _, field in whole.walk()]
    assert labels[-4:] == ["SK_seed", "SK_prf", "PK_seed", "PK_root"]
    der = dump_public_key(KEY.public_key, encoding=Encoding.DER)
    layout = public_key_layout(der)
    assert unexplained(layout, len(der)) == []
    assert [field.label for whole in layout for _, field in whole.walk()][-2:] == ["PK_seed", "PK_root"]


def test_keys_of_other_forms_are_refused() -> None:
    name = oid("i", OIDS["id-slh-dsa-sha2-128f"])
    for inner, message in (
        (octet_string("p", bytes(63)), "SLH-DSA-SHA2-128f: the private key has 63 bytes, expected 64"),
        (
            octets_holding("p", octet_string("k", bytes(64))),
            "has 66 bytes, expected 64",
        ),  # in an OCTET STRING of its own
        (null("p"), "expected privateKey"),
    ):
        with pytest.raises(DERError, match=message):
            load_private_key(sequence("k", integer("v", 0), sequence("a", name), inner).encoding)
    key = octet_string("p", bytes(64))
    with pytest.raises(DERError, match="2 bytes left over"):
        load_private_key(sequence("k", integer("v", 0), sequence("a", name, null("p")), key).encoding)
    with pytest.raises(DERError, match="the public key has 33 bytes, expected 32"):
        load_public_key(sequence("s", sequence("a", name), bit_string("k", bytes(33))).encoding)
    with pytest.raises(DERError, match="2 bytes left over"):
        load_public_key(sequence("s", sequence("a", name, null("p")), bit_string("k", bytes(32))).encoding)
    with pytest.raises(ValueError, match="one form only"):
        dump_private_key(KEY, form=PrivateKeyForm.SEED)


def test_a_public_key_of_version_2_must_belong_to_the_private_key() -> None:
    fields = [integer("v", 1), sequence("a", oid("i", OIDS["id-slh-dsa-sha2-128f"])), octet_string("p", KEY.sk)]
    right = bit_string("k", KEY.public_key.to_bytes(), tag=0x81)
    assert load_private_key(sequence("k", *fields, right).encoding) == KEY
    with pytest.raises(DERError, match="publicKey does not belong to privateKey"):
        load_private_key(sequence("k", *fields, bit_string("k", bytes(32), tag=0x81)).encoding)


# --- Signing and issuing.


@pytest.mark.slow
def test_chains_and_requests() -> None:
    algorithm = SLHDSA(SLH_DSA_SHA2_128F)
    root = Authority.create_root(ROOT, KEY, signature_algorithm=algorithm, **VALIDITY)
    leaf_key = SLH_DSA_SHAKE_128F.generate_private_key(bytes(range(48)))
    request = CertificateSigningRequest.build(
        LEAF, ["leaf.example"], leaf_key, signature_algorithm=SLHDSA(SLH_DSA_SHAKE_128F)
    )
    request.verify()
    leaf = root.issue(request, purposes=[], signature_algorithm=algorithm, **VALIDITY)
    usage = leaf.extension(KeyUsage)
    assert usage is not None
    assert usage.usages == {Usage.DIGITAL_SIGNATURE}
    assert leaf.public_key == leaf_key.public_key
    verify_chain(leaf, roots=[root.certificate], at=NOW, server_name="leaf.example")
    mixed = CertificateSigningRequest.build(
        LEAF, ["leaf.example"], ECPrivateKey(P256, 7), signature_algorithm=ECDSA_SHA256
    )
    verify_chain(
        root.issue(mixed, purposes=[], signature_algorithm=algorithm, **VALIDITY), roots=[root.certificate], at=NOW
    )


def test_algorithms_and_keys_that_do_not_fit() -> None:
    other = SLH_DSA_SHAKE_128F.generate_private_key(bytes(48))
    for key in (other, ECPrivateKey(P256, 5)):
        with pytest.raises(ValueError, match="SLH-DSA-SHA2-128f signs with a key of its own"):
            SLHDSA(SLH_DSA_SHA2_128F).sign(key, b"m")
        with pytest.raises(InvalidSignature, match="SLH-DSA-SHA2-128f needs a key of its own"):
            SLHDSA(SLH_DSA_SHA2_128F).verify(key.public_key, b"m", b"")
    assert SLHDSA(SLH_DSA_SHAKE_128F).hash_name == "shake256"
    assert SLHDSA(PARAMETER_SETS[IDENTIFIERS["SLH-DSA-SHA2-192s"]]).hash_name == "sha512"


@pytest.mark.slow
def test_a_signer_passes_its_randomness_on() -> None:
    deterministic = Signer(KEY, SLHDSA(SLH_DSA_SHA2_128F), random_bytes=bytes)
    assert deterministic.sign(b"m") == KEY.sign(b"m", addrnd=bytes(16))


@pytest.mark.parametrize("usages", [{Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT}, {Usage.KEY_AGREEMENT}])
def test_usages_that_the_algorithm_does_not_have(
    root: Authority, certificate: BuildCertificate, usages: set[Usage]
) -> None:
    leaf = certificate(KeyUsage(frozenset(usages)), public_key=KEY.public_key)
    with pytest.raises(CertificateError, match="expected signatures only") as caught:
        verify_chain(leaf, roots=[root.certificate], at=NOW)
    assert caught.value.reason is Reason.WRONG_KEY_USAGE
