"""What a peer can get wrong in what it says, and the alert that the RFCs name for each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handshake.connection import Connection
from handshake.events import (
    AlertReceived,
    AlertSent,
    HandshakeCompleted,
    MasterSecretAgreed,
    PeerCertificateMissing,
    PeerSignatureVerified,
)
from handshake.machine import Machine, State
from handshake.messages.authentication import CertificateMessage
from handshake.messages.extensions import (
    EncryptThenMAC,
    ExtendedMasterSecret,
    RenegotiationInfo,
    ServerName,
    SignatureAlgorithms,
    UnknownExtension,
)
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.keys import EncryptedPremasterSecret, Finished
from handshake.proofs import MAXIMUM_CHAIN, Established
from handshake.registries.cipher_suites import EMPTY_RENEGOTIATION_INFO_SCSV, FALLBACK_SCSV
from handshake.registries.codes import HandshakeType, Role
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, SCHEMES, SignatureScheme
from handshake.suites.table import SUITES
from handshake.tls12.client import Client
from handshake.tls12.states import START, TABLES
from pki.fields.extensions import Purpose
from pki.key_formats.public_key_info import RSAPSSPublicKey
from primitives.ec import P521
from primitives.oaep import oaep_encrypt
from primitives.pkcs1v15 import pkcs1v15_encrypt
from primitives.rsa import RSAPublicKey
from primitives.sha2 import sha256
from record.alerts import AlertDescription, AlertLevel, LocalProtocolError, RemoteProtocolError
from tests.handshake.support.parties import (
    DAY,
    NOW,
    RSA_SUITES,
    Side,
    client_configuration,
    identity,
    key,
    meet,
    seeded,
    server_configuration,
    talk,
)

Change = Callable[[Any], HandshakeMessage]


def meet_changed(liar: Role, kind: HandshakeType, change: Change, **options: Any) -> AlertDescription | None:
    """Let client and server meet, one of whom says something else in one message; return the alert of the other.

    None if the other did not mind. The liar's own transcript has what it sent, so only the change itself is wrong.
    """
    client = Side(Connection(client_configuration(**{"who": identity("client.example")} | options)))
    server = Side(Connection(server_configuration(mutual=True)))
    if liar is Role.CLIENT and kind is HandshakeType.CLIENT_HELLO:
        client.connection = changed_client(change, options)
    side, other = (client, server) if liar is Role.CLIENT else (server, client)
    say_otherwise(side.connection, kind, change)
    talk(client, server)
    if other.error is None:
        assert client.connection.state is server.connection.state is State.CONNECTED, side.error
        return None
    assert isinstance(other.error, RemoteProtocolError), other.error
    assert not other.error.received, side.error
    assert other.connection.state is State.FAILED
    assert side.got(AlertReceived)[-1] == AlertReceived(AlertLevel.FATAL, other.error.alert)
    return other.error.alert


def say_otherwise(connection: Connection, kind: HandshakeType, change: Change) -> None:
    channel = connection._channel
    send = channel.send_message

    def send_changed(message: HandshakeMessage, *, established: Established | None = None) -> None:
        send(change(message) if message.handshake_type is kind else message, established=established)

    channel.send_message = send_changed  # type: ignore[method-assign]  # a liar


def changed_client(change: Change, options: Any) -> Connection:
    """A client whose ClientHello, which it sends at once, is changed."""
    connection = Connection(client_configuration(**{"who": identity("client.example")} | options))
    hello = connection._party._hello
    fresh = Connection.__new__(Connection)
    fresh.__dict__.update(connection.__dict__)
    channel = type(connection._channel)(Machine(TABLES[Role.CLIENT], START[Role.CLIENT]), client_configuration())
    fresh._channel = fresh._party.channel = channel
    fresh._party._hello = change(hello)  # type: ignore[assignment]  # it is a ClientHello
    channel.send_message(fresh._party._hello)
    return fresh


def without(*kinds: type) -> Change:
    return lambda hello: replace(
        hello, extensions=tuple(e for e in hello.extensions if not isinstance(e, kinds)) or None
    )


def adding(*extensions: Any) -> Change:
    return lambda hello: replace(hello, extensions=(*(hello.extensions or ()), *extensions))


def instead(*extensions: Any) -> Change:
    kinds = {extension.extension_type for extension in extensions}
    return lambda hello: replace(
        hello, extensions=(*(e for e in hello.extensions if e.extension_type not in kinds), *extensions)
    )


def offering(version: int) -> Change:
    return lambda hello: replace(hello, client_version=version)


CLIENT_HELLOS: list[tuple[str, Change, AlertDescription | None]] = [
    ("SSL 2.0", lambda h: replace(h, client_version=0x0002), AlertDescription.PROTOCOL_VERSION),
    ("SSL 3.0", lambda h: replace(h, client_version=0x0300), AlertDescription.PROTOCOL_VERSION),
    ("TLS 1.1", lambda h: replace(h, client_version=0x0302), AlertDescription.PROTOCOL_VERSION),
    (
        "a fallback to TLS 1.1",
        lambda h: replace(h, client_version=0x0302, cipher_suites=(*h.cipher_suites, FALLBACK_SCSV)),
        AlertDescription.PROTOCOL_VERSION,
    ),
    ("a fallback to nothing lower", lambda h: replace(h, cipher_suites=(*h.cipher_suites, FALLBACK_SCSV)), None),
    (
        "no suite that is known",
        lambda h: replace(h, cipher_suites=(0x1301, 0x0A0A)),
        AlertDescription.HANDSHAKE_FAILURE,
    ),
    (
        "a signalling suite only",
        lambda h: replace(h, cipher_suites=(EMPTY_RENEGOTIATION_INFO_SCSV,)),
        AlertDescription.HANDSHAKE_FAILURE,
    ),
    ("unknown suites", lambda h: replace(h, cipher_suites=(0x0A0A, 0xFAFA, *h.cipher_suites)), None),
    ("compression only", lambda h: replace(h, compression_methods=(1,)), AlertDescription.ILLEGAL_PARAMETER),
    ("compression as well", lambda h: replace(h, compression_methods=(1, 64, 0)), None),
    ("a session to resume", lambda h: replace(h, session_id=bytes(32)), None),
    ("a renegotiation", instead(RenegotiationInfo(bytes(12))), AlertDescription.HANDSHAKE_FAILURE),
    ("unknown extensions", adding(UnknownExtension(0x2A2A, b""), UnknownExtension(0x1234, b"??")), None),
    ("no extended master secret", without(ExtendedMasterSecret), None),
    ("another name", instead(ServerName.of("other.example")), None),
    ("a name of another kind", instead(ServerName(((9, b"?"),))), None),
    ("no name that could be", instead(ServerName.of("no name at all")), None),
    ("no extensions that matter", without(ServerName, EncryptThenMAC, ExtendedMasterSecret, SignatureAlgorithms), None),
]


@pytest.mark.parametrize(
    ("change", "alert"), [case[1:] for case in CLIENT_HELLOS], ids=[case[0] for case in CLIENT_HELLOS]
)
def test_client_hellos(change: Change, alert: AlertDescription | None) -> None:
    assert meet_changed(Role.CLIENT, HandshakeType.CLIENT_HELLO, change) is alert


def test_a_later_version_is_answered_with_tls_1_2() -> None:
    """RFC 5246 appendix E.1. The premaster secret has the version that was offered."""
    for version in (0x0304, 0x03FF, 0x7F00):
        assert meet_changed(Role.CLIENT, HandshakeType.CLIENT_HELLO, offering(version)) is None


SERVER_HELLOS: list[tuple[str, Change, AlertDescription | None]] = [
    ("TLS 1.1", lambda h: replace(h, server_version=0x0302), AlertDescription.PROTOCOL_VERSION),
    ("TLS 1.3", lambda h: replace(h, server_version=0x0304), AlertDescription.PROTOCOL_VERSION),
    ("SSL 2.0", lambda h: replace(h, server_version=0x0002), AlertDescription.PROTOCOL_VERSION),
    ("an unknown suite", lambda h: replace(h, cipher_suite=0x1301), AlertDescription.ILLEGAL_PARAMETER),
    ("a suite not offered", lambda h: replace(h, cipher_suite=0x003C), AlertDescription.ILLEGAL_PARAMETER),
    ("a signalling suite", lambda h: replace(h, cipher_suite=0x00FF), AlertDescription.ILLEGAL_PARAMETER),
    ("compression", lambda h: replace(h, compression_method=1), AlertDescription.ILLEGAL_PARAMETER),
    ("an extension not offered", adding(UnknownExtension(18, b"")), AlertDescription.UNSUPPORTED_EXTENSION),
    ("an unknown extension", adding(UnknownExtension(0x1234, b"")), AlertDescription.UNSUPPORTED_EXTENSION),
    ("a renegotiation", instead(RenegotiationInfo(bytes(24))), AlertDescription.HANDSHAKE_FAILURE),
    ("no secure renegotiation", without(RenegotiationInfo), AlertDescription.HANDSHAKE_FAILURE),
    ("no extensions", lambda h: replace(h, extensions=None), AlertDescription.HANDSHAKE_FAILURE),
    ("a session to be resumed", lambda h: replace(h, session_id=bytes(32)), None),
]


@pytest.mark.parametrize(
    ("change", "alert"), [case[1:] for case in SERVER_HELLOS], ids=[case[0] for case in SERVER_HELLOS]
)
def test_server_hellos(change: Change, alert: AlertDescription | None) -> None:
    options = {"suites": RSA_SUITES[:1]}
    assert meet_changed(Role.SERVER, HandshakeType.SERVER_HELLO, change, **options) is alert


def test_extensions_that_were_not_offered() -> None:
    for option in ("encrypt_then_mac", "extended_master_secret"):
        extension = EncryptThenMAC() if option == "encrypt_then_mac" else ExtendedMasterSecret()
        alert = meet_changed(Role.SERVER, HandshakeType.SERVER_HELLO, adding(extension), **{option: False})
        assert alert is AlertDescription.UNSUPPORTED_EXTENSION


def chain(*certificates: bytes) -> Change:
    return lambda message: CertificateMessage(certificates)


CERTIFICATES: list[tuple[str, Callable[[bytes], tuple[bytes, ...]], AlertDescription]] = [
    ("one cut short", lambda der: (der[:-1],), AlertDescription.BAD_CERTIFICATE),
    ("a byte too much", lambda der: (der + b"\0",), AlertDescription.BAD_CERTIFICATE),
    ("no certificate at all", lambda der: (b"certificate",), AlertDescription.BAD_CERTIFICATE),
    ("another one damaged", lambda der: (der, der[:100]), AlertDescription.BAD_CERTIFICATE),
    ("a changed signature", lambda der: (der[:-1] + bytes([der[-1] ^ 1]),), AlertDescription.BAD_CERTIFICATE),
    ("too many", lambda der: (der,) * (MAXIMUM_CHAIN + 1), AlertDescription.CERTIFICATE_UNKNOWN),
]


@pytest.mark.parametrize("liar", Role)
@pytest.mark.parametrize(
    ("change", "alert"), [case[1:] for case in CERTIFICATES], ids=[case[0] for case in CERTIFICATES]
)
def test_certificates_that_are_none(
    liar: Role, change: Callable[[bytes], tuple[bytes, ...]], alert: AlertDescription
) -> None:
    def changed(message: CertificateMessage) -> CertificateMessage:
        return CertificateMessage(change(message.certificate_list[0]))

    assert meet_changed(liar, HandshakeType.CERTIFICATE, changed) is alert


def test_a_server_must_show_a_certificate() -> None:
    assert meet_changed(Role.SERVER, HandshakeType.CERTIFICATE, chain()) is AlertDescription.DECODE_ERROR


def test_as_many_certificates_as_allowed() -> None:
    change: Change = lambda message: CertificateMessage(message.certificate_list * MAXIMUM_CHAIN)  # noqa: E731
    for liar in Role:
        assert meet_changed(liar, HandshakeType.CERTIFICATE, change) is None


BAD_IDENTITIES: list[tuple[str, dict[str, Any], AlertDescription]] = [
    ("expired", {"begin": NOW - 5 * DAY, "end": NOW - timedelta(seconds=1)}, AlertDescription.CERTIFICATE_EXPIRED),
    ("not yet valid", {"begin": NOW + timedelta(seconds=1)}, AlertDescription.CERTIFICATE_EXPIRED),
    ("foreign", {"issuer": "another root"}, AlertDescription.UNKNOWN_CA),
    ("for another purpose", {"purposes": (Purpose.CODE_SIGNING,)}, AlertDescription.UNSUPPORTED_CERTIFICATE),
]


@pytest.mark.parametrize(
    ("options", "alert"), [case[1:] for case in BAD_IDENTITIES], ids=[c[0] for c in BAD_IDENTITIES]
)
@pytest.mark.parametrize("role", Role)
def test_certificates_that_are_refused(role: Role, options: dict[str, Any], alert: AlertDescription) -> None:
    who = identity(f"{role.value}.example", **options)
    if role is Role.SERVER:
        refusing, refused = meet(client_configuration(), server_configuration(who=who))
    else:
        refused, refusing = meet(client_configuration(who=who), server_configuration(mutual=True))
    assert isinstance(refusing.error, RemoteProtocolError)
    assert refusing.error.alert is alert
    assert isinstance(refused.error, RemoteProtocolError)
    assert (refused.error.alert, refused.error.received) == (alert, True)


def test_a_certificate_for_another_name() -> None:
    client, _ = meet(client_configuration(server_name="other.example"), server_configuration())
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.BAD_CERTIFICATE
    assert "not for other.example" in str(client.error)


def test_a_certificate_for_servers_is_none_for_clients_and_the_other_way_round() -> None:
    server_only = identity("server.example", purposes=(Purpose.SERVER_AUTH,))
    client_only = identity("client.example", purposes=(Purpose.CLIENT_AUTH,))
    client, server = meet(client_configuration(who=client_only), server_configuration(who=server_only, mutual=True))
    assert (client.error, server.error) == (None, None)
    client, server = meet(client_configuration(who=server_only), server_configuration(mutual=True))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.UNSUPPORTED_CERTIFICATE
    wrong = identity("server.example", purposes=(Purpose.CLIENT_AUTH,))
    client, server = meet(client_configuration(), server_configuration(who=wrong))
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.UNSUPPORTED_CERTIFICATE


def test_a_client_without_certificate() -> None:
    client, server = meet(client_configuration(), server_configuration(mutual=True))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.HANDSHAKE_FAILURE
    client, server = meet(client_configuration(), server_configuration(mutual=True, require_client_certificate=False))
    assert (client.error, server.error) == (None, None)
    assert len(server.got(PeerCertificateMissing)) == 1
    assert server.got(HandshakeCompleted)[0].peer_chain is None


def test_a_client_shows_nothing_that_the_server_could_not_verify() -> None:
    who = identity("client.example")
    pss, pkcs1 = (SCHEMES[0x0804],), (SCHEMES[0x0401],)
    client, server = meet(
        client_configuration(who=who, signature_schemes=pss),
        server_configuration(mutual=True, require_client_certificate=False, signature_schemes=pkcs1),
    )
    assert (client.error, server.error) == (None, None)
    assert len(server.got(PeerCertificateMissing)) == 1
    client = Side(Connection(client_configuration(who=who)))
    server = Side(Connection(server_configuration(mutual=True, require_client_certificate=False)))
    ecdsa_only: Change = lambda request: replace(request, certificate_types=(64,))  # noqa: E731
    say_otherwise(server.connection, HandshakeType.CERTIFICATE_REQUEST, ecdsa_only)
    talk(client, server)
    assert (client.error, server.error) == (None, None)
    assert len(server.got(PeerCertificateMissing)) == 1


KINDS = {"ecdsa_secp256r1_sha256": "P-256", "ed25519": "Ed25519"}
KINDS |= {scheme.name: "RSA-PSS" for scheme in DEFAULT_SCHEMES if scheme.public_key is RSAPSSPublicKey}


@pytest.mark.parametrize("scheme", DEFAULT_SCHEMES, ids=str)
@pytest.mark.parametrize("signer", Role)
def test_every_signature_scheme(scheme: SignatureScheme, signer: Role) -> None:
    kind = KINDS.get(scheme.name, "P-384" if scheme.curve else "RSA")
    suites = (SUITES[0xC02F], SUITES[0xC02B])
    client, server = meet(
        client_configuration(
            who=identity("client.example", kind=kind if signer is Role.CLIENT else "RSA"),
            signature_schemes=(scheme, *DEFAULT_SCHEMES),
            suites=suites,
        ),
        server_configuration(
            who=identity("server.example", kind=kind if signer is Role.SERVER else "RSA"),
            mutual=True,
            signature_schemes=(scheme, *DEFAULT_SCHEMES),
            suites=suites,
        ),
    )
    assert (client.error, server.error) == (None, None)
    verifier = server if signer is Role.CLIENT else client
    expected = scheme if scheme.curve is not P521 else SCHEMES[0x0503]  # the one that suits the curve of the key
    assert verifier.got(PeerSignatureVerified) == [PeerSignatureVerified(expected)]


@pytest.mark.parametrize(
    ("change", "alert"),
    [
        (lambda m: replace(m, signature=bytes(len(m.signature))), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, signature=m.signature[:-1]), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, signature=b""), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, algorithm=0x0401), AlertDescription.DECRYPT_ERROR),  # another that was offered
        (lambda m: replace(m, algorithm=0x0403), AlertDescription.ILLEGAL_PARAMETER),  # for another kind of key
        (lambda m: replace(m, algorithm=0x0201), AlertDescription.ILLEGAL_PARAMETER),  # with SHA-1
        (lambda m: replace(m, algorithm=0x0A0A), AlertDescription.ILLEGAL_PARAMETER),
    ],
)
def test_certificate_verify(change: Change, alert: AlertDescription) -> None:
    assert meet_changed(Role.CLIENT, HandshakeType.CERTIFICATE_VERIFY, change) is alert


def test_somebody_elses_certificate() -> None:
    """A client that shows a certificate whose key it does not have."""
    thief = client_configuration(who=identity("client.example"))
    object.__setattr__(thief, "private_key", key("thief"))
    client, server = meet(thief, server_configuration(mutual=True))
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.DECRYPT_ERROR
    # A server that does so cannot decrypt the premaster secret: its Finished cannot be right.
    impostor = server_configuration()
    object.__setattr__(impostor.identity, "private_key", key("thief"))
    client, server = meet(client_configuration(), impostor)
    assert isinstance(server.error, RemoteProtocolError)
    assert client.connection.state is State.FAILED
    assert not client.got(HandshakeCompleted)


@pytest.mark.parametrize("liar", Role)
def test_finished(liar: Role) -> None:
    for i in range(12):
        assert meet_changed(liar, HandshakeType.FINISHED, spoilt(i)) is AlertDescription.DECRYPT_ERROR


def spoilt(i: int) -> Change:
    """Change one bit of byte i of verify_data."""
    return lambda m: Finished(m.verify_data[:i] + bytes([m.verify_data[i] ^ 1]) + m.verify_data[i + 1 :])


def test_a_finished_of_the_other_side_does_not_do() -> None:
    seen: list[Finished] = []

    def note(message: Finished) -> Finished:
        seen.append(message)
        return message

    client, server = Side(Connection(client_configuration())), Side(Connection(server_configuration()))
    say_otherwise(client.connection, HandshakeType.FINISHED, note)
    say_otherwise(server.connection, HandshakeType.FINISHED, lambda message: seen[0])
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.DECRYPT_ERROR


def sending(encrypted: bytes) -> Change:
    return lambda message: EncryptedPremasterSecret(encrypted)


@pytest.mark.parametrize("suite", [0xFF01, 0x003C])
def test_what_is_wrong_with_a_premaster_secret_does_not_show(suite: int) -> None:
    """RFC 5246 §7.4.7.1: whatever it is, all goes on until a record does not decrypt, always the same."""
    public_key = identity("server.example").chain[0].public_key
    assert isinstance(public_key, RSAPublicKey)
    right = b"\3\3" + seeded("premaster")(46)

    def encrypt(premaster: bytes) -> bytes:
        if suite == 0xFF01:
            return oaep_encrypt(public_key, premaster, hash=sha256)
        return pkcs1v15_encrypt(public_key, premaster)

    wrong = [
        encrypt(b"\3\2" + right[2:]),  # the version is not the ClientHello's
        encrypt(b"\0\0" + right[2:]),
        encrypt(right[:-1]),
        encrypt(right + b"\0"),
        encrypt(b""),
        encrypt(bytes(100)),
        bytes(256),
        b"\xff" * 256,  # no number below the modulus
        bytes(255),
        bytes(257),
        b"",
        pkcs1v15_encrypt(public_key, right) if suite == 0xFF01 else oaep_encrypt(public_key, right, hash=sha256),
        oaep_encrypt(public_key, right, hash=sha256, label=b"another"),
    ]
    stories = set()
    for encrypted in wrong:
        client = Side(Connection(client_configuration(suites=(SUITES[suite],))))
        server = Side(Connection(server_configuration()))
        say_otherwise(client.connection, HandshakeType.CLIENT_KEY_EXCHANGE, sending(encrypted))
        talk(client, server)
        assert isinstance(server.error, RemoteProtocolError)
        assert len(server.got(MasterSecretAgreed)) == 1
        stories.add((tuple(type(event).__name__ for event in server.events), str(server.error)))
    [(_, error)] = stories
    assert error.endswith("(alert bad_record_mac)")


def test_a_premaster_secret_with_another_version_is_none() -> None:
    """The client really has it, and all else is right: only the version tells that somebody changed the hello."""
    client, server = Side(Connection(client_configuration())), Side(Connection(server_configuration()))
    party = client.connection._party
    assert isinstance(party, Client)
    party._hello = replace(party._hello, client_version=0x0302)
    talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.BAD_RECORD_MAC


def test_a_changed_byte_of_the_hellos_is_found_at_finished_at_the_latest() -> None:
    """A man in the middle changes what nobody checks before: the suites that are offered."""
    for encrypt_then_mac in (False, True):
        client = Side(Connection(client_configuration(encrypt_then_mac=encrypt_then_mac)))
        server = Side(Connection(server_configuration()))
        hello = bytearray(client.connection.data_to_send())
        offered = RSA_SUITES[0].code.to_bytes(2, "big") + RSA_SUITES[1].code.to_bytes(2, "big")
        at = hello.index(offered)
        hello[at : at + 2] = b"\x0a\x0a"  # the best one is not offered any more
        server.connection.receive_data(bytes(hello))
        talk(client, server)
        assert isinstance(server.error, RemoteProtocolError)
        assert server.error.alert in (AlertDescription.BAD_RECORD_MAC, AlertDescription.DECRYPT_ERROR)
        assert not server.got(HandshakeCompleted)


def test_without_extended_master_secret_it_is_finished_that_notices() -> None:
    client = Side(Connection(client_configuration(extended_master_secret=False)))
    server = Side(Connection(server_configuration()))
    hello = bytearray(client.connection.data_to_send())
    at = hello.index(RSA_SUITES[0].code.to_bytes(2, "big") + RSA_SUITES[1].code.to_bytes(2, "big"))
    hello[at : at + 2] = b"\x0a\x0a"
    server.connection.receive_data(bytes(hello))
    talk(client, server)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.DECRYPT_ERROR
    assert "Finished" in str(server.error)


def test_misuse_is_a_local_error() -> None:
    connection = Connection(client_configuration())
    with pytest.raises(LocalProtocolError, match="application data cannot be sent"):
        connection.send(b"too early")
    with pytest.raises(TypeError, match="expected bytes"):
        connection.receive_data("text")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="ClientConfiguration or ServerConfiguration"):
        Connection(None)  # type: ignore[arg-type]  # the same
    connection.receive_data(b"")
    with pytest.raises(LocalProtocolError, match="after its end"):
        connection.receive_data(b"more")
    client, server = meet(client_configuration(), server_configuration())
    with pytest.raises(TypeError, match="expected bytes"):
        client.connection.send("text")  # type: ignore[arg-type]  # the same
    client.connection.send(b"")
    assert client.connection.data_to_send() == b""
    client.connection.close()
    client.connection.close()
    with pytest.raises(LocalProtocolError):
        client.connection.send(b"too late")
    server.connection.send(b"what was still to be said")
    talk(client, server)
    assert server.connection.state is client.connection.state is State.CLOSED


def test_an_error_is_raised_again_and_again() -> None:
    connection = Connection(server_configuration())
    connection.receive_data(b"GET / HTTP/1.1\r\n\r\n")
    for _ in range(3):
        side = Side(connection)
        side.drain()
        assert isinstance(side.error, RemoteProtocolError)
        assert "unknown type 71" in str(side.error)
    assert connection.data_to_send() == bytes.fromhex("15 0303 0002 02 0a")
    connection.receive_data(b"more of it")
    assert connection.data_to_send() == b""


def test_giving_up_in_the_midst_of_a_handshake() -> None:
    client, server = Side(Connection(client_configuration())), Side(Connection(server_configuration()))
    server.connection.receive_data(client.output())
    server.drain()
    server.connection.close()
    talk(client, server)
    assert isinstance(client.error, RemoteProtocolError)
    assert (client.error.alert, client.error.received) == (AlertDescription.CLOSE_NOTIFY, True)
    assert server.got(AlertSent)[0] == AlertSent(AlertLevel.WARNING, AlertDescription.USER_CANCELED)
    assert server.connection.state is State.CLOSED


def test_a_fault_of_our_own_tells_the_peer_and_ends_the_connection() -> None:
    def broken_clock() -> Any:
        raise RuntimeError("the clock stands still")

    client, server = meet(client_configuration(clock=broken_clock), server_configuration())
    assert isinstance(client.error, RuntimeError)
    assert isinstance(server.error, RemoteProtocolError)
    assert (server.error.alert, server.error.received) == (AlertDescription.INTERNAL_ERROR, True)
    assert client.connection.state is State.FAILED
