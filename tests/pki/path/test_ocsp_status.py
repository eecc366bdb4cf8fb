"""OCSP responses in path validation: which of them decide about a certificate, and what each says."""

from datetime import timedelta
from typing import Any

import pytest

from pki.ca.authority import Authority
from pki.ca.responder import Delegate
from pki.certificate_status import CertStatus, SingleResponse
from pki.crl import CertificateRevocationList, RevocationReason, RevokedCertificate
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Purpose,
    UnknownExtension,
    Usage,
    extensions_element,
)
from pki.fields.names import Name
from pki.fields.ocsp_extensions import OCSPNoCheck
from pki.fields.validity import Validity
from pki.key_formats.public_key_info import key_identifier
from pki.ocsp import BasicOCSPResponse, OCSPResponse, ResponseStatus, key_hash
from pki.path import budget
from pki.path.budget import Work
from pki.signatures import ECDSA, ECDSA_SHA256, RSA_PKCS1_SHA256, SignatureAlgorithm, Signer
from pki.signed import Signed
from pki.verify import CertificateError, Reason, VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.rsa import RSAPrivateKey
from primitives.sha1 import sha1
from tests.pki.conftest import DAY, NOW, ROOT, VALIDITY
from tests.pki.support.ocsp_authority import (
    AUTHORITY,
    BY,
    DELEGATE,
    HOUR,
    LEAF,
    LEAF_KEY,
    RESPONDER,
    RESPONDER_KEY,
    ROOT_KEY,
    about,
    basic,
    requested,
    response,
    single,
)

NAME = Name.build(common_name="responder")
SIGNS, IS_RESPONDER = KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE])), ExtendedKeyUsage((Purpose.OCSP_SIGNING,))
REVOKED = CertStatus.REVOKED


def verify(*responses: OCSPResponse, required: bool = True, **more: Any) -> VerifiedChain:
    arguments: dict[str, Any] = {"roots": [AUTHORITY.certificate], "at": NOW} | more
    return verify_chain(LEAF, ocsp_responses=responses, require_revocation_status=required, **arguments)


def refused(*responses: OCSPResponse, reason: Reason = Reason.REVOCATION_UNKNOWN, **more: Any) -> str:
    with pytest.raises(CertificateError) as caught:
        verify(*responses, **more)
    assert caught.value.reason is reason
    assert caught.value.certificate == LEAF
    return caught.value.message


def crl(*revoked: Certificate) -> CertificateRevocationList:
    entries = [RevokedCertificate.build(one.serial_number, NOW - DAY) for one in revoked]
    return AUTHORITY.issue_crl(entries, number=1, this_update=NOW - HOUR, next_update=NOW + HOUR, **BY)


# --- What decides.


@pytest.mark.parametrize("signer", [AUTHORITY, DELEGATE], ids=["the issuer", "a delegate"])
def test_a_response_that_decides(signer: Authority | Delegate) -> None:
    by = signer.certificate.subject
    expected = ("revocation", f"not revoked, by the OCSP response of {by} of 2026-06-01 11:00:00 UTC", "RFC 6960 §3.2")
    assert expected in verify(response(signer=signer)).checks
    message = refused(response(single(REVOKED), signer=signer), reason=Reason.REVOKED)
    assert f"it was revoked on 2026-06-01 10:00:00 UTC, says the OCSP response of {by}" in message
    stolen = single(REVOKED, reason=RevocationReason.KEY_COMPROMISE)
    assert ", for keyCompromise, says" in refused(
        response(stolen, signer=signer), reason=Reason.REVOKED, required=False
    )


def test_one_that_says_revoked_is_enough() -> None:
    good, bad = response(), response(single(REVOKED), signer=DELEGATE)
    for order in ((good, bad), (bad, good)):
        refused(*order, reason=Reason.REVOKED)
    refused(good, crls=[crl(LEAF)], reason=Reason.REVOKED)
    refused(bad, crls=[crl()], reason=Reason.REVOKED)
    refused(response(single(), single(REVOKED)), reason=Reason.REVOKED)
    assert "by the OCSP response" in str(verify(good, crls=[crl()]).checks)
    assert "by list 1" in str(verify(response(single(CertStatus.UNKNOWN)), crls=[crl()]).checks)


def test_what_leaves_the_question_open() -> None:
    assert ("revocation", "left open by what is at hand", "RFC 5280 §6.3.3") in verify(
        response(single(CertStatus.UNKNOWN)), required=False
    ).checks
    other_number = about(RESPONDER)
    other_issuer = about(LEAF, LEAF)
    for left_open in (
        response(single(CertStatus.UNKNOWN)),
        response(single(cert_id=other_number)),
        response(single(cert_id=other_issuer)),
        OCSPResponse.build(ResponseStatus.TRY_LATER),
    ):
        assert "no list or response that is fresh" in refused(left_open)
        verify(left_open, required=False)
    assert not any(check.name == "revocation" for check in verify(required=False).checks)


