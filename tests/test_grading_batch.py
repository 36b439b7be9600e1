"""A class graded by several processes: the same scores as by one, whatever ends in the middle."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace

import classroom
import grading_lab
import nbformat
import pytest
import synthetic_class
from class_runner import LIGHT
from grading_lab import LIMITS, NAME, POINTS, submit, with_answers

from ntklab._course import UsageError, find_lab
from ntklab._executors import ClusterLost
from ntklab.grading import batch, warm, work
from ntklab.grading.batch import GradingStopped, grade_class
from ntklab.grading.gradebook import Course
from ntklab.grading.grader import Grader, course_secret, master_notebook
from ntklab.grading.nbgrader_steps import COMPUTED
from ntklab.grading.recording import Recorder
from ntklab.grading.results import Outcome
from ntklab.grading.stops import alone
from ntklab.grading.work import Graded, Job, Submission

TOTAL = sum(POINTS.values())
COUNT = 20


@pytest.fixture(scope="module")
def room(invented, tmp_path_factory, grader):
    """A course with a class of twenty."""
    root = tmp_path_factory.mktemp("class")
    grading_lab.write(root)
    kinds = synthetic_class.write(root / "in", invented.source, invented.student, COUNT, seed=4)
    return root, kinds


def graded(root, name, **options):
    course = Course(root / name, root / f"{name}-source")
    secret = course.folder / ".secret_seed"
    course.folder.mkdir(exist_ok=True)
    secret.write_text("5" * 64)
    settings = {"limits": LIMITS, "preload": LIGHT, **options}
    return grade_class(find_lab(NAME, root), course, root / "in", **settings)


@pytest.fixture(scope="module")
def undisturbed(room):
    """What one process makes of the class."""
    root, _ = room
    result = graded(root, "undisturbed", workers=0)
    return result.to_json(), classroom.everything(root / "undisturbed")


def test_every_student_ends_with_a_score_and_a_reason(room, undisturbed):
    root, kinds = room
    students = undisturbed[0]["students"]
    assert set(students) == set(kinds)
    for student, kind in kinds.items():
        due = synthetic_class.due(kind)
        assert due is None or students[student]["score"] == due, kind
        assert students[student]["reason"] or students[student]["status"] == "graded"
    assert sum(synthetic_class.due(kind) is None for kind in kinds.values()) == COUNT // 10
    held = classroom.gradebook(root / "undisturbed")
    assert {s: sum(g[1] or 0 for g in v["grades"]) for s, v in held.items()} == {
        s: v["score"] for s, v in students.items()
    }


def test_two_workers_give_what_one_process_gives(room, undisturbed):
    root, _ = room
    seen = []
    result = graded(root, "parallel", workers=2, progress=lambda done, total, *_: seen.append((done, total)))
    assert (result.to_json(), classroom.everything(root / "parallel")) == undisturbed
    assert seen == [(k, COUNT) for k in range(1, COUNT + 1)]
    assert os.listdir(root / "parallel" / ".scratch") == []


def test_a_worker_that_dies_costs_nothing(room, undisturbed):
    root, _ = room
    killed = []

    def kill(done, *_):
        if done in (3, 9):
            worker = multiprocessing.active_children()[0]
            killed.append(worker.pid)
            worker.kill()

    result = graded(root, "bereft", workers=2, progress=kill)
    assert len(set(killed)) == 2
    assert (result.to_json(), classroom.everything(root / "bereft")) == undisturbed


class Deadly(Executor):
    """Runs calls here, but a call with the notebook of certain students ends its process."""

    def __init__(self, deadly):
        self.deadly, self.tried = deadly, []

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        submission = args[2]
        self.tried.append(submission)
        if submission.data is not None and self.deadly in submission.data:
            done.set_exception(BrokenProcessPool("terminated abruptly"))
        else:
            done.set_result(fn(*args, **kwargs))
        return done


def test_a_submission_that_no_process_survives_gets_a_reason(room, undisturbed, monkeypatch):
    root, kinds = room
    victim = next(student for student, kind in kinds.items() if kind == "noisy")
    pool = Deadly(f'"written-by": "{victim}"'.encode())
    monkeypatch.setattr(warm, "executor", contextmanager(lambda *_, **__: iter([pool])))
    result = graded(root, "deadly", workers=2)
    work.close()
    outcome = result.outcomes[victim]
    assert (outcome.score, outcome.status) == (0, "partial")
    assert outcome.reason == "no process of the grader's survived this notebook, so nothing of it counts: look at it"
    assert any(line.startswith(f"{victim}: ") and outcome.reason in line for line in result.faults)
    others = {s: v for s, v in result.to_json()["students"].items() if s != victim}
    assert others == {s: v for s, v in undisturbed[0]["students"].items() if s != victim}
    deadly = [k for k, s in enumerate(pool.tried) if s.data and pool.deadly in s.data]
    assert len(deadly) == 3
    assert deadly[-1] == len(pool.tried) - 2  # alone and last; what follows is the refusal


def test_a_cluster_that_goes_away_is_one_line(room, monkeypatch):
    root, _ = room

    def lost(*_):
        raise ClusterLost("the scheduler went away")

    monkeypatch.setattr(batch, "results", lost)
    with pytest.raises(GradingStopped, match=r"scheduler went away: start it again\. What is graded .* with --resume"):
        graded(root, "lost", workers=1)


# --- the writer -----------------------------------------------------------------------------------------------------


def test_the_writer_writes_what_nbgrader_would(room, undisturbed):
    """nbgrader's own converter, student by student, on the same submissions."""
    root, kinds = room
    course = Course(root / "stock", root / "undisturbed-source")
    course.folder.mkdir()
    shutil.copy(root / "undisturbed" / ".secret_seed", course.folder)
    course.register(NAME)
    source = nbformat.read(root / "undisturbed-source" / NAME / f"{NAME}.ipynb", as_version=4)
    few = [student for student, kind in kinds.items() if kind in synthetic_class.STYLES][:5]
    scratch = course.scratch("submitted")
    with Grader(NAME, source, course_secret(course.folder), limits=LIMITS, preload=LIGHT) as ours:
        for student in few:
            rebuilt, COMPUTED[NAME, student] = ours.grade_file(root / "in" / student / NAME / f"{NAME}.ipynb")
            submit(scratch, student, rebuilt.notebook)
            course.autograde(course.api(submitted=scratch), NAME, student)
            del COMPUTED[NAME, student]
    _, everything = undisturbed
    assert classroom.gradebook(course.folder) == {student: everything[student] for student in few}
    stock = classroom.notebooks(course.folder)
    assert len(stock) == len(few)
    assert stock == {name: everything["notebooks"][name] for name in stock}


