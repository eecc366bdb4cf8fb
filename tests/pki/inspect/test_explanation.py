"""What a file holds, and every byte of it explained: in the tree, in the hex dump, and for programs."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain.layout import unexplained
from explain.showing.byte_view import View, explained, faults
from pki.asn1.pem import pem_encode
from pki.ca.authority import Authority
from pki.crl import RevocationReason, RevokedCertificate
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.inspect import explanation
from pki.inspect.file_contents import Item, items_of
from pki.inspect.meanings import MEANINGS
from pki.key_formats import pbes2
from pki.key_formats.pkcs1 import rsa_private_key_element, rsa_public_key_element
from pki.key_formats.sec1 import ec_private_key_element
from pki.keys import Encoding, dump_private_key, dump_public_key
from pki.pkcs7 import certs_only
from pki.signatures import ECDSA_SHA256, RSA_PSS_SHA256
from primitives.ec import P256, ECPrivateKey
from primitives.ecdsa import ecdsa_sign
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import RSAPrivateKey
from primitives.sha2 import sha256
from tests.pki.conftest import DAY, NOW, ROOT, VALIDITY

KEY = ECPrivateKey(P256, 0xC0FFEE)


@pytest.fixture(scope="module")
def files(keys: Sequence[RSAPrivateKey]) -> dict[str, bytes]:
    """One file of each kind, by the kind's name."""
    root = Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PSS_SHA256, **VALIDITY)
    request = CertificateSigningRequest.build(ROOT, ["a.example"], KEY, signature_algorithm=ECDSA_SHA256)
    leaf = root.issue(request, purposes=[Purpose.SERVER_AUTH], signature_algorithm=RSA_PSS_SHA256, **VALIDITY)
    revoked = RevokedCertificate.build(7, NOW, reason=RevocationReason.KEY_COMPROMISE)
    crl = root.issue_crl(
        [revoked], number=1, this_update=NOW, next_update=NOW + DAY, signature_algorithm=RSA_PSS_SHA256
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pbes2, "ITERATIONS", 10)
        encrypted = dump_private_key(KEY, password=b"x", encoding=Encoding.DER)
    return {
        "certificate": leaf.to_der(),
        "certification request": request.to_der(),
        "CRL": crl.to_der(),
        "certificates in a PKCS #7 message": certs_only([root.certificate, leaf]),
        "private key": dump_private_key(KEY, encoding=Encoding.DER),
        "private key (Ed25519)": dump_private_key(Ed25519PrivateKey(bytes(32)), encoding=Encoding.DER),
        "private key (RSA)": dump_private_key(keys[0], encoding=Encoding.DER),
        "private key (PKCS #1)": rsa_private_key_element(keys[0]).encoding,
        "private key (SEC 1)": ec_private_key_element(KEY, named_curve=True).encoding,
        "encrypted private key": encrypted,
        "public key": dump_public_key(KEY.public_key, encoding=Encoding.DER),
        "public key (PKCS #1)": rsa_public_key_element(keys[0].public_key).encoding,
        "ECDSA signature": ecdsa_sign(KEY, b"message", hash=sha256),
        "signature of 64 bytes, as Ed25519 makes them": bytes(64),
        "signature of 114 bytes, as Ed448 makes them": bytes(114),
        "signature of 256 bytes, as RSA makes them": bytes(255) + b"\1",
    }


def only(data: bytes) -> Item:
    [item] = items_of(data)
    return item


def test_each_kind_is_read_and_every_byte_explained(files: dict[str, bytes]) -> None:
    for kind, data in files.items():
        item = only(data)
        assert item.kind == kind.partition(" (")[0]
        assert item.data == data
        assert unexplained(item.fields, len(data)) == []


def test_every_field_has_a_meaning_and_a_section(files: dict[str, bytes]) -> None:
    for data in files.values():
        parts = explained(only(data).fields, MEANINGS)
        assert faults(View("", "", data, parts)) == []


