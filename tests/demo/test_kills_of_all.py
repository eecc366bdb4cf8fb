"""Any of the three parties, or whoever chats, killed at any moment: what is on disk stays whole, and all works again.

The TTP under a crowd's load, and the bank with its customers, are killed in `test_kills.py` and `bank/test_kills.py`.
"""

import random
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo.children import Child
from demo.failure import PartyError
from pki.keys import load_private_key
from pki.registry import Registry
from pki.x509 import Certificate
from tests.demo.parties import ANY_PORT, OTP, PATIENCE, Parties, copy, listening

RUN = 4.5  # seconds in which a run has seen most of what it does: the kills come anywhere in them
SHORT = 8.0  # seconds for which the parties wait for each other: whoever is killed does not come
FRESH = 0.3  # of the runs begin with nothing on disk


@dataclass
class Disk:
    """What a directory holds, and has held before.

    keys: every private key that was once there, by its path. serials: those of the certificates that were there.
    """

    directory: Path
    keys: dict[Path, bytes] = field(default_factory=dict)
    serials: set[int] = field(default_factory=set)

    def check(self) -> None:
        for path in sorted(self.directory.rglob("*")):
            if path.name.endswith("key.pem"):
                data = path.read_bytes()
                load_private_key(data)
                assert path.stat().st_mode & 0o777 == 0o600
                assert self.keys.setdefault(path, data) == data, f"{path} is another key than before"
        assert all(path.exists() for path in self.keys)
        for party in ("server", "client"):
            path = self.directory / party / "certificate.pem"
            if path.exists():
                self.serials.add(Certificate.from_pem(path.read_bytes()).serial_number)
        if self.serials:
            with Registry(self.directory / "ttp" / "registry.db").look() as ledger:
                issued = [record.certificate.serial_number for record in ledger.certificates()]
            assert len(issued) == len(set(issued))
            assert self.serials <= set(issued)


def one_run(directory: Path, chance: random.Random | None) -> list[Child]:
    """Let the three exchange an OTP; with `chance`, one of them is killed at some moment."""
    with Parties(directory, timeout=PATIENCE if chance is None else SHORT) as parties:
        started: list[Child] = []
        killed: list[Child] = []

        def kill() -> None:
            if chance is not None and started:
                killed.append(chance.choice(started))
                killed[0].kill()

        killer = threading.Timer(RUN * (chance.random() if chance else 0), kill)
        killer.start()
        try:
            started.append(parties.start("ttp", "--stay", "--listen", ANY_PORT))
            where = str(listening(started[0]))
            started.append(parties.start("server", "--ttp", where, "--listen", ANY_PORT))
            started.append(parties.start("client", "--ttp", where, "--connect", str(listening(started[1]))))
        except PartyError:
            assert chance is not None
        killer.join()
        for child in reversed(started):  # the TTP last
            stays = child.party == "ttp"
            if stays:
                child.cut_lifeline()
            status = child.exit_status(timeout=PATIENCE)
            complaints = child.complaints()
            if stays:
                assert "Traceback" not in "".join(complaints)
            elif child not in killed:  # whoever is left ends well, or says in one line why not
                assert (status, len(complaints)) in ((0, 0), (1, 1)), complaints
                assert "Traceback" not in "".join(complaints)
        return started


def kill_at_random(directory: Path, *, times: int, seed: int) -> None:
    chance = random.Random(seed)
    disk = Disk(directory / "0")
    for number in range(times):
        if chance.random() < FRESH:
            disk = Disk(directory / str(number))
        one_run(disk.directory, chance)
        disk.check()
        if chance.random() < FRESH or number == times - 1:
            told = one_run(disk.directory, None)
            assert [child.exit_status(timeout=PATIENCE) for child in told[1:]] == [0, 0]
            assert [event["text"] for event in told[2].events if event["event"] == "otp received"] == [OTP]
            disk.check()


def test_whoever_of_the_three_is_killed(tmp_path: Path) -> None:
    kill_at_random(tmp_path, times=1, seed=4)


@pytest.mark.slow
def test_whoever_of_the_three_is_killed_fifty_times(tmp_path: Path) -> None:
    kill_at_random(tmp_path, times=50, seed=2)


@pytest.mark.slow
def test_chatting_while_others_are_killed(people_once: Path, tmp_path: Path) -> None:
    chance = random.Random(3)
    state = copy(people_once, tmp_path / "state")
    with Parties(state) as parties:
        server = parties.start("chat server", "--listen", ANY_PORT)
        address = listening(server)

        def join(name: str) -> Child:
            client = parties.start("chat client", "--name", name, "--connect", str(address))
            client.wait_for("chat begins", timeout=PATIENCE)
            return client

        stays = join("asha")
        heard = 0
        for number in range(30):
            guest = join("bala")
            dying = threading.Timer(0.05 * chance.random(), guest.kill)
            dying.start()
            guest.answer(f"I am guest {number}")
            dying.join()
            assert guest.exit_status(timeout=PATIENCE) == -9
            stays.answer(f"after {number}")  # nobody else is harmed
            while server.wait_for("shown", number=heard, timeout=PATIENCE)["text"].split(": ")[-1] != f"after {number}":
                heard += 1
        server.kill()
        assert stays.exit_status(timeout=PATIENCE) == 1
        (complaint,) = stays.complaints()
        assert "Traceback" not in complaint
        again = parties.start("chat server", "--listen", str(address))  # the same port, at once
        assert listening(again) == address
        assert join("bala").events
