"""Name constraints: which names are inside of which subtrees, and what follows for a chain."""

from collections.abc import Sequence
from typing import Any

import pytest

from pki.asn1.der import IA5_STRING, context
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority
from pki.fields.extensions import BasicConstraints, SubjectAltName
from pki.fields.general_names import (
    DirectoryName,
    DNSName,
    EmailAddress,
    GeneralName,
    IPAddress,
    OpaqueName,
    OtherName,
    RegisteredID,
    UniformResourceIdentifier,
)
from pki.fields.name_constraints import Base, GeneralSubtree, IPRange, NameConstraints
from pki.fields.names import Attribute, Name
from pki.path.budget import LIMITS, Budget, Work
from pki.path.initial_inputs import InitialInputs
from pki.path.name_constraints import ConstrainedNames
from pki.verify import CertificateError, Reason, verify_chain
from pki.x509 import Certificate
from primitives.rsa import RSAPrivateKey
from tests.pki.conftest import INTERMEDIATE, LEAF, NOW, ROOT, BuildCertificate

CA = BasicConstraints(ca=True)
HERE = Name.build(organization="EXAMPLE")  # above LEAF, in another case
URI = UniformResourceIdentifier


def refused(leaf: Certificate, root: Authority, **arguments: Any) -> CertificateError:
    with pytest.raises(CertificateError) as caught:
        verify_chain(leaf, roots=[root.certificate], at=NOW, **arguments)
    return caught.value


def either(base: Base) -> tuple[InitialInputs, InitialInputs]:
    """Inputs that permit names in this subtree only, and inputs that exclude it."""
    subtrees = [GeneralSubtree(base)]
    return InitialInputs(initial_permitted_subtrees=subtrees), InitialInputs(initial_excluded_subtrees=subtrees)


INSIDE: list[tuple[Base, GeneralName]] = [
    (DNSName("example.com"), DNSName("example.com")),
    (DNSName("example.com"), DNSName("a.b.Example.COM")),
    (DNSName("Example.com"), DNSName("*.example.com")),
    (DNSName(""), DNSName("anything.example")),
    (EmailAddress("example.com"), EmailAddress("someone@Example.com")),
    (EmailAddress(".example.com"), EmailAddress("someone@mail.example.com")),
    (EmailAddress("someone@example.com"), EmailAddress("someone@EXAMPLE.com")),
    (URI("example.com"), URI("https://example.com:443/path")),
    (URI(".example.com"), URI("ldap://user@www.example.com/x")),
    (URI("example.com"), URI("https://a@b:c@EXAMPLE.com.:443?x")),
    (IPRange(bytes([10, 0, 0, 0]), 8), IPAddress(bytes([10, 9, 8, 7]))),
    (IPRange(bytes(16), 0), IPAddress(bytes(range(16)))),
    (DirectoryName(HERE), DirectoryName(Name.build(organization="Example", common_name="x"))),
    (DirectoryName(Name(())), DirectoryName(LEAF)),
]
OUTSIDE: list[tuple[Base, GeneralName]] = [
    (DNSName("example.com"), DNSName("example.org")),
    (DNSName("example.com"), DNSName("badexample.com")),
    (EmailAddress("example.com"), EmailAddress("someone@mail.example.com")),
    (EmailAddress(".example.com"), EmailAddress("someone@example.com")),
    (EmailAddress("someone@example.com"), EmailAddress("Someone@example.com")),
    (EmailAddress("someone@example.com"), EmailAddress("someone@example.org")),
    (URI("example.com"), URI("https://www.example.com/")),
    (URI(".example.com"), URI("https://example.com/")),
    (URI("example.com"), URI("https://example.com@example.org/")),
    (URI("example.com"), URI("https://example.org?@example.com/")),
    (IPRange(bytes([10, 0, 0, 0]), 8), IPAddress(bytes([11, 0, 0, 0]))),
    (IPRange(bytes([10, 0, 0, 0]), 8), IPAddress(bytes(16))),
    (DirectoryName(Name.build(organization="Other")), DirectoryName(LEAF)),
    (DirectoryName(LEAF), DirectoryName(HERE)),
]


@pytest.mark.parametrize(("base", "name"), INSIDE, ids=str)
def test_names_inside(base: Base, name: GeneralName, root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((name,)))
    also = () if isinstance(base, DirectoryName) else (GeneralSubtree(DirectoryName(Name(()))),)
    chain = verify_chain(
        leaf,
        roots=[root.certificate],
        at=NOW,
        initial=InitialInputs(initial_permitted_subtrees=(GeneralSubtree(base), *also)),
    )
    assert ("names", "all 2 are allowed", "RFC 5280 §6.1.3 (b), (c)") in chain.checks
    error = refused(leaf, root, initial=InitialInputs(initial_excluded_subtrees=[GeneralSubtree(base)]))
    assert error.reason is Reason.NAME_EXCLUDED
    assert str(base) in error.message


