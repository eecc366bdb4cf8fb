"""Captures of TLS 1.3: tshark decrypts the handshake, early data, the data, and what comes after new keys."""

import time
from pathlib import Path
from typing import Any

import pytest

from handshake.capture.capture import Capture
from handshake.registries.groups import GROUPS
from handshake.sessions.stores import SessionStore
from handshake.sessions.tickets import TicketKeys
from handshake.stream import Stream, connect, serve
from handshake.suites.tls13 import TLS13_SUITES
from record.codes import TLS_1_3
from tests.conftest import PeerTool, run
from tests.handshake.capture.test_capture import complaints, dissected
from tests.handshake.support.parties import client_configuration, identity, server_configuration

FIELDS = ("tls.handshake.ciphersuite", "tls.handshake.type", "tls.app_data", "tls.handshake.extensions_server_name")


def answer(stream: Stream) -> None:
    """Say something back under the keys of before, and something under new ones."""
    while data := stream.recv():
        stream.sendall(b"answer to " + data)
        stream.update_keys()
        stream.sendall(b"under new keys")


def converse(path: Path, *, client: Any = {}, server: Any = {}, times: int = 1) -> None:  # noqa: B006 - never changed
    with Capture(path, clock=time.time_ns) as capture:
        ours = client_configuration(
            versions=(TLS_1_3,), who=identity("client.example"), key_log=capture.key_log, **client
        )
        theirs = server_configuration(versions=(TLS_1_3,), mutual=True, **server)
        with serve(("127.0.0.1", 0), theirs, answer) as listener:
            for _ in range(times):
                with connect(listener.address[:2], ours, capture=capture) as stream:
                    for question in (b"a question", b"another one"):
                        stream.sendall(question)
                        heard = b""
                        while not heard.endswith(b"under new keys"):
                            heard += stream.recv()
                        stream.update_keys(request_update=True)


@pytest.mark.parametrize(
    "suite",
    [pytest.param(suite, marks=[] if suite.code == 0x1303 else pytest.mark.slow) for suite in TLS13_SUITES.values()],
    ids=str,
)
@pytest.mark.parametrize("group", [GROUPS[29], pytest.param(GROUPS[0x11EC], marks=pytest.mark.slow)], ids=str)
def test_tshark_decrypts_every_suite(peer_tool: PeerTool, tmp_path: Path, suite: Any, group: Any) -> None:
    tshark, path = peer_tool("tshark"), tmp_path / "capture"
    common = {"tls13_suites": (suite,), "groups": (group,)}
    converse(path, client=common, server=common)
    text = run(tshark, "-r", path, "-q", "-z", "follow,tls,ascii,0")
    for words in ("a question", "another one", "answer to", "under new keys"):
        assert words in text
    found = dissected(tshark, path, *FIELDS)["0"]
    assert f"0x{suite.code:04x}" in found["tls.handshake.ciphersuite"]
    types = {int(kind) for kind in found["tls.handshake.type"].replace(";", ",").split(",") if kind}
    assert types == {1, 2, 8, 11, 13, 15, 20, 24}  # all of them, the encrypted ones, too
    assert complaints(tshark, path) == ""


def test_tshark_decrypts_resumption_and_early_data(peer_tool: PeerTool, tmp_path: Path) -> None:
    tshark, path = peer_tool("tshark"), tmp_path / "capture"
    converse(
        path,
        client={"sessions": SessionStore(), "early_data": b"said before the handshake", "groups": (GROUPS[29],)},
        server={"ticket_keys": TicketKeys(), "maximum_early_data": 100},
        times=2,
    )
    text = run(tshark, "-r", path, "-q", "-z", "follow,tls,ascii,1")
    for words in ("said before the handshake", "a question", "under new keys"):
        assert words in text
    types = dissected(tshark, path, "tls.handshake.type")["1"]["tls.handshake.type"]
    assert {int(kind) for kind in types.replace(";", ",").split(",") if kind} == {1, 2, 4, 5, 8, 20, 24}
    assert complaints(tshark, path) == ""
