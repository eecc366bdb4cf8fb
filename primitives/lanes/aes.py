"""AES or its inverse under one key: which of its forms computes, for how many blocks.

Standard     FIPS 197 §5.1 and §5.3.5.
Timing       That of the form: only `aes_planes.py` looks up no tables.

A block alone goes through tables of 128-bit numbers (`aes_tables.py`), some blocks through lanes of bytes
(`aes_bytes.py`), many through planes of bits (`aes_planes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from primitives.lanes import aes_bytes, aes_planes, aes_tables

# Measured with CPython 3.11, in µs for that many blocks, encrypted under a key that was used before (under a new one):
#               4         8       256         512         640         768        1024
#   tables    44        95
#   bytes     35 (80)   40 (70)   284         509         614         733        1032
#   planes                        541 (659)   573 (699)   610 (729)   650 (766)   945 (1037)
SOME = 8  # blocks from which lanes of bytes are faster, even if keys have to be laid out first
MANY = 704  # blocks from which planes are faster

CHAINS = 3  # CBC messages from which a step of all together is faster: 27 µs against 30, and for 2 26 against 20


class CipherFunction:
    """The cipher or its inverse under one key. What a form needs is made when it is first used.

    keys: the round keys, 16 bytes each, in the order of their use; for decryption those of the equivalent inverse
    cipher (§5.3.5). tables, byte_tables: make what the forms look up.
    """

    def __init__(
        self,
        keys: Sequence[bytes],
        *,
        tables: Callable[[], aes_tables.Tables],
        byte_tables: Callable[[], aes_bytes.Tables],
        decrypting: bool,
    ) -> None:
        self._keys, self._tables, self._byte_tables, self._decrypting = keys, tables, byte_tables, decrypting

    def __repr__(self) -> str:
        return f"<AES, {'decryption' if self._decrypting else 'encryption'}, key hidden>"

    @cached_property
    def _numbers(self) -> list[int]:
        return [int.from_bytes(key, "big") for key in self._keys]

    @cached_property
    def _lanes(self) -> aes_bytes.RoundKeys:
        return aes_bytes.RoundKeys(self._keys)

    @cached_property
    def _planes(self) -> aes_planes.RoundKeys:
        return aes_planes.RoundKeys(self._keys, decrypting=self._decrypting)

    def block(self, block: bytes) -> bytes:
        """Return `block`, 16 bytes, encrypted or decrypted."""
        return aes_tables.run(self._tables(), self._numbers, int.from_bytes(block, "big")).to_bytes(16, "big")

    def blocks(self, blocks: bytes) -> bytes:
        """Return the blocks in `blocks`, a multiple of 16 bytes, each encrypted or decrypted on its own."""
        n = len(blocks) // 16
        if n < SOME:
            return b"".join([self.block(blocks[i : i + 16]) for i in range(0, len(blocks), 16)])
        if n < MANY:
            return aes_bytes.run(self._byte_tables(), self._lanes, blocks)
        return aes_planes.run(self._planes, blocks)

    def chains(self, ivs: Sequence[bytes], messages: Sequence[bytes]) -> list[bytes]:
        """Return the CBC encryptions of messages, whole blocks, each with an iv of its own."""
        ciphertexts = [b""] * len(messages)
        of_length: dict[int, list[int]] = {}
        for i, message in enumerate(messages):
            of_length.setdefault(len(message), []).append(i)
        for length, group in of_length.items():
            if len(group) < CHAINS or not length:
                for i in group:
                    ciphertexts[i] = aes_tables.encrypt_chain(self._tables(), self._numbers, ivs[i], messages[i])
                continue
            encrypted = aes_bytes.encrypt_chains(
                self._byte_tables(), self._lanes, [ivs[i] for i in group], [messages[i] for i in group]
            )
            for i, ciphertext in zip(group, encrypted, strict=True):
                ciphertexts[i] = ciphertext
        return ciphertexts
