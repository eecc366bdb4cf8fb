"""Diffie–Hellman in the handshake: groups, what a server chooses, and what a peer can get wrong."""

from dataclasses import replace
from typing import Any

import pytest

from handshake.configuration import Identity
from handshake.connection import Connection
from handshake.events import AlertReceived, HandshakeCompleted, MessageSent, PremasterSecretAgreed
from handshake.messages.extensions import ECPointFormats, SupportedGroups, UnknownExtension
from handshake.messages.keys import ClientDHPublic, ServerDHKeyExchange
from handshake.registries.codes import HandshakeType, Role
from handshake.registries.groups import DEFAULT_GROUPS, GROUPS, group_by_name
from handshake.registries.key_agreement import Group
from handshake.suites.ephemeral import DHE, ECDHE
from handshake.suites.table import DEFAULT_SUITES, SUITES, suite_by_name
from primitives.dh import FFDHE2048, MODP2048
from primitives.ec import P256, ECPublicKey, generate_ec_private_key
from record.alerts import AlertDescription, AlertLevel, RemoteProtocolError
from tests.handshake.support.parties import (
    Side,
    client_configuration,
    identity,
    meet,
    seeded,
    server_configuration,
    talk,
)
from tests.handshake.tls12.test_faults import Change, adding, changed_client, instead, say_otherwise, without

ON_CURVE, MODULO = SUITES[0xC02F], SUITES[0x009E]


def meet_changed(liar: Role, kind: HandshakeType, change: Change, suite: int = 0xC02F) -> AlertDescription | None:
    """The alert for one changed message; None if it does no harm."""
    suites = (SUITES[suite],)
    client = Side(Connection(client_configuration(suites=suites)))
    server = Side(Connection(server_configuration(suites=suites)))
    if kind is HandshakeType.CLIENT_HELLO:
        client.connection = changed_client(change, {"suites": suites})
    side, other = (client, server) if liar is Role.CLIENT else (server, client)
    say_otherwise(side.connection, kind, change)
    talk(client, server)
    if other.error is None:
        return None
    assert isinstance(other.error, RemoteProtocolError), other.error
    assert side.got(AlertReceived)[-1] == AlertReceived(AlertLevel.FATAL, other.error.alert)
    return other.error.alert


@pytest.mark.parametrize("group", [group for group in DEFAULT_GROUPS if not group.post_quantum], ids=str)
def test_every_group(group: Group) -> None:
    suite = ON_CURVE if group.dh is None else MODULO
    client, server = meet(client_configuration(suites=(suite,), groups=(group,)), server_configuration(suites=(suite,)))
    assert (client.error, server.error) == (None, None)
    for side in (client, server):
        assert side.got(PremasterSecretAgreed) == [PremasterSecretAgreed(suite.key_exchange.name, group.name)]
        assert side.got(HandshakeCompleted)[0].parameters.group is group
    assert group_by_name(group.name) is group


def test_leading_zeros_of_the_secret_are_stripped_modulo_a_prime_only() -> None:
    """RFC 5246 §8.1.2, RFC 8422 §5.10."""
    for group, stripped in ((GROUPS[256], True), (GROUPS[23], False)):
        size = 256 if stripped else 32
        for seed in range(2000):
            pair, *others = (group.offer(seeded(f"{name}{seed}")) for name in ("a", "b"))
            if stripped:
                x, y = pair.key.x, others[0].key.x  # type: ignore[attr-defined]  # it is one modulo a prime
                if pow(2, x * y, FFDHE2048.p) >> 8 * 255:
                    continue
            exchange = DHE() if stripped else ECDHE()
            share, answered = exchange.answer(group, pair.share, random_bytes=seeded(f"b{seed}"))
            secret = bytes(answered)
            assert (share, secret) == (others[0].share, bytes(exchange.agree(pair, share, named=True)))
            if stripped:
                assert len(secret) == size - 1
                assert secret[0] != 0
                break
            assert len(secret) == size
            if secret[0] == 0:
                break
        else:
            raise AssertionError("no secret with a leading zero")


