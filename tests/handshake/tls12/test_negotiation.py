"""What is chosen of what is offered: certificates by what the other side verifies, and nothing that means nothing."""

from dataclasses import replace
from typing import Any

import pytest

from handshake.configuration import Identity
from handshake.connection import Connection
from handshake.events import MessageReceived, MessageSent, OwnCertificateNotShown, PeerCertificateMissing
from handshake.messages.authentication import CertificateRequest
from handshake.messages.extensions import (
    ApplicationProtocols,
    SignatureAlgorithms,
    SignatureAlgorithmsCert,
    SupportedGroups,
    UnknownExtension,
    find,
)
from handshake.messages.handshake import write_message
from handshake.registries import codes
from handshake.registries.codes import GREASE, HandshakeType, Role
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, SCHEMES, verifiable
from handshake.suites.table import DEFAULT_SUITES, SUITES, suite_by_name
from pki.ca.authority import Authority
from pki.csr import CertificateSigningRequest
from pki.fields.extensions import Purpose
from pki.fields.names import Name
from pki.fields.validity import Validity
from pki.signatures import ECDSA_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA256, SignatureAlgorithm
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import ContentType
from record.layer import RecordLayer
from tests.handshake.support.parties import (
    DAY,
    NOW,
    REQUESTS,
    Side,
    authority,
    client_configuration,
    identity,
    meet,
    private_key,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.tls12.test_faults import Change, adding, instead, meet_changed, say_otherwise

RSA_AND_ECDSA = (SUITES[0xC02B], SUITES[0xC02F])
ALL = tuple(code for code, scheme in SCHEMES.items() if scheme.in_tls12)


def signed_with(algorithm: SignatureAlgorithm, kind: str = "RSA") -> Identity:
    """A server of this kind whose certificate is signed with this algorithm, by an authority that signs itself so."""
    signer = private_key("signer", "P-256" if algorithm is ECDSA_SHA256 else "RSA")
    issuer = Authority.create_root(
        Name.build(common_name=f"signer with {algorithm.name}"),
        signer,
        validity=Validity(NOW - DAY, NOW + DAY),
        signature_algorithm=algorithm,
        random_bytes=seeded(algorithm.name),
    )
    own = private_key(f"server of {algorithm.name}", kind)
    request = CertificateSigningRequest.build(
        Name.build(common_name="server"),
        ["server.example"],
        own,
        signature_algorithm=REQUESTS.get(kind, RSA_PSS_SHA256),
    )
    leaf = issuer.issue(
        request,
        validity=Validity(NOW - DAY, NOW + DAY),
        purposes=(Purpose.SERVER_AUTH,),
        signature_algorithm=algorithm,
        random_bytes=seeded(algorithm.name),
    )
    return Identity((leaf, issuer.certificate), own)


def shown(identities: list[Identity], change: Change) -> int:
    """Return which of the identities a server shows to a client whose ClientHello is changed."""
    first, *more = identities
    server = Side(
        Connection(
            server_configuration(
                certificate_chain=first.certificate_chain,
                private_key=first.private_key,
                more_identities=more,
                suites=RSA_AND_ECDSA,
            )
        )
    )
    client = Side(Connection(client_configuration(suites=RSA_AND_ECDSA)))
    client.drain()
    hello = change(client.connection._party._hello)
    hear(server, hello)
    choice: Any = server.connection._party
    return identities.index(choice._choice.identity)


def hear(server: Side, hello: Any) -> None:
    """Let the server hear this ClientHello."""
    for record in RecordLayer().send(ContentType.HANDSHAKE, write_message(hello)):
        server.connection.receive_data(record.wire)
    server.drain()
    assert server.error is None


@pytest.mark.parametrize("named", [SignatureAlgorithms, SignatureAlgorithmsCert])
def test_the_chain_is_signed_by_what_the_client_verifies(named: type[SignatureAlgorithms]) -> None:
    """RFC 5246 §7.4.2; RFC 9846 §4.3.3: signature_algorithms_cert counts, where it is there."""
    pkcs1, pss, ecdsa = (signed_with(a) for a in (RSA_PKCS1_SHA512, RSA_PSS_SHA256, ECDSA_SHA256))
    three = [pkcs1, pss, ecdsa]

    def with_schemes(*schemes: int) -> Change:
        if named is SignatureAlgorithmsCert:
            return instead(SignatureAlgorithms(ALL), SignatureAlgorithmsCert(schemes))
        return instead(SignatureAlgorithms((*schemes, 0x0805)))  # and one to sign with that none of the chains has

    assert shown(three, with_schemes(0x0601, 0x0804, 0x0403)) == 0
    assert shown(three, with_schemes(0x0804, 0x0403)) == 1
    assert shown(three, with_schemes(0x0809)) == 1  # the same signature, by a key of the other kind
    assert shown(three, with_schemes(0x0403)) == 2
    # RFC 9846 §4.5.1.2: without one, one that the client may not know is better than nothing.
    assert shown(three, with_schemes(0x0807)) == 0


def test_a_suite_that_is_less_preferred_gives_way_to_a_chain_that_is_understood() -> None:
    two = [signed_with(RSA_PKCS1_SHA512, kind="P-256"), signed_with(ECDSA_SHA256)]
    assert shown(two, instead(SignatureAlgorithmsCert(ALL))) == 0
    assert shown(two, instead(SignatureAlgorithmsCert((0x0403,)))) == 1


def test_the_signature_of_a_root_counts_for_nothing() -> None:
    chain = signed_with(RSA_PKCS1_SHA512).certificate_chain
    assert verifiable(chain, [0x0601])
    assert not verifiable(chain, [0x0401])
    assert verifiable(chain[1:], [])


def test_a_client_that_signs_with_less_than_it_verifies_says_so() -> None:
    few = (SCHEMES[0x0804],)
    for schemes, expected in ((few, ALL), (DEFAULT_SCHEMES, None), (DEFAULT_SCHEMES[::-1], None)):
        client = Side(Connection(client_configuration(signature_schemes=schemes)))
        client.drain()
        hello = client.got(MessageSent)[0].message
        algorithms = find(hello.extensions, SignatureAlgorithms)
        assert algorithms is not None
        assert algorithms.schemes == tuple(scheme.code for scheme in schemes)
        for_certificates = find(hello.extensions, SignatureAlgorithmsCert)
        assert (for_certificates.schemes if for_certificates else None) == expected


@pytest.mark.parametrize("kind", [SignatureAlgorithms, SignatureAlgorithmsCert])
@pytest.mark.parametrize("data", [b"", b"\0\0", b"\0\1\4", b"\0\2\4", b"\0\2\4\1\0", b"\0\3\4\1\4"])
def test_lists_of_algorithms_that_are_none(kind: type[SignatureAlgorithms], data: bytes) -> None:
    change = instead(UnknownExtension(kind.extension_type, data))
    assert meet_changed(Role.CLIENT, HandshakeType.CLIENT_HELLO, change) is AlertDescription.DECODE_ERROR


def test_a_client_says_why_it_shows_no_certificate() -> None:
    optional: dict[str, Any] = {"mutual": True, "require_client_certificate": False}
    client, server = meet(client_configuration(), server_configuration(**optional))
    assert client.got(OwnCertificateNotShown) == [OwnCertificateNotShown("the client has none")]
    only_ed25519: dict[str, Any] = {"signature_schemes": (SCHEMES[0x0807],)}
    who = identity("client.example")
    client, server = meet(client_configuration(who=who), server_configuration(**optional, **only_ed25519))
    [event] = client.got(OwnCertificateNotShown)
    assert "does not verify signatures of its key" in event.reason
    assert len(server.got(PeerCertificateMissing)) == 1


def test_a_request_names_the_authorities() -> None:
    client, _ = meet(client_configuration(who=identity("client.example")), server_configuration(mutual=True))
    [request] = [e.message for e in client.got(MessageReceived) if isinstance(e.message, CertificateRequest)]
    assert request.certificate_authorities == (authority().certificate.subject.element("distinguished_name").encoding,)
    assert request.certificate_types == (codes.RSA_SIGN, codes.ECDSA_SIGN)


SENTINELS = (b"DOWNGRD\1", b"DOWNGRD\0")  # RFC 9846 §4.2.3


@pytest.mark.parametrize("sentinel", SENTINELS)
def test_a_server_that_could_have_done_more_is_no_error(sentinel: bytes) -> None:
    change: Change = lambda hello: replace(hello, random=hello.random[:24] + sentinel)  # noqa: E731
    client, server = Side(Connection(client_configuration())), Side(Connection(server_configuration()))
    say_otherwise(server.connection, HandshakeType.SERVER_HELLO, change)
    talk(client, server)
    assert client.got(MessageReceived)[0].message.random.endswith(sentinel)
    assert not isinstance(client.error, RemoteProtocolError) or client.error.received  # only the liar minds


GREASE_VALUES = sorted(GREASE)


def greased(hello: Any) -> Any:
    """RFC 8701 §3.1: values that mean nothing, wherever a client may put them."""
    value = dict(zip(("suite", "group", "scheme", "name", "empty", "full", "cert"), GREASE_VALUES, strict=False))
    groups = find(hello.extensions, SupportedGroups)
    changes: list[Any] = [
        SignatureAlgorithms((value["scheme"], *ALL)),
        SignatureAlgorithmsCert((value["cert"], *ALL)),
        ApplicationProtocols((value["name"].to_bytes(2, "big"), b"chat")),
        UnknownExtension(value["empty"], b""),
        UnknownExtension(value["full"], b"\0"),
        UnknownExtension(43, b"\4" + value["name"].to_bytes(2, "big") + b"\3\3"),  # supported_versions
    ]
    if groups is not None:
        changes.append(SupportedGroups((value["group"], *groups.groups)))
    changed: Any = instead(*changes)(hello)
    return replace(changed, cipher_suites=(value["suite"], *hello.cipher_suites))


def test_a_server_ignores_what_means_nothing() -> None:
    for suite in (0xC02F, 0x009E, 0x003C):
        client = client_configuration(suites=(SUITES[suite],))
        server = Side(Connection(server_configuration(suites=(SUITES[suite],), protocols=["chat"])))
        hello = greased(Connection(client)._party._hello)
        hear(server, hello)
        answer = server.got(MessageSent)[0].message
        assert answer.cipher_suite == suite
        assert {extension.extension_type for extension in answer.extensions}.isdisjoint(GREASE)
        assert find(answer.extensions, ApplicationProtocols) == ApplicationProtocols((b"chat",))
        heard = server.got(MessageReceived)[0].message
        assert len([e for e in heard.extensions if e.extension_type in GREASE]) == 2


def test_a_client_ignores_what_means_nothing_in_a_request() -> None:
    """RFC 8701 §4.1; other certificate types that nobody knows, as well (RFC 5246 §7.4.4)."""
    client = Side(Connection(client_configuration(who=identity("client.example"))))
    server = Side(Connection(server_configuration(mutual=True)))

    def change(request: CertificateRequest) -> CertificateRequest:
        return replace(
            request,
            certificate_types=(0x0A, 0xFA, *request.certificate_types),
            supported_signature_algorithms=(0x2A2A, *request.supported_signature_algorithms, 0xFAFA),
        )

    say_otherwise(server.connection, HandshakeType.CERTIFICATE_REQUEST, change)
    talk(client, server)
    assert (client.error, server.error) == (None, None)
    assert server.connection.peer_chain is not None


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        (lambda h: replace(h, cipher_suite=0x1A1A), AlertDescription.ILLEGAL_PARAMETER),
        (lambda h: replace(h, server_version=0x1A1A), AlertDescription.PROTOCOL_VERSION),
        (adding(UnknownExtension(0x1A1A, b"")), AlertDescription.UNSUPPORTED_EXTENSION),
    ],
)
def test_a_server_must_not_choose_what_means_nothing(change: Change, alert: AlertDescription) -> None:
    """RFC 8701 §3.1: "Clients MUST reject GREASE values when negotiated by the server"."""
    assert meet_changed(Role.SERVER, HandshakeType.SERVER_HELLO, change) is alert


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        (lambda m: replace(m, params=replace(m.params, named_curve=0x2A2A)), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, algorithm=0x2A2A), AlertDescription.ILLEGAL_PARAMETER),
    ],
)
def test_nor_in_a_key_exchange(change: Change, alert: AlertDescription) -> None:
    """The curve is looked at only after the signature, which a liar between the two cannot make."""
    suites = (SUITES[0xC02F],)
    client = Side(Connection(client_configuration(suites=suites)))
    server = Side(Connection(server_configuration(suites=suites)))
    say_otherwise(server.connection, HandshakeType.SERVER_KEY_EXCHANGE, change)
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is alert


def test_suites_have_two_names() -> None:
    """IANA's; and OpenSSL's, for all but those that nobody else knows."""
    for suite in SUITES.values():
        assert suite_by_name(suite.name) is suite
        if suite in DEFAULT_SUITES:
            assert suite_by_name(suite.openssl_name) is suite
        else:
            assert suite.code >> 8 == 0xFF
            assert suite.openssl_name == ""
    with pytest.raises(ValueError, match="nearest names are"):
        suite_by_name("")
