"""Writes docs/key-schedule.md: the key schedule of TLS 1.3, drawn from a run of it. A test compares.

`python docs/key_schedule.py` writes it anew. Names, labels, sections and reasons are those of the recorded steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from explain.trace import Step, recording
from handshake.registries.codes import Role
from handshake.tls13.key_schedule import EarlySecret
from primitives.sha2 import sha256

HERE = Path(__file__).parent

HEAD = """\
# The key schedule of TLS 1.3

Written by `python docs/key_schedule.py` from a run of
[handshake/tls13/key_schedule.py](../handshake/tls13/key_schedule.py). Each kind of secret is a type of its own in that
file, and only the secret that it hangs from in the picture makes one: nothing else returns such a type. A word in
quotes is the label with which a secret is derived. Behind *hash of* stands the last message of the transcript that goes
into it: so a secret belongs to all that was said until then.

```text
"""

BETWEEN = """\
```

Along the bends, each secret takes in one more input: first a key from before, then the key exchange, and at last zeros,
for a third input that nobody has needed yet. The others are those that are used. What becomes of them:

| what is made | where | why |
| --- | --- | --- |
"""

REASONS = """
And why each secret is there:

| secret | where | why |
| --- | --- | --- |
"""


@dataclass
class Node:
    """A secret: the step that made it, the label it was derived with, what else went into it, and what comes of it."""

    step: Step
    label: str
    also: str
    children: list[Node] = field(default_factory=list)

    def lines(self, indent: str = "") -> Iterator[str]:
        """Return the picture of the secret and of what is below it."""
        for number, child in enumerate(self.children):
            is_last = number == len(self.children) - 1
            yield f"{indent}{'└─' if is_last else '├─'} {child.title}"
            yield from child.lines(indent + ("   " if is_last else "│  "))

    @property
    def title(self) -> str:
        """One line about it."""
        label = f'"{self.label}"' if self.label else ""
        inputs = ", ".join(filter(None, (label, self.also)))
        return f"{self.step.name}   ({inputs})"

    def all(self) -> Iterator[Node]:
        """Return it, and all below it."""
        yield self
        for child in self.children:
            yield from child.all()


def derived(make: Callable[[], object], also: str) -> tuple[object, Node]:
    """Return what a derivation makes, and the node that it is in the picture."""
    with recording() as made:
        secret = make()
    labels = [step.value for step in made[-1].walk() if step.name == "label"]
    label = bytes(labels[0]).decode().removeprefix("tls13 ") if labels else ""
    return secret, Node(made[-1], label, also)


def schedule() -> tuple[Node, list[Node]]:
    """Return the tree of the secrets, and what is made of a traffic secret."""
    hashed = {"transcript_hash": sha256(b"").digest()}
    early, top = derived(lambda: EarlySecret.extract(None, hash=sha256), "of a PSK, or of zeros")
    assert isinstance(early, EarlySecret)
    second = derived(lambda: early.handshake_secret(bytes(32)), "and the key exchange's shared secret")[1]
    third = derived(lambda: early.handshake_secret(bytes(32)).main_secret(), "and zeros")[1]
    top.children = [
        derived(lambda: early.binder_key(is_external=False), "")[1],
        derived(lambda: early.client_early_traffic_secret(**hashed), "hash of ClientHello")[1],
        derived(lambda: early.early_exporter_secret(**hashed), "hash of ClientHello")[1],
        second,
    ]
    secret = early.handshake_secret(bytes(32))
    second.children = [
        *(derived(lambda r=r: secret.traffic_secret(r, **hashed), "hash of ServerHello")[1] for r in Role),  # type: ignore[misc]
        third,
    ]
    last = secret.main_secret()
    third.children = [
        *(derived(lambda r=r: last.traffic_secret(r, **hashed), "hash of the server's Finished")[1] for r in Role),  # type: ignore[misc]
        derived(lambda: last.exporter_secret(**hashed), "hash of the server's Finished")[1],
        derived(lambda: last.resumption_secret(**hashed), "hash of the client's Finished")[1],
    ]
    traffic = last.traffic_secret(Role.CLIENT, **hashed)
    uses = [
        derived(lambda: traffic.write_keys(key_length=16, iv_length=12), "")[1],
        derived(lambda: traffic.verify_data(**hashed), "hash of all messages before the Finished")[1],
        derived(traffic.updated, "")[1],
        derived(lambda: last.resumption_secret(**hashed).psk(b"\0"), "the ticket's nonce")[1],
        derived(lambda: last.exporter_secret(**hashed).export(b"label", b"", 32), "a protocol's label")[1],
    ]
    return top, uses


def page() -> str:
    """Return the whole page."""
    top, uses = schedule()
    lines = [top.title, *top.lines()]
    used = "".join(f"| {use.step.name} | {use.step.section} | {use.step.why} |\n" for use in uses)
    reasons = "".join(f"| {node.step.name} | {node.step.section} | {node.step.why} |\n" for node in top.all())
    return HEAD + "\n".join(lines) + "\n" + BETWEEN + used + REASONS + reasons


if __name__ == "__main__":
    (HERE / "key-schedule.md").write_text(page(), encoding="utf-8")
