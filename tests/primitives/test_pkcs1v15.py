from collections.abc import Callable
from random import Random

import pytest
from cryptography.hazmat.primitives import hashes as their_hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa as theirs
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.errors import DecryptionError, InvalidSignature
from primitives.hashes import HashFunction
from primitives.integers import i2osp, os2ip
from primitives.md5 import md5
from primitives.pkcs1v15 import (
    EMSA_PKCS1_v1_5_ENCODE,
    digest_info_prefix,
    pkcs1v15_decrypt,
    pkcs1v15_decrypt_or_random,
    pkcs1v15_encrypt,
    pkcs1v15_sign,
    pkcs1v15_verify,
)
from primitives.rsa import RSAEP, RSASP1, RSAPrivateKey, RSAPublicKey
from primitives.sha1 import sha1
from primitives.sha2 import sha224, sha256, sha384, sha512, sha512_224, sha512_256
from primitives.sha3 import sha3_224, sha3_256, sha3_384, sha3_512
from tests.primitives.support.rsa_keys import KEY_1024, KEY_2048, OAEP_INT, PSS_INT, key_of

THEIRS: dict[HashFunction, their_hashes.HashAlgorithm] = {
    sha224: their_hashes.SHA224(),
    sha256: their_hashes.SHA256(),
    sha384: their_hashes.SHA384(),
    sha512: their_hashes.SHA512(),
    sha512_224: their_hashes.SHA512_224(),
    sha512_256: their_hashes.SHA512_256(),
    sha3_224: their_hashes.SHA3_224(),
    sha3_256: their_hashes.SHA3_256(),
    sha3_384: their_hashes.SHA3_384(),
    sha3_512: their_hashes.SHA3_512(),
}


def their_key(key: RSAPrivateKey) -> theirs.RSAPrivateKey:
    public = theirs.RSAPublicNumbers(key.e, key.n)
    return theirs.RSAPrivateNumbers(key.p, key.q, key.d, key.dP, key.dQ, key.qInv, public).private_key()


# --- The encoding


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("sha1", "30 21 30 09 06 05 2b 0e 03 02 1a 05 00 04 14"),
        ("sha224", "30 2d 30 0d 06 09 60 86 48 01 65 03 04 02 04 05 00 04 1c"),
        ("sha256", "30 31 30 0d 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20"),
        ("sha384", "30 41 30 0d 06 09 60 86 48 01 65 03 04 02 02 05 00 04 30"),
        ("sha512", "30 51 30 0d 06 09 60 86 48 01 65 03 04 02 03 05 00 04 40"),
        ("sha512_224", "30 2d 30 0d 06 09 60 86 48 01 65 03 04 02 05 05 00 04 1c"),
        ("sha512_256", "30 31 30 0d 06 09 60 86 48 01 65 03 04 02 06 05 00 04 20"),
    ],
)
def test_prefixes_are_those_the_standard_prints(name: str, prefix: str) -> None:
    assert digest_info_prefix(name) == bytes.fromhex(prefix)  # RFC 8017 §9.2 note 1


def test_hashes_without_an_identifier_are_refused() -> None:
    for operation in (
        lambda: digest_info_prefix("md5"),
        lambda: pkcs1v15_sign(KEY_1024, b"m", hash=md5),
        lambda: pkcs1v15_verify(KEY_1024.public_key, b"m", bytes(128), hash=md5),
    ):
        with pytest.raises(ValueError, match="no object identifier is known for the hash md5"):
            operation()


def test_encoding() -> None:
    H = sha256(b"m").digest()
    T = digest_info_prefix("sha256") + H
    for emLen in (len(T) + 11, len(T) + 12, 128):
        EM = EMSA_PKCS1_v1_5_ENCODE(b"m", emLen, hash=sha256)
        PS = b"\xff" * (emLen - len(T) - 3)
        assert EM.hex() == (b"\0\1" + PS + b"\0" + T).hex()
        assert len(EM) == emLen
    with pytest.raises(ValueError, match="EM is 61 bytes, expected 62 or more for sha256"):
        EMSA_PKCS1_v1_5_ENCODE(b"m", len(T) + 10, hash=sha256)


# --- Signatures


