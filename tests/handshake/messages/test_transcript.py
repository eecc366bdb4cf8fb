"""The transcript: the hash of all messages so far, whenever it is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handshake.messages.transcript import Transcript
from primitives.sha2 import sha256

MESSAGES = st.lists(st.tuples(st.binary(max_size=150), st.booleans()), max_size=8)


@given(before=MESSAGES, after=MESSAGES)
def test_the_digest_is_that_of_all_messages_so_far(
    before: list[tuple[bytes, bool]], after: list[tuple[bytes, bool]]
) -> None:
    transcript, messages = Transcript(), b""
    for message, _ in before:
        transcript.add(message)
        messages += message
    transcript.choose(sha256)
    for message, asked in [(b"", True), *after]:
        transcript.add(message)
        messages += message
        if asked:
            assert transcript.digest() == transcript.digest() == sha256(messages).digest()
    assert transcript.messages == messages
    assert transcript.digest() == sha256(messages).digest()


def test_there_is_no_digest_before_the_hash_function_is_chosen() -> None:
    transcript = Transcript()
    transcript.add(b"ClientHello")
    with pytest.raises(ValueError, match="the hash function of the transcript is not chosen yet"):
        transcript.digest()
