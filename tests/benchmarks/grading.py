"""A class's throughput: ``ntklab grade`` on two workers beside stock ``nbgrader autograde``, same submissions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .jobs import Size, job
from .measure import ROOT, Row

LAB = "lab03-two-layer-ntk"
STOCK_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"


def lean(notebook: Any) -> Any:
    """Without figures, demonstrations and questions, unless an answer uses a name of theirs."""
    from ntklab.grading.names import leaned_on
    from ntklab.grading.trusted import role_of

    kept = leaned_on(notebook)
    roles = ("figure", "gpu", "demo", "quiz")
    notebook.cells = [cell for cell in notebook.cells if role_of(cell) not in roles or cell.id in kept]
    return notebook


def submissions(source: Any, count: int) -> list[Any]:
    """The solved lab, each time with one answer replaced by another right or wrong one of ``tests/submissions``."""
    from ntklab.grading.sample import answers, with_answers

    folder = ROOT / "tests" / "submissions" / LAB
    others = [*answers(folder / "wheat"), *answers(folder / "chaff")]
    return [with_answers(source, {a.exercise: a.source}) for a in (others[k * 7 % len(others)] for k in range(count))]


def write(folder: Path, notebooks: dict[int, Any]) -> None:
    import nbformat

    for number, notebook in notebooks.items():
        path = folder / f"s{number:02}" / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def run(argv: list[str], cwd: Path, mark: str = "") -> tuple[float, float]:
    """Seconds from the start, and from the first line on stderr that holds ``mark``, to the end; on two cores."""
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "NTKLAB_ROOT": str(ROOT)}
    environment.pop("OMP_NUM_THREADS", None)
    two = sorted(os.sched_getaffinity(0))[:2]
    begin, first = time.perf_counter(), None
    said = []
    with subprocess.Popen(
        argv, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, two),
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if first is None and mark in line:
                first = time.perf_counter()
    end = time.perf_counter()
    if process.returncode not in (0, 1) or first is None:
        raise RuntimeError(f"{' '.join(argv)} ended with {process.returncode}: {''.join(said)[-1500:]}")
    return end - begin, end - first


def stock(folder: Path, source: Any, notebooks: dict[int, Any]) -> tuple[float, float]:
    """Seconds until stock nbgrader begins with the first submission, and seconds for one submission."""
    import nbformat

    (folder / "source" / LAB).mkdir(parents=True)
    nbformat.write(source, folder / "source" / LAB / f"{LAB}.ipynb")
    (folder / "nbgrader_config.py").write_text(STOCK_CONFIG)
    write(folder / "submitted", notebooks)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    run([*nbgrader, "generate_assignment", LAB, "--create"], folder)
    whole, grading = run([*nbgrader, "autograde", LAB, "--create"], folder, "Sanitizing")
    return whole - grading, grading / len(notebooks)


def ours(folder: Path, notebooks: dict[int, Any], workers: int = 2) -> float:
    """Seconds of ``ntklab grade`` for these submissions: start, build, sandboxes and gradebook with it."""
    write(folder / "in", notebooks)
    command = [sys.executable, "-m", "ntklab", "grade", LAB]
    places = ["--submitted", str(folder / "in"), "--course", str(folder / "course"), "--workers", str(workers)]
    return run([*command, *places], folder)[0]


def held(database: Path) -> dict[str, float]:
    """Student -> automatic points in a gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{database}") as book:
        return {s.student.id: s.score for s in book.assignment_submissions(LAB)}


@job("grading", "Grading 40 submissions of lab 3 on two cores: sandbox on, no figures, no feedback pages")
def grading(size: Size) -> list[Row]:
    from ntklab._course import find_lab
    from ntklab.authoring import source_notebook
    from ntklab.grading.doctor import sandbox

    if not sandbox().ok:
        return [Row("NOT RUN: no sandbox on this machine (see ntklab doctor)", float("nan"), "")]
    total = size.pick(quick=4, full=40)
    few = size.pick(quick=1, full=4, large=total)
    source = lean(source_notebook(find_lab(LAB, ROOT).source))
    notebooks = dict(enumerate(submissions(source, total)))
    some = {number: notebooks[number] for number in range(total // few // 2, total, total // few)}  # spread over all
    root = Path(tempfile.mkdtemp(prefix="ntklab-bench-"))
    try:  # stock nbgrader before and after: what else the machine does meets both
        start, before = stock(root / "before", source, some)
        mine = ours(root / "ours", notebooks)
        _, after = stock(root / "after", source, some)
        same = held(root / "before" / "gradebook.db")
        points = held(root / "ours" / "course" / "gradebook.db")
    finally:
        shutil.rmtree(root, ignore_errors=True)
    theirs = start + total * (before + after) / 2
    apart = [student for student, score in same.items() if points[student] != score]
    context = {
        "stock nbgrader": f"{theirs / total:.2f} s a notebook (twice {len(some)}: {before:.2f} and {after:.2f} s)",
        "ntklab grade": f"{mine / total:.2f} s a notebook",
        "same points": f"{len(same) - len(apart)} of {len(same)}",
    }
    return [Row("stock nbgrader autograde / ntklab grade, start included", theirs / mine, at_least=10, context=context)]
