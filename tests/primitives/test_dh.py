import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.dh import (
    FFDHE2048,
    FFDHE3072,
    FFDHE4096,
    MODP2048,
    DHGroup,
    DHPrivateKey,
    DHPublicKey,
    dh,
    e_bits,
    generate_dh_private_key,
    pi_bits,
)
from primitives.primes import is_probable_prime


def printed(words: str) -> int:
    return int("".join(words.split()), 16)


FFDHE2048_P = printed(  # RFC 7919 §A.1
    """
    FFFFFFFF FFFFFFFF ADF85458 A2BB4A9A AFDC5620 273D3CF1 D8B9C583 CE2D3695 A9E13641 146433FB CC939DCE 249B3EF9
    7D2FE363 630C75D8 F681B202 AEC4617A D3DF1ED5 D5FD6561 2433F51F 5F066ED0 85636555 3DED1AF3 B557135E 7F57C935
    984F0C70 E0E68B77 E2A689DA F3EFE872 1DF158A1 36ADE735 30ACCA4F 483A797A BC0AB182 B324FB61 D108A94B B2C8E3FB
    B96ADAB7 60D7F468 1D4F42A3 DE394DF4 AE56EDE7 6372BB19 0B07A7C8 EE0A6D70 9E02FCE1 CDF7E2EC C03404CD 28342F61
    9172FE9C E98583FF 8E4F1232 EEF28183 C3FE3B1B 4C6FAD73 3BB5FCBC 2EC22005 C58EF183 7D1683B2 C6F34A26 C1B2EFFA
    886B4238 61285C97 FFFFFFFF FFFFFFFF
    """
)
FFDHE3072_P = printed(  # RFC 7919 §A.2
    """
    FFFFFFFF FFFFFFFF ADF85458 A2BB4A9A AFDC5620 273D3CF1 D8B9C583 CE2D3695 A9E13641 146433FB CC939DCE 249B3EF9
    7D2FE363 630C75D8 F681B202 AEC4617A D3DF1ED5 D5FD6561 2433F51F 5F066ED0 85636555 3DED1AF3 B557135E 7F57C935
    984F0C70 E0E68B77 E2A689DA F3EFE872 1DF158A1 36ADE735 30ACCA4F 483A797A BC0AB182 B324FB61 D108A94B B2C8E3FB
    B96ADAB7 60D7F468 1D4F42A3 DE394DF4 AE56EDE7 6372BB19 0B07A7C8 EE0A6D70 9E02FCE1 CDF7E2EC C03404CD 28342F61
    9172FE9C E98583FF 8E4F1232 EEF28183 C3FE3B1B 4C6FAD73 3BB5FCBC 2EC22005 C58EF183 7D1683B2 C6F34A26 C1B2EFFA
    886B4238 611FCFDC DE355B3B 6519035B BC34F4DE F99C0238 61B46FC9 D6E6C907 7AD91D26 91F7F7EE 598CB0FA C186D91C
    AEFE1309 85139270 B4130C93 BC437944 F4FD4452 E2D74DD3 64F2E21E 71F54BFF 5CAE82AB 9C9DF69E E86D2BC5 22363A0D
    ABC52197 9B0DEADA 1DBF9A42 D5C4484E 0ABCD06B FA53DDEF 3C1B20EE 3FD59D7C 25E41D2B 66C62E37 FFFFFFFF FFFFFFFF
    """
)
FFDHE4096_P = printed(  # RFC 7919 §A.3
    """
    FFFFFFFF FFFFFFFF ADF85458 A2BB4A9A AFDC5620 273D3CF1 D8B9C583 CE2D3695 A9E13641 146433FB CC939DCE 249B3EF9
    7D2FE363 630C75D8 F681B202 AEC4617A D3DF1ED5 D5FD6561 2433F51F 5F066ED0 85636555 3DED1AF3 B557135E 7F57C935
    984F0C70 E0E68B77 E2A689DA F3EFE872 1DF158A1 36ADE735 30ACCA4F 483A797A BC0AB182 B324FB61 D108A94B B2C8E3FB
    B96ADAB7 60D7F468 1D4F42A3 DE394DF4 AE56EDE7 6372BB19 0B07A7C8 EE0A6D70 9E02FCE1 CDF7E2EC C03404CD 28342F61
    9172FE9C E98583FF 8E4F1232 EEF28183 C3FE3B1B 4C6FAD73 3BB5FCBC 2EC22005 C58EF183 7D1683B2 C6F34A26 C1B2EFFA
    886B4238 611FCFDC DE355B3B 6519035B BC34F4DE F99C0238 61B46FC9 D6E6C907 7AD91D26 91F7F7EE 598CB0FA C186D91C
    AEFE1309 85139270 B4130C93 BC437944 F4FD4452 E2D74DD3 64F2E21E 71F54BFF 5CAE82AB 9C9DF69E E86D2BC5 22363A0D
    ABC52197 9B0DEADA 1DBF9A42 D5C4484E 0ABCD06B FA53DDEF 3C1B20EE 3FD59D7C 25E41D2B 669E1EF1 6E6F52C3 164DF4FB
    7930E9E4 E58857B6 AC7D5F42 D69F6D18 7763CF1D 55034004 87F55BA5 7E31CC7A 7135C886 EFB4318A ED6A1E01 2D9E6832
    A907600A 918130C4 6DC778F9 71AD0038 092999A3 33CB8B7A 1A1DB93D 7140003C 2A4ECEA9 F98D0ACC 0A8291CD CEC97DCF
    8EC9B55A 7F88A46B 4DB5A851 F44182E1 C68A007E 5E655F6A FFFFFFFF FFFFFFFF
    """
)
MODP2048_P = printed(  # RFC 3526 §3
    """
    FFFFFFFF FFFFFFFF C90FDAA2 2168C234 C4C6628B 80DC1CD1 29024E08 8A67CC74 020BBEA6 3B139B22 514A0879 8E3404DD
    EF9519B3 CD3A431B 302B0A6D F25F1437 4FE1356D 6D51C245 E485B576 625E7EC6 F44C42E9 A637ED6B 0BFF5CB6 F406B7ED
    EE386BFB 5A899FA5 AE9F2411 7C4B1FE6 49286651 ECE45B3D C2007CB8 A163BF05 98DA4836 1C55D39A 69163FA8 FD24CF5F
    83655D23 DCA3AD96 1C62F356 208552BB 9ED52907 7096966D 670C354E 4ABC9804 F1746C08 CA18217C 32905E46 2E36CE3B
    E39E772C 180E8603 9B2783A2 EC07A28F B5C55DF0 6F4C52C9 DE2BCBF6 95581718 3995497C EA956AE5 15D22618 98FA0510
    15728E5A 8AACAA68 FFFFFFFF FFFFFFFF
    """
)

