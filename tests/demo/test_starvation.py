"""The demo's servers, short of descriptors, memory or threads: they shed load, and go on."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.crowd import client_configuration
from demo.bank.protocol import HOLDS
from demo.chat.protocol import HERE, JOINED, SAID
from demo.party.dialogue import Dialogue
from demo.party.subject import TTP_NAME
from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.stream import Stream
from pki.est.client import EnrolmentClient
from pki.x509 import Certificate
from tests.demo.support.parties import ANY_PORT
from tests.support.starvation import LIMITS, PATIENCE, goes_on, starved


def established(transport: socket.socket, configuration: ClientConfiguration) -> Stream:
    stream = Stream(transport, Connection(configuration), idle_timeout=PATIENCE)
    stream.handshake(PATIENCE)
    return stream


def enrolment(directory: Path) -> Callable[[socket.socket], None]:
    roots = (Certificate.from_pem((directory / "client" / "root.pem").read_bytes()),)

    def visit(transport: socket.socket) -> None:
        stream = established(transport, ClientConfiguration(roots=roots, server_name=TTP_NAME))
        assert EnrolmentClient(stream, host=TTP_NAME).ca_certificates() == roots

    return visit


def bank(directory: Path) -> Callable[[socket.socket], None]:
    def visit(transport: socket.socket) -> None:
        dialogue = Dialogue(established(transport, client_configuration(directory)), other="the bank")
        dialogue.say(do="balance")
        assert dialogue.hear(HOLDS) == {"balance": "0"}

    return visit


def chat(directory: Path) -> Callable[[socket.socket], None]:
    def visit(transport: socket.socket) -> None:
        stream = established(transport, client_configuration(directory))
        assert Dialogue(stream, other="the chat").hear(HERE, JOINED, SAID)
        stream.close()

    return visit


SERVERS = {
    "enrolment": (enrolment, ("ttp", "--stay")),
    "bank": (bank, ("bank", "server")),
    "chat": (chat, ("chat", "server", "--kex", "x25519")),
}


@pytest.mark.slow
@pytest.mark.parametrize("short_of", LIMITS)
@pytest.mark.parametrize("which", SERVERS)
def test_a_server_that_is_short_of_something_goes_on(which: str, short_of: str, enrolled: Path) -> None:
    """600 say half a hello and stay: an honest client of another address is served, and later one of theirs."""
    visit, words = SERVERS[which]
    general = ("--directory", enrolled, "--listen", ANY_PORT, "--json")
    goes_on(starved(short_of, "demo", *words, *general), visit(enrolled))
