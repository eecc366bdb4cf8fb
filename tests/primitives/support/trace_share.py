"""How many of a file's lines of code are there for the trace alone, counted on its syntax tree.

These are: imports of the trace, guards, decorators and `with` lines of groups, steps that stand alone, all lines but
the first of a step that takes several, and assignments whose names nothing but steps reads. `x = note(…)` on one line
counts none: without the trace, the line would be there all the same.
"""

from __future__ import annotations

import ast
import io
import tokenize

LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER
}  # fmt: skip
GUARDS = {"tracing", "active", "anybody"}


def code_lines(source: str) -> set[int]:
    """Return the numbers of the lines that hold code: no docstring, no comment, no blank."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docstrings |= _lines(node)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            code |= set(range(token.start[0], token.end[0] + 1))
    return code - docstrings


def trace_lines(source: str) -> set[int]:
    """Return the numbers of those that would not be there without the trace."""
    return _Count(ast.parse(source)).lines & code_lines(source)


def _lines(node: ast.stmt | ast.expr) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


class _Count:
    def __init__(self, tree: ast.Module) -> None:
        self.lines: set[int] = set()
        self._names: set[str] = set()  # of functions of the trace
        self._groups: set[str] = set()  # `as whole`
        self._words: set[int] = set()  # the nodes inside of calls of the trace, but for the values of steps
        for node in ast.walk(tree):
            self._imports(node)
        for node in ast.walk(tree):
            self._with(node)
        for node in ast.walk(tree):
            self._statement(node)
            self._call(node)
        counted = -1
        while counted < len(self._words):  # what one such assignment reads, another one may make
            counted = len(self._words)
            for scope in ast.walk(tree):
                if isinstance(scope, ast.Module | ast.FunctionDef):
                    self._read_by_steps_alone(scope)

    def _imports(self, node: ast.AST) -> None:
        if isinstance(node, ast.ImportFrom) and (node.module, node.names[0].name) == ("explain", "trace"):
            self._names.add("trace")
        elif isinstance(node, ast.ImportFrom) and node.module == "explain.trace":
            self._names |= {alias.name for alias in node.names}
        else:
            return
        self.lines |= _lines(node)

    def _name(self, node: ast.AST) -> str:
        """Return the name of what a node calls or reads of the trace; nothing if it is something else."""
        function = node.func if isinstance(node, ast.Call) else node
        if isinstance(function, ast.Name) and isinstance(node, ast.Call) and function.id in self._names:
            return function.id
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            if function.value.id == "trace" in self._names:
                return function.attr
            if function.value.id in self._groups and function.attr == "gives":
                return "gives"
        return ""

    def _with(self, node: ast.AST) -> None:
        if isinstance(node, ast.With) and any(self._name(item.context_expr) for item in node.items):
            self.lines |= set(range(node.lineno, node.body[0].lineno))
            self._groups |= {item.optional_vars.id for item in node.items if isinstance(item.optional_vars, ast.Name)}

    def _statement(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if self._name(decorator):
                    self.lines |= _lines(decorator)
        if isinstance(node, ast.Expr):
            self.lines |= _lines(node) if self._name(node.value) else set()
        if isinstance(node, ast.Assign) and all(self._is_value_of_group(target) for target in node.targets):
            self.lines |= _lines(node)

    def _is_value_of_group(self, target: ast.expr) -> bool:
        return (
            isinstance(target, ast.Attribute)
            and target.attr == "value"
            and isinstance(target.value, ast.Name)
            and target.value.id in self._groups
        )

    def _call(self, node: ast.AST) -> None:
        name = self._name(node)
        if not name or not isinstance(node, ast.expr):
            return
        self.lines |= _lines(node) - {node.lineno}
        if name in GUARDS:
            self.lines.add(node.lineno)
        if isinstance(node, ast.Call):
            value = {"note": 2, "gives": 0}.get(name)
            for place, argument in enumerate([*node.args, *(keyword.value for keyword in node.keywords)]):
                if place != value:
                    self._words |= {id(inner) for inner in ast.walk(argument)}

    def _read_by_steps_alone(self, scope: ast.Module | ast.FunctionDef) -> None:
        reads = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        used = {node.id for node in reads if id(node) not in self._words}
        told = {node.id for node in reads} - used
        for node in scope.body if isinstance(scope, ast.Module) else ast.walk(scope):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                parts = [part for target in targets for part in ast.walk(target) if isinstance(part, ast.expr)]
                names = {part.id for part in parts if isinstance(part, ast.Name)}
                if names and names <= told and all(isinstance(part, ast.Name | ast.Tuple) for part in parts):
                    self.lines |= _lines(node)
                    self._words |= {id(inner) for inner in ast.walk(node.value)} if node.value else set()
