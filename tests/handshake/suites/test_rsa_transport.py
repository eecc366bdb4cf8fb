import pytest

from handshake.messages.keys import EncryptedPremasterSecret
from handshake.suites.rsa_transport import RSA_OAEP, RSA_PKCS1, RSAKeyTransport
from primitives.oaep import oaep_encrypt
from primitives.pkcs1v15 import pkcs1v15_encrypt
from primitives.sha2 import sha256, sha384
from tests.handshake.support.parties import key, seeded

KEY = key("server.example")
PREMASTER = b"\3\3" + seeded("premaster")(46)
SUBSTITUTE = bytes(range(48))


def received(key_exchange: RSAKeyTransport, encrypted: bytes, *, client_version: int = 0x0303) -> bytes:
    message = EncryptedPremasterSecret(encrypted)
    return key_exchange.receive(
        KEY, message, client_version=client_version, random_bytes=lambda length: SUBSTITUTE[:length]
    )._value


def encrypt(key_exchange: RSAKeyTransport, premaster: bytes) -> bytes:
    if key_exchange is RSA_OAEP:
        return oaep_encrypt(KEY.public_key, premaster, hash=sha256)
    return pkcs1v15_encrypt(KEY.public_key, premaster)


BOTH = pytest.mark.parametrize("key_exchange", [RSA_OAEP, RSA_PKCS1], ids=lambda k: k.name)


@BOTH
def test_what_is_sent_is_received(key_exchange: RSAKeyTransport) -> None:
    message, premaster = key_exchange.send(KEY.public_key, client_version=0x0303, random_bytes=seeded("client"))
    assert len(message.encrypted) == 256
    assert premaster._value[:2] == b"\3\3"
    assert len(premaster._value) == 48
    assert received(key_exchange, message.encrypted) == premaster._value
    assert repr(premaster) == "<PremasterSecret, 48 bytes>"


@BOTH
def test_the_version_is_always_that_of_the_client_hello(key_exchange: RSAKeyTransport) -> None:
    """RFC 5246 §7.4.7.1: client_version ‖ M[2..47]."""
    for version in (0x0303, 0x0304, 0x0300):
        expected = version.to_bytes(2, "big") + PREMASTER[2:]
        for said in (b"\3\3", b"\0\0", b"\3\2"):
            encrypted = encrypt(key_exchange, said + PREMASTER[2:])
            assert received(key_exchange, encrypted, client_version=version) == expected


@BOTH
def test_what_is_no_premaster_secret_is_replaced(key_exchange: RSAKeyTransport) -> None:
    other = RSA_PKCS1 if key_exchange is RSA_OAEP else RSA_OAEP
    for encrypted in (
        encrypt(key_exchange, PREMASTER[:-1]),
        encrypt(key_exchange, PREMASTER + b"\0"),
        encrypt(key_exchange, b""),
        encrypt(other, PREMASTER),
        oaep_encrypt(KEY.public_key, PREMASTER, hash=sha256, label=b"label"),
        oaep_encrypt(KEY.public_key, PREMASTER, hash=sha384),
        b"",
        bytes(255),
        bytes(256),
        b"\xff" * 256,
        bytes(257),
    ):
        assert received(key_exchange, encrypted) == b"\3\3" + SUBSTITUTE[2:]
