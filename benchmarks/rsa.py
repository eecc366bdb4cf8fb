"""RSA: making a 2048-bit key, and the private operation, blinded and checked, beside its two bare powers."""

from __future__ import annotations

import gmpy2
from cryptography.hazmat.primitives.asymmetric import rsa as theirs

from benchmarks.timing import Row, medians
from primitives.rsa import RSADP, RSAEP, generate_private_key


def run() -> list[Row]:
    ours_s, theirs_s = medians(
        lambda: generate_private_key(2048), lambda: theirs.generate_private_key(65537, 2048), turns=61
    )
    rows = [Row("RSA-2048 key generation, median", 1e3 * ours_s, 1e3 * theirs_s, "ms", "cryptography")]

    key = generate_private_key(2048)
    c = RSAEP(key.public_key, 12345)
    p, q, d_p, d_q = (gmpy2.mpz(number) for number in (key.p, key.q, key.dP, key.dQ))
    c_p, c_q = c % p, c % q
    ours_s, theirs_s = medians(
        lambda: RSADP(key, c),
        lambda: (gmpy2.powmod_sec(c_p, d_p, p), gmpy2.powmod_sec(c_q, d_q, q)),
        turns=301,
    )
    what = "RSA-2048 private operation, blinded and checked"
    return [*rows, Row(what, 1e3 * ours_s, 1e3 * theirs_s, "ms", "2 × gmpy2.powmod_sec, 1024 bits")]
