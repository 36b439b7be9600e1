"""What a run keeps on its way is whole or not there: saved outcomes, files put in place, a new gradebook, folders."""

from __future__ import annotations

import os
import sqlite3
import sys
from dataclasses import replace

import pytest
from grading_lab import with_answers

from ntklab.grading import outcomes
from ntklab.grading.outcomes import Saved
from ntklab.grading.work import Submission

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading a class needs Linux")


def test_half_a_file_is_no_outcome(tmp_path):
    one = Submission("a.ipynb", b"1")
    saved = Saved(tmp_path / "x" / "saved", "key", resume=True)
    assert saved.get(one) is None
    saved.put(one, "the outcome, with a µ\nin two lines")
    assert saved.get(one) == "the outcome, with a µ\nin two lines"
    assert Saved(saved.folder, "another key", True).get(one) is None
    assert Saved(saved.folder, "key", False).get(one) is None
    assert len(saved) == 1
    (path,) = saved.folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    for cut in (0, 10, 64, 65, 70, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert saved.get(one) is None
    path.write_bytes(whole[:70] + b"\xff" + whole[71:])
    assert saved.get(one) is None
    saved.clear()
    assert os.listdir(tmp_path) == []
    saved.clear()


def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    path = tmp_path / "kept"
    outcomes.replace(path, b"old", 0o640)

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="No space left"):
        outcomes.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["kept"]


def test_a_gradebook_is_made_whole(tmp_path, scripts):
    from nbgrader.api import Gradebook

    from ntklab.grading.recording import new_gradebook

    path = tmp_path / "course" / "gradebook.db"
    new_gradebook(path)
    before = path.read_bytes()
    new_gradebook(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["gradebook.db"]
    with Gradebook(f"sqlite:///{path}") as book:
        assert book.assignments == []
    stock = tmp_path / "stock.db"
    Gradebook(f"sqlite:///{stock}").close()
    what = "select type, name, tbl_name from sqlite_master order by 1, 2", "select * from alembic_version"
    for query in what:
        assert sqlite3.connect(path).execute(query).fetchall() == sqlite3.connect(stock).execute(query).fetchall()


@pytest.fixture
def scripts():
    from ntklab.grading.gradebook import scripts_in_reach

    scripts_in_reach()


def test_folders_of_the_dead_are_swept(tmp_path, monkeypatch):
    import tempfile

    from ntklab.grading.folders import OwnFolder, sweep

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "ntklab-test-dead" / "inside").mkdir(parents=True)
    (tmp_path / "ntklab-test-link").symlink_to(tmp_path)
    (tmp_path / "other").mkdir()
    mine = OwnFolder("ntklab-test-")
    assert sorted(os.listdir(tmp_path)) == sorted([mine.path.name, "ntklab-test-link", "other"])
    sweep("ntklab-test-")
    assert mine.path.is_dir()
    mine.remove()
    mine.remove()
    assert sorted(os.listdir(tmp_path)) == ["ntklab-test-link", "other"]


def test_someone_elses_answers_do_not_help(invented):
    """Equal file names under two students' ids are two submissions; equal bytes are equal work."""
    a = Submission("lab.ipynb", with_answers(invented.solved)["cells"][0]["source"].encode())
    assert a.digest() == replace(a).digest()
    assert a.digest() != replace(a, data=(a.data or b"") + b" ").digest()
