"""What is stopped (too slow, dead, too large) costs its own exercise, and whoever stops another pays for it himself."""

from __future__ import annotations

from dataclasses import replace

import grading_lab
import psutil
import pytest

from ntklab.grading import limits
from ntklab.grading.limits import Limits

FULL = grading_lab.POINTS
LOST = {**FULL, "doubled": 0.0, "quadrupled": 0.0}  # quadrupled calls doubled
SLOW = f"it took longer than {grading_lab.LIMITS.call_seconds:g} seconds"
DEAD = "it ended the process (os._exit, out of memory, or killed)"
RIGHT = "\ndef doubled(x):\n    return 2 * np.asarray(x)"


def scores(outcome) -> dict[str, float]:
    return {name: result.score for name, result in outcome.exercises.items()}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def doubled(x):\n    while True:\n        pass", SLOW),
        ("import os\ndef doubled(x):\n    os._exit(0)", DEAD),
        ("import os, signal\ndef doubled(x):\n    os.kill(os.getpid(), signal.SIGSEGV)", DEAD),
        ("def doubled(x):\n    hoard = []\n    while True:\n        hoard.append(b'x' * 10**7)", DEAD),
    ],
)
def test_a_call_that_is_stopped_costs_its_exercise_and_who_calls_it(grade, source, reason):
    outcome = grade(doubled=source)
    assert scores(outcome) == LOST
    assert outcome.exercises["doubled"].diagnosis == reason
    assert outcome.status == "partial"
    assert f"doubled: {reason}" in outcome.reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("while True:\n    pass" + RIGHT, f"it took longer than {grading_lab.LIMITS.cell_seconds:g} seconds"),
        ("import os\nos._exit(0)" + RIGHT, DEAD),
    ],
)
def test_a_cell_that_is_stopped_costs_its_exercise_and_says_so(grade, source, reason):
    outcome = grade(doubled=source)
    assert scores(outcome) == LOST
    assert outcome.exercises["doubled"].diagnosis == f"the cell was stopped: {reason}"
    assert outcome.outputs["doubled"][-1]["evalue"] == f"This cell was stopped: {reason}."
    assert outcome.status == "partial"


def test_a_call_that_is_stopped_on_one_input_still_serves_other_exercises(grade):
    # quadrupled is right wherever doubled answers: losing doubled must not take its cell away
    slow = "def doubled(x):\n    while np.shape(x) == (3,):\n        pass\n    return 2 * np.asarray(x)"
    outcome = grade(doubled=slow)
    assert scores(outcome) == {**FULL, "doubled": 0.0}


def test_an_exercise_that_is_slow_in_small_steps_is_stopped_too(grader, invented):
    import copy

    from ntklab.grading.rebuild import rebuild

    source = "import time\ndef doubled(x):\n    time.sleep(0.4)\n    return 2 * np.asarray(x)"
    slow = grading_lab.with_answers(invented.solved, doubled=source)
    slower = copy.copy(grader)
    slower.limits = replace(grader.limits, exercise_seconds=0.5)
    outcome = slower.grade(rebuild(grader.master, [dict(cell) for cell in slow.cells]))
    assert outcome.exercises["doubled"].score == 0
    assert outcome.exercises["doubled"].diagnosis == "its tests took longer than 0.5 seconds altogether"
    assert outcome.exercises["gram"].score == 2


def test_a_submission_as_a_whole_has_its_time(grader, invented):
    import copy

    from ntklab.grading.rebuild import rebuild

    slow = grading_lab.with_answers(invented.solved, gram="import time\ntime.sleep(100)\ndef gram(X): pass")
    hurried = copy.copy(grader)
    hurried.limits = replace(grader.limits, submission_seconds=1.0)
    outcome = hurried.grade(rebuild(grader.master, [dict(cell) for cell in slow.cells]))
    assert outcome.score == 0
    assert outcome.status == "partial"
    assert outcome.exercises["summary"].diagnosis == "the notebook took longer than 1 seconds altogether"
    assert "summary: the notebook took longer" in outcome.reason


@pytest.mark.parametrize(
    "harm",
    [
        "import os\nos.kill(-1, 9)",
        "import os, threading\nthreading.Timer(0.1, os._exit, [0]).start()",
        "import os, threading\nthreading.Timer(0.1, os.kill, [-1, 9]).start()",
        "import subprocess\nfor _ in range(60):\n    try:\n        subprocess.Popen(['sleep', '60'])\n"
        "    except OSError:\n        break",
    ],
    ids=["kill -1", "exit later", "kill later", "uses up the processes"],
)
def test_harm_done_to_other_exercises_does_not_cost_them(grade, harm):
    outcome = grade(doubled=harm + RIGHT)
    assert {name: scores(outcome)[name] for name in ("gram", "summary")} == {"gram": 2.0, "summary": 1.0}


def test_harm_done_by_a_call_does_not_cost_others(grade):
    outcome = grade(doubled="import os\ndef doubled(x):\n    os.kill(-1, 9)\n    return x")
    assert scores(outcome) == LOST
    assert outcome.status == "partial"


def test_older_kernels_count_everything_that_the_user_runs(monkeypatch):
    assert limits.processes_counted_too("6.1.0-18-amd64") == 0
    assert limits.processes_counted_too("5.14.0-362.el9") == 0
    monkeypatch.setattr(limits.os, "getuid", lambda: 0)
    assert limits.processes_counted_too("5.4.0") == 0  # student code is nobody then
    here = psutil.Process()
    monkeypatch.setattr(limits.os, "getuid", lambda: here.uids().real or 12345)
    if here.uids().real:
        assert limits.processes_counted_too("5.4.0-150-generic") >= here.num_threads()


def test_limits_say_what_a_process_gets():
    few = Limits(processes=7, memory_bytes=8)
    assert few.for_process()["processes"] == 7
    assert few.for_process()["core"] == 0
    assert "memory_bytes" not in few.for_process()  # of all processes together: a cgroup's or a watchdog's work
