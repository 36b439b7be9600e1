"""The student notebook against what the stock nbgrader command writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tiny_lab

from ntklab import authoring


def stock_release(root: Path, source: bytes) -> bytes:
    """What ``nbgrader generate_assignment`` makes of a source notebook, gradebook included."""
    path = root / "source" / tiny_lab.NAME / f"{tiny_lab.NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(source)
    # nbgrader calls alembic by name: it must be on the path
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", tiny_lab.NAME]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return (root / "release" / tiny_lab.NAME / f"{tiny_lab.NAME}.ipynb").read_bytes()


def test_equals_the_stock_command_to_the_byte(tmp_path):
    source = authoring.source_notebook(tiny_lab.write_with_picture(tmp_path))
    student = authoring.notebook_bytes(authoring.student_notebook(source))
    assert student == stock_release(tmp_path, authoring.notebook_bytes(source))
