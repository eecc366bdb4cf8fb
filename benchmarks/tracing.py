"""What not recording costs: each primitive beside a copy of itself out of which all calls of `explain.trace` were cut.

The copy is made from the sources, in a folder for the time of the run: steps are replaced by their values, and groups
by what is inside of them. Inputs are small, so that the calls weigh as much as they can.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TypeAlias

from benchmarks.row import Row, Target, Work

PEER = "without trace calls"
AT_MOST = 1.03  # times as long as without
TURNS = 101

Load: TypeAlias = Callable[[str], ModuleType]
"""Imports a module of primitives by its name: of ours, or of the copy."""

SOURCE = Path(__file__).parent.parent / "primitives"
COPY = "primitives_without_trace_calls"


def rows() -> Iterator[Row]:
    for what, make in WORKS.items():
        yield Row(
            what=f"not traced: {what}",
            ours=_lazily(partial(make, _ours)),
            peers={PEER: partial(_lazily, partial(make, _copied))},  # by the same detour, as it takes time as well
            target=Target(1 / AT_MOST, PEER),
            turns=TURNS,
        )


def _lazily(make: Callable[[], Work]) -> Work:
    """Return work that is prepared when it is first done: rows that are not picked cost nothing."""
    prepared = cache(make)
    return lambda: prepared()()


def _ours(name: str) -> ModuleType:
    return import_module(f"primitives.{name}")


def _copied(name: str) -> ModuleType:
    _copy()
    return import_module(f"{COPY}.{name}")


@cache
def _copy() -> TemporaryDirectory[str]:
    """Make the copy, and return its folder, which lasts as long as this is remembered: until the process ends."""
    folder = TemporaryDirectory()
    for path in SOURCE.rglob("*.py"):
        target = Path(folder.name) / COPY / path.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(without_trace_calls(path.read_text()))
    sys.path.append(folder.name)
    return folder


def without_trace_calls(source: str) -> str:
    """Return a module of primitives without its calls of `explain.trace`, and what is computed for these alone."""
    tree = _Renamed().visit(_Cut().visit(ast.parse(source)))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] * 2:
        _drop_unused(function)  # twice, as what is dropped may have been the last to read another name
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_call(node: ast.AST, *names: str) -> bool:
    """Return whether a node calls a function by one of these names."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


class _Cut(ast.NodeTransformer):
    """Replaces steps by their values and groups by their bodies, and answers that nobody is recording."""

    def __init__(self) -> None:
        self._groups: set[str] = set()

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return ast.Pass() if _is_call(node.value, "note") or self._gives(node.value) else self.generic_visit(node)

    def visit_With(self, node: ast.With) -> ast.AST | list[ast.stmt]:
        (item, *more) = node.items
        if more or not _is_call(item.context_expr, "steps", "unrecorded"):
            return self.generic_visit(node)
        if isinstance(item.optional_vars, ast.Name):
            self._groups.add(item.optional_vars.id)
        return [inner for statement in node.body for inner in _listed(self.visit(statement))]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = [part for part in node.decorator_list if not _is_call(part, "algorithm")]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _is_call(node, "tracing"):
            return ast.Constant(False)
        if _is_call(node, "note") or self._gives(node):
            value: ast.AST = self.visit(node.args[2 if _is_call(node, "note") else 0])
            return value
        return self.generic_visit(node)

    def _gives(self, node: ast.AST) -> bool:
        """Return whether a node gives a group its value."""
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "gives"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in self._groups
        )


