import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain.layout import Layout
from explain.showing.byte_view import View, explained, faults
from handshake.messages.authentication import CertificateMessage, CertificateRequest, CertificateVerify
from handshake.messages.extension_places import IN_CLIENT_HELLO, IN_SERVER_HELLO
from handshake.messages.extensions import (
    ApplicationProtocols,
    ECPointFormats,
    EncryptThenMAC,
    ExtendedMasterSecret,
    Extension,
    RenegotiationInfo,
    ServerName,
    ServerNameAcknowledged,
    SignatureAlgorithms,
    SupportedGroups,
    UnknownExtension,
)
from handshake.messages.handshake import (
    ACCEPTED,
    LONGEST,
    MESSAGES,
    HandshakeMessage,
    message_layout,
    read_message,
    write_message,
)
from handshake.messages.hello import ClientHello, HelloRequest, ServerHello, ServerHelloDone
from handshake.messages.keys import (
    ClientDHPublic,
    ClientECDHPublic,
    EncryptedPremasterSecret,
    Finished,
    ServerDHKeyExchange,
    ServerDHParams,
    ServerECDHKeyExchange,
    ServerECDHParams,
)
from handshake.messages.meanings import MEANINGS
from handshake.messages.reassembly import Reassembly
from handshake.registries.codes import EXTENSION_NAMES, GREASE, HandshakeType
from record.alerts import AlertDescription, RemoteProtocolError
from tests.documentation.contents import wrong_sections

uint8, uint16 = st.integers(0, 255), st.integers(0, 65535)
random = st.binary(min_size=32, max_size=32)
session_id = st.binary(max_size=32)
names = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=20)
schemes = st.lists(uint16, min_size=1, max_size=5).map(tuple)


def unknown(known: dict[int, object]) -> st.SearchStrategy[Extension]:
    kinds = st.one_of(uint16, st.sampled_from(list(GREASE))).filter(lambda kind: kind not in known)
    return st.builds(UnknownExtension, kinds, st.binary(max_size=20))


def extensions(known: list[st.SearchStrategy[Extension]], table: object) -> st.SearchStrategy[object]:
    any_of = st.lists(
        st.one_of(*known, unknown(table)),  # type: ignore[arg-type]  # a mapping, of which only the keys matter
        max_size=5,
        unique_by=lambda extension: extension.extension_type,
    )
    return st.none() | any_of.map(tuple)


IN_BOTH: list[st.SearchStrategy[Extension]] = [
    st.just(EncryptThenMAC()),
    st.just(ExtendedMasterSecret()),
    st.builds(RenegotiationInfo, st.binary(max_size=30)),
    st.builds(ECPointFormats, st.lists(uint8, max_size=3).map(lambda formats: (0, *formats))),
    st.builds(ApplicationProtocols, st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=3).map(tuple)),
]
client_extensions = extensions(
    [
        *IN_BOTH,
        st.builds(ServerName.of, names),
        st.builds(SignatureAlgorithms, schemes),
        st.builds(SupportedGroups, schemes),
    ],
    IN_CLIENT_HELLO,
)
server_extensions = extensions([*IN_BOTH, st.just(ServerNameAcknowledged())], IN_SERVER_HELLO)

MESSAGE: st.SearchStrategy[HandshakeMessage] = st.one_of(
    st.just(HelloRequest()),
    st.builds(
        ClientHello,
        uint16,
        random,
        session_id,
        st.lists(uint16, min_size=1, max_size=8).map(tuple),
        st.lists(uint8, min_size=1, max_size=3).map(tuple),
        client_extensions,
    ),
    st.builds(ServerHello, uint16, random, session_id, uint16, uint8, server_extensions),
    st.builds(CertificateMessage, st.lists(st.binary(min_size=1, max_size=50), max_size=4).map(tuple)),
    st.builds(
        CertificateRequest,
        st.lists(uint8, min_size=1, max_size=4).map(tuple),
        schemes,
        st.lists(st.binary(min_size=1, max_size=30), max_size=3).map(tuple),
    ),
    st.just(ServerHelloDone()),
    st.builds(EncryptedPremasterSecret, st.binary(max_size=300)),
    st.builds(CertificateVerify, uint16, st.binary(max_size=300)),
    st.builds(Finished, st.binary(min_size=12, max_size=12)),
)


@given(MESSAGE)
@settings(max_examples=200)
def test_what_is_written_is_read_and_explained(message: HandshakeMessage) -> None:
    written = Layout()
    data = write_message(message, layout=written)
    assert data[0] == message.handshake_type
    assert read_message(data) == message
    assert written.fields == message_layout(data)
    assert wrong_sections(written.fields) == []
    assert faults(View("", "", data, explained(written.fields, MEANINGS))) == []


