"""The hypertree: layers of XMSS trees, each of which signs the root of the tree below it.

Standard     FIPS 205 §7 (August 2024), algorithms 12 and 13.
Left out     Nothing.
Timing       Which leaf of which tree signs is public.

One tree with 2^66 leaves cannot be computed. A hypertree of 22 layers has as many leaves in its lowest trees, but a
signature needs only the 22 trees on the way up, of 8 leaves each, and the key's public part only the topmost. All the
others are there without having been computed: they follow from the seed.
"""

from __future__ import annotations

from explain.trace import note, steps
from primitives.hash_based.addresses import Address
from primitives.hash_based.xmss import XMSS


class Hypertree(XMSS):
    """The hypertree of a parameter set."""

    def ht_sign(self, M: bytes, SK_seed: bytes, PK_seed: bytes, idx_tree: int, idx_leaf: int) -> bytes:
        """Return a signature of `M`, n bytes, by a leaf of a tree in the lowest layer (§7.1 algorithm 12)."""
        p = self.p
        why = "each tree signs the root of the one below; only the topmost root is known to verifiers"
        with steps("FIPS 205 §7.1 algorithm 12", "ht_sign", why) as whole:
            ADRS = Address()  # 1
            root, SIG_HT = M, b""
            for j in range(p.d):  # 6
                if j > 0:
                    idx_leaf = idx_tree % (1 << p.h_prime)  # 7
                    idx_tree >>= p.h_prime  # 8
                ADRS.setLayerAddress(j)  # 9
                ADRS.setTreeAddress(idx_tree)  # 2, 10
                with steps("11", f"layer {j}, tree {idx_tree}", "signs what comes from below") as layer:
                    SIG_tmp = layer.gives(self.xmss_sign(root, SK_seed, idx_leaf, PK_seed, ADRS))  # 3, 11
                    SIG_HT += SIG_tmp  # 4, 12
                    if j < p.d - 1:  # 13
                        root = self._root(idx_leaf, SIG_tmp, root, SK_seed, PK_seed, ADRS)
                        note("14", "root", root, "what the layer above signs")
            return whole.gives(SIG_HT)  # 17

    def ht_verify(self, M: bytes, SIG_HT: bytes, PK_seed: bytes, idx_tree: int, idx_leaf: int, PK_root: bytes) -> bool:
        """Return whether the signature of `M` leads to the topmost root (§7.2 algorithm 13)."""
        p, size = self.p, self.p.xmss_size
        why = "from root to root, up to the one in the public key"
        with steps("FIPS 205 §7.2 algorithm 13", "ht_verify", why) as whole:
            ADRS = Address()  # 1
            node = M
            for j in range(p.d):  # 5
                if j > 0:
                    idx_leaf = idx_tree % (1 << p.h_prime)  # 6
                    idx_tree >>= p.h_prime  # 7
                ADRS.setLayerAddress(j)  # 8
                ADRS.setTreeAddress(idx_tree)  # 2, 9
                SIG_tmp = SIG_HT[j * size : (j + 1) * size]  # 3, 10
                with steps("11", f"layer {j}, tree {idx_tree}", "the root that these values lead to") as layer:
                    node = layer.gives(self.xmss_pkFromSig(idx_leaf, SIG_tmp, node, PK_seed, ADRS))  # 4, 11
            return whole.gives(note("13", "node = PK.root", node == PK_root, "only the signer can have led there"))

    def _root(self, idx_leaf: int, SIG_tmp: bytes, M: bytes, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the root of the tree that has just signed (algorithm 12 lines 5 and 14)."""
        return self.xmss_pkFromSig(idx_leaf, SIG_tmp, M, PK_seed, ADRS)
