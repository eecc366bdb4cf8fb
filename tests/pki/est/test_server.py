"""The EST server: every status, and hostile, slow, cut and split requests."""

import base64
import re
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pki.ca.authority import Authority
from pki.certificate_status import CertID
from pki.crl import CertificateRevocationList
from pki.est.messages import (
    CA_CERTIFICATES,
    CERTS_ONLY,
    CRL,
    ENROL,
    LINE,
    MAX_BODY,
    OCSP,
    OCSP_REQUEST_TYPE,
    OCSP_RESPONSE_TYPE,
    RENEW,
    decode_body,
    encode_body,
)
from pki.est.server import WRONG_CODE_TIME, EnrolmentService, Outcome
from pki.fields.extensions import KeyUsage, SubjectAltName, Usage
from pki.fields.general_names import DNSName
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.ocsp import OCSPRequest, OCSPResponse, ResponseStatus
from pki.pkcs7 import certs_only, read_certs_only
from pki.signatures import RSA_PKCS1_SHA256
from pki.verify import CertificateError, verify_chain
from pki.x509 import CertificateSigningRequest
from primitives.rsa import RSAPrivateKey
from tests.pki.ca.test_authority import request_for
from tests.pki.conftest import DAY, LEAF, NOW
from tests.pki.support.est_office import Answer, Canned, Office, basic, http, new_office, post

OCSP_CONTENT = f"Content-Type: {OCSP_REQUEST_TYPE}"


@pytest.fixture
def office(tmp_path: Path, root: Authority) -> Office:
    return new_office(tmp_path / "registry.sqlite", root)


@pytest.fixture(scope="module")
def asked(keys: Sequence[RSAPrivateKey]) -> CertificateSigningRequest:
    return request_for(keys[2])


# What is asked rightly.


def test_the_form_of_what_is_carried() -> None:
    data = bytes(range(200))
    text = encode_body(data)
    assert max(map(len, text.split(b"\n"))) == LINE
    for spelled in (text, text.replace(b"\n", b"\r\n"), text.replace(b"\n", b""), b" \t" + text + b"\r\n"):
        assert decode_body(spelled) == data
    for wrong in (b"", b"\n", b"====", b"YQ", b"YR==", b"YQ==YQ==", b"Y-_=", b"-----BEGIN", b"\xff"):
        with pytest.raises(ValueError, match="not base64"):
            decode_body(wrong)


def test_the_authority_s_certificates(office: Office) -> None:
    answer = office.one(http("GET", CA_CERTIFICATES))
    assert (answer.status, answer.reason, answer.closes) == (200, "OK", False)
    assert answer.fields["Content-Type"] == CERTS_ONLY
    assert answer.fields["Content-Transfer-Encoding"] == "base64"
    assert answer.fields["Date"] == "Mon, 01 Jun 2026 12:00:00 GMT"
    assert read_certs_only(decode_body(answer.body)) == (office.registrar.authority.certificate,)
    assert office.outcomes == [Outcome("GET", CA_CERTIFICATES, HTTPStatus.OK, "", "", None)]


def test_the_chain_above_is_sent_too(office: Office, keys: Sequence[RSAPrivateKey]) -> None:
    above = Authority.create_root(
        LEAF, keys[1], validity=Validity(NOW, NOW), signature_algorithm=RSA_PKCS1_SHA256
    ).certificate
    own = office.registrar.authority.certificate
    office.service = EnrolmentService(
        office.registrar, chain=[above, own], clock=lambda: NOW, on_outcome=office.outcomes.append
    )
    answer = office.one(http("GET", CA_CERTIFICATES))
    assert sorted(map(str, read_certs_only(decode_body(answer.body)))) == sorted(map(str, [own, above]))


def test_an_enrolment(office: Office, asked: CertificateSigningRequest) -> None:
    answer = office.one(post(asked, basic("leaf", office.code())))
    assert (answer.status, answer.fields["Content-Type"]) == (200, CERTS_ONLY)
    (made,) = read_certs_only(decode_body(answer.body))
    assert (made.subject, made.public_key) == (LEAF, asked.public_key)
    assert (made.not_before, made.not_after) == (NOW, NOW + timedelta(hours=1))
    assert office.issued() == [made]
    (outcome,) = office.outcomes
    assert (outcome.applicant, outcome.text) == ("leaf", "")
    assert outcome.issued is not None
    assert outcome.issued.certificate == made
    assert "Left-Out" not in answer.fields


