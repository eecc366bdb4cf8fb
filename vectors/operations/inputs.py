"""What an operation is given: named inputs, asked for by the type that they should have."""

from __future__ import annotations

from collections.abc import Mapping

from primitives.hash_names import hash_named
from primitives.hashes import HashFunction
from vectors.cases import Unsupported, Value


class Inputs:
    """The inputs of one operation. Asking for one that is not there, or is of another type, raises `Unsupported`."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def octets(self, name: str) -> bytes:
        """Return the bytes of this name."""
        value = self._values.get(name)
        if not isinstance(value, bytes):
            raise Unsupported(f"the input {name!r} is {type(value).__name__}, expected bytes")
        return value

    def number(self, name: str) -> int:
        """Return the number of this name: as it is, or as big-endian bytes spell it."""
        value = self._values.get(name)
        if isinstance(value, bytes):
            return int.from_bytes(value, "big")
        if not isinstance(value, int):
            raise Unsupported(f"the input {name!r} is {type(value).__name__}, expected a number")
        return value

    def word(self, name: str) -> str:
        """Return the word of this name."""
        value = self._values.get(name)
        if not isinstance(value, str):
            raise Unsupported(f"the input {name!r} is {type(value).__name__}, expected a word")
        return value

    def hash(self, name: str = "hash") -> HashFunction:
        """Return the hash function that the input of this name names."""
        return hash_function(self.word(name))


def hash_function(name: str) -> HashFunction:
    """Return the hash function of this name, such as SHA-256. Raises `Unsupported` if this project lacks it."""
    try:
        return hash_named(name)
    except ValueError:
        raise Unsupported(f"the hash function {name} is not implemented") from None
