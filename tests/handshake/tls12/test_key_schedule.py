"""The key schedule against a second derivation, written here from the RFC's formulas with Python's own hmac."""

import hashlib
import hmac

from hypothesis import given, settings
from hypothesis import strategies as st

from handshake.messages.transcript import Transcript
from handshake.registries.codes import Role
from handshake.suites.secrets import PremasterSecret, WriteKeys
from handshake.tls12.key_schedule import KeyBlock, MasterSecret
from primitives.hashes import HashFunction
from primitives.sha2 import sha256, sha384

HASHES = st.sampled_from([sha256, sha384])
random = st.binary(min_size=32, max_size=32)


def prf(secret: bytes, label: bytes, seed: bytes, length: int, name: str) -> bytes:
    """RFC 5246 §5."""
    a, output = label + seed, b""
    while len(output) < length:
        a = hmac.digest(secret, a, name)
        output += hmac.digest(secret, a + label + seed, name)
    return output[:length]


@given(st.binary(min_size=48, max_size=48), random, random, random, HASHES)
@settings(max_examples=20)
def test_every_stage(premaster: bytes, client: bytes, server: bytes, session_hash: bytes, hash: HashFunction) -> None:
    name = hash.name
    plain = MasterSecret.derive(PremasterSecret(premaster), client_random=client, server_random=server, hash=hash)
    assert plain._value == prf(premaster, b"master secret", client + server, 48, name)
    extended = MasterSecret.derive_extended(PremasterSecret(premaster), session_hash=session_hash, hash=hash)
    assert extended._value == prf(premaster, b"extended master secret", session_hash, 48, name)
    block = prf(plain._value, b"key expansion", server + client, 2 * (32 + 16 + 4), name)
    keys = plain.key_block(
        client_random=client, server_random=server, mac_key_length=32, enc_key_length=16, fixed_iv_length=4
    )
    assert keys == KeyBlock({
        Role.CLIENT: WriteKeys(mac_key=block[:32], enc_key=block[64:80], fixed_iv=block[96:100]),
        Role.SERVER: WriteKeys(mac_key=block[32:64], enc_key=block[80:96], fixed_iv=block[100:104]),
    })  # fmt: skip
    for role, label in ((Role.CLIENT, b"client finished"), (Role.SERVER, b"server finished")):
        assert plain.verify_data(role, handshake_hash=session_hash) == prf(plain._value, label, session_hash, 12, name)
    assert premaster.hex() not in repr((plain, extended, keys))
    assert repr(keys.writes[Role.CLIENT]) == "WriteKeys()"


@given(st.lists(st.binary(max_size=100), max_size=6), st.integers(0, 6))
@settings(max_examples=30)
def test_the_transcript_hashes_what_came_before_its_hash_was_known(messages: list[bytes], known: int) -> None:
    transcript = Transcript()
    for i, message in enumerate([*messages, b""]):
        if i == min(known, len(messages)):
            transcript.choose(sha256)
        transcript.add(message)
    assert transcript.digest() == hashlib.sha256(b"".join(messages)).digest()
    assert transcript.messages == b"".join(messages)
