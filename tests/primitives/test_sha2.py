"""SHA-2 against the tables and examples of FIPS 180, and against `hashlib`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import sha2
from primitives.hashes import HashFunction
from primitives.merkle_damgard import MerkleDamgard
from primitives.sha2 import sha224, sha256, sha384, sha512, sha512_224, sha512_256

FUNCTIONS: list[type[MerkleDamgard]] = [sha224, sha256, sha384, sha512, sha512_224, sha512_256]
by_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)

# FIPS 180-4 §4.2.2
K_32 = """
428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74
80deb1fe 9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d
b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e
92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5
391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2
"""

# FIPS 180-4 §4.2.3
K_64 = """
428a2f98d728ae22 7137449123ef65cd b5c0fbcfec4d3b2f e9b5dba58189dbbc 3956c25bf348b538 59f111f1b605d019 923f82a4af194f9b
ab1c5ed5da6d8118 d807aa98a3030242 12835b0145706fbe 243185be4ee4b28c 550c7dc3d5ffb4e2 72be5d74f27b896f 80deb1fe3b1696b1
9bdc06a725c71235 c19bf174cf692694 e49b69c19ef14ad2 efbe4786384f25e3 0fc19dc68b8cd5b5 240ca1cc77ac9c65 2de92c6f592b0275
4a7484aa6ea6e483 5cb0a9dcbd41fbd4 76f988da831153b5 983e5152ee66dfab a831c66d2db43210 b00327c898fb213f bf597fc7beef0ee4
c6e00bf33da88fc2 d5a79147930aa725 06ca6351e003826f 142929670a0e6e70 27b70a8546d22ffc 2e1b21385c26c926 4d2c6dfc5ac42aed
53380d139d95b3df 650a73548baf63de 766a0abb3c77b2a8 81c2c92e47edaee6 92722c851482353b a2bfe8a14cf10364 a81a664bbc423001
c24b8b70d0f89791 c76c51a30654be30 d192e819d6ef5218 d69906245565a910 f40e35855771202a 106aa07032bbd1b8 19a4c116b8d2d0c8
1e376c085141ab53 2748774cdf8eeb99 34b0bcb5e19b48a8 391c0cb3c5c95a63 4ed8aa4ae3418acb 5b9cca4f7763e373 682e6ff3d6b2b8a3
748f82ee5defb2fc 78a5636f43172f60 84c87814a1f0ab72 8cc702081a6439ec 90befffa23631e28 a4506cebde82bde9 bef9a3f7b2c67915
c67178f2e372532b ca273eceea26619c d186b8c721c0c207 eada7dd6cde0eb1e f57d4f7fee6ed178 06f067aa72176fba 0a637dc5a2c898a6
113f9804bef90dae 1b710b35131c471b 28db77f523047d84 32caab7b40c72493 3c9ebe0a15c9bebc 431d67c49c100d4c 4cc5d4becb3e42b6
597f299cfc657e2a 5fcb6fab3ad6faec 6c44198c4a475817
"""

# FIPS 180-4 §5.3.2 to §5.3.6.2
INITIAL = {
    "sha224": "c1059ed8 367cd507 3070dd17 f70e5939 ffc00b31 68581511 64f98fa7 befa4fa4",
    "sha256": "6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19",
    "sha384": "cbbb9d5dc1059ed8 629a292a367cd507 9159015a3070dd17 152fecd8f70e5939 "
    "67332667ffc00b31 8eb44a8768581511 db0c2e0d64f98fa7 47b5481dbefa4fa4",
    "sha512": "6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b a54ff53a5f1d36f1 "
    "510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b 5be0cd19137e2179",
    "sha512_224": "8c3d37c819544da2 73e1996689dcd4d6 1dfab7ae32ff9c82 679dd514582f9fcf "
    "0f6d2b697bd44da8 77e36f7304c48942 3f9d85a86a1d36c8 1112e6ad91d692a1",
    "sha512_256": "22312194fc2bf72c 9f555fa3c84c64c2 2393b86b6f53b151 963877195940eabd "
    "96283ee2a88effe3 be5e1e2553863992 2b0199fc2c85b8aa 0eb72ddc81c52ca2",
}

LONG_32 = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
LONG_64 = (
    b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
)
ABC = b"abc"

# The examples of FIPS 180-2 appendices A to C and its change notice 1, and of NIST's pages on SHA-512/224 and /256.
EXAMPLES = [
    (sha224, ABC, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
    (sha224, LONG_32, "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"),
    (sha256, ABC, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (sha256, LONG_32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    (
        sha384,
        ABC,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ),
    (
        sha384,
        LONG_64,
        "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
    ),
    (
        sha512,
        ABC,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    (
        sha512,
        LONG_64,
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
        "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    ),
    (sha512_224, ABC, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"),
    (sha512_224, LONG_64, "23fec5bb94d60b23308192640b0c453335d664734fe40e7268674af9"),
    (sha512_256, ABC, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
    (sha512_256, LONG_64, "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def oracle(function: HashFunction, data: bytes) -> bytes:
    return hashlib.new(function.name, data).digest()


def test_the_derived_constants_are_the_printed_ones() -> None:
    assert words(K_32) == list(sha2.K_32)
    assert words(K_64) == list(sha2.K_64)


@by_function
def test_the_derived_initial_hash_values_are_the_printed_ones(function: type[MerkleDamgard]) -> None:
    assert list(function._initial) == words(INITIAL[function.name])


@pytest.mark.parametrize(("function", "message", "digest"), EXAMPLES, ids=lambda x: getattr(x, "name", ""))
def test_examples_of_the_standard(function: type[MerkleDamgard], message: bytes, digest: str) -> None:
    assert function(message).hexdigest() == digest


@by_function
def test_objects_follow_pep_452(function: type[MerkleDamgard]) -> None:
    as_protocol: HashFunction = function
    known = hashlib.new(function.name)
    hash = as_protocol(b"abc")
    assert (as_protocol.name, as_protocol.digest_size, as_protocol.block_size) == (
        known.name,
        known.digest_size,
        known.block_size,
    )
    assert (hash.name, hash.digest_size, hash.block_size) == (known.name, known.digest_size, known.block_size)
    assert hash.hexdigest() == hash.digest().hex()
    assert len(hash.digest()) == function.digest_size


@by_function
def test_lengths_around_the_blocks(function: type[MerkleDamgard]) -> None:
    data = bytes(range(256)) * 40
    for blocks in (0, 1, 2, 3, 4, 5, 31, 32, 33, 64):  # 3 is where the lanes begin, 32 what they take at once
        for more in (-17, -9, -8, -1, 0, 1, 55, 56):
            message = data[: max(0, blocks * function.block_size + more)]
            assert function(message).digest() == oracle(function, message), len(message)


@by_function
@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=300), max_size=8))
def test_split_updates(function: type[MerkleDamgard], pieces: list[bytes]) -> None:
    hash = function()
    for i, piece in enumerate(pieces):
        hash.update(piece)
        assert hash.digest() == oracle(function, b"".join(pieces[: i + 1]))  # asking changes nothing
    assert hash.digest() == oracle(function, b"".join(pieces))


@by_function
@settings(max_examples=20, deadline=None)
@given(start=st.binary(max_size=200), one=st.binary(max_size=200), other=st.binary(max_size=200))
def test_copies_are_independent(function: type[MerkleDamgard], start: bytes, one: bytes, other: bytes) -> None:
    hash = function(start)
    twin = hash.copy()
    hash.update(one)
    twin.update(other)
    assert hash.digest() == oracle(function, start + one)
    assert twin.digest() == oracle(function, start + other)
    assert type(twin) is function


@by_function
@settings(max_examples=8, deadline=None)
@given(data=st.binary(max_size=800))
def test_both_paths_agree(function: type[MerkleDamgard], data: bytes) -> None:
    with trace.recording() as steps:
        watched = function(data).digest()
    assert steps
    assert watched == function(data).digest()


@pytest.mark.parametrize(
    ("function", "sigma0_words", "sigma1_words"),
    [
        (sha256, (0x1FFC0000, 0x0003FF00), (0x99980000, 0x0007C399)),
        (sha512, (0x01FC07F01FC07F00, 0xD5), (0xE000000000000000, 0x1F80007FFFFFFFFF)),
    ],
    ids=["sha256", "sha512"],
)
def test_no_carry_reaches_the_next_block(
    function: type[MerkleDamgard], sigma0_words: tuple[int, int], sigma1_words: tuple[int, int]
) -> None:
    # In lanes, a block's σ0(W_1) and σ1(W_14) have bits of the next block's words above their own. These words make
    # all of them ones, and W_0 and W_9 make the sum W_16 carry into them: unmasked, it would reach the next block.
    size = function.block_size // 16
    block, following = [0] * 16, [0] * 16
    block[0] = block[9] = (1 << 8 * size) - 1
    block[1], following[1] = sigma0_words
    block[14], following[14] = sigma1_words
    message = b"".join(word.to_bytes(size, "big") for word in block + following) * 3
    assert function(message).digest() == oracle(function, message)
    # The same for blocks of messages that are next to each other in lanes.
    messages = [b"".join(word.to_bytes(size, "big") for word in words) for words in (block, following)] * 3
    assert function().digest_many(messages) == [oracle(function, message) for message in messages]


@by_function
@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_other_bytes_are_read_and_not_kept(function: type[MerkleDamgard], kind: Callable[[bytes], bytes]) -> None:
    buffer = bytearray(b"x" * 200)
    hash = function(kind(buffer))  # type: ignore[arg-type]  # memoryview(bytearray) follows later changes of it
    buffer[:] = b"y" * 200
    assert hash.digest() == oracle(function, b"x" * 200)


@by_function
@pytest.mark.parametrize("wrong", ["abc", 3, None, [1, 2]])
def test_only_bytes_are_hashed(function: type[MerkleDamgard], wrong: bytes) -> None:
    with pytest.raises(TypeError, match="expected bytes, got"):
        function(wrong)
    with pytest.raises(TypeError, match="expected bytes, got"):
        function().update(wrong)


@pytest.mark.parametrize(("function", "bits"), [(sha256, 64), (sha512, 128)])
def test_the_longest_message(function: type[MerkleDamgard], bits: int) -> None:
    hash = function()
    hash._length = (1 << bits) // 8 - 64  # as if that much had been hashed, a whole number of blocks and 64 bytes
    hash._buffer = bytes(hash._length % hash.block_size)
    hash.update(bytes(63))
    hash.digest()
    with pytest.raises(ValueError, match=f"too long, expected under 2\\^{bits} bits"):
        hash.update(b"\0")


def test_the_trace_of_sha256_shows_the_values_of_the_example() -> None:
    with trace.recording() as steps:
        sha256(b"abc").digest()
    (digest,) = steps
    assert (digest.name, digest.value) == ("SHA-256 digest", bytes.fromhex(EXAMPLES[2][2]))
    padding, block = digest.steps
    assert padding.value == b"\x80" + bytes(52) + (24).to_bytes(8, "big")
    assert block.name == "block 1"
    schedule, start, *rounds, end = block.steps
    assert end.value == block.value
    assert [w.name for w in schedule.steps] == [f"W_{t}" for t in range(64)]
    assert [w.value for w in schedule.steps[:16]] == [0x61626380, *[0] * 14, 0x18]
    assert start.value == tuple(words(INITIAL["sha256"]))
    # FIPS 180-2 appendix B.1, the values of a … h after rounds 0, 1 and 63
    assert [turn.name for turn in rounds] == [f"round {t}" for t in range(64)]
    after = {
        0: "5d6aebcd 6a09e667 bb67ae85 3c6ef372 fa2a4622 510e527f 9b05688c 1f83d9ab",
        1: "5a6ad9ad 5d6aebcd 6a09e667 bb67ae85 78ce7989 fa2a4622 510e527f 9b05688c",
        63: "506e3058 d39a2165 04d24d6c b85e2ce9 5ef50f24 fb121210 948d25b6 961f4894",
    }
    for t, values in after.items():
        assert rounds[t].value == tuple(words(values))
        assert rounds[t].bits == 32
    assert [step.name for step in rounds[17].steps] == [
        "Σ1(e)",
        "Ch(e, f, g)",
        "K_t",
        "T1",
        "Σ0(a)",
        "Maj(a, b, c)",
        "T2",
    ]
    a, e = rounds[17].steps[-1].value, rounds[17].steps[3].value
    assert isinstance(a, int)
    assert isinstance(e, int)
    assert isinstance(rounds[17].value, tuple)
    assert rounds[17].value[0] == (a + e) % 2**32


def test_the_trace_of_sha512_shows_the_values_of_the_example() -> None:
    with trace.recording() as steps:
        sha512(b"abc").digest()
    _, _, *rounds, _ = steps[0].steps[1].steps
    assert len(rounds) == 80
    # FIPS 180-2 appendix C.1, the values of a … h after rounds 0 and 79
    assert rounds[0].value == tuple(
        words(
            "f6afceb8bcfcddf5 6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b "
            "58cb02347ab51f91 510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b"
        )
    )
    assert rounds[79].value == tuple(
        words(
            "73a54f399fa4b1b2 10d9c4c4295599f6 d67806db8b148677 654ef9abec389ca9 "
            "d08446aa79693ed7 9bb4d39778c07f9e 25c96a7768fb2aa3 ceb9fc3691ce8326"
        )
    )


def test_the_trace_numbers_the_blocks_through_all_updates() -> None:
    with trace.recording() as steps:
        hash = sha256(bytes(100))
        hash.update(bytes(100))
        hash.digest()
    assert [step.name for step in steps] == ["SHA-256 update", "SHA-256 update", "SHA-256 digest"]
    blocks = [step.name for whole in steps for step in whole.steps if step.name.startswith("block")]
    assert blocks == ["block 1", "block 2", "block 3", "block 4"]


@by_function
def test_every_step_has_its_section_and_its_reason(function: type[MerkleDamgard]) -> None:
    with trace.recording() as steps:
        function(bytes(200)).digest()
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith("FIPS 180-4 §")
        assert step.why
