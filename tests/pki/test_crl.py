"""Certificate revocation lists (CRLs): each comes back, is explained, and is what others read and write."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from explain.layout import Layout, unexplained
from pki.asn1.der import DERError, Reader, context
from pki.asn1.der_writer import Element, bit_string, boolean, integer, null, octet_string, oid, sequence, string, time
from pki.asn1.oids import OIDS
from pki.asn1.pem import pem_encode
from pki.ca.authority import Authority
from pki.crl import CertificateRevocationList, RevocationReason, RevokedCertificate
from pki.fields.crl_extensions import (
    CRL_EXTENSIONS,
    ENTRY_EXTENSIONS,
    CertificateIssuer,
    CRLNumber,
    DeltaCRLIndicator,
    InvalidityDate,
    IssuingDistributionPoint,
    ReasonCode,
)
from pki.fields.distribution_points import ALL_REASONS, DistributionPoint, DistributionPointName, FreshestCRL
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Extension,
    KeyUsage,
    UnknownExtension,
    Usage,
    extension_element,
    extensions_element,
    read_extension,
)
from pki.fields.general_names import DirectoryName, DNSName, UniformResourceIdentifier
from pki.fields.names import Name
from pki.signatures import ECDSA_SHA384, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256, Signer
from pki.x509 import Certificate
from primitives.errors import InvalidSignature
from primitives.rsa import RSAPrivateKey
from tests.conftest import PeerTool, run
from tests.documentation.contents import wrong_sections
from tests.pki.conftest import DAY, INTERMEDIATE, LEAF, NOW, ROOT, BuildCertificate

TIMES: dict[str, Any] = {"this_update": NOW, "next_update": NOW + DAY}
HERE = DistributionPointName((UniformResourceIdentifier("http://ca.example/ca.crl"),))
ENTRIES = (
    RevokedCertificate.build(5, NOW - DAY),
    RevokedCertificate.build(1 << 150, NOW, reason=RevocationReason.KEY_COMPROMISE, invalidity_date=NOW - 9 * DAY),
    RevokedCertificate.build(7, datetime(2060, 1, 1, tzinfo=UTC), reason=RevocationReason.AA_COMPROMISE),
)


def read(der: bytes) -> CertificateRevocationList:
    found = CertificateRevocationList.from_der(der)
    assert unexplained(found.layout(), len(der)) == []
    assert wrong_sections(found.layout()) == []
    return found


@pytest.fixture(scope="session")
def crl(root: Authority) -> CertificateRevocationList:
    return root.issue_crl(ENTRIES, number=77, signature_algorithm=RSA_PKCS1_SHA256, **TIMES)


# --- Made here.


def test_a_list_comes_back(crl: CertificateRevocationList, root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    assert crl == read(crl.to_der()) == CertificateRevocationList.from_pem(crl.to_pem())
    assert len({crl, read(crl.der)}) == 1
    assert crl != crl.der
    assert (crl.version, crl.issuer, crl.this_update, crl.next_update) == (2, ROOT, NOW, NOW + DAY)
    assert crl.entries == ENTRIES
    assert (crl.number, crl.base_number, crl.scope) == (77, None, IssuingDistributionPoint())
    identifier = crl.extension(AuthorityKeyIdentifier)
    assert identifier == root._authority_key_identifier()
    assert crl.algorithms_agree
    crl.verify_signature_by(keys[0].public_key)
    with pytest.raises(InvalidSignature):
        crl.verify_signature_by(keys[1].public_key)
    assert repr(crl) == f"<CertificateRevocationList number 77 of {ROOT}, 3 entries>"


def test_entries_are_found(crl: CertificateRevocationList) -> None:
    found = crl.find(1 << 150, Name.build(organization="EXAMPLE", common_name="root"))
    assert found == ENTRIES[1]
    assert (found.reason, found.invalidity_date) == (RevocationReason.KEY_COMPROMISE, NOW - 9 * DAY)
    assert (ENTRIES[0].reason, ENTRIES[0].invalidity_date) == (RevocationReason.UNSPECIFIED, None)
    assert crl.find(6, ROOT) is None
    assert crl.find(5, LEAF) is None


def test_entries_of_other_issuers(keys: Sequence[RSAPrivateKey]) -> None:
    """RFC 5280 §5.3.3: an entry without certificateIssuer has the one of the entry before."""
    others = CertificateIssuer((DNSName("x"), DirectoryName(LEAF))), CertificateIssuer((DNSName("x"),))
    entries = [
        RevokedCertificate(1, NOW),
        RevokedCertificate(2, NOW, (others[0],)),
        RevokedCertificate(3, NOW),
        RevokedCertificate(4, NOW, (others[1],)),
    ]
    indirect = CertificateRevocationList.build(
        issuer=ROOT,
        entries=entries,
        extensions=[IssuingDistributionPoint(indirect=True)],
        signer=Signer(keys[0], RSA_PKCS1_SHA256),
        **TIMES,
    )
    assert [entry.issuer for entry in read(indirect.der).entries] == [None, LEAF, LEAF, Name([[]])]
    assert indirect.find(2, ROOT) is None
    assert indirect.find(3, LEAF) is not None
    assert all(indirect.find(4, name) is None for name in (ROOT, LEAF, Name(())))
    assert repr(indirect).startswith("<CertificateRevocationList of")


def test_no_entries(root: Authority) -> None:
    empty = root.issue_crl([], number=0, signature_algorithm=RSA_PSS_SHA256, **TIMES)
    assert read(empty.der).entries == ()
    assert "revokedCertificates" not in [field.label for _, field in empty.layout()[0].walk()]  # §5.1.2.6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": -1}, "out of range"),
        ({"number": 1 << 159}, "out of range"),
        ({"next_update": NOW}, "is to come at"),
        ({"this_update": NOW.replace(tzinfo=None)}, "time zone"),
        ({"revoked": [ENTRIES[0], ENTRIES[0]]}, "twice"),
    ],
)
def test_what_the_authority_refuses(root: Authority, changes: dict[str, Any], message: str) -> None:
    plain: dict[str, Any] = {"revoked": (), "number": 1, "signature_algorithm": RSA_PKCS1_SHA256}
    with pytest.raises(ValueError, match=message):
        root.issue_crl(**(plain | TIMES | changes))


def test_an_authority_that_may_not_sign_lists(certificate: BuildCertificate, keys: Sequence[RSAPrivateKey]) -> None:
    usage = KeyUsage(frozenset([Usage.KEY_CERT_SIGN]))
    made = certificate(BasicConstraints(ca=True), usage, subject=ROOT, public_key=keys[0].public_key)
    with pytest.raises(ValueError, match="does not allow cRLSign"):
        Authority(made, keys[0]).issue_crl([], number=1, signature_algorithm=RSA_PKCS1_SHA256, **TIMES)


# --- The extensions.

EXAMPLES: tuple[tuple[Extension, str], ...] = (
    (CRLNumber(1 << 150), str(1 << 150)),
    (DeltaCRLIndicator(5), "changes since 5"),
    (IssuingDistributionPoint(), ""),
    (
        IssuingDistributionPoint(HERE, True, False, ALL_REASONS - {RevocationReason.KEY_COMPROMISE}, True),
        "URI:http://ca.example/ca.crl; only user certificates; certificates of other issuers too; only for "
        "cACompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold, privilegeWithdrawn, "
        "aACompromise",
    ),
    (
        IssuingDistributionPoint(only_ca_certificates=True, only_attribute_certificates=True, only_reasons=frozenset()),
        "only certificates of authorities; only attribute certificates; only for no reason",
    ),
    *((ReasonCode(reason), str(reason)) for reason in RevocationReason),
    (InvalidityDate(NOW), "2026-06-01 12:00:00 UTC"),
    (InvalidityDate(datetime(2077, 1, 1, tzinfo=UTC)), "2077-01-01 00:00:00 UTC"),
    (CertificateIssuer((DirectoryName(LEAF), DNSName("x"))), f"directory:{LEAF}, DNS:x"),
)


@pytest.mark.parametrize(("extension", "shown"), EXAMPLES, ids=[f"{e} {s}" for e, s in EXAMPLES])
def test_an_extension_comes_back_is_explained_and_shown(extension: Extension, shown: str) -> None:
    encoding = extension_element(extension).encoding
    known = CRL_EXTENSIONS | ENTRY_EXTENSIONS
    layout = Layout()
    assert read_extension(Reader(encoding, layout=layout), known) == extension
    assert unexplained(layout.fields, len(encoding)) == []
    assert wrong_sections(layout.fields) == []
    assert str(extension) == shown
    for cut in range(len(encoding)):
        with pytest.raises(DERError):
            read_extension(Reader(encoding[:cut]), known)
    assert isinstance(read_extension(Reader(encoding)), UnknownExtension)  # in a certificate they mean nothing


def extension(name: str, value: Element) -> bytes:
    return sequence("e", oid("o", OIDS[name]), octet_string("v", value.encoding)).encoding


@pytest.mark.parametrize(
    "encoding",
    [
        extension("cRLNumber", integer("n", -1)),
        extension("deltaCRLIndicator", integer("n", -1)),
        extension("cRLReasons", integer("n", 7, tag=10)),
        extension("cRLReasons", integer("n", 11, tag=10)),
        extension("cRLReasons", integer("n", -1, tag=10)),
        extension("cRLReasons", integer("n", 1)),
        extension("invalidityDate", time("t", NOW)),  # a UTCTime
        extension("invalidityDate", string("t", "20260101000000Z")),
        extension("certificateIssuer", sequence("none")),
        extension("issuingDistributionPoint", sequence("p", boolean("user", False, tag=context(1)))),
        extension(
            "issuingDistributionPoint",
            sequence("p", boolean("ca", True, tag=context(2)), boolean("user", True, tag=context(1))),
        ),
        extension("issuingDistributionPoint", sequence("p", null("n"))),
    ],
)
def test_malformed_extensions(encoding: bytes) -> None:
    with pytest.raises(DERError):
        read_extension(Reader(encoding), CRL_EXTENSIONS | ENTRY_EXTENSIONS)


# --- Lists that no constructor makes, field by field.

EXTENSIONS = sequence("[0]", extensions_element([CRLNumber(1)]), tag=context(0, constructed=True))
ENTRY = sequence("entry", integer("n", 5), time("t", NOW))
FIELDS: dict[str, Element | None] = {
    "version": integer("version", 1),
    "signature": RSA_PKCS1_SHA256.element("signature"),
    "issuer": ROOT.element("issuer"),
    "this": time("thisUpdate", NOW),
    "next": time("nextUpdate", NOW),
    "entries": sequence("entries", ENTRY),
    "extensions": EXTENSIONS,
    "more": None,
}


def assemble(changes: dict[str, Element | None]) -> bytes:
    parts = (part for part in (FIELDS | changes).values() if part is not None)
    return sequence(
        "c", sequence("tbs", *parts), RSA_PKCS1_SHA256.element("a"), bit_string("signature", bytes(256))
    ).encoding


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, 2),
        ({"next": None}, 2),
        ({"entries": None, "extensions": None}, 2),
        ({"entries": sequence("none")}, 2),
        ({"version": None, "extensions": None}, 1),
        ({"version": None, "extensions": None, "next": None, "entries": None}, 1),
        ({"signature": RSA_PKCS1_SHA384.element("signature")}, 2),
    ],
)
def test_each_version_has_its_fields(changes: dict[str, Element | None], version: int) -> None:
    found = read(assemble(changes))
    assert found.version == version
    assert (found.next_update is None) == ("next" in changes)
    assert found.algorithms_agree == ("signature" not in changes)
    if version == 1:
        assert found.number is None


@pytest.mark.parametrize(
    "changes",
    [
        {"version": integer("version", 0)},
        {"version": integer("version", 2)},
        {"version": None},
        {"signature": None},
        {"issuer": None},
        {"this": None, "next": None},
        {"entries": sequence("entries", sequence("entry", integer("n", 5)))},
        {"entries": sequence("entries", sequence("entry", integer("n", 5), time("t", NOW), null("n")))},
        {"entries": sequence("entries", sequence("e", integer("n", 5), time("t", NOW), sequence("Extensions")))},
        {
            "version": None,
            "extensions": None,
            "entries": sequence("e", sequence("e", *ENTRY.elements, extensions_element(ENTRIES[1].extensions))),
        },
        {"extensions": sequence("[0]", tag=context(0, constructed=True))},
        {"more": null("more")},
    ],
)  # fmt: skip
def test_what_is_malformed(changes: dict[str, Element | None]) -> None:
    with pytest.raises(DERError):
        CertificateRevocationList.from_der(assemble(changes))


@pytest.mark.parametrize("stride", [13, pytest.param(3, marks=pytest.mark.slow)])
def test_cut_longer_or_spoiled_it_gives_a_der_error(
    crl: CertificateRevocationList, keys: Sequence[RSAPrivateKey], stride: int
) -> None:
    for cut in range(len(crl.der)):
        with pytest.raises(DERError):
            CertificateRevocationList.from_der(crl.der[:cut])
    with pytest.raises(DERError, match="left over"):
        CertificateRevocationList.from_der(crl.der + b"\0")
    for at in range(0, len(crl.der), stride):
        for change in (1, 0x80, 0xFF):
            try:
                spoiled = read(crl.der[:at] + bytes([crl.der[at] ^ change]) + crl.der[at + 1 :])
            except DERError:
                continue
            with pytest.raises(InvalidSignature):
                spoiled.verify_signature_by(keys[0].public_key)


def test_pem_with_something_else(crl: CertificateRevocationList) -> None:
    for data, found in (
        (b"", "no PEM block"),
        (pem_encode("OTHER", b"x"), "OTHER"),
        (crl.to_pem() * 2, "X509 CRL, X509 CRL"),
    ):
        with pytest.raises(ValueError, match=found):
            CertificateRevocationList.from_pem(data)


# --- Lists of others.

REFUSED = {  # by their names in the package, and why strict DER refuses them
    "BadCRLSignatureCACRL.crl": "signatureValue is not a whole number of octets",
    "crl_bad_version.pem": "a list of version 3",
    "crl_inval_cert_issuer_entry_ext.pem": "expected CertificateIssuer",
    "crl_inval_date_fractional_seconds.der": "left over",
    "crl_invalid_time.der": "thisUpdate is not a time",
    "crl_issuer_invalid_printable_string.der": "a PrintableString cannot have",
    "crl_unsupported_reason.pem": "CRLReason 12",
}


@pytest.mark.filterwarnings("ignore")  # what `cryptography` thinks of some of them
def test_real_lists_are_read_as_cryptography_reads_them() -> None:
    """Of some 200 lists, all that strict DER allows; each says what `cryptography` says of it."""
    folder = Path(pytest.importorskip("cryptography_vectors").__file__).parent / "x509"
    paths = [*folder.glob("custom/crl_*"), *folder.glob("PKITS_data/crls/*.crl")]
    refused, checked = {}, 0
    for path in paths:
        data = path.read_bytes()
        try:
            ours = (CertificateRevocationList.from_pem if path.suffix == ".pem" else read)(data)
        except DERError as error:
            refused[path.name] = error.reason
            continue
        try:
            theirs = x509.load_der_x509_crl(ours.der)
        except ValueError:
            assert not ours.algorithms_agree
            continue
        assert ours.tbs == theirs.tbs_certlist_bytes
        assert ours.signature == theirs.signature
        assert (ours.this_update, ours.next_update) == (theirs.last_update_utc, theirs.next_update_utc)
        assert [(e.serial_number, e.revocation_date) for e in ours.entries] == [
            (entry.serial_number, entry.revocation_date_utc) for entry in theirs
        ]
        for extension in (*ours.extensions, *(e for entry in ours.entries for e in entry.extensions)):
            assert extension_element(extension).encoding in ours.der
        checked += 1
    assert refused.keys() == REFUSED.keys()
    assert all(REFUSED[name] in reason for name, reason in refused.items())
    assert checked > 180


def test_cryptography_and_openssl_read_ours(
    crl: CertificateRevocationList, root: Authority, keys: Sequence[RSAPrivateKey], peer_tool: PeerTool
) -> None:
    theirs = x509.load_der_x509_crl(crl.der)
    key = x509.load_der_x509_certificate(root.certificate.der).public_key()
    assert theirs.is_signature_valid(key)  # type: ignore[arg-type]  # it is an RSA key
    entry = theirs.get_revoked_certificate_by_serial_number(1 << 150)
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.key_compromise
    openssl = peer_tool("openssl")
    shown = run(openssl, "crl", "-text", "-noout", stdin=crl.to_pem())
    for wanted in ("Version 2", "X509v3 CRL Number", "77", "Key Compromise", "Invalidity Date", "AA Compromise"):
        assert wanted in shown
    extensions: list[Extension] = [
        CRLNumber(3),
        DeltaCRLIndicator(2),
        IssuingDistributionPoint(HERE, only_user_certificates=True),
        FreshestCRL((DistributionPoint(HERE),)),
    ]
    full = CertificateRevocationList.build(
        issuer=INTERMEDIATE,
        entries=[],
        extensions=extensions,
        signer=Signer(keys[1], RSA_PSS_SHA256),
        **TIMES,
    )
    assert list(read(full.der).extensions) == extensions
    assert len(x509.load_der_x509_crl(full.der).extensions) == 4
    assert full.base_number == 2
    shown = run(openssl, "crl", "-text", "-noout", stdin=full.to_pem())
    for wanted in ("X509v3 Delta CRL Indicator", "Only User Certificates", "X509v3 Freshest CRL"):
        assert wanted in shown


def test_openssl_minds_the_list(
    crl: CertificateRevocationList, root: Authority, certificate: BuildCertificate, peer_tool: PeerTool, tmp_path: Path
) -> None:
    identifier = root._authority_key_identifier()
    good, bad = (certificate(identifier, serial_number=number) for number in (6, 5))
    ca = tmp_path / "ca.pem"
    ca.write_bytes(root.certificate.to_pem() + crl.to_pem())
    openssl, at = peer_tool("openssl"), str(int(NOW.timestamp()))
    command: list[str | Path] = [openssl, "verify", "-x509_strict", "-crl_check_all", "-attime", at, "-CAfile", ca]
    assert "OK" in run(*command, stdin=good.to_pem())
    with pytest.raises(AssertionError, match="certificate revoked"):
        run(*command, stdin=bad.to_pem())


def test_we_read_cryptographys() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Peer")])
    entry = x509.RevokedCertificateBuilder(9, NOW, [x509.Extension(
        x509.CRLReason.oid, False, x509.CRLReason(x509.ReasonFlags.superseded)
    )]).build()  # fmt: skip
    theirs = (
        x509.CertificateRevocationListBuilder(name, NOW, NOW + DAY, [], [entry])
        .add_extension(x509.CRLNumber(8), critical=False)
        .sign(key, hashes.SHA384())
    )
    ours = read(theirs.public_bytes(serialization.Encoding.DER))
    assert ours.signature_algorithm == ECDSA_SHA384
    assert ours.number == 8
    assert ours.entries == (RevokedCertificate.build(9, NOW, reason=RevocationReason.SUPERSEDED),)
    holder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + DAY).sign(key, hashes.SHA256())
    issuer = Certificate.from_der(holder.public_bytes(serialization.Encoding.DER))
    ours.verify_signature_by(issuer.public_key)
