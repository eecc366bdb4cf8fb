"""What could steer a terminal is spelled out, and all else is left as it is."""

from hypothesis import given
from hypothesis import strategies as st

from console.printable import printable


def test_what_would_steer_a_terminal_is_escaped() -> None:
    assert printable("é€ plain") == "é€ plain"
    assert printable("a\x1b[2Jb\u202e") == "a\\x1b[2Jb\\u202e"


@given(st.text(max_size=200))
def test_whatever_is_given_can_be_shown(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()
