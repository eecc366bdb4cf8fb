"""The house's rules, read off the code's imports: which room may use which, and what no room may use.

The checks are functions from source texts to complaints, so that they can be shown to fail.
"""

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
# From the ground up. A room may import from those before its own.
FLOORS = ("explain", "console", "primitives", "pki", "record", "handshake", "demo")
ROOMS = (*FLOORS, "vectors", "cutaway")
# The same inside a room: its folders, and the modules at its door. What stands in one line stands on one floor.
INNER_FLOORS = {
    "explain": ("trace layout", "meaning", "showing"),
    "console": ("version unfinished printable exit_status", "files", "interrupts command_line waiting"),
    "pki": (
        "asn1", "key_formats fields", "recognition", "keys signatures certificate_status", "signed", "csr", "x509",
        "crl ocsp pkcs7 pkcs12 bundle", "path", "verify", "ca", "est inspect", "commands", "__main__",
    ),
    "record": ("alerts codes", "presentation meanings", "protection", "aead cbc tls13", "cfb", "layer"),
    "handshake": (
        "registries stream_file listener", "messages capture machine", "record_limits suites", "sessions parameters",
        "configuration proofs", "events server_answers server_chain client_hello grease versions", "channel",
        "tls12", "tls13",
        "connection", "stream aio", "commands", "__main__",
    ),
    "demo": (
        "failure", "party", "facts", "wire enrolling stage", "commands", "ttp chat report", "otp", "bank lessons",
        "breaking", "story_command", "dispatch", "__main__",
    ),
}  # fmt: skip
# Algorithms that others wrote. The one exception: comparing secrets with hmac.compare_digest.
BORROWED = {
    "hashlib", "hmac", "ssl", "crypt", "cryptography", "Crypto", "Cryptodome", "nacl", "tlslite", "ecdsa", "rsa",
    "asn1crypto", "pyasn1", "OpenSSL", "_hashlib", "_sha1", "_sha2", "_sha3", "_md5", "_ssl",
}  # fmt: skip
OUTSIDE = {
    "gmpy2": ("primitives/integers.py",),
    "socket": ("handshake/stream.py", "handshake/listener.py", "demo/"),
    "rich": ("demo/",),
}
MOST_MODULES = 20  # in a folder: a reader takes in a listing of so many at a glance
LONG_LISTS = {
    "primitives",
    "primitives/lanes",
    "demo/lessons",
    "benchmarks",
}  # a file for each standard, form, lesson or algorithm: like entries


def sources() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def modules(files: Mapping[str, str]) -> dict[str, str]:
    """The dotted name of each file."""
    return {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in files}


@cache
def nodes(source: str) -> Sequence[ast.AST]:
    """The nodes of a file's syntax tree, the whole one first."""
    return list(ast.walk(ast.parse(source)))


def imports(source: str) -> Iterator[tuple[str, str]]:
    """Every import of a file as (module, name), the name empty for `import module`."""
    for node in nodes(source):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield "." * node.level + (node.module or ""), alias.name


def complaints(files: Mapping[str, str]) -> list[str]:
    """Every import that breaks a rule."""
    found = []
    for path, source in files.items():
        room = path.split("/")[0]
        for module, name in imports(source):
            top = module.split(".")[0]
            if module.startswith("."):
                found.append(f"{path}: relative import {module}")
            elif top in FLOORS and room in FLOORS and FLOORS.index(top) > FLOORS.index(room):
                found.append(f"{path} imports {module}, of a floor above its own")
            elif top == "vectors" and room != "vectors":
                found.append(f"{path} imports {module}: library code never imports the vectors")
            elif top == "cutaway" and room != "cutaway":
                found.append(f"{path} imports {module}: it is the front door, which nothing imports")
            elif top in ("tests", "benchmarks"):
                found.append(f"{path} imports {module}")
            elif top in BORROWED and (module, name) != ("hmac", "compare_digest"):
                found.append(f"{path} borrows {module} {name}")
            elif top in OUTSIDE and not path.startswith(OUTSIDE[top]) and not (top == "rich" and may_print(path)):
                found.append(f"{path} imports {module}")
            elif top not in (*ROOMS, *OUTSIDE, *BORROWED) and top not in sys.stdlib_module_names:
                found.append(f"{path} imports {module}, which is not a dependency")
    return found


def inner_complaints(files: Mapping[str, str]) -> list[str]:
    """Every import inside a room that does not lead to a floor below, and every folder that is on no floor."""
    names = modules(files)
    found = []
    for path, source in files.items():
        room, place = path.split("/")[0], inner_place(path)
        floors = INNER_FLOORS.get(room)
        if floors is None or place == "__init__":
            continue
        own = inner_floor(room, place)
        if own is None:
            found.append(f"{path} is on no floor of {room}")
            continue
        for module, name in imports(source):
            target = names.get(f"{module}.{name}") or names.get(module)
            if target is None or target.split("/")[0] != room:
                continue
            other = inner_place(target)
            if other not in (place, "__init__") and (inner_floor(room, other) or 0) >= own:
                found.append(f"{path} ({place}) imports {target} ({other})")
    return found


def inner_place(path: str) -> str:
    """The folder inside a room, or the module at its door."""
    return path.split("/")[1].removesuffix(".py")


def inner_floor(room: str, place: str) -> int | None:
    return next((number for number, line in enumerate(INNER_FLOORS[room]) if place in line.split()), None)


