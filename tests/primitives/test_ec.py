"""The group law, its fast path, points as bytes, and keys."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric import ec as oracle
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves import jacobian
from primitives.curves.weierstrass import Curve, Point, add, decode_point, encode_point, is_on_curve, negate
from primitives.curves.weierstrass import multiply as textbook_multiply
from primitives.ec import (
    P224,
    P256,
    P384,
    P521,
    SECP256K1,
    ECPrivateKey,
    ECPublicKey,
    generate_ec_private_key,
    multiply,
)
from primitives.integers import mod_exp

CURVES = [P224, P256, P384, P521, SECP256K1]
ORACLES: dict[str, oracle.EllipticCurve] = {
    "P-224": oracle.SECP224R1(),
    "secp256k1": oracle.SECP256K1(),
    "P-256": oracle.SECP256R1(),
    "P-384": oracle.SECP384R1(),
    "P-521": oracle.SECP521R1(),
}

# Curves small enough to try everything, all of prime order (counted by `points` below).
TINY = [
    Curve("tiny-5", p=7, a=-3, b=1, G=(0, 1), n=5),
    Curve("tiny-13", p=7, a=0, b=3, G=(1, 2), n=13),
    Curve("tiny-17", p=11, a=-3, b=1, G=(0, 1), n=17),
    Curve("tiny-29", p=23, a=1, b=4, G=(0, 2), n=29),
    Curve("tiny-31", p=23, a=-3, b=8, G=(0, 10), n=31),
    Curve("tiny-19", p=13, a=-3, b=1, G=(0, 1), n=19),  # p ≡ 1 mod 4, as of P-224
    Curve("tiny-23", p=17, a=-3, b=3, G=(1, 1), n=23),
]
SMALL = Curve("small-149", p=151, a=-3, b=6, G=(1, 2), n=149)  # large enough for windows of full width


def points(curve: Curve) -> list[Point]:
    """Every point, by trying all coordinates."""
    return [None] + [
        (x, y) for x in range(curve.p) for y in range(curve.p) if (y * y - x**3 - curve.a * x - curve.b) % curve.p == 0
    ]


def multiples(curve: Curve) -> list[Point]:
    """O, G, 2G, … (n − 1)G, by adding G over and over."""
    found: list[Point] = [None]
    while len(found) < curve.n:
        found.append(add(curve, found[-1], curve.G))
    return found


@pytest.mark.parametrize("curve", [*TINY, SMALL], ids=lambda c: c.name)
def test_the_multiples_of_G_are_all_points_and_add_as_numbers_do(curve: Curve) -> None:
    kG = multiples(curve)
    assert sorted(map(repr, kG)) == sorted(map(repr, points(curve)))
    for i, j in itertools.product(range(curve.n), repeat=2):
        assert add(curve, kG[i], kG[j]) == kG[(i + j) % curve.n]
    for i in range(curve.n):
        assert negate(curve, kG[i]) == kG[-i % curve.n]


@pytest.mark.parametrize("curve", TINY, ids=lambda c: c.name)
def test_every_path_multiplies_every_point_by_every_scalar(curve: Curve) -> None:
    kG = multiples(curve)
    for k in range(curve.n):
        assert jacobian.multiply_base(curve, k) == kG[k]
        for i, P in enumerate(kG):
            expected = kG[k * i % curve.n]
            assert textbook_multiply(curve, k, P) == expected
            assert jacobian.multiply(curve, k, P) == expected
            for u in range(curve.n):
                assert jacobian.multiply_and_add(curve, u, k, P) == kG[(u + k * i) % curve.n]


def test_full_windows_multiply_by_every_scalar() -> None:
    kG = multiples(SMALL)
    for k in range(SMALL.n):
        assert jacobian.multiply_base(SMALL, k) == kG[k] == jacobian.multiply(SMALL, k, SMALL.G)
        for i in (1, 2, 147, 148):
            assert jacobian.multiply(SMALL, k, kG[i]) == kG[k * i % SMALL.n]
            assert jacobian.multiply_and_add(SMALL, k, i, kG[k]) == kG[(k + i * k) % SMALL.n]


@pytest.mark.parametrize("curve", TINY, ids=lambda c: c.name)
def test_jacobian_addition_and_doubling_take_every_pair_in_every_representation(curve: Curve) -> None:
    p, kG = curve.p, multiples(curve)
    for i, j in itertools.product(range(curve.n), repeat=2):
        P, Q = kG[i], kG[j]
        for Z in range(1, p):
            representation = (Z * Z, Z**3, 0) if P is None else (P[0] * Z * Z % p, P[1] * Z**3 % p, Z)
            for times in (0, 1, 2, 5):
                doubled = jacobian._double(representation, times, curve.a, p)
                assert jacobian._to_point(doubled, p) == kG[2**times * i % curve.n]
            if Q is not None:
                total = jacobian._add(representation, Q, curve.a, p)
                assert jacobian._to_point(total, p) == kG[(i + j) % curve.n]


def test_a_point_of_order_two_is_its_own_negative() -> None:
    """No curve of prime order has one, but the group law is not to divide by zero for it."""
    curve = Curve("tiny-8", p=7, a=-1, b=0, G=(1, 0), n=2)
    for P in ((0, 0), (1, 0), (6, 0)):
        assert is_on_curve(curve, P)
        assert add(curve, P, P) is None
        assert jacobian._to_point(jacobian._double((*P, 1), 1, curve.a, curve.p), curve.p) is None
        assert jacobian._to_point(jacobian._add((*P, 1), P, curve.a, curve.p), curve.p) is None


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
def test_the_parameters_hold_together(curve: Curve) -> None:
    assert is_on_curve(curve, curve.G)
    assert (4 * curve.a**3 + 27 * curve.b**2) % curve.p  # no cusp, no self-crossing
    for prime in curve.p, curve.n:
        assert mod_exp(3, prime - 1, prime) == 1
    assert abs(curve.n - (curve.p + 1)) ** 2 <= 4 * curve.p  # Hasse's bound: and so no multiple of n but n fits
    assert textbook_multiply(curve, curve.n, curve.G) is None
    assert curve.a == (0 if curve is SECP256K1 else -3)


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_the_fast_paths_compute_what_the_textbook_computes(curve: Curve, data: st.DataObject) -> None:
    bits = curve.n.bit_length() - 1
    runs = st.tuples(st.integers(0, bits), st.integers(0, bits)).map(lambda ends: abs(2 ** ends[0] - 2 ** ends[1]))
    scalars = st.integers(0, curve.n - 1) | st.integers(0, 40) | st.integers(1, 40).map(lambda k: curve.n - k) | runs
    k, u, q = data.draw(scalars), data.draw(scalars), data.draw(scalars)
    Q = textbook_multiply(curve, q, curve.G)
    kQ = textbook_multiply(curve, k, Q)
    assert jacobian.multiply_base(curve, q) == Q
    assert jacobian.multiply(curve, k, Q) == kQ
    assert jacobian.multiply_and_add(curve, u, k, Q) == add(curve, textbook_multiply(curve, u, curve.G), kQ)


def test_scalars_out_of_range_are_refused() -> None:
    for k in (-1, P256.n, P256.n + 1):
        with pytest.raises(ValueError, match="scalar is out of range"):
            jacobian.multiply_base(P256, k)
    with pytest.raises(ValueError, match="scalar is negative"):
        textbook_multiply(P256, -1, P256.G)


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
def test_public_keys_and_their_bytes_are_those_of_cryptography(curve: Curve) -> None:
    for d in (1, 2, curve.n - 1, generate_ec_private_key(curve).d):
        key = ECPrivateKey(curve, d).public_key
        theirs = oracle.derive_private_key(d, ORACLES[curve.name]).public_key()
        uncompressed = theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        compressed = theirs.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        assert key.to_bytes() == uncompressed
        assert key.to_bytes(compressed=True) == compressed
        assert ECPublicKey.from_bytes(curve, uncompressed) == ECPublicKey.from_bytes(curve, compressed) == key


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
def test_a_point_is_read_whole_and_nothing_else_is(curve: Curve) -> None:
    key = ECPrivateKey(curve, 7).public_key
    for encoded in key.to_bytes(), key.to_bytes(compressed=True):
        for end in range(len(encoded)):
            with pytest.raises(ValueError, match=r"begins with nothing|has .* bytes, expected"):
                ECPublicKey.from_bytes(curve, encoded[:end])
        with pytest.raises(ValueError, match="bytes, expected"):
            ECPublicKey.from_bytes(curve, encoded + b"\0")


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
def test_invalid_points_are_refused(curve: Curve) -> None:
    x, y = curve.G
    size = curve.coordinate_size
    X, Y = x.to_bytes(size, "big"), y.to_bytes(size, "big")
    with pytest.raises(ValueError, match="infinity"):
        ECPublicKey.from_bytes(curve, b"\0")
    for prefix in (1, 5, 6, 7, 8, 0x30, 0xFF):  # 6 and 7 are SEC 1's hybrid form
        with pytest.raises(ValueError, match="begins with"):
            ECPublicKey.from_bytes(curve, bytes([prefix]) + X + Y)
    for bad in (
        b"\4" + X + (y + 1).to_bytes(size, "big"),
        b"\4" + Y + X,
        b"\4" + bytes(2 * size),
        b"\4" + curve.p.to_bytes(size, "big") + Y,
        b"\4" + X + curve.p.to_bytes(size, "big"),
        b"\4" + b"\xff" * (2 * size),
        b"\2" + curve.p.to_bytes(size, "big"),
    ):
        with pytest.raises(ValueError, match="not on"):
            ECPublicKey.from_bytes(curve, bad)
    # x-coordinates of the twist: half of all numbers belong to no point of the curve.
    twist = [
        u for u in range(40) if mod_exp((u**3 + curve.a * u + curve.b) % curve.p, (curve.p - 1) // 2, curve.p) != 1
    ]
    assert len(twist) > 5
    for u in twist:
        for parity in (b"\2", b"\3"):
            with pytest.raises(ValueError, match="not on"):
                ECPublicKey.from_bytes(curve, parity + u.to_bytes(size, "big"))


def test_a_coordinate_is_taken_once_only() -> None:
    """(5, y) is a point of P-256, and 5 + p still fits in 32 bytes: no second spelling of the same point."""
    x = 5
    square = (x**3 + P256.a * x + P256.b) % P256.p
    y = mod_exp(square, (P256.p + 1) // 4, P256.p)
    assert is_on_curve(P256, (x, y))
    assert not is_on_curve(P256, (x + P256.p, y))
    assert not is_on_curve(P256, (x, y - P256.p))
    for encoded in (
        b"\4" + (x + P256.p).to_bytes(32, "big") + y.to_bytes(32, "big"),
        b"\2" + (x + P256.p).to_bytes(32, "big"),
    ):
        with pytest.raises(ValueError, match="not on"):
            ECPublicKey.from_bytes(P256, encoded)


@pytest.mark.parametrize("curve", TINY, ids=lambda c: c.name)
def test_every_tiny_point_survives_its_bytes_and_no_other_bytes_are_read(curve: Curve) -> None:
    encodings = set()
    for P in points(curve):
        for compressed in (False, True):
            encoded = encode_point(curve, P, compressed=compressed)
            assert decode_point(curve, encoded) == P
            encodings.add(encoded)
    for length in (0, 1, 2):
        for contents in itertools.product(range(32), repeat=length):
            for prefix in range(8):
                candidate = bytes([prefix, *contents])
                if candidate not in encodings:
                    with pytest.raises(ValueError):
                        decode_point(curve, candidate)


def test_a_public_key_must_be_a_point_however_it_is_made() -> None:
    with pytest.raises(ValueError, match="not a point"):
        ECPublicKey(P256, (P256.G[0], P256.G[1] + 1))
    with pytest.raises(ValueError, match="not a point"):
        ECPublicKey(P384, P256.G)
    with pytest.raises(ValueError, match="infinity"):
        ECPublicKey(P256, None)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="expected bytes"):
        ECPublicKey.from_bytes(P256, "04")  # type: ignore[arg-type]  # the mistake under test


def test_private_keys_are_in_range_and_hidden() -> None:
    for d in (0, -1, P256.n, P256.n + 1):
        with pytest.raises(ValueError, match="out of range"):
            ECPrivateKey(P256, d)
    with pytest.raises(TypeError, match="expected an integer"):
        ECPrivateKey(P256, b"\1")  # type: ignore[arg-type]  # the mistake under test
    key = ECPrivateKey(P256, 0xDEADBEEF)
    for text in (repr(key), str(key), f"{key}"):
        assert "P-256" in text
        assert str(0xDEADBEEF) not in text
        assert "deadbeef" not in text.lower()


def test_keys_are_generated_by_rejection_from_the_given_randomness() -> None:
    draws = [b"\xff" * 32, (P256.n - 1).to_bytes(32, "big"), (P256.n - 2).to_bytes(32, "big"), bytes(32)]
    served = iter(draws)
    assert generate_ec_private_key(P256, random_bytes=lambda length: next(served)).d == P256.n - 1
    assert generate_ec_private_key(P256, random_bytes=lambda length: next(served)).d == 1
    with trace.recording() as steps:
        key = generate_ec_private_key(P384)
    assert (steps[0].name, steps[0].value) == ("d", key.d)


def test_a_recording_shows_the_steps_that_computed_the_result() -> None:
    curve = TINY[3]
    with trace.recording() as steps:
        P = multiply(curve, 11, curve.G)
    assert multiply(curve, 11, curve.G) == P
    (product,) = steps
    assert product.value == P
    assert [turn.name for turn in product.steps] == ["bit 3", "bit 2", "bit 1", "bit 0"]
    assert [step.name for step in product.steps[2].steps] == ["2P", "P + Q"]  # 11 = 0b1011
    doubling = product.steps[2].steps[0]
    assert [step.name for step in doubling.steps] == ["λ", "x₃", "y₃"]
    assert (doubling.steps[1].value, doubling.steps[2].value) == doubling.value
    for step in product.walk():
        assert step.section.startswith("SEC 1 §2.2.1")
        assert step.why
    with trace.recording() as steps:
        assert multiply(curve, 28, curve.G) == negate(curve, curve.G)
        assert add(curve, curve.G, negate(curve, curve.G)) is None
    assert steps[-1].section == "SEC 1 §2.2.1 rule 3"


def test_the_decoding_of_a_point_shows_its_steps() -> None:
    Q = ECPrivateKey(P256, 7).public_key
    with trace.recording() as steps:
        assert ECPublicKey.from_bytes(P256, Q.to_bytes(compressed=True)) == Q
    assert [step.name for step in steps] == ["√(x³ + ax + b)", "x, y", "on the curve"]
    assert steps[0].value in (Q.Q[1], P256.p - Q.Q[1])
    assert [step.value for step in steps[1:]] == [Q.Q, True]
    assert all(step.section.startswith("SEC 1 §2.3.4") and step.why for step in steps)
    with trace.recording() as steps, pytest.raises(ValueError, match="not on P-256"):
        ECPublicKey.from_bytes(P256, b"\4" + bytes(64))
    assert (steps[-1].name, steps[-1].value) == ("on the curve", False)
