"""The profiles: each rule with a chain that keeps it and chains that break it, and what the others say of these.

Many cases are of the kinds that x509-limbo has (C2SP, Apache 2.0), made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from pki.asn1.der_writer import bit_string, encoded, sequence
from pki.crl import CertificateRevocationList, RevokedCertificate
from pki.fields.access import AccessDescription, AuthorityInfoAccess, SubjectInfoAccess
from pki.fields.crl_extensions import CRLNumber
from pki.fields.distribution_points import DistributionPoint, DistributionPointName, FreshestCRL
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Purpose,
    SubjectAltName,
    SubjectKeyIdentifier,
    Usage,
)
from pki.fields.general_names import DirectoryName, DNSName, EmailAddress, IPAddress, UniformResourceIdentifier
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.fields.names import Name
from pki.fields.policy_extensions import InhibitAnyPolicy, PolicyConstraints
from pki.path.profiles import Profile
from pki.path.web_profile import PRECERTIFICATE_SIGNING
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, Signer
from pki.verify import CertificateError, Reason, VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.ec import P256, ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from tests.pki.conftest import DAY, INTERMEDIATE, NOW, ROOT, BuildCertificate

PATH, RFC5280, WEB = Profile
HOST = SubjectAltName((DNSName("leaf.example"),))
SERVER = Name.build(common_name="leaf.example")
HERE = UniformResourceIdentifier("http://ca.example/ca.crl")
CA_USAGE = KeyUsage(frozenset((Usage.KEY_CERT_SIGN, Usage.CRL_SIGN)))
EMPTY = Name(())


@dataclass
class Changes:
    """How one certificate differs from one that every profile takes.

    plus: extensions in place of those of the same class, or besides. minus: the classes of those that are left out.
    """

    plus: Iterable[Extension] = ()
    minus: tuple[type, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)

    def apply(self, plain: Iterable[Extension]) -> list[Extension]:
        plus = list(self.plus)
        gone = (*self.minus, *map(type, plus))
        return [extension for extension in plain if not isinstance(extension, gone)] + plus


class Chains:
    """Makes chains of a root, an intermediate authority and a server's leaf that differ in one thing from good ones."""

    def __init__(self, keys: tuple[RSAPrivateKey, ...], certificate: BuildCertificate) -> None:
        self.keys, self.certificate = keys, certificate

    def make(
        self, root: Changes = Changes(), sub: Changes = Changes(), leaf: Changes = Changes()
    ) -> tuple[Certificate, Certificate, Certificate]:
        top: list[Extension] = [BasicConstraints(ca=True), CA_USAGE, SubjectKeyIdentifier(b"root")]
        middle = [*top[:2], SubjectKeyIdentifier(b"sub"), AuthorityKeyIdentifier(b"root")]
        last: list[Extension] = [
            KeyUsage(frozenset((Usage.DIGITAL_SIGNATURE,))),
            SubjectKeyIdentifier(b"leaf"),
            AuthorityKeyIdentifier(b"sub"),
            ExtendedKeyUsage((Purpose.SERVER_AUTH,)),
            HOST,
        ]
        first: dict[str, Any] = {"issuer": ROOT, "subject": ROOT, "public_key": self.keys[0].public_key} | root.fields
        second: dict[str, Any] = {"issuer": first["subject"], "subject": INTERMEDIATE} | sub.fields
        third: dict[str, Any] = {"issuer": second["subject"], "subject": SERVER} | leaf.fields
        return (
            self.certificate(*leaf.apply(last), signing_key=self.keys[1], **third),
            self.certificate(*sub.apply(middle), public_key=self.keys[1].public_key, **second),
            self.certificate(*root.apply(top), **first),
        )


@pytest.fixture(scope="session")
def chains(keys: tuple[RSAPrivateKey, ...], certificate: BuildCertificate) -> Chains:
    return Chains(keys, certificate)


def verify(chain: tuple[Certificate, ...], profile: Profile, **arguments: Any) -> VerifiedChain:
    leaf, *others = chain
    plain: dict[str, Any] = {"intermediates": others[:-1], "roots": others[-1:] or [leaf], "at": NOW}
    return verify_chain(leaf, profile=profile, **plain | arguments)


