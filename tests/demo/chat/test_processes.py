"""The chat as real processes: people who talk, in a pipe, at a terminal, and some who do not behave."""

import json
import socket
import subprocess
from pathlib import Path

import pytest

from demo.party.address import Address
from demo.stage.processes import PartyProcess
from demo.wire.flows import Flow
from demo.wire.tap import Tap
from primitives.dh import MODP2048
from tests.demo.chat.test_strength import parameters
from tests.demo.support.parties import ANY_PORT, PATIENCE, Ending, Parties, copy, listening
from tests.demo.support.terminal import DEMO, ROOT, Terminal, demo


@pytest.fixture(scope="module")
def state(people_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(people_once, tmp_path_factory.mktemp("chat") / "state")


class Chat:
    """A server and its clients."""

    def __init__(self, state: Path, parties: Parties, *options: str) -> None:
        self._parties, self._options = parties, options
        self.server = parties.start("chat server", "--listen", ANY_PORT, *options)
        self.address = listening(self.server)

    def join(
        self, name: str, *, address: Address | None = None, options: tuple[str, ...] | None = None
    ) -> PartyProcess:
        where = ("--name", name, "--connect", str(address or self.address))
        return self._parties.start("chat client", *where, *(self._options if options is None else options))


def sees(process: PartyProcess, text: str) -> None:
    """Wait until the text is on somebody's screen."""
    number = 0
    while process.wait_for("shown", number=number, timeout=PATIENCE)["text"] != text:
        number += 1


def shown(process: PartyProcess) -> list[str]:
    return [event["text"] for event in process.events if event["event"] == "shown"]


@pytest.mark.parametrize(
    ("options", "suite"),
    [
        (("--kex", "dh", "--aes", "256", "--group", "ffdhe3072"), "TLS_DHE_RSA_WITH_AES_256_CFB_SHA256"),
        (("--kex", "x25519"), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    ],
)
def test_a_chat_in_both_directions(state: Path, tmp_path: Path, options: tuple[str, ...], suite: str) -> None:
    log = tmp_path / "log"
    with Parties(state) as parties:
        chat = Chat(state, parties, *options)
        with Tap(chat.address) as tap:
            asha = chat.join("asha", address=tap.address, options=(*options, "--log", str(log)))
            assert asha.wait_for("chat begins", timeout=PATIENCE)["suite"] == suite
            bala = chat.join("bala", address=tap.address)
            sees(asha, "bala has joined")
            asha.answer("नमस्ते, Bala")
            sees(bala, "asha: नमस्ते, Bala")
            sees(chat.server, "asha: नमस्ते, Bala")
            bala.answer("\x1b[2Jgone\x07")
            sees(asha, "bala: \x1b[2Jgone\x07")  # as it was sent; the screen is another matter
            chat.server.answer("closing soon")
            sees(asha, "server: closing soon")
            sees(bala, "server: closing soon")
            bala.answer("exit")
            assert Ending.of(bala).status == 0
            sees(asha, "bala has left")
            chat.server.answer("exit")
            assert Ending.of(chat.server).status == 0
            sees(asha, "The server has ended the chat.")
            assert Ending.of(asha).status == 0
        wire = b"".join(capture.stream(way) for capture in tap.captures for way in Flow)
    assert b"closing" not in wire
    assert "asha: नमस्ते, Bala" not in shown(asha)  # one's own words do not come back
    lines = log.read_text().splitlines()
    assert [line.split(" ", 1)[1].split(" ")[0] for line in lines] == ["connected", "left"]
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_parameter_file_and_a_log_and_strangers(state: Path, enrolled_once: Path, tmp_path: Path) -> None:
    path, log = parameters(tmp_path / "dh.pem", MODP2048.p, MODP2048.g), tmp_path / "log"
    options = ("--kex", "dh", "--dh-parameters", str(path))
    with Parties(state) as parties, Parties(enrolled_once) as strangers:
        chat = Chat(state, parties, *options, "--log", str(log))
        asha = chat.join("asha", options=options)
        sees(chat.server, "asha has joined")
        again = chat.join("asha", options=options)
        sees(chat.server, "asha (2) has joined")
        stranger = Ending.of(strangers.start("chat client", "--connect", str(chat.address), *options))
        assert (stranger.status, "certificate is refused" in stranger.line) == (1, True)
        weaker = Ending.of(chat.join("bala", options=("--kex", "x25519")))
        assert (weaker.status, "handshake_failure" in weaker.line) == (1, True)
        with socket.create_connection(chat.address) as connection:
            connection.sendall(b"hello?\r\n\r\n")
            connection.recv(100)
        again.close_parent_pipe()  # the end of its input
        assert Ending.of(again).status == 0
        sees(asha, "asha (2) has left")
        asha.answer("x" * 5000)
        sees(chat.server, f"asha: {'x' * 1000}")
        chat.server.kill()
        ended = Ending.of(asha)
        assert (ended.status, ended.line.startswith("chat client: ")) == (1, True)
    text = log.read_text()
    assert "asha has joined from 127.0.0.1:" in text
    assert "asha (2) has left 127.0.0.1:" in text
    assert text.count("error with 127.0.0.1:") == 3
    assert "modp2048" in text


def test_at_a_terminal(state: Path) -> None:
    with Parties(state) as parties:
        chat = Chat(state, parties)
        words = ("--name", "asha", "--directory", str(state), "--connect", str(chat.address))
        terminal = Terminal("chat", "client", *words)
        terminal.read_until("asha> ")
        bala = chat.join("bala")
        terminal.read_until("bala has joined")
        terminal.read_until("asha> ")
        terminal.type("hallo\x7f\x7f\x7fllo")  # edited
        bala.answer("\x1b[2Jgone")
        terminal.read_until("bala: \\x1b[2Jgone")
        terminal.read_until("asha> ")  # what was typed stands below again
        terminal.type("\n")
        sees(bala, "asha: hallo")
        terminal.read_until("asha> ")  # before that the terminal itself would take the end of input, and keep it
        terminal.type("\x04")
        assert terminal.exit_status() == 0
        assert "\x1b[2J" not in terminal.shown
        sees(bala, "asha has left")
        terminal = Terminal("chat", "client", *words)
        terminal.read_until("here: bala")
        terminal.type("\x03")  # `input` may be about to begin
        assert terminal.exit_status() == 130
        assert terminal.shown.rstrip().endswith("Interrupted.")


def test_in_a_pipe(state: Path) -> None:
    with Parties(state) as parties:
        chat = Chat(state, parties)
        bala = chat.join("bala")
        bala.wait_for("chat begins", timeout=PATIENCE)
        words = ("chat", "client", "--name", "asha", "--directory", str(state), "--connect", str(chat.address))
        typed = b"one\n\n  \n\xff\xfe\nlast line without an end"
        asha = subprocess.Popen(
            [*DEMO, *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert asha.stdout is not None
        heard = b""
        while b"here: bala" not in heard and (line := asha.stdout.readline()):
            heard += line  # a client that leaves before the greeting has come does not get it (RFC 5246 §7.2.1)
        rest, complaints = asha.communicate(typed, timeout=PATIENCE)
        assert (asha.returncode, complaints) == (0, b"")
        assert b"here: bala" in heard
        assert b"asha> " not in heard + rest
        for text in ("asha: one", "asha: \ufffd\ufffd", "asha: last line without an end", "asha has left"):
            sees(bala, text)


def test_a_server_without_input_serves_until_it_is_told_to_end(state: Path) -> None:
    server = subprocess.Popen(
        [*DEMO, "chat", "server", "--json", "--directory", str(state), "--listen", ANY_PORT],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    address = next(json.loads(line)["address"] for line in server.stdout if '"listening"' in line)
    with Parties(state) as parties:
        asha = parties.start("chat client", "--name", "asha", "--connect", address)
        sees(asha, "here: nobody else")
        server.terminate()
        _, complaints = server.communicate(timeout=PATIENCE)
        assert (server.returncode, complaints) == (143, "")
        assert Ending.of(asha).status in (0, 1)  # with a goodbye or without, as it came


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("server --kex rsa", "python -m demo chat server: argument --kex: invalid choice: 'rsa'"),
        ("server --aes 192", "python -m demo chat server: argument --aes: invalid choice: 192"),
        ("client --group ffdhe2048", "chat client: --group and --dh-parameters are for --kex dh"),
        (
            "client --name Asha",
            "python -m demo chat client: argument --name: 'Asha' is not a name, expected small",
        ),
        ("client --name server", "python -m demo chat client: argument --name: 'server' is not a name"),
        ("server --log /nowhere/log", "chat server: cannot write the log /nowhere/log: No such file or directory"),
    ],
)
def test_wrong_commands(tmp_path: Path, command: str, complaint: str) -> None:
    ended = demo("chat", *command.split(), "--directory", str(tmp_path / "state"))
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(complaint)


@pytest.mark.slow
@pytest.mark.parametrize("bits", ["3072", "4096"])
def test_longer_keys(tmp_path: Path, bits: str) -> None:
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "server", "--enrol", "asha")
        options = ("--rsa", bits, "--kex", "dh", "--group", "ffdhe4096", "--ttp", str(address))
        chat = Chat(tmp_path, parties, *options)
        sees(chat.join("asha"), "here: nobody else")
        [key] = [event for event in chat.server.events if event["event"] == "key"]
        assert key["what"] == f"an RSA key of {bits} bits"


@pytest.mark.slow
def test_the_scene() -> None:
    ended = demo("chat", "--json", timeout=300)
    assert (ended.returncode, ended.stderr) == (0, "")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    suites = {event["suite"] for event in events if event["event"] == "chat begins"}
    assert suites == {"TLS_DHE_RSA_WITH_AES_128_CFB_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}
    assert sum(event["event"] == "shown" for event in events) == 2 * (3 + 7 + 1)
