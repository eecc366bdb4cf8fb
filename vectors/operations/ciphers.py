"""Block ciphers in their modes."""

from __future__ import annotations

from functools import lru_cache

from primitives.aes import AES
from primitives.des import TripleDES
from primitives.modes import cbc_decrypt, cbc_encrypt, cfb_decrypt, cfb_encrypt, ctr_xor, ecb_decrypt, ecb_encrypt
from primitives.padding import pkcs7_pad, pkcs7_unpad
from vectors.cases import Unsupported, Value
from vectors.operations.inputs import Inputs

_SEGMENTS = {"CFB8": 8, "CFB64": 64, "CFB128": 128}


@lru_cache(maxsize=4)
def block_cipher(name: str, key: bytes) -> AES | TripleDES:
    """A cipher with its key expanded. Monte Carlo tests use the same one a thousand times in a row."""
    if name == "AES":
        return AES(key)
    if name == "TDES":
        return TripleDES(key)
    raise Unsupported(f"the cipher {name} is not implemented")


def encrypt(inputs: Inputs) -> dict[str, Value]:
    """`data` encrypted under `key` with the mode and `iv`."""
    cipher, mode, data = (
        block_cipher(inputs.word("cipher"), inputs.octets("key")),
        inputs.word("mode"),
        inputs.octets("data"),
    )
    if mode == "ECB":
        return {"data": ecb_encrypt(cipher, data)}
    iv = inputs.octets("iv")
    if mode == "CBC":
        return {"data": cbc_encrypt(cipher, iv, data)}
    if mode == "CBC-PKCS7":
        return {"data": cbc_encrypt(cipher, iv, pkcs7_pad(data, cipher.block_size))}
    if mode in _SEGMENTS:
        return {"data": cfb_encrypt(cipher, iv, data, segment_bits=_SEGMENTS[mode])}
    if mode == "CTR":
        return {"data": ctr_xor(cipher, iv, data)}
    raise Unsupported(f"the mode {mode} is not implemented")


def decrypt(inputs: Inputs) -> dict[str, Value]:
    """`data` decrypted under `key` with the mode and `iv`."""
    cipher, mode, data = (
        block_cipher(inputs.word("cipher"), inputs.octets("key")),
        inputs.word("mode"),
        inputs.octets("data"),
    )
    if mode == "ECB":
        return {"data": ecb_decrypt(cipher, data)}
    iv = inputs.octets("iv")
    if mode == "CBC":
        return {"data": cbc_decrypt(cipher, iv, data)}
    if mode == "CBC-PKCS7":
        return {"data": pkcs7_unpad(cbc_decrypt(cipher, iv, data), cipher.block_size)}
    if mode in _SEGMENTS:
        return {"data": cfb_decrypt(cipher, iv, data, segment_bits=_SEGMENTS[mode])}
    if mode == "CTR":
        return {"data": ctr_xor(cipher, iv, data)}
    raise Unsupported(f"the mode {mode} is not implemented")
