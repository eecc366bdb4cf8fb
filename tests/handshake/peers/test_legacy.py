"""Signatures with SHA-1 and SHA-224: with old peers where that is wanted, and with nobody where it is not."""

from dataclasses import replace

import pytest

from handshake.connection import Connection
from handshake.events import PeerSignatureVerified
from handshake.machine import State
from handshake.messages.extensions import SignatureAlgorithms, SignatureAlgorithmsCert
from handshake.registries.signature_schemes import LEGACY_SCHEMES, SignatureScheme
from handshake.suites.table import DEFAULT_SUITES
from record.alerts import AlertDescription, RemoteProtocolError
from tests.handshake.support.parties import (
    Identity,
    Side,
    client_configuration,
    identity,
    meet,
    server_configuration,
    talk,
)

KINDS = {"rsa": "RSA", "ecdsa": "P-256"}


def whose(scheme: SignatureScheme, name: str) -> Identity:
    return identity(name, kind=KINDS[scheme.name.partition("_")[0]])


def both(scheme: SignatureScheme, *, client_legacy: bool, server_legacy: bool) -> tuple[Side, Side]:
    """A client and a server that both sign, one of which takes this scheme alone, and whatever is legacy."""
    client = client_configuration(who=whose(scheme, "client"), suites=DEFAULT_SUITES, legacy=client_legacy)
    server = server_configuration(
        who=whose(scheme, "server.example"), mutual=True, suites=DEFAULT_SUITES, legacy=server_legacy
    )
    return meet(replace(client, signature_schemes=[scheme]), server)


@pytest.mark.parametrize("scheme", LEGACY_SCHEMES, ids=repr)
def test_old_schemes_sign_in_both_directions(scheme: SignatureScheme) -> None:
    client, server = both(scheme, client_legacy=False, server_legacy=True)  # the client names this one only
    assert [side.connection.state for side in (client, server)] == [State.CONNECTED] * 2
    for side in (client, server):
        assert [event.scheme for event in side.got(PeerSignatureVerified)] == [scheme]


@pytest.mark.parametrize("scheme", LEGACY_SCHEMES, ids=repr)
def test_by_default_they_sign_nothing(scheme: SignatureScheme) -> None:
    client, server = both(scheme, client_legacy=False, server_legacy=False)
    assert isinstance(server.error, RemoteProtocolError)
    assert server.error.alert is AlertDescription.HANDSHAKE_FAILURE
    assert client.connection.state is State.FAILED


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("kind", KINDS.values())
def test_a_client_that_names_none_means_sha1(kind: str, legacy: bool) -> None:
    client = Connection(client_configuration(suites=DEFAULT_SUITES, legacy=True))
    hello = client._party._hello
    kept = tuple(
        extension
        for extension in hello.extensions or ()
        if not isinstance(extension, SignatureAlgorithms | SignatureAlgorithmsCert)
    )
    client.data_to_send()
    client._channel.transcript._messages.clear()
    from handshake.messages.handshake import write_message
    from record.codes import ContentType

    data = write_message(replace(hello, extensions=kept))
    client._channel._write(ContentType.HANDSHAKE, data)
    client._channel.transcript.add(data)
    who = identity("server.example", kind=kind)
    sides = Side(client), Side(Connection(server_configuration(who=who, suites=DEFAULT_SUITES, legacy=legacy)))
    talk(*sides)
    if legacy:
        assert [side.connection.state for side in sides] == [State.CONNECTED] * 2
        [event] = sides[0].got(PeerSignatureVerified)
        assert event.scheme.name.endswith("_sha1")
    elif kind == "RSA":  # RSA key transport needs no signature
        assert sides[0].got(PeerSignatureVerified) == []
    else:
        assert isinstance(sides[1].error, RemoteProtocolError)
        assert sides[1].error.alert is AlertDescription.HANDSHAKE_FAILURE


def test_certificates_are_no_exception() -> None:
    """What a client offers for certificates stays as it was."""
    hello = Connection(client_configuration(suites=DEFAULT_SUITES, legacy=True))._party._hello
    [schemes] = [each for each in hello.extensions or () if type(each) is SignatureAlgorithms]
    [in_certificates] = [each for each in hello.extensions or () if isinstance(each, SignatureAlgorithmsCert)]
    old = {scheme.code for scheme in LEGACY_SCHEMES}
    assert old <= set(schemes.schemes)
    assert old.isdisjoint(in_certificates.schemes)
