"""Named groups: their numbers and names, and which of them are known here.

Standard     RFC 8422 §5.1.1, §5.10, §5.11 (curves); RFC 7919 §2, §5.1 (primes); RFC 5246 §8.1.2; RFC 9846 §4.3.7;
             RFC 10024 §3 (hybrids with ML-KEM).
Left out     ffdhe6144 and ffdhe8192. Groups that a server makes up are refused, except the one of
             2048 bits that RFC 3526 names, which OpenSSL takes of its own accord.

>>> import secrets
>>> offer = GROUPS[29].offer(secrets.token_bytes)
>>> share, secret = GROUPS[29].answer(offer.share, secrets.token_bytes)
>>> GROUPS[29].name, offer.agree(share) == secret
('x25519', True)
"""

from __future__ import annotations

from handshake.registries.codes import GREASE
from handshake.registries.kem_groups import kem_groups
from handshake.registries.key_agreement import Group, modulo_prime, on_curve, on_curve448, on_curve25519
from primitives.dh import FFDHE2048, FFDHE3072, FFDHE4096, MODP2048
from primitives.ec import P256, P384, P521

X25519 = on_curve25519(29, "x25519")
SECP256R1, SECP384R1 = on_curve(23, "secp256r1", P256), on_curve(24, "secp384r1", P384)
KEM_GROUPS = kem_groups(X25519, SECP256R1, SECP384R1)
X25519_MLKEM768 = KEM_GROUPS[0]

DEFAULT_GROUPS = (
    X25519_MLKEM768,
    X25519,
    SECP256R1,
    SECP384R1,
    on_curve(25, "secp521r1", P521),
    on_curve448(30, "x448"),
    modulo_prime(256, FFDHE2048),
    modulo_prime(257, FFDHE3072),
    modulo_prime(258, FFDHE4096),
    *KEM_GROUPS[1:],
)
"""All that are known here, the preferred ones first."""

GROUPS = {group.code: group for group in DEFAULT_GROUPS}

FFDHE_CODES = range(256, 512)  # RFC 7919 §2: a client that lists one of these wants no other primes

UNNAMED_GROUPS = (
    modulo_prime(0, MODP2048),
)  # which servers may choose that do not know RFC 7919, with no number of their own

CURVE_CODES = {P256: 23, P384: 24, P521: 25}  # by which a client says with which keys it verifies ECDSA (RFC 8422 §5.1)

KEM_CODES = {group.code for group in KEM_GROUPS}

GROUP_NAMES = {
    259: "ffdhe6144",
    260: "ffdhe8192",
    **GREASE,
    **{group.code: group.name for group in DEFAULT_GROUPS},
}


def group_section(code: int) -> str:
    """Return where a group has its number."""
    if code in KEM_CODES:
        return "draft-ietf-tls-mlkem §4.1" if code < 0x1000 else "RFC 10024 §3"
    return "RFC 7919 §2" if code in FFDHE_CODES else "RFC 8701 §2" if code in GREASE else "RFC 8422 §5.1.1"


def group_by_name(name: str) -> Group:
    """Return the group with this name; raise `ValueError` for an unknown name."""
    aliases = {"P-256": "secp256r1", "prime256v1": "secp256r1", "P-384": "secp384r1", "X25519": "x25519"}
    for group in DEFAULT_GROUPS:
        if aliases.get(name, name) == group.name:
            return group
    known = ", ".join(group.name for group in DEFAULT_GROUPS)
    raise ValueError(f"there is no group {name!r}, expected one of {known}")
