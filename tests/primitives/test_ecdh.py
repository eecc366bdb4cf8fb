"""ECDH against NIST's vectors and cryptography."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves.weierstrass import Curve
from primitives.ec import P224, P256, P384, P521, SECP256K1, ECPrivateKey, ECPublicKey
from primitives.ecdh import ecdh

ORACLES: dict[str, oracle.EllipticCurve] = {
    "P-224": oracle.SECP224R1(),
    "P-256": oracle.SECP256R1(),
    "P-384": oracle.SECP384R1(),
    "P-521": oracle.SECP521R1(),
    "secp256k1": oracle.SECP256K1(),
}
CURVES = [P224, P256, P384, P521, SECP256K1]


@pytest.mark.parametrize("curve", CURVES, ids=lambda c: c.name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_both_sides_and_cryptography_agree(curve: Curve, data: st.DataObject) -> None:
    scalars = st.integers(1, curve.n - 1) | st.integers(1, 20) | st.integers(1, 20).map(lambda d: curve.n - d)
    d1, d2 = data.draw(scalars), data.draw(scalars)
    one, two = ECPrivateKey(curve, d1), ECPrivateKey(curve, d2)
    theirs = oracle.derive_private_key(d1, ORACLES[curve.name])
    Z = theirs.exchange(oracle.ECDH(), oracle.derive_private_key(d2, ORACLES[curve.name]).public_key())
    assert ecdh(one, two.public_key) == ecdh(two, one.public_key) == Z
    assert len(Z) == curve.coordinate_size


def test_a_secret_keeps_its_leading_zeros() -> None:
    curve = Curve("tiny-29", p=23, a=1, b=4, G=(0, 2), n=29)
    assert ecdh(ECPrivateKey(curve, 1), ECPrivateKey(curve, 1).public_key) == b"\0"
    one = ECPrivateKey(P256, 1)
    short = next(d for d in range(2, 2000) if ECPrivateKey(P256, d).public_key.Q[0] >> 248 == 0)
    assert ecdh(one, ECPrivateKey(P256, short).public_key)[0] == 0


def test_keys_on_different_curves_are_refused() -> None:
    with pytest.raises(ValueError, match="the keys are on P-256 and P-384, expected one curve"):
        ecdh(ECPrivateKey(P256, 5), ECPrivateKey(P384, 5).public_key)


def test_no_invalid_point_gets_this_far() -> None:
    """(x, y) on y² = x³ − 3x + 1, say, would leak the private key modulo that curve's small factors."""
    for Q in ((0, 1), (1, 1), (0, 0), (P256.p, 1)):
        with pytest.raises(ValueError, match="not a point"):
            ECPublicKey(P256, Q)


def test_a_recording_computes_the_same_secret() -> None:
    private, public = ECPrivateKey(P256, 0xABCDEF), ECPrivateKey(P256, 0x123456).public_key
    with trace.recording() as steps:
        Z = ecdh(private, public)
    assert ecdh(private, public) == Z
    (whole,) = steps
    assert [step.name for step in whole.steps] == ["kP", "P = dQ", "Z"]
    assert whole.value == Z
