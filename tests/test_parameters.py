"""No function takes a train of arguments: more than six means that a value is missing, or has a reason here."""

from __future__ import annotations

import ast

from tests.test_architecture import sources

MOST = 6
OPTIONS = "each has a default; a caller names the few that it wants"
REASONS = {
    "explain/trace.py: note": OPTIONS,
    "explain/trace.py: algorithm": OPTIONS,
    "explain/showing/terminal.py: __init__": OPTIONS,
    "handshake/stream.py: serve": OPTIONS,
    "handshake/aio.py: start_server": OPTIONS,
    "pki/verify.py: verify_chain": OPTIONS,
    "primitives/scrypt.py: scrypt": "they are the inputs of RFC 7914 §6: P, S, N, r, p and dkLen; and an option",
    "pki/x509.py: build": "they are the fields of a TBSCertificate, by the names that RFC 5280 §4.1 gives them",
}


def trains(files: dict[str, str]) -> set[str]:
    """The functions that take more than six arguments besides self or cls."""
    found = set()
    for path, source in files.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                if len([name for name in arguments if name not in ("self", "cls")]) > MOST:
                    found.add(f"{path}: {node.name}")
    return found


def test_a_function_takes_at_most_six_arguments_or_there_is_a_reason() -> None:
    assert trains(sources()) == set(REASONS)


def test_a_train_of_arguments_is_found() -> None:
    assert trains({"a.py": "class A:\n    def short(self, a, b, c, d, e, f): ...\n"}) == set()
    assert trains({"a.py": "async def long(a, b, c, /, d, e, *, f, g): ...\n"}) == {"a.py: long"}
