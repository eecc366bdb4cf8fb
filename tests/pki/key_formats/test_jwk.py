"""Keys in JSON: each kind, public and private, and every way of being malformed."""

import base64
import json
import random
from collections.abc import Sequence
from typing import Any

import pytest

from explain.layout import unexplained
from explain.showing.byte_view import View, explained, faults
from pki.inspect.file_contents import Unread, contents_of, items_of
from pki.inspect.meanings import MEANINGS
from pki.key_formats.jwk import jwk, read_jwks
from pki.key_formats.octet_keys import private_octets
from pki.keys import UnknownPublicKey, load_private_key, load_public_key
from primitives.ec import P256, P384, P521, ECPrivateKey
from primitives.ed448_keys import Ed448PrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import RSAPrivateKey
from primitives.x448_keys import X448PrivateKey
from tests.pki.support.spoiling import read_spoiled
from tests.support.shares import share

NAMES = ("kty", "crv")
SMALL = RSAPrivateKey.from_primes(61, 53, e=17)
ED25519 = {  # the key of RFC 8032 §7.1 TEST 1
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}


def text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def number(value: int) -> str:
    return text(int(value).to_bytes((int(value).bit_length() + 7) // 8, "big"))


def ec(key: ECPrivateKey) -> dict[str, Any]:
    point = key.public_key.to_bytes()[1:]
    half = len(point) // 2
    d = text(key.d.to_bytes(key.curve.scalar_size, "big"))
    return {"kty": "EC", "crv": key.curve.name, "x": text(point[:half]), "y": text(point[half:]), "d": d}


RSA = {"kty": "RSA", "n": number(SMALL.n), "e": number(SMALL.e), "d": number(SMALL.d), "p": number(SMALL.p)}
RSA |= {"q": number(SMALL.q), "dp": number(SMALL.dP), "dq": number(SMALL.dQ), "qi": number(SMALL.qInv)}
ED448_KEY, X448_KEY = Ed448PrivateKey(bytes(range(57))), X448PrivateKey(bytes(range(56)))
OF_448 = [
    {"kty": "OKP", "crv": type(key).__name__.removesuffix("PrivateKey"), "d": text(private_octets(key))}
    for key in (ED448_KEY, X448_KEY)
]
KEYS: list[tuple[dict[str, Any], Any]] = [
    (ED25519, Ed25519PrivateKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))),
    (RSA, SMALL),
    *((ec(key), key) for key in (ECPrivateKey(curve, 7) for curve in (P256, P384, P521))),
    (OF_448[0] | {"x": text(ED448_KEY.public_key.to_bytes())}, ED448_KEY),
    (OF_448[1] | {"x": text(X448_KEY.public_key.to_bytes())}, X448_KEY),
]


@pytest.mark.parametrize(("jwk", "key"), KEYS)
def test_private_and_public_keys(jwk: dict[str, Any], key: Any) -> None:
    public = {name: jwk[name] for name in ("kty", "crv", "n", "e", "x", "y") if name in jwk}
    assert read_jwks(json.dumps(jwk | {"use": "sig", "kid": "1"}).encode()) == [key]
    assert read_jwks(json.dumps(public).encode()) == [key.public_key]
    data = json.dumps({"keys": [jwk, public]}, indent=2).encode()
    found = items_of(data)
    assert [(item.kind, item.content) for item in found] == [("private key", key), ("public key", key.public_key)]
    for item in found:
        assert unexplained(item.fields, len(data)) == []
        assert faults(View("", "", data, explained(item.fields, MEANINGS))) == []


@pytest.mark.parametrize(("members", "key"), KEYS)
def test_public_keys_are_written(members: dict[str, Any], key: Any) -> None:
    """With the members that RFC 7638 §3.2 calls required, and no others."""
    written = jwk(key.public_key)
    required = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}[members["kty"]]
    assert json.loads(written) == {name: members[name] for name in required}
    assert written.endswith(b"}\n")
    assert read_jwks(written) == [key.public_key]
    assert load_public_key(written) == key.public_key
    assert load_private_key(json.dumps(members).encode()) == key


