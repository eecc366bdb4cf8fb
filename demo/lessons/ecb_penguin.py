"""ECB: a picture that is encrypted, and can still be seen."""

from __future__ import annotations

import secrets
from collections import Counter

from demo.lessons.script import Script
from primitives.aes import AES
from primitives.modes import cbc_encrypt, ecb_encrypt

PENGUIN = """
..............######..............
............##########............
...........############...........
..........###oo##oo#####..........
..........##o#o##o#o####..........
..........###oo##oo#####..........
..........####++++######..........
..........#####++#######..........
.........##..........####.........
........##............####........
.......###............#####.......
......####............######......
......####............######......
......####............######......
.......###............#####.......
........###..........####.........
.........###........####..........
........++++##....##++++..........
.......++++++######++++++.........
..........+++......+++............
""".strip().splitlines()
BLOCK = 16
SHADES = "@%*=:~^!?$&;,'"


def lesson(script: Script) -> None:
    """Tell the lesson."""
    cipher = AES(secrets.token_bytes(16))
    pixels = b"".join(colour.encode() * BLOCK for row in PENGUIN for colour in row)  # one block each
    script.weak_form("A picture is encrypted with AES, each block by itself: ECB. This is the picture.")
    script.picture(PENGUIN)

    script.attack("Somebody who has the ciphertext draws a sign for each block: the same sign for the same block.")
    encrypted = ecb_encrypt(cipher, pixels)
    script.picture(drawn(encrypted))
    script.succeeded(
        Counter(blocks(encrypted)).most_common()[0][1] == Counter(blocks(pixels)).most_common()[0][1]
        and len(set(blocks(encrypted))) == len(set(blocks(pixels))),
        "The colours are other ones. The penguin is the same.",
    )

    script.ours("The same picture and key in CBC, with a fresh IV, as a record of this stack is encrypted.")
    chained = cbc_encrypt(cipher, secrets.token_bytes(BLOCK), pixels)
    script.picture(drawn(chained))
    script.unharmed(
        len(set(blocks(chained))) == len(blocks(chained)),
        f"{len(blocks(chained))} blocks, no two of them alike.",
        check="no suite of this stack encrypts a block by itself; each is chained, or counted",
        where="record/cbc.py: CBCProtection.seal",
        section="SP 800-38A §6.2",
    )


def blocks(data: bytes) -> list[bytes]:
    """Return the blocks, in order."""
    return [data[i : i + BLOCK] for i in range(0, len(data), BLOCK)]


def drawn(data: bytes) -> list[str]:
    """Return the picture that the blocks make, with a sign for each kind of block, as far as there are signs."""
    kinds = list(dict.fromkeys(blocks(data)))
    if len(kinds) <= len(SHADES):
        signs = dict(zip(kinds, SHADES, strict=False))
    else:
        signs = {block: SHADES[block[0] % len(SHADES)] for block in kinds}
    width = len(PENGUIN[0])
    row = "".join(signs[block] for block in blocks(data))
    return [row[i : i + width] for i in range(0, len(row), width)]
