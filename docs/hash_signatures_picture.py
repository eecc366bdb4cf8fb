"""Draws docs/hash-chains.svg and docs/hash-hypertree.svg: `python docs/hash_signatures_picture.py`; a test compares.

The digits are those of the code that they are about; the hash function is the one of docs/hash_signatures.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lattices_picture import drawing, line, text

from primitives.hash_based.hash_functions import SHA2
from primitives.hash_based.parameters import Parameters
from primitives.hash_based.wots import WOTS

HERE = Path(__file__).parent

# --- The chains of a one-time key, with numbers of two digits.

SECRETS = (79, 69, 42, 90, 68, 32)
MESSAGE = b"\x1b"
LEFT, TOP, STEP, ROW, NODE = 170, 110, 130, 46, 17


def hashed(i: int, j: int, x: int) -> int:
    """Return the last two digits of x² + 10i + j: a hash function for paper, another one in each place."""
    return (x * x + 10 * i + j) % 100


def chain(i: int) -> list[int]:
    """Return the four values of a chain."""
    values = [SECRETS[i]]
    for j in range(3):
        values.append(hashed(i, j, values[-1]))
    return values


def chains() -> str:
    """Return the picture of six chains, and of what a signature gives away."""
    return drawing(700, 460, "Six chains of hash values, and the signature of a message", _chains())


def _chains() -> Iterator[str]:
    digits = WOTS(Parameters(SHA2(1), h=1, d=1, a=1, k=1, lg_w=2)).digits(MESSAGE)
    for j, title in enumerate(("secret", "F once", "F twice", "public")):
        yield text(LEFT + j * STEP, 66, title, "title")
    for i, digit in enumerate(digits):
        y = TOP + ROW * i
        yield text(70, y + 5, f"digit {digit}" if i < 4 else f"checksum {digit}", "faint")
        for j in range(3):
            kind = "plus" if j >= digit else ""
            yield line(LEFT + j * STEP + NODE, y, LEFT + (j + 1) * STEP - NODE, y, kind)
        for j, value in enumerate(chain(i)):
            kind = "one" if j == digit else "zero" if j > digit else "node"
            yield f'<circle class="{kind}" cx="{LEFT + j * STEP}" cy="{y}" r="{NODE}"/>'
            yield text(LEFT + j * STEP, y + 5, str(value))
    yield text(350, 34, "The message 1b, in base 4: 0 1 2 3. Its checksum is 6: 1 2", "title")
    yield text(350, 404, "Orange is the signature: a value of each chain. Blue is what everybody can compute from it,")
    yield text(350, 424, "up to the public ends. What is left of orange stays secret: nobody can go back.")


# --- Trees on trees.

HEIGHT, GAP, LAYERS, SPACING = 2, 150, 3, 64
CHOSEN = (2, 1, 3)  # the leaf that signs in each layer, from the top


def hypertree() -> str:
    """Return the picture of three layers of trees, and of the few-time key below them."""
    return drawing(760, 720, "A hypertree: each tree signs the root of the one below", _hypertree())


def _hypertree() -> Iterator[str]:
    x, y = 380.0, 70.0
    yield text(x, 34, "PK.root, which everybody knows", "title")
    for layer, leaf in enumerate(CHOSEN):
        yield text(90, y + GAP / 2 - 20, f"layer {LAYERS - 1 - layer}", "title")
        yield text(90, y + GAP / 2, "an XMSS tree", "faint")
        yield from _tree(x, y, leaf)
        below = x + (leaf - 1.5) * SPACING
        bottom = y + 90.0
        yield line(below, bottom + 14, below, bottom + 54, "plus")
        yield text(below + (70 if leaf < 2 else -70), bottom + 38, "WOTS+ signs", "faint")
        x, y = below, bottom + 68
    yield text(90, y + 30, "FORS", "title")
    yield text(90, y + 50, "signs the message", "faint")
    yield text(x, y, "FORS public key")
    for i, picked in enumerate((1, 3, 0)):
        yield from _small_tree(x + (i - 1) * 110, y + 30, picked)
    yield text(380, 690, "Orange leads from the message to the root. A signature has the blue siblings, too.")


def _tree(x: float, y: float, leaf: int) -> Iterator[str]:
    """Draw a tree of four leaves below its root."""
    places = {(2, 0): (x, y), (1, 0): (x - SPACING, y + 45), (1, 1): (x + SPACING, y + 45)}
    places |= {(0, i): (x + (i - 1.5) * SPACING, y + 90) for i in range(4)}
    for (z, i), place in places.items():
        if z < HEIGHT:
            yield line(*place, *places[z + 1, i // 2], "minus" if leaf >> z == i else "")
    for (z, i), place in places.items():
        on_way, sibling = leaf >> z == i, z < HEIGHT and leaf >> z ^ 1 == i
        kind = "one" if on_way else "zero" if sibling else "node"
        yield f'<circle class="{kind}" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="13"/>'
        if z == 0:
            yield text(place[0], place[1] + 5, str(i))


def _small_tree(x: float, y: float, picked: int) -> Iterator[str]:
    """Draw a tree of a few-time key, of which one leaf is given away."""
    leaves = [(x + (i - 1.5) * 24, y + 54) for i in range(4)]
    inner = [(x - 24, y + 27), (x + 24, y + 27)]
    for i, place in enumerate(leaves):
        yield line(*place, *inner[i // 2], "minus" if i == picked else "")
    for i, place in enumerate(inner):
        yield line(*place, x, y, "minus" if i == picked // 2 else "")
    nodes = [(x, y, "one")]
    nodes += [(*place, "one" if i == picked // 2 else "zero") for i, place in enumerate(inner)]
    nodes += [
        (*place, "one" if i == picked else "zero" if i == picked ^ 1 else "node") for i, place in enumerate(leaves)
    ]
    for cx, cy, kind in nodes:
        yield f'<circle class="{kind}" cx="{cx:.1f}" cy="{cy:.1f}" r="8"/>'
    yield text(x, y + 80, f"leaf {picked}", "faint")


def files() -> dict[str, str]:
    """Return the pictures by their names."""
    return {"hash-chains.svg": chains(), "hash-hypertree.svg": hypertree()}


if __name__ == "__main__":
    for name, content in files().items():
        (HERE / name).write_text(content)
