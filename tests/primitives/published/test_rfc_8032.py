"""RFC 8032 §7.1, the examples of Ed25519: all that it prints, beside the steps that compute it.

It prints the public key A and the signature, whose halves are R and S; the numbers between, it does not.
"""

from __future__ import annotations

import pytest

from primitives.ed25519 import ed25519_sign, ed25519_verify
from tests.primitives.support.published_steps import named, recorded

EXAMPLES = {  # secret key, public key, message, signature
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
        "d28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643c"
        "e80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138a"
        "c17ad9bef1177331a704",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_section_7_1(name: str) -> None:
    secret, public, message, signature = (bytes.fromhex(text) for text in EXAMPLES[name])
    steps = recorded(lambda: ed25519_sign(secret, message))
    assert named(steps, "A") == [public]
    assert named(steps, "R") == [signature[:32]]
    assert named(steps, "S") == [int.from_bytes(signature[32:], "little")]
    assert named(steps, "Ed25519 sign") == [signature]
    checks = recorded(lambda: ed25519_verify(public, message, signature))
    assert named(checks, "S") == [int.from_bytes(signature[32:], "little")]
    assert named(checks, "k") == named(steps, "k")
    assert named(checks, "[S]B") == named(checks, "R + [k]A")
    assert named(checks, "Ed25519 verify") == [True]
