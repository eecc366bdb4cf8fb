"""The names of hash functions and curves: every spelling in use in files of vectors, and the one used here.

>>> hash_name("SHA2-512/256"), hash_name("sha1"), curve_name("secp256r1")
('SHA-512/256', 'SHA-1', 'P-256')
"""

from __future__ import annotations

import re

_HASH = re.compile(
    r"(?:SHA-?(?P<one>1)"
    r"|SHA-?2?-?(?P<two>224|256|384|512)(?P<cut>[/_](?:224|256))?"
    r"|SHA-?3-(?P<three>224|256|384|512)"
    r"|SHAKE-?(?P<shake>128|256)"
    r"|(?P<md5>MD5))",
    re.IGNORECASE,
)

CURVES = ("P-224", "P-256", "P-384", "P-521", "secp256k1")
"""The curves of short Weierstrass form that the project has."""

_SPELLINGS = {
    "secp224r1": "P-224",
    "K-256": "secp256k1",
    "secp256r1": "P-256",
    "prime256v1": "P-256",
    "secp384r1": "P-384",
    "secp521r1": "P-521",
}


def hash_name(spelling: str) -> str:
    """Return the hash function's name as its standard spells it: SHA-1, SHA-512/224, SHA3-256, SHAKE128, MD5.

    Any other spelling is returned as it is.
    """
    match = _HASH.fullmatch(spelling.strip())
    if match is None:
        return spelling
    if match["one"]:
        return "SHA-1"
    if match["two"]:
        return f"SHA-{match['two']}{(match['cut'] or '').replace('_', '/')}"
    if match["three"]:
        return f"SHA3-{match['three']}"
    return f"SHAKE{match['shake']}" if match["shake"] else "MD5"


def curve_name(spelling: str) -> str:
    """Return the curve's name in SP 800-186, such as P-256; the spelling itself if the project has no such curve."""
    return _SPELLINGS.get(spelling, spelling)