def test_what_is_left_out_is_said(office: Office, keys: Sequence[RSAPrivateKey]) -> None:
    subject = Name.build(common_name="leaf", organization="Example", locality="Ünder")
    request = request_for(keys[2], KeyUsage(frozenset([Usage.KEY_CERT_SIGN])), subject=subject)
    answer = office.one(post(request, basic("leaf", office.code())))
    assert answer.status == 200
    assert answer.fields["Left-Out"] == "L=\\xdcnder; keyUsage (keyCertSign)"


def test_a_renewal(office: Office, asked: CertificateSigningRequest, keys: Sequence[RSAPrivateKey]) -> None:
    office.one(post(asked, basic("leaf", office.code())))
    (old,) = office.issued()
    answer = office.one(post(request_for(keys[1]), path=RENEW), peer=old)
    assert answer.status == 200
    (new,) = read_certs_only(decode_body(answer.body))
    assert (new.subject, new.public_key) == (old.subject, keys[1].public_key)
    assert office.issued() == [old, new]
    assert office.outcomes[0].applicant == str(old.subject)


def test_the_list_of_what_is_revoked(office: Office, asked: CertificateSigningRequest) -> None:
    office.one(post(asked, basic("leaf", office.code())))
    (made,) = office.issued()
    answer = office.one(http("GET", CRL))
    assert (answer.status, answer.fields["Content-Type"]) == (200, "application/pkix-crl")
    assert CertificateRevocationList.from_der(answer.body).entries == ()
    assert office.one(http("GET", CRL)).body == answer.body
    office.registrar.revoke(made.serial_number, at=NOW)
    crl = CertificateRevocationList.from_der(office.one(http("GET", CRL)).body)
    assert [entry.serial_number for entry in crl.entries] == [made.serial_number]
    assert (crl.this_update, crl.next_update) == (NOW, NOW + DAY)


def test_how_a_certificate_stands(office: Office, asked: CertificateSigningRequest) -> None:
    office.one(post(asked, basic("leaf", office.code())))
    (made,) = office.issued()
    root = office.registrar.authority.certificate
    request = OCSPRequest.build([CertID.build(made.issuer, root.public_key, made.serial_number)], nonce=b"n" * 32)
    in_path = f"{OCSP}/{quote(base64.b64encode(request.to_der()), safe='')}"
    by_body = http("POST", OCSP, OCSP_CONTENT, body=request.to_der())
    for asking in (by_body, http("GET", in_path)):
        answer = office.one(asking)
        assert (answer.status, answer.fields["Content-Type"]) == (200, OCSP_RESPONSE_TYPE)
        response = OCSPResponse.from_der(answer.body)
        assert response.basic is not None
        assert response.basic.nonce == b"n" * 32
        verify_chain(made, roots=[root], at=NOW, ocsp_responses=[response], require_revocation_status=True)
    office.registrar.revoke(made.serial_number, at=NOW)
    response = OCSPResponse.from_der(office.one(by_body).body)
    with pytest.raises(CertificateError, match="it was revoked"):
        verify_chain(made, roots=[root], at=NOW, ocsp_responses=[response])
    malformed = office.one(http("POST", OCSP, OCSP_CONTENT, body=b"\x30\x00"))
    assert (malformed.status, OCSPResponse.from_der(malformed.body).status) == (200, ResponseStatus.MALFORMED_REQUEST)
    for wrong, status in (
        (post(request.to_der(), path=OCSP), 415),
        (http("GET", OCSP), 405),
        (http("GET", f"{OCSP}/no-base64"), 400),
        (http("POST", in_path, OCSP_CONTENT, body=b""), 404),
    ):
        assert office.one(wrong).status == status


