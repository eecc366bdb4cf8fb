from array import array
from collections.abc import Callable
from random import Random

import pytest
from cryptography.hazmat.primitives import hashes as their_hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa as theirs
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import DecryptionError
from primitives.hashes import HashFunction
from primitives.integers import i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.rsa import RSAEP, RSAPrivateKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha384, sha512
from tests.primitives.support.rsa_keys import KEY_1024, KEY_2048, OAEP_INT, key_of

THEIRS: dict[HashFunction, their_hashes.HashAlgorithm] = {
    sha1: their_hashes.SHA1(),
    sha224: their_hashes.SHA224(),
    sha256: their_hashes.SHA256(),
    sha384: their_hashes.SHA384(),
    sha512: their_hashes.SHA512(),
}


def their_key(key: RSAPrivateKey) -> theirs.RSAPrivateKey:
    public = theirs.RSAPublicNumbers(key.e, key.n)
    return theirs.RSAPrivateNumbers(key.p, key.q, key.d, key.dP, key.dQ, key.qInv, public).private_key()


def their_padding(hash: HashFunction, mgf_hash: HashFunction, label: bytes) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(THEIRS[mgf_hash]), THEIRS[hash], label)


# RSA Laboratories, PKCS #1 v2.1 test vectors, oaep-int.txt
M = bytes.fromhex("d4 36 e9 95 69 fd 32 a7 c8 a0 5b bc 90 d3 2c 49")
LHASH = bytes.fromhex("da 39 a3 ee 5e 6b 4b 0d 32 55 bf ef 95 60 18 90 af d8 07 09")
DB = LHASH + bytes(70) + b"\x01" + M
SEED = bytes.fromhex("aa fd 12 f6 59 ca e6 34 89 b4 79 e5 07 6d de c2 f0 6c b5 8f")
DB_MASK = bytes.fromhex(
    """06 e1 de b2 36 9a a5 a5 c7 07 d8 2c 8e 4e 93 24 8a c7 83 de e0 b2 c0 46
    26 f5 af f9 3e dc fb 25 c9 c2 b3 ff 8a e1 0e 83 9a 2d db 4c dc fe 4f f4
    77 28 b4 a1 b7 c1 36 2b aa d2 9a b4 8d 28 69 d5 02 41 21 43 58 11 59 1b
    e3 92 f9 82 fb 3e 87 d0 95 ae b4 04 48 db 97 2f 3a c1 4e af f4 9c 8c 3b
    7c fc 95 1a 51 ec d1 dd e6 12 64"""
)
MASKED_DB = bytes.fromhex(
    """dc d8 7d 5c 68 f1 ee a8 f5 52 67 c3 1b 2e 8b b4 25 1f 84 d7 e0 b2 c0 46
    26 f5 af f9 3e dc fb 25 c9 c2 b3 ff 8a e1 0e 83 9a 2d db 4c dc fe 4f f4
    77 28 b4 a1 b7 c1 36 2b aa d2 9a b4 8d 28 69 d5 02 41 21 43 58 11 59 1b
    e3 92 f9 82 fb 3e 87 d0 95 ae b4 04 48 db 97 2f 3a c1 4f 7b c2 75 19 52
    81 ce 32 d2 f1 b7 6d 4d 35 3e 2d"""
)
SEED_MASK = bytes.fromhex("41 87 0b 5a b0 29 e6 57 d9 57 50 b5 4c 28 3c 08 72 5d be a9")
MASKED_SEED = bytes.fromhex("eb 7a 19 ac e9 e3 00 63 50 e3 29 50 4b 45 e2 ca 82 31 0b 26")
EM = b"\x00" + MASKED_SEED + MASKED_DB
C = bytes.fromhex(
    """12 53 e0 4d c0 a5 39 7b b4 4a 7a b8 7e 9b f2 a0 39 a3 3d 1e 99 6f c8 2a
    94 cc d3 00 74 c9 5d f7 63 72 20 17 06 9e 52 68 da 5d 1c 0b 4f 87 2c f6
    53 c1 1d f8 23 14 a6 79 68 df ea e2 8d ef 04 bb 6d 84 b1 c3 1d 65 4a 19
    70 e5 78 3b d6 eb 96 a0 24 c2 ca 2f 4a 90 fe 9f 2e f5 c9 c1 40 e5 bb 48
    da 95 36 ad 87 00 c8 4f c9 13 0a de a7 4e 55 8d 51 a7 4d df 85 d8 b5 0d
    e9 68 38 d6 06 3e 09 55"""
)


