"""Ed25519 against RFC 8032 and cryptography; the group law against itself."""

from functools import cache

import pytest
from cryptography.exceptions import InvalidSignature as OracleInvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519 as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.curves import edwards25519, edwards25519_tables
from primitives.curves.edwards25519 import NEUTRAL, B, L, Point, add, decode, double, encode, p
from primitives.curves.edwards25519 import multiply as textbook_multiply
from primitives.ed25519 import ed25519_public_key, ed25519_sign, ed25519_verify
from primitives.errors import InvalidSignature
from primitives.sha2 import sha512

RFC_8032 = [  # §7.1: private key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
        "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355f6c5"
        "0544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc6ea534e0"
        "810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82"
        "d522c4feba15452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9"
        "a39ce767967ed628c6ad573cb116dbefefd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c9"
        "4fcd7204ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5"
        "d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88"
        "425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc"
        "2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b0707e0917af48bbb75fed413d238f5555a7a569d80"
        "c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51addd3b75a2b1ae078"
        "4504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9"
        "b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb038dda0847dd988d"
        "cda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310fdc"
        "82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d371459867"
        "80fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8"
        "b17b80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e"
        "6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f791"
        "4f90cc2c7fff357876e506b50d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45"
        "a96768d40fd9d03412c091c6315cf4fde7cb68606937380db2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac"
        "86aba41c0618983f8741c5ef68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0",
        "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350"
        "aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]

SEED = bytes(range(32))
KEY = ed25519_public_key(SEED)
SIGNATURE = ed25519_sign(SEED, b"message")


@cache
def points_of_small_order() -> list[Point]:
    """All eight: the multiples of one of order 8, which is what multiplying by L leaves of most points."""
    for y in range(2, 100):
        try:
            P = textbook_multiply(L, decode(y.to_bytes(32, "little")))
        except ValueError:
            continue
        if encode(textbook_multiply(4, P)) != encode(NEUTRAL):
            return [textbook_multiply(i, P) for i in range(8)]
    raise AssertionError


def refused(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        ed25519_verify(key, message, signature)
    except InvalidSignature:
        return True
    return False


def refused_by_oracle(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        oracle.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except OracleInvalidSignature:
        return True
    return False


@pytest.mark.parametrize(("key", "public", "message", "signature"), RFC_8032)
def test_rfc_8032_section_7_1(key: str, public: str, message: str, signature: str) -> None:
    assert ed25519_public_key(bytes.fromhex(key)).hex() == public
    assert ed25519_sign(bytes.fromhex(key), bytes.fromhex(message)).hex() == signature
    ed25519_verify(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@settings(max_examples=15, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300))
def test_both_ways_with_cryptography(seed: bytes, message: bytes) -> None:
    theirs = oracle.Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = ed25519_public_key(seed), ed25519_sign(seed, message)
    assert key == theirs.public_key().public_bytes_raw()
    assert signature == theirs.sign(message)
    ed25519_verify(key, message, signature)
    assert refused(key, message + b".", signature)
    assert refused_by_oracle(key, message + b".", signature)


def test_every_spoiled_byte_is_refused() -> None:
    ed25519_verify(KEY, b"message", SIGNATURE)
    for i in range(64):
        for change in 1, 0x80:
            spoiled = bytearray(SIGNATURE)
            spoiled[i] ^= change
            assert refused(KEY, b"message", bytes(spoiled))
    for i in range(0, 32, 3):
        spoiled = bytearray(KEY)
        spoiled[i] ^= 4
        assert refused(bytes(spoiled), b"message", SIGNATURE)
    assert refused(KEY, b"massage", SIGNATURE)
    for length in (*range(64), 65, 128):
        assert refused(KEY, b"message", (SIGNATURE + SIGNATURE)[:length])


def test_S_has_one_spelling() -> None:
    S = int.from_bytes(SIGNATURE[32:], "little")
    for other in (S + L, S + 2 * L, S + 8 * L, L, 2**256 - 1, S + 2**253, S + 2**255):
        spoiled = SIGNATURE[:32] + other.to_bytes(32, "little")
        assert refused(KEY, b"message", spoiled)
        assert refused_by_oracle(KEY, b"message", spoiled)


def test_points_have_one_spelling() -> None:
    """y and y + p, of which the second fits in 255 bits for y < 19; and no sign where x = 0."""
    for y in range(19):
        for sign in (0, 1 << 255):
            with pytest.raises(ValueError, match="p or more"):
                decode((y + p | sign).to_bytes(32, "little"))
    for y in (1, p - 1):  # (0, 1) and (0, −1)
        assert decode(y.to_bytes(32, "little"))[0] == 0
        with pytest.raises(ValueError, match="sign"):
            decode((y | 1 << 255).to_bytes(32, "little"))
    for length in (0, 31, 33):
        with pytest.raises(ValueError, match=f"has {length} bytes, expected 32"):
            decode(bytes(length))
    read = 0
    for y in range(2, 200):
        octets = y.to_bytes(32, "little")
        try:
            P = decode(octets)
        except ValueError:
            continue
        read += 1
        assert encode(P) == octets
        mirrored = decode((y | 1 << 255).to_bytes(32, "little"))
        assert encode(add(P, mirrored)) == encode(NEUTRAL)
    assert 70 < read < 130  # about half of all y belong to a point


def test_a_key_that_is_no_point_has_no_signatures() -> None:
    for key in ((2).to_bytes(32, "little"), b"\xff" * 32, (1 | 1 << 255).to_bytes(32, "little")):
        assert refused(key, b"message", SIGNATURE)
        assert refused(KEY, b"message", key + SIGNATURE[32:])


def test_points_of_small_order_are_judged_as_cryptography_judges_them() -> None:
    small = [encode(P) for P in points_of_small_order()]
    assert len(set(small)) == 8
    S = 5
    verdicts = set()
    for A in small:
        for torsion in small:
            R = encode(add(textbook_multiply(S, B), decode(torsion)))
            for message in (b"a", b"b"):
                signature = R + S.to_bytes(32, "little")
                verdict = refused(A, message, signature)
                assert verdict == refused_by_oracle(A, message, signature)
                verdicts.add(verdict)
    assert verdicts == {True, False}


def test_the_equation_is_the_one_without_the_cofactor() -> None:
    """A signature that is right but for a point of small order in R passes only if both sides are multiplied by 8."""
    torsion = points_of_small_order()[1]
    r, message = 12345, b"message"
    h = sha512(SEED).digest()
    s = int.from_bytes(h[:32], "little") & ~7 & 2**255 - 1 | 1 << 254
    for extra, valid in (NEUTRAL, True), (torsion, False):
        R = encode(add(textbook_multiply(r, B), extra))
        k = int.from_bytes(sha512(R + KEY + message).digest(), "little")
        signature = R + ((r + k * s) % L).to_bytes(32, "little")
        assert refused(KEY, message, signature) is not valid
        assert refused_by_oracle(KEY, message, signature) is not valid


RUNS = st.tuples(st.integers(0, 252), st.integers(0, 252)).map(lambda ends: abs(2 ** ends[0] - 2 ** ends[1]))


@settings(max_examples=20, deadline=None)
@given(
    k=st.integers(0, L - 1) | st.integers(0, 40) | st.integers(1, 40).map(lambda k: L - k) | RUNS,
    q=st.integers(0, 2**255),
)
def test_the_fast_paths_compute_what_the_textbook_computes(k: int, q: int) -> None:
    assert encode(edwards25519_tables.multiply_base(k)) == encode(textbook_multiply(k, B))
    Q = textbook_multiply(q, B)
    for torsion in points_of_small_order()[:3]:
        P = add(Q, torsion)
        fast = edwards25519_tables.multiply(k, P)
        assert encode(fast) == encode(textbook_multiply(k, P))
        X, Y, Z, T = fast
        assert (X * Y - Z * T) % p == 0


def test_the_group_law_on_all_points_of_small_order_and_multiples_of_B() -> None:
    small = points_of_small_order()
    for i, P in enumerate(small):
        assert encode(double(P)) == encode(small[2 * i % 8])
        for j, Q in enumerate(small):
            assert encode(add(P, Q)) == encode(small[(i + j) % 8])
    assert encode(textbook_multiply(L, B)) == encode(NEUTRAL)
    assert encode(textbook_multiply(L - 1, B)) == bytes([*encode(B)[:31], encode(B)[31] | 0x80])
    with pytest.raises(ValueError, match="negative"):
        textbook_multiply(-1, B)
    assert (edwards25519.d * 121666 + 121665) % p == 0
    assert pow(edwards25519.d, (p - 1) // 2, p) == p - 1  # no square, or the formulas had exceptions


def test_wrong_lengths_and_types_are_refused() -> None:
    for length in (0, 31, 33, 64):
        with pytest.raises(ValueError, match=f"private key has {length} bytes, expected 32"):
            ed25519_sign(bytes(length), b"")
        with pytest.raises(ValueError, match=f"public key has {length} bytes, expected 32"):
            ed25519_verify(bytes(length), b"", SIGNATURE)
    with pytest.raises(TypeError, match="private key: expected bytes"):
        ed25519_public_key("0" * 32)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="message: expected bytes"):
        ed25519_sign(SEED, "message")  # type: ignore[arg-type]  # the mistake under test
    for arguments in (("0" * 32, b"", SIGNATURE), (KEY, "message", SIGNATURE), (KEY, b"message", "0" * 64)):
        with pytest.raises(TypeError, match="expected bytes"):
            ed25519_verify(*arguments)


def test_recordings_compute_the_same() -> None:
    with trace.recording() as steps:
        assert ed25519_sign(SEED, b"message") == SIGNATURE
        ed25519_verify(KEY, b"message", SIGNATURE)
        with pytest.raises(InvalidSignature):
            ed25519_verify(KEY, b"massage", SIGNATURE)
    sign, verify, _ = steps
    values = {step.name: step.value for step in sign.steps}
    assert sign.value == SIGNATURE
    assert values["R"] == SIGNATURE[:32]
    assert values["S"] == int.from_bytes(SIGNATURE[32:], "little")
    assert values["key"] == KEY
    shown = {step.name: step.value for step in verify.steps}
    assert shown["k"] == values["k"]
    assert shown["[S]B"] == shown["R + [k]A"]
    assert verify.value is True
    products = [step for step in sign.walk() if step.name == "kP"]
    assert len(products) == 2
    assert {step.name for step in products[0].walk()} >= {"bit 0", "2P", "P + Q", "A, B, C, D", "E, F, G, H"}
    for step in (*sign.walk(), *verify.walk()):
        assert step.section
        assert step.why
