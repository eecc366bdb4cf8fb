"""`python -m demo bank`: a bank and two customers, a transfer with a one-time password, and what may go wrong."""

from __future__ import annotations

from demo.bank.narration import NARRATION
from demo.commands.scene import PATIENCE, Scene, SceneCommand, wire
from demo.failure import PartyError
from demo.wire.flows import CutOffError, Flow
from record.codes import ContentType

TITLE = "Cutaway: a bank and its customers"
WHY = (
    "A bank, which keeps a ledger; two customers, asha and bala; and a trusted third party (TTP), by whose "
    "certificates they know each other. Each is a process of its own."
)


class CutTheAnswer:
    """Cuts the first connection when the bank answers on it."""

    def __init__(self) -> None:
        self.cut = False

    def __call__(self, flow: Flow, number: int, record: bytes) -> list[bytes]:
        """Pass the record on, or cut the connection."""
        if flow is Flow.TO_CALLER and record[0] == ContentType.APPLICATION_DATA and not self.cut:
            self.cut = True
            raise CutOffError
        return [record]


def _play(scene: Scene) -> None:
    scene.step("The bank opens", "The TTP certifies the bank and its customers. An account belongs to a name.")
    scene.start_ttp("server", "asha", "bala")
    bank, address = scene.start_server("bank server")
    scene.tell_of(bank, "CRL fetched", "ledger", "listening")

    def customer(name: str, *errand: str) -> None:
        client = scene.start_client("bank client", name, tap.address, *errand)
        status = client.exit_status(timeout=PATIENCE)
        scene.tell_of(client, "otp arrived", "done", "holds")
        if status != 0:
            scene.tell({"party": name, "event": "refused by the bank", "reason": client.last_words()})

    tap = scene.tap(address)
    scene.step("A deposit", "Amounts are whole paise, and each is written down twice: what one has, another gave.")
    customer("bala", "balance")
    customer("asha", "deposit", "1,000")
    scene.step(
        "A transfer, confirmed",
        "The bank makes a one-time password (HOTP, RFC 4226) for this order, and sends it to the customer by the "
        "same channel, on which both have shown who they are. Here it is confirmed at once; by hand, it is typed.",
    )
    customer("asha", "transfer", "bala", "300", "--confirm")
    customer("bala", "balance")
    if b"OTP" in (seen := wire(tap)):
        raise PartyError("the one-time password went over the wire in the clear")
    scene.overheard(
        f"EAVESDROPPER, on the wire: {len(seen)} bytes. No amount and no password is in them.",
        ["What can be read is who talks to the bank, for TLS 1.2 shows certificates in the clear, and how much."],
    )
    scene.step("What is not there cannot be had", "A trigger of the ledger refuses an overdraft, no matter who asks.")
    customer("asha", "withdraw", "5,000")
    scene.step(
        "A cut connection pays once",
        "Somebody on the wire cuts the connection when the bank answers: the money has been moved, and the "
        "customer does not know. It asks again under the same id, and gets the answer that was lost.",
    )
    tap = scene.tap(address, tamper=CutTheAnswer())
    customer("asha", "withdraw", "50", "--request", "rent-for-june")
    customer("asha", "withdraw", "50", "--request", "rent-for-june")
    scene.note("Both have the same number: it was done once.")
    scene.step("The bank is killed", "What was confirmed is on the disk. Started again, the bank checks its ledger.")
    bank.kill()
    bank, address = scene.start_server("bank server")
    scene.tell_of(bank, "ledger")
    tap = scene.tap(address)
    customer("asha", "balance")
    customer("bala", "balance")


COMMAND = SceneCommand(
    name="bank",
    description="A bank and two customers, with a trusted third party (TTP) and somebody on the wire: deposits, a "
    "transfer that is confirmed by a one-time password, a connection that is cut, and a bank that is killed.",
    by_hand=(
        "ttp --stay --enrol server --enrol asha --enrol bala",
        "bank server",
        "bank client --name bala balance",
        "bank client --name asha",
    ),
    title=TITLE,
    why=WHY,
    narration=NARRATION,
    play=_play,
)
