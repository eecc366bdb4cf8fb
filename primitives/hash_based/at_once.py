"""The same trees and chains many at a time: what waits for nothing is hashed together, in lanes.

Standard     FIPS 205 §5 to §8 (August 2024); `wots.py`, `xmss.py`, `hypertree.py` and `fors.py` have the same, line
             against line with the standard.
Left out     The steps of single hash values for a recording.
Timing       Takes no branches on secrets.

>>> from primitives.hash_based.addresses import Address
>>> from primitives.hash_based.hash_functions import SHA2
>>> p = Parameters(SHA2(16), h=4, d=2, a=2, k=3)
>>> seeds = bytes(16), bytes(16)
>>> Hypertree(p).xmss_node(seeds[0], 0, 2, seeds[1], Address()).hex()
'd4b4d56196774f1940aafb3d884aa451'
>>> HypertreeAtOnce(p).xmss_node(seeds[0], 0, 2, seeds[1], Address()).hex()
'd4b4d56196774f1940aafb3d884aa451'

A message with 2^66 keys to choose from needs one tree in each layer, and all of these are known as soon as the digest
is: none waits for another, only their signatures do. So the chains of all leaves of several trees go one step
together, fifteen times; then the leaves are hashed, then level after level. Of the leaves that sign, each value of each
chain is kept, because only the root below tells which of them belong to the signature.
"""

from __future__ import annotations

from itertools import islice

from primitives.hash_based.addresses import FORS_PRF, FORS_TREE, TREE, WOTS_HASH, WOTS_PK, WOTS_PRF, Address
from primitives.hash_based.fors import FORS
from primitives.hash_based.hash_functions import HashFunctions
from primitives.hash_based.hypertree import Hypertree
from primitives.hash_based.parameters import Parameters

TOGETHER = 8192  # chains or leaves at a time: more gain nothing, and take memory

Levels = list[list[bytes]]
"""The nodes of a tree, those of each height in a list."""

Place = tuple[int, int, int, int]
"""The fields of an address up to the key pair."""


def levels_of(
    hashes: HashFunctions, PK_seed: bytes, rows: list[list[bytes]], bottoms: list[tuple[Place, int]]
) -> list[Levels]:
    """Return all nodes of several trees of one height.

    rows: the leaves of each. bottoms: the place of each tree, and the number of its first leaf.
    """
    forest = [[row] for row in rows]
    height = len(rows[0]).bit_length() - 1
    for z in range(1, height + 1):
        inputs = [
            hashes.address(*place, z, (first >> z) + i) + levels[-1][2 * i] + levels[-1][2 * i + 1]
            for levels, (place, first) in zip(forest, bottoms, strict=True)
            for i in range(1 << height - z)
        ]
        nodes = iter(hashes.H_many(PK_seed, inputs))
        for levels in forest:
            levels.append(list(islice(nodes, 1 << height - z)))
    return forest


