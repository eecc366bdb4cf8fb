"""The parts of SLH-DSA: addresses, digits, chains and trees, and what their security rests on."""

from __future__ import annotations

import hashlib
import hmac
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.hash_based.addresses import FORS_PRF, FORS_TREE, TREE, Address, long_address, short_address
from primitives.hash_based.at_once import FORSAtOnce, HypertreeAtOnce
from primitives.hash_based.digits import base_2b
from primitives.hash_based.fors import FORS
from primitives.hash_based.hash_functions import SHA2, SHAKE, HashFunctions
from primitives.hash_based.hypertree import Hypertree
from primitives.hash_based.parameters import Parameters
from primitives.hash_based.wots import WOTS
from tests.primitives.hash_based.small_sets import SMALL

numbers = st.integers(0, (1 << 32) - 1)
octets = st.binary(min_size=16, max_size=16)


@given(layer=st.integers(0, 255), tree=st.integers(0, (1 << 64) - 1), rest=st.tuples(numbers, numbers, numbers))
def test_an_address_is_what_was_set(layer: int, tree: int, rest: tuple[int, int, int]) -> None:
    ADRS = Address(b"\xff" * 32)
    ADRS.setLayerAddress(layer)
    ADRS.setTreeAddress(tree)
    ADRS.setTypeAndClear(FORS_PRF)
    assert bytes(ADRS)[20:] == bytes(12)
    ADRS.setKeyPairAddress(rest[0])
    ADRS.setChainAddress(rest[1])
    ADRS.setHashAddress(rest[2])
    assert ADRS.fields() == (layer, tree, FORS_PRF, *rest)
    assert (ADRS.getKeyPairAddress(), ADRS.getTreeIndex()) == (rest[0], rest[2])
    assert bytes(ADRS) == long_address(*ADRS.fields())
    assert ADRS.short() == short_address(*ADRS.fields())
    twin = ADRS.copy()
    twin.setTreeHeight(rest[0])
    twin.setTreeIndex(rest[1])
    assert twin.fields() == (layer, tree, FORS_PRF, rest[0], rest[0], rest[1])
    assert ADRS.fields() == (layer, tree, FORS_PRF, *rest)


@given(X=st.binary(min_size=1, max_size=40), b=st.integers(1, 14))
def test_digits_are_those_of_the_whole_number(X: bytes, b: int) -> None:
    count = 8 * len(X) // b
    bits = f"{int.from_bytes(X, 'big'):0{8 * len(X)}b}"
    assert base_2b(X, b, count) == [int(bits[i * b : (i + 1) * b], 2) for i in range(count)]


@pytest.mark.parametrize(("n", "lens"), [(16, (32, 3, 35)), (24, (48, 3, 51)), (32, (64, 3, 67))])
def test_how_many_chains_there_are(n: int, lens: tuple[int, int, int]) -> None:
    p = Parameters(SHA2(n), h=1, d=1, a=1, k=1)
    assert (p.len_1, p.len_2, p.len) == lens


@given(first=octets, second=octets, at=st.integers(0, 15), nibble=st.integers(0, 15))
def test_no_other_message_has_all_digits_as_high(first: bytes, second: bytes, at: int, nibble: int) -> None:
    wots = WOTS(Parameters(SHA2(16), h=1, d=1, a=1, k=1))
    near = first[:at] + bytes([first[at] & 0xF0 | nibble]) + first[at + 1 :]
    for other in (second, near):
        if other != first:
            assert any(x < y for x, y in zip(wots.digits(other), wots.digits(first), strict=True))


def test_the_checksum_of_the_lowest_and_of_the_highest_message() -> None:
    wots = WOTS(Parameters(SHA2(16), h=1, d=1, a=1, k=1))
    assert wots.digits(bytes(16)) == [0] * 32 + [1, 14, 0]  # 32·15 = 0x1e0
    assert wots.digits(b"\xff" * 16) == [15] * 32 + [0, 0, 0]


@pytest.mark.parametrize("n", [16, 24, 32])
def test_the_functions_are_those_of_the_standard(n: int) -> None:
    PK, SK, R, M = (bytes([x]) * n for x in (1, 2, 3, 4))
    ADRS = Address()
    ADRS.setTypeAndClear(TREE)
    ADRS.setTreeIndex(7)
    both = M + R
    shake, sha2 = SHAKE(n), SHA2(n)

    def xof(data: bytes, length: int) -> bytes:
        return hashlib.shake_256(data).digest(length)

    assert shake.PRF(PK, SK, ADRS) == xof(PK + bytes(ADRS) + SK, n)
    assert shake.F(PK, ADRS, M) == xof(PK + bytes(ADRS) + M, n)
    assert shake.H(PK, ADRS, both) == shake.T(PK, ADRS, both) == xof(PK + bytes(ADRS) + both, n)
    assert shake.PRF_msg(SK, R, b"m") == xof(SK + R + b"m", n)
    assert shake.H_msg(R, PK, SK, b"m", 49) == xof(R + PK + SK + b"m", 49)
    large, block = (hashlib.sha256, 64) if n == 16 else (hashlib.sha512, 128)
    small_head, large_head = PK + bytes(64 - n) + ADRS.short(), PK + bytes(block - n) + ADRS.short()
    assert sha2.PRF(PK, SK, ADRS) == hashlib.sha256(small_head + SK).digest()[:n]
    assert sha2.F(PK, ADRS, M) == hashlib.sha256(small_head + M).digest()[:n]
    assert sha2.H(PK, ADRS, both) == sha2.T(PK, ADRS, both) == large(large_head + both).digest()[:n]
    assert sha2.PRF_msg(SK, R, b"m") == hmac.digest(SK, R + b"m", large)[:n]
    seed = R + PK + large(R + PK + SK + b"m").digest()
    mask = b"".join(large(seed + i.to_bytes(4, "big")).digest() for i in range(2))
    assert sha2.H_msg(R, PK, SK, b"m", 49) == mask[:49]


