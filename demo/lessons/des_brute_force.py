"""DES with a key that is too short: trying them all. A machine of 1998 found a key of 56 bits in 56 hours."""

from __future__ import annotations

import secrets
import time

from demo.lessons.script import Script
from handshake.suites.table import suite_by_name
from primitives.des import DES

UNKNOWN_BITS = 12
KNOWN, SECRET = b"Balance:", b"OTP=4928"  # two blocks; what the first one says, anybody can guess


def lesson(script: Script) -> None:
    """Tell the lesson."""
    script.weak_form(f"DES, with all but {UNKNOWN_BITS} bits of the key fixed, so that the lesson ends in seconds.")
    key = key_with(secrets.randbelow(1 << UNKNOWN_BITS))
    first, second = DES(key).encrypt_block(KNOWN), DES(key).encrypt_block(SECRET)
    script.value("two blocks", first + second)

    script.attack("The attacker knows what the first block says, and tries every key until one encrypts it so.")
    started = time.perf_counter()
    tried = 0
    for number in range(1 << UNKNOWN_BITS):
        tried += 1
        cipher = DES(key_with(number))
        if cipher.encrypt_block(KNOWN) == first:
            break
    seconds = time.perf_counter() - started
    read = cipher.decrypt_block(second)
    script.value("keys tried", tried)
    script.value("keys in a second", f"{tried / seconds:.0f}, with this program")
    script.value("and in 1998", "90,000,000,000, with a machine for $250,000, which found a key of 56 bits in 56 hours")
    script.value("the second block", read.decode(errors="replace"))
    script.succeeded(read == SECRET, "Nothing was wrong with the cipher, only with the number of its keys.")

    script.ours("Somebody asks this stack for a DES suite.")
    script.refused(
        lambda: suite_by_name("TLS_RSA_WITH_DES_CBC_SHA"),
        check="there are suites with 128 and 256 bits, and no others; DES is here to be studied",
        where="handshake/suites/table.py: suite_by_name",
        section="RFC 5469 §4",
    )
    years = 2**127 / (tried / seconds) / (365 * 86_400)
    script.note(
        f"At this speed, half of the keys of AES-128 would take 10 to the power of {len(str(int(years))) - 1} years."
    )


def key_with(number: int) -> bytes:
    """Return the key with this number, seven bits to a byte: the lowest bit of each byte is parity, and ignored."""
    digits = [number >> 7 * i & 0x7F for i in range(8)]
    return bytes(digit << 1 for digit in digits)
