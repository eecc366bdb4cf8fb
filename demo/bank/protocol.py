"""What a bank's customer and the bank say to each other: one question, one answer, for as long as the customer likes.

    {"do": "balance"}                                     → {"balance": paise}
    {"do": "deposit" or "withdraw", "amount", "id"}       → {"done", "number", "amount", "balance"}
    {"do": "transfer", "payee", "amount", "id"}           → {"order", "text": the message with the one-time password}
    {"do": "confirm", "order", "password"}                → {"done", "number", "amount", "balance"}
    any of these                                          → {"refused": why}
    a confirmation, with the wrong password               → {"refused": why, "tries": how many are left}

Amounts are paise in decimal digits. The id is the customer's choice: a question that is asked again under its id is
answered again, and nothing is done a second time. Who the customer is, the certificate of the connection says.
"""

from __future__ import annotations

import re
import secrets

BALANCE = frozenset({"do"})
MOVE = frozenset({"do", "amount", "id"})
TRANSFER = frozenset({"do", "payee", "amount", "id"})
CONFIRM = frozenset({"do", "order", "password"})
QUESTIONS = {"balance": BALANCE, "deposit": MOVE, "withdraw": MOVE, "transfer": TRANSFER, "confirm": CONFIRM}

HOLDS, DONE = frozenset({"balance"}), frozenset({"done", "number", "amount", "balance"})
ORDERED = frozenset({"order", "text"})
REFUSED, WRONG = frozenset({"refused"}), frozenset({"refused", "tries"})

REQUEST_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
LONGEST_NUMBER = 18  # digits


def parse_number(text: str) -> int:
    """Return the whole number that the other side sent; raise `ValueError` if it is not one."""
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= LONGEST_NUMBER):
        raise ValueError(f"{text[:LONGEST_NUMBER]!r} is not a whole number of at most {LONGEST_NUMBER} digits")
    return int(text)


def new_request() -> str:
    """Return an id for a new request, which no other has."""
    return secrets.token_hex(16)
