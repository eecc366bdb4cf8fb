"""Powers modulo a number, by squaring and multiplying: the way RSA and Diffie–Hellman raise to large powers.

Standard     None: the binary method from left to right (Knuth, TAOCP 2 §4.6.3).
Left out     Speed and secrecy: `integers.py` has the same function for computing with.
Timing       One multiplication for each 1 in the exponent: the time tells how many there are.

>>> power(65, 17, 3233)
2790
"""

from __future__ import annotations

from explain.trace import algorithm, note


@algorithm("Knuth TAOCP 2 §4.6.3", "power", "a squaring for each bit, where counting would take for ever")
def power(base: int, exponent: int, modulus: int) -> int:
    """Return `base ** exponent mod modulus`; exponent: 0 or more, modulus: 1 or more."""
    if exponent < 0 or modulus < 1:
        raise ValueError("power: expected an exponent of 0 or more and a modulus of 1 or more")
    result = 1 % modulus
    for i in reversed(range(exponent.bit_length())):
        bit = exponent >> i & 1
        squared = result * result % modulus
        result = squared * base**bit % modulus
        note("", f"bit {i} = {bit} = {{squared}}·{{base}}^{bit} mod {{modulus}}", result, "squaring doubles exponents")
    return result