@pytest.mark.parametrize(("base", "name"), OUTSIDE, ids=str)
def test_names_outside(base: Base, name: GeneralName, root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((name,)))
    error = refused(leaf, root, initial=InitialInputs(initial_permitted_subtrees=[GeneralSubtree(base)]))
    assert error.reason is Reason.NAME_NOT_PERMITTED
    if not (isinstance(base, DirectoryName) and base.name == LEAF):  # which the subject is in
        assert verify_chain(
            leaf,
            roots=[root.certificate],
            at=NOW,
            initial=InitialInputs(initial_excluded_subtrees=[GeneralSubtree(base)]),
        )


def test_names_of_other_kinds_do_not_matter(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((DNSName("a.example"), IPAddress(bytes(4)))))
    permitted = [
        GeneralSubtree(EmailAddress("b.example")),
        GeneralSubtree(URI("b.example")),
        GeneralSubtree(DNSName("a.example")),
    ]
    assert verify_chain(
        leaf, roots=[root.certificate], at=NOW, initial=InitialInputs(initial_permitted_subtrees=permitted)
    )


def test_a_wildcard_may_not_stand_for_an_excluded_host(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((DNSName("*.example.com"),)))
    excluded = InitialInputs(initial_excluded_subtrees=[GeneralSubtree(DNSName("secret.example.com"))])
    assert refused(leaf, root, initial=excluded).reason is Reason.NAME_EXCLUDED
    for base in ("a.secret.example.com", "secret.example.org"):
        assert verify_chain(
            leaf,
            roots=[root.certificate],
            at=NOW,
            initial=InitialInputs(initial_excluded_subtrees=[GeneralSubtree(DNSName(base))]),
        )


@pytest.mark.parametrize(
    "uri",
    [
        "mailto:a@example.com",
        "https://10.0.0.1/",
        "https://[::1]/",
        "urn:x",
        "http://[x/",
        "http://example.com]/",
    ],
)
def test_a_uri_without_a_host_name_is_refused(uri: str, root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((URI(uri),)))
    for initial in either(URI("example.com")):
        error = refused(leaf, root, initial=initial)
        assert error.reason is Reason.NAME_NOT_PERMITTED
        assert "has no host name" in error.message


def test_mailboxes_in_the_subject_count(root: Authority, certificate: BuildCertificate) -> None:
    mailbox = Attribute(OIDS["emailAddress"], IA5_STRING, "someone@example.com")
    leaf = certificate(CA, subject=Name([*LEAF.rdns, [mailbox]]))
    assert verify_chain(
        leaf,
        roots=[root.certificate],
        at=NOW,
        initial=InitialInputs(initial_permitted_subtrees=[GeneralSubtree(EmailAddress("example.com"))]),
    )
    for other in ("example.org", "other@example.com"):
        error = refused(
            leaf, root, initial=InitialInputs(initial_permitted_subtrees=[GeneralSubtree(EmailAddress(other))])
        )
        assert error.reason is Reason.NAME_NOT_PERMITTED


@pytest.mark.parametrize(
    "name", [RegisteredID("1.2.3"), OtherName("1.2.3", b"\5\0"), OpaqueName(context(3, constructed=True), b"")]
)
def test_kinds_that_are_not_understood(name: GeneralName, root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((name,)))
    for initial in either(name):
        assert refused(leaf, root, initial=initial).reason is Reason.UNSUPPORTED_CONSTRAINT
    assert verify_chain(
        leaf,
        roots=[root.certificate],
        at=NOW,
        initial=InitialInputs(initial_excluded_subtrees=[GeneralSubtree(DNSName("x"))]),
    )


@pytest.mark.parametrize(
    ("base", "name"),
    [
        (DNSName("*.example.com"), DNSName("a.example.com")),
        (DNSName(".example.com"), DNSName("a.example.com")),  # a form for URIs and mailboxes only
        (DNSName("example.com."), DNSName("example.com")),
        (DNSName("exa mple.com"), DNSName("other.example")),
        (DNSName("foo..example.com"), DNSName("other.example")),
        (DNSName("foo_.example.com"), DNSName("other.example")),
        (EmailAddress("a@b@example.com"), EmailAddress("b@example.com")),
        (EmailAddress("@example.com"), EmailAddress("b@example.com")),
        (EmailAddress(""), EmailAddress("b@example.com")),
        (EmailAddress("..example.com"), EmailAddress("b@a.example.com")),
        (URI("https://example.com"), URI("https://example.com/")),
        (URI("*.example.com"), URI("https://a.example.com/")),
        (URI(""), URI("https://example.com/")),
    ],
    ids=repr,
)
def test_a_malformed_constraint_lets_no_name_of_its_kind_pass(
    base: Base, name: GeneralName, root: Authority, certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]
) -> None:
    leaf, subtrees = certificate(SubjectAltName((name,))), (GeneralSubtree(base),)
    top: dict[str, Any] = {"subject": ROOT, "public_key": keys[0].public_key}
    for constraints in (NameConstraints((), subtrees), NameConstraints(subtrees)):
        with pytest.raises(CertificateError) as caught:
            verify_chain(leaf, roots=[certificate(CA, constraints, **top)], at=NOW)
        assert (caught.value.reason, caught.value.certificate) == (Reason.UNSUPPORTED_CONSTRAINT, leaf)
        assert "which is not a" in caught.value.message
        other = certificate(SubjectAltName((IPAddress(bytes(4)),)))
        assert verify_chain(other, roots=[certificate(CA, constraints, **top)], at=NOW)


