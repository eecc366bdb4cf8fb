"""RSA key transport: the client makes the premaster secret, and encrypts it to the server.

Standard     RFC 5246 §7.4.7.1; RFC 8017 §7.1, §7.2.
Left out     Nothing. Diffie–Hellman is in `ephemeral`.

RSA key transport has no forward secrecy: anyone who gets the server's private key, one day, reads what was
recorded until then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handshake.messages.keys import EncryptedPremasterSecret
from handshake.suites.secrets import PremasterSecret
from primitives.errors import DecryptionError
from primitives.integers import RandomBytes
from primitives.oaep import oaep_decrypt, oaep_encrypt
from primitives.pkcs1v15 import pkcs1v15_decrypt_or_random, pkcs1v15_encrypt
from primitives.rsa import RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha256

LENGTH = 48  # RFC 5246 §7.4.7.1: client_version and 46 random bytes


@dataclass(frozen=True, slots=True)
class RSAKeyTransport:
    """The client makes the premaster secret and encrypts it to the server's certificate (RFC 5246 §7.4.7.1).

    name: how it encrypts, for a person.
    """

    server_message = None
    client_message = EncryptedPremasterSecret

    name: str
    _encrypt: Callable[[RSAPublicKey, bytes, RandomBytes], bytes]
    _decrypt_or_random: Callable[[RSAPrivateKey, bytes, RandomBytes], bytes]

    def send(
        self, key: RSAPublicKey, *, client_version: int, random_bytes: RandomBytes
    ) -> tuple[EncryptedPremasterSecret, PremasterSecret]:
        """Return the client's message and the premaster secret in it.

        client_version: that of the ClientHello, to show the server if somebody talked it into an older one.
        """
        premaster = client_version.to_bytes(2, "big") + random_bytes(LENGTH - 2)
        return EncryptedPremasterSecret(self._encrypt(key, premaster, random_bytes)), PremasterSecret(premaster)

    def receive(
        self, key: RSAPrivateKey, message: EncryptedPremasterSecret, *, client_version: int, random_bytes: RandomBytes
    ) -> PremasterSecret:
        """Return the premaster secret, or one that nobody knows if the message holds none.

        Which of the two it is does not show before the Finished messages do not match (RFC 5246 §7.4.7.1): an
        attacker who sends ciphertexts of their own learns nothing about what they decrypt to.
        """
        premaster = self._decrypt_or_random(key, message.encrypted, random_bytes)
        # "pre_master_secret = ClientHello.client_version || M[2..47]": a wrong version, too, only shows at Finished.
        return PremasterSecret(client_version.to_bytes(2, "big") + premaster[2:])


def _pkcs1_encrypt(key: RSAPublicKey, premaster: bytes, random_bytes: RandomBytes) -> bytes:
    return pkcs1v15_encrypt(key, premaster, random_bytes=random_bytes)


def _pkcs1_decrypt_or_random(key: RSAPrivateKey, encrypted: bytes, random_bytes: RandomBytes) -> bytes:
    return pkcs1v15_decrypt_or_random(key, encrypted, length=LENGTH, random_bytes=random_bytes)


def _oaep_encrypt(key: RSAPublicKey, premaster: bytes, random_bytes: RandomBytes) -> bytes:
    return oaep_encrypt(key, premaster, hash=sha256, random_bytes=random_bytes)


def _oaep_decrypt_or_random(key: RSAPrivateKey, encrypted: bytes, random_bytes: RandomBytes) -> bytes:
    substitute = random_bytes(LENGTH)  # before anything is known
    try:
        premaster = oaep_decrypt(key, encrypted, hash=sha256)
    except DecryptionError:
        return substitute
    return premaster if len(premaster) == LENGTH else substitute


RSA_PKCS1 = RSAKeyTransport("RSA key transport with PKCS #1 v1.5", _pkcs1_encrypt, _pkcs1_decrypt_or_random)
RSA_OAEP = RSAKeyTransport("RSA key transport with OAEP", _oaep_encrypt, _oaep_decrypt_or_random)
