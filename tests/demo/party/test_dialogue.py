"""The dialogue: one JSON object of texts to a line, and a `DialogueError` for whatever else is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.failure import DialogueError
from demo.party.dialogue import MAX_LINE, Dialogue

EXPECTED = frozenset({"otp"})


class Said:
    """A stream that says these bytes, cut into pieces of a size, and ends."""

    def __init__(self, data: bytes = b"", size: int = 1 << 20) -> None:
        self.data, self.size, self.sent = data, size, b""

    def recv(self, size: int, /) -> bytes:
        piece, self.data = self.data[: min(size, self.size)], self.data[min(size, self.size) :]
        return piece

    def sendall(self, data: bytes, /) -> None:
        self.sent += data


def hear(data: bytes, size: int = 1 << 20) -> dict[str, str]:
    return Dialogue(Said(data, size), other="the other").hear(EXPECTED)


@given(st.text(max_size=200), st.integers(1, 50))
def test_what_is_said_is_heard(text: str, size: int) -> None:
    stream = Said()
    try:
        Dialogue(stream, other="the other").say(otp=text)
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in text)  # half of a pair is not text
        return
    assert stream.sent.count(b"\n") == 1
    assert hear(stream.sent, size) == {"otp": text}


def test_messages_come_one_after_the_other() -> None:
    dialogue = Dialogue(Said(b'{"otp":"1"}\n{"otp":"2"}\n', 7), other="the other")
    assert [dialogue.hear(EXPECTED)["otp"] for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (b"", "ended the connection"),
        (b'{"otp": "1"}', "ended the connection"),
        (b"\n", "not JSON"),
        (b"\xff\n", "not JSON"),
        (b"[" * 9_999 + b"\n", "not JSON"),
        (b'{"otp": 1' + b"0" * 5_000 + b"}\n", "not JSON|not an object of strings"),
        (b'{"otp": "1", "otp": "2"}\n', "not JSON, or names a key twice"),
        (b'{"otp": "1", "\\u006ftp": "1"}\n', "not JSON, or names a key twice"),
        (b"[]\n", "not an object of strings"),
        (b"null\n", "not an object of strings"),
        (b'{"otp": 1}\n', "not an object of strings"),
        (b'{"otp": {"a": "b"}}\n', "not an object of strings"),
        (b"{}\n", r"another message than expected, which was \{otp\}"),
        (b'{"otp": "1", "more": "2"}\n', "another message than expected"),
        (b'{"other": "1"}\n', "another message than expected"),
        (b"x" * MAX_LINE, f"a line of more than {MAX_LINE} bytes"),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_anything_else_is_refused(said: bytes, complaint: str, size: int) -> None:
    with pytest.raises(DialogueError, match=complaint):
        hear(said, size)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(said: bytes) -> None:
    try:
        message = hear(said)
    except DialogueError:
        return
    assert message == json.loads(said.split(b"\n")[0])


def test_a_message_has_its_bounds() -> None:
    with pytest.raises(ValueError, match=f"expected at most {MAX_LINE}"):
        Dialogue(Said(), other="the other").say(otp="x" * MAX_LINE)
