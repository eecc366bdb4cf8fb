"""CRLs in files, read again whenever a file changes, so that a server need not be started anew.

Standard     RFC 5280 §5.1.2.5 (nextUpdate).
Left out     Fetching them from where certificates say that they are.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import overload

from console.files import read_limited
from pki.crl import CertificateRevocationList

LEFT = 4  # a warning comes when less than one in so many parts of a CRL's life is left


class CRLFiles(Sequence[CertificateRevocationList]):
    """The CRLs in these files. Each look at them sees whether a file has changed; the last good one stays in use.

    paths: the files, in PEM or DER. clock: tells the time. warn: is told of files that cannot be read, and of CRLs that
    end soon or have ended, each once.

    Raises `OSError` or `ValueError` if one of the files cannot be read at the beginning.
    """

    def __init__(self, paths: Sequence[str], *, clock: Callable[[], datetime], warn: Callable[[str], None]) -> None:
        self._paths, self._clock, self._warn = tuple(paths), clock, warn
        self._lock = threading.Lock()
        self._seen = {path: _stamp(path) for path in paths}
        self._crls = {path: read_crls(path) for path in paths}
        self._said: set[str] = set()

    def __len__(self) -> int:
        return len(self._current())

    @overload
    def __getitem__(self, index: int) -> CertificateRevocationList: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CertificateRevocationList]: ...
    def __getitem__(self, index: int | slice) -> CertificateRevocationList | Sequence[CertificateRevocationList]:
        """Return one of the CRLs, or several."""
        return self._current()[index]

    def _current(self) -> list[CertificateRevocationList]:
        with self._lock:
            for path in self._paths:
                self._look(path)
            return [crl for path in self._paths for crl in self._crls[path]]

    def _look(self, path: str) -> None:
        """Read the file again if it has changed, and warn of what ends soon."""
        try:
            stamp = _stamp(path)
            if stamp != self._seen[path]:
                self._crls[path] = read_crls(path)
                self._seen[path] = stamp
        except (OSError, ValueError) as error:
            self._say(f"{path}: the CRL of before stays in use: {error}")
        now = self._clock()
        for crl in self._crls[path]:
            if crl.next_update is None:
                continue
            if now > crl.next_update:
                self._say(f"{path}: the CRL ended at {crl.next_update}; no peer can be let in by it")
            elif (crl.next_update - now) * LEFT < crl.next_update - crl.this_update:
                self._say(f"{path}: the CRL ends at {crl.next_update}")

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._warn(text)


def read_crls(path: str) -> list[CertificateRevocationList]:
    """Return the CRLs in a file; raise `ValueError` if it holds none, or something else."""
    data = read_limited(path, limit=CertificateRevocationList.MAX_FILE)
    try:
        return CertificateRevocationList.all_from(data)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _stamp(path: str) -> tuple[int, int, int]:
    """Return what changes with the contents of a file: when it was written, its size, and which file it is."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size, status.st_ino
