"""The exchange with a negotiated suite: the eight combinations, a person's choice, keys under a passphrase, PEM."""

import socket
from pathlib import Path

import pytest

from demo.failure import PartyError
from demo.otp.combinations import CIPHERS, COMBINATIONS, HASHES, KEY_EXCHANGES, Combination, combinations
from demo.party.keys import ECKeys, KeyPlan, RSAKeys, load_key
from handshake.suites.table import DEFAULT_SUITES
from pki.commands.passphrases import Passphrase
from pki.keys import PasswordMissing, load_private_key
from pki.signatures import RSA_PKCS1_SHA256, RSA_PKCS1_SHA384
from pki.x509 import Certificate, CertificateSigningRequest
from primitives.ec import ECPublicKey
from primitives.rsa import RSAPublicKey
from tests.demo.support.parties import ANY_PORT, OTP, PATIENCE, Ending, Parties, certificate, copy, exchange, listening
from tests.demo.support.terminal import Terminal, demo


@pytest.fixture(scope="module")
def of_both_kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory in which server and client have RSA keys and EC keys."""
    directory = tmp_path_factory.mktemp("both")
    with Parties(directory) as parties:
        ttp, address = parties.ttp("--kex", "rsa", "--kex", "ecdsa")
        for kex in KEY_EXCHANGES:
            for party, where in (("server", ("--listen", ANY_PORT)), ("client", ("--connect", "127.0.0.1:1"))):
                process = parties.start(party, "--ttp", str(address), "--kex", kex, *where)
                process.wait_for("certificate", timeout=PATIENCE)
        ttp.wait(timeout=PATIENCE)
    return directory


def test_there_are_eight_and_each_has_a_standard_suite() -> None:
    assert len(COMBINATIONS) == len(set(COMBINATIONS)) == 8
    assert {(each.kex, each.cipher, each.hash) for each in COMBINATIONS} == {
        (kex, cipher, hash) for kex in KEY_EXCHANGES for cipher in CIPHERS for hash in HASHES
    }
    standard = {suite.name: suite for suite in DEFAULT_SUITES}
    for each in COMBINATIONS:
        suite = standard[each.suite]
        assert each.cipher in suite.cipher.name.lower()
        assert suite.authentication.name.lower() == each.kex
        if (each.cipher, each.hash) != ("chacha20", "sha384"):  # which no standard suite is
            assert suite.prf_hash.name == each.hash
    assert combinations(["ecdsa"], None, ["sha256"]) == (COMBINATIONS[4], COMBINATIONS[6])


EVERY_DAY = (0, 3, 5, 6)  # each value beside each other one of another kind


@pytest.mark.parametrize(
    "each",
    [
        pytest.param(
            each, marks=[] if number in EVERY_DAY else pytest.mark.slow, id=f"{each.kex}-{each.cipher}-{each.hash}"
        )
        for number, each in enumerate(COMBINATIONS)
    ],
)
def test_each_combination_runs(of_both_kinds: Path, each: Combination) -> None:
    words = ("--kex", each.kex, "--cipher", each.cipher, "--hash", each.hash)
    result = exchange(of_both_kinds, server=words, client=words)
    assert (result.server.status, result.client.status) == (0, 0)
    [received] = result.client.all("otp received")
    assert received["text"] == OTP
    assert OTP.encode() not in result.wire
    [completed] = result.client.all("handshake completed")
    assert completed["suite"] == each.suite
    for ending in (result.server, result.client):
        assert ending.all("combination")[0]["facts"] == each.meaning
        for verified in ending.all("signature verified"):  # of the other side's, whatever was signed in this exchange
            assert verified["scheme"].endswith(each.hash)
    shown = result.server.all("message")[2]
    assert ["public key"] not in shown["facts"]
    leaf = Certificate.from_pem(shown["pem"].encode())
    assert isinstance(leaf.public_key, RSAPublicKey if each.kex == "rsa" else ECPublicKey)


def test_who_offers_something_else_gets_no_otp(of_both_kinds: Path) -> None:
    result = exchange(of_both_kinds, server=("--cipher", "aes"), client=("--cipher", "chacha20"))
    assert (result.server.status, result.client.status) == (1, 1)
    assert result.server.alerts == [("sent", "handshake_failure")]
    assert result.client.line == "client: the other side refused to go on: it sent the alert handshake_failure"


def test_a_person_chooses_among_what_the_client_offers(of_both_kinds: Path) -> None:
    with Parties(of_both_kinds) as parties:
        server = parties.start("server", "--choose", "--kex", "rsa", "--kex", "ecdsa", "--listen", ANY_PORT)
        client = parties.start("client", "--hash", "sha384", "--connect", str(listening(server)))
        question = server.wait_for("question", timeout=PATIENCE)
        offered = [str(each) for each in COMBINATIONS if each.hash == "sha384"]
        assert question["choices"] == offered
        server.answer("3")
        assert Ending.of(server).status == 0
        ended = Ending.of(client)
    [completed] = ended.all("handshake completed")
    assert completed["suite"] == COMBINATIONS[7].suite
    [verified] = ended.all("signature verified")
    assert verified["scheme"] == "ecdsa_secp384r1_sha384"


def test_choosing_at_a_terminal(of_both_kinds: Path, tmp_path: Path) -> None:
    directory = copy(of_both_kinds, tmp_path / "state")
    terminal = Terminal("server", "--choose", "--directory", str(directory), "--listen", ANY_PORT)
    terminal.read_until("listens at ")
    terminal.read_until(".\r\n")
    address = terminal.shown.split("listens at ")[1].split(".\r\n")[0]
    with Parties(directory) as parties:
        client = parties.start("client", "--kex", "rsa", "--cipher", "aes", "--connect", address)
        terminal.read_until("The client offers:")
        for answer, reaction in (("x\n", "'x' is not one of"), ("9\n", "'9' is not one of"), ("2\n", "SHA384")):
            terminal.read_until("Which one [1]: ")
            terminal.type(answer)
            terminal.read_until(reaction)
        assert terminal.exit_status() == 0
        assert Ending.of(client).all("handshake completed")[0]["suite"] == "TLS_RSA_WITH_AES_256_GCM_SHA384"


def test_a_silent_client_is_not_waited_for_without_end(of_both_kinds: Path) -> None:
    with Parties(of_both_kinds, timeout=1) as parties:
        server = parties.start("server", "--choose", "--listen", ANY_PORT)
        address = listening(server)
        with socket.create_connection(address):
            ended = Ending.of(server)
    assert (ended.status, ended.line) == (1, "server: the client did not say hello within 1 s")


def test_nonsense_before_the_choice_gets_its_alert(of_both_kinds: Path) -> None:
    with Parties(of_both_kinds) as parties:
        server = parties.start("server", "--choose", "--listen", ANY_PORT)
        with socket.create_connection(listening(server)) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            ended = Ending.of(server)
    assert (ended.status, len(ended.alerts)) == (1, 1)


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("server --suite AES128-SHA256 --kex rsa", "server: --suite says it all: give it, or some of --kex, --cipher"),
        ("server --choose --stay", "server: somebody is to choose for one client (--ask, --choose) and not for many"),
        ("otp --kex dsa", "python -m demo otp: argument --kex: invalid choice: 'dsa'"),
        (
            "ttp --enrol Asha",
            "python -m demo ttp: argument --enrol: 'Asha' is not an applicant, expected server, client, a",
        ),
        (
            "ttp --enrol introduction-letters",
            "python -m demo ttp: argument --enrol: 'introduction-letters' is not an applicant",
        ),
        (
            "server --passphrase-file x --passphrase-env Y",
            "server: there is one passphrase: give one of",
        ),
    ],
)
def test_wrong_commands(tmp_path: Path, command: str, complaint: str) -> None:
    ended = demo(*command.split(), *([] if command.startswith("otp") else ["--directory", str(tmp_path / "state")]))
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(complaint)


@pytest.mark.slow
def test_the_whole_story_with_a_passphrase_and_all_that_phases_show(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("correct horse\n")
    directory = tmp_path / "state"
    ended = demo(
        "otp", "--kex", "ecdsa", "--cipher", "chacha20", "--hash", "sha256", "--phases", "--directory", str(directory),
        "--passphrase-file", str(tmp_path / "passphrase"), COLUMNS="80",
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    root, leaf = certificate(directory, "ttp"), certificate(directory, "server-ec")
    assert root.signature_algorithm == leaf.signature_algorithm == RSA_PKCS1_SHA256
    for shown in (root.to_pem(), leaf.to_pem(), (directory / "client-ec" / "request.pem").read_bytes()):
        assert shown.decode() in ended.stdout
    for number in range(1, 5):
        assert f"Phase {number}: " in ended.stdout
    assert ended.stdout.count("whole random") == 2
    assert ended.stdout.count("✓ validity: from ") == 2  # both sides say so
    for path in (directory / "ttp", directory / "server-ec", directory / "client-ec"):
        key = (path / "key.pem").read_bytes()
        assert b"ENCRYPTED PRIVATE KEY" in key
        assert (path / "key.pem").stat().st_mode & 0o777 == 0o600
        with pytest.raises(PasswordMissing):
            load_private_key(key)


@pytest.mark.slow
def test_an_encrypted_key_is_used_again_with_its_passphrase_alone(
    of_both_kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW", "correct horse")
    monkeypatch.setenv("RIGHT", "correct horse")
    monkeypatch.setenv("WRONG", "battery staple")
    with Parties(tmp_path) as parties:
        _, address = parties.ttp("--enrol", "client")
        words = ("--ttp", str(address), "--connect", "127.0.0.1:1")
        ended = {}
        for variable in ("NEW", "WRONG", "RIGHT"):
            ended[variable] = Ending.of(parties.start("client", *words, "--passphrase-env", variable))
    assert "cannot be decrypted: the passphrase is wrong" in ended["WRONG"].line
    assert [event["made"] for event in ended["RIGHT"].all("key")] == ["no"]


def test_what_is_signed_with_which_hash_by_default(of_both_kinds: Path) -> None:
    """The first of the five systems: the root with SHA-256, server and client with SHA-384, RSA of 2048 bits."""
    assert certificate(of_both_kinds, "ttp").signature_algorithm == RSA_PKCS1_SHA256
    for party in ("server", "client"):
        issued = certificate(of_both_kinds, party)
        assert issued.signature_algorithm == RSA_PKCS1_SHA384
        assert isinstance(issued.public_key, RSAPublicKey)
        assert issued.public_key.n.bit_length() == 2048
        request = CertificateSigningRequest.from_pem((of_both_kinds / party / "request.pem").read_bytes())
        assert request.signature_algorithm == RSA_PKCS1_SHA384


def test_a_key_of_another_kind_is_refused(of_both_kinds: Path) -> None:
    path = of_both_kinds / "server" / "key.pem"
    with pytest.raises(PartyError, match="holds a key that is RSA, 2048 bits, expected an EC key on P-256"):
        load_key(path, KeyPlan(ECKeys()))
    with pytest.raises(PartyError, match="expected an RSA key of 3072 bits"):
        load_key(path, KeyPlan(RSAKeys(3072)))
    assert load_key(path, KeyPlan(passphrase=Passphrase(None, None))) is not None


@pytest.mark.slow
def test_the_server_that_stays_serves_many(of_both_kinds: Path) -> None:
    with Parties(of_both_kinds) as parties:
        server = parties.start("server", "--stay", "--otp", "random", "--listen", ANY_PORT)
        address = str(listening(server))
        clients = [parties.start("client", "--connect", address) for _ in range(3)]
        texts = {Ending.of(client).all("otp received")[0]["text"] for client in clients}
        delivered = [server.wait_for("delivered", number=number, timeout=PATIENCE) for number in range(3)]
    assert len(texts) == 3
    assert [event["client"] for event in delivered] == ["client.bank.example"] * 3
