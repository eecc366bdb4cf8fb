"""Private keys encrypted with a password: PKCS #8's `EncryptedPrivateKeyInfo` with the scheme PBES2.

Standard     RFC 5958 §3; RFC 8018 §6.2 (PBES2), §5.2 and appendix A.2 (PBKDF2), appendix B.2.5 (AES-CBC-Pad), appendix
             B.2.2 (DES-EDE3-CBC-Pad, which is only read).
Left out     Other schemes (PBES1, PKCS #12's, scrypt) and other ciphers (RC2, DES): refused by name.
Timing       What is decrypted is padded and not authenticated. There is one error for all that can be wrong with it;
             but a program that answers strangers' files with success or failure is an oracle even so.

The password is stretched: each guess costs as many HMACs as there are iterations. These take some 0.1 ms apiece in
Python and thousands of times less on an attacker's graphics cards, so a long password does more than many of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias, TypeVar

from pki.asn1.der import INTEGER, DERError, Reader
from pki.asn1.der_writer import Element, integer, null, octet_string, oid, sequence
from pki.asn1.oids import NAMES, OIDS, describe
from primitives.aes import AES
from primitives.des import TripleDES
from primitives.errors import DecryptionError
from primitives.hash_names import hash_named
from primitives.hashes import HashFunction
from primitives.integers import RandomBytes
from primitives.modes import BlockCipher, cbc_decrypt, cbc_encrypt
from primitives.padding import pkcs7_pad, pkcs7_unpad
from primitives.pbkdf2 import pbkdf2_hmac
from primitives.sha2 import sha256

Choice = TypeVar("Choice")

SECTION, ALGORITHM = "RFC 5958 §3", "RFC 5280 §4.1.1.2"
PBES2, PBKDF2, AES_CBC = "RFC 8018 §A.4", "RFC 8018 §A.2", "RFC 8018 §B.2.5"

# SP 800-132 §5.2: 1000 at least, and as many as the user will wait for. 10,000 take about 1 second in pure Python;
# OpenSSL 3 writes 2048, and others write 600,000. A file can make its reader compute no more than the reader allows.
ITERATIONS, MAX_ITERATIONS = 10_000, 1_000_000
SALT_SIZE, MAX_SALT_SIZE = 16, 1024  # SP 800-132 §5.1: 128 bits at least
BLOCK = 16

# RFC 8018 appendix B.1.2. HMAC-SHA-1 is the default (A.2): HMAC outlives the collisions of SHA-1. It is only read.
PRFS: dict[str, HashFunction] = {
    OIDS[f"id-hmacWith{name.upper()}"]: hash_named(name) for name in ("sha1", "sha224", "sha256", "sha384", "sha512")
}


class Cipher(NamedTuple):
    """A block cipher in CBC mode.

    name: as people write it. key_size, block: lengths in bytes. under: gives the cipher under a key.
    """

    name: str
    key_size: int
    block: int
    under: Callable[[bytes], BlockCipher]


CIPHERS = {OIDS[f"aes{8 * size}-CBC-PAD"]: Cipher(f"AES-{8 * size}-CBC", size, BLOCK, AES) for size in (16, 24, 32)}
CIPHERS[OIDS["des-EDE3-CBC"]] = Cipher("3DES-CBC", 24, 8, TripleDES)


@dataclass(frozen=True, slots=True)
class PBES2Encrypted:
    """What a password has encrypted in this way.

    hash: the hash function of PBKDF2's HMAC; salt, iterations: what else goes into it.
    cipher: what it is encrypted with. iv: one block of it.
    encrypted: the encryption.
    """

    hash: HashFunction
    salt: bytes
    iterations: int
    cipher: Cipher
    iv: bytes
    encrypted: bytes

    def decrypt(self, password: bytes, *, max_iterations: int = MAX_ITERATIONS) -> bytes:
        """Return what is in it (RFC 8018 §6.2.2); with a wrong password, most likely something else comes out.

        Raises `ValueError` if that takes more than `max_iterations`, and `DecryptionError` if the length or the padding
        is not right.
        """
        if self.iterations > max_iterations:
            raise ValueError(f"{self.iterations} iterations of PBKDF2, expected at most {max_iterations}")
        if not self.encrypted or len(self.encrypted) % self.cipher.block:
            raise DecryptionError
        plain = cbc_decrypt(self.under(password), self.iv, self.encrypted)
        return pkcs7_unpad(plain, self.cipher.block)

    def under(self, password: bytes) -> BlockCipher:
        """Return the cipher under the key that the password gives (RFC 8018 §6.2.1 steps 2 to 3)."""
        key = pbkdf2_hmac(password, self.salt, self.iterations, self.cipher.key_size, hash=self.hash)
        return self.cipher.under(key)


def encrypt(plain: bytes, password: bytes, *, random_bytes: RandomBytes = secrets.token_bytes) -> PBES2Encrypted:
    """Return `plain` encrypted with AES-256-CBC, under a key from PBKDF2 with HMAC-SHA-256.

    plain: bytes of any length. password: one byte or more. random_bytes: where salt and IV come from.
    """
    if not password:
        raise ValueError("the password is empty, expected at least one byte")
    salt, iv = random_bytes(SALT_SIZE), random_bytes(BLOCK)
    made = PBES2Encrypted(sha256, salt, ITERATIONS, CIPHERS[OIDS["aes256-CBC-PAD"]], iv, b"")
    return replace(made, encrypted=cbc_encrypt(made.under(password), iv, pkcs7_pad(plain, BLOCK)))


def encryption_algorithm(made: PBES2Encrypted, label: str, *, section: str) -> Element:
    """Return the `AlgorithmIdentifier` of what `encrypt` returned, to be written."""
    return sequence(
        label,
        oid("algorithm", OIDS["id-PBES2"], section=ALGORITHM),
        sequence("PBES2-params", _key_derivation(made), _encryption_scheme(made.iv), section=PBES2),
        section=section,
    )


def encrypted_private_key_info(
    plain: bytes, password: bytes, *, random_bytes: RandomBytes = secrets.token_bytes
) -> Element:
    """Return an `EncryptedPrivateKeyInfo` to be written: AES-256-CBC, under a key from PBKDF2 with HMAC-SHA-256.

    plain: the DER of a `PrivateKeyInfo`. password: one byte or more. random_bytes: where salt and IV come from.
    """
    made = encrypt(plain, password, random_bytes=random_bytes)
    return sequence(
        "EncryptedPrivateKeyInfo",
        encryption_algorithm(made, "encryptionAlgorithm", section=SECTION),
        octet_string("encryptedData", made.encrypted, section=SECTION),
        section=SECTION,
    )


def _key_derivation(info: PBES2Encrypted) -> Element:
    """Return the `keyDerivationFunc`: the key's length is not said again, as the cipher says it."""
    return sequence(
        "keyDerivationFunc",
        oid("algorithm", OIDS["id-PBKDF2"], section=ALGORITHM),
        sequence(
            "PBKDF2-params",
            octet_string("salt", info.salt, section=PBKDF2),
            integer("iterationCount", info.iterations, section=PBKDF2),
            sequence(
                "prf",
                oid("algorithm", OIDS["id-hmacWithSHA256"], section=ALGORITHM),
                null("parameters", section="RFC 8018 §B.1.2"),
                section=PBKDF2,
            ),
            section=PBKDF2,
        ),
        section=PBES2,
    )


