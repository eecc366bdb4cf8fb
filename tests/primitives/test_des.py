"""DES and Triple DES against NIST's known answers, step by step, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES as KnownTripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import des
from primitives.des import DES, TripleDES
from primitives.modes import cbc_decrypt, cbc_encrypt, cfb_decrypt, cfb_encrypt

keys = st.binary(min_size=8, max_size=8)
long_keys = st.sampled_from([16, 24]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
blocks = st.binary(min_size=8, max_size=8)
whole_blocks = st.lists(blocks, max_size=5).map(b"".join)

# SP 800-17: one line from each end of its tables: key, plaintext, ciphertext
KNOWN_ANSWERS = {
    "variable plaintext, first": ("0101010101010101", "8000000000000000", "95f8a5e5dd31d900"),
    "variable plaintext, last": ("0101010101010101", "0000000000000001", "166b40b44aba4bd6"),
    "variable key, first": ("8001010101010101", "0000000000000000", "95a8d72813daa94d"),
    "variable key, last": ("0101010101010102", "0000000000000000", "869efd7f9f265a09"),
    "permutation, first": ("1046913489980131", "0000000000000000", "88d55e54f54c97b4"),
    "permutation, last": ("1002911698100101", "0000000000000000", "1aeac39a61f0a464"),
    "substitution, first": ("7ca110454a1a6e57", "01a1d6d039776742", "690f5b0d9a26939b"),
    "substitution, last": ("1c587f1c13924fef", "305532286d6f295a", "63fac0d034d9f793"),
}

WEAK = ["0101010101010101", "fefefefefefefefe", "e0e0e0e0f1f1f1f1", "1f1f1f1f0e0e0e0e"]
SEMI_WEAK = [
    ("01fe01fe01fe01fe", "fe01fe01fe01fe01"),
    ("1fe01fe00ef10ef1", "e01fe01ff10ef10e"),
    ("01e001e001f101f1", "e001e001f101f101"),
    ("1ffe1ffe0efe0efe", "fe1ffe1ffe0efe0e"),
    ("011f011f010e010e", "1f011f010e010e01"),
    ("e0fee0fef1fef1fe", "fee0fee0fef1fef1"),
]


def named(steps: list[trace.Step], name: str) -> trace.Step:
    """Return the first step of this name."""
    return next(step for outer in steps for step in outer.walk() if step.name == name)


def binary(digits: str) -> int:
    """Return the number that these digits, in groups, spell."""
    return int(digits.replace(" ", ""), 2)


# --- The tables.


def test_the_final_permutation_is_the_printed_one() -> None:
    assert des.IP_INVERSE[:16] == (40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31)
    assert des.IP_INVERSE[-8:] == (33, 1, 41, 9, 49, 17, 57, 25)
    assert sorted(des.IP) == sorted(des.IP_INVERSE) == list(range(1, 65))


def test_each_table_uses_the_bits_it_should() -> None:
    assert sorted(des.P) == list(range(1, 33))
    assert sorted(des.E) == sorted([*range(1, 33), *(i for i in range(1, 33) if i % 4 < 2)])
    assert set(range(1, 65)) - set(des.PC1) == set(range(8, 65, 8))  # the parity bits
    assert len(des.PC1) == len(set(des.PC1)) == 56
    assert set(range(1, 57)) - set(des.PC2) == {9, 18, 22, 25, 35, 38, 43, 54}
    assert len(des.PC2) == len(set(des.PC2)) == 48
    assert len(des.SHIFTS) == 16
    assert sum(des.SHIFTS) == 28


def test_a_box_reaches_six_boxes_of_the_next_round() -> None:
    for i in range(8):
        outputs = range(4 * i + 1, 4 * i + 5)
        places = {place for place, output in enumerate(des.P, start=1) if output in outputs}
        assert len({n // 6 for n, place in enumerate(des.E) if place in places}) == 6


@pytest.mark.parametrize("i", range(1, 9))
def test_the_boxes_meet_their_criteria(i: int) -> None:
    """Coppersmith, 1994: S-3, S-4, S-5 and S-6. A digit of a table set wrongly breaks at least the first."""
    assert all(sorted(row) == list(range(16)) for row in des.S[i - 1])
    for B in range(64):
        for bit in range(6):
            assert (des.substitute(i, B) ^ des.substitute(i, B ^ 1 << bit)).bit_count() >= 2
        assert (des.substitute(i, B) ^ des.substitute(i, B ^ 0b001100)).bit_count() >= 2
        for outer in (0b110000, 0b110100, 0b111000, 0b111100):
            assert des.substitute(i, B) != des.substitute(i, B ^ outer)


def test_the_standards_example_of_a_box() -> None:
    assert des.substitute(1, 0b011011) == 0b0101  # SP 800-67 appendix A: row 1, column 13


# --- Known answers.


@pytest.mark.parametrize(("key", "plaintext", "ciphertext"), KNOWN_ANSWERS.values(), ids=KNOWN_ANSWERS)
def test_known_answers(key: str, plaintext: str, ciphertext: str) -> None:
    for cipher in (DES(bytes.fromhex(key)), TripleDES(3 * bytes.fromhex(key)), TripleDES(2 * bytes.fromhex(key))):
        assert cipher.encrypt_block(bytes.fromhex(plaintext)).hex() == ciphertext
        assert cipher.decrypt_block(bytes.fromhex(ciphertext)).hex() == plaintext


def test_rivests_recurrence() -> None:
    """Rivest, "Testing Implementations of DES", 1985: encrypt and decrypt by turns, each value under itself."""
    X = bytes.fromhex("9474b8e8c73bca7d")
    for i in range(16):
        X = DES(X).decrypt_block(X) if i % 2 else DES(X).encrypt_block(X)
        if i == 0:
            assert X.hex() == "8da744e0c94e5e17"
    assert X.hex() == "1b1a2ddb4c642438"


def test_the_example_of_sp_800_67() -> None:
    cipher = TripleDES(bytes.fromhex("0123456789abcdef23456789abcdef01456789abcdef0123"))
    plaintext = b"The qufck brown fox jump"
    ciphertext = bytes.fromhex("a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900")
    assert cipher.encrypt_blocks(plaintext) == ciphertext
    assert cipher.decrypt_blocks(ciphertext) == plaintext
    with trace.recording():
        assert cipher.encrypt_blocks(plaintext) == ciphertext
        assert cipher.decrypt_blocks(ciphertext) == plaintext


# --- Differential.


def oracle(key: bytes, mode: Any, data: bytes) -> bytes:
    encryptor = Cipher(KnownTripleDES(key), mode).encryptor()
    return encryptor.update(data) + encryptor.finalize()


@settings(max_examples=40, deadline=None)
@given(key=keys, data=whole_blocks)
def test_des_against_the_oracle(key: bytes, data: bytes) -> None:
    expected = oracle(3 * key, modes.ECB(), data)
    assert DES(key).encrypt_blocks(data) == expected
    assert DES(key).decrypt_blocks(expected) == data


@settings(max_examples=40, deadline=None)
@given(key=long_keys, iv=blocks, data=whole_blocks)
def test_triple_des_against_the_oracle(key: bytes, iv: bytes, data: bytes) -> None:
    three = (key + key[:8])[:24]
    cipher = TripleDES(key)
    ciphertext = oracle(three, modes.ECB(), data)
    assert cipher.encrypt_blocks(data) == ciphertext
    assert cipher.decrypt_blocks(ciphertext) == data
    ciphertext = oracle(three, modes.CBC(iv), data)
    assert cbc_encrypt(cipher, iv, data) == ciphertext
    assert cbc_decrypt(cipher, iv, ciphertext) == data


@settings(max_examples=20, deadline=None)
@given(key=keys, long_key=long_keys, data=st.lists(blocks, max_size=2).map(b"".join))
def test_both_paths_agree(key: bytes, long_key: bytes, data: bytes) -> None:
    for cipher in (DES(key), TripleDES(long_key)):
        with trace.recording():
            encrypted, decrypted = cipher.encrypt_blocks(data), cipher.decrypt_blocks(data)
        assert encrypted == cipher.encrypt_blocks(data)
        assert decrypted == cipher.decrypt_blocks(data)


# --- Properties.


@settings(max_examples=40, deadline=None)
@given(key=keys, block=blocks)
def test_complementation(key: bytes, block: bytes) -> None:
    """The complement of a block under the complement of a key is the complement of the result."""

    def complement(data: bytes) -> bytes:
        return bytes(0xFF ^ byte for byte in data)

    assert DES(complement(key)).encrypt_block(complement(block)) == complement(DES(key).encrypt_block(block))


@pytest.mark.parametrize("key", WEAK)
def test_weak_keys_undo_themselves(key: str) -> None:
    cipher = DES(bytes.fromhex(key))
    block = bytes(range(8))
    assert cipher.encrypt_block(cipher.encrypt_block(block)) == block
    assert len(set(des.key_schedule(bytes.fromhex(key)))) == 1


@pytest.mark.parametrize(("one", "other"), SEMI_WEAK)
def test_semi_weak_keys_undo_each_other(one: str, other: str) -> None:
    block = bytes(range(8))
    assert DES(bytes.fromhex(other)).encrypt_block(DES(bytes.fromhex(one)).encrypt_block(block)) == block
    assert len(set(des.key_schedule(bytes.fromhex(one)))) == 2


@settings(max_examples=20, deadline=None)
@given(key=keys, parity=st.integers(0, 255), block=blocks)
def test_the_parity_bits_do_not_count(key: bytes, parity: int, block: bytes) -> None:
    other = bytes(byte & 0xFE | parity >> i & 1 for i, byte in enumerate(key))
    assert DES(other).encrypt_block(block) == DES(key).encrypt_block(block)


def plain(key: bytes) -> bytes:
    """A key without its parity bits."""
    return bytes(byte & 0xFE for byte in key)


@settings(max_examples=20, deadline=None)
@given(K1=keys, K2=keys, K3=keys, block=blocks)
def test_triple_des_is_encipher_decipher_encipher(K1: bytes, K2: bytes, K3: bytes, block: bytes) -> None:
    assume(len({plain(K1), plain(K2), plain(K3)}) == 3)
    E, D, F = DES(K1), DES(K2), DES(K3)
    assert TripleDES(K1 + K2 + K3).encrypt_block(block) == F.encrypt_block(D.decrypt_block(E.encrypt_block(block)))
    assert TripleDES(K1 + K2).encrypt_block(block) == TripleDES(K1 + K2 + K1).encrypt_block(block)
    assert TripleDES(K3 + K3 + K3).encrypt_block(block) == F.encrypt_block(block)  # so it can talk to single DES
    assert TripleDES(K3 + K3).encrypt_block(block) == F.encrypt_block(block)
    for key in (K1 + K1 + K3, K1 + K3 + K3, K1 + bytes(byte ^ 1 for byte in K1) + K3):
        with pytest.raises(ValueError, match="two keys beside each other are equal"):
            TripleDES(key)


@given(bits=st.integers(0, 2**64 - 1))
def test_the_permutations_undo_each_other(bits: int) -> None:
    assert des.permute(des.permute(bits, des.IP, width=64), des.IP_INVERSE, width=64) == bits


# --- The trace. The worked example is J. Orlin Grabbe's, "The DES Algorithm Illustrated".


def test_the_trace_of_the_key_schedule() -> None:
    with trace.recording() as steps:
        DES(bytes.fromhex("133457799bbcdff1"))
    assert [step.name for step in steps] == ["KS"]
    expected = {
        "C0": binary("1111000011001100101010101111"),
        "D0": binary("0101010101100110011110001111"),
        "C1": binary("1110000110011001010101011111"),
        "D1": binary("1010101011001100111100011110"),
        "C16": binary("1111000011001100101010101111"),
        "D16": binary("0101010101100110011110001111"),
        "K1": binary("000110 110000 001011 101111 111111 000111 000001 110010"),
        "K2": binary("011110 011010 111011 011001 110110 111100 100111 100101"),
        "K16": binary("110010 110011 110110 001011 000011 100001 011111 110101"),
    }
    assert {name: named(steps, name).value for name in expected} == expected
    assert [step.name for step in steps[0].steps].count("K16") == 1
    assert len(steps[0].steps) == 2 + 3 * 16


def test_the_trace_of_encryption() -> None:
    cipher = DES(bytes.fromhex("133457799bbcdff1"))
    with trace.recording() as steps:
        output = cipher.encrypt_block(bytes.fromhex("0123456789abcdef"))
    assert output.hex() == "85e813540f0ab405"
    assert [(step.name, step.value) for step in steps] == [("DES forward transformation", output)]
    assert [step.name for step in steps[0].steps] == [
        *("input", "IP", "L0", "R0"),
        *(f"round {n}" for n in range(1, 17)),
        *("preoutput", "IP⁻¹"),
    ]
    assert named(steps, "IP").value == 0xCC00CCFFF0AAF0AA
    assert (named(steps, "L0").value, named(steps, "R0").value) == (0xCC00CCFF, 0xF0AAF0AA)
    first = named(steps, "round 1").steps
    assert [step.name for step in first] == ["E(R)", "K", "B1 … B8", "S1(B1) … S8(B8)", "P", "L1", "R1"]
    assert named(first, "E(R)").value == binary("011110 100001 010101 010101 011110 100001 010101 010101")
    assert named(first, "K").value == binary("000110 110000 001011 101111 111111 000111 000001 110010")
    assert named(first, "B1 … B8").value == (
        0b011000,
        0b010001,
        0b011110,
        0b111010,
        0b100001,
        0b100110,
        0b010100,
        0b100111,
    )
    assert named(first, "S1(B1) … S8(B8)").value == binary("0101 1100 1000 0010 1011 0101 1001 0111")
    assert [named(first, f"S{i}(B{i})").value for i in range(1, 9)] == [5, 12, 8, 2, 11, 5, 9, 7]
    assert named(first, "S1(B1)").operands == {"row": 0, "column": 12}
    assert named(first, "P").value == binary("0010 0011 0100 1010 1010 1001 1011 1011")
    assert (named(first, "L1").value, named(first, "R1").value) == (0xF0AAF0AA, 0xEF4A6544)
    assert (named(steps, "L16").value, named(steps, "R16").value) == (0x43423234, 0x0A4CD995)
    assert named(steps, "preoutput").value == 0x0A4CD99543423234
    assert named(steps, "IP⁻¹").value == output


def test_the_trace_of_decryption_goes_the_same_way_back() -> None:
    cipher = DES(bytes.fromhex("133457799bbcdff1"))
    with trace.recording() as forward:
        ciphertext = cipher.encrypt_block(bytes.fromhex("0123456789abcdef"))
    with trace.recording() as steps:
        output = cipher.decrypt_block(ciphertext)
    assert output.hex() == "0123456789abcdef"
    assert [(step.name, step.value) for step in steps] == [("DES inverse transformation", output)]
    names = [f"{half}{n}" for half in "LR" for n in range(17)]
    assert [named(steps, name).value for name in names] == [named(forward, name).value for name in names]


def test_the_trace_of_triple_des_has_three_stages() -> None:
    cipher = TripleDES(bytes(range(24)))
    with trace.recording() as steps:
        output = cipher.encrypt_blocks(bytes(16))
        cipher.decrypt_block(output[:8])
    there, back = "DES forward transformation", "DES inverse transformation"
    assert [step.name for step in steps] == [*(2 * (there, back, there)), back, there, back]
    assert named(steps[1:], "input").value == steps[0].value
    assert steps[-1].value == bytes(8)


def test_every_step_has_its_section_and_its_reason() -> None:
    with trace.recording() as steps:
        cipher = TripleDES(bytes(range(24)))
        cipher.decrypt_block(cipher.encrypt_block(bytes(8)))
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith(("SP 800-67 §", "SP 800-67 appendix A"))
        assert step.why
        assert step.value is not None or step.steps


# --- The face.


def test_its_face() -> None:
    assert [DES(bytes(8)).name, TripleDES(bytes(16)).name, TripleDES(bytes(24)).name] == ["DES", "DES-EDE", "DES-EDE3"]
    assert DES(bytes(8)).block_size == TripleDES(bytes(24)).block_size == DES.block_size == 8
    for buffer in (bytearray, memoryview):
        assert DES(buffer(bytes(8))).encrypt_block(buffer(bytes(8))) == DES(bytes(8)).encrypt_block(bytes(8))
        assert DES(bytes(8)).encrypt_blocks(buffer(bytes(16))) == DES(bytes(8)).encrypt_blocks(bytes(16))
    assert DES(bytes(8)).encrypt_blocks(b"") == b""
    for mode, inverse in ((cbc_encrypt, cbc_decrypt), (cfb_encrypt, cfb_decrypt)):
        assert inverse(DES(bytes(8)), bytes(8), mode(DES(bytes(8)), bytes(8), bytes(24))) == bytes(24)


def test_the_key_is_not_shown() -> None:
    assert repr(DES(b"8 secret")) == "<DES, key hidden>"
    assert repr(TripleDES(b"twenty-four bytes secret")) == "<DES-EDE3, key hidden>"


@pytest.mark.parametrize("length", [0, 1, 7, 9, 16, 24])
def test_wrong_lengths_of_a_key_for_des(length: int) -> None:
    with pytest.raises(ValueError, match=f"DES: the key has {length} bytes, expected 8"):
        DES(bytes(length))


@pytest.mark.parametrize("length", [0, 8, 15, 17, 23, 25, 32])
def test_wrong_lengths_of_a_key_for_triple_des(length: int) -> None:
    with pytest.raises(ValueError, match=f"Triple DES: the key has {length} bytes, expected 16 or 24"):
        TripleDES(bytes(length))


@pytest.mark.parametrize("length", [0, 1, 7, 9, 16])
def test_wrong_lengths_of_the_block(length: int) -> None:
    for cipher in (DES(bytes(8)), TripleDES(bytes(24))):
        for function in (cipher.encrypt_block, cipher.decrypt_block):
            with pytest.raises(ValueError, match=f"{cipher.name}: the block has {length} bytes, expected 8"):
                function(bytes(length))


@pytest.mark.parametrize("length", [1, 7, 9, 17])
def test_wrong_lengths_of_the_blocks(length: int) -> None:
    for cipher in (DES(bytes(8)), TripleDES(bytes(24))):
        for function in (cipher.encrypt_blocks, cipher.decrypt_blocks):
            with pytest.raises(ValueError, match=f"the blocks have {length} bytes, expected a multiple of 8"):
                function(bytes(length))


def test_text_is_refused() -> None:
    wrong: Any = "8 letter"
    with pytest.raises(TypeError, match="DES: key: expected bytes, got str"):
        DES(wrong)
    with pytest.raises(TypeError, match="Triple DES: key: expected bytes, got str"):
        TripleDES(wrong)
    cipher = DES(bytes(8))
    for function in (cipher.encrypt_block, cipher.decrypt_block, cipher.encrypt_blocks, cipher.decrypt_blocks):
        with pytest.raises(TypeError, match=r"DES: blocks?: expected bytes, got str"):
            function(wrong)
