"""The customer's menu: it asks what to do, and has the bank do it; the command line gives it one errand instead."""

from __future__ import annotations

import re

from console.printable import printable
from demo.bank.customer import Customer, Done, RefusedError
from demo.bank.errands import Errand
from demo.bank.money import parse_amount, show_amount
from demo.bank.protocol import new_request
from demo.commands.asking import ask_line, say
from demo.failure import PartyError
from demo.party.party import Party

CHOICES = ("deposit", "withdraw", "balance", "transfer", "exit")
PASSWORD = re.compile(r"\b([0-9]{6})\b", re.ASCII)


class Menu:
    """Does the errands of a customer.

    confirm: whether transfers are confirmed by the password that came, without asking for it.
    """

    def __init__(self, party: Party, customer: Customer, *, confirm: bool) -> None:
        self._party, self._customer, self._confirm = party, customer, confirm

    def do(self, errand: Errand) -> None:
        """Do it and report it; raise `RefusedError` if the bank does not do it."""
        match errand.what:
            case "balance":
                self._party.report("holds", balance=show_amount(self._customer.balance()))
            case "deposit":
                self._tell(self._customer.deposit(errand.amount, errand.request))
            case "withdraw":
                self._tell(self._customer.withdraw(errand.amount, errand.request))
            case _:
                self._transfer(errand)

    def _transfer(self, errand: Errand) -> None:
        order, text = self._customer.order(errand.payee, errand.amount, errand.request)
        self._party.report("otp arrived", text=text)
        found = PASSWORD.findall(text)
        if self._confirm and found:
            self._tell(self._customer.confirm(order, found[-1]))
            return
        while True:
            answer = ask_line("The one-time password, or nothing to give it up: ")
            if not answer:
                raise PartyError("the transfer was not confirmed, and is not done")
            try:
                self._tell(self._customer.confirm(order, answer))
                return
            except RefusedError as error:
                if not error.tries:
                    raise
                self._party.report("refused by the bank", reason=str(error))

    def _tell(self, done: Done) -> None:
        self._party.report(
            "done",
            by=done.what,
            number=done.number,
            amount=show_amount(done.amount),
            balance=show_amount(done.balance),
        )

    def ask(self) -> None:
        """Ask what to do, and do it, until the customer wants to leave or has nothing more to say."""
        choices = "   ".join(f"{number} {choice}" for number, choice in enumerate(CHOICES, 1))
        while (answer := ask_line(f"{choices}\nWhat would you like to do? ")) is not None:
            choice = CHOICES[int(answer) - 1] if answer in tuple("12345") else answer.lower()
            if choice == "exit":
                break
            if choice not in CHOICES:
                say(f"  {printable(answer[:40])!r} is not in the menu, expected a number from 1 to {len(CHOICES)}")
                continue
            try:
                if (errand := self._asked(choice)) is None:
                    break
                self.do(errand)
            except (PartyError, ValueError) as error:
                self._party.report("refused by the bank", reason=printable(str(error)))
        self._party.report("goodbye")

    def _asked(self, choice: str) -> Errand | None:
        """Ask for the rest of the errand that was chosen; return it, or None if the input ends.

        Raises `ValueError` if an answer is not an amount.
        """
        if choice == "balance":
            return Errand("balance")
        payee: str | None = ""
        if choice == "transfer" and (payee := ask_line("To whom? ")) is None:
            return None
        amount = ask_line("How many rupees? ")
        if amount is None or payee is None:
            return None
        return Errand(choice, parse_amount(amount), payee, new_request())
