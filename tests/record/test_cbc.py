import hashlib
import hmac
from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from explain.layout import Layout, unexplained
from primitives.sha2 import sha256, sha384
from record.alerts import AlertDescription, RemoteProtocolError
from record.cbc import CBCProtection
from record.codes import TLS_1_2, ContentType
from record.presentation import Reader
from tests.documentation.contents import wrong_sections

KEY, MAC_KEY, IV = bytes(range(16)), bytes(range(32, 64)), bytes(range(100, 116))
HEADER = {"sequence_number": 7, "content_type": ContentType.APPLICATION_DATA, "version": TLS_1_2}


def made(*, encrypt_then_mac: bool) -> CBCProtection:
    return CBCProtection(
        encryption_key=KEY,
        mac_key=MAC_KEY,
        hash=sha256,
        encrypt_then_mac=encrypt_then_mac,
        random_bytes=lambda length: IV[:length],
    )


def encrypt(block: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(IV)).encryptor()
    return IV + encryptor.update(block) + encryptor.finalize()


def tag(data: bytes) -> bytes:
    header = bytes(7) + b"\x07" + b"\x17" + b"\x03\x03" + len(data).to_bytes(2, "big")
    return hmac.digest(MAC_KEY, header + data, hashlib.sha256)


def opened(fragment: bytes, *, encrypt_then_mac: bool, **changes: int) -> bytes:
    header = HEADER | changes
    content = made(encrypt_then_mac=encrypt_then_mac).open(Reader(fragment), **header)  # type: ignore[arg-type]  # of mixed types
    assert content.content_type is header["content_type"]
    return content.data


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=60)
def test_what_is_sealed_is_what_the_rfc_says(plaintext: bytes, encrypt_then_mac: bool) -> None:
    sealed = made(encrypt_then_mac=encrypt_then_mac).seal(plaintext, **HEADER)  # type: ignore[arg-type]  # of mixed types
    content = plaintext if encrypt_then_mac else plaintext + tag(plaintext)
    padding = 15 - len(content) % 16
    expected = encrypt(content + bytes([padding]) * (padding + 1))
    if encrypt_then_mac:
        expected += tag(expected)
    assert sealed == expected
    assert opened(sealed, encrypt_then_mac=encrypt_then_mac) == plaintext


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_longer_padding_is_accepted(encrypt_then_mac: bool) -> None:
    """RFC 5246 §6.2.3.2: up to 255 bytes, to hide how long the content is."""
    for blocks in range(16):
        content = b"content" if encrypt_then_mac else b"content" + tag(b"content")
        padding = 15 - len(content) % 16 + 16 * blocks
        if padding > 255:
            continue
        fragment = encrypt(content + bytes([padding]) * (padding + 1))
        assert opened(fragment + tag(fragment) * encrypt_then_mac, encrypt_then_mac=encrypt_then_mac) == b"content"


