"""AES-GCM against the GCM specification's test cases and cryptography; GHASH's lanes against its textbook path."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM as Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import gcm
from primitives.errors import InvalidTag
from primitives.gcm import AESGCM, ghash, inc_32, multiply
from primitives.lanes import ghash as lanes
from primitives.lanes.aes_planes import BLOCKS

# McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: key, plaintext, aad, nonce, ciphertext, tag.
K = "feffe9928665731c6d6a8f9467308308"
P = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
A = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
LONG_IV = (
    "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728"
    "c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b"
)
CASES = {
    1: ("00" * 16, "", "", "00" * 12, "", "58e2fccefa7e3061367f1d57a4e7455a"),
    2: ("00" * 16, "00" * 16, "", "00" * 12, "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf"),
    3: (
        K, P, "", "cafebabefacedbaddecaf888",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
        "4d5c2af327cd64a62cf35abd2ba6fab4",
    ),
    4: (
        K, P[:120], A, "cafebabefacedbaddecaf888",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        "5bc94fbc3221a5db94fae95ae7121a47",
    ),
    5: (
        K, P[:120], A, "cafebabefacedbad",
        "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423"
        "73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598",
        "3612d2e79e3b0785561be14aaca2fccb",
    ),
    6: (
        K, P[:120], A, LONG_IV,
        "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7"
        "01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5",
        "619cc5aefffe0bfa462af43c1699d050",
    ),
    13: ("00" * 32, "", "", "00" * 12, "", "530f8afbc74536b9a963b4f1c4cb738b"),
    16: (
        K + K, P[:120], A, "cafebabefacedbaddecaf888",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
}  # fmt: skip

KEY = bytes(range(16))
NONCE = bytes(range(12))
blocks = st.binary(min_size=16, max_size=16)


@pytest.mark.parametrize("case", CASES)
def test_the_specifications_test_cases(case: int) -> None:
    key, plaintext, aad, nonce, ciphertext, tag = map(bytes.fromhex, CASES[case])
    assert AESGCM(key).encrypt(nonce, plaintext, aad) == ciphertext + tag
    assert AESGCM(key).decrypt(nonce, ciphertext + tag, aad) == plaintext


def test_the_specifications_intermediate_values_through_the_recording() -> None:
    """Test case 2 prints H, Y_0 (here J_0), the first of GHASH's products and S; Y_1 encrypted is the mask."""
    key, plaintext, aad, nonce, ciphertext, tag = map(bytes.fromhex, CASES[2])
    cipher = AESGCM(key)
    with trace.recording() as steps:
        assert cipher.encrypt(nonce, plaintext, aad) == ciphertext + tag
        assert cipher.decrypt(nonce, ciphertext + tag, aad) == plaintext
    encrypt, decrypt = steps
    values = {step.name: step.value for step in encrypt.steps}
    assert values["H"] == bytes.fromhex("66e94bd4ef8a2c3b884cfa59ca342b2e")
    assert values["J_0"] == bytes(15) + b"\1"
    assert values["C"] == ciphertext
    products = [step.value for step in next(s for s in encrypt.steps if s.name == "GHASH").steps]
    assert products == [
        bytes.fromhex("5e2ec746917062882c85b0685353deb7"),
        bytes.fromhex("f38cbb1ad69223dcc3457ae5b6b0f885"),
    ]
    assert values["S"] == products[-1]
    assert values["T"] == tag
    assert encrypt.value == ciphertext + tag
    assert decrypt.value == plaintext
    bits = next(step for step in encrypt.walk() if step.name == "X • Y").steps
    assert len(bits) == 128
    for step in (*encrypt.walk(), *decrypt.walk()):
        assert step.section
        assert step.why


