"""Values in the notation of their standards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain.showing.boxes import boxes
from explain.showing.notation import MOST, SHOWN, Line, notation, text
from explain.trace import Form, Parts, Step, Value, note, recording, steps


def shown(
    value: Value,
    *,
    name: str = "x",
    bits: int = 0,
    form: Form = "",
    parts: Parts = (),
    before: Value = None,
    width: int = 76,
    binary: bool = False,
) -> list[str]:
    step = Step(name, value, "section", "why", bits, form, parts)
    return text(notation(step, before=before, width=width, binary=binary)).split("\n")


def test_the_state_of_aes_is_the_square_of_fips_197_appendix_b() -> None:
    """The input of appendix B fills the square column by column; the round key of round 1 changes some bytes."""
    block = bytes.fromhex("3243f6a8885a308d313198a2e0370734")
    assert shown(block, form="state") == ["32 88 31 e0", "43 5a 31 37", "f6 30 98 07", "a8 8d a2 34"]


def test_what_has_changed_in_a_square_is_marked_and_nothing_else() -> None:
    before, after = bytes(16), bytes(15) + b"\x01"
    lines = notation(Step("x", after, "section", "why", form="state"), before=before)
    assert text(lines).split("\n") == ["00  00  00  00"] * 3 + ["00  00  00  01*"]
    assert [[piece.changed for piece in line] for line in lines] == [[False] * 4] * 3 + [[False, False, False, True]]


def test_round_keys_are_squares_in_which_nothing_is_marked() -> None:
    assert shown(bytes(15) + b"\1", form="key", before=bytes(16))[3] == "00 00 00 01"


def test_words_are_in_hexadecimal_or_in_binary() -> None:
    assert shown(0x6A09E667, bits=32) == ["6a09e667"]
    assert shown(0x6A09E667, bits=32, binary=True) == ["01101010 00001001 11100110 01100111"]
    assert shown(5, bits=4) == ["0101"]  # short ones, as in DES, are binary anyway
    assert shown(5, bits=10) == ["0000000101"]
    assert shown(0xABCDEF1, bits=28) == ["abcdef1"]


def test_working_variables_have_their_names() -> None:
    parts = tuple((letter, 1) for letter in "abcdefgh")
    assert shown(tuple(range(8)), bits=32, parts=parts) == [
        "a = 00000000  b = 00000001  c = 00000002  d = 00000003",
        "e = 00000004  f = 00000005  g = 00000006  h = 00000007",
    ]


def test_a_step_whose_name_lists_names_gives_them_to_its_values() -> None:
    assert shown((1, 70000), name="r, s") == ["r = 1", "s = 0x11170"]
    assert shown((1, 2), name="x_2 : z_2") == ["x_2 = 1", "z_2 = 2"]
    assert shown((1, 2), name="QUARTERROUND(0, 4)") == ["1", "2"]  # arguments are no names of results


def test_the_state_of_chacha20_is_a_matrix_whose_rows_say_what_they_are_made_of() -> None:
    parts = ("constants", 4), ("key", 8), ("counter", 1), ("nonce", 3)
    assert shown(tuple(range(16)), bits=32, form="matrix", parts=parts) == [
        "00000000 00000001 00000002 00000003   constants",
        "00000004 00000005 00000006 00000007   key",
        "00000008 00000009 0000000a 0000000b   key",
        "0000000c 0000000d 0000000e 0000000f   counter, nonce",
    ]


def test_the_lanes_of_keccak_are_five_rows_of_five() -> None:
    lines = shown(tuple(range(25)), bits=64, form="lanes", width=100)
    assert len(lines) == 5
    assert lines[1].split() == [f"{n:016x}" for n in range(5, 10)]
    assert all(len(line) <= 76 for line in shown(tuple(range(25)), bits=64, form="lanes"))


def test_points() -> None:
    assert shown(None, form="point") == ["O, the point at infinity"]
    assert shown((3, 1 << 20), form="point") == ["x = 3", "y = 0x100000"]
    assert shown((1, 2, 3, 4), form="point") == ["X = 1", "Y = 2", "Z = 3", "T = 4"]
    two = (1, 2, 3, 4), (5, 6, 7, 8)
    assert shown(two, name="R, A", form="point") == [
        "R = X = 1", "    Y = 2", "    Z = 3", "    T = 4",
        "A = X = 5", "    Y = 6", "    Z = 7", "    T = 8",
    ]  # fmt: skip


def test_numbers_truths_words_and_nothing() -> None:
    assert shown(65537) == ["0x10001"]
    assert shown(-65537) == ["-0x10001"]
    assert shown(17) == ["17"]
    assert shown(0x123456789ABCDEF01) == ["0x1 23456789 abcdef01"]
    assert (shown(True), shown(False), shown("755224"), shown(b"")) == (["true"], ["false"], ["755224"], ["(empty)"])
    assert notation(Step("x", None, "section", "why")) == []


def test_blocks_of_bytes_are_drawn_to_scale_with_their_parts_below() -> None:
    value = b"\0" + b"\x11" * 20 + b"\x22" * 43
    lines = shown(value, parts=(("00", 1), ("maskedSeed", 20), ("maskedDB", 43)), width=60)
    assert lines[:4] == boxes((("00", 1), ("maskedSeed", 20), ("maskedDB", 43)), width=60)
    assert lines[4] == "00         = 00"
    assert lines[5] == "maskedSeed = " + "11111111 11111111 11111111 11111111"
    assert "".join(lines[7:]).replace(" ", "").removeprefix("maskedDB=") == "22" * 43


def test_boxes_are_in_proportion_where_the_names_leave_room() -> None:
    drawing = boxes((("a", 10), ("b", 30), ("c", 60)), width=104)
    assert [len(cell) for cell in drawing[1][1:-1].split("│")] == [10, 30, 60]
    assert len(set(map(len, drawing))) == 1


@given(st.lists(st.tuples(st.sampled_from(["00", "PS", "maskedSeed"]), st.integers(0, 500)), min_size=1, max_size=6))
def test_boxes_fill_the_width_or_are_as_narrow_as_their_names(parts: list[tuple[str, int]]) -> None:
    shown = [part for part in parts if part[1]]
    drawing = boxes(tuple(parts), width=76)
    assert len(set(map(len, drawing))) == 1
    needed = sum(max(len(name), len(str(length))) + 1 for name, length in shown) + 1
    assert len(drawing[0]) == (max(76, needed) if shown else len(drawing[0]))
    cells = drawing[1][1:-1].split("│") if shown else []
    assert [cell.strip() for cell in cells] == [name for name, _ in shown]


def test_of_a_very_long_value_the_middle_is_left_out_and_its_size_is_told() -> None:
    lines = shown(bytes(MOST + 1))
    assert lines[-1] == f"… and {MOST + 1 - SHOWN} bytes more"
    assert len(shown(bytes(MOST))) == MOST // 32


values = st.recursive(
    st.binary(max_size=70) | st.integers() | st.booleans() | st.sampled_from(["word", ""]) | st.none(),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=6,
)


@given(values, st.sampled_from([40, 60, 76]), st.booleans())
def test_any_value_can_be_shown_within_the_width(value: Value, width: int, binary: bool) -> None:
    def length(line: Line) -> int:
        return len("".join(piece.text for piece in line).rstrip())

    assert all(length(line) <= width for line in notation(Step("x", value, "s", "w"), width=width, binary=binary))


def test_a_watcher_sees_each_step_when_it_happens() -> None:
    seen: list[str] = []

    class Watcher:
        def step(self, step: Step) -> None:
            seen.append(step.name)

        def enter(self, group: Step) -> None:
            seen.append(f"{group.name}: {group.value!r}")

        def leave(self, group: Step) -> None:
            seen.append(f"/{group.name}: {group.value!r}")

    with recording(Watcher()) as made:
        with steps("§1", "sum", "an example") as sum:
            note("§1", "a", 1, "an example")
            sum.gives(2)
        with pytest.raises(ZeroDivisionError), steps("§2", "broken", "an example"):
            raise ZeroDivisionError
        with recording():
            note("§3", "elsewhere", 3, "nobody of the outer recording sees this")
    assert seen == ["sum: None", "a", "/sum: 2", "broken: None", "/broken: None"]
    assert [step.name for step in made] == ["sum", "broken"]


def test_words_that_are_too_wide_are_broken_between_bytes() -> None:
    assert shown(1, bits=64, binary=True, width=40) == [
        "00000000 00000000 00000000 00000000",
        "00000000 00000000 00000000 00000001",
    ]
    lines = shown((1, 2), bits=64, binary=True, width=40, parts=(("a", 1), ("b", 1)))
    assert [line[:3] for line in lines] == ["a =", "   ", "b =", "   "]
    assert max(map(len, lines)) <= 40