def refuses(fragment: bytes, *, encrypt_then_mac: bool, **changes: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        opened(fragment, encrypt_then_mac=encrypt_then_mac, **changes)
    assert caught.value.alert is AlertDescription.BAD_RECORD_MAC
    assert caught.value.reason == "a record was not protected with this connection's keys"  # the same, always


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_every_spoilt_bit_every_cut_and_every_other_header_is_refused(encrypt_then_mac: bool) -> None:
    sealed = made(encrypt_then_mac=encrypt_then_mac).seal(b"a secret of some length", **HEADER)  # type: ignore[arg-type]  # of mixed types
    for i in range(len(sealed)):
        refuses(sealed[:i] + bytes([sealed[i] ^ 1 << i % 8]) + sealed[i + 1 :], encrypt_then_mac=encrypt_then_mac)
        refuses(sealed[:i], encrypt_then_mac=encrypt_then_mac)
    refuses(sealed + b"\0", encrypt_then_mac=encrypt_then_mac)
    refuses(sealed + bytes(16), encrypt_then_mac=encrypt_then_mac)
    for change in ({"sequence_number": 8}, {"content_type": ContentType.ALERT}, {"version": 0x0302}):
        refuses(sealed, encrypt_then_mac=encrypt_then_mac, **change)


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_wrong_padding_is_refused_even_with_a_right_mac(encrypt_then_mac: bool) -> None:
    content = b"content" if encrypt_then_mac else b"content" + tag(b"content")
    padding = 15 - len(content) % 16
    for wrong in (
        bytes([padding ^ 1]) + bytes([padding]) * padding,  # its first byte
        bytes([padding]) * padding + bytes([padding + 16]),  # longer than there is
        bytes([padding]) * padding + b"\xff",
        bytes([0]) * padding + bytes([padding]),  # as in SSL 3.0, where anything went: POODLE
    ):
        fragment = encrypt(content + wrong)
        refuses(fragment + tag(fragment) * encrypt_then_mac, encrypt_then_mac=encrypt_then_mac)


def test_a_mac_where_it_would_be_without_the_wrong_padding_is_refused() -> None:
    content = b"fifteen bytes.."
    assert opened(encrypt(content + tag(content) + b"\0"), encrypt_then_mac=False) == content
    refuses(encrypt(content + tag(content) + b"\5"), encrypt_then_mac=False)


def test_padding_that_leaves_no_room_for_the_mac_is_refused() -> None:
    for length in (48, 64, 256, 272):
        refuses(encrypt(bytes([min(length - 1, 255)]) * length), encrypt_then_mac=False)
    refuses(encrypt(bytes(32)), encrypt_then_mac=False)


def test_a_block_that_is_nothing_but_padding_is_no_content() -> None:
    fragment = encrypt(bytes([255]) * 256)
    assert opened(fragment + tag(fragment), encrypt_then_mac=True) == b""


@given(length=st.integers(0, 600), last=st.integers(0, 255))
@settings(max_examples=60)
def test_every_record_of_a_length_costs_the_same_hashing(length: int, last: int) -> None:
    """Whatever the padding is: the MAC's compressions and the dummy ones together are a constant."""
    block = bytes(-(-(length + 49) // 16) * 16 - 1) + bytes([last])
    compressed = 0

    class Counting:
        name, digest_size, block_size = "sha256", 32, 64

        def __init__(self, data: bytes = b"") -> None:
            self.hash, self.length = hashlib.sha256(), 0
            self.update(data)

        def update(self, data: bytes) -> None:
            nonlocal compressed
            compressed += (self.length + len(data)) // 64 - self.length // 64
            self.length += len(data)
            self.hash.update(data)

        def digest(self) -> bytes:
            nonlocal compressed
            compressed += 1 if self.length % 64 < 56 else 2
            return self.hash.digest()

        def hexdigest(self) -> str:
            return self.digest().hex()

        def digest_many(self, messages: Iterable[bytes], *, longest: int | None = None) -> list[bytes]:
            raise NotImplementedError

        def copy(self) -> "Counting":
            copy = Counting()
            copy.hash, copy.length = self.hash.copy(), self.length
            return copy

    def cost(block: bytes) -> int:
        nonlocal compressed
        guarded = CBCProtection(
            encryption_key=KEY, mac_key=MAC_KEY, hash=Counting, encrypt_then_mac=False, random_bytes=lambda n: IV[:n]
        )
        compressed = 0
        with pytest.raises(RemoteProtocolError):
            guarded.open(Reader(encrypt(block)), **HEADER)  # type: ignore[arg-type]  # of mixed types
        return compressed

    assert cost(block) == cost(bytes(len(block) - 1) + b"\1") == cost(bytes([255]) * len(block))


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_no_byte_is_unexplained(encrypt_then_mac: bool) -> None:
    sealed = made(encrypt_then_mac=encrypt_then_mac).seal(b"content", **HEADER)  # type: ignore[arg-type]  # of mixed types
    layout = Layout()
    made(encrypt_then_mac=encrypt_then_mac).open(Reader(sealed, layout=layout), **HEADER)  # type: ignore[arg-type]  # of mixed types
    assert unexplained(layout.fields, len(sealed)) == []
    assert wrong_sections(layout.fields) == []
    assert [field.label for field in layout.fields] == ["IV", "block-ciphered", "MAC"][: 3 if encrypt_then_mac else 2]


def test_keys_are_not_shown() -> None:
    for encrypt_then_mac, order in ((True, "encrypt-then-MAC"), (False, "MAC-then-encrypt")):
        shown = repr(made(encrypt_then_mac=encrypt_then_mac))
        assert shown == f"<CBCProtection: AES-128-CBC with HMAC-SHA256, {order}>"


def test_other_hashes() -> None:
    guarded = CBCProtection(
        encryption_key=bytes(32),
        mac_key=bytes(48),
        hash=sha384,
        encrypt_then_mac=False,
        random_bytes=lambda length: bytes(length),
    )
    sealed = guarded.seal(b"content", **HEADER)  # type: ignore[arg-type]  # of mixed types
    assert guarded.open(Reader(sealed), **HEADER).data == b"content"  # type: ignore[arg-type]  # of mixed types


def test_each_record_has_an_iv_of_its_own() -> None:
    ivs = iter(bytes([i]) * 16 for i in range(3))
    guarded = CBCProtection(
        encryption_key=KEY, mac_key=MAC_KEY, hash=sha256, encrypt_then_mac=True, random_bytes=lambda length: next(ivs)
    )
    assert [guarded.seal(b"", **HEADER)[:16] for _ in range(3)] == [bytes([i]) * 16 for i in range(3)]  # type: ignore[arg-type]  # of mixed types