GROUPS = [FFDHE2048, FFDHE3072, FFDHE4096, MODP2048]


def names(group: DHGroup) -> str:
    return group.name


@pytest.mark.parametrize(
    ("group", "p"),
    [(FFDHE2048, FFDHE2048_P), (FFDHE3072, FFDHE3072_P), (FFDHE4096, FFDHE4096_P), (MODP2048, MODP2048_P)],
    ids=["ffdhe2048", "ffdhe3072", "ffdhe4096", "modp2048"],
)
def test_the_primes_are_those_the_standards_print(group: DHGroup, p: int) -> None:
    assert group.p == p
    assert (group.g, group.q, group.size) == (2, (p - 1) // 2, int(group.name[-4:]) // 8)


@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_the_primes_are_safe_primes(group: DHGroup) -> None:
    assert is_probable_prime(group.p, rounds=2)
    assert is_probable_prime(group.q, rounds=2)
    assert pow(group.g, group.q, group.p) == 1


def test_digits_of_e_and_pi() -> None:
    for bits in range(45):  # as far as a float's own bits reach
        assert e_bits(bits) == int(math.e * 2**bits)
        assert pi_bits(bits) == int(math.pi * 2**bits)
    digits = 10**50  # OEIS A001113 and A000796
    assert e_bits(200) * digits >> 200 == 271828182845904523536028747135266249775724709369995
    assert pi_bits(200) * digits >> 200 == 314159265358979323846264338327950288419716939937510


@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_both_come_to_the_same_secret(group: DHGroup) -> None:
    source = Random(group.name).randbytes
    a, b = (generate_dh_private_key(group, random_bytes=source) for _ in range(2))
    Z = dh(a, b.public_key)
    assert Z == dh(b, a.public_key) == pow(2, a.x * b.x, group.p).to_bytes(group.size, "big")
    assert DHPublicKey.from_bytes(group, a.public_key.to_bytes()) == a.public_key
    assert len(a.public_key.to_bytes()) == group.size


@given(a=st.integers(1, 1 << 225), b=st.integers(1, 1 << 225))
@settings(max_examples=10)
def test_any_two_keys_agree(a: int, b: int) -> None:
    ours, other = DHPrivateKey(FFDHE2048, a), DHPrivateKey(FFDHE2048, b)
    assert dh(ours, other.public_key) == dh(other, ours.public_key)


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")  # the oracle will drop it some day
@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_agrees_with_another_implementation(group: DHGroup) -> None:
    theirs = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.dh")
    parameters = theirs.DHParameterNumbers(group.p, group.g)
    ours, other = generate_dh_private_key(group), parameters.parameters().generate_private_key()
    numbers = other.private_numbers()
    Z = dh(ours, DHPublicKey(group, numbers.public_numbers.y))
    assert other.exchange(theirs.DHPublicNumbers(ours.public_key.y, parameters).public_key()) == Z
    assert DHPrivateKey(group, numbers.x).public_key.y == numbers.public_numbers.y


def test_a_secret_keeps_its_leading_zeros() -> None:
    """One in 256 begins with a zero byte: all are as long as p."""
    one = DHPrivateKey(FFDHE2048, 1)
    short = next(key for x in range(1, 5000) if (key := DHPrivateKey(FFDHE2048, x)).public_key.y < 1 << 2040)
    assert dh(one, short.public_key) == short.public_key.to_bytes()
    assert dh(one, short.public_key)[0] == 0
    assert len(dh(one, short.public_key)) == 256


@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_private_keys_have_the_length_that_the_group_calls_for(group: DHGroup) -> None:
    source = Random(1).randbytes
    lengths = {generate_dh_private_key(group, random_bytes=source).x.bit_length() for _ in range(40)}
    assert max(lengths) == group.exponent_bits
    assert generate_dh_private_key(group, random_bytes=bytes).x == 1
    assert generate_dh_private_key(group) != generate_dh_private_key(group)


@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_guessable_public_keys_are_refused(group: DHGroup) -> None:
    for y in (-1, 0, 1, group.p - 1, group.p, group.p + 1, group.p + 4, 1 << 5000):
        with pytest.raises(ValueError, match=f"out of range, expected 2 to p - 2 of {group.name}"):
            DHPublicKey(group, y)


def test_public_keys_outside_of_the_group_are_refused() -> None:
    """Half of the numbers below p are not squares, and so not powers of g = 2, which is one."""
    for x in range(1, 6):
        outside = FFDHE2048.p - pow(2, x, FFDHE2048.p)  # -1 is not a square
        with pytest.raises(ValueError, match="not in the group ffdhe2048"):
            DHPublicKey(FFDHE2048, outside)
    assert DHPublicKey(FFDHE2048, 4).y == 4


@pytest.mark.parametrize("length", [257, 300])
def test_public_keys_longer_than_the_prime_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"the public key is {length} bytes, expected at most 256 in ffdhe2048"):
        DHPublicKey.from_bytes(FFDHE2048, b"\x04".rjust(length, b"\0"))