def test_a_key_can_name_the_responder_too() -> None:
    for key, right in ((ROOT_KEY, True), (LEAF_KEY, False)):
        made = BasicOCSPResponse.build(
            [single()],
            responder=key_hash(key.public_key),
            produced_at=NOW,
            nonce=None,
            signer=Signer(ROOT_KEY, ECDSA_SHA256),
        )
        if right:
            verify(OCSPResponse.build(made))
        else:
            refused(OCSPResponse.build(made))


# --- Times.


@pytest.mark.parametrize(
    ("this_update", "next_update", "decides"),
    [
        (-HOUR, HOUR, True),
        (timedelta(0), timedelta(0), True),
        (timedelta(seconds=1), HOUR, False),  # not yet
        (-2 * HOUR, -timedelta(seconds=1), False),  # not any more
        (-timedelta(minutes=5), None, True),  # there is news at any time: it is as good as its age
        (-timedelta(minutes=5, seconds=1), None, False),
    ],
)
def test_a_response_counts_for_its_time(this_update: timedelta, next_update: timedelta | None, decides: bool) -> None:
    until = None if next_update is None else NOW + next_update
    times: dict[str, Any] = {"this_update": NOW + this_update, "next_update": until}
    if decides:
        verify(response(single(**times)))
    else:
        refused(response(single(**times)))
    # That it was revoked is true for good, unless it was only put on hold.
    begun = this_update <= timedelta(0)
    expected = Reason.REVOKED if begun else Reason.REVOCATION_UNKNOWN
    refused(response(single(REVOKED, **times)), reason=expected)
    held = single(REVOKED, reason=RevocationReason.CERTIFICATE_HOLD, **times)
    refused(response(held), reason=Reason.REVOKED if decides else Reason.REVOCATION_UNKNOWN)


# --- Signatures.


def responder(
    *extensions: Extension,
    key: ECPrivateKey | RSAPrivateKey = RESPONDER_KEY,
    issuer: Name = ROOT,
    signing_key: ECPrivateKey = ROOT_KEY,
    algorithm: SignatureAlgorithm = ECDSA_SHA256,
    validity: Validity = VALIDITY["validity"],
) -> Certificate:
    return Certificate.build(
        serial_number=99,
        issuer=issuer,
        validity=validity,
        subject=NAME,
        public_key=key.public_key,
        extensions=extensions,
        signer=Signer(signing_key, algorithm),
    )


def by(certificate: Certificate, *singles: SingleResponse, key: Any = RESPONDER_KEY) -> OCSPResponse:
    made = BasicOCSPResponse.build(
        singles or [single()],
        responder=certificate.subject,
        produced_at=NOW,
        nonce=None,
        signer=Signer(key, RSA_PKCS1_SHA256 if isinstance(key, RSAPrivateKey) else ECDSA_SHA256),
        certificates=[certificate],
    )
    return OCSPResponse.build(made)


def test_a_delegate_is_one_by_its_issuer_s_word_alone() -> None:
    verify(by(responder(SIGNS, IS_RESPONDER)))
    verify(by(responder(IS_RESPONDER)))  # no keyUsage: whatever
    verify(by(responder(KeyUsage(frozenset([Usage.CONTENT_COMMITMENT])), IS_RESPONDER)))
    other = Name.build(common_name="Other")
    over = Validity(NOW - 2 * DAY, NOW - DAY)
    strange = UnknownExtension("1.2.3", b"\5\0", True)
    for unfit in (
        responder(SIGNS),
        responder(SIGNS, ExtendedKeyUsage((Purpose.ANY,))),
        responder(SIGNS, ExtendedKeyUsage((Purpose.SERVER_AUTH,))),
        responder(KeyUsage(frozenset([Usage.KEY_AGREEMENT])), IS_RESPONDER),
        responder(SIGNS, IS_RESPONDER, strange),
        responder(SIGNS, IS_RESPONDER, issuer=other),
        responder(SIGNS, IS_RESPONDER, signing_key=RESPONDER_KEY),
        responder(SIGNS, IS_RESPONDER, validity=over),
        responder(SIGNS, IS_RESPONDER, validity=Validity(NOW + HOUR, NOW + DAY)),
    ):
        refused(by(unfit))
        verify(by(unfit, single(REVOKED)), required=False)  # nor can it revoke


def test_a_delegate_whose_signature_is_named_in_two_ways() -> None:
    odd = responder(SIGNS, IS_RESPONDER)
    object.__setattr__(odd, "algorithms_agree", False)
    made = basic(by(odd))
    verify(OCSPResponse(ResponseStatus.SUCCESSFUL, made, b""))
    object.__setattr__(made, "certificates", (odd,))
    refused(OCSPResponse(ResponseStatus.SUCCESSFUL, made, b""))


