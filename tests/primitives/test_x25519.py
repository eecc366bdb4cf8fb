"""X25519 against RFC 7748 and cryptography."""

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519 as oracle
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves.edwards25519 import L
from primitives.x25519 import BASE_POINT, decodeScalar25519, decodeUCoordinate, p, x25519

# The u-coordinates of all points of small order, on the curve and on its twist, with their second spellings.
ORDER_8 = 325606250916557431795983626356110631294008115727848805560023387167927233504
ORDER_8_TOO = 39382357235489614581723060781553021112529911719440698176882885853963445705823
SMALL_ORDER = [0, 1, ORDER_8, ORDER_8_TOO, p - 1, p, p + 1]


def test_rfc_7748_section_5_2() -> None:
    for scalar, u, result in (
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ):
        assert x25519(bytes.fromhex(scalar), bytes.fromhex(u)).hex() == result
    assert decodeScalar25519(bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")) == int(
        "31029842492115040904895560451863089656472772604678260265531221036453811406496"
    )
    assert decodeUCoordinate(bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")) == int(
        "34426434033919594451155107781188821651316167215306631574996226621102155684838"
    )


def test_rfc_7748_section_5_2_iterated() -> None:
    k = u = BASE_POINT
    for i in range(1000):
        k, u = x25519(k, u), k
        if i == 0:
            assert k.hex() == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    assert k.hex() == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"


def test_rfc_7748_section_6_1() -> None:
    a = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    b = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    K_A, K_B = x25519(a, BASE_POINT), x25519(b, BASE_POINT)
    assert K_A.hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert K_B.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    K = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert x25519(a, K_B).hex() == x25519(b, K_A).hex() == K


@settings(max_examples=40, deadline=None)
@given(scalar=st.binary(min_size=32, max_size=32), u=st.binary(min_size=32, max_size=32))
def test_any_scalar_and_coordinate_as_cryptography(scalar: bytes, u: bytes) -> None:
    theirs = oracle.X25519PrivateKey.from_private_bytes(scalar)
    assert x25519(scalar, BASE_POINT) == theirs.public_key().public_bytes_raw()
    try:
        expected = theirs.exchange(oracle.X25519PublicKey.from_public_bytes(u))
    except ValueError:
        with pytest.raises(ValueError, match="all zeros"):
            x25519(scalar, u)
    else:
        assert x25519(scalar, u) == expected


@pytest.mark.parametrize("number", SMALL_ORDER)
@pytest.mark.parametrize("top_bit", [0, 1 << 255])
def test_small_order_is_refused(number: int, top_bit: int) -> None:
    for scalar in (bytes(32), b"\xff" * 32, bytes(range(32))):
        with pytest.raises(ValueError, match="all zeros"):
            x25519(scalar, (number + top_bit).to_bytes(32, "little"))


def test_a_coordinate_may_be_spelled_twice() -> None:
    """u and u + p, with or without the topmost bit: RFC 7748 §5 has implementations accept them."""
    for u in range(2, 19):
        results = {
            x25519(bytes(range(32)), (number + top_bit).to_bytes(32, "little"))
            for number in (u, u + p)
            for top_bit in (0, 1 << 255)
        }
        assert len(results) == 1


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32))
@example(bytes(32))  # 2^254, the least scalar
@example(b"\xff" * 32)  # 2^255 − 8, the greatest
@example((4 * L // 8 * 8).to_bytes(32, "little"))  # next to a multiple of the base point's order
@example((4 * L // 8 * 8 + 8).to_bytes(32, "little"))
def test_the_tables_of_the_base_point_give_what_the_ladder_gives(scalar: bytes) -> None:
    spelled_twice = (decodeUCoordinate(BASE_POINT) | 1 << 255).to_bytes(32, "little")
    with trace.recording():
        expected = x25519(scalar, BASE_POINT)
    assert x25519(scalar, BASE_POINT) == x25519(scalar, spelled_twice) == expected


def test_bits_that_decoding_sets_do_not_count() -> None:
    scalar = bytearray(range(100, 132))
    expected = x25519(bytes(scalar), BASE_POINT)
    for place, bit in (0, 1), (0, 2), (0, 4), (31, 64), (31, 128):
        other = bytearray(scalar)
        other[place] ^= bit
        assert x25519(bytes(other), BASE_POINT) == expected
    for place, bit in (0, 8), (15, 1), (31, 32):
        other = bytearray(scalar)
        other[place] ^= bit
        assert x25519(bytes(other), BASE_POINT) != expected


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 31, 33, 64):
        with pytest.raises(ValueError, match=f"scalar has {length} bytes, expected 32"):
            x25519(bytes(length), BASE_POINT)
        with pytest.raises(ValueError, match=f"u-coordinate has {length} bytes, expected 32"):
            x25519(bytes(32), bytes(length))
    with pytest.raises(TypeError, match="scalar: expected bytes"):
        x25519("0" * 32, BASE_POINT)  # type: ignore[arg-type]  # the mistake under test


def test_a_recording_shows_every_turn_of_the_ladder() -> None:
    scalar, u = bytes(range(32)), bytes(range(32, 64))
    with trace.recording() as steps:
        result = x25519(scalar, u)
    assert result == x25519(scalar, u)
    (whole,) = steps
    assert whole.value == result
    turns = [step for step in whole.steps if step.name.startswith("bit ")]
    assert [turn.name for turn in turns] == [f"bit {t}" for t in reversed(range(255))]
    k = decodeScalar25519(scalar)
    assert turns[-1].value == k
    assert [turn.steps[0].value for turn in turns] == [k >> t & 1 for t in reversed(range(255))]
    # Each turn is an equality of points: at the end x_2/z_2 is the result.
    x_2, z_2 = next(step.value for step in turns[-1].steps if step.name == "x_2 : z_2")  # type: ignore[misc, str-unpack]  # a pair
    assert x_2 * pow(z_2, -1, p) % p == int.from_bytes(result, "little")  # type: ignore[operator,arg-type]  # of numbers
    assert all(step.why and step.section == "RFC 7748 §5" for turn in turns for step in turn.walk())
    assert (whole.steps[-1].name, whole.steps[-1].value) == ("result ≠ 0", True)
