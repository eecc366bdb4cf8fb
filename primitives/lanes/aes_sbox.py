"""The S-box of AES and its inverse as circuits: exclusive ors and ands, and no table.

Standard     FIPS 197 §5.1.1 and §5.3.2. The circuits are Boyar's and Peralta's: forwards that of 115 gates from "A New
             Combinational Logic Minimization Technique with Applications to Cryptology" (2010), with the exit of their
             later one of 113 gates; backwards with entrance and exit of the inverse in "A Small Depth-16 Circuit for
             the AES S-Box" (2012), which makes 126 gates here.
Left out     The constant 0x63 (§5.1.1 (5.2)): the caller adds it, best once and for all to the round keys.
Timing       Looks up nothing and takes no branches: the same gates for all data.

>>> bits = [0x53 >> i & 1 for i in range(8)]
>>> hex(sum(bit << i for i, bit in enumerate(sbox(bits))) ^ 0x63)     # FIPS 197 §5.1.1
'0xed'

A circuit takes and returns eight integers, one for each bit of a byte, the least significant first. Gates act on all
bits of these integers alike: so as many S-boxes are computed at once as the integers have bits.

Inversion in GF(2^8) is all that is not linear. In both directions the byte first goes, linearly, over to the field
built as a tower, GF(((2^2)^2)^2), where inversion takes 32 ands in place of a table; the way back carries the rest of
the S-box's matrix with it. The authors count the bits of a byte from the most significant: x0 to x7 go in, s0 to s7
come out.
"""

from __future__ import annotations

from collections.abc import Sequence


def sbox(planes: Sequence[int]) -> list[int]:
    """Return the S-box of every byte, but for the constant: SBOX[x] ⊕ 0x63."""
    return _exit(_invert(_entrance(planes)))


def inverse_sbox(planes: Sequence[int]) -> list[int]:
    """Return the inverse S-box of every byte to which the constant was added: INV_SBOX[x ⊕ 0x63]."""
    return _inverse_exit(_invert(_inverse_entrance(planes)))


def _entrance(planes: Sequence[int]) -> tuple[int, ...]:
    """Go into the tower: return y0 to y21, all the sums of bits that the products need."""
    x7, x6, x5, x4, x3, x2, x1, x0 = planes
    y14 = x3 ^ x5
    y13 = x0 ^ x6
    y9 = x0 ^ x3
    y8 = x0 ^ x5
    t0 = x1 ^ x2
    y1 = t0 ^ x7
    y4 = y1 ^ x3
    y12 = y13 ^ y14
    y2 = y1 ^ x0
    y5 = y1 ^ x6
    y3 = y5 ^ y8
    t1 = x4 ^ y12
    y15 = t1 ^ x5
    y20 = t1 ^ x1
    y6 = y15 ^ x7
    y10 = y15 ^ t0
    y11 = y20 ^ y9
    y7 = x7 ^ y11
    y17 = y10 ^ y11
    y19 = y10 ^ y8
    y16 = t0 ^ y11
    y21 = y13 ^ y16
    y18 = x0 ^ y16
    return x7, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, y18, y19, y20, y21


def _exit(z: Sequence[int]) -> list[int]:
    """Come out of the tower, and through the S-box's matrix (§5.1.1 (5.2))."""
    z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17 = z
    c1 = z15 ^ z16
    c2 = z10 ^ c1
    c3 = z9 ^ c2
    c4 = z0 ^ z2
    c5 = z1 ^ z0
    c6 = z3 ^ z4
    c7 = z12 ^ c4
    c8 = z7 ^ c6
    c9 = z8 ^ c7
    c10 = c8 ^ c9
    c11 = c6 ^ c5
    c12 = z3 ^ z5
    c13 = z13 ^ c1
    c14 = c4 ^ c12
    s3 = c3 ^ c11
    c16 = z6 ^ c8
    c17 = z14 ^ c10
    c18 = c13 ^ c14
    s7 = z12 ^ c18
    c20 = z15 ^ c16
    c21 = c2 ^ z11
    s6 = c10 ^ c18
    s0 = c3 ^ c16
    s1 = s3 ^ c16
    s5 = c21 ^ c17
    c26 = c17 ^ c20
    s2 = c26 ^ z17
    s4 = c14 ^ s3
    return [s7, s6, s5, s4, s3, s2, s1, s0]


