"""A one-time key used twice: from two signatures, anyone makes a third.

This is what happens to hash-based signatures with a counter, when a backup sets the counter back.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import combinations
from math import prod

from demo.lessons.script import Script
from primitives.hash_based.addresses import Address
from primitives.hash_based.wots import WOTS, split
from primitives.sha2 import sha256
from primitives.slh_dsa import SLH_DSA_SHA2_128F

PARAMETERS = SLH_DSA_SHA2_128F.p
OFFERED = 100  # invoices, of which Mallory chooses two
BATCH = 1024
SIGNED = 50  # messages, with one key of ours


class Counting(WOTS):
    """The weak form: a WOTS+ key (FIPS 205 §5) whose owner has lost count."""

    def key(self, SK_seed: bytes, PK_seed: bytes) -> bytes:
        """Return the public key."""
        return self.wots_pkGen(SK_seed, PK_seed, Address())

    def sign(self, SK_seed: bytes, PK_seed: bytes, message: bytes) -> list[bytes]:
        """Return a signature: a value of each chain."""
        return split(self.wots_sign(digest(message), SK_seed, PK_seed, Address()), self.p.n)

    def is_valid(self, pk: bytes, PK_seed: bytes, message: bytes, signature: Sequence[bytes]) -> bool:
        """Return whether the signature leads to the public key."""
        return self.wots_pkFromSig(b"".join(signature), digest(message), PK_seed, Address()) == pk


def digest(message: bytes) -> bytes:
    """Return what is signed of a message."""
    return sha256(message).digest()[: PARAMETERS.n]


def order(number: int) -> bytes:
    """Return what Mallory wants to have signed. The number makes another digest."""
    return b"Pay 1,000,000 to Mallory, order %d" % number


def share_of_messages(first: Sequence[int], second: Sequence[int]) -> float:
    """Return how large a share of all messages has no digit below the lower of these two."""
    lower = [min(pair) for pair in zip(first, second, strict=True)][: PARAMETERS.len_1]
    # A message with a higher checksum than both is rarer: two whose first digits differ leave more room.
    room = 1.0 if first[PARAMETERS.len_1] != second[PARAMETERS.len_1] else 0.0
    return room * prod((PARAMETERS.w - digit) / PARAMETERS.w for digit in lower)


def forged(
    wots: Counting, PK_seed: bytes, first: tuple[list[int], list[bytes]], second: tuple[list[int], list[bytes]]
) -> tuple[bytes, list[bytes], int]:
    """Return an order, a signature of it, and how many orders were tried; without the private key.

    first, second: of two signatures of one key, the digits and the values.
    """
    known = [min(pair) for pair in zip(zip(*first, strict=True), zip(*second, strict=True), strict=True)]
    start = 0
    while True:
        orders = [order(number) for number in range(start, start + BATCH)]
        for number, whole in enumerate(sha256().digest_many(orders), start):
            wanted = wots.digits(whole[: PARAMETERS.n])
            if all(digit >= lowest for digit, (lowest, _) in zip(wanted, known, strict=True)):
                return order(number), _onwards(wots, PK_seed, known, wanted), number + 1
        start += BATCH


def _onwards(wots: Counting, PK_seed: bytes, known: list[tuple[int, bytes]], wanted: list[int]) -> list[bytes]:
    """Return the values that stand at the wanted digits: some steps on from those that are known."""
    signature, ADRS = [], Address()
    for i, ((digit, value), further) in enumerate(zip(known, wanted, strict=True)):
        ADRS.setChainAddress(i)
        signature.append(wots.chain(value, digit, further - digit, PK_seed, ADRS))
    return signature


def lesson(script: Script) -> None:
    """Tell the lesson."""
    SK_seed, PK_seed = secrets.token_bytes(16), secrets.token_bytes(16)
    wots = Counting(PARAMETERS)
    pk = wots.key(SK_seed, PK_seed)
    script.weak_form(
        "A key of 35 chains of hash values signs one message. A signer counts which keys it has used, and the counter "
        "is in a backup: when that is put back, the same key signs once more."
    )
    invoices = [b"Invoice %d: pay 10 to Bob" % i for i in range(OFFERED)]
    digits = {invoice: wots.digits(digest(invoice)) for invoice in invoices}
    chosen = max(combinations(invoices, 2), key=lambda pair: share_of_messages(*(digits[one] for one in pair)))
    signatures = [wots.sign(SK_seed, PK_seed, invoice) for invoice in chosen]
    for invoice, signature in zip(chosen, signatures, strict=True):
        script.value(
            "signed", f"{invoice.decode()} ({'valid' if wots.is_valid(pk, PK_seed, invoice, signature) else '?'})"
        )
        script.value("digits", " ".join(map(str, digits[invoice])))

    script.attack(
        f"Of {OFFERED} invoices, Mallory had these two signed. Each chain is now open from the lower of two digits on, "
        "and whatever has no lower digit can be signed."
    )
    both = [(digits[invoice], signature) for invoice, signature in zip(chosen, signatures, strict=True)]
    message, signature, tried = forged(wots, PK_seed, *both)
    script.value("digits", " ".join(map(str, wots.digits(digest(message)))))
    script.value("orders tried", tried)
    script.succeeded(
        wots.is_valid(pk, PK_seed, message, signature) and message not in chosen,
        f"“{message.decode()}” has no digit below both, and the public key verifies its signature.",
    )

    script.ours(
        "SLH-DSA counts nothing: a secret randomizer and the message pick one of 2^66 keys. Nobody can know which "
        "before the signature is made, and the key that signs is few-time (FORS), should two messages get the same."
    )
    key = SLH_DSA_SHA2_128F.generate_private_key()
    SK_prf, PK_seed, PK_root = (key.part(i) for i in (1, 2, 3))
    picked = []
    for invoice in invoices[:SIGNED]:
        M = SLH_DSA_SHA2_128F.formatted(invoice, b"", None)
        R = PARAMETERS.hashes.PRF_msg(SK_prf, PK_seed, M)
        _, tree, leaf, _ = SLH_DSA_SHA2_128F.place(R, PK_seed, PK_root, M, ("5", "6", "9", "10"))
        picked.append((tree, leaf))
    for tree, leaf in picked[:2]:
        script.value("tree, leaf", f"{tree:#x}, {leaf}")
    script.unharmed(
        len(set(picked)) == SIGNED,
        f"Of {SIGNED} invoices, no two get the same key.",
        check="the digest, with a randomizer that nobody can choose, picks the key",
        where="primitives/slh_dsa.py: SLH_DSA.place",
        section="FIPS 205 §9.2 algorithm 19",
    )