def crowded_folders(paths: Iterable[str]) -> list[str]:
    """Every folder that holds too many modules, apart from those that are lists of like entries."""
    modules = [path for path in paths if not path.endswith("/__init__.py")]
    counts = Counter(path.rpartition("/")[0] for path in modules)
    return [f"{folder}: {n} modules" for folder, n in counts.items() if n > MOST_MODULES and folder not in LONG_LISTS]


def may_print(path: str) -> bool:
    return path.endswith("/__main__.py")


def rounds(files: Mapping[str, str]) -> list[str]:
    """A way round, for every module that imports itself by way of others."""
    names = modules(files)
    arrows: dict[str, set[str]] = {}
    for module, path in names.items():
        inner = {n if (n := f"{m}.{name}") in names else m for m, name in imports(files[path])}
        arrows[module] = {m for m in inner if m in names and m != module}
    found = []
    state: dict[str, int] = {}

    def visit(module: str, way: list[str]) -> None:
        state[module] = 1
        for other in sorted(arrows[module]):
            if state.get(other) == 1:
                found.append(" → ".join([*way[way.index(other) :], other]))
            elif other not in state:
                visit(other, [*way, other])
        state[module] = 2

    for module in arrows:
        if module not in state:
            visit(module, [module])
    return found


def test_imports_keep_to_the_floors_and_borrow_no_algorithm() -> None:
    assert complaints(sources()) == []


def test_imports_inside_a_room_keep_to_its_floors() -> None:
    assert inner_complaints(sources()) == []


def test_no_import_runs_round() -> None:
    assert rounds(sources()) == []


def test_an_arrow_turned_round_is_found() -> None:
    files = sources()
    files["primitives/sha2.py"] += "\nfrom pki import der\n"
    assert complaints(files) == ["primitives/sha2.py imports pki, of a floor above its own"]


def test_an_arrow_turned_round_inside_a_room_is_found() -> None:
    files = sources()
    files["pki/fields/names.py"] += "\nfrom pki.path import search\n"
    files["pki/x509.py"] += "\nfrom pki import pkcs7\n"
    files["pki/strange/example.py"] = ""
    assert inner_complaints(files) == [
        "pki/fields/names.py (fields) imports pki/path/search.py (path)",
        "pki/x509.py (x509) imports pki/pkcs7.py (pkcs7)",
        "pki/strange/example.py is on no floor of pki",
    ]


def test_each_kind_of_forbidden_import_is_found() -> None:
    for line in (
        "import hashlib",
        "from hmac import new",
        "from hmac import digest",
        "import ssl",
        "from cryptography.hazmat.primitives import hashes",
        "import socket",
        "from rich.console import Console",
        "import gmpy2",
        "from vectors import cavp",
        "from cutaway import __main__",
        "from tests import conftest",
        "from . import oids",
        "import numpy",
    ):
        assert len(complaints({"pki/example.py": line})) == 1, line
    for line in ("from hmac import compare_digest", "import secrets", "from primitives import rsa"):
        assert complaints({"pki/example.py": line}) == [], line


def test_a_way_round_is_found() -> None:
    files = {
        "pki/a.py": "from pki import b",
        "pki/b.py": "from pki.c import x",
        "pki/c.py": "def f():\n    import pki.a",
        "pki/__init__.py": "",
    }
    assert rounds(files) == ["pki.a → pki.b → pki.c → pki.a"]


def test_no_folder_holds_too_many_modules() -> None:
    others = [
        path.relative_to(ROOT).as_posix() for room in ("benchmarks", "docs") for path in (ROOT / room).rglob("*.py")
    ]
    assert crowded_folders([*sources(), *others]) == []


def test_a_crowded_folder_is_found() -> None:
    files = [f"{room}/{name}.py" for room in ("pki/path", "primitives") for name in ("__init__", *map(str, range(21)))]
    assert crowded_folders(files) == ["pki/path: 21 modules"]
    assert crowded_folders(set(files) - {"pki/path/20.py"}) == []


def test_no_assert_stands_on_input() -> None:
    """`python -O` removes asserts: a check that matters must not be one."""
    for path, source in sources().items():
        for node in nodes(source):
            assert not isinstance(node, ast.Assert), f"{path}:{node.lineno}"


def test_every_package_is_listed_for_the_wheel_and_no_test_is() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    here = {
        p.parent.relative_to(ROOT).as_posix().replace("/", ".") for r in ROOMS for p in (ROOT / r).rglob("__init__.py")
    }
    assert set(listed) == here


def test_every_module_says_what_it_is() -> None:
    for path, source in sources().items():
        module = nodes(source)[0]
        assert isinstance(module, ast.Module)
        docstring = ast.get_docstring(module)
        assert docstring, path
        if path.startswith("primitives/") and not path.endswith(("__init__.py", "__main__.py")):
            assert len(docstring.splitlines()[0]) <= 120, path


def test_the_plan_of_the_house_has_every_room_and_every_folder() -> None:
    """CONTRIBUTING.md says what each of them holds."""
    plan = (ROOT / "CONTRIBUTING.md").read_text().partition("## The house")[2].partition("### Where things go")[0]
    for room in ROOMS:
        assert f"`{room}/`" in plan, room
        folders = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
        _, _, inside = plan.partition(f"- **{room}**")
        for folder in folders if room != "vectors" else ():
            assert f"`{folder}/`" in inside.partition("\n- **")[0], f"{room}/{folder}"
