"""WOTS+: signatures of one message for each key, made of chains of hash values.

Standard     FIPS 205 §5 (August 2024), algorithms 5 to 8.
Left out     Nothing.
Timing       How far each chain goes shows in the time: it depends on what is signed, which is public.

A chain begins at a secret value, and each further value is the hash of the one before. Its end is public. To sign a
digit, the signer gives away the value that stands so far along the chain; anyone can go on from there and see whether
it leads to the end. Nobody can go back.

But anybody can go on: from the value for 5, the one for 6 is quickly made. So a checksum is signed with the digits,
which falls where a digit rises. To raise a digit, a forger would have to go back along the chain of a checksum's digit.

A key signs one message. Two signatures give away two values of each chain, the lower of which leads to all above it:
then a forger can make up messages whose digits all lie above what was given away.
"""

from __future__ import annotations

from explain.trace import note, steps
from primitives.hash_based.addresses import WOTS_PK, WOTS_PRF, Address
from primitives.hash_based.digits import base_2b, in_a_row
from primitives.hash_based.parameters import Parameters


def split(values: bytes, n: int) -> list[bytes]:
    """Return the values of n bytes that stand one after the other."""
    return [values[i : i + n] for i in range(0, len(values), n)]


class WOTS:
    """WOTS+ with a parameter set."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self.hashes = p.hashes

    def chain(self, X: bytes, i: int, s: int, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the value `s` steps after `X`, which is the one at `i` (§5 algorithm 5)."""
        tmp = X  # 1
        with steps("FIPS 205 §5 algorithm 5", f"chain({i}, {s})", "forwards is easy, and nobody can go back") as whole:
            for j in range(i, i + s):  # 2
                ADRS.setHashAddress(j)  # 3
                with steps("4", f"tmp = F(PK.seed, ADRS, tmp), j = {j}", "one step along the chain") as line:
                    tmp = line.gives(self.hashes.F(PK_seed, ADRS, tmp))
            return whole.gives(tmp)  # 6

    def wots_pkGen(self, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a public key: the ends of all chains, hashed (§5.1 algorithm 6)."""
        p = self.p
        return self._compressed(self._secrets_onwards([p.w - 1] * p.len, SK_seed, PK_seed, ADRS), PK_seed, ADRS)

    def wots_sign(self, M: bytes, SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return a signature of `M`, n bytes (§5.2 algorithm 7)."""
        with steps("FIPS 205 §5.2 algorithm 7", "wots_sign", "each chain is opened as far as its digit says") as whole:
            msg = self.digits(M)
            sig = self._secrets_onwards(msg, SK_seed, PK_seed, ADRS)
            note("15", "sig", sig, "one value of each chain: those below it stay secret")
            return whole.gives(b"".join(sig))  # 17

    def wots_pkFromSig(self, sig: bytes, M: bytes, PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the public key that the signature belongs to (§5.3 algorithm 8)."""
        with steps("FIPS 205 §5.3 algorithm 8", "wots_pkFromSig", "to the end of each chain, as anyone can") as whole:
            msg = self.digits(M)
            tmp = self._values_onwards(split(sig, self.p.n), msg, PK_seed, ADRS)
            return whole.gives(self._compressed(tmp, PK_seed, ADRS))

    def digits(self, M: bytes) -> list[int]:
        """Return how far along each chain the signature of `M` is (algorithms 7 and 8, lines 1 to 7)."""
        p = self.p
        msg = note("2", "msg", base_2b(M, p.lg_w, p.len_1), "a digit for each chain", show=in_a_row)
        csum = sum(p.w - 1 - digit for digit in msg)  # 1, 3 to 5
        note("4", "csum", csum, "falls as a digit rises: no other message has all its digits as high or higher")
        bits = p.len_2 * p.lg_w
        csum <<= -bits % 8  # 6
        msg = msg + base_2b(csum.to_bytes(-(-bits // 8), "big"), p.lg_w, p.len_2)
        return note("7", "msg", msg, "with the checksum's digits", show=in_a_row)

    def _secrets_onwards(self, msg: list[int], SK_seed: bytes, PK_seed: bytes, ADRS: Address) -> list[bytes]:
        """Return of each chain the value so many steps after its secret (algorithm 7 lines 8 to 16, 6 lines 1 to 9)."""
        skADRS = ADRS.copy()  # 8
        skADRS.setTypeAndClear(WOTS_PRF)  # 9
        skADRS.setKeyPairAddress(ADRS.getKeyPairAddress())  # 10
        sig = []
        for i, digit in enumerate(msg):  # 11
            skADRS.setChainAddress(i)  # 12
            sk = self.hashes.PRF(PK_seed, SK_seed, skADRS)  # 13
            ADRS.setChainAddress(i)  # 14
            sig.append(self.chain(sk, 0, digit, PK_seed, ADRS))  # 15
        return sig

    def _values_onwards(self, sig: list[bytes], msg: list[int], PK_seed: bytes, ADRS: Address) -> list[bytes]:
        """Return the ends of all chains, of which the signature has a value each (algorithm 8 lines 8 to 11)."""
        tmp = []
        for i, (value, digit) in enumerate(zip(sig, msg, strict=True)):  # 8
            ADRS.setChainAddress(i)  # 9
            tmp.append(self.chain(value, digit, self.p.w - 1 - digit, PK_seed, ADRS))  # 10
        return tmp

    def _compressed(self, tmp: list[bytes], PK_seed: bytes, ADRS: Address) -> bytes:
        """Return the ends of all chains as one value (algorithm 6 lines 10 to 13, 8 lines 12 to 15)."""
        wotspkADRS = ADRS.copy()  # 12
        wotspkADRS.setTypeAndClear(WOTS_PK)  # 13
        wotspkADRS.setKeyPairAddress(ADRS.getKeyPairAddress())  # 14
        return self.hashes.T(PK_seed, wotspkADRS, b"".join(tmp))  # 15
