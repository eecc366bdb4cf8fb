"""Private keys encrypted with a password: PBES2 and the old PEM headers, wrong passwords, hostile files, peers."""

import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, PrivateFormat

from explain.layout import unexplained
from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import Element, integer, null, octet_string, oid, sequence
from pki.asn1.oids import OIDS
from pki.asn1.pem import pem_decode, pem_encode
from pki.key_formats import pbes2
from pki.key_formats.encryption_schemes import read_encrypted_private_key_info
from pki.key_formats.private_key_info import private_key_info
from pki.key_formats.traditional_pem import bytes_to_key
from pki.keys import (
    Encoding,
    PasswordMissing,
    PrivateKey,
    dump_private_key,
    load_private_key,
    private_key_layout,
)
from primitives.aes import AES
from primitives.ec import P256, ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.errors import DecryptionError
from primitives.modes import cbc_encrypt
from primitives.padding import pkcs7_pad
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.rsa import RSAPrivateKey
from primitives.sha1 import sha1
from primitives.sha2 import sha256
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections
from tests.pki.support.cheap_keys import cheap_iterations, cheaply_encrypted

KEY = ECPrivateKey(P256, 0xC0FFEE << 200)
PASSWORD = b"correct horse"


def dumped(key: PrivateKey, **options: Any) -> bytes:
    return cheaply_encrypted(key, PASSWORD, **options)


ENCRYPTED = dumped(KEY, encoding=Encoding.DER, random_bytes=random.Random(1).randbytes)


def test_a_key_comes_back_with_its_password_only() -> None:
    for key in (KEY, Ed25519PrivateKey(bytes(range(32))), RSAPrivateKey.from_primes(61, 53, e=17)):
        for encoding in Encoding:
            data = dumped(key, encoding=encoding)
            assert load_private_key(data, password=PASSWORD) == key
            for wrong in (b"", b"correct hors", b"correct horse\n"):
                with pytest.raises(DecryptionError, match=r"^decryption failed$"):
                    load_private_key(data, password=wrong)
            with pytest.raises(PasswordMissing, match="is encrypted, expected a password"):
                load_private_key(data)
    assert dumped(KEY).startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")


def test_what_is_written_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pbes2, "pbkdf2_hmac", lambda *arguments, **options: bytes(32))  # they would take two seconds
    info = read_encrypted_private_key_info(Reader(dump_private_key(KEY, password=PASSWORD, encoding=Encoding.DER)))
    assert isinstance(info, pbes2.PBES2Encrypted)
    assert (info.hash, info.iterations, info.cipher.key_size, len(info.salt)) == (sha256, 10_000, 32, 16)


@pytest.mark.slow
def test_what_is_written_by_default_is_read() -> None:
    data = dump_private_key(KEY, password=PASSWORD, encoding=Encoding.DER)
    assert load_private_key(data, password=PASSWORD) == KEY


def test_salt_and_iv_come_from_the_randomness_that_is_given() -> None:
    again = dumped(KEY, encoding=Encoding.DER, random_bytes=random.Random(1).randbytes)
    assert again == ENCRYPTED
    assert len({dumped(KEY) for _ in range(3)}) == 3


def test_a_plain_key_needs_no_password_and_takes_one() -> None:
    assert load_private_key(dump_private_key(KEY), password=b"whatever") == KEY


def test_passwords_are_bytes_and_not_empty() -> None:
    with pytest.raises(TypeError, match="a password is str, expected bytes"):
        load_private_key(ENCRYPTED, password="correct horse")  # type: ignore[arg-type]  # the point of it
    with pytest.raises(TypeError, match="a password is str, expected bytes"):
        dump_private_key(KEY, password="correct horse")  # type: ignore[arg-type]  # the point of it
    with pytest.raises(ValueError, match="the password is empty"):
        dump_private_key(KEY, password=b"")


def test_every_byte_is_explained_and_the_writer_agrees() -> None:
    fields = private_key_layout(ENCRYPTED)
    assert unexplained(fields, len(ENCRYPTED)) == []
    labels = {field.label for _, field in fields[0].walk()}
    assert {"PBES2-params", "iterationCount", "salt", "prf", "iv", "encryptedData"} <= labels
    assert wrong_sections(fields) == []
    with cheap_iterations():
        element = pbes2.encrypted_private_key_info(b"plain", b"x", random_bytes=bytes)
    assert private_key_layout(element.encoding) == [element.layout()]


# --- Files that somebody else wrote, and may have written on purpose.


