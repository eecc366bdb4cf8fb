"""Draws docs/lattices-ntt.svg and docs/lattices-compress.svg: `python docs/lattices_picture.py`; a test compares.

Every number in them is computed by the code that they are about.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path

from explain.trace import recording
from primitives.lattices.ntt import NTT, Ring
from primitives.lattices.packing import Compress, Decompress
from primitives.ml_kem import q

HERE = Path(__file__).parent

STYLE = """\
svg {
  --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --plus: #0757ba; --minus: #9a4b00;
  --zero: #cfe3ff; --one: #ffe1b8;
}
@media (prefers-color-scheme: dark) {
  svg {
    --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4ae; --plus: #79b8ff; --minus: #ffb26b;
    --zero: #16304f; --one: #4a3312;
  }
}
text { fill: var(--ink); font: 13px sans-serif; text-anchor: middle; }
.faint { fill: var(--faint); font-size: 12px; } .title { font-weight: bold; }
.paper { fill: var(--paper); } .node { fill: var(--paper); stroke: var(--faint); }
line, circle { stroke-width: 1.5; stroke: var(--faint); fill: none; }
.plus { stroke: var(--plus); } .minus { stroke: var(--minus); } .point { fill: var(--minus); stroke: none; }
.zero { fill: var(--zero); } .one { fill: var(--one); }
.factor { fill: var(--minus); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
"""


def drawing(width: int, height: int, title: str, parts: Iterator[str]) -> str:
    """Return a whole picture."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Return words in the middle of a place."""
    return f'<text{_kind(kind)} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "") -> str:
    """Return a straight line."""
    return f'<line{_kind(kind)} x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


# --- The butterflies of an NTT, in a ring that is small enough to draw.

SMALL = Ring(q=17, n=8, zeta=2, layers=2)  # modulo 17, X^8 + 1 is a product of four X² − γ
F = [1, 2, 3, 4, 5, 6, 7, 8]
LEFT, TOP, COLUMN, ROW, NODE = 90, 110, 220, 46, 17


def butterflies() -> str:
    """Return the picture of the NTT of `F`: coefficients on the left, residues on the right."""
    return drawing(640, 520, "The NTT of eight coefficients, in two layers of butterflies", _butterflies())


def _butterflies() -> Iterator[str]:
    with recording() as made:
        NTT(F, SMALL)
    layers = made[0].steps
    columns = [tuple(F), *(layer.value for layer in layers)]
    titles = ["modulo X⁸ + 1", "modulo X⁴ − 4 and X⁴ + 4", "modulo X² − γ"]
    for column, title in enumerate(titles):
        yield text(LEFT + column * COLUMN, 40, title, "title")
    for column, layer in enumerate(layers):
        len_ = SMALL.n >> column + 1
        yield text(LEFT + (column + 0.5) * COLUMN, 66, layer.name, "faint")
        zetas = [step.value for step in layer.steps if step.name == "zeta"]
        for block, zeta in enumerate(zetas):
            start = 2 * len_ * block
            for j in range(start, start + len_):
                yield from _butterfly(column, j, j + len_)
            for j in range(start, start + len_):
                yield text(LEFT + column * COLUMN + 40, _y(j + len_) + 17, f"· {zeta}", "factor")
    for column, values in enumerate(columns):
        for j, value in enumerate(values if isinstance(values, tuple) else ()):
            yield f'<circle class="node" cx="{LEFT + column * COLUMN}" cy="{_y(j)}" r="{NODE}"/>'
            yield text(LEFT + column * COLUMN, _y(j) + 5, str(value))
    for j in range(SMALL.n):
        yield text(LEFT - 50, _y(j) + 5, f"f[{j}]", "faint")
    for i, gamma in enumerate(SMALL.gammas):
        yield text(LEFT + 2 * COLUMN + 62, (_y(2 * i) + _y(2 * i + 1)) / 2 + 5, f"γ = {gamma}", "faint")
    yield text(320, 484, "Blue is added. Orange is multiplied, then added on its way up, and subtracted straight on:")
    yield text(320, 504, "so each pair of the left becomes one of the right, modulo 17.")


def _y(j: int) -> int:
    return TOP + ROW * j


def _butterfly(column: int, upper: int, lower: int) -> Iterator[str]:
    x1, x2 = LEFT + column * COLUMN + NODE, LEFT + (column + 1) * COLUMN - NODE
    yield line(x1, _y(upper), x2, _y(upper), "plus")
    yield line(x1, _y(upper), x2, _y(lower), "plus")
    yield line(x1, _y(lower), x2, _y(upper), "minus")
    yield line(x1, _y(lower), x2, _y(lower), "minus")


# --- Compression, as rounding on a circle.

RADIUS, CENTRES, HEIGHT = 140, ((210, 220), (610, 220)), 460
D, X = 4, 1000  # the bits that are kept, and a coefficient


def compression() -> str:
    """Return the picture of Z_q as a circle: with the 16 steps of 4 bits, and with the two of 1 bit."""
    return drawing(820, HEIGHT, "Z_q as a circle: what Compress keeps of a coefficient", _compression())


def _compression() -> Iterator[str]:
    x, y = CENTRES[0]
    yield text(x, 34, f"Compress_{D}: the nearest of {1 << D} steps", "title")
    yield f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/>'
    for step in range(1 << D):
        value = Decompress(D, step, q)
        yield line(*_place(x, y, value, RADIUS - 8), *_place(x, y, value, RADIUS + 8))
        yield text(*_lower(_place(x, y, value, RADIUS + 24)), str(step), "faint")
    chosen = Compress(D, X, q)
    back = Decompress(D, chosen, q)
    yield _point(*_place(x, y, X, RADIUS))
    yield text(*_lower(_place(x, y, X, RADIUS - 40)), str(X), "factor")
    yield text(x, HEIGHT - 44, f"Compress_{D}({X}) = {chosen}, and Decompress_{D}({chosen}) = {back}:")
    yield text(x, HEIGHT - 22, f"the difference of {abs(back - X)} is one more error")
    yield from _decision()


def _decision() -> Iterator[str]:
    """Draw which coefficients mean 0 and which 1."""
    x, y = CENTRES[1]
    yield text(x, 34, "Compress_1: 1 if nearer to 1665 than to 0", "title")
    ones = [value for value in range(q) if Compress(1, value, q)]
    for bit, first, last in ((0, ones[-1] + 1, ones[0] - 1), (1, ones[0], ones[-1])):
        (sx, sy), (ex, ey) = _place(x, y, first - 0.5, RADIUS), _place(x, y, last + 0.5, RADIUS)
        arc = f"M{x} {y} L{sx:.1f} {sy:.1f} A{RADIUS} {RADIUS} 0 0 1 {ex:.1f} {ey:.1f} Z"
        middle = Decompress(1, bit, q)
        yield f'<path class="{"one" if bit else "zero"}" d="{arc}"/>'
        yield text(*_lower(_place(x, y, middle, RADIUS / 2)), str(bit), "title")
        yield text(*_lower(_place(x, y, first, RADIUS + 28)), str(first), "faint")
        yield text(*_lower(_place(x, y, middle, RADIUS + 24)), str(middle), "faint")
    yield f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/>'
    yield text(x, HEIGHT - 44, "If an error is less than 833, the bit is still what")
    yield text(x, HEIGHT - 22, "it was: that is all that decryption relies on")


def _place(x: float, y: float, value: float, radius: float) -> tuple[float, float]:
    """Return where an element of Z_q is on a circle, 0 at the top and then clockwise."""
    angle = 2 * math.pi * value / q
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _lower(place: tuple[float, float]) -> tuple[float, float]:
    return place[0], place[1] + 4


def _point(x: float, y: float) -> str:
    return f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def files() -> dict[str, str]:
    """Return the pictures by their names."""
    return {"lattices-ntt.svg": butterflies(), "lattices-compress.svg": compression()}


if __name__ == "__main__":
    for name, content in files().items():
        (HERE / name).write_text(content)
