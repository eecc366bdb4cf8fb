"""Every label that a reader or writer gives has a meaning: what the field is, and why it is there."""

import ast
from collections.abc import Iterator, Mapping
from typing import cast, get_args

import pytest

from explain.meaning import KINDS, Kind, Meaning, Vocabulary
from handshake.messages.meanings import MEANINGS as HANDSHAKE
from handshake.registries.codes import EXTENSION_NAMES
from pki.asn1.der import TAG_NAMES
from pki.inspect.meanings import MEANINGS as DER
from pki.key_formats.pkcs1 import PRIVATE_FIELDS
from record.meanings import MEANINGS as RECORD
from tests.explain.support.labels import labels
from tests.test_architecture import sources

ROOMS: Mapping[str, Vocabulary] = {"record": RECORD, "handshake": HANDSHAKE, "pki": DER}
# Of the presentation language, which the handshake's messages are written in.
FROM_BELOW = {"handshake": {"length"}}
# Labels that no field in a message has: what is in a vector is what the vector is; and of what is only looked at.
WITHOUT = {"contents": "record/presentation.py pki/asn1/der.py", "key": "pki/keys.py"}
# Where the label is not a text in the code: what it can be.
UNCLEAR = {
    "record/alerts.py: label": {"level", "description"},
    "pki/asn1/der_writer.py: self.label": set(),  # handed on
    "pki/fields/general_names.py: str(name)": {"x400Address", "ediPartyName"},
    "pki/fields/policy_extensions.py: label": {"requireExplicitPolicy", "inhibitPolicyMapping"},
    "pki/key_formats/pkcs1.py: field": {*PRIVATE_FIELDS},
    "pki/key_formats/pss_parameters.py: f'[{number}]'": {"[0]", "[1]", "[2]", "[3]"},
    "pki/inspect/raw_values.py: TAG_NAMES.get(tag, 'tagged value')": {*TAG_NAMES.values(), "tagged value"},
    "pki/signed.py: name": {"signature", "signatureValue"},
    "pki/est/server.py: REQUEST_TIME": set(),  # no label: another method `begin`
}


def label_of(key: str) -> str:
    """The label in a vocabulary's key: that itself, `around.label` or `label: value`."""
    return key.partition(": ")[0].rpartition(".")[2]


def without_meaning(files: Mapping[str, str], room: str, vocabulary: Vocabulary) -> list[str]:
    """Every label of a room that lacks a meaning, every meaning of no label, and every label that cannot be told."""
    found = labels(files, within=f"{room}/")
    given = {label: where.partition(":")[0] for label, where in found.given.items()}
    faults = []
    for expression, where in found.unclear.items():
        path = where.partition(":")[0]
        expected = UNCLEAR.get(f"{path}: {expression}")
        if expected is None:
            faults.append(f"{where}: cannot tell what label {expression} is")
        given |= dict.fromkeys(expected or (), path)
    given |= dict.fromkeys(FROM_BELOW.get(room, ()), "below")
    faults += [
        f"{where}: {label} has no meaning"
        for label, where in given.items()
        if label not in vocabulary and where not in WITHOUT.get(label, "").split()
    ]
    faults += [f"{key} means a label that nothing gives" for key in vocabulary if label_of(key) not in given]
    faults += [
        f"{key}: there is no {around} to be around"
        for key in vocabulary
        if (around := key.partition(": ")[0].rpartition(".")[0]) and around not in given
    ]
    return faults


@pytest.fixture(scope="module")
def rooms() -> dict[str, str]:
    return {path: source for path, source in sources().items() if path.split("/")[0] in ("explain", *ROOMS)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_label_has_a_meaning_and_every_meaning_a_label(rooms: dict[str, str], room: str) -> None:
    assert without_meaning(rooms, room, ROOMS[room]) == []


def test_a_label_without_a_meaning_is_found(rooms: dict[str, str]) -> None:
    files = dict(rooms)
    files["handshake/messages/example.py"] = (
        "from record.presentation import Writer\n"
        "def outer(writer, label='by default'):\n"
        "    _inner(writer, label)\n"
        "def _inner(writer, label):\n"
        "    writer.uint8(label, 1)\n"
        "def write(writer, number, names):\n"
        "    _inner(writer, 'by way of another')\n"
        "    writer.uint16('either' if number else 'or', number)\n"
        "    writer.uint16(names[number], number)\n"
    )
    found = without_meaning(files, "handshake", HANDSHAKE)
    assert [fault.removeprefix("handshake/messages/example.py") for fault in found] == [
        ":9: cannot tell what label names[number] is",
        ": by default has no meaning",
        ": by way of another has no meaning",
        ": either has no meaning",
        ": or has no meaning",
    ]


def test_a_meaning_without_a_label_is_found(rooms: dict[str, str]) -> None:
    more = {"nothing": Meaning("what", "why"), "nowhere.type": Meaning("what", "why")}
    assert without_meaning(rooms, "record", {**RECORD, **more}) == [
        "nothing means a label that nothing gives",
        "nowhere.type: there is no nowhere to be around",
    ]


def test_every_extension_has_a_meaning_of_its_own() -> None:
    assert {f"extension: {name}" for name in EXTENSION_NAMES.values()} <= set(HANDSHAKE)


def meanings(source: str) -> Iterator[Meaning]:
    """The meanings that are written down in a file, also those in no vocabulary. Other values become texts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Meaning":
            words = [
                str(argument.value) if isinstance(argument, ast.Constant) else ast.unparse(argument).lower()
                for argument in node.args
            ]
            yield Meaning(words[0], words[1], *cast(list[Kind], words[2:]))


def fault_in(meaning: Meaning) -> str:
    """What is wrong with the words of a meaning, if anything is."""
    for name, text in (("what", meaning.what), ("why", meaning.why)):
        if not text.strip():
            return f"the {name} is empty"
        first = text.split()[0]
        if text.endswith(".") or first == "A" or (first[0].isupper() and first[1:].islower()):
            return f"the {name} has a capital or a full stop"
    if meaning.why.startswith(meaning.what):
        return "the why repeats the what"
    return "" if meaning.kind in KINDS else f"there is no kind {meaning.kind}"


def test_every_meaning_says_what_and_why() -> None:
    count = 0
    for path, source in sources().items():
        if path != "explain/meaning.py":  # where the empty one is, of a label that is not known
            for meaning in meanings(source):
                count += 1
                assert fault_in(meaning) == "", (path, meaning)
    assert count > sum(map(len, ROOMS.values())) * 0.9


@pytest.mark.parametrize(
    ("meaning", "fault"),
    [
        (Meaning("", "because"), "the what is empty"),
        (Meaning("a number", " "), "the why is empty"),
        (Meaning("A number", "because"), "the what has a capital or a full stop"),
        (Meaning("a number", "because."), "the why has a capital or a full stop"),
        (Meaning("a number", "a number that counts"), "the why repeats the what"),
        (Meaning("TLS's number", "RSA wants it"), ""),
    ],
)
def test_a_meaning_that_says_nothing_is_found(meaning: Meaning, fault: str) -> None:
    assert fault_in(meaning) == fault


def test_the_kinds_are_those_that_the_type_names() -> None:
    assert tuple(KINDS) == get_args(Kind)
