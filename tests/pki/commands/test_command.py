"""`python -m pki`, as real processes: from a new authority to a certificate revocation list (CRL), and bad commands."""

import json
import os
import pty
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pki.asn1.pem import pem_decode, pem_encode
from pki.ca.authority import Authority
from pki.ca.registrar import Registrar
from pki.ca.registry import Registry
from pki.est.server import EnrolmentService
from pki.keys import PasswordMissing, load_private_key, load_public_key
from pki.signatures import ECDSA_SHA256
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.ec import ECPrivateKey
from tests.conftest import PeerTool, run
from tests.pki.support.cheap_keys import cheaply_encrypted

ROOM = Path(__file__).parents[3]
TIME_LIMIT = 60


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int
    out: str
    err: str


Pki = Callable[..., Done]


def command(folder: Path, *words: str | Path, stdin: bytes = b"", environment: dict[str, str] | None = None) -> Done:
    """Run a command in the folder, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "pki", *words],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=TIME_LIMIT,
        check=False,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOM), os.environ.get("PYTHONPATH", "")))}
        | (environment or {}),
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, and a certificate for bank.example."""
    folder = tmp_path_factory.mktemp("pki")
    for words in (
        ("init", "C=IN, O=Example, CN=Root", "--kind", "p256"),
        ("request", "bank.example", "bank.example", "*.bank.example", "--kind", "p256", "--out", "bank.req"),
        ("sign", "bank.req", "--out", "bank.pem"),
    ):
        done = command(folder, *words)
        assert done.status == 0, done.err
        assert done.out == ""
    return folder


@pytest.fixture
def pki(folder: Path) -> Pki:
    def run_command(*words: str | Path, **options: Any) -> Done:
        return command(folder, *words, **options)

    return run_command


def serial_number(file: Path) -> str:
    return f"{Certificate.from_pem(file.read_bytes()).serial_number:x}"


def facts(done: Done) -> Any:
    assert done.status == 0, done.err
    return json.loads(done.out)


# --- The way of a certificate.


def test_private_files_are_private(folder: Path) -> None:
    for name in ("authority/key.pem", "authority/registry.db", "key.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "authority").stat().st_mode) == 0o700


def test_show_tells_what_openssl_tells(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    shown = pki("show", "bank.pem")
    assert shown.status == 0
    assert all(len(line) <= 80 for line in shown.out.splitlines())
    for text in (
        serial_number(folder / "bank.pem"),
        "CN=bank.example",
        "O=Example",
        "serverAuth",
        "DNS:*.bank.example",
    ):
        assert text in shown.out
    theirs = run(peer_tool("openssl"), "x509", "-in", folder / "bank.pem", "-noout", "-text")
    squeezed = "".join(shown.out.split())
    for block in theirs.split("pub:")[1].split("ASN1 OID")[0], theirs.split("Signature Value:")[1]:
        assert "".join(block.split()) in squeezed
    fingerprint = run(peer_tool("openssl"), "x509", "-in", folder / "bank.pem", "-noout", "-fingerprint", "-sha256")
    assert fingerprint.split("=")[1].strip().lower() in squeezed


def test_show_in_json_and_from_standard_input(folder: Path, pki: Pki) -> None:
    [shown] = facts(pki("show", "-", "--json", stdin=(folder / "bank.req").read_bytes()))
    assert shown["kind"] == "certification request"
    assert shown["subject"] == "CN=bank.example"
    assert shown["its_signature_is"].startswith("right")
    [key] = facts(pki("show", "key.pem", "--json"))
    assert key["public_key"] == shown["public_key"]


def test_verify_shows_the_tree_with_each_check(pki: Pki) -> None:
    done = pki("verify", "bank.pem", "--name", "bank.example", "--for", "server")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0] == "C=IN, O=Example, CN=Root"
    assert "└─ CN=bank.example" in lines
    assert lines[-1] == "The chain holds."
    for check in ("✓ trust:", "✓ validity:", "✓ signature:", "✓ server name:", "✓ purpose:"):
        assert check in done.out
    chain = facts(pki("verify", "bank.pem", "--json"))["chain"]
    assert [link["subject"] for link in chain] == ["C=IN, O=Example, CN=Root", "CN=bank.example"]
    assert {"name", "outcome", "section"} == set(chain[0]["checks"][0])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--name", "other.example"], "WRONG_NAME"),
        (["--at", "2100-01-01"], "EXPIRED"),
        (["--at=-1y"], "NOT_YET_VALID"),
        (["--for", "code"], "WRONG_PURPOSE"),
    ],
)
def test_verify_tells_why_not(pki: Pki, words: Sequence[str], reason: str) -> None:
    done = pki("verify", "bank.pem", *words)
    assert done.status == 1
    assert f"\n\n✗ REFUSED, {reason}: " in done.out
    tree, _ = done.out.split("\n\n")
    assert "✓ trust: " in tree
    assert tree.count(f"✗ {reason}") == 1
    refused = pki("verify", "bank.pem", *words, "--json")
    assert refused.status == 1
    told = json.loads(refused.out)
    assert told["reason"] == reason
    assert [link["subject"] for link in told["chain"]] == ["C=IN, O=Example, CN=Root", "CN=bank.example"]
    assert sum(len(link["checks"]) for link in told["chain"]) == tree.count("✓")


