"""What the chat's options come to, and which DH parameters are taken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.command_line import CommandError
from demo.chat.protocol import LONGEST, pieces
from demo.chat.strength import strength
from pki.asn1.der_writer import integer, sequence
from pki.asn1.pem import pem_encode
from primitives.dh import FFDHE2048, FFDHE3072, FFDHE4096, MODP2048, DHGroup
from tests.conftest import PeerTool, run


def parameters(path: Path, p: int, g: int, *, private_length: int | None = None) -> Path:
    numbers = [integer("prime", p), integer("base", g)]
    if private_length is not None:
        numbers.append(integer("privateValueLength", private_length))
    path.write_bytes(pem_encode("DH PARAMETERS", sequence("DHParameter", *numbers).encoding))
    return path


@pytest.mark.parametrize("kex", ["dh", "x25519"])
@pytest.mark.parametrize("aes", [128, 256])
def test_the_suites(kex: str, aes: int) -> None:
    chosen = strength(kex=kex, aes=aes, group=None, parameters=None)
    assert chosen.suite.cipher.name.startswith(f"AES-{aes}-{'CFB' if kex == 'dh' else 'GCM'}")
    assert chosen.suite.authentication.name == "RSA"
    assert chosen.groups[0].name == ("ffdhe2048" if kex == "dh" else "x25519")


@pytest.mark.parametrize("group", [FFDHE2048, FFDHE3072, FFDHE4096, MODP2048], ids=lambda group: group.name)
def test_parameters_that_a_standard_names(tmp_path: Path, group: DHGroup) -> None:
    for length in (None, group.exponent_bits):
        path = parameters(tmp_path / "dh.pem", group.p, group.g, private_length=length)
        chosen = strength(kex="dh", aes=128, group=None, parameters=path)
        assert chosen.groups[0].dh == group
        # A client that names an ffdhe prime may get no other one (RFC 7919 §4), so for another none is named.
        assert (chosen.offered == chosen.groups) == (group is not MODP2048)


def test_parameters_that_openssl_writes(tmp_path: Path, peer_tool: PeerTool) -> None:
    openssl, path = peer_tool("openssl"), tmp_path / "dh.pem"
    run(openssl, "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "dh_paramgen_type:generator", "-pkeyopt",
        "dh_paramgen_prime_len:512", "-out", str(path))  # fmt: skip
    with pytest.raises(CommandError, match="holds a prime of 512 bits that no standard names, and a peer"):
        strength(kex="dh", aes=128, group=None, parameters=path)
    other = parameters(path, FFDHE2048.p, FFDHE2048.g)
    assert "ffdhe2048" in run(openssl, "dhparam", "-in", str(other), "-text", "-noout", "-check")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "holds no DH PARAMETERS in PEM"),
        (b"\x30\x00", "holds no DH PARAMETERS in PEM"),
        (pem_encode("CERTIFICATE", b"\x30\x00"), "holds no DH PARAMETERS in PEM"),
        (pem_encode("DH PARAMETERS", b"\x30\x00") * 2, "holds 2 DH PARAMETERS in PEM"),
        (pem_encode("DH PARAMETERS", b"\x30\x00"), "holds no DH parameters"),
        (pem_encode("DH PARAMETERS", bytes.fromhex("300602010702010200")), "holds no DH parameters"),
        (
            pem_encode("DH PARAMETERS", bytes.fromhex("3006020107020102")),
            "holds a prime of 3 bits that no standard",
        ),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "dh.pem"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        strength(kex="dh", aes=128, group=None, parameters=path)


def test_another_generator_is_another_group(tmp_path: Path) -> None:
    path = parameters(tmp_path / "dh.pem", FFDHE2048.p, 5)
    with pytest.raises(CommandError, match="expected the parameters of ffdhe2048, ffdhe3072, ffdhe4096, modp2048"):
        strength(kex="dh", aes=128, group=None, parameters=path)


def test_options_that_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="are for --kex dh"):
        strength(kex="x25519", aes=128, group="ffdhe2048", parameters=None)
    with pytest.raises(CommandError, match="there is one group"):
        strength(kex="dh", aes=128, group="ffdhe2048", parameters=tmp_path)
    with pytest.raises(CommandError, match="cannot read"):
        strength(kex="dh", aes=128, group=None, parameters=tmp_path / "none")


@given(st.text(max_size=3 * LONGEST))
def test_long_lines_are_said_in_pieces(text: str) -> None:
    said = pieces(text)
    assert "".join(said) == text.strip()
    assert all(1 <= len(piece) <= LONGEST for piece in said)
