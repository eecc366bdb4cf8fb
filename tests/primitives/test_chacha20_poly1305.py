"""ChaCha20-Poly1305 against RFC 8439 and cryptography, and every way to corrupt what it has sealed."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305 as Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.errors import InvalidTag

KEY = bytes(range(0x80, 0xA0))
NONCE = bytes.fromhex("070000004041424344454647")
AAD = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
SUNSCREEN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
SEALED = bytes.fromhex(
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
    "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"
)


def test_rfc_8439_section_2_8_2_through_the_recording() -> None:
    cipher = ChaCha20Poly1305(KEY)
    assert cipher.encrypt(NONCE, SUNSCREEN, AAD) == SEALED
    assert cipher.decrypt(NONCE, SEALED, AAD) == SUNSCREEN
    with trace.recording() as steps:
        assert cipher.encrypt(NONCE, SUNSCREEN, AAD) == SEALED
        assert cipher.decrypt(NONCE, SEALED, AAD) == SUNSCREEN
    encrypt, decrypt = steps
    assert [step.name for step in encrypt.steps] == [
        "poly1305_key_gen", "ChaCha20", "ciphertext", "mac_data", "Poly1305",
    ]  # fmt: skip
    assert encrypt.steps[0].value == bytes.fromhex("7bac2b252db447af09b67a55a4e955840ae1d6731075d9eb2a9375783ed553ff")
    assert encrypt.steps[3].value == AAD + bytes(4) + SEALED[:-16] + bytes(14) + bytes.fromhex(
        "0c000000000000007200000000000000"
    )
    assert encrypt.steps[4].value == SEALED[-16:]
    assert encrypt.value == SEALED
    assert decrypt.value == SUNSCREEN
    assert [step.name for step in decrypt.steps] == [
        "poly1305_key_gen", "mac_data", "Poly1305", "tags are equal", "ChaCha20",
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    key=st.binary(min_size=32, max_size=32),
    nonce=st.binary(min_size=12, max_size=12),
    plaintext=st.binary(max_size=300),
    aad=st.binary(max_size=50),
)
def test_both_ways_with_cryptography(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> None:
    sealed = ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)
    assert sealed == Oracle(key).encrypt(nonce, plaintext, aad)
    assert ChaCha20Poly1305(key).decrypt(nonce, sealed, aad) == plaintext


def test_a_long_message_as_cryptography() -> None:
    plaintext = bytes(i % 253 for i in range(40_000))
    assert ChaCha20Poly1305(KEY).encrypt(NONCE, plaintext, AAD) == Oracle(KEY).encrypt(NONCE, plaintext, AAD)


def test_whatever_is_spoiled_is_refused() -> None:
    cipher = ChaCha20Poly1305(KEY)
    sealed = cipher.encrypt(NONCE, b"sixteen and more bytes", AAD)
    for i in range(len(sealed)):
        with pytest.raises(InvalidTag):
            cipher.decrypt(NONCE, sealed[:i], AAD)
        with pytest.raises(InvalidTag):
            cipher.decrypt(NONCE, sealed[:i] + bytes([sealed[i] ^ 0x10]) + sealed[i + 1 :], AAD)
    for nonce, data, aad in (
        (bytes(12), sealed, AAD),
        (NONCE, sealed + b"\0", AAD),
        (NONCE, sealed, AAD + b"\0"),
        (NONCE, sealed, AAD[:-1]),
        (NONCE, sealed, b""),
        (NONCE, AAD + sealed, b""),
    ):
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, data, aad)
    with pytest.raises(InvalidTag):
        ChaCha20Poly1305(bytes(32)).decrypt(NONCE, sealed, AAD)


def test_nothing_is_unmasked_before_the_tag_holds() -> None:
    with trace.recording() as steps, pytest.raises(InvalidTag):
        ChaCha20Poly1305(KEY).decrypt(NONCE, SEALED[:-1] + b"\0", AAD)
    assert [step.name for step in steps[0].steps] == ["poly1305_key_gen", "mac_data", "Poly1305", "tags are equal"]
    assert steps[0].steps[-1].value is False
    with trace.recording() as steps, pytest.raises(InvalidTag):
        ChaCha20Poly1305(KEY).decrypt(NONCE, bytes(15), AAD)
    assert [(step.name, step.value) for step in steps[0].steps] == [("length", False)]


def test_wrong_lengths_and_types_are_refused_and_the_key_is_hidden() -> None:
    for length in (0, 16, 31, 33):
        with pytest.raises(ValueError, match=f"key has {length} bytes, expected 32"):
            ChaCha20Poly1305(bytes(length))
    cipher = ChaCha20Poly1305(KEY)
    for length in (0, 8, 11, 13):
        with pytest.raises(ValueError, match=f"nonce has {length} bytes, expected 12"):
            cipher.encrypt(bytes(length), b"", b"")
        with pytest.raises(ValueError, match=f"nonce has {length} bytes, expected 12"):
            cipher.decrypt(bytes(length), bytes(16), b"")
    with pytest.raises(TypeError, match="aad: expected bytes"):
        cipher.encrypt(NONCE, b"", "aad")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match="ciphertext: expected bytes"):
        cipher.decrypt(NONCE, "sealed", b"")  # type: ignore[arg-type]  # the mistake under test
    assert KEY.hex() not in repr(cipher)
    assert "hidden" in repr(cipher)
