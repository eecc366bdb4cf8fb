"""The authority: what it certifies, what it takes of a request and what it leaves, and what it refuses."""

from collections.abc import Sequence
from typing import Any

import pytest

from pki.asn1 import der
from pki.asn1.der_writer import Element, bit_string, integer, oid, sequence, set_of
from pki.asn1.oids import OIDS
from pki.ca.authority import Authority, RequestRefused, new_serial_number, require_sense
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    Extension,
    KeyUsage,
    Purpose,
    SubjectAltName,
    SubjectKeyIdentifier,
    UnknownExtension,
    Usage,
    extensions_element,
)
from pki.fields.general_names import DNSName, EmailAddress, GeneralName, IPAddress
from pki.fields.name_constraints import GeneralSubtree, NameConstraints
from pki.fields.names import Attribute, Name
from pki.fields.validity import Validity
from pki.key_formats.public_key_info import PublicKey
from pki.keys import UnknownPublicKey, key_identifier, public_key_info
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256
from pki.verify import verify_chain
from primitives.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from tests.pki.conftest import DAY, INTERMEDIATE, LEAF, NOW, ROOT, VALIDITY, BuildCertificate

SERVER: dict[str, Any] = {"purposes": [Purpose.SERVER_AUTH], "signature_algorithm": RSA_PKCS1_SHA384, **VALIDITY}


def request_for(
    key: RSAPrivateKey,
    *extensions: Extension,
    subject: Name = LEAF,
    public_key: PublicKey | None = None,
    signing_key: RSAPrivateKey | None = None,
) -> CertificateSigningRequest:
    """A request for any extensions."""
    attributes: list[Element] = []
    if extensions:
        value = set_of("values", extensions_element(extensions))
        attributes.append(sequence("attribute", oid("type", OIDS["extensionRequest"]), value))
    info = sequence(
        "info",
        integer("version", 0),
        subject.element("subject"),
        public_key_info(public_key or key.public_key),
        set_of("attributes", *attributes, tag=der.context(0, constructed=True)),
    )
    signature = bit_string("signature", RSA_PKCS1_SHA256.sign(signing_key or key, info.encoding))
    whole = sequence("request", info, RSA_PKCS1_SHA256.element("algorithm"), signature)
    return CertificateSigningRequest.from_der(whole.encoding)


def test_a_root_vouches_for_itself(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    made = root.certificate
    made.verify_signature_by(keys[0].public_key)
    assert (made.issuer, made.subject, made.version) == (ROOT, ROOT, 3)
    assert made.extensions == (
        BasicConstraints(ca=True),
        KeyUsage(frozenset([Usage.KEY_CERT_SIGN, Usage.CRL_SIGN])),
        SubjectKeyIdentifier(key_identifier(keys[0].public_key)),
    )
    assert (made.not_before, made.not_after) == (NOW - DAY, NOW + DAY)
    assert repr(root) == f"<Authority {ROOT}>"
    assert verify_chain(made, roots=[made], at=NOW) == (made,)


def test_a_certificate_for_a_server(
    root: Authority, keys: Sequence[RSAPrivateKey], request_for_leaf: CertificateSigningRequest
) -> None:
    made = root.issue(request_for_leaf, **SERVER)
    assert (made.issuer, made.subject, made.public_key) == (ROOT, LEAF, keys[2].public_key)
    assert made.signature_algorithm == RSA_PKCS1_SHA384
    assert made.extensions == (
        BasicConstraints(ca=False),
        KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT])),
        SubjectKeyIdentifier(key_identifier(keys[2].public_key)),
        AuthorityKeyIdentifier(key_identifier(keys[0].public_key)),
        ExtendedKeyUsage((Purpose.SERVER_AUTH,)),
        SubjectAltName((DNSName("leaf.example"), DNSName("*.wild.example"))),
    )
    assert verify_chain(made, roots=[root.certificate], at=NOW, purpose=Purpose.SERVER_AUTH, server_name="leaf.example")


def test_a_certificate_for_a_client(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    request = CertificateSigningRequest.build(LEAF, [], keys[2], signature_algorithm=RSA_PSS_SHA256)
    made = root.issue(request, **SERVER | {"purposes": [Purpose.CLIENT_AUTH]})
    assert made.extension(KeyUsage) == KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE]))
    assert made.extension(SubjectAltName) is None
    plain = root.issue(request, **SERVER | {"purposes": []})
    assert plain.extension(ExtendedKeyUsage) is None


def test_serial_numbers_are_random_positive_and_of_20_octets_at_most(
    root: Authority, request_for_leaf: CertificateSigningRequest
) -> None:
    numbers = {root.issue(request_for_leaf, **SERVER).serial_number for _ in range(3)}
    numbers |= {new_serial_number() for _ in range(100)}
    assert len(numbers) == 103
    assert all(0 < number < 1 << 159 for number in numbers)
    draws = iter([bytes(20), bytes(19) + b"\1", b"\xff" * 20])
    assert new_serial_number(lambda n: next(draws)) == (1 << 159) - 1  # neither 0 nor, without the sign's bit, 0


