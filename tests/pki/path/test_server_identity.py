"""Server identity: which names match, by RFC 9525 §6, and what is not a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pki.fields.extensions import SubjectAltName, SubjectKeyIdentifier
from pki.fields.general_names import DNSName, EmailAddress, GeneralName, IPAddress
from pki.fields.name_syntax import is_host_pattern
from pki.fields.names import Name
from pki.path.refusals import CertificateError, Reason
from pki.path.server_identity import check_server_name, host_matches, parse_server_name
from pki.x509 import Certificate
from tests.pki.conftest import BuildCertificate

LONGEST = "a." * 126 + "a"


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("www.example.com", "www.example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("*.example.com", "www.example.com"),
        ("*.EXAMPLE.com", "www.example.com"),
        ("*.example.com", "xn--bcher-kva.example.com"),
        ("localhost", "localhost"),
        ("a_b.example.com", "a_b.example.com"),
    ],
)
def test_names_that_match(pattern: str, host: str) -> None:
    assert host_matches(pattern, host)


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("www.example.com", "example.com"),
        ("example.com", "www.example.com"),
        ("*.example.com", "example.com"),
        ("*.example.com", "a.b.example.com"),
        ("*.example.com", "www.example.org"),
        ("*.com", "example.com"),
        ("*", "localhost"),
        ("*", "example.com"),
        ("w*.example.com", "www.example.com"),
        ("*w.example.com", "www.example.com"),
        ("www.*.com", "www.example.com"),
        ("*.*.com", "www.example.com"),
        ("*.example.com", ".example.com"),
        ("", "example.com"),
        ("www.example.com.", "www.example.com"),
        ("www.example.com\0.evil.example", "www.example.com"),
        ("192.0.2.1", "192.0.2.2"),
    ],
)
def test_names_that_do_not_match(pattern: str, host: str) -> None:
    assert not host_matches(pattern, host)


def test_names_to_look_for() -> None:
    assert parse_server_name("WWW.Example.com.") == "www.example.com"
    assert parse_server_name("localhost") == "localhost"
    assert parse_server_name("192.0.2.1") == bytes([192, 0, 2, 1])
    assert parse_server_name("2001:DB8::1") == bytes.fromhex("20010db8000000000000000000000001")
    assert parse_server_name("a" * 63 + ".example") == "a" * 63 + ".example"
    assert parse_server_name(LONGEST) == LONGEST
    assert is_host_pattern(LONGEST)
    assert len(LONGEST) == 253  # RFC 1035 §2.3.4: 255 octets with the lengths of the first label and of the root
    with pytest.raises(ValueError, match="neither a host name"):
        parse_server_name(LONGEST + "a")


@pytest.mark.parametrize(
    "name",
    ["", ".", "a..b", ".a", "-a.example", "a-.example", "a b", "bücher.example", "*.example.com", "a" * 64 + ".example",
     ".".join(["a" * 49] * 6), "192.0.2", "192.0.2.256", "1.2.3.4.5", "[::1]", "a\0b", "a/b", "a:443", "a\n"],
)  # fmt: skip
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="neither a host name"):
        parse_server_name(name)


def test_bytes_are_no_name() -> None:
    with pytest.raises(TypeError, match="expected str"):
        parse_server_name(b"example.com")  # type: ignore[arg-type]  # the point of it


def test_patterns_for_certificates() -> None:
    for pattern in ("www.example.com", "*.example.com", "localhost"):
        assert is_host_pattern(pattern)
    too_long = LONGEST + "a"
    for pattern in ("*", "*.com", "*.*.example.com", "w*.example.com", "a b", "", "*.", "www.example.com.", too_long):
        assert not is_host_pattern(pattern)


@given(st.text("ab.*-", max_size=12), st.text("ab.-", max_size=12))
def test_only_equal_names_and_whole_labels_match(pattern: str, host: str) -> None:
    try:
        wanted = parse_server_name(host)
    except ValueError:
        return
    assert isinstance(wanted, str)
    if host_matches(pattern, wanted) and pattern != wanted:
        assert pattern.startswith("*.")
        assert wanted.split(".")[1:] == pattern.split(".")[1:]
        assert len(wanted.split(".")) > 2


def check(certificate: Certificate, name: str) -> str | Reason:
    try:
        return check_server_name(certificate, name)
    except CertificateError as error:
        return error.reason


def test_addresses_and_names_are_told_apart(certificate: BuildCertificate) -> None:
    names: tuple[GeneralName, ...] = (
        DNSName("*.example.com"),
        IPAddress(bytes([192, 0, 2, 1])),
        DNSName("192.0.2.7"),
        EmailAddress("mail.example.com"),
    )
    both = certificate(SubjectAltName(names))
    assert check(both, "www.example.com") == "DNS:*.example.com"
    assert check(both, "192.0.2.1") == "IP:192.0.2.1"
    assert check(both, "192.0.2.7") is Reason.WRONG_NAME  # an address written as a host name is not a host name
    assert check(both, "mail.example.net") is Reason.WRONG_NAME


def test_the_common_name_never_counts(certificate: BuildCertificate) -> None:
    common = certificate(SubjectKeyIdentifier(b"x"), subject=Name.build(common_name="www.example.com"))
    with pytest.raises(CertificateError, match="the common name does not count"):
        check_server_name(common, "www.example.com")
    other = certificate(SubjectAltName((EmailAddress("a"),)), subject=Name.build(common_name="www.example.com"))
    with pytest.raises(CertificateError, match="it is for email:a"):
        check_server_name(other, "www.example.com")
    many = certificate(SubjectAltName(tuple(DNSName(f"{i}.example") for i in range(2000))))
    with pytest.raises(CertificateError, match=r"it is for DNS:0.example, DNS:1.example, .*…") as caught:
        check_server_name(many, "www.example.com")
    assert len(str(caught.value)) < 500
