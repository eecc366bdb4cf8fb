"""Simplified DES against the textbook's examples, and against a reading of the textbook on lists of bits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import sdes
from primitives.modes import cbc_decrypt, cbc_encrypt, ctr_xor, ecb_decrypt, ecb_encrypt
from primitives.sdes import SDES

keys = st.integers(0, 1023)
EVERY_BLOCK = bytes(range(256))

Bits = list[int]


def named(steps: list[trace.Step], name: str) -> trace.Step:
    """Return the first step of this name."""
    return next(step for outer in steps for step in outer.walk() if step.name == name)


# --- The textbook once more, written independently: on lists of bits, with every table as it is printed.


def bits_of(value: int, width: int) -> Bits:
    return [int(bit) for bit in f"{value:0{width}b}"]


def pick(bits: Bits, *places: int) -> Bits:
    return [bits[place - 1] for place in places]


def textbook_keys(key: Bits) -> tuple[Bits, Bits]:
    mixed = pick(key, 3, 5, 2, 7, 4, 10, 1, 9, 8, 6)
    left, right = mixed[:5], mixed[5:]
    once = left[1:] + left[:1] + right[1:] + right[:1]
    thrice = left[3:] + left[:3] + right[3:] + right[:3]
    K1, K2 = (pick(turned, 6, 3, 7, 4, 8, 5, 10, 9) for turned in (once, thrice))
    return K1, K2


def textbook_round(bits: Bits, K: Bits) -> Bits:
    n1, n2, n3, n4 = bits[4:]
    p = [a ^ b for a, b in zip((n4, n1, n2, n3, n2, n3, n4, n1), K, strict=True)]
    S0 = ["01 00 11 10", "11 10 01 00", "00 10 01 11", "11 01 11 10"]
    S1 = ["00 01 10 11", "10 00 01 11", "11 00 01 00", "10 01 00 11"]
    found = ""
    for box, (outer1, inner1, inner2, outer2) in ((S0, p[:4]), (S1, p[4:])):
        found += box[2 * outer1 + outer2].split()[2 * inner1 + inner2]
    F = pick([int(bit) for bit in found], 2, 4, 3, 1)
    return [a ^ b for a, b in zip(bits[:4], F, strict=True)] + bits[4:]


def textbook_encrypt(key: int, block: int) -> int:
    K1, K2 = textbook_keys(bits_of(key, 10))
    bits = textbook_round(pick(bits_of(block, 8), 2, 6, 3, 1, 4, 8, 5, 7), K1)
    bits = textbook_round(bits[4:] + bits[:4], K2)
    return int("".join(str(bit) for bit in pick(bits, 4, 1, 3, 5, 7, 2, 8, 6)), 2)


def test_many_keys_with_every_block_as_in_the_textbook() -> None:
    for key in range(0, 1024, 29):
        assert SDES(key).encrypt_blocks(EVERY_BLOCK) == bytes(textbook_encrypt(key, block) for block in EVERY_BLOCK)


@pytest.mark.slow
def test_every_key_with_every_block_as_in_the_textbook() -> None:
    for key in range(1024):
        assert SDES(key).encrypt_blocks(EVERY_BLOCK) == bytes(textbook_encrypt(key, block) for block in EVERY_BLOCK)


# --- Examples of the textbook.


def test_the_textbooks_key() -> None:
    with trace.recording() as steps:
        assert sdes.key_schedule(0b1010000010) == (0b10100100, 0b01000011)  # Stallings §G.2
    assert [(step.name, step.value) for step in steps[0].steps] == [
        ("key", 0b1010000010),
        ("P10", 0b1000001100),
        ("LS-1", 0b0000111000),
        ("K1", 0b10100100),
        ("LS-2", 0b0010000011),
        ("K2", 0b01000011),
    ]


def test_the_textbooks_problems_on_modes() -> None:
    cipher = SDES(0b0111111101)
    plaintext, ciphertext = bytes([0b00000001, 0b00100011]), bytes([0b11110100, 0b00001011])
    assert cbc_encrypt(cipher, bytes([0b10101010]), plaintext) == ciphertext
    assert cbc_decrypt(cipher, bytes([0b10101010]), ciphertext) == plaintext
    plaintext, ciphertext = bytes([1, 2, 4]), bytes([0b00111000, 0b01001111, 0b00110010])
    assert ctr_xor(cipher, bytes(1), plaintext) == ciphertext


def test_the_final_permutation_is_the_printed_one() -> None:
    assert sdes.IP_INVERSE == (4, 1, 3, 5, 7, 2, 8, 6)


# --- Properties.


@settings(max_examples=20, deadline=None)
@given(key=keys)
def test_it_is_a_permutation_with_its_inverse(key: int) -> None:
    cipher = SDES(key)
    encrypted = cipher.encrypt_blocks(EVERY_BLOCK)
    assert sorted(encrypted) == list(EVERY_BLOCK)
    assert cipher.decrypt_blocks(encrypted) == EVERY_BLOCK
    assert encrypted == b"".join(cipher.encrypt_block(bytes([block])) for block in EVERY_BLOCK)
    assert (ecb_encrypt(cipher, b"AA"), ecb_decrypt(cipher, encrypted)) == (2 * encrypted[65:66], EVERY_BLOCK)


@given(bits=st.integers(0, 255), SK=st.integers(0, 255))
def test_a_round_undoes_itself(bits: int, SK: int) -> None:
    assert sdes.fK(sdes.fK(bits, SK), SK) == bits
    assert sdes.SW(sdes.SW(bits)) == bits


def test_the_key_of_zeros_is_weak() -> None:
    for key in (0, 1023):  # both round keys are the same, so that encrypting again decrypts
        cipher = SDES(key)
        assert cipher.encrypt_blocks(cipher.encrypt_blocks(EVERY_BLOCK)) == EVERY_BLOCK


@pytest.mark.parametrize("key", [0, 0b1010000010, 1000])
def test_both_paths_agree(key: int) -> None:
    cipher = SDES(key)
    with trace.recording():
        slow = cipher.encrypt_blocks(EVERY_BLOCK), cipher.decrypt_blocks(EVERY_BLOCK)
    assert (cipher.encrypt_blocks(EVERY_BLOCK), cipher.decrypt_blocks(EVERY_BLOCK)) == slow


# --- The trace.


def test_the_trace_of_encryption() -> None:
    """The values were worked out by hand from the tables."""
    cipher = SDES(0b1010000010)
    with trace.recording() as steps:
        output = cipher.encrypt_block(bytes([0b01110010]))
    assert output == bytes([0b01110111])
    assert [(step.name, step.value) for step in steps] == [("S-DES encryption", output)]
    assert [(step.name, step.value) for step in steps[0].steps] == [
        ("input", 0b01110010),
        ("IP", 0b10101001),
        ("fK", 0b11011001),
        ("SW", 0b10011101),
        ("fK", 0b11101101),
        ("IP⁻¹", 0b01110111),
    ]
    assert [(step.name, step.value) for step in named(steps, "fK").steps] == [
        ("L", 0b1010),
        ("R", 0b1001),
        ("E/P", 0b11000011),
        ("SK", 0b10100100),
        ("E/P ⊕ SK", 0b01100111),
        ("S0", 0b10),
        ("S1", 0b11),
        ("P4", 0b0111),
    ]
    assert named(steps, "S1").operands == {"row": 1, "column": 3}


def test_the_trace_of_decryption_takes_the_keys_in_reverse_order() -> None:
    cipher = SDES(0b1010000010)
    with trace.recording() as steps:
        output = cipher.decrypt_block(bytes([0b01110111]))
    assert [(step.name, step.value) for step in steps] == [("S-DES decryption", output)]
    used = [step.value for outer in steps for step in outer.walk() if step.name == "SK"]
    assert used == [0b01000011, 0b10100100]
    assert [step.value for step in steps[0].steps if step.name == "fK"] == [0b10011101, 0b10101001]


def test_every_step_has_its_section_and_its_reason() -> None:
    with trace.recording() as steps:
        cipher = SDES(0b1010000010)
        cipher.decrypt_blocks(cipher.encrypt_blocks(b"ab"))
    assert len(steps) == 5
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith("Stallings §G.")
        assert step.why
        assert step.value is not None or step.name == "key generation"


# --- The face.


def test_its_face() -> None:
    assert (SDES(0).name, SDES.block_size) == ("S-DES", 1)
    assert repr(SDES(0b1010000010)) == "<S-DES, key hidden>"
    assert SDES(5).encrypt_blocks(b"") == b""
    assert SDES(5).encrypt_block(bytearray(1)) == SDES(5).encrypt_blocks(memoryview(bytes(1)))


def test_wrong_arguments() -> None:
    for key in (-1, 1024):
        with pytest.raises(ValueError, match="expected a number of 10 bits, 0 to 1023"):
            SDES(key)
    wrong: Any
    for wrong in ("1010000010", b"\0\0", None):
        with pytest.raises(TypeError, match="key: expected an int of 10 bits, got"):
            SDES(wrong)
    cipher, wrong = SDES(0), "a"
    for block_function in (cipher.encrypt_block, cipher.decrypt_block):
        for length in (0, 2):
            with pytest.raises(ValueError, match=f"the block has {length} bytes, expected 1"):
                block_function(bytes(length))
    for function in (cipher.encrypt_block, cipher.decrypt_block, cipher.encrypt_blocks, cipher.decrypt_blocks):
        with pytest.raises(TypeError, match=r"S-DES: blocks?: expected bytes, got str"):
            function(wrong)
