"""OCSP's messages: made here and read by `cryptography`, made there and read here, and what is refused."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from explain.layout import unexplained
from pki.asn1.der import ENUMERATED, DERError, Reader, context
from pki.asn1.der_writer import Element, integer, null, octet_string, octets_holding, oid, sequence, time
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.ca.responder import Delegate
from pki.certificate_status import CertID, CertStatus, SingleResponse
from pki.crl import RevocationReason
from pki.fields.extensions import UnknownExtension, extensions_element
from pki.fields.general_names import DirectoryName
from pki.fields.ocsp_extensions import MAX_NONCE, OCSPNonce
from pki.inspect.file_contents import contents_of
from pki.ocsp import MAX_REQUESTS, BasicOCSPResponse, OCSPRequest, OCSPResponse, ResponseStatus, key_hash
from pki.signatures import ECDSA_SHA256, Signer
from primitives.errors import InvalidSignature
from primitives.sha2 import sha256, sha512
from tests.pki.conftest import LEAF as LEAF_NAME
from tests.pki.conftest import NOW
from tests.pki.support.ocsp_authority import (
    AUTHORITY,
    DELEGATE,
    HOUR,
    LEAF,
    LEAF_KEY,
    RESPONDER,
    ROOT_KEY,
    about,
    basic,
    response,
    single,
)
from tests.support.shares import share

DER = serialization.Encoding.DER
REVOKED = single(CertStatus.REVOKED, reason=RevocationReason.KEY_COMPROMISE)
PEER_ROOT, PEER_LEAF = (x509.load_der_x509_certificate(one.der) for one in (AUTHORITY.certificate, LEAF))
HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}


def explained(message: OCSPRequest | OCSPResponse) -> None:
    assert unexplained(message.layout(), len(message.to_der())) == []
    [item] = contents_of(message.to_der())
    assert item.content == message


# --- Made here.


def test_requests_are_read_by_cryptography() -> None:
    for hash in (sha256, sha512):
        request = OCSPRequest.build([about(hash=hash)], nonce=b"n" * 32)
        theirs = ocsp.load_der_ocsp_request(request.to_der())
        assert theirs.serial_number == LEAF.serial_number
        assert theirs.hash_algorithm.name == hash.name
        assert theirs.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32
        explained(request)
    plain = OCSPRequest.build([about(), about(RESPONDER)])
    assert plain.nonce is None
    assert plain.signature_algorithm is None
    assert OCSPRequest.from_der(plain.to_der()) == plain
    with pytest.raises(ValueError, match="not signed"):
        plain.verify_signature_by(ROOT_KEY.public_key)
    with pytest.raises(ValueError, match="about no certificate"):
        OCSPRequest.build([])


def test_a_signed_request() -> None:
    signer = Signer(LEAF_KEY, ECDSA_SHA256)
    request = OCSPRequest.build([about()], requestor=DirectoryName(LEAF_NAME), signer=signer, certificates=[LEAF])
    assert request.requestor == DirectoryName(LEAF_NAME)
    assert request.certificates == (LEAF,)
    request.verify_signature_by(LEAF_KEY.public_key)
    with pytest.raises(InvalidSignature):
        request.verify_signature_by(ROOT_KEY.public_key)
    explained(request)
    assert ocsp.load_der_ocsp_request(request.to_der()).serial_number == LEAF.serial_number


def test_responses_are_read_by_cryptography() -> None:
    cases: list[tuple[SingleResponse, Authority | Delegate]] = [
        (single(), AUTHORITY),
        (REVOKED, DELEGATE),
        (single(CertStatus.UNKNOWN), AUTHORITY),
    ]
    for made, signer in cases:
        answer = response(made, signer=signer, nonce=b"n" * 32)
        theirs = ocsp.load_der_ocsp_response(answer.to_der())
        assert theirs.response_status.name == "SUCCESSFUL"
        assert theirs.certificate_status.name == made.status.name
        assert (theirs.this_update_utc, theirs.next_update_utc) == (NOW - HOUR, NOW + HOUR)
        assert theirs.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 32
        assert theirs.serial_number == LEAF.serial_number
        explained(answer)
        if signer is DELEGATE:
            assert [one.public_bytes(DER) for one in theirs.certificates] == [RESPONDER.der]
        key = x509.load_der_x509_certificate(
            (DELEGATE if signer is DELEGATE else AUTHORITY).certificate.der
        ).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(theirs.signature, theirs.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
        if made is REVOKED:
            assert theirs.revocation_time_utc == NOW - 2 * HOUR
            assert theirs.revocation_reason is x509.ReasonFlags.key_compromise


@pytest.mark.parametrize("status", ResponseStatus)
def test_refusals_are_read_by_cryptography(status: ResponseStatus) -> None:
    if status is ResponseStatus.SUCCESSFUL:
        with pytest.raises(DERError, match="the status is successful, expected a response with it"):
            OCSPResponse.build(status)
        return
    refusal = OCSPResponse.build(status)
    assert ocsp.load_der_ocsp_response(refusal.to_der()).response_status.name == status.name
    assert (refusal.status, refusal.basic) == (status, None)
    explained(refusal)


# --- Made by `cryptography`.


@pytest.mark.parametrize("name", HASHES)
def test_requests_of_cryptography(name: str) -> None:
    builder = ocsp.OCSPRequestBuilder().add_certificate(PEER_LEAF, PEER_ROOT, HASHES[name])
    der = builder.add_extension(x509.OCSPNonce(b"n" * 32), critical=False).build().public_bytes(DER)
    request = OCSPRequest.from_der(der)
    [cert_id] = request.cert_ids
    assert cert_id.serial_number == LEAF.serial_number
    assert cert_id.names_issuer(LEAF.issuer, ROOT_KEY.public_key)
    assert not cert_id.names_issuer(LEAF.subject, ROOT_KEY.public_key)
    assert not cert_id.names_issuer(LEAF.issuer, LEAF_KEY.public_key)
    assert request.nonce == b"n" * 32
    assert OCSPRequest.build([cert_id], nonce=b"n" * 32).to_der() == der
    explained(request)


@pytest.mark.parametrize("encoding", ocsp.OCSPResponderEncoding)
def test_responses_of_cryptography(encoding: ocsp.OCSPResponderEncoding) -> None:
    peer_key = ec.derive_private_key(ROOT_KEY.d, ec.SECP256R1())
    builder = ocsp.OCSPResponseBuilder().responder_id(encoding, PEER_ROOT).certificates([PEER_LEAF])
    arguments: dict[str, Any] = {"this_update": NOW, "next_update": NOW + HOUR, "algorithm": hashes.SHA256()}
    der = (
        builder.add_response(
            PEER_LEAF,
            PEER_ROOT,
            cert_status=ocsp.OCSPCertStatus.REVOKED,
            revocation_time=NOW - HOUR,
            revocation_reason=x509.ReasonFlags.superseded,
            **arguments,
        )
        .sign(peer_key, hashes.SHA256())
        .public_bytes(DER)
    )
    answer = OCSPResponse.from_der(der)
    ours = basic(answer)
    [said] = ours.responses
    assert said == SingleResponse(
        about(hash=sha256), CertStatus.REVOKED, NOW, NOW + HOUR, NOW - HOUR, RevocationReason.SUPERSEDED
    )
    assert ours.is_by(AUTHORITY.certificate.subject, ROOT_KEY.public_key)
    assert not ours.is_by(LEAF_NAME, LEAF_KEY.public_key)
    assert ours.certificates == (LEAF,)
    ours.verify_signature_by(ROOT_KEY.public_key)
    by_key = encoding is ocsp.OCSPResponderEncoding.HASH
    responder = key_hash(ROOT_KEY.public_key) if by_key else AUTHORITY.certificate.subject
    assert ours.responder == responder
    rebuilt = BasicOCSPResponse.build(
        ours.responses,
        responder=responder,
        produced_at=ours.produced_at,
        nonce=None,
        signer=Signer(ROOT_KEY, ECDSA_SHA256),
    )
    assert rebuilt.tbs == ours.tbs
    explained(answer)


# --- Refused.


def request_with(*fields: Element, more: Sequence[Element] = ()) -> bytes:
    requests = sequence("r", sequence("q", about().element("i")))
    return sequence("o", sequence("t", *fields, requests, *more)).encoding


def extensions(number: int, *inside: Any) -> Element:
    return sequence("e", extensions_element(inside), tag=context(number, constructed=True))


NONCE_OID = OIDS["id-pkix-ocsp-nonce"]


@pytest.mark.parametrize(
    ("der", "message"),
    [
        (request_with(sequence("v", integer("n", 0), tag=context(0, constructed=True))), "DER leaves defaults out"),
        (request_with(sequence("v", integer("n", 1), tag=context(0, constructed=True))), "version 2, expected 1"),
        (request_with(more=[extensions(2, OCSPNonce(bytes(MAX_NONCE + 1)))]), "a nonce of 129 octets, expected 1"),
        (request_with(more=[extensions(2, UnknownExtension(NONCE_OID, b"\4\0", False))]), "a nonce of 0 octets"),
        (request_with(more=[extensions(2, UnknownExtension(NONCE_OID, b"\5\0", False))]), "expected Nonce"),
        (request_with(more=[null("n")]), "left over"),
        (sequence("o", sequence("t", sequence("r"))).encoding, "the data ends, expected Request"),
        (
            sequence(
                "o", sequence("t", sequence("r", *[sequence("q", about().element("i"))] * (MAX_REQUESTS + 1)))
            ).encoding,
            "more than 100 certificates",
        ),
    ],
    ids=["default", "version", "long", "empty", "other", "more", "none", "many"],
)
def test_requests_that_are_refused(der: bytes, message: str) -> None:
    with pytest.raises(DERError, match=message):
        OCSPRequest.from_der(der)


def test_critical_extensions_of_requests() -> None:
    for critical in (False, True):
        unknown = UnknownExtension("1.2.3", b"\5\0", critical)
        assert OCSPRequest.from_der(request_with(more=[extensions(2, unknown)])).has_unknown_critical == critical
        asked = sequence("q", about().element("i"), extensions(0, unknown))
        of_one = sequence("o", sequence("t", sequence("r", asked)))
        assert OCSPRequest.from_der(of_one.encoding).has_unknown_critical == critical
    assert not OCSPRequest.build([about()], nonce=b"n").has_unknown_critical


def response_with(kind: str, inside: Element, status: int = 0) -> bytes:
    held = sequence("b", oid("t", kind), octets_holding("r", inside))
    code = integer("s", status, tag=ENUMERATED)
    return sequence("o", code, sequence("e", held, tag=context(0, constructed=True))).encoding


@pytest.mark.parametrize(
    ("der", "message"),
    [
        (response_with("1.2.3", null("n")), r"a response of type 1\.2\.3, expected id-pkix-ocsp-basic"),
        (response_with(OIDS["id-pkix-ocsp-basic"], null("n")), "expected BasicOCSPResponse"),
        (response_with(OIDS["id-pkix-ocsp-basic"], null("n"), 3), "tryLater, expected no response with it"),
        (sequence("o", integer("s", 4, tag=ENUMERATED)).encoding, "OCSPResponseStatus 4, expected 0 to 3, 5 or 6"),
    ],
    ids=["type", "contents", "status", "number"],
)
def test_responses_that_are_refused(der: bytes, message: str) -> None:
    with pytest.raises(DERError, match=message):
        OCSPResponse.from_der(der)


def test_times_are_generalized_times() -> None:
    element = single().element()
    spoiled = sequence("s", *element.elements[:2], time("t", NOW), *element.elements[3:])
    reason = sequence("s", integer("r", 7, tag=ENUMERATED), tag=context(0, constructed=True))
    revoked = REVOKED.element().elements[1]
    unknown_reason = sequence("v", revoked.elements[0], reason, tag=context(1, constructed=True))
    for broken, message in (
        (spoiled, "expected thisUpdate"),
        (sequence("s", element.elements[0], unknown_reason, *element.elements[2:]), "CRLReason 7, expected 0"),
        (sequence("s", element.elements[0], octet_string("x", b""), *element.elements[2:]), "expected revoked"),
    ):
        whole = basic(response()).tbs
        assert whole.count(element.encoding) == 1
        answer = response().to_der()
        start = answer.index(element.encoding)
        damaged = answer[:start] + broken.encoding + answer[start + len(element.encoding) :]
        with pytest.raises(DERError):
            OCSPResponse.from_der(damaged)
        with pytest.raises(DERError, match=message):
            SingleResponse.read(Reader(broken.encoding))


def test_an_unknown_hash_names_nobody() -> None:
    strange = CertID("1.2.3", b"", bytes(20), bytes(20), 7)
    assert not strange.names_issuer(LEAF.issuer, ROOT_KEY.public_key)
    assert OCSPRequest.from_der(OCSPRequest.build([strange]).to_der()).cert_ids == (strange,)


# --- Damaged.


def test_cut_at_every_prefix_and_with_trailing_bytes() -> None:
    request = OCSPRequest.build([about()], nonce=b"n" * 32, signer=Signer(LEAF_KEY, ECDSA_SHA256), certificates=[LEAF])
    for whole in (request, response(REVOKED, signer=DELEGATE, nonce=b"n" * 32)):
        der = whole.to_der()
        for length in range(len(der)):
            with pytest.raises(DERError):
                type(whole).from_der(der[:length])
        for more in (b"\0", b"0", der):
            with pytest.raises(DERError, match="left over"):
                type(whole).from_der(der + more)


def damaged(seeds: Sequence[int]) -> Iterator[tuple[bytes, bytes]]:
    """Messages, each with a copy in which some octets are changed, gone or doubled."""
    signed = OCSPRequest.build([about()], nonce=b"n" * 32, signer=Signer(LEAF_KEY, ECDSA_SHA256), certificates=[LEAF])
    corpus = (signed.to_der(), response(REVOKED, signer=DELEGATE, nonce=b"n" * 32).to_der())
    for seed in seeds:
        dice = random.Random(seed)
        whole = corpus[seed % 2]
        octets = bytearray(whole)
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(len(octets))
            match dice.randrange(3):
                case 0:
                    octets[place] ^= 1 << dice.randrange(8)
                case 1:
                    del octets[place]
                case _:
                    octets[place:place] = octets[place : place + dice.randint(1, 8)]
        yield whole, bytes(octets)


def survive(seeds: Sequence[int]) -> int:
    """Read damaged messages: an error that is declared, or a message that says so; no signature of another's holds."""
    refused = 0
    for whole, octets in damaged(seeds):
        if octets == whole:
            continue
        read = OCSPResponse.from_der if whole[4:7] == b"\x0a\x01\x00" else OCSPRequest.from_der
        try:
            message = read(octets)
        except DERError:
            refused += 1
            continue
        assert message.to_der() == octets
        if isinstance(message, OCSPResponse):
            if message.basic is None or message.basic.tbs == basic(OCSPResponse.from_der(whole)).tbs:
                continue
            with pytest.raises(InvalidSignature):
                message.basic.verify_signature_by(RESPONDER.public_key)
        elif message.signature_algorithm is not None and message.tbs != OCSPRequest.from_der(whole).tbs:
            with pytest.raises(InvalidSignature):
                message.verify_signature_by(LEAF.public_key)
    return refused


def test_damaged_messages() -> None:
    assert survive(range(100)) > 40


@pytest.mark.slow
def test_many_damaged_messages() -> None:
    assert survive(share(range(100_000), 10_000, of="damaged OCSP messages")) > 4000


def test_lifetimes_are_kept() -> None:
    [said] = basic(response(single(next_update=None))).responses
    assert said.next_update is None
    assert basic(response(produced_at=NOW + timedelta(microseconds=5))).produced_at == NOW
