"""RSA keys in DER, as PKCS #1 lays them out.

Standard     RFC 8017 appendix A.1.1 (`RSAPublicKey`), A.1.2 (`RSAPrivateKey`).
Left out     Nothing.
"""

from __future__ import annotations

from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import Element, integer, sequence
from primitives.rsa import OtherPrimeInfo, RSAPrivateKey, RSAPublicKey

PUBLIC, PRIVATE = "RFC 8017 §A.1.1", "RFC 8017 §A.1.2"

# The fields of RSAPrivateKey after its version: the standard's names, and the names in the key (§3.2).
PRIVATE_FIELDS = {
    "modulus": "n",
    "publicExponent": "e",
    "privateExponent": "d",
    "prime1": "p",
    "prime2": "q",
    "exponent1": "dP",
    "exponent2": "dQ",
    "coefficient": "qInv",
}
PUBLIC_FIELDS = ("modulus", "publicExponent")


def read_rsa_public_key(reader: Reader) -> RSAPublicKey:
    """Read an `RSAPublicKey`."""
    start = reader.position
    with reader.sequence("RSAPublicKey", section=PUBLIC) as key:
        n = key.integer("modulus", section=PUBLIC)
        e = key.integer("publicExponent", section=PUBLIC)
    try:
        return RSAPublicKey(n, e)
    except ValueError as error:
        raise DERError(start, str(error)) from None


def rsa_public_key_element(key: RSAPublicKey) -> Element:
    """Return an `RSAPublicKey` to be written."""
    return sequence(
        "RSAPublicKey",
        integer("modulus", key.n, section=PUBLIC),
        integer("publicExponent", key.e, section=PUBLIC),
        section=PUBLIC,
    )


def read_rsa_private_key(reader: Reader) -> RSAPrivateKey:
    """Read an `RSAPrivateKey`, of two primes (version 0) or more (version 1)."""
    start = reader.position
    others: list[OtherPrimeInfo] = []
    with reader.sequence("RSAPrivateKey", section=PRIVATE) as key:
        version = key.natural("version", section=PRIVATE)
        if version not in (0, 1):
            raise DERError(start, f"RSAPrivateKey of version {version}, expected 0 (two primes) or 1 (more)")
        n, e, d, p, q, *crt = (
            key.integer(field, section=PRIVATE, secret=field not in PUBLIC_FIELDS) for field in PRIVATE_FIELDS
        )
        if version == 1:
            with key.sequence("otherPrimeInfos", section=PRIVATE) as infos:
                while not infos.at_end() or not others:  # at least one
                    others.append(_read_other_prime(infos))
    try:
        return RSAPrivateKey(n, e, d, p, q, crt[0], crt[1], crt[2], tuple(others))
    except ValueError as error:
        raise DERError(start, str(error)) from None


def _read_other_prime(reader: Reader) -> OtherPrimeInfo:
    with reader.sequence("OtherPrimeInfo", section=PRIVATE) as info:
        return OtherPrimeInfo(
            *(info.integer(field, section=PRIVATE, secret=True) for field in ("prime", "exponent", "coefficient"))
        )


def rsa_private_key_element(key: RSAPrivateKey) -> Element:
    """Return an `RSAPrivateKey` to be written."""
    fields = [
        integer(field, getattr(key, name), section=PRIVATE, secret=field not in PUBLIC_FIELDS)
        for field, name in PRIVATE_FIELDS.items()
    ]
    version = integer("version", 1 if key.otherPrimeInfos else 0, section=PRIVATE)
    if key.otherPrimeInfos:
        fields.append(sequence("otherPrimeInfos", *map(_other_prime_element, key.otherPrimeInfos), section=PRIVATE))
    return sequence("RSAPrivateKey", version, *fields, section=PRIVATE)


def _other_prime_element(info: OtherPrimeInfo) -> Element:
    return sequence(
        "OtherPrimeInfo",
        integer("prime", info.r, section=PRIVATE, secret=True),
        integer("exponent", info.d, section=PRIVATE, secret=True),
        integer("coefficient", info.t, section=PRIVATE, secret=True),
        section=PRIVATE,
    )