def params(**changes: Any) -> Change:
    return lambda message: replace(message, params=replace(message.params, **changes))


OFF_CURVE = b"\4" + bytes(63) + b"\1"
COMPRESSED = generate_ec_private_key(P256, random_bytes=seeded("c")).public_key.to_bytes(compressed=True)


@pytest.mark.parametrize(
    "public", [b"\0", b"\4", OFF_CURVE, COMPRESSED, bytes(65), b"\4" + b"\xff" * 64], ids=lambda p: p[:2].hex()
)
def test_a_point_that_is_none_is_refused(public: bytes) -> None:
    key = group_by_name("secp256r1")
    with pytest.raises(RemoteProtocolError) as caught:
        ECDHE().agree(key.offer(seeded(1)), public, named=True)
    assert caught.value.alert is AlertDescription.ILLEGAL_PARAMETER


@pytest.mark.parametrize("public", [bytes(32), bytes(31), bytes(33), b"\1" + bytes(31)], ids=lambda p: f"{len(p)}")
def test_a_key_for_x25519_that_is_none_is_refused(public: bytes) -> None:
    change: Change = lambda message: replace(message, public=public)  # noqa: E731 - as short as it is
    alert = meet_changed(Role.CLIENT, HandshakeType.CLIENT_KEY_EXCHANGE, change)
    assert alert is AlertDescription.ILLEGAL_PARAMETER


@pytest.mark.parametrize("y", [0, 1, FFDHE2048.p - 1, FFDHE2048.p, FFDHE2048.p - 4])
def test_a_number_that_is_no_key_is_refused(y: int) -> None:
    """RFC 7919 §4; the last of them is in range, but in no subgroup."""
    change: Change = lambda message: ClientDHPublic(y.to_bytes(256, "big"))  # noqa: E731 - as short as it is
    alert = meet_changed(Role.CLIENT, HandshakeType.CLIENT_KEY_EXCHANGE, change, 0x009E)
    assert alert is AlertDescription.HANDSHAKE_FAILURE


def test_what_the_server_signed_cannot_be_changed() -> None:
    kind = HandshakeType.SERVER_KEY_EXCHANGE
    for change in (params(public=bytes(31) + b"\1"), params(named_curve=23), params(named_curve=25)):
        assert meet_changed(Role.SERVER, kind, change) is AlertDescription.DECRYPT_ERROR
    for change, alert in (
        (lambda m: replace(m, signature=b""), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, algorithm=0x0401), AlertDescription.DECRYPT_ERROR),
        (lambda m: replace(m, algorithm=0x0403), AlertDescription.ILLEGAL_PARAMETER),  # for another kind of key
        (lambda m: replace(m, algorithm=0x0201), AlertDescription.ILLEGAL_PARAMETER),  # with SHA-1
    ):
        assert meet_changed(Role.SERVER, kind, change) is alert


def test_a_group_of_the_servers_own_making_is_refused() -> None:
    """Even if it is signed."""
    groups = DHE().params(GROUPS[256], GROUPS[256].offer(seeded(1)).share)
    assert DHE().group_of(groups, DEFAULT_GROUPS) is GROUPS[256]
    assert DHE().group_of(replace(groups, p=MODP2048.p.to_bytes(256, "big")), DEFAULT_GROUPS).name == "modp2048"
    for changed in (replace(groups, p=b"\x17"), replace(groups, g=b"\5")):
        with pytest.raises(RemoteProtocolError) as caught:
            DHE().group_of(changed, DEFAULT_GROUPS)
        assert caught.value.alert is AlertDescription.INSUFFICIENT_SECURITY
    curve = ECDHE().params(GROUPS[24], GROUPS[24].offer(seeded(1)).share)
    with pytest.raises(RemoteProtocolError) as caught:
        ECDHE().group_of(curve, [GROUPS[23]])
    assert caught.value.alert is AlertDescription.ILLEGAL_PARAMETER


