import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from training.atomic_files import (
    discard_folder,
    remove_leftovers,
    stage_folder,
    write_bytes_atomic,
    write_json_atomic,
    write_text_atomic,
)
from training.errors import CannotWrite


def test_writes_replace_the_file_and_leave_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    write_text_atomic(path, "first\r\n")
    write_text_atomic(path, "second \u2028 \u00e4\n")
    assert path.read_bytes() == "second \u2028 \u00e4\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_json_is_ascii_and_refuses_nan(tmp_path: Path) -> None:
    write_json_atomic(tmp_path / "a.json", {"text": "\u2028"})
    assert b"\\u2028" in (tmp_path / "a.json").read_bytes()
    with pytest.raises(ValueError):
        write_json_atomic(tmp_path / "a.json", {"loss": float("nan")})
    assert b"\\u2028" in (tmp_path / "a.json").read_bytes()


def test_a_full_disk_keeps_the_old_file_and_names_the_way_out(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "file"
    write_bytes_atomic(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match=r"No space left.*Free space") as caught:
        write_bytes_atomic(path, b"new")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_staged_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with stage_folder(tmp_path / "done") as stage:
        (stage / "sub").mkdir()
        (stage / "sub" / "file").write_text("x")
        assert not (tmp_path / "done").exists()
    assert (tmp_path / "done" / "sub" / "file").read_text() == "x"
    with pytest.raises(RuntimeError), stage_folder(tmp_path / "broken") as stage:
        (stage / "file").write_text("x")
        raise RuntimeError("half way")
    assert [path.name for path in tmp_path.iterdir()] == ["done"]


def test_staging_refuses_to_replace(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(CannotWrite, match="there already"), stage_folder(tmp_path / "there"):
        pass


def test_leftovers_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    (tmp_path / f".a.json.tmp-{int(dead.stdout)}-0123abcd").write_text("half")
    (tmp_path / f".step.tmp-{int(dead.stdout)}-0123abcd").mkdir()
    mine = tmp_path / f".b.json.tmp-{os.getpid()}-0123abcd"
    mine.write_text("being written")
    other = tmp_path / ".gitignore"
    other.write_text("")
    assert remove_leftovers(tmp_path) == 2
    assert set(tmp_path.iterdir()) == {mine, other}


def test_discarded_folder_is_gone(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "file").write_text("x")
    discard_folder(tmp_path / "old")
    assert list(tmp_path.iterdir()) == []
