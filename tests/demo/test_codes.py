"""Enrolment codes: one enrolment each, few guesses, and nothing of them kept."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.codes import ALPHABET, MAX_TRIES, CodeError, EnrolmentCodes
from demo.world import World


def codes_for(*applicants: str) -> tuple[EnrolmentCodes, dict[str, str]]:
    codes = EnrolmentCodes()
    random_bytes = World("ttp", seed=1).random_bytes("codes")
    return codes, {applicant: codes.new(applicant, random_bytes=random_bytes) for applicant in applicants}


def redeem(codes: EnrolmentCodes, applicant: str, code: str) -> None:
    with codes.redeem(applicant, code):
        pass


def test_a_code_works_once() -> None:
    codes, given_out = codes_for("server", "client")
    assert codes.open == {"server", "client"}
    redeem(codes, "server", given_out["server"])
    assert codes.open == {"client"}
    with pytest.raises(CodeError, match="no enrolment code is open for the server"):
        redeem(codes, "server", given_out["server"])


def test_it_is_read_as_people_type_it() -> None:
    codes, given_out = codes_for("server")
    code = given_out["server"]
    assert len(code) == 19
    assert set(code) <= set(ALPHABET) | {"-"}
    redeem(codes, "server", code.lower().replace("-", " "))


def test_it_is_the_applicants_own() -> None:
    codes, given_out = codes_for("server", "client")
    with pytest.raises(CodeError, match="wrong"):
        redeem(codes, "client", given_out["server"])
    with pytest.raises(CodeError, match="no enrolment code is open for the mallory"):
        redeem(codes, "mallory", given_out["server"])


def test_few_guesses_close_it() -> None:
    codes, given_out = codes_for("server")
    for _ in range(MAX_TRIES - 1):
        with pytest.raises(CodeError, match=r"wrong$"):
            redeem(codes, "server", "AAAA")
    assert codes.open == {"server"}
    with pytest.raises(CodeError, match=r"void$"):
        redeem(codes, "server", "AAAA")
    assert (codes.open, codes.void) == (frozenset(), frozenset({"server"}))
    with pytest.raises(CodeError):
        redeem(codes, "server", given_out["server"])
    fresh = codes.new("server", random_bytes=World("ttp", seed=2).random_bytes("codes"))
    assert codes.void == frozenset()
    redeem(codes, "server", fresh)


def test_what_fails_leaves_the_code_open() -> None:
    codes, given_out = codes_for("server")

    def fail() -> None:
        with codes.redeem("server", given_out["server"]):
            assert codes.open == frozenset()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    redeem(codes, "server", given_out["server"])


def test_two_who_come_at_once_get_one_enrolment() -> None:
    codes, given_out = codes_for("server")
    barrier = threading.Barrier(8)
    entered: list[bool] = []

    def visit() -> None:
        barrier.wait()
        try:
            with codes.redeem("server", given_out["server"]):
                entered.append(True)
        except CodeError:
            entered.append(False)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert sorted(entered) == [False] * 7 + [True]


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_guess_is_answered(applicant: str, guess: str) -> None:
    codes, _ = codes_for("server")
    with pytest.raises(CodeError):
        redeem(codes, applicant, guess)


def test_nothing_shows_the_code() -> None:
    codes, given_out = codes_for("server")
    assert given_out["server"] not in repr(vars(codes))
