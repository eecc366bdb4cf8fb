r"""Public keys in one line of text, as OpenSSH keeps them in files `.pub` and `authorized_keys`.

Standard     RFC 4253 §6.6 (ssh-rsa), RFC 5656 §3.1 (ecdsa-sha2-nistp…), RFC 8709 §4 (ssh-ed25519); RFC 4251 §5 for the
             strings and numbers in them. The line itself is described in OpenSSH's sshd(8).
Left out     Keys of DSA and of security tokens, certificates, and options before the key: refused.

>>> line = b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF0EucqMxpq06SdOPsU6Hr3y4yk2wpLoMf6tPjBWx/2j odd"
>>> key, _, _ = read_ssh_public_key(line)
>>> key.key.hex()
'5d04b9ca8cc69ab4e9274e3ec53a1ebdf2e32936c292e831fead3e3056c7fda3'
>>> ssh_public_key(key, comment="odd") == line + b"\n"
True
"""

from __future__ import annotations

import base64
import binascii

from explain.layout import Field, Layout
from pki.key_formats.public_key_info import PublicKey, describe_public_key
from pki.key_formats.ssh_strings import SECTION as STRINGS
from pki.key_formats.ssh_strings import SSHReader, ssh_number, ssh_string
from primitives.curves.weierstrass import Curve
from primitives.ec import P256, P384, P521, ECPublicKey
from primitives.ed25519_keys import Ed25519PublicKey
from primitives.rsa import RSAPublicKey

CURVES: dict[str, Curve] = {"nistp256": P256, "nistp384": P384, "nistp521": P521}
RSA, ECDSA, ED25519 = "RFC 4253 §6.6", "RFC 5656 §3.1", "RFC 8709 §4"
RSA_KIND, ED25519_KIND, ECDSA_PREFIX = "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-"
KINDS = (RSA_KIND, ED25519_KIND, *(f"{ECDSA_PREFIX}{curve}" for curve in CURVES))
NAMES = {curve.name: name for name, curve in CURVES.items()}

SSHPublicKey = RSAPublicKey | ECPublicKey | Ed25519PublicKey


def read_ssh_public_key(line: bytes) -> tuple[SSHPublicKey, bytes, list[Field]]:
    """Return the public key in a line, the octets that its base64 spells, and what each of them is.

    line: the name of the key's kind, base64, and perhaps a comment. Raises `ValueError` if it is something else.
    """
    words = line.split(None, 2)
    kind = words[0].decode("ascii", "replace") if words else ""
    if kind not in KINDS or len(words) < 2:
        raise ValueError(f"an SSH key of the kind {kind[:40]!r}, expected one of {', '.join(KINDS)}, and base64")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        raise ValueError("the second word of an SSH public key is not base64") from None
    layout = Layout()
    reader = SSHReader(blob, layout, what="an SSH public key")
    key = read_public_blob(reader, kind)
    if reader.position != reader.end:
        raise ValueError(f"{reader.end - reader.position} octets after an SSH public key, expected none")
    return key, blob, layout.fields


def read_public_blob(reader: SSHReader, kind: str | None = None) -> SSHPublicKey:
    """Read a public key, which begins with the name of its kind. kind: the one that it must be, if given."""
    inner = reader.text("key type", section=STRINGS)
    if inner not in KINDS:
        raise ValueError(f"an SSH key of the kind {inner[:40]!r}, expected one of {', '.join(KINDS)}")
    if kind not in (None, inner):
        raise ValueError(f"an SSH public key of the kind {kind} outside, and {inner[:40]!r} inside")
    if inner == RSA_KIND:
        e = reader.number("e", section=RSA)
        return RSAPublicKey(reader.number("n", section=RSA), e)
    if inner == ED25519_KIND:
        return Ed25519PublicKey(reader.octets("key", section=ED25519))
    return read_point(reader, inner)


def read_point(reader: SSHReader, kind: str) -> ECPublicKey:
    """Read the name of a curve, which must be that of the key's kind, and a point on it."""
    curve = reader.text("curve", section=ECDSA)
    if f"{ECDSA_PREFIX}{curve}" != kind:
        raise ValueError(f"an SSH key of the kind {kind} on the curve {curve[:40]!r}")
    return ECPublicKey.from_bytes(CURVES[curve], reader.octets("Q", section=ECDSA))


def ssh_public_key(key: PublicKey, *, comment: str = "") -> bytes:
    """Return the key as a line that ends with a line feed; raise `ValueError` if SSH has no such keys.

    comment: whatever is to follow the key, in one line, such as whose it is.
    """
    match key:
        case RSAPublicKey(n, e):
            kind, parts = RSA_KIND, ssh_number(e) + ssh_number(n)
        case Ed25519PublicKey(octets):
            kind, parts = ED25519_KIND, ssh_string(octets)
        case ECPublicKey(curve) if curve.name in NAMES:
            name = NAMES[curve.name]
            kind, parts = f"{ECDSA_PREFIX}{name}", ssh_string(name.encode()) + ssh_string(key.to_bytes())
        case _:
            raise ValueError(f"SSH has no form for {describe_public_key(key)}")
    if not comment.isprintable():
        raise ValueError(f"the comment {comment!r} is not one line of text")
    blob = base64.b64encode(ssh_string(kind.encode()) + parts).decode()
    return f"{kind} {blob}{' ' if comment else ''}{comment}\n".encode()
