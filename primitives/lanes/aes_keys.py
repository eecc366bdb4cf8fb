"""AES's key expansion with words of 32 bits as numbers.

Standard     FIPS 197 §5.2; `aes.py` has the same, byte by byte, line against line with the standard.
Left out     The steps for a recording.
Timing       Looks up the S-box at places that depend on the key, so caches can betray it to code that runs on the
             same machine.

>>> from primitives.aes import SBOX
>>> expand(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), SBOX)[43].hex()     # FIPS 197 appendix A.1
'b6630ca6'
"""

from __future__ import annotations

from struct import unpack


def expand(key: bytes, box: bytes) -> list[bytes]:
    """Return the words of the round keys, 4 bytes each, as `aes.key_expansion` does.

    key: 16, 24 or 32 bytes. box: the S-box.
    """
    Nk = len(key) // 4
    w = list(unpack(f">{Nk}I", key))
    rcon = 1 << 24  # [x^(j-1), 0, 0, 0]
    for i in range(Nk, 4 * (Nk + 7)):
        temp = w[-1]
        if i % Nk == 0:  # RotWord and SubWord at once, and ⊕ with Rcon
            temp = box[temp >> 16 & 255] << 24 | box[temp >> 8 & 255] << 16 | box[temp & 255] << 8 | box[temp >> 24]
            temp ^= rcon
            rcon = rcon << 1 if rcon < 0x80 << 24 else 0x1B << 24  # from x^7 to x^8 = x^4 + x^3 + x + 1 (§4.2)
        elif Nk == 8 and i % 8 == 4:  # SubWord
            temp = box[temp >> 24] << 24 | box[temp >> 16 & 255] << 16 | box[temp >> 8 & 255] << 8 | box[temp & 255]
        w.append(w[-Nk] ^ temp)
    return [word.to_bytes(4, "big") for word in w]
