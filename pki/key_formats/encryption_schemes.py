"""Which password-based encryption something is under: an `AlgorithmIdentifier`, and what is encrypted.

Standard     RFC 5958 §3 (`EncryptedPrivateKeyInfo`); RFC 8018 appendix A.4 (PBES2), RFC 7292 appendix C (triple DES).
Left out     PBES1, and the ciphers RC2 and RC4 of RFC 7292: refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from pki.asn1.der import DERError, Reader
from pki.asn1.oids import OIDS, describe
from pki.key_formats.pbes2 import ALGORITHM, PBES2Encrypted, read_pbes2_parameters
from pki.key_formats.pkcs12_pbe import PKCS12Encrypted, read_pkcs12_pbe_parameters

Encrypted: TypeAlias = PBES2Encrypted | PKCS12Encrypted
SECTION = "RFC 5958 §3"


def read_encrypted_private_key_info(reader: Reader, *, section: str = SECTION) -> Encrypted:
    """Read an `EncryptedPrivateKeyInfo`: a `PrivateKeyInfo` that a password has encrypted."""
    with reader.sequence("EncryptedPrivateKeyInfo", section=section) as info:
        made = read_scheme(info, "encryptionAlgorithm", section=section)
        return made(info.octet_string("encryptedData", section=section))


def read_scheme(reader: Reader, label: str, *, section: str) -> Callable[[bytes], Encrypted]:
    """Read the `AlgorithmIdentifier` of an encryption; return what makes something encrypted of the octets after it."""
    with reader.sequence(label, section=section) as identifier:
        start = identifier.position
        algorithm = identifier.oid("algorithm", section=ALGORITHM)
        if algorithm == OIDS["id-PBES2"]:
            return partial(PBES2Encrypted, *read_pbes2_parameters(identifier))
        if algorithm == OIDS["pbeWithSHAAnd3-KeyTripleDES-CBC"]:
            return partial(PKCS12Encrypted, *read_pkcs12_pbe_parameters(identifier))
        raise DERError(
            start, f"the encryption is {describe(algorithm)}, expected id-PBES2 or pbeWithSHAAnd3-KeyTripleDES-CBC"
        )