@pytest.mark.parametrize("data", [b"", b"\0", bytes(256), b"\xff" * 256])
def test_octets_that_spell_no_public_key_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="out of range"):
        DHPublicKey.from_bytes(FFDHE2048, data)


def test_public_keys_may_come_without_leading_zeros() -> None:
    assert DHPublicKey.from_bytes(FFDHE2048, b"\x04") == DHPublicKey.from_bytes(FFDHE2048, b"\x04".rjust(256, b"\0"))


def test_private_keys_out_of_range_are_refused() -> None:
    for x in (-1, 0, FFDHE2048.q, FFDHE2048.p):
        with pytest.raises(ValueError, match="out of range, expected 1 to q - 1 of ffdhe2048"):
            DHPrivateKey(FFDHE2048, x)
    assert DHPrivateKey(FFDHE2048, FFDHE2048.q - 1).public_key.y == pow(2, -1, FFDHE2048.p)


def test_keys_of_different_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="the keys are of ffdhe2048 and modp2048, expected one group"):
        dh(DHPrivateKey(FFDHE2048, 5), DHPrivateKey(MODP2048, 5).public_key)


def test_a_group_of_another_structure_is_noticed() -> None:
    """With a p that is not a safe prime, checked keys could come to 1; the secret's own check is the last one."""
    weak = replace(FFDHE2048, name="weak", p=31)  # q would be 15 = 3·5
    y = DHPublicKey(weak, 2**5 % 31 * 4)  # 4 is a power of 2, of order 5
    with pytest.raises(ValueError, match="anybody can guess"):
        dh(DHPrivateKey(weak, 5), y)


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(TypeError, match="the public key is bytes, expected an int"):
        DHPublicKey(FFDHE2048, b"\x04")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="the private key is str, expected an int"):
        DHPrivateKey(FFDHE2048, "4")  # type: ignore[arg-type]  # likewise
    with pytest.raises(TypeError, match="DH: the public key: expected bytes, got str"):
        DHPublicKey.from_bytes(FFDHE2048, "4")  # type: ignore[arg-type]  # likewise


