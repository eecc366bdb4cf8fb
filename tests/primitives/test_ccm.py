"""AES-CCM against SP 800-38C appendix C, and against `cryptography`."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM as OracleCCM
from hypothesis import given, settings
from hypothesis import strategies as st

from explain import trace
from primitives.ccm import AESCCM, format_associated_data, format_control
from primitives.errors import InvalidTag

KEY = bytes(range(0x40, 0x50))
# SP 800-38C appendix C.1 to C.3: the lengths of nonce, associated data, payload and tag, and what comes out. The nonce
# is 10 11 12 …, the data 00 01 02 …, the payload 20 21 22 …
EXAMPLES = {
    "C.1": (7, 8, 4, 4, "7162015b4dac255d"),
    "C.2": (8, 16, 16, 6, "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd"),
    "C.3": (12, 20, 24, 8, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"),
}


def example(name: str) -> tuple[AESCCM, bytes, bytes, bytes, bytes]:
    n, a, p, t, sealed = EXAMPLES[name]
    N, A, P = bytes(range(0x10, 0x10 + n)), bytes(range(a)), bytes(range(0x20, 0x20 + p))
    return AESCCM(KEY, tag_length=t), N, P, A, bytes.fromhex(sealed)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_the_standard(name: str) -> None:
    ccm, N, P, A, sealed = example(name)
    assert ccm.encrypt(N, P, A) == sealed
    assert ccm.decrypt(N, sealed, A) == P
    with trace.recording():
        assert ccm.encrypt(N, P, A) == sealed
        assert ccm.decrypt(N, sealed, A) == P


def test_the_example_with_long_associated_data() -> None:
    """Appendix C.4: 65536 bytes, whose length takes six bytes."""
    ccm, A = AESCCM(KEY, tag_length=14), bytes(range(256)) * 256
    sealed = ccm.encrypt(bytes(range(0x10, 0x1D)), bytes(range(0x20, 0x40)), A)
    assert sealed.hex() == (
        "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b"
    )
    assert ccm.decrypt(bytes(range(0x10, 0x1D)), sealed, A) == bytes(range(0x20, 0x40))


@st.composite
def messages(draw: st.DrawFn) -> tuple[bytes, int, bytes, bytes, bytes]:
    size, nonce = draw(st.sampled_from([16, 24, 32])), draw(st.integers(7, 13))
    key, N = draw(st.binary(min_size=size, max_size=size)), draw(st.binary(min_size=nonce, max_size=nonce))
    return key, draw(st.sampled_from(range(4, 17, 2))), N, draw(st.binary(max_size=80)), draw(st.binary(max_size=40))


@settings(max_examples=40, deadline=None)
@given(messages())
def test_against_the_oracle(message: tuple[bytes, int, bytes, bytes, bytes]) -> None:
    key, t, N, P, A = message
    sealed = OracleCCM(key, tag_length=t).encrypt(N, P, A)
    ccm = AESCCM(key, tag_length=t)
    assert ccm.encrypt(N, P, A) == sealed
    assert ccm.decrypt(N, sealed, A) == P


@settings(max_examples=10, deadline=None)
@given(messages())
def test_both_paths_give_the_same(message: tuple[bytes, int, bytes, bytes, bytes]) -> None:
    key, t, N, P, A = message
    ccm = AESCCM(key, tag_length=t)
    sealed = ccm.encrypt(N, P, A)
    with trace.recording():
        assert ccm.encrypt(N, P, A) == sealed
        assert ccm.decrypt(N, sealed, A) == P


@pytest.mark.parametrize("length", [1, 2**16 - 2**8 - 1, 2**16 - 2**8, 2**16])
def test_lengths_of_associated_data(length: int) -> None:
    A = bytes(length)
    assert AESCCM(KEY).encrypt(bytes(12), b"abc", A) == OracleCCM(KEY).encrypt(bytes(12), b"abc", A)
    assert len(format_associated_data(A)) % 16 == 0


@pytest.mark.parametrize("tag_length", [4, 8, 16])
def test_every_bit_counts(tag_length: int) -> None:
    ccm = AESCCM(KEY, tag_length=tag_length)
    N, A = bytes(12), b"data"
    sealed = ccm.encrypt(N, b"abc", A)
    for value, at in ((sealed, 0), (N, 1), (A, 2)):
        for bit in range(8 * len(value)):
            arguments = [sealed, N, A]
            arguments[at] = (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")
            with pytest.raises(InvalidTag, match="does not belong to this message and key"):
                ccm.decrypt(arguments[1], arguments[0], arguments[2])


def test_every_other_length_is_refused() -> None:
    ccm, N = AESCCM(KEY), bytes(12)
    sealed = ccm.encrypt(N, b"abc", b"")
    for length in range(len(sealed)):
        with pytest.raises(InvalidTag):
            ccm.decrypt(N, sealed[:length], b"")
    with pytest.raises(InvalidTag):
        ccm.decrypt(N, sealed + b"\0", b"")


def test_a_tag_of_another_length_does_not_open_it() -> None:
    """The length of the tag is authenticated (appendix A.2.1): a short tag is not the beginning of a long one."""
    sealed = AESCCM(KEY).encrypt(bytes(12), b"abc", b"")
    with pytest.raises(InvalidTag):
        AESCCM(KEY, tag_length=8).decrypt(bytes(12), sealed[:-8], b"")
    assert AESCCM(KEY, tag_length=8).encrypt(bytes(12), b"abc", b"")[:3] == sealed[:3]


def test_a_payload_that_cannot_be_counted() -> None:
    """With 13 bytes of nonce, two are left for the length."""
    ccm, N = AESCCM(KEY, tag_length=4), bytes(13)
    with pytest.raises(ValueError, match="the plaintext has 65536 bytes, at most 65535 are possible"):
        ccm.encrypt(N, bytes(65536), b"")
    with trace.recording() as steps, pytest.raises(InvalidTag):
        ccm.decrypt(N, bytes(65540), b"")
    assert (steps[0].steps[0].name, steps[0].steps[0].value) == ("length", False)
    longest = bytes(65535)
    assert ccm.decrypt(N, ccm.encrypt(N, longest, b""), b"") == longest


@pytest.mark.parametrize("length", [0, 6, 14, 16])
def test_nonces_of_other_lengths(length: int) -> None:
    for function in (AESCCM(KEY).encrypt, AESCCM(KEY).decrypt):
        with pytest.raises(ValueError, match=f"the nonce has {length} bytes, expected 7 to 13"):
            function(bytes(length), bytes(20), b"")


@pytest.mark.parametrize("length", [-2, 0, 2, 5, 15, 17, 18])
def test_tags_of_other_lengths(length: int) -> None:
    with pytest.raises(ValueError, match=f"the tag has {length} bytes, expected 4, 6, 8, 10, 12, 14 or 16"):
        AESCCM(KEY, tag_length=length)


def test_wrong_types() -> None:
    wrong: Any = "text"
    with pytest.raises(TypeError, match="expected bytes, got str"):
        AESCCM(wrong)
    with pytest.raises(TypeError, match="tag_length"):
        AESCCM(KEY, tag_length=wrong)
    with pytest.raises(ValueError, match="the key has 15 bytes"):
        AESCCM(bytes(15))
    for function in (AESCCM(KEY).encrypt, AESCCM(KEY).decrypt):
        for arguments in ((wrong, b"", b""), (bytes(12), wrong, b""), (bytes(12), b"", wrong)):
            with pytest.raises(TypeError, match=r"AES-CCM: \w+: expected bytes, got str"):
                function(*arguments)
    assert "hidden" in repr(AESCCM(KEY))


def test_the_trace_shows_appendix_c_1() -> None:
    ccm, N, P, A, sealed = example("C.1")
    with trace.recording() as steps:
        ccm.encrypt(N, P, A)
    (whole,) = steps
    shown = {step.name: step.value for step in whole.steps}
    assert format_control(N, len(A), len(P), 4).hex() == "4f101112131415160000000000000004"
    assert shown["B_0"] == format_control(N, len(A), len(P), 4)
    assert shown["a, A"] == bytes.fromhex("00080001020304050607000000000000")
    assert shown["P"] == bytes.fromhex("20212223000000000000000000000000")
    assert shown["T"] == bytes.fromhex("6084341b")
    assert shown["T ⊕ S_0"] == sealed[4:]
    for step in whole.walk():
        assert step.section.startswith(("SP 800-38C §6.1", "SP 800-38C appendix A.", "FIPS 197 §5"))
        assert step.why


def test_the_trace_tells_why_it_was_refused() -> None:
    ccm, N, _, A, sealed = example("C.2")
    with trace.recording() as steps, pytest.raises(InvalidTag):
        ccm.decrypt(N, sealed[:-1] + b"\0", A)
    assert (steps[0].steps[-1].name, steps[0].steps[-1].value) == ("T = MSB(Y_r)", False)
