from collections.abc import Callable
from random import Random

import pytest
from cryptography.hazmat.primitives import hashes as their_hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa as theirs
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import InvalidSignature
from primitives.hashes import HashFunction
from primitives.integers import i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.pss import EMSA_PSS_ENCODE, EMSA_PSS_VERIFY, pss_sign, pss_verify
from primitives.rsa import RSASP1, RSAPrivateKey, RSAPublicKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha384, sha512
from tests.primitives.support.rsa_keys import KEY_1024, KEY_2048, OAEP_INT, PSS_INT, key_of

THEIRS: dict[HashFunction, their_hashes.HashAlgorithm] = {
    sha224: their_hashes.SHA224(),
    sha256: their_hashes.SHA256(),
    sha384: their_hashes.SHA384(),
    sha512: their_hashes.SHA512(),
}

# RSA Laboratories, PKCS #1 v2.1 test vectors, pss-int.txt
M = bytes.fromhex(
    """85 9e ef 2f d7 8a ca 00 30 8b dc 47 11 93 bf 55 bf 9d 78 db 8f 8a 67 2b
    48 46 34 f3 c9 c2 6e 64 78 ae 10 26 0f e0 dd 8c 08 2e 53 a5 29 3a f2 17
    3c d5 0c 6d 5d 35 4f eb f7 8b 26 02 1c 25 c0 27 12 e7 8c d4 69 4c 9f 46
    97 77 e4 51 e7 f8 e9 e0 4c d3 73 9c 6b bf ed ae 48 7f b5 56 44 e9 ca 74
    ff 77 a5 3c b7 29 80 2f 6e d4 a5 ff a8 ba 15 98 90 fc"""
)
M_HASH = bytes.fromhex("37 b6 6a e0 44 58 43 35 3d 47 ec b0 b4 fd 14 c1 10 e6 2d 6a")
SALT = bytes.fromhex("e3 b5 d5 d0 02 c1 bc e5 0c 2b 65 ef 88 a1 88 d8 3b ce 7e 61")
M_PRIME = bytes(8) + M_HASH + SALT
H = bytes.fromhex("df 1a 89 6f 9d 8b c8 16 d9 7c d7 a2 c4 3b ad 54 6f be 8c fe")
DB = bytes(86) + b"\x01" + SALT
DB_MASK = bytes.fromhex(
    """66 e4 67 2e 83 6a d1 21 ba 24 4b ed 65 76 b8 67 d9 a4 47 c2 8a 6e 66 a5
    b8 7d ee 7f bc 7e 65 af 50 57 f8 6f ae 89 84 d9 ba 7f 96 9a d6 fe 02 a4
    d7 5f 74 45 fe fd d8 5b 6d 3a 47 7c 28 d2 4b a1 e3 75 6f 79 2d d1 dc e8
    ca 94 44 0e cb 52 79 ec d3 18 3a 31 1f c8 97 39 a9 66 43 13 6e 8b 0f 46
    5e 87 a4 53 5c d4 c5 9b 10 02 8d"""
)
MASKED_DB = bytes.fromhex(
    """66 e4 67 2e 83 6a d1 21 ba 24 4b ed 65 76 b8 67 d9 a4 47 c2 8a 6e 66 a5
    b8 7d ee 7f bc 7e 65 af 50 57 f8 6f ae 89 84 d9 ba 7f 96 9a d6 fe 02 a4
    d7 5f 74 45 fe fd d8 5b 6d 3a 47 7c 28 d2 4b a1 e3 75 6f 79 2d d1 dc e8
    ca 94 44 0e cb 52 79 ec d3 18 3a 31 1f c8 96 da 1c b3 93 11 af 37 ea 4a
    75 e2 4b db fd 5c 1d a0 de 7c ec"""
)
EM = MASKED_DB + H + b"\xbc"
S = bytes.fromhex(
    """8d aa 62 7d 3d e7 59 5d 63 05 6c 7e c6 59 e5 44 06 f1 06 10 12 8b aa e8
    21 c8 b2 a0 f3 93 6d 54 dc 3b dc e4 66 89 f6 b7 95 1b b1 8e 84 05 42 76
    97 18 d5 71 5d 21 0d 85 ef bb 59 61 92 03 2c 42 be 4c 29 97 2c 85 62 75
    eb 6d 5a 45 f0 5f 51 87 6f c6 74 3d ed dd 28 ca ec 9b b3 0e a9 9e 02 c3
    48 82 69 60 4f e4 97 f7 4c cd 7c 7f ca 16 71 89 71 23 cb d3 0d ef 5d 54
    a2 b5 53 6a d9 0a 74 7e"""
)


