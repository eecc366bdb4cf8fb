"""Private keys as OpenSSH keeps them in files `id_ed25519` and the like, unencrypted. Read only.

Standard     OpenSSH's PROTOCOL.key §1 (the whole), §3 (the private keys), §5 (without encryption); RFC 4251 §5 for the
             strings and numbers. Which numbers a private key is made of is what OpenSSH's agent takes:
             n, e, d, iqmp, p, q for RSA; the point and its number for ECDSA; for Ed25519 the seed, with the public key.
Left out     Encrypted keys, since their key is derived by bcrypt; keys of DSA and of security tokens; writing.
"""

from __future__ import annotations

from explain.layout import Field, Layout
from pki.key_formats.openssh import ED25519_KIND, RSA_KIND, SSHPublicKey, read_point, read_public_blob
from pki.key_formats.openssh import KINDS as PUBLIC_KINDS
from pki.key_formats.ssh_strings import SSHReader
from primitives.ec import ECPrivateKey
from primitives.ed25519_keys import Ed25519PrivateKey
from primitives.rsa import RSAPrivateKey

WHOLE, PRIVATE, UNENCRYPTED = "PROTOCOL.key §1", "PROTOCOL.key §3", "PROTOCOL.key §5"
AUTH_MAGIC = b"openssh-key-v1\0"
PEM_LABEL = "OPENSSH PRIVATE KEY"
BLOCK = 8  # octets, to which the private keys are padded where no cipher has blocks of its own
WHAT = "an OpenSSH private key"

SSHPrivateKey = RSAPrivateKey | ECPrivateKey | Ed25519PrivateKey


def read_openssh_private_key(data: bytes, layout: Layout | None = None) -> tuple[SSHPrivateKey, list[Field]]:
    """Return the one private key in a file, without its PEM lines, and what each octet is.

    layout: where the fields are noted, so that those before a fault are known.
    Raises `ValueError` if the key is encrypted, or it is something else; both parts of it must belong together.
    """
    layout = Layout() if layout is None else layout
    if not data.startswith(AUTH_MAGIC):
        raise ValueError(f"{WHAT} begins with {data[:15]!r}, expected openssh-key-v1")
    layout.leaf("AUTH_MAGIC", 0, len(AUTH_MAGIC), value="openssh-key-v1", section=WHOLE)
    reader = SSHReader(data, layout, what=WHAT, start=len(AUTH_MAGIC))
    cipher = reader.text("ciphername", section=WHOLE)
    derivation = reader.text("kdfname", section=WHOLE)
    options = reader.octets("kdfoptions", section=UNENCRYPTED)
    if (cipher, derivation) != ("none", "none"):
        raise ValueError(
            f"{WHAT} that {cipher[:40]!r} encrypts, under a key that {derivation[:40]!r} derives from a password, "
            "expected one that is not encrypted: `ssh-keygen -p -m PKCS8` changes it to PKCS #8"
        )
    if options:
        raise ValueError(f"{WHAT} with options for deriving a key, and no encryption (PROTOCOL.key §5)")
    if (keys := reader.count("number of keys", section=WHOLE)) != 1:
        raise ValueError(f"{keys} keys in {WHAT}, expected one")
    outside = reader.inside("publickey", section=WHOLE, what="an SSH public key")
    public = read_public_blob(outside)
    outside.leave()
    inside = reader.inside("private keys", section=PRIVATE, what=WHAT)
    key = _read_private_keys(inside, public)
    inside.leave()
    if reader.position != reader.end:
        raise ValueError(f"{reader.end - reader.position} octets after {WHAT}, expected none")
    return key, layout.fields


def _read_private_keys(reader: SSHReader, public: SSHPublicKey) -> SSHPrivateKey:
    checks = [reader.count("checkint", section=PRIVATE) for _ in range(2)]
    if checks[0] != checks[1]:
        raise ValueError(f"the two checkint of {WHAT} differ")
    key = _read_private_key(reader)
    if key.public_key != public:
        raise ValueError(f"the private key in {WHAT} does not belong to its public key")
    reader.octets("comment", section=PRIVATE)
    reader.padding(BLOCK, section=PRIVATE)
    return key


def _read_private_key(reader: SSHReader) -> SSHPrivateKey:
    kind = reader.text("key type", section=PRIVATE)
    if kind not in PUBLIC_KINDS:
        raise ValueError(f"an SSH key of the kind {kind[:40]!r}, expected one of {', '.join(PUBLIC_KINDS)}")
    if kind == RSA_KIND:
        n = reader.number("n", section=PRIVATE)
        e = reader.number("e", section=PRIVATE)
        d = reader.number("d", section=PRIVATE, secret=True)
        iqmp = reader.number("iqmp", section=PRIVATE, secret=True)
        p = reader.number("p", section=PRIVATE, secret=True)
        q = reader.number("q", section=PRIVATE, secret=True)
        if min(p, q) < 3:
            raise ValueError(f"a prime factor in {WHAT} is out of range, expected an odd prime")
        return RSAPrivateKey(n, e, d, p, q, d % (p - 1), d % (q - 1), iqmp)
    if kind == ED25519_KIND:
        point = reader.octets("key", section=PRIVATE)
        both = reader.octets("seed and key", section=PRIVATE)
        if len(both) != 64 or both[32:] != point:
            raise ValueError(f"the seed in {WHAT} is not followed by the public key")
        return Ed25519PrivateKey(both[:32])
    public = read_point(reader, kind)
    key = ECPrivateKey(public.curve, reader.number("d", section=PRIVATE, secret=True))
    if key.public_key != public:
        raise ValueError(f"the private key in {WHAT} does not belong to its public key")
    return key