@pytest.mark.parametrize("hash", THEIRS)
def test_signs_as_another_implementation_does(hash: HashFunction) -> None:
    other, agreed = their_key(KEY_2048), padding.PKCS1v15()
    for message in (b"", b"message", bytes(300)):
        signature = pkcs1v15_sign(KEY_2048, message, hash=hash)
        assert signature == other.sign(message, agreed, THEIRS[hash])  # nothing in it is random
        pkcs1v15_verify(KEY_2048.public_key, message, signature, hash=hash)


@given(message=st.binary(max_size=200), hash=st.sampled_from([sha1, sha256, sha3_256, sha384]))
@settings(max_examples=30)
def test_verifies_what_it_signed(message: bytes, hash: HashFunction) -> None:
    signature = pkcs1v15_sign(KEY_1024, message, hash=hash)
    assert len(signature) == 128
    pkcs1v15_verify(KEY_1024.public_key, message, signature, hash=hash)
    with pytest.raises(InvalidSignature):
        pkcs1v15_verify(KEY_1024.public_key, message + b"\0", signature, hash=hash)


@pytest.mark.parametrize("bits", [1016, 1017, 1023, 1025])
def test_keys_of_odd_lengths(bits: int) -> None:
    key = key_of(bits)
    pkcs1v15_verify(key.public_key, b"m", pkcs1v15_sign(key, b"m", hash=sha256), hash=sha256)
    assert pkcs1v15_decrypt(key, pkcs1v15_encrypt(key.public_key, bytes(key.k - 11))) == bytes(key.k - 11)


def test_steps_of_a_signature() -> None:
    with trace.recording() as steps:
        S = pkcs1v15_sign(KEY_1024, b"m", hash=sha256)
        pkcs1v15_verify(KEY_1024.public_key, b"m", S, hash=sha256)
    EM = EMSA_PKCS1_v1_5_ENCODE(b"m", 128, hash=sha256)
    H = sha256(b"m").digest()
    encoding = [("H", H), ("T", EM[-51:]), ("PS", b"\xff" * 74), ("EM", EM)]
    signing, verification = steps
    assert (signing.name, signing.value) == ("RSASSA-PKCS1-V1_5-SIGN", S)
    assert [(step.name, step.value) for step in signing.steps] == [
        ("EMSA-PKCS1-v1_5-ENCODE", EM),
        ("RSASP1", os2ip(S)),
        ("S", S),
    ]
    assert (verification.name, verification.value) == ("RSASSA-PKCS1-V1_5-VERIFY", True)
    assert [(step.name, step.value) for step in verification.steps] == [
        ("RSAVP1", os2ip(EM)),
        ("EM", EM),
        ("EMSA-PKCS1-v1_5-ENCODE", EM),
        ("EM′", EM),
    ]
    for encode in (signing.steps[0], verification.steps[2]):
        assert [(step.name, step.value) for step in encode.steps if "SHA" not in step.name] == encoding


def test_a_key_too_short_for_the_hash() -> None:
    key = key_of(488)  # 61 bytes: one too few for SHA-256
    with pytest.raises(ValueError, match="EM is 61 bytes, expected 62"):
        pkcs1v15_sign(key, b"m", hash=sha256)
    assert refusal(key.public_key, b"m", bytes(61)) == "§8.2.2 step 3"  # a peer's key: no mistake of the caller
    long_enough = key_of(496)
    pkcs1v15_verify(long_enough.public_key, b"m", pkcs1v15_sign(long_enough, b"m", hash=sha256), hash=sha256)


def refusal(key: RSAPublicKey, message: bytes, signature: bytes, *, hash: HashFunction = sha256) -> str:
    """The section of the last step before a signature is refused."""
    with trace.recording() as steps, pytest.raises(InvalidSignature) as caught:
        pkcs1v15_verify(key, message, signature, hash=hash)
    assert caught.value.args == ("PKCS #1 v1.5: the signature does not belong to this message and public key",)
    last = steps[0].steps[-1]
    assert (last.name, last.value, steps[0].value) == ("invalid", False, None)
    return last.section.removeprefix("RFC 8017 ")


H = sha256(b"m").digest()
T = digest_info_prefix("sha256") + H