class _Renamed(ast.NodeTransformer):
    """Imports from the copy."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        node.module = COPY + node.module[10:] if node.module and node.module.startswith("primitives") else node.module
        return node


def _drop_unused(function: ast.FunctionDef) -> None:
    """Drop the names and sections that were for steps alone: assignments of names that nothing reads any more."""
    read = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}

    class Drop(ast.NodeTransformer):
        def visit_Assign(self, node: ast.Assign) -> ast.AST:
            names = {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
            plain = all(isinstance(target, ast.Name | ast.Tuple) for target in node.targets)
            return ast.Pass() if plain and not names & read and not _calls(node.value) else node

        def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
            used = not isinstance(node.target, ast.Name) or node.target.id in read
            return node if used or node.value is None or _calls(node.value) else ast.Pass()

    Drop().visit(function)


def _calls(value: ast.expr) -> bool:
    """Return whether a value calls more than what counts and pairs the parts of a step."""
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    return any(not _is_call(call, "len", "tuple", "zip", "map") for call in calls)


def _listed(visited: ast.AST | list[ast.stmt] | None) -> list[ast.stmt]:
    return visited if isinstance(visited, list) else [visited]  # type: ignore[list-item]  # a statement gives one


# --- The work.

KEY, IV, BLOCK, SHORT, KB = bytes(range(16)), bytes(16), bytes(16), b"abc", bytes(1024)
P, Q = (  # RSA Laboratories' oaep-int.txt
    int(
        "eecfae81b1b9b3c908810b10a1b5600199eb9f44aef4fda493b81a9e3d84f632"
        "124ef0236e5d1e3b7e28fae7aa040a2d5b252176459d1f397541ba2a58fb6599",
        16,
    ),
    int(
        "c97fb1f027f453f6341233eaaad1d9353f6c42d08866b1d05a0f2035028b9d86"
        "9840b41666b42e92ea0da3b43204b5cfce3352524d0416a5a441e700af461503",
        16,
    ),
)


def _hash(name: str, module: str, load: Load) -> Work:
    function = getattr(load(module), name)
    return lambda: function(SHORT).digest()


def _shake(load: Load) -> Work:
    function = load("sha3").shake_128
    return lambda: function(SHORT).digest(32)


def _call(module: str, name: str, *arguments: object, hash: str | None = "sha256") -> Callable[[Load], Work]:
    """Return what makes the work of calling a function."""

    def make(load: Load) -> Work:
        function = getattr(load(module), name)
        more = {} if hash is None else {"hash": getattr(load("sha1" if hash == "sha1" else "sha2"), hash)}
        return lambda: function(*arguments, **more)

    return make


def _cipher(module: str, name: str, key: bytes, method: str, *arguments: object) -> Callable[[Load], Work]:
    """Return what makes the work of calling a method of a cipher under one key."""

    def make(load: Load) -> Work:
        function = getattr(getattr(load(module), name)(key), method)
        return lambda: function(*arguments)

    return make


def _mode(name: str, data: bytes, load: Load) -> Work:
    function, cipher = getattr(load("modes"), name), load("aes").AES(KEY)
    if name.startswith("ecb"):
        return lambda: function(cipher, data)
    return lambda: function(cipher, IV, data)


def _rsa(module: str, name: str, load: Load, *, private: bool, prepare: str = "") -> Work:
    """RSA-1024: with longer keys, the calls weigh less."""
    rsa, scheme, sha256 = load("rsa"), load(module), load("sha2").sha256
    key = rsa.RSAPrivateKey.from_primes(P, Q, e=65537)
    more = {} if module in ("rsa",) or name in ("pkcs1v15_encrypt", "pkcs1v15_decrypt") else {"hash": sha256}
    used, function = key if private else key.public_key, getattr(scheme, name)
    if module == "rsa":
        return lambda: function(used, 12345)
    if not prepare:
        return lambda: function(used, SHORT, **more)
    made = getattr(scheme, prepare)(key if prepare.endswith("sign") else key.public_key, SHORT, **more)
    arguments = (SHORT, made) if prepare.endswith("sign") else (made,)
    return lambda: function(used, *arguments, **more)


def _ecdsa(name: str, load: Load) -> Work:
    ec, ecdsa, sha256 = load("ec"), load("ecdsa"), load("sha2").sha256
    key = ec.ECPrivateKey(ec.P256, P % ec.P256.n)
    if name == "sign":
        return lambda: ecdsa.ecdsa_sign(key, SHORT, hash=sha256)
    public, signature = key.public_key, ecdsa.ecdsa_sign(key, SHORT, hash=sha256)
    return lambda: ecdsa.ecdsa_verify(public, SHORT, signature, hash=sha256)


def _ecdh(load: Load) -> Work:
    ec, function = load("ec"), load("ecdh").ecdh
    key, peer = ec.ECPrivateKey(ec.P256, P % ec.P256.n), ec.ECPrivateKey(ec.P256, Q % ec.P256.n).public_key
    return lambda: function(key, peer)


def _point(load: Load) -> Work:
    ec = load("ec")
    data = ec.ECPrivateKey(ec.P256, 5).public_key.to_bytes()
    return lambda: ec.ECPublicKey.from_bytes(ec.P256, data)


def _ed25519(name: str, load: Load) -> Work:
    module = load("ed25519")
    public, signature = module.ed25519_public_key(bytes(32)), module.ed25519_sign(bytes(32), SHORT)
    if name == "sign":
        return lambda: module.ed25519_sign(bytes(32), SHORT)
    return lambda: module.ed25519_verify(public, SHORT, signature)


def _cmac(load: Load) -> Work:
    function, cipher = load("cmac").cmac, load("aes").AES(KEY)
    return lambda: function(cipher, SHORT)


def _expand_label(load: Load) -> Work:
    function, sha256 = load("tls13_hkdf").hkdf_expand_label, load("sha2").sha256
    return lambda: function(bytes(32), label=b"key", context=b"", length=16, hash=sha256)


def _scrypt(load: Load) -> Work:
    function = load("scrypt").scrypt
    return lambda: function(SHORT, KEY, 16, 1, 1, 32)


def _ed448(name: str, load: Load) -> Work:
    module = load("ed448")
    key = bytes(57)
    public, signature = module.ed448_public_key(key), module.ed448_sign(key, SHORT)
    if name == "sign":
        return lambda: module.ed448_sign(key, SHORT)
    return lambda: module.ed448_verify(public, SHORT, signature)


def _dh(load: Load) -> Work:
    module = load("dh")
    key, peer = module.DHPrivateKey(module.FFDHE2048, P), module.DHPrivateKey(module.FFDHE2048, Q).public_key
    return lambda: module.dh(key, peer)


def _keygen(load: Load) -> Work:
    function = load("rsa").generate_private_key
    return lambda: function(1024, for_tests_only=True, random_bytes=Random(1).randbytes)


def _drbg(load: Load) -> Work:
    generator = load("hmac_drbg").HMAC_DRBG(entropy_input=bytes(32), nonce=bytes(16), hash=load("sha2").sha256)
    return lambda: generator(32)


def _prf(load: Load) -> Work:
    function, sha256 = load("tls12_prf").tls12_prf, load("sha2").sha256
    return lambda: function(bytes(48), label=b"key expansion", seed=bytes(64), length=104, hash=sha256)


def _totp(load: Load) -> Work:
    function = load("totp").totp
    return lambda: function(bytes(20), at=59)


def _verify_hmac(load: Load) -> Work:
    HMAC, sha256 = load("hmac").HMAC, load("sha2").sha256  # noqa: N806 - the class's name
    tag = HMAC(KEY, SHORT, hash=sha256).digest()
    return lambda: HMAC(KEY, SHORT, hash=sha256).verify(tag)


def _sealed(module: str, name: str, key: bytes, load: Load) -> Work:
    cipher = getattr(load(module), name)(key)
    sealed = cipher.encrypt(bytes(12), BLOCK, SHORT)
    return lambda: cipher.decrypt(bytes(12), sealed, SHORT)


def _ml_dsa(name: str, load: Load) -> Work:
    parameters = load("ml_dsa").ML_DSA_65
    pk, sk = parameters.keygen(bytes(32))
    signature = parameters.sign(sk, b"message", rnd=bytes(32))
    if name == "sign":
        return lambda: parameters.sign(sk, b"message", rnd=bytes(32))
    arguments = {"keygen": (bytes(32),), "verify": (pk, b"message", signature)}[name]
    return lambda: getattr(parameters, name)(*arguments)


def _slh_dsa(name: str, load: Load) -> Work:
    module, parts = load("slh_dsa"), [load(f"hash_based.{part}") for part in ("parameters", "hash_functions")]
    parameters = module.SLH_DSA("small", parts[0].Parameters(parts[1].SHA2(16), h=2, d=2, a=2, k=20, lg_w=2))
    pk, sk = parameters.keygen(bytes(48))
    signature = parameters.sign(sk, b"message", addrnd=bytes(16))
    if name == "sign":
        return lambda: parameters.sign(sk, b"message", addrnd=bytes(16))
    return lambda: parameters.verify(pk, b"message", signature)


def _ml_kem(name: str, load: Load) -> Work:
    parameters = load("ml_kem").ML_KEM_768
    ek, dk = parameters.keygen(bytes(64))
    _, c = parameters.encaps(ek, bytes(32))
    arguments = {"keygen": (bytes(64),), "encaps": (ek, bytes(32)), "decaps": (dk, c)}[name]
    return lambda: getattr(parameters, name)(*arguments)


WORKS: dict[str, Callable[[Load], Work]] = {
    **{
        name.upper().replace("_", "-"): partial(_hash, name, module)
        for module, names in (
            ("sha2", ("sha224", "sha256", "sha384", "sha512", "sha512_256")),
            ("sha3", ("sha3_256", "sha3_512")),
            ("sha1", ("sha1",)),
            ("md5", ("md5",)),
        )
        for name in names
    },
    "SHAKE128": _shake,
    "HMAC": _call("hmac", "hmac_digest", KEY, SHORT),
    "HMAC, verify": _verify_hmac,
    "HKDF extract": _call("hkdf", "hkdf_extract", KEY, SHORT),
    "HKDF expand": _call("hkdf", "hkdf_expand", bytes(32), SHORT, 32),
    "PBKDF2, 10 iterations": _call("pbkdf2", "pbkdf2_hmac", SHORT, KEY, 10, 32),
    "TLS 1.2 PRF": _prf,
    "HOTP": _call("hotp", "hotp", bytes(20), 0, hash=None),
    "TOTP": _totp,
    "HKDF-Expand-Label": _expand_label,
    "CMAC": _cmac,
    "KMAC128": _call("kmac", "kmac128", KEY, SHORT, 32, hash=None),
    "scrypt, N = 16": _scrypt,
    "HMAC_DRBG": _drbg,
    "MGF1": _call("mgf1", "mgf1", SHORT, 32),
    "AES, a key": _call("aes", "AES", KEY, hash=None),
    "AES, a block": _cipher("aes", "AES", KEY, "encrypt_block", BLOCK),
    "AES, a block decrypted": _cipher("aes", "AES", KEY, "decrypt_block", BLOCK),
    **{
        f"AES, {name}, {len(data)} bytes": partial(_mode, name, data)
        for name in ("ecb_encrypt", "cbc_encrypt", "cbc_decrypt", "cfb_encrypt", "cfb_decrypt", "ctr_xor")
        for data in (BLOCK, KB)
    },
    "AES-GCM, 16 bytes": _cipher("gcm", "AESGCM", KEY, "encrypt", bytes(12), BLOCK, SHORT),
    "AES-GCM, 16 bytes decrypted": partial(_sealed, "gcm", "AESGCM", KEY),
    "AES-CCM, 16 bytes": _cipher("ccm", "AESCCM", KEY, "encrypt", bytes(12), BLOCK, SHORT),
    "AES-CCM, 16 bytes decrypted": partial(_sealed, "ccm", "AESCCM", KEY),
    "AES key wrap": _call("keywrap", "key_wrap", KEY, BLOCK, hash=None),
    "AES key wrap with padding": _call("keywrap", "key_wrap_padded", KEY, SHORT, hash=None),
    "AES key unwrap": _call(
        "keywrap", "key_unwrap", KEY, bytes.fromhex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"), hash=None
    ),
    "DES, a key": _call("des", "DES", bytes(8), hash=None),
    "DES, a block": _cipher("des", "DES", bytes(8), "encrypt_block", bytes(8)),
    "Triple DES, a block": _cipher("des", "TripleDES", bytes(24), "encrypt_block", bytes(8)),
    "S-DES, a block": lambda load: partial(load("sdes").SDES(642).encrypt_block, b"\xbd"),
    "PKCS#7 padding": _call("padding", "pkcs7_pad", SHORT, 16, hash=None),
    "PKCS#7 padding off": _call("padding", "pkcs7_unpad", b"abc" + b"\x0d" * 13, 16, hash=None),
    "ChaCha20, 3 bytes": _call("chacha20", "chacha20_xor", bytes(32), 1, bytes(12), SHORT, hash=None),
    "Poly1305, 3 bytes": _call("poly1305", "poly1305", bytes(32), SHORT, hash=None),
    "Poly1305, 128 bytes": _call("poly1305", "poly1305", bytes(range(32)), bytes(128), hash=None),
    "ChaCha20-Poly1305, 16 bytes": _cipher(
        "chacha20_poly1305", "ChaCha20Poly1305", bytes(32), "encrypt", bytes(12), BLOCK, SHORT
    ),
    "ChaCha20-Poly1305, 16 bytes decrypted": partial(_sealed, "chacha20_poly1305", "ChaCha20Poly1305", bytes(32)),
    "RSA key, 1024 bits": _keygen,
    "RSAEP": partial(_rsa, "rsa", "RSAEP", private=False),
    "RSADP": partial(_rsa, "rsa", "RSADP", private=True),
    "OAEP encrypt": partial(_rsa, "oaep", "oaep_encrypt", private=False),
    "OAEP decrypt": partial(_rsa, "oaep", "oaep_decrypt", private=True, prepare="oaep_encrypt"),
    "PSS sign": partial(_rsa, "pss", "pss_sign", private=True),
    "PSS verify": partial(_rsa, "pss", "pss_verify", private=False, prepare="pss_sign"),
    "PKCS #1 v1.5 sign": partial(_rsa, "pkcs1v15", "pkcs1v15_sign", private=True),
    "PKCS #1 v1.5 verify": partial(_rsa, "pkcs1v15", "pkcs1v15_verify", private=False, prepare="pkcs1v15_sign"),
    "PKCS #1 v1.5 encrypt": partial(_rsa, "pkcs1v15", "pkcs1v15_encrypt", private=False),
    "PKCS #1 v1.5 decrypt": partial(_rsa, "pkcs1v15", "pkcs1v15_decrypt", private=True, prepare="pkcs1v15_encrypt"),
    "ECDSA P-256 sign": partial(_ecdsa, "sign"),
    "ECDSA P-256 verify": partial(_ecdsa, "verify"),
    "ECDH P-256": _ecdh,
    "EC public key, read": _point,
    "X25519": _call("x25519", "x25519", bytes(32), (9).to_bytes(32, "little"), hash=None),
    "Ed25519 sign": partial(_ed25519, "sign"),
    "Ed25519 verify": partial(_ed25519, "verify"),
    "X448": _call("x448", "x448", bytes(56), (5).to_bytes(56, "little"), hash=None),
    "Ed448 sign": partial(_ed448, "sign"),
    "Ed448 verify": partial(_ed448, "verify"),
    **{f"ML-KEM-768, {name}": partial(_ml_kem, name) for name in ("keygen", "encaps", "decaps")},
    **{f"ML-DSA-65, {name}": partial(_ml_dsa, name) for name in ("keygen", "sign", "verify")},
    **{f"SLH-DSA with small trees, {name}": partial(_slh_dsa, name) for name in ("sign", "verify")},
    "DH ffdhe2048": _dh,
    "a prime of 512 bits": _call("primes", "is_probable_prime", P, hash=None),
    "a composite": _call("primes", "is_probable_prime", 2**127 + 1, hash=None),
}
