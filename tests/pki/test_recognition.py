"""Files that are neither PEM nor DER: read if they spell the bytes in another way, and named if not."""

import base64
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pki.inspect.file_contents import Unread, contents_of, items_of
from pki.key_formats.pbes2 import PBES2Encrypted
from pki.recognition import Form, Named, Recognised, recognise
from pki.x509 import Certificate
from tests.conftest import PeerTool, run
from tests.pki.support.spoiling import read_spoiled
from tests.support.shares import share

FILES = Path(__file__).parent / "inspect/files"
PEM = (FILES / "bom.pem").read_bytes()[3:]
DER = items_of(PEM)[0].data
HEX = DER.hex()


@pytest.mark.parametrize(
    ("data", "form"),
    [
        ((FILES / "base64-only.txt").read_bytes(), "base64"),
        (base64.b64encode(DER), "base64"),
        (b"\n" + base64.encodebytes(DER).replace(b"\n", b"\r\n"), "base64"),
        ((FILES / "utf16.pem").read_bytes(), "UTF-16"),
        (PEM.decode().encode("utf-16-le"), "UTF-16"),
        (PEM.decode().encode("utf-16-be"), "UTF-16"),
        (b"\xfe\xff" + PEM.decode().encode("utf-16-be"), "UTF-16"),
        (HEX.encode(), "hexadecimal digits"),
        (f"0x{HEX.upper()}\n".encode(), "hexadecimal digits"),
        (DER.hex(":").encode(), "hexadecimal digits"),
        ("\n".join(textwrap.wrap(DER.hex(" "), 48)).encode(), "hexadecimal digits"),
        (base64.b64encode(DER).decode().encode("utf-16"), "UTF-16, base64"),
    ],
)
def test_other_spellings(data: bytes, form: str) -> None:
    [item] = items_of(data)
    assert isinstance(item.content, Certificate)
    assert (item.data, item.form) == (DER, form)


@pytest.mark.parametrize("words", [("xxd",), ("xxd", "-p"), ("xxd", "-g1", "-u"), ("hexdump", "-C")])
def test_hex_dumps(words: tuple[str, ...], peer_tool: PeerTool) -> None:
    for data in (DER, DER[:-3]):
        dumped = run(peer_tool(words[0]), *words[1:], stdin=data).encode()
        found = recognise(dumped)
        assert isinstance(found, Recognised)
        assert (found.form, found.data) == (Form.DER, data)


def test_a_dump_with_a_line_missing_is_none() -> None:
    lines = [f"{i:08x}  {DER[i : i + 16].hex(' ')}" for i in range(0, len(DER), 16)]
    assert recognise("\n".join(lines).encode()) == Recognised(Form.DER, DER, "a hex dump")
    del lines[3]
    assert recognise("\n".join(lines).encode()) == Named("it is text without a PEM BEGIN line")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ssh-dss AAAA x", "it is text with an SSH public key, and no PEM block"),
        ((FILES / "hello.txt").read_bytes(), "it is text without a PEM BEGIN line"),
        (b"ecdsa-sha2-nistp256 AAAA x", "an SSH public key, and no PEM block: an SSH public key breaks off"),
        (b"---- BEGIN SSH2 PUBLIC KEY ----\n", "RFC 4716"),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\n", "a private key of PuTTY"),
        (b"\xfe\xed\xfe\xed\0\0\0\2", "a key store of Java (JKS)"),
        (b"PK\3\4" + bytes(60), "a ZIP archive"),
        (b"<!DOCTYPE html>", "HTML or XML"),
        (b'{"a": 1}', "JSON"),
        (b"x" * 64, "it is text without a PEM BEGIN line"),  # of the length of a signature
        (b"helloabc" * 32, "it is text without a PEM BEGIN line"),  # base64, too
        ("Gr\xfc\xdfe".encode(), "it is text without a PEM BEGIN line"),
    ],
)
def test_what_is_only_named(data: bytes, reason: str) -> None:
    [item] = contents_of(data)
    assert isinstance(item.content, Unread)
    assert reason in item.content.reason
    assert ("expected a certificate, a request, a CRL" in item.content.reason) == ("breaks off" not in reason)
    with pytest.raises(ValueError, match=r"^it is "):
        items_of(data)


def test_encrypted_keys_are_shown_without_their_password() -> None:
    """However many iterations opening them would take."""
    for name, iterations, cipher in (("iter600k.pem", 600_000, "AES-256-CBC"), ("pbes2-3des.pem", 2048, "3DES-CBC")):
        [item] = items_of((FILES / name).read_bytes())
        assert isinstance(item.content, PBES2Encrypted)
        assert (item.content.iterations, item.content.cipher.name) == (iterations, cipher)


@given(st.binary(max_size=100))
def test_any_bytes(data: bytes) -> None:
    found = recognise(data)
    assert isinstance(found, Named) or (found.data == data) == (not found.spelling)


def spoiled(seeds: Sequence[int]) -> None:
    samples = [
        base64.encodebytes(DER),
        (FILES / "utf16.pem").read_bytes(),
        HEX.encode(),
        "\n".join(f"{i:08x}  {DER[i : i + 16].hex(' ')}" for i in range(0, len(DER), 16)).encode(),
        (FILES / "ssh.pub").read_bytes(),
        (FILES / "chain.pem").read_bytes(),
    ]
    assert read_spoiled(contents_of, samples, seeds, declared=()) == len(seeds)


def test_some_spoiled_texts() -> None:
    spoiled(range(40))


@pytest.mark.slow
def test_many_spoiled_texts() -> None:
    """A share of 200,000."""
    spoiled(share(range(200_000), 3000, of="spoiled texts"))
