"""The curve secp256k1, which Bitcoin and Ethereum sign with.

Standard     SEC 2 v2.0 (2010) §2.4.1.
Left out     The endomorphism (x, y) → (βx, y), which can halve the doublings of a multiplication.
Timing       Nothing here computes.

The coefficients are small, a = 0 and b = 7, where those of the NIST curves come out of a hash. With a = 0 there is an
endomorphism, for the cube root β of 1 modulo p: (βx, y) is a point where (x, y) is one.

>>> SECP256K1.p == 2**256 - 2**32 - 977, hex(SECP256K1.G[0])
(True, '0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
"""

from __future__ import annotations

from primitives.curves.weierstrass import Curve

SECP256K1 = Curve(
    "secp256k1",
    p=2**256 - 2**32 - 977,
    a=0,
    b=7,
    G=(
        0x79BE667E_F9DCBBAC_55A06295_CE870B07_029BFCDB_2DCE28D9_59F2815B_16F81798,
        0x483ADA77_26A3C465_5DA4FBFC_0E1108A8_FD17B448_A6855419_9C47D08F_FB10D4B8,
    ),
    n=0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141,
)