def _encryption_scheme(iv: bytes) -> Element:
    return sequence(
        "encryptionScheme",
        oid("algorithm", OIDS["aes256-CBC-PAD"], section=ALGORITHM),
        octet_string("iv", iv, section=AES_CBC),
        section=PBES2,
    )


Scheme: TypeAlias = tuple[HashFunction, bytes, int, Cipher, bytes]


def read_pbes2_parameters(identifier: Reader) -> Scheme:
    """Read `PBES2-params`; return all of a `PBES2Encrypted` but what is encrypted."""
    with identifier.sequence("PBES2-params", section=PBES2) as parameters:
        with parameters.sequence("keyDerivationFunc", section=PBES2) as function:
            _expect(function, "id-PBKDF2", "the derivation of the key from the password")
            hash, salt, iterations, length = _read_pbkdf2(function)
        start = parameters.position
        with parameters.sequence("encryptionScheme", section=PBES2) as scheme:
            cipher = _read_choice(scheme, "the cipher", CIPHERS)
            iv = scheme.octet_string("iv", section=AES_CBC)
    if length not in (None, cipher.key_size):
        raise DERError(start, f"the cipher takes a key of {cipher.key_size} bytes, but PBKDF2 is to give {length}")
    if len(iv) != cipher.block:
        raise DERError(start, f"the iv has {len(iv)} bytes, expected {cipher.block}")
    return hash, salt, iterations, cipher, iv


def _read_pbkdf2(function: Reader) -> tuple[HashFunction, bytes, int, int | None]:
    """Read `PBKDF2-params`: hash function, salt, iterations, and the key's length if it is there."""
    hash, length = PRFS[OIDS["id-hmacWithSHA1"]], None
    with function.sequence("PBKDF2-params", section=PBKDF2) as parameters:
        start = parameters.position
        salt = parameters.octet_string("salt", section=PBKDF2)  # of two choices, the one in use
        if len(salt) > MAX_SALT_SIZE:
            raise DERError(start, f"the salt has {len(salt)} bytes, expected at most {MAX_SALT_SIZE}")
        start = parameters.position
        iterations = parameters.natural("iterationCount", section=PBKDF2)
        if iterations < 1:
            raise DERError(start, f"{iterations} iterations of PBKDF2, expected at least one")
        if parameters.peek() == INTEGER:
            length = parameters.natural("keyLength", section=PBKDF2)
        if not parameters.at_end():
            with parameters.sequence("prf", section=PBKDF2) as prf:
                hash = _read_choice(prf, "the pseudorandom function", PRFS)
                prf.null("parameters", section="RFC 8018 §B.1.2")
    return hash, salt, iterations, length


def _expect(identifier: Reader, name: str, what: str) -> None:
    """Read the identifier of the one algorithm that is known for this."""
    start = identifier.position
    found = identifier.oid("algorithm", section=ALGORITHM)
    if found != OIDS[name]:
        raise DERError(start, f"{what} is {describe(found)}, expected {name}")


def _read_choice(identifier: Reader, what: str, choices: Mapping[str, Choice]) -> Choice:
    """Read the identifier of one of the algorithms that are known for this, and return what it stands for."""
    start = identifier.position
    found = identifier.oid("algorithm", section=ALGORITHM)
    if found not in choices:
        raise DERError(start, f"{what} is {describe(found)}, expected {', '.join(NAMES[known] for known in choices)}")
    return choices[found]
