"""PKCS #12: written and read back, other programs' files, wrong passwords, and every way of being malformed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from explain.layout import Layout, unexplained
from explain.showing.byte_view import View, explained, faults
from pki import pkcs12 as ours
from pki.asn1.ber import LenientReader
from pki.asn1.der import DERError, Reader
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.inspect.file_contents import items_of
from pki.inspect.meanings import MEANINGS
from pki.key_formats import pbes2
from pki.keys import dump_private_key
from pki.pkcs12 import Bag, PersonalInformation, read_personal_information, write_personal_information
from pki.signatures import ECDSA_SHA256, ED25519
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.errors import DecryptionError
from tests.conftest import PeerTool, run
from tests.pki.conftest import LEAF, ROOT, VALIDITY
from tests.pki.support.spoiling import read_spoiled
from tests.support.shares import share

PASSWORD = "pässword".encode()
KEY = ECPrivateKey(P256, 0xC0FFEE)


def read(data: bytes) -> PersonalInformation:
    return read_personal_information(Reader(data))


@pytest.fixture(scope="module")
def chain() -> list[Certificate]:
    signer = Ed25519PrivateKey(bytes(32))
    root = Authority.create_root(ROOT, signer, signature_algorithm=ED25519, **VALIDITY)
    request = CertificateSigningRequest.build(LEAF, ["a.example"], KEY, signature_algorithm=ECDSA_SHA256)
    leaf = root.issue(request, purposes=[Purpose.SERVER_AUTH], signature_algorithm=ED25519, **VALIDITY)
    return [leaf, root.certificate]


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pbes2, "ITERATIONS", 10)
        patch.setattr(ours, "MAC_ITERATIONS", 10)
        yield


@pytest.fixture(scope="module")
def file(chain: list[Certificate], cheap: None) -> bytes:
    return write_personal_information(KEY, chain, PASSWORD, name="bänk", random_bytes=random.Random(1).randbytes)


def test_what_is_written_is_read(file: bytes, chain: list[Certificate]) -> None:
    own, *others = chain
    key_id = own.fingerprint()[:20]
    assert read(file).open(PASSWORD) == (
        Bag(own, "bänk", key_id),
        *(Bag(other) for other in others),
        Bag(KEY, "bänk", key_id),
    )
    for wrong in (b"", b"password", PASSWORD + b"\n"):
        with pytest.raises(DecryptionError, match=r"^decryption failed$"):
            read(file).open(wrong)
    with pytest.raises(ValueError, match="not UTF-8"):
        read(file).open(b"\xff")
    with pytest.raises(ValueError, match="10 iterations, expected at most 9"):
        read(file).open(PASSWORD, max_iterations=9)


def test_the_iterations_of_all_parts_count_together(file: bytes) -> None:
    """The MAC's, the certificates' and the key's, 10 each: a file of many parts cannot take any time it likes."""
    assert len(read(file).open(PASSWORD, max_iterations=30)) == 3
    with pytest.raises(ValueError, match="10 iterations, expected at most 9"):
        read(file).open(PASSWORD, max_iterations=29)


def test_every_byte_is_explained(file: bytes) -> None:
    [item] = items_of(file)
    assert isinstance(item.content, PersonalInformation)
    assert unexplained(item.fields, len(file)) == []
    assert faults(View("", "", file, explained(item.fields, MEANINGS))) == []


