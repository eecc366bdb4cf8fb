"""What is inside of RSA ciphertexts and signatures: the block that was encoded, opened with the key that undoes it.

Standard     RFC 8017 §7.1.1 (OAEP), §7.2.1 (PKCS #1 v1.5 encryption), §9.1.1 (PSS), §9.2 (PKCS #1 v1.5 signatures);
             RFC 5246 §7.4.7.1 (the premaster secret).
Left out     Signatures on curves, which hold no block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from explain.meaning import Meaning
from explain.showing.byte_view import Part, View
from handshake.messages.handshake import HandshakeMessage
from handshake.messages.keys import EncryptedPremasterSecret
from pki.csr import CertificateSigningRequest
from pki.keys import PublicKey
from primitives.integers import i2osp, os2ip
from primitives.mgf1 import mgf1
from primitives.octets import xor
from primitives.rsa import RSADP, RSAEP, RSAPrivateKey, RSAPublicKey
from primitives.sha2 import sha256

HASH = sha256  # of all OAEP here
SIGNED = ["length", "algorithm", "signature"]  # what the body of a CertificateVerify consists of
Row: TypeAlias = tuple[str, int, Meaning, str]
"""Label, length, meaning, section."""


@dataclass
class Keys:
    """The private keys that were revealed.

    premaster: by the client random of the connection, the key to which its premaster secret was encrypted.
    """

    premaster: dict[bytes, RSAPrivateKey] = field(default_factory=dict)


def open_secrets(
    parts: Sequence[Part], message: HandshakeMessage, data: bytes, keys: Keys, client_random: bytes
) -> None:
    """Open the premaster secret in a ClientKeyExchange, if its key is known."""
    key = keys.premaster.get(client_random)
    if key is None or not isinstance(message, EncryptedPremasterSecret):
        return
    for top in parts:
        for part in top.walk():
            if part.label == "contents" and part.end - part.start == key.k:
                part.opened = opened_premaster(key, data[part.start : part.end])


def opened_premaster(key: RSAPrivateKey, ciphertext: bytes) -> View | None:
    """Return the block that was encrypted, down to the premaster secret in it; None if it is of neither form."""
    block = i2osp(RSADP(key, os2ip(ciphertext)), key.k)
    if block[0] == 0:
        seed, data = _unmasked(block)
        if data.startswith(HASH(b"").digest()):
            return _oaep(block, seed, data)
    if block[:2] == b"\0\2":
        return _pkcs1(block)
    return None


def _unmasked(block: bytes) -> tuple[bytes, bytes]:
    """Return the seed and the data block (RFC 8017 §7.1.2 step 3)."""
    size = HASH.digest_size
    masked_seed, masked_data = block[1 : 1 + size], block[1 + size :]
    seed = xor(masked_seed, mgf1(masked_data, size, hash=HASH))
    return seed, xor(masked_data, mgf1(seed, len(masked_data), hash=HASH))


def _oaep(block: bytes, seed: bytes, data: bytes) -> View:
    size, section = HASH.digest_size, "RFC 8017 §7.1.1 step 2"
    view = _view(
        "raised to the private exponent d modulo n: the encoded message EM",
        block,
        [
            ("Y", 1, Meaning("a zero byte", "keeps the number below the modulus", "frame"), f"{section}.i"),
            (
                "maskedSeed",
                size,
                Meaning(
                    "the seed, masked with a hash of maskedDB",
                    "to unmask it, one must have all of maskedDB: a part of the block tells nothing",
                    "sealed",
                ),
                f"{section}.h",
            ),
            (
                "maskedDB",
                len(data),
                Meaning(
                    "the data block, masked with the seed made long",
                    "a pattern in the data could be used in an attack on RSA; masked, all of it looks random",
                    "sealed",
                ),
                f"{section}.f",
            ),
        ],
    )
    view.parts[1].opened = _view(
        "its mask MGF1(maskedDB) taken off",
        seed,
        [
            (
                "seed",
                size,
                Meaning(
                    "fresh randomness of the client",
                    "without it the same secret would always give the same ciphertext, and guesses could be tested",
                    "random",
                ),
                f"{section}.d",
            )
        ],
    )
    start = data.index(b"\1", size)
    view.parts[2].opened = _view(
        "its mask MGF1(seed) taken off: the data block DB",
        data,
        [
            (
                "lHash",
                size,
                Meaning(
                    "the hash of the label, which is empty",
                    "if a bit of the block is changed, something random comes out here, and the receiver notices",
                    "proof",
                ),
                f"{section}.a",
            ),
            (
                "PS",
                start - size,
                Meaning("zeros", "the block has a fixed size, and the message can be shorter", "filling"),
                f"{section}.b",
            ),
            (
                "01",
                1,
                Meaning("the mark", "there can be any number of zeros, so their end must be marked", "frame"),
                f"{section}.c",
            ),
            *_premaster(len(data) - start - 1),
        ],
    )
    return view


def _pkcs1(block: bytes) -> View:
    start = block.index(b"\0", 2)
    section = "RFC 8017 §7.2.1 step 2"
    return _view(
        "raised to the private exponent d modulo n: the encoded message EM",
        block,
        [
            ("00", 1, Meaning("a zero byte", "keeps the number below the modulus", "frame"), f"{section}.b"),
            (
                "02",
                1,
                Meaning("the mark of an encryption", "a signature, marked 01, can never pass for it", "frame"),
                f"{section}.b",
            ),
            (
                "PS",
                start - 2,
                Meaning(
                    "random bytes, none of which is zero",
                    "without them the same secret would always give the same ciphertext, and guesses could be tested",
                    "filling",
                ),
                f"{section}.a",
            ),
            (
                "00 ",
                1,
                Meaning(
                    "a zero byte",
                    "there can be any number of random bytes, so their end must be marked; servers that told whether "
                    "they found the mark could be made to decrypt (Bleichenbacher, 1998)",
                    "frame",
                ),
                f"{section}.b",
            ),
            *_premaster(len(block) - start - 1),
        ],
    )


def _premaster(length: int) -> list[Row]:
    section = "RFC 5246 §7.4.7.1"
    return [
        (
            "client_version",
            2,
            Meaning(
                "the version that the client offered",
                "an attacker can change it in the ClientHello, but not in here: the server compares the two",
            ),
            section,
        ),
        (
            "random",
            length - 2,
            Meaning(
                "random bytes of the client: the secret itself",
                "all keys of the connection come from it, so nobody else may be able to guess it",
                "random",
            ),
            section,
        ),
    ]


def open_signatures(view: View, root: PublicKey, signer: PublicKey) -> None:
    """Open the signatures in a record, a certificate or what is opened from them.

    root: the key that signed all certificates. signer: the key that signed a CertificateVerify.
    """
    for one in view.walk():
        for top in one.parts:
            for part in top.walk():
                if part.label == "Certificate":
                    _open_last(part, one.data, root, pss=False)
                elif part.label == "CertificationRequest":
                    request = CertificateSigningRequest.from_der(one.data[part.start : part.end])
                    _open_last(part, one.data, request.public_key, pss=False)
                elif [inner.label for inner in part.parts] == SIGNED:
                    scheme = part.parts[1].value
                    if scheme.startswith("rsa_"):
                        _open_last(part, one.data, signer, pss=scheme.startswith("rsa_pss"))


def _open_last(part: Part, data: bytes, key: PublicKey, *, pss: bool) -> None:
    """Open the contents of the last field of a signed structure: the signature, if it is one by RSA."""
    contents = part.parts[-1].parts[-1]
    signature = data[contents.start : contents.end]
    if isinstance(key, RSAPublicKey) and len(signature) == key.k:
        contents.opened = opened_signature(key, signature, pss=pss)


def opened_signature(key: RSAPublicKey, signature: bytes, *, pss: bool) -> View:
    """Return the block that was signed, to be had with the public key alone."""
    block = i2osp(RSAEP(key, os2ip(signature)), key.k)
    how = "raised to the public exponent e modulo n: the encoded message EM, which everybody can see"
    if pss:
        size, section = HASH.digest_size, "RFC 8017 §9.1.1 step"
        rows: list[Row] = [
            (
                "maskedDB",
                len(block) - size - 1,
                Meaning(
                    "zeros, 01 and the salt, masked with H made long",
                    "a pattern in the block could be used in a forgery; masked, all of it looks random",
                    "sealed",
                ),
                f"{section} 10",
            ),
            (
                "H",
                size,
                Meaning(
                    "the hash of the message's hash and the salt",
                    "for any other message another hash comes out, so the signature fits this one only",
                    "proof",
                ),
                f"{section} 6",
            ),
            (
                "bc",
                1,
                Meaning(
                    "the trailer",
                    "a verifier sees at once whether the signature was made by PSS and with the right key",
                    "frame",
                ),
                f"{section} 12",
            ),
        ]
    else:
        start, section = block.index(b"\0", 2), "RFC 8017 §9.2 step 5"
        rows = [
            ("00", 1, Meaning("a zero byte", "keeps the number below the modulus", "frame"), section),
            (
                "01",
                1,
                Meaning("the mark of a signature", "a ciphertext, marked 02, can never pass for it", "frame"),
                section,
            ),
            (
                "PS",
                start - 2,
                Meaning("bytes ff", "a forger needs bytes that they can choose freely, and finds none here", "filling"),
                section,
            ),
            (
                "00 ",
                1,
                Meaning(
                    "a zero byte", "the DigestInfo can be of several lengths, so its beginning must be seen", "frame"
                ),
                section,
            ),
            (
                "T",
                len(block) - start - 1,
                Meaning(
                    "the DigestInfo: which hash function, and the hash of what is signed",
                    "the block has no room for the message itself; the verifier computes the hash, too, and compares",
                    "proof",
                ),
                section,
            ),
        ]
    return _view(how, block, rows)


def _view(how: str, data: bytes, rows: Sequence[Row]) -> View:
    parts, position = [], 0
    for label, length, meaning, section in rows:
        if length:
            end = position + length
            value = f"{length} bytes" if length > 8 else data[position:end].hex(" ")
            parts.append(Part(label, position, end, meaning, section, value))
            position = end
    return View("", how, data, parts)