@pytest.mark.parametrize(
    "em",
    [
        b"\0\1" + b"\xff" * 73 + b"\0" + T + b"\0",  # a byte after the digest
        b"\0\1" + b"\xff" * 8 + b"\0" + T + bytes(66),  # Bleichenbacher 2006: room for the forger at the end
        b"\0\1" + b"\xff" * 8 + b"\0" + bytes(66) + T,
        b"\0\1" + b"\xff" * 73 + b"\xfe\0" + T[1:],
        b"\0\1" + b"\xff" * 74 + b"\1" + T,
        b"\0\2" + b"\xff" * 74 + b"\0" + T,
        b"\0\0" + bytes(74) + b"\0" + T,  # block type 0
        b"\1\1" + b"\xff" * 74 + b"\0" + T,
        b"\0\1" + b"\xff" * 93 + b"\0" + H,  # the digest alone
        b"\0\1" + b"\xff" * 76 + b"\0" + b"\x30\x2f\x30\x0b" + T[4:15] + T[17:],  # no NULL
        b"\0\1" + b"\xff" * 73 + b"\0" + b"\x30\x81\x31" + T[2:],  # a length in BER's long form
        b"\0\1" + b"\xff" * 72 + b"\0" + b"\x30\x80" + T[2:] + b"\0\0",  # an indefinite length
        b"\0\1"
        + b"\xff" * 70
        + b"\0"
        + b"\x30\x35\x30\x11"
        + T[4:15]
        + b"\5\4junk"
        + T[17:],  # a parameter with contents
        b"\0\1" + b"\xff" * 74 + b"\0" + digest_info_prefix("sha3_256") + H,  # another hash of the same length
        b"\0\1" + b"\xff" * 74 + b"\0" + T[:-1] + bytes([T[-1] ^ 1]),
        bytes(128),
        bytes(127) + b"\1",
    ],
)
def test_encodings_that_a_parser_might_take(em: bytes) -> None:
    em = em[:128].rjust(128, b"\0")
    signature = i2osp(RSASP1(KEY_1024, os2ip(em)), 128)
    assert refusal(KEY_1024.public_key, b"m", signature) == "§8.2.2 step 4"


def test_a_forgery_without_the_key_for_e_3_is_refused() -> None:
    """Bleichenbacher 2006: a cube root of 00 01 FF … 00 DigestInfo, with rubbish after it, needs no private key."""
    key = RSAPublicKey((1 << 3071) + 1, 3)  # nobody's: any modulus of this length does
    wanted = os2ip(b"\0\1" + b"\xff" * 8 + b"\0" + T) << 8 * (384 - 11 - len(T))
    low, high = 0, 1 << 1024
    while low < high:  # the least number whose cube reaches what is wanted
        middle = (low + high) // 2
        low, high = (low, middle) if middle**3 >= wanted else (middle + 1, high)
    assert i2osp(low**3, 384).startswith(b"\0\1" + b"\xff" * 8 + b"\0" + T)
    assert refusal(key, b"m", i2osp(low, 384)) == "§8.2.2 step 4"


@pytest.mark.parametrize(
    "change",
    [
        lambda s: b"",
        lambda s: s[:-1],
        lambda s: s[1:],
        lambda s: s + b"\0",
        lambda s: b"\0" + s,
        lambda s: i2osp(KEY_1024.n, 128),
        lambda s: b"\xff" * 128,
    ],
)
def test_what_is_no_signature_of_k_bytes(change: Callable[[bytes], bytes]) -> None:
    signature = pkcs1v15_sign(KEY_1024, b"m", hash=sha256)
    assert refusal(KEY_1024.public_key, b"m", change(signature)) == "§8.2.2 steps 1 and 2.b"


def test_a_signature_plus_the_modulus_is_refused() -> None:
    key = key_of(1018)  # n is 6 bits shorter than its bytes, so s + n fits in them
    s = os2ip(pkcs1v15_sign(key, b"m", hash=sha256))
    assert refusal(key.public_key, b"m", i2osp(s + key.n, key.k)) == "§8.2.2 steps 1 and 2.b"


def test_another_message_hash_or_key() -> None:
    signature = pkcs1v15_sign(KEY_1024, b"m", hash=sha256)
    assert refusal(KEY_1024.public_key, b"n", signature) == "§8.2.2 step 4"
    assert refusal(KEY_1024.public_key, b"m", signature, hash=sha512_256) == "§8.2.2 step 4"
    assert refusal(KEY_1024.public_key, b"m", signature, hash=sha1) == "§8.2.2 step 4"
    refusal(PSS_INT.public_key, b"m", signature)