def algorithm(name: str, *parameters: Element) -> Element:
    return sequence("algorithm", oid("id", OIDS.get(name, name)), *parameters)


def file(
    *more: Element,
    salt: Element | None = None,
    iterations: int = 10,
    scheme: Element | None = None,
    derivation: str = "id-PBKDF2",
    outer: str = "id-PBES2",
    iv: bytes = bytes(16),
    encrypted: bytes | None = None,
) -> bytes:
    if encrypted is None:
        key = pbkdf2_hmac(PASSWORD, b"salt", 10, 16, hash=sha1)
        encrypted = cbc_encrypt(AES(key), bytes(16), pkcs7_pad(private_key_info(KEY).encoding, 16))
    count = integer("iterationCount", iterations)
    parameters = sequence("params", salt or octet_string("salt", b"salt"), count, *more)
    scheme = scheme or algorithm("aes128-CBC-PAD", octet_string("iv", iv))
    inner = sequence("params", algorithm(derivation, parameters), scheme)
    return sequence("info", algorithm(outer, inner), octet_string("encryptedData", encrypted)).encoding


def test_the_default_function_and_the_length_of_the_key() -> None:
    assert load_private_key(file(), password=PASSWORD) == KEY
    with_length = file(integer("keyLength", 16))
    assert load_private_key(with_length, password=PASSWORD) == KEY
    for der in (file(), with_length):
        assert unexplained(private_key_layout(der), len(der)) == []


@pytest.mark.parametrize(
    ("der", "complaint"),
    [
        (file(iterations=0), "0 iterations of PBKDF2, expected at least one"),
        (file(iterations=-1), "iterationCount is below 0"),
        (file(iterations=1 << 40), "far above what is sensible"),
        (file(salt=octet_string("salt", bytes(1025))), "the salt has 1025 bytes, expected at most 1024"),
        (file(salt=algorithm("1.2.3")), r"expected salt \(OCTET STRING\)"),
        (file(integer("keyLength", 32)), "the cipher takes a key of 16 bytes, but PBKDF2 is to give 32"),
        (file(algorithm("1.2.3", null("p"))), "the pseudorandom function is 1.2.3, expected id-hmacWithSHA1"),
        (file(algorithm("id-hmacWithSHA256")), "expected parameters"),
        (file(null("more")), "found NULL"),
        (file(iv=bytes(15)), "the iv has 15 bytes, expected 16"),
        (
            file(scheme=algorithm("rc2CBC", octet_string("iv", bytes(8)))),
            r"the cipher is rc2CBC \(1.2.840.113549.3.2\), expected aes128-CBC-PAD",
        ),
        (file(derivation="id-scrypt"), "the derivation of the key from the password is id-scrypt"),
        (file(outer="pbeWithMD5AndDES-CBC"), "the encryption is pbeWithMD5AndDES-CBC"),
    ],
)
def test_files_that_are_refused_before_any_work(der: bytes, complaint: str) -> None:
    with pytest.raises(DERError, match=complaint):
        load_private_key(der, password=PASSWORD)


def test_more_iterations_than_the_caller_allows() -> None:
    der = file(iterations=1_000_001)
    with pytest.raises(ValueError, match="1000001 iterations of PBKDF2, expected at most 1000000"):
        load_private_key(der, password=PASSWORD)
    assert load_private_key(file(), password=PASSWORD, max_iterations=10) == KEY
    with pytest.raises(ValueError, match="10 iterations of PBKDF2, expected at most 9"):
        load_private_key(file(), password=PASSWORD, max_iterations=9)


def test_triple_des() -> None:
    """`openssl pkcs8 -topk8 -v2 des3` wrote it."""
    pem = (Path(__file__).parents[1] / "inspect/files/pbes2-3des.pem").read_bytes()
    oracle = serialization.load_pem_private_key(pem, b"pw")
    key = load_private_key(pem, password=b"pw")
    assert dump_private_key(key) == oracle.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(DecryptionError):
        load_private_key(pem, password=b"pW")
    iv = bytes(7)
    with pytest.raises(DERError, match="the iv has 7 bytes, expected 8"):
        load_private_key(file(scheme=algorithm("des-EDE3-CBC", octet_string("iv", iv))), password=PASSWORD)


def encrypted_under_password(plain: bytes) -> bytes:
    return cbc_encrypt(AES(pbkdf2_hmac(PASSWORD, b"salt", 10, 16, hash=sha1)), bytes(16), plain)