HELLOS: list[tuple[int, Change, AlertDescription | str | None]] = [
    (0xC02F, without(SupportedGroups), "secp256r1"),
    (0xC02F, instead(SupportedGroups((0x0A0A, 24, 23))), "secp256r1"),
    (0xC02F, instead(SupportedGroups((26, 27, 256))), AlertDescription.HANDSHAKE_FAILURE),
    (0xC02F, without(ECPointFormats), "x25519"),
    (0xC02F, instead(ECPointFormats((2, 0))), "x25519"),
    (0xC02F, instead(ECPointFormats((1, 2))), AlertDescription.ILLEGAL_PARAMETER),
    (0xC02F, adding(UnknownExtension(0x0A0A, b"\0")), "x25519"),
    (0x009E, without(SupportedGroups), "ffdhe2048"),
    (0x009E, instead(SupportedGroups((29, 23))), "ffdhe2048"),  # a client that names no prime does not know RFC 7919
    (0x009E, instead(SupportedGroups((258, 257))), "ffdhe3072"),
    (0x009E, instead(SupportedGroups((260, 29))), AlertDescription.INSUFFICIENT_SECURITY),
]


@pytest.mark.parametrize(("suite", "change", "outcome"), HELLOS)
def test_what_the_server_makes_of_the_clients_groups(
    suite: int, change: Change, outcome: AlertDescription | str | None
) -> None:
    configuration: dict[str, Any] = {"suites": (SUITES[suite],)}
    client = Side(changed_client(change, configuration))
    server = Side(Connection(server_configuration(**configuration)))
    talk(client, server)
    if isinstance(outcome, AlertDescription):
        assert isinstance(server.error, RemoteProtocolError)
        assert server.error.alert is outcome
    else:
        parameters = server.connection._party.parameters
        assert str(parameters.group) == outcome
        assert client.error is None


def test_the_suite_follows_the_certificates() -> None:
    rsa, ecdsa = identity("server.example"), identity("server.example", kind="P-256")
    both = server_configuration(
        who=rsa, more_identities=(Identity(ecdsa.chain, ecdsa.private_key),), suites=DEFAULT_SUITES
    )

    def chosen(*suites: str, **changes: Any) -> tuple[str, bool]:
        offered = tuple(map(suite_by_name, suites)) or DEFAULT_SUITES
        client, server = meet(client_configuration(suites=offered, **changes), both)
        assert (client.error, server.error) == (None, None)
        assert client.connection.parameters is not None
        assert client.connection.peer_chain is not None
        return (
            client.connection.parameters.suite.openssl_name,
            isinstance(client.connection.peer_chain[0].public_key, ECPublicKey),
        )

    assert chosen() == ("ECDHE-ECDSA-AES128-GCM-SHA256", True)
    assert chosen("ECDHE-RSA-AES128-SHA256") == ("ECDHE-RSA-AES128-SHA256", False)
    assert chosen("AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA") == ("ECDHE-ECDSA-AES256-SHA", True)
    # A client that does not verify on P-256 gets the other certificate.
    assert chosen(groups=(GROUPS[29],)) == ("ECDHE-RSA-AES128-GCM-SHA256", False)
    both = replace(both, prefer_client_order=True)
    assert chosen("AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA") == ("AES256-GCM-SHA384", False)


def test_the_certificate_follows_the_name() -> None:
    other = identity("other.example")
    server = server_configuration(more_identities=(Identity(other.chain, other.private_key),), suites=DEFAULT_SUITES)
    for name in ("server.example", "other.example"):
        client, _ = meet(client_configuration(server_name=name, suites=DEFAULT_SUITES), server)
        assert client.error is None
        assert client.connection.peer_chain is not None
        assert client.connection.peer_chain[0].dns_names == [name] or name in client.connection.peer_chain[0].dns_names


def test_no_two_handshakes_have_the_same_keys() -> None:
    messages = []
    for seed in range(3):
        client, server = meet(
            client_configuration(seed, suites=(MODULO,)), server_configuration(seed, suites=(MODULO,))
        )
        assert client.error is None
        messages += [
            event.message.params.public
            for event in server.got(MessageSent)
            if isinstance(event.message, ServerDHKeyExchange)
        ]
    assert len(set(messages)) == 3
