r"""The values on the command line: each function takes a text and returns a value, or raises `ValueError`.

>>> end = parse_time("90d", start=datetime(2026, 1, 1, tzinfo=UTC), end_of_day=True)
>>> f"{end:%Y-%m-%d}", str(parse_name(r"C=IN, O=Example\, Ltd, CN=Root")), str(parse_name("Example Root"))
('2026-04-01', 'C=IN, O=Example\\, Ltd, CN=Root', 'CN=Example Root')
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from pki.fields.extensions import Purpose
from pki.fields.general_names import DNSName, IPAddress
from pki.fields.name_constraints import GeneralSubtree, IPRange
from pki.fields.name_syntax import MAX_HOST, is_host_pattern
from pki.fields.names import Name
from pki.key_formats.lattice_keys import PARAMETER_SETS
from pki.key_formats.octet_keys import OctetPrivateKey
from pki.key_formats.private_key_info import RSAPSSPrivateKey
from pki.keys import PrivateKey, PublicKey, describe_public_key, dump_public_key, jwk, ssh_public_key
from pki.path.profiles import Profile
from pki.signatures import (
    ECDSA_SHA256,
    ECDSA_SHA384,
    ECDSA_SHA512,
    ED448,
    ED25519,
    MLDSA,
    RSA_PKCS1_SHA256,
    RSA_PSS_SHA256,
    RSASSA_PSS,
    SLHDSA,
    SignatureAlgorithm,
)
from primitives.ec import P256, P384, P521, ECPrivateKey, generate_ec_private_key
from primitives.ed448_keys import Ed448PrivateKey, generate_ed448_private_key
from primitives.ed25519_keys import Ed25519PrivateKey, generate_ed25519_private_key
from primitives.integers import RandomBytes
from primitives.ml_dsa import ML_DSA, MLDSAPrivateKey
from primitives.ml_kem import DecapsulationKey
from primitives.rsa import RSAPrivateKey, generate_private_key
from primitives.slh_dsa import PARAMETER_SETS as SLH_DSA_SETS
from primitives.slh_dsa import SLHDSAPrivateKey
from primitives.x448_keys import X448PrivateKey, generate_x448_private_key
from primitives.x25519_keys import X25519PrivateKey, generate_x25519_private_key

T = TypeVar("T")

UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
PARTS = {"C": "country", "ST": "state", "L": "locality", "O": "organization", "CN": "common_name"}
CURVES = {"p256": P256, "p384": P384, "p521": P521}
ECDSA_FOR = {P256.name: ECDSA_SHA256, P384.name: ECDSA_SHA384, P521.name: ECDSA_SHA512}
OCTET_KEYS: dict[str, Callable[..., OctetPrivateKey]] = {
    "ed25519": generate_ed25519_private_key,
    "ed448": generate_ed448_private_key,
    "x25519": generate_x25519_private_key,
    "x448": generate_x448_private_key,
}
RSA_SIZES = (2048, 3072, 4096)
LATTICES = {parameters.name.lower(): parameters for parameters in PARAMETER_SETS.values()}
HASH_BASED = {name.lower(): parameters for name, parameters in SLH_DSA_SETS.items()}
SIGNING = (
    "rsa",
    *(f"rsa:{size}" for size in RSA_SIZES[1:]),
    *CURVES,
    "ed25519",
    "ed448",
    *(name for name in LATTICES if name.startswith("ml-dsa")),
    *HASH_BASED,
)
ALGORITHMS = tuple(dict.fromkeys((*SIGNING, "x25519", "x448", *LATTICES)))
PUBLIC_FORMS: dict[str, Callable[[PublicKey], bytes]] = {"pem": dump_public_key, "openssh": ssh_public_key, "jwk": jwk}
PURPOSES = {
    "server": Purpose.SERVER_AUTH,
    "client": Purpose.CLIENT_AUTH,
    "code": Purpose.CODE_SIGNING,
    "email": Purpose.EMAIL_PROTECTION,
    "time": Purpose.TIME_STAMPING,
    "ocsp": Purpose.OCSP_SIGNING,
}
PROFILES = {profile.value: profile for profile in Profile}


def parse_time(text: str, *, start: datetime, end_of_day: bool) -> datetime:
    """Return the moment that the text spells: a date, a date with a time, or how long after `start`.

    end_of_day: whether a date without a time is its last second, and not its first.
    """
    duration = re.fullmatch(r"([+-]?)([0-9]{1,9})([smhdwy])", text)
    try:
        if duration:
            length = int(duration[2]) * UNITS[duration[3]]
            return start - length if duration[1] == "-" else start + length
        moment = datetime.fromisoformat(text)
        if re.fullmatch(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", text) and end_of_day:
            moment = datetime.combine(moment, time(23, 59, 59))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:40]!r} is not a time, expected a date such as 2030-12-31, with or without a time, or a duration "
            "such as 90d or 2y"
        ) from None


def time_text(text: str) -> str:
    """Return the text if it spells a time, whenever that is."""
    parse_time(text, start=datetime(2026, 1, 1, tzinfo=UTC), end_of_day=False)
    return text


def parse_name(text: str) -> Name:
    r"""Return the name: `C=IN, O=Example, CN=Example Root`, with `\,` for a comma in a text, or a common name alone."""
    if "=" not in text:
        return Name.build(common_name=text)
    parts: dict[str, str] = {}
    for part in re.split(r"(?<!\\),", text):
        type, equals, value = part.strip().partition("=")
        key = PARTS.get(type.strip().upper())
        if not equals or key is None or key in parts:
            raise ValueError(
                f"{part.strip()[:40]!r} is not part of a name, expected each of {', '.join(PARTS)} once, with ="
            )
        parts[key] = re.sub(r"\\(?:([0-9A-Fa-f]{2})|(.))", _unescaped, value.strip())
    return Name.build(
        common_name=parts.get("common_name"),
        country=parts.get("country"),
        state=parts.get("state"),
        locality=parts.get("locality"),
        organization=parts.get("organization"),
    )


def _unescaped(found: re.Match[str]) -> str:
    r"""Return the character that `\,` or `\2C` stands for (RFC 4514 §2.4), of those in ASCII."""
    return chr(int(found[1], 16)) if found[1] else found[2]


def requested_name(text: str) -> DNSName | IPAddress:
    """Return the name that a certificate is asked for: an IP address, or a host name, which may be a wildcard."""
    with suppress(ValueError):
        if "%" not in text:  # a zone means something on one machine alone
            return IPAddress(ipaddress.ip_address(text).packed)
    if not is_host_pattern(text) or text.rpartition(".")[2].isdigit():
        raise ValueError(
            f"{text[:MAX_HOST]!r} is neither a host name (in ASCII, with xn-- for other letters) nor an IP address"
        )
    return DNSName(text)


def depth(text: str) -> int:
    """Return how many authorities may stand between a certificate and a root: 0 or more."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"{text[:40]!r} is not a number of authorities, expected 0 or more")
    return int(text)


