"""The delivery of the OTP inside of TLS, and its acknowledgement.

    server → client    {"otp": the text}
    client → server    {"acknowledged": the text's SHA-256}

TLS has made sure who speaks and that no byte is changed; the acknowledgement tells the server that this very
text has arrived.
"""

from __future__ import annotations

from hmac import compare_digest

from demo.failure import PartyError
from demo.party.dialogue import Dialogue, SocketLike
from demo.party.reporting import Report
from primitives.sha2 import sha256

OTP, ACKNOWLEDGED = frozenset({"otp"}), frozenset({"acknowledged"})


def deliver(stream: SocketLike, text: str, *, report: Report) -> None:
    """Send the OTP and wait for its acknowledgement; raise `PartyError` if that is of something else."""
    dialogue = Dialogue(stream, other="the client")
    dialogue.say(otp=text)
    report("otp sent", text=text)
    acknowledged = dialogue.hear(ACKNOWLEDGED)["acknowledged"]
    if not compare_digest(acknowledged.encode(), _digest(text).encode()):
        raise PartyError("the client acknowledged something else than was sent")
    report("otp acknowledged", digest=acknowledged)


def collect(stream: SocketLike, *, report: Report) -> None:
    """Receive the OTP, acknowledge it, and see the server close; raise `PartyError` if it has more to say."""
    dialogue = Dialogue(stream, other="the server")
    text = dialogue.hear(OTP)["otp"]
    report("otp received", text=text)
    dialogue.say(acknowledged=_digest(text))
    report("acknowledgement sent", digest=_digest(text))
    # The server closes once it has the acknowledgement. An end without its close_notify would be an error here.
    if stream.recv(1):
        raise PartyError("the server sent more than the OTP")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
