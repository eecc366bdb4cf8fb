"""Asking a person on the terminal: questions on standard error, answers from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from demo.failure import PartyError, printable
from demo.subject import Subject, ask

LONGEST_ANSWER = 1000  # characters that are read of a line: nobody means more


def ask_on_terminal(subject: Subject, *, about: str) -> Subject:
    """Ask for the names of a certificate; raise `PartyError` if the input ends before that.

    about: who the names are of, such as `server`.
    """
    return ask(
        subject,
        about=about,
        question=lambda text: _answer(text, "the input ended before all names were given"),
        complain=lambda reason: _show(f"  {reason}\n"),
    )


def choose_on_terminal(title: str, choices: Sequence[str]) -> int:
    """Ask which of the choices is meant, and return its number, from 0; raise `PartyError` if the input ends."""
    _show(f"{title}\n" + "".join(f"  {number}  {choice}\n" for number, choice in enumerate(choices, 1)))
    while True:
        answer = _answer("Which one [1]: ", "the input ended before a choice was made").strip() or "1"
        if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        _show(f"  {printable(answer[:40])!r} is none of them, expected a number from 1 to {len(choices)}\n")


def _answer(question: str, ended: str) -> str:
    _show(question)
    answer = sys.stdin.readline(LONGEST_ANSWER)
    if not answer:
        _show("\n")
        raise PartyError(ended)
    while not answer.endswith("\n") and (rest := sys.stdin.readline(LONGEST_ANSWER)):
        answer = answer[:LONGEST_ANSWER] + rest[-1:]
    return answer


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