def test_signing_of_the_published_example_step_by_step() -> None:
    with trace.recording() as steps:
        assert pss_sign(PSS_INT, M, hash=sha1, random_bytes=lambda length: SALT) == S
    (signing,) = steps
    assert (signing.name, signing.value) == ("RSASSA-PSS-SIGN", S)
    encoding, *operation = signing.steps
    assert [(step.name, step.value, step.section) for step in operation] == [
        ("RSASP1", os2ip(S), "RFC 8017 §5.2.1"),
        ("S", S, "RFC 8017 §8.1.1 step 2.c"),
    ]
    assert (encoding.name, encoding.value, encoding.section) == ("EMSA-PSS-ENCODE", EM, "RFC 8017 §9.1.1")
    assert [(step.name, step.value, step.section) for step in encoding.steps if "SHA" not in step.name] == [
        ("mHash", M_HASH, "RFC 8017 §9.1.1 step 2"),
        ("salt", SALT, "RFC 8017 §9.1.1 step 4"),
        ("M′", M_PRIME, "RFC 8017 §9.1.1 step 5"),
        ("H", H, "RFC 8017 §9.1.1 step 6"),
        ("PS", bytes(86), "RFC 8017 §9.1.1 step 7"),
        ("DB", DB, "RFC 8017 §9.1.1 step 8"),
        ("MGF1", DB_MASK, "RFC 8017 §B.2.1"),
        ("dbMask", DB_MASK, "RFC 8017 §9.1.1 step 9"),
        ("maskedDB", MASKED_DB, "RFC 8017 §9.1.1 step 11"),
        ("EM", EM, "RFC 8017 §9.1.1 step 12"),
    ]


def test_verification_of_the_published_example_step_by_step() -> None:
    with trace.recording() as steps:
        pss_verify(PSS_INT.public_key, M, S, hash=sha1)
    (verification,) = steps
    assert (verification.name, verification.value) == ("RSASSA-PSS-VERIFY", True)
    assert [(step.name, step.value) for step in verification.steps] == [
        ("RSAVP1", os2ip(EM)),
        ("EM", EM),
        ("EMSA-PSS-VERIFY", True),
    ]
    assert [(step.name, step.value) for step in verification.steps[2].steps if "SHA" not in step.name] == [
        ("mHash", M_HASH),
        ("maskedDB", MASKED_DB),
        ("H", H),
        ("MGF1", DB_MASK),
        ("dbMask", DB_MASK),
        ("DB", DB),
        ("salt", SALT),
        ("M′", M_PRIME),
        ("H′", H),
    ]


@given(st.data())
@settings(max_examples=30)
def test_verifies_what_it_signed(data: st.DataObject) -> None:
    hash, mgf_hash = (
        data.draw(st.sampled_from([sha1, sha256, sha384])),
        data.draw(st.sampled_from([None, sha1, sha512])),
    )
    message = data.draw(st.binary(max_size=200))
    salt_length = data.draw(st.none() | st.integers(0, KEY_1024.k - hash.digest_size - 2))
    signature = pss_sign(KEY_1024, message, hash=hash, mgf_hash=mgf_hash, salt_length=salt_length)
    assert len(signature) == KEY_1024.k
    public = KEY_1024.public_key
    pss_verify(public, message, signature, hash=hash, mgf_hash=mgf_hash, salt_length=salt_length)
    with pytest.raises(InvalidSignature):
        pss_verify(public, message + b"\0", signature, hash=hash, mgf_hash=mgf_hash, salt_length=salt_length)


@pytest.mark.parametrize("salt_length", [0, 20, 32])
@pytest.mark.parametrize("mgf_hash", [sha256, sha512])
@pytest.mark.parametrize("hash", THEIRS)
def test_agrees_with_another_implementation(hash: HashFunction, mgf_hash: HashFunction, salt_length: int) -> None:
    key, public = KEY_2048, theirs.RSAPublicNumbers(KEY_2048.e, KEY_2048.n)
    other = theirs.RSAPrivateNumbers(key.p, key.q, key.d, key.dP, key.dQ, key.qInv, public).private_key()
    agreed = padding.PSS(padding.MGF1(THEIRS[mgf_hash]), salt_length)
    for message in (b"", b"message", bytes(300)):
        signature = pss_sign(key, message, hash=hash, mgf_hash=mgf_hash, salt_length=salt_length)
        other.public_key().verify(signature, message, agreed, THEIRS[hash])
        signature = other.sign(message, agreed, THEIRS[hash])
        pss_verify(key.public_key, message, signature, hash=hash, mgf_hash=mgf_hash, salt_length=salt_length)


