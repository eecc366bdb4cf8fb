"""Certificates that come compressed, and compressed messages that would come to too much."""

import zlib
from dataclasses import replace
from typing import Any

import pytest

from handshake.events import MessageReceived, PeerCertificateVerified
from handshake.messages.compressed_certificate import LONGEST, CompressedCertificate
from handshake.messages.handshake import TLS13_MESSAGES, read_message, write_message
from handshake.messages.tls13_authentication import CertificateEntry, TLS13CertificateMessage
from handshake.registries.codes import ZLIB
from handshake.tls13.server import Server
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_3
from tests.handshake.support.parties import Side, client_configuration, identity, meet, server_configuration

ONLY: dict[str, Any] = {"versions": (TLS_1_3,)}
MESSAGE = TLS13CertificateMessage(b"", (CertificateEntry(b"a certificate" * 40),))
SQUEEZED = CompressedCertificate.of(MESSAGE)


def came_compressed(side: Side) -> bool:
    kinds = {type(e.message) for e in side.got(MessageReceived)}
    assert (CompressedCertificate in kinds) != (TLS13CertificateMessage in kinds)
    return CompressedCertificate in kinds


@pytest.mark.parametrize("ours", [False, True])
@pytest.mark.parametrize("theirs", [False, True])
def test_they_are_compressed_if_both_want_that(ours: bool, theirs: bool) -> None:
    client, server = meet(
        client_configuration(**ONLY, who=identity("client.example"), compress_certificates=ours),
        server_configuration(**ONLY, mutual=True, compress_certificates=theirs),
    )
    assert (client.error, server.error) == (None, None)
    for side in (client, server):
        assert came_compressed(side) == (ours and theirs)
        assert side.got(PeerCertificateVerified)


def test_the_form() -> None:
    data = write_message(SQUEEZED)
    assert (
        data[:12].hex() == f"19{len(data) - 4:06x}0001{SQUEEZED.uncompressed_length:06x}{len(SQUEEZED.compressed):06x}"
    )
    assert read_message(data, forms=TLS13_MESSAGES) == SQUEEZED
    assert SQUEEZED.decompress() == MESSAGE
    for end in range(4, len(data)):
        with pytest.raises(RemoteProtocolError):
            read_message(data[:1] + (end - 4).to_bytes(3, "big") + data[4:end], forms=TLS13_MESSAGES)


@pytest.mark.parametrize(
    ("message", "alert"),
    [
        (replace(SQUEEZED, algorithm=2), AlertDescription.ILLEGAL_PARAMETER),
        (replace(SQUEEZED, algorithm=0), AlertDescription.ILLEGAL_PARAMETER),
        (replace(SQUEEZED, uncompressed_length=LONGEST + 1), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, uncompressed_length=SQUEEZED.uncompressed_length + 1), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, uncompressed_length=SQUEEZED.uncompressed_length - 1), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, uncompressed_length=0), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, compressed=SQUEEZED.compressed[:-1]), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, compressed=SQUEEZED.compressed + b"\0"), AlertDescription.BAD_CERTIFICATE),
        (replace(SQUEEZED, compressed=b"not zlib"), AlertDescription.BAD_CERTIFICATE),
        (CompressedCertificate(ZLIB, 100, zlib.compress(bytes(10**8))), AlertDescription.BAD_CERTIFICATE),
        (CompressedCertificate(ZLIB, 3, zlib.compress(b"\0\0\1")), AlertDescription.DECODE_ERROR),
        (CompressedCertificate(ZLIB, 5, zlib.compress(bytes(5))), AlertDescription.DECODE_ERROR),  # bytes behind it
    ],
)
def test_what_is_refused(message: CompressedCertificate, alert: AlertDescription) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        message.decompress()
    assert caught.value.alert is alert


def test_one_that_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Server.send_certificate_message

    def compressed(self: Server, message: TLS13CertificateMessage, *, offered: Any) -> None:
        self.channel.send_message(CompressedCertificate.of(message))

    monkeypatch.setattr(Server, "send_certificate_message", compressed)
    client, _ = meet(client_configuration(**ONLY), server_configuration(**ONLY))
    assert send is not compressed
    assert isinstance(client.error, RemoteProtocolError)
    assert client.error.alert is AlertDescription.UNEXPECTED_MESSAGE
