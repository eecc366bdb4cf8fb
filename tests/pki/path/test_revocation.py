"""Revocation: which lists decide about a certificate, and what each says. PKITS has the rest."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from explain import trace
from pki.asn1.der import Reader
from pki.asn1.der_writer import Element, bit_string, encoded, sequence
from pki.ca.authority import Authority
from pki.crl import CertificateRevocationList, RevocationReason, RevokedCertificate
from pki.fields.crl_extensions import CRLNumber, DeltaCRLIndicator, IssuingDistributionPoint, ReasonCode
from pki.fields.distribution_points import CRLDistributionPoints, DistributionPoint, DistributionPointName
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Extension,
    KeyUsage,
    SubjectKeyIdentifier,
    UnknownExtension,
    Usage,
)
from pki.fields.general_names import DirectoryName, UniformResourceIdentifier
from pki.fields.names import Name
from pki.key_formats.public_key_info import PublicKey
from pki.path import revocation
from pki.path.budget import LIMITS, Work
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, Signer
from pki.signed import Signed
from pki.verify import CertificateError, Reason, VerifiedChain, verify_chain
from pki.x509 import Certificate
from primitives.errors import InvalidSignature
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from tests.pki.conftest import DAY, NOW, ROOT, BuildCertificate

TIMES: dict[str, Any] = {"this_update": NOW - DAY, "next_update": NOW + DAY}
OTHER = Name.build(common_name="Other")
HERE = DistributionPointName((UniformResourceIdentifier("http://ca.example/ca.crl"),))
ENTRY = RevokedCertificate.build(7, NOW - DAY, reason=RevocationReason.KEY_COMPROMISE)
CRL_SIGNER = KeyUsage(frozenset([Usage.CRL_SIGN]))


@pytest.fixture(scope="session")
def leaf(certificate: BuildCertificate) -> Certificate:
    return certificate(SubjectKeyIdentifier(b"leaf"))


class Lists:
    """Makes lists, by default the root's, and asks whether they are believed."""

    def __init__(self, root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
        self.root, self.keys = root.certificate, keys

    def make(
        self, *extensions: Extension, entries: Sequence[RevokedCertificate] = (), key: int = 0, **changes: Any
    ) -> CertificateRevocationList:
        arguments: dict[str, Any] = {"issuer": ROOT} | TIMES | changes
        signer = Signer(self.keys[key], arguments.pop("signature_algorithm", RSA_PKCS1_SHA256))
        return CertificateRevocationList.build(
            entries=entries, extensions=extensions or [CRLNumber(1)], signer=signer, **arguments
        )

    def verify(self, leaf: Certificate, *crls: CertificateRevocationList, **arguments: Any) -> VerifiedChain:
        plain: dict[str, Any] = {"roots": [self.root], "at": NOW, "require_revocation_status": True}
        return verify_chain(leaf, crls=crls, **(plain | arguments))

    def refused(self, leaf: Certificate, *crls: CertificateRevocationList, **arguments: Any) -> Reason:
        with pytest.raises(CertificateError) as caught:
            self.verify(leaf, *crls, **arguments)
        return caught.value.reason


@pytest.fixture(scope="session")
def lists(root: Authority, keys: Sequence[RSAPrivateKey]) -> Lists:
    return Lists(root, keys)


def test_what_an_authority_issues_is_believed(root: Authority, leaf: Certificate, lists: Lists) -> None:
    arguments: dict[str, Any] = {"number": 5, "signature_algorithm": RSA_PKCS1_SHA256} | TIMES
    chain = lists.verify(leaf, root.issue_crl([], **arguments))
    assert ("revocation", f"not revoked, by list 5 of {ROOT}", "RFC 5280 §6.3.3") in chain.checks
    with pytest.raises(CertificateError) as caught:
        lists.verify(leaf, root.issue_crl([ENTRY], **arguments), require_revocation_status=False)
    assert caught.value.reason is Reason.REVOKED
    assert caught.value.certificate == leaf
    assert f"2026-05-31 12:00:00 UTC, for keyCompromise, says list 5 of {ROOT}" in caught.value.message


def test_without_a_list_that_decides(leaf: Certificate, lists: Lists) -> None:
    foreign = lists.make(issuer=OTHER)
    assert lists.refused(leaf, foreign) is lists.refused(leaf) is Reason.REVOCATION_UNKNOWN
    chain = lists.verify(leaf, foreign, require_revocation_status=False)
    assert ("revocation", "left open by what is at hand", "RFC 5280 §6.3.3") in chain.checks


def test_a_list_counts_to_the_end_of_its_last_second(leaf: Certificate, lists: Lists) -> None:
    """RFC 5280 §5.1.2.5: nextUpdate is a whole second, as is the time at which a list must be fresh."""
    last = lists.make(this_update=NOW, next_update=NOW)
    part = timedelta(microseconds=999_999)
    assert lists.verify(leaf, last, at=NOW + part)
    assert lists.refused(leaf, last, at=NOW + part + timedelta(microseconds=1)) is Reason.REVOCATION_UNKNOWN
    assert lists.refused(leaf, last, at=NOW - timedelta(microseconds=1)) is Reason.REVOCATION_UNKNOWN


def test_lists_that_do_not_count(leaf: Certificate, lists: Lists) -> None:
    unknown = UnknownExtension("1.2.3", b"", critical=True)
    for crl in (
        lists.make(key=1),  # signed by somebody else
        lists.make(this_update=NOW + DAY, next_update=NOW + 2 * DAY),
        lists.make(this_update=NOW - 2 * DAY, next_update=NOW - DAY),
        lists.make(unknown),
        lists.make(entries=[RevokedCertificate(1, NOW, (unknown,))]),
        lists.make(IssuingDistributionPoint(only_ca_certificates=True)),
        lists.make(IssuingDistributionPoint(only_attribute_certificates=True)),
        lists.make(IssuingDistributionPoint(HERE)),
        lists.make(IssuingDistributionPoint(only_reasons=frozenset([RevocationReason.SUPERSEDED]))),
        lists.make(DeltaCRLIndicator(1), CRLNumber(2)),
    ):
        assert lists.refused(leaf, crl) is Reason.REVOCATION_UNKNOWN
        assert lists.verify(leaf, crl, lists.make(CRLNumber(3)))  # and do not keep others from counting


def test_the_two_algorithms_must_agree(leaf: Certificate, lists: Lists) -> None:
    """What is signed names one algorithm, and the signature, valid by itself, is made with another."""
    tbs, outer, _ = sequence("c", *fields_of(lists.make(signature_algorithm=RSA_PKCS1_SHA384).der)).elements
    signature = RSA_PKCS1_SHA256.sign(lists.keys[0], tbs.encoding)
    for algorithm in (outer, RSA_PKCS1_SHA256.element("a")):
        whole = sequence("c", tbs, algorithm, bit_string("s", signature))
        crl = CertificateRevocationList.from_der(whole.encoding)
        assert crl.algorithms_agree == (algorithm is outer)
        assert lists.refused(leaf, crl) is Reason.REVOCATION_UNKNOWN


def fields_of(der: bytes) -> list[Element]:
    """Return the elements of the sequence that `der` is."""
    found = []
    with Reader(der).sequence("whole") as reader:
        while not reader.at_end():
            found.append(encoded("field", reader.any("field")))
    return found


def test_weak_hashes_do_not_count(leaf: Certificate, lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    crl = lists.make()
    monkeypatch.setattr(revocation, "WEAK_HASHES", ("sha256",))
    assert lists.refused(leaf, crl) is Reason.REVOCATION_UNKNOWN


def test_reasons_add_up(leaf: Certificate, lists: Lists) -> None:
    def only(*reasons: RevocationReason) -> CertificateRevocationList:
        return lists.make(IssuingDistributionPoint(only_reasons=frozenset(reasons)))

    some = only(RevocationReason.KEY_COMPROMISE, RevocationReason.CA_COMPROMISE)
    others = only(*(set(RevocationReason) - {0, 1, 2, 8}))
    assert lists.refused(leaf, some) is lists.refused(leaf, others) is Reason.REVOCATION_UNKNOWN
    assert lists.verify(leaf, some, others)


def test_a_distribution_point_by_name(certificate: BuildCertificate, lists: Lists) -> None:
    leaf = certificate(CRLDistributionPoints((DistributionPoint(HERE),), critical=True))
    assert lists.verify(leaf, lists.make(IssuingDistributionPoint(HERE)))
    elsewhere = DistributionPointName((UniformResourceIdentifier("http://ca.example/other.crl"),))
    assert lists.refused(leaf, lists.make(IssuingDistributionPoint(elsewhere))) is Reason.REVOCATION_UNKNOWN
    with pytest.raises(CertificateError, match=r"it should be at URI:http://ca\.example/ca\.crl"):
        lists.verify(leaf)


def test_lists_of_changes(leaf: Certificate, lists: Lists) -> None:
    """RFC 5280 §5.2.4, §6.3.3 (c), (i), (j)."""
    held = RevokedCertificate.build(7, NOW - DAY, reason=RevocationReason.CERTIFICATE_HOLD)
    released = RevokedCertificate(7, NOW, (ReasonCode(RevocationReason.REMOVE_FROM_CRL),))
    complete, empty = lists.make(CRLNumber(5), entries=[held]), lists.make(CRLNumber(5))

    def delta(base: int, number: int, *entries: RevokedCertificate, **changes: Any) -> CertificateRevocationList:
        return lists.make(DeltaCRLIndicator(base), CRLNumber(number), entries=entries, **changes)

    assert lists.refused(leaf, complete) is Reason.REVOKED
    assert lists.verify(leaf, complete, delta(5, 6, released))
    assert lists.verify(leaf, delta(4, 7, released), complete, delta(4, 6, held))  # the latest
    assert lists.refused(leaf, empty, delta(5, 6, ENTRY)) is Reason.REVOKED
    narrower = IssuingDistributionPoint(only_user_certificates=True)
    for useless in (
        delta(6, 7, released),  # changes since a later list
        delta(1, 4, released),  # older than the list
        delta(5, 6, released, key=1),
        delta(5, 6, released, issuer=OTHER),
        delta(5, 6, released, this_update=NOW - 3 * DAY, next_update=NOW - DAY),
        lists.make(DeltaCRLIndicator(5), entries=[released]),  # without a number
        lists.make(DeltaCRLIndicator(5), CRLNumber(6), narrower, entries=[released]),
        lists.make(DeltaCRLIndicator(5), CRLNumber(6), AuthorityKeyIdentifier(b"another"), entries=[released]),
    ):
        assert lists.refused(leaf, complete, useless) is Reason.REVOKED


def test_indirect_lists(certificate: BuildCertificate, lists: Lists) -> None:
    """The certificate names who issues the list; that one must hold under the same root, and may sign lists."""
    key = lists.keys[1].public_key
    signer = certificate(CRL_SIGNER, subject=OTHER, public_key=key, serial_number=8)
    powerless = certificate(KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE])), subject=OTHER, public_key=key)
    stranger = certificate(CRL_SIGNER, subject=OTHER, public_key=key, issuer=OTHER, signing_key=lists.keys[1])
    point = DistributionPoint(HERE, crl_issuer=(DirectoryName(OTHER),))
    leaf = certificate(CRLDistributionPoints((point,)))
    root_list = lists.make(IssuingDistributionPoint(only_reasons=frozenset()), CRLNumber(1))

    def indirect(**changes: Any) -> CertificateRevocationList:
        scope: dict[str, Any] = {"indirect": True} | changes
        return lists.make(IssuingDistributionPoint(HERE, **scope), key=1, issuer=OTHER)

    with_signer = {"intermediates": [signer]}
    # The signer's own certificate needs a list too: the root's.
    status = lists.make(IssuingDistributionPoint(), CRLNumber(4))
    assert lists.verify(leaf, indirect(), status, **with_signer)
    assert lists.refused(leaf, indirect(), root_list, **with_signer) is Reason.REVOCATION_UNKNOWN
    revoked = lists.make(entries=[RevokedCertificate.build(8, NOW)])
    only = {"require_revocation_status": False}
    open_chain = lists.verify(leaf, indirect(), **with_signer, **only)
    assert f"not revoked, by the list of {OTHER}" in [check.outcome for check in open_chain.checks]
    distrusted = lists.verify(leaf, indirect(), revoked, **with_signer, **only)
    assert f"not revoked, by list 1 of {ROOT}" in [check.outcome for check in distrusted.checks]
    for other in (powerless, stranger):
        found = lists.verify(leaf, indirect(), intermediates=[other], **only)
        assert "left open by what is at hand" in [check.outcome for check in found.checks]
    direct = lists.verify(leaf, indirect(indirect=False), **with_signer, **only)
    assert "left open by what is at hand" in [check.outcome for check in direct.checks]