def test_encryption_of_the_published_example_step_by_step() -> None:
    with trace.recording() as steps:
        assert oaep_encrypt(OAEP_INT.public_key, M, hash=sha1, random_bytes=lambda length: SEED) == C
    (encryption,) = steps
    assert (encryption.name, encryption.value) == ("RSAES-OAEP-ENCRYPT", C)
    named = [(step.name, step.value, step.section) for step in encryption.steps if "SHA" not in step.name]
    assert named == [
        ("lHash", LHASH, "RFC 8017 §7.1.1 step 2.a"),
        ("PS", bytes(70), "RFC 8017 §7.1.1 step 2.b"),
        ("DB", DB, "RFC 8017 §7.1.1 step 2.c"),
        ("seed", SEED, "RFC 8017 §7.1.1 step 2.d"),
        ("MGF1", DB_MASK, "RFC 8017 §B.2.1"),
        ("dbMask", DB_MASK, "RFC 8017 §7.1.1 step 2.e"),
        ("maskedDB", MASKED_DB, "RFC 8017 §7.1.1 step 2.f"),
        ("MGF1", SEED_MASK, "RFC 8017 §B.2.1"),
        ("seedMask", SEED_MASK, "RFC 8017 §7.1.1 step 2.g"),
        ("maskedSeed", MASKED_SEED, "RFC 8017 §7.1.1 step 2.h"),
        ("EM", EM, "RFC 8017 §7.1.1 step 2.i"),
        ("RSAEP", os2ip(C), "RFC 8017 §5.1.1"),
        ("C", C, "RFC 8017 §7.1.1 step 3.c"),
    ]


def test_decryption_of_the_published_example_step_by_step() -> None:
    with trace.recording() as steps:
        assert oaep_decrypt(OAEP_INT, C, hash=sha1) == M
    (decryption,) = steps
    assert (decryption.name, decryption.value) == ("RSAES-OAEP-DECRYPT", M)
    named = [(step.name, step.value) for step in decryption.steps if "SHA" not in step.name]
    assert named == [
        ("RSADP", os2ip(EM)),
        ("EM", EM),
        ("lHash", LHASH),
        ("Y", 0),
        ("maskedSeed", MASKED_SEED),
        ("maskedDB", MASKED_DB),
        ("MGF1", SEED_MASK),
        ("seedMask", SEED_MASK),
        ("seed", SEED),
        ("MGF1", DB_MASK),
        ("dbMask", DB_MASK),
        ("DB", DB),
        ("Y = 00", True),
        ("lHash′ = lHash", True),
        ("01 found", True),
        ("M", M),
    ]


def test_mgf1() -> None:
    """From oaep-int.txt; and its limits."""
    assert mgf1(SEED, 107, hash=sha1) == DB_MASK
    for length in range(len(DB_MASK)):
        assert mgf1(SEED, length, hash=sha1) == DB_MASK[:length]
    for length in (-1, (20 << 32) + 1):
        with pytest.raises(ValueError, match="expected 0 to 2\\^32 times the hash's 20"):
            mgf1(SEED, length, hash=sha1)
    with pytest.raises(TypeError, match="expected bytes"):
        mgf1("seed", 1, hash=sha1)  # type: ignore[arg-type]  # the mistake under test


@given(st.data())
@settings(max_examples=30)
def test_decrypts_what_it_encrypted(data: st.DataObject) -> None:
    hash, mgf_hash = (
        data.draw(st.sampled_from([sha1, sha256, sha384])),
        data.draw(st.sampled_from([None, sha1, sha512])),
    )
    message = data.draw(st.binary(max_size=KEY_1024.k - 2 * hash.digest_size - 2))
    label = data.draw(st.binary(max_size=40))
    ciphertext = oaep_encrypt(KEY_1024.public_key, message, hash=hash, mgf_hash=mgf_hash, label=label)
    assert len(ciphertext) == KEY_1024.k
    assert oaep_decrypt(KEY_1024, ciphertext, hash=hash, mgf_hash=mgf_hash, label=label) == message


@pytest.mark.parametrize("mgf_hash", [sha1, sha256])
@pytest.mark.parametrize("hash", THEIRS)
def test_agrees_with_another_implementation(hash: HashFunction, mgf_hash: HashFunction) -> None:
    ours, other = KEY_2048, their_key(KEY_2048)
    for label in (b"", b"label"):
        for message in (b"", b"\0", b"\x01" * 10, bytes(ours.k - 2 * hash.digest_size - 2)):
            agreed = their_padding(hash, mgf_hash, label)
            ciphertext = oaep_encrypt(ours.public_key, message, hash=hash, mgf_hash=mgf_hash, label=label)
            assert other.decrypt(ciphertext, agreed) == message
            ciphertext = other.public_key().encrypt(message, agreed)
            assert oaep_decrypt(ours, ciphertext, hash=hash, mgf_hash=mgf_hash, label=label) == message


