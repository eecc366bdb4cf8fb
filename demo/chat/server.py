"""The chat's server: lets clients in whom the TTP has certified, and passes on what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from demo.chat.log import Log
from demo.chat.protocol import LONGEST, SAY, pieces
from demo.chat.room import Room
from demo.chat.screen import Screen
from demo.chat.strength import Strength
from demo.enrolling.applicant import Application, obtain_identity
from demo.facts.certificates import common_name
from demo.failure import DialogueError, one_line
from demo.party.address import Address
from demo.party.configurations import server_configuration
from demo.party.connections import CROWD
from demo.party.dialogue import Dialogue
from demo.party.listening import begin_to_listen, bound_socket
from demo.party.party import Party
from handshake.listener import Address as PeerAddress
from handshake.listener import Limits, Listener
from handshake.stream import Stream, serve

SILENCE = 3600.0  # seconds in which a client may say nothing
OWN_NAME = "server"


@dataclass(frozen=True)
class ChatServer:
    """A chat's server as it runs: with its protection, its log, its screen and its room."""

    party: Party
    strength: Strength
    log: Log
    screen: Screen
    room: Room

    def run(self, listen: Address, application: Application) -> None:
        """Serve until the person at the server has nothing more to say; if nobody sits there, for ever."""
        identity = obtain_identity(self.party, application)
        configuration = replace(
            server_configuration(self.party, identity, suites=(self.strength.suite,)), groups=self.strength.groups
        )
        with bound_socket(listen) as listener, identity.crls.kept_fresh():
            address = str(begin_to_listen(listener, timeout=None))
            self.party.report("listening", address=address)
            self.log(f"listening on {address}, {self.strength.suite.name}, {self.strength.groups[0].name}")
            with serve(
                listener,
                configuration,
                self._serve,
                handshake_timeout=self.party.crowd_timeout,
                idle_timeout=SILENCE,
                limits=Limits(connections=CROWD),
                on_error=self._failed,
            ) as running:
                self._type(running)
                self.room.close()
        self.log("ended")

    def _type(self, running: Listener) -> None:
        if self.screen.nobody_types:
            running.wait()
        while (line := self.screen.read()) is not None and line.strip() != "exit":
            for piece in pieces(line):
                self.room.say(OWN_NAME, piece)

    def _serve(self, stream: Stream) -> None:
        chain, place = stream.peer_chain, _shown(stream.peer_address)
        if chain is None:  # the configuration requires a certificate
            raise RuntimeError("a client without a certificate was let in")
        name = common_name(chain[0])
        dialogue = Dialogue(stream, other=name)
        member = self.room.enter(name, dialogue, end=stream.end, cut=stream.abort)
        self._note(f"{member.name} has joined", f" from {place}")
        try:
            while (message := dialogue.hear_next(SAY)) is not None:
                if len(message["say"]) > LONGEST:
                    raise DialogueError(f"{name} sent more than {LONGEST} characters at once")
                self.screen.show(f"{member.name}: {message['say']}")
                self.room.say(member.name, message["say"])
        finally:
            self.room.leave(member)
            self._note(f"{member.name} has left", f" {place}")

    def _note(self, text: str, more: str) -> None:
        self.log(text + more)
        self.screen.show(text)

    def _failed(self, peer: PeerAddress, error: Exception) -> None:
        self.log(f"error with {_shown(peer)}: {one_line(error)}")


def _shown(address: PeerAddress) -> str:
    return str(Address(*address[:2]))
