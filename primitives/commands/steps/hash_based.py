"""The rows of the table of single steps that are about hash-based signatures.

Standard     That of each step, in its row.
Left out     What the columns mean: `running.SingleStep`.
Timing       Nothing here computes.
"""

from __future__ import annotations

_HERE = "commands.steps.hash_based_functions"
_SEED = "a868f1bd5debc12d4c9fad66aabd0a94"  # PK.seed of NIST's ACVP samples, SLH-DSA keyGen, tcId 21
_X = "c42bcb3b5a6f331f5cce899253c6d9e2"
_NODE = "b546df247be4c457f3d467cdfcfabd39"
_ADRS = "00000000 000000000000000000000005 00000000 00000001 00000002 00000000"

SLH_DSA = (
    ("wots-chain", "FIPS 205 §5 algorithm 5", "octets16 number number octets16 octets32 -> octets",
     f"{_HERE}:wots_chain", "chain*", f"{_X} 0 3 {_SEED} '{_ADRS}'"),
    ("wots-digits", "FIPS 205 §5.2 algorithm 7", "octets number -> digits", f"{_HERE}:wots_digits", "msg", "1b 2"),
    ("base-2b", "FIPS 205 §4.4 algorithm 4", "octets number number -> digits", f"{_HERE}:base_2b", "indices",
     "123f 4 4"),
    ("F", "FIPS 205 §11.2.1", "octets16 octets32 octets16 -> octets", f"{_HERE}:F", "", f"{_SEED} '{_ADRS}' {_X}"),
    ("H", "FIPS 205 §11.2.1", "octets16 octets32 octets32 -> octets", f"{_HERE}:H", "",
     f"{_SEED} '{_ADRS}' {_X}{_NODE}"),
    ("prf", "FIPS 205 §11.2.1", "octets16 octets16 octets32 -> octets", f"{_HERE}:PRF", "PRF",
     f"{_SEED} {_X} '{_ADRS}'"),
    ("short-address", "FIPS 205 §11.2", "octets32 -> octets", f"{_HERE}:short_address", "", f"'{_ADRS}'"),
)  # fmt: skip
