"""The TTP's desk: what it certifies, and what it refuses."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from demo.dialogue import Dialogue
from demo.enrolment import Desk, ask_for_certificate
from demo.failure import PartyError
from demo.reporting import Fact
from demo.world import World
from pki.authority import Authority
from pki.extensions import BasicConstraints, Extension, SubjectAltName
from pki.general_names import DNSName, EmailAddress, IPAddress
from pki.names import Name
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.rsa import RSAPrivateKey, generate_private_key

WORLD = World("ttp", seed=1)


@cache
def key(name: str) -> RSAPrivateKey:
    return generate_private_key(2048, random_bytes=WORLD.random_bytes(name))


@cache
def authority() -> Authority:
    return Authority.create_root(
        Name.build(common_name="root"),
        key("root"),
        not_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_after=datetime(2040, 1, 1, tzinfo=UTC),
        signature_algorithm=RSA_PKCS1_SHA256,
        random_bytes=WORLD.random_bytes("root certificate"),
    )


class Pipe:
    """A stream to a desk that answers at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._answer, self._said = desk, b"", b""

    def sendall(self, data: bytes, /) -> None:
        near = self

        class FarEnd:
            def recv(self, size: int, /) -> bytes:
                return data[:size]

            def sendall(self, answer: bytes, /) -> None:
                near._answer += answer

        self._desk.serve(FarEnd(), random_bytes=WORLD.random_bytes("visit"))

    def recv(self, size: int, /) -> bytes:
        taken, self._answer = self._answer[:size], self._answer[size:]
        return taken


class Office:
    """A desk with codes for both applicants, and what it has kept and reported."""

    def __init__(self, **names: tuple[str, ...]) -> None:
        self.kept: list[tuple[str, Certificate]] = []
        self.events: list[tuple[str, dict[str, Fact]]] = []
        self.desk = Desk(
            authority(),
            names=names,
            keep=lambda applicant, certificate: self.kept.append((applicant, certificate)),
            world=WORLD,
            report=lambda event, /, **facts: self.events.append((event, facts)),
        )
        random_bytes = WORLD.random_bytes("codes")
        self.codes = {who: self.desk.codes.new(who, random_bytes=random_bytes) for who in ("server", "client")}

    def enrol(self, applicant: str, request: CertificateSigningRequest) -> Certificate:
        return ask_for_certificate(Pipe(self.desk), applicant=applicant, code=self.codes[applicant], request=request)

    def refuses(self, applicant: str, request: CertificateSigningRequest, reason: str) -> None:
        with pytest.raises(PartyError, match=rf"^the TTP refused: .*{reason}"):
            self.enrol(applicant, request)
        assert self.kept == []
        assert self.desk.codes.open == {"server", "client"}  # what is refused costs nobody a code
        assert [event for event, _ in self.events] == ["refused"]


def request(common_name: str = "a.example", *dns_names: str) -> CertificateSigningRequest:
    return CertificateSigningRequest.build(
        Name.build(common_name=common_name), dns_names, key("applicant"), signature_algorithm=RSA_PKCS1_SHA384
    )


def request_with(monkeypatch: pytest.MonkeyPatch, extension: Extension) -> CertificateSigningRequest:
    """A request that asks for this extension."""
    with monkeypatch.context() as patch:
        patch.setattr("pki.csr.SubjectAltName", lambda names: extension)
        return request("a.example", "a.example")


def test_a_certificate_is_issued_and_kept() -> None:
    office = Office()
    certificate = office.enrol("server", request("a.example", "a.example", "b.example"))
    assert office.kept == [("server", certificate)]
    assert certificate.dns_names == ["a.example", "b.example"]
    assert certificate.not_before == WORLD.now()
    assert certificate.not_after - certificate.not_before == timedelta(days=365)
    assert certificate.signature_algorithm == RSA_PKCS1_SHA384
    assert certificate.public_key == key("applicant").public_key
    assert office.desk.codes.open == {"client"}
    assert "serverAuth" in str(office.events[0][1]["facts"])


def test_only_the_names_that_were_settled() -> None:
    settled = {"server": ("a.example", "www.a.example")}
    Office(**settled).refuses("server", request("b.example", "b.example"), "the code is for a.example, but")
    Office(**settled).refuses("server", request("a.example", "b.example"), "not for the DNS name b.example")
    certificate = Office(**settled).enrol("server", request("a.example", "www.a.example"))
    assert certificate.dns_names == ["www.a.example"]


@pytest.mark.parametrize("name", ["ttp.example", "TTP.Example"])
def test_not_the_ttps_own_name(name: str) -> None:
    Office().refuses("server", request(name), "is the TTP's own name")
    Office().refuses("server", request("a.example", name), "is the TTP's own name")


@pytest.mark.parametrize("name", ["*.example", "ttp.example.", "*", "a_b.example", "a..b"])
def test_no_wildcards_and_no_names_of_no_host(name: str) -> None:
    Office().refuses("server", request("a.example", name), "is not a DNS name of one host")


def test_no_other_kinds_of_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in ((IPAddress(bytes((127, 0, 0, 1))),), (DNSName("a.example"), EmailAddress("a@b.example"))):
        wish = request_with(monkeypatch, SubjectAltName(names))
        Office().refuses("server", wish, "is not a DNS name of one host")


def test_no_authorities_below_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = request_with(monkeypatch, BasicConstraints(ca=True))
    Office().refuses("server", wish, "certificate authority")


def test_no_request_that_is_not_signed_with_its_own_key() -> None:
    der = bytearray(request("a.example", "a.example").to_der())
    der[-1] ^= 1
    Office().refuses("server", CertificateSigningRequest.from_der(bytes(der)), "not signed with the key")


def test_no_short_keys() -> None:
    short = generate_private_key(1024, for_tests_only=True, random_bytes=WORLD.random_bytes("short"))
    wish = CertificateSigningRequest.build(
        Name.build(common_name="a.example"), ["a.example"], short, signature_algorithm=RSA_PKCS1_SHA256
    )
    Office().refuses("server", wish, "1024 bits")


def test_nobody_else() -> None:
    office = Office()
    office.codes["mallory"] = office.codes["server"]
    with pytest.raises(PartyError, match="neither the server nor the client"):
        office.enrol("mallory", request())


def test_what_is_no_request_at_all() -> None:
    office = Office()
    pipe = Pipe(office.desk)
    dialogue = Dialogue(pipe, other="the TTP")
    dialogue.say(applicant="server", code=office.codes["server"], request="hello")
    answer = dialogue.hear(frozenset({"refused"}))
    assert answer["refused"].startswith("the request is not PKCS #10: ")
    assert office.desk.codes.open == {"server", "client"}