def test_everything_can_be_repeated(root: Authority, request_for_leaf: CertificateSigningRequest) -> None:
    def pattern(length: int) -> bytes:
        return b"\x5a" * length

    arguments = SERVER | {"random_bytes": pattern, "signature_algorithm": RSA_PSS_SHA256}
    assert root.issue(request_for_leaf, **arguments) == root.issue(request_for_leaf, **arguments)


def test_an_authority_below_another(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    request = CertificateSigningRequest.build(INTERMEDIATE, [], keys[1], signature_algorithm=RSA_PKCS1_SHA256)
    arguments: dict[str, Any] = {"signature_algorithm": RSA_PKCS1_SHA256, **VALIDITY}
    for path_length in (None, 0, 3):
        made = root.issue_authority(request, path_length=path_length, **arguments)
        assert made.extensions == (
            BasicConstraints(ca=True, path_length=path_length),
            KeyUsage(frozenset([Usage.KEY_CERT_SIGN, Usage.CRL_SIGN])),
            SubjectKeyIdentifier(key_identifier(keys[1].public_key)),
            AuthorityKeyIdentifier(key_identifier(keys[0].public_key)),
        )
        below = Authority(made, keys[1])
        leaf = below.issue(request_for(keys[2]), **SERVER)
        assert verify_chain(leaf, intermediates=[made], roots=[root.certificate], at=NOW)
        if path_length is not None:
            with pytest.raises(ValueError, match=f"the path length of this authority is {path_length}"):
                below.issue_authority(request_for(keys[2]), path_length=path_length, **arguments)
        if path_length == 0:
            with pytest.raises(ValueError, match="the path length of this authority is 0"):
                below.issue_authority(request_for(keys[2]), path_length=None, **arguments)
        if path_length is None:
            assert below.issue_authority(request_for(keys[2]), path_length=None, **arguments)
        if path_length == 3:
            for further in (None, 0, 2):
                assert below.issue_authority(request_for(keys[2]), path_length=further, **arguments)
    with pytest.raises(RequestRefused, match="no name"):
        root.issue_authority(request_for(keys[2], subject=Name.build()), path_length=None, **arguments)


def test_an_authority_below_another_for_some_names_only(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    request = CertificateSigningRequest.build(INTERMEDIATE, [], keys[1], signature_algorithm=RSA_PKCS1_SHA256)
    constraints = NameConstraints(permitted=(GeneralSubtree(DNSName("bank.example")),))
    made = root.issue_authority(
        request, path_length=None, name_constraints=constraints, signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY
    )
    assert made.extension(NameConstraints) == constraints
    assert made.extension(BasicConstraints) == BasicConstraints(ca=True)


def test_names_are_taken_and_other_wishes_are_left(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    names: tuple[GeneralName, ...] = (DNSName("a.example"), IPAddress(bytes([192, 0, 2, 1])))
    request = request_for(
        keys[2],
        SubjectAltName(names, critical=True),
        KeyUsage(frozenset([Usage.KEY_CERT_SIGN])),
        ExtendedKeyUsage((Purpose.CODE_SIGNING,)),
        UnknownExtension("1.2.3", b"x", critical=True),
        BasicConstraints(ca=False),
    )
    made = root.issue(request, **SERVER)
    assert made.extension(SubjectAltName) == SubjectAltName(names, critical=False)
    assert made.extension(KeyUsage) == KeyUsage(frozenset([Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT]))
    assert made.extension(ExtendedKeyUsage) == ExtendedKeyUsage((Purpose.SERVER_AUTH,))
    assert made.extension(UnknownExtension) is None
    nameless = root.issue(request_for(keys[2], SubjectAltName(names), subject=Name.build()), **SERVER)
    assert nameless.extension(SubjectAltName) == SubjectAltName(names, critical=True)  # RFC 5280 §4.2.1.6


def test_another_name_than_the_request_has(
    root: Authority, keys: Sequence[RSAPrivateKey], request_for_leaf: CertificateSigningRequest
) -> None:
    made = root.issue(request_for_leaf, subject=INTERMEDIATE, **SERVER)
    assert made.subject == INTERMEDIATE
    nameless = root.issue(request_for_leaf, subject=Name.build(), **SERVER)
    assert nameless.extension(SubjectAltName) == SubjectAltName(
        (DNSName("leaf.example"), DNSName("*.wild.example")), critical=True
    )
    with pytest.raises(RequestRefused, match="no name at all"):
        root.issue(request_for(keys[2]), subject=Name.build(), **SERVER)


def cn(text: str) -> Name:
    return Name([[Attribute(OIDS["commonName"], der.UTF8_STRING, text)]])


def test_what_is_refused(
    root: Authority, keys: Sequence[RSAPrivateKey], request_for_leaf: CertificateSigningRequest
) -> None:
    short = generate_private_key(1024, for_tests_only=True)
    tampered = request_for_leaf.der.replace(b"leaf.example", b"evil.example")
    number = Attribute(OIDS["commonName"], der.INTEGER, "#020105")
    for request, complaint in (
        (CertificateSigningRequest.from_der(tampered), "not signed with the key that it holds"),
        (request_for(keys[2], signing_key=keys[1]), "not signed with the key that it holds"),
        (request_for(short), "RSA, 1024 bits, expected at least 2048 bits"),
        (request_for(keys[2], public_key=UnknownPublicKey("1.2.3", b"", b"")), "unknown here"),
        (request_for(keys[2], public_key=RSAPublicKey((1 << 20000) + 1, 3)), "too large to be used"),
        (request_for(keys[2], BasicConstraints(ca=True)), "asks to be a certificate authority"),
        (request_for(keys[2], SubjectAltName((EmailAddress("a@example"),))), "email:a@example: only host names and"),
        (request_for(keys[2], SubjectAltName((DNSName("*.com"),))), r"DNS:\*.com, expected a host name"),
        (request_for(keys[2], SubjectAltName((DNSName("a b"),))), "DNS:a b, expected a host name"),
        (request_for(keys[2], SubjectAltName((DNSName("a\0.example"),))), r"DNS:a\\x00.example, expected a host"),
        (request_for(keys[2], subject=Name.build()), "no name at all"),
        (request_for(keys[2], subject=Name([[number]])), "not plain text"),
        (request_for(keys[2], subject=Name([[Attribute(OIDS["commonName"], 12, "a\x1b[2J")]])), "not plain text"),
        (request_for(keys[2], subject=cn("a" * 65)), "cannot be certified: commonName has 65 characters"),
        (request_for(keys[2], subject=cn("")), "cannot be certified: commonName has 0 characters"),
        (request_for(keys[2], BasicConstraints(ca=False), BasicConstraints(ca=True)), "an extension twice"),
        (request_for(keys[2], KeyUsage(frozenset(Usage)), KeyUsage(frozenset(Usage))), "an extension twice"),
    ):
        with pytest.raises(RequestRefused, match=complaint) as caught:
            root.issue(request, **SERVER)
        assert str(caught.value).isprintable()


def test_the_bounds_hold_for_authorities_too(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    """And for what is certified, not for what is left out."""
    request = request_for(keys[1], subject=cn("a" * 65))
    with pytest.raises(RequestRefused, match="65 characters"):
        root.issue_authority(request, path_length=0, signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)
    assert root.issue(request, subject=INTERMEDIATE, **SERVER).subject == INTERMEDIATE
    with pytest.raises(RequestRefused, match="65 characters"):
        require_sense(request)


def test_mistakes_of_the_caller(
    root: Authority,
    keys: Sequence[RSAPrivateKey],
    certificate: BuildCertificate,
    request_for_leaf: CertificateSigningRequest,
) -> None:
    with pytest.raises(ValueError, match="the private key is not the one"):
        Authority(root.certificate, keys[1])
    for extensions in (
        [BasicConstraints(ca=False)],
        [KeyUsage(frozenset([Usage.KEY_CERT_SIGN]))],
        [BasicConstraints(ca=True), KeyUsage(frozenset([Usage.CRL_SIGN]))],
    ):
        with pytest.raises(ValueError, match="not one of a certificate authority"):
            Authority(certificate(*extensions), keys[2])
    wrong_times: list[tuple[dict[str, Any], str]] = [
        ({"validity": Validity(NOW + DAY, NOW)}, "the validity ends at"),
        ({"validity": Validity(NOW.replace(tzinfo=None), NOW)}, "no time zone"),
        ({"validity": Validity(NOW, NOW.replace(tzinfo=None))}, "no time zone"),
    ]
    for times, complaint in wrong_times:
        with pytest.raises(ValueError, match=complaint):
            root.issue(request_for_leaf, **SERVER | times)
        with pytest.raises(ValueError, match=complaint):
            Authority.create_root(ROOT, keys[0], signature_algorithm=RSA_PKCS1_SHA256, **times)
    with pytest.raises(ValueError, match="the name of the authority is empty"):
        Authority.create_root(Name.build(), keys[0], signature_algorithm=RSA_PKCS1_SHA256, **VALIDITY)


def test_an_authority_of_others_need_not_have_a_key_identifier(
    certificate: BuildCertificate, keys: Sequence[RSAPrivateKey], request_for_leaf: CertificateSigningRequest
) -> None:
    authority = BasicConstraints(ca=True)
    for extensions, identifier in (
        ([authority], key_identifier(keys[0].public_key)),
        ([authority, SubjectKeyIdentifier(b"of their own")], b"of their own"),
    ):
        own = certificate(*extensions, subject=ROOT, public_key=keys[0].public_key)
        made = Authority(own, keys[0]).issue(request_for_leaf, **SERVER)
        assert made.extension(AuthorityKeyIdentifier) == AuthorityKeyIdentifier(identifier)


def test_a_certificate_may_hold_for_one_second(root: Authority, request_for_leaf: CertificateSigningRequest) -> None:
    assert root.issue(request_for_leaf, **SERVER | {"validity": Validity(NOW, NOW)}).not_after == NOW


def test_the_private_key_is_not_shown(root: Authority, keys: Sequence[RSAPrivateKey]) -> None:
    shown = repr(root) + repr(root.__dict__)
    assert str(keys[0].d) not in shown
    assert str(keys[0].p) not in shown
