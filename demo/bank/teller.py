"""The bank's teller: answers the questions of one customer, who has shown a certificate, until that is all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from demo.bank.ledger import Ledger, Receipt, Refused, WrongPassword
from demo.bank.money import PAISE, checked_amount, show_amount
from demo.bank.protocol import QUESTIONS, REQUEST_ID, parse_number
from demo.party.dialogue import Dialogue
from demo.party.reporting import Report

Message = dict[str, str]


class BankTeller:
    """Serves the customer called `name`.

    now: the time. report: is told what was done, without any password.
    """

    def __init__(self, ledger: Ledger, name: str, *, now: Callable[[], datetime], report: Report) -> None:
        self._ledger, self._name, self._now, self._report = ledger, name, now, report

    def serve(self, dialogue: Dialogue) -> None:
        """Answer until the customer says goodbye; raise `DialogueError` if what it says is not a question."""
        self._ledger.open_account(self._name, at=self._now())
        while (message := dialogue.hear_next(*set(QUESTIONS.values()))) is not None:
            dialogue.say(**self._answer(message))

    def _answer(self, message: Message) -> Message:
        if message.keys() != QUESTIONS.get(message["do"]):
            return {"refused": "there is no such question"}
        try:
            return self._done(message)
        except (Refused, ValueError) as error:
            self._report("bank refused", customer=self._name, reason=str(error))
            return {"refused": str(error), **({"tries": str(error.tries)} if isinstance(error, WrongPassword) else {})}

    def _done(self, message: Message) -> Message:
        ledger, name, do, at = self._ledger, self._name, message["do"], self._now()
        if do == "balance":
            return {"balance": str(ledger.balance(name))}
        if do == "confirm":
            return self._receipt(
                "transfer", ledger.confirm(name, parse_number(message["order"]), message["password"], at=at)
            )
        if not REQUEST_ID.fullmatch(message["id"]):
            raise ValueError("the id is not a request id, expected 1 to 64 letters, digits or hyphens")
        amount, request = checked_amount(parse_number(message["amount"])), message["id"]
        if do == "deposit":
            return self._receipt(do, ledger.deposit(name, amount, request=request, at=at))
        if do == "withdraw":
            return self._receipt(do, ledger.withdraw(name, amount, request=request, at=at))
        order = ledger.order(name, message["payee"], amount, request=request, at=at)
        self._report("bank ordered", customer=name, payee=order.payee, amount=show_amount(order.amount))
        return {"order": str(order.number), "text": password_message(order.payee, order.amount, order.password)}

    def _receipt(self, done: str, receipt: Receipt) -> Message:
        self._report("bank done", customer=self._name, done=done, number=receipt.number)
        return {
            "done": done,
            "number": str(receipt.number),
            "amount": str(receipt.amount),
            "balance": str(receipt.balance),
        }


def password_message(payee: str, amount: int, password: str) -> str:
    """Return the message that tells the customer the one-time password, and what it is for."""
    shown = show_amount(amount).removesuffix(".00") if amount % PAISE == 0 else show_amount(amount)
    return f"The OTP for transferring {shown} to {payee}'s account is {password}."
