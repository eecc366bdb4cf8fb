"""What a server wants to find in the client's certificate."""

from typing import Any

import pytest

from handshake.events import OwnCertificateNotShown, PeerCertificateVerified
from handshake.messages.oid_filters import OIDFilters
from pki.asn1.der_writer import integer, oid
from pki.fields.extensions import ExtendedKeyUsage, KeyUsage, Purpose, Usage
from record.alerts import AlertDescription, RemoteProtocolError
from record.codes import TLS_1_3
from record.presentation import Reader, Writer
from tests.handshake.support.parties import client_configuration, identity, meet, server_configuration

ONLY: dict[str, Any] = {"versions": (TLS_1_3,)}
SIGNING = KeyUsage(frozenset({Usage.DIGITAL_SIGNATURE}))
CERTIFYING = KeyUsage(frozenset({Usage.DIGITAL_SIGNATURE, Usage.KEY_CERT_SIGN}))
CLIENT, CODE = ExtendedKeyUsage((Purpose.CLIENT_AUTH.value,)), ExtendedKeyUsage(("1.3.6.1.5.5.7.3.3",))


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [((SIGNING, CLIENT), True), ((CERTIFYING,), False), ((CLIENT,), True), ((SIGNING, CODE), False)],
)
def test_a_client_shows_its_certificate_if_it_has_that(wanted: Any, shown: bool) -> None:
    client, server = meet(
        client_configuration(**ONLY, who=identity("client.example")),
        server_configuration(**ONLY, mutual=True, require_client_certificate=False, certificate_filters=wanted),
    )
    assert (client.error, server.error) == (None, None)
    assert bool(server.got(PeerCertificateVerified)) == shown
    reason = "it has not the usages or purposes that the server wants"
    assert client.got(OwnCertificateNotShown) == ([] if shown else [OwnCertificateNotShown(reason)])


def read(data: bytes) -> OIDFilters:
    reader = Reader(data)
    found = OIDFilters.read(reader)
    reader.finish()
    return found


def written(filters: OIDFilters) -> bytes:
    writer = Writer()
    filters.write(writer)
    return writer.data


def test_the_form() -> None:
    unknown = OIDFilters((*OIDFilters.of(SIGNING, CLIENT).filters, (oid("", "1.2.3").encoding, b"")))
    data = written(unknown)
    assert read(data) == unknown
    assert unknown.unknown == ("1.2.3",)
    assert [each.oid for each in unknown.wanted] == [KeyUsage.oid, ExtendedKeyUsage.oid]
    assert unknown.match(identity("client.example").chain[0])
    for end in range(len(data)):
        with pytest.raises(RemoteProtocolError):
            read(data[:end])
    with pytest.raises(RemoteProtocolError):
        read(data + b"\0")


@pytest.mark.parametrize(
    ("filters", "alert"),
    [
        (OIDFilters.of(SIGNING, CERTIFYING).filters, AlertDescription.ILLEGAL_PARAMETER),
        (OIDFilters.of(ExtendedKeyUsage(("2.5.29.37.0",))).filters, AlertDescription.ILLEGAL_PARAMETER),
        (((oid("", KeyUsage.oid).encoding, b"\3"),), AlertDescription.DECODE_ERROR),
        (((integer("", 5).encoding, b""),), AlertDescription.DECODE_ERROR),
        (((oid("", KeyUsage.oid).encoding, b"\3\2\7\x80\0"),), AlertDescription.DECODE_ERROR),
    ],
)
def test_what_is_refused(filters: Any, alert: AlertDescription) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read(written(OIDFilters(filters)))
    assert caught.value.alert is alert
