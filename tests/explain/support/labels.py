"""All labels that a room's readers and writers can give, read off their code.

A function gives a label if it has a parameter `label` and hands it on to one that gives labels; at the bottom are the
layout's `leaf` and `begin`, the constructors of `Field` and `Element`, and `Opened.of`, which takes several at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

AT_THE_BOTTOM = {".leaf": 0, ".begin": 0, "Field": 0, "Element": 0}
"""By name, where the label is among the arguments; the names of methods begin with a dot."""
OPENED = "Opened.of"
READERS_AND_WRITERS = ("explain.layout", "record.presentation", "pki.asn1.der", "pki.asn1.der_writer")


@dataclass
class Labels:
    """What was found. given: the labels, each with where. unclear: expressions that are no texts, each with where."""

    given: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)


def labels(files: Mapping[str, str], *, within: str) -> Labels:
    """Return the labels given in the files whose path begins with `within`. files: the sources of all rooms, by path.

    Only those files are looked at which read, write or lay out bytes by themselves.
    """
    trees = {path: tree for path, source in files.items() if _reads_or_writes(tree := ast.parse(source))}
    giving = functions_that_give_labels(trees)
    found = Labels()
    for path, tree in trees.items():
        if path.startswith(within):
            for expression, function in _given(tree, path, giving):
                for text in _texts(expression, function):
                    where = f"{path}:{expression.lineno}"
                    if isinstance(text, str):
                        found.given.setdefault(text, where)
                    else:
                        found.unclear.setdefault(ast.unparse(text), where)
    return found


def _reads_or_writes(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module in READERS_AND_WRITERS for node in tree.body)


def functions_that_give_labels(trees: Mapping[str, ast.Module]) -> dict[str, int]:
    """Return the names of the functions that give labels, with the place of the label among their arguments.

    They are written as `_name` writes the calls: `.integer`, `Name.read`, `cls.read`, `sequence`, `path:_read`.
    """
    functions = [
        (path, around, node)
        for path, tree in trees.items()
        for around in ast.walk(tree)
        for node in ast.iter_child_nodes(around)
        if isinstance(node, ast.FunctionDef) and "label" in _parameters(node)
    ]
    giving = dict(AT_THE_BOTTOM)
    before = 0
    while len(giving) > before:
        before = len(giving)
        for path, around, function in functions:
            calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
            handed_on = [_argument(call, giving[name]) for call in calls if (name := _name(call, path)) in giving]
            if any(isinstance(argument, ast.Name) and argument.id == "label" for argument in handed_on):
                is_method = isinstance(around, ast.ClassDef)
                place = _parameters(function).index("label") - is_method
                for name in _names(path, around, function):
                    if giving.setdefault(name, place) != place:
                        raise ValueError(f"two functions {name} have their labels in different places")
    return giving


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in function.args.args]


def _names(path: str, around: ast.AST, function: ast.FunctionDef) -> list[str]:
    """Return by which names a function is called."""
    if not isinstance(around, ast.ClassDef):
        return [f"{path}:{function.name}" if function.name.startswith("_") else function.name]
    if _parameters(function)[0] == "cls":
        return [f"{around.name}.{function.name}", f"cls.{function.name}"]
    return [f".{function.name}"]


def _name(call: ast.Call, path: str) -> str:
    """Return by which name a function is called: that of a class method with the class, of another with a dot only."""
    match call.func:
        case ast.Name(id=name):
            return f"{path}:{name}" if name.startswith("_") else name
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner[0].isupper() or owner == "cls":
            return f"{owner}.{name}"
        case ast.Attribute(attr=name):
            return f".{name}"
    return ""


def _argument(call: ast.Call, place: int) -> ast.expr | None:
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == "label"]
    return by_name[0] if by_name else call.args[place] if place < len(call.args) else None


Given = Iterator[tuple[ast.expr, ast.FunctionDef | None]]


def _given(node: ast.AST, path: str, giving: Mapping[str, int], function: ast.FunctionDef | None = None) -> Given:
    """Return every expression that is given as a label, or is the default of one, with the function around it."""
    if isinstance(node, ast.Call) and _name(node, path) in giving:
        argument = _argument(node, giving[_name(node, path)])
        if argument is not None:
            yield argument, function
    if isinstance(node, ast.Call) and _name(node, path) == OPENED and len(node.args) == 3:
        rows = node.args[2].elts if isinstance(node.args[2], ast.List) else [node.args[2]]
        yield from ((row.elts[0] if isinstance(row, ast.Tuple) else row, function) for row in rows)
    if isinstance(node, ast.FunctionDef):
        function = node
        defaults = node.args.defaults
        with_default = zip(_parameters(node)[len(_parameters(node)) - len(defaults) :], defaults, strict=True)
        yield from ((default, None) for name, default in with_default if name == "label")
    for child in ast.iter_child_nodes(node):
        yield from _given(child, path, giving, function)


def _texts(expression: ast.expr, function: ast.FunctionDef | None) -> Iterator[str | ast.expr]:
    """Return the texts that the expression can be; or the expression itself, if it is not a text."""
    match expression:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(expression.body, function)
            yield from _texts(expression.orelse, function)
        case ast.Name(id="label") if function is not None and "label" in _parameters(function):
            return  # handed on
        case ast.Name(id=name) if function is not None and (values := list(_assigned(name, function))):
            for value in values:
                yield from _texts(value, None)
        case _:
            yield expression


def _assigned(name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Return what is assigned to this variable, or what it goes through in a loop over a tuple."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]:
            yield node.value
        if isinstance(node, ast.comprehension) and isinstance(node.iter, ast.Tuple):
            yield from node.iter.elts if ast.unparse(node.target) == name else ()
