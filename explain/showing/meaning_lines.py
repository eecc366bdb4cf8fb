"""What fields are and why they are there, as lines of text: each meaning where it comes for the first time.

Standard     None.
Left out     Colours and boxes: these lines stand among others.

The same labels come again and again in a message. To say the same of each would bury what the message says.

>>> lines = MeaningLines({"age": Meaning("an age in years", "a cat's food depends on it")})
>>> lines.of(Field("age", 0, 1, "7")), lines.of(Field("age", 1, 2, "8"))
(['an age in years', "why: a cat's food depends on it"], [])
"""

from __future__ import annotations

from explain.layout import Field
from explain.meaning import Meaning, Vocabulary, meaning_of

NOTE = "(what a field is, and why it is there: where it comes first)"
"""To be put above such lines."""


class MeaningLines:
    """Writes meanings down, and remembers which."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._written: set[Meaning] = set()

    def of(self, *path: Field) -> list[str]:
        """Return the meaning of a field in two lines; in none, if it has been written down before.

        path: the fields around it, from the outermost, and the field itself.
        """
        meaning = meaning_of(self._vocabulary, *path)
        if meaning in self._written:
            return []
        self._written.add(meaning)
        return [meaning.what, f"why: {meaning.why}"]
