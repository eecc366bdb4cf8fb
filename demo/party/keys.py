"""The kinds of private keys that a party can have, and how keys are kept in its directory.

A key is readable by its owner alone (mode 0600), encrypted if there is a passphrase for it, and never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.command_line import CommandError
from demo.failure import PartyError
from demo.party.files import write_file
from pki.commands.passphrases import Passphrase
from pki.keys import PrivateKey, PublicKey, describe_public_key, dump_private_key
from pki.signatures import ECDSA_SHA256, ECDSA_SHA384, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, SignatureAlgorithm
from primitives.ec import P256, ECPublicKey, generate_ec_private_key
from primitives.integers import RandomBytes
from primitives.rsa import RSAPublicKey, generate_private_key

RSA_SIGNATURES = {"sha256": RSA_PKCS1_SHA256, "sha384": RSA_PKCS1_SHA384}
ECDSA_SIGNATURES = {"sha256": ECDSA_SHA256, "sha384": ECDSA_SHA384}


@dataclass(frozen=True)
class RSAKeys:
    """RSA keys, whose modulus has so many bits."""

    bits: int

    def __str__(self) -> str:
        return f"an RSA key of {self.bits} bits"

    def generate(self, random_bytes: RandomBytes) -> PrivateKey:
        """Return a new key."""
        return generate_private_key(self.bits, random_bytes=random_bytes)

    def includes(self, key: PublicKey) -> bool:
        """Return whether the key is one of these."""
        return isinstance(key, RSAPublicKey) and key.n.bit_length() == self.bits

    def signature(self, hash: str) -> SignatureAlgorithm:
        """Return how such a key signs a request, with the hash function `sha256` or `sha384`."""
        return RSA_SIGNATURES[hash]


@dataclass(frozen=True)
class ECKeys:
    """Keys on the curve P-256. They sign with SHA-384 as well as with SHA-256: in TLS 1.2 any hash goes with any."""

    def __str__(self) -> str:
        return "an EC key on P-256"

    def generate(self, random_bytes: RandomBytes) -> PrivateKey:
        """Return a new key."""
        return generate_ec_private_key(P256, random_bytes=random_bytes)

    def includes(self, key: PublicKey) -> bool:
        """Return whether the key is one of these."""
        return isinstance(key, ECPublicKey) and key.curve == P256

    def signature(self, hash: str) -> SignatureAlgorithm:
        """Return how such a key signs a request, with the hash function `sha256` or `sha384`."""
        return ECDSA_SIGNATURES[hash]


@dataclass(frozen=True)
class KeyPlan:
    """What key a party is to have.

    kind: of which kind. hash: with which hash function it signs its request, `sha256` or `sha384`.
    passphrase: what encrypts a new key; None keeps it in the clear. A key that is there already may be either.
    """

    kind: RSAKeys | ECKeys = RSAKeys(2048)
    hash: str = "sha384"
    passphrase: Passphrase | None = None


def load_key(path: Path, plan: KeyPlan) -> PrivateKey | None:
    """Return the private key in the file, or None if there is no file.

    If it is encrypted, and no passphrase is given, it is asked for on the terminal. Raises `PartyError` if the file
    holds something else than is planned.
    """
    if not path.exists():
        return None
    try:
        key = (plan.passphrase or Passphrase(None, None)).load(path)
    except CommandError as error:
        raise PartyError(f"the private key cannot be used: {error}") from None
    except OSError as error:
        raise PartyError(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise PartyError(str(error)) from None
    if not plan.kind.includes(key.public_key):
        held = describe_public_key(key.public_key)
        raise PartyError(f"{path} holds a key that is {held}, expected {plan.kind}: take another directory")
    return key


def load_or_make_key(path: Path, plan: KeyPlan, *, random_bytes: RandomBytes) -> tuple[PrivateKey, bool]:
    """Return the private key in the file, and whether it was made and written there just now."""
    key = load_key(path, plan)
    if key is not None:
        return key, False
    password = None if plan.passphrase is None else chosen(plan.passphrase, path)
    key = plan.kind.generate(random_bytes)
    write_file(path, dump_private_key(key, password=password, random_bytes=random_bytes), private=True)
    return key, True


def chosen(passphrase: Passphrase, path: Path) -> bytes:
    """Return the passphrase for a new key in the file; raise `PartyError` if we are given none."""
    try:
        return passphrase.choose(path)
    except (CommandError, OSError, ValueError) as error:
        raise PartyError(str(error)) from None
