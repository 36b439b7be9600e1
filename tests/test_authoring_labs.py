"""Every lab of the course as its author wrote it: clean, current, solvable, and not solved by leaving it alone."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_authoring_release import stock_release

from ntklab import authoring
from ntklab._course import find_lab, labs
from ntklab.authoring import build
from ntklab.lab import stand_ins, withheld
from ntklab.lab.checks import TestsFailed, hidden_inputs_from

ROOT = Path(__file__).resolve().parent.parent
LABS = labs(ROOT)


@pytest.fixture(scope="module", params=LABS, ids=lambda name: name[:5])
def built(request):
    return build.build(find_lab(request.param, ROOT))


def test_nothing_is_missing_foreign_or_leaking(built):
    assert build.check(built) == []


def test_what_is_committed_is_what_the_source_gives(built):
    assert build.stale(built) == []


def test_a_rebuild_changes_no_byte(built):
    again = build.build(built.lab)
    assert authoring.notebook_bytes(again.student) == authoring.notebook_bytes(built.student)
    assert authoring.notebook_bytes(again.source) == authoring.notebook_bytes(built.source)


@pytest.mark.slow
def test_equals_the_stock_command_to_the_byte(built, tmp_path):
    stock = stock_release(tmp_path, built.lab.name, authoring.notebook_bytes(built.source))
    assert authoring.notebook_bytes(built.student) == stock


# --- solvable, and only by solving ---------------------------------------------------------------------------


def crosses(value: Any) -> bool:
    """Whether a value is one of those that go from a test to an answer or back."""
    if isinstance(value, (list, tuple)):
        return all(map(crosses, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and crosses(item) for key, item in value.items())
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf"
    registered = ("Tensor", "MLP", "Activation", "NTKNet", "NetFunction", "Generator")
    plain = (type(None), bool, int, float, str, np.generic)
    return isinstance(value, plain) or type(value).__name__ in registered


def stand_in(function):
    """The exercise as the grader's tests see it: values in, values out, nothing changed behind one's back."""

    def call(*args, **kwargs):
        assert crosses(args)
        assert crosses(kwargs)
        result = function(*copy.deepcopy(args), **copy.deepcopy(kwargs))
        assert crosses(result)
        return result

    return call


def outcomes(notebook: Any, tests_from: Any) -> dict[str, str]:
    """Run the answers of ``notebook``, then each test cell of ``tests_from`` alone; cell id -> "" or what it said."""
    setup = next(cell.source for cell in notebook.cells if authoring.role(cell) == "setup")
    answers: dict[str, Any] = {}
    tests: dict[str, Any] = {}
    said = {}
    try:
        exec(setup, answers)
        exec(setup, tests)
        for cell in notebook.cells:
            if authoring.role(cell) == "answer":
                exec(cell.source, answers)
                name = cell.metadata.ntklab["exercise"]
                tests[name] = stand_in(answers[name])
        for cell in tests_from.cells:
            if authoring.role(cell) in ("visible", "hidden"):
                try:
                    exec(cell.source, dict(tests))
                    said[cell.id] = ""
                except TestsFailed as failed:
                    said[cell.id] = failed.diagnosis
    finally:
        stand_ins.lift()
    return said


@pytest.mark.parametrize("secret", [b"one", b"another"])
def test_the_solution_passes_every_test(built, secret, capsys):
    with hidden_inputs_from(secret):
        said = outcomes(built.source, built.source)
    assert {cell: diagnosis for cell, diagnosis in said.items() if diagnosis} == {}
    assert len(said) == 2 * len(authoring.exercises(built.source))


def test_the_untouched_notebook_fails_every_test_cell(built, capsys):
    said = outcomes(built.student, built.source)
    for cell, diagnosis in said.items():
        exercise = cell.rsplit("-", 1)[0]
        assert diagnosis == f"`{exercise}` is not written yet"
    assert len(said) == 2 * len(authoring.exercises(built.source))


# --- on the copy of the library that the sandbox gets --------------------------------------------------------


def run_on_copy(built, tmp_path, roles) -> None:
    """Run the cells with these roles, solved, where the withheld functions have no bodies."""
    withheld.stripped_copy(built.lab.name, tmp_path)
    cells = [f"# {cell.id}\n{cell.source}" for cell in built.source.cells if authoring.role(cell) in roles]
    script = tmp_path / "lab.py"
    script.write_text("\n\n".join(cells), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "MPLBACKEND": "agg"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]


def test_solution_and_visible_tests_need_nothing_withheld(built, tmp_path):
    run_on_copy(built, tmp_path, ("setup", "answer", "visible"))


@pytest.mark.slow
def test_the_whole_lab_needs_nothing_withheld(built, tmp_path):
    run_on_copy(built, tmp_path, ("setup", "answer", "visible", "figure", "gpu", "demo", "quiz"))
