"""The eight combinations of key exchange, cipher and hash, and the standard suite that means each.

Standard     RFC 5246 appendix A.5, RFC 5288 §3, RFC 5289 §3.2, RFC 7905 §2 (the suites); RFC 9846 §4.3.3 (the
             signatures).

In six of them a suite says it all. The two with ChaCha20 and SHA-384 are different: RFC 7905 knows ChaCha20 with
SHA-256 alone, which stays the hash of the key derivation. There, SHA-384 signs: the certificates, the requests and the
handshake. And RSA never carries a secret to ChaCha20: it signs an ephemeral key (ECDHE), as ECDSA does.

>>> [each.suite for each in COMBINATIONS if each.hash == "sha384"]  # doctest: +NORMALIZE_WHITESPACE
['TLS_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256']
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

KEY_EXCHANGES, CIPHERS, HASHES = ("rsa", "ecdsa"), ("aes", "chacha20"), ("sha256", "sha384")

TRANSPORT = "the client sends a secret, encrypted with the server's RSA key"
SIGNED_BY_RSA = "ephemeral keys on a curve, signed with RSA: no standard suite has RSA carry a secret to ChaCha20"
SIGNED_BY_ECDSA = "ephemeral keys on a curve, signed with ECDSA"
WHOLE = "the suite's hash: keys are derived with it, and it signs"
SIGNING = "signs certificates and handshake; no standard suite with ChaCha20 derives keys with any hash but SHA-256"


class Combination(NamedTuple):
    """A key exchange, a cipher and a hash, and what they mean.

    suite: the suite's name in IANA's registry.
    exchange, hashing: what the key exchange and the hash come to, in words.
    """

    kex: str
    cipher: str
    hash: str
    suite: str
    exchange: str
    hashing: str

    def __str__(self) -> str:
        return f"{self.kex}, {self.cipher}, {self.hash}: {self.suite}"

    @property
    def meaning(self) -> list[list[str]]:
        """What it comes to, as rows of a name and a value."""
        return [
            ["suite", self.suite],
            ["key exchange", f"{self.kex}: {self.exchange}"],
            ["hash", f"{self.hash}: {self.hashing}"],
        ]


COMBINATIONS = (
    Combination("rsa", "aes", "sha256", "TLS_RSA_WITH_AES_128_GCM_SHA256", TRANSPORT, WHOLE),
    Combination("rsa", "aes", "sha384", "TLS_RSA_WITH_AES_256_GCM_SHA384", TRANSPORT, WHOLE),
    Combination("rsa", "chacha20", "sha256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", SIGNED_BY_RSA, WHOLE),
    Combination("rsa", "chacha20", "sha384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", SIGNED_BY_RSA, SIGNING),
    Combination("ecdsa", "aes", "sha256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", SIGNED_BY_ECDSA, WHOLE),
    Combination("ecdsa", "aes", "sha384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", SIGNED_BY_ECDSA, WHOLE),
    Combination("ecdsa", "chacha20", "sha256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", SIGNED_BY_ECDSA, WHOLE),
    Combination(
        "ecdsa", "chacha20", "sha384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", SIGNED_BY_ECDSA, SIGNING
    ),
)

OAEP = "the client sends a secret, encrypted with the server's RSA key by OAEP: private use, no IANA suite does that"
USUAL = (
    Combination("rsa-oaep", "aes", "sha256", "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256", OAEP, WHOLE),
    Combination("rsa-oaep", "aes", "sha256", "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256", OAEP, WHOLE),
)
"""What the parties agree on when nobody says anything else."""

# With which the certificates may be signed; the handshake's own signatures come before them (see `scheme_names`).
CERTIFICATE_SCHEMES = ("rsa_pkcs1_sha384", "rsa_pkcs1_sha256")
HANDSHAKE_SCHEMES = {
    "sha256": ("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"),
    "sha384": ("ecdsa_secp384r1_sha384", "rsa_pss_rsae_sha384"),
}


def combinations(
    kex: Collection[str] | None, cipher: Collection[str] | None, hash: Collection[str] | None
) -> tuple[Combination, ...]:
    """Return those that are made of what is wanted; None wants all there is of a kind."""
    return tuple(
        each
        for each in COMBINATIONS
        if each.kex in (kex or KEY_EXCHANGES) and each.cipher in (cipher or CIPHERS) and each.hash in (hash or HASHES)
    )


def scheme_names(chosen: Sequence[Combination]) -> tuple[str, ...]:
    """Return the signature schemes that go with these combinations, the preferred ones first."""
    hashes = dict.fromkeys(each.hash for each in chosen)
    return (*(scheme for hash in hashes for scheme in HANDSHAKE_SCHEMES[hash]), *CERTIFICATE_SCHEMES)
