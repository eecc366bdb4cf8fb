"""Keys on the command line: JSON that a person can read, or `name=number` with commas between.

Standard     The names are those of RFC 8017 §3 (n, e, d, p, q, dP, dQ, qInv), SEC 1 §3.2 (d, Q) and RFC 7919 (x, y).
Left out     PEM and DER: `python -m pki` has those keys. Multi-prime RSA keys.
Timing       Nothing here computes, except what a short form leaves out.

>>> rsa_private_key(read(b"p=61,q=53,e=17")).n
3233
>>> rsa_public_key(read(b'{"n": "0xca1", "e": 17}'))
RSAPublicKey(n=3233, e=17)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from primitives.commands.inputs import number_of, octets_of

if TYPE_CHECKING:
    from primitives.curves.weierstrass import Curve
    from primitives.dh import DHGroup, DHPrivateKey, DHPublicKey
    from primitives.ec import ECPrivateKey, ECPublicKey
    from primitives.rsa import RSAPrivateKey, RSAPublicKey

Fields = Mapping[str, "str | int"]
"""A key's fields by their names, as they were written."""

CURVES = {"P-256": "P256", "P-384": "P384", "P-521": "P521", "P-224": "P224", "secp256k1": "SECP256K1"}
GROUPS = {"ffdhe2048": "FFDHE2048", "ffdhe3072": "FFDHE3072", "ffdhe4096": "FFDHE4096", "modp2048": "MODP2048"}


def read(text: bytes) -> Fields:
    """Return the fields of a key; raise `ValueError` if it is neither JSON nor `name=number,…`."""
    written = text.decode("utf-8", "replace").strip()
    if not written.startswith("{"):
        pairs = re.fullmatch(r"\s*\w+\s*=[^,=]+(?:,\s*\w+\s*=[^,=]+)*", written)
        if not pairs:
            raise ValueError("the key is neither a JSON object nor such as p=61,q=53,e=17; a key file is @FILE")
        return dict(pair.replace(" ", "").split("=") for pair in written.split(","))
    try:
        fields = json.loads(written)
    except (ValueError, RecursionError):
        raise ValueError("the key is no JSON") from None
    if not isinstance(fields, dict) or not all(isinstance(value, str | int) for value in fields.values()):
        raise ValueError("the key is no JSON object of texts and numbers")
    return fields


def write(fields: Fields) -> str:
    """Return the fields as JSON; numbers that JSON's readers may not take are hexadecimal digits."""
    shown = {
        name: hex(value) if isinstance(value, int) and value >= 1 << 32 else value for name, value in fields.items()
    }
    return json.dumps(shown, indent=2)


def number(fields: Fields, name: str) -> int:
    """Return the number of that name; raise `ValueError` if the key has none."""
    value = _field(fields, name)
    return value if isinstance(value, int) else number_of(value)


def octets(fields: Fields, name: str) -> bytes:
    """Return the bytes whose hexadecimal digits stand under that name; raise `ValueError` if the key has none."""
    return octets_of(str(_field(fields, name)))


def _field(fields: Fields, name: str) -> str | int:
    """Return what a file says itself: unlike an argument, it names no other file, as its writer may be a stranger."""
    if name not in fields:
        raise ValueError(f"the key has no {name}, but {', '.join(fields) or 'nothing'}")
    return fields[name]


# --- RSA, RFC 8017 §3.


def rsa_fields(key: RSAPrivateKey) -> Fields:
    """Return the fields of a private key."""
    return {name: getattr(key, name) for name in ("n", "e", "d", "p", "q", "dP", "dQ", "qInv")}


def rsa_public_key(fields: Fields) -> RSAPublicKey:
    """Return the public key of `n` and `e`, or of `p`, `q` and `e`."""
    from primitives.rsa import RSAPublicKey

    n = number(fields, "n") if "n" in fields else number(fields, "p") * number(fields, "q")
    return RSAPublicKey(n, number(fields, "e"))


def rsa_private_key(fields: Fields) -> RSAPrivateKey:
    """Return the private key of `p`, `q` and `e`; whatever else is given has to agree with these."""
    from primitives.rsa import RSAPrivateKey

    key = RSAPrivateKey.from_primes(number(fields, "p"), number(fields, "q"), e=number(fields, "e"))
    given = {name: number(fields, name) for name in rsa_fields(key) if name in fields}
    if given.keys() & {"n", "d", "dP", "dQ", "qInv"}:
        key = RSAPrivateKey(**{**rsa_fields(key), **given})  # type: ignore[arg-type]  # all of these are numbers
    return key


# --- Elliptic curves, SEC 1 §3.2.


def curve_named(name: str) -> Curve:
    """Return the curve; raise `ValueError` for an unknown name."""
    from primitives import ec

    if name not in CURVES:
        raise ValueError(f"{name[:40]!r} is not a curve here, expected one of {', '.join(CURVES)}")
    curve: Curve = getattr(ec, CURVES[name])
    return curve


def ec_fields(key: ECPrivateKey) -> Fields:
    """Return the fields of a private key."""
    return {"curve": key.curve.name, "d": key.d, "Q": key.public_key.to_bytes().hex()}


def ec_private_key(fields: Fields) -> ECPrivateKey:
    """Return the private key of `curve` and `d`."""
    from primitives.ec import ECPrivateKey

    return ECPrivateKey(curve_named(str(fields.get("curve", "P-256"))), number(fields, "d"))


def ec_public_key(fields: Fields) -> ECPublicKey:
    """Return the public key of `curve` and `Q`, an octet string in hexadecimal digits; or of `curve` and `d`."""
    from primitives.ec import ECPublicKey

    if "Q" not in fields:
        return ec_private_key(fields).public_key
    curve = curve_named(str(fields.get("curve", "P-256")))
    return ECPublicKey.from_bytes(curve, octets(fields, "Q"))


# --- Diffie–Hellman, RFC 7919.


def group_named(name: str) -> DHGroup:
    """Return the group; raise `ValueError` for an unknown name."""
    from primitives import dh

    if name not in GROUPS:
        raise ValueError(f"{name[:40]!r} is not a group here, expected one of {', '.join(GROUPS)}")
    group: DHGroup = getattr(dh, GROUPS[name])
    return group


def dh_fields(key: DHPrivateKey) -> Fields:
    """Return the fields of a private key."""
    return {"group": key.group.name, "x": key.x, "y": key.public_key.y}


def dh_private_key(fields: Fields) -> DHPrivateKey:
    """Return the private key of `group` and `x`."""
    from primitives.dh import DHPrivateKey

    return DHPrivateKey(group_named(str(fields.get("group", "ffdhe2048"))), number(fields, "x"))


def dh_public_key(fields: Fields) -> DHPublicKey:
    """Return the public key of `group` and `y`."""
    from primitives.dh import DHPublicKey

    return DHPublicKey(group_named(str(fields.get("group", "ffdhe2048"))), number(fields, "y"))


# --- Curve25519: keys are 32 bytes.


def private_octets(text: bytes, length: int = 32) -> bytes:
    """Return a private key of `length` bytes: these bytes themselves, or a key file's `private`."""
    return _octets_of_curve(text, "private", length)


def public_octets(text: bytes, length: int = 32) -> bytes:
    """Return a public key of `length` bytes: these bytes themselves, or a key file's `public`."""
    return _octets_of_curve(text, "public", length)


def _octets_of_curve(text: bytes, name: str, length: int) -> bytes:
    is_key = len(text) == length  # whatever its first byte is; no key file is as short as that
    return octets(read(text), name) if text.lstrip()[:1] == b"{" and not is_key else text
