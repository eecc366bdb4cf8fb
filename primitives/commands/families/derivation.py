"""The commands of message authentication, key derivation and one-time passwords.

Standard     RFC 2104, SP 800-38B, SP 800-185, RFC 5869, RFC 8018, RFC 7914, RFC 5246 §5, RFC 4226, RFC 6238,
             SP 800-90A, RFC 8439 §2.5.
Left out     Secrets from a prompt: `-` and `@FILE` keep them off the command line.
Timing       That of the algorithms.
"""

from __future__ import annotations

import argparse
import time

from console.waiting import waiting
from primitives.commands.arguments import Arguments, Run
from primitives.commands.results import Result

VALID = "valid"


def hmac(name: str, arguments: Arguments) -> Run:
    """Make the command of HMAC: a tag, or the check of one."""
    arguments.key("the key, of any length")
    arguments.hash()
    arguments.octets("--verify", "a tag, to be checked")
    arguments.message("what is authenticated")

    def run(options: argparse.Namespace) -> Result:
        from primitives.hmac import HMAC

        mac = HMAC(options.key, options.message, hash=options.hash)
        if options.verify is None:
            return Result(mac.digest())
        mac.verify(options.verify)
        return Result(VALID)

    return run


def kmac(name: str, arguments: Arguments) -> Run:
    """Make the command of KMAC128 or KMAC256: a tag, the check of one, or output of any length."""
    arguments.key("the key, of any length")
    arguments.octets("--customization", "what the tag is for", default=b"")
    arguments.length("of the tag", default=32)
    arguments.flag("--xof", "the output may go on: KMACXOF, whose shorter outputs begin the longer ones")
    arguments.octets("--verify", "a tag, to be checked; its length is that of the tag")
    arguments.message("what is authenticated")

    def run(options: argparse.Namespace) -> Result:
        from hmac import compare_digest

        from primitives import kmac
        from primitives.errors import InvalidTag

        function = getattr(kmac, name.replace("kmac", "kmacxof") if options.xof else name)
        length = options.length if options.verify is None else len(options.verify)
        tag: bytes = function(options.key, options.message, length, options.customization)
        if options.verify is None:
            return Result(tag)
        if not compare_digest(tag, options.verify):
            raise InvalidTag("KMAC: the tag does not belong to this key and message")
        return Result(VALID)

    return run


def cmac(name: str, arguments: Arguments) -> Run:
    """Make the command of CMAC with AES: a tag, or the check of one."""
    arguments.key("the key, 16, 24 or 32 bytes")
    arguments.octets("--verify", "a tag, to be checked")
    arguments.message("what is authenticated")

    def run(options: argparse.Namespace) -> Result:
        from primitives.aes import AES
        from primitives.cmac import cmac, cmac_verify

        cipher = AES(options.key)
        if options.verify is None:
            return Result(cmac(cipher, options.message))
        cmac_verify(cipher, options.message, options.verify)
        return Result(VALID)

    return run


def poly1305(name: str, arguments: Arguments) -> Run:
    """Make the command of Poly1305."""
    arguments.key("the one-time key, 32 bytes")
    arguments.message("what is authenticated")

    def run(options: argparse.Namespace) -> Result:
        from primitives.poly1305 import poly1305

        return Result(poly1305(options.key, options.message))

    return run


def hkdf(name: str, arguments: Arguments) -> Run:
    """Make the command of HKDF, extract and expand together."""
    arguments.octets("--salt", "best random, no secret", default=b"")
    arguments.octets("--info", "what the output is for", default=b"")
    arguments.length("of the output", default=32)
    arguments.hash()
    arguments.message("the input keying material", "ikm")

    def run(options: argparse.Namespace) -> Result:
        from primitives.hkdf import hkdf_expand, hkdf_extract

        prk = hkdf_extract(options.salt, options.ikm, hash=options.hash)
        return Result(hkdf_expand(prk, options.info, options.length, hash=options.hash))

    return run


def pbkdf2(name: str, arguments: Arguments) -> Run:
    """Make the command of PBKDF2."""
    arguments.octets("--salt", "the salt", required=True)
    arguments.number("--iterations", "how often the password is mixed in", default=600_000)
    arguments.length("of the key", default=32)
    arguments.hash()
    arguments.message("the password", "password")

    def run(options: argparse.Namespace) -> Result:
        from primitives.pbkdf2 import pbkdf2_hmac

        password, salt = options.password, options.salt
        with waiting(f"{options.iterations:,} iterations"):
            return Result(pbkdf2_hmac(password, salt, options.iterations, options.length, hash=options.hash))

    return run


