"""The values that people give: amounts, payees, codes, names, addresses, times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.commands import option_values
from demo.otp.message import indian_digit_groups, otp_message, random_code
from demo.party.address import Address
from demo.party.subject import DEFAULTS, Subject, ask, dns_name
from demo.party.world import SEEDED_TIME, World
from pki.fields.names import Name


@given(st.integers(0, 10**14))
def test_indian_digit_groups(number: int) -> None:
    grouped = indian_digit_groups(number)
    assert grouped.replace(",", "") == str(number)
    *groups, last = grouped.split(",")
    assert len(last) == 3 or not groups
    assert all(len(group) == 2 for group in groups[1:])
    assert not groups or 1 <= len(groups[0]) <= 2


def test_random_codes_keep_their_leading_zeros() -> None:
    assert random_code(lambda n: bytes(n)) == "000000"
    codes = {random_code(World("server", seed=seed).random_bytes("otp")) for seed in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


@pytest.mark.parametrize(
    ("amount", "payee", "code"),
    [
        (0, "a", "123456"), (-5, "a", "123456"), (10**12 + 1, "a", "123456"),
        (1, "", "123456"), (1, " ", "123456"), (1, "a\nb", "123456"), (1, "\x1b[2J", "123456"), (1, "a" * 65, "123456"),
        (1, "a", "123"), (1, "a", "12345678901"), (1, "a", "12345x"), (1, "a", "１２３４５６"),
    ],
)  # fmt: skip
def test_messages_that_cannot_be(amount: int, payee: str, code: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        otp_message(amount=amount, payee=payee, code=code)


@pytest.mark.parametrize(
    "text", ["", "80", ":80", "host:", "host:x", "host:65536", "a b:80", "::1:80", "[::1]", "[x y]:80", "host:123456"]
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not an address, expected host:port"):
        Address.parse(text)


@given(st.integers(0, 65535))
def test_addresses(port: int) -> None:
    for host, text in (("localhost", f"localhost:{port}"), ("::1", f"[::1]:{port}"), ("10.0.0.1", f"10.0.0.1:{port}")):
        assert Address.parse(text) == (host, port)
        assert str(Address.parse(text)) == text


@pytest.mark.parametrize(
    "names",
    [
        {"common_name": ""},
        {"common_name": " "},
        {"common_name": "x" * 65},
        {"common_name": "a\x00b"},
        {"country": "India"},
        {"country": "in"},
        {"country": "1N"},
        {"state": "x" * 129},
        {"locality": ""},
        {"organization": "\n"},
        {"dns_names": ("",)},
        {"dns_names": ("-a.example",)},
        {"dns_names": ("a..b",)},
        {"dns_names": ("x" * 64 + ".example",)},
        {"dns_names": ("a.example.",)},
        {"dns_names": ("*.example",)},
    ],
)
def test_names_that_a_certificate_cannot_carry(names: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Subject(**{"common_name": "a", **names})  # type: ignore[arg-type]  # some of them are wrong: that is the point


def test_a_subject_is_a_name() -> None:
    assert str(DEFAULTS["client"].name) == "C=IN, ST=Karnataka, L=Bengaluru, O=Example Bank, CN=client.bank.example"
    assert DEFAULTS["ttp"].name == Name.build(
        common_name="Cutaway TTP", country="IN", state="Karnataka", locality="Bengaluru", organization="Cutaway"
    )


def test_asking_again_until_it_can_be() -> None:
    answers = iter(("", "Nepal", "NP", "", "", "", "a..b", ",", "a.example, b.example"))
    complaints: list[str] = []
    subject = ask(DEFAULTS["server"], about="server", question=lambda _: next(answers), complain=complaints.append)
    assert (subject.country, subject.common_name) == ("NP", "server.bank.example")
    assert subject.dns_names == ("a.example", "b.example")
    assert len(complaints) == 3


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?){0,4}", fullmatch=True))
def test_dns_names(name: str) -> None:
    assert dns_name(name) == name


def test_times() -> None:
    moment = datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert option_values.moment("2030-12-31T23:59:59Z") == moment
    assert option_values.moment("2030-12-31 23:59:59") == moment
    assert option_values.moment("2031-01-01T05:29:59+05:30") == moment


def test_a_seed_makes_time_and_randomness() -> None:
    assert World("ttp", seed=5).now() == SEEDED_TIME + timedelta(seconds=5)
    assert World("ttp", seed=5, at=datetime(2030, 1, 1, tzinfo=UTC)).now().year == 2030
    sources = [
        World(party, seed=seed).random_bytes(purpose)(32)
        for party in ("ttp", "server")
        for seed in (1, 2)
        for purpose in ("key", "connection")
    ]
    assert len(set(sources)) == 8
    assert World("ttp").random_bytes("key")(32) != World("ttp").random_bytes("key")(32)


@given(st.lists(st.integers(0, 40_000), max_size=5))
def test_a_seeded_source_is_one_stream(lengths: list[int]) -> None:
    source = World("ttp", seed=1).random_bytes("key")
    pieces = [source(length) for length in lengths]
    assert [len(piece) for piece in pieces] == lengths
    assert b"".join(pieces) == World("ttp", seed=1).random_bytes("key")(sum(lengths))
