"""How things are shown: within the width, and without letting anybody steer the terminal."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from demo.failure import one_line
from demo.stage.narration import Narrator
from demo.stage.terminal import Terminal
from record.alerts import AlertDescription, RemoteProtocolError


def terminal(width: int = 80) -> tuple[Terminal, io.StringIO]:
    out = io.StringIO()
    return Terminal(Console(file=out, width=width, highlight=False)), out


@given(st.text(max_size=300), st.integers(20, 130))
def test_whatever_a_peer_wrote_stays_within_its_lines(text: str, width: int) -> None:
    display, out = terminal(width)
    display.says("server", "client", text, 5)
    display.does("client", text)
    display.quotes(text)
    display.facts([[text, text], ["label", text]])
    display.checked([[text, text]])
    display.eavesdropper(text, [text])
    for line in out.getvalue().split("\n"):
        assert line.isprintable()


def test_markup_is_not_obeyed() -> None:
    display, out = terminal()
    display.quotes("[bold]x[/bold] [/] :smile:")
    assert out.getvalue().strip() == "[bold]x[/bold] [/] :smile:"


def test_a_party_that_is_called_like_an_escape_sequence() -> None:
    display, out = terminal()
    Narrator(display, files=True).tell(
        {"party": "ttp", "event": "refused", "applicant": "\x1b[2J{0.__class__}", "reason": "{party} [red]"}
    )
    assert out.getvalue() == "   TTP     refuses \\x1b[2J{0.__class__}: {party} [red].\n"


def test_one_line() -> None:
    sent = RemoteProtocolError(AlertDescription.BAD_RECORD_MAC, "spoiled\nrecord")
    assert one_line(sent) == "spoiled record (the other side was told: alert bad_record_mac)"
    received = RemoteProtocolError(AlertDescription.UNKNOWN_CA, "x", received=True)
    assert one_line(received) == "the other side refused to go on: it sent the alert unknown_ca"
    assert one_line(TimeoutError()) == "TimeoutError"
    assert one_line(ConnectionResetError(104, "Connection reset by peer")) == "Connection reset by peer"
