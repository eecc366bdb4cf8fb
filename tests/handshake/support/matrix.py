"""All that two implementations of TLS 1.2 could agree upon: every suite, group, signature scheme and feature."""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from handshake.parameters import Resumption
from handshake.registries.groups import DEFAULT_GROUPS, GROUPS
from handshake.registries.key_agreement import Group
from handshake.registries.signature_schemes import DEFAULT_SCHEMES, Authentication, SignatureScheme
from handshake.suites.ephemeral import DHE
from handshake.suites.rsa_transport import RSAKeyTransport
from handshake.suites.table import DEFAULT_SUITES, CipherSuite
from pki.key_formats.public_key_info import RSAPSSPublicKey
from primitives.rsa import RSAPublicKey

KINDS = {"ecdsa_secp256r1_sha256": "P-256", "ecdsa_secp384r1_sha384": "P-384", "ed25519": "Ed25519"}
CURVES_OF = {"P-256": GROUPS[23], "P-384": GROUPS[24]}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is agreed upon.

    group: None if the suite needs none. scheme: with which server and client sign; None if neither does.
    client: whether the client shows a certificate. resumption: how the session is resumed by a second connection.
    """

    suite: CipherSuite
    group: Group | None
    scheme: SignatureScheme | None
    encrypt_then_mac: bool
    extended: bool
    client: bool
    resumption: Resumption

    @property
    def kind(self) -> str:
        """The kind of the server's key."""
        return kind_of(self.scheme) if self.suite_signs else "RSA"

    @property
    def client_kind(self) -> str | None:
        """The kind of the client's key; None if it shows none."""
        return kind_of(self.scheme) if self.client else None

    @property
    def suite_signs(self) -> bool:
        """Whether the server signs."""
        return not isinstance(self.suite.key_exchange, RSAKeyTransport)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The group, and the curves of the certificates, which a client has to name as well (RFC 8422 §5.1)."""
        curves = [CURVES_OF[kind] for kind in (self.kind, self.client_kind) if kind in CURVES_OF]
        return tuple(dict.fromkeys([*([self.group] if self.group else []), *curves])) or DEFAULT_GROUPS


def kind_of(scheme: SignatureScheme | None) -> str:
    """The kind of key that signs by this scheme. None is on P-521: in TLS 1.2, that scheme goes with any curve."""
    if scheme is None or scheme.public_key is RSAPublicKey:
        return "RSA"
    return "RSA-PSS" if scheme.public_key is RSAPSSPublicKey else KINDS.get(scheme.name, "P-384")


def groups_of(suite: CipherSuite) -> Sequence[Group | None]:
    if isinstance(suite.key_exchange, RSAKeyTransport):
        return [None]
    return [
        group
        for group in DEFAULT_GROUPS
        if not group.post_quantum and (group.dh is not None) == isinstance(suite.key_exchange, DHE)
    ]


def schemes_of(suite: CipherSuite) -> Sequence[SignatureScheme]:
    """The schemes that suit the suite's certificates; if the server does not sign, the client can by any."""
    if isinstance(suite.key_exchange, RSAKeyTransport):
        return DEFAULT_SCHEMES
    rsa = suite.authentication is Authentication.RSA
    return [scheme for scheme in DEFAULT_SCHEMES if kind_of(scheme).startswith("RSA") == rsa]


def cells_of(suite: CipherSuite) -> Iterator[Cell]:
    """Every group with every scheme, and each of these in every way to have the three features, or not.

    These are extended master secret, client's certificate and, in suites with CBC, encrypt-then-MAC. The sessions are
    resumed by ticket and by session ID, so that each way has both, with the one scheme and the next.
    """
    orders = (True, False) if suite.cipher.is_block_cipher else (False,)
    for turn, (group, scheme) in enumerate(itertools.product(groups_of(suite), schemes_of(suite))):
        for extended, client, order in itertools.product((True, False), (True, False), orders):
            resumption = list(Resumption)[(turn + extended + client + order) % 2]
            if client or not isinstance(suite.key_exchange, RSAKeyTransport):
                yield Cell(suite, group, scheme, order, extended, client, resumption)
            elif turn < 2:  # nobody signs: each way once is enough, with both ways to resume
                yield Cell(suite, group, None, order, extended, client, resumption)


def every_cell() -> list[Cell]:
    return [cell for suite in DEFAULT_SUITES for cell in cells_of(suite)]


def values_of(cell: Cell) -> list[tuple[str, object]]:
    """What is agreed upon, and its name."""
    return [
        ("suite", cell.suite.code),
        ("group", cell.group and cell.group.code),
        ("scheme", cell.scheme and cell.scheme.code),
        ("encrypt-then-MAC", cell.encrypt_then_mac),
        ("extended", cell.extended),
        ("client", cell.client),
        ("resumption", cell.resumption),
    ]


def pairs_of(cell: Cell) -> list[tuple[tuple[str, object], tuple[str, object]]]:
    """Each two values of it, but for those of suite and scheme: there are so many."""
    return [
        (one, other)
        for one, other in itertools.combinations(values_of(cell), 2)
        if (one[0], other[0]) != ("suite", "scheme")
    ]


def covering(cells: Sequence[Cell], features: Callable[[Cell], Iterable[object]]) -> list[Cell]:
    """A few of these cells, in which each feature is that is in any."""
    own = {cell: set(features(cell)) for cell in random.Random(0).sample(cells, len(cells))}
    missing = set().union(*own.values())
    chosen = []
    for least in (12, 9, 7, 5, 4, 3, 2, 1):  # those first that bring much
        for cell, its_own in own.items():
            if len(its_own & missing) >= least:
                chosen.append(cell)
                missing -= its_own
    return chosen
