"""The commands of the ciphers: single blocks, modes of operation, stream ciphers and authenticated encryption.

Standard     FIPS 197, SP 800-67, SP 800-38A, SP 800-38C, SP 800-38D, RFC 3394, RFC 5649, RFC 8439, RFC 5652 §6.3.
Left out     Keys from a passphrase, as `openssl enc` makes them: `pbkdf2` is a command of its own.
Timing       That of the algorithms.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from primitives.commands.arguments import Arguments, Run
from primitives.commands.results import Result

if TYPE_CHECKING:
    from primitives.modes import BlockCipher


def _cipher(name: str, key: bytes) -> BlockCipher:
    if name == "aes":
        from primitives.aes import AES

        return AES(key)
    from primitives.des import DES, TripleDES

    return DES(key) if name == "des" else TripleDES(key)


def _decrypt(arguments: Arguments) -> None:
    arguments.flag("--decrypt", "decrypt, instead of encrypting")


def block(name: str, arguments: Arguments) -> Run:
    """Make the command of a block cipher on one block."""
    arguments.key()
    _decrypt(arguments)
    arguments.message("the block", "block")

    def run(options: argparse.Namespace) -> Result:
        cipher = _cipher(name, options.key)
        return Result((cipher.decrypt_block if options.decrypt else cipher.encrypt_block)(options.block))

    return run


def ecb(name: str, arguments: Arguments) -> Run:
    """Make the command of ECB."""
    arguments.key()
    _padding(arguments)
    _decrypt(arguments)
    arguments.message("the data", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.modes import ecb_decrypt, ecb_encrypt

        cipher = _cipher(name.partition("-")[0], options.key)
        if options.decrypt:
            return Result(_unpadded(ecb_decrypt(cipher, options.data), cipher, options))
        return Result(ecb_encrypt(cipher, _padded(options.data, cipher, options)))

    return run


def cbc(name: str, arguments: Arguments) -> Run:
    """Make the command of CBC."""
    arguments.key()
    arguments.octets("--iv", "one block, which nobody can predict", required=True)
    _padding(arguments)
    _decrypt(arguments)
    arguments.message("the data", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.modes import cbc_decrypt, cbc_encrypt

        cipher = _cipher(name.partition("-")[0], options.key)
        if options.decrypt:
            return Result(_unpadded(cbc_decrypt(cipher, options.iv, options.data), cipher, options))
        return Result(cbc_encrypt(cipher, options.iv, _padded(options.data, cipher, options)))

    return run


def cfb(name: str, arguments: Arguments) -> Run:
    """Make the command of CFB."""
    arguments.key()
    arguments.octets("--iv", "one block, which nobody can predict", required=True)
    arguments.number("--segment-bits", "8, or a block's bits (default: a block's)")
    _decrypt(arguments)
    arguments.message("the data", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.modes import cfb_decrypt, cfb_encrypt

        cipher = _cipher(name.partition("-")[0], options.key)
        function = cfb_decrypt if options.decrypt else cfb_encrypt
        return Result(function(cipher, options.iv, options.data, segment_bits=options.segment_bits))

    return run


def ctr(name: str, arguments: Arguments) -> Run:
    """Make the command of CTR."""
    arguments.key()
    arguments.octets("--iv", "the first counter, one block", required=True)
    arguments.message("the data, plain or encrypted", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.modes import ctr_xor

        return Result(ctr_xor(_cipher(name.partition("-")[0], options.key), options.iv, options.data))

    return run


def _padding(arguments: Arguments) -> None:
    arguments.flag("--no-padding", "the data is whole blocks (default: PKCS#7 padding, as openssl has it)")


def _padded(data: bytes, cipher: BlockCipher, options: argparse.Namespace) -> bytes:
    from primitives.padding import pkcs7_pad

    return data if options.no_padding else pkcs7_pad(data, cipher.block_size)


def _unpadded(data: bytes, cipher: BlockCipher, options: argparse.Namespace) -> bytes:
    from primitives.padding import pkcs7_unpad

    return data if options.no_padding else pkcs7_unpad(data, cipher.block_size)


def pkcs7(name: str, arguments: Arguments) -> Run:
    """Make the command of PKCS#7 padding."""
    arguments.number("--block-size", "in bytes", default=16)
    arguments.flag("--unpad", "take the padding off")
    arguments.message("the data", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.padding import pkcs7_pad, pkcs7_unpad

        return Result((pkcs7_unpad if options.unpad else pkcs7_pad)(options.data, options.block_size))

    return run


def aead(name: str, arguments: Arguments) -> Run:
    """Make the command of AES-GCM or ChaCha20-Poly1305; the ciphertext ends with its tag."""
    arguments.key()
    arguments.octets("--nonce", "12 bytes, never used twice under one key", required=True)
    arguments.octets("--aad", "what is authenticated, but not encrypted", default=b"")
    _decrypt(arguments)
    arguments.message("the data; to decrypt, with its tag", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.chacha20_poly1305 import ChaCha20Poly1305
        from primitives.gcm import AESGCM

        cipher = AESGCM(options.key) if name == "aes-gcm" else ChaCha20Poly1305(options.key)
        if options.decrypt:
            return Result(cipher.decrypt(options.nonce, options.data, options.aad))
        sealed = cipher.encrypt(options.nonce, options.data, options.aad)
        return Result(sealed)

    return run


def ccm(name: str, arguments: Arguments) -> Run:
    """Make the command of AES-CCM; the ciphertext ends with its tag."""
    arguments.key()
    arguments.octets("--nonce", "7 to 13 bytes, never used twice under one key", required=True)
    arguments.octets("--aad", "what is authenticated, but not encrypted", default=b"")
    arguments.number("--tag-length", "of the tag, in bytes: 4, 6, 8, 10, 12, 14 or 16", default=16)
    _decrypt(arguments)
    arguments.message("the data; to decrypt, with its tag", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.ccm import AESCCM

        cipher = AESCCM(options.key, tag_length=options.tag_length)
        return Result((cipher.decrypt if options.decrypt else cipher.encrypt)(options.nonce, options.data, options.aad))

    return run


def keywrap(name: str, arguments: Arguments) -> Run:
    """Make the command of AES key wrap, with or without padding."""
    arguments.key("the key-encryption key, 16, 24 or 32 bytes")
    _decrypt(arguments)
    arguments.message("the key that is wrapped", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.keywrap import key_unwrap, key_unwrap_padded, key_wrap, key_wrap_padded

        wrap, unwrap = (key_wrap_padded, key_unwrap_padded) if name == "aes-kwp" else (key_wrap, key_unwrap)
        return Result((unwrap if options.decrypt else wrap)(options.key, options.data))

    return run


def chacha20(name: str, arguments: Arguments) -> Run:
    """Make the command of ChaCha20."""
    arguments.key("the key, 32 bytes")
    arguments.octets("--nonce", "12 bytes, never used twice under one key", required=True)
    arguments.number("--counter", "the number of the first block", default=1)
    arguments.message("the data, plain or encrypted", "data")

    def run(options: argparse.Namespace) -> Result:
        from primitives.chacha20 import chacha20_xor

        return Result(chacha20_xor(options.key, options.counter, options.nonce, options.data))

    return run


def sdes(name: str, arguments: Arguments) -> Run:
    """Make the command of simplified DES, whose keys and blocks are a few binary digits."""
    parser = arguments.parser
    parser.add_argument("--key", required=True, metavar="BITS", help="ten binary digits")
    _decrypt(arguments)
    parser.add_argument("block", metavar="BITS", help="eight binary digits")

    def run(options: argparse.Namespace) -> Result:
        from primitives.sdes import SDES

        cipher, data = SDES(_bits(options.key, 10)), bytes([_bits(options.block, 8)])
        (output,) = (cipher.decrypt_block if options.decrypt else cipher.encrypt_block)(data)
        return Result(output, bits=8)

    return run


def _bits(digits: str, length: int) -> int:
    if len(digits) != length or set(digits) - set("01"):
        raise ValueError(f"{digits[:20]!r}: expected {length} binary digits")
    return int(digits, 2)