@settings(max_examples=30, deadline=None)
@given(
    key=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
    nonce=st.binary(min_size=12, max_size=12) | st.binary(min_size=8, max_size=128),
    plaintext=st.binary(max_size=200),
    aad=st.binary(max_size=50),
)
def test_both_ways_with_cryptography(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> None:
    """cryptography takes nonces of 8 to 128 bytes."""
    sealed = AESGCM(key).encrypt(nonce, plaintext, aad)
    assert sealed == Oracle(key).encrypt(nonce, plaintext, aad)
    assert AESGCM(key).decrypt(nonce, sealed, aad) == plaintext


def test_nonces_of_any_length_give_their_own_masks() -> None:
    cipher = AESGCM(KEY)
    sealed = {length: cipher.encrypt(bytes(length), bytes(32), b"") for length in range(1, 40)}
    assert len(set(sealed.values())) == 39
    for length, message in sealed.items():
        assert cipher.decrypt(bytes(length), message, b"") == bytes(32)
        if length >= 8:
            assert message == Oracle(KEY).encrypt(bytes(length), bytes(32), b"")
    with pytest.raises(ValueError, match="nonce has 0 bytes"):
        cipher.encrypt(b"", b"", b"")


def test_a_long_message_as_cryptography() -> None:
    plaintext = bytes(i % 253 for i in range(20_000))
    assert AESGCM(KEY).encrypt(NONCE, plaintext, NONCE) == Oracle(KEY).encrypt(NONCE, plaintext, NONCE)


def test_the_counter_wraps_within_its_32_bits() -> None:
    assert inc_32(b"\xff" * 16) == b"\xff" * 12 + bytes(4)
    assert inc_32(bytes(16)) == bytes(15) + b"\1"
    cipher = AESGCM(KEY)
    first = b"\x12" * 12 + b"\xff\xff\xff\xfe"
    expected = b"".join(
        cipher._cipher.encrypt_block(b"\x12" * 12 + counter)
        for counter in (b"\xff\xff\xff\xfe", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1")
    )
    assert cipher._gctr(first, bytes(60)) == expected[:60]
    with trace.recording():
        assert cipher._gctr(first, bytes(60)) == expected[:60]


@settings(max_examples=50, deadline=None)
@given(X=blocks, Y=blocks, Z=blocks)
def test_the_field_is_one(X: bytes, Y: bytes, Z: bytes) -> None:
    one = b"\x80" + bytes(15)
    assert multiply(X, one) == X
    assert multiply(X, Y) == multiply(Y, X)
    assert multiply(X, multiply(Y, Z)) == multiply(multiply(X, Y), Z)
    sum = bytes(x ^ y for x, y in zip(X, Y, strict=True))
    assert multiply(sum, Z) == bytes(x ^ y for x, y in zip(multiply(X, Z), multiply(Y, Z), strict=True))


@settings(max_examples=50, deadline=None)
@given(H=blocks, n=st.integers(0, 20), data=st.data())
def test_the_lanes_compute_what_the_textbook_computes(H: bytes, n: int, data: st.DataObject) -> None:
    X = data.draw(st.binary(min_size=16 * n, max_size=16 * n))
    assert lanes.ghash(lanes.Powers(H), X) == ghash(H, X)


@pytest.mark.parametrize("n", [1, 2, 31, 511, 512, 513, 1025])
@pytest.mark.parametrize("filling", [b"\xff", b"\x5a", b"\0"])
def test_every_number_of_chunks(n: int, filling: bytes) -> None:
    for H in (b"\xff" * 16, b"\x80" + bytes(15), bytes(15) + b"\1"):
        powers = lanes.Powers(H)
        X = filling * (16 * n)
        Y = bytes(16)
        for i in range(0, 16 * n, 16 * 256):  # the chunks of another size
            chunk = X[i : i + 16 * 256]
            Y = lanes.ghash(powers, bytes(y ^ x for y, x in zip(Y, chunk[:16], strict=True)) + chunk[16:])
        assert lanes.ghash(powers, X) == Y
    if n < 32:
        assert lanes.ghash(powers, X) == ghash(H, X)


def test_the_hash_of_no_blocks_is_zero() -> None:
    assert lanes.ghash(lanes.Powers(KEY), b"") == ghash(KEY, b"") == bytes(16)


def test_whatever_is_spoiled_is_refused() -> None:
    cipher = AESGCM(KEY)
    sealed = cipher.encrypt(NONCE, b"sixteen and more bytes", b"aad")
    for i in range(len(sealed)):
        with pytest.raises(InvalidTag):
            cipher.decrypt(NONCE, sealed[:i], b"aad")
        with pytest.raises(InvalidTag):
            cipher.decrypt(NONCE, sealed[:i] + bytes([sealed[i] ^ 0x10]) + sealed[i + 1 :], b"aad")
    for nonce, data, aad in (
        (bytes(12), sealed, b"aad"),
        (NONCE + b"\0", sealed, b"aad"),
        (NONCE, sealed + b"\0", b"aad"),
        (NONCE, sealed, b"aad\0"),
        (NONCE, sealed, b""),
        (NONCE, b"aad" + sealed, b""),
    ):
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, data, aad)
    with pytest.raises(InvalidTag):
        AESGCM(bytes(16)).decrypt(NONCE, sealed, b"aad")


def test_nothing_is_unmasked_before_the_tag_holds() -> None:
    sealed = AESGCM(KEY).encrypt(NONCE, bytes(16), b"")
    with trace.recording() as steps, pytest.raises(InvalidTag):
        AESGCM(KEY).decrypt(NONCE, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"")
    assert [s.name for s in steps[-1].steps] == ["H", "J_0", "GHASH", "S", "GCTR", "T′", "T = T′"]
    assert steps[-1].steps[-1].value is False
    with trace.recording() as steps, pytest.raises(InvalidTag):
        AESGCM(KEY).decrypt(NONCE, bytes(15), b"")
    assert (steps[-1].name, steps[-1].value) == ("length", False)


def test_too_long_a_plaintext_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gcm.MAX_PLAINTEXT == (2**39 - 256) // 8
    monkeypatch.setattr(gcm, "MAX_PLAINTEXT", 32)
    sealed = AESGCM(KEY).encrypt(NONCE, bytes(32), b"")
    assert AESGCM(KEY).decrypt(NONCE, sealed, b"") == bytes(32)
    with pytest.raises(ValueError, match="plaintext has 33 bytes, expected at most 32"):
        AESGCM(KEY).encrypt(NONCE, bytes(33), b"")
    with pytest.raises(InvalidTag):
        AESGCM(KEY).decrypt(NONCE, Oracle(KEY).encrypt(NONCE, bytes(33), b""), b"")


def test_wrong_lengths_and_types_are_refused_and_the_key_is_hidden() -> None:
    for length in (0, 15, 17, 33):
        with pytest.raises(ValueError, match=f"key has {length} bytes"):
            AESGCM(bytes(length))
    cipher = AESGCM(KEY)
    with pytest.raises(TypeError, match="aad: expected bytes"):
        cipher.encrypt(NONCE, b"", "aad")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="data: expected bytes"):
        cipher.decrypt(NONCE, "sealed", b"")  # type: ignore[arg-type]  # the mistake under test
    for shown in (repr(cipher), repr(cipher._powers)):
        assert KEY.hex() not in shown
        assert "hidden" in shown


