"""SSH public keys: those of OpenSSH against the oracle, and every way of being malformed."""

import base64
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from explain.layout import unexplained
from explain.showing.byte_view import View, explained, faults
from pki.inspect.file_contents import items_of
from pki.inspect.meanings import MEANINGS
from pki.key_formats.openssh import read_ssh_public_key
from pki.keys import dump_public_key
from tests.pki.test_fuzz import spoil
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
    ],
)
def test_what_is_refused(line: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_ssh_public_key(line)


def spoiled(seeds: range | list[int]) -> None:
    samples = [base64.b64decode(line.split()[1]) for line in lines()]
    for seed in seeds:
        source = random.Random(seed)
        blob = spoil(source, source.choice(samples), source.choice(samples))
        kind = source.choice(lines()[:1] + lines()[2:]).split()[0]
        try:
            read_ssh_public_key(kind + b" " + base64.b64encode(blob))
        except ValueError:
            continue
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def test_some_spoiled_keys() -> None:
    spoiled(range(100))


@pytest.mark.slow
def test_many_spoiled_keys() -> None:
    """A share of 200,000."""
    spoiled(share(range(200_000), 2000, of="spoiled SSH keys"))