def scrypt(name: str, arguments: Arguments) -> Run:
    """Make the command of scrypt."""
    arguments.octets("--salt", "the salt", required=True)
    arguments.number("--n", "how many values the table has, a power of 2", default=16384)
    arguments.number("--r", "a value has 128·r bytes", default=8)
    arguments.number("--p", "how many tables are filled", default=1)
    arguments.length("of the key", default=32)
    arguments.message("the password", "password")

    def run(options: argparse.Namespace) -> Result:
        from primitives.scrypt import scrypt

        n, r, p = options.n, options.r, options.p
        with waiting(f"{p} × {n:,} values of {128 * r:,} bytes"):
            return Result(scrypt(options.password, options.salt, n, r, p, options.length))

    return run


def pkcs12_kdf(name: str, arguments: Arguments) -> Run:
    """Make the command of the key derivation of PKCS #12."""
    arguments.octets("--salt", "the salt", required=True)
    arguments.number("--iterations", "how many hashes a guess at the password costs", default=2048)
    arguments.number("--id", "what it is for: 1 a key, 2 an IV, 3 the key of a MAC", default=1)
    arguments.length("of the output", default=32)
    arguments.hash()
    arguments.message("the password", "password")

    def run(options: argparse.Namespace) -> Result:
        from primitives.pkcs12_kdf import pkcs12_kdf

        password = (options.password.decode() + "\0").encode("utf-16-be")  # RFC 7292 appendix B.1
        with waiting(f"{options.iterations:,} iterations"):
            return Result(
                pkcs12_kdf(password, options.salt, options.iterations, options.length, id=options.id, hash=options.hash)
            )

    return run


def tls12_prf(name: str, arguments: Arguments) -> Run:
    """Make the command of the PRF of TLS 1.2."""
    arguments.octets("--label", "what the output is for, such as 'master secret'", required=True)
    arguments.octets("--seed", "what binds it to one handshake", required=True)
    arguments.length("of the output", default=48)
    arguments.hash()
    arguments.message("the secret", "secret")

    def run(options: argparse.Namespace) -> Result:
        from primitives.tls12_prf import tls12_prf

        label, seed = options.label, options.seed
        return Result(tls12_prf(options.secret, label=label, seed=seed, length=options.length, hash=options.hash))

    return run


def tls13_hkdf(name: str, arguments: Arguments) -> Run:
    """Make the command of HKDF-Expand-Label."""
    arguments.octets("--label", "what the output is for, such as 'c hs traffic'", required=True)
    arguments.octets("--context", "what binds it to one handshake, such as the hash of its messages")
    arguments.length("of the output", default=32)
    arguments.hash()
    arguments.message("the secret", "secret")

    def run(options: argparse.Namespace) -> Result:
        from primitives.tls13_hkdf import hkdf_expand_label

        label, context = options.label, options.context
        return Result(
            hkdf_expand_label(options.secret, label=label, context=context, length=options.length, hash=options.hash)
        )

    return run


def hotp(name: str, arguments: Arguments) -> Run:
    """Make the command of HOTP."""
    arguments.number("--counter", "never used twice", required=True)
    arguments.number("--digits", "6 to 8", default=6)
    arguments.hash(default="sha1")
    arguments.message("the shared secret, 16 bytes or more", "key")

    def run(options: argparse.Namespace) -> Result:
        from primitives.hotp import hotp

        return Result(hotp(options.key, options.counter, digits=options.digits, hash=options.hash))

    return run


def totp(name: str, arguments: Arguments) -> Run:
    """Make the command of TOTP."""
    arguments.number("--at", "the Unix time, in seconds (default: now)")
    arguments.number("--digits", "6 to 8", default=6)
    arguments.hash(default="sha1")
    arguments.message("the shared secret, 16 bytes or more", "key")

    def run(options: argparse.Namespace) -> Result:
        from primitives.totp import totp

        at = time.time() if options.at is None else options.at
        return Result(totp(options.key, at=at, digits=options.digits, hash=options.hash))

    return run


def hmac_drbg(name: str, arguments: Arguments) -> Run:
    """Make the command of HMAC_DRBG."""
    arguments.octets("--nonce", "bytes that are not used twice", default=b"")
    arguments.octets("--personalization", "bytes that tell this generator from others", default=b"")
    arguments.length("of the output", default=32)
    arguments.hash()
    arguments.message("the entropy input", "entropy")

    def run(options: argparse.Namespace) -> Result:
        from primitives.hmac_drbg import HMAC_DRBG

        generator = HMAC_DRBG(
            entropy_input=options.entropy,
            nonce=options.nonce,
            personalization_string=options.personalization,
            hash=options.hash,
        )
        return Result(generator(options.length))

    return run


def mgf1(name: str, arguments: Arguments) -> Run:
    """Make the command of MGF1."""
    arguments.length("of the mask", required=True)
    arguments.hash()
    arguments.message("the seed", "seed")

    def run(options: argparse.Namespace) -> Result:
        from primitives.mgf1 import mgf1

        return Result(mgf1(options.seed, options.length, hash=options.hash))

    return run
