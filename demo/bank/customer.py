"""The customer's side: asks the bank over TLS, and asks again, under the same id, what was lost with a connection."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import Self

from demo.bank.protocol import DONE, HOLDS, ORDERED, REFUSED, WRONG, parse_number
from demo.failure import DialogueError, PartyError
from demo.party.address import Address
from demo.party.connections import dial
from demo.party.dialogue import Dialogue
from handshake.configuration import ClientConfiguration
from handshake.connection import Connection
from handshake.stream import Stream
from record.alerts import AlertDescription, RemoteProtocolError

PAUSE = 0.2  # seconds between two attempts to reach the bank


class RefusedError(PartyError):
    """The bank does not do what was asked; the message says why.

    tries: how often a one-time password may still be tried; None if that was not it.
    """

    def __init__(self, reason: str, tries: int | None) -> None:
        super().__init__(f"the bank refuses: {reason}")
        self.tries = tries


@dataclass(frozen=True)
class Done:
    """What the bank has done: its number in the ledger, the amount and the balance, in paise."""

    what: str
    number: int
    amount: int
    balance: int


@dataclass
class Customer:
    """A customer of the bank at `address`.

    configuration: whom it trusts, and who it is. timeout: seconds for a handshake and for an answer.
    patience: seconds in which it tries again what was cut off.
    """

    address: Address
    configuration: ClientConfiguration = field(repr=False)
    timeout: float
    patience: float
    _transport: socket.socket | None = field(default=None, init=False, repr=False)
    _stream: Stream | None = field(default=None, init=False, repr=False)
    _dialogue: Dialogue | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._dialogue is not None and self._stream is not None:
            self._stream.close()
        self._cut()

    def balance(self) -> int:
        """Return the balance, in paise."""
        return _number(self._ask(HOLDS, do="balance")["balance"])

    def deposit(self, amount: int, request: str) -> Done:
        """Put money into the account; `request` is the id under which this is done once."""
        return _done(self._ask(DONE, do="deposit", amount=str(amount), id=request))

    def withdraw(self, amount: int, request: str) -> Done:
        """Take money out of the account."""
        return _done(self._ask(DONE, do="withdraw", amount=str(amount), id=request))

    def order(self, payee: str, amount: int, request: str) -> tuple[int, str]:
        """Order a transfer; return the order's number, and the message with the one-time password."""
        answer = self._ask(ORDERED, do="transfer", payee=payee, amount=str(amount), id=request)
        return _number(answer["order"]), answer["text"]

    def confirm(self, order: int, password: str) -> Done:
        """Confirm the order by the one-time password."""
        return _done(self._ask(DONE, do="confirm", order=str(order), password=password))

    def _ask(self, expected: frozenset[str], **question: str) -> dict[str, str]:
        """Return the bank's answer; raise `RefusedError`, or whatever kept it away for too long."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                dialogue = self._connected()
                dialogue.say(**question)
                answer = dialogue.hear(expected, REFUSED, WRONG)
            except (OSError, RemoteProtocolError, DialogueError, PartyError) as error:
                self._cut()
                if time.monotonic() > deadline or not _is_passing(error):
                    raise
                time.sleep(PAUSE)
                continue
            if "refused" in answer:
                raise RefusedError(answer["refused"], _number(answer["tries"]) if "tries" in answer else None)
            return answer

    def _connected(self) -> Dialogue:
        if self._dialogue is None:
            self._transport = dial(self.address, whom="the bank")
            self._stream = Stream(self._transport, Connection(self.configuration), idle_timeout=self.timeout)
            self._stream.handshake(self.timeout)
            self._dialogue = Dialogue(self._stream, other="the bank")
        return self._dialogue

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.close()
        self._transport = self._stream = self._dialogue = None


def _is_passing(error: Exception) -> bool:
    """Return whether it may go better the next time: the connection was lost, and nothing was found wrong."""
    if isinstance(error, RemoteProtocolError):
        return error.alert is AlertDescription.DECODE_ERROR and not error.received  # it was cut, without a goodbye
    return True


def _done(answer: dict[str, str]) -> Done:
    return Done(answer["done"], *(_number(answer[name]) for name in ("number", "amount", "balance")))


def _number(text: str) -> int:
    try:
        return parse_number(text)
    except ValueError as error:
        raise DialogueError(f"the bank sent something else than a number: {error}") from None
