"""CMAC against SP 800-38B appendix D, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES as OracleTripleDES
from cryptography.hazmat.primitives import cmac as oracle
from cryptography.hazmat.primitives.ciphers.algorithms import AES as OracleAES
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.aes import AES
from primitives.cmac import R, cmac, cmac_verify, double, subkeys
from primitives.des import TripleDES
from primitives.errors import InvalidTag
from primitives.sdes import SDES

KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
# SP 800-38B appendix D.1, examples 1 to 4: the length of the message, and the tag
EXAMPLES = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}
TAG = bytes.fromhex(EXAMPLES[40])


@pytest.mark.parametrize(("length", "tag"), EXAMPLES.items())
def test_examples_of_the_standard(length: int, tag: str) -> None:
    assert cmac(AES(KEY), MESSAGE[:length]).hex() == tag
    cmac_verify(AES(KEY), MESSAGE[:length], bytes.fromhex(tag))
    with trace.recording():
        assert cmac(AES(KEY), MESSAGE[:length]).hex() == tag


def test_the_subkeys_of_the_standard() -> None:
    """Appendix D.1: K1 comes of an L whose first bit is 0, K2 of a K1 whose first bit is 1."""
    K1, K2 = subkeys(AES(KEY))
    assert K1.hex() == "fbeed618357133667c85e08f7236a8de"
    assert K2.hex() == "f7ddac306ae266ccf90bc11ee46d513b"


@settings(max_examples=40, deadline=None)
@given(key=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)), data=st.binary())
def test_aes_against_the_oracle(key: bytes, data: bytes) -> None:
    context = oracle.CMAC(OracleAES(key))
    context.update(data)
    tag = context.finalize()
    assert cmac(AES(key), data) == tag
    cmac_verify(AES(key), data, tag)


@settings(max_examples=20, deadline=None)
@given(key=st.binary(min_size=24, max_size=24), data=st.binary(max_size=40))
def test_triple_des_against_the_oracle(key: bytes, data: bytes) -> None:
    context = oracle.CMAC(OracleTripleDES(key))
    context.update(data)
    tag = context.finalize()
    assert cmac(TripleDES(key), data) == tag
    cmac_verify(TripleDES(key), data, tag)


@settings(max_examples=10, deadline=None)
@given(data=st.binary(max_size=70))
def test_both_paths_give_the_same(data: bytes) -> None:
    cipher = AES(KEY)
    with trace.recording():
        traced = cmac(cipher, data)
    assert traced == cmac(cipher, data)


@given(st.sampled_from([8, 16]).flatmap(lambda n: st.binary(min_size=n, max_size=n)))
def test_doubling_is_a_product_in_the_field(L: bytes) -> None:
    b = 8 * len(L)
    product = int.from_bytes(L, "big") << 1
    if product >> b:
        product = (product ^ 1 << b) ^ R[len(L)]
    assert double(L) == product.to_bytes(len(L), "big")


def test_every_bit_of_the_tag_counts() -> None:
    for bit in range(128):
        with pytest.raises(InvalidTag, match="does not belong to this message and key"):
            cmac_verify(AES(KEY), MESSAGE[:40], (int.from_bytes(TAG, "big") ^ 1 << bit).to_bytes(16, "big"))


@pytest.mark.parametrize("tag", [b"", TAG[:15], TAG + b"\0"])
def test_a_tag_of_another_length_is_refused(tag: bytes) -> None:
    with pytest.raises(InvalidTag):
        cmac_verify(AES(KEY), MESSAGE[:40], tag)


def test_padding_is_told_from_a_message_that_ends_like_it() -> None:
    padded = MESSAGE[:40] + b"\x80" + bytes(7)
    assert cmac(AES(KEY), padded) != TAG


def test_what_cannot_be_authenticated() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="cmac: message: expected bytes, got str"):
        cmac(AES(KEY), wrong)
    with pytest.raises(TypeError, match="cmac: tag: expected bytes, got str"):
        cmac_verify(AES(KEY), b"", wrong)
    other: Any = SDES(0)
    with pytest.raises(ValueError, match="blocks of 1 bytes, expected 8 or 16"):
        cmac(other, b"")
    assert cmac(AES(KEY), memoryview(MESSAGE)[:40]) == TAG


def test_the_trace_shows_appendix_d_1() -> None:
    cipher = AES(KEY)
    with trace.recording() as steps:
        cmac_verify(cipher, MESSAGE[:40], TAG)
    mac, check = steps
    assert (mac.name, mac.value, check.name, check.value) == ("CMAC", TAG, "T = T′", True)
    keys, M_n, *chain = mac.steps
    values = [step.value.hex() for step in keys.steps if isinstance(step.value, bytes) and step.name[0] in "LK"]
    assert values[-3:] == [
        "7df76b0c1ab899b33e42f047b91b546f",
        "fbeed618357133667c85e08f7236a8de",
        "f7ddac306ae266ccf90bc11ee46d513b",
    ]
    assert (M_n.name, M_n.formula) == ("M_n", "{K2} ⊕ {padded}")
    assert [step.name for step in chain] == ["C_1", "C_2", "C_3"]
    assert chain[-1].value == TAG
    for step in (inner for outer in steps for inner in outer.walk()):
        assert step.section.startswith(("SP 800-38B §6.", "FIPS 197 §5"))
        assert step.why


def test_the_trace_tells_why_a_tag_was_refused() -> None:
    with trace.recording() as steps, pytest.raises(InvalidTag):
        cmac_verify(AES(KEY), b"", TAG)
    assert (steps[-1].name, steps[-1].value) == ("T = T′", False)
