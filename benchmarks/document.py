"""Writes docs/benchmarks.md, and the plot in it."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile

from benchmarks import tables
from benchmarks.row import LIMIT, Result

INTRODUCTION = """\
# How fast it is

Written by `python -m benchmarks --write`, out of `benchmarks/document.py`. Each figure is a median, taken in turns with
the peers' in the same run and counted in this process's own time, so the ratios tell more than the times do. A ratio of
2× means that we are twice as fast.

`tlslite-ng`, `ecdsa`, `rsa`, `pyaes`, `chacha20poly1305`, `purepycrypto`, `asn1crypto` and `pyasn1` are in Python. The
first two use gmpy2 where we do, and their hash functions are `hashlib`'s, which are in C. `purepycrypto` has the
fastest hash functions in Python that we found. `cryptography` is OpenSSL and Rust: the limit.

What was not reached is marked ✗. ECDSA signs and TLS shakes hands slower than peers whose hash functions are in C: a
signature hashes 18 blocks, most of them for its nonce (RFC 6979), and both sides of a handshake together 120. SHA-256
of one message goes round by round, and a round is 26 operations on small integers, whatever one does. The rows of these
show what the hash function alone takes, or the operations of its rounds; and for a handshake all that is computed in
it, without a single message. So much is the floor.

Measured with {machine}.

![Ratios to peers, and the targets](benchmarks.svg)
"""


def write_document(path: Path, results: Sequence[Result], machine: Mapping[str, str]) -> None:
    """Write the page at `path`, and beside it the plot, each whole or not at all."""
    introduction = INTRODUCTION.format(machine=", ".join(f"{name} {value}" for name, value in machine.items()))
    parts = [introduction, "## The targets\n", tables.targets(results), "## All of it\n", tables.markdown(results)]
    plot = draw(results)  # first: without the library that draws, nothing is written
    _replace(path, "\n".join(parts))
    _replace(path.with_suffix(".svg"), plot)


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, path)
    path.chmod(0o644)


def draw(results: Sequence[Result]) -> str:
    """Return the plot, an SVG: a bar for each row, and a mark for its target."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.family": "sans-serif"})
    pyplot = import_module("matplotlib.pyplot")
    shown = [result for result in reversed(results) if _peer(result) is not None]
    ratios = [result.ratios[_peer(result) or ""] for result in shown]
    places = range(len(shown))
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.22 * len(shown)), layout="constrained")
    axes.barh(places, ratios, color=["tab:blue" if ratio >= 1 else "tab:orange" for ratio in ratios])
    marks = [(target.times, place) for place, result in enumerate(shown) if (target := result.row.target) is not None]
    axes.scatter([times for times, _ in marks], [place for _, place in marks], color="black", marker="|", zorder=3)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yticks(places, [f"{result.row.what}  ({_peer(result)})" for result in shown], fontsize=7)
    axes.set_xlabel("times as fast as the peer (bar), and the target (mark)")
    axes.xaxis.set_major_formatter("{x:g}×")
    axes.margins(y=0.01)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _peer(result: Result) -> str | None:
    """Return the peer to show: that of the target, or else the fastest one in Python, or None."""
    if result.row.target is not None:
        return result.row.target.peer if result.row.target.peer in result.peers else None
    return min((peer for peer in result.peers if peer != LIMIT), key=lambda peer: result.peers[peer], default=None)
