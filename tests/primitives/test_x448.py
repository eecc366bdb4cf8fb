"""X448 against RFC 7748 and cryptography."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import x448 as oracle
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves.edwards448 import L
from primitives.x448 import BASE_POINT, decodeScalar448, p, x448

SCALAR = bytes.fromhex(
    "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3"
)
U = bytes.fromhex(
    "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086"
)
SMALL_ORDER = [0, 1, p - 1, p, p + 1]  # the u-coordinates, with their second spellings, on the curve and its twist


def test_rfc_7748_section_5_2() -> None:
    assert x448(SCALAR, U).hex() == (
        "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f"
        "e14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f"
    )
    scalar = (
        "203d494428b8399352665ddca42f9de8fef600908e0d461cb021f8c5"
        "38345dd77c3e4806e25f46d3315c44e0a5b4371282dd2c8d5be3095f"
    )
    u = (
        "0fbcc2f993cd56d3305b0b7d9e55d4c1a8fb5dbb52f8e9a1e9b6201b"
        "165d015894e56c4d3570bee52fe205e28a78b91cdfbde71ce8d157db"
    )
    assert x448(bytes.fromhex(scalar), bytes.fromhex(u)).hex() == (
        "884a02576239ff7a2f2f63b2db6a9ff37047ac13568e1e30fe63c4a7"
        "ad1b3ee3a5700df34321d62077e63633c575c1c954514e99da7c179d"
    )
    assert decodeScalar448(SCALAR) == int(
        "599189175373896402783756016145213256157230856085026129926891459468622403380588640249457727683869421921443004045221642549886377526240828"
    )


@pytest.mark.parametrize("rounds", [1, pytest.param(1000, marks=pytest.mark.slow)])
def test_rfc_7748_section_5_2_iterated(rounds: int) -> None:
    k = u = BASE_POINT
    for _ in range(rounds):
        k, u = x448(k, u), k
    assert (
        k.hex()
        == {
            1: "3f482c8a9f19b01e6c46ee9711d9dc14fd4bf67af30765c2ae2b846a"
            "4d23a8cd0db897086239492caf350b51f833868b9bc2b3bca9cf4113",
            1000: "aa3b4749d55b9daf1e5b00288826c467274ce3ebbdd5c17b975e09d4"
            "af6c67cf10d087202db88286e2b79fceea3ec353ef54faa26e219f38",
        }[rounds]
    )


def test_rfc_7748_section_6_2() -> None:
    a = bytes.fromhex(
        "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
        "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b"
    )
    b = bytes.fromhex(
        "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d"
        "6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d"
    )
    K_A, K_B = x448(a, BASE_POINT), x448(b, BASE_POINT)
    assert K_A.hex() == (
        "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c"
        "22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0"
    )
    assert K_B.hex() == (
        "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
        "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609"
    )
    assert (
        x448(a, K_B).hex()
        == x448(b, K_A).hex()
        == (
            "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
            "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d"
        )
    )


@settings(max_examples=30, deadline=None)
@given(scalar=st.binary(min_size=56, max_size=56), u=st.binary(min_size=56, max_size=56))
def test_any_scalar_and_coordinate_as_cryptography(scalar: bytes, u: bytes) -> None:
    theirs = oracle.X448PrivateKey.from_private_bytes(scalar)
    assert x448(scalar, BASE_POINT) == theirs.public_key().public_bytes_raw()
    try:
        expected = theirs.exchange(oracle.X448PublicKey.from_public_bytes(u))
    except ValueError:
        with pytest.raises(ValueError, match="all zeros"):
            x448(scalar, u)
    else:
        assert x448(scalar, u) == expected


@pytest.mark.parametrize("number", SMALL_ORDER)
def test_small_order_is_refused(number: int) -> None:
    for scalar in (bytes(56), b"\xff" * 56, bytes(range(56))):
        u = number.to_bytes(56, "little")
        with pytest.raises(ValueError, match="all zeros"):
            x448(scalar, u)
        with pytest.raises(ValueError, match=r"rror computing shared key|exchange|invalid"):
            oracle.X448PrivateKey.from_private_bytes(scalar).exchange(oracle.X448PublicKey.from_public_bytes(u))


def test_a_coordinate_may_be_spelled_twice() -> None:
    """u and u + p: RFC 7748 §5 has implementations accept them."""
    for u in (2, 5, 100, 2**224):
        assert x448(SCALAR, u.to_bytes(56, "little")) == x448(SCALAR, (u + p).to_bytes(56, "little"))


@settings(max_examples=4, deadline=None)
@given(st.binary(min_size=56, max_size=56))
@example(bytes(56))  # 2^447, the least scalar
@example(b"\xff" * 56)  # 2^448 − 4, the greatest
@example((4 * L - 4).to_bytes(56, "little"))  # next to the one multiple of the base point's order
@example((4 * L + 4).to_bytes(56, "little"))
def test_the_tables_of_the_base_point_give_what_the_ladder_gives(scalar: bytes) -> None:
    with trace.recording():
        expected = x448(scalar, BASE_POINT)
    assert x448(scalar, BASE_POINT) == expected
    assert x448(scalar, (5 + p).to_bytes(56, "little")) == expected


def test_the_one_scalar_that_sends_the_base_point_to_infinity() -> None:
    for u in (5, 5 + p):
        with pytest.raises(ValueError, match="all zeros"):
            x448((4 * L).to_bytes(56, "little"), u.to_bytes(56, "little"))


def test_bits_that_decoding_sets_do_not_count() -> None:
    scalar = bytearray(range(100, 156))
    expected = x448(bytes(scalar), BASE_POINT)
    for place, bit, counts in (
        (0, 1, False),
        (0, 2, False),
        (55, 128, False),
        (0, 4, True),
        (30, 1, True),
        (55, 64, True),
    ):
        other = bytearray(scalar)
        other[place] ^= bit
        assert (x448(bytes(other), BASE_POINT) != expected) == counts


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 32, 55, 57):
        with pytest.raises(ValueError, match=f"scalar has {length} bytes, expected 56"):
            x448(bytes(length), BASE_POINT)
        with pytest.raises(ValueError, match=f"u-coordinate has {length} bytes, expected 56"):
            x448(bytes(56), bytes(length))
    with pytest.raises(TypeError, match="scalar: expected bytes"):
        x448("0" * 56, BASE_POINT)  # type: ignore[arg-type]  # the mistake under test


def test_a_recording_shows_every_turn_of_the_ladder() -> None:
    with trace.recording() as steps:
        result = x448(SCALAR, U)
    assert result == x448(SCALAR, U)
    (whole,) = steps
    assert whole.value == result
    turns = [step for step in whole.steps if step.name.startswith("bit ")]
    assert [turn.name for turn in turns] == [f"bit {t}" for t in reversed(range(448))]
    assert turns[-1].value == decodeScalar448(SCALAR)
    assert all(step.why and step.section == "RFC 7748 §5" for turn in turns for step in turn.walk())
    assert (whole.steps[-1].name, whole.steps[-1].value) == ("result ≠ 0", True)