@pytest.mark.parametrize("bits", [1017, 1018, 1023, 1024, 1025, 1026])
def test_keys_of_every_length_around_a_byte(bits: int) -> None:
    """EM has modBits - 1 bits: with 1017 and 1025 it is a byte shorter than the modulus."""
    key = key_of(bits)
    source = Random(bits)
    for _ in range(8):
        message = source.randbytes(20)
        signature = pss_sign(key, message, hash=sha256, random_bytes=source.randbytes)
        pss_verify(key.public_key, message, signature, hash=sha256)


def test_the_salt_is_fresh() -> None:
    assert pss_sign(KEY_1024, b"m", hash=sha256) != pss_sign(KEY_1024, b"m", hash=sha256)
    no_salt = {pss_sign(KEY_1024, b"m", hash=sha256, salt_length=0) for _ in range(3)}
    assert len(no_salt) == 1


def test_salt_lengths() -> None:
    longest = KEY_1024.k - 32 - 2
    pss_sign(KEY_1024, b"m", hash=sha256, salt_length=longest)
    with pytest.raises(ValueError, match="EM is 128 bytes, expected 129 for this hash and salt"):
        pss_sign(KEY_1024, b"m", hash=sha256, salt_length=longest + 1)
    with pytest.raises(ValueError, match="expected 130"):
        pss_sign(KEY_1024, b"m", hash=sha512)
    with pytest.raises(ValueError, match="the salt's length is -1"):
        pss_sign(KEY_1024, b"m", hash=sha256, salt_length=-1)
    with pytest.raises(ValueError, match="the salt's length is -1"):
        pss_verify(KEY_1024.public_key, b"m", bytes(128), hash=sha256, salt_length=-1)


# --- What is not a signature


def refusal(
    key: RSAPublicKey, message: bytes, signature: bytes, *, hash: HashFunction = sha1, salt_length: int | None = None
) -> str:
    """The section of the last step before a signature is refused."""
    with trace.recording() as steps, pytest.raises(InvalidSignature) as caught:
        pss_verify(key, message, signature, hash=hash, salt_length=salt_length)
    assert caught.value.args == ("PSS: the signature does not belong to this message and public key",)
    assert steps[0].value is None
    *_, last = steps[0].walk()
    assert (last.name, last.value) == ("inconsistent", False)
    return last.section.removeprefix("RFC 8017 ")


def signed(em: bytes) -> bytes:
    """The signature of an EM that pss_sign would not make."""
    return i2osp(RSASP1(PSS_INT, os2ip(em)), PSS_INT.k)


def masked(db: bytes, *, h: bytes = H, trailer: bytes = b"\xbc") -> bytes:
    masked_db = bytes(a ^ b for a, b in zip(db, mgf1(h, len(db), hash=sha1), strict=True))
    return bytes([masked_db[0] & 0x7F]) + masked_db[1:] + h + trailer


@pytest.mark.parametrize(
    ("em", "section"),
    [
        (masked(DB, trailer=b"\xcc"), "§9.1.2 step 4"),
        (masked(DB, trailer=b"\x00"), "§9.1.2 step 4"),
        (b"\x80" + masked(DB)[1:], "§9.1.2 step 6"),
        (masked(b"\x40" + DB[1:]), "§9.1.2 step 10"),
        (masked(DB[:85] + b"\x01\x01" + SALT), "§9.1.2 step 10"),
        (masked(DB[:86] + b"\x00" + SALT), "§9.1.2 step 10"),
        (masked(DB[:86] + b"\x02" + SALT), "§9.1.2 step 10"),
        (masked(DB[:85] + b"\x01" + SALT + b"\x00"), "§9.1.2 step 10"),  # one byte of salt too many
        (masked(DB[:86] + b"\x00\x01" + SALT[1:]), "§9.1.2 step 10"),  # one too few
        (masked(DB[:-1] + b"\x60"), "§9.1.2 step 14"),
        (masked(DB, h=b"\xde" + H[1:]), "§9.1.2 step 14"),
        (masked(DB, h=H[:-1] + b"\xff"), "§9.1.2 step 14"),
    ],
)
def test_each_check(em: bytes, section: str) -> None:
    assert refusal(PSS_INT.public_key, M, signed(em)) == section