def refused(chain: tuple[Certificate, ...], profile: Profile, **arguments: Any) -> CertificateError:
    with pytest.raises(CertificateError) as caught:
        verify(chain, profile, **arguments)
    assert caught.value.message.isprintable()
    return caught.value


def critical(extension: Any) -> Any:
    return type(extension)(**{name: getattr(extension, name) for name in extension.__slots__} | {"critical": True})


def plain(extension: Any) -> Any:
    return type(extension)(**{name: getattr(extension, name) for name in extension.__slots__} | {"critical": False})


AIA = AuthorityInfoAccess((AccessDescription("1.3.6.1.5.5.7.48.2", HERE),))
SIA = SubjectInfoAccess((AccessDescription("1.3.6.1.5.5.7.48.5", HERE),))
FRESHEST = FreshestCRL((DistributionPoint(DistributionPointName((HERE,))),))
CONSTRAINTS = NameConstraints((GeneralSubtree(DNSName("example")),))

# What breaks a rule of RFC 5280 §4: where, how, and which reason and words follow.
BROKEN_RFC5280: list[tuple[str, Changes, Reason, str]] = [
    ("leaf", Changes(fields={"serial_number": 0}), Reason.BAD_SERIAL_NUMBER, "its serial number is 0"),
    ("leaf", Changes(fields={"serial_number": -5}), Reason.BAD_SERIAL_NUMBER, "expected a positive one"),
    ("root", Changes(fields={"serial_number": -5}), Reason.BAD_SERIAL_NUMBER, "expected a positive one"),
    ("sub", Changes(fields={"subject": EMPTY}), Reason.EMPTY_NAME, "expected the name of the authority"),
    ("root", Changes(fields={"issuer": EMPTY}), Reason.EMPTY_NAME, "the name of its issuer is empty"),
    ("leaf", Changes(fields={"subject": EMPTY}), Reason.WRONG_CRITICALITY, "subjectAltName is not critical"),
    ("leaf", Changes(minus=(SubjectAltName,), fields={"subject": EMPTY}), Reason.MISSING_EXTENSION, "subject is empty"),
    ("root", Changes([AuthorityKeyIdentifier(b"root", critical=True)]), Reason.WRONG_CRITICALITY, "authorityKeyIdent"),
    ("leaf", Changes([AuthorityKeyIdentifier(b"sub", critical=True)]), Reason.WRONG_CRITICALITY, "authorityKeyIdentif"),
    ("root", Changes([SubjectKeyIdentifier(b"root", critical=True)]), Reason.WRONG_CRITICALITY, "subjectKeyIdentifier"),
    ("leaf", Changes([critical(AIA)]), Reason.WRONG_CRITICALITY, "is critical, expected it to be not"),
    ("sub", Changes([critical(SIA)]), Reason.WRONG_CRITICALITY, "subjectInfoAccess"),
    ("leaf", Changes([critical(FRESHEST)]), Reason.WRONG_CRITICALITY, "freshestCRL"),
    ("sub", Changes([PolicyConstraints(3, None, critical=False)]), Reason.WRONG_CRITICALITY, "policyConstraints"),
    ("sub", Changes([InhibitAnyPolicy(1, critical=False)]), Reason.WRONG_CRITICALITY, "inhibitAnyPolicy is not"),
    ("root", Changes([plain(CONSTRAINTS)]), Reason.WRONG_CRITICALITY, "nameConstraints is not critical"),
    ("leaf", Changes(minus=(AuthorityKeyIdentifier,)), Reason.MISSING_EXTENSION, "does not say whose key"),
    ("sub", Changes(minus=(AuthorityKeyIdentifier,)), Reason.MISSING_EXTENSION, "does not say whose key"),
    ("leaf", Changes([AuthorityKeyIdentifier(None, (DirectoryName(ROOT),), 7)]), Reason.MISSING_EXTENSION, "whose key"),
    ("root", Changes(fields={"issuer": INTERMEDIATE}), Reason.MISSING_EXTENSION, "whose key"),  # signed across
    ("root", Changes(minus=(SubjectKeyIdentifier,)), Reason.MISSING_EXTENSION, "expected a subjectKeyIdentifier"),
    ("sub", Changes(minus=(SubjectKeyIdentifier,)), Reason.MISSING_EXTENSION, "expected a subjectKeyIdentifier"),
    ("leaf", Changes([CA_USAGE]), Reason.FORBIDDEN_EXTENSION, "expected no keyCertSign"),
    ("leaf", Changes([CA_USAGE, BasicConstraints(ca=False)]), Reason.FORBIDDEN_EXTENSION, "expected no keyCertSign"),
    ("root", Changes([BasicConstraints(ca=True, critical=False)]), Reason.WRONG_CRITICALITY, "to be in a root"),
    ("leaf", Changes([BasicConstraints(ca=False, path_length=0)]), Reason.FORBIDDEN_EXTENSION, "have a path length"),
    ("leaf", Changes([CONSTRAINTS]), Reason.FORBIDDEN_EXTENSION, "authorities only"),
    ("leaf", Changes([plain(CONSTRAINTS)]), Reason.FORBIDDEN_EXTENSION, "authorities only"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "changes", "reason", "words"), BROKEN_RFC5280)
