"""The syntax of general names: what is a host name, a mailbox, a URI, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pki.fields.general_names import DNSName, EmailAddress, IPAddress, UniformResourceIdentifier
from pki.fields.name_syntax import is_host_name, is_host_pattern, is_mailbox, is_uri, problem_of

LONGEST = "a." * 126 + "a"


@pytest.mark.parametrize("text", ["localhost", "a.example", "A-1.Example.COM", "1.2", LONGEST, "a" * 63 + ".example"])
def test_host_names(text: str) -> None:
    assert is_host_name(text)
    assert is_host_pattern(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a\0", "bücher", "a" * 64, LONGEST + "a", "a\n", "*"],
)
def test_what_is_no_host_name(text: str) -> None:
    assert not is_host_name(text)
    assert not is_host_pattern(text)
    assert problem_of(DNSName(text))


def test_wildcards() -> None:
    assert is_host_pattern("*.a.example")
    assert not is_host_name("*.a.example")
    for text in ("*.example", "*.*.a.example", "a.*.example", "a*.b.example", "*a.b.example", "*." + LONGEST):
        assert not is_host_pattern(text)


@pytest.mark.parametrize(
    "text",
    ["a@example", "a.b+c@a.example", '"a b"@example', '"a@b"@example', r'"a\"b"@example', "a@[192.0.2.1]",
     "a@[IPv6:2001:db8::1]", "a" * 64 + "@example", "!#$%&'*+/=?^_`{|}~-@example"],
)  # fmt: skip
def test_mailboxes(text: str) -> None:
    assert is_mailbox(text)
    assert not problem_of(EmailAddress(text))


@pytest.mark.parametrize(
    "text",
    ["", "@", "a", "a@", "@example", "a@b@example", "a b@example", ".a@example", "a..b@example", "a@example.",
     'a"b"@example', '"a"b"@example', '"a\\"@example', "a@[]", "a@[example]", "a@[2001:db8::1]", "a" * 65 + "@example",
     "ä@example", "a@b_c"],
)  # fmt: skip
def test_what_is_no_mailbox(text: str) -> None:
    assert not is_mailbox(text)
    assert problem_of(EmailAddress(text)) == "a mailbox such as someone@example.com"


def test_uris() -> None:
    for text in ("https://a.example/", "urn:uuid:0", "http://[::1]/x?y#z", "spiffe://a.example/b", "mailto:a@b"):
        assert is_uri(text)
        assert not problem_of(UniformResourceIdentifier(text))
    for text in ("", "a.example", "//a.example/", "http:", ":x", "1a:x", "http://a b/", "http://ä/", "x:a\n", "x:<y>"):
        assert not is_uri(text)
        assert problem_of(UniformResourceIdentifier(text)) == "a URI that begins with its scheme"


def test_other_kinds_have_their_syntax_from_der() -> None:
    assert not problem_of(IPAddress(bytes(4)))


@given(st.text('a.@"\\ [*-', max_size=10), st.sampled_from(["example", "a.example"]))
def test_one_sign_parts_a_mailbox_unless_it_is_quoted(local: str, host: str) -> None:
    if is_mailbox(f"{local}@{host}") and not local.startswith('"'):
        assert "@" not in local
