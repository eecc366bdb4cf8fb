"""Traces as JSON and as HTML."""

import json
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from explain import trace
from explain.showing.trace_html import TRACE_CSS, steps_html
from explain.showing.trace_json import steps_json
from explain.trace import Step
from primitives.aes import AES
from primitives.sha2 import sha256


class Page(HTMLParser):
    """Reads a fragment; keeps the tags that are open, and all text."""

    VOID = ()

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.counts: dict[str, int] = {}
        self.wrong: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "summary" and self.open[-1:] != ["details"]:
            self.wrong.append("a summary outside of details")
        self.open.append(tag)
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def sha256_steps() -> list[Step]:
    with trace.recording() as steps:
        sha256(b"abc").digest()
    return steps


def test_html_nests_as_the_steps_nest_and_shows_all_of_them() -> None:
    steps = sha256_steps()
    everything = [step for outer in steps for step in outer.walk()]
    page = Page(steps_html(steps))
    assert (page.wrong, page.open) == ([], [])
    assert page.counts["li"] == page.counts["cite"] == page.counts["b"] == len(everything)
    assert page.counts["details"] == page.counts["summary"] == sum(1 for step in everything if step.steps)
    for step in everything:
        assert step.section in page.texts
        assert step.why in page.texts


def test_html_of_some_levels_says_how_many_steps_are_left_out() -> None:
    steps = sha256_steps()
    page = Page(steps_html(steps, depth=2))
    assert page.counts["li"] == 1 + len(steps[0].steps)
    (left_out,) = [text for text in page.texts if "steps within" in text]
    assert left_out == f"({sum(1 for _ in steps[0].steps[1].walk()) - 1} steps within)"


def test_html_has_formulas_with_their_numbers_and_the_lines_of_the_steps() -> None:
    fragment = steps_html(sha256_steps())
    assert '<code class="formula">= h + Σ1(e) + Ch(e, f, g) + K_t + W_t</code>' in fragment
    assert '<code class="formula">= 5be0cd19 + 3587272b + 1f85c98c + 428a2f98 + 61626380</code>' in fragment
    assert re.search(r'<cite title="primitives/sha2\.py:[0-9]+">FIPS 180-4 §6\.2\.2 step 3</cite>', fragment)


@given(st.text(), st.text(), st.text(), st.text())
def test_html_escapes_everything(name: str, value: str, section: str, why: str) -> None:
    inner = Step(name, value, section, why)
    formula = {"formula": "{x}" + why.replace("{", ""), "operands": {"x": value}}
    page = Page(steps_html([Step(name, value, section, why, line=name, steps=[inner], **formula)]))  # type: ignore[arg-type]
    assert (page.wrong, page.open) == ([], [])
    assert set(page.counts) <= {"ol", "li", "details", "summary", "p", "b", "code", "cite", "span", "pre"}


def test_no_script_hides_in_a_value() -> None:
    evil = "<script>alert(1)</script>\"'&"
    fragment = steps_html([Step(evil, evil, evil, evil)])
    assert "<script" not in fragment
    assert "&lt;script&gt;" in fragment


def test_changed_bytes_are_marked_in_html() -> None:
    with trace.recording() as steps:
        AES(bytes(16)).encrypt_block(bytes(range(16)))
    page = Page(steps_html(steps[1:]))
    assert page.counts["mark"] > 100
    rounds = Page(steps_html(steps[1:], depth=2))
    assert rounds.counts["mark"] > 100  # from round to round, as well
    untouched = Page(steps_html([Step("s", bytes(16), "§", "w", form="state")] * 2))
    assert "mark" not in untouched.counts


def test_the_look_has_colours_for_dark_and_for_light_and_marks_the_focus() -> None:
    assert "prefers-color-scheme: dark" in TRACE_CSS
    assert TRACE_CSS.count("--trace-text:") == TRACE_CSS.count("--trace-mark:") == 2
    assert ":focus-visible" in TRACE_CSS


def test_json_has_every_step_with_its_value_section_and_reason() -> None:
    steps = sha256_steps()
    read = json.loads(json.dumps(steps_json(steps)))
    assert read[0]["name"] == "SHA-256 digest"
    assert read[0]["value"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    block = read[0]["steps"][1]
    last_round = block["steps"][-2]
    assert (last_round["name"], last_round["bits"], last_round["parts"][0]) == (
        "round 63", 32, {"name": "a", "length": 1}
    )  # fmt: skip
    assert last_round["value"][0] == "506e3058"  # FIPS 180-2 appendix B.1, t = 63
    assert [key for key in read[0]["steps"][0] if key not in ("name", "value", "section", "why")] == ["parts", "line"]
    assert re.fullmatch(r"primitives/merkle_damgard\.py:[0-9]+", read[0]["steps"][0]["line"])
    T1 = next(step for step in block["steps"][2]["steps"] if step["name"] == "T1")
    assert T1["formula"] == "{h} + {Σ1(e)} + {Ch(e, f, g)} + {K_t} + {W_t}"
    assert T1["operands"] == {  # H_7(0), Σ1(H_4(0)), Ch of H_4(0) to H_6(0), K_0, and the first word of "abc"
        "h": "5be0cd19", "Σ1(e)": "3587272b", "Ch(e, f, g)": "1f85c98c", "K_t": "428a2f98", "W_t": "61626380"
    }  # fmt: skip
    assert T1["value"] == f"{sum(int(word, 16) for word in T1['operands'].values()) % (1 << 32):08x}"


def test_json_tells_numbers_from_digits_of_bytes() -> None:
    (number,) = steps_json([Step("n", 1 << 64, "§", "w")])
    (pair,) = steps_json([Step("p", (1, 2), "§", "w", form="point")])
    (octets,) = steps_json([Step("b", b"\x10", "§", "w")])
    (truth,) = steps_json([Step("t", True, "§", "w")])
    assert (number["value"], number["number"]) == ("18446744073709551616", True)
    assert (pair["value"], pair["number"], pair["form"]) == (["1", "2"], True, "point")
    assert octets["value"] == "10"
    assert "number" not in octets
    assert truth["value"] is True
    assert "number" not in truth


def test_json_of_some_levels() -> None:
    assert "steps" not in steps_json(sha256_steps(), depth=1)[0]
    assert "steps" in steps_json(sha256_steps(), depth=2)[0]
