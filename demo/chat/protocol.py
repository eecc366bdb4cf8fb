"""What the chat's clients and its server say to each other.

    client → server    {"say": text}
    server → client    {"from": name, "say": text}, {"joined": name}, {"left": name}, {"here": names}

Who a client is, the certificate of its connection says.
"""

SAY = frozenset({"say"})
SAID, JOINED, LEFT, HERE = (frozenset(keys) for keys in ({"from", "say"}, {"joined"}, {"left"}, {"here"}))

LONGEST = 2000  # characters of one message
"""In UTF-8, and in JSON, they are far less than a dialogue's longest line."""


def pieces(text: str) -> list[str]:
    """Return the text in pieces that are short enough to be messages; none if there is nothing in it."""
    text = text.strip()
    return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]
