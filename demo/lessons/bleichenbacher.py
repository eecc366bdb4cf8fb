"""PKCS #1 v1.5 and a server that says whether a ciphertext is well-formed (Bleichenbacher, 1998).

A key of 256 bits, so that the attack ends in seconds. With 2048 bits it takes some ten thousand to a million questions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from demo.lessons.bank import Credentials, credentials, deliver
from demo.lessons.loopback import calling, serving
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from demo.wire.flows import Flow
from primitives.integers import i2osp, mod_exp, mod_inverse, os2ip
from primitives.pkcs1v15 import pkcs1v15_encrypt
from primitives.primes import generate_prime
from primitives.rsa import RSAPublicKey, generate_private_key
from record.alerts import RemoteProtocolError

BITS, E = 256, 65537
K = BITS // 8
SECRET = b"OTP: 492816"
BATCH = 200  # questions in one message: each is still a question, only the way is shorter
ASKED, ANSWERED = frozenset({"ciphertexts"}), frozenset({"conforming"})
CLIENT_KEY_EXCHANGE = 16  # RFC 5246 §7.4
SUITE = "TLS_RSA_WITH_AES_128_CBC_SHA256"


class WeakServer:
    """The weak form: it says whether the decrypted block begins with 00 02."""

    def __init__(self) -> None:
        while True:
            p, q = generate_prime(BITS // 2), generate_prime(BITS // 2)
            if p != q and (p - 1) % E and (q - 1) % E:
                break
        self.n = p * q
        self._d = mod_inverse(E, (p - 1) * (q - 1))

    def serve(self, caller: Dialogue) -> None:
        """Answer questions for as long as somebody asks."""
        while True:
            questions = caller.hear(ASKED)["ciphertexts"].split()
            caller.say(conforming="".join("ny"[self.conforms(int(c, 16))] for c in questions))

    def conforms(self, c: int) -> bool:
        """Return whether the plaintext has the form that RFC 8017 §7.2.1 step 2 gives it, as far as anyone looks."""
        return mod_exp(c, self._d, self.n) >> 8 * (K - 2) == 2


class Attacker:
    """Bleichenbacher's algorithm, with the letters of his paper."""

    def __init__(self, oracle: Dialogue, n: int, c: int) -> None:
        self._oracle, self._n, self._c = oracle, n, c
        self._B = 1 << 8 * (K - 2)
        self.questions = 0

    def decrypt(self) -> int:
        """Return m = c to the power of d."""
        B, n = self._B, self._n
        M = {(2 * B, 3 * B - 1)}
        s = self._first(range(-(-n // (3 * B)), n))  # step 2.a
        while True:
            M = self._narrowed(M, s)  # step 3
            if len(M) == 1:
                [(a, b)] = M
                if a == b:  # step 4
                    return a
                s = self._first(self._multipliers(a, b, s))  # step 2.c
            else:
                s = self._first(range(s + 1, n))  # step 2.b

    def _multipliers(self, a: int, b: int, s: int) -> Iterator[int]:
        """Step 2.c: the multipliers that halve the one interval that is left, if they conform."""
        B, n = self._B, self._n
        r = -(-2 * (b * s - 2 * B) // n)
        while True:
            yield from range(-(-(2 * B + r * n) // b), (3 * B - 1 + r * n) // a + 1)
            r += 1

    def _narrowed(self, M: set[tuple[int, int]], s: int) -> set[tuple[int, int]]:
        """Step 3: where m can be, now that s·m mod n is known to lie in [2B, 3B)."""
        B, n = self._B, self._n
        narrowed = set()
        for a, b in M:
            for r in range(-(-(a * s - 3 * B + 1) // n), (b * s - 2 * B) // n + 1):
                low, high = max(a, -(-(2 * B + r * n) // s)), min(b, (3 * B - 1 + r * n) // s)
                if low <= high:
                    narrowed.add((low, high))
        return narrowed

    def _first(self, multipliers: Iterator[int] | range) -> int:
        """Return the first multiplier with which the server calls c·sᵉ conforming."""
        candidates = iter(multipliers)
        while True:
            batch = [s for s, _ in zip(candidates, range(BATCH), strict=False)]
            self._oracle.say(ciphertexts=" ".join(f"{self._c * mod_exp(s, E, self._n) % self._n:x}" for s in batch))
            found = self._oracle.hear(ANSWERED)["conforming"].find("y")
            if found >= 0:
                self.questions += found + 1
                return batch[found]
            self.questions += len(batch)


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form(
        "A server decrypts 00 02 ‖ random ‖ 00 ‖ message, and says when the block does not look like that."
    )
    server = WeakServer()
    padding = bytes(secrets.choice(range(1, 256)) for _ in range(K - 3 - len(SECRET)))
    c = mod_exp(os2ip(b"\0\2" + padding + b"\0" + SECRET), E, server.n)
    script.value("ciphertext", i2osp(c, K))

    script.attack(
        "The attacker multiplies it by sᵉ and asks. Each yes says where m·s mod n lies, and halves where m can."
    )
    with serving(server.serve) as address, calling(address) as oracle:
        attacker = Attacker(oracle, server.n, c)
        block = i2osp(attacker.decrypt(), K)
    message = block[block.index(0, 2) + 1 :]
    script.value("questions", attacker.questions)
    script.value("the block, decrypted", block)
    script.value("the message", message.decode())
    script.succeeded(message == SECRET, "The server has decrypted it, one bit at a time, without meaning to.")

    script.ours("Two premaster secrets for our server: one well padded, one not; neither is the right one.")
    ours = credentials("Bank root", generate_private_key(2048))
    answers = [answer_to(ours, well_padded=well_padded) for well_padded in (True, False)]
    script.value("to the well padded one", answers[0])
    script.value("to the other", answers[1])
    script.unharmed(
        answers[0] == answers[1],
        "The same alert at the same place: there is nothing to ask.",
        check="a premaster secret that does not decrypt is replaced by a random one that was drawn before",
        where="handshake/suites/rsa_transport.py: RSAKeyTransport.receive",
        section="RFC 5246 §7.4.7.1",
    )


def answer_to(ours: Credentials, *, well_padded: bool) -> str:
    """Return what the server says when the client's premaster secret is replaced on the way."""
    key = ours.certificate.public_key
    if not isinstance(key, RSAPublicKey):
        raise TypeError("the bank's key is not an RSA key")
    forged = pkcs1v15_encrypt(key, b"\3\3" + secrets.token_bytes(46)) if well_padded else b"\1" * key.k

    def replace(flow: Flow, number: int, record: bytes) -> list[bytes]:
        is_long = len(record) > len(forged)  # the encrypted Finished, which is not, may have any byte there
        if flow is Flow.TO_TARGET and record[0] == 22 and record[5] == CLIENT_KEY_EXCHANGE and is_long:
            return [record[: -len(forged)] + forged]
        return [record]

    try:
        deliver(ours, ours, suite=SUITE, tamper=replace)
    except RemoteProtocolError as error:
        return f"{error.alert.name.lower()}, {'sent by the server' if error.received else 'noticed by the client'}"
    return "accepted"
