"""The algorithm must not drown in its explanation: at most a quarter of a file's code is there for the trace.

`pytest -rP tests/primitives/test_trace_share.py` prints the share of every file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.primitives.support.trace_share import code_lines, trace_lines

ROOT = Path(__file__).parents[2]
MOST = 0.25
FILES = [
    path
    for room in ("primitives", "record", "handshake")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "from explain.trace import" in path.read_text() and "commands" not in path.parts
]


def share(source: str) -> tuple[int, int]:
    return len(trace_lines(source)), len(code_lines(source))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_at_most_a_quarter_of_the_code_is_there_for_the_trace(path: Path) -> None:
    trace, code = share(path.read_text())
    print(f"{trace:3} of {code:3} lines, {trace / code:4.0%}: {path.relative_to(ROOT)}")
    assert trace <= MOST * code, sorted(trace_lines(path.read_text()))


def test_all_algorithms_are_counted() -> None:
    names = {path.stem for path in FILES}
    assert {
        "sha2",
        "sha3",
        "aes",
        "gcm",
        "chacha20",
        "rsa",
        "oaep",
        "ecdsa",
        "ed25519",
        "ml_kem",
        "key_schedule",
    } <= names


OLDER = '''
"""ChaCha20's quarter round, as it was written once."""

from explain import trace

A_D, C_B = (("a", 1), ("d", 1)), (("c", 1), ("b", 1))


def quarter_round(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Mix four words."""
    a = (a + b) & 0xFFFFFFFF
    d = rotate(d ^ a, 16)
    trace.step(
        "a += b; d ^= a; d <<<= 16",
        (a, d),
        "RFC 8439 §2.1 line 1",
        why="adding is not linear in xor",
        bits=32,
        parts=A_D,
    )
    c = (c + d) & 0xFFFFFFFF
    b = rotate(b ^ c, 12)
    trace.step(
        "c += d; b ^= c; b <<<= 12", (c, b), "RFC 8439 §2.1 line 2", why="nor is xor in adding", bits=32, parts=C_B
    )
    return a, b, c, d
'''


def test_an_older_spelling_would_not_pass() -> None:
    trace, code = share(OLDER)
    assert (trace, code) == (13, 19)
    assert trace > MOST * code


NEWER = '''
from explain.trace import Parts, algorithm, note, steps, tracing

NAMES = "a", "b"  # for steps alone


@algorithm(
    "§1", "f", "because"
)
def f(x: int) -> int:
    """Double, and more."""
    if tracing():
        return slow(x)
    y = note("1", "y", 2 * x, "because")  # this line stays
    parts = tuple(NAMES)
    z = note(
        "2", "z", y + 1, "because", parts=parts
    )
    note("3", "x", x, "because")
    with steps("4", f"round {x}", "because") as turn:
        z = turn.gives(z + 1)
        turn.gives(z)
    return z if tracing() else y
'''


def test_what_is_counted_and_what_is_not() -> None:
    lines = NEWER.splitlines()
    kept = [lines[number - 1].strip() for number in sorted(code_lines(NEWER) - trace_lines(NEWER))]
    assert kept == [
        "def f(x: int) -> int:",
        "return slow(x)",
        'y = note("1", "y", 2 * x, "because")  # this line stays',
        "z = note(",
        "z = turn.gives(z + 1)",
    ]
