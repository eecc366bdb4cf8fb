"""Record protection in TLS 1.3: one construction for every AEAD, with the content's type and padding inside.

Standard     RFC 9846 §5.2, §5.3, §5.4; RFC 8446 had the same.
Left out     A policy of padding: what is sent is padded up to a multiple of what the caller chooses. The limits of §5.5
             are the connection's, which must change its keys.
Timing       Tags are compared in constant time, and nothing is decrypted whose tag is wrong. The scan for the end of
             the padding takes as long as the padding is.

>>> from primitives.chacha20_poly1305 import ChaCha20Poly1305
>>> protection = TLS13Protection(ChaCha20Poly1305(bytes(32)), write_iv=bytes(12), name="ChaCha20-Poly1305", pad_to=16)
>>> sealed = protection.seal(b"hello", sequence_number=0, content_type=ContentType.HANDSHAKE, version=0x0303)
>>> len(sealed)
32
>>> protection.open(Reader(sealed), sequence_number=0, content_type=ContentType.APPLICATION_DATA, version=0x0303)
Content(content_type=<ContentType.HANDSHAKE: 22>, data=b'hello')
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol

from explain.layout import Opened
from explain.trace import algorithm, note, tracing
from primitives.errors import InvalidTag
from primitives.gcm import AESGCM
from primitives.octets import BytesLike, xor
from record.alerts import RemoteProtocolError, bad_record_mac, record_overflow, unexpected_message
from record.codes import CONTENT_TYPE_NAMES, MAXIMUM_PLAINTEXT, ContentType
from record.presentation import Reader
from record.protection import Content, OneByOne

TAG = 16  # bytes, of most algorithms
MAXIMUM_INNER_PLAINTEXT = MAXIMUM_PLAINTEXT + 1  # §5.4: with the type and the padding
OPENED = "decrypted with the sender's write key and the record's nonce"


class AEAD(Protocol):
    """Authenticated encryption with associated data (RFC 5116): AES-GCM, AES-CCM, ChaCha20-Poly1305."""

    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext ‖ tag."""

    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raise `InvalidTag` if the tag is not that of all the rest."""


class TLS13Protection(OneByOne):
    """One direction's protection, under one traffic secret's keys.

    aead: the AEAD under the write key. write_iv: as long as its nonce. name: what it is, for a person.
    pad_to: what is sent is padded up to a multiple of so many bytes, type included; 1 means no padding.
    tag: the length of the AEAD's tag, in bytes.
    """

    outer_type = ContentType.APPLICATION_DATA  # §5.2: opaque_type
    maximum_expansion = 256  # §5.2: bytes, of TLSCiphertext.length over 2^14

    def __init__(self, aead: AEAD, *, write_iv: bytes, name: str, pad_to: int = 1, tag: int = TAG) -> None:
        self._aead, self._write_iv, self.name = aead, write_iv, name
        self._pad_to, self._tag = pad_to, tag

    def __repr__(self) -> str:
        return f"<TLS13Protection: {self.name}>"

    @algorithm("RFC 9846 §5.2", "AEADEncrypted", "this is what goes over the wire of a record")
    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return the encrypted_record of TLSInnerPlaintext: content ‖ type ‖ zeros."""
        return self._aead.encrypt(*self._sealed(plaintext, sequence_number, content_type, version))

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return content and type of an encrypted_record.

        Raises `RemoteProtocolError`: bad_record_mac; unexpected_message for another type outside or none inside;
        record_overflow.
        """
        length = fragment.remaining
        if content_type is not self.outer_type:
            raise unexpected_message(f"a record of type {CONTENT_TYPE_NAMES[content_type]} is not encrypted")
        sealed = fragment.opaque("encrypted_record", length, section="RFC 9846 §5.2")
        field = None if fragment.layout is None or not length else fragment.layout.last
        try:
            inner = self._aead.decrypt(self._nonce(sequence_number), sealed, _additional_data(version, length))
        except InvalidTag as error:
            raise bad_record_mac() from error
        content = read_inner(inner)
        if field is not None:
            field.opened = Opened.of(
                OPENED,
                inner,
                [
                    ("content", len(content.data), f"{len(content.data)} bytes", "RFC 9846 §5.2"),
                    ("type", 1, CONTENT_TYPE_NAMES[content.content_type], "RFC 9846 §5.2"),
                    ("zeros", len(inner) - len(content.data) - 1, "padding", "RFC 9846 §5.4"),
                ],
            )
        return content

    def _nonce(self, sequence_number: int) -> bytes:
        """§5.3: the number, padded on the left to iv_length, XOR the write IV."""
        nonce = xor(sequence_number.to_bytes(len(self._write_iv), "big"), self._write_iv)
        return note("§5.3", "nonce", nonce, "never the same twice under one key, and no byte of it is sent")

    def _sealed(
        self, plaintext: bytes, sequence_number: int, content_type: ContentType, version: int
    ) -> tuple[bytes, bytes, bytes]:
        """Return what the AEAD takes: nonce, TLSInnerPlaintext, additional data."""
        inner = plaintext + bytes([content_type])
        inner += bytes(min(-len(inner) % self._pad_to, MAXIMUM_INNER_PLAINTEXT - len(inner)))  # §5.4
        inner = note(
            "", "TLSInnerPlaintext", inner, "an eavesdropper sees neither the type nor, with zeros, the length"
        )
        return self._nonce(sequence_number), inner, _additional_data(version, len(inner) + self._tag)


class TLS13GCMProtection(TLS13Protection):
    """The same with AES-GCM, which takes the counters of many records together."""

    _aead: AESGCM

    def seal_many(
        self, plaintexts: Sequence[bytes], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[bytes]:
        """Return what `seal` would, with the counters of all records encrypted together."""
        if len(plaintexts) == 1 or tracing():
            return super().seal_many(
                plaintexts, sequence_number=sequence_number, content_type=content_type, version=version
            )
        return self._aead.encrypt_many(
            self._sealed(plaintext, number, content_type, version)
            for number, plaintext in enumerate(plaintexts, sequence_number)
        )

    def open_many(
        self, fragments: Sequence[BytesLike], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[Content | RemoteProtocolError]:
        """Return what `open` would, with the counters of all records encrypted together."""
        if len(fragments) == 1 or tracing() or content_type is not self.outer_type:
            return super().open_many(
                fragments, sequence_number=sequence_number, content_type=content_type, version=version
            )
        well_formed = list(takewhile(lambda fragment: len(fragment) >= TAG, fragments))
        messages = (
            (self._nonce(number), fragment, _additional_data(version, len(fragment)))
            for number, fragment in enumerate(well_formed, sequence_number)
        )
        contents: list[Content | RemoteProtocolError] = []
        for inner in self._aead.decrypt_many(messages):
            if inner is None:
                return [*contents, bad_record_mac()]
            try:
                contents.append(read_inner(inner))
            except RemoteProtocolError as error:
                return [*contents, error]
        return contents if len(well_formed) == len(fragments) else [*contents, bad_record_mac()]


def read_inner(inner: bytes) -> Content:
    """Return content and type of a TLSInnerPlaintext that has been decrypted.

    Raises `RemoteProtocolError`: record_overflow; unexpected_message if it has no type, or one that nobody knows.
    """
    if len(inner) > MAXIMUM_INNER_PLAINTEXT:  # §5.4
        raise record_overflow(f"a record carries {len(inner)} bytes, expected at most {MAXIMUM_INNER_PLAINTEXT}")
    content = inner.rstrip(b"\0")
    if not content:  # §5.4
        raise unexpected_message("a record without a content type: it is nothing but zeros")
    if content[-1] not in CONTENT_TYPE_NAMES:  # §5: an unexpected record type
        raise unexpected_message(f"a record has the unknown type {content[-1]} inside")
    return Content(ContentType(content[-1]), content[:-1])


def _additional_data(version: int, length: int) -> bytes:
    """Return opaque_type ‖ legacy_record_version ‖ length, the header of the record (§5.2)."""
    data = bytes([ContentType.APPLICATION_DATA]) + version.to_bytes(2, "big") + length.to_bytes(2, "big")
    return note("RFC 9846 §5.2", "additional_data", data, "the header is authenticated, though it is not encrypted")
