"""The older password-based encryption of PKCS #12, with triple DES. Read only.

Standard     RFC 7292 appendix C, with the keys and IVs of appendix B; appendix B.1 for the password.
Left out     Writing: `pki.key_formats.pbes2` takes its place. RC2 and RC4, some of whose keys anyone can try: refused.
Timing       As with PBES2, what is decrypted is padded and not authenticated.
"""

from __future__ import annotations

from dataclasses import dataclass

from pki.asn1.der import DERError, Reader
from pki.key_formats.pbes2 import MAX_ITERATIONS, MAX_SALT_SIZE
from primitives.des import TripleDES
from primitives.errors import DecryptionError
from primitives.modes import cbc_decrypt
from primitives.padding import pkcs7_unpad
from primitives.pkcs12_kdf import IV, KEY, pkcs12_kdf
from primitives.sha1 import sha1

SECTION = "RFC 7292 §C"
KEY_SIZE, BLOCK = 24, 8


@dataclass(frozen=True, slots=True)
class PKCS12Encrypted:
    """What a password has encrypted in this way.

    salt, iterations: what else goes into the key. encrypted: the encryption.
    """

    salt: bytes
    iterations: int
    encrypted: bytes

    def decrypt(self, password: bytes | None, *, max_iterations: int = MAX_ITERATIONS) -> bytes:
        """Return what is in it; with a wrong password, most likely something else comes out.

        password: in UTF-8; None if there is not even an empty one.
        Raises `ValueError` if that takes more than `max_iterations`, or if the password is not UTF-8, and
        `DecryptionError` if the length or the padding is not right.
        """
        if self.iterations > max_iterations:
            raise ValueError(f"{self.iterations} iterations, expected at most {max_iterations}")
        if not self.encrypted or len(self.encrypted) % BLOCK:
            raise DecryptionError
        octets = bmp_password(password)
        key = pkcs12_kdf(octets, self.salt, self.iterations, KEY_SIZE, id=KEY, hash=sha1)
        iv = pkcs12_kdf(octets, self.salt, self.iterations, BLOCK, id=IV, hash=sha1)
        return pkcs7_unpad(cbc_decrypt(TripleDES(key), iv, self.encrypted), BLOCK)


def bmp_password(password: bytes | None) -> bytes:
    """Return the password, which comes in UTF-8, as a BMPString with two octets of zeros after it (appendix B.1).

    Where there is no password, not even an empty one, some programs take no octets at all.
    """
    if password is None:
        return b""
    try:
        return (password.decode() + "\0").encode("utf-16-be")
    except UnicodeDecodeError:
        raise ValueError("the password is not UTF-8, expected text for PKCS #12") from None


def read_pkcs12_pbe_parameters(identifier: Reader) -> tuple[bytes, int]:
    """Read `pkcs-12PbeParams`: salt and iterations."""
    with identifier.sequence("pkcs-12PbeParams", section=SECTION) as parameters:
        start = parameters.position
        salt = parameters.octet_string("salt", section=SECTION)
        iterations = parameters.natural("iterations", section=SECTION)
    check_derivation(start, salt, iterations)
    return salt, iterations


def check_derivation(offset: int, salt: bytes, iterations: int) -> None:
    """Raise `DERError` if the salt is far too long, or if there are no iterations."""
    if len(salt) > MAX_SALT_SIZE:
        raise DERError(offset, f"the salt has {len(salt)} bytes, expected at most {MAX_SALT_SIZE}")
    if iterations < 1:
        raise DERError(offset, f"{iterations} iterations, expected at least one")
