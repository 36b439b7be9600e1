"""The student notebook against what the stock nbgrader command writes, and what it must not hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tiny_lab

from ntklab import authoring


def stock_release(root: Path, name: str, source: bytes) -> bytes:
    """What ``nbgrader generate_assignment`` makes of a source notebook, gradebook included."""
    path = root / "source" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(source)
    # nbgrader calls alembic by name: it must be on the path
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return (root / "release" / name / f"{name}.ipynb").read_bytes()


def test_equals_the_stock_command_to_the_byte(tmp_path):
    source = authoring.source_notebook(tiny_lab.write_with_picture(tmp_path))
    student = authoring.notebook_bytes(authoring.student_notebook(source))
    assert student == stock_release(tmp_path, tiny_lab.NAME, authoring.notebook_bytes(source))


def test_students_get_stubs_and_no_secrets(tmp_path):
    source = authoring.source_notebook(tiny_lab.write(tmp_path))
    student = authoring.student_notebook(source)
    raw = authoring.notebook_bytes(student).decode()
    for secret in ("amount_added", "np.add", "seven random numbers", "BEGIN ", "END ", "repeated addition"):
        assert secret not in raw
    for cell in student.cells:
        stub = cell.metadata.get("ntklab", {}).get("stub")
        assert stub is None or cell.source == stub  # what `ntklab reset` puts back is what nbgrader left
    sources = {cell.id: cell.source for cell in student.cells}
    assert sources["doubled-hidden"] == "# Hidden tests: fresh inputs and zero."
    assert sources["doubled-visible"].endswith("t.report()")


def test_students_cannot_delete_or_edit_what_is_locked(tmp_path):
    student = authoring.student_notebook(authoring.source_notebook(tiny_lab.write(tmp_path)))
    rights = {c.id: (c.metadata.get("deletable", True), c.metadata.get("editable", True)) for c in student.cells}
    assert rights["setup"] == rights["doubled-visible"] == rights["doubled-hidden"] == (False, False)
    assert rights["doubled"] == rights["why-twice"] == (False, True)