def test_the_key_of_rfc_8037() -> None:
    """RFC 8037 appendix A.2."""
    [key] = read_jwks(json.dumps(ED25519).encode())
    assert isinstance(key, Ed25519PrivateKey)
    assert json.loads(jwk(key.public_key))["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


def test_what_is_not_written_and_not_loaded() -> None:
    with pytest.raises(ValueError, match="there is no JWK for"):
        jwk(UnknownPublicKey("1.2.3", b"", b""))
    public = jwk(KEYS[0][1].public_key)
    with pytest.raises(ValueError, match="found 0 of what was expected: a private key in a JWK"):
        load_private_key(public)
    both = json.dumps({"keys": [json.loads(public)] * 2}).encode()
    with pytest.raises(ValueError, match="found 2 of what was expected: a public key in a JWK"):
        load_public_key(both)


@pytest.mark.parametrize(
    ("jwk", "complaint"),
    [
        ([], "not an object"),
        ({"kty": "oct", "k": "AA"}, "of the kind 'oct'"),
        ({"kty": "EC", "crv": "secp256k1"}, "expected RSA, EC or Ed25519, Ed448, X25519, X448"),
        ({"kty": ["RSA"]}, "expected RSA, EC or Ed25519, Ed448, X25519, X448"),
        ({"keys": []}, "not an array of keys"),
        ({"keys": {"kty": "RSA"}}, "not an array of keys"),
        (ED25519 | {"x": 5}, "x of a JWK is not base64url"),
        (ED25519 | {"x": "A"}, "x of a JWK is not base64url"),
        (ED25519 | {"x": "AB"}, "x of a JWK is not base64url"),
        (ED25519 | {"x": "AA=="}, "x of a JWK is not base64url"),
        (ED25519 | {"x": "AA"}, "has 1 bytes, expected 32"),
        (ED25519 | {"d": text(bytes(32))}, "d of a JWK does not belong"),
        (KEYS[2][0] | {"d": number(8)}, "d of a JWK does not belong"),
        (KEYS[2][0] | {"x": "AA"}, "is not of 32 octets"),
        (RSA | {"oth": []}, "expected two primes"),
        ({name: RSA[name] for name in ("kty", "n", "e", "d")}, "expected two primes"),
        (RSA | {"d": number(SMALL.d + 1)}, "RSAPrivateKey"),
    ],
)
def test_what_is_refused(jwk: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_jwks(json.dumps(jwk).encode())


def test_json_that_is_no_jwk() -> None:
    for data in (b'{"kty": 1, "kty": 2}', b'{"kty": "RSA"', b"\xff", b'{"kty":' * 100_000, b"[" * 2_000_000):
        with pytest.raises(ValueError):
            read_jwks(data)
    [item] = contents_of(b'{"kty": "RSA", "kty": "RSA"}')
    assert item.content == Unread("a JWK with one name twice, expected each once (RFC 7517 §4)")


def read_with_member(octets: bytes) -> None:
    """Read a key in one of whose members these octets stand."""
    source = random.Random(octets)
    jwk, _ = source.choice(KEYS)
    read_jwks(json.dumps(jwk | {source.choice(sorted(jwk)): text(octets)}).encode())


def spoiled(seeds: Sequence[int]) -> None:
    """Spoil the JSON for some seeds, and what a member spells for the others."""
    read_spoiled(read_jwks, [json.dumps(jwk).encode() for jwk, _ in KEYS], [seed for seed in seeds if seed % 2])
    members = [base64.urlsafe_b64decode(f"{jwk[name]}==") for jwk, _ in KEYS for name in jwk if name not in NAMES]
    read_spoiled(read_with_member, members, [seed for seed in seeds if seed % 2 == 0])


def test_some_spoiled_keys() -> None:
    spoiled(range(100))


@pytest.mark.slow
def test_many_spoiled_keys() -> None:
    """A share of 200,000."""
    spoiled(share(range(200_000), 2000, of="spoiled JWKs"))
