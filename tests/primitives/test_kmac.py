"""KMAC against NIST's examples, and against OpenSSL's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from explain import trace
from primitives.kmac import kmac128, kmac256, kmacxof128, kmacxof256
from tests.conftest import PeerTool, run

KEY, SHORT, LONG, NAME = bytes(range(0x40, 0x60)), bytes(range(4)), bytes(range(200)), b"My Tagged Application"
# NIST, "KMAC samples" and "KMACXOF samples": the function, the message, the customization, and the output
EXAMPLES = {
    "KMAC 1": (kmac128, SHORT, b"", "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e"),
    "KMAC 2": (kmac128, SHORT, NAME, "3b1fba963cd8b0b59e8c1a6d71888b7143651af8ba0a7070c0979e2811324aa5"),
    "KMAC 3": (kmac128, LONG, NAME, "1f5b4e6cca02209e0dcb5ca635b89a15e271ecc760071dfd805faa38f9729230"),
    "KMAC 4": (
        kmac256,
        SHORT,
        NAME,
        "20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d273a68d2f7"
        "f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f24871024d9c27773a8dd",
    ),
    "KMAC 5": (
        kmac256,
        LONG,
        b"",
        "75358cf39e41494e949707927cee0af20a3ff553904c86b08f21cc414bcfd691"
        "589d27cf5e15369cbbff8b9a4c2eb17800855d0235ff635da82533ec6b759b69",
    ),
    "KMAC 6": (
        kmac256,
        LONG,
        NAME,
        "b58618f71f92e1d56c1b8c55ddd7cd188b97b4ca4d99831eb2699a837da2e4d9"
        "70fbacfde50033aea585f1a2708510c32d07880801bd182898fe476876fc8965",
    ),
    "KMACXOF 1": (kmacxof128, SHORT, b"", "cd83740bbd92ccc8cf032b1481a0f4460e7ca9dd12b08a0c4031178bacd6ec35"),
    "KMACXOF 2": (kmacxof128, SHORT, NAME, "31a44527b4ed9f5c6101d11de6d26f0620aa5c341def41299657fe9df1a3b16c"),
    "KMACXOF 3": (kmacxof128, LONG, NAME, "47026c7cd793084aa0283c253ef658490c0db61438b8326fe9bddf281b83ae0f"),
    "KMACXOF 4": (
        kmacxof256,
        SHORT,
        NAME,
        "1755133f1534752aad0748f2c706fb5c784512cab835cd15676b16c0c6647fa9"
        "6faa7af634a0bf8ff6df39374fa00fad9a39e322a7c92065a64eb1fb0801eb2b",
    ),
}
ALL = {"KMAC128": kmac128, "KMAC256": kmac256, "KMACXOF128": kmacxof128, "KMACXOF256": kmacxof256}


@pytest.mark.parametrize(("function", "message", "customization", "output"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples_of_nist(function: Callable[..., bytes], message: bytes, customization: bytes, output: str) -> None:
    assert function(KEY, message, len(output) // 2, customization).hex() == output


def test_both_paths_give_the_same() -> None:
    for function in ALL.values():
        untraced = function(KEY, SHORT, 20, NAME)
        with trace.recording():
            assert function(KEY, SHORT, 20, NAME) == untraced


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("key", "message", "length", "customization"), [
    (4, 0, 1, ""), (168, 167, 33, "a"), (136, 135, 200, "b" * 140), (400, 500, 64, ""),
])  # fmt: skip
def test_against_openssl(
    name: str, key: int, message: int, length: int, customization: str, peer_tool: PeerTool
) -> None:
    K, X = bytes(i % 256 for i in range(key)), b"m" * message
    options = [f"hexkey:{K.hex()}", f"size:{length}", f"custom:{customization}", f"xof:{int('XOF' in name)}"]
    words = [word for option in options for word in ("-macopt", option)]
    printed = run(peer_tool("openssl"), "mac", *words, name.replace("XOF", ""), stdin=X)
    assert ALL[name](K, X, length, customization.encode()).hex() == printed.strip().lower()


def test_a_short_tag_is_the_beginning_of_a_long_one_with_xof_alone() -> None:
    for function in ALL.values():
        short, long = function(KEY, SHORT, 16), function(KEY, SHORT, 32)
        assert (long[:16] == short) == ("xof" in function.__name__)
        assert function(KEY, SHORT, 0) == b""


def test_each_part_counts() -> None:
    """Bytes cannot move from the key to the message, nor from there to the customization."""
    tags = [
        kmac128(key, message, 16, customization)
        for key, message, customization in (
            (b"a", b"b", b"c"),
            (b"ab", b"", b"c"),
            (b"", b"ab", b"c"),
            (b"a", b"bc", b""),
        )
    ]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("function", ALL.values(), ids=ALL)
def test_what_is_refused(function: Callable[..., bytes]) -> None:
    wrong: Any = "text"
    for arguments in ((wrong, b"", 1), (b"", wrong, 1), (b"", b"", 1, wrong)):
        with pytest.raises(TypeError, match=r": \w+: expected bytes, got str"):
            function(*arguments)
    with pytest.raises(ValueError, match="length is -1, expected 0 or more"):
        function(b"", b"", -1)
    with pytest.raises(TypeError, match="length"):
        function(b"", b"", wrong)


def test_the_trace_shows_what_is_absorbed() -> None:
    with trace.recording() as steps:
        tag = kmac128(KEY, SHORT, 32)
    (whole,) = steps
    padded, encoded, inner = whole.steps
    assert padded.value == bytes.fromhex("01a8020100") + KEY + bytes(168 - 37)
    assert (encoded.name, encoded.value) == ("right_encode(L)", bytes.fromhex("010002"))
    assert (inner.name, inner.value, whole.value) == ("cSHAKE128", tag, tag)
    for step in whole.walk():
        assert step.section.startswith(("SP 800-185 §", "FIPS 202 §"))
        assert step.why