def test_any_bit_changed_is_refused() -> None:
    signature = os2ip(pkcs1v15_sign(KEY_1024, b"m", hash=sha256))
    for bit in range(0, 1024, 37):
        refusal(KEY_1024.public_key, b"m", (signature ^ 1 << bit).to_bytes(128, "big"))


# --- Encryption


@given(st.binary(max_size=117))
@settings(max_examples=30)
def test_decrypts_what_it_encrypted(message: bytes) -> None:
    ciphertext = pkcs1v15_encrypt(KEY_1024.public_key, message)
    assert len(ciphertext) == 128
    assert pkcs1v15_decrypt(KEY_1024, ciphertext) == message
    assert pkcs1v15_decrypt_or_random(KEY_1024, ciphertext, length=len(message)) == message


def test_encrypts_for_another_implementation() -> None:
    other = their_key(KEY_2048)
    for message in (b"", b"\0", b"message", bytes(245)):
        assert other.decrypt(pkcs1v15_encrypt(KEY_2048.public_key, message), padding.PKCS1v15()) == message
        ciphertext = other.public_key().encrypt(message, padding.PKCS1v15())
        assert pkcs1v15_decrypt(KEY_2048, ciphertext) == message


def test_the_padding_has_no_zeros() -> None:
    """Zeros that are drawn are drawn again, as often as it takes."""
    draws = iter([b"\0" * 100 + b"\7" * 5 + b"\0", b"\0" + b"\1" * 100, b"\2"])
    with trace.recording() as steps:
        pkcs1v15_encrypt(KEY_1024.public_key, bytes(19), random_bytes=lambda length: next(draws))
    assert steps[0].steps[0].value == b"\7" * 5 + b"\1" * 100 + b"\2"


def test_the_longest_message() -> None:
    pkcs1v15_encrypt(KEY_1024.public_key, bytes(117))
    with pytest.raises(ValueError, match="message too long: 118 bytes, expected at most 117"):
        pkcs1v15_encrypt(KEY_1024.public_key, bytes(118))


def test_steps_of_encryption_and_decryption() -> None:
    with trace.recording() as steps:
        C = pkcs1v15_encrypt(KEY_1024.public_key, b"message", random_bytes=lambda length: b"\x5a" * length)
        pkcs1v15_decrypt(KEY_1024, C)
        pkcs1v15_decrypt_or_random(KEY_1024, C, length=7, random_bytes=bytes)
    EM = b"\0\2" + b"\x5a" * 118 + b"\0message"
    encryption, decryption, secret = ([(step.name, step.value) for step in group.steps] for group in steps)
    assert encryption == [("PS", b"\x5a" * 118), ("EM", EM), ("RSAEP", os2ip(C)), ("C", C)]
    checks = [("begins 00 02", True), ("00 found", True), ("PS ≥ 8 bytes", True)]
    assert decryption == [("RSADP", os2ip(EM)), ("EM", EM), *checks, ("M", b"message")]
    assert secret == [("R", bytes(7)), ("RSADP", os2ip(EM)), ("EM", EM), *checks, ("M kept", True)]
    assert [group.value for group in steps] == [C, b"message", b"message"]


def sealed(em: bytes) -> bytes:
    return i2osp(RSAEP(OAEP_INT.public_key, os2ip(em)), 128)


CHECKS = ("begins 00 02", "00 found", "PS ≥ 8 bytes")
BAD_ENCODINGS = [
    (b"\1\2" + b"\7" * 8 + b"\0" + bytes(117), (False, True, True)),
    (b"\0\1" + b"\7" * 8 + b"\0" + bytes(117), (False, True, True)),
    (b"\0\3" + b"\7" * 8 + b"\0" + bytes(117), (False, True, True)),
    (b"\0\0" + b"\7" * 8 + b"\0" + bytes(117), (False, True, True)),
    (b"\0\2" + b"\7" * 126, (True, False, False)),  # no zero at all
    (b"\0\2" + b"\7" * 7 + b"\0" + b"\7" * 118, (True, True, False)),  # seven bytes of padding
    (b"\0\2" + b"\0" + b"\7" * 125, (True, True, False)),  # none
    (bytes(127) + b"\2", (False, True, False)),
    (b"\1\1" + b"\7" * 126, (False, False, False)),
]


