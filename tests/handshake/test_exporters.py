"""Keying material for other protocols: the same on both sides, and what OpenSSL computes."""

from typing import Any

import pytest

from handshake.connection import Connection
from handshake.suites.table import SUITES
from record.alerts import LocalProtocolError
from record.codes import TLS_1_2, TLS_1_3
from tests.handshake.support.parties import client_configuration, meet, server_configuration

LABEL = b"EXPORTER-Channel-Binding"


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_both_sides_export_the_same_and_every_input_matters(version: int) -> None:
    ours: dict[str, Any] = {"versions": (version,), "suites": (SUITES[0xC02F],)}
    client, server = meet(client_configuration(**ours), server_configuration(**ours))
    ways = [(LABEL, b"", 32), (LABEL, b"a", 32), (b"another", b"", 32), (LABEL, b"", 48), (LABEL, None, 32)]
    exported = [client.connection.export(*way) for way in ways]
    assert exported == [server.connection.export(*way) for way in ways]
    assert len(set(exported)) == (5 if version == TLS_1_2 else 4)  # in TLS 1.3, no context is an empty one
    assert [len(each) for each in exported] == [32, 32, 32, 48, 32]
    other, _ = meet(client_configuration("another", **ours), server_configuration("others", **ours))
    assert other.connection.export(*ways[0]) != exported[0]


def test_what_exports_nothing() -> None:
    with pytest.raises(LocalProtocolError, match="is established"):
        Connection(client_configuration()).export(LABEL, b"", 32)
    client, server = meet(client_configuration(extended_master_secret=False), server_configuration())
    for side in (client, server):
        with pytest.raises(LocalProtocolError, match="without the extended master secret"):
            side.connection.export(LABEL, b"", 32)
    client, _ = meet(client_configuration(), server_configuration())
    for label, context in ((b"", b""), (bytes(250), b""), (LABEL, bytes(65536))):
        with pytest.raises(ValueError, match="expected"):
            client.connection.export(label, context, 32)