def test_others_read_what_is_written(
    file: bytes, chain: list[Certificate], peer_tool: PeerTool, tmp_path: Path
) -> None:
    loaded = pkcs12.load_pkcs12(file, PASSWORD)
    assert loaded.cert is not None
    assert loaded.cert.friendly_name == "bänk".encode()
    (tmp_path / "file.p12").write_bytes(file)
    environment = f"pass:{PASSWORD.decode()}"
    shown = run(peer_tool("openssl"), "pkcs12", "-in", tmp_path / "file.p12", "-passin", environment, "-nodes")
    assert shown.count("BEGIN CERTIFICATE") == len(chain)
    assert shown.count("BEGIN PRIVATE KEY") == 1


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
        ("-keypbe", "NONE", "-certpbe", "NONE", "-nomac"),
        ("-keypbe", "AES-128-CBC", "-certpbe", "des-ede3-cbc", "-macalg", "sha512"),
    ],
)
def test_openssls_files(
    options: tuple[str, ...], chain: list[Certificate], peer_tool: PeerTool, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(dump_private_key(KEY))
    (tmp_path / "own.pem").write_bytes(chain[0].to_pem())
    words = ("-export", "-inkey", tmp_path / "key.pem", "-in", tmp_path / "own.pem", "-out", tmp_path / "file.p12")
    run(peer_tool("openssl"), "pkcs12", *words, "-passout", "pass:word", "-iter", "20", "-name", "x", *options)
    bags = read((tmp_path / "file.p12").read_bytes()).open(b"word")
    assert [bag.content for bag in bags] == [chain[0], KEY]
    assert bags[0].key_id is not None
    assert bags[0].key_id == bags[1].key_id
    assert {bag.name for bag in bags} == {"x"}


VECTORS = {
    "cert-aes256cbc-no-key.p12": (b"cryptography", 1, 0),
    "cert-key-aes256cbc.p12": (b"cryptography", 1, 1),
    "cert-none-key-none.p12": (b"cryptography", 1, 1),
    "java-truststore.p12": (b"", 2, 0),
    "name-unicode-pwd.p12": (b"password", 3, 1),
    "name-all-no-pwd.p12": (b"", 3, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", VECTORS)
def test_other_programs_files(name: str) -> None:
    password, certificates, keys = VECTORS[name]
    data = (Path(pytest.importorskip("cryptography_vectors").__file__).parent / "pkcs12" / name).read_bytes()
    layout = Layout()
    information = read_personal_information(Reader(data, layout=layout))
    assert unexplained(layout.fields, len(data)) == []
    bags = information.open(password)
    assert sum(isinstance(bag.content, Certificate) for bag in bags) == certificates
    assert len(bags) == certificates + keys


def test_rc2_is_refused_by_name() -> None:
    path = Path(pytest.importorskip("cryptography_vectors").__file__).parent / "pkcs12/cert-rc2-key-3des.p12"
    with pytest.raises(DERError, match="the encryption is pbewithSHAAnd40BitRC2-CBC"):
        read(path.read_bytes())


def test_a_certificate_of_another_key(chain: list[Certificate]) -> None:
    with pytest.raises(ValueError, match="is not of this key"):
        write_personal_information(ECPrivateKey(P256, 2), chain, PASSWORD)
    with pytest.raises(ValueError, match="the password is empty"):
        write_personal_information(KEY, chain, b"")
    with pytest.raises(ValueError, match="expected at least one certificate"):
        write_personal_information(KEY, [], PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("020103", "020104", "PFX of version 4, expected 3"),
        ("06092a864886f70d010701a082", "06092a864886f70d010702a082", "expected id-data, under a password"),
        ("0609608648016503040201", "0609608648016503040209", "expected SHA-1 or SHA-2"),
        ("06092a864886f70d010706", "06092a864886f70d010703", "expected id-data or id-encryptedData"),
    ],
)
def test_what_is_refused(file: bytes, old: str, new: str, complaint: str) -> None:
    changed = file.replace(bytes.fromhex(old), bytes.fromhex(new), 1)
    assert changed != file
    with pytest.raises(DERError, match=complaint):
        read(changed)


def open_leniently(data: bytes) -> None:
    for reader in (Reader(data), LenientReader(data)):
        read_personal_information(reader).open(PASSWORD, max_iterations=100)


SPOILED = (ValueError, DecryptionError)


def test_some_spoiled_files(file: bytes) -> None:
    assert read_spoiled(open_leniently, [file], range(200), declared=SPOILED) < 200


@pytest.mark.slow
def test_many_spoiled_files(file: bytes) -> None:
    """A share of 200,000."""
    seeds = share(range(200_000), 2000, of="spoiled PKCS #12")
    assert read_spoiled(open_leniently, [file], seeds, declared=SPOILED) < len(seeds)