class HypertreeAtOnce(Hypertree):
    """The hypertree of a parameter set, for one operation with one key: it keeps the trees that it has computed."""

    def __init__(self, p: Parameters) -> None:
        super().__init__(p)
        self._trees: dict[tuple[int, int], Levels] = {}
        self._chains: dict[tuple[int, int, int], list[tuple[bytes, ...]]] = {}

    def ht_sign(self, M: bytes, SK_seed: bytes, PK_seed: bytes, idx_tree: int, idx_leaf: int) -> bytes:
        """Return a signature as the textbook does, of trees that are there before the first of them signs."""
        way, tree, leaf = [], idx_tree, idx_leaf
        for layer in range(self.p.d):
            way.append((layer, tree, leaf))
            tree, leaf = tree >> self.p.h_prime, tree % (1 << self.p.h_prime)
        together = max(1, TOGETHER // (self.p.len << self.p.h_prime))
        for i in range(0, len(way), together):
            self._grow(way[i : i + together], SK_seed, PK_seed)
        return super().ht_sign(M, SK_seed, PK_seed, idx_tree, idx_leaf)

    def xmss_node(self, SK_seed: bytes, i: int, z: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a node of a tree that is there, or is computed as a whole."""
        layer, tree, *_ = ADRS.fields()
        if (layer, tree) not in self._trees:
            self._grow([(layer, tree, 0)], SK_seed, PK_seed)
        return self._trees[layer, tree][z][i]

    def _grow(self, trees: list[tuple[int, int, int]], SK_seed: bytes, PK_seed: bytes) -> None:
        """Compute trees, each of a layer, a number and the leaf that signs."""
        p, address, leaves = self.p, self.hashes.address, range(1 << self.p.h_prime)
        keys = [(layer, tree, leaf) for layer, tree, _ in trees for leaf in leaves]
        chains = [(*key, i) for key in keys for i in range(p.len)]
        secrets = [address(layer, tree, WOTS_PRF, leaf, i, 0) + SK_seed for layer, tree, leaf, i in chains]
        values = self.hashes.F_many(PK_seed, secrets)
        heads = [address(layer, tree, WOTS_HASH, leaf, i, 0)[:-4] for layer, tree, leaf, i in chains]
        signing = [slice(start := keys.index(tree) * p.len, start + p.len) for tree in trees]
        opened = [[values[where]] for where in signing]
        for j in range(p.w - 1):
            place = j.to_bytes(4, "big")
            values = self.hashes.F_many(PK_seed, [head + place + X for head, X in zip(heads, values, strict=True)])
            for kept, where in zip(opened, signing, strict=True):
                kept.append(values[where])
        for key, kept in zip(trees, opened, strict=True):
            self._chains[key] = list(zip(*kept, strict=True))
        ends = [b"".join(values[i : i + p.len]) for i in range(0, len(values), p.len)]
        pks = self.hashes.H_many(
            PK_seed, [address(*key[:2], WOTS_PK, key[2], 0, 0) + end for key, end in zip(keys, ends, strict=True)]
        )
        rows = [pks[i : i + len(leaves)] for i in range(0, len(pks), len(leaves))]
        bottoms = [((layer, tree, TREE, 0), 0) for layer, tree, _ in trees]
        for (layer, tree, _), levels in zip(trees, levels_of(self.hashes, PK_seed, rows, bottoms), strict=True):
            self._trees[layer, tree] = levels

    def _secrets_onwards(self, msg: list[int], SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> list[bytes]:
        layer, tree, _, leaf, *_ = ADRS.fields()
        if (layer, tree, leaf) not in self._chains:
            self._grow([(layer, tree, leaf)], SK_seed, PK_seed)
        return [values[digit] for values, digit in zip(self._chains[layer, tree, leaf], msg, strict=True)]

    def _values_onwards(self, sig: list[bytes], msg: list[int], PK_seed: bytes, ADRS: Address) -> list[bytes]:
        layer, tree, _, leaf, *_ = ADRS.fields()
        heads = [self.hashes.address(layer, tree, WOTS_HASH, leaf, i, 0)[:-4] for i in range(self.p.len)]
        tmp = list(sig)
        for j in range(self.p.w - 1):
            going = [i for i, digit in enumerate(msg) if digit <= j]
            place = j.to_bytes(4, "big")
            for i, X in zip(
                going, self.hashes.F_many(PK_seed, [heads[i] + place + tmp[i] for i in going]), strict=True
            ):
                tmp[i] = X
        return tmp

    def _root(self, idx_leaf: int, SIG_tmp: bytes, M: bytes, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        return self.xmss_node(SK_seed, 0, self.p.h_prime, PK_seed, ADRS)


class FORSAtOnce(FORS):
    """FORS with a parameter set, for one operation with one key: it keeps the trees that it has computed."""

    def __init__(self, p: Parameters) -> None:
        super().__init__(p)
        self._secrets: list[bytes] = []
        self._forest: list[Levels] = []

    def fors_sign(self, md: bytes, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a signature as the textbook does, of trees that are there before the first leaf is given away."""
        together = max(1, TOGETHER >> self.p.a)
        for first in range(0, self.p.k, together):
            self._grow(range(first, min(first + together, self.p.k)), SK_seed, PK_seed, ADRS)
        return super().fors_sign(md, SK_seed, PK_seed, ADRS)

    def fors_skGen(self, SK_seed: bytes, PK_seed: bytes, ADRS: Address, idx: int) -> bytes:
        """Return a leaf that is there."""
        return self._secrets[idx]

    def fors_node(self, SK_seed: bytes, i: int, z: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a node that is there."""
        tree, within = divmod(i, 1 << self.p.a - z)
        return self._forest[tree][z][within]

    def _grow(self, trees: range, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> None:
        """Compute these trees of the key that the address is of."""
        address, a = self.hashes.address, self.p.a
        layer, tree, _, key_pair, *_ = ADRS.fields()
        place = layer, tree, FORS_TREE, key_pair
        leaves = range(trees.start << a, trees.stop << a)
        inputs = [address(layer, tree, FORS_PRF, key_pair, 0, i) + SK_seed for i in leaves]
        secrets = self.hashes.F_many(PK_seed, inputs)
        self._secrets += secrets
        inputs = [address(*place, 0, i) + sk for i, sk in zip(leaves, secrets, strict=True)]
        hashed = self.hashes.F_many(PK_seed, inputs)
        rows = [hashed[i : i + (1 << a)] for i in range(0, len(hashed), 1 << a)]
        self._forest += levels_of(self.hashes, PK_seed, rows, [(place, i << a) for i in trees])

    def _roots(self, values: list[bytes], indices: list[int], PK_seed: bytes, ADRS: Address) -> list[bytes]:
        p, address = self.p, self.hashes.address
        layer, tree, _, key_pair, *_ = ADRS.fields()
        place = layer, tree, FORS_TREE, key_pair
        at = [(i << p.a) + index for i, index in enumerate(indices)]
        inputs = [address(*place, 0, i) + sk for i, sk in zip(at, values[:: p.a + 1], strict=True)]
        nodes = self.hashes.F_many(PK_seed, inputs)
        for j in range(p.a):
            auth = values[1 + j :: p.a + 1]
            both = [y + x if i >> j & 1 else x + y for i, x, y in zip(indices, nodes, auth, strict=True)]
            inputs = [address(*place, j + 1, i >> j + 1) + pair for i, pair in zip(at, both, strict=True)]
            nodes = self.hashes.H_many(PK_seed, inputs)
        return nodes
