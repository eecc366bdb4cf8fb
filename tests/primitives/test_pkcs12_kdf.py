"""The key derivation of PKCS #12 against S. N. Henson's vectors and OpenSSL, and every argument that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from explain import trace
from primitives.pkcs12_kdf import IV, KEY, MAC_KEY, pkcs12_kdf
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512
from tests.conftest import PeerTool, run

SMEG, QUEEG = (f"{name}\0".encode("utf-16-be") for name in ("smeg", "queeg"))


@pytest.mark.parametrize(
    ("password", "salt", "iterations", "id", "expected"),
    [
        (SMEG, "0A58CF64530D823F", 1, KEY, "8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3"),
        (SMEG, "0A58CF64530D823F", 1, IV, "79993DFE048D3B76"),
        (SMEG, "642B99AB44FB4B1F", 1, KEY, "F3A95FEC48D7711E985CFE67908C5AB79FA3D7C5CAA5D966"),
        (SMEG, "642B99AB44FB4B1F", 1, IV, "C0A38D64A79BEA1D"),
        (SMEG, "3D83C0E4546AC140", 1, MAC_KEY, "8D967D88F6CAA9D714800AB3D48051D63F73A312"),
        (QUEEG, "1682C0FC5B3F7EC5", 1000, KEY, "483DD6E919D7DE2E8E648BA8F862F3FBFBDC2BCB2C02957F"),
    ],
)
def test_published_vectors(password: bytes, salt: str, iterations: int, id: int, expected: str) -> None:
    octets = bytes.fromhex(expected)
    assert pkcs12_kdf(password, bytes.fromhex(salt), iterations, len(octets), id=id, hash=sha1) == octets


@pytest.mark.parametrize(
    ("hash", "password", "salt", "iterations", "length", "id"),
    [
        (sha1, SMEG, bytes(range(70)), 3, 100, KEY),
        (sha256, SMEG * 20, bytes(8), 2, 97, IV),
        (sha512, QUEEG, bytes(200), 5, 300, MAC_KEY),
        (sha256, b"\0\0", b"\xff" * 64, 1, 64, KEY),
        (sha256, b"\xff" * 64, b"\xff" * 64, 2, 256, KEY),
    ],
)
def test_openssl_gives_the_same(
    hash: Any, password: bytes, salt: bytes, iterations: int, length: int, id: int, peer_tool: PeerTool
) -> None:
    options = {"digest": hash.name, "hexpass": password.hex(), "hexsalt": salt.hex(), "id": id, "iter": iterations}
    words = [word for name, value in options.items() for word in ("-kdfopt", f"{name}:{value}")]
    shown = run(peer_tool("openssl"), "kdf", "-keylen", str(length), *words, "PKCS12KDF")
    expected = bytes.fromhex(shown.replace(":", ""))
    assert pkcs12_kdf(password, salt, iterations, length, id=id, hash=hash) == expected


def test_no_password_and_no_salt() -> None:
    """Step 2: an empty salt makes an empty S; step 3: the same of the password."""
    assert pkcs12_kdf(b"", b"", 1, 20, id=MAC_KEY, hash=sha1) == sha1(b"\3" * 64).digest()
    assert pkcs12_kdf(b"", b"", 2, 20, id=KEY, hash=sha1) == sha1(sha1(b"\1" * 64).digest()).digest()


def test_the_trace_shows_the_steps() -> None:
    with trace.recording() as recorded:
        octets = pkcs12_kdf(SMEG, bytes(8), 2, 24, id=KEY, hash=sha1)
    text = repr(recorded)
    assert octets
    for name in ("'D'", "'S'", "'P'", "'I'", "'A_1'", "'A_2'", "'B'"):
        assert name in text
    assert pkcs12_kdf(SMEG, bytes(8), 2, 24, id=KEY, hash=sha1) == octets


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"iterations": 0}, "iterations is 0, expected 1 or more"),
        ({"length": 0}, "length is 0, expected 1 or more"),
        ({"id": 4}, "id is 4, expected 1, 2 or 3"),
    ],
)
def test_values_that_are_wrong(arguments: dict[str, int], complaint: str) -> None:
    right: dict[str, Any] = {"password": SMEG, "salt": b"", "iterations": 1, "length": 1, "id": 1, "hash": sha1}
    with pytest.raises(ValueError, match=complaint):
        pkcs12_kdf(**{**right, **arguments})


@pytest.mark.parametrize("argument", ["password", "salt", "iterations", "length"])
def test_types_that_are_wrong(argument: str) -> None:
    arguments: dict[str, Any] = {"password": SMEG, "salt": b"", "iterations": 1, "length": 1, "id": 1, "hash": sha1}
    with pytest.raises(TypeError, match=f"pkcs12_kdf: {argument}"):
        pkcs12_kdf(**{**arguments, argument: "text"})