def test_single_bits_are_explained(files: dict[str, bytes]) -> None:
    [item] = items_of(files["certificate"])
    fields = [field for _, field in item.fields[0].walk()]
    assert fields[1].bits == "00 universal, 1 constructed, 10000 number 16"
    assert fields[2].bits == "1 long form, 0000010 2 more octets hold the length"
    [usage] = [field for field in fields if field.label == "KeyUsage" and field.fields[-1].label == "contents"]
    assert usage.fields[1].bits == "0 short form, 0000010 2"
    assert usage.fields[-1].bits == "1 digitalSignature"


def test_the_dump_is_the_file(files: dict[str, bytes]) -> None:
    """Put together again, the bytes of the dump are the file, each with a note beside it."""
    for data in files.values():
        found = bytearray()
        for line in explanation.hex_dump(only(data)):
            assert len(line) <= 80
            shown = re.match(r"([0-9a-f]{5}) ((?:[0-9a-f]{2} ?){1,8})", line)
            if shown:
                assert int(shown[1], 16) == len(found)
                found += bytes.fromhex(shown[2])
        assert found == data


def shown(item: Item) -> str:
    """The tree as one line of text, without its branches."""
    lines = list(explanation.tree(item))
    assert all(len(line) <= 80 for line in lines)
    return " ".join(re.sub(r"[│├└─]", " ", " ".join(lines)).split())


def test_the_tree_shows_each_field_with_range_and_section(files: dict[str, bytes]) -> None:
    for data in files.values():
        item = only(data)
        text = shown(item)
        for top in item.fields:
            for _, field in top.walk():
                if field.label not in ("tag", "length", "contents"):
                    assert f"(bytes {field.start}–{field.end - 1}" in text


def test_the_tree_says_what_and_why_once_for_each_kind_of_field(files: dict[str, bytes]) -> None:
    for data in files.values():
        item = only(data)
        text = shown(item)
        meanings = {part.meaning for top in explained(item.fields, MEANINGS) for part in top.walk()}
        for what, why, _ in meanings:
            assert text.count(f"{what} why: {why}") == 1
        assert text.count("why: ") == len(meanings)


def test_for_programs_the_bytes_are_all_there_with_their_meanings(files: dict[str, bytes]) -> None:
    def leaves(field: Any) -> str:
        assert field["what"]
        assert field["why"]
        return "".join(map(leaves, field["fields"])) if "fields" in field else field["hex"]

    for data in files.values():
        assert "".join(map(leaves, explanation.as_json(only(data)))) == data.hex()


def test_pem_with_several_blocks(files: dict[str, bytes]) -> None:
    data = pem_encode("CERTIFICATE", files["certificate"]) + pem_encode("X509 CRL", files["CRL"])
    assert [item.kind for item in items_of(data)] == ["certificate", "CRL"]
    with pytest.raises(ValueError, match="found the PEM block DH PARAMETERS, expected one of CERTIFICATE"):
        items_of(pem_encode("DH PARAMETERS", b"x"))


def test_an_encrypted_key_of_the_old_form() -> None:
    old = b"-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC," + bytes(16).hex().encode()
    item = only(old + b"\n\nAAAA\n-----END EC PRIVATE KEY-----\n")
    assert (item.kind, item.fields[0].label) == ("encrypted private key, the old way", "encrypted key")


def test_other_peoples_files_are_explained_or_refused() -> None:
    count = 0
    vectors = Path(pytest.importorskip("cryptography_vectors").__file__).parent
    for path in sorted((vectors / "x509").glob("*.pem")) + sorted((vectors / "asymmetric/PKCS8").glob("*.pem")):
        try:
            items = items_of(path.read_bytes())
        except ValueError:
            continue
        for item in items:
            count += 1
            assert unexplained(item.fields, len(item.data)) == [], path
            assert faults(View("", "", item.data, explained(item.fields, MEANINGS))) == [], path
            assert list(explanation.hex_dump(item))
    assert count > 20


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_whatever_the_bytes_the_answer_is_a_thing_or_a_value_error(data: bytes) -> None:
    try:
        assert items_of(data)
    except ValueError:
        return


@pytest.mark.parametrize("stride", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_cut_files(files: dict[str, bytes], stride: int) -> None:
    data = files["CRL"]
    for cut in range(0, len(data), stride):
        if cut in (64, 114, 128, 256, 384, 512):
            continue  # any bytes of these lengths may be a signature
        with pytest.raises(ValueError):
            items_of(data[:cut])