def test_a_student_is_recorded_whole_or_not_at_all(room, undisturbed, invented, monkeypatch):
    root, _ = room
    course = Course(root / "whole", root / "undisturbed-source")
    course.register(NAME)
    master = master_notebook(invented.source)
    job = Job(NAME, nbformat.writes(master), b"5" * 32, LIMITS, preload=LIGHT)
    one = Graded.parse(work.grade_one(job, job.key(), submission(root, "neighbour")))
    work.close()
    with Recorder(course, NAME) as recorder:
        recorder.record("ada", one.notebook, one.outcome, "2026-01-01 12:00:00 UTC")
        before = classroom.gradebook(course.folder)
        assert before["ada"]["stamp"] == "2026-01-01 12:00:00"

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(recorder, "_write", full)
        with pytest.raises(OSError, match="No space left"):
            recorder.record("bob", one.notebook, one.outcome)
        monkeypatch.undo()
        assert classroom.gradebook(course.folder) == before
        recorder.record("bob", one.notebook, one.outcome)
    assert set(classroom.gradebook(course.folder)) == {"ada", "bob"}


def submission(root, student) -> Submission:
    path = root / "in" / student / NAME / f"{NAME}.ipynb"
    return Submission(path.name, path.read_bytes())


# --- what an outcome depends on -------------------------------------------------------------------------------------


