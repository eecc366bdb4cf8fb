"""How strong a chat's protection is: the suite, the group and the RSA keys, by the options of its commands.

Standard     RFC 7919 (the ffdhe groups), RFC 3526 §3 (the 2048-bit MODP group), RFC 7748 (X25519); RFC 5289 §3.2; for
             AES-CFB suites of IANA's private-use range.
Left out     Primes that no standard names. A peer would have to take them on trust: whether p and (p − 1)/2 are primes
             is not seen in a handshake, and of a prime that was made for the purpose not even by testing it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from console.command_line import CommandError
from console.files import read_limited
from handshake.registries.groups import DEFAULT_GROUPS, UNNAMED_GROUPS, X25519, group_by_name
from handshake.registries.key_agreement import Group
from handshake.suites.table import CipherSuite, suite_by_name
from pki.asn1.der import DERError, Reader
from pki.asn1.pem import is_pem, pem_decode

SUITES = {
    ("dh", 128): "TLS_DHE_RSA_WITH_AES_128_CFB_SHA256",
    ("dh", 256): "TLS_DHE_RSA_WITH_AES_256_CFB_SHA256",
    ("x25519", 128): "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    ("x25519", 256): "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
}
SECTION = "PKCS #3 §9"


class Strength(NamedTuple):
    """What both sides of a chat have to agree on.

    groups: what the server does Diffie–Hellman in. offered: what a client says that it knows.
    """

    suite: CipherSuite
    groups: tuple[Group, ...]
    offered: tuple[Group, ...]


def strength(*, kex: str, aes: int, group: str | None, parameters: Path | None) -> Strength:
    """Return what the options come to; raise `CommandError` if they contradict each other.

    kex: `dh` or `x25519`. aes: 128 or 256. group: the name of an ffdhe group. parameters: a file with another.
    """
    suite = suite_by_name(SUITES[kex, aes])
    if kex == "x25519":
        if group is not None or parameters is not None:
            raise CommandError("--group and --dh-parameters are for --kex dh")
        return Strength(suite, (X25519,), (X25519,))
    if group is not None and parameters is not None:
        raise CommandError("there is one group: give --group or --dh-parameters")
    chosen = group_by_name(group or "ffdhe2048") if parameters is None else group_in(parameters)
    # RFC 7919 §3: a client that names one of its primes gets none but these, and one that names none gets any.
    return Strength(suite, (chosen,), (chosen,) if chosen in DEFAULT_GROUPS else (X25519,))


def group_in(path: Path) -> Group:
    """Return the group in a file with DH parameters, as OpenSSL writes them; raise `CommandError` on any other."""
    try:
        data = read_limited(path)
        blocks = [block for block in pem_decode(data) if block.label == "DH PARAMETERS"] if is_pem(data) else []
        if len(blocks) != 1:
            raise CommandError(f"{path} holds {len(blocks) or 'no'} DH PARAMETERS in PEM, expected one")
        p, g = _read(blocks[0].der)
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror or error}") from None
    except (DERError, ValueError) as error:
        raise CommandError(f"{path} holds no DH parameters: {error}") from None
    known = [group for group in (*DEFAULT_GROUPS, *UNNAMED_GROUPS) if group.dh is not None]
    for group in known:
        if group.dh is not None and (group.dh.p, group.dh.g) == (p, g):
            return group
    names = ", ".join(group.name for group in known)
    raise CommandError(
        f"{path} holds a prime of {p.bit_length()} bits that no standard names, and a peer could not tell whether it "
        f"is a good one: expected the parameters of {names}"
    )


def _read(der: bytes) -> tuple[int, int]:
    """Read a `DHParameter` (PKCS #3 §9): the prime, the base, and perhaps the length of private values."""
    reader = Reader(der)
    with reader.sequence("DHParameter", section=SECTION) as numbers:
        p, g = (numbers.integer(name, section=SECTION) for name in ("prime", "base"))
        if numbers.position != numbers.end:
            numbers.integer("privateValueLength", section=SECTION)
    reader.finish()
    return p, g
