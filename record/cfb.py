"""Record protection by AES-CFB and HMAC, the MAC over the ciphertext: for suites of IANA's private-use range.

Standard     None has such suites. SP 800-38A §6.3 (CFB-128), and the form of RFC 7366 §3: IV ‖ ciphertext ‖ MAC.
Left out     MAC-then-encrypt.
Timing       Nothing is decrypted whose MAC is wrong; MACs are compared in constant time.

>>> from primitives.sha2 import sha256
>>> protection = CFBProtection(encryption_key=bytes(16), mac_key=bytes(32), hash=sha256, random_bytes=bytes)
>>> sealed = protection.seal(b"hello", sequence_number=0, content_type=ContentType.APPLICATION_DATA, version=0x0303)
>>> len(sealed), protection
(53, <CFBProtection: AES-128-CFB with HMAC-SHA256, encrypt-then-MAC>)
"""

from __future__ import annotations

from hmac import compare_digest

from explain.layout import Opened
from explain.trace import algorithm, note
from primitives.aes import AES
from primitives.hashes import HashFunction
from primitives.hmac import HMAC
from primitives.integers import RandomBytes
from primitives.modes import cfb_decrypt, cfb_encrypt
from record.alerts import bad_record_mac
from record.cbc import BLOCK
from record.codes import ContentType
from record.presentation import Reader
from record.protection import Content, OneByOne, record_mac

SECTION = "RFC 7366 §3"


class CFBProtection(OneByOne):
    """AES in CFB-128 mode, and an HMAC over IV and ciphertext.

    CFB masks the data with encryptions of the ciphertext before it. So it needs no padding; but without a MAC
    anybody could flip bits of the last block, or cut it off, and nobody would notice.

    encryption_key: the AES key: 16 or 32 bytes. mac_key: the HMAC key, as long as the hash's output.
    hash: the hash function of the HMAC. random_bytes: where the IVs come from; each record gets its own.
    """

    def __init__(self, *, encryption_key: bytes, mac_key: bytes, hash: HashFunction, random_bytes: RandomBytes) -> None:
        self._cipher, self._keyed, self._random_bytes = AES(encryption_key), HMAC(mac_key, hash=hash), random_bytes
        self._mac_length = hash.digest_size
        self.name = f"AES-{8 * len(encryption_key)}-CFB with HMAC-{hash.name.upper()}, encrypt-then-MAC"

    def __repr__(self) -> str:
        return f"<CFBProtection: {self.name}>"

    def seal(self, plaintext: bytes, *, sequence_number: int, content_type: ContentType, version: int) -> bytes:
        """Return IV ‖ ciphertext ‖ MAC."""
        return self._seal(plaintext, (sequence_number, content_type, version))

    @algorithm(SECTION, "record", "this is what goes over the wire of a record")
    def _seal(self, plaintext: bytes, header: tuple[int, ContentType, int]) -> bytes:
        why = "new for each record: two texts under one mask give both away"
        iv = note("SP 800-38A §6.3", "IV", self._random_bytes(BLOCK), why)
        sealed = iv + cfb_encrypt(self._cipher, iv, plaintext)
        return sealed + record_mac(self._keyed, *header, sealed, section=SECTION)

    def open(self, fragment: Reader, *, sequence_number: int, content_type: ContentType, version: int) -> Content:
        """Return the plaintext of IV ‖ ciphertext ‖ MAC."""
        length = fragment.remaining - BLOCK - self._mac_length
        if length < 0:
            raise bad_record_mac()
        iv = fragment.opaque("IV", BLOCK, section="SP 800-38A §6.3")
        encrypted = fragment.opaque("ciphertext", length, section="SP 800-38A §6.3")
        ciphered = None if fragment.layout is None or not length else fragment.layout.last
        mac = fragment.opaque("MAC", self._mac_length, section=SECTION)
        expected = record_mac(self._keyed, sequence_number, content_type, version, iv + encrypted, section=SECTION)
        if not compare_digest(mac, expected):
            raise bad_record_mac()
        content = cfb_decrypt(self._cipher, iv, encrypted)
        if ciphered is not None:
            how = "unmasked with the sender's write key: each block with the encryption of the one before it"
            ciphered.opened = Opened.of(how, content, [("content", length, f"{length} bytes", "SP 800-38A §6.3")])
        return Content(content_type, content)
