"""The EST client, over pairs of sockets: with the server of this house, and with servers that talk nonsense."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pki.ca.authority import Authority
from pki.ca.permission import Permission
from pki.certificate_status import CertID, CertStatus
from pki.est.client import EnrolmentClient, EnrolmentError
from pki.est.messages import CERTS_ONLY, MAX_BODY, encode_body
from pki.fields.names import Name
from pki.ocsp import OCSPRequest
from pki.pkcs7 import certs_only
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.rsa import RSAPrivateKey
from tests.pki.ca.test_authority import request_for
from tests.pki.conftest import DAY, NOW
from tests.pki.support.est_office import Office, new_office


@pytest.fixture
def office(tmp_path: Path, root: Authority) -> Office:
    return new_office(tmp_path / "registry.sqlite", root)


@pytest.fixture(scope="module")
def asked(keys: Sequence[RSAPrivateKey]) -> CertificateSigningRequest:
    return request_for(keys[2])


Dial = Callable[..., EnrolmentClient]


@pytest.fixture
def dial(office: Office) -> Iterator[Dial]:
    """Return a function that gives a client of the office."""
    with contextlib.ExitStack() as stack:

        def connect(peer: Certificate | None = None) -> EnrolmentClient:
            here, there = socket.socketpair()

            def serve() -> None:
                with there:
                    office.service.serve(there, peer=peer)

            thread = threading.Thread(target=serve)
            thread.start()
            stack.callback(thread.join)
            stack.callback(here.close)
            return EnrolmentClient(here, host="ttp.example")  # type: ignore[arg-type]  # makefile is overloaded

        yield connect


def test_a_client_s_life(office: Office, dial: Dial, keys: Sequence[RSAPrivateKey]) -> None:
    client = dial()
    assert client.ca_certificates() == (office.registrar.authority.certificate,)
    request = request_for(keys[2])
    with pytest.raises(EnrolmentError, match="the enrolment code is wrong") as caught:
        client.enrol(request, applicant="leaf", code="wrong" if office.code() else "")
    assert caught.value.status == 401
    made = client.enrol(request, applicant="leaf", code=office.code())
    assert client.crl().number == 1
    asked = OCSPRequest.build([CertID.build(made.issuer, office.registrar.authority.certificate.public_key, 7)])
    answer = client.ocsp_response(asked)
    assert answer.basic is not None
    assert answer.basic.responses[0].status is CertStatus.UNKNOWN
    with pytest.raises(EnrolmentError, match="nothing is at this path"):
        dial().ocsp_response(asked, path="/elsewhere")
    assert [made] == office.issued()
    with pytest.raises(EnrolmentError, match="expected the certificate to be renewed") as caught:
        client.renew(request)
    assert caught.value.status == 403
    again = dial(peer=made)
    renewed = again.renew(request_for(keys[1]))
    assert office.issued() == [made, renewed]


def test_many_clients_at_once(office: Office, dial: Dial, keys: Sequence[RSAPrivateKey]) -> None:
    got: list[Certificate] = []
    names = [f"leaf{n}" for n in range(20)]
    permissions = {name: Permission(names=(name,), purposes=(), validity=DAY) for name in names}
    codes = {
        name: office.registrar.new_code(name, permission, not_after=NOW) for name, permission in permissions.items()
    }

    def visit(name: str) -> None:
        client = dial()
        client.ca_certificates()
        request = request_for(keys[2], subject=Name.build(common_name=name))
        got.append(client.enrol(request, applicant=name, code=codes[name]))

    visits = [threading.Thread(target=visit, args=(name,)) for name in names]
    for thread in visits:
        thread.start()
    for thread in visits:
        thread.join()
    assert sorted(one.subject.common_name or "" for one in got) == sorted(names)
    assert set(got) == set(office.issued())


@contextlib.contextmanager
def answering(data: bytes) -> Iterator[EnrolmentClient]:
    """Give a client whose server says this, whatever it is asked."""
    here, there = socket.socketpair()
    with here, there:
        there.sendall(data)
        there.shutdown(socket.SHUT_WR)
        yield EnrolmentClient(here, host="ttp.example")  # type: ignore[arg-type]  # makefile is overloaded


def test_a_list_that_is_none() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: 5\r\n\r\n"
    with answering(head + b"hello") as client, pytest.raises(EnrolmentError, match="not a CRL: DER, offset 0"):
        client.crl()


def test_servers_that_do_not_do_what_they_should(asked: CertificateSigningRequest, root: Authority) -> None:
    other = encode_body(certs_only([root.certificate]))

    def said(body: bytes, *, status: str = "200 OK", kind: str = CERTS_ONLY) -> bytes:
        return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    for data, status, complaint in (
        (b"", None, "does not answer in HTTP: RemoteDisconnected"),
        (b"SSH-2.0-x\r\n", None, "does not answer in HTTP: BadStatusLine"),
        (said(other)[:-1], None, "breaks off 1 bytes before its end"),
        (said(other), None, "something else than a certificate for the key"),
        (said(b"hello"), None, "not a certs-only message: the body is not base64"),
        (said(encode_body(b"hello")), None, "not a certs-only message: DER, offset 0"),
        (said(other, kind="text/html"), None, "not of type application/pkcs7-mime"),
        (said(b"A" * (MAX_BODY + 1)), None, f"more than {MAX_BODY} bytes"),
        (said(b"", status="202 Accepted"), 202, "status 202 Accepted"),
        (said(b"<b>no</b>", status="404 Not Found", kind="text/html"), 404, "status 404 Not Found"),
        (said(b"no\x1b[2J\nmore", status="403 Forbidden", kind="text/plain"), 403, r"^no\\x1b\[2J$"),
        (said(b"", status="403 Forbidden", kind="text/plain"), 403, "status 403 Forbidden"),
    ):
        with answering(data) as client, pytest.raises(EnrolmentError, match=complaint) as caught:
            client.enrol(asked, applicant="leaf", code="x")
        assert caught.value.status == status


@pytest.mark.parametrize("answers", [True, False])
def test_a_server_that_hangs_up_before_it_has_read_all(asked: CertificateSigningRequest, answers: bool) -> None:
    """What it has said until then counts; if it has said nothing, the connection was cut."""
    here, there = socket.socketpair()

    def refuse() -> None:
        with there:
            while b"\r\n\r\n" not in there.recv(2**16):
                pass
            if answers:
                there.sendall(
                    b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nnot it\n"
                )

    server = threading.Thread(target=refuse)
    server.start()

    class Transport:
        """A socket whose second write comes when the server is gone."""

        def __init__(self) -> None:
            self.makefile, self.close, self.writes = here.makefile, here.close, 0

        def sendall(self, data: bytes) -> None:
            self.writes += 1
            if self.writes == 2:
                server.join()
            here.sendall(data)

    client = EnrolmentClient(Transport(), host="ttp.example")  # type: ignore[arg-type]  # as much as is used
    with contextlib.closing(here), pytest.raises(EnrolmentError if answers else BrokenPipeError) as caught:
        client.enrol(asked, applicant="leaf", code="1")
    if isinstance(caught.value, EnrolmentError):
        assert (caught.value.status, str(caught.value)) == (404, "not it")