def test_nobody_vouches_for_himself(certificate: BuildCertificate, lists: Lists) -> None:
    """A key that signs lists under the authority's own name, and was stolen, cannot say that it was not."""
    key = lists.keys[1].public_key
    signer = certificate(CRL_SIGNER, subject=ROOT, public_key=key, serial_number=8)
    leaf = certificate(SubjectKeyIdentifier(b"leaf"))
    forged = lists.make(key=1)
    assert lists.refused(leaf, forged, intermediates=[signer]) is Reason.REVOCATION_UNKNOWN
    assert lists.refused(signer, forged) is Reason.REVOCATION_UNKNOWN
    assert lists.verify(leaf, forged, lists.make(CRLNumber(2)), intermediates=[signer])


def test_the_work_is_bounded(
    leaf: Certificate, certificate: BuildCertificate, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def verifies(crl: CertificateRevocationList, key: Any) -> bool:
        tried.append(crl)
        return False

    monkeypatch.setattr(revocation, "_verifies", verifies)
    crl = lists.make()
    many = [lists.make(CRLNumber(number)) for number in range(3)]
    monkeypatch.setitem(LIMITS, Work.CRL_SIGNATURES, 2)
    assert lists.refused(leaf, *many) is Reason.TOO_MUCH_WORK
    assert len(tried) == 2
    monkeypatch.setattr(revocation, "_verifies", lambda crl, key: key != lists.root.public_key)
    monkeypatch.setitem(LIMITS, Work.CRL_SIGNATURES, 100)
    monkeypatch.setitem(LIMITS, Work.CRL_ISSUERS, 1)
    key = lists.keys[1].public_key
    signers = [certificate(CRL_SIGNER, subject=ROOT, public_key=key, serial_number=n) for n in range(8, 11)]
    assert lists.refused(leaf, crl, intermediates=signers) in (Reason.TOO_MUCH_WORK, Reason.REVOCATION_UNKNOWN)


def test_a_crl_is_verified_once(
    leaf: Certificate, certificate: BuildCertificate, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many chains are held against it, for any peer; and never with a key that only a stranger names."""
    verified = []
    verify = Signed.verify_signature_by

    def count(self: Signed, key: PublicKey) -> None:
        verified.append((self, key))
        verify(self, key)

    monkeypatch.setattr(Signed, "verify_signature_by", count)
    strangers = [
        certificate(CRL_SIGNER, subject=ROOT, public_key=RSAPublicKey(lists.keys[1].n, e), signing_key=lists.keys[1])
        for e in range(65537, 65547, 2)
    ]
    right, forged = lists.make(), lists.make(CRLNumber(2), key=1)
    for _ in range(3):
        assert lists.refused(leaf, forged, intermediates=strangers) is Reason.REVOCATION_UNKNOWN
        assert lists.verify(leaf, forged, right, intermediates=strangers)
    assert verified == [(forged, lists.root.public_key), (right, lists.root.public_key)]


def test_a_crl_remembers_only_so_many_keys(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pki.crl.MAX_VERDICTS", 2)
    crl = lists.make()
    for e in range(65537, 65547, 2):
        with pytest.raises(InvalidSignature, match="does not belong"):
            crl.verify_signature_by(RSAPublicKey(lists.keys[0].n, e + 2))
        crl.verify_signature_by(lists.root.public_key)
        assert len(crl._verdicts) <= 2


def test_who_watches_sees_the_signature_verified_again(lists: Lists) -> None:
    crl = lists.make()
    crl.verify_signature_by(lists.root.public_key)
    with trace.recording() as recorded:
        crl.verify_signature_by(lists.root.public_key)
    assert recorded


def test_junk_cannot_keep_a_crl_from_being_believed(
    leaf: Certificate, certificate: BuildCertificate, lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether somebody else's certificate holds, who signed the CRL, is too much work to tell: then no chain holds."""
    signer = certificate(CRL_SIGNER, subject=ROOT, public_key=lists.keys[1].public_key, serial_number=8)
    crl = lists.make(entries=[ENTRY], key=1)
    arguments: dict[str, Any] = {"intermediates": [signer], "require_revocation_status": False}
    assert lists.refused(leaf, crl, **arguments) is Reason.REVOKED
    monkeypatch.setitem(LIMITS, Work.OCTETS, len(leaf.der) + 2 * len(lists.root.der) + len(signer.der) - 1)
    assert lists.refused(leaf, crl, **arguments) is Reason.TOO_MUCH_WORK


def test_the_authority_in_between_is_looked_up_too(certificate: BuildCertificate, lists: Lists) -> None:
    key = lists.keys[1]
    usage = KeyUsage(frozenset([Usage.KEY_CERT_SIGN, Usage.CRL_SIGN]))
    sub = certificate(BasicConstraints(ca=True), usage, subject=OTHER, public_key=key.public_key, serial_number=9)
    leaf = certificate(SubjectKeyIdentifier(b"x"), issuer=OTHER, signing_key=key)
    below = lists.make(issuer=OTHER, key=1)
    assert lists.refused(leaf, below, intermediates=[sub]) is Reason.REVOCATION_UNKNOWN
    assert lists.verify(leaf, below, lists.make(), intermediates=[sub])
    revoked = lists.make(entries=[RevokedCertificate.build(9, NOW)])
    with pytest.raises(CertificateError) as caught:
        lists.verify(leaf, below, revoked, intermediates=[sub], require_revocation_status=False)
    assert (caught.value.reason, caught.value.certificate) == (Reason.REVOKED, sub)
