"""XMSS: as many WOTS+ keys as a tree has leaves, with one public key, the tree's root.

Standard     FIPS 205 §6 (August 2024), algorithms 9 to 11.
Left out     XMSS by itself, as in RFC 8391 and SP 800-208, which has to remember which leaves it has used.
Timing       Which leaf signs is public.

The root stands for all leaves: a signature brings, along with the leaf's own, the sibling of each node on the way up,
and the verifier hashes from the leaf to the root. No other leaf leads to this root.
"""

from __future__ import annotations

from explain.trace import note, steps
from primitives.hash_based.addresses import TREE, WOTS_HASH, Address
from primitives.hash_based.wots import WOTS, split


class XMSS(WOTS):
    """XMSS with a parameter set."""

    def xmss_node(self, SK_seed: bytes, i: int, z: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return node `i` of those at height `z` (§6.1 algorithm 9)."""
        if z == 0:  # 1
            ADRS.setTypeAndClear(WOTS_HASH)  # 2
            ADRS.setKeyPairAddress(i)  # 3
            return self.wots_pkGen(SK_seed, PK_seed, ADRS)  # 4
        lnode = self.xmss_node(SK_seed, 2 * i, z - 1, PK_seed, ADRS)  # 6
        rnode = self.xmss_node(SK_seed, 2 * i + 1, z - 1, PK_seed, ADRS)  # 7
        ADRS.setTypeAndClear(TREE)  # 8
        ADRS.setTreeHeight(z)  # 9
        ADRS.setTreeIndex(i)  # 10
        return self.hashes.H(PK_seed, ADRS, lnode + rnode)  # 11

    def xmss_sign(self, M: bytes, SK_seed: bytes, idx: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a signature of `M`, n bytes, by leaf `idx` (§6.2 algorithm 10)."""
        with steps("FIPS 205 §6.2 algorithm 10", f"xmss_sign, leaf {idx}", "by one of the tree's leaves") as whole:
            AUTH = []
            for j in range(self.p.h_prime):  # 1
                k = idx >> j ^ 1  # 2
                node = self.xmss_node(SK_seed, k, j, PK_seed, ADRS)
                AUTH.append(note("3", f"AUTH[{j}]", node, "the sibling, without which nobody gets to the parent"))
            ADRS.setTypeAndClear(WOTS_HASH)  # 5
            ADRS.setKeyPairAddress(idx)  # 6
            sig = self.wots_sign(M, SK_seed, PK_seed, ADRS)  # 7
            return whole.gives(sig + b"".join(AUTH))  # 8

    def xmss_pkFromSig(self, idx: int, SIG_XMSS: bytes, M: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the root of the tree that the signature belongs to (§6.3 algorithm 11)."""
        p = self.p
        name = f"xmss_pkFromSig, leaf {idx}"
        with steps("FIPS 205 §6.3 algorithm 11", name, "from the leaf to the root, as anyone can") as whole:
            ADRS.setTypeAndClear(WOTS_HASH)  # 1
            ADRS.setKeyPairAddress(idx)  # 2
            sig, AUTH = SIG_XMSS[: p.len * p.n], split(SIG_XMSS[p.len * p.n :], p.n)  # 3, 4
            node = self.wots_pkFromSig(sig, M, PK_seed, ADRS)  # 5
            ADRS.setTypeAndClear(TREE)  # 6
            ADRS.setTreeIndex(idx)  # 7
            for k in range(p.h_prime):  # 8
                ADRS.setTreeHeight(k + 1)  # 9
                is_left = (idx >> k) % 2 == 0  # 10
                ADRS.setTreeIndex(ADRS.getTreeIndex() // 2)  # 11, 14
                both = node + AUTH[k] if is_left else AUTH[k] + node
                node = self.hashes.H(PK_seed, ADRS, both)  # 12, 15, 17
            return whole.gives(node)  # 19
