"""SSH keys: those of OpenSSH against the oracle and ssh-keygen, and every way of being malformed."""

import base64
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from explain.layout import unexplained
from explain.showing.byte_view import View, explained, faults
from pki.asn1.pem import pem_decode, pem_encode
from pki.inspect import explanation
from pki.inspect.file_contents import Unread, contents_of, items_of
from pki.inspect.meanings import MEANINGS
from pki.key_formats.openssh import read_ssh_public_key, ssh_public_key
from pki.key_formats.openssh_private import read_openssh_private_key
from pki.key_formats.ssh_strings import ssh_string
from pki.keys import Encoding as OurEncoding
from pki.keys import UnknownPublicKey, dump_private_key, dump_public_key, load_private_key, load_public_key
from primitives.ec import P256, P384, P521, ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey, Ed25519PublicKey
from primitives.rsa import RSAPrivateKey
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections
from tests.pki.support.spoiling import read_spoiled
from tests.support.shares import share

FILES = Path(__file__).parents[1] / "inspect/files"


def lines() -> list[bytes]:
    keys: list[rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey] = [
        rsa.RSAPublicNumbers(65537, (1 << 2047) + 1).public_key(),
        rsa.RSAPublicNumbers(3, (1 << 2046) + 1).public_key(),
        *(ec.derive_private_key(7, curve()).public_key() for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)),
        ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key(),
    ]
    return [key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) for key in keys]


@pytest.mark.parametrize("line", [*lines(), (FILES / "ssh.pub").read_bytes()])
def test_each_kind(line: bytes) -> None:
    key, blob, fields = read_ssh_public_key(line + b" a comment of words\n")
    oracle = serialization.load_ssh_public_key(line)
    assert dump_public_key(key) == oracle.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert unexplained(fields, len(blob)) == []
    [item] = items_of(line)
    assert (item.content, item.data) == (key, blob)
    assert faults(View("", "", blob, explained(item.fields, MEANINGS))) == []


@pytest.mark.parametrize("line", lines())
def test_what_is_written_is_what_openssh_writes(line: bytes) -> None:
    key, _, _ = read_ssh_public_key(line)
    assert ssh_public_key(key) == line + b"\n"
    assert ssh_public_key(key, comment="asha @ home") == line + b" asha @ home\n"
    assert load_public_key(line) == key


def test_what_ssh_has_no_keys_for() -> None:
    with pytest.raises(ValueError, match="SSH has no form for"):
        ssh_public_key(UnknownPublicKey("1.2.3", b"", b""))
    with pytest.raises(ValueError, match="is not one line of text"):
        ssh_public_key(Ed25519PublicKey(bytes(32)), comment="a\nssh-rsa b")


def test_several_lines() -> None:
    assert [item.kind for item in items_of(b"\n".join(lines()) + b"\n\n")] == ["public key"] * 6


def line_of(*strings: bytes, kind: bytes = b"", more: bytes = b"") -> bytes:
    blob = b"".join(len(string).to_bytes(4, "big") + string for string in strings) + more
    return (kind or strings[0]) + b" " + base64.b64encode(blob)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"", "an SSH key of the kind ''"),
        (b"ssh-rsa", "an SSH key of the kind 'ssh-rsa'"),
        (b"ssh-dss AAAA", "expected one of ssh-rsa, ssh-ed25519"),
        (b"ssh-rsa A?AA", "is not base64"),
        (b"ssh-rsa AAAA", "breaks off"),
        (line_of(b"ssh-ed25519", bytes(31)), "has 31 bytes, expected 32"),
        (line_of(b"ssh-ed25519", bytes(32), kind=b"ssh-rsa"), "ssh-rsa outside, and 'ssh-ed25519' inside"),
        (line_of(b"ssh-ed25519", bytes(32), more=b"\0"), "1 octets after"),
        (line_of(b"ssh-ed25519", more=b"\0\0\0\x20" + bytes(31)), "breaks off"),
        (line_of(b"ssh-rsa", b"\0\3", bytes(1) + b"\xff" * 32), "e of an SSH public key is not in its shortest form"),
        (line_of(b"ecdsa-sha2-nistp256", b"nistp384", b""), "on the curve 'nistp384'"),
        (line_of(b"ecdsa-sha2-nistp256", b"nistp256", b"\4" + bytes(64)), "not a point|not on"),
        (line_of(b"ssh-dss", b"", kind=b"ssh-rsa"), "of the kind 'ssh-dss', expected one of"),
    ],
)
def test_what_is_refused(line: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_ssh_public_key(line)


# --- Private keys.


def private_keys(keys: Sequence[RSAPrivateKey]) -> list[tuple[Any, bytes]]:
    """Keys of each kind, and the files that the oracle writes for them."""
    ours: list[Any] = [
        keys[2],
        *(ECPrivateKey(curve, 7) for curve in (P256, P384, P521)),
        ECPrivateKey(P521, P521.n - 1),
        Ed25519PrivateKey(bytes(range(32))),
    ]
    found = []
    for key in ours:
        theirs = serialization.load_der_private_key(dump_private_key(key, encoding=OurEncoding.DER), None)
        found.append((key, theirs.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())))
    return found


