"""Enrolment with the TTP: who may ask for what, by EST, with our own client and with curl and OpenSSL alone."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.enrolling.enrolment import permission
from demo.party.address import Address
from demo.party.subject import TTP_NAME
from handshake.configuration import ClientConfiguration
from handshake.stream import connect
from pki.ca.authority import Authority
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.crl import RevocationReason
from pki.est.client import EnrolmentClient, EnrolmentError
from pki.keys import load_private_key
from pki.signatures import RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from record.alerts import RemoteProtocolError
from tests.conftest import PeerTool, run
from tests.demo.support.parties import ANY_PORT, NOBODY, PATIENCE, Ending, Parties, certificate

HOUSE = Path(__file__).parents[3]
DOCUMENT = HOUSE / "docs" / "enrolment.md"


def root_of(directory: Path) -> Certificate:
    return Certificate.from_pem((directory / "ttp" / "certificate.pem").read_bytes())


def registrar_of(directory: Path) -> Registrar:
    """The TTP's, as its operator has it at hand while the TTP runs."""
    root, key = root_of(directory), load_private_key((directory / "ttp" / "key.pem").read_bytes())
    registry = Registry(directory / "ttp" / "registry.db")
    return Registrar(registry, Authority(root, key), signature_algorithm=RSA_PKCS1_SHA384)


def code_of(directory: Path, applicant: str) -> str:
    return (directory / "introduction-letters" / f"{applicant}.txt").read_text().split("Code: ")[1].strip()


@contextmanager
def visit(directory: Path, address: Address, *, as_party: str | None = None) -> Iterator[EnrolmentClient]:
    """Give an EST client at the TTP, which in TLS is this party or nobody."""
    identity: dict[str, Any] = {}
    if as_party is not None:
        key = load_private_key((directory / as_party / "key.pem").read_bytes())
        identity = {"certificate_chain": (certificate(directory, as_party),), "private_key": key}
    configuration = ClientConfiguration(roots=(root_of(directory),), server_name=TTP_NAME, **identity)
    with connect(address, configuration) as stream:
        yield EnrolmentClient(stream, host=TTP_NAME)


@pytest.mark.parametrize("applicant", ["server", "client"])
def test_what_an_applicant_may_ask_for(applicant: str) -> None:
    settled, open_to_all = permission(applicant, ("a.example", "www.a.example")), permission(applicant, ())
    assert [purpose.name for purpose in settled.purposes] == [f"{applicant.upper()}_AUTH"]
    assert settled.validity == open_to_all.validity == timedelta(days=365)
    assert [name for name in ("a.example", "www.a.example", "A.example") if not settled.permits(name)] == []
    for name in ("b.example", "x.a.example", "*.a.example"):
        assert not settled.permits(name)
        assert open_to_all.permits(name)
    for name in ("ttp.example", "TTP.Example", "ttp.example.", "*.example"):  # which are the TTP's own, or good for it
        assert not open_to_all.permits(name)
        assert not permission(applicant, (name,)).permits(name)
    besides = permission(applicant, (), others=("asha", "bala"))
    assert [name for name in ("asha", "ASHA", "bala.", "server") if besides.permits(name)] == ["server"]
    assert permission(applicant, ("asha",), others=("asha",)).permits("asha")


def test_a_certificate_is_on_record_renewed_and_revoked(tmp_path: Path) -> None:
    with Parties(tmp_path) as parties:
        ttp, address = parties.ttp("--enrol", "client", "--enrol", "server", "--stay")
        for party, where in (("client", ("--connect", NOBODY)), ("server", ("--listen", ANY_PORT))):
            parties.start(party, "--ttp", str(address), *where).wait_for("certificate", timeout=PATIENCE)
        old = certificate(tmp_path, "client")
        request = CertificateSigningRequest.from_pem((tmp_path / "client" / "request.pem").read_bytes())
        with visit(tmp_path, address, as_party="client") as client:
            assert client.ca_certificates() == (root_of(tmp_path),)
            new = client.renew(request)
            assert client.crl().entries == ()
        assert (new.subject, new.public_key, new.dns_names) == (old.subject, old.public_key, old.dns_names)
        registrar = registrar_of(tmp_path)
        registrar.revoke(old.serial_number, at=datetime.now(UTC), reason=RevocationReason.SUPERSEDED)
        with visit(tmp_path, address, as_party="client") as client:
            assert [entry.serial_number for entry in client.crl().entries] == [old.serial_number]
            with pytest.raises(EnrolmentError, match="is revoked"):
                client.renew(request)
        with visit(tmp_path, address) as client, pytest.raises(EnrolmentError, match="expected the certificate to be"):
            client.renew(request)
        with pytest.raises(RemoteProtocolError), visit(tmp_path, address, as_party="server") as client:
            client.crl()  # the server's certificate makes it no client
        assert [event["applicant"] for event in ttp.events if event["event"] == "issued"] == ["client", "server"]
        assert [event["applicant"] for event in ttp.events if event["event"] == "renewed"] == [str(old.subject)]
    with registrar.registry.look() as records:
        certificates = list(records.certificates())
    assert [record.certificate for record in certificates][2:] == [old, certificate(tmp_path, "server"), new]
    assert certificates[-1].replaces == old.serial_number


