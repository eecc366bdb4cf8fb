"""The large fuzz tests and matrices: the long run takes a share of each, drawn by a seed that it prints.

CUTAWAY_FUZZ_SEED=123 draws the share of that seed, so that a failure can be repeated. CUTAWAY_FUZZ_SHARE=all takes
everything. The everyday run draws nothing: what it takes is written in its tests.
"""

import os
import random
import secrets
from collections.abc import Sequence
from typing import TypeVar

SEED, SHARE = "CUTAWAY_FUZZ_SEED", "CUTAWAY_FUZZ_SHARE"
T = TypeVar("T")


def draw_seed() -> None:
    """Draw the seed of this run unless it is given; pytest's workers inherit it, and so take the same share."""
    os.environ.setdefault(SEED, str(secrets.randbelow(10**6)))


def everything() -> bool:
    """Whether this run takes all there is."""
    asked = os.environ.get(SHARE)
    if asked not in (None, "", "all"):
        raise ValueError(f"{SHARE} is {asked!r}, expected all or nothing")
    return asked == "all"


def announcement() -> str:
    """Say in one line what is taken, and how to take the same again."""
    if everything():
        return f"{SHARE}=all: every case of the large fuzz tests and matrices"
    return f"a share of the large fuzz tests and matrices: {SEED}={os.environ[SEED]} ({SHARE}=all takes all)"


def share(whole: Sequence[T], number: int, *, of: str) -> list[T]:
    """Return so many of the whole, in their order, or all of it if this run takes all.

    of: what the whole is. Wholes of different names are drawn from independently.
    """
    if everything() or number >= len(whole):
        return list(whole)
    dice = random.Random(f"{os.environ[SEED]} {of}")
    return [whole[place] for place in sorted(dice.sample(range(len(whole)), number))]
