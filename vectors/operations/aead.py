"""Authenticated encryption with associated data: AES-GCM, AES-CCM and ChaCha20-Poly1305."""

from __future__ import annotations

from functools import lru_cache
from hmac import compare_digest

from primitives.ccm import AESCCM
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.errors import InvalidTag
from primitives.gcm import AESGCM
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

TAG = 16  # bytes; what a longer one would be, neither standard says
_GCM_TAGS = (4, 8, 12, 13, 14, 15, 16)  # SP 800-38D §5.2.1.2


@lru_cache(maxsize=4)
def _cipher(name: str, key: bytes, tag_length: int) -> AESGCM | AESCCM | ChaCha20Poly1305:
    if name == "AES-GCM":
        return AESGCM(key)
    if name == "AES-CCM":
        return AESCCM(key, tag_length=tag_length)
    if name == "ChaCha20-Poly1305":
        return ChaCha20Poly1305(key)
    raise Unsupported(f"{name} is not implemented")


def aead_encrypt(inputs: Inputs) -> dict[str, Value]:
    """The ciphertext of `plaintext` and the first `tag_length` bytes of the tag."""
    length = inputs.number("tag_length")
    cipher = _cipher(inputs.word("aead"), inputs.octets("key"), length)
    plaintext = inputs.octets("plaintext")
    sealed = cipher.encrypt(inputs.octets("nonce"), plaintext, inputs.octets("aad"))
    return {"ciphertext": sealed[: len(plaintext)], "tag": sealed[len(plaintext) :][:length]}


def aead_decrypt(inputs: Inputs) -> dict[str, Value]:
    """The plaintext of `ciphertext`; refuse unless `tag` belongs to it."""
    name, ciphertext, tag = inputs.word("aead"), inputs.octets("ciphertext"), inputs.octets("tag")
    cipher, nonce, aad = _cipher(name, inputs.octets("key"), len(tag)), inputs.octets("nonce"), inputs.octets("aad")
    if name != "AES-GCM" or len(tag) not in _GCM_TAGS[:-1]:
        return {"plaintext": cipher.decrypt(nonce, ciphertext + tag, aad)}
    # NIST's vectors have shorter tags too, which the primitive does not offer: each is the beginning of the whole tag.
    # The whole one takes the plaintext, which is had by adding the same key stream once more.
    plaintext = cipher.encrypt(nonce, ciphertext, aad)[: len(ciphertext)]
    whole = cipher.encrypt(nonce, plaintext, aad)[len(plaintext) :]
    if not compare_digest(whole[: len(tag)], tag):
        raise InvalidTag("AES-GCM: the tag does not belong to this message and key")
    return {"plaintext": plaintext}
