"""Record protection by AES-CBC and HMAC, the MAC inside of the encryption or outside.

Standard     RFC 5246 §6.2.3.2; RFC 7366 (encrypt-then-MAC).
Left out     Padding beyond the least.
Timing       MAC-then-encrypt: a record with wrong padding costs the same hash computations as one with a wrong
             MAC, and gets the same alert (Lucky Thirteen, AlFardan and Paterson 2013). What remains is the variable
             time of Python itself. Encrypt-then-MAC decrypts only what the peer made, so nothing is there to leak.

>>> from primitives.sha2 import sha256
>>> protection = CBCProtection(
...     encryption_key=bytes(16), mac_key=bytes(32), hash=sha256, encrypt_then_mac=True, random_bytes=bytes
... )
>>> sealed = protection.seal(b"hello", sequence_number=0, content_type=ContentType.APPLICATION_DATA, version=0x0303)
>>> len(sealed), protection
(64, <CBCProtection: AES-128-CBC with HMAC-SHA256, encrypt-then-MAC>)
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest
from itertools import takewhile

from explain.layout import Opened
from explain.trace import algorithm, note, tracing
from primitives.aes import AES
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import RandomBytes
from primitives.modes import cbc_decrypt, cbc_decrypt_many, cbc_encrypt, cbc_encrypt_many
from primitives.octets import BytesLike
from record.alerts import RemoteProtocolError, bad_record_mac
from record.codes import ContentType
from record.presentation import Reader
from record.protection import MAC_HEADER, Content, OneByOne, mac_header, of_type, record_mac

BLOCK = 16  # bytes; AES is the only block cipher here


class CBCProtection(OneByOne):
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
        return self._seal(plaintext, (sequence_number, content_type, version))

    @algorithm("RFC 5246 §6.2.3.2", "GenericBlockCipher", "this is what goes over the wire of a record")
    def _seal(self, plaintext: bytes, header: tuple[int, ContentType, int]) -> bytes:
        iv = note("", "IV", self._random_bytes(BLOCK), "new and unpredictable for each record, or BEAST breaks it")
        content = plaintext if self.encrypt_then_mac else plaintext + self._mac(*header, plaintext)
        padding = note("", "padding", _padding_for(len(content)), "fills the last block, and tells its own length")
        sealed = iv + cbc_encrypt(self._cipher, iv, content + padding)
        return sealed + self._mac(*header, sealed) if self.encrypt_then_mac else sealed

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the plaintext of IV ‖ ciphertext [‖ MAC]."""
        header = (sequence_number, content_type, version)
        outer_mac_length = self._hash.digest_size if self.encrypt_then_mac else 0
        if not self._is_well_formed(fragment.remaining):
            raise bad_record_mac()  # RFC 5246 §7.2.2 wants this alert for a length that is not a multiple, too
        encrypted_length = fragment.remaining - outer_mac_length - BLOCK
        iv = fragment.opaque("IV", BLOCK, section="RFC 5246 §6.2.3.2")
        encrypted = fragment.opaque("block-ciphered", encrypted_length, section="RFC 5246 §6.2.3.2")
        ciphered = None if fragment.layout is None else fragment.layout.last
        if self.encrypt_then_mac:
            mac = fragment.opaque("MAC", outer_mac_length, section="RFC 7366 §3")
            if not compare_digest(mac, self._mac(*header, iv + encrypted)):
                raise bad_record_mac()
            block = cbc_decrypt(self._cipher, iv, encrypted)
            padding_length, padding_good = _padding(block, mac_length=0)
            if not padding_good:  # the MAC was good, so the peer itself sent this: it is not an oracle
                raise bad_record_mac()
            content = block[: len(block) - 1 - padding_length]
        else:
            block = cbc_decrypt(self._cipher, iv, encrypted)
            content = self._check_mac(header, block)
        if ciphered is not None:
            ciphered.opened = self._opened(block, len(content))
        return Content(content_type, content)

    def seal_many(
        self, plaintexts: Sequence[bytes], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[bytes]:
        """Return what `seal` would, with all MACs computed together, and all records encrypted together."""
        if len(plaintexts) == 1 or tracing():
            return super().seal_many(
                plaintexts, sequence_number=sequence_number, content_type=content_type, version=version
            )
        numbers = range(sequence_number, sequence_number + len(plaintexts))

        def macs(data: Sequence[bytes]) -> list[bytes]:
            return self._keyed.digest_many(
                mac_header(number, content_type, version, len(each)) + each
                for number, each in zip(numbers, data, strict=True)
            )

        inner_macs = [b""] * len(plaintexts) if self.encrypt_then_mac else macs(plaintexts)
        ivs = [self._random_bytes(BLOCK) for _ in plaintexts]
        encrypted = cbc_encrypt_many(
            self._cipher,
            [
                (iv, content + mac + _padding_for(len(content) + len(mac)))
                for iv, content, mac in zip(ivs, plaintexts, inner_macs, strict=True)
            ],
        )
        sealed = [iv + each for iv, each in zip(ivs, encrypted, strict=True)]
        if self.encrypt_then_mac:
            sealed = [each + mac for each, mac in zip(sealed, macs(sealed), strict=True)]
        return sealed

    def open_many(
        self, fragments: Sequence[BytesLike], *, sequence_number: int, content_type: ContentType, version: int
    ) -> list[Content | RemoteProtocolError]:
        """Return what `open` would, with all records decrypted together, and all MACs computed together."""
        if len(fragments) == 1 or tracing():
            return super().open_many(
                fragments, sequence_number=sequence_number, content_type=content_type, version=version
            )
        outer_mac_length = self._hash.digest_size if self.encrypt_then_mac else 0
        well_formed = list(takewhile(lambda each: self._is_well_formed(len(each)), fragments))
        numbers = range(sequence_number, sequence_number + len(well_formed))
        if self.encrypt_then_mac:
            expected = self._keyed.digest_many(
                mac_header(number, content_type, version, len(each) - outer_mac_length) + each[:-outer_mac_length]
                for number, each in zip(numbers, well_formed, strict=True)
            )
            macs = [each[-outer_mac_length:] for each in well_formed]
            good = [compare_digest(mac, tag) for mac, tag in zip(macs, expected, strict=True)]
            del well_formed[[*good, False].index(False) :]  # whose MAC is wrong, and what follows: it is not decrypted
        blocks = cbc_decrypt_many(
            self._cipher, ((each[:BLOCK], each[BLOCK : len(each) - outer_mac_length]) for each in well_formed)
        )
        contents: list[bytes | None] = []
        if self.encrypt_then_mac:
            for block in blocks:
                padding_length, padding_good = _padding(block, mac_length=0)
                contents.append(block[: len(block) - 1 - padding_length] if padding_good else None)
        else:
            contents = self._check_macs([(number, content_type, version) for number in numbers], blocks)
        failed = [*contents, None].index(None)
        return of_type(content_type, contents if failed == len(fragments) else [*contents[:failed], None])

    def _is_well_formed(self, length: int) -> bool:
        """Whether a fragment can have this length."""
        outer_mac_length = self._hash.digest_size if self.encrypt_then_mac else 0
        encrypted_length = length - outer_mac_length - BLOCK
        least = 1 if self.encrypt_then_mac else self._hash.digest_size + 1
        return encrypted_length >= least and encrypted_length % BLOCK == 0

    def _check_macs(self, headers: Sequence[tuple[int, int, int]], blocks: Sequence[bytes]) -> list[bytes | None]:
        """Return what `_check_mac` would for each, None where it would raise; in a time that tells as little.

        The blocks of one length have one MAC's length of hashing each, wherever their contents end.
        """
        contents: list[bytes | None] = [None] * len(blocks)
        mac_length = self._hash.digest_size
        for block_length in {len(block) for block in blocks}:
            longest = block_length - mac_length - 1
            group = [i for i, block in enumerate(blocks) if len(block) == block_length]
            paddings = [_padding(blocks[i], mac_length=mac_length) for i in group]
            ends = [longest - padding_length for padding_length, _ in paddings]
            expected = self._keyed.digest_many(
                (mac_header(*headers[i], end) + blocks[i][:end] for i, end in zip(group, ends, strict=True)),
                longest=MAC_HEADER + longest,
            )
            for i, end, tag, (_, padding_good) in zip(group, ends, expected, paddings, strict=True):
                if compare_digest(blocks[i][end : end + mac_length], tag) & padding_good:
                    contents[i] = blocks[i][:end]
        return contents

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
        # A shorter content has fewer blocks to hash. Hashing the difference evens that out; bytes of the record itself,
        # since Python adds and rotates the small numbers of zeros faster.
        dummy = self._hash()
        missing = self._hash.block_size * (self._compressions(longest) - self._compressions(length))
        dummy.update((block * (missing // len(block) + 1))[:missing])
        if not (mac_good & padding_good):
            raise bad_record_mac()
        return content

    def _compressions(self, length: int) -> int:
        """Return how many blocks the inner hash of the HMAC takes, for `length` bytes of content."""
        block = self._hash.block_size
        end = 1 + block // 8  # the hash's own padding (FIPS 180-4 §5.1)
        return (block + MAC_HEADER + length + end + block - 1) // block  # the first block is the key's


def _padding_for(length: int) -> bytes:
    """Return the padding that fills the last block of so many bytes, padding_length at its end (RFC 5246 §6.2.3.2)."""
    padding_length = -(length + 1) % BLOCK
    return bytes([padding_length]) * (padding_length + 1)  # the last one is padding_length itself


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