def test_secrets_are_not_shown() -> None:
    assert repr(DHPrivateKey(FFDHE2048, 123456789)) == "DHPrivateKey(group=ffdhe2048, x=<hidden>)"


def test_steps() -> None:
    with trace.recording() as steps:
        private = generate_dh_private_key(FFDHE2048, random_bytes=lambda length: bytes(length - 2) + b"\x04\x00")
        y = private.public_key.y
        Z = dh(private, DHPublicKey(FFDHE2048, 4))
    x = private.x
    valid = [("2 ≤ y ≤ p - 2", True), ("y^q = 1", True)]
    assert [(step.name, step.value) for step in steps] == [("x", x), ("y", y), *valid, *valid, ("DH", Z)]
    assert [(step.name, step.value) for step in steps[-1].steps] == [
        ("y", 4),
        ("z", int.from_bytes(Z, "big")),
        ("Z", Z),
    ]
    assert (x, y) == (9, 512)


def test_the_validation_of_a_public_key_shows_which_check_refused() -> None:
    # p is 3 modulo 4, so -1 is not a square, and neither is -4.
    for y, verdicts in ((4, [True, True]), (1, [False]), (FFDHE2048.p - 4, [True, False])):
        with trace.recording() as steps:
            if all(verdicts):
                DHPublicKey(FFDHE2048, y)
            else:
                with pytest.raises(ValueError, match="the public key is"):
                    DHPublicKey(FFDHE2048, y)
        assert [step.value for step in steps] == verdicts
        assert [step.section for step in steps] == [f"SP 800-56A §5.6.2.3.1 step {i + 1}" for i in range(len(verdicts))]
