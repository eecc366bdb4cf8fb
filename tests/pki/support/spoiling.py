"""Bytes spoiled in the ways that are likely to confuse a parser, and what every reader must make of them."""

import random
from collections.abc import Callable, Iterable, Sequence


def spoil(random: random.Random, der: bytes, other: bytes) -> bytes:
    """Return the bytes with one to four changes of the kinds that are likely to confuse a parser."""
    data = bytearray(der)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(data) or 1)
        match random.randrange(7):
            case 0:
                data[at : at + 1] = random.randbytes(1)
            case 1:
                data[at : at + 1] = bytes([data[at] ^ 1 << random.randrange(8)]) if data else b"\0"
            case 2:
                del data[at : at + random.randint(1, 9)]
            case 3:
                data[at:at] = random.randbytes(random.randint(1, 9))
            case 4:  # a length, or what may be one
                data[at : at + 1] = random.choice((b"\0", b"\x7f", b"\x80", b"\x81", b"\x82\xff", b"\x84", b"\xff"))
            case 5:  # a part of another one
                start = random.randrange(len(other))
                data[at:at] = other[start : start + random.randint(1, 40)]
            case 6:  # a part once more
                data[at:at] = data[at : at + random.randint(1, 40)]
    return bytes(data)


def read_spoiled(
    read: Callable[[bytes], object],
    samples: Sequence[bytes],
    seeds: Iterable[int],
    *,
    declared: tuple[type[Exception], ...] = (ValueError,),
) -> int:
    """Read a spoiled sample of each seed; return how many were read all the same.

    declared: the errors that `read` may raise. At any other, the test fails and says which seed it was.
    """
    found = 0
    for seed in seeds:
        source = random.Random(seed)
        data = spoil(source, source.choice(samples), source.choice(samples))
        try:
            read(data)
        except declared:
            continue
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        found += 1
    return found