public = st.binary(min_size=1, max_size=60)
KEY_EXCHANGE: st.SearchStrategy[HandshakeMessage] = st.one_of(
    st.builds(ServerECDHKeyExchange, st.builds(ServerECDHParams, uint16, public), uint16, st.binary(max_size=80)),
    st.builds(ServerDHKeyExchange, st.builds(ServerDHParams, public, public, public), uint16, st.binary(max_size=80)),
    st.builds(ClientECDHPublic, public),
    st.builds(ClientDHPublic, public),
)


@given(KEY_EXCHANGE)
@settings(max_examples=100)
def test_messages_whose_form_the_suite_decides(message: HandshakeMessage) -> None:
    forms = {message.handshake_type: type(message)}
    written = Layout()
    data = write_message(message, layout=written)
    assert read_message(data, forms=forms) == message
    assert written.fields == message_layout(data, forms=forms)
    assert wrong_sections(written.fields) == []
    assert faults(View("", "", data, explained(written.fields, MEANINGS))) == []
    body = data[4:]
    for changed in [body[:cut] for cut in range(len(body))] + [body + b"\0"]:
        with pytest.raises(RemoteProtocolError) as caught:
            read_message(data[:1] + len(changed).to_bytes(3, "big") + changed, forms=forms)
        assert caught.value.alert is AlertDescription.DECODE_ERROR


def test_a_curve_without_a_name_is_refused() -> None:
    for curve_type in (0, 1, 2, 4):
        with pytest.raises(RemoteProtocolError) as caught:
            read_message(bytes([12, 0, 0, 5, curve_type, 0, 23, 1, 4]))
        assert caught.value.alert is AlertDescription.ILLEGAL_PARAMETER


def outcome(data: bytes) -> HandshakeMessage | AlertDescription:
    """The message, or the alert for it."""
    try:
        return read_message(data)
    except RemoteProtocolError as error:
        return error.alert


@given(MESSAGE)
@settings(max_examples=60)
def test_every_cut_and_every_byte_too_much_is_a_decode_error(message: HandshakeMessage) -> None:
    data = write_message(message)
    body = data[4:]
    for cut in range(len(data)):
        assert outcome(data[:cut]) is AlertDescription.DECODE_ERROR
    assert outcome(data + b"\0") is AlertDescription.DECODE_ERROR
    assert outcome(data[:1] + (len(body) + 1).to_bytes(3, "big") + body + b"\0") is AlertDescription.DECODE_ERROR
    for cut in range(len(body)):  # with a header that says so
        shorter = data[:1] + cut.to_bytes(3, "big") + body[:cut]
        read = outcome(shorter)
        if isinstance(read, AlertDescription):
            assert read is AlertDescription.DECODE_ERROR
        else:  # a hello may end before its extensions
            assert write_message(read) == shorter


@given(MESSAGE, st.data())
@settings(max_examples=200)
def test_whatever_is_changed_is_read_or_refused(message: HandshakeMessage, data: st.DataObject) -> None:
    changed = bytearray(write_message(message))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(uint8)
    read = outcome(bytes(changed))
    if isinstance(read, AlertDescription):
        assert read in (
            AlertDescription.DECODE_ERROR,
            AlertDescription.ILLEGAL_PARAMETER,
            AlertDescription.UNEXPECTED_MESSAGE,
        )
    else:  # nothing is read that is not in the message
        assert write_message(read) == changed


def hello(extension_bytes: bytes) -> bytes:
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\0\x3c" + b"\1\0" + len(extension_bytes).to_bytes(2, "big")
    body += extension_bytes
    return b"\1" + len(body).to_bytes(3, "big") + body


def extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data


@pytest.mark.parametrize(
    ("data", "alert"),
    [
        (extension(23, b"") * 2, AlertDescription.ILLEGAL_PARAMETER),  # the same twice
        (extension(0x1234, b"") * 2, AlertDescription.ILLEGAL_PARAMETER),  # even if it means nothing
        (extension(23, b"x"), AlertDescription.DECODE_ERROR),  # extended_master_secret is empty
        (extension(22, b"x"), AlertDescription.DECODE_ERROR),  # and so is encrypt_then_mac
        (extension(13, b""), AlertDescription.DECODE_ERROR),
        (extension(13, b"\0\0"), AlertDescription.DECODE_ERROR),  # no scheme
        (extension(13, b"\0\3\4\1\4"), AlertDescription.DECODE_ERROR),  # one and a half
        (extension(0, b""), AlertDescription.DECODE_ERROR),
        (extension(0, b"\0\0"), AlertDescription.DECODE_ERROR),  # no name
        (extension(0, b"\0\3\0\0\0"), AlertDescription.DECODE_ERROR),  # an empty one
        (extension(0, b"\0\4\0\0\1a\0"), AlertDescription.DECODE_ERROR),  # a byte behind the list
        (extension(0, b"\0\x08\0\0\1a\0\0\1b"), AlertDescription.ILLEGAL_PARAMETER),  # two of a type
        (extension(0, b"\0\4\0\0\1\xff"), AlertDescription.ILLEGAL_PARAMETER),  # not ASCII
        (extension(0, b"\0\4\0\0\1\0"), AlertDescription.ILLEGAL_PARAMETER),  # a zero
        (extension(0xFF01, b""), AlertDescription.DECODE_ERROR),
        (extension(0xFF01, b"\1"), AlertDescription.DECODE_ERROR),
        (b"\0", AlertDescription.DECODE_ERROR),
        (extension(23, b"")[:-1], AlertDescription.DECODE_ERROR),
    ],
)
def test_bad_extensions(data: bytes, alert: AlertDescription) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read_message(hello(data))
    assert caught.value.alert is alert


