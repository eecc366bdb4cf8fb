"""Which lessons there are, in the order in which they build on each other."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from demo.lessons.script import LessonError, Script


class Lesson(NamedTuple):
    """A lesson.

    module: where its `lesson(script)` is, imported only when it is told.
    title: what it is about, in a line.
    """

    module: str
    title: str

    def run(self, script: Script) -> None:
        """Tell it; raise `LessonError` if an attack does not come out as it says."""
        lesson = cast("Callable[[Script], None]", import_module(f"demo.lessons.{self.module}").lesson)
        lesson(script)
        if not script.successes or not script.refusals:
            raise LessonError("the lesson ended without an attack that succeeded and one that was stopped")


LESSONS = {
    "plaintext": Lesson("plaintext", "Plaintext on the wire: anyone who carries it reads it"),
    "date-only": Lesson("date_only", "A certificate checked by its dates only: anybody's will do"),
    "dh-middle": Lesson("dh_middle", "Diffie–Hellman with nobody in particular: the man in the middle"),
    "key-in-clear": Lesson("key_in_clear", "The symmetric key sent in the clear, with a good signature beside it"),
    "no-mac": Lesson("no_mac", "Encryption without a MAC: the digits of the OTP changed without the key"),
    "padding-oracle": Lesson("padding_oracle", "MAC-then-encrypt, and a server that says what was wrong"),
    "nonce-reuse": Lesson("nonce_reuse", "A nonce used twice: the messages, and then the authentication key"),
    "replay": Lesson("replay", "“Prove it”: a signature that is as good the second time"),
    "rsa-malleable": Lesson("rsa_malleable", "Textbook RSA: a ciphertext is multiplied, and so is the amount"),
    "rsa-deterministic": Lesson("rsa_deterministic", "Textbook RSA: a message that can be guessed is not a secret"),
    "rsa-small-message": Lesson("rsa_small_message", "Textbook RSA with e = 3: a root is all that it takes"),
    "rsa-common-modulus": Lesson("rsa_common_modulus", "Textbook RSA: two keys with one modulus"),
    "rsa-short-modulus": Lesson("rsa_short_modulus", "A modulus short enough to factor, as a peer's once was"),
    "bleichenbacher": Lesson("bleichenbacher", "PKCS #1 v1.5: a million questions, or fewer"),
    "e3-forgery": Lesson("e3_forgery", "A signature for e = 3, made without the private key"),
    "ecdsa-nonce": Lesson("ecdsa_nonce", "Two ECDSA signatures with one nonce: two equations, two unknowns"),
    "ml-dsa-nonce": Lesson("ml_dsa_nonce", "Two ML-DSA signatures with one y: their difference is the key"),
    "one-time-key-twice": Lesson(
        "one_time_key", "A one-time key used twice: from two signatures, anyone makes a third"
    ),
    "decryption-oracle": Lesson(
        "decryption_oracle", "A KEM that does not encrypt again: wrong ciphertexts tell the secret key"
    ),
    "harvest-now": Lesson("harvest_now", "Harvest now, decrypt later: a record of today, opened tomorrow"),
    "length-extension": Lesson("length_extension", "hash(key ‖ message): the message goes on without the key"),
    "ecb-penguin": Lesson("ecb_penguin", "ECB: a picture that is encrypted, and can still be seen"),
    "des-brute-force": Lesson("des_brute_force", "DES with a key that is too short: trying them all"),
    "xor-digest": Lesson("xor_digest", "“Semantic RSA”: XOR with a digest that never changes"),
}
