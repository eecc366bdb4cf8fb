"""What the parties keep on disk, looked at after any of them was killed: all of it whole, and belonging together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from demo.enrolling.introduction_letter import read_introduction_letter
from pki.ca.registry import Registry
from pki.crl import CertificateRevocationList
from pki.keys import load_private_key
from pki.x509 import Certificate, CertificateSigningRequest

KEYS = {"key.pem", "service-key.pem"}
CERTIFICATES = {"certificate.pem", "root.pem", "service.pem"}
PAIRS = (("key.pem", "request.pem"), ("key.pem", "certificate.pem"), ("service-key.pem", "service.pem"))
REGISTRY = {"registry.db", "registry.db-journal"}


@dataclass
class Disk:
    """What a directory holds, and has held before.

    kept: what must not change once it is there, by its path. unfinished: the files in which somebody was killed.
    """

    directory: Path
    kept: dict[Path, bytes] = field(default_factory=dict)
    unfinished: set[Path] = field(default_factory=set)

    def check(self, *, killed: int) -> None:
        """Look at everything, after a run in which so many were killed."""
        for path in sorted(path for path in self.directory.rglob("*") if path.is_file()):
            self._check_file(path)
        assert all(path.exists() for path in self.kept)
        now = set(self.directory.rglob(".*.tmp"))
        assert len(now - self.unfinished) <= killed
        self.unfinished = now
        for folder in self.directory.glob("*"):
            assert folder.stat().st_mode & 0o777 == 0o700
            self._check_pairs(folder)
        for root in self.directory.glob("*/root.pem"):
            assert root.read_bytes() == self.kept[self.directory / "ttp" / "certificate.pem"]
        self._check_registry(parties=("server", "client") if killed else ("ttp", "server", "client"))

    def _check_file(self, path: Path) -> None:
        name, data = path.name, path.read_bytes()
        # What somebody was about to write is as secret as what was to become of it.
        is_secret = path.parent.name == "introduction-letters" or any(secret in name for secret in (*KEYS, *REGISTRY))
        assert path.stat().st_mode & 0o777 == (0o600 if is_secret else 0o644), path
        if name in KEYS:
            load_private_key(data)
        elif name in CERTIFICATES:
            Certificate.from_pem(data)
        elif name == "crl.pem":
            CertificateRevocationList.from_pem(data)
        elif name == "request.pem":
            CertificateSigningRequest.from_pem(data)
        elif path.parent.name == "introduction-letters" and path.suffix == ".txt":
            assert read_introduction_letter(path) is not None
        else:
            assert path.suffix == ".tmp" or name in REGISTRY, f"what is {path}?"
        if name in KEYS or name == "certificate.pem":
            assert self.kept.setdefault(path, data) == data, f"{path} is another than before"

    def _check_pairs(self, folder: Path) -> None:
        for key, other in PAIRS:
            if (folder / other).exists():
                read = CertificateSigningRequest if other == "request.pem" else Certificate
                belongs_to = read.from_pem((folder / other).read_bytes()).public_key
                assert load_private_key((folder / key).read_bytes()).public_key == belongs_to, f"{other} is of another"

    def _check_registry(self, *, parties: Iterable[str]) -> None:
        """Look whether all that these hold is on record. (The TTP puts its own there when it has written it.)"""
        path = self.directory / "ttp" / "registry.db"
        files = [self.directory / party / "certificate.pem" for party in parties]
        held = {Certificate.from_pem(path.read_bytes()).serial_number for path in files if path.exists()}
        issued: list[int] = []
        if path.exists() and path.stat().st_size:
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            with Registry(path).look() as records:
                issued = [record.certificate.serial_number for record in records.certificates()]
        assert len(issued) == len(set(issued))
        assert held <= set(issued)