def serial_number(text: str) -> int:
    """Return the serial number: hexadecimal digits, with or without colons."""
    plain = text.replace(":", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,64}", plain):
        raise ValueError(f"{text[:40]!r} is not a serial number, expected hexadecimal digits")
    return int(plain, 16)


def general_subtree(text: str) -> GeneralSubtree:
    """Return the names that the text stands for: a host name and all below it, or the addresses of a network."""
    if "/" in text:
        network = ipaddress.ip_network(text)
        return GeneralSubtree(IPRange(network.network_address.packed, network.prefixlen))
    name = text.removeprefix(".")  # which people write, and RFC 5280 §4.2.1.10 has no need of
    if not is_host_pattern(name) or name.startswith("*"):
        raise ValueError(f"{text[:40]!r} is neither a host name nor a network such as 192.0.2.0/24")
    return GeneralSubtree(DNSName(name))


def new_key(kind: str, *, random_bytes: RandomBytes) -> PrivateKey:
    """Return a new private key of one of `ALGORITHMS`."""
    if kind in CURVES:
        return generate_ec_private_key(CURVES[kind], random_bytes=random_bytes)
    if kind in OCTET_KEYS:
        return OCTET_KEYS[kind](random_bytes=random_bytes)
    if kind in LATTICES:
        parameters = LATTICES[kind]
        if isinstance(parameters, ML_DSA):
            return parameters.generate_private_key(random_bytes=random_bytes)
        return parameters.generate_decapsulation_key(random_bytes=random_bytes)
    if kind in HASH_BASED:
        return HASH_BASED[kind].generate_private_key(random_bytes=random_bytes)
    return generate_private_key(int(kind.partition(":")[2] or RSA_SIZES[0]), random_bytes=random_bytes)


def algorithm_for(key: PrivateKey, *, pss: bool) -> SignatureAlgorithm:
    """Return how this key signs; raise `ValueError` if it cannot. pss: with RSASSA-PSS, if it is an RSA key."""
    match key:
        case RSAPrivateKey():
            return RSA_PSS_SHA256 if pss else RSA_PKCS1_SHA256
        case RSAPSSPrivateKey():
            limits = key.parameters
            return RSASSA_PSS(limits.hash, limits.mgf_hash, limits.salt_length) if limits else RSA_PSS_SHA256
        case ECPrivateKey():
            return ECDSA_FOR[key.curve.name]
        case Ed25519PrivateKey():
            return ED25519
        case Ed448PrivateKey():
            return ED448
        case MLDSAPrivateKey():
            return MLDSA(key.parameters)
        case SLHDSAPrivateKey():
            return SLHDSA(key.parameters)
        case DecapsulationKey() | X25519PrivateKey() | X448PrivateKey():
            raise ValueError(
                f"a key of {describe_public_key(key.public_key)} cannot sign, and so it cannot sign a request either"
            )