def test_names_of_types_to_come_are_read_over() -> None:
    message = read_message(hello(extension(0, b"\0\x08\7\0\1?\0\0\1a")))
    assert isinstance(message, ClientHello)
    assert message.extensions == (ServerName(((7, b"?"), (0, b"a"))),)
    assert message.extensions[0].host_name == "a"
    assert ServerName(((7, b"?"),)).host_name is None


@pytest.mark.parametrize(
    "body",
    [
        b"\1" + b"\3\3" + bytes(32) + b"\x21" + bytes(33) + b"\0\2\0\x3c\1\0",  # session_id of 33 bytes
        b"\1" + b"\3\3" + bytes(32) + b"\0" + b"\0\0" + b"\1\0",  # no suites
        b"\1" + b"\3\3" + bytes(32) + b"\0" + b"\0\3\0\x3c\0" + b"\1\0",  # one and a half
        b"\1" + b"\3\3" + bytes(32) + b"\0" + b"\0\2\0\x3c" + b"\0",  # no compression method
        b"\2" + b"\3\3" + bytes(32) + b"\x21" + bytes(33) + b"\0\x3c\0",
        b"\x0b" + b"\0\0\3\0\0\0",  # an empty certificate
        b"\x0b" + b"\0\0\1\0",
        b"\x0d" + b"\0" + b"\0\2\4\1" + b"\0\0",  # no certificate types
        b"\x0d" + b"\1\1" + b"\0\0" + b"\0\0",  # no schemes
        b"\x0d" + b"\1\1" + b"\0\2\4\1" + b"\0\2\0\0",  # an empty name
        b"\x0e" + b"\0",  # ServerHelloDone is empty
        b"\0" + b"\0",  # and so is HelloRequest
        b"\x14" + bytes(11),
        b"\x14" + bytes(13),
    ],
)
def test_bad_bodies(body: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read_message(body[:1] + (len(body) - 1).to_bytes(3, "big") + body[1:])
    assert caught.value.alert is AlertDescription.DECODE_ERROR


def test_unknown_types_are_unexpected() -> None:
    for code in set(range(256)) - {kind.value for kind in MESSAGES}:
        assert outcome(bytes([code, 0, 0, 0])) is AlertDescription.UNEXPECTED_MESSAGE
    for code in set(range(256)) - {kind.value for kind in HandshakeType}:
        reassembly = Reassembly()
        reassembly.add(bytes([code]))
        with pytest.raises(RemoteProtocolError) as caught:
            reassembly.peek()
        assert caught.value.alert is AlertDescription.UNEXPECTED_MESSAGE


@given(st.lists(MESSAGE, max_size=5), st.integers(1, 40))
@settings(max_examples=50)
def test_messages_are_put_together_however_they_are_cut(messages: list[HandshakeMessage], cut: int) -> None:
    stream = b"".join(map(write_message, messages))
    reassembly = Reassembly()
    taken = []
    for start in range(0, len(stream), cut):
        reassembly.add(stream[start : start + cut])
        while (data := reassembly.take()) is not None:
            taken.append(read_message(data))
    assert taken == messages
    assert not reassembly.pending


@pytest.mark.parametrize("kind", MESSAGES)
def test_no_message_may_be_longer_than_its_vectors_allow_or_than_anybody_needs(kind: HandshakeType) -> None:
    limits = [
        (LONGEST.get(kind), AlertDescription.DECODE_ERROR),
        (ACCEPTED.get(kind), AlertDescription.ILLEGAL_PARAMETER),
    ]
    assert any(length is not None for length, _ in limits)
    for length, alert in limits:
        if length is not None:
            reassembly = Reassembly()
            reassembly.add(bytes([kind]) + (length + 1).to_bytes(3, "big"))
            with pytest.raises(RemoteProtocolError) as caught:
                reassembly.take()
            assert caught.value.alert is alert
    most = min(length for length, _ in limits if length is not None)
    reassembly = Reassembly()
    reassembly.add(bytes([kind]) + most.to_bytes(3, "big"))
    assert (reassembly.take() is None) == (most > 0)  # waits for it


def test_grease_has_its_name() -> None:
    assert list(GREASE)[:2] == [0x0A0A, 0x1A1A]
    assert all(EXTENSION_NAMES[value] == "GREASE" for value in GREASE)
    assert len(GREASE) == 16
