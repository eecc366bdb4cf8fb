"""Permissions: which names they cover, what of a request's subject they leave, and that they survive being written."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pki.asn1.der import T61_STRING, UTF8_STRING
from pki.asn1.oids import OIDS
from pki.ca.authority import RequestRefused
from pki.ca.permission import Permission
from pki.fields.extensions import Purpose, SubjectAltName
from pki.fields.general_names import (
    DirectoryName,
    DNSName,
    EmailAddress,
    GeneralName,
    IPAddress,
    UniformResourceIdentifier,
)
from pki.fields.names import Attribute, Name
from primitives.rsa import RSAPrivateKey
from tests.pki.ca.test_authority import request_for
from tests.pki.conftest import ROOT

FACTS: dict[str, Any] = {"purposes": (Purpose.SERVER_AUTH,), "validity": timedelta(days=1)}


def permission(*names: str, excluded: Sequence[str] = (), attributes: Sequence[str] = ()) -> Permission:
    return Permission(names=names, excluded=tuple(excluded), attributes=tuple(attributes), **FACTS)


@pytest.mark.parametrize(
    ("rule", "kept", "broken"),
    [
        (
            "otp.example",
            ["otp.example", "OTP.Example", "otp.example."],
            ["x.otp.example", "example", "otp.example.x", ""],
        ),
        (
            ".example",
            ["a.example", "b.a.example", "*.a.example"],
            [
                "example",
                ".example",
                "*.example",
                "x, CN=a.example",
                "a b.example",
                "..example",
                "*.*.example",
                "aexample",
            ],
        ),
        ("*.example", ["*.example"], ["a.example", "example"]),
        ("192.0.2.1", ["192.0.2.1"], ["192.0.2.2", "192.0.2.10"]),
        ("192.0.2.0/24", ["192.0.2.0", "192.0.2.255"], ["192.0.3.1", "192.0.2.0/24x", "2001:db8::1", "host"]),
        ("2001:DB8:0::/32", ["2001:db8::1"], ["2001:db9::1", "32.1.13.184"]),
        ("Asha Rao", ["asha rao", " Asha Rao "], ["Asha", "Asha  Rao"]),
        ("*", ["a.example", "192.0.2.1", "anything", "*.example"], ["x" * 254]),
    ],
)
def test_rules(rule: str, kept: Sequence[str], broken: Sequence[str]) -> None:
    rules = permission("unrelated.test", rule)
    assert [name for name in kept if not rules.permits(name)] == []
    assert [name for name in broken if rules.permits(name)] == []
    assert not any(permission().permits(name) for name in kept)


def test_what_is_excluded_is_not_given_even_by_a_wildcard_or_another_spelling() -> None:
    rules = permission("*", excluded=["ttp.bank.example", ".secret.example", "192.0.2.1"])
    refused = [
        "ttp.bank.example", "TTP.bank.example", "ttp.bank.example.", "ttp.bank.example ", "ｔｔｐ.bank.example",
        "*.bank.example", "a.secret.example", "*.secret.example", "192.0.2.1",
    ]  # fmt: skip
    assert [name for name in refused if rules.permits(name)] == []
    for name in (
        "bank.example",
        "x.ttp.bank.example",
        "*.ttp.bank.example",
        "secret.example",
        "*.example",
        "192.0.2.2",
    ):
        assert rules.permits(name), name


def test_names_beyond_the_permission_are_refused_and_named(keys: Sequence[RSAPrivateKey]) -> None:
    rules = permission("a.example", "192.0.2.1", excluded=["b.example"])
    cases: list[tuple[Name, GeneralName, str]] = [
        (Name.build(common_name="a.example"), DNSName("evil.example"), "the name DNS:evil.example is not"),
        (Name.build(common_name="evil.example"), DNSName("a.example"), "the name CN=evil.example is not"),
        (Name.build(), IPAddress(bytes([192, 0, 2, 2])), "the name IP:192.0.2.2 is not"),
    ]
    for subject, name, complaint in cases:
        with pytest.raises(RequestRefused, match=complaint) as caught:
            rules.subject_for(request_for(keys[2], SubjectAltName((name,)), subject=subject))
        assert "a.example, 192.0.2.1, but not b.example" in str(caught.value)
    others: tuple[GeneralName, ...] = (
        EmailAddress("a.example"),
        DirectoryName(ROOT),
        UniformResourceIdentifier("spiffe://a.example"),
    )
    for name in others:
        with pytest.raises(RequestRefused, match=f"{name}: only host names and IP addresses are certified here"):
            permission("*").subject_for(request_for(keys[2], SubjectAltName((name,))))
    with pytest.raises(RequestRefused, match=r"those that may be asked for: any, but not b\.example"):
        permission("*", excluded=["b.example"]).subject_for(
            request_for(keys[2], subject=Name.build(common_name="b.example"))
        )
    with pytest.raises(RequestRefused, match="those that may be asked for: none"):
        permission().subject_for(request_for(keys[2], subject=Name.build(common_name="a")))


def test_each_common_name_counts(keys: Sequence[RSAPrivateKey]) -> None:
    """A name may have several common names, in one relative distinguished name or in more, in any string type."""
    good = Attribute(OIDS["commonName"], UTF8_STRING, "a.example")
    for bad in (
        Attribute(OIDS["commonName"], UTF8_STRING, "evil.example"),
        Attribute(OIDS["commonName"], T61_STRING, "evil.example"),
    ):
        for rdns in ([[good, bad]], [[bad], [good]], [[good], [bad]]):
            with pytest.raises(RequestRefused, match=r"evil\.example"):
                permission("a.example").subject_for(request_for(keys[2], subject=Name(rdns)))


def test_attributes_beyond_the_permission_are_left_out(keys: Sequence[RSAPrivateKey]) -> None:
    asked = Name.build(common_name="a.example", country="IN", organization="Anything", locality="Pune")
    rules = permission("a.example", attributes=["countryName", "localityName"])
    left = rules.subject_for(request_for(keys[2], SubjectAltName((DNSName("a.example"),)), subject=asked))
    assert left == Name.build(common_name="a.example", country="IN", locality="Pune")
    assert permission("a.example").subject_for(request_for(keys[2], subject=asked)) == Name.build(
        common_name="a.example"
    )
    unknown = Name([[Attribute("1.2.3", UTF8_STRING, "x"), Attribute(OIDS["commonName"], UTF8_STRING, "a.example")]])
    assert rules.subject_for(request_for(keys[2], subject=unknown)) == Name.build(common_name="a.example")


@pytest.mark.parametrize(
    ("rules", "asked", "certified"),
    [
        (["asha"], "ASHA", "asha"),
        (["asha"], "asha.", "asha"),
        (["asha"], " asha ", "asha"),
        (["asha"], "\uff41\uff53\uff48\uff41", "asha"),  # full width
        (["Asha Rao"], "ASHA RAO", "Asha Rao"),
        (["*", "asha"], "ASHA", "asha"),
        ([".example"], "A.Example.", "a.example"),
        (["2001:DB8::/32"], "2001:DB8::1", "2001:db8::1"),
        (["*"], "Example Bank, Pune", "Example Bank, Pune"),
    ],
)
def test_a_name_is_certified_in_one_spelling(
    rules: Sequence[str], asked: str, certified: str, keys: Sequence[RSAPrivateKey]
) -> None:
    """To those who compare names exactly, such as the bank, another spelling is somebody else."""
    [[attribute]] = permission(*rules).subject_for(request_for(keys[2], subject=Name.build(common_name=asked))).rdns
    assert attribute.text == certified
    for tag in (T61_STRING, UTF8_STRING):
        subject = Name([[Attribute(OIDS["commonName"], tag, "ASHA")]])
        [[attribute]] = permission("asha").subject_for(request_for(keys[2], subject=subject)).rdns
        assert attribute == Attribute(OIDS["commonName"], UTF8_STRING, "asha")


def test_permissions_that_make_no_sense() -> None:
    for rule in ("", ".", " ", "a\n", "\x1b[2J"):
        with pytest.raises(ValueError, match="is not a rule for names"):
            permission(rule)
        with pytest.raises(ValueError, match="is not a rule for names"):
            permission(excluded=[rule])
    for rule in ("192.0.2.1/24", "a/b", "192.0.2.0/33"):
        with pytest.raises(ValueError, match=rule):
            permission(rule)
    for attribute in ("country", "commonName", ""):
        with pytest.raises(ValueError, match="is not a type of attribute"):
            permission(attributes=[attribute])
    for days in (0, -1):
        with pytest.raises(ValueError, match="expected more than nothing"):
            Permission(names=("*",), purposes=(), validity=timedelta(days=days))


rules = st.lists(st.sampled_from(["*", ".example", "a.example", "192.0.2.0/24", "Asha Rao", "ü.example"])).map(tuple)


@given(
    names=rules,
    excluded=rules,
    attributes=st.lists(st.sampled_from(["countryName", "organizationName"])).map(tuple),
    purposes=st.lists(st.sampled_from(Purpose)).map(tuple),
    validity=st.timedeltas(min_value=timedelta(microseconds=1)),
)
def test_what_is_written_is_read(**facts: Any) -> None:
    whole = Permission(**facts)
    assert Permission.from_json(whole.to_json()) == whole


@given(st.text(max_size=300), st.sampled_from(["*", ".example", "192.0.2.0/24", "a.example"]))
def test_any_text_gets_an_answer(name: str, rule: str) -> None:
    assert permission(rule).permits(name) in (True, False)
    assert not permission("*", excluded=["*"]).permits(name)