def test_the_key_of_a_job_is_all_that_decides(room, monkeypatch):
    job = Job(NAME, "{}", b"1", LIMITS)
    others = [
        replace(job, lab="lab97"), replace(job, master="[]"), replace(job, secret=b"2"), replace(job, fenced=False),
        replace(job, figures=True), replace(job, limits=replace(LIMITS, cell_seconds=3.0)),
    ]  # fmt: skip
    assert len({job.key(), *(other.key() for other in others)}) == 1 + len(others)
    assert replace(job, preload=()).key() == job.key() == Job(NAME, "{}", b"1", LIMITS).key()
    monkeypatch.setattr(work, "_library", lambda: "another version")
    assert replace(job).key() not in {other.key() for other in [*others]}
    assert "secret" not in repr(job)


def test_submissions_are_named_by_what_they_hold():
    digests = {
        s.digest()
        for s in (
            Submission("a.ipynb", b"1"), Submission("a.ipynb", b"2"), Submission("b.ipynb", b"1"),
            Submission("a.ipynb", None, "gone"), Submission("a.ipynb", None, "gone", "partial"),
            Submission("a.ipynb", b""),
        )
    }  # fmt: skip
    assert len(digests) == 6


def test_an_outcome_survives_its_way_as_text(grade):
    outcome = grade(doubled="import warnings\nwarnings.warn('µ \\x1b[3m')\n1 / 0", gram="print('x')")
    again = Outcome.parse(json.loads(json.dumps(outcome.dump())))
    assert again == outcome
    assert again.public() == outcome.public()


# --- stops ----------------------------------------------------------------------------------------------------------


def test_two_graders_do_not_write_one_course(room):
    root, _ = room
    course = Course(root / "shared", root / "shared-source")
    with alone(course), pytest.raises(GradingStopped, match=r"another ntklab grade is at work in .*shared"):
        graded(root, "shared", workers=0)
    with alone(course):  # the lock went with its owner
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not to be had on Windows")
def test_ctrl_c_leaves_no_process_and_no_folder(room):
    root, _ = room
    argv = ("grade", "lab98", "--submitted", root / "in", "--course", root / "stopped", "--workers", "2")
    with classroom.command(root, *argv) as process:
        deadline = time.monotonic() + 60
        while not list((root / "stopped").glob("autograded/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "ntklab: stopped. What is graded is kept: --resume goes on from there"
    assert "Traceback" not in err
    assert out == ""
    assert classroom.processes(root) == []
    assert os.listdir(root / "tmp") == []


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--workers", "-1"], "--workers -1: there can be no fewer than 0"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "give --workers or --scheduler, not both"),
        (["--workers", "many"], "invalid int value: 'many'"),
    ],
)
def test_wrong_numbers_of_workers_are_usage(room, capsys, monkeypatch, argv, said):
    from ntklab.cli import main

    monkeypatch.setenv("NTKLAB_ROOT", str(room[0]))
    assert main(["grade", "lab98", *argv]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_no_worker_for_a_class_that_is_not_there(room):
    with pytest.raises(UsageError, match="there is no folder"):
        grade_class(find_lab(NAME, room[0]), Course(room[0] / "x", room[0] / "y"), room[0] / "nowhere", workers=2)


def test_the_same_bytes_twice_are_two_students(room, invented, tmp_path):
    root, _ = room
    for student in ("a", "b"):
        submit(tmp_path, student, with_answers(invented.source, why_twice="It is."))
    course = Course(root / "twins", root / "twins-source")
    result = grade_class(find_lab(NAME, root), course, tmp_path, limits=LIMITS, preload=LIGHT, workers=1)
    assert {s: o.score for s, o in result.outcomes.items()} == {"a": TOTAL, "b": TOTAL}
    assert set(classroom.gradebook(course.folder)) == {"a", "b"}
