"""FORS: signatures of a few messages for each key, a forest of random subsets.

Standard     FIPS 205 §8 (August 2024), algorithms 14 to 17.
Left out     Nothing.
Timing       Which leaves are given away is public.

A key has k trees, and each tree 2^a secret leaves. The digest of a message picks one leaf of each tree, and the
signature gives these leaves away, with what the verifier needs to get from them to the roots.

SLH-DSA does not remember which keys it has used: the message's digest picks one, at random. So two messages may get
the same key. With WOTS+ that would be the end. With FORS, a forger also needs a digest that picks, in each of the k
trees, a leaf that has been given away: each further signature with the same key makes this a little likelier, and it
takes many before it matters.
"""

from __future__ import annotations

from explain.trace import note, steps
from primitives.hash_based.addresses import FORS_PRF, FORS_ROOTS, Address
from primitives.hash_based.digits import base_2b, in_a_row
from primitives.hash_based.parameters import Parameters
from primitives.hash_based.wots import split


class FORS:
    """FORS with a parameter set."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self.hashes = p.hashes

    def fors_skGen(self, SK_seed: bytes, PK_seed: bytes, ADRS: Address, idx: int) -> bytes:
        """Return the secret leaf `idx`, counted through all trees of the key (§8.1 algorithm 14)."""
        skADRS = ADRS.copy()  # 1
        skADRS.setTypeAndClear(FORS_PRF)  # 2
        skADRS.setKeyPairAddress(ADRS.getKeyPairAddress())  # 3
        skADRS.setTreeIndex(idx)  # 4
        return self.hashes.PRF(PK_seed, SK_seed, skADRS)  # 5

    def fors_node(self, SK_seed: bytes, i: int, z: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return node `i` of those at height `z`, counted through all trees of the key (§8.2 algorithm 15)."""
        if z == 0:  # 1
            sk = self.fors_skGen(SK_seed, PK_seed, ADRS, i)  # 2
            ADRS.setTreeHeight(0)  # 3
            ADRS.setTreeIndex(i)  # 4
            return self.hashes.F(PK_seed, ADRS, sk)  # 5
        lnode = self.fors_node(SK_seed, 2 * i, z - 1, PK_seed, ADRS)  # 7
        rnode = self.fors_node(SK_seed, 2 * i + 1, z - 1, PK_seed, ADRS)  # 8
        ADRS.setTreeHeight(z)  # 9
        ADRS.setTreeIndex(i)  # 10
        return self.hashes.H(PK_seed, ADRS, lnode + rnode)  # 11

    def fors_sign(self, md: bytes, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a signature of the digest `md` (§8.3 algorithm 16)."""
        p = self.p
        with steps("FIPS 205 §8.3 algorithm 16", "fors_sign", "a leaf of each tree, picked by the digest") as whole:
            SIG_FORS = b""  # 1
            indices = note("2", "indices", base_2b(md, p.a, p.k), "which leaf of each tree", show=in_a_row)
            for i in range(p.k):  # 3
                with steps("4", f"tree {i}, leaf {indices[i]}", "a secret that has not been seen, with its way up"):
                    sk = self.fors_skGen(SK_seed, PK_seed, ADRS, (i << p.a) + indices[i])
                    SIG_FORS += note("4", "sk", sk, "given away: only the signer can have known it")
                    for j in range(p.a):  # 5
                        s = indices[i] >> j ^ 1  # 6
                        node = self.fors_node(SK_seed, (i << p.a - j) + s, j, PK_seed, ADRS)
                        SIG_FORS += note("7", f"AUTH[{j}]", node, "the sibling on the way to the root")  # 9
            return whole.gives(SIG_FORS)  # 11

    def fors_pkFromSig(self, SIG_FORS: bytes, md: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the public key that the signature belongs to: the roots of all trees, hashed (§8.4 algorithm 17)."""
        p = self.p
        with steps("FIPS 205 §8.4 algorithm 17", "fors_pkFromSig", "from the leaves to the roots") as whole:
            indices = note(
                "1", "indices", base_2b(md, p.a, p.k), "which leaf of each tree is to be there", show=in_a_row
            )
            root = self._roots(split(SIG_FORS, p.n), indices, PK_seed, ADRS)
            note("19", "root", root, "a root of each tree")
            forspkADRS = ADRS.copy()  # 21
            forspkADRS.setTypeAndClear(FORS_ROOTS)  # 22
            forspkADRS.setKeyPairAddress(ADRS.getKeyPairAddress())  # 23
            return whole.gives(self.hashes.T(PK_seed, forspkADRS, b"".join(root)))  # 24

    def _roots(self, values: list[bytes], indices: list[int], PK_seed: bytes, ADRS: Address) -> list[bytes]:
        """Return the root of each tree, of which the signature has a leaf (algorithm 17 lines 2 to 20)."""
        p, root = self.p, []
        for i in range(p.k):  # 2
            sk, *auth = values[i * (p.a + 1) : (i + 1) * (p.a + 1)]  # 3, 7
            ADRS.setTreeHeight(0)  # 4
            ADRS.setTreeIndex((i << p.a) + indices[i])  # 5
            node = self.hashes.F(PK_seed, ADRS, sk)  # 6
            for j in range(p.a):  # 8
                ADRS.setTreeHeight(j + 1)  # 9
                is_left = (indices[i] >> j) % 2 == 0  # 10
                ADRS.setTreeIndex(ADRS.getTreeIndex() // 2)  # 11, 14
                both = node + auth[j] if is_left else auth[j] + node
                node = self.hashes.H(PK_seed, ADRS, both)  # 12, 15, 17
            root.append(node)  # 19
        return root