def test_a_delegate_s_key_must_be_strong(keys: list[RSAPrivateKey]) -> None:
    short = RSAPrivateKey.from_primes((1 << 521) - 1, (1 << 607) - 1, e=65537)
    verify(by(responder(SIGNS, IS_RESPONDER, key=keys[0]), key=keys[0]))
    refused(by(responder(SIGNS, IS_RESPONDER, key=short), key=short))
    verify(by(responder(SIGNS, IS_RESPONDER, key=short), key=short), minimum_rsa_bits=1024)


def test_a_leaf_is_no_responder_and_a_stranger_neither() -> None:
    refused(by(LEAF, key=LEAF_KEY))
    refused(by(responder(SIGNS, IS_RESPONDER), key=LEAF_KEY))  # the certificate is right, the signature another's
    stranger = Authority.create_root(ROOT, LEAF_KEY, **BY, **VALIDITY)
    refused(response(signer=stranger))
    verify(response(signer=stranger), response())


def test_an_authority_above_does_not_answer_for_the_one_below() -> None:
    """RFC 6960 §4.2.2.2: the issuer of the certificate itself, or whom it has certified."""
    below_key, leaf_key = ECPrivateKey(P256, 0x2222222), ECPrivateKey(P256, 0x3333333)
    issued = AUTHORITY.issue_authority(requested("below", below_key), path_length=None, **BY, **VALIDITY)
    below = Authority(issued, below_key)
    leaf = below.issue(requested("leaf", leaf_key), purposes=[], **BY, **VALIDITY)
    about_leaf, about_below = about(leaf, issued), about(issued)
    arguments: dict[str, Any] = {
        "intermediates": [issued],
        "roots": [AUTHORITY.certificate],
        "at": NOW,
        "require_revocation_status": True,
    }
    right = [response(single(cert_id=about_leaf), signer=below), response(single(cert_id=about_below))]
    verify_chain(leaf, ocsp_responses=right, **arguments)
    for signer in (AUTHORITY, DELEGATE):
        wrong = [response(single(cert_id=about_leaf), signer=signer), right[1]]
        with pytest.raises(CertificateError) as caught:
            verify_chain(leaf, ocsp_responses=wrong, **arguments)
        assert caught.value.reason is Reason.REVOCATION_UNKNOWN
    with pytest.raises(CertificateError) as caught:
        verify_chain(leaf, ocsp_responses=right[:1], **arguments)
    assert caught.value.certificate == issued


def test_a_delegate_that_was_revoked() -> None:
    plain = responder(SIGNS, IS_RESPONDER, AuthorityKeyIdentifier(key_identifier(ROOT_KEY.public_key)))
    refused(by(plain), crls=[crl(plain, LEAF)], reason=Reason.REVOKED)
    verify(by(plain, single(REVOKED)), crls=[crl(plain)])  # the CRL decides, and the response does not count
    no_check = responder(SIGNS, IS_RESPONDER, OCSPNoCheck())
    refused(by(no_check, single(REVOKED)), crls=[crl(no_check)], reason=Reason.REVOKED)  # it is trusted while valid


def test_weak_signatures_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    weak = ECDSA(sha1)
    made = basic(response())
    object.__setattr__(made, "signature_algorithm", weak)
    monkeypatch.setattr(Signed, "verify_signature_by", lambda *_: None)  # so that only the hash speaks against it
    refused(OCSPResponse(ResponseStatus.SUCCESSFUL, made, b""))


def test_critical_extensions_that_are_not_understood() -> None:
    unknown = UnknownExtension("1.2.3", b"\5\0", True)
    made = basic(response(nonce=b"n"))
    object.__setattr__(made, "extensions", (unknown,))
    refused(OCSPResponse(ResponseStatus.SUCCESSFUL, made, b""))
    made = basic(response())
    said = single()
    object.__setattr__(said, "extensions", (unknown,))
    object.__setattr__(made, "responses", (said,))
    refused(OCSPResponse(ResponseStatus.SUCCESSFUL, made, b""))
    assert extensions_element([unknown]).encoding  # such a one can be written


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(budget.LIMITS, Work.OCSP_SIGNATURES, 3)
    strangers = [by(responder(SIGNS, IS_RESPONDER), single(this_update=NOW - i * HOUR), key=LEAF_KEY) for i in range(4)]
    with pytest.raises(CertificateError, match="more than 3 signatures of OCSP responses") as caught:
        verify(*strangers)
    assert caught.value.reason is Reason.TOO_MUCH_WORK


def test_a_responder_s_own_certificate_says_what_it_is() -> None:
    assert RESPONDER.extension(OCSPNoCheck) == OCSPNoCheck()
    assert LEAF.extension(OCSPNoCheck) is None
    both = AUTHORITY.issue(
        requested("both", LEAF_KEY), purposes=[Purpose.SERVER_AUTH, Purpose.OCSP_SIGNING], **BY, **VALIDITY
    )
    assert both.extension(OCSPNoCheck) is None  # what it says as a server, others can be asked about
    assert both.extension(BasicConstraints) == BasicConstraints(ca=False)
