"""How a party fails: one clear line to the person, and an exit status.

0 means that all of the party's part succeeded, 1 that it did not, 2 that the command was wrong, and 130
that Ctrl-C ended it.
"""

from __future__ import annotations

from console.command_line import CommandError
from console.printable import printable
from record.alerts import LocalProtocolError, RemoteProtocolError


class PartyError(Exception):
    """The party's part did not succeed; the message is the line to show."""


class DialogueError(Exception):
    """The other side said something else than was expected of it, or stopped talking."""


ERRORS = (PartyError, CommandError, DialogueError, RemoteProtocolError, LocalProtocolError, OSError)
"""All that can happen to a party without a fault of this program."""


def one_line(error: BaseException) -> str:
    """Return what happened, in one line that can be shown on a terminal."""
    match error:
        case RemoteProtocolError(received=True):
            text = f"the other side refused to go on: it sent the alert {error.alert.name.lower()}"
        case RemoteProtocolError():
            text = f"{error.reason} (the other side was told: alert {error.alert.name.lower()})"
        case OSError():
            text = error.strerror or str(error) or type(error).__name__
        case _:
            text = str(error) or type(error).__name__
    return printable(" ".join(text.split()))
