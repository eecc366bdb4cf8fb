"""Draws docs/lanes-speed.svg: how fast the textbook paths and the lanes are, over the size of what they work on.

`python docs/lanes_plot.py` measures, for some minutes, and draws; the extra `benchmarks` brings what it draws with.
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

import matplotlib

from primitives import chacha20, gcm, sha2
from primitives.aes import AES, cipher, key_expansion
from primitives.lanes import ghash as ghash_lanes
from primitives.modes import cbc_encrypt_many, ctr_xor
from primitives.poly1305 import P, poly1305

HERE = Path(__file__).parent
SIZES = [2**power for power in range(4, 21)]
LITTLE = 512  # bytes for the textbook, which is as slow for one size as for another
SECONDS = 0.3  # for each point, if it takes so long
KEY, KEY_32, IV, NONCE = bytes(range(16)), bytes(range(32)), bytes(16), bytes(12)

Work = Callable[[bytes], object]


def textbook_aes(data: bytes) -> None:
    """Encrypt block after block."""
    w = key_expansion(KEY)
    for i in range(0, len(data), 16):
        cipher(data[i : i + 16], w)


def textbook_sha256(data: bytes) -> None:
    """Compress block after block."""
    state = sha2.sha256._initial
    for i in range(0, len(data), 64):
        state = sha2.compress(state, data[i : i + 64], words=sha2.WORDS_32, K=sha2.K_32)


def textbook_chacha20(data: bytes) -> None:
    """Make a key stream block after block."""
    for i in range(len(data) // 64):
        chacha20.chacha20_block(KEY_32, i, NONCE)


def textbook_poly1305(data: bytes) -> None:
    """Evaluate the polynomial by Horner's rule."""
    accumulator, r = 0, int.from_bytes(KEY, "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    for i in range(0, len(data), 16):
        accumulator = (accumulator + int.from_bytes(data[i : i + 16] + b"\1", "little")) * r % P


def curves() -> Iterator[tuple[str, str, Work, Work]]:
    """Yield a name, a colour, the textbook path, and the path that chooses."""
    aes, powers = AES(KEY), ghash_lanes.Powers(KEY)
    yield "AES-128-CTR", "tab:blue", textbook_aes, lambda data: ctr_xor(aes, IV, data)
    yield "AES-128-CBC, 64 records", "tab:cyan", textbook_aes, lambda data: cbc_encrypt_many(aes, records(data))
    yield "GHASH", "tab:purple", lambda data: gcm.ghash(KEY, data), lambda data: ghash_lanes.ghash(powers, data)
    yield "ChaCha20", "tab:green", textbook_chacha20, lambda data: chacha20.chacha20_xor(KEY_32, 1, NONCE, data)
    yield "Poly1305", "tab:olive", textbook_poly1305, lambda data: poly1305(KEY_32, data)
    yield "SHA-256, 1 message", "tab:red", textbook_sha256, lambda data: sha2.sha256(data).digest()
    yield "SHA-256, 64 messages", "tab:orange", textbook_sha256, lambda data: sha2.sha256().digest_many(parts(data))


def parts(data: bytes) -> list[bytes]:
    """Cut into 64."""
    size = len(data) // 64
    return [data[i : i + size] for i in range(0, 64 * size, size)]


def records(data: bytes) -> list[tuple[bytes, bytes]]:
    """Cut into 64, with an iv for each."""
    return [(IV, part) for part in parts(data)]


def speed(work: Work, data: bytes) -> float:
    """Return MB/s: the median of runs, after one that fills tables and caches."""
    work(data)
    times: list[float] = []
    while sum(times) < SECONDS or len(times) < 3:
        start = process_time()
        work(data)
        times.append(process_time() - start)
    return len(data) / median(times) / 1e6


def main() -> None:
    """Measure, and write the picture."""
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lanes", "font.family": "sans-serif"})
    from matplotlib import pyplot  # only now: it asks for the backend when it is imported

    figure, axes = pyplot.subplots(figsize=(8, 5.2), layout="constrained")
    for name, colour, textbook, chosen in curves():
        sizes = [size for size in SIZES if size >= (1024 if "64" in name else 16)]
        axes.plot(sizes, [speed(chosen, bytes(range(16)) * (size // 16)) for size in sizes], color=colour, label=name)
        if name != "AES-128-CBC, 64 records" and name != "SHA-256, 64 messages":  # the others' textbook paths, again
            axes.axhline(speed(textbook, bytes(LITTLE)), color=colour, linestyle="--", linewidth=0.9)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks([2**power for power in range(4, 21, 4)], ["16 B", "256 B", "4 KiB", "64 KiB", "1 MiB"])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("size of the whole")
    axes.set_ylabel("MB/s")
    axes.set_title("The path that the functions choose; dashed, the textbook path")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    (HERE / "lanes-speed.svg").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