def test_mask_hash_is_the_same_by_default() -> None:
    ciphertext = oaep_encrypt(KEY_1024.public_key, b"m", hash=sha256)
    assert oaep_decrypt(KEY_1024, ciphertext, hash=sha256, mgf_hash=sha256) == b"m"


@pytest.mark.parametrize("bits", [1016, 1017, 1023, 1025, 1031])
def test_keys_of_odd_lengths(bits: int) -> None:
    key = key_of(bits)
    message = Random(bits).randbytes(key.k - 2 * 20 - 2)
    assert oaep_decrypt(key, oaep_encrypt(key.public_key, message, hash=sha1), hash=sha1) == message


def test_the_longest_message() -> None:
    longest = KEY_1024.k - 2 * 32 - 2
    oaep_encrypt(KEY_1024.public_key, bytes(longest), hash=sha256)
    with pytest.raises(ValueError, match=f"message too long: {longest + 1} bytes, expected at most {longest}"):
        oaep_encrypt(KEY_1024.public_key, bytes(longest + 1), hash=sha256)
    with pytest.raises(ValueError, match="message too long: 0 bytes"):
        oaep_encrypt(KEY_1024.public_key, b"", hash=sha512)  # 2·64 + 2 bytes do not fit into 128


# --- What is not a ciphertext


def refusal(
    key: RSAPrivateKey, ciphertext: bytes, *, hash: HashFunction = sha1, label: bytes = b""
) -> list[trace.Step]:
    """The steps of a decryption that is refused, after seeing that the refusal says nothing."""
    with trace.recording() as steps, pytest.raises(DecryptionError) as caught:
        oaep_decrypt(key, ciphertext, hash=hash, label=label)
    assert caught.value.args == ("decryption failed",)
    assert caught.value.__cause__ is None
    with pytest.raises(DecryptionError) as unwatched:
        oaep_decrypt(key, ciphertext, hash=hash, label=label)
    assert unwatched.value.args == caught.value.args
    return steps[0].steps


def sealed(em: bytes) -> bytes:
    """The encryption of an EM that oaep_encrypt would not make."""
    return i2osp(RSAEP(OAEP_INT.public_key, os2ip(em)), OAEP_INT.k)


def masked(db: bytes, *, Y: int = 0) -> bytes:
    """The EM of a data block, with the seed of the example."""
    masked_db = bytes(a ^ b for a, b in zip(db, mgf1(SEED, len(db), hash=sha1), strict=True))
    masked_seed = bytes(a ^ b for a, b in zip(SEED, mgf1(masked_db, 20, hash=sha1), strict=True))
    return bytes([Y]) + masked_seed + masked_db


CHECKS = ("Y = 00", "lHash′ = lHash", "01 found")


@pytest.mark.parametrize(
    ("em", "outcome"),
    [
        (masked(DB), (True, True, True)),
        (masked(DB, Y=1), (False, True, True)),
        (masked(DB, Y=0xBB), (False, True, True)),
        (masked(b"\xdb" + DB[1:]), (True, False, True)),
        (masked(LHASH[:-1] + b"\x08" + DB[20:]), (True, False, True)),
        (masked(LHASH + bytes(87)), (True, True, False)),  # no 01 at all
        (masked(LHASH + bytes(10) + b"\x02" + bytes(59) + b"\x01" + M), (True, True, False)),
        (masked(LHASH + b"\xff" + bytes(69) + b"\x01" + M), (True, True, False)),
        (masked(LHASH + bytes(86) + b"\x02"), (True, True, False)),
        (masked(LHASH + bytes(86) + b"\x81"), (True, True, False)),
        (masked(b"\x01" + bytes(106), Y=2), (False, False, False)),
    ],
)
def test_each_check(em: bytes, outcome: tuple[bool, bool, bool]) -> None:
    if all(outcome):
        assert oaep_decrypt(OAEP_INT, sealed(em), hash=sha1) == M
        return
    steps = refusal(OAEP_INT, sealed(em))
    assert tuple(step.value for step in steps if step.name in CHECKS) == outcome
    assert (steps[-1].name, steps[-1].section) == ("decryption error", "RFC 8017 §7.1.2 step 3.g")


