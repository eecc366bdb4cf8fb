"""ADRS: where in SLH-DSA's structure a hash function is called.

Standard     FIPS 205 §4.2, §4.3 (August 2024); §11.2 for its short form.
Left out     Nothing.
Timing       Addresses are public.

>>> ADRS = Address()
>>> ADRS.setTreeAddress(5)
>>> ADRS.setTypeAndClear(TREE)
>>> ADRS.setTreeHeight(2)
>>> bytes(ADRS).hex(" ", 4)
'00000000 00000000 00000000 00000005 00000002 00000000 00000002 00000000'

Each call of a hash function gets the address of its place as an input. So no two calls compute the same function, and
what an attacker tries against one of them tells nothing about another: they cannot attack all of a key's hash values,
or those of many keys, with one search.
"""

from __future__ import annotations

from struct import Struct

# §4.2: the types of addresses.
WOTS_HASH, WOTS_PK, TREE, FORS_TREE, FORS_ROOTS, WOTS_PRF, FORS_PRF = range(7)

NAMES = ("WOTS_HASH", "WOTS_PK", "TREE", "FORS_TREE", "FORS_ROOTS", "WOTS_PRF", "FORS_PRF")
PARTS = (("layer", 4), ("tree", 12), ("type", 4), ("key pair", 4), ("chain or height", 4), ("hash or index", 4))

_LONG, _SHORT = Struct(">I4xQ4I"), Struct(">BQB3I")


def long_address(layer: int, tree: int, kind: int, key_pair: int, chain: int, index: int) -> bytes:
    """Return the 32 bytes of the address with these fields (§4.2); no tree has a number of more than 64 bits."""
    return _LONG.pack(layer, tree, kind, key_pair, chain, index)


def short_address(layer: int, tree: int, kind: int, key_pair: int, chain: int, index: int) -> bytes:
    """Return the 22 bytes of the address with these fields (§11.2): ADRS^c, without bytes that are always 0."""
    return _SHORT.pack(layer, tree, kind, key_pair, chain, index)


class Address:
    """An address, which the algorithms change as they go (§4.3).

    octets: its 32 bytes.
    """

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes = bytes(32)) -> None:
        self._octets = octets

    def __bytes__(self) -> bytes:
        return self._octets

    def copy(self) -> Address:
        """Return an address of its own with the same fields."""
        return Address(self._octets)

    def short(self) -> bytes:
        """Return ADRS^c, 22 bytes (§11.2)."""
        A = self._octets
        return A[3:4] + A[8:16] + A[19:20] + A[20:32]

    def fields(self) -> tuple[int, int, int, int, int, int]:
        """Return all six fields: layer, tree, type, key pair, chain or height, hash or index."""
        layer, tree, kind, key_pair, chain, index = _LONG.unpack(self._octets)
        return layer, tree, kind, key_pair, chain, index

    def setLayerAddress(self, l: int) -> None:  # noqa: E741
        """Set the layer of the hypertree, 0 being the lowest."""
        self._set(0, 4, l)

    def setTreeAddress(self, t: int) -> None:
        """Set the number of the tree within its layer."""
        self._set(4, 16, t)

    def setTypeAndClear(self, Y: int) -> None:
        """Set what the hash function is called for, and all that comes after the type to 0."""
        self._octets = self._octets[:16] + Y.to_bytes(4, "big") + bytes(12)

    def setKeyPairAddress(self, i: int) -> None:
        """Set the number of the key pair, which is that of a leaf of the tree."""
        self._set(20, 24, i)

    def setChainAddress(self, i: int) -> None:
        """Set the number of the WOTS+ chain."""
        self._set(24, 28, i)

    def setTreeHeight(self, i: int) -> None:
        """Set the height of a node in its tree: leaves have 0."""
        self._set(24, 28, i)

    def setHashAddress(self, i: int) -> None:
        """Set the place in the WOTS+ chain."""
        self._set(28, 32, i)

    def setTreeIndex(self, i: int) -> None:
        """Set the number of a node among those of its height."""
        self._set(28, 32, i)

    def getKeyPairAddress(self) -> int:
        """Return the number of the key pair."""
        return int.from_bytes(self._octets[20:24], "big")

    def getTreeIndex(self) -> int:
        """Return the number of a node among those of its height."""
        return int.from_bytes(self._octets[28:32], "big")

    def _set(self, start: int, end: int, value: int) -> None:
        self._octets = self._octets[:start] + value.to_bytes(end - start, "big") + self._octets[end:]
