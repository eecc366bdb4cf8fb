"""What bad input gets from the real processes: the right alert, one clear line, exit status 1, nothing half-written."""

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.party.configurations import ENROLMENT_SUITES
from demo.party.subject import DEFAULTS
from handshake.configuration import ClientConfiguration
from handshake.stream import connect
from pki.ca.authority import Authority
from pki.fields.extensions import Purpose
from pki.fields.validity import Validity
from pki.keys import load_private_key
from pki.signatures import RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from record.alerts import RemoteProtocolError
from tests.demo.support.parties import ANY_PORT, NOBODY, PATIENCE, Ending, Parties, certificate, exchange, listening

NOW = datetime.now(UTC).replace(microsecond=0)


def files(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}


def run(directory: Path, party: str, *words: str) -> Ending:
    """Run one party by itself."""
    with Parties(directory) as parties:
        return Ending.of(parties.start(party, *words))


# Addresses.


@pytest.mark.parametrize("party", ["ttp", "server"])
def test_a_port_in_use(enrolled: Path, party: str) -> None:
    before = files(enrolled)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ending = run(enrolled, party, "--listen", address, *(("--enrol", "client") if party == "ttp" else ()))
    assert ending.status == 1
    assert ending.line == f"{party}: cannot listen on {address}: Address already in use"
    assert files(enrolled) == before


def test_a_ttp_that_is_not_there(tmp_path: Path) -> None:
    ending = run(tmp_path, "client", "--ttp", NOBODY)
    assert (ending.status, ending.line) == (1, f"client: the TTP is not there: nobody answers at {NOBODY}")
    assert files(tmp_path) == {"client/key.pem", "client/request.pem"}  # both whole, and of use the next time


@pytest.mark.slow
def test_a_server_that_is_not_there(enrolled: Path) -> None:
    ending = run(enrolled, "client", "--connect", NOBODY)
    assert (ending.status, ending.line) == (1, f"client: the server is not there: nobody answers at {NOBODY}")


@pytest.mark.slow
def test_nobody_comes(enrolled: Path) -> None:
    with Parties(enrolled, timeout=0.3) as parties:
        server = Ending.of(parties.start("server", "--listen", ANY_PORT))
        ttp = Ending.of(parties.start("ttp", "--listen", ANY_PORT, "--enrol", "server"))
    assert (server.status, server.line) == (1, "server: the client did not connect within 0.3 s")
    assert (ttp.status, ttp.line) == (1, "ttp: not enrolled within 0.3 s: server")


def test_a_host_that_does_not_exist(enrolled: Path) -> None:
    ending = run(enrolled, "client", "--connect", "does-not-exist.invalid:7401")
    assert ending.status == 1
    assert ending.line.startswith("client: cannot reach the server at does-not-exist.invalid:7401: ")


# Enrolment.


