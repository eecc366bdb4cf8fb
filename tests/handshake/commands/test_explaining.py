"""Everything that goes over a connection explains itself: no byte is left unexplained, and no secret is shown."""

import pytest

from explain import trace
from explain.layout import Field, unexplained
from explain.showing.byte_view import View, explained, faults
from handshake.commands.event_log import EventLog
from handshake.events import MasterSecretAgreed, MessageReceived, MessageSent
from handshake.messages.meanings import MEANINGS
from handshake.registries.codes import RECEIVED, SENT, Direction, Role
from record.layer import OPENING, Record
from record.meanings import MEANINGS as RECORD_MEANINGS
from tests.handshake.support.parties import (
    Side,
    client_configuration,
    identity,
    meet,
    server_configuration,
    talk,
    tls12,
)


def conversation(*, encrypt_then_mac: bool = True) -> tuple[Side, Side, list[tuple[Direction, Record]]]:
    records: list[tuple[Direction, Record]] = []
    client, server = meet(
        client_configuration(
            who=identity("client.example"),
            encrypt_then_mac=encrypt_then_mac,
            record_log=lambda direction, record: records.append((direction, record)),
        ),
        server_configuration(mutual=True),
    )
    client.connection.send(b"hello")
    server.connection.send(b"hello yourself")
    client.connection.close()
    talk(client, server)
    assert (client.error, server.error) == (None, None)
    return client, server, records


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_no_byte_of_any_record_is_unexplained(encrypt_then_mac: bool) -> None:
    client, server, records = conversation(encrypt_then_mac=encrypt_then_mac)
    for direction, side in ((SENT, client), (RECEIVED, server)):
        assert b"".join(record.wire for way, record in records if way is direction) == b"".join(side.sent)
    assert len(records) == 16
    for _, record in records:
        assert unexplained(record.layout(), len(record.wire)) == []
        assert faults(View("", "", record.wire, explained(record.layout(), RECORD_MEANINGS))) == []


@pytest.mark.parametrize("encrypt_then_mac", [False, True])
def test_what_was_sealed_is_explained_before_and_after_decryption(encrypt_then_mac: bool) -> None:
    opened = 0
    for _, record in conversation(encrypt_then_mac=encrypt_then_mac)[2]:
        for part in (part for field in record.layout() for _, part in field.walk() if part.opened):
            assert part.opened is not None
            inner = {field.label: part.opened.data[field.start : field.end] for field in part.opened.fields}
            assert inner["content"] == record.content
            assert set(inner["padding_length"] + inner.get("padding", b"")) == {inner["padding_length"][0]}
            assert ("MAC" in inner) is not encrypt_then_mac
            assert record.content.hex() not in repr(part)
            opened += 1
    assert opened == 6  # two Finished, two texts, two goodbyes


def test_no_byte_of_any_message_is_unexplained() -> None:
    for side in conversation()[:2]:
        for event in side.got(MessageSent) + side.got(MessageReceived):
            assert unexplained(event.layout(), len(event.data)) == []
            assert faults(View("", "", event.data, explained(event.layout(), MEANINGS))) == []


def values(fields: list[Field], label: str) -> list[str]:
    return [part.value for field in fields for _, part in field.walk() if part.label == label]


def test_values_are_shown_by_their_names() -> None:
    client, _, _ = conversation()
    hello = client.got(MessageSent)[0].layout()
    assert values(hello, "msg_type") == ["client_hello"]
    assert values(hello, "client_version") == ["TLS 1.2"]
    assert values(hello, "cipher_suite")[0] == "TLS_RSA_OAEP_WITH_AES_128_CBC_SHA256"
    assert values(hello, "extension_type") == [
        "renegotiation_info",
        "server_name",
        "encrypt_then_mac",
        "extended_master_secret",
        "record_size_limit",
        "signature_algorithms",
    ]
    assert values(hello, "algorithm")[4] == "rsa_pss_rsae_sha256"
    verify = client.got(MessageSent)[3].layout()
    assert values(verify, "algorithm") == ["rsa_pss_rsae_sha256"]


def test_secrets_are_not_shown() -> None:
    lines: list[str] = []
    client, server = meet(client_configuration(key_log=lines.append), server_configuration())
    [line] = lines
    label, client_random, master_secret = line.split(" ")
    parameters = client.connection.parameters
    assert parameters is not None
    assert (label, client_random, len(master_secret)) == ("CLIENT_RANDOM", parameters.client_random.hex(), 96)
    secret = bytes.fromhex(master_secret)
    for side in (client, server):
        party = tls12(side.connection)
        assert party.master_secret._value == secret
        assert repr(party.master_secret) == "<MasterSecret, 48 bytes>"
        shown = repr(side.events) + repr(vars(party)) + repr(vars(side.connection._channel))
        for form in (repr(secret)[2:-1], master_secret):
            assert form not in shown
    assert client.got(MasterSecretAgreed) == [
        MasterSecretAgreed(extended=True, protection="AES-128-CBC with HMAC-SHA256, encrypt-then-MAC")
    ]


def test_the_computations_can_be_watched() -> None:
    with trace.recording() as steps:
        conversation()
    names = [step.name for step in steps]
    for name in ("master_secret", "key_block", "verify_data", "GenericBlockCipher", OPENING):
        assert name in names
    assert all(step.section and step.why for step in steps)
    [key_block, _] = [step for step in steps if step.name == "key_block"]
    parts = [step for step in key_block.steps if step.name != "PRF"]
    assert [part.name for part in parts] == [
        "client_write_MAC_key",
        "server_write_MAC_key",
        "client_write_key",
        "server_write_key",
    ]
    assert key_block.value == b"".join(part.value for part in parts if isinstance(part.value, bytes))


@pytest.mark.parametrize("width", [80, 60])
def test_the_log_says_what_and_why_once_for_each_kind_of_field(width: int) -> None:
    client = conversation()[0]
    messages = [event for event in client.events if isinstance(event, MessageSent | MessageReceived)]
    lines: list[str] = []
    log = EventLog(Role.CLIENT, lines.append, explain=True, width=width)
    for message in messages:
        log(message)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    told = {part.meaning for m in messages for top in explained(m.layout(), MEANINGS) for part in top.walk()}
    for what, why, _ in told:
        assert text.count(f"{what} why: {why}") == 1
    assert text.count(" why: ") == len(told)
    labels = [field.label for m in messages for top in m.layout() for _, field in top.walk()]
    for label in labels:
        assert label in text
