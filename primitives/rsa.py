"""RSA: the two kinds of key, and the four operations from numbers to numbers that all RSA schemes are built on.

Standard     RFC 8017 §3 (keys), §5 (primitives), with two to any number of primes; FIPS 186-5
             appendix A.1.1 and appendix A.1.3 (key generation).
Left out     Private keys without their primes (the first representation of §3.2); generating keys of more than
             two primes. The primitives are neither encryption nor signatures by themselves: see oaep, pss, pkcs1v15.
Timing       Private operations raise a blinded number to a power with `mod_exp_secret`; what stays variable, such
             as the reductions, runs on numbers that no outsider knows. Key generation runs in variable time.

>>> key = RSAPrivateKey.from_primes(61, 53, e=17)     # far too small, to be followed by hand
>>> key.n, key.d, key.dP, key.dQ, key.qInv
(3233, 413, 53, 49, 38)
>>> RSAEP(key.public_key, 65), RSADP(key, 2790)
(2790, 65)
"""

from __future__ import annotations

import math
import secrets
from dataclasses import KW_ONLY, dataclass, field

from explain.trace import note, steps, tracing
from primitives.integers import RandomBytes, big, gcd, mod_exp, mod_exp_secret, mod_inverse
from primitives.rsa_blinding import Blinding
from primitives.rsa_primes import generate_rsa_primes


@dataclass(frozen=True, slots=True)
class RSAPublicKey:
    """An RSA public key (RFC 8017 §3.1).

    n: the modulus, odd.
    e: the public exponent, odd, 3 ≤ e < n.

    Raises `ValueError` for numbers out of these ranges. How long a modulus should be is for the caller to judge.
    """

    n: int
    e: int

    def __post_init__(self) -> None:
        for name in ("n", "e"):
            if not isinstance(getattr(self, name), int):
                raise TypeError(f"RSAPublicKey: {name} is a {type(getattr(self, name)).__name__}, expected an int")
        if self.n < 15 or self.n % 2 == 0:
            raise ValueError("RSAPublicKey: the modulus n is not a product of odd primes")
        if not 3 <= self.e < self.n or self.e % 2 == 0:
            raise ValueError("RSAPublicKey: the public exponent e is out of range, expected an odd number, 3 ≤ e < n")

    @property
    def k(self) -> int:
        """The length of the modulus in bytes, and so of a ciphertext or signature."""
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True)
class OtherPrimeInfo:
    """A third or further prime of a private key (RFC 8017 §3.2, §A.1.2).

    r: the prime r_i.
    d: its exponent d_i: e·d_i ≡ 1 (mod r_i - 1).
    t: its coefficient t_i: (r_1·r_2·…·r_(i-1))·t_i ≡ 1 (mod r_i).
    """

    r: int
    d: int
    t: int

    def __repr__(self) -> str:
        return "OtherPrimeInfo(r=<hidden>, d=<hidden>, t=<hidden>)"


