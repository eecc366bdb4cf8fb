"""A label's meaning may depend on the field around, or on the value; contents mean what the field around means."""

from explain.layout import Field
from explain.meaning import Meaning, meaning_of

PLAIN, INSIDE, OF_VALUE = (Meaning(f"what {name}", f"why {name}") for name in ("plain", "inside", "of value"))
VOCABULARY = {"age": PLAIN, "cat.age": INSIDE, "age: 9": OF_VALUE}


def field(label: str, value: str = "") -> Field:
    return Field(label, 0, 1, value)


def test_the_closest_meaning_is_taken() -> None:
    assert meaning_of(VOCABULARY, field("age", "7")) == PLAIN
    assert meaning_of(VOCABULARY, field("dog"), field("age", "7")) == PLAIN
    assert meaning_of(VOCABULARY, field("cat"), field("age", "7")) == INSIDE
    assert meaning_of(VOCABULARY, field("cat"), field("dog"), field("age", "7")) == PLAIN
    assert meaning_of(VOCABULARY, field("cat"), field("age", "9")) == OF_VALUE


def test_contents_mean_what_they_are_the_contents_of() -> None:
    assert meaning_of(VOCABULARY, field("cat"), field("age"), field("contents")) == INSIDE
    assert meaning_of(VOCABULARY, field("age", "9"), field("contents", "1 byte")) == OF_VALUE
    assert meaning_of(VOCABULARY, field("contents")) == Meaning("", "")


def test_a_label_that_is_not_known_has_an_empty_meaning() -> None:
    assert meaning_of(VOCABULARY, field("cat"), field("name")) == Meaning("", "")