@pytest.mark.parametrize("functions", [SHA2(16), SHA2(24), SHAKE(16)], ids=["SHA2-128", "SHA2-192", "SHAKE"])
def test_many_are_as_one_by_one(functions: HashFunctions) -> None:
    n, places = functions.n, range(5)
    PK, messages = bytes(n), [bytes([i]) * functions.n for i in places]
    addresses = [Address(bytes(28) + i.to_bytes(4, "big")) for i in places]
    heads = [functions.address(*ADRS.fields()) for ADRS in addresses]
    one_by_one = [functions.F(PK, ADRS, M) for ADRS, M in zip(addresses, messages, strict=True)]
    assert functions.F_many(PK, [a + M for a, M in zip(heads, messages, strict=True)]) == one_by_one
    pairs = [functions.H(PK, ADRS, M + M) for ADRS, M in zip(addresses, messages, strict=True)]
    assert functions.H_many(PK, [a + M + M for a, M in zip(heads, messages, strict=True)]) == pairs


def test_a_chain_goes_on_from_where_it_was() -> None:
    wots, ADRS, X, PK = WOTS(SMALL[0].p), Address(), bytes(16), bytes(range(16))
    whole = wots.chain(X, 0, 5, PK, ADRS)
    assert wots.chain(wots.chain(X, 0, 2, PK, ADRS), 2, 3, PK, ADRS) == whole
    assert wots.chain(X, 0, 0, PK, ADRS) == X
    with trace.recording() as made:
        wots.chain(X, 0, 2, PK, ADRS)
    (chain,) = made
    assert (chain.name, chain.section, len(chain.steps)) == ("chain(0, 2)", "FIPS 205 §5 algorithm 5", 2)
    assert chain.value == chain.steps[-1].value == wots.chain(X, 0, 2, PK, ADRS)


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(SK=octets, PK=octets, M=octets, md=st.binary(min_size=5, max_size=5), leaf=st.integers(0, 1))
def test_the_twins_in_lanes_are_as_the_textbook(SK: bytes, PK: bytes, M: bytes, md: bytes, leaf: int) -> None:
    for p in (SMALL[0].p, SMALL[2].p):
        ADRS = Address()
        ADRS.setTreeAddress(1)
        ADRS.setTypeAndClear(FORS_TREE)
        ADRS.setKeyPairAddress(leaf)
        fors = FORS(p).fors_sign(md, SK, PK, ADRS)
        assert FORSAtOnce(p).fors_sign(md, SK, PK, ADRS) == fors
        assert FORSAtOnce(p).fors_pkFromSig(fors, md, PK, ADRS) == FORS(p).fors_pkFromSig(fors, md, PK, ADRS)
        textbook, at_once = Hypertree(p), HypertreeAtOnce(p)
        signature = textbook.ht_sign(M, SK, PK, 1, leaf)
        assert at_once.ht_sign(M, SK, PK, 1, leaf) == signature
        top = Address()
        top.setLayerAddress(p.d - 1)
        root = textbook.xmss_node(SK, 0, p.h_prime, PK, top)
        assert HypertreeAtOnce(p).xmss_node(SK, 0, p.h_prime, PK, top) == root
        for tree in (textbook, HypertreeAtOnce(p)):
            assert tree.ht_verify(M, signature, PK, 1, leaf, root)
            assert not tree.ht_verify(M, signature, PK, 0, leaf, root)
            assert not tree.ht_verify(M, signature, PK, 1, 1 - leaf, root)


def test_a_tree_signs_by_itself() -> None:
    p = SMALL[0].p
    SK, PK, M = bytes(16), bytes(16), bytes(range(16))
    for leaf, kind in product(range(2), (Hypertree, HypertreeAtOnce)):
        signature = kind(p).xmss_sign(M, SK, leaf, PK, Address())
        assert signature == HypertreeAtOnce(p).xmss_sign(M, SK, leaf, PK, Address())
        root = HypertreeAtOnce(p).xmss_node(SK, 0, 1, PK, Address())
        assert HypertreeAtOnce(p).xmss_pkFromSig(leaf, signature, M, PK, Address()) == root
