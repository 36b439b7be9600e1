"""What a graded class has come to: everything in the gradebook and the graded notebooks that is no moment in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from grading_lab import NAME

RUNNER = Path(__file__).with_name("class_runner.py")


def gradebook(course: Path) -> dict[str, Any]:
    """Every grade and comment of every student in nbgrader's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            submission.student.id: {
                "stamp": str(submission.timestamp),
                "penalty": [notebook.late_submission_penalty for notebook in submission.notebooks],
                "grades": sorted(
                    (g.name, g.auto_score, g.manual_score, g.extra_credit, bool(g.needs_manual_grade), g.max_score)
                    for notebook in submission.notebooks
                    for g in notebook.grades
                ),
                "comments": sorted(
                    (c.name, c.auto_comment, c.manual_comment) for nb in submission.notebooks for c in nb.comments
                ),
            }
            for submission in book.assignment_submissions(NAME)
        }


def notebooks(course: Path) -> dict[str, Any]:
    """The graded notebooks, without the seconds that tests took."""
    found = {}
    for path in sorted((course / "autograded").glob(f"*/{NAME}/*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            data = json.loads(text)
            for exercise in data["metadata"]["ntklab_outcome"]["exercises"]:
                del exercise["seconds"]
            text = json.dumps(data, sort_keys=True)
        found[str(path.relative_to(course))] = text
    return found


def everything(course: Path) -> dict[str, Any]:
    return {**gradebook(course), "notebooks": notebooks(course), "table": (course / "grades.csv").read_text()}


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """The places in which two nested structures differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(one.keys() | other.keys(), key=str)
        return [d for k in keys for d in differences(one.get(k), other.get(k), f"{where}/{k}")]
    if isinstance(one, str) and isinstance(other, str) and one[:1] == other[:1] == "{" and one != other:
        return differences(json.loads(one), json.loads(other), where)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [d for k, pair in enumerate(zip(one, other, strict=True)) for d in differences(*pair, f"{where}/{k}")]
    return [] if one == other else [f"{where}: {str(one)[:200]!r} is not {str(other)[:200]!r}"]


def command(root: Path, *argv: object, **options: Any) -> subprocess.Popen[str]:
    """Start ``ntklab`` on the course at ``root``; its temporary files go to ``root/tmp``."""
    (root / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "NTKLAB_ROOT": str(root), "TMPDIR": str(root / "tmp"), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, str(RUNNER), *map(str, argv)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **options,
    )  # fmt: skip


def run(root: Path, *argv: object, timeout: float = 300) -> tuple[int, str, str]:
    """The same to its end: exit code, stdout, stderr."""
    with command(root, *argv) as process:
        out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


def processes(root: Path) -> list[str]:
    """Processes whose environment says that they belong to the course at ``root``, and the sandboxes of such."""
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            if str(root) in words or process.environ().get("NTKLAB_ROOT") == str(root):
                found.append(words[:120])
        except psutil.Error:
            continue
    return found


__all__ = ["command", "differences", "everything", "gradebook", "notebooks", "processes", "run"]
