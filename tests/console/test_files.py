"""Files: whole or not there, over another only where that is meant, private where they must be."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from console import files, unfinished
from console.unfinished import SUFFIX, temporary_prefix


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True, params=["nameless", "named"])
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system can make files without a name, and where it cannot."""
    if request.param == "nameless" and not unfinished.HAS_NAMELESS_FILES:
        pytest.skip("this system makes no files without a name")
    monkeypatch.setattr(unfinished, "HAS_NAMELESS_FILES", request.param == "nameless")


@pytest.fixture(autouse=True)
def _common_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    files.write_new(tmp_path / "a", b"text")
    files.write_private(tmp_path / "b", b"secret")
    assert (tmp_path / "a").read_bytes() == b"text"
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o644, 0o600)
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_the_umask_takes_permissions_away(tmp_path: Path) -> None:
    os.umask(0o077)
    files.write_new(tmp_path / "a", b"text")
    assert mode(tmp_path / "a") == 0o600


def test_an_existing_file_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError, match="exists already, and nothing is overwritten"):
        files.write_private(path, b"new")
    assert path.read_bytes() == b"old"
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "link", b"new")
    assert sorted(os.listdir(tmp_path)) == ["key", "link"]


def test_what_is_renewed_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "session"
    for data in (b"old", b"new"):
        files.replace_private(path, data)
        assert path.read_bytes() == data
        assert mode(path) == 0o600
    path.chmod(0o644)
    files.replace_private(path, b"newer")
    assert mode(path) == 0o600
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        files.replace_private(tmp_path / "folder", b"data")
    assert sorted(os.listdir(tmp_path)) == ["folder", "session"]


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        files.write_new(tmp_path / "a", b"text")
    assert os.listdir(tmp_path) == []


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.write_new(tmp_path / "none" / "a", b"text")


def test_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        files.write_new(tmp_path / "a", "text")  # type: ignore[arg-type]  # the point of it
    assert os.listdir(tmp_path) == []


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(10))
    assert files.read_limited(path, limit=10) == bytes(10)
    with pytest.raises(ValueError, match="more than 9 bytes"):
        files.read_limited(path, limit=9)
    with pytest.raises(ValueError, match="more than 1048576 bytes"):
        files.read_limited("/dev/zero")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for data in (b"old", b"new"):
        files.replace(path, data, 0o600)
        assert path.read_bytes() == data
        assert mode(path) == 0o600
    with pytest.raises(TypeError, match="expected bytes"):
        files.replace(path, "text")  # type: ignore[arg-type]  # the point of it
    with pytest.raises(FileNotFoundError):
        files.replace(tmp_path / "none" / "a", b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_many_replace_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    texts = [bytes([number]) * 10_000 for number in range(8)]

    def work(text: bytes) -> None:
        for _ in range(5):
            files.replace(path, text)

    with ThreadPoolExecutor() as pool:
        list(pool.map(work, texts))
    assert path.read_bytes() in texts
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_what_cannot_be_written_is_known_beforehand(tmp_path: Path) -> None:
    files.require_new(tmp_path / "a")
    (tmp_path / "a").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for taken in ("a", "link"):
        with pytest.raises(FileExistsError, match="exists already, and nothing is overwritten"):
            files.require_new(tmp_path / taken)
    with pytest.raises(FileNotFoundError):
        files.require_new(tmp_path / "none" / "a")
    with pytest.raises(NotADirectoryError):
        files.require_new(tmp_path / "a" / "b")


def test_a_directory_in_which_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # anyone who runs the tests as root may write everywhere
    with pytest.raises(PermissionError, match=re.escape(str(tmp_path))):
        files.require_new(tmp_path / "a")


@pytest.mark.parametrize("name", ["\u9470" * 85, "x" * 255, "\u9470" * 84 + "abc", "a\udcff"])
def test_names_are_as_long_as_they_may_be_in_bytes(tmp_path: Path, name: str) -> None:
    assert len(os.fsencode(f"{temporary_prefix(name)}{'0' * 16}{SUFFIX}")) <= 255
    files.write_private(tmp_path / name, b"new")
    files.replace_private(tmp_path / name, b"newer")
    assert (tmp_path / name).read_bytes() == b"newer"
    assert os.listdir(tmp_path) == [name]


def test_what_a_dead_writer_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    remains, other, short = (
        tmp_path / f".{name}.tmp" for name in ("key.0123456789abcdef", "kex.0123456789abcdef", "key.0")
    )
    for path in (remains, other, short):
        path.write_bytes(b"secret")
    files.write_private(tmp_path / "key", b"new")
    assert sorted(os.listdir(tmp_path)) == sorted(["key", other.name, short.name])
    remains.symlink_to(other)  # and nothing else is taken for remains
    files.replace_private(tmp_path / "key", b"newer")
    assert other.read_bytes() == b"secret"


def test_what_a_living_writer_has_not_finished_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    fsync = os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", fsync)
        files.write_new(path, b"by another")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    files.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["key"]


def test_a_file_system_without_files_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system_open = os.open

    def open_named(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return system_open(path, flags, mode)

    monkeypatch.setattr(os, "open", open_named)
    files.write_private(tmp_path / "key", b"new")
    assert (tmp_path / "key").read_bytes() == b"new"
    assert mode(tmp_path / "key") == 0o600
    assert os.listdir(tmp_path) == ["key"]


def test_a_new_file_to_append_to(tmp_path: Path) -> None:
    descriptor = files.open_new_private(tmp_path / "a")
    os.write(descriptor, b"text")
    os.close(descriptor)
    assert (tmp_path / "a").read_bytes() == b"text"
    assert mode(tmp_path / "a") == 0o600
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for taken in ("a", "link"):
        with pytest.raises(FileExistsError, match="exists already, and nothing is overwritten"):
            files.open_new_private(tmp_path / taken)
    assert (tmp_path / "a").read_bytes() == b"text"
    os.close(files.open_new_private("/dev/null"))


def test_what_is_appended_to_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys"
    for data in (b"", b"one\n", b"two\n"):
        files.append_private(path, data)
    assert path.read_bytes() == b"one\ntwo\n"
    assert mode(path) == 0o600
    path.chmod(0o644)
    files.append_private(path, b"three\n")
    assert mode(path) == 0o600
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="it is a link to another file"):
        files.append_private(tmp_path / "link", b"four\n")
    path.chmod(0o640)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="others can read it"):
        files.append_private(path, b"four\n")
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    files.append_private("/dev/null", b"text")
