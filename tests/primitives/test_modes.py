"""The modes of operation against SP 800-38A appendix F, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.modes import CFB, CFB8
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR, ECB
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.aes import AES
from primitives.modes import cbc_decrypt, cbc_encrypt, cfb_decrypt, cfb_encrypt, ctr_xor, ecb_decrypt, ecb_encrypt

# SP 800-38A appendix F: the keys, and the four blocks that everything there encrypts
KEY_128 = AES(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))
KEY_192 = AES(bytes.fromhex("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"))
KEY_256 = AES(bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))
IV = bytes(range(16))
COUNTER = bytes(range(0xF0, 0x100))
PLAINTEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)

CBC_EXAMPLES = [  # F.2.1, F.2.3, F.2.5
    (
        KEY_128,
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
    ),
    (
        KEY_192,
        "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
        "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd",
    ),
    (
        KEY_256,
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
        "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
    ),
]
CFB_EXAMPLES = [  # F.3.13, F.3.15, F.3.17
    (
        KEY_128,
        "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"
        "26751f67a3cbb140b1808cf187a4f4dfc04b05357c5d1c0eeac4c66f9ff7f2e6",
    ),
    (
        KEY_192,
        "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a"
        "2e1e8a1dd59b88b1c8e60fed1efac4c9c05f9f9ca9834fa042ae8fba584b09ff",
    ),
    (
        KEY_256,
        "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b"
        "df10132415e54b92a13ed0a8267ae2f975a385741ab9cef82031623d55b1e471",
    ),
]
CFB8_EXAMPLES = [  # F.3.7, F.3.9, F.3.11, on the first 18 bytes
    (KEY_128, "3b79424c9c0dd436bace9e0ed4586a4f32b9"),
    (KEY_192, "cda2521ef0a905ca44cd057cbf0d47a0678a"),
    (KEY_256, "dc1f1a8520a64db55fcc8ac554844e889700"),
]
CTR_EXAMPLES = [  # F.5.1, F.5.3, F.5.5
    (
        KEY_128,
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
    ),
    (
        KEY_192,
        "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
        "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050",
    ),
    (
        KEY_256,
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
        "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
    ),
]
ECB_EXAMPLES = [  # F.1.1, F.1.3, F.1.5
    (
        KEY_128,
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
    ),
    (
        KEY_192,
        "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
        "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e",
    ),
    (
        KEY_256,
        "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
        "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7",
    ),
]
by_key = ["AES-128", "AES-192", "AES-256"]

keys = st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
ivs = st.binary(min_size=16, max_size=16)
whole_blocks = st.integers(0, 5).flatmap(lambda n: st.binary(min_size=16 * n, max_size=16 * n))


@pytest.mark.parametrize(("cipher", "expected"), CBC_EXAMPLES, ids=by_key)
def test_cbc_examples_of_the_standard(cipher: AES, expected: str) -> None:
    assert cbc_encrypt(cipher, IV, PLAINTEXT).hex() == expected
    assert cbc_decrypt(cipher, IV, bytes.fromhex(expected)) == PLAINTEXT


@pytest.mark.parametrize(("cipher", "expected"), CFB_EXAMPLES, ids=by_key)
def test_cfb_examples_of_the_standard(cipher: AES, expected: str) -> None:
    assert cfb_encrypt(cipher, IV, PLAINTEXT).hex() == expected
    assert cfb_encrypt(cipher, IV, PLAINTEXT, segment_bits=128).hex() == expected
    assert cfb_decrypt(cipher, IV, bytes.fromhex(expected)) == PLAINTEXT


@pytest.mark.parametrize(("cipher", "expected"), CFB8_EXAMPLES, ids=by_key)
def test_cfb_8_examples_of_the_standard(cipher: AES, expected: str) -> None:
    assert cfb_encrypt(cipher, IV, PLAINTEXT[:18], segment_bits=8).hex() == expected
    assert cfb_decrypt(cipher, IV, bytes.fromhex(expected), segment_bits=8) == PLAINTEXT[:18]


@pytest.mark.parametrize(("cipher", "expected"), CTR_EXAMPLES, ids=by_key)
def test_ctr_examples_of_the_standard(cipher: AES, expected: str) -> None:
    assert ctr_xor(cipher, COUNTER, PLAINTEXT).hex() == expected
    assert ctr_xor(cipher, COUNTER, bytes.fromhex(expected)) == PLAINTEXT


@pytest.mark.parametrize(("cipher", "expected"), ECB_EXAMPLES, ids=by_key)
def test_ecb_examples_of_the_standard(cipher: AES, expected: str) -> None:
    assert ecb_encrypt(cipher, PLAINTEXT).hex() == expected
    assert ecb_decrypt(cipher, bytes.fromhex(expected)) == PLAINTEXT


def oracle(key: bytes, mode: Any, data: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), mode).encryptor()
    return encryptor.update(data) + encryptor.finalize()


@settings(max_examples=40, deadline=None)
@given(key=keys, iv=ivs, data=whole_blocks)
def test_whole_blocks_against_the_oracle(key: bytes, iv: bytes, data: bytes) -> None:
    cipher = AES(key)
    assert cbc_encrypt(cipher, iv, data) == oracle(key, CBC(iv), data)
    assert cbc_decrypt(cipher, iv, cbc_encrypt(cipher, iv, data)) == data
    assert ecb_encrypt(cipher, data) == oracle(key, ECB(), data)
    assert ecb_decrypt(cipher, ecb_encrypt(cipher, data)) == data


@settings(max_examples=40, deadline=None)
@given(key=keys, iv=ivs, data=st.binary(max_size=70))
def test_any_length_against_the_oracle(key: bytes, iv: bytes, data: bytes) -> None:
    cipher = AES(key)
    assert ctr_xor(cipher, iv, data) == oracle(key, CTR(iv), data)
    assert cfb_encrypt(cipher, iv, data) == oracle(key, CFB(iv), data)
    assert cfb_decrypt(cipher, iv, cfb_encrypt(cipher, iv, data)) == data
    assert cfb_encrypt(cipher, iv, data, segment_bits=8) == oracle(key, CFB8(iv), data)
    assert cfb_decrypt(cipher, iv, cfb_encrypt(cipher, iv, data, segment_bits=8), segment_bits=8) == data


@settings(max_examples=10, deadline=None)
@given(key=keys, iv=ivs, data=whole_blocks)
def test_recording_changes_no_result(key: bytes, iv: bytes, data: bytes) -> None:
    cipher = AES(key)
    for mode in (cbc_encrypt, cbc_decrypt, cfb_encrypt, cfb_decrypt, ctr_xor):
        with trace.recording():
            watched = mode(cipher, iv, data)
        assert watched == mode(cipher, iv, data)
    odd = data[:-3]
    for mode in (cfb_encrypt, cfb_decrypt, ctr_xor):
        with trace.recording():
            watched = mode(cipher, iv, odd)
        assert watched == mode(cipher, iv, odd)


def test_the_counter_wraps() -> None:
    key = bytes(range(16))
    for iv in (b"\xff" * 16, b"\xff" * 15 + b"\xfe", bytes(8) + b"\xff" * 8):
        assert ctr_xor(AES(key), iv, bytes(64)) == oracle(key, CTR(iv), bytes(64))


@pytest.mark.parametrize("mode", [cbc_encrypt, cbc_decrypt, cfb_encrypt, cfb_decrypt, ctr_xor])
def test_wrong_ivs(mode: Any) -> None:
    for length in (0, 8, 15, 17):
        with pytest.raises(ValueError, match=f"the iv has {length} bytes, expected 16"):
            mode(KEY_128, bytes(length), bytes(16))
    with pytest.raises(TypeError, match="iv: expected bytes, got str"):
        mode(KEY_128, "sixteen letters!", bytes(16))
    with pytest.raises(TypeError, match="data: expected bytes, got str"):
        mode(KEY_128, bytes(16), "sixteen letters!")


@pytest.mark.parametrize("length", [1, 15, 17, 31])
def test_cbc_and_ecb_want_whole_blocks(length: int) -> None:
    for mode in (cbc_encrypt, cbc_decrypt):
        with pytest.raises(ValueError, match=f"CBC: the data has {length} bytes, expected a multiple of 16"):
            mode(KEY_128, IV, bytes(length))
    for by_itself in (ecb_encrypt, ecb_decrypt):
        with pytest.raises(ValueError, match=f"ECB: the data has {length} bytes, expected a multiple of 16"):
            by_itself(KEY_128, bytes(length))


@pytest.mark.parametrize("bits", [0, 1, 7, 16, 64, 256])
def test_segments_of_other_sizes(bits: int) -> None:
    for mode in (cfb_encrypt, cfb_decrypt):
        with pytest.raises(ValueError, match=f"segment_bits is {bits}, expected 8 or 128"):
            mode(KEY_128, IV, bytes(16), segment_bits=bits)


def test_the_trace_of_cbc_shows_appendix_f_2_1() -> None:
    with trace.recording() as steps:
        ciphertext = cbc_encrypt(KEY_128, IV, PLAINTEXT)
    assert [step.name for step in steps] == ["C1", "C2", "C3", "C4"]
    assert b"".join(step.value for step in steps if isinstance(step.value, bytes)) == ciphertext
    masked, cipher = steps[1].steps
    assert (masked.name, masked.value) == ("P2 ⊕ C1", bytes.fromhex("d86421fb9f1a1eda505ee1375746972c"))
    assert (cipher.name, cipher.value) == ("Cipher", ciphertext[16:32])

    with trace.recording() as steps:
        cbc_decrypt(KEY_128, IV, ciphertext)
    assert [step.value for step in steps] == [PLAINTEXT[i : i + 16] for i in range(0, 64, 16)]
    assert [step.name for step in steps[1].steps] == ["InvCipher", "CIPH⁻¹(C2)"]
    assert steps[1].steps[1].value == bytes.fromhex("d86421fb9f1a1eda505ee1375746972c")


def test_the_traces_of_cfb_and_ctr_show_appendix_f() -> None:
    with trace.recording() as steps:
        cfb_encrypt(KEY_128, IV, PLAINTEXT[:32])
    assert [
        (s.name, s.value.hex()) for s in steps[1].walk() if isinstance(s.value, bytes) and "round" not in s.name
    ] == [
        ("C2", "c8a64537a0b3a93fcde3cdad9f1ce58b"),  # F.3.13, segment 2
        ("I", "3b3fd92eb72dad20333449f8e83cfb4a"),
        ("Cipher", "668bcf60beb005a35354a201dab36bda"),
        ("MSB(O)", "668bcf60beb005a35354a201dab36bda"),
    ]
    with trace.recording() as steps:
        ctr_xor(KEY_128, COUNTER, PLAINTEXT[:32])
    assert [
        (s.name, s.value.hex()) for s in steps[1].walk() if isinstance(s.value, bytes) and "round" not in s.name
    ] == [
        ("C2", "9806f66b7970fdff8617187bb9fffdff"),  # F.5.1, block 2
        ("T2", "f0f1f2f3f4f5f6f7f8f9fafbfcfdff00"),
        ("Cipher", "362b7c3c6773516318a077d7fc5073ae"),
        ("O2", "362b7c3c6773516318a077d7fc5073ae"),
    ]


def test_every_step_has_its_section_and_its_reason() -> None:
    with trace.recording() as steps:
        for mode in (cbc_encrypt, cbc_decrypt, cfb_encrypt, cfb_decrypt, ctr_xor):
            mode(KEY_128, IV, bytes(32))
    for step in (inner for outer in steps for inner in outer.walk()):
        assert "§" in step.section
        assert step.why
