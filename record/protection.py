"""Record protection: what is done to a record's fragment before it is sent, and undone when it is received.

Standard     RFC 5246 §6.2.3 (the null and the CBC block cipher), §6.2.3.2; RFC 7366 (encrypt-then-MAC).
Left out     Compression (RFC 5246 §6.2.2), which leaks what it compresses; padding beyond the least. Authenticated
             encryption is in `aead`, AES-CFB in `cfb`.
Timing       MAC-then-encrypt: a record with wrong padding costs the same hash computations as one with a wrong
             MAC, and gets the same alert (Lucky Thirteen, AlFardan and Paterson 2013). What remains is the variable
             time of Python itself. Encrypt-then-MAC decrypts only what the peer made, so nothing is there to leak.

>>> NullProtection().seal(b"hello", sequence_number=0, content_type=ContentType.HANDSHAKE, version=0x0303)
b'hello'
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Protocol

from primitives import trace
from primitives.aes import AES
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import RandomBytes
from primitives.layout import Opened
from primitives.modes import cbc_decrypt, cbc_encrypt
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import ContentType
from record.presentation import Reader

BLOCK = 16  # bytes; AES is the only block cipher here


class Protection(Protocol):
    """One direction's protection, with its keys. It keeps no count: the record layer numbers the records."""

    @property
    def name(self) -> str:
        """What it is, for a person."""

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the protected fragment of a record that carries `plaintext`, at most 2^14 bytes."""

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the plaintext of a protected fragment, reading the reader to its end.

        Raises `RemoteProtocolError` with bad_record_mac, whatever was wrong.
        """


class NullProtection:
    """TLS_NULL_WITH_NULL_NULL, as every connection begins (RFC 5246 §6.1, §6.2.3.1)."""

    name = "none"

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return `plaintext` itself."""
        return plaintext

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the fragment itself."""
        return fragment.opaque("content", fragment.remaining, section="RFC 5246 §6.2.1")


