"""Record protection by authenticated encryption: AES-GCM and ChaCha20-Poly1305.

Standard     RFC 5246 §6.2.3.3; RFC 5288 §3 (AES-GCM), RFC 7905 §2 (ChaCha20-Poly1305).
Left out     AES-CCM.
Timing       Tags are compared in constant time, and nothing is decrypted whose tag is wrong.

>>> protection = ChaCha20Poly1305Protection(key=bytes(32), fixed_iv=bytes(12))
>>> sealed = protection.seal(b"hello", sequence_number=0, content_type=ContentType.APPLICATION_DATA, version=0x0303)
>>> len(sealed), protection
(21, <ChaCha20Poly1305Protection: ChaCha20-Poly1305>)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol

from explain.layout import Opened
from explain.trace import algorithm, note, tracing
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.errors import InvalidTag
from primitives.gcm import AESGCM
from primitives.octets import BytesLike, xor
from record.alerts import RemoteProtocolError, bad_record_mac
from record.codes import ContentType
from record.presentation import Reader
from record.protection import Content, OneByOne, of_type

EXPLICIT_NONCE = 8  # bytes (RFC 5288 §3): nonce_explicit
TAG = 16  # bytes, of both algorithms


class _AEAD(Protocol):
    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes: ...


class GCMProtection(OneByOne):
    """AES-GCM (RFC 5288): the nonce is 4 bytes that both sides know and 8 that go with each record.

    key: 16 or 32 bytes. fixed_iv: 4 bytes, the salt.
    """

    def __init__(self, *, key: bytes, fixed_iv: bytes) -> None:
        self._aead, self._salt = AESGCM(key), fixed_iv
        self.name = f"AES-{8 * len(key)}-GCM"

    def __repr__(self) -> str:
        return f"<GCMProtection: {self.name}>"

    def _explicits(self, sequence_number: int, n: int) -> list[bytes]:
        """Return nonce_explicit of n records.

        RFC 5288 §3: "The nonce_explicit MAY be the 64-bit sequence number": a counter never repeats, as chance might.
        """
        return [number.to_bytes(EXPLICIT_NONCE, "big") for number in range(sequence_number, sequence_number + n)]

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return nonce_explicit ‖ ciphertext ‖ tag."""
        [explicit] = self._explicits(sequence_number, 1)
        header = (sequence_number, content_type, version)
        return explicit + _seal(self._aead, self._salt + explicit, plaintext, header)

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the plaintext of nonce_explicit ‖ ciphertext ‖ tag."""
        if fragment.remaining < EXPLICIT_NONCE + TAG:
            raise bad_record_mac()
        explicit = fragment.opaque("nonce_explicit", EXPLICIT_NONCE, section="RFC 5288 §3")
        content = _open(self._aead, self._salt + explicit, fragment, (sequence_number, content_type, version))
        return Content(content_type, content)

    def seal_many(
        self, plaintexts: Sequence[bytes], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[bytes]:
        """Return what `seal` would, with the counters of all records encrypted together."""
        if len(plaintexts) == 1 or tracing():
            return super().seal_many(
                plaintexts, sequence_number=sequence_number, content_type=content_type, version=version
            )
        explicits = self._explicits(sequence_number, len(plaintexts))
        messages = (
            (self._salt + explicit, plaintext, _additional_data(number, content_type, version, len(plaintext)))
            for number, (explicit, plaintext) in enumerate(zip(explicits, plaintexts, strict=True), sequence_number)
        )
        return [x + y for x, y in zip(explicits, self._aead.encrypt_many(messages), strict=True)]

    def open_many(
        self, fragments: Sequence[BytesLike], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[Content | RemoteProtocolError]:
        """Return what `open` would, with the counters of all records encrypted together."""
        if len(fragments) == 1 or tracing():
            return super().open_many(
                fragments, sequence_number=sequence_number, content_type=content_type, version=version
            )
        well_formed = list(takewhile(lambda fragment: len(fragment) >= EXPLICIT_NONCE + TAG, fragments))
        messages = (
            (
                self._salt + fragment[:EXPLICIT_NONCE],
                fragment[EXPLICIT_NONCE:],
                _additional_data(number, content_type, version, len(fragment) - EXPLICIT_NONCE - TAG),
            )
            for number, fragment in enumerate(well_formed, sequence_number)
        )
        contents = self._aead.decrypt_many(messages)
        if len(well_formed) < len(fragments) and None not in contents:
            contents.append(None)
        return of_type(content_type, contents)


class ChaCha20Poly1305Protection(OneByOne):
    """ChaCha20-Poly1305 (RFC 7905): the nonce is the record's number, masked; no byte of it is sent.

    key: 32 bytes. fixed_iv: 12 bytes, the mask.
    """

    name = "ChaCha20-Poly1305"

    def __init__(self, *, key: bytes, fixed_iv: bytes) -> None:
        self._aead, self._mask = ChaCha20Poly1305(key), fixed_iv

    def __repr__(self) -> str:
        return f"<ChaCha20Poly1305Protection: {self.name}>"

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return ciphertext ‖ tag."""
        return _seal(self._aead, self._nonce(sequence_number), plaintext, (sequence_number, content_type, version))

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the plaintext of ciphertext ‖ tag."""
        if fragment.remaining < TAG:
            raise bad_record_mac()
        header = (sequence_number, content_type, version)
        return Content(content_type, _open(self._aead, self._nonce(sequence_number), fragment, header))

    def _nonce(self, sequence_number: int) -> bytes:
        """RFC 7905 §2: the number, padded on the left to 12 bytes, XOR client_write_IV or server_write_IV."""
        return xor(sequence_number.to_bytes(len(self._mask), "big"), self._mask)


@algorithm("RFC 5246 §6.2.3.3", "GenericAEADCipher", "this is what goes over the wire of a record")
def _seal(aead: _AEAD, nonce: bytes, plaintext: bytes, header: tuple[int, int, int]) -> bytes:
    nonce = note("", "nonce", nonce, "never the same twice under one key: two texts with one mask unmask each other")
    return aead.encrypt(nonce, plaintext, _additional_data(*header, len(plaintext)))


def _open(aead: _AEAD, nonce: bytes, fragment: Reader, header: tuple[int, int, int]) -> bytes:
    length = fragment.remaining - TAG
    encrypted = fragment.opaque("aead-ciphered", length, section="RFC 5246 §6.2.3.3")
    ciphered = None if fragment.layout is None or not length else fragment.layout.last
    tag = fragment.opaque("tag", TAG, section="RFC 5246 §6.2.3.3")
    try:
        content = aead.decrypt(nonce, encrypted + tag, _additional_data(*header, length))
    except InvalidTag as error:
        raise bad_record_mac() from error
    if ciphered is not None:
        how = "decrypted with the sender's write key and the record's nonce"
        ciphered.opened = Opened.of(how, content, [("content", length, f"{length} bytes", "RFC 5246 §6.2.3.3")])
    return content


def _additional_data(sequence_number: int, content_type: int, version: int, length: int) -> bytes:
    """Return seq_num ‖ type ‖ version ‖ length of the plaintext (RFC 5246 §6.2.3.3)."""
    data = (
        sequence_number.to_bytes(8, "big")
        + bytes([content_type])
        + version.to_bytes(2, "big")
        + length.to_bytes(2, "big")
    )
    return note("RFC 5246 §6.2.3.3", "additional_data", data, "authenticated, too: no record can change its place")
