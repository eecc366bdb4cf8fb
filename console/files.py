"""Files: written whole or not at all, not over another unless that is meant, and read within bounds.

Left out     File systems without hard links: writing there is an `OSError`, and nothing is written.
"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

READ_LIMIT = 1 << 20  # bytes; a key or a chain of certificates is some kilobytes


def write_new(path: str | os.PathLike[str], data: bytes, mode: int = 0o644) -> None:
    """Write `data` to a new file: after this call, or a crash at any point of it, the file is whole or is not there.

    mode: the permissions of the file, from which the umask may still take some away.
    Raises `FileExistsError` if there is one of that name, which stays as it was, and `OSError` if writing fails.
    """
    path = Path(path)
    temporary = _write_temporary(path, data, mode)
    try:
        os.link(temporary, path)  # gives the whole file its name; unlike a rename, fails if the name is taken
    except FileExistsError:
        raise _exists(path) from None
    finally:
        temporary.unlink()
    _sync_directory(path.parent)


def write_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to a new file that only its owner can read (mode 0600), as `write_new` does."""
    write_new(path, data, 0o600)


def require_new(path: str | os.PathLike[str]) -> None:
    """Raise the `OSError` that `write_new` would by now: for whoever wants to know before the work is done."""
    path = Path(path)
    if os.path.lexists(path):
        raise _exists(path)
    os.scandir(path.parent).close()  # a FileNotFoundError, or a NotADirectoryError
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))


def replace(path: str | os.PathLike[str], data: bytes, mode: int = 0o644) -> None:
    """Write `data` to a file in the place of one that may be there already.

    For what is renewed, such as a certificate: at any time, there is the old file or the new one, and either is whole.
    Raises `OSError` if writing fails; then the old one stays. Of several who replace a file at once, one is the last.
    """
    path = Path(path)
    temporary = _write_temporary(path, data, mode)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise
    _sync_directory(path.parent)


def replace_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to a file that only its owner can read (mode 0600), as `replace` does."""
    replace(path, data, 0o600)


def read_limited(path: str | os.PathLike[str], *, limit: int = READ_LIMIT) -> bytes:
    """Return what the file holds; raise `ValueError` if that is more than `limit` bytes."""
    with open(path, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{path} holds more than {limit} bytes")
    return data


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(f"{path} exists already, and nothing is overwritten")


def _write_temporary(path: Path, data: bytes, mode: int) -> Path:
    """Write `data` to a new file beside `path`, which is gone again if that fails."""
    if not isinstance(data, bytes):
        raise TypeError(f"what {path} is to hold is {type(data).__name__}, expected bytes")
    temporary = path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink()
        raise
    return temporary


def _sync_directory(directory: Path) -> None:
    """Make the new name in the directory last through a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