def test_verify_shows_how_far_it_came(folder: Path, pki: Pki, tmp_path: Path) -> None:
    assert command(tmp_path, "init", "C=IN, O=Example, CN=Root", "--kind", "p256").status == 0
    done = pki("verify", "bank.pem", "--root", tmp_path / "authority/certificate.pem")
    assert done.out.startswith("CN=bank.example\n   ✗ BAD_SIGNATURE\n\n✗ REFUSED, BAD_SIGNATURE: ")


def test_a_bundle_with_certificates_that_are_no_der(folder: Path, pki: Pki) -> None:
    """As those that systems keep: the others are taken, and what is left out is said."""
    pem = (folder / "authority/certificate.pem").read_bytes()
    der = pem_decode(pem)[0].der
    usage = bytes.fromhex("0603551d0f0101ff040403020106")
    assert usage in der
    spoiled = pem_encode("CERTIFICATE", der.replace(usage, usage[:-2] + b"\0\6"))
    (folder / "bundle.pem").write_bytes(b"# Some words.\n" + spoiled + pem)
    done = pki("verify", "bank.pem", "--root", "bundle.pem")
    assert done.status == 0, done.err
    assert "left out of bundle.pem: certificate 1 of 2: DER, offset" in done.err
    assert "KeyUsage has zeros after its last bit, and DER leaves them out" in done.err
    (folder / "bundle.pem").write_bytes(spoiled)
    done = pki("verify", "bank.pem", "--root", "bundle.pem")
    assert (done.status, done.err.count("\n")) == (2, 1)


def test_peers_accept_what_is_issued(folder: Path, peer_tool: PeerTool) -> None:
    root = folder / "authority/certificate.pem"
    run(peer_tool("openssl"), "verify", "-x509_strict", "-CAfile", root, folder / "bank.pem")
    run(peer_tool("openssl"), "req", "-verify", "-noout", "-in", folder / "bank.req")
    run(peer_tool("openssl"), "pkey", "-check", "-noout", "-in", folder / "key.pem")