@pytest.mark.parametrize(
    "encrypted",
    [
        b"",
        bytes(15),
        bytes(16),
        encrypted_under_password(bytes(16)),  # no padding
        encrypted_under_password(pkcs7_pad(b"", 16)),  # a padding, and nothing else
        encrypted_under_password(pkcs7_pad(b"no key at all", 16)),
        encrypted_under_password(pkcs7_pad(private_key_info(KEY).encoding + b"\0", 16)),
        encrypted_under_password(pkcs7_pad(algorithm("id-X25519").encoding, 16)),
    ],
)
def test_all_that_can_be_wrong_with_what_is_decrypted_is_one_error(encrypted: bytes) -> None:
    with pytest.raises(DecryptionError) as caught:
        load_private_key(file(encrypted=encrypted), password=PASSWORD)
    assert str(caught.value) == "decryption failed"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_spoiled_keys_give_one_of_two_errors() -> None:
    for cut in range(len(ENCRYPTED)):
        with pytest.raises(ValueError):
            load_private_key(ENCRYPTED[:cut], password=PASSWORD)
    with pytest.raises(ValueError):
        load_private_key(ENCRYPTED + b"\0", password=PASSWORD)
    iterations = ENCRYPTED.index(bytes.fromhex("02010a"))
    for at in range(len(ENCRYPTED)):
        if at == iterations + 2:
            continue  # changing the number itself gives another good one
        with pytest.raises((ValueError, DecryptionError)):
            load_private_key(ENCRYPTED[:at] + bytes([ENCRYPTED[at] ^ 1]) + ENCRYPTED[at + 1 :], password=PASSWORD)


# --- The old headers.


def test_the_derivation_of_the_old_form_is_openssls(peer_tool: PeerTool) -> None:
    shown = run(
        peer_tool("openssl"),
        "enc",
        "-aes-256-cbc",
        "-md",
        "md5",
        "-pass",
        "pass:secret",
        "-S",
        "0001020304050607",
        "-P",
    )
    lines = dict(line.split("=") for line in shown.replace(" ", "").splitlines())
    assert bytes_to_key(b"secret", bytes(range(8)), 48).hex().upper() == lines["key"] + lines["iv"]


OLD = """-----BEGIN {label}-----
Proc-Type: {proc_type}
DEK-Info: {dek_info}

AAAAAAAAAAAAAAAAAAAAAA==
-----END {label}-----
"""
GOOD_HEADERS = {"label": "EC PRIVATE KEY", "proc_type": "4,ENCRYPTED", "dek_info": f"AES-128-CBC,{bytes(16).hex()}"}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"proc_type": "4,MIC-CLEAR"}, "expected Proc-Type: 4,ENCRYPTED"),
        ({"dek_info": f"DES-CBC,{bytes(8).hex()}"}, "DEK-Info names the cipher 'DES-CBC', expected AES-128-CBC"),
        ({"dek_info": "AES-128-CBC"}, "DEK-Info gives no IV, expected 32 hexadecimal digits"),
        ({"dek_info": f"AES-128-CBC,{bytes(15).hex()}"}, "DEK-Info gives no IV"),
        ({"dek_info": f"DES-EDE3-CBC,{bytes(16).hex()}"}, "expected 16 hexadecimal digits for DES-EDE3-CBC"),
        ({"label": "PRIVATE KEY"}, "the PRIVATE KEY has the headers Proc-Type, DEK-Info, expected none"),
        ({"label": "ENCRYPTED PRIVATE KEY"}, "the ENCRYPTED PRIVATE KEY has the headers"),
    ],
)
def test_headers_that_are_refused(changes: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        load_private_key(OLD.format(**(GOOD_HEADERS | changes)).encode(), password=PASSWORD)


def test_wrong_passwords_of_the_old_form() -> None:
    data = OLD.format(**GOOD_HEADERS).encode()
    with pytest.raises(PasswordMissing):
        load_private_key(data)
    with pytest.raises(DecryptionError):
        load_private_key(data, password=PASSWORD)
    with pytest.raises(DecryptionError):
        load_private_key(data.replace(b"AAAAAA==", b"AAAA"), password=PASSWORD)


# --- Peers.


def test_cryptography_reads_and_writes_the_same_keys() -> None:
    peer = ec.derive_private_key(KEY.d, ec.SECP256R1())
    encryption = BestAvailableEncryption(PASSWORD)
    data = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.PKCS8, encryption)
    assert load_private_key(data, password=PASSWORD) == KEY
    old = peer.private_bytes(serialization.Encoding.PEM, PrivateFormat.TraditionalOpenSSL, encryption)
    assert b"Proc-Type: 4,ENCRYPTED" in old
    assert load_private_key(old, password=PASSWORD) == KEY
    theirs = serialization.load_pem_private_key(dumped(KEY), PASSWORD)
    assert isinstance(theirs, ec.EllipticCurvePrivateKey)
    assert theirs.private_numbers().private_value == KEY.d