def test_spellings_that_mean_the_same(office: Office, asked: CertificateSigningRequest) -> None:
    code = office.code()
    body = encode_body(asked.to_der())
    right = post(asked, basic("leaf", code))
    for spelled in (
        right,
        right.replace(b"Basic", b"bASIC"),
        right.replace(b"Content-Type: application/pkcs10", b"content-TYPE:APPLICATION/pkcs10; charset=x"),
        right.replace(ENROL.encode(), f"https://ttp.example{ENROL}?x=y".encode()),
        right.replace(b"HTTP/1.1", b"HTTP/1.0"),
        right.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
        right.replace(b"\r\n", b"\n"),
        post(body.replace(b"\n", b"\r\n"), basic("leaf", code.lower().replace("-", ""))),
    ):
        assert office.one(spelled).status == 200, spelled
    assert len(office.issued()) == 1  # the same request with the same code each time


def test_head_is_get_without_the_body(office: Office) -> None:
    get, head = office.one(http("GET", CA_CERTIFICATES)), office.one(http("HEAD", CA_CERTIFICATES))
    assert (head.status, head.fields, head.body) == (get.status, get.fields, b"")


# Refusals, each with its status.


def test_who_has_no_code_is_told_what_is_expected(office: Office, asked: CertificateSigningRequest) -> None:
    code = office.code()
    encoded = basic("leaf", code).split()[-1]
    for lines in (
        [],
        [basic("leaf", "wrong")],
        [basic("nobody", code)],
        [f"Authorization: Bearer {encoded}"],
        ["Authorization: Basic"],
        ["Authorization: Basic !!!"],
        ["Authorization: Basic YQ=="],  # without a colon
        ["Authorization: Basic /zo="],  # not UTF-8
        ["Authorization: Basic \xff"],
        [f"Authorization: {encoded}"],
    ):
        answer = office.one(post(asked, *lines))
        assert answer.status == 401, lines
        assert answer.fields["WWW-Authenticate"] == 'Basic realm="enrolment", charset="UTF-8"'
        assert answer.fields["Content-Type"] == "text/plain; charset=utf-8"
        assert not answer.closes
    assert office.issued() == []
    assert office.one(post(asked, basic("leaf", code))).status == 200


def test_first_refused_and_then_let_in_on_one_connection(office: Office, asked: CertificateSigningRequest) -> None:
    answers = office.serve(post(asked) + post(asked, basic("leaf", office.code())) + http("GET", CA_CERTIFICATES))
    assert [answer.status for answer in answers] == [401, 200, 200]


def test_names_that_are_not_permitted(office: Office, keys: Sequence[RSAPrivateKey]) -> None:
    request = request_for(keys[2], SubjectAltName((DNSName("evil.example"),)))
    answer = office.one(post(request, basic("leaf", office.code())))
    assert answer.status == 403
    assert answer.body == b"the name DNS:evil.example is not among those that may be asked for: leaf\n"
    assert office.outcomes[0].text == answer.body.decode().rstrip()


def test_renewals_that_are_refused(office: Office, asked: CertificateSigningRequest, root: Authority) -> None:
    code = basic("leaf", office.code())
    answer = office.one(post(asked, code, path=RENEW))  # a code opens no renewal
    assert (answer.status, answer.body[:51]) == (403, b"expected the certificate to be renewed, as the clie")
    answer = office.one(post(asked, path=RENEW), peer=root.certificate)
    assert answer.status == 403
    assert b"renewed by the operator alone" in answer.body
    assert office.one(post(asked), peer=root.certificate).status == 401  # nor a certificate an enrolment
    assert office.issued() == []


def test_bodies_that_are_no_requests(office: Office, asked: CertificateSigningRequest, root: Authority) -> None:
    code = basic("leaf", office.code())
    for body in (
        b"",
        b"hello",
        asked.to_pem(),
        asked.to_der(),
        encode_body(asked.to_der()[:-1]),
        encode_body(asked.to_der() + b"\0"),
        encode_body(root.certificate.to_der()),
        encode_body(certs_only([root.certificate])),
    ):
        answer = office.one(post(body, code))
        assert (answer.status, answer.closes) == (400, False), body
        assert answer.body.startswith(b"expected PKCS #10 in DER, as base64: ")
    with office.registrar.registry.look() as records:
        assert list(records.requests()) == []
    assert office.one(post(asked, code)).status == 200