def test_each_kind_of_private_key(keys: Sequence[RSAPrivateKey]) -> None:
    for key, data in private_keys(keys):
        assert load_private_key(data) == key
        [item] = items_of(data)
        assert (item.kind, item.content) == ("private key", key)
        assert unexplained(item.fields, len(item.data)) == []
        assert wrong_sections(item.fields) == []
        assert faults(View("", "", item.data, explained(item.fields, MEANINGS))) == []
        assert "\n".join(explanation.tree(item)).startswith("AUTH_MAGIC: openssh-key-v1\n")
        assert [item.content for item in items_of(item.data)] == [key]
        assert load_private_key(base64.encodebytes(item.data)) == key
        numbers = [f"{getattr(key, name):x}" for name in ("d", "p", "q") if hasattr(key, name)]
        values = " ".join(field.value for outer in item.fields for _, field in outer.walk())
        assert not any(number in values for number in numbers if len(number) > 8)


def test_keys_of_ssh_keygen(peer_tool: PeerTool, tmp_path: Path) -> None:
    """And ssh-keygen finds the public keys that are written here."""
    for kind, bits in (("ed25519", "256"), ("ecdsa", "384")):
        file = tmp_path / kind
        run(peer_tool("ssh-keygen"), "-q", "-t", kind, "-b", bits, "-N", "", "-C", "some words", "-f", file)
        key = load_private_key(file.read_bytes())
        public = file.with_suffix(".pub").read_bytes()
        assert load_public_key(public) == key.public_key
        assert ssh_public_key(key.public_key, comment="some words") == public


def private_file(*private: bytes, public: bytes = b"", **changed: bytes) -> bytes:
    """A file with any parts. private: what follows the numbers to compare; public: the public key."""
    parts = {"cipher": b"none", "kdf": b"none", "options": ssh_string(b""), "count": b"\0\0\0\1"}
    parts |= {"check": bytes(8), "padding": b"", "more": b""} | changed
    inner = parts["check"] + b"".join(map(ssh_string, private)) + parts["padding"]
    schemes = ssh_string(parts["cipher"]) + ssh_string(parts["kdf"])
    head = b"openssh-key-v1\0" + schemes + parts["options"] + parts["count"]
    return head + ssh_string(public) + ssh_string(inner) + parts["more"]


POINT = Ed25519PrivateKey(bytes(32)).public_key.key
SEVEN = ECPrivateKey(P256, 7).public_key.to_bytes()
PUBLIC = ssh_string(b"ssh-ed25519") + ssh_string(POINT)
ED25519 = (b"ssh-ed25519", POINT, bytes(32) + POINT, b"a comment")