@pytest.mark.parametrize("cipher", ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"])
@pytest.mark.parametrize(
    "prf", ["hmacWithSHA1", "hmacWithSHA224", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"]
)
def test_openssl_writes_what_is_read_here(peer_tool: PeerTool, cipher: str, prf: str) -> None:
    options = ("-topk8", "-v2", cipher, "-v2prf", prf, "-iter", "20", "-passout", "pass:correct horse")
    data = run(peer_tool("openssl"), "pkcs8", *options, stdin=dump_private_key(KEY)).encode()
    assert load_private_key(data, password=PASSWORD) == KEY
    with pytest.raises(DecryptionError):
        load_private_key(data, password=b"wrong")
    [block] = pem_decode(data)
    assert unexplained(private_key_layout(block.der), len(block.der)) == []
    info = read_encrypted_private_key_info(Reader(block.der))
    assert isinstance(info, pbes2.PBES2Encrypted)
    assert info.iterations == 20
    assert f"id-hmacWith{info.hash.name.upper()}" == f"id-{prf}"
    assert f"aes-{8 * info.cipher.key_size}-cbc" == cipher


def test_openssl_reads_what_is_written_here(peer_tool: PeerTool) -> None:
    shown = run(peer_tool("openssl"), "pkey", "-passin", "pass:correct horse", stdin=dumped(KEY))
    assert shown.encode() == dump_private_key(KEY)
    shown = run(peer_tool("openssl"), "pkey", "-inform", "DER", "-passin", "pass:correct horse", stdin=ENCRYPTED)
    assert shown.encode() == dump_private_key(KEY)


@pytest.mark.parametrize("cipher", ["aes128", "aes192", "aes256", "des3"])
def test_openssls_old_form(peer_tool: PeerTool, cipher: str, tmp_path: Path, keys: list[RSAPrivateKey]) -> None:
    openssl = peer_tool("openssl")
    options = (f"-{cipher}", "-passout", "pass:correct horse")
    for command, key in (("ec",), KEY), (("rsa", "-traditional"), keys[0]):
        data = run(openssl, *command, *options, stdin=dump_private_key(key)).encode()
        assert b"DEK-Info: " in data
        assert load_private_key(data, password=PASSWORD) == key
        with pytest.raises(DecryptionError):
            load_private_key(data, password=b"wrong")
        with pytest.raises(PasswordMissing):
            load_private_key(data)


def test_openssls_other_schemes(peer_tool: PeerTool) -> None:
    options = ("-topk8", "-v1", "PBE-SHA1-3DES", "-passout", "pass:correct horse")
    data = run(peer_tool("openssl"), "pkcs8", *options, stdin=dump_private_key(KEY)).encode()
    assert load_private_key(data, password=PASSWORD) == KEY
    with pytest.raises(DecryptionError):
        load_private_key(data, password=b"wrong")
    with pytest.raises(ValueError, match="2048 iterations, expected at most 2047"):
        load_private_key(data, password=PASSWORD, max_iterations=2047)
    for rc4_or_rc2 in ("PBE-SHA1-RC4-128", "PBE-SHA1-RC2-40"):
        words = ("-provider", "legacy", "-provider", "default", "-topk8", "-v1", rc4_or_rc2, *options[3:])
        data = run(peer_tool("openssl"), "pkcs8", *words, stdin=dump_private_key(KEY)).encode()
        with pytest.raises(DERError, match=r"the encryption is pbe[wW]ithSHAAnd"):
            load_private_key(data, password=PASSWORD)
    scrypt = ("-topk8", "-scrypt", "-passout", "pass:correct horse")
    data = run(peer_tool("openssl"), "pkcs8", *scrypt, stdin=dump_private_key(KEY)).encode()
    with pytest.raises(DERError, match="the derivation of the key from the password is"):
        load_private_key(data, password=PASSWORD)
    assert pem_encode("ENCRYPTED PRIVATE KEY", pem_decode(data)[0].der) == data
