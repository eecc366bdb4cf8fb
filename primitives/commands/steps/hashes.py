"""The rows of the table of single steps that are about hash functions.

Standard     That of each step, in its row.
Left out     What the columns mean: `running.SingleStep`.
Timing       Nothing here computes.
"""

from __future__ import annotations

_BLOCK_64 = "61626380" + "00" * 59 + "18"  # FIPS 180-2 appendix B.1: "abc", padded
_BLOCK_128 = "61626380" + "00" * 123 + "18"
_LANES = "06" + "00" * 134 + "80" + "00" * 64  # SHA3-256 of nothing: the padding, then the capacity
_SHA1_H, _SHA256_H = (
    "67452301efcdab8998badcfe10325476c3d2e1f0",
    "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19",
)
_SHA512_H = (
    "6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1"
    "510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179"
)

SHA2_32 = (
    (
        "Ch",
        "FIPS 180-4 §4.1.2 (4.2)",
        "word32 word32 word32 -> word32",
        "sha2:Ch",
        "Ch(e, f, g)",
        "510e527f 9b05688c 1f83d9ab",
    ),
    (
        "Maj",
        "FIPS 180-4 §4.1.2 (4.3)",
        "word32 word32 word32 -> word32",
        "sha2:Maj",
        "Maj(a, b, c)",
        "6a09e667 bb67ae85 3c6ef372",
    ),
    ("ROTR", "FIPS 180-4 §3.2 item 4", "number word32 -> word32", "sha2:WORDS_32.ROTR", "", "2 6a09e667"),
    ("big_sigma0", "FIPS 180-4 §4.1.2 (4.4)", "word32 -> word32", "sha2:WORDS_32.big_sigma0", "Σ0(a)", "6a09e667"),
    ("big_sigma1", "FIPS 180-4 §4.1.2 (4.5)", "word32 -> word32", "sha2:WORDS_32.big_sigma1", "Σ1(e)", "510e527f"),
    ("small_sigma0", "FIPS 180-4 §4.1.2 (4.6)", "word32 -> word32", "sha2:WORDS_32.small_sigma0", "", "61626380"),
    ("small_sigma1", "FIPS 180-4 §4.1.2 (4.7)", "word32 -> word32", "sha2:WORDS_32.small_sigma1", "", "00000018"),
    (
        "message_schedule",
        "FIPS 180-4 §6.2.2 step 1",
        "octets64 -> words32",
        "commands.steps.functions:sha256_schedule",
        "message schedule",
        _BLOCK_64,
    ),
    (
        "compress",
        "FIPS 180-4 §6.2.2",
        "words32 octets64 -> words32",
        "commands.steps.functions:sha256_compress",
        "block *",
        f"{_SHA256_H} {_BLOCK_64}",
    ),
)
SHA2_64 = (
    (
        "Ch",
        "FIPS 180-4 §4.1.3 (4.8)",
        "word64 word64 word64 -> word64",
        "sha2:Ch",
        "Ch(e, f, g)",
        "510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b",
    ),
    (
        "Maj",
        "FIPS 180-4 §4.1.3 (4.9)",
        "word64 word64 word64 -> word64",
        "sha2:Maj",
        "Maj(a, b, c)",
        "6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b",
    ),
    ("ROTR", "FIPS 180-4 §3.2 item 4", "number word64 -> word64", "sha2:WORDS_64.ROTR", "", "28 6a09e667f3bcc908"),
    (
        "big_sigma0",
        "FIPS 180-4 §4.1.3 (4.10)",
        "word64 -> word64",
        "sha2:WORDS_64.big_sigma0",
        "Σ0(a)",
        "6a09e667f3bcc908",
    ),
    (
        "big_sigma1",
        "FIPS 180-4 §4.1.3 (4.11)",
        "word64 -> word64",
        "sha2:WORDS_64.big_sigma1",
        "Σ1(e)",
        "510e527fade682d1",
    ),
    (
        "small_sigma0",
        "FIPS 180-4 §4.1.3 (4.12)",
        "word64 -> word64",
        "sha2:WORDS_64.small_sigma0",
        "",
        "6162638000000000",
    ),
    (
        "small_sigma1",
        "FIPS 180-4 §4.1.3 (4.13)",
        "word64 -> word64",
        "sha2:WORDS_64.small_sigma1",
        "",
        "0000000000000018",
    ),
    (
        "message_schedule",
        "FIPS 180-4 §6.4.2 step 1",
        "octets128 -> words64",
        "commands.steps.functions:sha512_schedule",
        "message schedule",
        _BLOCK_128,
    ),
    (
        "compress",
        "FIPS 180-4 §6.4.2",
        "words64 octets128 -> words64",
        "commands.steps.functions:sha512_compress",
        "block *",
        f"{_SHA512_H} {_BLOCK_128}",
    ),
)
SHA1 = (
    (
        "f",
        "FIPS 180-4 §4.1.1",
        "number word32 word32 word32 -> word32",
        "commands.steps.functions:sha1_f",
        "f_*",
        "0 efcdab89 98badcfe 10325476",
    ),
    ("ROTL", "FIPS 180-4 §3.2 item 5", "number word32 -> word32", "sha1:ROTL", "", "5 67452301"),
    (
        "message_schedule",
        "FIPS 180-4 §6.1.2 step 1",
        "octets64 -> words32",
        "sha1:message_schedule",
        "message schedule",
        _BLOCK_64,
    ),
    (
        "compress",
        "FIPS 180-4 §6.1.2",
        "words32 octets64 -> words32",
        "commands.steps.functions:sha1_compress",
        "block *",
        f"{_SHA1_H} {_BLOCK_64}",
    ),
)
MD5 = (
    *(
        (name, "RFC 1321 §3.4", "word32 word32 word32 -> word32", f"md5:{name}", "", "efcdab89 98badcfe 10325476")
        for name in "FGHI"
    ),
    (
        "compress",
        "RFC 1321 §3.4",
        "words32 octets64 -> words32",
        "commands.steps.functions:md5_compress",
        "block *",
        f"{_SHA1_H[:32]} 61626380{'00' * 52}1800000000000000",
    ),
)
KECCAK = (
    ("theta", "FIPS 202 §3.2.1", "lanes -> lanes", "sha3:theta", "θ", _LANES),
    ("rho", "FIPS 202 §3.2.2", "lanes -> lanes", "sha3:rho", "ρ", _LANES),
    ("pi", "FIPS 202 §3.2.3", "lanes -> lanes", "sha3:pi", "π", _LANES),
    ("chi", "FIPS 202 §3.2.4", "lanes -> lanes", "sha3:chi", "χ", _LANES),
    ("iota", "FIPS 202 §3.2.5", "lanes number -> lanes", "commands.steps.functions:iota", "ι", f"{_LANES} 0"),
    ("rc", "FIPS 202 §3.2.5 algorithm 5", "number -> number", "sha3:rc", "", "7"),
    ("ROTL", "FIPS 202 §3.2.2", "number word64 -> word64", "sha3:ROTL", "", "1 8000000000000001"),
    ("keccak_f", "FIPS 202 §3.3", "lanes -> lanes", "sha3:keccak_f", "KECCAK-f?1600?", _LANES),
)
