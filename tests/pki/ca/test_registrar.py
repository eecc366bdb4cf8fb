"""The registrar: what codes open, what is certified, refused, left out and renewed, and that it is on record."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pki.asn1.oids import OIDS
from pki.ca.authority import Authority, RequestRefused
from pki.ca.enrolment_codes import CodeError, hash_code, is_code, make_code
from pki.ca.permission import Permission
from pki.ca.records import CertificateRecord, RegistryError, RequestRecord
from pki.ca.registrar import Issued, Registrar
from pki.ca.registry import Registry
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import (
    BasicConstraints,
    ExtendedKeyUsage,
    KeyUsage,
    Purpose,
    SubjectAltName,
    UnknownExtension,
    Usage,
)
from pki.fields.general_names import DNSName
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384
from pki.verify import verify_chain
from primitives.rsa import RSAPrivateKey
from tests.pki.ca.test_authority import request_for
from tests.pki.conftest import DAY, INTERMEDIATE, LEAF, NOW, ROOT, VALIDITY, BuildCertificate

HOUR = timedelta(hours=1)
PERMISSION = Permission(
    names=("leaf", ".leaf.example"),
    attributes=("organizationName",),
    purposes=(Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH),
    validity=HOUR,
)
GOOD = SubjectAltName((DNSName("a.leaf.example"),))
BAD = SubjectAltName((DNSName("evil.example"),))


def new_registrar(path: Path, root: Authority) -> Registrar:
    """A registrar with a new registry at this path."""
    return Registrar(Registry.create(path, root.certificate), root, signature_algorithm=RSA_PKCS1_SHA384)


@pytest.fixture
def registrar(tmp_path: Path, root: Authority) -> Registrar:
    return new_registrar(tmp_path / "registry.sqlite", root)


def new_code(registrar: Registrar, **facts: Any) -> str:
    return registrar.new_code("leaf", PERMISSION, **{"not_after": NOW + DAY} | facts)


def enrol(registrar: Registrar, request: CertificateSigningRequest, code: str, **facts: Any) -> Issued:
    arguments: dict[str, Any] = {"applicant": "leaf", "code": code, "at": NOW}
    return registrar.enrol(request, **arguments | facts)


def on_record(registrar: Registrar) -> tuple[list[RequestRecord], list[CertificateRecord]]:
    with registrar.registry.look() as records:
        return list(records.requests()), list(records.certificates())


# Codes.


def test_codes_can_be_typed_and_are_not_kept() -> None:
    numbers = itertools.count()
    code = make_code(random_bytes=lambda n: (next(numbers) << 3).to_bytes(n, "big"))
    assert code == "2345-6789-ABCD-EFGH"
    hashed = hash_code("leaf", code)
    assert len(hashed) == 32
    for spelled in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code}"):
        assert is_code("leaf", spelled, hashed)
    for wrong in ("", code[:-1], code + "2", code.replace("2", "3"), "\ud800", "ß"):
        assert not is_code("leaf", wrong, hashed)
    assert not is_code("Leaf", code, hashed)  # of whom it is belongs to it
    assert len({make_code(random_bytes=secrets.token_bytes) for _ in range(100)}) == 100


def test_a_code_opens_one_enrolment(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    code = new_code(registrar)
    issued = enrol(registrar, request_for(keys[2], GOOD), code)
    made = issued.certificate
    assert issued.left_out == ()
    assert (made.subject, made.dns_names, made.public_key) == (LEAF, ["a.leaf.example"], keys[2].public_key)
    assert (made.not_before, made.not_after) == (NOW, NOW + HOUR)
    assert made.extension(ExtendedKeyUsage) == ExtendedKeyUsage(PERMISSION.purposes)
    assert made.signature_algorithm == RSA_PKCS1_SHA384
    for purpose in PERMISSION.purposes:
        verify_chain(made, roots=[registrar.authority.certificate], at=NOW, purpose=purpose)
    requests, certificates = on_record(registrar)
    assert requests == [RequestRecord(1, NOW, "leaf", issued=True, note="", der=request_for(keys[2], GOOD).to_der())]
    assert certificates[1:] == [CertificateRecord(made, NOW, request=1, replaces=None, revocation=None)]
    with pytest.raises(CodeError, match="has been used"):
        enrol(registrar, request_for(keys[1], GOOD), code)
    assert on_record(registrar) == (requests, certificates)


def test_who_lost_the_answer_asks_again(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    code = new_code(registrar)
    request = request_for(keys[2], KeyUsage(frozenset([Usage.CRL_SIGN])))
    first = enrol(registrar, request, code)
    assert enrol(registrar, request, code, at=NOW + HOUR) == first
    before = on_record(registrar)
    with pytest.raises(CodeError, match="is wrong"):
        enrol(registrar, request, "wrong")
    with pytest.raises(CodeError, match="has expired"):
        enrol(registrar, request, code, at=NOW + 2 * DAY)
    assert on_record(registrar) == before
    registrar.revoke(first.certificate.serial_number, at=NOW)
    with pytest.raises(CodeError, match="has been used"):
        enrol(registrar, request, code)


def test_wrong_codes(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    request = request_for(keys[2])
    for applicant in ("nobody", "leaf"):
        with pytest.raises(CodeError, match=f"no enrolment code is open for '{applicant}'"):
            enrol(registrar, request, "2345-6789-ABCD-EFGH", applicant=applicant)
    code = new_code(registrar)
    with pytest.raises(CodeError, match="no enrolment code is open for 'Leaf'"):
        enrol(registrar, request, code, applicant="Leaf")
    for _ in range(20):  # anyone who knows a name can guess, and does the code no harm
        with pytest.raises(CodeError, match=r"is wrong$"):
            enrol(registrar, request, "wrong")
    assert on_record(registrar)[0] == []
    assert enrol(registrar, request, code)


def test_who_guesses_does_not_keep_others_from_the_registry(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    new_code(registrar)
    with registrar.registry.change(), pytest.raises(CodeError, match="is wrong"):  # locked by somebody else
        enrol(registrar, request_for(keys[2]), "wrong")


def test_a_new_code_voids_the_old_one(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    old, new = new_code(registrar), new_code(registrar)
    with pytest.raises(CodeError, match="is wrong"):
        enrol(registrar, request_for(keys[2]), old)
    assert enrol(registrar, request_for(keys[2]), new)


def test_a_code_expires(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    code = new_code(registrar, not_after=NOW)
    with pytest.raises(CodeError, match="has expired"):
        enrol(registrar, request_for(keys[2]), code, at=NOW + timedelta(seconds=1))
    assert enrol(registrar, request_for(keys[2]), code, at=NOW)


def test_codes_that_cannot_be(registrar: Registrar) -> None:
    for applicant in ("", "a:b", "a\n"):
        with pytest.raises(ValueError, match="is not a name for an applicant"):
            registrar.new_code(applicant, PERMISSION, not_after=NOW)
    with pytest.raises(ValueError, match="expected at least one"):
        new_code(registrar, tries=0)


def test_a_code_is_in_no_record(registrar: Registrar) -> None:
    code = new_code(registrar)
    with registrar.registry.look() as records:
        held = records.code("leaf")
    assert held is not None
    assert (held.permission, held.not_after, held.tries_left, held.request) == (PERMISSION, NOW + DAY, 5, None)
    assert code not in repr(held)
    stored = registrar.registry._path.read_bytes()
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


# What is asked for, and what there is.


def test_a_refused_request_is_on_record_and_the_code_stays_open(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    code = new_code(registrar)
    with pytest.raises(RequestRefused, match=r"DNS:evil.example is not among those that may be asked for: leaf, "):
        enrol(registrar, request_for(keys[2], BAD), code)
    with pytest.raises(RequestRefused, match="not signed with the key"):
        enrol(registrar, request_for(keys[2], signing_key=keys[1]), code)
    with pytest.raises(RequestRefused, match="asks to be a certificate authority"):
        enrol(registrar, request_for(keys[2], BasicConstraints(ca=True)), code)
    requests, certificates = on_record(registrar)
    assert [request.issued for request in requests] == [False] * 3
    assert requests[0].der == request_for(keys[2], BAD).to_der()
    assert "evil.example" in requests[0].note
    assert requests[0].applicant == "leaf"
    assert len(certificates) == 1
    assert enrol(registrar, request_for(keys[2], GOOD), code)


def test_refused_requests_are_bounded(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    code = new_code(registrar, tries=2)
    for _ in range(2):
        with pytest.raises(RequestRefused):
            enrol(registrar, request_for(keys[2], BAD), code)
    with pytest.raises(CodeError, match="no enrolment code is open"):
        enrol(registrar, request_for(keys[2], GOOD), code)
    assert len(on_record(registrar)[0]) == 2


def test_what_is_asked_beyond_the_names_is_left_out_and_said(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    subject = Name.build(common_name="Leaf", country="IN", organization="Example")
    request = request_for(
        keys[2],
        GOOD,
        BasicConstraints(ca=False),
        KeyUsage(frozenset([Usage.KEY_CERT_SIGN])),
        ExtendedKeyUsage((Purpose.CODE_SIGNING,)),
        UnknownExtension("1.2.3", b"x\x1b", critical=True),
        subject=subject,
    )
    issued = enrol(registrar, request, new_code(registrar))
    assert issued.certificate.subject == LEAF
    assert issued.left_out == (
        "C=IN",
        "keyUsage (keyCertSign)",
        "extKeyUsage (codeSigning (1.3.6.1.5.5.7.3.3))",
        "1.2.3 (2 octets)",
    )
    (record,) = on_record(registrar)[0]
    assert record.note == f"left out: {'; '.join(issued.left_out)}"


def test_attributes_of_the_request_are_said(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    request = request_for(keys[2], GOOD)
    attributes = [(OIDS["extensionRequest"], b""), (OIDS["challengePassword"], b""), ("1.2.3", b"")]
    asked = replace(request, attributes=tuple(attributes))
    issued = enrol(registrar, asked, new_code(registrar))
    assert issued.left_out == ("the attribute challengePassword (1.2.840.113549.1.9.7)", "the attribute 1.2.3")


def test_a_certificate_ends_with_the_authority(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    end = registrar.authority.certificate.not_after
    first = enrol(registrar, request_for(keys[2]), new_code(registrar), at=end - HOUR / 2).certificate
    assert first.not_after == end
    again = registrar.renew(request_for(keys[1]), replacing=first, at=end).certificate
    assert (again.not_before, again.not_after) == (end, end)
    later = end + timedelta(seconds=1)
    with pytest.raises(RequestRefused, match="the authority's own certificate has expired"):
        enrol(registrar, request_for(keys[2]), new_code(registrar, not_after=later), at=later)


def test_the_operator_issues_with_any_validity(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    times = Validity(NOW - 900 * DAY, NOW - 899 * DAY)  # teachers make expired ones on purpose
    issued = registrar.issue(request_for(keys[2], GOOD), PERMISSION, at=NOW, validity=times)
    assert issued.certificate.not_after == NOW - 899 * DAY
    with pytest.raises(RequestRefused, match="evil"):
        registrar.issue(request_for(keys[2], BAD), PERMISSION, at=NOW, validity=times)
    assert [(one.applicant, one.issued) for one in on_record(registrar)[0]] == [("", True), ("", False)]


def test_an_authority_below(registrar: Registrar, keys: Sequence[RSAPrivateKey], tmp_path: Path) -> None:
    request = CertificateSigningRequest.build(INTERMEDIATE, [], keys[1], signature_algorithm=RSA_PKCS1_SHA256)
    made = registrar.issue_authority(request, at=NOW, path_length=0, **VALIDITY).certificate
    assert made.extension(BasicConstraints) == BasicConstraints(ca=True, path_length=0)
    assert on_record(registrar)[1][1].certificate == made
    below = Registrar(
        Registry.create(tmp_path / "below.sqlite", made), Authority(made, keys[1]), signature_algorithm=RSA_PKCS1_SHA256
    )
    leaf = enrol(below, request_for(keys[2]), new_code(below)).certificate
    verify_chain(leaf, intermediates=[made], roots=[registrar.authority.certificate], at=NOW)
    with pytest.raises(ValueError, match="the path length of this authority is 0"):
        below.issue_authority(request, at=NOW, path_length=0, **VALIDITY)
    assert len(on_record(below)[0]) == 1  # a mistake of the operator's is not a request
    with pytest.raises(RequestRefused, match="renewed by the operator alone"):
        registrar.renew(request, replacing=made, at=NOW)


def test_an_authority_below_for_some_names_only(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    constraints = NameConstraints(permitted=(GeneralSubtree(DNSName("leaf.example")),))
    made = registrar.issue_authority(
        request_for(keys[1]), at=NOW, path_length=None, name_constraints=constraints, **VALIDITY
    ).certificate
    assert made.extension(NameConstraints) == constraints
    assert on_record(registrar)[1][1].certificate == made


# Renewals.


def test_a_certificate_is_renewed(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    old = enrol(registrar, request_for(keys[2], GOOD), new_code(registrar)).certificate
    at = NOW + HOUR / 2
    for key in (keys[2], keys[1]):  # the same key, or a new one
        request = request_for(key, GOOD, KeyUsage(frozenset([Usage.CRL_SIGN])))
        issued = registrar.renew(request, replacing=old, at=at)
        new = issued.certificate
        assert (new.subject, new.dns_names, new.public_key) == (old.subject, old.dns_names, key.public_key)
        assert new.serial_number != old.serial_number
        assert (new.not_before, new.not_after) == (at, at + HOUR)
        assert new.extension(ExtendedKeyUsage) == old.extension(ExtendedKeyUsage)
        assert issued.left_out == ("keyUsage (cRLSign)",)
        assert on_record(registrar)[1][-1].replaces == old.serial_number
        before = on_record(registrar)
        assert registrar.renew(request, replacing=old, at=at + HOUR / 4) == issued  # the answer was lost
        assert on_record(registrar) == before
    assert {request.applicant for request in before[0]} == {"leaf", str(old.subject)}
    assert registrar.renew(request_for(keys[2], GOOD), replacing=new, at=NOW + HOUR).certificate != new


def test_no_other_spelling_of_a_name_is_got_by_enrolment_or_renewal(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    enrolled = enrol(
        registrar, request_for(keys[2], GOOD, subject=Name.build(common_name="LEAF.")), new_code(registrar)
    )
    assert enrolled.certificate.subject.rdns == Name.build(common_name="leaf").rdns
    assert enrolled.left_out == ("CN=LEAF.",)
    request = request_for(keys[2], GOOD, subject=Name.build(common_name="LEAF"))
    renewed = registrar.renew(request, replacing=enrolled.certificate, at=NOW).certificate
    assert renewed.subject.rdns == enrolled.certificate.subject.rdns


def test_what_is_not_renewed(
    registrar: Registrar, keys: Sequence[RSAPrivateKey], certificate: BuildCertificate
) -> None:
    old = enrol(registrar, request_for(keys[2], GOOD), new_code(registrar)).certificate
    request = request_for(keys[2], GOOD)
    for foreign in (
        certificate(BasicConstraints(ca=False)),
        certificate(BasicConstraints(ca=False), serial_number=old.serial_number),
    ):
        with pytest.raises(RequestRefused, match="was not issued by this authority"):
            registrar.renew(request, replacing=foreign, at=NOW)
    for at in (NOW - timedelta(seconds=1), NOW + HOUR + timedelta(seconds=1)):
        with pytest.raises(RequestRefused, match="not valid at this time"):
            registrar.renew(request, replacing=old, at=at)
    before = on_record(registrar)
    for other in (
        request_for(keys[2], SubjectAltName((DNSName("b.leaf.example"),))),
        request_for(keys[2], SubjectAltName((DNSName("a.leaf.example"), DNSName("b.leaf.example")))),
        request_for(keys[2]),
        request_for(keys[2], GOOD, subject=ROOT),
        request_for(keys[2], GOOD, subject=Name.build()),
    ):
        with pytest.raises(RequestRefused, match="asks for other names"):
            registrar.renew(other, replacing=old, at=NOW)
    with pytest.raises(RequestRefused, match="not signed with the key"):
        registrar.renew(request_for(keys[2], GOOD, signing_key=keys[0]), replacing=old, at=NOW)
    requests, certificates = on_record(registrar)
    assert certificates == before[1]
    assert len(requests) == len(before[0]) + 6
    registrar.revoke(old.serial_number, at=NOW)
    with pytest.raises(RequestRefused, match="is revoked"):
        registrar.renew(request, replacing=old, at=NOW)


# Serial numbers, and mistakes.


def test_a_serial_number_that_is_taken_is_drawn_again(registrar: Registrar, keys: Sequence[RSAPrivateKey]) -> None:
    draws = iter([bytes([n]) * 20 for n in (2, 2, 2, 4)])
    facts = {"random_bytes": lambda n: next(draws)}
    first = enrol(registrar, request_for(keys[2]), new_code(registrar), **facts).certificate
    second = enrol(registrar, request_for(keys[2]), new_code(registrar), **facts).certificate
    assert (first.serial_number, second.serial_number) == (int("01" * 20, 16), int("02" * 20, 16))
    assert next(draws, None) is None
    before = on_record(registrar)
    code = new_code(registrar)
    with pytest.raises(RegistryError, match="the source of randomness repeats itself"):
        enrol(registrar, request_for(keys[2]), code, random_bytes=lambda n: b"\2" * n)
    assert on_record(registrar) == before
    assert enrol(registrar, request_for(keys[2]), code)  # which the failure has not used up


def test_an_authority_and_a_registry_belong_together(
    registrar: Registrar, keys: Sequence[RSAPrivateKey], root: Authority
) -> None:
    for name, key in ((ROOT, keys[1]), (LEAF, keys[0])):
        other = Authority.create_root(name, key, signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)
        with pytest.raises(ValueError, match="the registry is that of O=Example, CN=Root, and not of"):
            Registrar(registrar.registry, other, signature_algorithm=RSA_PKCS1_SHA256)
    renewed = Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)
    assert Registrar(registrar.registry, renewed, signature_algorithm=RSA_PKCS1_SHA256)


def test_nothing_happens_if_it_cannot_be_recorded(
    registrar: Registrar, keys: Sequence[RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = new_code(registrar)
    before = on_record(registrar)
    monkeypatch.setattr("pki.ca.registry.BUSY_TIMEOUT", 0.05)
    with registrar.registry.look(), pytest.raises(RegistryError):  # a reader keeps the change from being committed
        enrol(registrar, request_for(keys[2]), code)
    assert on_record(registrar) == before
    assert enrol(registrar, request_for(keys[2]), code)


def test_a_permission_of_today_does_not_bind_a_code_of_yesterday(
    registrar: Registrar, keys: Sequence[RSAPrivateKey]
) -> None:
    """What was permitted is kept with the code."""
    code = registrar.new_code("leaf", replace(PERMISSION, names=("other",)), not_after=NOW)
    with pytest.raises(RequestRefused, match="may be asked for: other"):
        enrol(registrar, request_for(keys[2], GOOD), code)