def test_other_statuses(office: Office, asked: CertificateSigningRequest) -> None:
    right = post(asked, basic("leaf", office.code()))
    body = encode_body(asked.to_der())
    length = f"Content-Length: {len(body)}".encode()
    for data, status, closes in (
        (http("GET", "/"), 404, False),
        (http("GET", "/crl/x"), 404, False),
        (http("GET", "/.well-known/est/csrattrs"), 404, False),
        (http("GET", CA_CERTIFICATES + "/"), 404, False),
        (http("GET", "http://[/"), 400, False),
        (http("GET", ENROL), 405, False),
        (http("POST", CA_CERTIFICATES, body=b""), 405, False),
        (http("POST", CA_CERTIFICATES, body=b"x"), 405, True),
        (http("DELETE", RENEW), 405, False),
        (http("OPTIONS", "*"), 404, False),
        (http("BREW", ENROL), 501, True),
        (right.replace(b"Host: ttp.example\r\n", b""), 400, True),
        (right.replace(b"Host: ttp.example\r\n", b"Host: a\r\nHost: b\r\n"), 400, True),
        (right.replace(b"pkcs10", b"json"), 415, False),
        (right.replace(b"Content-Type", b"X-Content-Type"), 415, False),
        (right.replace(length, b"X-Length: 1"), 411, False),
        (right.replace(length, b"Transfer-Encoding: chunked"), 501, True),
        (right.replace(length, length + b"\r\nTransfer-Encoding: chunked"), 501, True),
        (right.replace(length, length + b"\r\n" + length), 400, True),
        (right.replace(length, b"Content-Length: -1"), 400, True),
        (right.replace(length, b"Content-Length: +1"), 400, True),
        (right.replace(length, b"Content-Length: 1 1"), 400, True),
        (right.replace(length, b"Content-Length: \xb2"), 400, True),
        (right.replace(length, b"Content-Length: " + b"9" * 5000), 400, True),
        (right.replace(length, f"Content-Length: {MAX_BODY + 1}".encode()), 413, True),
        (right.replace(length, b"Content-Length: 999999999999"), 413, True),
        (right.replace(length, f"Content-Length: {len(body) + 1}".encode()), 400, True),
        (right.replace(b"HTTP/1.1", b"HTTP/2.0"), 505, True),
        (right.replace(b"HTTP/1.1", b"HTTP/x"), 400, True),
        (right.replace(b"HTTP/1.1", b"x HTTP/1.1"), 400, True),
        (b"POST\r\n\r\n", 400, True),
        (b"POST /\r\n\r\n", 400, True),
        (http("GET", "/" + "x" * 20000), 414, True),
        (http("GET", "/", "X: " + "x" * 20000), 431, True),
        (http("GET", "/", *(f"X{n}: x" for n in range(101))), 431, True),
    ):
        first = office.serve(data)[0]
        assert (first.status, first.closes) == (status, closes), data[:200]
        if status == 405:
            assert first.fields["Allow"] == ("GET, HEAD" if CA_CERTIFICATES.encode() in data else "POST")
        if closes:
            assert first.rest == b""
    assert office.issued() == []


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        # RFC 9112 §5.1: a space before the colon.
        (b"Host: ttp.example", b"Host : ttp.example"),
        (b"Content-Length:", b"Content-Length :"),
        (b"Content-Length:", b"Content-Length\t:"),
        # §5.2: obsolete folding; §2.2: a space after the request line.
        (b"Host: ttp.example", b"Host: ttp.example\r\n folded"),
        (b"Host: ttp.example", b"Host:\r\n ttp.example"),
        (b"Host: ttp.example", b" Host: ttp.example"),
        # §2.2: a carriage return alone. RFC 9110 §5.5: other controls.
        (b"Host: ttp.example", b"Host: ttp.example\rX: y"),
        (b"Host: ttp.example\r", b"Host: ttp.example\r\r"),
        (b"HTTP/1.1\r\n", b"HTTP/1.1\r"),
        (b"Host: ttp.example", b"Host: ttp.example\r\nX: \0"),
        (b"Host: ttp.example", b"Host: ttp.example\r\nX: \x7f"),
        # RFC 9110 §5.6.2: names that are no tokens; lines that are no fields.
        (b"Host: ttp.example", b"Host: ttp.example\r\nno field"),
        (b"Host: ttp.example", b"Host: ttp.example\r\n: nameless"),
        (b"Host: ttp.example", b"Host: ttp.example\r\nX\xff: y"),
        (b"Host: ttp.example", b"Host: ttp.example\r\nX(y): z"),
        # §3.2: Host.
        (b"Host: ttp.example", b"Host: ttp.example, other.example"),
        (b"Host: ttp.example", b"Host: user@ttp.example"),
        (b"Host: ttp.example", b"Host: ttp.example\r\nHost: ttp.example"),
        # §3: spaces in the request line.
        (b" HTTP/1.1", b"  HTTP/1.1"),
        (b" HTTP/1.1", b" HTTP/1.1 "),
        (b" HTTP/1.1", b" HTTP/1.10"),
        (b" HTTP/1.1", b""),
        # §6.3: an invalid length, also where nobody asks for a body.
        (b"Content-Length:", b"Content-Length: 0\r\nContent-Length:"),
        (b"Content-Length:", b"Content-Length: 5,"),
        (b"Content-Length: ", b"Content-Length: +"),
        (b"Content-Length: ", b"Content-Length: -"),
        (b"Content-Length: ", b"Content-Length: 0x"),
        (b"Content-Length: ", b"Content-Length: 1_"),
        (b"Content-Length:", b"Content-Length:\r\nX:"),
    ],
)
@pytest.mark.parametrize("path", [ENROL, CA_CERTIFICATES])
def test_what_two_readers_could_take_for_two_things_is_refused(
    office: Office, asked: CertificateSigningRequest, line: bytes, changed: bytes, path: str
) -> None:
    """Nor is what follows taken for another request: nobody can say where it begins."""
    whole = post(asked, basic("leaf", office.code()))
    if path == CA_CERTIFICATES:
        whole = http("GET", path, body=http("GET", CRL))
    assert line in whole
    (answer,) = office.serve(whole.replace(line, changed, 1) + http("GET", CRL))
    assert (answer.status, answer.closes, answer.rest) == (400, True, b"")
    assert office.issued() == []
    assert all(isinstance(outcome.method, str) for outcome in office.outcomes)


