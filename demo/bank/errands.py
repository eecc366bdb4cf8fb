"""What a customer may have done at the bank, and how the command line says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.command_line import CommandError
from demo.bank.money import parse_amount
from demo.bank.protocol import REQUEST_ID, new_request


@dataclass(frozen=True)
class Errand:
    """What is to be done: `balance`, `deposit`, `withdraw` or `transfer`; the amount in paise.

    request: the id under which it is done once.
    """

    what: str
    amount: int = 0
    payee: str = ""
    request: str = ""


def parse_errand(words: Sequence[str], request: str | None) -> Errand:
    """Return what the words of a command line ask for; raise `CommandError` if they are not an errand."""
    request = request or new_request()
    if not REQUEST_ID.fullmatch(request):
        raise CommandError(f"{request[:80]!r} is not a request id, expected 1 to 64 letters, digits or hyphens")
    try:
        match list(words):
            case ["balance"]:
                return Errand("balance")
            case ["deposit" | "withdraw" as what, amount]:
                return Errand(what, parse_amount(amount), request=request)
            case ["transfer", payee, amount]:
                return Errand("transfer", parse_amount(amount), payee, request)
    except ValueError as error:
        raise CommandError(str(error)) from None
    raise CommandError(
        f"cannot {' '.join(words)[:60]!r}, expected balance, deposit AMOUNT, withdraw AMOUNT or transfer PAYEE AMOUNT"
    )