def test_a_request_of_openssls_and_an_expired_certificate(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    made = ("-newkey", "rsa:2048", "-nodes", "-keyout", folder / "theirs.key", "-subj", "/O=Theirs/CN=them.example")
    request = run(peer_tool("openssl"), "req", "-new", *made)
    validity = ("--not-before", "2020-01-01", "--not-after", "2020-12-31")
    done = pki("sign", "-", *validity, "--for", "client", stdin=request.encode())
    assert done.status == 0, done.err
    certificate = Certificate.from_pem(done.out.encode())
    assert (str(certificate.not_before), str(certificate.not_after)) == (
        "2020-01-01 00:00:00+00:00",
        "2020-12-31 23:59:59+00:00",
    )
    assert str(certificate.subject) == "O=Theirs, CN=them.example"


def test_an_authority_below(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    assert pki("request", "Sub", "--kind", "ed25519", "--key", "sub.key", "--out", "sub.req").status == 0
    limits = ("--path-length", "0", "--permit", ".sub.example", "--exclude", "no.sub.example", "--permit", "10.0.0.0/8")
    done = pki("sign", "sub.req", "--authority", *limits, "--out", "sub.pem")
    assert done.status == 0, done.err
    shown = " ".join(pki("show", "sub.pem").out.split())
    assert "permitted: DNS:sub.example, IP:10.0.0.0/8; excluded: DNS:no.sub.example" in shown
    done = pki("init", "--certificate", "sub.pem", "--key", "sub.key", "--directory", "sub")
    assert done.status == 0, done.err
    for name, status in (("a.sub.example", 0), ("no.sub.example", 1), ("a.example", 1)):
        assert pki("request", name, name, "--kind", "p256", "--out", f"{name}.req").status == 0
        done = pki("sign", f"{name}.req", "--directory", "sub", "--out", f"{name}.pem")
        assert done.status == status, done
        if status:  # nobody would believe it, and so it is not written
            assert f"what is asked for would not hold: the certificate of CN={name}: an authority above it" in done.err
            assert not (folder / f"{name}.pem").exists()
        else:
            chain = "verify", f"{name}.pem", "--chain", "sub.pem", "--name", name, "--profile", "rfc5280"
            done = pki(*chain, "--max-depth", "1")
            assert done.status == 0, done
            assert "✓ authority key identifier:" in done.out
            done = pki(*chain, "--max-depth", "0", "--json")
            refused = json.loads(done.out)
            assert (done.status, refused["reason"], refused["accepted_under"]) == (1, "PATH_TOO_LONG", None)
    root, leaf = folder / "authority/certificate.pem", folder / "a.sub.example.pem"
    run(peer_tool("openssl"), "verify", "-x509_strict", "-CAfile", root, "-untrusted", folder / "sub.pem", leaf)


def test_post_quantum_keys(tmp_path: Path) -> None:
    def pki(*arguments: str) -> Done:
        return command(tmp_path, *arguments)

    assert pki("init", "CN=Root", "--algorithm", "ml-dsa-65").status == 0
    assert pki("request", "leaf.example", "leaf.example", "--algorithm", "ml-dsa-44", "--out", "leaf.req").status == 0
    assert pki("sign", "leaf.req", "--out", "leaf.pem").status == 0
    made = pki("key", "--algorithm", "ml-kem-512", "--form", "both", "--key", "kem.key", "--out", "kem.pub")
    assert made.status == 0, made.err
    key = load_private_key((tmp_path / "kem.key").read_bytes())
    assert load_public_key((tmp_path / "kem.pub").read_bytes()) == key.public_key
    assert "--form is for a new key" in pki("key", "--key", "kem.key", "--form", "seed").err
    done = pki("issue", "Somebody", "kem.example", "--public-key", "kem.pub", "--out", "kem.pem")
    assert done.status == 0, done.err
    assert "no proof of possession" in done.err
    assert pki("verify", "kem.pem", "--name", "kem.example").status == 0
    done = pki("verify", "kem.pem", "--name", "kem.example", "--profile", "web", "--json")
    refusal = json.loads(done.out)
    assert (done.status, refusal["reason"], refusal["accepted_under"]) == (1, "FORBIDDEN_KEY", "rfc5280")
    assert refusal["message"].endswith("; under the profile RFC5280 the chain holds")
    pki("key", "--key", "key.pem", "--out", "leaf.pub")
    refused = pki("issue", "Leaf", "--public-key", "leaf.pub")
    assert refused.status == 1
    assert "others are certified on request only" in refused.err
    assert "cannot sign a request" in pki("request", "Somebody", "--key", "kem.key").err


@pytest.mark.slow
def test_keys_of_slh_dsa(tmp_path: Path) -> None:
    def pki(*arguments: str) -> Done:
        return command(tmp_path, *arguments)

    assert pki("init", "CN=Root", "--algorithm", "slh-dsa-sha2-128f").status == 0
    words = ("leaf.example", "leaf.example", "--algorithm", "slh-dsa-shake-128f")
    assert pki("request", *words, "--out", "leaf.req").status == 0
    assert pki("sign", "leaf.req", "--out", "leaf.pem").status == 0
    assert pki("verify", "leaf.pem", "--name", "leaf.example").status == 0
    assert "SLH-DSA-SHAKE-128f" in pki("show", "leaf.pem").out
    assert "PK_root" in pki("explain", "key.pem").out


def test_ocsp(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    root = folder / "authority/certificate.pem"
    for name, purpose in (("asked.example", "server"), ("responder", "ocsp")):
        assert pki("request", name, "--kind", "p256", "--key", f"{name}.key", "--out", f"{name}.req").status == 0
        assert pki("sign", f"{name}.req", "--for", purpose, "--out", f"{name}.pem").status == 0
    about = ("asked.example.pem", "--issuer", root)
    assert pki("ocsp", "request", *about, "--out", "asked.orq").status == 0
    delegate = ("--responder", "responder.pem", "--key", "responder.key")
    done = pki("ocsp", "answer", "asked.orq", *delegate, "--out", "good.ors")
    assert (done.status, done.out) == (0, "")
    assert f"{serial_number(folder / 'asked.example.pem')}: good" in done.err
    done = pki("ocsp", "check", "good.ors", *about, "--request", "asked.orq")
    assert (done.status, done.err) == (0, "")
    assert "not revoked, by the OCSP response of CN=responder" in done.out
    assert "RFC 6960 §3.2" in pki("verify", "asked.example.pem", "--ocsp", "good.ors").out
    assert pki("revoke", serial_number(folder / "asked.example.pem"), "--reason", "superseded").status == 0
    assert pki("ocsp", "answer", "asked.orq", "--out", "revoked.ors").status == 0
    done = pki("ocsp", "check", "revoked.ors", *about)
    assert done.status == 1
    assert ", for superseded, says the OCSP response of" in done.out
    openssl = peer_tool("openssl")
    for name, said in (("good.ors", "asked.example.pem: good"), ("revoked.ors", "asked.example.pem: revoked")):
        files = ("-issuer", root, "-cert", "asked.example.pem", "-CAfile", root)
        words = [str(word) for word in (openssl, "ocsp", "-respin", name, "-no_nonce", *files)]
        told = subprocess.run(words, cwd=folder, capture_output=True, check=True)
        assert (said in told.stdout.decode(), told.stderr) == (True, b"Response verify OK\n")


def test_openssl_s_requests_and_responses(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    """It asks, of an issuer named by two hashes, and answers, out of an index of its own, by a nonce."""
    root = folder / "authority/certificate.pem"

    def openssl(*words: str | Path) -> bytes:
        line = [peer_tool("openssl"), "ocsp", *map(str, words)]
        return subprocess.run(line, cwd=folder, capture_output=True, check=True).stderr

    for hash in ("sha1", "sha256"):
        openssl(f"-{hash}", "-issuer", root, "-cert", "bank.pem", "-reqout", f"{hash}.orq")
        done = pki("ocsp", "answer", f"{hash}.orq", "--out", f"{hash}.ors")
        assert (done.status, f"{serial_number(folder / 'bank.pem')}: good" in done.err) == (0, True)
        told = openssl("-reqin", f"{hash}.orq", "-respin", f"{hash}.ors", "-CAfile", root, "-issuer", root)
        assert told == b"Response verify OK\n"  # it warns where the nonce is not the request's
    shown = pki("ocsp", "request", "bank.pem", "--issuer", root, "--hash", "sha256", "--out", "ours.orq")
    assert shown.status == 0
    entries = {"good": ("V", ""), "revoked": ("R", "260101000000Z,keyCompromise")}
    for status, (letter, revoked) in entries.items():
        serial = serial_number(folder / "bank.pem").upper()
        fields = (letter, "491231235959Z", revoked, serial.zfill(len(serial) + len(serial) % 2), "unknown", "/CN=bank")
        (folder / "index.txt").write_text("\t".join(fields) + "\n")
        signer = ("-rsigner", root, "-rkey", "authority/key.pem", "-CA", root, "-ndays", "1")
        openssl("-index", "index.txt", *signer, "-reqin", "ours.orq", "-respout", f"{status}.theirs")
        done = pki("ocsp", "check", f"{status}.theirs", "bank.pem", "--issuer", root, "--request", "ours.orq")
        assert (done.status, done.err) == (0 if status == "good" else 1, "")
        assert ("not revoked" if status == "good" else "for keyCompromise") in done.out


def test_what_ocsp_refuses(folder: Path, pki: Pki) -> None:
    root = folder / "authority/certificate.pem"
    about = ("bank.pem", "--issuer", root)
    for name in ("one.orq", "other.orq"):
        assert pki("ocsp", "request", *about, "--hash", "sha256", "--out", name).status == 0
    shown = json.loads(pki("ocsp", "answer", "one.orq", "--out", "one.ors", "--json").out)
    assert (shown["response_status"], shown["responses"][0]["status"]) == ("successful", "good")
    done = pki("ocsp", "check", "one.ors", *about, "--request", "other.orq", "--json")
    assert (done.status, json.loads(done.out)["reason"]) == (1, "REVOCATION_UNKNOWN")
    assert "it was not made for this request" in json.loads(done.out)["message"]
    late = pki("ocsp", "check", "one.ors", *about, "--at", "2h")
    assert (late.status, "is not a fresh one about it" in late.out) == (1, True)
    assert pki("ocsp", "answer", "bank.req", "--out", "malformed.ors").status == 1
    assert "the responder answers malformedRequest" in pki("ocsp", "check", "malformed.ors", *about).out
    for words, complaint in (
        (("ocsp", "ask", *about), "expected --url"),
        (("ocsp", "ask", *about, "--url", "https://ttp.example/"), "is not a URL for OCSP here"),
        (("ocsp", "ask", *about, "--url", "http://127.0.0.1:1/"), "did not answer"),
        (("ocsp", "request", "bank.pem", "--issuer", "bank.pem", "--out", "x"), "and not by CN=bank.example"),
        (("ocsp", "check", "one.orq", *about), "expected an OCSP response"),
    ):
        done = pki(*words)
        assert (done.status, complaint in done.err) == (2, True), done


def test_ocsp_asks_a_responder(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    """By HTTP, as OpenSSL does: the answers come from a thread of this test, out of the folder's registry."""
    openssl = peer_tool("openssl")
    root = folder / "authority/certificate.pem"
    authority = Authority(
        Certificate.from_pem(root.read_bytes()), load_private_key((root.parent / "key.pem").read_bytes())
    )
    registrar = Registrar(Registry(root.parent / "registry.db"), authority, signature_algorithm=ECDSA_SHA256)
    service = EnrolmentService(registrar, clock=lambda: datetime.now(UTC))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    service.serve(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/ocsp"
        done = pki("ocsp", "ask", "bank.pem", "--issuer", root, "--url", url, "--out", "asked.ors")
        words = [openssl, "ocsp", "-url", url, "-issuer", str(root), "-cert", "bank.pem", "-CAfile", str(root)]
        told = subprocess.run(words, cwd=folder, capture_output=True, check=False, timeout=TIME_LIMIT)
        thread.join()
    assert (done.status, done.err) == (0, "")
    assert "not revoked, by the OCSP response of" in done.out
    assert pki("verify", "bank.pem", "--ocsp", "asked.ors").status == 0
    assert (b"bank.pem: good" in told.stdout, told.stderr) == (True, b"Response verify OK\n")


def test_renew_revoke_list_and_crl(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    pki("request", "old.example", "old.example", "--kind", "p256", "--key", "old.key", "--out", "old.req")
    assert pki("sign", "old.req", "--out", "old.pem").status == 0
    old = serial_number(folder / "old.pem")
    done = pki("renew", old, "--out", "new.pem")
    assert done.status == 0, done.err
    new = serial_number(folder / "new.pem")
    assert new != old
    done = pki("revoke", old, "--reason", "key-compromise")
    assert (done.status, done.out) == (0, "")
    done = pki("revoke", old)
    assert done.status == 2
    assert "is revoked already" in done.err
    done = pki("crl", "--next-update", "30d", "--out", "authority.crl")
    assert done.status == 0, done.err
    states = {one["serial_number"]: one for one in facts(pki("list", "--json"))}
    assert states[old]["state"] == "revoked"
    assert states[new]["replaces"] == old
    listed = pki("list").out
    assert f"{old}  revoked" in listed
    assert f"{new}  valid" in listed
    assert "keyCompromise" in pki("show", "authority.crl").out
    assert pki("verify", "old.pem", "--crl", "authority.crl").status == 1
    assert pki("verify", "new.pem", "--crl", "authority.crl").status == 0
    openssl, root = peer_tool("openssl"), folder / "authority/certificate.pem"
    check = (openssl, "verify", "-x509_strict", "-crl_check_all", "-CRLfile", folder / "authority.crl", "-CAfile", root)
    run(*check, folder / "new.pem")
    refused = subprocess.run([*check, folder / "old.pem"], capture_output=True, check=False)
    assert b"certificate revoked" in refused.stderr


def test_explain(folder: Path, pki: Pki) -> None:
    done = pki("explain", "bank.pem")
    assert done.status == 0
    assert "tbsCertificate" in done.out
    assert "00000 30 " in done.out
    assert "─" not in pki("explain", "bank.pem", "--hex").out
    assert "00000 30 " not in pki("explain", "bank.pem", "--tree").out
    [certificate] = facts(pki("explain", "bank.pem", "--json"))
    assert certificate["fields"][0]["end"] == len(Certificate.from_pem((folder / "bank.pem").read_bytes()).to_der())


def test_one_fault_in_a_file_hides_nothing_else(folder: Path, pki: Pki) -> None:
    pem = (folder / "bank.pem").read_bytes()
    cut = pem_encode("CERTIFICATE", Certificate.from_pem(pem).to_der()[:-1])
    done = pki("show", "-", stdin=pem + cut + pem)
    assert done.status == 1
    assert done.out.count("Subject: CN=bank.example") == 2
    assert done.out.count("Not read: DER, offset 0: Certificate claims") == 1
    line = pem.count(b"\n") + 1
    assert f"standard input: block 2 of 3, CERTIFICATE, line {line}: DER, offset 0" in done.err
    done = pki("explain", "-", "--tree", stdin=cut)
    assert done.status == 1
    assert "✗ byte 0 (0x0): Certificate claims" in done.out
    assert "notBefore: " in done.out
    assert pki("show", "-", stdin=cut).status == 2


def test_explain_anything_as_plain_values_or_leniently(folder: Path, pki: Pki) -> None:
    done = pki("explain", "bank.pem", "--as", "asn1", "--tree")
    assert done.status == 0
    assert done.out.startswith("plain ASN.1, ")
    assert "OBJECT IDENTIFIER: commonName" in done.out
    der = Certificate.from_pem((folder / "bank.pem").read_bytes()).to_der()
    assert der[1] == 0x82
    longer = der[:1] + b"\x83\0" + der[2:]
    assert pki("explain", "-", stdin=longer).status == 1
    done = pki("explain", "-", "--lenient", "--tree", stdin=longer)
    assert done.status == 0
    assert "! byte 1 (0x1): length of Certificate is not in its shortest form" in done.out
    [certificate] = facts(pki("explain", "-", "--lenient", "--json", stdin=longer))
    assert [mark["offset"] for mark in certificate["marks"]] == [1]


@pytest.mark.slow
def test_export(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    (folder / "new.txt").write_text("a long passphrase\n")
    words = (
        "bank.pem",
        "--chain",
        "authority/certificate.pem",
        "--new-passphrase-file",
        "new.txt",
        "--out",
        "bank.p12",
    )
    done = pki("export", *words)
    assert (done.status, done.out) == (0, ""), done.err
    assert stat.S_IMODE((folder / "bank.p12").stat().st_mode) == 0o600
    shown = pki("show", "bank.p12")
    assert shown.status == 0
    assert shown.out.count("Encrypted with: AES-256-CBC, PBKDF2 with HMAC-sha256 and 10000") == 2
    assert "Subject: " not in shown.out
    shown = pki("show", "bank.p12", "--passphrase-file", "new.txt")
    assert shown.out.count(" Name: bank.example") == 2
    assert shown.out.count("Subject: ") == 2
    wrong = pki("show", "bank.p12", "--passphrase-env", "PASSPHRASE", environment={"PASSPHRASE": "wrong"})
    assert (wrong.status, wrong.out) == (2, "")
    assert "cannot be decrypted" in wrong.err
    listed = run(
        peer_tool("openssl"), "pkcs12", "-in", folder / "bank.p12", "-passin", "pass:a long passphrase", "-nokeys"
    )
    assert listed.count("BEGIN CERTIFICATE") == 2
    refused = pki("export", "authority/certificate.pem", *words[3:-1], "other.p12")
    assert refused.status == 2
    assert "is not of this key" in refused.err


# --- Nothing is overwritten.


def test_nothing_is_overwritten(folder: Path, pki: Pki) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for words in (
        ["init", "Another"],
        ["sign", "bank.req", "--out", "bank.pem"],
        ["request", "bank.example", "--out", "bank.req"],
        ["request", "bank.example", "--key", "another.pem", "--out", "bank.req"],
        ["renew", serial_number(folder / "bank.pem"), "--out", "bank.pem"],
        ["crl", "--out", "bank.pem"],
    ):
        done = pki(*words)
        assert done.status == 2
        assert "nothing is overwritten" in done.err
    done = pki("sign", "bank.req", "--out", "nowhere/bank.pem")
    assert (done.status, done.err) == (2, "python -m pki sign: nowhere: No such file or directory\n")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before  # the registry, too


@pytest.mark.slow
def test_standard_input_for_everything(folder: Path, pki: Pki) -> None:
    key = (folder / "key.pem").read_bytes()
    made = pki("request", "bank.example", "--key", "-", stdin=key)
    assert made.status == 0, made.err
    assert CertificateSigningRequest.from_pem(made.out.encode()).public_key == load_private_key(key).public_key
    assert not (folder / "-").exists()
    for name in ("bank.req", "bank.pem", "key.pem"):
        assert pki("explain", "-", stdin=(folder / name).read_bytes()).status == 0
    assert pki("verify", "-", stdin=(folder / "bank.pem").read_bytes()).status == 0
    done = pki("verify", "bank.pem", "--root", "-", stdin=(folder / "authority/certificate.pem").read_bytes())
    assert done.status == 0, done.err
    done = pki("init", "Root", "--kind", "p256", "--directory", "b", "--passphrase-file", "-", stdin=b"a secret\nmore")
    assert done.status == 0, done.err
    assert load_private_key((folder / "b/key.pem").read_bytes(), password=b"a secret")


# --- Passphrases.


@pytest.mark.slow
def test_passphrases_from_files_and_variables(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("correct horse\nignored\n")
    given = ("--passphrase-file", "secret")
    assert command(tmp_path, "init", "Root", "--kind", "p256", *given).status == 0
    key = (tmp_path / "authority/key.pem").read_bytes()
    with pytest.raises(PasswordMissing):
        load_private_key(key)
    loaded = load_private_key(key, password=b"correct horse")
    assert isinstance(loaded, ECPrivateKey)
    (tmp_path / "authority/key.pem").write_bytes(cheaply_encrypted(loaded, b"correct horse"))
    done = command(tmp_path, "crl", "--passphrase-env", "SECRET", environment={"SECRET": "correct horse"})
    assert done.status == 0, done.err
    for words, environment, complaint in (
        (("--passphrase-env", "SECRET"), {"SECRET": "wrong"}, "the passphrase is wrong"),
        (("--passphrase-env", "UNSET"), {}, "UNSET is not set"),
        (("--passphrase-env", "SECRET"), {"SECRET": ""}, "the passphrase is empty"),
        (("--passphrase-file", "nowhere"), {}, "No such file"),
        ((), {}, "no terminal to ask on"),
    ):
        done = command(tmp_path, "crl", *words, environment=environment)
        assert (done.status, done.out) == (2, "")
        assert complaint in done.err
        assert done.err.count("\n") == 1
        assert "wrong horse" not in done.err


def on_a_terminal(folder: Path, words: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """Run the command on a terminal of its own, answer its questions, and return its status and what was seen."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["PYTHONPATH"] = str(ROOM)
        os.execv(sys.executable, [sys.executable, "-W", "ignore", "-m", "pki", *words])
    seen = b""
    for answer in answers:
        asked = seen.count(b": ")
        while seen.count(b": ") == asked:
            seen += os.read(terminal, 1024)
        os.write(terminal, answer.encode() + b"\n")
    try:
        while more := os.read(terminal, 1024):
            seen += more
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_passphrases_asked_for_on_the_terminal(tmp_path: Path) -> None:
    made = ["request", "me.example", "--kind", "p256", "--encrypt", "--out"]
    status, seen = on_a_terminal(tmp_path, [*made, "1.req"], ["correct horse", "correct horse"])
    assert status == 0, seen
    assert "horse" not in seen
    key = load_private_key((tmp_path / "key.pem").read_bytes(), password=b"correct horse")
    (tmp_path / "key.pem").write_bytes(cheaply_encrypted(key, b"correct horse"))
    status, seen = on_a_terminal(tmp_path, ["request", "me.example", "--out", "2.req"], ["wrong", "correct horse"])
    assert status == 0, seen
    assert (tmp_path / "2.req").exists()
    status, seen = on_a_terminal(tmp_path, [*made, "3.req", "--key", "other.pem"], ["one", "another"])
    assert status == 2
    assert "the two passphrases differ" in seen
    assert not (tmp_path / "other.pem").exists()


# --- Bad commands.


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "required: COMMAND"),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["sign"], "required: REQUEST"),
        (["sign", "nowhere.req"], "nowhere.req: No such file or directory"),
        (["sign", "."], "Is a directory"),
        (["sign", "bank.pem"], "found certificate, expected a certification request"),
        (["sign", "bank.req", "--not-after", "soon"], "'soon' is not a time, expected a date such as"),
        (["sign", "bank.req", "--not-after", "99999999y"], "is not a time"),
        (["sign", "bank.req", "--not-after=-1d"], "before it begins"),
        (["sign", "bank.req", "--path-length", "1"], "goes with --authority"),
        (["sign", "bank.req", "--directory", "nowhere"], "nowhere has no authority: `python -m pki init` makes one"),
        (["sign", "bank.req", "--permit", ".example"], "go with --authority"),
        (["sign", "bank.req", "--permit", "*.example"], "'*.example' is neither a host name nor a network"),
        (["init", "--directory", "x"], "expected a NAME, or --certificate and --key"),
        (["init", "--directory", "x", "--certificate", "bank.pem"], "expected a NAME, or --certificate and --key"),
        (
            ["init", "--directory", "x", "--certificate", "bank.pem", "--key", "key.pem"],
            "not one of a certificate auth",
        ),
        (["init", "C=India", "--directory", "x"], "country"),
        (["init", "X=1", "--directory", "x"], "'X=1' is not part of a name"),
        (["revoke", "xyz"], "'xyz' is not a serial number, expected hexadecimal digits"),
        (["revoke", "1234"], "no certificate has the serial number 1234"),
        (["renew", "1234"], "no certificate has the serial number 1234"),
        (["crl", "--next-update=-1d"], "expected a time to come"),
        (["verify", "key.pem"], "found private key, expected a certificate"),
        (["verify", "bank.pem", "--name", "a b"], "a b"),
        (["verify", "bank.pem", "--crl", "bank.req"], "expected a CRL"),
        (["show", "-"], "standard input: expected a certificate"),
        (["explain", "bank.pem", "--hex", "--tree"], "not allowed with"),
        (["list", "--passphrase", "secret"], "unrecognized arguments"),
    ],
)
def test_a_bad_command_gets_one_line_and_status_2(pki: Pki, words: Sequence[str], complaint: str) -> None:
    done = pki(*words)
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err
    assert done.err.count("\n") == 1


def test_a_request_that_is_refused(folder: Path, pki: Pki) -> None:
    der = pem_decode((folder / "bank.req").read_bytes())[0].der
    spoiled = pem_encode("CERTIFICATE REQUEST", der[:-1] + bytes([der[-1] ^ 1]))
    before = facts(pki("list", "--json"))
    done = pki("sign", "-", stdin=spoiled)
    assert (done.status, done.out) == (1, "")
    assert "the request is not signed with the key that it holds" in done.err
    assert done.err.count("\n") == 1
    assert facts(pki("list", "--json")) == before
    assert "WRONG" in pki("show", "-", stdin=spoiled).out


def test_what_strangers_wrote_cannot_steer_the_terminal(folder: Path, pki: Pki, peer_tool: PeerTool) -> None:
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / "evil.key")
    evil = run(peer_tool("openssl"), "req", "-new", "-x509", *made, "-subj", "/CN=evil\x1b[2J\x07", "-utf8")
    for words in (["show"], ["explain"], ["verify", "--root"]):
        (folder / "evil.pem").write_text(evil)
        done = pki(*words, "evil.pem", "evil.pem") if "--root" in words else pki(*words, "evil.pem")
        assert "\x1b" not in done.out + done.err
        assert "\x07" not in done.out + done.err
    assert "evil\\1B[2J\\07" in pki("show", "evil.pem").out


def test_help() -> None:
    done = command(ROOM, "--help")
    assert done.status == 0
    assert all(len(line) <= 100 for line in done.out.splitlines())
    for name in ("init", "request", "sign", "show", "verify", "explain", "list", "renew", "revoke", "crl"):
        assert f"  {name} " in done.out


def test_a_reader_who_stops_early_sees_no_traceback(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pki", "explain", "bank.pem"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
