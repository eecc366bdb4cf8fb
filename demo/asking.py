"""Asking a person on the terminal: questions on standard error, answers from standard input."""

from __future__ import annotations

import sys

from demo.failure import PartyError
from demo.subject import Subject, ask


def ask_on_terminal(subject: Subject, *, about: str) -> Subject:
    """Ask for the names of a certificate; raise `PartyError` if the input ends before that.

    about: who the names are of, such as `server`.
    """

    def question(text: str) -> str:
        _show(text)
        answer = sys.stdin.readline()
        if not answer:
            _show("\n")
            raise PartyError("the input ended before all names were given")
        return answer

    return ask(subject, about=about, question=question, complain=lambda reason: _show(f"  {reason}\n"))


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