def test_one_empty_line_before_a_request(office: Office) -> None:
    """RFC 9112 §2.2."""
    answers = office.serve(b"\r\n" + http("GET", CRL) + b"\r\n" + http("GET", CRL))
    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.status for answer in office.serve(b"\r\n\r\n" + http("GET", CRL))] == [400]


def test_a_wrong_code_is_answered_late(office: Office, asked: CertificateSigningRequest) -> None:
    code = office.code()
    for name, guess in (("leaf", "wrong"), ("nobody", code)):
        assert office.one(post(asked, basic(name, guess))).status == 401
    assert office.waits == [WRONG_CODE_TIME] * 2
    assert office.one(post(asked)).status == 401  # and a client that has none is told what is expected
    assert office.one(post(asked, basic("leaf", code))).status == 200
    assert office.waits == [WRONG_CODE_TIME] * 2


def test_a_registry_that_cannot_be_used(
    office: Office, asked: CertificateSigningRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = post(asked, basic("leaf", office.code()))
    monkeypatch.setattr("pki.ca.registry.BUSY_TIMEOUT", 0.01)
    with office.registrar.registry.change():
        answer = office.one(right)
        assert office.one(http("GET", CRL)).status == 503
    assert (answer.status, answer.fields["Retry-After"]) == (503, "5")
    assert answer.body == b"the registry cannot be used at this moment\n"  # and not where it is
    assert "registry.sqlite cannot be used: database is locked" in office.outcomes[0].text
    assert office.one(right).status == 200


def test_what_is_expected_before_the_body_is_sent(office: Office, asked: CertificateSigningRequest) -> None:
    right = post(asked, basic("leaf", office.code()), "Expect: 100-continue")
    stream = Canned(right)
    office.service.serve(stream)
    go_on, _, answer = bytes(stream.sent).partition(b"\r\n\r\n")
    assert go_on == b"HTTP/1.1 100 Continue"
    assert Answer(answer).status == 200
    length = re.search(rb"Content-Length: \d+", right)
    assert length is not None
    refused = office.one(right.replace(length[0], b"Content-Length: 999999"))
    assert (refused.status, refused.closes) == (413, True)


# Bounds.


def test_a_body_as_large_as_may_be(office: Office, asked: CertificateSigningRequest) -> None:
    body = encode_body(asked.to_der())
    assert office.one(post(body + b"\n" * (MAX_BODY - len(body)), basic("leaf", office.code()))).status == 200
    assert office.one(post(body + b"\n" * (MAX_BODY - len(body) + 1), basic("leaf", office.code()))).status == 413


def test_a_connection_has_its_last_request(office: Office) -> None:
    answers = office.serve(http("GET", CA_CERTIFICATES) * 30)
    assert [answer.closes for answer in answers] == [False] * 19 + [True]


def test_who_falls_silent_is_left(office: Office, asked: CertificateSigningRequest) -> None:
    whole = post(asked, basic("leaf", office.code()))
    head = whole.index(b"\r\n\r\n") + 4
    for length in (0, 1, 10, head - 1):
        assert office.serve(whole[:length], silent=True) == []
    for length in (head, head + 1, len(whole) - 1):
        answer = office.one(whole[:length], silent=True)
        assert (answer.status, answer.closes) == (408, True)
    assert office.issued() == []


def test_who_is_slow_has_no_more_time_than_others(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(1000))
    monkeypatch.setattr("pki.est.stream.time.monotonic", lambda: float(next(now)))  # a second goes by with each piece
    stream = Canned(*(bytes([byte]) for byte in http("GET", CA_CERTIFICATES)))
    office.service.serve(stream)
    assert stream.sent == b""
    assert stream.timeouts == [float(n) for n in range(9, 0, -1)]


def test_a_client_that_leaves(office: Office, asked: CertificateSigningRequest) -> None:
    whole = post(asked, basic("leaf", office.code()))
    head = whole.index(b"\r\n\r\n") + 4
    for length in range(len(whole)):
        answers = office.serve(whole[:length])
        if length >= head:
            assert [answer.status for answer in answers] == [400]
    assert office.issued() == []


def test_byte_by_byte(office: Office, asked: CertificateSigningRequest) -> None:
    whole = post(asked, basic("leaf", office.code())) + http("GET", CA_CERTIFICATES)
    answers = office.serve(*(bytes([byte]) for byte in whole))
    assert [answer.status for answer in answers] == [200, 200]


def test_a_stream_that_breaks_is_the_caller_s_business(office: Office) -> None:
    class Broken(Canned):
        def sendall(self, data: bytes, /) -> None:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        office.service.serve(Broken(http("GET", CA_CERTIFICATES)))


FRAGMENTS = [
    b"GET", b"POST", b" ", b"\r\n", b"\n", b"\r", b":", b"HTTP/1.1", b"HTTP/1.0", b"Host: a\r\n", b"\r\n\r\n", b"\0",
    CA_CERTIFICATES.encode(), ENROL.encode(), RENEW.encode(), b"Content-Length: 3\r\n", b"Content-Length: 0\r\n",
    b"\xff", b"YQ==",
    b"Content-Type: application/pkcs10\r\n", b"Authorization: Basic YTpi\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n", b"Connection: close\r\n", b" folded\r\n", b"http://[::1", b"%", b"?", b"#", b"//",
]  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=30), st.booleans())
def test_whatever_is_said_gets_an_answer_or_none(office: Office, pieces: list[bytes], joined: bool) -> None:
    stream = Canned(*([b"".join(pieces)] if joined else pieces))
    office.service.serve(stream)
    assert bytes(stream.sent[:9]) in (b"", b"HTTP/1.1 ")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_right_request_with_some_bytes_changed(
    office: Office, asked: CertificateSigningRequest, data: st.DataObject
) -> None:
    whole = bytearray(post(asked, basic("leaf", office.code())))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    stream = Canned(bytes(whole))
    office.service.serve(stream)
    assert bytes(stream.sent[:9]) in (b"", b"HTTP/1.1 ")