def _inverse_entrance(planes: Sequence[int]) -> tuple[int, ...]:
    """Go back through the matrix and into the tower: return y0 to y21, named by their places in the products."""
    x7, x6, x5, x4, x3, x2, x1, x0 = planes
    y3 = x0 ^ x3
    y5 = x1 ^ x3
    y8 = x0 ^ x1
    y9 = x3 ^ x4
    y19 = x4 ^ x7
    r5 = x6 ^ x7
    y6 = x1 ^ y3
    y4 = y5 ^ r5
    y1 = x7 ^ y9
    y10 = y8 ^ y19
    y12 = y8 ^ r5
    y13 = y9 ^ r5
    y18 = x2 ^ y9
    r13 = x1 ^ x6
    y7 = x2 ^ y4
    y2 = y19 ^ r13
    y14 = x4 ^ y6
    r17 = x2 ^ x5
    r18 = x5 ^ x6
    r19 = x2 ^ x4
    y0 = x0 ^ r17
    y15 = y5 ^ r17
    y16 = r13 ^ r19
    y17 = y9 ^ r18
    y11 = y10 ^ y17
    y20 = y10 ^ r18
    y21 = y13 ^ y16
    return y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, y18, y19, y20, y21


def _inverse_exit(z: Sequence[int]) -> list[int]:
    """Come out of the tower."""
    z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17 = z
    p0 = z6 ^ z15
    p1 = z12 ^ z13
    p2 = z8 ^ z16
    p3 = z1 ^ z4
    p4 = z2 ^ z10
    p5 = z0 ^ z5
    p6 = z3 ^ z14
    p7 = p0 ^ p1
    p8 = z4 ^ z7
    p9 = z9 ^ z17
    p10 = z11 ^ p4
    p11 = p0 ^ p3
    p12 = z0 ^ z2
    p13 = z3 ^ z5
    p14 = z3 ^ z16
    p15 = z8 ^ z13
    p16 = z11 ^ z15
    p17 = z12 ^ p2
    p18 = z17 ^ p5
    p19 = p2 ^ p3
    p20 = p4 ^ p6
    p22 = p2 ^ p7
    p23 = p7 ^ p8
    p24 = p5 ^ p7
    p25 = p6 ^ p10
    p26 = p9 ^ p11
    p27 = p10 ^ p18
    p28 = p11 ^ p25
    p29 = p15 ^ p20
    s0 = p13 ^ p22
    s1 = p26 ^ p29
    s2 = p17 ^ p28
    s3 = p12 ^ p22
    s4 = p23 ^ p27
    s5 = p19 ^ p24
    s6 = p14 ^ p23
    s7 = p9 ^ p16
    return [s7, s6, s5, s4, s3, s2, s1, s0]


def _invert(y: Sequence[int]) -> tuple[int, ...]:
    """Return the products that the inverse in the tower is made of: what both directions have in common.

    y: what the entrance of either direction has made of the byte.
    """
    y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, _, _, _, _ = y
    t29, t33, t37, t40 = _invert_norm(y)
    t41 = t40 ^ t37
    t42 = t29 ^ t33
    t43 = t29 ^ t40
    t44 = t33 ^ t37
    t45 = t42 ^ t41
    return (  # z0 to z17
        t44 & y15,
        t37 & y6,
        t33 & y0,
        t43 & y16,
        t40 & y1,
        t29 & y7,
        t42 & y11,
        t45 & y17,
        t41 & y10,
        t44 & y12,
        t37 & y3,
        t33 & y4,
        t43 & y13,
        t40 & y5,
        t29 & y2,
        t42 & y9,
        t45 & y14,
        t41 & y8,
    )


def _invert_norm(y: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the inverse of a number in GF(2^4) that, times both halves of the byte, is the inverse of the byte."""
    y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11, y12, y13, y14, y15, y16, y17, y18, y19, y20, y21 = y
    t2 = y12 & y15
    t3 = y3 & y6
    t4 = t3 ^ t2
    t5 = y4 & y0
    t6 = t5 ^ t2
    t7 = y13 & y16
    t8 = y5 & y1
    t9 = t8 ^ t7
    t10 = y2 & y7
    t11 = t10 ^ t7
    t12 = y9 & y11
    t13 = y14 & y17
    t14 = t13 ^ t12
    t15 = y8 & y10
    t16 = t15 ^ t12
    t17 = t4 ^ t14
    t18 = t6 ^ t16
    t19 = t9 ^ t14
    t20 = t11 ^ t16
    t21 = t17 ^ y20
    t22 = t18 ^ y19
    t23 = t19 ^ y21
    t24 = t20 ^ y18
    t25 = t21 ^ t22
    t26 = t21 & t23
    t27 = t24 ^ t26
    t28 = t25 & t27
    t29 = t28 ^ t22
    t30 = t23 ^ t24
    t31 = t22 ^ t26
    t32 = t31 & t30
    t33 = t32 ^ t24
    t34 = t23 ^ t33
    t35 = t27 ^ t33
    t36 = t24 & t35
    t37 = t36 ^ t34
    t38 = t27 ^ t36
    t39 = t29 & t38
    t40 = t25 ^ t39
    return t29, t33, t37, t40