@dataclass(frozen=True, slots=True)
class RSAPrivateKey:
    """An RSA private key, in the quintuple's representation of RFC 8017 §3.2 together with n, e and d.

    n, e: the modulus and the public exponent.
    d: the private exponent, e·d ≡ 1 (mod λ(n)); modulo φ(n) in place of λ(n) is as good.
    p, q: the first two prime factors of n.
    dP, dQ: their exponents: d mod (p - 1), d mod (q - 1).
    qInv: the coefficient: q·qInv ≡ 1 (mod p).
    otherPrimeInfos: the third and further primes, if there are any.
    random_bytes: where the blinding of the private operations comes from; their results do not depend on it.

    Raises `ValueError` unless the numbers belong together. Whether p and q are prime it does not test: that costs
    as much as 64 signatures, and `is_probable_prime` does it where it is wanted.
    """

    n: int
    e: int
    d: int
    p: int
    q: int
    dP: int
    dQ: int
    qInv: int
    otherPrimeInfos: tuple[OtherPrimeInfo, ...] = ()
    _: KW_ONLY
    random_bytes: RandomBytes = field(default=secrets.token_bytes, compare=False)
    _blinding: Blinding = field(default_factory=Blinding, init=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("n", "e", "d", "p", "q", "dP", "dQ", "qInv"):
            if not isinstance(getattr(self, name), int):
                raise TypeError(f"RSAPrivateKey: {name} is a {type(getattr(self, name)).__name__}, expected an int")
        RSAPublicKey(self.n, self.e)
        # RFC 8017 §3.2, line for line. The messages name what is wrong and show no number.
        others = self.otherPrimeInfos
        if min(self.p, self.q, *(other.r for other in others)) < 3:
            raise ValueError("RSAPrivateKey: a prime factor is out of range, expected an odd prime")
        if self.p * self.q * math.prod(other.r for other in others) != self.n:
            raise ValueError("RSAPrivateKey: n is not the product of the primes")
        if not 0 < self.d < self.n:
            raise ValueError("RSAPrivateKey: the private exponent d is out of range, expected 0 < d < n")
        exponents = [("dP", self.p, self.dP), ("dQ", self.q, self.dQ)]
        exponents += [(f"d_{i}", other.r, other.d) for i, other in enumerate(others, 3)]
        for name, prime, exponent in exponents:
            if self.e * self.d % (prime - 1) != 1:  # for every prime, so modulo λ(n)
                raise ValueError("RSAPrivateKey: e and d do not belong together: e·d is not 1 modulo λ(n)")
            if exponent != self.d % (prime - 1):
                raise ValueError(f"RSAPrivateKey: {name} is not d modulo its prime less 1")
        if not 0 < self.qInv < self.p or self.q * self.qInv % self.p != 1:
            raise ValueError("RSAPrivateKey: qInv is not the inverse of q modulo p")
        R = self.p * self.q
        for i, other in enumerate(others, 3):
            if not 0 < other.t < other.r or R * other.t % other.r != 1:
                raise ValueError(f"RSAPrivateKey: t_{i} is not the inverse of the primes before modulo its prime")
            R *= other.r

    @classmethod
    def from_primes(cls, p: int, q: int, *, e: int, random_bytes: RandomBytes = secrets.token_bytes) -> RSAPrivateKey:
        """Return the key of two primes, all else computed: d is e^-1 mod λ(n) (FIPS 186-5 §A.1.1).

        Raises `ValueError` if `e` shares a factor with p - 1 or q - 1, or if p and q share one.
        """
        λ = math.lcm(p - 1, q - 1)
        if gcd(e, λ) != 1:
            raise ValueError("RSAPrivateKey: the public exponent e shares a factor with p - 1 or q - 1")
        d = mod_inverse(e, λ)
        return cls(p * q, e, d, p, q, d % (p - 1), d % (q - 1), mod_inverse(q, p), random_bytes=random_bytes)

    @property
    def public_key(self) -> RSAPublicKey:
        """The public key that belongs to this one."""
        return RSAPublicKey(self.n, self.e)

    @property
    def k(self) -> int:
        """The length of the modulus in bytes, and so of a ciphertext or signature."""
        return (self.n.bit_length() + 7) // 8

    def __repr__(self) -> str:
        return f"RSAPrivateKey(bits={self.n.bit_length()}, e={self.e}, d=<hidden>)"


def generate_private_key(
    bits: int, *, e: int = 65537, for_tests_only: bool = False, random_bytes: RandomBytes = secrets.token_bytes
) -> RSAPrivateKey:
    """Return a new key of two random primes (FIPS 186-5 §A.1.3).

    bits: the length of the modulus: 2048, 3072 or 4096; and 1024, which can be broken, if it is `for_tests_only`.
    e: the public exponent, odd, above 2^16 and below 2^256.
    random_bytes: where the primes come from, and afterwards the key's blinding.

    Raises `ValueError` for other lengths and exponents.
    """
    if bits not in (2048, 3072, 4096) and not (bits == 1024 and for_tests_only):
        raise ValueError(f"RSA: a key of {bits} bits, expected 2048, 3072 or 4096 (1024 with for_tests_only=True)")
    with steps("FIPS 186-5 §A.1.1", "RSA key", "nobody undoes the public power without two secret primes") as whole:
        while True:
            p, q = generate_rsa_primes(bits, e=e, random_bytes=random_bytes)
            key = RSAPrivateKey.from_primes(p, q, e=e, random_bytes=random_bytes)
            if key.d > 1 << (bits // 2):  # FIPS 186-5 §A.1.1 3(a), or e and n tell d (Wiener 1990)
                break
        whole.gives(note("", "n = {p}·{q}", key.n, "public: nobody knows how to find its factors"))
        note("", "d = {e}⁻¹ mod lcm({p} − 1, {q} − 1)", key.d, "undoes the power e, for all numbers below n")
        note("RFC 8017 §3.2", "dP = {key.d} mod ({p} − 1)", key.dP, "modulo p, it is the same power as d")
        note("RFC 8017 §3.2", "dQ = {key.d} mod ({q} − 1)", key.dQ, "modulo q, it is the same power as d")
        note("RFC 8017 §3.2", "qInv = {q}⁻¹ mod {p}", key.qInv, "joins the two halves of a private operation")
    return key


def RSAEP(key: RSAPublicKey, m: int) -> int:
    """Return the ciphertext representative of the message representative `m`, 0 ≤ m < n (RFC 8017 §5.1.1)."""
    return _public(key, m, "RSAEP", "RFC 8017 §5.1.1", ("m", "c"))


def RSADP(key: RSAPrivateKey, c: int) -> int:
    """Return the message representative of the ciphertext representative `c`, 0 ≤ c < n (RFC 8017 §5.1.2)."""
    return _private(key, c, "RSADP", "RFC 8017 §5.1.2", ("c", "m"))


def RSASP1(key: RSAPrivateKey, m: int) -> int:
    """Return the signature representative of the message representative `m`, 0 ≤ m < n (RFC 8017 §5.2.1)."""
    return _private(key, m, "RSASP1", "RFC 8017 §5.2.1", ("m", "s"))


def RSAVP1(key: RSAPublicKey, s: int) -> int:
    """Return the message representative of the signature representative `s`, 0 ≤ s < n (RFC 8017 §5.2.2)."""
    return _public(key, s, "RSAVP1", "RFC 8017 §5.2.2", ("s", "m"))


def _public(key: RSAPublicKey, x: int, name: str, section: str, letters: tuple[str, str]) -> int:
    """Return x^e mod n. RSAEP and RSAVP1 differ in the letters alone, the standard's names for x and y."""
    _check_range(x, key.n, name, letters[0])  # step 1
    if not tracing():
        return mod_exp(x, key.e, key.n)
    with steps(section, name, "anybody can raise to the public power e") as whole:
        note("1", letters[0], x, "a number below n: larger ones have the same powers as their remainders")
        y = f"{letters[1]} = {{{letters[0]}}}^{{key.e}} mod {{key.n}}"
        return whole.gives(note("2", y, mod_exp(x, key.e, key.n), "nobody without the primes can undo it"))


def _private(key: RSAPrivateKey, x: int, name: str, section: str, letters: tuple[str, str]) -> int:
    """Return x^d mod n. RSADP and RSASP1 differ in the letters alone, the standard's names for x and y."""
    if not isinstance(key, RSAPrivateKey):  # a public key has n and k as well, and so gets as far as here
        raise TypeError(f"{name}: the key is a {type(key).__name__}, expected an RSAPrivateKey")
    _check_range(x, key.n, name, letters[0])  # step 1
    n = big(key.n)
    with steps(section, name, "nobody without the primes can raise to the private power d") as whole:
        note("1", letters[0], x, "a number below n: larger ones have the same powers as their remainders")
        # Blinding (Kocher 1996): (x·r^e)^d = x^d·r. The power is taken of a number that nobody else knows, so the
        # time it takes tells nobody anything; multiplying with r^-1 gives the result back.
        r_e, r_inverse = key._blinding.take(n=n, e=key.e, random_bytes=key.random_bytes)
        note("Kocher 1996", "r^e", r_e, "r is random, secret, and another one for each operation")
        blinded = x * r_e % n
        note("Kocher 1996", f"{letters[0]}·r^e", blinded, "the sender of the number does not know this one")
        y = _chinese_remainders(key, blinded, letters[1]) * r_inverse % n  # step 2
        y = note("3", letters[1], int(y), "times r^-1 mod n, which takes the blinding off: the result")
        # One wrong bit in one of the halves, and the gcd of n and y^e - x is a prime of the key (Boneh, DeMillo
        # and Lipton 1997). The public power costs little, and shows it before anybody else can see.
        check = mod_exp(y, key.e, n)
        note("Boneh et al. 1997", f"{letters[1]}^e", check, "the number sent again, or nothing is released")
        if check != x:
            raise RuntimeError(
                f"{name}: the computation went wrong, or a prime of the key is not prime; nothing is released"
            )
        return whole.gives(y)


def _chinese_remainders(key: RSAPrivateKey, x: int, y: str) -> int:
    """Return x^d mod n from its remainders modulo the primes: step 2.b, four times as fast as step 2.a.

    y: the standard's letter for the result.
    """
    p, q = big(key.p), big(key.q)
    m_1 = mod_exp_secret(x % p, key.dP, p)
    m_2 = mod_exp_secret(x % q, key.dQ, q)
    note("2.b.i", f"{y}_1 = {{x}}^{{key.dP}} mod {{p}}", m_1, "half the length, and an exponent half as long")
    note("2.b.i", f"{y}_2 = {{x}}^{{key.dQ}} mod {{q}}", m_2, "the same for the other prime")
    m_i = [mod_exp_secret(x % other.r, other.d, other.r) for other in key.otherPrimeInfos]
    for number, m_3 in enumerate(m_i, 3):
        note("2.b.ii", f"{y}_{number}", m_3, "the same for a further prime")
    h = (m_1 - m_2) * key.qInv % p
    note(
        "2.b.iii",
        f"h = ({{{y}_1}} − {{{y}_2}})·{{key.qInv}} mod {{p}}",
        h,
        "so many times q is to be added to the remainder modulo q",
    )
    m = note("2.b.iv", f"{y} = {{{y}_2}} + {{q}}·{{h}}", m_2 + q * h, "the one number below p·q with both remainders")
    R = q
    r_before = p
    for other, m_3 in zip(key.otherPrimeInfos, m_i, strict=True):
        R = R * r_before
        h = note("2.b.v", "h", (m_3 - m) * other.t % other.r, "so many R, the product of the primes so far")
        m = note("2.b.v", y, m + R * h, "the one number with the remainders so far")
        r_before = other.r
    return m


def _check_range(x: int, n: int, name: str, letter: str) -> None:
    if not 0 <= x < n:
        raise ValueError(f"{name}: representative {letter} out of range, expected 0 ≤ {letter} < n")
