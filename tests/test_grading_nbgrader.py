"""Stock ``nbgrader`` in the course folder grades as ``ntklab grade`` does: one executor, one gradebook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grading_lab
import nbformat
import pytest
from grading_lab import NAME, POINTS, submit, with_answers

CONFIG = Path(__file__).parent.parent / "course" / "nbgrader_config.py"
WRONG = "def doubled(x):\n    return np.asarray(x) ** 2\nget_ipython().ast_transformers.append(None)"
FORGED = "from IPython.display import display\nnp.testing.assert_allclose = print\ndef doubled(x):\n    return x\n3.0"


@pytest.fixture(scope="module")
def course(invented, tmp_path_factory, grader):
    """A course folder of its own with four submissions, graded by two nbgrader commands."""
    root = tmp_path_factory.mktemp("stock")
    folder = root / "course"
    folder.mkdir()
    shutil.copy(CONFIG, folder)
    built = root / "build" / "source" / NAME / f"{NAME}.ipynb"
    built.parent.mkdir(parents=True)
    nbformat.write(invented.source, built)
    source = with_answers(invented.source, why_twice="It is once more.")
    submit(folder / "submitted", "right", source)
    submit(folder / "submitted", "wrong", with_answers(source, doubled=WRONG))
    forged = with_answers(source, doubled=FORGED)
    forged.cells = [c for c in forged.cells if c.metadata.get("ntklab", {}).get("role") != "hidden"]  # no hidden cell
    forged.cells += [c for c in forged.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "doubled-visible"]
    submit(folder / "submitted", "forged", forged)
    submit(folder / "submitted", "blank", invented.student)

    def nbgrader(*argv):
        scripts = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
        run = [sys.executable, "-m", "nbgrader", *argv]
        return subprocess.run(
            run, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    made = nbgrader("generate_assignment", NAME, "--create")
    assert made.returncode == 0, made.stderr[-2000:]
    graded = nbgrader("autograde", NAME, "--create")
    assert graded.returncode == 0, graded.stderr[-2000:]
    return folder


def held(folder: Path) -> dict[str, dict[str, float]]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        return {
            submission.student.id: {
                grade.name.removesuffix("-hidden"): grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name.endswith("-hidden")
            }
            for submission in book.assignment_submissions(NAME)
        }


def test_stock_autograde_gives_the_points_they_are_due(course):
    assert held(course) == {
        "right": POINTS,
        "wrong": {**POINTS, "doubled": 0, "quadrupled": 0},
        "forged": {**POINTS, "doubled": 0, "quadrupled": 0},
        "blank": dict.fromkeys(POINTS, 0),
    }


def test_ntklab_grade_gives_the_same(course, grader):
    for student, points in held(course).items():
        _, outcome = grader.grade_file(course / "submitted" / student / NAME / f"{NAME}.ipynb")
        assert {name: result.score for name, result in outcome.exercises.items()} == points, student


def test_the_graded_notebook_is_the_rebuilt_one(course):
    graded = nbformat.read(course / "autograded" / "forged" / NAME / f"{NAME}.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in graded.cells}
    assert cells["doubled"].source == FORGED
    assert cells["doubled-hidden"].outputs[0]["output_type"] == "error"
    assert "fresh_inputs" not in json.dumps([cell.get("outputs") for cell in graded.cells])
    assert graded.metadata["ntklab_outcome"]["status"] == "graded"


def test_a_students_written_answer_waits_for_marks_and_an_untouched_one_does_not_score(course):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        grade = book.find_grade("why-twice", NAME, NAME, "right")
        assert grade.needs_manual_grade
        assert (grade.auto_score, grade.manual_score, grade.max_score) == (None, None, 5.0)
        assert book.find_grade("why-twice", NAME, NAME, "blank").score == 0


def test_the_config_names_our_steps_in_place_of_execute():
    from traitlets.config import Config

    from ntklab.grading.nbgrader_steps import configure

    c = Config()
    configure(c)
    steps = c.Autograde.autograde_preprocessors
    assert not any(step.endswith(".Execute") for step in steps)
    assert steps[0] == "ntklab.grading.nbgrader_steps.SandboxExecute"
    assert c.Autograde.sanitize_preprocessors[0] == "ntklab.grading.nbgrader_steps.Rebuild"
    assert grading_lab.NAME not in str(c)
