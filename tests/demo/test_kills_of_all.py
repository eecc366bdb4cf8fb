"""Any of the three parties, or any in a chat, killed at any moment: what is on disk stays whole, and all works again.

The TTP under a crowd's load, and the bank with its customers, are killed in `test_kills.py` and `bank/test_kills.py`.
"""

import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from demo.failure import PartyError
from demo.stage.processes import PartyProcess
from tests.demo.support.disk import Disk
from tests.demo.support.parties import ANY_PORT, OTP, PATIENCE, Parties, copy, listening

SHORT = 4.0  # seconds for which the parties wait for each other: one that is killed does not come
FRESH = 0.3  # of the runs begin with nothing on disk
AT_A_FILE = 0.4  # of the kills come when a file is written
LONGEST = 0.7  # seconds: about what it takes to start a process, or to make a key

FILES = {
    "ttp": ("key.pem", "certificate.pem", "registry.db", "service-key.pem", "service.pem", "crl.pem"),
    "server": ("key.pem", "request.pem", "root.pem", "certificate.pem", "crl.pem"),
    "client": ("key.pem", "request.pem", "root.pem", "certificate.pem", "crl.pem"),
}
APPLICANT = ("started", "key", "request", "root trusted", "channel", "certificate")
TALKING = ("certificate verified", "master secret agreed", "handshake completed", "otp sent", "otp received", "closed")
MOMENTS = {
    "ttp": ("started", "key", "root", "service", "introduction letter", "listening", "issued"),
    "server": (*APPLICANT, "listening", *TALKING),
    "client": (*APPLICANT, *TALKING),
}
"""What each of them reports while it goes on. On any machine, that tells how far it is."""


@dataclass(frozen=True)
class Kill:
    """Somebody is killed so many seconds after a moment.

    moment: what it reports, or the next thing that it does; or a file of its, when it begins to be there.
    """

    party: str
    moment: str
    seconds: float

    @classmethod
    def choose(cls, chance: random.Random) -> Self:
        party = chance.choice(list(MOMENTS))
        if chance.random() < AT_A_FILE:
            return cls(party, chance.choice(FILES[party]), 0)
        # Mostly at once, when there is much to do; some in the middle of the long computations.
        return cls(party, chance.choice(MOMENTS[party]), LONGEST * chance.random() ** 3)

    def do(self, process: PartyProcess, folder: Path) -> None:
        moments = MOMENTS[self.party]
        if self.moment in FILES[self.party]:
            # It may not have its name yet.
            while process._process.poll() is None and not any(folder.glob(f"*{self.moment}*")):
                time.sleep(0.0005)
        elif self.moment != "started":
            with suppress(PartyError):  # it ended before
                process.wait_for(*moments[moments.index(self.moment) :], timeout=PATIENCE)
        time.sleep(self.seconds)
        process.kill()


def one_run(directory: Path, kill: Kill | None) -> list[PartyProcess]:
    """Let the three exchange an OTP, unless one of them is killed."""
    with Parties(directory, timeout=PATIENCE if kill is None else SHORT) as parties:
        started: list[PartyProcess] = []
        killers: list[threading.Thread] = []

        def start(party: str, *words: str) -> PartyProcess:
            process = parties.start(party, *words)
            started.append(process)
            if kill is not None and kill.party == party:
                killers.append(threading.Thread(target=kill.do, args=(process, directory / party)))
                killers[0].start()
            return process

        try:
            where = str(listening(start("ttp", "--stay", "--listen", ANY_PORT)))
            server = start("server", "--ttp", where, "--listen", ANY_PORT)
            start("client", "--ttp", where, "--connect", str(listening(server)))
        except PartyError:
            assert kill is not None
        for killer in killers:
            killer.join()
        for process in reversed(started):  # the TTP last
            stays = process.party == "ttp"
            if stays:
                process.close_parent_pipe()
            status = process.exit_status(timeout=PATIENCE)
            complaints = process.complaints()
            assert "Traceback" not in "".join(complaints)
            if not stays and (kill is None or kill.party != process.party):
                # A party that is left ends well, or says in one line why not.
                assert (status, len(complaints)) in ((0, 0), (1, 1)), complaints
        return started


def kill_one(disk: Disk, kill: Kill) -> bool:
    """Return whether the kill came before the end."""
    told = one_run(disk.directory, kill)
    disk.check(killed=1)
    return any(process.exit_status(timeout=PATIENCE) == -signal.SIGKILL for process in told)


def all_works(disk: Disk) -> None:
    told = one_run(disk.directory, None)
    assert [process.exit_status(timeout=PATIENCE) for process in told[1:]] == [0, 0]
    assert [event["text"] for event in told[2].events if event["event"] == "otp received"] == [OTP]
    disk.check(killed=0)


def test_who_is_killed_while_it_writes(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "state")
    assert kill_one(disk, Kill("ttp", "service.pem", 0))
    all_works(disk)


@pytest.mark.slow
def test_any_of_the_three_is_killed_fifty_times(tmp_path: Path) -> None:
    chance, killed = random.Random(2), 0
    disk = Disk(tmp_path / "0")
    for number in range(50):
        if chance.random() < FRESH:
            disk = Disk(tmp_path / str(number))
        killed += kill_one(disk, Kill.choose(chance))
        if chance.random() < FRESH or number == 49:
            all_works(disk)
    assert killed > 20


@pytest.mark.slow
def test_chatting_while_others_are_killed(people_once: Path, tmp_path: Path) -> None:
    chance = random.Random(3)
    state = copy(people_once, tmp_path / "state")
    with Parties(state) as parties:
        server = parties.start("chat server", "--listen", ANY_PORT)
        address = listening(server)

        def join(name: str) -> PartyProcess:
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