@settings(max_examples=25, deadline=None)
@given(
    lengths=st.lists(st.sampled_from([0, 1, 15, 16, 17, 100]), max_size=6),
    nonce_length=st.sampled_from([1, 12, 20]),
    at_once=st.sampled_from([1, 4, BLOCKS]),
    data=st.data(),
)
def test_many_messages_are_what_each_is_alone(
    lengths: list[int], nonce_length: int, at_once: int, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gcm, "BLOCKS", at_once)
        check_many(lengths, nonce_length, data)


def check_many(lengths: list[int], nonce_length: int, data: st.DataObject) -> None:
    gcm = AESGCM(KEY)
    messages = [(bytes([i]) * nonce_length, bytes([i + 1]) * length, bytes(i)) for i, length in enumerate(lengths)]
    sealed = gcm.encrypt_many(messages)
    assert sealed == [gcm.encrypt(*message) for message in messages]
    to_open = [(nonce, ciphertext, aad) for (nonce, _, aad), ciphertext in zip(messages, sealed, strict=True)]
    plaintexts: list[bytes | None] = [plaintext for _, plaintext, _ in messages]
    assert gcm.decrypt_many(to_open) == plaintexts
    with trace.recording():
        assert gcm.encrypt_many(messages[:1]) == sealed[:1]
        assert gcm.decrypt_many(to_open[:1]) == plaintexts[:1]
    if to_open:
        which = data.draw(st.integers(0, len(to_open) - 1))
        nonce, ciphertext, aad = to_open[which]
        at = data.draw(st.integers(0, len(ciphertext) - 1))
        wrong = data.draw(
            st.sampled_from([ciphertext[:at], ciphertext[:at] + bytes([ciphertext[at] ^ 1]) + ciphertext[at + 1 :]])
        )
        to_open[which] = (nonce, wrong, aad)
        assert gcm.decrypt_many(to_open) == [*plaintexts[:which], None]
        with trace.recording():
            assert gcm.decrypt_many(to_open[which : which + 1]) == [None]


def test_many_messages_in_several_runs() -> None:
    gcm = AESGCM(KEY)
    text = bytes(range(256)) * (16 * BLOCKS * 2 // 5 // 256)  # a run has two of these
    messages = [(bytes([i]) * 12, text + bytes(i), b"aad") for i in range(7)]
    sealed = gcm.encrypt_many(iter(messages))
    assert sealed == [gcm.encrypt(*message) for message in messages]
    to_open = [(nonce, ciphertext, aad) for (nonce, _, aad), ciphertext in zip(messages, sealed, strict=True)]
    assert gcm.decrypt_many(iter(to_open)) == [plaintext for _, plaintext, _ in messages]

    nonce, ciphertext, aad = to_open[2]
    to_open[2] = (nonce, ciphertext[:-1] + bytes([ciphertext[-1] ^ 1]), aad)
    left = iter(to_open)
    assert gcm.decrypt_many(left) == [*(plaintext for _, plaintext, _ in messages[:2]), None]
    # Two runs were taken, the second with the wrong one, and the message that showed that this run was full.
    assert len(list(left)) == len(messages) - 5


def test_many_messages_are_checked_like_one() -> None:
    for nonce, text in ((b"", b""), ("x" * 12, b"")):
        with pytest.raises((TypeError, ValueError), match="AES-GCM: "):
            AESGCM(KEY).encrypt_many([(bytes(12), b"", b""), (nonce, text, b"")])  # type: ignore[list-item]
