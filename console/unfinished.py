"""Files that are being written, and of which nothing is left if the writer dies.

Left out     Systems with neither files without a name, nor locks, nor a bar on removing what is open.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import Self

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module, or none

HAS_NAMELESS_FILES = hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd")
NOT_HERE = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)  # what file systems without them answer
SUFFIX = ".tmp"
RANDOM = 16  # hexadecimal digits in a temporary name
LONGEST = 255  # bytes of a name


class Unfinished:
    """A file that holds `data`, and has no name yet. Used in a `with` block, at whose end it is gone unless it has one.

    Where the system can make a file without a name (Linux's O_TMPFILE), nothing is left of it when the process dies.
    Elsewhere, and while it takes the place of another, it has a temporary name beside `path`. A program that writes to
    the same path later removes what is left under such a name by a process that died.

    mode: the permissions of the file, from which the umask may still take some away.
    Raises `OSError` if it cannot be written.
    """

    def __init__(self, path: Path, data: bytes, mode: int) -> None:
        if not isinstance(data, bytes):
            raise TypeError(f"what {path} is to hold is {type(data).__name__}, expected bytes")
        self._directory, self._prefix = path.parent, temporary_prefix(path.name)
        self._name: Path | None = None
        self._descriptor = -1
        _remove_remains(self._directory, self._prefix)
        try:
            self._open(mode)
            with open(self._descriptor, "wb", closefd=False) as file:
                file.write(data)
            os.fsync(self._descriptor)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if fcntl is None:
            self._close()  # Windows does not remove a file that is open
        if self._name is not None:
            self._name.unlink(missing_ok=True)
        self._close()  # only now, as this ends the lock

    def link(self, path: Path) -> None:
        """Give the file this name; raise `FileExistsError` if it is taken."""
        if self._name is not None:
            os.link(self._name, path)
            return
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:  # with a descriptor, Python calls linkat(2), which can follow this link to the file
            os.link(f"/proc/self/fd/{self._descriptor}", path.name, dst_dir_fd=directory, follow_symlinks=True)
        finally:
            os.close(directory)

    def replace(self, path: Path) -> None:
        """Give the file this name, in the place of the one that has it, if there is one."""
        if self._name is None:
            name = self._new_name()
            self.link(name)
            self._name = name
        if fcntl is None:
            self._close()  # Windows does not rename a file that is open
        self._name.replace(path)

    def _open(self, mode: int) -> None:
        """Make the file, and lock it: so others see that its writer lives."""
        if HAS_NAMELESS_FILES:
            try:
                self._descriptor = os.open(self._directory, os.O_TMPFILE | os.O_WRONLY, mode)
            except OSError as error:
                if error.errno not in NOT_HERE:
                    raise
            else:
                self._lock()
                return
        while True:
            self._name = self._new_name()
            self._descriptor = os.open(self._name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            self._lock()
            if fcntl is None or os.fstat(self._descriptor).st_nlink:
                return
            self._close()  # somebody took it for remains, in the moment before it was locked

    def _lock(self) -> None:
        if fcntl is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _new_name(self) -> Path:
        return self._directory / f"{self._prefix}{secrets.token_hex(RANDOM // 2)}{SUFFIX}"


def temporary_prefix(name: str) -> str:
    """Return how the temporary names of a file begin: as much of its name as their length allows, in bytes."""
    octets = os.fsencode(name)[: LONGEST - RANDOM - len(f"..{SUFFIX}")]
    return f".{octets.decode(errors='ignore')}."


def _remove_remains(directory: Path, prefix: str) -> None:
    """Remove the files that processes which died while they wrote have left here."""
    try:
        names = os.listdir(directory)
    except OSError:  # it is not there, or cannot be read, but perhaps written to
        return
    for name in names:
        if name.startswith(prefix) and name.endswith(SUFFIX) and len(name) == len(prefix) + RANDOM + len(SUFFIX):
            with contextlib.suppress(OSError):  # its writer lives, somebody else was faster, or it is not ours
                _remove_unless_locked(directory / name)


def _remove_unless_locked(path: Path) -> None:
    """Remove the file; raise `OSError` if its writer lives."""
    if fcntl is None:
        path.unlink()
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)
