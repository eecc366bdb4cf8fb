"""Files: written whole or not at all, not over another unless that is meant, and read within bounds.

Left out     File systems without hard links: writing there is an `OSError`, and nothing is written.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from console.unfinished import Unfinished

READ_LIMIT = 1 << 20  # bytes; a key or a chain of certificates is some kilobytes


def write_new(path: str | os.PathLike[str], data: bytes, mode: int = 0o644) -> None:
    """Write `data` to a new file: after this call, or a crash at any point of it, the file is whole or is not there.

    mode: the permissions of the file, from which the umask may still take some away.
    Raises `FileExistsError` if there is one of that name, which stays as it was, and `OSError` if writing fails.
    """
    path = Path(path)
    with Unfinished(path, data, mode) as file:
        try:
            file.link(path)  # gives the whole file its name; unlike a rename, fails if the name is taken
        except FileExistsError:
            raise _exists(path) from None
    _sync_directory(path.parent)


def write_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to a new file that only its owner can read (mode 0600), as `write_new` does."""
    write_new(path, data, 0o600)


def require_new(path: str | os.PathLike[str]) -> None:
    """Raise the `OSError` that `write_new` would by now: for callers that want to know before the work is done."""
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
    with Unfinished(path, data, mode) as file:
        file.replace(path)
    _sync_directory(path.parent)


def replace_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to a file that only its owner can read (mode 0600), as `replace` does."""
    replace(path, data, 0o600)


def open_new_private(path: str | os.PathLike[str]) -> int:
    """Return a descriptor of a new file, to append to, which only its owner can read; or of a pipe that is there.

    Raises `FileExistsError` if there is a file, or a link to one, which stays as it was.
    """
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _open_unless_regular(path, flags, _exists(path))


def append_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Append to a file that only its owner can read, made now if it is missing; or to a pipe or a terminal.

    If others can read the file, that is ended first: what it is to hold is not for them. Raises `PermissionError` if it
    is another's, and `OSError` if a link leads to it, or it cannot be written.
    """
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EMLINK):
            raise
        link = OSError(errno.ELOOP, "it is a link to another file, and nothing is written there", str(path))
        descriptor = _open_unless_regular(path, flags, link)
    try:
        _make_private(descriptor, path)
        with open(descriptor, "ab", closefd=False) as file:
            file.write(data)
    finally:
        os.close(descriptor)


def read_limited(path: str | os.PathLike[str], *, limit: int = READ_LIMIT) -> bytes:
    """Return what the file holds; raise `ValueError` if that is more than `limit` bytes."""
    with open(path, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{path} holds more than {limit} bytes")
    return data


def _exists(path: str | os.PathLike[str]) -> FileExistsError:
    return FileExistsError(f"{path} exists already, and nothing is overwritten")


def _sync_directory(directory: Path) -> None:
    """Make the new name in the directory last through a power cut."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows, where no directory can be opened, and names are in a journal
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_private(descriptor: int, path: str | os.PathLike[str]) -> None:
    """Take the permissions of others away from a regular file."""
    found = os.fstat(descriptor)
    if not hasattr(os, "geteuid") or not stat.S_ISREG(found.st_mode) or not found.st_mode & 0o077:
        return
    if found.st_uid != os.geteuid():
        raise PermissionError(errno.EACCES, "others can read it, and it is not yours", str(path))
    os.fchmod(descriptor, 0o600)


def _open_unless_regular(path: str | os.PathLike[str], flags: int, refusal: OSError) -> int:
    """Open a pipe or a device; raise `refusal` if it is a file."""
    descriptor = os.open(path, flags)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refusal
    return descriptor
