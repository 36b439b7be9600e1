"""Whatever stops a run (kill -9, a full disk, a locked gradebook), --resume ends as an undisturbed one would have."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import classroom
import grading_lab
import pytest
import synthetic_class
from class_runner import LIGHT
from grading_lab import LIMITS, NAME, submit

from ntklab._course import find_lab
from ntklab.grading import outcomes, work
from ntklab.grading.batch import GradingStopped, grade_class
from ntklab.grading.gradebook import Course

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading a class needs Linux")
SECRET = "7" * 64


def new_course(root, name="course"):
    (root / name).mkdir()
    (root / name / ".secret_seed").write_text(SECRET)
    return Course(root / name, root / "source")


@pytest.fixture(scope="module")
def small(invented, tmp_path_factory, grader):
    """Eight submissions, and what an undisturbed run makes of them."""
    root = tmp_path_factory.mktemp("small")
    grading_lab.write(root)
    kinds = synthetic_class.write(root / "in", invented.source, invented.student, 8, seed=1, broken=0.25)
    grade_class(find_lab(NAME, root), new_course(root), root / "in", limits=LIMITS, preload=LIGHT, workers=0)
    return root, kinds, classroom.everything(root / "course")


@pytest.fixture
def course(small, request):
    """A fresh course beside it."""
    return new_course(small[0], f"course-{request.node.name[:40]}")


def grade(small, course, **options):
    settings = {"limits": LIMITS, "preload": LIGHT, "workers": 0, **options}
    return grade_class(find_lab(NAME, small[0]), course, small[0] / "in", **settings)


def scratch(course):
    return course.folder / ".scratch" / "outcomes" / NAME


def stopping(after):
    """A progress that stops the run after so many submissions, as Ctrl-C would."""

    def progress(done, *_):
        if done == after:
            raise KeyboardInterrupt

    return progress


# --- going on ---------------------------------------------------------------------------------------------------------


def test_resume_computes_only_what_is_missing(small, course, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, progress=stopping(5))
    assert len(list(scratch(course).iterdir())) == 5
    computed, said = [], []
    one = work.grade_one
    monkeypatch.setattr(work, "grade_one", lambda job, key, s: computed.append(s) or one(job, key, s))
    grade(small, course, resume=True, log=said.append)
    assert len(computed) == 3
    assert said == ["going on: 5 submissions were computed before the interruption"]
    assert classroom.differences(classroom.everything(course.folder), small[2]) == []
    assert os.listdir(course.folder / ".scratch") == []


def test_without_resume_it_says_so_and_begins_afresh(small, course, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, progress=stopping(5))
    said = []
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, log=said.append, progress=stopping(2))
    (line,) = said
    assert "was interrupted after 5 of 8 submissions; this one begins afresh" in line
    assert line.endswith("stop it now (Ctrl-C) and add --resume")
    assert len(list(scratch(course).iterdir())) == 2  # the five of before are gone
    grade(small, course, resume=True)
    assert classroom.differences(classroom.everything(course.folder), small[2]) == []


def test_stopped_before_anything_new_the_old_outcomes_are_still_there(small, course, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, progress=stopping(5))

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "grade_one", stop)
    with pytest.raises(KeyboardInterrupt):
        grade(small, course)
    assert len(list(scratch(course).iterdir())) == 5


def test_a_submission_that_changed_meanwhile_is_graded_anew(small, course, invented, tmp_path):
    root = small[0]
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, progress=stopping(8))
    changed = tmp_path / "in"
    subprocess.run(["cp", "-a", str(root / "in"), str(changed)], check=True)
    submit(changed, "neighbour", invented.student)
    result = grade_class(
        find_lab(NAME, root), course, changed, limits=LIMITS, preload=LIGHT, workers=0, resume=True
    )  # fmt: skip
    assert result.outcomes["neighbour"].score == 0


def test_other_limits_are_another_job(small, course):
    with pytest.raises(KeyboardInterrupt):
        grade(small, course, progress=stopping(8))
    computed = []
    with pytest.MonkeyPatch.context() as patch:
        one = work.grade_one
        patch.setattr(work, "grade_one", lambda job, key, s: computed.append(s) or one(job, key, s))
        grade(small, course, resume=True, limits=replace(LIMITS, cell_seconds=3.0))
    assert len(computed) == 8


# --- kill -9 ----------------------------------------------------------------------------------------------------------


def killed_and_resumed(small, moments):
    """Kill the grader at these moments (seconds, or a count of recorded students), going on each time until it ends."""
    root = small[0]
    course = new_course(root, f"killed-{len(moments)}-{moments[0]}")
    argv = ["grade", "lab98", "--submitted", root / "in", "--course", course.folder, "--workers", "2"]
    kills = 0
    for moment in moments:
        resume = ["--resume"] if kills else []
        if isinstance(moment, int):
            code, _, err = classroom.run(root, "--kill-after", moment, *argv, *resume)
        else:
            with classroom.command(root, *argv, *resume) as process:
                try:
                    _, err = process.communicate(timeout=moment)
                except subprocess.TimeoutExpired:
                    process.kill()
                    _, err = process.communicate()
                code = process.returncode
        if code != -9:  # it was done before
            assert code == 1, err
            break
        kills += 1
    code, _, err = classroom.run(root, *argv, "--resume")
    assert code == 1, err  # the class has broken submissions in it
    deadline = time.monotonic() + 10
    while classroom.processes(root) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert classroom.processes(root) == []
    assert os.listdir(root / "tmp") == []
    assert os.listdir(course.folder / ".scratch") == []
    assert classroom.differences(classroom.everything(course.folder), small[2]) == []
    assert sqlite3.connect(course.folder / "gradebook.db").execute("pragma integrity_check").fetchone() == ("ok",)
    return kills


def test_killed_between_two_students_it_goes_on(small):
    assert killed_and_resumed(small, [3]) == 1


def test_killed_at_a_random_moment_it_goes_on(small):
    moments = [random.Random(11).uniform(0.5, 4.0)]
    assert killed_and_resumed(small, moments) == 1


@pytest.mark.slow
def test_killed_at_twenty_random_moments_it_goes_on(small, capsys):
    """Twenty runs, each killed at another moment of its whole length, then one --resume each."""
    root = small[0]
    course = new_course(root, "measured")
    started = time.monotonic()
    argv = ["grade", "lab98", "--submitted", root / "in", "--course", course.folder, "--workers", "2"]
    assert classroom.run(root, *argv)[0] == 1
    length = time.monotonic() - started
    rng = random.Random(20)
    kills = [killed_and_resumed(small, [length * (k + rng.random()) / 20]) for k in range(20)]
    with capsys.disabled():
        print(f"\n{sum(kills)} of 20 runs of {length:.1f} s were killed before their end, each then resumed")
    assert sum(kills) >= 15


@pytest.mark.slow
def test_killed_again_and_again_it_goes_on(small):
    """One run, killed after every student."""
    assert killed_and_resumed(small, [1] * 6) == 6


# --- a full disk, a locked gradebook ----------------------------------------------------------------------------------


def test_a_full_disk_stops_it_with_one_line_and_nothing_is_lost(small, course, monkeypatch):
    real, count = outcomes.replace, [0]

    def full(path, data, mode=0o600):
        count[0] += 1
        if count[0] == 7:
            raise OSError(28, "No space left on device", str(path))
        real(path, data, mode)

    monkeypatch.setattr(outcomes, "replace", full)
    with pytest.raises(GradingStopped, match=r"no space is left for .*: free some\. What is graded is kept") as stopped:
        grade(small, course)
    monkeypatch.undo()
    assert "--resume" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    before = len(list(scratch(course).iterdir()))
    assert before > 0
    grade(small, course, resume=True)
    assert classroom.differences(classroom.everything(course.folder), small[2]) == []


@contextmanager
def tiny_disk(folder, size):
    """A file system of so many bytes."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], check=False)
    if made.returncode:
        pytest.skip("no file system can be mounted here: it takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="it takes root to mount a small file system")
@pytest.mark.parametrize("room", [250, 420])  # kB
def test_a_disk_that_is_full_for_real(small, room, tmp_path):
    root = small[0]
    with tiny_disk(tmp_path / "disk", f"{room}k") as disk:
        course = new_course(disk)
        argv = ["grade", "lab98", "--submitted", root / "in", "--course", course.folder, "--workers", "1"]
        code, out, err = classroom.run(root, *argv)
        assert code == 1, err
        said = [line for line in err.splitlines() if line.startswith("ntklab: ")]
        assert len(said) == 1
        assert "no space is left for " in said[0]
        assert "run the same command with --resume" in said[0]
        assert "Traceback" not in err
        assert out == ""
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        code, _, err = classroom.run(root, *argv, "--resume")
        assert code == 1, err
        assert classroom.differences(classroom.everything(course.folder), small[2]) == []


def test_a_gradebook_that_another_program_locks(small, course):
    """Locked after three students, by another connection."""
    held = []

    def lock(done, *_):
        if done == 3:
            other = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
            other.execute("begin exclusive")
            held.append(other)

    with pytest.raises(GradingStopped, match=r"another program holds the gradebook: close it .*--resume") as stopped:
        grade(small, course, progress=lock)
    assert "database is locked" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    held[0].close()
    assert len(classroom.gradebook(course.folder)) == 3
    grade(small, course, resume=True)
    assert classroom.differences(classroom.everything(course.folder), small[2]) == []


def test_a_gradebook_that_is_locked_from_the_start_is_exit_1(small, course, capsys, monkeypatch):
    from ntklab.cli import main
    from ntklab.grading.recording import new_gradebook

    new_gradebook(course.folder / "gradebook.db")
    other = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
    other.execute("begin exclusive")
    monkeypatch.setenv("NTKLAB_ROOT", str(small[0]))
    argv = ["grade", "lab98", "--submitted", small[0] / "in", "--course", course.folder, "--workers", "0"]
    assert main([str(arg) for arg in argv]) == 1
    other.close()
    (line,) = capsys.readouterr().err.splitlines()
    assert "another program holds the gradebook: close it" in line
