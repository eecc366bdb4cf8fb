"""The chat's client: says what is typed, and shows what the others say."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from console.interrupts import interrupt_main_thread
from demo.chat.log import Log
from demo.chat.protocol import HERE, JOINED, LEFT, SAID, pieces
from demo.chat.screen import Screen
from demo.chat.strength import Strength
from demo.enrolling.applicant import Application, obtain_identity
from demo.failure import ERRORS, PartyError, one_line
from demo.party.address import Address
from demo.party.configurations import client_configuration
from demo.party.connections import dial
from demo.party.dialogue import Dialogue
from demo.party.party import Party
from handshake.connection import Connection
from handshake.stream import Stream

SILENCE = 3600.0  # seconds in which nobody may say anything
LAST_WORDS = 10.0  # seconds in which the server is to take note that we leave


@dataclass
class ChatClient:
    """A chat's client as it runs: with its protection, its log and its screen."""

    party: Party
    strength: Strength
    log: Log
    screen: Screen
    _over: threading.Event = field(default_factory=threading.Event, init=False)
    _failure: Exception | None = field(default=None, init=False)
    _leaving: bool = field(default=False, init=False)
    _parting: threading.Lock = field(default_factory=threading.Lock, init=False)  # either side may be the first to go

    def run(self, server: Address, server_name: str, application: Application) -> None:
        """Chat until the input ends, `exit` is typed, or the server has ended.

        Raises one of `failure.ERRORS` if the connection cannot be made, or is lost.
        """
        identity = obtain_identity(self.party, application)
        configuration = replace(
            client_configuration(self.party, identity, server_name=server_name, suites=(self.strength.suite,)),
            groups=self.strength.offered,
        )
        try:
            with dial(server, whom="the chat's server") as transport:
                stream = Stream(transport, Connection(configuration), idle_timeout=SILENCE)
                stream.handshake(self.party.step_timeout)
                self.party.report("chat begins", suite=self.strength.suite.name, server=server_name)
                self.log(f"connected to {server}, {self.strength.suite.name}")
                self._talk(stream)
        except ERRORS as error:
            self.log(f"error: {one_line(error)}")
            raise
        self.log("left")

    def _talk(self, stream: Stream) -> None:
        dialogue = Dialogue(stream, other="the server")
        try:
            # In here, as it may interrupt before it is said to have started.
            threading.Thread(target=self._listen, args=(dialogue,), daemon=True).start()
            while (line := self.screen.read()) is not None and line.strip() != "exit":
                for piece in pieces(line):
                    dialogue.say(say=piece)
            with self._parting:
                self._leaving = True
            stream.end()  # the server has heard all that was said before
            if not self._over.wait(LAST_WORDS):
                raise PartyError(f"the server did not take note that we leave, within {LAST_WORDS:g} s")
        except KeyboardInterrupt:
            if not self._over.is_set():
                raise
        finally:
            with self._parting:  # on the way out, nothing closed behind is to interrupt once more
                self._leaving = True
        if self._failure is not None:
            raise self._failure
        stream.close()

    def _listen(self, dialogue: Dialogue) -> None:
        """Show what comes, until the server ends the connection; then interrupt the typing, if that goes on."""
        try:
            while (message := dialogue.hear_next(SAID, JOINED, LEFT, HERE)) is not None:
                self.screen.show(_told(message))
            if not self._leaving:
                self.screen.show("The server has ended the chat.")
        except ERRORS as error:
            self._failure = error
        self._over.set()
        with self._parting:
            if not self._leaving and not interrupt_main_thread():
                self.screen.show("Press Enter to leave: on this system, nothing else can end the typing.")


def _told(message: dict[str, str]) -> str:
    match message:
        case {"from": name, "say": text}:
            return f"{name}: {text}"
        case {"joined": name}:
            return f"{name} has joined"
        case {"left": name}:
            return f"{name} has left"
        case _:
            return f"here: {message['here']}"
