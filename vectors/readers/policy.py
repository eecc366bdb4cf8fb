"""What a result of `acceptable` means here: the written policy, a rule for each flag.

Wycheproof calls a case acceptable where standards leave a choice, or where libraries differ without harm. This
project has chosen in each of these points; the rules say how, and by which standard. A case is refused if any of
its flags says so, and accepted if one does and none contradicts. Without a rule for any of its flags a case is
open: a refusal passes, and so does an acceptance with the outputs that the file gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """The policy for one flag: accepted or not, and why."""

    flag: str
    accepted: bool
    why: str

    @property
    def text(self) -> str:
        """The rule in one line, as the reports show it."""
        return f"{self.flag}: {'accepted' if self.accepted else 'refused'}, since {self.why}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says of one case: valid or not, or open, and by which rule."""

    valid: bool
    open: bool
    text: str


OPEN = "no rule: a refusal passes, and so does an acceptance with the file's outputs"

RULES = (
    # X25519 and X448. `LowOrderPublic` has no rule: some of Wycheproof's for X448 have another order, and a secret.
    Rule(
        "ZeroSharedSecret", False, "RFC 7748 §6.1 and §6.2 let a party check for the all-zero secret, and this one does"
    ),
    Rule("Twist", True, "X25519 and X448 take points of the twist as well (RFC 7748 §5, §7)"),
    Rule("NonCanonicalPublic", True, "RFC 7748 §5: implementations MUST accept non-canonical values"),
    # ECDH
    Rule("CompressedPoint", True, "SEC 1 §2.3.4 decodes compressed points, and RFC 5480 §2.2 allows them"),
    Rule("CompressedPublic", True, "SEC 1 §2.3.4 decodes compressed points, and RFC 5480 §2.2 allows them"),
    Rule("UnnamedCurve", False, "RFC 5480 §2.1.1: curves MUST be named; explicit parameters are refused"),
    Rule("UnusedParam", False, "RFC 5480 §2.1.1: curves MUST be named; explicit parameters are refused"),
    Rule("InvalidAsn", False, "keys are read as DER alone"),
    Rule("InvalidEncoding", False, "there is one encoding of every value"),
    # Signatures
    Rule("MissingZero", False, "DER would read the number as negative (X.690 §8.3)"),
    Rule("BerEncodedSignature", False, "signatures are DER (RFC 3279 §2.2.3), and BER would let anybody alter them"),
    Rule("SignatureSize", False, "r ‖ s is of exactly twice the length of the order (IEEE P1363)"),
    Rule("SigSize", False, "r ‖ s is of exactly twice the length of the order (IEEE P1363)"),
    Rule("MissingNull", False, "the encoding is compared as a whole, with its NULL (RFC 8017 §8.2.2, §A.2.4)"),
    Rule("BerEncodedPadding", False, "the encoding is compared as a whole, and is DER (RFC 8017 §8.2.2)"),
    Rule("WeakHash", True, "a primitive computes; which hash may be trusted is for the layers above"),
    Rule("SmallModulus", True, "a primitive computes; which key length may be trusted is for the layers above"),
    Rule("SmallPublicKey", True, "a primitive computes; which exponents may be trusted is for the layers above"),
    # Symmetric
    Rule("ZeroLengthIv", False, "SP 800-38D §5.2.1.1: an IV has at least one bit"),
    Rule("SmallIv", True, "SP 800-38D §8.2 allows IVs of any length above zero"),
    Rule("LongIv", True, "SP 800-38D §8.2 allows IVs of any length above zero"),
    Rule("ShortKey", False, "RFC 3394 §2: the key to be wrapped has at least two blocks of 64 bits"),
    Rule("SmallKey", False, "RFC 3394 §2: the key to be wrapped has at least two blocks of 64 bits"),
    # Numbers
    Rule("NegativeOfPrime", False, "a prime is greater than 1"),
)

_BY_FLAG = {rule.flag: rule for rule in RULES}


def decide(flags: Iterable[str]) -> Decision:
    """Return what an acceptable case with these flags has to come to."""
    rules = sorted((_BY_FLAG[flag] for flag in flags if flag in _BY_FLAG), key=lambda rule: rule.accepted)
    if not rules:
        return Decision(valid=True, open=True, text=OPEN)
    return Decision(valid=rules[0].accepted, open=False, text=rules[0].text)
