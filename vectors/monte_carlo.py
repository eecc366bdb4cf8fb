"""The Monte Carlo tests: an operation on its own output, over and over, until one wrong bit would show.

Standard     NIST: SHAVS §6.4; SHA3VS §6.2.3 and §6.3.3; AESAVS §6.4; TMOVS (SP 800-20);
             draft-celi-acvp-sha §6.2; draft-celi-acvp-symmetric §6.

Each procedure is a loop around an implementation's ordinary operations, so any implementation can be put to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vectors.cases import Value
from vectors.operations import Perform
from vectors.operations.inputs import Inputs

ROUNDS = 1000


def _output(perform: Perform, operation: str, inputs: Mapping[str, Value], name: str) -> bytes:
    value = perform(operation, inputs)[name]
    return value if isinstance(value, bytes) else b""


def sha_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """SHA-1 and SHA-2: each message is the last three digests (SHAVS figure 1)."""
    hash = inputs.word("hash")
    a = b = c = inputs.octets("seed")
    for _ in range(ROUNDS):
        a, b, c = b, c, _output(perform, "hash", {"hash": hash, "message": a + b + c}, "digest")
    return {"digest": c}


def sha3_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """SHA-3: each message is the last digest."""
    hash, digest = inputs.word("hash"), inputs.octets("seed")
    for _ in range(ROUNDS):
        digest = _output(perform, "hash", {"hash": hash, "message": digest}, "digest")
    return {"digest": digest}


def shake_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """SHAKE: each message is the first 128 bits of the last output, whose last 16 bits say how long the next one is.

    first_length: the length of the first output of all, or 0 if `seed` is itself an output that says it.
    """
    hash, output = inputs.word("hash"), inputs.octets("seed")
    least, most = inputs.number("least"), inputs.number("most")
    length = inputs.number("first_length") or _next_length(output, least, most)
    for _ in range(ROUNDS):
        message = output[:16].ljust(16, b"\0")
        output = _output(perform, "xof", {"hash": hash, "message": message, "length": length}, "output")
        length = _next_length(output, least, most)
    return {"output": output}


def _next_length(output: bytes, least: int, most: int) -> int:
    return least + int.from_bytes(output[-2:], "big") % (most - least + 1)


def cipher_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """Block ciphers: `rounds` operations, each on an output of one before (AESAVS §6.4)."""
    outputs = cipher_rounds(perform, inputs, inputs.number("rounds"))
    return {"data": outputs[-1]}


def cipher_rounds(perform: Perform, inputs: Inputs, rounds: int) -> list[bytes]:
    """Return the outputs of `rounds` operations in the mode and direction of `inputs`, beginning with its data.

    In ECB the next input is the output. With a chaining value, the operation goes on where the last one left
    off, and its input is what was the chaining value before: in the first round the iv, then the output of the
    round before the last. The CFB decryption of Triple-DES differs: there the next input is the mask, which is what
    input and output differ by (SP 800-20, "C_j+1 = LM^K(O_j)").
    """
    operation, mode = inputs.word("direction"), inputs.word("mode")
    fixed: dict[str, Value] = {"cipher": inputs.word("cipher"), "mode": mode, "key": inputs.octets("key")}
    data, outputs = inputs.octets("data"), []
    if mode == "ECB":
        for _ in range(rounds):
            data = _output(perform, operation, {**fixed, "data": data}, "data")
            outputs.append(data)
        return outputs
    mask = inputs.word("cipher") == "TDES" and mode.startswith("CFB") and operation == "decrypt"
    register = inputs.octets("iv")
    stream = bytearray(register)  # the bytes that become inputs: the iv, then the outputs
    for j in range(rounds):
        result = _output(perform, operation, {**fixed, "iv": register, "data": data}, "data")
        outputs.append(result)
        ciphertext = result if operation == "encrypt" else data
        register = (register + ciphertext)[-len(register) :]
        stream += result
        if mask:
            data = bytes(a ^ b for a, b in zip(data, result, strict=True))
        else:
            data = bytes(stream[j * len(result) : (j + 1) * len(result)])
    return outputs


def acvp_sha_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """SHA-1, SHA-2 and SHA-3 as ACVP tests them: `results` digests, each the seed of the next.

    In the `alternate` version every message is brought to the length of the first seed.
    """
    hash, seed = inputs.word("hash"), inputs.octets("seed")
    length = len(seed) if inputs.word("version") == "alternate" else None
    digests: dict[str, Value] = {}
    for i in range(inputs.number("results")):
        a = b = c = seed
        for _ in range(ROUNDS):
            message = c if hash.startswith("SHA3") else a + b + c
            if length is not None:
                message = message[:length].ljust(length, b"\0")
            a, b, c = b, c, _output(perform, "hash", {"hash": hash, "message": message}, "digest")
        digests[f"md {i}"] = seed = c
    return digests


def acvp_aes_monte_carlo(perform: Perform, inputs: Inputs) -> dict[str, Value]:
    """AES as ACVP tests it: `results` times a thousand rounds, each with a key made from the outputs before."""
    mode = inputs.word("mode")
    key, data = inputs.octets("key"), inputs.octets("data")
    fixed: dict[str, Value] = {"cipher": "AES", "mode": mode, "direction": inputs.word("direction")}
    shown: dict[str, Value] = {}
    iv = inputs.octets("iv") if mode != "ECB" else b""
    for i in range(inputs.number("results")):
        outputs = cipher_rounds(perform, Inputs({**fixed, "key": key, "iv": iv, "data": data}), ROUNDS)
        shown |= {f"key {i}": key, f"iv {i}": iv, f"input {i}": data, f"output {i}": outputs[-1]}
        tail = b"".join(outputs[-32:])
        key = bytes(k ^ o for k, o in zip(key, tail[-len(key) :], strict=True))
        iv = tail[-16:] if iv else b""
        data = outputs[-1] if mode == "ECB" else outputs[-1 - 16 // len(data)]  # what would be the next input
    return shown


PROCEDURES: dict[str, Callable[[Perform, Inputs], dict[str, Value]]] = {
    "sha_monte_carlo": sha_monte_carlo,
    "sha3_monte_carlo": sha3_monte_carlo,
    "shake_monte_carlo": shake_monte_carlo,
    "cipher_monte_carlo": cipher_monte_carlo,
    "acvp_sha_monte_carlo": acvp_sha_monte_carlo,
    "acvp_aes_monte_carlo": acvp_aes_monte_carlo,
}
"""The procedures, by the names under which checks ask for them."""
