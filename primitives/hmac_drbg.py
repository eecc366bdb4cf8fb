"""HMAC_DRBG: as many random bits as are wanted, out of a short random seed; the same bits for the same seed.

Standard     SP 800-90A Rev. 1 §10.1.2, with the limits of its table 2.
Left out     The envelope of §9: health tests, prediction resistance, and the judgement whether the entropy suffices;
             `secrets` is the source of entropy here.
Timing       Depends on the lengths; the hash below runs in variable time, as all of Python does.

>>> from primitives.sha2 import sha256
>>> random_bytes = HMAC_DRBG(     # CAVP, HMAC_DRBG.rsp without reseeding, [SHA-256], COUNT = 0
...     entropy_input=bytes.fromhex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"),
...     nonce=bytes.fromhex("659ba96c601dc69fc902940805ec0ca8"),
...     hash=sha256,
... )
>>> unseen = random_bytes(128)
>>> random_bytes(128).hex()[:32]
'e528e9abf2dece54d47c7e75e5fe3021'

An object of this class can stand wherever a source of random bytes is wanted: a run that takes all its randomness
from one can be repeated byte for byte. It is as unpredictable as its seed, and no more.
"""

from __future__ import annotations

from explain.trace import algorithm, note, steps
from primitives.hashes import HashFunction
from primitives.hmac import HMAC, hmac_digest
from primitives.integers import require_int
from primitives.octets import require_bytes
from primitives.sha2 import sha256

MAX_REQUEST = 1 << 16  # bytes: 2^19 bits (table 2)
RESEED_INTERVAL = 1 << 48  # requests (table 2)


class HMAC_DRBG:
    """A generator, seeded (Instantiate, §10.1.2.3). Its state is K, V and the number of requests since the seed.

    entropy_input: random bytes from a true source, no fewer than the security strength that is wanted, such as 32.
    nonce: bytes that are not used twice; half as many random bytes will do.
    personalization_string: bytes that tell this generator from others.
    hash: the hash function of the HMAC.
    """

    __slots__ = ("_K", "_V", "_hash", "_reseed_counter")

    def __init__(
        self,
        *,
        entropy_input: bytes,
        nonce: bytes,
        personalization_string: bytes = b"",
        hash: HashFunction = sha256,
    ) -> None:
        entropy_input = require_bytes(entropy_input, "HMAC_DRBG: entropy_input")
        nonce = require_bytes(nonce, "HMAC_DRBG: nonce")
        personalization_string = require_bytes(personalization_string, "HMAC_DRBG: personalization_string")
        with steps("SP 800-90A §10.1.2.3", "Instantiate", "the state is as hard to guess as the seed mixed into it"):
            self._hash = hash
            self._K = b"\x00" * hash.digest_size  # step 2
            self._V = b"\x01" * hash.digest_size  # step 3
            self._update(entropy_input + nonce + personalization_string)  # steps 1 and 4
            self._reseed_counter = 1  # step 5

    def __repr__(self) -> str:
        return f"<HMAC_DRBG with {self._hash.name}, state hidden>"

    def reseed(self, entropy_input: bytes, additional_input: bytes = b"") -> None:
        """Mix fresh entropy into the state (§10.1.2.4).

        entropy_input: random bytes from a true source. additional_input: any other bytes.
        """
        entropy_input = require_bytes(entropy_input, "HMAC_DRBG: entropy_input")
        additional_input = require_bytes(additional_input, "HMAC_DRBG: additional_input")
        with steps("SP 800-90A §10.1.2.4", "Reseed", "anyone who had learned the state loses it"):
            self._update(entropy_input + additional_input)  # steps 1 and 2
            self._reseed_counter = 1  # step 3

    @algorithm("SP 800-90A §10.1.2.5", "Generate", "nobody without K can tell the output from random bits")
    def generate(self, n: int, additional_input: bytes = b"") -> bytes:
        """Return `n` random bytes, in one request (§10.1.2.5).

        n: 0 to 2^16. additional_input: bytes that are mixed in before.
        Raises `ValueError` if `n` is out of its range, or if there have been 2^48 requests since the last seed.
        """
        additional_input = require_bytes(additional_input, "HMAC_DRBG: additional_input")
        if not 0 <= require_int(n, "HMAC_DRBG: n") <= MAX_REQUEST:
            raise ValueError(f"HMAC_DRBG: n is {n}, expected 0 to {MAX_REQUEST} bytes in one request")
        if self._reseed_counter > RESEED_INTERVAL:  # step 1
            raise ValueError("HMAC_DRBG: a reseed is required")
        if additional_input:  # step 2
            self._update(additional_input)
        keyed = HMAC(self._K, hash=self._hash)  # K is absorbed once, for the whole request
        temp = []  # step 3
        for _ in range(-(-n // self._hash.digest_size)):  # step 4
            mac = keyed.copy()
            mac.update(self._V)
            self._V = note("4", "V = HMAC(K, {self._V})", mac.digest(), "V runs on under K, and each V is output")
            temp.append(self._V)
        self._update(additional_input)  # step 6: what was given out cannot be computed back from the new state
        self._reseed_counter += 1  # step 7
        return b"".join(temp)[:n]  # step 5

    def __call__(self, n: int) -> bytes:
        """Return `n` random bytes, 0 or more, in as many requests as they take."""
        if n <= MAX_REQUEST:
            return self.generate(n)
        return b"".join(self.generate(min(MAX_REQUEST, n - i)) for i in range(0, n, MAX_REQUEST))

    @algorithm("SP 800-90A §10.1.2.2", "Update", "K and V depend on all data so far, and cannot be run back")
    def _update(self, provided_data: bytes) -> None:
        """Mix `provided_data` into K and V, or mix these without any (HMAC_DRBG_Update, §10.1.2.2)."""
        for number, separator in enumerate((b"\x00", b"\x01")):  # steps 1-2; with data, again with 0x01: steps 4-5
            if separator == b"\x01" and not provided_data:  # step 3
                break
            K = hmac_digest(self._K, self._V + separator + provided_data, hash=self._hash)
            self._K = note(f"{3 * number + 1}", "K", K, "the key takes in V and the data")
            V = hmac_digest(self._K, self._V, hash=self._hash)
            self._V = note(f"{3 * number + 2}", "V", V, "V moves on under the new key, so that it cannot be run back")
