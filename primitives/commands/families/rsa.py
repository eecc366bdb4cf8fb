"""The commands of RSA: making keys, the bare operations, encryption and signatures.

Standard     RFC 8017; FIPS 186-5 §A.1.3 (keys).
Left out     Keys in PEM: see `key_files.py`.
Timing       That of the algorithms.
"""

from __future__ import annotations

import argparse
import secrets

from console.command_line import checked
from console.files import write_private
from console.waiting import waiting
from primitives.commands import key_files
from primitives.commands.arguments import Arguments, Run
from primitives.commands.families.derivation import VALID
from primitives.commands.inputs import FORMS
from primitives.commands.results import Result
from primitives.integers import RandomBytes

KEY = "the key: @FILE from rsa-keygen, or numbers such as p=61,q=53,e=17"


def keygen(name: str, arguments: Arguments) -> Run:
    """Make the command that makes RSA keys."""
    arguments.parser.add_argument(
        "--bits",
        type=int,
        choices=(1024, 2048, 3072, 4096),
        default=2048,
        help="of the modulus; 1024 can be broken, and is for looking at (default: 2048)",
    )
    arguments.number("--e", "the public exponent", default=65537)
    key_file(arguments)

    def run(options: argparse.Namespace) -> Result:
        from primitives.rsa import generate_private_key

        with waiting(f"an RSA key of {options.bits} bits"):
            key = generate_private_key(options.bits, e=options.e, for_tests_only=options.bits == 1024)
        return made(key_files.rsa_fields(key), options.out, public=("n", "e"))

    return run


def key_file(arguments: Arguments) -> None:
    """Add the name of the file that a new private key goes to."""
    arguments.parser.add_argument(
        "--out",
        metavar="FILE",
        help="write the private key to this new file, for its owner alone, and print the public key (default: print "
        "the private key)",
    )


def made(fields: key_files.Fields, out: str | None, *, public: tuple[str, ...]) -> Result:
    """Return a new private key as a result; or write it to a new file, and return the public key."""
    if out is None:
        return Result(key_files.write(fields))
    write_private(out, f"{key_files.write(fields)}\n".encode())
    return Result(key_files.write({name: fields[name] for name in public}))


def textbook(name: str, arguments: Arguments) -> Run:
    """Make the command of the bare operations, RSAEP and RSADP."""
    arguments.key(KEY)
    arguments.flag("--decrypt", "raise to the private power")
    parser, inputs = arguments.parser, arguments.inputs
    parser.add_argument("number", type=checked(inputs.number), metavar="NUMBER", help="below n")

    def run(options: argparse.Namespace) -> Result:
        from primitives.rsa import RSADP, RSAEP

        fields = key_files.read(options.key)
        if options.decrypt:
            return Result(RSADP(key_files.rsa_private_key(fields), options.number))
        return Result(RSAEP(key_files.rsa_public_key(fields), options.number))

    return run


def oaep(name: str, arguments: Arguments) -> Run:
    """Make the command of RSAES-OAEP."""
    arguments.key(KEY)
    arguments.hash()
    arguments.hash("--mgf-hash", "that of the masks (default: the same)", default=None)
    arguments.octets("--label", "bound to the message", default=b"")
    arguments.octets("--seed", "takes the place of the random seed, as in vectors: the ciphertext repeats")
    arguments.flag("--decrypt", "decrypt, instead of encrypting")
    arguments.message("the message, or the ciphertext")

    def run(options: argparse.Namespace) -> Result:
        from primitives.oaep import oaep_decrypt, oaep_encrypt

        fields = key_files.read(options.key)
        hash, mgf_hash, label, message = options.hash, options.mgf_hash, options.label, options.message
        if options.decrypt:
            private = key_files.rsa_private_key(fields)
            return Result(oaep_decrypt(private, message, hash=hash, mgf_hash=mgf_hash, label=label))
        public, random_bytes = key_files.rsa_public_key(fields), _source("--seed", options.seed, hash.digest_size)
        return Result(
            oaep_encrypt(public, message, hash=hash, mgf_hash=mgf_hash, label=label, random_bytes=random_bytes)
        )

    return run


def pss(name: str, arguments: Arguments) -> Run:
    """Make the command of RSASSA-PSS."""
    arguments.key(KEY)
    arguments.hash()
    arguments.hash("--mgf-hash", "that of the mask (default: the same)", default=None)
    arguments.number("--salt-length", "in bytes (default: the hash's)")
    arguments.octets("--salt", "takes the place of the random salt, as in vectors: the signature repeats")
    _verify(arguments)

    def run(options: argparse.Namespace) -> Result:
        from primitives.pss import pss_sign, pss_verify

        fields, message, hash, mgf_hash = key_files.read(options.key), options.message, options.hash, options.mgf_hash
        sLen = hash.digest_size if options.salt_length is None else options.salt_length
        if options.verify is not None:
            public = key_files.rsa_public_key(fields)
            pss_verify(public, message, options.verify, hash=hash, mgf_hash=mgf_hash, salt_length=sLen)
            return Result(VALID)
        private, random_bytes = key_files.rsa_private_key(fields), _source("--salt", options.salt, sLen)
        return Result(
            pss_sign(private, message, hash=hash, mgf_hash=mgf_hash, salt_length=sLen, random_bytes=random_bytes)
        )

    return run


def pkcs1v15_sign(name: str, arguments: Arguments) -> Run:
    """Make the command of RSASSA-PKCS1-v1_5."""
    arguments.key(KEY)
    arguments.hash()
    _verify(arguments)

    def run(options: argparse.Namespace) -> Result:
        from primitives.pkcs1v15 import pkcs1v15_sign, pkcs1v15_verify

        fields = key_files.read(options.key)
        if options.verify is not None:
            pkcs1v15_verify(key_files.rsa_public_key(fields), options.message, options.verify, hash=options.hash)
            return Result(VALID)
        return Result(pkcs1v15_sign(key_files.rsa_private_key(fields), options.message, hash=options.hash))

    return run


def pkcs1v15_encrypt(name: str, arguments: Arguments) -> Run:
    """Make the command of RSAES-PKCS1-v1_5."""
    arguments.key(KEY)
    arguments.flag("--decrypt", "decrypt, instead of encrypting")
    arguments.message("the message, or the ciphertext")

    def run(options: argparse.Namespace) -> Result:
        from primitives.pkcs1v15 import pkcs1v15_decrypt, pkcs1v15_encrypt

        fields = key_files.read(options.key)
        if options.decrypt:
            return Result(pkcs1v15_decrypt(key_files.rsa_private_key(fields), options.message))
        return Result(pkcs1v15_encrypt(key_files.rsa_public_key(fields), options.message))

    return run


def _verify(arguments: Arguments) -> None:
    arguments.octets("--verify", f"a signature, to be checked: {FORMS}")
    arguments.message()


def _source(option: str, given: bytes | None, length: int) -> RandomBytes:
    """Return a source of random bytes, or of those that were given in their place."""
    if given is None:
        return secrets.token_bytes
    if len(given) != length:
        raise ValueError(f"{option} has {len(given)} bytes, expected {length}")
    return lambda length: given
