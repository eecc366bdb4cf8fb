"""The hash functions by their names: the one table of them, for commands, vectors and formats.

Standard     FIPS 180-4, FIPS 202, RFC 1321.
Left out     The functions themselves: each is imported when it is asked for.
Timing       Nothing here computes.

>>> hash_named("SHA-256")(b"abc").hexdigest()[:8], hash_named("sha3-256").name
('ba7816bf', 'sha3_256')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from primitives.hashes import HashFunction

MODULES = {
    "sha224": "sha2",
    "sha256": "sha2",
    "sha384": "sha2",
    "sha512": "sha2",
    "sha512_224": "sha2",
    "sha512_256": "sha2",
    "sha3_224": "sha3",
    "sha3_256": "sha3",
    "sha3_384": "sha3",
    "sha3_512": "sha3",
    "sha1": "sha1",
    "md5": "md5",
}


def hash_named(spelling: str) -> HashFunction:
    """Return the hash function of that name; raise `ValueError` for an unknown name."""
    name = spelling.lower().replace("-", "_").replace("/", "_").replace("sha_", "sha")
    if name not in MODULES:
        raise ValueError(f"{spelling[:40]!r} is not a hash function here, expected one of {', '.join(MODULES)}")
    function: HashFunction = getattr(import_module(f"primitives.{MODULES[name]}"), name)
    return function
