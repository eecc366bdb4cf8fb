"""Asking a person on the terminal: questions on standard error, answers from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from console.printable import printable
from demo.failure import PartyError
from demo.party.subject import Subject, ask

LONGEST_ANSWER = 1000  # characters that are read of a line: nobody means more


def ask_on_terminal(subject: Subject, *, about: str) -> Subject:
    """Ask for the names of a certificate; raise `PartyError` if the input ends before that.

    about: who the names are of, such as `server`.
    """
    return ask(
        subject,
        about=about,
        question=lambda text: _required(text, "the input ended before all names were given"),
        complain=lambda reason: say(f"  {reason}"),
    )


def choose_on_terminal(title: str, choices: Sequence[str]) -> int:
    """Ask which of the choices is meant, and return its number, from 0; raise `PartyError` if the input ends."""
    say(f"{title}\n" + "\n".join(f"  {number}  {choice}" for number, choice in enumerate(choices, 1)))
    while True:
        answer = _required("Which one [1]: ", "the input ended before a choice was made") or "1"
        if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        say(f"  {printable(answer[:40])!r} is not one of them, expected a number from 1 to {len(choices)}")


def ask_line(question: str) -> str | None:
    """Return what the person answers, without spaces around it; None if the input has ended."""
    say(question, end="")
    answer = sys.stdin.readline(LONGEST_ANSWER)
    if not answer:
        say("")
        return None
    rest = answer
    while not rest.endswith("\n") and (rest := sys.stdin.readline(LONGEST_ANSWER)):
        pass  # the rest of a line that is too long to mean anything
    return answer.strip()


def say(text: str, *, end: str = "\n") -> None:
    """Show a text beside the answers, and not among the results."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def _required(question: str, ended: str) -> str:
    answer = ask_line(question)
    if answer is None:
        raise PartyError(ended)
    return answer
