"""The worked examples of RFC 8439 §2, each value beside the step that computes it."""

from __future__ import annotations

from primitives.chacha20 import chacha20_block, chacha20_xor, quarter_round
from primitives.chacha20_poly1305 import ChaCha20Poly1305
from primitives.poly1305 import poly1305
from tests.primitives.support.published_steps import named, recorded

SUNSCREEN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
    b"future, sunscreen would be it."
)


def words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def octets(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", " "))


def test_section_2_1_1_the_quarter_round() -> None:
    steps = recorded(lambda: quarter_round(*words("11111111 01020304 9b8d6f43 01234567")))
    # §2.1 has the last line's numbers: a and d come from line 3, c and b from line 4.
    assert steps[2].value == words("ea2a92f4 5881c4bb")
    assert steps[3].value == words("4581472e cb1cf8ce")


def test_section_2_3_2_the_block_function() -> None:
    key, nonce = bytes(range(32)), octets("00:00:00:09:00:00:00:4a:00:00:00:00")
    steps = recorded(lambda: chacha20_block(key, 1, nonce))
    assert named(steps, "state") == [words("""
        61707865 3320646e 79622d32 6b206574
        03020100 07060504 0b0a0908 0f0e0d0c
        13121110 17161514 1b1a1918 1f1e1d1c
        00000001 09000000 4a000000 00000000
    """)]  # fmt: skip
    assert named(steps, "rounds 19 and 20") == [words("""
        837778ab e238d763 a67ae21e 5950bb2f
        c4f2d0c7 fc62bb2f 8fa018fc 3f5ec7b7
        335271c2 f29489f3 eabda8fc 82e46ebd
        d19c12b4 b04e16de 9e83d0cb 4e3c50a2
    """)]  # fmt: skip
    assert named(steps, "state + initial state") == [words("""
        e4e7f110 15593bd1 1fdd0f50 c47120a3
        c7f4d1c7 0368c033 9aaa2204 4e6cd4c3
        466482d2 09aa9f07 05d7c214 a2028bd9
        d19c12b5 b94e16de e883d0cb 4e3c50a2
    """)]  # fmt: skip
    assert named(steps, "block 1") == [octets("""
        10 f1 e7 e4 d1 3b 59 15 50 0f dd 1f a3 20 71 c4
        c7 d1 f4 c7 33 c0 68 03 04 22 aa 9a c3 d4 6c 4e
        d2 82 64 46 07 9f aa 09 14 c2 d7 05 d9 8b 02 a2
        b5 12 9c d1 de 16 4e b9 cb d0 83 e8 a2 50 3c 4e
    """)]  # fmt: skip


def test_section_2_4_2_the_cipher() -> None:
    steps = recorded(
        lambda: chacha20_xor(bytes(range(32)), 1, octets("00:00:00:00:00:00:00:4a:00:00:00:00"), SUNSCREEN)
    )
    assert named(steps, "state + initial state") == [
        words("""
            f3514f22 e1d91b40 6f27de2f ed1d63b8
            821f138c e2062c3d ecca4f7e 78cff39e
            a30a3b8a 920a6072 cd7479b5 34932bed
            40ba4c79 cd343ec6 4c2c21ea b7417df0
        """),
        words("""
            9f74a669 410f633f 28feca22 7ec44dec
            6d34d426 738cb970 3ac5e9f3 45590cc4
            da6e8b39 892c831a cdea67c1 2b7e1d90
            037463f3 a11a2073 e8bcfb88 edc49139
        """),
    ]
    assert named(steps, "key stream") == [octets("""
        22:4f:51:f3:40:1b:d9:e1:2f:de:27:6f:b8:63:1d:ed:8c:13:1f:82:3d:2c:06:e2:7e:4f:ca:ec:9e:f3:cf:78:
        8a:3b:0a:a3:72:60:0a:92:b5:79:74:cd:ed:2b:93:34:79:4c:ba:40:c6:3e:34:cd:ea:21:2c:4c:f0:7d:41:b7:
        69:a6:74:9f:3f:63:0f:41:22:ca:fe:28:ec:4d:c4:7e:26:d4:34:6d:70:b9:8c:73:f3:e9:c5:3a:c4:0c:59:45:
        39:8b:6e:da:1a:83:2c:89:c1:67:ea:cd:90:1d:7e:2b:f3:63
    """)]  # fmt: skip
    assert named(steps, "ChaCha20") == [octets("""
        6e 2e 35 9a 25 68 f9 80 41 ba 07 28 dd 0d 69 81
        e9 7e 7a ec 1d 43 60 c2 0a 27 af cc fd 9f ae 0b
        f9 1b 65 c5 52 47 33 ab 8f 59 3d ab cd 62 b3 57
        16 39 d6 24 e6 51 52 ab 8f 53 0c 35 9f 08 61 d8
        07 ca 0d bf 50 0d 6a 61 56 a3 8e 08 8a 22 b6 5e
        52 bc 51 4d 16 cc f8 06 81 8c e9 1a b7 79 37 36
        5a f9 0b bf 74 a3 5b e6 b4 0b 8e ed f2 78 5e 42
        87 4d
    """)]  # fmt: skip


def test_section_2_5_2_poly1305() -> None:
    key = octets("85:d6:be:78:57:55:6d:33:7f:44:52:fe:42:d5:06:a8:01:03:80:8a:fb:0d:b2:fd:4a:bf:f6:af:41:49:f5:1b")
    steps = recorded(lambda: poly1305(key, b"Cryptographic Forum Research Group"))
    assert named(steps, "r") == [0x806D5400E52447C036D555408BED685]
    assert named(steps, "s") == [0x1BF54941AFF6BF4AFDB20DFB8A800301]
    assert named(steps, "n") == [
        0x16F4620636968706172676F7470797243,  # "Block with 0x01 byte"
        0x16F7247206863726165736552206D7572,
        0x17075,
    ]
    assert [named(steps, f"block {i}") for i in (1, 2, 3)] == [
        [0x2C88C77849D64AE9147DDEB88E69C83FC],  # "Acc = ((Acc+Block)*r) % P"
        [0x2D8ADAF23B0337FA7CCCFB4EA344B30DE],
        [0x28D31B7CAFF946C77C8844335369D03A7],
    ]
    assert named(steps, "Poly1305") == [octets("a8:06:1d:c1:30:51:36:c6:c2:2b:8b:af:0c:01:27:a9")]


def test_section_2_8_2_the_aead() -> None:
    key, nonce = bytes(range(0x80, 0xA0)), octets("07 00 00 00 40 41 42 43 44 45 46 47")
    aad = octets("50 51 52 53 c0 c1 c2 c3 c4 c5 c6 c7")
    steps = recorded(lambda: ChaCha20Poly1305(key).encrypt(nonce, SUNSCREEN, aad))
    one_time_key = octets("""
        7b ac 2b 25 2d b4 47 af 09 b6 7a 55 a4 e9 55 84
        0a e1 d6 73 10 75 d9 eb 2a 93 75 78 3e d5 53 ff
    """)
    ciphertext = octets("""
        d3 1a 8d 34 64 8e 60 db 7b 86 af bc 53 ef 7e c2
        a4 ad ed 51 29 6e 08 fe a9 e2 b5 a7 36 ee 62 d6
        3d be a4 5e 8c a9 67 12 82 fa fb 69 da 92 72 8b
        1a 71 de 0a 9e 06 0b 29 05 d6 a5 b6 7e cd 3b 36
        92 dd bd 7f 2d 77 8b 8c 98 03 ae e3 28 09 1b 58
        fa b3 24 e4 fa d6 75 94 55 85 80 8b 48 31 d7 bc
        3f f4 de f0 8e 4b 7a 9d e5 76 d2 65 86 ce c6 4b
        61 16
    """)
    tag = octets("1a:e1:0b:59:4f:09:e2:6a:7e:90:2e:cb:d0:60:06:91")
    assert named(steps, "poly1305_key_gen") == [one_time_key]
    assert named(steps, "ciphertext") == [ciphertext]
    lengths = octets("0c 00 00 00 00 00 00 00 72 00 00 00 00 00 00 00")
    assert named(steps, "mac_data") == [aad + bytes(4) + ciphertext + bytes(14) + lengths]
    assert named(steps, "Poly1305") == [tag]
    assert named(steps, "AEAD_CHACHA20_POLY1305 encrypt") == [ciphertext + tag]


def test_section_2_6_2_the_one_time_key() -> None:
    key, nonce = bytes(range(0x80, 0xA0)), octets("00 00 00 00 00 01 02 03 04 05 06 07")
    steps = recorded(lambda: ChaCha20Poly1305(key).encrypt(nonce, b"", b""))
    assert named(steps, "poly1305_key_gen") == [octets("""
        8a d5 a0 8b 90 5f 81 cc 81 50 40 27 4a b2 94 71
        a8 33 b6 37 e3 fd 0d a5 08 db b8 e2 fd d1 a6 46
    """)]  # fmt: skip
