"""The parsers of certificates, requests and lists against corrupted bytes: a DER error, or what was written."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import pytest

from explain.layout import unexplained
from pki.asn1 import der_writer
from pki.asn1.der import DERError
from pki.asn1.der_writer import Element, bit_string, boolean, integer, octet_string, oid, sequence, set_of, string
from pki.asn1.oids import OIDS
from pki.crl import CertificateRevocationList
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Extension, SubjectAltName, extension_element, extensions_element
from pki.fields.general_names import DNSName
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.fields.names import Name
from pki.fields.policy_extensions import CertificatePolicies, PolicyInformation
from pki.fields.validity import Validity
from pki.signatures import ECDSA_SHA256, ED25519, RSA_PSS_SHA256, Signer
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import RSAPrivateKey
from tests.pki import test_crl
from tests.pki.conftest import DAY, LEAF, NOW, ROOT
from tests.pki.fields import test_certificate_extensions
from tests.pki.support.spoiling import spoil
from tests.support.shares import share
from vectors.pkits import pkits_files

Parsed: TypeAlias = Certificate | CertificateSigningRequest | CertificateRevocationList
Sample: TypeAlias = tuple[Callable[[bytes], Parsed], bytes]


@pytest.fixture(scope="session")
def corpus(keys: tuple[RSAPrivateKey, ...]) -> list[Sample]:
    """All of PKITS, and of each kind of key and extension one more."""
    samples: list[Sample] = [
        (Certificate.from_der if name.endswith(".crt") else CertificateRevocationList.from_der, content)
        for name, content in pkits_files().items()
    ]
    signers: tuple[Any, ...] = (
        (ECPrivateKey(P256, 5), ECDSA_SHA256),
        (Ed25519PrivateKey(bytes(32)), ED25519),
        (keys[0], RSA_PSS_SHA256),
    )
    extensions = [extension for extension, _ in test_certificate_extensions.EXAMPLES]
    arguments: dict[str, Any] = {"issuer": ROOT, "signer": Signer(signers[1][0], ED25519)}
    validity = Validity(NOW, NOW + DAY)
    for key, algorithm in signers:
        request = CertificateSigningRequest.build(LEAF, ["a.example", "b.example"], key, signature_algorithm=algorithm)
        samples += [(CertificateSigningRequest.from_der, request.der)] * 60  # as often as the others are
        certificate = Certificate.build(
            serial_number=1,
            subject=LEAF,
            public_key=key.public_key,
            extensions=extensions,
            validity=validity,
            **arguments,
        )
        samples += [(Certificate.from_der, certificate.der)] * 20
    crl = CertificateRevocationList.build(
        this_update=NOW,
        next_update=NOW + DAY,
        entries=test_crl.ENTRIES,
        extensions=[extension for extension, _ in test_crl.EXAMPLES[:5]],
        **arguments,
    )
    return [*samples, *[(CertificateRevocationList.from_der, crl.der)] * 20]


def extensions_of(parsed: Parsed) -> Iterator[Extension]:
    yield from parsed.extensions
    if isinstance(parsed, CertificateRevocationList):
        for entry in parsed.entries:
            yield from entry.extensions


def check(parse: Callable[[bytes], Parsed], data: bytes, *, explain: bool) -> bool:
    """Parse the bytes; return whether that went well, and then what was read is what is written."""
    try:
        parsed = parse(data)
    except DERError:
        return False
    assert parsed.to_der() == data
    for extension in extensions_of(parsed):
        assert extension_element(extension).encoding in data
        assert str(extension).isprintable()
    subject = parsed.issuer if isinstance(parsed, CertificateRevocationList) else parsed.subject
    assert subject.element("subject").encoding in data
    assert repr(parsed).isprintable()
    if explain:
        assert unexplained(parsed.layout(), len(data)) == []
    return True


def fuzz(corpus: list[Sample], seeds: Sequence[int]) -> int:
    """Check a corrupted input of each seed; return how many were parsed all the same."""
    parsed = 0
    for seed in seeds:
        source = random.Random(seed)
        parse, der = source.choice(corpus)
        try:
            parsed += check(parse, spoil(source, der, source.choice(corpus)[1]), explain=seed % 10 == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    return parsed


def test_some_spoiled_inputs(corpus: list[Sample]) -> None:
    assert fuzz(corpus, range(4000)) > 100


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_many_spoiled_inputs(corpus: list[Sample], batch: int) -> None:
    """A share of 200,000 in all."""
    seeds = range(4000 + batch * 20_000, 4000 + (batch + 1) * 20_000)
    assert fuzz(corpus, share(seeds, 10_000, of=f"spoiled DER {batch}")) > 250


# --- Inputs of 64 KiB, made to cost much.

SIZE = 1 << 16


def filled(part: Callable[[int], Element]) -> list[Element]:
    """Return as many elements as go into 64 KiB."""
    found: list[Element] = []
    size = 0
    while size < SIZE - 600:
        found.append(part(len(found)))
        size += len(found[-1].encoding)
    return found


def certificate_with(**parts: Element) -> bytes:
    fields = {
        "version": sequence("[0]", integer("version", 2), tag=0xA0),
        "serial": integer("serial", 7),
        "algorithm": ED25519.element("signature"),
        "issuer": ROOT.element("issuer"),
        "validity": sequence("validity", der_writer.time("b", NOW), der_writer.time("a", NOW)),
        "subject": LEAF.element("subject"),
        "key": sequence("k", sequence("a", oid("o", OIDS["id-Ed25519"])), bit_string("b", bytes(32))),
        "extensions": sequence("[3]", extensions_element([SubjectAltName((DNSName("x"),))]), tag=0xA3),
    }
    tbs = sequence("tbs", *(fields | parts).values())
    return sequence("c", tbs, ED25519.element("a"), bit_string("s", bytes(64))).encoding


def with_extension(name: str, value: Element) -> bytes:
    extension = sequence("e", oid("o", OIDS[name]), boolean("c", True), octet_string("v", value.encoding))
    return certificate_with(extensions=sequence("[3]", sequence("es", extension), tag=0xA3))


def large_inputs() -> Iterator[tuple[str, Callable[[bytes], Parsed], bytes]]:
    def attribute(i: int) -> Element:
        return sequence("a", oid("t", OIDS["commonName"]), string("v", f"{i}"))

    nested = b""
    while len(nested) < SIZE - 8:
        nested = (
            b"\x30\x83" + len(nested).to_bytes(3, "big") + nested if len(nested) > SIZE // 2 else b"\x30\0" + nested
        )
    yield "sequences", Certificate.from_der, nested
    names = SubjectAltName(tuple(DNSName(f"{i}.a") for i in range(8000)))
    yield "host names", Certificate.from_der, with_extension("subjectAltName", names.value_element())
    policies = CertificatePolicies(tuple(PolicyInformation(f"1.2.{i}") for i in range(8600)))
    yield "policies", Certificate.from_der, with_extension("certificatePolicies", policies.value_element())
    subtrees = NameConstraints(tuple(GeneralSubtree(DNSName(f"{i}")) for i in range(8000)))
    yield "subtrees", Certificate.from_der, with_extension("nameConstraints", subtrees.value_element())
    wide = sequence("n", set_of("r", *filled(attribute)))
    yield "attributes in a set", Certificate.from_der, certificate_with(subject=wide)
    long = sequence("n", *filled(lambda i: set_of("r", attribute(i))))
    yield "sets of attributes", Certificate.from_der, certificate_with(issuer=long)
    text = Name.build(common_name="x").rdns[0][0]._replace(text="\u1e9b\u0323" * (SIZE // 6))
    yield "a text to normalize", Certificate.from_der, certificate_with(subject=Name([[text]]).element("s"))
    yield "a serial number", Certificate.from_der, certificate_with(serial=integer("n", 1 << 8 * (SIZE - 600)))
    rsa = sequence("k", integer("n", (1 << 8 * (SIZE - 600)) + 1), integer("e", 65537))
    key = sequence(
        "k", sequence("a", oid("o", OIDS["rsaEncryption"]), Element("n", 5, b"")), bit_string("b", rsa.encoding)
    )
    yield "a modulus", Certificate.from_der, certificate_with(key=key)
    many = filled(lambda i: sequence("e", oid("o", f"1.2.{i}"), octet_string("v", b"")))
    extensions = sequence("[3]", sequence("es", *many), tag=0xA3)
    yield "extensions", Certificate.from_der, certificate_with(extensions=extensions)
    entries = filled(lambda i: sequence("e", integer("n", i), der_writer.time("t", NOW)))
    yield "entries", CertificateRevocationList.from_der, test_crl.assemble({"entries": sequence("es", *entries)})
    yield "zeros", CertificateRevocationList.from_der, bytes(SIZE)
    yield "ones", CertificateSigningRequest.from_der, b"\xff" * SIZE


@pytest.mark.slow
def test_large_inputs_take_less_than_a_second() -> None:
    """Parsing, and then comparing and showing what was read."""
    for what, parse, data in large_inputs():
        assert SIZE - 12_000 < len(data) < SIZE + 1000, what
        start = time.process_time()
        check(parse, data, explain=False)
        assert time.process_time() - start < 1, what