@pytest.mark.parametrize("start", range(21, 108))
def test_the_message_may_begin_anywhere(start: int) -> None:
    message = Random(start).randbytes(107 - start)
    em = masked(LHASH + bytes(start - 21) + b"\x01" + message)
    assert oaep_decrypt(OAEP_INT, sealed(em), hash=sha1) == message


@pytest.mark.parametrize("stride", [149, pytest.param(37, marks=pytest.mark.slow)])
def test_any_bit_changed_is_refused(stride: int) -> None:
    for bit in range(0, 1024, stride):
        steps = refusal(OAEP_INT, (os2ip(C) ^ 1 << bit).to_bytes(128, "big"))
        assert steps[-1].name == "decryption error"


@pytest.mark.parametrize(
    "change",
    [
        lambda c: b"",
        lambda c: c[:-1],
        lambda c: c[1:],
        lambda c: c + b"\0",
        lambda c: b"\0" + c,
        lambda c: i2osp(OAEP_INT.n, 128),
        lambda c: i2osp(OAEP_INT.n + 5, 128),
        lambda c: b"\xff" * 128,
    ],
)
def test_what_is_no_number_below_n_in_k_bytes(change: Callable[[bytes], bytes]) -> None:
    (step,) = refusal(OAEP_INT, change(C))
    assert (step.name, step.section) == ("decryption error", "RFC 8017 §7.1.2 steps 1 and 2.b")


@pytest.mark.parametrize("c", [0, 1, OAEP_INT.n - 1, OAEP_INT.p])
def test_numbers_that_decrypt_to_nothing(c: int) -> None:
    refusal(OAEP_INT, i2osp(c, 128))


def test_another_label_hash_or_key() -> None:
    ciphertext = oaep_encrypt(KEY_1024.public_key, b"message", hash=sha256, label=b"label")
    for label in (b"", b"labe", b"label\0", b"Label"):
        steps = refusal(KEY_1024, ciphertext, hash=sha256, label=label)
        assert [step.value for step in steps if step.name in CHECKS] == [True, False, True]
    refusal(KEY_1024, ciphertext, hash=sha1, label=b"label")
    refusal(OAEP_INT, ciphertext, hash=sha256, label=b"label")
    with pytest.raises(DecryptionError):
        oaep_decrypt(KEY_1024, ciphertext, hash=sha256, mgf_hash=sha1, label=b"label")


def test_a_key_too_short_for_the_hash_decrypts_nothing() -> None:
    steps = refusal(KEY_1024, bytes(128), hash=sha512)
    assert [step.name for step in steps] == ["decryption error"]


def test_text_is_refused() -> None:
    with pytest.raises(TypeError, match="OAEP: the message: expected bytes, got str"):
        oaep_encrypt(KEY_1024.public_key, "text", hash=sha1)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="OAEP: the label: expected bytes, got str"):
        oaep_encrypt(KEY_1024.public_key, b"", hash=sha1, label="text")  # type: ignore[arg-type]  # likewise
    with pytest.raises(TypeError, match="OAEP: the ciphertext: expected bytes, got str"):
        oaep_decrypt(KEY_1024, "text", hash=sha1)  # type: ignore[arg-type]  # likewise
    with pytest.raises(TypeError, match="OAEP: the label: expected bytes, got str"):
        oaep_decrypt(KEY_1024, bytes(128), hash=sha1, label="text")  # type: ignore[arg-type]  # likewise


def test_the_seed_is_fresh() -> None:
    assert oaep_encrypt(KEY_1024.public_key, b"m", hash=sha1) != oaep_encrypt(KEY_1024.public_key, b"m", hash=sha1)


def test_lengths_are_counted_in_bytes_whatever_the_buffer() -> None:
    words = memoryview(array("I", [1, 2]))  # whose len() is 2, of 8 bytes
    C = oaep_encrypt(KEY_1024.public_key, words, hash=sha1)  # type: ignore[arg-type]  # any buffer is taken
    assert oaep_decrypt(KEY_1024, C, hash=sha1) == words.tobytes()
    assert mgf1(memoryview(b"seed"), 30, hash=sha1) == mgf1(b"seed", 30, hash=sha1)  # type: ignore[arg-type]  # likewise


def test_only_a_private_key_decrypts() -> None:
    C = oaep_encrypt(KEY_1024.public_key, b"message", hash=sha1)
    with pytest.raises(TypeError, match="the key is a RSAPublicKey, expected an RSAPrivateKey"):
        oaep_decrypt(KEY_1024.public_key, C, hash=sha1)  # type: ignore[arg-type]  # on purpose
