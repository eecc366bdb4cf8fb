"""A KEM that does not encrypt again: who may ask about wrong ciphertexts computes the secret key.

The attack is that of chosen ciphertexts on the encryption scheme inside ML-KEM, coefficient by coefficient.
"""

from __future__ import annotations

from collections.abc import Callable

from demo.lessons.script import Script
from primitives.lattices.ntt import NTT
from primitives.lattices.packing import ByteEncode
from primitives.ml_kem import ML_KEM, DecapsulationKey, G, R_q, q

TOY = ML_KEM("ML-KEM with k = 1", k=1, eta_1=2, eta_2=2, d_u=10, d_v=4)
N = 256
ALPHA = 65  # of u, in steps of q/1024: 211, so that 211·s stays below q/4 for each s from −2 to 2
# Of v, in steps of q/16: the bit is 1 for s up to so much, and 0 above.
STEPS = {-2: 2, -1: 4, 0: 5, 1: 6}
NOTHING, ONE_BIT = bytes(32), b"\1" + bytes(31)


def weak_secret(dk: DecapsulationKey, c: bytes) -> bytes:
    """Return the shared secret of a ciphertext, without a look at whether the ciphertext was made as it should be."""
    return secret_of(dk.ek.h, TOY.K_PKE_Decrypt(dk, c))


def secret_of(h: bytes, m: bytes) -> bytes:
    """Return the shared secret of a message, which anyone can compute who knows it."""
    return G(m + h)[:32]


def question(j: int, v: int) -> bytes:
    """Return a ciphertext whose message is 0 but for its first bit, which tells about coefficient j of s.

    v: of the first coefficient of v, in steps of q/16.
    """
    # The first coefficient of u·s is ±α·s_j: X^256 is −1, so u = −α·X^(256 − j), or α for j = 0.
    u = [0] * N
    u[-j % N] = ALPHA if j == 0 else 2**TOY.d_u - ALPHA
    return ByteEncode(TOY.d_u, u) + ByteEncode(TOY.d_v, [v, *[0] * (N - 1)])


def coefficient(j: int, is_one: Callable[[bytes], bool]) -> int:
    """Return coefficient j of the secret, by two or three questions. is_one: tells the first bit of the message."""
    for s, v in STEPS.items():
        if is_one(question(j, v)):
            return s
    return 2


def lesson(script: Script) -> None:
    """Tell the lesson."""
    dk = TOY.generate_decapsulation_key()
    script.weak_form(
        "A server decrypts what it is sent, hashes the message to a shared secret, and goes on with it. It is ML-KEM "
        "but for one thing: it does not encrypt the message again, to see whether it gets the same ciphertext."
    )
    K, honest = dk.ek.encaps()
    script.value("sender's secret", K)
    script.value("server's secret", weak_secret(dk, honest))

    script.attack(
        "Mallory sends ciphertexts that nobody encrypted: u has one coefficient, v another, so that the message is 0 "
        "but for its first bit, and that is 1 as far as one coefficient of the secret is small. Both secrets that can "
        "come of it are known; the first record of the server tells which it was."
    )
    h = dk.ek.h
    answers = {secret_of(h, NOTHING): False, secret_of(h, ONE_BIT): True}
    asked = 0

    def ask(c: bytes) -> bool:
        nonlocal asked
        asked += 1
        return answers[weak_secret(dk, c)]

    s = [coefficient(j, ask) for j in range(N)]
    script.value("questions", asked)
    script.value("the secret begins", " ".join(map(str, s[:16])))
    # With s, Mallory makes a decapsulation key: what else is in one is public, or never needed.
    s_hat = NTT([value % q for value in s], R_q)
    mallory = TOY.decapsulation_key(ByteEncode(12, s_hat) + dk.ek.ek + h + bytes(32))
    script.succeeded(mallory.decaps(honest) == K, "With the secret key, Mallory reads what others have sent.")

    script.ours(
        "ML-KEM encrypts the message again, with randomness that comes from the message itself. A ciphertext that "
        "nobody encrypted does not come out again, and gets a secret that its sender cannot know: there is no error "
        "to see either."
    )
    told = [dk.decaps(question(j, STEPS[0])) for j in range(N)]
    script.value("questions", len(told))
    script.unharmed(
        not set(told) & answers.keys() and len(set(told)) == len(told),
        "Each question gets another secret, and none that Mallory could compute.",
        check="the ciphertext is made anew from the message, and a wrong one gets a secret of its own",
        where="primitives/ml_kem.py: ML_KEM.Decaps_internal",
        section="FIPS 203 §6.3 algorithm 18",
    )