def test_the_parts_of_a_file() -> None:
    assert read_openssh_private_key(private_file(*ED25519, public=PUBLIC))[0] == Ed25519PrivateKey(bytes(32))
    padded = private_file(*ED25519, public=PUBLIC, padding=b"\1\2\3")
    assert load_private_key(padded) == Ed25519PrivateKey(bytes(32))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "expected openssh-key-v1"),
        (b"openssh-key-v2\0", "begins with b'openssh-key-v2"),
        (b"openssh-key-v1\0", "breaks off"),
        (private_file(cipher=b"aes256-ctr", kdf=b"bcrypt"), "that 'aes256-ctr' encrypts, under a key that 'bcrypt'"),
        (private_file(kdf=b"bcrypt"), "under a key that 'bcrypt' derives"),
        (private_file(options=ssh_string(b"x")), "options for deriving a key, and no encryption"),
        (private_file(count=b"\0\0\0\2"), "2 keys in an OpenSSH private key, expected one"),
        (private_file(count=b"\0"), "breaks off|keys in an OpenSSH private key"),
        (private_file(*ED25519, public=b""), "an SSH public key breaks off"),
        (private_file(*ED25519, public=PUBLIC + b"\0"), "1 octets after an SSH public key"),
        (private_file(*ED25519, public=PUBLIC, check=bytes(7) + b"\1"), "the two checkint"),
        (private_file(*ED25519, public=PUBLIC, padding=b"\1\3"), "is not padded with"),
        (private_file(*ED25519, public=PUBLIC, padding=bytes(range(1, 9))), "is not padded with"),
        (private_file(*ED25519, public=PUBLIC, more=b"\0"), "1 octets after an OpenSSH private key"),
        (private_file(*ED25519[:3], public=PUBLIC), "breaks off"),
        (private_file(b"ssh-dss", public=PUBLIC), "of the kind 'ssh-dss'"),
        (private_file(ED25519[0], POINT, bytes(64), b"", public=PUBLIC), "not followed by the public key"),
        (private_file(ED25519[0], POINT, b"\1" * 32 + POINT, b"", public=PUBLIC), "does not belong to its public"),
        (private_file(b"ecdsa-sha2-nistp256", b"nistp256", SEVEN, b"\x08", b"", public=PUBLIC), "does not belong"),
        (private_file(b"ssh-rsa", b"\x0f", b"\3", b"\3", b"\1", b"\1", b"\x0f", b"", public=PUBLIC), "prime factor"),
    ],
)  # fmt: skip
def test_what_is_no_private_key(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_openssh_private_key(data)
    [item] = contents_of(pem_encode("OPENSSH PRIVATE KEY", data or b"\0"))
    assert isinstance(item.content, Unread)
    assert unexplained(item.fields, len(item.data)) == []
    assert faults(View("", "", item.data, explained(item.fields, MEANINGS))) == []


def test_a_key_of_another_kind_is_not_what_was_expected() -> None:
    data = private_file(*ED25519, public=PUBLIC)
    for load, given, complaint in (
        (load_public_key, data, "found a private key of OpenSSH, expected a public key"),
        (
            load_public_key,
            pem_encode("OPENSSH PRIVATE KEY", data),
            "found OPENSSH PRIVATE KEY",
        ),
        (load_private_key, lines()[0], "found an SSH public key, expected a private key"),
        (load_public_key, b"\n".join(lines()), "found 6 of what was expected: an SSH key"),
    ):
        with pytest.raises(ValueError, match=complaint):
            load(given)


# --- Spoiled keys.


def read_blob(blob: bytes) -> None:
    """Read the octets as a public key of one kind or another."""
    kind = random.Random(blob).choice(lines()[:1] + lines()[2:]).split()[0]
    read_ssh_public_key(kind + b" " + base64.b64encode(blob))


def spoiled_public(seeds: Sequence[int]) -> int:
    return read_spoiled(read_blob, [base64.b64decode(line.split()[1]) for line in lines()], seeds)


def spoiled_private(keys: Sequence[RSAPrivateKey], seeds: Sequence[int]) -> int:
    samples = [pem_decode(data)[0].der for _, data in private_keys(keys)]
    samples.append(private_file(*ED25519, public=PUBLIC))
    return read_spoiled(load_private_key, samples, seeds)


def test_some_spoiled_keys(keys: Sequence[RSAPrivateKey]) -> None:
    assert spoiled_public(range(100)) < 100
    assert spoiled_private(keys, range(100)) < 100


@pytest.mark.slow
def test_many_spoiled_public_keys() -> None:
    """A share of 200,000."""
    seeds = share(range(200_000), 2000, of="spoiled SSH keys")
    assert 0 < spoiled_public(seeds) < len(seeds)


@pytest.mark.slow
def test_many_spoiled_private_keys(keys: Sequence[RSAPrivateKey]) -> None:
    """A share of 200,000."""
    seeds = share(range(200_000), 2000, of="spoiled private keys of OpenSSH")
    assert spoiled_private(keys, seeds) < len(seeds)  # hardly any is read: the two halves have to agree
