"""What the fields of an encoded message are, and why they are there: the vocabulary of one room's labels.

Every room whose readers and writers label bytes has one table of such meanings, in a module `meanings`. A meaning is
true of every message in which the label occurs, whatever this message says.

>>> vocabulary = {
...     "age": Meaning("an age in years", "to tell who is of age"),
...     "cat.age": Meaning("an age in years", "a cat's food depends on it"),
... }
>>> cat = Field("cat", 0, 2, fields=[Field("age", 0, 1, "7"), Field("name", 1, 2, "T")])
>>> meaning_of(vocabulary, cat, cat.fields[0]).why
"a cat's food depends on it"
>>> meaning_of(vocabulary, cat, cat.fields[1])
Meaning(what='', why='', kind='choice')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from explain.layout import Field

Kind: TypeAlias = Literal["frame", "choice", "text", "random", "key", "proof", "sealed", "filling"]
"""What kind of thing a field holds, so that the same kind can look the same everywhere."""

KINDS: Mapping[Kind, str] = {
    "frame": "lengths, tags, and what else holds the message together",
    "choice": "numbers that choose: types, versions, suites, algorithms",
    "text": "names, dates and other text",
    "random": "randomness",
    "key": "keys and what they are made from",
    "proof": "proofs: signatures, MACs, Finished",
    "sealed": "ciphertext",
    "filling": "padding",
}
"""The kinds, and what is of each, for a legend."""


class Meaning(NamedTuple):
    """What a field is, and why it is there: for a person, without a capital or a full stop.

    why: a cause, never the same in other words.
    """

    what: str
    why: str
    kind: Kind = "choice"


Vocabulary: TypeAlias = Mapping[str, Meaning]
"""The meanings of all labels that one room's readers and writers give: by label; by `around.label`, where it depends on
the label of the field around; or by `label: value`, where it depends on the value."""


def meaning_of(vocabulary: Vocabulary, *path: Field) -> Meaning:
    """Return the meaning of a field; an empty one, which a test refuses, for a label that the vocabulary lacks.

    path: the fields around it, from the outermost, and the field itself. What a field calls `contents` means what the
        field around means.
    """
    *around, field = path
    if field.label == "contents" and around:
        return meaning_of(vocabulary, *around)
    keys = [f"{field.label}: {field.value}", field.label]
    if around:
        keys.insert(1, f"{around[-1].label}.{field.label}")
    return next((vocabulary[key] for key in keys if key in vocabulary), Meaning("", ""))
