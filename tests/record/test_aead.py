"""The protections that hide nothing behind padding: AES-GCM, ChaCha20-Poly1305, and AES-CFB with HMAC."""

import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from explain.layout import Layout, unexplained
from primitives.sha2 import sha256
from record.aead import ChaCha20Poly1305Protection, GCMProtection
from record.alerts import AlertDescription, RemoteProtocolError
from record.cfb import CFBProtection
from record.codes import TLS_1_2, ContentType
from record.presentation import Reader
from record.protection import Protection
from tests.documentation.contents import wrong_sections

KEY, MAC_KEY, IV = bytes(range(32)), bytes(range(32, 64)), bytes(range(100, 116))
NUMBER = 0x0102030405060708
HEADER: dict[str, Any] = {
    "sequence_number": NUMBER,
    "content_type": ContentType.APPLICATION_DATA,
    "version": TLS_1_2,
}


def made(kind: str) -> Protection:
    match kind:
        case "AES-128-GCM":
            return GCMProtection(key=KEY[:16], fixed_iv=IV[:4])
        case "AES-256-GCM":
            return GCMProtection(key=KEY, fixed_iv=IV[:4])
        case "ChaCha20-Poly1305":
            return ChaCha20Poly1305Protection(key=KEY, fixed_iv=IV[:12])
        case _:
            return CFBProtection(encryption_key=KEY, mac_key=MAC_KEY, hash=sha256, random_bytes=lambda n: IV[:n])


def expected(kind: str, plaintext: bytes) -> bytes:
    """What others make of it, by the words of the RFCs."""
    additional = NUMBER.to_bytes(8, "big") + b"\x17\x03\x03" + len(plaintext).to_bytes(2, "big")
    number = NUMBER.to_bytes(8, "big")
    match kind:
        case "AES-128-GCM" | "AES-256-GCM":
            key = KEY[: int(kind[4:7]) // 8]
            return number + AESGCM(key).encrypt(IV[:4] + number, plaintext, additional)
        case "ChaCha20-Poly1305":
            nonce = bytes(a ^ b for a, b in zip(bytes(4) + number, IV[:12], strict=True))
            return ChaCha20Poly1305(KEY).encrypt(nonce, plaintext, additional)
        case _:
            encryptor = Cipher(algorithms.AES(KEY), CFB(IV)).encryptor()
            sealed = IV + encryptor.update(plaintext) + encryptor.finalize()
            header = number + b"\x17\x03\x03" + len(sealed).to_bytes(2, "big")
            return sealed + hmac.digest(MAC_KEY, header + sealed, hashlib.sha256)


LABELS = {
    "AES-128-GCM": ["nonce_explicit", "aead-ciphered", "tag"],
    "AES-256-GCM": ["nonce_explicit", "aead-ciphered", "tag"],
    "ChaCha20-Poly1305": ["aead-ciphered", "tag"],
    "AES-256-CFB with HMAC-SHA256, encrypt-then-MAC": ["IV", "ciphertext", "MAC"],
}
KINDS = pytest.mark.parametrize("kind", LABELS)


def opened(kind: str, fragment: bytes, **changes: Any) -> bytes:
    content = made(kind).open(Reader(fragment), **HEADER | changes)
    assert content.content_type is HEADER["content_type"]
    return content.data


@KINDS
@given(plaintext=st.binary(max_size=300))
@settings(max_examples=30)
def test_what_is_sealed_is_what_the_rfcs_say(kind: str, plaintext: bytes) -> None:
    sealed = made(kind).seal(plaintext, **HEADER)
    assert sealed == expected(kind, plaintext)
    assert opened(kind, sealed) == plaintext


@KINDS
def test_every_spoilt_bit_every_cut_and_every_other_header_is_refused(kind: str) -> None:
    sealed = made(kind).seal(b"a secret", **HEADER)

    def refuses(fragment: bytes, **changes: Any) -> None:
        with pytest.raises(RemoteProtocolError) as caught:
            opened(kind, fragment, **changes)
        assert caught.value.alert is AlertDescription.BAD_RECORD_MAC
        assert caught.value.reason == "a record was not protected with this connection's keys"  # the same, always

    for i in range(len(sealed)):
        refuses(sealed[:i] + bytes([sealed[i] ^ 1 << i % 8]) + sealed[i + 1 :])
        refuses(sealed[:i])
    refuses(sealed + b"\0")
    for change in ({"sequence_number": 8}, {"content_type": ContentType.ALERT}, {"version": 0x0302}):
        refuses(sealed, **change)


@KINDS
def test_no_byte_is_unexplained(kind: str) -> None:
    sealed = made(kind).seal(b"content", **HEADER)
    layout = Layout()
    assert made(kind).open(Reader(sealed, layout=layout), **HEADER).data == b"content"
    [inside] = [field.opened for field in layout.fields if field.opened]
    assert (inside.data, [(part.label, part.start, part.end) for part in inside.fields]) == (
        b"content",
        [("content", 0, 7)],
    )
    assert unexplained(layout.fields, len(sealed)) == []
    assert wrong_sections(layout.fields) == []
    assert [field.label for field in layout.fields] == LABELS[kind]


@KINDS
def test_keys_are_not_shown(kind: str) -> None:
    protection = made(kind)
    assert repr(protection) == f"<{type(protection).__name__}: {kind}>"
    assert protection.name == kind


@KINDS
def test_it_can_be_watched(kind: str) -> None:
    with trace.recording() as steps:
        sealed = made(kind).seal(b"content", **HEADER)
    assert steps[-1].value == sealed[8 * ("GCM" in kind) :]
