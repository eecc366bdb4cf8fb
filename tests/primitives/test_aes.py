"""AES against FIPS 197's appendices, step by step, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives import aes
from primitives.aes import AES, INV_SBOX, SBOX

keys = st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
blocks = st.binary(min_size=16, max_size=16)

# FIPS 197 table 4, row by row
PRINTED_SBOX = """
637c777bf26b6fc53001672bfed7ab76 ca82c97dfa5947f0add4a2af9ca472c0 b7fd9326363ff7cc34a5e5f171d83115
04c723c31896059a071280e2eb27b275 09832c1a1b6e5aa0523bd6b329e32f84 53d100ed20fcb15b6acbbe394a4c58cf
d0efaafb434d338545f9027f503c9fa8 51a3408f929d38f5bcb6da2110fff3d2 cd0c13ec5f974417c4a77e3d645d1973
60814fdc222a908846eeb814de5e0bdb e0323a0a4906245cc2d3ac629195e479 e7c8376d8dd54ea96c56f4ea657aae08
ba78252e1ca6b4c6e8dd741f4bbd8b8a 703eb5664803f60e613557b986c11d9e e1f8981169d98e949b1e87e9ce5528df
8ca1890dbfe6426841992d0fb054bb16
"""

PLAINTEXT = "00112233445566778899aabbccddeeff"
# FIPS 197 (2001) appendix B, and appendix C.1 to appendix C.3: key, plaintext, ciphertext
EXAMPLES = [
    ("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32"),
    (bytes(range(16)).hex(), PLAINTEXT, "69c4e0d86a7b0430d8cdb78070b4c55a"),
    (bytes(range(24)).hex(), PLAINTEXT, "dda97ca4864cdfe06eaf70a0ec0d7191"),
    (bytes(range(32)).hex(), PLAINTEXT, "8ea2b7ca516745bfeafc49904b496089"),
]


def recorded(steps: list[trace.Step]) -> dict[str, str]:
    """Return the steps whose values are bytes, as hexadecimal digits by name."""
    return {s.name: s.value.hex() for outer in steps for s in outer.walk() if isinstance(s.value, bytes)}


def test_the_computed_s_box_is_the_printed_one() -> None:
    assert SBOX.hex() == "".join(PRINTED_SBOX.split())
    assert bytes(INV_SBOX[b] for b in SBOX) == bytes(range(256))
    assert INV_SBOX[:8].hex() == "52096ad53036a538"  # FIPS 197 table 6


def test_products_in_the_field() -> None:
    assert aes.multiply(0x57, 0x83) == 0xC1  # FIPS 197 (2001) §4.2
    assert aes.multiply(0x57, 0x13) == 0xFE  # §4.2.1
    assert [aes.xtime(b) for b in (0x57, 0xAE, 0x47, 0x8E)] == [0xAE, 0x47, 0x8E, 0x07]  # §4.2.1
    assert aes.inverse(0) == 0
    assert all(aes.multiply(b, aes.inverse(b)) == 1 for b in range(1, 256))


@pytest.mark.parametrize(("key", "plaintext", "ciphertext"), EXAMPLES, ids=["B", "C.1", "C.2", "C.3"])
def test_examples_of_the_standard(key: str, plaintext: str, ciphertext: str) -> None:
    cipher = AES(bytes.fromhex(key))
    for _ in range(2):  # the second time, the tables and the inverse keys are there already
        assert cipher.encrypt_block(bytes.fromhex(plaintext)).hex() == ciphertext
        assert cipher.decrypt_block(bytes.fromhex(ciphertext)).hex() == plaintext
    with trace.recording():
        assert cipher.encrypt_block(bytes.fromhex(plaintext)).hex() == ciphertext
        assert cipher.decrypt_block(bytes.fromhex(ciphertext)).hex() == plaintext


@settings(max_examples=40, deadline=None)
@given(key=keys, data=st.lists(blocks, max_size=5).map(b"".join))
def test_against_the_oracle(key: bytes, data: bytes) -> None:
    known = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    expected = known.update(data)
    cipher = AES(key)
    assert cipher.encrypt_blocks(data) == expected
    assert cipher.decrypt_blocks(expected) == data


@settings(max_examples=20, deadline=None)
@given(key=keys, data=st.lists(blocks, max_size=2).map(b"".join))
def test_both_paths_agree(key: bytes, data: bytes) -> None:
    cipher = AES(key)
    with trace.recording():
        encrypted, decrypted = cipher.encrypt_blocks(data), cipher.decrypt_blocks(data)
    assert encrypted == cipher.encrypt_blocks(data)
    assert decrypted == cipher.decrypt_blocks(data)


@given(block=blocks)
def test_each_transformation_has_its_inverse(block: bytes) -> None:
    state = aes.state_of(block)
    assert bytes(state) == block
    assert aes.inv_sub_bytes(aes.sub_bytes(state)) == state
    assert aes.inv_shift_rows(aes.shift_rows(state)) == state
    assert aes.inv_mix_columns(aes.mix_columns(state)) == state
    w = aes.key_expansion(bytes(range(16)))[4:8]
    assert aes.add_round_key(aes.add_round_key(state, w), w) == state


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # FIPS 197 appendices A.1, A.2 and A.3: the first new word, one in the middle, and the last
        ("2b7e151628aed2a6abf7158809cf4f3c", {4: "a0fafe17", 23: "11f915bc", 43: "b6630ca6"}),
        ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", {6: "fe0c91f7", 12: "4db7b4bd", 51: "01002202"}),
        (
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            {8: "9ba35411", 12: "a8b09c1a", 59: "706c631e"},
        ),
    ],
    ids=["A.1", "A.2", "A.3"],
)
def test_the_key_expansion(key: str, expected: dict[int, str]) -> None:
    w = aes.key_expansion(bytes.fromhex(key))
    assert {i: w[i].hex() for i in expected} == expected
    with trace.recording() as steps:
        AES(bytes.fromhex(key))
    shown = recorded(steps)
    assert [shown[f"w[{i}]"] for i in range(len(w))] == [word.hex() for word in w]


def test_the_trace_of_the_key_expansion_shows_appendix_a_1() -> None:
    with trace.recording() as steps:
        AES(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))
    w4 = steps[0].steps[4]
    assert (w4.name, list(recorded(w4.steps).items())) == (
        "w[4]",
        [
            ("temp", "09cf4f3c"),
            ("After ROTWORD()", "cf4f3c09"),
            ("After SUBWORD()", "8a84eb01"),
            ("Rcon[i/Nk]", "01000000"),
            ("After ⊕ with Rcon", "8b84eb01"),
            ("w[i-Nk]", "2b7e1516"),
        ],
    )
    assert recorded(steps[0].steps[40].steps)["Rcon[i/Nk]"] == "36000000"


def test_the_trace_of_encryption_shows_appendix_b() -> None:
    cipher = AES(bytes.fromhex(EXAMPLES[0][0]))
    with trace.recording() as steps:
        cipher.encrypt_block(bytes.fromhex(EXAMPLES[0][1]))
    shown = recorded(steps)
    assert shown["round[1].start"] == "193de3bea0f4e22b9ac68d2ae9f84808"
    assert shown["round[1].s_box"] == "d42711aee0bf98f1b8b45de51e415230"
    assert shown["round[1].s_row"] == "d4bf5d30e0b452aeb84111f11e2798e5"
    assert shown["round[1].m_col"] == "046681e5e0cb199a48f8d37a2806264c"
    assert shown["round[1].k_sch"] == "a0fafe1788542cb123a339392a6c7605"
    assert shown["round[2].start"] == "a49c7ff2689f352b6b5bea43026a5049"


def test_the_trace_of_encryption_shows_appendix_c_1() -> None:
    cipher = AES(bytes(range(16)))
    with trace.recording() as steps:
        cipher.encrypt_block(bytes.fromhex(PLAINTEXT))
    assert [step.name for step in steps] == ["Cipher"]
    shown = [(name, value) for name, value in recorded(steps).items() if "." in name]  # the rounds have values as well
    assert shown[:8] == [
        ("round[0].input", "00112233445566778899aabbccddeeff"),
        ("round[0].k_sch", "000102030405060708090a0b0c0d0e0f"),
        ("round[1].start", "00102030405060708090a0b0c0d0e0f0"),
        ("round[1].s_box", "63cab7040953d051cd60e0e7ba70e18c"),
        ("round[1].s_row", "6353e08c0960e104cd70b751bacad0e7"),
        ("round[1].m_col", "5f72641557f5bc92f7be3b291db9f91a"),
        ("round[1].k_sch", "d6aa74fdd2af72fadaa678f1d6ab76fe"),
        ("round[2].start", "89d810e8855ace682d1843d8cb128fe4"),
    ]
    assert shown[-5:] == [
        ("round[10].start", "bd6e7c3df2b5779e0b61216e8b10b689"),
        ("round[10].s_box", "7a9f102789d5f50b2beffd9f3dca4ea7"),
        ("round[10].s_row", "7ad5fda789ef4e272bca100b3d9ff59f"),
        ("round[10].k_sch", "13111d7fe3944a17f307a78b4d2b30c5"),
        ("round[10].output", "69c4e0d86a7b0430d8cdb78070b4c55a"),
    ]


def test_the_trace_of_decryption_shows_appendix_c_1() -> None:
    cipher = AES(bytes(range(16)))
    with trace.recording() as steps:
        cipher.decrypt_block(bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a"))
    shown = [(name, value) for name, value in recorded(steps).items() if "." in name]  # the rounds have values as well
    assert shown[:8] == [
        ("round[0].iinput", "69c4e0d86a7b0430d8cdb78070b4c55a"),
        ("round[0].ik_sch", "13111d7fe3944a17f307a78b4d2b30c5"),
        ("round[1].istart", "7ad5fda789ef4e272bca100b3d9ff59f"),
        ("round[1].is_row", "7a9f102789d5f50b2beffd9f3dca4ea7"),
        ("round[1].is_box", "bd6e7c3df2b5779e0b61216e8b10b689"),
        ("round[1].ik_sch", "549932d1f08557681093ed9cbe2c974e"),
        ("round[1].ik_add", "e9f74eec023020f61bf2ccf2353c21c7"),
        ("round[2].istart", "54d990a16ba09ab596bbf40ea111702f"),
    ]
    assert shown[-1] == ("round[10].ioutput", PLAINTEXT)


@pytest.mark.parametrize("length", [16, 24, 32])
def test_the_last_round_says_that_it_has_no_mix_columns(length: int) -> None:
    with trace.recording() as steps:
        cipher = AES(bytes(length))
        cipher.decrypt_block(cipher.encrypt_block(bytes(16)))
    for group, name in zip(steps[1:], ("m_col", "ik_add"), strict=True):
        *others, last = [step for step in group.steps if step.name.startswith("round[") and step.steps]
        assert "MixColumns" in last.why
        assert not any(step.name.endswith(name) for step in last.steps)
        assert not any("MixColumns" in step.why for step in others)
        assert all(any(step.name.endswith(name) for step in turn.steps) for turn in others[1:])


@pytest.mark.parametrize("length", [16, 24, 32])
def test_every_step_has_its_section_and_its_reason(length: int) -> None:
    with trace.recording() as steps:
        cipher = AES(bytes(length))
        cipher.decrypt_block(cipher.encrypt_block(bytes(16)))
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith("FIPS 197 §5")
        assert step.why


def test_its_face() -> None:
    assert [AES(bytes(n)).name for n in (16, 24, 32)] == ["AES-128", "AES-192", "AES-256"]
    assert AES(bytes(16)).block_size == AES.block_size == 16
    assert AES(bytearray(16)).encrypt_block(bytes(16)) == AES(bytes(16)).encrypt_block(bytes(16))


def test_the_key_is_not_shown() -> None:
    assert repr(AES(b"sixteen secrets!")) == "<AES-128, key hidden>"


@pytest.mark.parametrize("length", [0, 1, 15, 17, 23, 25, 31, 33, 64])
def test_wrong_lengths_of_the_key(length: int) -> None:
    with pytest.raises(ValueError, match=f"the key has {length} bytes, expected 16, 24 or 32"):
        AES(bytes(length))


@pytest.mark.parametrize("length", [0, 1, 15, 17, 32])
def test_wrong_lengths_of_the_block(length: int) -> None:
    for function in (AES(bytes(16)).encrypt_block, AES(bytes(16)).decrypt_block):
        with pytest.raises(ValueError, match=f"the block has {length} bytes, expected 16"):
            function(bytes(length))


@pytest.mark.parametrize("length", [1, 15, 17, 33])
def test_wrong_lengths_of_the_blocks(length: int) -> None:
    for function in (AES(bytes(16)).encrypt_blocks, AES(bytes(16)).decrypt_blocks):
        with pytest.raises(ValueError, match=f"the blocks have {length} bytes, expected a multiple of 16"):
            function(bytes(length))


def test_text_is_refused() -> None:
    wrong: Any = "sixteen letters!"
    cipher = AES(bytes(16))
    with pytest.raises(TypeError, match="AES: key: expected bytes, got str"):
        AES(wrong)
    for function in (cipher.encrypt_block, cipher.decrypt_block, cipher.encrypt_blocks, cipher.decrypt_blocks):
        with pytest.raises(TypeError, match=r"AES: blocks?: expected bytes, got str"):
            function(wrong)