@pytest.mark.slow
def test_a_wrong_code(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client")
        for _ in range(6):
            ending = Ending.of(parties.start("client", "--ttp", str(address), "--code", "AAAA-BBBB-CCCC-DDDD"))
            assert (ending.status, ending.line) == (1, "client: the TTP refused: the enrolment code is wrong")
        assert "client/certificate.pem" not in files(tmp_path)
        process = parties.start("client", "--ttp", str(address), "--connect", NOBODY)
        process.wait_for("certificate", timeout=PATIENCE)  # by the code in its letter, which nobody's guesses voided
        ended = Ending.of(ttp)
    assert ended.status == 0
    assert len(ended.all("refused")) == 6


@pytest.mark.slow
def test_requests_that_are_refused_too_often(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client=asha.example")
        for _ in range(5):
            assert Ending.of(parties.start("client", "--ttp", str(address))).status == 1
        ended = Ending.of(ttp)
    assert (ended.status, ended.line) == (1, "ttp: too many refused requests: not enrolled: client")
    assert not ended.all("issued")


def test_the_right_code_after_a_wrong_one_and_by_hand(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client")
        letter, root = tmp_path / "introduction-letters" / "client.txt", tmp_path / "ttp" / "certificate.pem"
        assert letter.stat().st_mode & 0o777 == 0o600
        code = letter.read_text().split("Code: ")[1].strip()
        elsewhere = Parties(tmp_path / "elsewhere")
        with elsewhere:
            words = ("--ttp", str(address), "--root", str(root), "--connect", NOBODY)
            assert Ending.of(elsewhere.start("client", *words, "--code", "AAAA")).status == 1
            process = elsewhere.start("client", *words, "--code", code.lower().replace("-", ""))
            process.wait_for("certificate", timeout=PATIENCE)
        assert Ending.of(ttp).status == 0
    assert certificate(tmp_path / "elsewhere", "client").subject == DEFAULTS["client"].name


def test_no_code_at_all(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client")
        ending = Ending.of(parties.start("server", "--ttp", str(address)))
    assert ending.status == 1
    assert ending.line == (
        f"server: there is no introduction letter from the TTP at {tmp_path}/introduction-letters/server.txt: start "
        "the TTP with --enrol server, or give --code"
    )


@pytest.mark.slow
def test_the_code_of_somebody_else_or_for_another_name(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client=asha.example")
        code = (tmp_path / "introduction-letters" / "client.txt").read_text().split("Code: ")[1].strip()
        root = str(tmp_path / "ttp" / "certificate.pem")
        ending = Ending.of(parties.start("server", "--ttp", str(address), "--code", code, "--root", root))
        assert (ending.status, ending.line) == (
            1, "server: the TTP refused: no enrolment code is open for 'server'",
        )  # fmt: skip
        ending = Ending.of(parties.start("client", "--ttp", str(address)))
        assert (ending.status, ending.line) == (
            1, "client: the TTP refused: the name DNS:client.bank.example is not among those that may be asked for: "
            "asha.example, but not ttp.example",
        )  # fmt: skip
        process = parties.start("client", "--ttp", str(address), "--common-name", "asha.example", "--connect", NOBODY)
        process.wait_for("certificate", timeout=PATIENCE)  # the code was not used up
        assert Ending.of(ttp).status == 0
    assert certificate(tmp_path, "client").dns_names == ["asha.example"]


@pytest.mark.slow
@pytest.mark.parametrize("names", [("--common-name", "TTP.example"), ("--dns-name", "ttp.example")])
def test_nobody_gets_the_name_of_the_ttp(tmp_path: Path, names: tuple[str, str]) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "server")
        ending = Ending.of(parties.start("server", "--ttp", str(address), *names))
    assert ending.status == 1
    assert ending.line.lower() == (
        "server: the ttp refused: the name dns:ttp.example is not among those that may be asked for: any, but not "
        "ttp.example"
    )


@pytest.mark.slow
def test_another_root_than_the_letter_says(enrolled_once: Path, tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client")
        wrong = enrolled_once / "ttp" / "certificate.pem"
        ending = Ending.of(parties.start("client", "--ttp", str(address), "--root", str(wrong)))
        assert ending.status == 1
        assert (
            ending.line
            == f"client: the root certificate at {wrong} is not the one that the introduction letter speaks of"
        )
        (tmp_path / "introduction-letters" / "client.txt").unlink()
        # Somebody who is told a wrong root by all means finds that this TTP is not that root's.
        words = ("--root", str(wrong), "--code", "AAAA-BBBB-CCCC-DDDD")
        ending = Ending.of(parties.start("client", "--ttp", str(address), *words))
        assert ending.status == 1
        assert "the peer's certificate is refused" in ending.line
        # Without an introduction letter or a root, nothing tells the TTP from an impostor.
        ending = Ending.of(parties.start("client", "--ttp", str(address), "--code", "AAAA"))
        assert ending.line == (
            "client: nothing tells whether the root certificate is the TTP's: give --root or --fingerprint"
        )
    assert "client/certificate.pem" not in files(tmp_path)


@pytest.mark.slow
def test_visitors_who_talk_nonsense_do_not_keep_the_ttp_from_its_work(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client", "--enrol", "server")
        with socket.create_connection(address):
            pass
        with socket.create_connection(address) as visitor:
            visitor.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert visitor.recv(100)[0] == 21  # an alert
        with socket.create_connection(address) as silent:  # one who says nothing does not keep the others waiting
            process = parties.start("client", "--ttp", str(address), "--connect", NOBODY)
            process.wait_for("certificate", timeout=PATIENCE)
            silent.settimeout(PATIENCE)
            assert silent.recv(1) == b""  # and is not waited for for ever
        process = parties.start("server", "--ttp", str(address), "--listen", ANY_PORT)
        process.wait_for("certificate", timeout=PATIENCE)
        ended = Ending.of(ttp)
    assert ended.status == 0
    assert len(ended.all("visit failed")) == 3
    assert len(ended.all("issued")) == 2


@pytest.mark.slow
def test_an_applicant_who_talks_nonsense_inside_of_tls(tmp_path: Path) -> None:
    with Parties(tmp_path, timeout=5) as parties:
        ttp, address = parties.ttp("--enrol", "client")
        root = root_of(tmp_path)
        credentials = b"Authorization: Basic bWFsbG9yeRtbMko6eA==\r\n"  # mallory, ESC [ 2 J, and a code
        head = b"POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: ttp.example\r\n"
        body = b"Content-Type: application/pkcs10\r\nContent-Length: 4\r\n\r\naGk="
        for sent, answer in (
            (b"not HTTP\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nHost: ttp.example\r\n\r\n", b"404"),
            (b"GET /" + b"x" * 20_000, b"414"),
            (head + b"Content-Length: 999999999\r\n\r\n", b"413"),
            (head + body, b"401"),
            (head + credentials + body, b"400"),
        ):
            with connect(address, ClientConfiguration(roots=(root,), server_name="ttp.example")) as stream:
                stream.sendall(sent)
                assert stream.recv()[:12] == b"HTTP/1.1 " + answer
        ended = parties.start("client", "--ttp", str(address), "--connect", NOBODY)
        ended.wait_for("certificate", timeout=PATIENCE)
        result = Ending.of(ttp)
    assert result.status == 0
    assert len(result.all("visit failed")) == 5
    [refused] = result.all("refused")
    assert refused["applicant"] == "mallory\\x1b[2J"
    assert refused["reason"].startswith("expected PKCS #10 in DER, as base64: ")


# Files.


@pytest.mark.slow
def test_a_file_that_is_not_a_key(enrolled: Path) -> None:
    path = enrolled / "server" / "key.pem"
    certificate_pem = (enrolled / "server" / "certificate.pem").read_bytes()
    unusable = f"the private key cannot be used: {path}: "
    for content, complaint in (
        (b"hello", f"{unusable}it is text without a PEM BEGIN line"),
        (b"", f"{unusable}neither PEM nor DER"),
        (certificate_pem, f"{unusable}expected one private key, found CERTIFICATE"),
        (b"x" * (2 << 20), f"{path} holds more than"),
    ):
        path.write_bytes(content)
        ending = run(enrolled, "server", "--listen", ANY_PORT)
        assert ending.status == 1
        assert ending.line.startswith(f"server: {complaint}"), ending.line
        assert path.read_bytes() == content  # a key is never overwritten, not even by a better one


@pytest.mark.parametrize(
    ("party", "name", "complaint"),
    [
        ("client", "client/certificate.pem", "{} is not a certificate"),
        ("client", "client/root.pem", "{} is not a certificate"),
        ("ttp", "ttp/certificate.pem", "{} is not a certificate"),
        ("ttp", "ttp/service.pem", "{} is not a certificate"),
        ("ttp", "ttp/key.pem", "the private key cannot be used: {}: it is text without a PEM BEGIN line"),
        ("ttp", "ttp/service-key.pem", "the private key cannot be used: {}: it is text without a PEM BEGIN line"),
    ],
)
def test_other_files_that_are_something_else(enrolled: Path, party: str, name: str, complaint: str) -> None:
    path = enrolled / name
    path.write_bytes(b"hello")
    ending = run(enrolled, party, *(("--listen", ANY_PORT) if party == "ttp" else ()))
    assert ending.status == 1
    assert ending.line.startswith(f"{party}: {complaint.format(path)}"), ending.line


def test_a_letter_that_is_none(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client")
        path = tmp_path / "introduction-letters" / "client.txt"
        path.write_text("Dear client,\n")
        ending = Ending.of(parties.start("client", "--ttp", str(address)))
    assert (ending.status, ending.line) == (1, f"client: {path} is not an introduction letter of the TTP")


def test_a_root_without_its_key(enrolled: Path) -> None:
    (enrolled / "ttp" / "key.pem").unlink()
    ending = run(enrolled, "ttp", "--listen", ANY_PORT)
    assert ending.status == 1
    assert ending.line == (
        f"ttp: {enrolled}/ttp/certificate.pem is there, but its private key is not: take another directory"
    )


def test_a_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for party in ("ttp", "server", "client"):
        ending = run(tmp_path / "file" / "state", party)
        assert ending.status == 1
        assert ending.line == f"{party}: cannot make the directory {tmp_path}/file/state/{party}: Not a directory"


# Certificates, in the handshake between server and client.


def test_a_wrong_name(enrolled_once: Path) -> None:
    result = exchange(enrolled_once, client=("--server-name", "other.bank.example"))
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.client.alerts == [("sent", "bad_certificate")]
    assert result.server.alerts == [("received", "bad_certificate")]
    assert "other.bank.example" in result.client.line


def test_an_expired_certificate_of_the_server(enrolled: Path) -> None:
    old = NOW - timedelta(days=400)
    reissue(enrolled, "server", Purpose.SERVER_AUTH, old)
    result = exchange(enrolled, server=("--at", old.isoformat()))  # its clock stands still: it does not notice
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.client.alerts == [("sent", "certificate_expired")]
    assert "expired" in result.client.line or "over" in result.client.line


@pytest.mark.slow
def test_an_expired_certificate_of_the_client(enrolled: Path) -> None:
    old = NOW - timedelta(days=400)
    reissue(enrolled, "client", Purpose.CLIENT_AUTH, old)
    reissue(enrolled, "server", Purpose.SERVER_AUTH, old, days=800)
    result = exchange(enrolled, client=("--at", old.isoformat()))
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.server.alerts == [("sent", "certificate_expired")]


@pytest.mark.slow
def test_a_certificate_for_another_purpose(enrolled: Path) -> None:
    reissue(enrolled, "server", Purpose.CLIENT_AUTH, NOW)
    result = exchange(enrolled)
    assert (result.server.status, result.client.status) == (1, 1)
    assert [way for way, _ in result.client.alerts] == ["sent"]
    assert "clientAuth" in result.client.line


# A TTP that nobody trusts can take any name, also the name of the one that is trusted: then the signature tells.
FOREIGN_TTPS = [("Another TTP", "unknown_ca"), (DEFAULTS["ttp"].common_name, "bad_certificate")]


@pytest.mark.parametrize(("name", "alert"), FOREIGN_TTPS)
def test_a_foreign_certificate_of_the_server(enrolled_once: Path, tmp_path: Path, name: str, alert: str) -> None:
    with Parties(tmp_path) as parties:
        parties.enrol("client", ttp_words=("--common-name", name))
    result = exchange(enrolled_once, client_directory=tmp_path)
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.client.alerts == [("sent", alert)]
    assert result.server.alerts == [("received", alert)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "alert"), FOREIGN_TTPS)
def test_a_foreign_certificate_of_the_client(enrolled_once: Path, tmp_path: Path, name: str, alert: str) -> None:
    with Parties(tmp_path) as parties:
        parties.enrol("client", ttp_words=("--common-name", name))
    key = load_private_key((tmp_path / "client" / "key.pem").read_bytes())
    configuration = ClientConfiguration(
        roots=(root_of(enrolled_once),),
        server_name="server.bank.example",
        certificate_chain=(certificate(tmp_path, "client"),),
        private_key=key,
        suites=ENROLMENT_SUITES,
    )
    refuse_client(enrolled_once, configuration, alert)


def test_no_certificate_of_the_client(enrolled_once: Path) -> None:
    root = root_of(enrolled_once)
    configuration = ClientConfiguration(roots=(root,), server_name="server.bank.example", suites=ENROLMENT_SUITES)
    refuse_client(enrolled_once, configuration, "handshake_failure")


def refuse_client(directory: Path, configuration: ClientConfiguration, alert: str) -> None:
    """Let a client of our own visit the real server, which must refuse it with this alert."""
    with Parties(directory) as parties:
        server = parties.start("server", "--listen", ANY_PORT)
        with pytest.raises(RemoteProtocolError) as caught:
            connect(listening(server), configuration)
        ending = Ending.of(server)
    assert (caught.value.alert.name.lower(), caught.value.received) == (alert, True)
    assert (ending.status, ending.alerts) == (1, [("sent", alert)])
    assert not ending.all("otp sent")


@pytest.mark.slow
def test_no_suite_in_common(enrolled_once: Path) -> None:
    result = exchange(
        enrolled_once,
        server=("--suite", "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256"),
        client=("--suite", "TLS_RSA_OAEP_WITH_AES_256_CBC_SHA256"),
    )
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.server.alerts == [("sent", "handshake_failure")]
    assert result.client.alerts == [("received", "handshake_failure")]


def root_of(directory: Path) -> Certificate:
    return Certificate.from_pem((directory / "ttp" / "certificate.pem").read_bytes())


def reissue(directory: Path, party: str, purpose: Purpose, begin: datetime, *, days: int = 365) -> None:
    """Replace a party's certificate, the root and the CRLs by others that begin then."""
    root_key = load_private_key((directory / "ttp" / "key.pem").read_bytes())
    authority = Authority.create_root(
        root_of(directory).subject,
        root_key,
        validity=Validity(begin, begin + timedelta(days=3650)),
        signature_algorithm=RSA_PKCS1_SHA384,
    )
    request = CertificateSigningRequest.from_pem((directory / party / "request.pem").read_bytes())
    issued = authority.issue(
        request,
        validity=Validity(begin, begin + timedelta(days=days)),
        purposes=(purpose,),
        signature_algorithm=RSA_PKCS1_SHA384,
    )
    (directory / party / "certificate.pem").write_bytes(issued.to_pem())
    crl = authority.issue_crl(
        [],
        number=1000,
        this_update=begin,
        next_update=begin + timedelta(days=3650),
        signature_algorithm=RSA_PKCS1_SHA384,
    )
    for each in ("server", "client", "ttp"):  # a clock that is behind knows no CRL of today
        (directory / each / "crl.pem").write_bytes(crl.to_pem())
    for each in ("server", "client"):
        (directory / each / "root.pem").write_bytes(authority.certificate.to_pem())


def test_keys_are_for_their_owner_alone(enrolled_once: Path) -> None:
    for path in enrolled_once.rglob("*key.pem"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    for name in ("ttp", "server", "client", "introduction-letters"):
        assert os.stat(enrolled_once / name).st_mode & 0o777 == 0o700
    assert not [name for name in files(enrolled_once) if ".tmp" in name or ".new" in name]


@pytest.mark.slow
def test_a_certificate_of_another_ttp_than_is_meant_now(enrolled: Path, tmp_path: Path) -> None:
    with Parties(tmp_path / "other") as parties:
        _, address = parties.ttp("--enrol", "client")
        root = tmp_path / "other" / "ttp" / "certificate.pem"
        code = (tmp_path / "other" / "introduction-letters" / "client.txt").read_text().split("Code: ")[1].strip()
        with Parties(enrolled) as here:
            words = ("--ttp", str(address), "--root", str(root), "--code", code, "--connect", NOBODY)
            process = here.start("client", *words)
            made = process.wait_for("certificate", timeout=PATIENCE)["made"]
            [reason] = [event["reason"] for event in process.events if event["event"] == "certificate not usable"]
    assert (made, reason) == ("yes", "it is from another TTP than the one that is meant now")
    assert (enrolled / "client" / "root.pem").read_bytes() == root.read_bytes()
