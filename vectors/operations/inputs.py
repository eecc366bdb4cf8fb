"""What an operation is given: named inputs, asked for by the type that they should have."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from primitives.hashes import HashFunction
from vectors.cases import Unsupported, Value

_HASHES = {
    "MD5": ("md5", "md5"),
    "SHA-1": ("sha1", "sha1"),
    "SHA-224": ("sha2", "sha224"),
    "SHA-256": ("sha2", "sha256"),
    "SHA-384": ("sha2", "sha384"),
    "SHA-512": ("sha2", "sha512"),
    "SHA-512/224": ("sha2", "sha512_224"),
    "SHA-512/256": ("sha2", "sha512_256"),
    "SHA3-224": ("sha3", "sha3_224"),
    "SHA3-256": ("sha3", "sha3_256"),
    "SHA3-384": ("sha3", "sha3_384"),
    "SHA3-512": ("sha3", "sha3_512"),
}


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
    """Return the hash function of this name, such as SHA-256. Raises `Unsupported` if there is none here."""
    if name not in _HASHES:
        raise Unsupported(f"the hash function {name} is not implemented")
    module, attribute = _HASHES[name]
    try:
        function: HashFunction = getattr(import_module(f"primitives.{module}"), attribute)
    except ImportError:
        raise Unsupported(f"the hash function {name} is not implemented") from None
    return function