@pytest.mark.parametrize(("em", "outcome"), BAD_ENCODINGS)
def test_each_check(em: bytes, outcome: tuple[bool, bool, bool]) -> None:
    ciphertext = sealed(em)
    with trace.recording() as steps, pytest.raises(DecryptionError) as caught:
        pkcs1v15_decrypt(OAEP_INT, ciphertext)
    assert caught.value.args == ("decryption failed",)
    assert tuple(step.value for step in steps[0].steps if step.name in CHECKS) == outcome
    assert (steps[0].steps[-1].name, steps[0].steps[-1].section) == ("decryption error", "RFC 8017 §7.2.2 step 3")


@pytest.mark.parametrize(("em", "outcome"), BAD_ENCODINGS)
@pytest.mark.parametrize("length", [0, 48, 117])
def test_a_substitute_for_each_bad_encoding(em: bytes, outcome: tuple[bool, bool, bool], length: int) -> None:
    R = Random(length).randbytes(length)
    assert pkcs1v15_decrypt_or_random(OAEP_INT, sealed(em), length=length, random_bytes=lambda _: R) == R


@pytest.mark.parametrize("start", range(11, 129))
def test_the_message_may_begin_anywhere(start: int) -> None:
    message = Random(start).randbytes(128 - start)
    ciphertext = sealed(b"\0\2" + b"\7" * (start - 3) + b"\0" + message)
    assert pkcs1v15_decrypt(OAEP_INT, ciphertext) == message
    R = b"\xa5" * 48
    secret = pkcs1v15_decrypt_or_random(OAEP_INT, ciphertext, length=48, random_bytes=lambda length: R)
    assert secret == (message if len(message) == 48 else R)


NO_NUMBERS = [
    b"",
    bytes(127),
    bytes(129),
    b"\0" + sealed(b"\0\2" + b"\7" * 77 + bytes(49)),
    i2osp(OAEP_INT.n, 128),
    b"\xff" * 128,
]


@pytest.mark.parametrize("ciphertext", NO_NUMBERS)
def test_what_is_no_number_below_n_in_k_bytes(ciphertext: bytes) -> None:
    with pytest.raises(DecryptionError):
        pkcs1v15_decrypt(OAEP_INT, ciphertext)
    R = b"\xa5" * 48
    assert pkcs1v15_decrypt_or_random(OAEP_INT, ciphertext, length=48, random_bytes=lambda length: R) == R


def test_the_substitute_is_drawn_whether_needed_or_not() -> None:
    draws: list[int] = []

    def counted(length: int) -> bytes:
        draws.append(length)
        return bytes(length)

    for message in (bytes(48), bytes(47)):
        ciphertext = pkcs1v15_encrypt(KEY_1024.public_key, message)
        pkcs1v15_decrypt_or_random(KEY_1024, ciphertext, length=48, random_bytes=counted)
    assert draws == [48, 48]


@pytest.mark.parametrize("length", [-1, 118])
def test_lengths_that_no_message_has(length: int) -> None:
    with pytest.raises(ValueError, match="expected 0 to 117 with this key"):
        pkcs1v15_decrypt_or_random(KEY_1024, bytes(128), length=length)


def test_a_key_too_short_for_any_message() -> None:
    tiny = RSAPrivateKey.from_primes(61, 53, e=17)
    with pytest.raises(ValueError, match="message too long"):
        pkcs1v15_encrypt(tiny.public_key, b"")
    with pytest.raises(DecryptionError):
        pkcs1v15_decrypt(tiny, b"\0\2")


def test_text_is_refused() -> None:
    for operation in (
        lambda: pkcs1v15_sign(KEY_1024, "text", hash=sha1),  # type: ignore[arg-type]  # the mistake under test
        lambda: pkcs1v15_verify(KEY_1024.public_key, "text", bytes(128), hash=sha1),  # type: ignore[arg-type]  # likewise
        lambda: pkcs1v15_verify(KEY_1024.public_key, b"", "text", hash=sha1),  # type: ignore[arg-type]  # likewise
        lambda: pkcs1v15_encrypt(KEY_1024.public_key, "text"),  # type: ignore[arg-type]  # likewise
        lambda: pkcs1v15_decrypt(KEY_1024, "text"),  # type: ignore[arg-type]  # likewise
        lambda: pkcs1v15_decrypt_or_random(KEY_1024, "text", length=48),  # type: ignore[arg-type]  # likewise
    ):
        with pytest.raises(
            TypeError, match=r"PKCS #1 v1\.5: the (message|signature|ciphertext): expected bytes, got str"
        ):
            operation()
