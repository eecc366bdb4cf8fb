"""Each lesson: the attack succeeds on the weak form, for real, and fails on this stack, by the check that is named."""

import ast
import json
import re
from pathlib import Path

import pytest

from demo.lessons.catalogue import LESSONS, Lesson
from demo.lessons.script import LessonError, Script
from primitives.errors import InvalidTag
from tests.demo.support.terminal import demo

ROOT = Path(__file__).parents[3]


WHOLE = {
    "no-mac": "The block behind it is garbled",
    "nonce-reuse": "C1 ⊕ C2 = P1 ⊕ P2",
    "rsa-common-modulus": "with its own two exponents, has factored n",
    "bleichenbacher": "Each yes says where",
    "des-brute-force": "90,000,000,000, with a machine for $250,000",
}
"""What a lesson has to say, lest what it shows be taken for less, or for more, than it is."""


LONG = ("bleichenbacher", "ml-dsa-nonce", "decryption-oracle", "one-time-key-twice")
SLOW = pytest.mark.slow


def silent(event: str, /, **facts: str | list[str]) -> None:
    pass


@pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW if name in LONG else ()) for name in LESSONS])
def test_the_attack_succeeds_on_the_weak_form_and_fails_on_ours(name: str) -> None:
    told: list[tuple[str, dict[str, str | list[str]]]] = []
    LESSONS[name].run(Script(lambda event, /, **facts: told.append((event, facts))))
    titles = [facts["title"] for event, facts in told if event == "part"]
    assert titles == ["The weak form", "The attack", "The same attack, on this stack"]
    assert WHOLE.get(name, "") in " ".join(str(fact) for _, facts in told for fact in facts.values())
    events = [event for event, _ in told]
    assert "succeeded" in events[: events.index("refused")]
    for event, facts in told:
        if event == "refused":
            assert_is_in_the_code(str(facts["where"]))
            assert re.search(r"§[\d.]+", str(facts["section"]))


def assert_is_in_the_code(where: str) -> None:
    path, name = where.split(": ")
    nodes: list[ast.stmt] = ast.parse((ROOT / path).read_text()).body
    for part in name.split("."):
        [node] = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == part]
        nodes = node.body


def test_a_lesson_is_held_to_what_it_claims() -> None:
    script = Script(silent)
    where = {"check": "a check", "where": "a file: a function", "section": "a standard §1"}
    with pytest.raises(LessonError, match="did not succeed"):
        script.succeeded(False, "the attacker reads it")
    with pytest.raises(LessonError, match="was not stopped"):
        script.refused(lambda: None, **where)
    with pytest.raises(LessonError, match="was not stopped"):
        script.unharmed(False, "nothing was learnt", **where)
    with pytest.raises(ZeroDivisionError):  # a fault of the lesson is not a refusal
        script.refused(lambda: 1 // 0, **where)
    assert not script.successes
    assert not script.refusals


def test_a_lesson_without_both_halves_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_attack(script: Script) -> None:
        script.succeeded(True, "the attacker reads it")

    monkeypatch.setattr("demo.lessons.plaintext.lesson", only_the_attack)
    with pytest.raises(LessonError, match="ended without"):
        Lesson("plaintext", "half a lesson").run(Script(silent))


def test_what_stops_an_attack_is_kept() -> None:
    def refuse() -> None:
        raise InvalidTag("the tag is wrong")

    told: list[str] = []
    script = Script(lambda event, /, **facts: told.append(str(facts["text"])))
    script.refused(refuse, check="the tag", where="a file: a function", section="a standard §1")
    assert told == ["the tag is wrong"]
    assert script.refusals == ["the tag"]


def test_the_list_has_a_line_for_each() -> None:
    done = demo("lessons")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert [re.split(" {2,}", line) for line in lines] == [[name, lesson.title] for name, lesson in LESSONS.items()]
    assert all(len(line) <= 100 for line in lines)
    listed = [json.loads(line) for line in demo("lessons", "--json").stdout.splitlines()]
    assert {each["name"]: each["title"] for each in listed} == {n: lesson.title for n, lesson in LESSONS.items()}


def test_a_lesson_is_told_without_asking_anything() -> None:
    done = demo("lesson", "rsa-malleable")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(LESSONS["rsa-malleable"].title)
    assert "primitives/oaep.py: oaep_decrypt" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_a_lesson_in_json() -> None:
    done = demo("lesson", "ecdsa-nonce", "--json")
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert events[0] == "lesson"
    assert events[-1] == "refused"


def test_a_lesson_that_there_is_not() -> None:
    done = demo("lesson", "nothing")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
