"""The responder: what it answers out of a registry, and to what it gives no answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pki.asn1.der import context
from pki.asn1.der_writer import sequence
from pki.ca.authority import Authority
from pki.ca.records import RegistryError
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.ca.responder import Delegate, answer
from pki.certificate_status import CertID
from pki.crl import RevocationReason
from pki.fields.extensions import UnknownExtension, extensions_element
from pki.fields.validity import Validity
from pki.ocsp import OCSPRequest, OCSPResponse, ResponseStatus
from pki.signatures import ECDSA_SHA256
from pki.verify import verify_chain
from primitives.sha2 import sha256
from tests.pki.conftest import NOW
from tests.pki.support.ocsp_authority import (
    AUTHORITY,
    BY,
    DELEGATE,
    HOUR,
    LEAF,
    LEAF_KEY,
    RESPONDER,
    RESPONDER_KEY,
    about,
    basic,
)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    registry = Registry.create(tmp_path / "registry.db", AUTHORITY.certificate)
    with registry.change() as records:
        for certificate in (LEAF, RESPONDER):
            assert records.add_certificate(certificate, at=NOW)
    return registry


def asked(registry: Registry, *cert_ids: CertID, signer: Authority | Delegate = AUTHORITY, **more: Any) -> OCSPResponse:
    request = OCSPRequest.build(cert_ids or [about()], **more)
    return answer(request.to_der(), registry=registry, signer=signer, **BY, validity=Validity(NOW, NOW + HOUR))


def test_good_revoked_and_unknown(registry: Registry) -> None:
    Registrar(registry, AUTHORITY, signature_algorithm=ECDSA_SHA256).revoke(
        RESPONDER.serial_number, at=NOW - HOUR, reason=RevocationReason.SUPERSEDED
    )
    never_issued = CertID.build(LEAF.issuer, AUTHORITY.certificate.public_key, 4711)
    others = CertID.build(LEAF.subject, LEAF.public_key, LEAF.serial_number)
    ids = [about(hash=sha256), about(RESPONDER), never_issued, others]
    said = basic(asked(registry, *ids, nonce=b"n" * 32))
    assert said.nonce == b"n" * 32
    assert [one.cert_id for one in said.responses] == ids
    assert [one.status.value for one in said.responses] == ["good", "revoked", "unknown", "unknown"]
    assert {(one.this_update, one.next_update) for one in said.responses} == {(NOW, NOW + HOUR)}
    revoked = said.responses[1]
    assert (revoked.revocation_date, revoked.reason) == (NOW - HOUR, RevocationReason.SUPERSEDED)
    assert said.produced_at == NOW


@pytest.mark.parametrize("signer", [AUTHORITY, DELEGATE], ids=["the authority", "a delegate"])
def test_its_answers_are_believed(registry: Registry, signer: Authority | Delegate) -> None:
    response = asked(registry, signer=signer)
    verify_chain(LEAF, roots=[AUTHORITY.certificate], at=NOW, ocsp_responses=[response], require_revocation_status=True)
    assert basic(asked(registry)).nonce is None


def test_requests_that_get_no_answer(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = CertID.build(LEAF.subject, LEAF.public_key, LEAF.serial_number)
    assert asked(registry, stranger).status is ResponseStatus.UNAUTHORIZED
    arguments: dict[str, Any] = {"registry": registry, "signer": AUTHORITY, **BY, "validity": Validity(NOW, NOW + HOUR)}
    critical = extensions_element([UnknownExtension("1.2.3", b"\5\0", True)])
    inside = sequence("e", critical, tag=context(2, constructed=True))
    odd = sequence("o", sequence("t", sequence("l", sequence("r", about().element("i"))), inside)).encoding
    for malformed in (b"", b"\x30\x00", odd, OCSPRequest.build([about()]).to_der() + b"\0"):
        assert answer(malformed, **arguments).status is ResponseStatus.MALFORMED_REQUEST

    @contextmanager
    def busy() -> Iterator[None]:
        raise RegistryError("busy")
        yield

    monkeypatch.setattr(registry, "look", busy)
    refused = asked(registry)
    assert (refused.status, refused.basic) == (ResponseStatus.TRY_LATER, None)


def test_who_can_be_a_delegate() -> None:
    with pytest.raises(ValueError, match="CN=leaf is not for OCSPSigning"):
        Delegate(LEAF, LEAF_KEY)
    with pytest.raises(ValueError, match="the private key is not the one of the certificate of CN=responder"):
        Delegate(RESPONDER, LEAF_KEY)
    assert Delegate(RESPONDER, RESPONDER_KEY).certificate == RESPONDER
