"""Ed448 against RFC 8032 and cryptography; the group law against itself."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature as OracleInvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed448 as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves import edwards448, edwards448_tables
from primitives.curves.edwards448 import NEUTRAL, B, L, Point, add, decode, double, encode, p
from primitives.curves.edwards448 import multiply as textbook_multiply
from primitives.ed448 import ed448_public_key, ed448_sign, ed448_verify
from primitives.errors import InvalidSignature
from primitives.sha3 import shake_256

RFC_8032 = {  # §7.4: private key, public key, message, context, signature
    "blank": (
        "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b",
        "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
        "",
        "",
        "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980"
        "ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600",
    ),
    "1 octet": (
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
        "03",
        "",
        "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd77980"
        "5e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
    ),
    "1 octet (with context)": (
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
        "03",
        "666f6f",
        "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279fb842d607217fce6e042f6815ea00"
        "0c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d5428407e85dcbc98a49155c13764e66c3c00",
    ),
}
PH = {  # §7.5: Ed448ph, of "abc"
    "": (
        "822f6901f7480f3d5f562c592994d9693602875614483256505600bbc281ae381f54d6bce2ea911574932f52a4e6cadd78769375ec3ffd1b80"
        "1a0d9b3f4030cd433964b6457ea39476511214f97469b57dd32dbc560a9a94d00bff07620464a3ad203df7dc7ce360c3cd3696d9d9fab90f00"
    ),
    "666f6f": (
        "c32299d46ec8ff02b54540982814dce9a05812f81962b649d528095916a2aa481065b1580423ef927ecf0af5888f90da0f6a9a85ad5dc3f280"
        "d91224ba9911a3653d00e484e2ce232521481c8658df304bb7745a73514cdb9bf3e15784ab71284f8d0704a608c54a6b62d97beb511d132100"
    ),
}
PH_KEY = bytes.fromhex(
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42ef7822e0d5104127dc05d6dbefde69e3ab2cec7c867c6e2c49"
)
SEED = bytes(range(57))
KEY = ed448_public_key(SEED)
SIGNATURE = ed448_sign(SEED, b"message")
SMALL: list[Point] = [NEUTRAL, (1, 0, 1), (0, p - 1, 1), (p - 1, 0, 1)]  # all points of small order, in a circle


def refused(key: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
    try:
        ed448_verify(key, message, signature, context=context)
    except InvalidSignature:
        return True
    return False


def refused_by_oracle(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        oracle.Ed448PublicKey.from_public_bytes(key).verify(signature, message)
    except OracleInvalidSignature:
        return True
    return False


@pytest.mark.parametrize(("key", "public", "message", "context", "signature"), RFC_8032.values(), ids=RFC_8032)
def test_rfc_8032_section_7_4(key: str, public: str, message: str, context: str, signature: str) -> None:
    M, C = bytes.fromhex(message), bytes.fromhex(context)
    assert ed448_public_key(bytes.fromhex(key)).hex() == public
    assert ed448_sign(bytes.fromhex(key), M, context=C).hex() == signature
    ed448_verify(bytes.fromhex(public), M, bytes.fromhex(signature), context=C)
    assert refused(bytes.fromhex(public), M, bytes.fromhex(signature), C + b"o")


@pytest.mark.parametrize(("context", "signature"), PH.items(), ids=["no context", "with context"])
def test_rfc_8032_section_7_5(context: str, signature: str) -> None:
    C, signed = bytes.fromhex(context), bytes.fromhex(signature)
    assert ed448_sign(PH_KEY, b"abc", context=C, prehash=True) == signed
    ed448_verify(ed448_public_key(PH_KEY), b"abc", signed, context=C, prehash=True)
    for message, prehash in ((b"abc", False), (shake_256(b"abc").digest(64), False), (b"abd", True)):
        with pytest.raises(InvalidSignature):
            ed448_verify(ed448_public_key(PH_KEY), message, signed, context=C, prehash=prehash)


@settings(max_examples=12, deadline=None)
@given(seed=st.binary(min_size=57, max_size=57), message=st.binary(max_size=300))
def test_both_ways_with_cryptography(seed: bytes, message: bytes) -> None:
    theirs = oracle.Ed448PrivateKey.from_private_bytes(seed)
    key, signature = ed448_public_key(seed), ed448_sign(seed, message)
    assert key == theirs.public_key().public_bytes_raw()
    assert signature == theirs.sign(message)
    ed448_verify(key, message, signature)
    assert refused(key, message + b".", signature)
    assert refused_by_oracle(key, message + b".", signature)


def test_every_spoiled_byte_is_refused() -> None:
    ed448_verify(KEY, b"message", SIGNATURE)
    for i in range(114):
        for change in 1, 0x80:
            spoiled = bytearray(SIGNATURE)
            spoiled[i] ^= change
            assert refused(KEY, b"message", bytes(spoiled))
    for i in range(0, 57, 7):
        spoiled = bytearray(KEY)
        spoiled[i] ^= 4
        assert refused(bytes(spoiled), b"message", SIGNATURE)
    for length in (*range(0, 114, 10), 113, 115, 228):
        assert refused(KEY, b"message", (SIGNATURE + SIGNATURE)[:length])


def test_S_has_one_spelling() -> None:
    S = int.from_bytes(SIGNATURE[57:], "little")
    for other in (S + L, S + 2 * L, S + 4 * L, L, 2**456 - 1, S + 2**448, S + 2**455):
        spoiled = SIGNATURE[:57] + other.to_bytes(57, "little")
        assert refused(KEY, b"message", spoiled)
        assert refused_by_oracle(KEY, b"message", spoiled)


def test_points_have_one_spelling() -> None:
    for y in (0, 1, 2, 2**224, 2**448 - 1 - p):
        for sign in (0, 1 << 455):
            with pytest.raises(ValueError, match="p or more"):
                decode((y + p | sign).to_bytes(57, "little"))
    for bit in range(448, 455):  # of the last byte, nothing but the topmost bit has a meaning
        with pytest.raises(ValueError, match="p or more"):
            decode((int.from_bytes(KEY, "little") | 1 << bit).to_bytes(57, "little"))
    for y in (1, p - 1):  # (0, 1) and (0, −1)
        assert decode(y.to_bytes(57, "little"))[0] == 0
        with pytest.raises(ValueError, match="sign"):
            decode((y | 1 << 455).to_bytes(57, "little"))
    for length in (0, 56, 58):
        with pytest.raises(ValueError, match=f"has {length} bytes, expected 57"):
            decode(bytes(length))
    read = 0
    for y in range(2, 100):
        octets = y.to_bytes(57, "little")
        try:
            P = decode(octets)
        except ValueError:
            continue
        read += 1
        assert encode(P) == octets
        mirrored = decode((y | 1 << 455).to_bytes(57, "little"))
        assert encode(add(P, mirrored)) == encode(NEUTRAL)
    assert 30 < read < 70  # about half of all y belong to a point


def test_a_key_that_is_no_point_has_no_signatures() -> None:
    no_point = next(y for y in range(2, 50) if pow((y * y - 1) * (edwards448.d * y * y - 1), (p - 1) // 2, p) != 1)
    for key in (no_point.to_bytes(57, "little"), b"\xff" * 57, (1 | 1 << 455).to_bytes(57, "little")):
        assert refused(key, b"message", SIGNATURE)
        assert refused(KEY, b"message", key + SIGNATURE[57:])


def test_the_equation_is_the_one_without_the_cofactor() -> None:
    """A signature that is right but for a point of small order in R passes only if both sides are multiplied by 4."""
    r, message = 12345, b"message"
    h = shake_256(SEED).digest(114)
    s = int.from_bytes(h[:56], "little") & ~3 | 1 << 447
    for i, extra in enumerate(SMALL):
        R = encode(add(textbook_multiply(r, B), extra))
        k = int.from_bytes(shake_256(b"SigEd448\0\0" + R + KEY + message).digest(114), "little")
        signature = R + ((r + k * s) % L).to_bytes(57, "little")
        assert refused(KEY, message, signature) == (i != 0)
    assert not refused_by_oracle(KEY, message, ed448_sign(SEED, message))


RUNS = st.tuples(st.integers(0, 445), st.integers(0, 445)).map(lambda ends: abs(2 ** ends[0] - 2 ** ends[1]))


@settings(max_examples=12, deadline=None)
@given(
    k=st.integers(0, L - 1) | st.integers(0, 40) | st.integers(1, 40).map(lambda k: L - k) | RUNS,
    q=st.integers(0, 2**447),
)
def test_the_fast_paths_compute_what_the_textbook_computes(k: int, q: int) -> None:
    assert encode(edwards448_tables.multiply_base(k)) == encode(textbook_multiply(k, B))
    Q = textbook_multiply(q, B)
    for torsion in SMALL[:2]:
        P = add(Q, torsion)
        assert encode(edwards448_tables.multiply(k, P)) == encode(textbook_multiply(k, P))


def test_the_group_law_on_all_points_of_small_order_and_multiples_of_B() -> None:
    for i, P in enumerate(SMALL):
        assert encode(double(P)) == encode(SMALL[2 * i % 4])
        for j, Q in enumerate(SMALL):
            assert encode(add(P, Q)) == encode(SMALL[(i + j) % 4])
    assert encode(textbook_multiply(L, B)) == encode(NEUTRAL)
    assert encode(textbook_multiply(L - 1, B)) == bytes([*encode(B)[:56], encode(B)[56] ^ 0x80])
    with pytest.raises(ValueError, match="negative"):
        textbook_multiply(-1, B)
    assert pow(edwards448.d, (p - 1) // 2, p) == p - 1  # not a square, or the formulas would have exceptions


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 56, 58, 114):
        with pytest.raises(ValueError, match=f"private key has {length} bytes, expected 57"):
            ed448_sign(bytes(length), b"")
        with pytest.raises(ValueError, match=f"public key has {length} bytes, expected 57"):
            ed448_verify(bytes(length), b"", SIGNATURE)
    ed448_verify(KEY, b"", ed448_sign(SEED, b"", context=bytes(255)), context=bytes(255))
    with pytest.raises(ValueError, match="context has 256 bytes, expected at most 255"):
        ed448_sign(SEED, b"", context=bytes(256))
    with pytest.raises(ValueError, match="context has 256 bytes, expected at most 255"):
        ed448_verify(KEY, b"", SIGNATURE, context=bytes(256))
    with pytest.raises(TypeError, match="private key: expected bytes"):
        ed448_public_key("0" * 57)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="context: expected bytes"):
        ed448_sign(SEED, b"", context="a")  # type: ignore[arg-type]  # the mistake under test
    for arguments in (("0" * 57, b"", SIGNATURE), (KEY, "message", SIGNATURE), (KEY, b"message", "0" * 114)):
        with pytest.raises(TypeError, match="expected bytes"):
            ed448_verify(*arguments)


def test_recordings_compute_the_same() -> None:
    with trace.recording() as steps:
        assert ed448_sign(SEED, b"message") == SIGNATURE
        ed448_verify(KEY, b"message", SIGNATURE)
        with pytest.raises(InvalidSignature):
            ed448_verify(KEY, b"massage", SIGNATURE)
        with pytest.raises(InvalidSignature):
            ed448_verify(KEY, b"message", SIGNATURE[:57] + b"\xff" * 57)
    sign, verify, other, large = steps
    values = {step.name: step.value for step in sign.steps}
    assert sign.value == SIGNATURE
    assert (values["R"], values["key"]) == (SIGNATURE[:57], KEY)
    assert values["S"] == int.from_bytes(SIGNATURE[57:], "little")
    assert values["dom4(F, C)"] == b"SigEd448\0\0"
    assert (verify.steps[-1].name, verify.steps[-1].value) == ("[S]B = R + [k]A", True)
    assert (other.steps[-1].name, other.steps[-1].value) == ("[S]B = R + [k]A", False)
    assert (large.steps[-1].name, large.steps[-1].value) == ("S < L", False)
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith(("RFC 8032 §5.2", "RFC 8032 §2", "FIPS 202 §"))
        assert step.why