def test_an_unchanged_encoding_passes() -> None:
    assert masked(DB) == EM
    pss_verify(PSS_INT.public_key, M, signed(EM), hash=sha1)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: b"",
        lambda s: s[:-1],
        lambda s: s[1:],
        lambda s: s + b"\0",
        lambda s: b"\0" + s,
        lambda s: i2osp(os2ip(s) + PSS_INT.n, 129),
        lambda s: i2osp(PSS_INT.n, 128),
        lambda s: b"\xff" * 128,
    ],
)
def test_what_is_no_number_below_n_in_k_bytes(change: Callable[[bytes], bytes]) -> None:
    assert refusal(PSS_INT.public_key, M, change(S)) == "§8.1.2 steps 1 and 2.b"


def test_a_signature_plus_the_modulus_is_refused() -> None:
    """Congruent numbers have the same powers; only the range check tells them apart."""
    key = key_of(1018)  # n is 6 bits shorter than its bytes, so s + n fits in them
    s = pss_sign(key, b"m", hash=sha256)
    assert refusal(key.public_key, b"m", i2osp(os2ip(s) + key.n, key.k), hash=sha256) == "§8.1.2 steps 1 and 2.b"


def test_an_encoding_one_byte_too_long() -> None:
    """With modBits - 1 divisible by 8, EM is a byte shorter than n, and a forger's power may not be."""
    key = key_of(1025)
    s = i2osp(RSASP1(key, key.n - 1), key.k)
    assert refusal(key.public_key, b"m", s, hash=sha256) == "§8.1.2 step 2.c"


@pytest.mark.parametrize("s", [0, 1, 2, PSS_INT.n - 1])
def test_trivial_numbers_are_no_signatures(s: int) -> None:
    refusal(PSS_INT.public_key, M, i2osp(s, 128))


@pytest.mark.parametrize("stride", [149, pytest.param(37, marks=pytest.mark.slow)])
def test_any_bit_changed_is_refused(stride: int) -> None:
    for bit in range(0, 1023, stride):
        refusal(PSS_INT.public_key, M, (os2ip(S) ^ 1 << bit).to_bytes(128, "big"))
    for bit in range(0, 8 * len(M), stride):
        changed = (os2ip(M) ^ 1 << bit).to_bytes(len(M), "big")
        assert refusal(PSS_INT.public_key, changed, S) == "§9.1.2 step 14"


def test_another_hash_key_or_salt_length() -> None:
    refusal(PSS_INT.public_key, M, S, hash=sha256)
    refusal(OAEP_INT.public_key, M, S)
    for salt_length in (0, 19, 21):
        assert refusal(PSS_INT.public_key, M, S, salt_length=salt_length) == "§9.1.2 step 10"
    with pytest.raises(InvalidSignature):
        pss_verify(PSS_INT.public_key, M, S, hash=sha1, mgf_hash=sha256)


def test_a_key_too_short_for_the_hash_verifies_nothing() -> None:
    """The key may be a peer's, so this is a refusal and no mistake of the caller."""
    assert refusal(PSS_INT.public_key, M, S, hash=sha512) == "§9.1.2 step 3"
    assert refusal(PSS_INT.public_key, M, S, salt_length=107) == "§9.1.2 step 3"
    tiny = RSAPrivateKey.from_primes(61, 53, e=17)
    assert refusal(tiny.public_key, M, bytes(2)) == "§9.1.2 step 3"


def test_encodings_of_every_number_of_bits() -> None:
    """§9.1.1 for every emBits, and not only for those that a key gives."""
    for emBits in range(8 * 42 - 7, 8 * 44):
        em = EMSA_PSS_ENCODE(b"m", emBits, 20, hash=sha1, mgf_hash=sha1, random_bytes=bytes)
        assert len(em) == (emBits + 7) // 8
        assert os2ip(em).bit_length() <= emBits
        EMSA_PSS_VERIFY(b"m", em, emBits, 20, hash=sha1, mgf_hash=sha1)
    with pytest.raises(ValueError, match="EM is 41 bytes, expected 42"):
        EMSA_PSS_ENCODE(b"m", 8 * 42 - 8, 20, hash=sha1, mgf_hash=sha1, random_bytes=bytes)


def test_text_is_refused() -> None:
    with pytest.raises(TypeError, match="PSS: the message: expected bytes, got str"):
        pss_sign(KEY_1024, "text", hash=sha1)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="PSS: the message: expected bytes, got str"):
        pss_verify(KEY_1024.public_key, "text", bytes(128), hash=sha1)  # type: ignore[arg-type]  # likewise
    with pytest.raises(TypeError, match="PSS: the signature: expected bytes, got str"):
        pss_verify(KEY_1024.public_key, b"", "text", hash=sha1)  # type: ignore[arg-type]  # likewise
