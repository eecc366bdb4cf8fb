"""`python -m demo chat`: three people who chat, over Diffie–Hellman with AES-CFB and over X25519 with AES-GCM."""

from __future__ import annotations

from demo.commands.scene import PATIENCE, Scene, SceneCommand, wire
from demo.failure import PartyError
from demo.stage.processes import PartyProcess

TITLE = "Cutaway: a chat"
WHY = (
    "A server that passes on what each says to all others; asha, bala and chandra; and a trusted third party (TTP), by "
    "whose certificates they know each other. Each is a process of its own."
)
NARRATION = {
    "chat begins": "is connected with {server}, by {suite}.",
    "shown": "reads:  {text}",
    "typed": "types:  {text}",
}
WAYS = {
    "dh": (
        "Diffie-Hellman modulo a prime, and AES-CFB",
        "The prime is ffdhe2048 (RFC 7919). No IANA suite has AES-CFB; here it is of the private range, and an HMAC "
        "over the ciphertext notices every change, which CFB by itself would pass on into the text.",
    ),
    "x25519": (
        "X25519, and AES-GCM",
        "The same people and certificates; the keys are agreed on a curve, by a suite that the whole world speaks.",
    ),
}


def _play(scene: Scene) -> None:
    scene.step("The TTP", "Names are not chosen in the chat: they are in the certificates.")
    scene.start_ttp("server", "asha", "bala", "chandra")
    for kex in WAYS:
        _chat(scene, kex)


def _chat(scene: Scene, kex: str) -> None:
    scene.step(*WAYS[kex])
    server, address = scene.start_server("chat server", "--kex", kex)
    tap = scene.tap(address)
    people: dict[str, PartyProcess] = {}

    def says(name: str, text: str) -> None:
        """Have one type a line, and all the others read it."""
        process = server if name == "server" else people[name]
        process.answer(text)
        scene.tell({"party": name, "event": "typed", "text": text})
        for other, reader in people.items():
            if other != name:
                _reads(scene, reader, f"{name}: {text}")

    for name in ("asha", "bala", "chandra"):
        people[name] = scene.start_client("chat client", name, tap.address, "--kex", kex)
        scene.tell(people[name].wait_for("chat begins", timeout=PATIENCE))
        for other, reader in people.items():
            if other != name:
                _reads(scene, reader, f"{name} has joined")
    says("asha", "Is anybody here?")
    says("bala", "Chandra and I, and the one who keeps the server.")
    says("server", "Good evening, all of you.")
    people.pop("chandra").answer("exit")
    _reads(scene, people["asha"], "chandra has left")
    for process in people.values():
        process.close_parent_pipe()  # the end of its input
        process.wait(timeout=PATIENCE)
    server.answer("exit")
    server.wait(timeout=PATIENCE)
    seen = wire(tap)
    if b"anybody" in seen or b"evening" in seen:
        raise PartyError("what was said went over the wire in the clear")
    scene.overheard(
        f"EAVESDROPPER, on the wire: {len(seen)} bytes. Nothing of what was said is in them.",
        ["Who is here can be read, for TLS 1.2 shows certificates in the clear; and who says much, from the lengths."],
    )


def _reads(scene: Scene, reader: PartyProcess, text: str) -> None:
    """Wait until somebody's screen shows the text, and tell it."""
    number = 0
    while (event := reader.wait_for("shown", number=number, timeout=PATIENCE))["text"] != text:
        number += 1
    scene.tell(event)


COMMAND = SceneCommand(
    name="chat",
    description="A chat of three people and a server, with a trusted third party (TTP) and somebody on the wire: over "
    "Diffie-Hellman with AES-CFB, and over X25519 with AES-GCM.",
    by_hand=(
        "ttp --stay --enrol server --enrol asha --enrol bala",
        "chat server --kex dh",
        "chat client --kex dh --name asha",
        "chat client --kex dh --name bala",
    ),
    title=TITLE,
    why=WHY,
    narration=NARRATION,
    play=_play,
)