def test_what_rfc_5280_forbids(where: str, changes: Changes, reason: Reason, words: str, chains: Chains) -> None:
    chain = chains.make(**{where: changes})
    error = refused(chain, RFC5280)
    wrong = chain[("leaf", "sub", "root").index(where)]
    if changes.fields.get("subject") == EMPTY and where == "sub":
        assert error.reason is reason
    found = [(one.profile, one.reason, one.certificate) for one in verify(chain, PATH).objections(RFC5280)]
    assert (RFC5280, reason, wrong) in found
    assert (error.reason, error.certificate) in [(one[1], one[2]) for one in found]
    assert any(words in one.message for one in verify(chain, PATH).objections(RFC5280))
    assert error.accepted_under is PATH
    assert error.message.endswith("; under the profile PATH the chain holds")


# What breaks a rule of the Web alone: RFC 5280 takes it.
BROKEN_WEB: list[tuple[str, Changes, Reason, str]] = [
    ("root", Changes([AuthorityKeyIdentifier(None)]), Reason.MISSING_EXTENSION, "without a keyIdentifier"),
    ("root", Changes([AuthorityKeyIdentifier(b"root", (DirectoryName(ROOT),))]), Reason.FORBIDDEN_EXTENSION, "alone"),
    ("root", Changes([AuthorityKeyIdentifier(b"root", (), 7)]), Reason.FORBIDDEN_EXTENSION, "alone in a root"),
    ("root", Changes([AuthorityKeyIdentifier(b"other")]), Reason.FORBIDDEN_EXTENSION, "differs from its subjectKeyId"),
    ("root", Changes([ExtendedKeyUsage((Purpose.SERVER_AUTH,))]), Reason.FORBIDDEN_EXTENSION, "none in a root"),
    ("leaf", Changes([BasicConstraints(ca=True)]), Reason.UNEXPECTED_AUTHORITY, "in the place of a server"),
    ("leaf", Changes(minus=(ExtendedKeyUsage,)), Reason.MISSING_EXTENSION, "it has no extKeyUsage"),
    ("leaf", Changes([ExtendedKeyUsage((Purpose.SERVER_AUTH,), critical=True)]), Reason.WRONG_CRITICALITY, "its ext"),
    ("leaf", Changes([ExtendedKeyUsage((Purpose.CLIENT_AUTH,))]), Reason.FORBIDDEN_PURPOSE, "expected serverAuth"),
    ("leaf", Changes([critical(HOST)]), Reason.WRONG_CRITICALITY, "critical beside a subject"),
    ("leaf", Changes(minus=(SubjectAltName,)), Reason.MISSING_EXTENSION, "it has no subjectAltName"),
    ("leaf", Changes([SubjectAltName((*HOST.names, EmailAddress("a@b")))]), Reason.FORBIDDEN_EXTENSION, "email"),
    ("leaf", Changes(fields={"public_key": Ed25519PrivateKey(bytes(32)).public_key}), Reason.FORBIDDEN_KEY, "P-256"),
    *(
        ("leaf", Changes([ExtendedKeyUsage((Purpose.SERVER_AUTH, purpose))]), Reason.FORBIDDEN_PURPOSE, "expected not")
        for purpose in (
            Purpose.ANY, Purpose.CODE_SIGNING, Purpose.EMAIL_PROTECTION, Purpose.TIME_STAMPING, Purpose.OCSP_SIGNING,
            PRECERTIFICATE_SIGNING,
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("where", "changes", "reason", "words"), BROKEN_WEB)
def test_what_the_web_forbids(where: str, changes: Changes, reason: Reason, words: str, chains: Chains) -> None:
    chain = chains.make(**{where: changes})
    error = refused(chain, WEB)
    assert (error.reason, error.certificate) == (reason, chain[("leaf", "sub", "root").index(where)])
    assert words in error.message
    assert error.message.endswith("; under the profile RFC5280 the chain holds")
    assert error.accepted_under is RFC5280
    assert not verify(chain, RFC5280).objections(RFC5280)
    assert [one.profile for one in verify(chain, RFC5280).objections(WEB)] == [WEB]


KEPT: list[tuple[Profile, dict[str, Changes]]] = [
    (WEB, {}),
    (WEB, {"root": Changes([AuthorityKeyIdentifier(b"root")])}),
    (WEB, {"root": Changes(fields={"serial_number": 0})}),
    (WEB, {"sub": Changes([BasicConstraints(ca=True, critical=False)])}),  # PKITS 4.6.4
    (WEB, {"sub": Changes([PolicyConstraints(9, None)])}),
    (WEB, {"sub": Changes([InhibitAnyPolicy(1), SIA, AIA])}),
    (WEB, {"sub": Changes([CONSTRAINTS])}),
    (WEB, {"sub": Changes([plain(CONSTRAINTS)])}),  # CABF BR §7.1.2.5.2
    (WEB, {"leaf": Changes([critical(HOST)], fields={"subject": EMPTY})}),
    (WEB, {"leaf": Changes([AIA, FRESHEST, BasicConstraints(ca=False)])}),
    (WEB, {"leaf": Changes(minus=(KeyUsage, SubjectKeyIdentifier))}),
    (WEB, {"leaf": Changes([ExtendedKeyUsage((Purpose.SERVER_AUTH, Purpose.CLIENT_AUTH))])}),
    (WEB, {"leaf": Changes(fields={"public_key": ECPrivateKey(P256, 5).public_key})}),
    (RFC5280, {"leaf": Changes([BasicConstraints(ca=True), CA_USAGE])}),
    (RFC5280, {"leaf": Changes(minus=(ExtendedKeyUsage,))}),
]


@pytest.mark.parametrize(("profile", "changes"), KEPT)
def test_what_is_taken(profile: Profile, changes: dict[str, Changes], chains: Chains) -> None:
    chain = chains.make(**changes)
    held = verify(chain, profile)
    assert tuple(held) == chain
    assert not [one for one in held.objections(profile) if one.message.count("nameConstraints") == 0]


def test_every_rule_is_in_the_tree_with_its_section(chains: Chains) -> None:
    leaf, sub, root = chains.make(
        root=Changes([AuthorityKeyIdentifier(b"root")]), sub=Changes([CONSTRAINTS]), leaf=Changes([AIA])
    )
    numbers = {
        profile: {check.section for check in verify((leaf, sub, root), profile).checks if check.section[:4] != "RFC "}
        for profile in Profile
    }
    assert numbers[PATH] == numbers[RFC5280] == {"SP 800-131A §3"}
    assert numbers[WEB] - numbers[PATH] == {
        f"CABF BR §{number}"
        for number in ("6.1.5", "7.1.1", "7.1.2.1.2", "7.1.2.1.3", "7.1.2.7.8", "7.1.2.7.10", "7.1.2.7.12", "7.1.4.3")
    }
    ours = {check.section for check in verify((leaf, sub, root), RFC5280).checks}
    theirs = {check.section for check in verify((leaf, sub, root), PATH).checks}
    assert ours - theirs == {
        f"RFC 5280 §{number}"
        for number in ("4.1.1.2", "4.1.2.2", "4.1.2.4", "4.1.2.6", "4.2.1.1", "4.2.1.2", "4.2.1.3", "4.2.1.9",
                       "4.2.1.10", "4.2.2.1")
    }  # fmt: skip
    error = refused(chains.make(leaf=Changes(minus=(AuthorityKeyIdentifier,))), RFC5280)
    assert error.checks_by_certificate[0][-1].section == "RFC 5280 §4.2.1.2"  # up to the rule that was broken


def test_a_root_whose_algorithms_differ(keys: tuple[RSAPrivateKey, ...], chains: Chains) -> None:
    leaf, sub, root = chains.make()
    other = RSA_PKCS1_SHA384.element("signatureAlgorithm")
    changed = Certificate.from_der(
        sequence("c", encoded("tbs", root.tbs), other, bit_string("signature", root.signature)).encoding
    )
    assert verify((leaf, sub, changed), PATH)
    assert refused((leaf, sub, changed), RFC5280).reason is Reason.ALGORITHM_MISMATCH


@pytest.mark.parametrize("bits", [2047, 2049, 2052, 3071])
def test_the_web_takes_rsa_of_whole_octets(bits: int, chains: Chains) -> None:
    key = RSAPublicKey((1 << bits - 1) + 1, 65537)
    chain = chains.make(leaf=Changes(fields={"public_key": key}))
    error = refused(chain, WEB, minimum_rsa_bits=2000)
    assert error.reason is Reason.FORBIDDEN_KEY
    assert "expected 2048 or more, a multiple of 8" in error.message
    chain = chains.make(leaf=Changes(fields={"public_key": RSAPublicKey((1 << 3071) + 1, 65537)}))
    assert verify(chain, WEB)


def test_the_web_takes_version_3_only(chains: Chains) -> None:
    """A root of version 1 has no extensions, and is an authority for PATH alone."""
    leaf, sub, root = chains.make()
    old = replace(root, version=1, extensions=())
    assert verify((leaf, sub, old), PATH)
    assert Reason.BAD_VERSION in {one.reason for one in verify((leaf, sub, old), PATH).objections(WEB)}


@pytest.mark.parametrize(
    ("common_name", "names", "is_right"),
    [
        ("leaf.example", [DNSName("leaf.example")], True),
        ("example.com", [DNSName("*.example.com")], True),
        ("example.com", [IPAddress(bytes([127, 0, 0, 1]))], True),
        ("192.0.2.1", [DNSName("leaf.example")], True),
        ("A Server", [DNSName("leaf.example")], True),
        ("2001:db8::1", [IPAddress(bytes.fromhex("20010db8" + 22 * "0" + "01"))], True),
        ("192.168.1.1", [IPAddress(bytes([192, 168, 1, 1]))], True),
        ("Leaf.Example", [DNSName("leaf.example")], False),
        ("LOCALHOST", [DNSName("localhost")], False),
        ("leaf.example.", [DNSName("leaf.example")], False),
        ("other.example", [DNSName("leaf.example"), DNSName("another.example")], False),
        ("xn--nxasmq6b.com", [DNSName("xn--n3h.com")], False),
        ("test-測試.com", [DNSName("xn--test--wg5h0h.com")], False),
        ("0xC0A80101", [IPAddress(bytes([192, 168, 1, 1]))], False),
        ("3232235777", [IPAddress(bytes([192, 168, 1, 1]))], False),
        ("192.168.001.001", [IPAddress(bytes([192, 168, 1, 1]))], False),
        ("0300.0250.1.1", [IPAddress(bytes([192, 168, 1, 1]))], False),
        ("2001:DB8::1", [IPAddress(bytes.fromhex("20010db8" + 22 * "0" + "01"))], False),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", [IPAddress(bytes.fromhex("20010db8" + 22 * "0" + "01"))], False),
        ("2001:db8:0:0:1:0:0:1", [IPAddress(bytes.fromhex("20010db8000000000001000000000001"))], False),
    ],
)
def test_a_name_in_the_common_name_is_spelt_as_in_subject_alt_name(
    common_name: str, names: list[Any], is_right: bool, chains: Chains
) -> None:
    subject = Name.build(common_name=common_name)
    chain = chains.make(leaf=Changes([SubjectAltName(tuple(names))], fields={"subject": subject}))
    assert verify(chain, RFC5280)
    if is_right:
        assert verify(chain, WEB)
    else:
        error = refused(chain, WEB)
        assert error.reason is Reason.BAD_COMMON_NAME
        assert f"its common name is {common_name!r}" in error.message


# --- Lists.


MakeList = Callable[..., CertificateRevocationList]


@pytest.fixture
def make_list(keys: tuple[RSAPrivateKey, ...]) -> MakeList:
    def make(*extensions: Extension, issuer: Name, key: int, entries: Any = ()) -> CertificateRevocationList:
        return CertificateRevocationList.build(
            issuer=issuer,
            this_update=NOW - DAY,
            next_update=NOW + DAY,
            entries=entries,
            extensions=extensions,
            signer=Signer(keys[key], RSA_PKCS1_SHA256),
        )

    return make


@pytest.mark.parametrize("wrong", [[AuthorityKeyIdentifier(b"sub")], [CRLNumber(1, critical=True)]])
def test_lists_are_numbered(wrong: list[Extension], chains: Chains, make_list: MakeList) -> None:
    chain = chains.make()
    of_root = make_list(CRLNumber(1), issuer=ROOT, key=0)
    right, bad = make_list(CRLNumber(1), issuer=INTERMEDIATE, key=1), make_list(*wrong, issuer=INTERMEDIATE, key=1)
    for profile in (RFC5280, WEB):
        held = verify(chain, profile, crls=[of_root, right], require_revocation_status=True)
        assert ("CRL numbers", "there, and not critical", "RFC 5280 §5.2.3") in held.checks
        error = refused(chain, profile, crls=[of_root, bad], require_revocation_status=True)
        assert (error.reason, error.accepted_under) == (Reason.REVOCATION_UNKNOWN, PATH)
        assert "1 of the lists have no cRLNumber that is not critical" in error.message
    assert verify(chain, PATH, crls=[of_root, bad], require_revocation_status=True)
    revoked = make_list(*wrong, issuer=INTERMEDIATE, key=1, entries=[RevokedCertificate.build(7, NOW - DAY)])
    for profile in Profile:  # what it says against a certificate counts
        error = refused(chain, profile, crls=[of_root, revoked])
        assert (error.reason, error.accepted_under) == (Reason.REVOKED, None)


# --- The depth, and which profile is named.


def test_the_depth(chains: Chains, keys: tuple[RSAPrivateKey, ...], certificate: BuildCertificate) -> None:
    leaf, sub, root = chains.make()
    assert verify((leaf, sub, root), PATH, max_depth=1)
    assert verify((leaf, root), PATH, roots=[sub], max_depth=0)
    error = refused((leaf, sub, root), PATH, max_depth=0)
    assert (error.reason, error.certificate) == (Reason.PATH_TOO_LONG, sub)
    assert "the depth that was asked for" in error.message
    again = certificate(BasicConstraints(ca=True), subject=INTERMEDIATE, issuer=INTERMEDIATE, signing_key=keys[1])
    below = certificate(HOST, issuer=INTERMEDIATE, signing_key=keys[2])
    chain = verify_chain(below, intermediates=[again, sub], roots=[root], at=NOW, max_depth=1)
    assert chain == (below, again, sub, root)  # a self-issued authority does not count
    with pytest.raises(ValueError, match="a depth of -1, expected 0 or more"):
        verify((leaf, sub, root), PATH, max_depth=-1)


def test_no_profile_is_named_that_would_refuse_as_well(chains: Chains) -> None:
    chain = chains.make(leaf=Changes(minus=(AuthorityKeyIdentifier, ExtendedKeyUsage)))
    error = refused(chain, WEB, at=NOW + 2 * DAY)
    assert (error.reason, error.accepted_under) == (Reason.EXPIRED, None)
    assert "profile" not in error.message
    assert refused(chain, WEB).accepted_under is PATH
    both = {(one.profile, one.reason) for one in verify(chain, PATH).objections(WEB)}
    assert both == {(RFC5280, Reason.MISSING_EXTENSION), (WEB, Reason.MISSING_EXTENSION)}
    assert [one.profile for one in verify(chain, PATH).objections(RFC5280)] == [RFC5280]
    assert not verify(chain, PATH).objections(PATH)


def test_a_root_that_is_shown_itself_is_a_leaf_too(chains: Chains) -> None:
    *_, root = chains.make()
    assert verify((root,), RFC5280) == (root,)
    assert refused((root,), WEB).reason is Reason.UNEXPECTED_AUTHORITY
    assert NOW.microsecond == 0
    assert verify((root,), RFC5280, at=NOW + timedelta(microseconds=1)) == (root,)