def test_the_same_request_again_gets_the_same_certificate(tmp_path: Path) -> None:
    """An applicant that loses the answer has not lost the enrolment."""
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client", "--stay")
        code = code_of(tmp_path, "client")
        parties.start("client", "--ttp", str(address), "--connect", NOBODY).wait_for("certificate", timeout=PATIENCE)
        request = CertificateSigningRequest.from_pem((tmp_path / "client" / "request.pem").read_bytes())
        with visit(tmp_path, address) as client:
            assert client.enrol(request, applicant="client", code=code) == certificate(tmp_path, "client")


def test_who_is_enrolled_already_is_not_waited_for(enrolled: Path) -> None:
    def words() -> list[str]:
        """What the TTP does, left alone for a while."""
        with Parties(enrolled, timeout=0.1) as parties:
            return [
                event["applicant"]
                for event in Ending.of(parties.start("ttp", "--listen", ANY_PORT)).all("introduction letter")
            ]

    assert words() == []
    registrar = registrar_of(enrolled)
    registrar.revoke(certificate(enrolled, "client").serial_number, at=datetime.now(UTC))
    assert words() == ["client"]


def test_a_registry_that_is_none(enrolled: Path) -> None:
    path = enrolled / "ttp" / "registry.db"
    path.write_bytes(b"hello " * 1000)
    with Parties(enrolled) as parties:
        ending = Ending.of(parties.start("ttp", "--listen", ANY_PORT))
    assert (ending.status, ending.line) == (1, f"ttp: the registry {path} cannot be used: file is not a database")
    assert path.read_bytes() == b"hello " * 1000


def test_curl_and_openssl_alone_enrol_renew_and_check(tmp_path: Path, peer_tool: PeerTool) -> None:
    """Just as docs/enrolment.md says."""
    for tool in ("bash", "curl", "openssl"):
        peer_tool(tool)
    command, commands, looking = re.findall(r"^```sh.*?\n(.*?)^```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    words = command.removeprefix("python -m demo ttp ").split()
    with Parties(tmp_path) as parties:
        _, address = parties.ttp(*words)
        script = commands.replace("cutaway-state", str(tmp_path)).replace("7400", str(address.port))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert re.search("subject=C ?= ?IN", done.stdout)  # versions of OpenSSL differ
        assert done.stdout.endswith("my-certificate.pem: OK\nmy-next-certificate.pem: OK\n")
        first, second = (
            Certificate.from_pem((tmp_path / f"my{name}-certificate.pem").read_bytes()) for name in ("", "-next")
        )
        assert (first.dns_names, second.dns_names) == (["me.example"], ["me.example"])
        assert first.serial_number != second.serial_number
        looking = looking.replace("python ", f"{sys.executable} ").replace("cutaway-state", str(tmp_path))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", looking],
            cwd=HOUSE,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout.count("CN=me.example")) == (0, 2), done.stderr
        again = script[: script.index("# A key")] + script[script.index("# The certificates of") :]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", again], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode != 0
        assert "certificate revoked" in done.stderr
        assert "my-next-certificate.pem: OK" in done.stdout


def test_what_curl_is_told(tmp_path: Path, peer_tool: PeerTool) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client", "--stay")
        words = [peer_tool("curl"), "--silent", "--show-error", "--cacert", str(tmp_path / "ttp" / "certificate.pem")]
        words += ["--resolve", f"{TTP_NAME}:{address.port}:{address.host}", "--write-out", "%{http_code}"]
        est = f"https://{TTP_NAME}:{address.port}/.well-known/est"
        body = ["--header", "Content-Type: application/pkcs10", "--data", "hello"]
        assert run(*words, f"{est}/simpleenroll").endswith("405")
        assert run(*words, *body, f"{est}/simpleenroll").endswith("401")
        assert run(*words, *body, "--user", "client:AAAA", f"{est}/simpleenroll").endswith("400")
        assert run(*words, *body, f"{est}/simplereenroll").endswith("403")
        assert run(*words, f"{est}/csrattrs").endswith("404")
        assert run(*words, "--data", "hello", f"{est}/simpleenroll").endswith("415")
        assert run(*words, "--data", "x" * 70_000, f"{est}/simpleenroll").endswith("413")
