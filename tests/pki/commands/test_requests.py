"""The commands request, sign, list and show, and what they refuse, in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pki.__main__ import main
from pki.asn1.der import UTF8_STRING
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import SubjectAltName
from pki.fields.general_names import DNSName, IPAddress
from pki.fields.names import Attribute, Name
from pki.keys import dump_private_key, load_public_key
from pki.signatures import ED25519
from pki.x509 import Certificate
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import generate_private_key
from tests.pki.conftest import VALIDITY

FILES = Path(__file__).parent / "files"


class Said(NamedTuple):
    """What came of a command."""

    status: int
    out: str
    err: str


Pki = Callable[..., Said]


@pytest.fixture
def pki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pki:
    """Return a function that runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str | Path) -> Said:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as error:  # as argparse ends, too
            status = int(error.code or 0)
        return Said(status, *capsys.readouterr())

    return command


@pytest.fixture
def authority(pki: Pki) -> None:
    assert pki("init", "R", "--kind", "ed25519").status == 0


def ask(pki: Pki, *words: str) -> Said:
    return pki("request", *words, "--kind", "ed25519", "--out", "r.csr")


@pytest.mark.usefixtures("authority")
def test_addresses_are_certified_as_addresses(pki: Pki) -> None:
    assert ask(pki, "n", "192.0.2.1", "*.a.example", "2001:db8::1", "b.example").status == 0
    assert pki("sign", "r.csr", "--out", "c.pem").status == 0
    names = Certificate.from_pem(Path("c.pem").read_bytes()).extension(SubjectAltName)
    assert names is not None
    assert set(names.names) == {
        IPAddress(bytes([192, 0, 2, 1])),
        IPAddress(bytes.fromhex("20010db8" + "00" * 11 + "01")),
        DNSName("*.a.example"),
        DNSName("b.example"),
    }
    for name in ("192.0.2.1", "2001:db8::1", "b.example"):
        assert pki("verify", "c.pem", "--name", name).status == 0
    assert pki("verify", "c.pem", "--name", "192.0.2.2").status == 1


@pytest.mark.parametrize(
    "name",
    [
        *("bücher.example", "http://x", "x@y", "a b", "x\0.example"),
        *("", ".", "a..b", ".a.b", "a.", "a-.b", "a" * 64, "*", "*.com", "a.*.b"),
        *("192.0.2.300", "192.0.2.0/24", "fe80::1%eth0"),
    ],
)
def test_names_that_cannot_be_certified_are_refused_before_a_key_is_made(pki: Pki, name: str) -> None:
    said = ask(pki, "n", name)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert "neither a host name (in ASCII, with xn-- for other letters) nor an IP address" in said.err
    assert list(Path().iterdir()) == []


def test_a_key_that_cannot_be_certified_is_refused(pki: Pki) -> None:
    Path("short.pem").write_bytes(dump_private_key(generate_private_key(1024, for_tests_only=True)))
    said = pki("request", "n", "--key", "short.pem", "--out", "r.csr")
    assert said.status == 1
    assert "RSA, 1024 bits, expected at least 2048 bits" in said.err
    assert not Path("r.csr").exists()


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ("longcn.csr", "commonName has 80 characters, expected 1 to 64"),
        ("cempty.csr", "commonName has 0 characters, expected 1 to 64"),
        ("usa.csr", "countryName 'USA', expected the two letters of ISO 3166"),
        ("cutf8.csr", "countryName 'US' has the type UTF8String, expected PrintableString"),
        ("email.csr", "email:a@odd.example: only host names and IP addresses are certified here"),
        ("uri.csr", "URI:spiffe://odd.example/w: only host names and IP addresses are certified here"),
    ],
)
def test_what_sign_refuses(pki: Pki, file: str, complaint: str) -> None:
    said = pki("sign", FILES / file, "--out", "c.pem")
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)
    assert complaint in said.err
    assert not Path("c.pem").exists()


@pytest.mark.usefixtures("authority")
def test_a_certificate_without_a_subject_is_called_by_its_names(pki: Pki) -> None:
    said = pki("sign", FILES / "emptysubject.csr", "--out", "c.pem")
    assert said.status == 0
    assert " for DNS:odd.example, until " in said.err
    assert "\n    DNS:odd.example\n" in pki("list").out


def test_without_an_authority_init_is_named(pki: Pki) -> None:
    Path("r.csr").write_bytes((FILES / "emptysubject.csr").read_bytes())
    for words in (["list"], ["list", "--json"], ["sign", "r.csr"], ["crl"], ["revoke", "1"], ["renew", "1"]):
        said = pki(*words)
        assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
        assert "authority has no authority: `python -m pki init` makes one" in said.err
    assert [path.name for path in Path().iterdir()] == ["r.csr"]


def test_a_blank_at_the_end_of_a_name_stays(pki: Pki) -> None:
    """Even where lines are wrapped (RFC 4514 §2.4)."""
    key = Ed25519PrivateKey(bytes(32))
    for text, shown in (("x ", "x\\ "), (" ", "\\ "), ("y" * 60 + " ", "y" * 60 + "\\ "), ("#a,b", "\\#a\\,b")):
        name = Name([[Attribute(OIDS["commonName"], UTF8_STRING, text)]])
        request = CertificateSigningRequest.build(name, [], key, signature_algorithm=ED25519)
        Path("r.csr").write_bytes(request.to_pem())
        assert f"Subject: CN={shown}\n" in pki("show", "r.csr").out
        root = Authority.create_root(name, key, signature_algorithm=ED25519, **VALIDITY)
        Path("root.pem").write_bytes(root.certificate.to_pem())
        assert pki("verify", "root.pem", "--root", "root.pem", "--at", "2026-06-01").out.startswith(f"CN={shown}\n")


def test_public_keys_for_openssh_and_in_json(pki: Pki) -> None:
    Path("key.pem").write_bytes(dump_private_key(Ed25519PrivateKey(bytes(32))))
    assert pki("key", "--public-form", "openssh").out.startswith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI")
    said = pki("key", "--public-form", "jwk", "--out", "key.jwk")
    assert (said.status, said.out) == (0, "")
    assert load_public_key(Path("key.jwk").read_bytes()) == Ed25519PrivateKey(bytes(32)).public_key
    said = pki("key", "--algorithm", "ml-kem-512", "--key", "kem.key", "--public-form", "openssh")
    assert said.status == 2
    assert "SSH has no form for ML-KEM-512" in said.err
    assert not Path("kem.key").exists()


def test_a_name_is_read_as_it_is_shown(pki: Pki) -> None:
    assert ask(pki, r"O=Example\2C Ltd, CN=a\20").status == 0
    assert str(CertificateSigningRequest.from_pem(Path("r.csr").read_bytes()).subject) == r"O=Example\, Ltd, CN=a\ "
