"""What is spoken in TLS 1.3 with OpenSSL: suites, groups and schemes, and which of their combinations when."""

import itertools

from handshake.registries.groups import DEFAULT_GROUPS
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import SCHEMES
from handshake.suites.tls13 import TLS13_SUITES, TLS13Suite

KINDS = {
    "ecdsa_secp256r1_sha256": "P-256",
    "ecdsa_secp384r1_sha384": "P-384",
    "ed25519": "Ed25519",
    "ed448": "Ed448",
    "rsa_pss_pss_sha256": "RSA-PSS",
    "rsa_pss_pss_sha384": "RSA-PSS",
    "rsa_pss_pss_sha512": "RSA-PSS",
    "rsa_pss_rsae_sha256": "RSA",
    "rsa_pss_rsae_sha384": "RSA",
    "rsa_pss_rsae_sha512": "RSA",
}
"""The schemes, each with the kind of key that signs by it."""

SUITES = [TLS13_SUITES[code] for code in (0x1301, 0x1302, 0x1303)]
GROUPS = [group for group in DEFAULT_GROUPS if not group.post_quantum]
CHAIN = SCHEMES[0x0501]  # rsa_pkcs1_sha384, with which the authority signs
DATA = bytes(range(256)) * 100

Cell = tuple[TLS13Suite, Group, str]
EVERYDAY: list[Cell] = [
    (SUITES[n % len(SUITES)], GROUPS[n % len(GROUPS)], name) for n, name in enumerate(KINDS)
]  # each suite, each group and each scheme
ALL: list[Cell] = list(itertools.product(SUITES, GROUPS, KINDS))
