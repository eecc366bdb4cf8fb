"""What is remembered of strangers' bytes is bounded in bytes: each cache of the house is one of those below."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from pki import x509
from pki.asn1 import der, named_bits
from pki.asn1.der import DERError, Reader
from pki.asn1.der_writer import bit_string
from pki.fields import names
from pki.fields.extensions import SubjectAltName
from pki.fields.general_names import DNSName
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.path import server_identity
from pki.signatures import ECDSA_SHA256, Signer
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from tests.pki.conftest import NOW

ROOMS = ("explain", "console", "primitives", "record", "pki", "handshake", "demo")

# Functions of few values, none of which a stranger chooses: sizes, word lengths, curves, texts of this code.
OF_OURS = {
    "explain.trace": {"citation", "_place", "_name_and_formula", "_parsed"},
    "primitives.aes": {
        "_encryption_tables", "_decryption_tables", "_encryption_byte_tables", "_decryption_byte_tables",
    },
    "primitives.curves.edwards448_tables": {"_base_tables"},
    "primitives.curves.edwards25519_tables": {"_base_tables"},
    "primitives.curves.jacobian": {"_base_tables"},
    "primitives.des": {"_tables"},
    "primitives.lanes.bit_planes": {"_masks"},
    "primitives.lanes.chacha20": {"_lanes"},
    "primitives.lanes.counters": {"_lanes"},
    "primitives.lanes.fields": {"_words", "_moves"},
    "primitives.lanes.keccak_messages": {"_ones", "_masks", "_in_lanes"},
    "primitives.lanes.polynomials": {"_words", "_powers", "_inverse_powers"},
    "primitives.lanes.sha2": {"_of_few", "_of_many"},
    "primitives.lanes.sha2_messages": {"_lanes", "_constants"},
    "primitives.lattices.packing": {"_compressed", "_decompressed"},
    "primitives.lattices.rejection_sampling": {"_halves"},
    "primitives.lattices.sampling": {"_differences"},
    "primitives.primes": {"sieve", "primorials"},
    "primitives.sdes": {"_masks"},
}  # fmt: skip
# Functions of what strangers send. The first three keep tables of points on a curve, which all have one size.
OF_STRANGERS = {
    "primitives.curves.edwards448_tables": {"_public_tables"},
    "primitives.curves.edwards25519_tables": {"_public_tables"},
    "primitives.curves.jacobian": {"_public_tables"},
    "pki.asn1.der": {"_oid"},
    "pki.asn1.named_bits": {"_numbers"},
    "pki.fields.names": {"_prepared_before"},
    "pki.path.server_identity": {"_parse"},
    "pki.x509": {"_verify"},
}


def caches() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for info in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if not info.name.endswith("__main__"):
                for name, thing in vars(importlib.import_module(info.name)).items():
                    if isinstance(thing, functools._lru_cache_wrapper) and thing.__module__ == info.name:
                        yield info.name, name


def test_every_cache_is_one_of_these() -> None:
    known = {(module, name) for group in (OF_OURS, OF_STRANGERS) for module, names in group.items() for name in names}
    assert set(caches()) == known


def use_a_long_name() -> None:
    [[attribute]] = Name.build(common_name="x").rdns
    long, same = (Name([[attribute._replace(text=letter * 20_000)]]) for letter in "Xx")
    assert long != same


def use_long_bits() -> None:
    bits = bit_string("b", b"\1" * 20_000).encoding
    with pytest.raises(DERError, match="expected 0 to 0"):
        named_bits.read_named_bits(Reader(bits), "b", ["one"], section="")


def use_a_long_host() -> None:
    for host in ("x" * 20_000, "fe80::1%" + "x" * 20_000):
        with pytest.raises(ValueError, match="characters"):
            server_identity.parse_server_name(host)


def use_a_long_identifier() -> None:
    with pytest.raises(DERError, match="at most 64"):
        Reader(b"\6\x82\x4e\x20" + b"\x81" * 19_999 + b"\1").oid("o")


def use_a_long_certificate() -> None:
    key = ECPrivateKey(P256, 5)
    name = Name.build(common_name="x")
    certificate = Certificate.build(
        serial_number=1,
        issuer=name,
        subject=name,
        public_key=key.public_key,
        extensions=[SubjectAltName((DNSName("x" * 20_000),))],
        signer=Signer(key, ECDSA_SHA256),
        validity=Validity(NOW, NOW + timedelta(days=1)),
    )
    certificate.verify_signature_by(certificate.public_key)


@pytest.mark.parametrize(
    ("cache", "use"),
    [
        (names._prepared_before, use_a_long_name),
        (named_bits._numbers, use_long_bits),
        (server_identity._parse, use_a_long_host),
        (der._oid, use_a_long_identifier),
        (x509._verify, use_a_long_certificate),
    ],
)
def test_nothing_long_is_kept(cache: Any, use: Callable[[], None]) -> None:
    cache.cache_clear()
    use()
    assert cache.cache_info().currsize == 0
