"""MAC-then-encrypt, and a server that says what was wrong (Vaudenay, 2002)."""

from __future__ import annotations

import secrets

from demo.lessons.loopback import calling, serving
from demo.lessons.script import Script
from demo.party.dialogue import Dialogue
from primitives.aes import AES
from primitives.errors import InvalidTag
from primitives.hmac import HMAC, hmac_digest
from primitives.modes import cbc_decrypt, cbc_encrypt
from primitives.octets import xor
from primitives.padding import pkcs7_pad
from primitives.sha2 import sha256
from record.alerts import RemoteProtocolError
from record.cbc import CBCProtection
from record.codes import TLS_1_2, ContentType
from record.presentation import Reader

MESSAGE = b"The OTP: 492816."  # one block
BLOCK = 16
ASKED, ANSWERED = frozenset({"record"}), frozenset({"error"})


class WeakServer:
    """The weak form: says apart whether the padding or the MAC was wrong."""

    def __init__(self) -> None:
        self._cipher, self._mac_key = AES(secrets.token_bytes(16)), secrets.token_bytes(32)

    def seal(self, message: bytes) -> bytes:
        """Return IV ‖ ciphertext of message ‖ MAC ‖ padding."""
        iv = secrets.token_bytes(BLOCK)
        tagged = message + hmac_digest(self._mac_key, message, hash=sha256)
        return iv + cbc_encrypt(self._cipher, iv, pkcs7_pad(tagged, BLOCK))

    def judge(self, record: bytes) -> str:
        """Return what the server says of a record."""
        plaintext = cbc_decrypt(self._cipher, record[:BLOCK], record[BLOCK:])
        length = plaintext[-1]
        if not 1 <= length <= BLOCK or plaintext[-length:] != bytes([length]) * length:
            return "the padding is wrong"
        tagged = plaintext[:-length]
        message, tag = tagged[:-32], tagged[-32:]
        try:
            HMAC(self._mac_key, message, hash=sha256).verify(tag)
        except InvalidTag:
            return "the MAC is wrong"
        return "fine"

    def serve(self, caller: Dialogue) -> None:
        """Answer records for as long as somebody sends them."""
        while True:
            caller.say(error=self.judge(bytes.fromhex(caller.hear(ASKED)["record"])))


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form("A server decrypts, strips the padding, then checks the MAC, and says which of the two was wrong.")
    server = WeakServer()
    overheard = server.seal(MESSAGE)
    target, before = overheard[BLOCK : 2 * BLOCK], overheard[:BLOCK]
    script.attack("The attacker has one record. They send its first block again, behind a block of their own making.")
    with serving(server.serve) as address, calling(address) as oracle:
        decrypted, questions = decrypt_block(oracle, target)
    message = xor(decrypted, before)
    script.value("questions", questions)
    script.value("the block, decrypted", message.decode())
    script.succeeded(
        message == MESSAGE, "Each answer says a little: is the last byte 01? The last two 02 02? That is all it takes."
    )

    script.ours("Every padding that the attacker could try, on a record of this stack with MAC-then-encrypt.")
    script.unharmed(
        len(answers := set(our_answers())) == 1,
        f"255 records, one answer: {next(iter(answers))}. And the connection ends at the first.",
        check="padding and MAC are checked on one path, with one alert, and the same number of hash blocks",
        where="record/cbc.py: CBCProtection.open",
        section="RFC 5246 §6.2.3.2",
    )


def decrypt_block(oracle: Dialogue, target: bytes) -> tuple[bytes, int]:
    """Return what the block cipher's inverse makes of `target`, and how many questions that took."""
    known = b""  # the end of it, as far as it is known
    questions = 0
    while len(known) < BLOCK:
        padding = bytes([len(known) + 1]) * len(known)
        for guess in range(256):
            forged = bytes(BLOCK - len(known) - 1) + bytes([guess]) + xor(known, padding)
            questions += 1
            if says_padding_is_right(oracle, forged + target):
                # Right by chance with a longer padding? Then a changed byte before it corrupts that.
                if not known and not says_padding_is_right(oracle, b"\xff" * 15 + forged[15:] + target):
                    continue
                known = bytes([guess ^ (len(known) + 1)]) + known
                break
    return known, questions


def says_padding_is_right(oracle: Dialogue, record: bytes) -> bool:
    """Ask the server."""
    oracle.say(record=record.hex())
    return oracle.hear(ANSWERED)["error"] != "the padding is wrong"


def our_answers() -> list[str]:
    """Return what this stack's record layer says of a record, with each value in the byte that decides the padding."""
    protection = CBCProtection(
        encryption_key=secrets.token_bytes(16),
        mac_key=secrets.token_bytes(32),
        hash=sha256,
        encrypt_then_mac=False,
        random_bytes=secrets.token_bytes,
    )
    kind = ContentType.APPLICATION_DATA
    sealed = protection.seal(MESSAGE, sequence_number=1, content_type=kind, version=TLS_1_2)
    place = len(sealed) - BLOCK - 1  # the byte that is added to the last one of the padding
    answers = []
    for change in range(1, 256):
        forged = sealed[:place] + bytes([sealed[place] ^ change]) + sealed[place + 1 :]
        try:
            protection.open(Reader(forged), sequence_number=1, content_type=kind, version=TLS_1_2)
        except RemoteProtocolError as error:
            answers.append(f"{error.alert.name.lower()}, {error.reason}")
        else:
            answers.append("accepted")
    return answers