class CBCProtection:
    """AES in CBC mode with HMAC (RFC 5246 §6.2.3.2), the MAC inside of the encryption or, by RFC 7366, outside.

    encryption_key: the AES key: 16, 24 or 32 bytes.
    mac_key: the HMAC key, as long as the hash's output.
    hash: the hash function of the HMAC.
    encrypt_then_mac: whether the MAC is computed over the ciphertext (RFC 7366) instead of the plaintext.
    random_bytes: where the IVs come from; each record gets its own, unpredictable one.
    """

    def __init__(
        self,
        *,
        encryption_key: bytes,
        mac_key: bytes,
        hash: HashFunction,
        encrypt_then_mac: bool,
        random_bytes: RandomBytes,
    ) -> None:
        self._cipher = AES(encryption_key)
        self._hash = hash
        self._keyed = HMAC(mac_key, hash=hash)  # the key is absorbed once, for all records
        self._random_bytes = random_bytes
        self.encrypt_then_mac = encrypt_then_mac
        order = "encrypt-then-MAC" if encrypt_then_mac else "MAC-then-encrypt"
        self.name = f"AES-{8 * len(encryption_key)}-CBC with HMAC-{hash.name.upper()}, {order}"

    def __repr__(self) -> str:
        return f"<CBCProtection: {self.name}>"

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return IV ‖ ciphertext, with the MAC behind it or inside it."""
        header = (sequence_number, content_type, version)
        with trace.group("GenericBlockCipher", "RFC 5246 §6.2.3.2", why="what goes over the wire of a record") as whole:
            iv = self._random_bytes(BLOCK)
            trace.step("IV", iv, "RFC 5246 §6.2.3.2", why="new and unpredictable for each record, or BEAST breaks it")
            content = plaintext if self.encrypt_then_mac else plaintext + self._mac(*header, plaintext)
            padding_length = -(len(content) + 1) % BLOCK
            padding = bytes([padding_length]) * (padding_length + 1)  # the last one is padding_length itself
            trace.step("padding", padding, "RFC 5246 §6.2.3.2", why="fills the last block, and tells its own length")
            sealed = iv + cbc_encrypt(self._cipher, iv, content + padding)
            if self.encrypt_then_mac:
                sealed += self._mac(*header, sealed)
            whole.value = sealed
        return sealed

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the plaintext of IV ‖ ciphertext [‖ MAC]."""
        header = (sequence_number, content_type, version)
        outer_mac_length = self._hash.digest_size if self.encrypt_then_mac else 0
        encrypted_length = fragment.remaining - outer_mac_length - BLOCK
        least = 1 if self.encrypt_then_mac else self._hash.digest_size + 1
        if encrypted_length < least or encrypted_length % BLOCK:
            raise bad_record_mac()  # RFC 5246 §7.2.2 wants this alert for a length that is no multiple, too
        iv = fragment.opaque("IV", BLOCK, section="RFC 5246 §6.2.3.2")
        encrypted = fragment.opaque("block-ciphered", encrypted_length, section="RFC 5246 §6.2.3.2")
        ciphered = None if fragment.layout is None else fragment.layout.last
        if self.encrypt_then_mac:
            mac = fragment.opaque("MAC", outer_mac_length, section="RFC 7366 §3")
            if not compare_digest(mac, self._mac(*header, iv + encrypted)):
                raise bad_record_mac()
            block = cbc_decrypt(self._cipher, iv, encrypted)
            padding_length, padding_good = _padding(block, mac_length=0)
            if not padding_good:  # the MAC was good, so the peer itself sent this: it is no oracle
                raise bad_record_mac()
            content = block[: len(block) - 1 - padding_length]
        else:
            block = cbc_decrypt(self._cipher, iv, encrypted)
            content = self._check_mac(header, block)
        if ciphered is not None:
            ciphered.opened = self._opened(block, len(content))
        return content

    def _opened(self, block: bytes, length: int) -> Opened:
        """Return what the decrypted blocks are, `length` bytes of content among them."""
        mac_length = 0 if self.encrypt_then_mac else self._hash.digest_size
        padding_length = len(block) - length - mac_length - 1
        section = "RFC 5246 §6.2.3.2"
        return Opened.of(
            "decrypted with the sender's write key, each block with the one before it",
            block,
            [
                ("content", length, f"{length} bytes", section),
                ("MAC", mac_length, f"{mac_length} bytes", "RFC 5246 §6.2.3.1"),
                ("padding", padding_length, f"{padding_length} bytes", section),
                ("padding_length", 1, str(padding_length), section),
            ],
        )

    def _mac(self, sequence_number: int, content_type: int, version: int, data: bytes) -> bytes:
        """Return MAC(mac_key, seq_num ‖ type ‖ version ‖ length ‖ data) (RFC 5246 §6.2.3.1, RFC 7366 §3)."""
        section = "RFC 7366 §3" if self.encrypt_then_mac else "RFC 5246 §6.2.3.1"
        return record_mac(self._keyed, sequence_number, content_type, version, data, section=section)

    def _check_mac(self, header: tuple[int, int, int], block: bytes) -> bytes:
        """Return the content of content ‖ MAC ‖ padding, in a time that tells little about the padding.

        RFC 5246 §6.2.3.2, implementation note: wrong padding counts as none, the MAC is computed all the
        same, and only then is the record refused.
        """
        mac_length = self._hash.digest_size
        padding_length, padding_good = _padding(block, mac_length=mac_length)
        longest = len(block) - mac_length - 1
        length = longest - padding_length
        content, mac = block[:length], block[length : length + mac_length]
        mac_good = compare_digest(mac, self._mac(*header, content))
        # A shorter content has fewer blocks to hash. Hashing the difference evens that out.
        dummy = self._hash()
        dummy.update(bytes(self._hash.block_size * (self._compressions(longest) - self._compressions(length))))
        if not (mac_good & padding_good):
            raise bad_record_mac()
        return content

    def _compressions(self, length: int) -> int:
        """Return how many blocks the inner hash of the HMAC takes, for `length` bytes of content."""
        block = self._hash.block_size
        header, end = 13, 1 + block // 8  # the MAC's header; the hash's own padding (FIPS 180-4 §5.1)
        return (block + header + length + end + block - 1) // block  # the first block is the key's


def record_mac(
    keyed: HMAC, sequence_number: int, content_type: int, version: int, data: bytes, *, section: str
) -> bytes:
    """Return the MAC of a record's data and header, under the key that `keyed` has absorbed."""
    header = (
        sequence_number.to_bytes(8, "big")
        + bytes([content_type])
        + version.to_bytes(2, "big")
        + len(data).to_bytes(2, "big")
    )
    with trace.group("MAC", section, why="over the record's number, too: none can be dropped or moved") as whole:
        mac = keyed.copy()
        mac.update(header + data)
        whole.value = tag = mac.digest()
    return tag


def _padding(block: bytes, *, mac_length: int) -> tuple[int, bool]:
    """Return the length of the padding and whether it is right; if it is wrong, a length of 0.

    All bytes that could be padding are looked at, whatever the length claims.
    """
    padding_length = block[-1]
    longest = min(255, len(block) - mac_length - 1)
    fits = padding_length <= longest
    tail = int.from_bytes(block[len(block) - longest - 1 :], "big")
    expected = int.from_bytes(bytes([padding_length]) * (longest + 1), "big")
    mask = (1 << 8 * (min(padding_length, longest) + 1)) - 1
    good = fits & ((tail ^ expected) & mask == 0)
    return padding_length * good, good


def bad_record_mac() -> RemoteProtocolError:
    """Return the one error for every record that does not open, whatever was wrong with it."""
    return RemoteProtocolError(
        AlertDescription.BAD_RECORD_MAC, "a record was not protected with this connection's keys"
    )
