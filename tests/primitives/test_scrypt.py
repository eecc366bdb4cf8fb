"""scrypt against RFC 7914, each of its parts by itself, and against `hashlib`."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.lanes import salsa20
from primitives.scrypt import salsa20_8, scrypt, scryptBlockMix, scryptROMix

# RFC 7914 §8 to §10: values of the first test of §12, where r = 1 and N = 16.
B = bytes.fromhex(
    "f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad89f68f4811d1e87bcc3bd7400a9ffd29094f0184639574f3"
    "9ae5a1315217bcd7894991447213bb226c25b54da86370fbcd984380374666bb8ffcb5bf40c254b067d27c51ce4ad5fed829c90b505a571b"
    "7f4d1cad6a523cda770e67bceaaf7e89"
)
T = bytes.fromhex(
    "7e879a214f3ec9867ca940e641718f26baee555b8c61c1b50df846116dcd3b1dee24f319df9b3d8514121e4b5ac5aa3276021d2909c74829"
    "edebc68db8b8c25e"
)
BLOCK_MIXED = (
    "a41f859c6608cc993b81cacb020cef05044b2181a2fd337dfd7b1c6396682f29b4393168e3c9e6bcfe6bc5b7a06d96bae424cc102c91745c"
    "24ad673dc7618f8120edc975323881a80540f64c162dcd3c21077cfe5f8d5fe2b1a4168f953678b77d3b3d803b60e4ab920996e59b4d53b6"
    "5d2a225877d5edf5842cb9f14eefe425"
)
RO_MIXED = (
    "79ccc193629debca047f0b70604bf6b62ce3dd4a9626e355fafc6198e6ea2b46d58413673b99b029d665c357601fb426a0b2f4bba200ee9f"
    "0a43d19b571a9c71ef1142e65d5a266fddca832ce59faa7cac0b9cf1be2bffca300d01ee387619c4ae12fd4438f203a0e4e1c47ec314861f"
    "4e9087cb33396a6873e8f9d2539a4b8e"
)


def test_rfc_7914_sections_8_to_10() -> None:
    assert salsa20_8(T).hex() == BLOCK_MIXED[:128]
    assert scryptBlockMix(B).hex() == BLOCK_MIXED
    assert scryptROMix(1, B, 16).hex() == salsa20.ro_mix(B, 16).hex() == RO_MIXED


@pytest.mark.parametrize(
    ("password", "salt", "n", "r", "p", "expected"),
    [
        (b"", b"", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                             "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
        pytest.param(
            b"password", b"NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640", marks=pytest.mark.slow,
        ),
        pytest.param(
            b"pleaseletmein", b"SodiumChloride", 16384, 8, 1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887", marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
def test_rfc_7914_section_12(password: bytes, salt: bytes, n: int, r: int, p: int, expected: str) -> None:
    """All but the one that takes a table of a gibibyte."""
    assert scrypt(password, salt, n, r, p, 64).hex() == expected


@settings(max_examples=15, deadline=None)
@given(
    password=st.binary(max_size=80),
    salt=st.binary(max_size=40),
    n=st.sampled_from([2, 4, 8, 32]),
    r=st.integers(1, 3),
    p=st.integers(1, 3),
    length=st.integers(1, 70),
)
def test_against_the_oracle(password: bytes, salt: bytes, n: int, r: int, p: int, length: int) -> None:
    assert scrypt(password, salt, n, r, p, length) == hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=length)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3).flatmap(lambda r: st.binary(min_size=128 * r, max_size=128 * r)), st.sampled_from([2, 8]))
def test_the_fast_path_is_the_textbook(octets: bytes, n: int) -> None:
    blocks = salsa20.load(octets)
    assert salsa20.store(blocks) == octets
    assert salsa20.store(list(map(salsa20.core, blocks))) == b"".join(
        salsa20_8(octets[i : i + 64]) for i in range(0, len(octets), 64)
    )
    assert salsa20.store(salsa20.block_mix(blocks)) == scryptBlockMix(octets)
    assert salsa20.ro_mix(octets, n) == scryptROMix(len(octets) // 128, octets, n)


def test_a_recording_computes_the_same_and_shows_the_published_values() -> None:
    with trace.recording() as steps:
        key = scrypt(b"", b"", 16, 1, 1, 64)
    assert key == scrypt(b"", b"", 16, 1, 1, 64)
    walked = list(steps[0].walk())
    assert all(step.why for step in walked)
    values = [step.value for step in walked if isinstance(step.value, bytes)]
    for published in (B, T, bytes.fromhex(BLOCK_MIXED), bytes.fromhex(RO_MIXED)):
        assert published in values
    assert [step.name for step in walked if step.name.startswith("turn ")] == ["turn 0", "turn 1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1, 1, 1), "n is 0"),
        ((1, 1, 1, 1), "n is 1, expected a power of 2 above 1"),
        ((12, 1, 1, 1), "n is 12, expected a power of 2"),
        ((2**16, 1, 1, 1), r"below 2\^16"),
        ((2, 0, 1, 1), "r is 0"),
        ((2, 1, 0, 1), "p is 0"),
        ((2, 1, 1, 0), "length is 0"),
        ((2, 2**15, 2**15, 1), r"p · r is 1073741824, expected less than 2\^30"),
        ((2**15, 65, 1, 1), "ask for 272,638,080 bytes of memory, at most 268,435,456"),
        ((2, 8, 2**20, 1), "bytes of memory"),
    ],
)
def test_numbers_out_of_range(arguments: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scrypt(b"", b"", *arguments)


def test_as_much_memory_as_the_caller_says() -> None:
    assert scrypt(b"", b"", 2, 1, 1, 8, max_memory=384) == hashlib.scrypt(b"", salt=b"", n=2, r=1, p=1, dklen=8)
    with pytest.raises(ValueError, match="ask for 384 bytes of memory, at most 383"):
        scrypt(b"", b"", 2, 1, 1, 8, max_memory=383)


def test_wrong_types() -> None:
    text: Any = "text"
    for arguments in (
        (text, b"", 2, 1, 1, 1),
        (b"", text, 2, 1, 1, 1),
        (b"", b"", 2.0, 1, 1, 1),
        (b"", b"", 2, 1, 1, "1"),
    ):
        with pytest.raises(TypeError, match="scrypt"):
            scrypt(*arguments)
