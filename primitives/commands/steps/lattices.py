"""The rows of the table of single steps that are about lattices.

Standard     That of each step, in its row.
Left out     What the columns mean: `running.SingleStep`.
Timing       Nothing here computes.
"""

from __future__ import annotations

_HERE = "commands.steps.lattice_functions"
_TINY = "q=17,n=4,zeta=4"
_RHO = "b1720e4ed5ac0add457f573a041465bcbd7ca4e1d7d53eaadeda511962a36eb0"  # C2SP/CCTV's run of ML-KEM-512
_SIGMA = "176c5e5bdef7f0b03349110742125810116450aa6ed6a02a87a8c04cb508d6fa"
_ERRORS = "1e" + "00" * 127

ML_KEM = (
    ("ntt", "FIPS 203 §4.3 algorithm 9", "ring polynomial -> residues", f"{_HERE}:ntt", "NTT", f"{_TINY} '1 2 3 4'"),
    ("ntt-inverse", "FIPS 203 §4.3 algorithm 10", "ring residues -> polynomial", f"{_HERE}:ntt_inverse", "NTT_inverse",
     f"{_TINY} '3 0 4 13'"),
    ("multiply-ntts", "FIPS 203 §4.3.1 algorithm 11", "ring residues residues -> residues", f"{_HERE}:multiply_ntts",
     "MultiplyNTTs", f"{_TINY} '13 1 6 3' '16 4 11 8'"),
    ("base-case-multiply", "FIPS 203 §4.3.1 algorithm 12", "number number number number number number -> pair",
     f"{_HERE}:base_case_multiply", "", "13 1 16 4 4 17"),
    ("bit-rev", "FIPS 203 §2.3", "number -> number", f"{_HERE}:bit_rev", "", "2"),
    ("compress", "FIPS 203 §4.2.1 (4.7)", "number number number -> number", f"{_HERE}:compress", "", "4 1000 3329"),
    ("decompress", "FIPS 203 §4.2.1 (4.8)", "number number number -> number", f"{_HERE}:decompress", "", "4 5 3329"),
    ("byte-encode", "FIPS 203 §4.2.1 algorithm 5", "number numbers -> octets", f"{_HERE}:byte_encode", "ByteEncode_*",
     "12 '1 2'"),
    ("byte-decode", "FIPS 203 §4.2.1 algorithm 6", "number octets -> numbers", f"{_HERE}:byte_decode", "ByteDecode_*",
     "12 012000"),
    ("bits-to-bytes", "FIPS 203 §4.2.1 algorithm 3", "numbers -> octets", f"{_HERE}:bits_to_bytes", "",
     "'1 1 0 1 0 0 0 1'"),
    ("bytes-to-bits", "FIPS 203 §4.2.1 algorithm 4", "octets -> numbers", "lattices.packing:BytesToBits", "", "8b"),
    ("sample-ntt", "FIPS 203 §4.2.2 algorithm 7", "octets34 -> residues", "lattices.sampling:SampleNTT", "SampleNTT",
     f"{_RHO}0000"),
    ("sample-cbd", "FIPS 203 §4.2.2 algorithm 8", "number octets -> numbers", f"{_HERE}:sample_cbd", "SamplePolyCBD_*",
     f"2 {_ERRORS}"),
    ("prf", "FIPS 203 §4.1 (4.3)", "number octets32 number -> octets", f"{_HERE}:prf", "PRF_*", f"2 {_SIGMA} 0"),
    ("H", "FIPS 203 §4.1 (4.4)", "octets -> octets", "ml_kem:H", "", "616263"),
    ("J", "FIPS 203 §4.1 (4.4)", "octets -> octets", "ml_kem:J", "", "616263"),
    ("G", "FIPS 203 §4.1 (4.5)", "octets -> octets", "ml_kem:G", "", "616263"),
)  # fmt: skip

_SPLIT = "q=17,n=4,zeta=2"
_GAMMA_2 = "261888"  # of ML-DSA-65
_DSA = "commands.steps.signature_functions"

ML_DSA = (
    ("ntt", "FIPS 204 §7.5 algorithm 41", "ring_split_whole polynomial -> polynomial", f"{_HERE}:ntt", "NTT",
     f"{_SPLIT} '1 2 3 4'"),
    ("ntt-inverse", "FIPS 204 §7.5 algorithm 42", "ring_split_whole polynomial -> polynomial", f"{_HERE}:ntt_inverse",
     "NTT_inverse", f"{_SPLIT} '15 15 7 1'"),
    ("multiply-ntt", "FIPS 204 §7.6 algorithm 45", "ring_split_whole polynomial polynomial -> polynomial",
     f"{_HERE}:multiply_ntts", "MultiplyNTTs", f"{_SPLIT} '15 15 7 1' '1 2 3 4'"),
    ("power2round", "FIPS 204 §7.4 algorithm 35", "number number -> pair", f"{_DSA}:power2round", "Power2Round",
     "1000000 13"),
    ("decompose", "FIPS 204 §7.4 algorithm 36", "number number -> pair", f"{_DSA}:decompose", "Decompose",
     f"1000000 {_GAMMA_2}"),
    ("high-bits", "FIPS 204 §7.4 algorithm 37", "number number -> number", f"{_DSA}:high_bits", "HighBits",
     f"1000000 {_GAMMA_2}"),
    ("low-bits", "FIPS 204 §7.4 algorithm 38", "number number -> number", f"{_DSA}:low_bits", "LowBits",
     f"1000000 {_GAMMA_2}"),
    ("make-hint", "FIPS 204 §7.4 algorithm 39", "number number number -> number", f"{_DSA}:make_hint", "MakeHint",
     f"8130417 1000000 {_GAMMA_2}"),
    ("use-hint", "FIPS 204 §7.4 algorithm 40", "number number number -> number", f"{_DSA}:use_hint", "UseHint",
     f"1 1000000 {_GAMMA_2}"),
    ("sample-in-ball", "FIPS 204 §7.3 algorithm 29", "octets number -> numbers", f"{_DSA}:sample_in_ball",
     "SampleInBall", f"{_RHO} 39"),
    ("rej-ntt-poly", "FIPS 204 §7.3 algorithm 30", "octets34 -> numbers", "lattices.rejection_sampling:RejNTTPoly",
     "RejNTTPoly", f"{_RHO}0000"),
    ("rej-bounded-poly", "FIPS 204 §7.3 algorithm 31", "octets66 number -> numbers", f"{_DSA}:rej_bounded_poly",
     "RejBoundedPoly", f"{_RHO}{_SIGMA}0000 4"),
    ("simple-bit-pack", "FIPS 204 §7.1 algorithm 16", "number numbers -> octets", f"{_DSA}:simple_bit_pack", "",
     "1023 '1 2 3 4'"),
    ("simple-bit-unpack", "FIPS 204 §7.1 algorithm 18", "number octets -> numbers", f"{_DSA}:simple_bit_unpack", "",
     "1023 0108300001"),
    ("hint-bit-unpack", "FIPS 204 §7.1 algorithm 21", "number octets -> numbers", f"{_DSA}:hint_bit_unpack", "",
     "4 010300000202"),
    ("H", "FIPS 204 §3.7", "octets number -> octets", "ml_dsa:H", "", "616263 64"),
)  # fmt: skip
