"""The traps that stock nbgrader falls into, shown with it (slow), and the class that it breaks on, graded by ours."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path

import grading_lab
import nbformat
import pytest
from grading_lab import NAME, POINTS, submit, with_answers

from ntklab._course import find_lab
from ntklab.grading.batch import grade_class
from ntklab.grading.gradebook import Course

TOTAL = sum(POINTS.values())
WARNS = "import warnings\ndef doubled(x):\n    warnings.warn('slow')\n    return 2 * np.asarray(x)"
SAYS = "import sys\ndef doubled(x):\n    print('debug', file=sys.stderr)\n    return 2 * np.asarray(x)"


def without_tests(notebook):
    new = copy.deepcopy(notebook)
    new.cells = [c for c in new.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "doubled-hidden"]
    return new


def twice_the_tests(notebook):
    new = copy.deepcopy(notebook)
    new.cells += [
        copy.deepcopy(c) for c in new.cells if c.metadata.get("nbgrader", {}).get("grade_id", "")[-6:] == "hidden"
    ]
    return new


CLAIMS = """
def doubled(x):
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None:  # a result of 400, in the name of the cell that calls
        result = {"execution_count": 1, "data": {"text/plain": "400"}, "metadata": {}}
        kernel.session.send(kernel.iopub_socket, "execute_result", result, parent=kernel.get_parent())
    return 2 * np.asarray(x)
"""


TRAPS = {
    "warns": lambda notebook: with_answers(notebook, doubled=WARNS),
    "says": lambda notebook: with_answers(notebook, doubled=SAYS),
    "deleted": without_tests,
    "duplicate": twice_the_tests,
    "greedy": lambda notebook: with_answers(notebook, doubled=CLAIMS),
}


@pytest.fixture(scope="module")
def graded(invented, tmp_path_factory, light_sandbox, grader):
    root = tmp_path_factory.mktemp("traps")
    grading_lab.write(root)
    honest = with_answers(invented.source, why_twice="It is.")
    for name, change in {"aaa-first": copy.deepcopy, **TRAPS, "zzz-last": copy.deepcopy}.items():
        submit(root / "in", name, change(honest))
    course = Course(root / "course", root / "source")
    return grade_class(find_lab(NAME, root), course, root / "in", limits=grading_lab.LIMITS), course


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_costs_a_point_or_gains_one(trap, graded):
    outcome = graded[0].outcomes[trap]
    assert (outcome.score, outcome.max, outcome.status) == (TOTAL, TOTAL, "graded"), outcome.reason


def test_no_trap_stops_the_class_or_leaves_a_grade_open(graded):
    result, course = graded
    assert list(result.outcomes) == sorted([*TRAPS, "aaa-first", "zzz-last"])
    assert result.outcomes["zzz-last"].score == TOTAL
    with course.gradebook() as book:
        for submission in book.assignment_submissions(NAME):
            for notebook in submission.notebooks:
                automatic = [grade for grade in notebook.grades if grade.name.endswith("-hidden")]
                assert {grade.name.removesuffix("-hidden"): grade.auto_score for grade in automatic} == POINTS
                assert not any(grade.needs_manual_grade for grade in automatic)


# --- the same submissions by stock nbgrader: the traps are real -----------------------------------------------------


@pytest.mark.slow
def test_stock_nbgrader_falls_into_each_of_them(invented, tmp_path):
    """If one of these fails, nbgrader has mended it: the trap's test above is then no comparison any more."""
    from nbgrader.api import Gradebook

    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'stock'\n")
    source = copy.deepcopy(invented.source)
    source.cells = [
        c for c in source.cells if c.metadata.get("ntklab", {}).get("role") not in ("figure", "demo", "quiz")
    ]
    (tmp_path / "source" / NAME).mkdir(parents=True)
    nbformat.write(source, tmp_path / "source" / NAME / f"{NAME}.ipynb")
    honest = with_answers(source, why_twice="It is.")
    for name, change in TRAPS.items():
        submit(tmp_path / "submitted", name, change(honest))

    def nbgrader(*argv):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *argv], cwd=tmp_path, env={**os.environ, "PATH": path},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    assert nbgrader("generate_assignment", NAME, "--create").returncode == 0
    said = {name: nbgrader("autograde", NAME, "--create", "--student", name) for name in TRAPS}
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        scores = {
            name: [
                (g.auto_score, bool(g.needs_manual_grade))
                for notebook in book.find_submission(NAME, name).notebooks
                for g in notebook.grades
                if g.name == "doubled-hidden"
            ]
            for name in TRAPS
        }
    assert scores["warns"] == scores["says"] == [(0.0, False)]  # stderr gives 0
    assert scores["deleted"] == [(None, True)] or scores["deleted"][0][0] is None  # a deleted test stays ungraded
    assert said["duplicate"].returncode != 0  # a duplicate cell ...
    whole = nbgrader("autograde", NAME, "--create", "--force")
    assert whole.returncode != 0
    assert "old version" in whole.stderr  # ... stops the whole batch, with a message about something else
    assert said["greedy"].returncode != 0  # too many points: no grade at all
    assert scores["greedy"][0][0] is None