def test_a_malformed_mailbox_in_the_subject_is_below_no_constraint(
    root: Authority, certificate: BuildCertificate
) -> None:
    mailbox = Attribute(OIDS["emailAddress"], IA5_STRING, "a@b@example.com")
    leaf = certificate(CA, subject=Name([*LEAF.rdns, [mailbox]]))
    for initial in either(EmailAddress("b@example.com")):
        error = refused(leaf, root, initial=initial)
        assert error.reason is Reason.MALFORMED_NAME
        assert "email:a@b@example.com is not a mailbox" in error.message
    assert verify_chain(leaf, roots=[root.certificate], at=NOW)


def test_bounds_of_subtrees_are_not_understood(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName((DNSName("a.example"),)))
    for subtree in (GeneralSubtree(DNSName("example"), minimum=1), GeneralSubtree(DNSName("example"), maximum=1)):
        error = refused(leaf, root, initial=InitialInputs(initial_permitted_subtrees=[subtree]))
        assert error.reason is Reason.UNSUPPORTED_CONSTRAINT


def test_every_authority_constrains_and_none_widens(
    certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]
) -> None:
    below = {"subject": INTERMEDIATE, "public_key": keys[1].public_key}
    under: dict[str, Any] = {"issuer": INTERMEDIATE, "signing_key": keys[1]}

    def only(*hosts: str) -> NameConstraints:
        return NameConstraints(tuple(GeneralSubtree(DNSName(host)) for host in hosts))

    root_name: dict[str, Any] = {"public_key": keys[0].public_key, "subject": Name.build(common_name="R")}
    root = certificate(CA, only("example"), issuer=root_name["subject"], **root_name)
    from_root = {"issuer": root_name["subject"]}
    sub = certificate(CA, only("a.example", "b.example", "other"), **below, **from_root)
    for host, fine in (("x.a.example", True), ("b.example", True), ("c.example", False), ("x.other", False)):
        leaf = certificate(SubjectAltName((DNSName(host),)), **under)
        if fine:
            chain = verify_chain(leaf, intermediates=[sub], roots=[root], at=NOW)
            outcome = "permitted: DNS:a.example, DNS:b.example, DNS:other"
            assert ("name constraints", outcome, "RFC 5280 §6.1.4 (g)") in chain.checks_by_certificate[1]
            continue
        with pytest.raises(CertificateError) as caught:
            verify_chain(leaf, intermediates=[sub], roots=[root], at=NOW)
        assert caught.value.reason is Reason.NAME_NOT_PERMITTED
        assert caught.value.certificate == leaf


def test_the_work_is_bounded_over_all_chains(
    certificate: BuildCertificate, keys: Sequence[RSAPrivateKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten ways lead from the leaf to the root, and on each of them its names are below the same constraints."""
    names, subtrees = 100, 100
    constraints = NameConstraints((), tuple(GeneralSubtree(DNSName(f"{i}.other")) for i in range(subtrees)))
    root = certificate(CA, constraints, public_key=keys[0].public_key, subject=ROOT)
    below: dict[str, Any] = {"subject": INTERMEDIATE, "public_key": keys[1].public_key}
    ways = [certificate(CA, serial_number=i, **below) for i in range(1, 11)]
    hosts = SubjectAltName(tuple(DNSName(f"{i}.example") for i in range(names)))
    leaf = certificate(hosts, issuer=INTERMEDIATE, signing_key=keys[1])
    arguments: dict[str, Any] = {"intermediates": ways, "roots": [root], "at": NOW}
    of_one_way = (names + 2) * subtrees  # its own names, its subject's, and that of the authority
    monkeypatch.setitem(LIMITS, Work.COMPARISONS, of_one_way)
    assert verify_chain(leaf, **arguments)
    compared: list[Certificate] = []
    check = ConstrainedNames.check

    def count(self: ConstrainedNames, certificate: Certificate, budget: Budget) -> int:
        compared.append(certificate)
        return check(self, certificate, budget)

    monkeypatch.setattr(ConstrainedNames, "check", count)
    with pytest.raises(CertificateError) as caught:
        verify_chain(leaf, server_name="nobody.example", **arguments)
    assert caught.value.reason is Reason.WRONG_NAME  # what was found first tells most
    assert len(compared) == 3  # the first way, and the first certificate of the second


def test_the_work_is_bounded(root: Authority, certificate: BuildCertificate) -> None:
    leaf = certificate(SubjectAltName(tuple(DNSName(f"{i}.example") for i in range(1000))))
    subtrees = [GeneralSubtree(DNSName(f"{i}.other")) for i in range(LIMITS[Work.COMPARISONS] // 1001 + 1)]
    assert refused(leaf, root, initial=InitialInputs(initial_excluded_subtrees=subtrees)).reason is Reason.TOO_MUCH_WORK
    assert verify_chain(
        leaf, roots=[root.certificate], at=NOW, initial=InitialInputs(initial_excluded_subtrees=subtrees[:-1])
    )
